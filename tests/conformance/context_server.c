/*
 * context_server.c -- see context_server.h. One call at a time.
 */
#include "tests/conformance/context_server.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct context_server context_server;

/* The call that is being begun. */
static struct {
    uvcom_operation *operation; /* of Start_Run; NULL: by hand */
    IUnknown *outer;            /* by hand: of the call object */
    bool is_complete;
} now;

HRESULT context_complete(void)
{
    ISynchronize *synchronize;
    HRESULT hr;

    now.is_complete = true;
    if (now.operation)
        return uvcom_operation_complete(now.operation, S_OK);
    hr = IUnknown_QueryInterface(now.outer, &IID_ISynchronize, (void **)&synchronize);
    if (FAILED(hr))
        return hr;
    hr = ISynchronize_Signal(synchronize);
    ISynchronize_Release(synchronize);
    return hr;
}

static void run(uvcom_operation *operation, IUnknown *outer, LONG number)
{
    now.operation = operation;
    now.outer = outer;
    now.is_complete = false;
    context_server.begin(number);
    if (!now.is_complete)
        context_complete();
}

/* ---- the object ---- */

struct server {
    uvcom_object object;
    IDesk IDesk_iface;
    ICallFactory ICallFactory_iface;
};

UVCOM_OBJECT_IUNKNOWN(server, IDesk)
UVCOM_OBJECT_IUNKNOWN(server, ICallFactory)

/* For who is not asked asynchronously, which no case does. */
static HRESULT STDMETHODCALLTYPE server_Run(IDesk *This, LONG number)
{
    (void)This;
    (void)number;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE start_Run(IDesk *This, uvcom_operation *operation, LONG number)
{
    (void)This;
    run(operation, NULL, number);
    uvcom_operation_release(operation);
    return S_OK;
}

static const AsyncIDeskServer starts = {.Start_Run = start_Run};

static const IDeskVtbl server_vtbl = {
    .QueryInterface = server_IDesk_QueryInterface,
    .AddRef = server_IDesk_AddRef,
    .Release = server_IDesk_Release,
    .Run = server_Run,
};

/* ---- a call object by hand ---- */

struct order {
    IUnknown inner;
    AsyncIDesk async;
    IUnknown *outer; /* not counted */
    atomic_int references;
};

static struct order *order_from(AsyncIDesk *iface)
{
    return (struct order *)((char *)iface - offsetof(struct order, async));
}

static ULONG STDMETHODCALLTYPE inner_AddRef(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct order *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE inner_Release(IUnknown *This)
{
    const int left = atomic_fetch_sub(&((struct order *)This)->references, 1) - 1;

    if (left == 0)
        free(This);
    return (ULONG)left;
}

static HRESULT STDMETHODCALLTYPE inner_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct order *order = (struct order *)This;

    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown)) {
        inner_AddRef(This);
        *ppv = This;
    } else if (IsEqualIID(riid, &IID_AsyncIDesk)) {
        IUnknown_AddRef(order->outer);
        *ppv = &order->async;
    }
    return *ppv ? S_OK : E_NOINTERFACE;
}

static HRESULT STDMETHODCALLTYPE order_QueryInterface(AsyncIDesk *This, REFIID riid, void **ppv)
{
    return IUnknown_QueryInterface(order_from(This)->outer, riid, ppv);
}

static ULONG STDMETHODCALLTYPE order_AddRef(AsyncIDesk *This)
{
    return IUnknown_AddRef(order_from(This)->outer);
}

static ULONG STDMETHODCALLTYPE order_Release(AsyncIDesk *This)
{
    return IUnknown_Release(order_from(This)->outer);
}

static HRESULT STDMETHODCALLTYPE order_Begin_Run(AsyncIDesk *This, LONG number)
{
    run(NULL, order_from(This)->outer, number);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE order_Finish_Run(AsyncIDesk *This)
{
    (void)This;
    if (context_server.finish)
        context_server.finish();
    return S_OK;
}

static const IUnknownVtbl inner_vtbl = {inner_QueryInterface, inner_AddRef, inner_Release};
static const AsyncIDeskVtbl order_vtbl = {
    .QueryInterface = order_QueryInterface,
    .AddRef = order_AddRef,
    .Release = order_Release,
    .Begin_Run = order_Begin_Run,
    .Finish_Run = order_Finish_Run,
};

static HRESULT STDMETHODCALLTYPE factory_CreateCall(ICallFactory *This, REFIID riid,
                                                    IUnknown *outer, REFIID riid2, IUnknown **ppv)
{
    struct order *order;

    (void)This;
    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_AsyncIDesk) || !outer || !IsEqualIID(riid2, &IID_IUnknown))
        return E_NOINTERFACE;
    order = calloc(1, sizeof *order);
    if (!order)
        return E_OUTOFMEMORY;
    order->inner.lpVtbl = &inner_vtbl;
    order->async.lpVtbl = &order_vtbl;
    order->outer = outer;
    atomic_init(&order->references, 1);
    *ppv = &order->inner;
    return S_OK;
}

static const ICallFactoryVtbl factory_vtbl = {
    server_ICallFactory_QueryInterface,
    server_ICallFactory_AddRef,
    server_ICallFactory_Release,
    factory_CreateCall,
};

/* ---- creation ---- */

static void server_destroy(uvcom_object *object)
{
    free((char *)object - offsetof(struct server, object));
}

static const uvcom_interface_entry with_starts[] = {
    UVCOM_OBJECT_ASYNC_ENTRY(server, IDesk, &starts)};
static const uvcom_interface_entry with_factory[] = {UVCOM_OBJECT_ENTRY(server, IDesk),
                                                     UVCOM_OBJECT_ENTRY(server, ICallFactory)};
static const uvcom_class starts_class = {
    .interfaces = with_starts, .interface_count = 1, .destroy = server_destroy};
static const uvcom_class by_hand_class = {
    .interfaces = with_factory, .interface_count = 2, .destroy = server_destroy};

static HRESULT create(const uvcom_class *class_, REFIID riid, void **ppv)
{
    struct server *server = calloc(1, sizeof *server);
    HRESULT hr;

    *ppv = NULL;
    if (!server)
        return E_OUTOFMEMORY;
    uvcom_object_init(&server->object, class_);
    server->IDesk_iface.lpVtbl = &server_vtbl;
    server->ICallFactory_iface.lpVtbl = &factory_vtbl;
    hr = uvcom_object_QueryInterface(&server->object, riid, ppv);
    uvcom_object_Release(&server->object);
    return hr;
}

HRESULT context_create_starts(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&starts_class, riid, ppv);
}

HRESULT context_create_by_hand(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&by_hand_class, riid, ppv);
}
