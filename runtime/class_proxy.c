/*
 * class_proxy.c -- IClassFactory called from another apartment.
 *
 * Written by hand, because IClassFactory is [local] in COM's IDL: what CreateInstance returns
 * depends on an id that is itself a parameter, and a new object is given to the client as a proxy
 * of its own.
 *
 * It answers IUnknown and IClassFactory only. There is no ICallFactory in it: IClassFactory has no
 * asynchronous twin.
 */
#include "runtime/class_proxy.h"

#include <uvcom/object.h>

#include "runtime/activation.h"
#include "runtime/apartment.h"
#include "runtime/platform.h"
#include "runtime/target.h"

struct class_proxy {
    uvcom_object object; /* its apartment is the client's, the only one to use it */
    IClassFactory IClassFactory_iface;
    struct target *target; /* one reference */
};

UVCOM_OBJECT_IUNKNOWN(class_proxy, IClassFactory)

static HRESULT class_proxy_may_be_used_here(const struct class_proxy *proxy)
{
    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    return uvcom__apartment_is_here(proxy->object.apartment) ? S_OK : RPC_E_WRONG_THREAD;
}

/* Referenced; NULL: its apartment has closed. At home, where nobody can take it away meanwhile. */
static IClassFactory *factory_at_home(struct target *target)
{
    IClassFactory *factory = uvcom__target_server(target);

    if (factory)
        factory->lpVtbl->AddRef(factory);
    return factory;
}

static HRESULT instance_make(void *context, REFIID riid, void **ppv)
{
    struct class_proxy *proxy = context;
    IClassFactory *factory = factory_at_home(proxy->target);
    HRESULT hr;

    if (!factory)
        return RPC_E_DISCONNECTED;
    hr = factory->lpVtbl->CreateInstance(factory, NULL, riid, ppv);
    factory->lpVtbl->Release(factory);
    /* A class that says yes and gives nothing must not be taken at its word. */
    return SUCCEEDED(hr) && !*ppv ? E_UNEXPECTED : hr;
}

static HRESULT STDMETHODCALLTYPE class_proxy_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                            REFIID riid, void **ppv)
{
    struct class_proxy *proxy = class_proxy_from_IClassFactory(This);
    struct activation activation = {.make = instance_make,
                                    .context = proxy,
                                    .riid = riid,
                                    .home = uvcom__target_home(proxy->target)};
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    hr = class_proxy_may_be_used_here(proxy);
    if (FAILED(hr))
        return hr;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return uvcom__activation_proxy(&activation, ppv);
}

struct lock_request {
    struct target *target;
    BOOL lock;
};

static HRESULT lock_at_home(void *arg)
{
    struct lock_request *request = arg;
    IClassFactory *factory = factory_at_home(request->target);
    HRESULT hr;

    if (!factory)
        return RPC_E_DISCONNECTED;
    hr = factory->lpVtbl->LockServer(factory, request->lock);
    factory->lpVtbl->Release(factory);
    return hr;
}

static HRESULT STDMETHODCALLTYPE class_proxy_LockServer(IClassFactory *This, BOOL lock)
{
    struct class_proxy *proxy = class_proxy_from_IClassFactory(This);
    struct lock_request request = {proxy->target, lock};
    HRESULT hr = class_proxy_may_be_used_here(proxy);

    if (FAILED(hr))
        return hr;
    return uvcom__apartment_invoke(uvcom__target_home(proxy->target), lock_at_home, &request);
}

static HRESULT STDMETHODCALLTYPE class_proxy_QueryInterface(IClassFactory *This, REFIID riid,
                                                            void **ppv)
{
    struct class_proxy *proxy = class_proxy_from_IClassFactory(This);
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    hr = class_proxy_may_be_used_here(proxy);
    if (FAILED(hr))
        return hr;
    return class_proxy_IClassFactory_QueryInterface(This, riid, ppv);
}

static const IClassFactoryVtbl class_proxy_vtbl = {
    class_proxy_QueryInterface, class_proxy_IClassFactory_AddRef, class_proxy_IClassFactory_Release,
    class_proxy_CreateInstance, class_proxy_LockServer,
};

static void class_proxy_destroy(uvcom_object *object)
{
    struct class_proxy *proxy = (struct class_proxy *)object;

    uvcom__target_release(proxy->target);
    uvcom__free(proxy);
}

HRESULT uvcom__class_proxy_create(struct target *target, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(class_proxy, IClassFactory)};
    static const uvcom_class class_ = {interfaces, 1, class_proxy_destroy,
                                       UVCOM_CLASS_NO_CALL_FACTORY};
    struct class_proxy *proxy = uvcom__alloc(sizeof *proxy);
    HRESULT hr;

    *ppv = NULL;
    if (!proxy)
        return E_OUTOFMEMORY;
    uvcom_object_init(&proxy->object, &class_);
    proxy->IClassFactory_iface.lpVtbl = &class_proxy_vtbl;
    uvcom__target_add_ref(target);
    proxy->target = target;
    hr = uvcom_object_QueryInterface(&proxy->object, riid, ppv);
    uvcom_object_Release(&proxy->object);
    return hr;
}
