/*
 * class_proxy.c -- IClassFactory called from another apartment.
 *
 * Written by hand, because IClassFactory is [local] in COM's IDL: what CreateInstance returns
 * depends on an id that is itself a parameter, and a new object is given to the client as a proxy
 * of its own.
 *
 * It is a facet of an ordinary proxy, as generated ones are: identity, QueryInterface and life are
 * in proxy.c. IClassFactory has no asynchronous twin.
 */
#include "runtime/class_proxy.h"

#include <uvcom/unknwn.h>

#include "runtime/activation.h"
#include "runtime/apartment.h"
#include "runtime/proxy_object.h"
#include "runtime/target.h"

static struct facet *facet_of(IClassFactory *This)
{
    return (struct facet *)(void *)This;
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
    IClassFactory *factory = factory_at_home(context);
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
    struct facet *facet = facet_of(This);
    struct activation activation = {.make = instance_make,
                                    .context = facet->target,
                                    .riid = riid,
                                    .home = uvcom__target_home(facet->target)};
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    hr = uvcom__proxy_check_thread(facet->proxy);
    if (FAILED(hr))
        return hr;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    /* A call that this thread serves meanwhile may drop the client's last reference. */
    uvcom_proxy_AddRef(This);
    hr = uvcom__activation_proxy(&activation, ppv);
    uvcom_proxy_Release(This);
    return hr;
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
    struct facet *facet = facet_of(This);
    struct lock_request request = {facet->target, lock};
    HRESULT hr = uvcom__proxy_check_thread(facet->proxy);

    if (FAILED(hr))
        return hr;
    uvcom_proxy_AddRef(This); /* as in CreateInstance */
    hr = uvcom__apartment_invoke(uvcom__target_home(facet->target), lock_at_home, &request);
    uvcom_proxy_Release(This);
    return hr;
}

static HRESULT STDMETHODCALLTYPE class_proxy_QueryInterface(IClassFactory *This, REFIID riid,
                                                            void **ppv)
{
    return uvcom_proxy_QueryInterface(This, riid, ppv);
}

static ULONG STDMETHODCALLTYPE class_proxy_AddRef(IClassFactory *This)
{
    return uvcom_proxy_AddRef(This);
}

static ULONG STDMETHODCALLTYPE class_proxy_Release(IClassFactory *This)
{
    return uvcom_proxy_Release(This);
}

static const IClassFactoryVtbl class_proxy_vtbl = {
    class_proxy_QueryInterface, class_proxy_AddRef,     class_proxy_Release,
    class_proxy_CreateInstance, class_proxy_LockServer,
};

const struct uvcom_interface uvcom__class_factory_interface = {
    .name = "IClassFactory",
    .id = {&IID_IClassFactory, NULL},
    .proxy_vtable = &class_proxy_vtbl,
};
