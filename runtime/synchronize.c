/*
 * synchronize.c -- the call object's ISynchronize: the event bit of its word.
 *
 * Set by completion, cleared by Begin_ (SYN-08). A client's or a stranger's Signal sets the bit and
 * nothing else: only the operation completes a call (SYN-15); and Reset cannot hide a result (see
 * the table in call_state.c).
 */
#include <stddef.h>

#include "runtime/call.h"
#include "runtime/thread.h"

/* COWAIT_WAITALL | _ALERTABLE | _INPUTAVAILABLE | _DISPATCH_CALLS | _DISPATCH_WINDOW_MESSAGES: with
   one object and without windows each of them means the same as COWAIT_DEFAULT (CON-11, CON-12). */
#define WAIT_FLAGS 0x1fu

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

static HRESULT set_or_clear(ISynchronize *This, enum call_event event)
{
    struct call *call = call_from_synchronize(This);
    struct call_event_args args = {.method = 0};
    struct call_step step = uvcom__call_word_apply(&call->word, event, &args);

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
