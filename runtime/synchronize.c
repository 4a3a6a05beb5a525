/*
 * synchronize.c -- the call object's ISynchronize and ISynchronizeHandle: the event bit of its
 * word.
 *
 * Set by completion, cleared by Begin_ (SYN-08). A client's or a stranger's Signal sets the bit and
 * nothing else: only the operation completes a call (SYN-15); and Reset cannot hide a result (see
 * the table in call_state.c).
 */
#include <stddef.h>

#include "runtime/call.h"
#include "runtime/event.h"
#include "runtime/thread.h"

static struct call *call_from_synchronize(ISynchronize *This)
{
    return (struct call *)((char *)This - offsetof(struct call, synchronize));
}

static HRESULT STDMETHODCALLTYPE synchronize_QueryInterface(ISynchronize *This, REFIID riid,
                                                            void **ppv)
{
    return uvcom_call_QueryInterface(call_from_synchronize(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE synchronize_AddRef(ISynchronize *This)
{
    return uvcom_call_AddRef(call_from_synchronize(This));
}

static ULONG STDMETHODCALLTYPE synchronize_Release(ISynchronize *This)
{
    return uvcom_call_Release(call_from_synchronize(This));
}

static HRESULT STDMETHODCALLTYPE synchronize_Wait(ISynchronize *This, DWORD dwFlags,
                                                  DWORD dwMilliseconds)
{
    struct call *call = call_from_synchronize(This);
    uint64_t word, epoch;
    HRESULT hr;

    if (dwFlags & ~WAIT_FLAGS)
        return E_INVALIDARG;
    /* Bound to the call that is under way, so that a quick reuse cannot swallow its signal
     * (RACE-04). */
    word = uvcom__load64(&call->word, UVCOM__ACQUIRE);
    epoch = uvcom__call_state_pin(word);
    hr = uvcom__call_wait(call, CALL_WAIT_EVENT, epoch,
                          dwMilliseconds ? uvcom__deadline_ns(dwMilliseconds) : 0);
    return hr == RPC_E_TIMEOUT && uvcom__thread_is_compat() ? RPC_S_CALLPENDING : hr;
}

/*
 * A Signal that finds the event set writes nothing, nor does a Reset that finds it clear. The
 * fences make up for that: of a thread that writes something, signals and finds the event set, and
 * one that resets it and then looks whether there is something, one sees the other (SYN-17).
 */
static HRESULT set_or_clear(ISynchronize *This, enum call_event event)
{
    struct call *call = call_from_synchronize(This);
    struct call_event_args args = {.method = 0};
    struct call_step step;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* the descriptor is the parent's as well */
    uvcom__fence(UVCOM__SEQ_CST);
    step = uvcom__call_word_apply(&call->word, event, &args);
    uvcom__fence(UVCOM__SEQ_CST);
    uvcom__call_notify(call, &step, false);
    return step.hr;
}

static HRESULT STDMETHODCALLTYPE synchronize_Signal(ISynchronize *This)
{
    return set_or_clear(This, UVCOM__ON_SIGNAL);
}

static HRESULT STDMETHODCALLTYPE synchronize_Reset(ISynchronize *This)
{
    return set_or_clear(This, UVCOM__ON_RESET);
}

const ISynchronizeVtbl uvcom__call_synchronize_vtable = {
    .QueryInterface = synchronize_QueryInterface,
    .AddRef = synchronize_AddRef,
    .Release = synchronize_Release,
    .Wait = synchronize_Wait,
    .Signal = synchronize_Signal,
    .Reset = synchronize_Reset,
};

struct call *uvcom__call_of_synchronize(ISynchronize *synchronize)
{
    if (synchronize->lpVtbl != &uvcom__call_synchronize_vtable)
        return NULL;
    return call_from_synchronize(synchronize);
}

/* ---- ISynchronizeHandle ---- */

static struct call *call_from_handle(ISynchronizeHandle *This)
{
    return (struct call *)((char *)This - offsetof(struct call, handle));
}

static HRESULT STDMETHODCALLTYPE handle_QueryInterface(ISynchronizeHandle *This, REFIID riid,
                                                       void **ppv)
{
    return uvcom_call_QueryInterface(call_from_handle(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE handle_AddRef(ISynchronizeHandle *This)
{
    return uvcom_call_AddRef(call_from_handle(This));
}

static ULONG STDMETHODCALLTYPE handle_Release(ISynchronizeHandle *This)
{
    return uvcom_call_Release(call_from_handle(This));
}

static HRESULT STDMETHODCALLTYPE handle_GetHandle(ISynchronizeHandle *This, HANDLE *ph)
{
    int descriptor;
    HRESULT hr;

    if (!ph)
        return E_POINTER;
    hr = uvcom__call_descriptor(call_from_handle(This), &descriptor);
    *ph = SUCCEEDED(hr) ? (HANDLE)(intptr_t)descriptor : NULL;
    return hr;
}

const ISynchronizeHandleVtbl uvcom__call_handle_vtable = {
    .QueryInterface = handle_QueryInterface,
    .AddRef = handle_AddRef,
    .Release = handle_Release,
    .GetHandle = handle_GetHandle,
};
