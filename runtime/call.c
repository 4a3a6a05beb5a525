/*
 * call.c -- identity, counts and life of the call object.
 *
 * A call object stands alone, or it is a part of an outer object (AGG-01). Then its interfaces are
 * the outer object's: they answer QueryInterface, AddRef and Release by it. The one that the outer
 * object holds is the inner IUnknown, which counts for itself and knows the inner interfaces
 * (AGG-06).
 *
 * Does not know the protocol of Begin_ and Finish_: that is call_begin.c and call_finish.c; nor
 * what is said to the outer object: call_outer.c.
 */
#include "runtime/call.h"

#include <stddef.h>

#include "runtime/call_cancel.h"
#include "runtime/call_outer.h"
#include "runtime/count.h"
#include "runtime/interfaces.h"
#include "runtime/listener.h"
#include "runtime/target.h"
#include "runtime/ticket.h"

/* A private interface: every call object answers it with its ISynchronize, an aggregated one too.
 */
static const IID IID_call = {
    0x6e0c7d52, 0x3b41, 0x4a86, {0x9f, 0x0d, 0x54, 0xe8, 0x27, 0xb1, 0xc6, 0x3a}};

static const IUnknownVtbl inner_vtable;

struct call *uvcom__call_create_plain(struct target *target,
                                      const struct uvcom_interface *interface)
{
    struct call *call = uvcom__alloc(sizeof *call);

    if (!call)
        return NULL;
    call->async_vtable = interface->call_vtable;
    call->synchronize.lpVtbl = &uvcom__call_synchronize_vtable;
    call->handle.lpVtbl = &uvcom__call_handle_vtable;
    call->cancel.lpVtbl = &uvcom__call_cancel_vtable;
    call->inner.lpVtbl = &inner_vtable;
    uvcom__store32(&call->references, 1, UVCOM__RELAXED);
    uvcom__store32(&call->pins, 1, UVCOM__RELAXED);
    call->interface = interface;
    call->target = target;
    uvcom__target_add_ref(target);
    return call;
}

/* What the first Begin_ needs, as every later one finds it. */
static bool prepare_spares(struct call *call)
{
    struct announcement *announcement;
    struct operation *spare;

    if (!uvcom__announcement_take(call, &announcement))
        return false;
    uvcom__announcement_put(call, announcement);
    spare = uvcom__operation_create(uvcom__interface_frame_size(call->interface));
    uvcom__store_ptr(&call->spare, spare, UVCOM__RELAXED);
    return spare != NULL;
}

/* Of the call object itself, whoever controls it. */
static HRESULT query(struct call *call, REFIID riid, void **ppv);

HRESULT uvcom__call_create(const struct call_plan *plan, REFIID riid, void **ppv)
{
    struct call *call;
    HRESULT hr;

    *ppv = NULL;
    call = uvcom__call_create_plain(plan->target, plan->interface);
    if (!call)
        return E_OUTOFMEMORY;
    call->is_clients = true;
    call->outer = plan->outer;
    call->starts = plan->starts;
    call->starts_anywhere = plan->starts_anywhere;
    call->upstream = plan->upstream;
    if (call->upstream)
        uvcom__ticket_keep(call->upstream);
    hr = prepare_spares(call) ? query(call, riid, ppv) : E_OUTOFMEMORY;
    uvcom__call_release(call);
    return hr;
}

static void destroy(struct call *call)
{
    uint64_t word = uvcom__load64(&call->word, UVCOM__ACQUIRE);
    struct operation *spare = uvcom__load_ptr(&call->spare, UVCOM__ACQUIRE);

    /* Results that nobody collected (LIFE-04). In every other state the operation is not ours. */
    if (uvcom__call_state_of(word) == UVCOM__CALL_DONE)
        uvcom__operation_destroy(call->operation);
    if (spare)
        uvcom__operation_destroy(spare);
    uvcom__announcement_destroy(uvcom__load_ptr(&call->spare_announcement, UVCOM__ACQUIRE));
    uvcom__principal_release(uvcom__load_ptr(&call->principal, UVCOM__RELAXED));
    uvcom__observers_end(&call->observers);
    uvcom__target_release(call->target);
    if (call->upstream)
        uvcom__ticket_forget(call->upstream);
    uvcom__free(call);
}

void uvcom__call_pin(struct call *call)
{
    uvcom__count_up(&call->pins);
}

void uvcom__call_unpin(struct call *call)
{
    if (uvcom__count_down(&call->pins) == 0)
        destroy(call);
}

static ULONG release(struct call *call)
{
    ULONG left = uvcom__count_down(&call->references);

    if (left == 0) {
        uvcom__listener_drop(call);
        uvcom__call_unpin(call);
    }
    return left;
}

bool uvcom__call_add_ref_if_used(struct call *call)
{
    return uvcom__count_up_if_used(&call->references);
}

void uvcom__call_release(struct call *call)
{
    release(call);
}

/* ---- identity ---- */

/* Borrowed; NULL: the call object has no such interface. */
static void *find(struct call *call, REFIID riid)
{
    if (IsEqualGUID(riid, &IID_IUnknown))
        return call->outer ? (void *)&call->inner : call;
    if (IsEqualGUID(riid, &IID_IAgileObject) ||
        uvcom__interface_answers_async(call->interface, riid))
        return call;
    if (IsEqualGUID(riid, &IID_ISynchronize))
        return &call->synchronize;
    if (IsEqualGUID(riid, &IID_ISynchronizeHandle))
        return &call->handle;
    if (IsEqualGUID(riid, &IID_ICancelMethodCalls))
        return &call->cancel;
    return NULL;
}

static HRESULT query(struct call *call, REFIID riid, void **ppv)
{
    void *found = find(call, riid);

    if (!found)
        return E_NOINTERFACE;
    if (found == &call->inner)
        uvcom__count_up(&call->references);
    else
        uvcom_call_AddRef(call);
    *ppv = found;
    return S_OK;
}

HRESULT uvcom_call_QueryInterface(void *iface, REFIID riid, void **ppv)
{
    struct call *call = iface;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (IsEqualGUID(riid, &IID_call)) {
        uvcom_call_AddRef(call);
        *ppv = &call->synchronize;
        return S_OK;
    }
    if (call->outer)
        return call->outer->lpVtbl->QueryInterface(call->outer, riid, ppv);
    return query(call, riid, ppv);
}

ULONG uvcom_call_AddRef(void *iface)
{
    struct call *call = iface;

    if (call->outer)
        return call->outer->lpVtbl->AddRef(call->outer);
    return uvcom__count_up(&call->references);
}

ULONG uvcom_call_Release(void *iface)
{
    struct call *call = iface;

    if (call->outer)
        return call->outer->lpVtbl->Release(call->outer);
    return release(call);
}

/* ---- the inner IUnknown of an aggregated call object ---- */

static struct call *call_from_inner(IUnknown *This)
{
    return (struct call *)((char *)This - offsetof(struct call, inner));
}

static HRESULT STDMETHODCALLTYPE inner_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct call *call = call_from_inner(This);

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (IsEqualGUID(riid, &IID_call))
        return uvcom_call_QueryInterface(call, riid, ppv);
    return query(call, riid, ppv);
}

static ULONG STDMETHODCALLTYPE inner_AddRef(IUnknown *This)
{
    return uvcom__count_up(&call_from_inner(This)->references);
}

static ULONG STDMETHODCALLTYPE inner_Release(IUnknown *This)
{
    return release(call_from_inner(This));
}

static const IUnknownVtbl inner_vtable = {
    .QueryInterface = inner_QueryInterface,
    .AddRef = inner_AddRef,
    .Release = inner_Release,
};

/* ---- which call object a pointer belongs to ---- */

struct call *uvcom__call_of(IUnknown *pointer)
{
    ISynchronize *found = NULL;
    HRESULT hr = pointer->lpVtbl->QueryInterface(pointer, &IID_call, (void **)&found);
    struct call *call;

    if (FAILED(hr) || !found)
        return NULL;
    /* An object that says yes to everything gives something else. */
    if (found->lpVtbl == &uvcom__call_synchronize_vtable) {
        call = (struct call *)((char *)found - offsetof(struct call, synchronize));
        if ((void *)pointer == call || (void *)pointer == found ||
            (void *)pointer == &call->handle || (void *)pointer == &call->cancel ||
            pointer == &call->inner)
            return call;
    }
    found->lpVtbl->Release(found);
    return NULL;
}
