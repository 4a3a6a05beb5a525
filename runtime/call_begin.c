/*
 * call_begin.c -- from Begin_ to completion: prepare, claim, hand over, run, complete.
 *
 * The order is what makes a refused Begin_ invisible (CALL-04) and a late completion harmless
 * (RACE-06): all that can fail by itself (memory, copying parameters) is done before the claim; the
 * claim is one compare-and-swap; after it only a queue that is closing can still refuse, and then
 * the claim is undone.
 */
#include <stddef.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/complaint.h"
#include "runtime/interfaces.h"
#include "runtime/listener.h"
#include "runtime/parcel.h"
#include "runtime/target.h"
#include "runtime/thread.h"

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
    else if (!(operation = take_operation(call, method)))
        *hr = E_OUTOFMEMORY;
    /* Begin_'s own pin, until uvcom__call_start has returned: the server may be so fast that the
       client's last reference is given up, by a callback or inside the method, while Begin_ is
       still here (LIFE-05). */
    if (operation)
        uvcom__call_pin(call);
    return operation;
}

/*
 * The end of the server's part. If the word moves to DONE the operation is the call object's from
 * that instant and must not be touched again; if not (the call was cancelled, or that epoch is
 * over) its results are nobody's and go with it. The pin keeps the call object until the waiters
 * are awake (RACE-07).
 */
static void complete(struct operation *operation, HRESULT hr)
{
    struct call *call = operation->call;
    struct call_event_args args = {.method = operation->number,
                                   .epoch = operation->epoch,
                                   .is_bound = uvcom__parcels_need_apartment(operation)};
    struct call_step step;

    operation->hr = hr;
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_COMPLETE, &args);
    if (!step.moved || uvcom__call_state_of(step.after) != UVCOM__CALL_DONE)
        uvcom__call_recycle(call, operation);
    if (step.moved)
        uvcom__call_notify(call, &step, true);
    uvcom__call_unpin(call);
}

static struct operation *operation_from_item(struct inbox_item *item)
{
    return (struct operation *)((char *)item - offsetof(struct operation, item));
}

/* A failed call has no results: they are freed here, where their pointers are good. */
static void fail(struct operation *operation, HRESULT hr)
{
    uvcom__parcels_drop(operation);
    uvcom__operation_free_results(operation);
    complete(operation, hr);
}

/* The method, between what has arrived for it and what leaves from it. */
static HRESULT run_method(struct operation *operation, void *server)
{
    HRESULT hr = uvcom__parcels_arrive(operation);
    HRESULT given = S_OK;

    if (SUCCEEDED(hr))
        hr = operation->method->run(server, operation->frame);
    uvcom__parcels_leave(operation);
    if (SUCCEEDED(hr))
        given = uvcom__operation_give(operation);
    if (FAILED(given))
        uvcom__complain(operation, given, "what the server returned");
    return FAILED(given) ? given : hr;
}

/* In the server's apartment. */
static void run_operation(struct inbox_item *item)
{
    struct operation *operation = operation_from_item(item);
    struct running running = {.call = operation->call, .epoch = operation->epoch};
    void *server = uvcom__target_server(operation->call->target);
    HRESULT hr = RPC_E_DISCONNECTED;

    if (server) {
        uvcom__running_push(&running);
        hr = run_method(operation, server);
        uvcom__running_pop(&running);
    }
    if (SUCCEEDED(hr))
        complete(operation, hr);
    else
        fail(operation, hr);
}

/* The server's apartment closed before the call's turn came. */
static void refuse_operation(struct inbox_item *item)
{
    fail(operation_from_item(item), RPC_E_DISCONNECTED);
}

static const struct inbox_item_class operation_class = {
    .run = run_operation,
    .refuse = refuse_operation,
};

/* The claim is ours and nobody else has seen the operation: back to IDLE (RACE-09). */
static void undo_claim(struct call *call, struct operation *operation)
{
    struct call_event_args args = {.method = operation->number, .epoch = operation->epoch};
    struct call_step step;

    uvcom__call_recycle(call, operation);
    /* Under the lock, so that a listener never takes an undone call for one that is over. */
    uvcom__lock_acquire(&call->lock);
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_START_FAILED, &args);
    uvcom__listener_postpone_locked(call, args.epoch);
    uvcom__lock_release(&call->lock);
    uvcom__call_notify(call, &step, false);
    uvcom__call_unpin(call);
}

static HRESULT claim_and_post(struct call *call, struct operation *operation)
{
    struct call_event_args args = {.method = operation->number};
    struct call_step step;
    HRESULT hr;

    step = uvcom__call_word_apply(&call->word, UVCOM__ON_BEGIN, &args);
    if (!step.moved) {
        uvcom__call_recycle(call, operation);
        return step.hr;
    }
    args.epoch = operation->epoch = uvcom__call_state_epoch(step.after);
    operation->item.class = &operation_class;
    call->operation = operation;
    uvcom__call_pin(call);
    hr = uvcom__apartment_post(uvcom__target_home(call->target), &operation->item);
    if (FAILED(hr)) {
        undo_claim(call, operation);
        return hr;
    }
    /* From here the operation is the server's, and the call may be over already. */
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_STARTED, &args);
    if (step.moved)
        uvcom__call_notify(call, &step, uvcom__call_state_of(step.after) == UVCOM__CALL_CANCELED);
    return S_OK;
}

HRESULT uvcom__call_start(struct call *call, struct operation *operation, HRESULT hr)
{
    if (FAILED(hr)) {
        uvcom__complain(operation, hr, "what the client gave");
        uvcom__call_recycle(call, operation);
    } else {
        hr = claim_and_post(call, operation);
    }
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
