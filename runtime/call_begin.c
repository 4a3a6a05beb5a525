/*
 * call_begin.c -- Begin_: prepare, claim, hand over.
 *
 * The order is what makes a refused Begin_ invisible (CALL-04) and a late completion harmless
 * (RACE-06): all that can fail by itself (memory, copying parameters) is done before the claim; the
 * claim is one compare-and-swap. What can still refuse after it is somebody else's code or the end
 * of an apartment: an outer object's Reset; a queue that is closing; of a server call, which runs
 * here, its Start_ function and what that needs. Then the claim is undone, and the event is set,
 * whatever it was before, the outer object's too, since by now somebody may wait.
 */
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/call_outer.h"
#include "runtime/complaint.h"
#include "runtime/interfaces.h"
#include "runtime/listener.h"

/* An operation with an open frame: the spare one, or a new one when two Begin_ are at it at once.
 */
static struct operation *take_operation(struct call *call, unsigned method)
{
    const struct uvcom_interface *interface = call->interface;
    struct operation *operation = uvcom__exchange_ptr(&call->spare, NULL, UVCOM__ACQ_REL);

    if (!operation)
        operation = uvcom__operation_create(uvcom__interface_frame_size(interface));
    if (operation) {
        uvcom__operation_open(operation, &interface->methods[method - 1], method);
        operation->call = call;
        operation->is_plain = false; /* uvcom_proxy_prepare knows better */
        operation->is_lent = false;
    }
    return operation;
}

void uvcom__call_recycle(struct call *call, struct operation *operation)
{
    void *none = NULL;

    uvcom__operation_clean(operation);
    if (!uvcom__cas_ptr(&call->spare, &none, operation, UVCOM__ACQ_REL))
        uvcom__operation_destroy(operation);
}

struct operation *uvcom__call_prepare(struct call *call, unsigned method, HRESULT *hr)
{
    struct operation *operation = NULL;

    *hr = S_OK;
    /* Only saves work: the claim in uvcom__call_start is what decides. */
    if (uvcom__call_state_of(uvcom__load64(&call->word, UVCOM__ACQUIRE)) != UVCOM__CALL_IDLE)
        *hr = RPC_E_CALL_PENDING;
    else if (!uvcom__apartment_current())
        *hr = CO_E_NOTINITIALIZED;
    else if (method == 0 || method > call->interface->method_count)
        *hr = E_UNEXPECTED;
    else if (SUCCEEDED(*hr = uvcom__call_check_server(call)) &&
             !(operation = take_operation(call, method)))
        *hr = E_OUTOFMEMORY;
    /* Begin_'s own pin, until uvcom__call_start has returned: the server may be so fast that the
       client's last reference is given up, by a callback or inside the method, while Begin_ is
       still here (LIFE-05). */
    if (operation)
        uvcom__call_pin(call);
    return operation;
}

/* The claim is ours and nobody else has seen the operation: back to IDLE (RACE-09). A Finish_ of
   another thread may wait by the outer object's event, which has been reset. */
static void undo_claim(struct call *call, struct operation *operation,
                       struct announcement *announcement)
{
    struct call_event_args args = {.method = operation->number, .epoch = operation->epoch};
    struct call_step step;

    uvcom__deadline_disarm(call, args.epoch);
    uvcom__call_recycle(call, operation);
    /* Under the lock, so that a listener never takes an undone call for one that is over. */
    uvcom__lock_acquire(&call->lock);
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_START_FAILED, &args);
    uvcom__listener_postpone_locked(call, args.epoch);
    uvcom__lock_release(&call->lock);
    uvcom__call_notify(call, &step, false);
    uvcom__outer_signal(announcement, args.method);
    uvcom__call_unpin(call);
}

/* Between the claim and the server. On failure nobody else has seen the operation. */
static HRESULT hand_over(struct call *call, struct operation *operation,
                         struct announcement *announcement)
{
    HRESULT hr = uvcom__outer_reset(call, operation->epoch, announcement);

    if (FAILED(hr))
        return hr;
    /* For whoever ends the call; seen by them because they have met the operation, or PENDING. */
    uvcom__store_ptr(&call->announcement, announcement, UVCOM__RELAXED);
    return uvcom__call_dispatch(call, operation);
}

static HRESULT claim_and_post(struct call *call, struct operation *operation,
                              struct announcement *announcement)
{
    struct call_event_args args = {.method = operation->number};
    struct call_step step;
    HRESULT hr;

    step = uvcom__call_word_apply(&call->word, UVCOM__ON_BEGIN, &args);
    if (!step.moved) {
        uvcom__announcement_put(call, announcement);
        uvcom__call_recycle(call, operation);
        return step.hr;
    }
    args.epoch = operation->epoch = uvcom__call_state_epoch(step.after);
    call->operation = operation;
    uvcom__store_ptr(&call->completes_on, NULL, UVCOM__RELAXED);
    uvcom__call_pin(call);
    uvcom__call_notify(call, &step, false); /* the event is clear now */
    uvcom__deadline_arm(call, args.epoch, operation->values.deadline_ns);
    hr = hand_over(call, operation, announcement);
    if (FAILED(hr)) {
        undo_claim(call, operation, announcement);
        return hr;
    }
    /* From here the operation is the server's, and the call may be over already. */
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_STARTED, &args);
    if (step.moved && uvcom__call_state_of(step.after) == UVCOM__CALL_CANCELED)
        uvcom__call_over(call, &step, announcement);
    return S_OK;
}

HRESULT uvcom__call_start(struct call *call, struct operation *operation, HRESULT hr)
{
    struct announcement *announcement = NULL;

    if (FAILED(hr))
        uvcom__complain(operation, hr, "what the client gave");
    else if (!uvcom__apartment_current())
        hr = CO_E_NOTINITIALIZED; /* AddRef of what the client gave has left it */
    else
        hr = uvcom__context_capture(call, operation);
    if (SUCCEEDED(hr) && !uvcom__announcement_take(call, &announcement))
        hr = E_OUTOFMEMORY;
    if (FAILED(hr))
        uvcom__call_recycle(call, operation);
    else
        hr = claim_and_post(call, operation, announcement);
    uvcom__call_unpin(call);
    return hr;
}

void *uvcom_call_prepare(void *iface, unsigned method, HRESULT *hr)
{
    struct operation *operation = uvcom__call_prepare(iface, method, hr);

    return operation ? operation->frame : NULL;
}

HRESULT uvcom_call_start(void *iface, void *frame, HRESULT hr)
{
    return uvcom__call_start(iface, uvcom__operation_of_frame(frame), hr);
}
