/*
 * call_serve.c -- the server's side of a call: an operation reaches its apartment and is run there.
 *
 * Three ways. The method of the server is run, and the call is over when it returns. A server with
 * a call object of its own for the interface is called through that (incoming_call.c). A server
 * call, which only a client of the server's own apartment has, or incoming_call.c, calls a Start_
 * function on the thread of Begin_, and the server completes the operation by its ticket
 * (ticket.c).
 *
 * Knows nothing of the claim (call_begin.c) nor of who waits (call_complete.c).
 */
#include <stddef.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/complaint.h"
#include "runtime/incoming_call.h"
#include "runtime/parcel.h"
#include "runtime/target.h"
#include "runtime/thread.h"
#include "runtime/ticket.h"

static struct operation *operation_from_item(struct inbox_item *item)
{
    return (struct operation *)((char *)item - offsetof(struct operation, item));
}

/* ---- the end --------------------------------------------------------------------------------- */

HRESULT uvcom__call_answer(struct operation *operation, HRESULT hr)
{
    HRESULT given = S_OK;

    uvcom__parcels_leave(operation);
    if (SUCCEEDED(hr))
        given = uvcom__operation_give(operation);
    if (FAILED(given)) {
        uvcom__complain(operation, given, "what the server returned");
        hr = given;
    }
    /* A failed call has no results: they are freed here, where their pointers are good. */
    if (FAILED(hr)) {
        uvcom__parcels_drop(operation);
        uvcom__operation_free_results(operation);
    }
    uvcom__ticket_close(operation);
    return uvcom__call_complete(operation, hr);
}

/* ---- in the server's apartment --------------------------------------------------------------- */

static HRESULT run_method(struct operation *operation, void *server)
{
    struct running running = {
        .call = operation->call, .epoch = operation->epoch, .operation = operation};
    HRESULT hr;

    uvcom__running_push(&running);
    hr = uvcom__parcels_arrive(operation);
    if (SUCCEEDED(hr))
        hr = operation->method->run(server, operation->frame);
    uvcom__parcels_leave(operation);
    uvcom__running_pop(&running);
    return hr;
}

static void run_operation(struct inbox_item *item)
{
    struct operation *operation = operation_from_item(item);
    void *server = uvcom__target_server(operation->call->target);

    if (!server)
        uvcom__call_answer(operation, RPC_E_DISCONNECTED);
    else if (!uvcom__incoming_call_serve(operation))
        uvcom__call_answer(operation, run_method(operation, server));
}

/* The server's apartment closed before the call's turn came. */
static void refuse_operation(struct inbox_item *item)
{
    uvcom__call_answer(operation_from_item(item), RPC_E_DISCONNECTED);
}

static const struct inbox_item_class operation_class = {
    .run = run_operation,
    .refuse = refuse_operation,
};

/* ---- on the thread of Begin_ ----------------------------------------------------------------- */

static HRESULT call_start(struct call *call, struct operation *operation,
                          struct uvcom_operation *ticket)
{
    struct running running = {.call = call, .epoch = operation->epoch, .ticket = ticket};
    HRESULT hr;

    uvcom__running_push(&running);
    hr = uvcom__parcels_arrive(operation);
    if (SUCCEEDED(hr))
        hr = operation->method->start(call->starts, uvcom__target_server(call->target), ticket,
                                      operation->frame);
    uvcom__running_pop(&running);
    return hr;
}

/*
 * The server may complete the operation inside Start_ or on another thread before Start_ has
 * returned (SRV-04), so nothing of it is touched afterwards, unless it was taken back. If that
 * fails because the operation is completed, then that counts, and not Start_'s own code.
 */
static HRESULT start(struct call *call, struct operation *operation)
{
    struct uvcom_operation *ticket;
    HRESULT hr = uvcom__ticket_open(operation, &ticket);

    if (FAILED(hr))
        return hr;
    hr = call_start(call, operation, ticket);
    if (FAILED(hr)) {
        if (uvcom__ticket_take_back(ticket))
            uvcom__parcels_leave(operation);
        else
            hr = S_OK;
        uvcom_operation_release(ticket); /* the one that Start_ has not taken */
    }
    uvcom_operation_release(ticket);
    return hr;
}

static HRESULT dispatch_here(struct call *call, struct operation *operation)
{
    /* Again: an outer object's Reset may have left the apartment. */
    const HRESULT hr = uvcom__call_check_server(call);

    return SUCCEEDED(hr) ? start(call, operation) : hr;
}

HRESULT uvcom__call_check_server(const struct call *call)
{
    if (!uvcom__call_is_direct(call))
        return S_OK;
    if (!uvcom__target_server(call->target))
        return RPC_E_DISCONNECTED;
    if (!call->starts_anywhere && !uvcom__apartment_is_here(uvcom__target_home(call->target)))
        return RPC_E_WRONG_THREAD;
    return S_OK;
}

HRESULT uvcom__call_dispatch(struct call *call, struct operation *operation)
{
    if (uvcom__call_is_direct(call))
        return dispatch_here(call, operation);
    operation->item.class = &operation_class;
    return uvcom__apartment_post(uvcom__target_home(call->target), &operation->item);
}
