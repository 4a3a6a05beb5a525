/*
 * proxy_call.c -- a plain method through a proxy: Begin_ and Finish_ in one, on a hidden call
 * object.
 *
 * The caller waits, so its [in] arrays and strings are not copied but lent, unless the thread has
 * allowed that its calls are cancelled (CoEnableCallCancellation): then the method may still run
 * when the caller has gone on.
 *
 * Each facet keeps one call object for this, so that a client that calls in sequence allocates
 * nothing; a second thread of the same apartment that calls at the same time makes one of its own.
 */
#include "runtime/call.h"
#include "runtime/proxy_object.h"
#include "runtime/thread_cancel.h"

/* Keeps the call object for the next plain call, or releases it. */
static void put_call(struct facet *facet, struct call *call)
{
    void *none = NULL;

    if (!uvcom__cas_ptr(&facet->spare_call, &none, call, UVCOM__ACQ_REL))
        uvcom__call_release(call);
}

void *uvcom_proxy_prepare(void *iface, unsigned method, HRESULT *hr)
{
    struct facet *facet = iface;
    struct operation *operation;
    struct call *call;

    *hr = uvcom__proxy_check_thread(facet->proxy);
    if (FAILED(*hr))
        return NULL;
    call = uvcom__exchange_ptr(&facet->spare_call, NULL, UVCOM__ACQ_REL);
    if (!call)
        call = uvcom__call_create_plain(facet->target, facet->interface);
    if (!call) {
        *hr = E_OUTOFMEMORY;
        return NULL;
    }
    operation = uvcom__call_prepare(call, method, hr);
    if (!operation) {
        put_call(facet, call);
        return NULL;
    }
    operation->is_plain = true;
    operation->is_lent = !uvcom__cancel_is_enabled();
    return operation->frame;
}

void *uvcom_proxy_call(void *iface, void *frame, HRESULT *hr)
{
    struct facet *facet = iface;
    struct operation *operation = uvcom__operation_of_frame(frame);
    struct call *call = operation->call;
    unsigned method = operation->number;
    const bool can_cancel = !operation->is_lent;
    struct cancel_entry entry;

    /* The client may drop its last reference in a call that this thread serves meanwhile; given up
       when the call is over, here or in uvcom_proxy_end. */
    uvcom_proxy_AddRef(iface);
    /* Before the server can have it: who sees the method run finds this call, not the one below. */
    uvcom__cancel_push(&entry, call, can_cancel);
    *hr = uvcom__call_start(call, operation, *hr);
    /* If something is lent (uvcom_frame_lend) this returns only when the method has: nothing else
       ends the wait. */
    operation = SUCCEEDED(*hr) ? uvcom__call_collect(call, method, hr) : NULL;
    uvcom__cancel_pop(&entry);
    if (operation)
        return operation->frame;
    put_call(facet, call);
    uvcom_proxy_Release(iface);
    return NULL;
}

void uvcom_proxy_end(void *iface, void *frame)
{
    struct operation *operation = uvcom__operation_of_frame(frame);
    struct call *call = operation->call;

    uvcom__operation_free_replaced(operation);
    uvcom__call_retire(call, operation);
    put_call(iface, call);
    uvcom_proxy_Release(iface);
}
