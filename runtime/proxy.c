/*
 * proxy.c -- proxies: one identity for the client, one facet for each interface that it has asked
 * for.
 *
 * An apartment has one proxy for an object, in a table, so that its pointers are equal however they
 * came (COM-01); the last reference may go while another thread of the apartment meets the object
 * again, which then gets a new proxy. A proxy object answers IUnknown and ICallFactory by itself
 * (FAC-01, FAC-02); a facet is made when the client first asks for an interface, by asking the
 * object in its own apartment, and lives as long as the proxy object, so that QueryInterface keeps
 * giving the same pointer. A facet's plain methods are generated code; they use a hidden call
 * object of the facet (see proxy_call.c).
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

const IID uvcom__IID_proxy = {
    0x5d1f0c93, 0x8a6e, 0x4c21, {0xb4, 0x7a, 0x0e, 0x93, 0x6f, 0x25, 0xd8, 0x1b}};

static struct identity_table proxies;

static struct proxy *proxy_from_identity(struct identity *identity)
{
    return (struct proxy *)((char *)identity - offsetof(struct proxy, identity));
}

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

/* Its own facet, else that of an interface that derives from it. */
static struct facet *find_facet_locked(struct proxy *proxy, REFIID iid)
{
    struct facet *found = NULL;

    for (struct facet *facet = proxy->facets; facet; facet = facet->next) {
        if (IsEqualGUID(facet->interface->id.iid, iid))
            return facet;
        /* The last one in the list is the oldest. */
        if (uvcom__interface_answers(facet->interface, iid))
            found = facet;
    }
    return found;
}

static struct facet *find_facet(struct proxy *proxy, REFIID iid)
{
    struct facet *found;

    uvcom__lock_acquire(&proxy->lock);
    found = find_facet_locked(proxy, iid);
    uvcom__lock_release(&proxy->lock);
    return found;
}

/*
 * Keeps the facet unless another thread was faster; returns the one that counts. One that answers
 * `iid` already, because its interface derives from it, stays the answer: it never changes.
 */
static struct facet *keep_facet(struct proxy *proxy, struct facet *made, REFIID iid)
{
    struct facet *facet;

    uvcom__lock_acquire(&proxy->lock);
    facet = find_facet_locked(proxy, iid);
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
    uvcom__free(facet);
}

/* A facet of the target's own interface, which answers `iid`. */
static HRESULT add_facet(struct proxy *proxy, struct target *target, REFIID iid,
                         struct facet **facet)
{
    const struct uvcom_interface *interface = uvcom__target_interface(target);
    struct facet *made;

    if (!interface)
        return E_NOINTERFACE;
    made = uvcom__alloc(sizeof *made);
    if (!made)
        return E_OUTOFMEMORY;
    made->vtable = interface->proxy_vtable;
    made->proxy = proxy;
    made->interface = interface;
    made->target = target;
    *facet = keep_facet(proxy, made, iid);
    if (*facet != made)
        destroy_facet(made);
    return S_OK;
}

/* ---- QueryInterface in the object's own apartment ---- */

struct remote_query {
    struct target *object;
    const IID *iid;
    struct target *found; /* [out] borrowed from the object */
};

static HRESULT query_at_home(void *context)
{
    struct remote_query *query = context;

    return uvcom__target_ask(query->object, query->iid, &query->found);
}

/*
 * The facet for an interface, met before or asked for now. What somebody has asked the object for
 * already is not asked for again, nor is what that derives from: so nobody waits for an apartment
 * that is busy only to hear what is known.
 */
static HRESULT get_facet(struct proxy *proxy, REFIID iid, struct facet **facet)
{
    struct remote_query query = {.object = proxy->object, .iid = iid};
    HRESULT hr;

    *facet = find_facet(proxy, iid);
    if (*facet)
        return S_OK;
    if (uvcom__target_is_gone(proxy->object))
        return RPC_E_DISCONNECTED;
    query.found = uvcom__target_answering(proxy->object, iid);
    if (!query.found) {
        if (!uvcom__interface_find(iid))
            return E_NOINTERFACE;
        hr = uvcom__apartment_invoke(uvcom__target_home(proxy->object), query_at_home, &query);
        if (FAILED(hr))
            return hr;
    }
    return add_facet(proxy, query.found, iid, facet);
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
    return uvcom__count_up(&proxy->identity.references);
}

static ULONG release(struct proxy *proxy)
{
    ULONG left = uvcom__count_down(&proxy->identity.references);

    if (left == 0) {
        uvcom__identity_forget(&proxies, &proxy->identity);
        destroy(proxy);
    }
    return left;
}

/*
 * Asking the object serves calls on an apartment's thread, and one of them may drop the client's
 * last reference: the one that the caller gets is taken first.
 */
static HRESULT query_facet(struct proxy *proxy, REFIID riid, void **ppv)
{
    struct facet *facet;
    HRESULT hr;

    add_ref(proxy);
    hr = get_facet(proxy, riid, &facet);
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
    /* On any thread: whose proxy it is comes after whether it is one. */
    hr = IsEqualGUID(riid, &uvcom__IID_proxy) ? S_OK : uvcom__proxy_check_thread(proxy);
    if (FAILED(hr))
        return hr;
    if (IsEqualGUID(riid, &IID_IUnknown) || IsEqualGUID(riid, &uvcom__IID_proxy))
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
    struct create_call request = {riid, pCtrlUnk, riid2, ppv, NULL};
    struct call_plan plan = {.outer = pCtrlUnk};
    struct facet *facet;
    HRESULT hr = uvcom__create_call_check(&request, &plan.interface);

    if (SUCCEEDED(hr))
        hr = uvcom__proxy_check_thread(proxy);
    if (FAILED(hr))
        return hr;
    add_ref(proxy); /* as in query_facet */
    hr = get_facet(proxy, plan.interface->id.iid, &facet);
    /* A facet of earlier days is still there when the apartment is not. */
    if (SUCCEEDED(hr) && uvcom__target_is_gone(facet->target))
        hr = RPC_E_DISCONNECTED;
    if (SUCCEEDED(hr)) {
        plan.target = facet->target;
        hr = uvcom__call_create(&plan, riid2, (void **)ppv);
    }
    release(proxy);
    return hr;
}

static const ICallFactoryVtbl factory_vtable = {
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    .CreateCall = factory_CreateCall,
};

/* A proxy answers it by itself: known without generated code, and never called from afar. */
const struct uvcom_interface uvcom__call_factory_interface = {
    .name = "ICallFactory",
    .id = {&IID_ICallFactory, NULL},
    .proxy_vtable = &factory_vtable,
};

/* ---- one proxy for an object and an apartment ---- */

static struct proxy *proxy_create(struct target *object, struct apartment *apartment)
{
    struct proxy *proxy = uvcom__alloc(sizeof *proxy);

    if (!proxy)
        return NULL;
    proxy->unknown.lpVtbl = &unknown_vtable;
    proxy->factory.lpVtbl = &factory_vtable;
    proxy->identity.place = apartment;
    proxy->identity.object = object;
    uvcom__store32(&proxy->identity.references, 1, UVCOM__RELAXED);
    proxy->apartment = apartment;
    uvcom__apartment_add_ref(apartment);
    proxy->object = object;
    uvcom__target_add_ref(object);
    return proxy;
}

/* With a reference. NULL: out of memory. */
static struct proxy *find_or_create(struct target *object, struct apartment *apartment)
{
    struct identity *found = uvcom__identity_find(&proxies, apartment, object);
    struct proxy *made;

    if (found)
        return proxy_from_identity(found);
    made = proxy_create(object, apartment);
    if (!made)
        return NULL;
    found = uvcom__identity_keep(&proxies, &made->identity);
    if (found != &made->identity)
        destroy(made);
    return proxy_from_identity(found);
}

HRESULT uvcom__proxy_get(struct target *target, REFIID iid, void **ppv)
{
    struct apartment *apartment = uvcom__apartment_current();
    struct proxy *proxy;
    struct facet *facet;
    HRESULT hr = S_OK;

    *ppv = NULL;
    if (!apartment)
        return CO_E_NOTINITIALIZED;
    proxy = find_or_create(uvcom__target_identity(target), apartment);
    if (!proxy)
        return E_OUTOFMEMORY;
    if (IsEqualGUID(iid, &IID_IUnknown))
        *ppv = proxy;
    else if (IsEqualGUID(iid, &IID_ICallFactory))
        *ppv = &proxy->factory;
    else if (SUCCEEDED(hr = get_facet(proxy, iid, &facet)))
        *ppv = facet;
    else
        release(proxy);
    return hr;
}

/* Whether it is a pointer that the proxy has given out. */
static bool is_of_proxy(struct proxy *proxy, const void *pointer)
{
    struct facet *facet;

    if (pointer == &proxy->unknown || pointer == &proxy->factory)
        return true;
    uvcom__lock_acquire(&proxy->lock);
    for (facet = proxy->facets; facet; facet = facet->next)
        if (pointer == facet)
            break;
    uvcom__lock_release(&proxy->lock);
    return facet != NULL;
}

HRESULT uvcom__proxy_object(IUnknown *pointer, struct target **object)
{
    struct proxy *proxy = NULL;
    HRESULT hr;

    *object = NULL;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* the proxy's lock may be held for ever */
    hr = pointer->lpVtbl->QueryInterface(pointer, &uvcom__IID_proxy, (void **)&proxy);
    if (FAILED(hr) || !proxy)
        return S_OK;
    hr = S_OK;
    /* An object that says yes to everything is not a proxy for that, nor is one that hands on to a
       proxy what it does not know. */
    if (proxy->unknown.lpVtbl == &unknown_vtable && is_of_proxy(proxy, pointer)) {
        hr = uvcom__proxy_check_thread(proxy);
        if (SUCCEEDED(hr)) {
            *object = proxy->object;
            uvcom__target_add_ref(*object);
        }
    }
    proxy->unknown.lpVtbl->Release(&proxy->unknown);
    return hr;
}
