/*
 * class_object.c -- a class in its own apartment: its class object, and the making of one object.
 *
 * A class that uvcom_register_class was given has a create function and no class object. Who asks
 * for one gets the small IClassFactory that is here. It is an object like a user's, built on
 * uvcom_object.
 *
 * Everything here runs at home, in the apartment that uvcom__class_entry_home names; coming from
 * another one is the matter of activation.c and class_proxy.c.
 */
#include <uvcom/object.h>

#include "runtime/class_table.h"

struct class_object {
    uvcom_object object;
    IClassFactory IClassFactory_iface;
    struct class_entry *entry; /* one reference: it works on after uvcom_unregister_class */
};

UVCOM_OBJECT_IUNKNOWN(class_object, IClassFactory)

/*
 * A create function in the multithreaded apartment may be called on any of its threads, one of
 * UVCOM_APARTMENT_CALLER anywhere, but an apartment's own thread is the only one for its classes.
 */
static HRESULT class_object_may_be_used_here(const struct class_object *factory)
{
    const struct apartment *home = factory->object.apartment;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (factory->entry->kind == UVCOM_APARTMENT_CALLER || uvcom__apartment_is_here(home))
        return S_OK;
    return RPC_E_WRONG_THREAD;
}

static HRESULT STDMETHODCALLTYPE class_object_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                             REFIID riid, void **ppv)
{
    struct class_object *factory = class_object_from_IClassFactory(This);
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    hr = class_object_may_be_used_here(factory);
    if (FAILED(hr))
        return hr;
    return uvcom__class_entry_make(factory->entry, outer, riid, ppv);
}

/* There is no module that could be unloaded while nobody holds an object. */
static HRESULT STDMETHODCALLTYPE class_object_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This;
    (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl class_object_vtbl = {
    class_object_IClassFactory_QueryInterface,
    class_object_IClassFactory_AddRef,
    class_object_IClassFactory_Release,
    class_object_CreateInstance,
    class_object_LockServer,
};

static void class_object_destroy(uvcom_object *object)
{
    struct class_object *factory = (struct class_object *)object;

    uvcom__class_entry_release(factory->entry);
    uvcom__free(factory);
}

static HRESULT class_object_create(struct class_entry *entry, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(class_object, IClassFactory)};
    static const uvcom_class class_ = {interfaces, 1, class_object_destroy,
                                       UVCOM_CLASS_NO_CALL_FACTORY};
    struct class_object *factory = uvcom__alloc(sizeof *factory);
    HRESULT hr;

    if (!factory)
        return E_OUTOFMEMORY;
    uvcom_object_init(&factory->object, &class_);
    factory->IClassFactory_iface.lpVtbl = &class_object_vtbl;
    uvcom__class_entry_add_ref(entry);
    factory->entry = entry;
    hr = uvcom_object_QueryInterface(&factory->object, riid, ppv);
    uvcom_object_Release(&factory->object);
    return hr;
}

/*
 * What a class of the user answers, made into what the callers here may rely on: a pointer exactly
 * if the code is a success.
 */
static HRESULT checked(HRESULT hr, void **ppv)
{
    if (SUCCEEDED(hr) && !*ppv)
        return E_UNEXPECTED;
    if (FAILED(hr))
        *ppv = NULL;
    return hr;
}

HRESULT uvcom__class_entry_get_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    IUnknown *object;
    HRESULT hr;

    *ppv = NULL;
    if (entry->create)
        return class_object_create(entry, riid, ppv);
    object = uvcom__class_entry_hold(entry);
    if (!object)
        return REGDB_E_CLASSNOTREG;
    hr = checked(object->lpVtbl->QueryInterface(object, riid, ppv), ppv);
    uvcom__class_entry_drop(entry);
    return hr;
}

HRESULT uvcom__class_entry_make(struct class_entry *entry, IUnknown *outer, REFIID riid, void **ppv)
{
    IClassFactory *factory;
    HRESULT hr;

    *ppv = NULL;
    if (entry->create)
        return checked(entry->create(outer, riid, ppv), ppv);
    hr = uvcom__class_entry_get_object(entry, &IID_IClassFactory, (void **)&factory);
    if (FAILED(hr))
        return hr;
    hr = factory->lpVtbl->CreateInstance(factory, outer, riid, ppv);
    factory->lpVtbl->Release(factory);
    return checked(hr, ppv);
}
