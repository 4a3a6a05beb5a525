/*
 * call_cancel.c -- ICancelMethodCalls: a client asks for its call's end.
 *
 * Cancelling is two things: asking the server, which may look (TestCancel), and ending the call for
 * the client, which needs no server. Cancel(0) does the second at once; Cancel with a time asks,
 * gives the server that time, and then ends what is still running (CAN-07). A result that comes
 * within the time stands (CAN-18).
 *
 * Every step names the epoch that was met first, so a Cancel that is slow never reaches the next
 * call of the same object.
 */
#include "runtime/call_cancel.h"

#include <stddef.h>

#include "runtime/call.h"
#include "runtime/thread.h"

#define NS_PER_SECOND UINT64_C(1000000000)

static uint64_t deadline_after(ULONG seconds)
{
    if (seconds == (ULONG)RPC_C_CANCEL_INFINITE_TIMEOUT)
        return UVCOM__FOREVER;
    /* 2^32 seconds and the time since the machine was started are far below 2^64 nanoseconds. */
    return uvcom__now_ns() + seconds * NS_PER_SECOND;
}

/* What has become of a call that was waited for: an answer to a Cancel that came too late. When the
   call has been collected meanwhile this is told from the note of that Finish_; unless a later call
   of the same object has been cancelled and collected, too. Then nobody knows, and it counts as
   complete. */
static HRESULT outcome_of(struct call *call, uint64_t epoch)
{
    if (uvcom__call_test_cancel(call, epoch) == RPC_E_CALL_CANCELED ||
        uvcom__load64(&call->canceled, UVCOM__ACQUIRE) == epoch)
        return RPC_E_CALL_CANCELED;
    return RPC_E_CALL_COMPLETE;
}

static HRESULT cancel_after(struct call *call, uint64_t epoch, uint64_t deadline_ns)
{
    const struct call_event_args args = {.epoch = epoch};
    const struct call_step step = uvcom__call_word_apply(&call->word, UVCOM__ON_ASK, &args);
    HRESULT hr;

    if (FAILED(step.hr))
        return step.hr;
    epoch = uvcom__call_state_epoch(step.after);
    hr = uvcom__call_wait(call, CALL_WAIT_COMPLETION, epoch, deadline_ns);
    if (SUCCEEDED(hr))
        return outcome_of(call, epoch);
    return hr == RPC_E_TIMEOUT ? uvcom__call_end(call, epoch, UVCOM__VERDICT_CANCELED) : hr;
}

HRESULT uvcom__call_cancel(struct call *call, uint64_t epoch, ULONG seconds)
{
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (seconds == 0)
        return uvcom__call_end(call, epoch, UVCOM__VERDICT_CANCELED);
    return cancel_after(call, epoch, deadline_after(seconds));
}

HRESULT uvcom__call_test_cancel(struct call *call, uint64_t epoch)
{
    const struct call_event_args args = {.epoch = epoch};

    return uvcom__call_word_apply(&call->word, UVCOM__ON_TEST_CANCEL, &args).hr;
}

/* ---- the interface ---- */

static struct call *call_from_cancel(ICancelMethodCalls *This)
{
    return (struct call *)((char *)This - offsetof(struct call, cancel));
}

static HRESULT STDMETHODCALLTYPE cancel_QueryInterface(ICancelMethodCalls *This, REFIID riid,
                                                       void **ppv)
{
    return uvcom_call_QueryInterface(call_from_cancel(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE cancel_AddRef(ICancelMethodCalls *This)
{
    return uvcom_call_AddRef(call_from_cancel(This));
}

static ULONG STDMETHODCALLTYPE cancel_Release(ICancelMethodCalls *This)
{
    return uvcom_call_Release(call_from_cancel(This));
}

static HRESULT STDMETHODCALLTYPE cancel_Cancel(ICancelMethodCalls *This, ULONG ulSeconds)
{
    struct call *call = call_from_cancel(This);
    HRESULT hr;

    /* The client's last reference may go while this thread serves, or in an outer object's Signal
       (LIFE-05). */
    uvcom__call_pin(call);
    hr = uvcom__call_cancel(call, UVCOM__CALL_ANY_EPOCH, ulSeconds);
    uvcom__call_unpin(call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE cancel_TestCancel(ICancelMethodCalls *This)
{
    return uvcom__call_test_cancel(call_from_cancel(This), UVCOM__CALL_ANY_EPOCH);
}

const ICancelMethodCallsVtbl uvcom__call_cancel_vtable = {
    .QueryInterface = cancel_QueryInterface,
    .AddRef = cancel_AddRef,
    .Release = cancel_Release,
    .Cancel = cancel_Cancel,
    .TestCancel = cancel_TestCancel,
};
