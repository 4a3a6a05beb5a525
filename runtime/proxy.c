/*
 * proxy.c -- proxies: one identity for the client, one facet for each interface that it has asked
 * for.
 *
 * A proxy object answers IUnknown and ICallFactory by itself (FAC-01, FAC-02); a facet is made when
 * the client first asks for an interface, by asking the object in its own apartment, and lives as
 * long as the proxy object, so that QueryInterface keeps giving the same pointer. A facet's plain
 * methods are generated code; they use a hidden call object of the facet (see proxy_call.c).
 */
#include "runtime/proxy.h"

#include <stddef.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/count.h"
#include "runtime/factory.h"
#include "runtime/interfaces.h"
#include "runtime/proxy_object.h"
#include "runtime/target.h"

static struct proxy *proxy_from_factory(ICallFactory *This)
{
    return (struct proxy *)((char *)This - offsetof(struct proxy, factory));
}

HRESULT uvcom__proxy_check_thread(const struct proxy *proxy)
{
    struct apartment *here = uvcom__apartment_current();

    if (!here)
        return CO_E_NOTINITIALIZED;
    return here == proxy->apartment ? S_OK : RPC_E_WRONG_THREAD;
}

/* ---- facets ---- */

/* Its own facet, else that of an interface that derives from it; so the answer never changes. */
static struct facet *find_facet(struct proxy *proxy, REFIID iid)
{
    struct facet *found = NULL;

    uvcom__lock_acquire(&proxy->lock);
    for (struct facet *facet = proxy->facets; facet; facet = facet->next) {
        if (IsEqualGUID(facet->interface->id.iid, iid)) {
            found = facet;
            break;
        }
        /* The last one in the list is the oldest. */
        if (uvcom__interface_answers(facet->interface, iid))
            found = facet;
    }
    uvcom__lock_release(&proxy->lock);
    return found;
}

/* Keeps the facet unless another thread was faster; returns the one that counts. */
static struct facet *keep_facet(struct proxy *proxy, struct facet *made)
{
    struct facet *facet;

    uvcom__lock_acquire(&proxy->lock);
    for (facet = proxy->facets; facet; facet = facet->next)
        if (facet->interface == made->interface)
            break;
    if (!facet) {
        made->next = proxy->facets;
        proxy->facets = made;
    }
    uvcom__lock_release(&proxy->lock);
    return facet ? facet : made;
}

static void destroy_facet(struct facet *facet)
{
    struct call *spare = uvcom__load_ptr(&facet->spare_call, UVCOM__ACQUIRE);

    if (spare)
        uvcom__call_release(spare);
    uvcom__target_release(facet->target);
    uvcom__free(facet);
}

static struct facet *add_facet(struct proxy *proxy, struct target *target,
                               const struct uvcom_interface *interface)
{
    struct facet *made = uvcom__alloc(sizeof *made), *kept;

    if (!made)
        return NULL;
    made->vtable = interface->proxy_vtable;
    made->proxy = proxy;
    made->interface = interface;
    made->target = target;
    uvcom__target_add_ref(target);
    kept = keep_facet(proxy, made);
    if (kept != made)
        destroy_facet(made);
    return kept;
}

/* ---- QueryInterface in the object's own apartment ---- */

struct remote_query {
    struct target *object;
    const IID *iid;
    struct target *found; /* [out] transfer */
};

static HRESULT query_at_home(void *context)
{
    struct remote_query *query = context;
    IUnknown *server = uvcom__target_server(query->object);
    void *iface;
    HRESULT hr;

    if (!server)
        return RPC_E_DISCONNECTED;
    hr = server->lpVtbl->QueryInterface(server, query->iid, &iface);
    if (FAILED(hr))
        return hr;
    if (!iface)
        return E_UNEXPECTED; /* a server that says S_OK and gives nothing */
    hr = uvcom__target_create(iface, uvcom__target_home(query->object), &query->found);
    uvcom_frame_release(iface);
    return hr;
}

/* The facet for an interface, met before or asked for now. */
static HRESULT get_facet(struct proxy *proxy, const struct uvcom_interface *interface,
                         struct facet **facet)
{
    struct remote_query query = {.object = proxy->object, .iid = interface->id.iid};
    HRESULT hr;

    *facet = find_facet(proxy, interface->id.iid);
    if (*facet)
        return S_OK;
    hr = uvcom__apartment_invoke(uvcom__target_home(proxy->object), query_at_home, &query);
    if (FAILED(hr))
        return hr;
    *facet = add_facet(proxy, query.found, interface);
    uvcom__target_release(query.found);
    return *facet ? S_OK : E_OUTOFMEMORY;
}

/* ---- identity ---- */

static void destroy(struct proxy *proxy)
{
    while (proxy->facets) {
        struct facet *facet = proxy->facets;

        proxy->facets = facet->next;
        destroy_facet(facet);
    }
    uvcom__target_release(proxy->object);
    uvcom__apartment_release(proxy->apartment);
    uvcom__free(proxy);
}

static ULONG add_ref(struct proxy *proxy)
{
    return uvcom__count_up(&proxy->references);
}

static ULONG release(struct proxy *proxy)
{
    ULONG left = uvcom__count_down(&proxy->references);

    if (left == 0)
        destroy(proxy);
    return left;
}

/*
 * Asking the object serves calls on an apartment's thread, and one of them may drop the client's
 * last reference: the one that the caller gets is taken first.
 */
static HRESULT query_facet(struct proxy *proxy, REFIID riid, void **ppv)
{
    const struct uvcom_interface *interface = uvcom__interface_find(riid);
    struct facet *facet;
    HRESULT hr;

    if (!interface)
        return E_NOINTERFACE;
    add_ref(proxy);
    hr = get_facet(proxy, interface, &facet);
    if (SUCCEEDED(hr))
        *ppv = facet;
    else
        release(proxy);
    return hr;
}

static HRESULT query(struct proxy *proxy, REFIID riid, void **ppv)
{
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    hr = uvcom__proxy_check_thread(proxy);
    if (FAILED(hr))
        return hr;
    if (IsEqualGUID(riid, &IID_IUnknown))
        *ppv = proxy;
    else if (IsEqualGUID(riid, &IID_ICallFactory))
        *ppv = &proxy->factory;
    else
        return query_facet(proxy, riid, ppv);
    add_ref(proxy);
    return S_OK;
}

HRESULT uvcom_proxy_QueryInterface(void *iface, REFIID riid, void **ppv)
{
    return query(((struct facet *)iface)->proxy, riid, ppv);
}

ULONG uvcom_proxy_AddRef(void *iface)
{
    return add_ref(((struct facet *)iface)->proxy);
}

ULONG uvcom_proxy_Release(void *iface)
{
    return release(((struct facet *)iface)->proxy);
}

static HRESULT STDMETHODCALLTYPE unknown_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    return query((struct proxy *)This, riid, ppv);
}

static ULONG STDMETHODCALLTYPE unknown_AddRef(IUnknown *This)
{
    return add_ref((struct proxy *)This);
}

static ULONG STDMETHODCALLTYPE unknown_Release(IUnknown *This)
{
    return release((struct proxy *)This);
}

static const IUnknownVtbl unknown_vtable = {
    .QueryInterface = unknown_QueryInterface,
    .AddRef = unknown_AddRef,
    .Release = unknown_Release,
};

const struct uvcom_interface uvcom__unknown_interface = {
    .name = "IUnknown",
    .id = {&IID_IUnknown, NULL},
    .proxy_vtable = &unknown_vtable,
};

/* ---- ICallFactory ---- */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(ICallFactory *This, REFIID riid, void **ppv)
{
    return query(proxy_from_factory(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE factory_AddRef(ICallFactory *This)
{
    return add_ref(proxy_from_factory(This));
}

static ULONG STDMETHODCALLTYPE factory_Release(ICallFactory *This)
{
    return release(proxy_from_factory(This));
}

static HRESULT STDMETHODCALLTYPE factory_CreateCall(ICallFactory *This, REFIID riid,
                                                    IUnknown *pCtrlUnk, REFIID riid2,
                                                    IUnknown **ppv)
{
    struct proxy *proxy = proxy_from_factory(This);
    struct create_call request = {riid, pCtrlUnk, riid2, ppv};
    const struct uvcom_interface *interface;
    struct facet *facet;
    HRESULT hr = uvcom__create_call_check(&request, &interface);

    if (SUCCEEDED(hr))
        hr = uvcom__proxy_check_thread(proxy);
    if (FAILED(hr))
        return hr;
    add_ref(proxy); /* as in query_facet */
    hr = get_facet(proxy, interface, &facet);
    /* A facet of earlier days is still there when the apartment is not. */
    if (SUCCEEDED(hr) && uvcom__target_is_gone(facet->target))
        hr = RPC_E_DISCONNECTED;
    if (SUCCEEDED(hr))
        hr = uvcom__call_create(facet->target, interface, riid2, (void **)ppv);
    release(proxy);
    return hr;
}

static const ICallFactoryVtbl factory_vtable = {
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    .CreateCall = factory_CreateCall,
};

HRESULT uvcom__proxy_create(struct target *target, const struct uvcom_interface *interface,
                            void **ppv)
{
    struct apartment *apartment = uvcom__apartment_current();
    struct proxy *proxy;
    HRESULT hr;

    *ppv = NULL;
    if (!apartment)
        return CO_E_NOTINITIALIZED;
    proxy = uvcom__alloc(sizeof *proxy);
    if (!proxy)
        return E_OUTOFMEMORY;
    proxy->unknown.lpVtbl = &unknown_vtable;
    proxy->factory.lpVtbl = &factory_vtable;
    uvcom__store32(&proxy->references, 1, UVCOM__RELAXED);
    proxy->apartment = apartment;
    uvcom__apartment_add_ref(apartment);
    proxy->object = target;
    uvcom__target_add_ref(target);
    hr = interface == &uvcom__unknown_interface || add_facet(proxy, target, interface)
             ? query(proxy, interface->id.iid, ppv)
             : E_OUTOFMEMORY;
    release(proxy);
    return hr;
}
