/*
 * call.c -- identity, counts and life of the call object.
 *
 * Does not know the protocol of Begin_ and Finish_: that is call_begin.c and call_finish.c.
 */
#include "runtime/call.h"

#include "runtime/count.h"
#include "runtime/interfaces.h"
#include "runtime/listener.h"
#include "runtime/target.h"

const IID uvcom__IID_call = {
    0x2b6c8e51, 0x4f0a, 0x4d7b, {0x9c, 0x33, 0x7e, 0x51, 0xd0, 0x8a, 0x16, 0x42}};

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
    uint32_t seen = uvcom__load32(&call->references, UVCOM__RELAXED);

    while (seen != 0)
        if (uvcom__cas32(&call->references, &seen, seen + 1, UVCOM__ACQ_REL))
            return true;
    return false;
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
    if (IsEqualGUID(riid, &IID_IUnknown) || IsEqualGUID(riid, &uvcom__IID_call) ||
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
