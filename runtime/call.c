/*
 * call.c -- identity, counts and life of the call object.
 *
 * Does not know the protocol of Begin_ and Finish_: that is call_begin.c and call_finish.c.
 */
#include "runtime/call.h"

#include <stddef.h>

#include "runtime/count.h"
#include "runtime/interfaces.h"
#include "runtime/listener.h"
#include "runtime/target.h"

struct call *uvcom__call_create_plain(struct target *target,
                                      const struct uvcom_interface *interface)
{
    struct call *call = uvcom__alloc(sizeof *call);

    if (!call)
        return NULL;
    call->async_vtable = interface->call_vtable;
    call->synchronize.lpVtbl = &uvcom__call_synchronize_vtable;
    uvcom__store32(&call->references, 1, UVCOM__RELAXED);
    uvcom__store32(&call->pins, 1, UVCOM__RELAXED);
    call->interface = interface;
    call->target = target;
    uvcom__target_add_ref(target);
    return call;
}

HRESULT uvcom__call_create(struct target *target, const struct uvcom_interface *interface,
                           REFIID riid, void **ppv)
{
    struct call *call = uvcom__call_create_plain(target, interface);
    struct operation *spare;
    HRESULT hr;

    *ppv = NULL;
    if (!call)
        return E_OUTOFMEMORY;
    /* The first Begin_ finds its memory here, as every later one does. */
    spare = uvcom__operation_create(uvcom__interface_frame_size(interface));
    uvcom__store_ptr(&call->spare, spare, UVCOM__RELAXED);
    hr = spare ? uvcom_call_QueryInterface(call, riid, ppv) : E_OUTOFMEMORY;
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
    uvcom__target_release(call->target);
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

HRESULT uvcom_call_QueryInterface(void *iface, REFIID riid, void **ppv)
{
    struct call *call = iface;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (IsEqualGUID(riid, &IID_IUnknown) || IsEqualGUID(riid, &IID_IAgileObject) ||
        uvcom__interface_answers_async(call->interface, riid))
        *ppv = call;
    else if (IsEqualGUID(riid, &IID_ISynchronize))
        *ppv = &call->synchronize;
    else
        return E_NOINTERFACE;
    uvcom__count_up(&call->references);
    return S_OK;
}

ULONG uvcom_call_AddRef(void *iface)
{
    return uvcom__count_up(&((struct call *)iface)->references);
}

ULONG uvcom_call_Release(void *iface)
{
    return release(iface);
}

struct call *uvcom__call_of(IUnknown *pointer)
{
    ISynchronize *found = NULL;
    HRESULT hr = pointer->lpVtbl->QueryInterface(pointer, &IID_ISynchronize, (void **)&found);
    struct call *call;

    if (FAILED(hr) || !found)
        return NULL;
    if (found->lpVtbl == &uvcom__call_synchronize_vtable) {
        call = (struct call *)((char *)found - offsetof(struct call, synchronize));
        if ((void *)pointer == call || (void *)pointer == found)
            return call;
    }
    found->lpVtbl->Release(found);
    return NULL;
}
