/*
 * class_register.c -- CoRegisterClassObject, uvcom_register_class, and their undoing.
 *
 * A class object goes when it is revoked, or when its apartment closes, whichever is first: the two
 * can come together in the multithreaded apartment, and whoever takes the entry off the table gives
 * the object back. A create function stays until uvcom_unregister_class, over any number of
 * CoInitializeEx and CoUninitialize.
 */
#include <stddef.h>

#include "runtime/class_table.h"

/*
 * The contexts for which a class object is found; 0: this combination is an error. After the table
 * in the documentation of REGCLS: an in-process registration is never of a single use, and one of
 * multiple use for a local server is an in-process one as well. Nothing is suspended here, and no
 * surrogate.
 */
static DWORD registration_context(DWORD context, DWORD flags)
{
    context &= CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER;
    switch (flags) {
    case REGCLS_SINGLEUSE:
        return context == CLSCTX_LOCAL_SERVER ? context : 0;
    case REGCLS_MULTIPLEUSE:
        return context ? context | CLSCTX_INPROC_SERVER : 0;
    case REGCLS_MULTI_SEPARATE:
        return context;
    default:
        return 0;
    }
}

/* True for the one caller that ended the registration. Only at home. */
static bool withdraw(struct class_entry *entry)
{
    if (!uvcom__class_table_remove(entry))
        return false;
    uvcom__class_entry_drop(entry);
    uvcom__class_entry_release(entry);
    return true;
}

/* The apartment closes: on its own thread, or for the multithreaded one on the last that left. */
static void disconnect(struct apartment_export *export)
{
    struct class_entry *entry =
        (struct class_entry *)((char *)export - offsetof(struct class_entry, export));

    withdraw(entry);
    uvcom__class_entry_release(entry);
}

/* An entry for a class object, with its own reference to it as the first hold. NULL: no memory. */
static struct class_entry *new_class_object(REFCLSID clsid, IUnknown *object,
                                            struct apartment *home)
{
    struct class_entry *entry = uvcom__class_entry_alloc(clsid);

    if (!entry)
        return NULL;
    object->lpVtbl->AddRef(object);
    entry->object = object;
    uvcom__store32(&entry->holds, 1, UVCOM__RELAXED);
    uvcom__apartment_add_ref(home);
    entry->home = home;
    entry->keeper = uvcom__library_hold_of(object->lpVtbl);
    entry->export.disconnect = disconnect;
    return entry;
}

/* Makes it known, then ties it to its apartment. On failure the class object is given back. */
static HRESULT publish(struct class_entry *entry)
{
    HRESULT hr = uvcom__class_table_add(entry);

    if (FAILED(hr)) {
        uvcom__class_entry_drop(entry);
        return hr;
    }
    uvcom__class_entry_add_ref(entry); /* the export's */
    hr = uvcom__apartment_attach(entry->home, &entry->export);
    if (FAILED(hr)) {
        withdraw(entry);
        uvcom__class_entry_release(entry);
    }
    return hr;
}

HRESULT CoRegisterClassObject(REFCLSID rclsid, IUnknown *pUnk, DWORD dwClsContext, DWORD flags,
                              DWORD *lpdwRegister)
{
    struct apartment *home = uvcom__apartment_current();
    struct class_entry *entry;
    HRESULT hr;

    if (!lpdwRegister)
        return E_INVALIDARG;
    *lpdwRegister = 0;
    if (!rclsid || !pUnk || !registration_context(dwClsContext, flags))
        return E_INVALIDARG;
    if (!home)
        return CO_E_NOTINITIALIZED;
    entry = new_class_object(rclsid, pUnk, home);
    if (!entry)
        return E_OUTOFMEMORY;
    entry->context = registration_context(dwClsContext, flags);
    entry->single_use = flags == REGCLS_SINGLEUSE;
    hr = publish(entry);
    if (SUCCEEDED(hr))
        *lpdwRegister = entry->cookie;
    uvcom__class_entry_release(entry);
    return hr;
}

/* Off the table, and off the list of its apartment; the entry itself stays the caller's. */
static HRESULT revoke(struct class_entry *entry)
{
    if (!uvcom__apartment_is_here(entry->home))
        return RPC_E_WRONG_THREAD;
    if (!withdraw(entry))
        return E_INVALIDARG; /* another thread was faster */
    if (uvcom__apartment_detach(entry->home, &entry->export))
        uvcom__class_entry_release(entry);
    return S_OK;
}

HRESULT CoRevokeClassObject(DWORD dwRegister)
{
    struct class_entry *entry;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    entry = uvcom__class_table_find_cookie(dwRegister);
    if (!entry)
        return E_INVALIDARG;
    hr = revoke(entry);
    uvcom__class_entry_release(entry);
    return hr;
}

/*
 * In a child made by fork another thread of the parent may have held the table's lock, and nobody
 * is left to release it. The functions above are kept out by having no apartment.
 */
HRESULT uvcom_register_class(REFCLSID clsid, uvcom_create_fn create, uvcom_apartment_kind kind)
{
    struct class_entry *entry;
    HRESULT hr;

    if (!clsid || !create || kind < UVCOM_APARTMENT_OWN || kind > UVCOM_APARTMENT_NEUTRAL)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    entry = uvcom__class_entry_alloc(clsid);
    if (!entry)
        return E_OUTOFMEMORY;
    entry->context = CLSCTX_INPROC_SERVER;
    entry->create = create;
    entry->kind = kind;
    entry->keeper = uvcom__library_hold_of((const void *)(uintptr_t)create);
    hr = uvcom__class_table_add(entry);
    uvcom__class_entry_release(entry);
    return hr;
}

HRESULT uvcom_unregister_class(REFCLSID clsid)
{
    struct class_entry *entry;
    HRESULT hr = REGDB_E_CLASSNOTREG;

    if (!clsid)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    entry = uvcom__class_table_find_lasting(clsid);
    if (!entry)
        return hr;
    if (uvcom__class_table_remove(entry)) {
        uvcom__class_entry_release(entry);
        hr = S_OK;
    }
    uvcom__class_entry_release(entry);
    return hr;
}
