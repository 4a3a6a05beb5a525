/*
 * class_object.c -- a class in its own apartment: its class object, and the making of one object.
 *
 * A class that uvcom_register_class was given has a create function and no class object. Who asks
 * for one gets the small IClassFactory that is here, and so does who asks for that of a neutral
 * class of a library, once the library has said that it has the class. It is an object like a
 * user's, built on uvcom_object.
 *
 * Everything here runs at home, in the apartment that uvcom__class_entry_home names; coming from
 * another one is the matter of activation.c and class_proxy.c.
 */
#include <uvcom/object.h>

#include "runtime/agile.h"
#include "runtime/class_table.h"
#include "runtime/neutral.h"

struct class_object {
    uvcom_object object;
    IClassFactory IClassFactory_iface;
    struct class_entry *entry; /* one reference: it works on after uvcom_unregister_class */
};

UVCOM_OBJECT_IUNKNOWN(class_object, IClassFactory)

/*
 * A create function in the multithreaded apartment may be called on any of its threads, one of
 * UVCOM_APARTMENT_CALLER and what is neutral anywhere, but an apartment's own thread is the only
 * one for its classes.
 */
static HRESULT class_object_may_be_used_here(const struct class_object *factory)
{
    const struct apartment *home = factory->object.apartment;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (factory->entry->kind == UVCOM_APARTMENT_CALLER ||
        uvcom__class_entry_is_neutral(factory->entry) || uvcom__apartment_is_here(home))
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

/* Keeps the library loaded, if the class is in one; nothing else could go while nobody holds an
 * object. */
static HRESULT STDMETHODCALLTYPE class_object_LockServer(IClassFactory *This, BOOL lock)
{
    const struct class_entry *entry = class_object_from_IClassFactory(This)->entry;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (entry->keeper)
        uvcom__library_lock_of(entry->keeper, lock);
    if (!entry->library)
        return S_OK;
    /* A neutral class: a lock on a library that is not loaded would keep nothing. */
    hr = uvcom__library_load(entry->library);
    if (FAILED(hr))
        return hr;
    uvcom__library_lock(entry->library, lock);
    uvcom__library_drop(entry->library);
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

/* What DllGetClassObject gives. */
static HRESULT library_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    HRESULT hr = uvcom__library_load(entry->library);

    *ppv = NULL; /* a class may say yes and not touch it */

    if (FAILED(hr))
        return hr;
    hr = checked(uvcom__library_class_object(entry->library, &entry->clsid, riid, ppv), ppv);
    uvcom__library_drop(entry->library);
    return hr;
}

static HRESULT registered_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    IUnknown *object = uvcom__class_entry_hold(entry);
    HRESULT hr;

    if (!object)
        return REGDB_E_CLASSNOTREG;
    hr = checked(object->lpVtbl->QueryInterface(object, riid, ppv), ppv);
    uvcom__class_entry_drop(entry);
    return hr;
}

/* The class's own: not the small one that is here. */
static HRESULT own_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    *ppv = NULL; /* a class may say yes and not touch it */
    if (entry->library)
        return library_object(entry, riid, ppv);
    return registered_object(entry, riid, ppv);
}

/*
 * What makes neutral objects must do so under the mark, and so through the small IClassFactory. But
 * the library is asked first: whether it has the class is its own answer, and so is an interface
 * that the small one has not. Everybody calls that one directly, so it must stand it.
 */
static HRESULT neutral_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    IUnknown *own;
    HRESULT hr = library_object(entry, riid, (void **)&own);

    if (FAILED(hr))
        return hr;
    hr = class_object_create(entry, riid, ppv);
    if (hr == E_NOINTERFACE && uvcom__is_agile(own)) {
        *ppv = own;
        return S_OK;
    }
    own->lpVtbl->Release(own);
    return hr == E_NOINTERFACE ? CO_E_NOT_SUPPORTED : hr;
}

HRESULT uvcom__class_entry_get_object(struct class_entry *entry, REFIID riid, void **ppv)
{
    const bool is_neutral = uvcom__class_entry_is_neutral(entry);
    bool was_neutral;
    HRESULT hr;

    *ppv = NULL;
    was_neutral = uvcom__neutral_set(is_neutral);
    if (entry->create)
        hr = class_object_create(entry, riid, ppv);
    else if (is_neutral)
        hr = neutral_object(entry, riid, ppv);
    else
        hr = own_object(entry, riid, ppv);
    uvcom__neutral_set(was_neutral);
    return hr;
}

static HRESULT make(struct class_entry *entry, IUnknown *outer, REFIID riid, void **ppv)
{
    IClassFactory *factory;
    HRESULT hr;

    if (entry->create)
        return checked(entry->create(outer, riid, ppv), ppv);
    hr = own_object(entry, &IID_IClassFactory, (void **)&factory);
    if (FAILED(hr))
        return hr;
    hr = factory->lpVtbl->CreateInstance(factory, outer, riid, ppv);
    factory->lpVtbl->Release(factory);
    return checked(hr, ppv);
}

/* An object that is called from every apartment must say that it can be. */
static HRESULT make_neutral(struct class_entry *entry, REFIID riid, void **ppv)
{
    IUnknown *made;
    HRESULT hr = make(entry, NULL, riid, ppv);

    made = *ppv;
    if (FAILED(hr) || uvcom__is_agile(made))
        return hr;
    *ppv = NULL;
    made->lpVtbl->Release(made);
    return CO_E_NOT_SUPPORTED;
}

HRESULT uvcom__class_entry_make(struct class_entry *entry, IUnknown *outer, REFIID riid, void **ppv)
{
    const bool is_neutral = uvcom__class_entry_is_neutral(entry);
    bool was_neutral;
    HRESULT hr;

    *ppv = NULL;
    if (is_neutral && outer)
        return CLASS_E_NOAGGREGATION;
    /* Held round both steps: a library may be unloaded between its class object and the object. */
    hr = entry->library ? uvcom__library_load(entry->library) : S_OK;
    if (FAILED(hr))
        return hr;
    was_neutral = uvcom__neutral_set(is_neutral);
    hr = is_neutral ? make_neutral(entry, riid, ppv) : make(entry, outer, riid, ppv);
    uvcom__neutral_set(was_neutral);
    uvcom__library_drop(entry->library);
    return hr;
}
