/*
 * activation.c -- CoGetClassObject and CoCreateInstance.
 *
 * The class table says who makes the objects, the entry says where. In the client's own apartment
 * the class is asked directly, and what it returns is returned. Otherwise the request travels to
 * the other apartment's queue, and the client gets a proxy; the client's apartment serves its own
 * calls until the answer is there.
 *
 * An apartment of a class's own ends with the last CoUninitialize of the process while the class
 * stays registered, so a request may be refused by an apartment that is gone. Then it goes to a new
 * one.
 */
#include "runtime/activation.h"

#include <uvcom/combase.h>

#include "runtime/class_builtin.h"
#include "runtime/class_table.h"
#include "runtime/library_search.h"

/* ---- the journey ---- */

/* In the other apartment. */
static HRESULT make_at_home(void *arg)
{
    struct activation *activation = arg;
    IUnknown *made = NULL;
    HRESULT hr, kept;

    activation->arrived = true;
    hr = activation->make(activation->context, activation->riid, (void **)&made);
    if (FAILED(hr))
        return hr;
    if (!made)
        return E_UNEXPECTED; /* a class that says yes and gives nothing */
    kept = uvcom__agile_pack(made, activation->riid, &activation->made);
    made->lpVtbl->Release(made);
    /* Only now it is known whether the client needs a proxy: an agile object goes as itself. */
    if (SUCCEEDED(kept) &&
        !uvcom__agile_can_arrive(&activation->made, activation->riid, activation->client)) {
        uvcom__agile_drop(&activation->made);
        kept = E_NOINTERFACE;
    }
    return FAILED(kept) ? kept : hr;
}

HRESULT uvcom__activation_proxy(struct activation *activation, void **ppv)
{
    HRESULT hr, proxied;

    activation->client = uvcom__apartment_current();
    activation->made = (struct agile_pointer){NULL, NULL};
    activation->arrived = false;
    hr = uvcom__apartment_invoke(activation->home, make_at_home, activation);
    if (FAILED(hr))
        return hr;
    proxied = uvcom__agile_unpack(&activation->made, activation->riid, ppv);
    uvcom__agile_drop(&activation->made);
    return FAILED(proxied) ? proxied : hr;
}

/* ---- what is asked of a class ---- */

struct request {
    HRESULT (*here)(struct class_entry *entry, IUnknown *outer, REFIID riid, void **ppv);
    HRESULT (*make)(void *context, REFIID riid, void **ppv); /* the same for a client elsewhere */
    IUnknown *outer;
    REFIID riid;
};

/* One attempt. `gone`: the apartment was closed before it could be asked. */
static HRESULT ask_once(struct class_entry *entry, const struct request *request, void **ppv,
                        bool *gone)
{
    struct activation activation = {.make = request->make, .context = entry, .riid = request->riid};
    HRESULT hr = uvcom__class_entry_home(entry, uvcom__apartment_current(), &activation.home);

    if (FAILED(hr))
        return hr;
    if (uvcom__apartment_is_here(activation.home)) {
        hr = request->here(entry, request->outer, request->riid, ppv);
    } else if (request->outer) {
        hr = CLASS_E_NOAGGREGATION;
    } else {
        hr = uvcom__activation_proxy(&activation, ppv);
        *gone = hr == RPC_E_DISCONNECTED && !activation.arrived;
        if (*gone)
            uvcom__class_entry_forget(entry, activation.home);
    }
    uvcom__apartment_release(activation.home);
    return hr;
}

static HRESULT ask_entry(struct class_entry *entry, const struct request *request, void **ppv)
{
    bool gone = false;
    HRESULT hr = ask_once(entry, request, ppv, &gone);

    /* Once more, with a new apartment. Only once: a process that is ending closes that one as well.
     */
    if (gone && !entry->object)
        hr = ask_once(entry, request, ppv, &gone);
    return hr;
}

/* What was registered comes first, then what the runtime has, then what is installed. */
static HRESULT find(REFCLSID clsid, DWORD context, struct class_entry **entry)
{
    *entry = uvcom__class_table_find(clsid, context, uvcom__apartment_current());
    if (!*entry)
        *entry = uvcom__class_builtin(clsid);
    return *entry ? S_OK : uvcom__library_search(clsid, entry);
}

static HRESULT ask(REFCLSID clsid, DWORD context, const struct request *request, void **ppv)
{
    struct class_entry *entry;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (!(context & CLSCTX_INPROC_SERVER))
        return REGDB_E_CLASSNOTREG;
    hr = find(clsid, context, &entry);
    if (FAILED(hr))
        return hr;
    /* Loaded here and not at home: a library that is not there starts no apartment. It is held
       until the client has its pointer. */
    if (entry->library)
        hr = uvcom__library_load(entry->library);
    if (SUCCEEDED(hr)) {
        hr = ask_entry(entry, request, ppv);
        uvcom__library_drop(entry->library);
    }
    uvcom__class_entry_release(entry);
    return hr;
}

/* ---- CoCreateInstance ---- */

static HRESULT instance_make(void *context, REFIID riid, void **ppv)
{
    return uvcom__class_entry_make(context, NULL, riid, ppv);
}

HRESULT CoCreateInstance(REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext, REFIID riid,
                         void **ppv)
{
    const struct request request = {uvcom__class_entry_make, instance_make, pUnkOuter, riid};

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!rclsid || !riid)
        return E_INVALIDARG;
    return ask(rclsid, dwClsContext, &request, ppv);
}

/* ---- CoGetClassObject ---- */

static HRESULT class_object_here(struct class_entry *entry, IUnknown *outer, REFIID riid,
                                 void **ppv)
{
    (void)outer;
    return uvcom__class_entry_get_object(entry, riid, ppv);
}

static HRESULT class_object_make(void *context, REFIID riid, void **ppv)
{
    return uvcom__class_entry_get_object(context, riid, ppv);
}

HRESULT CoGetClassObject(REFCLSID rclsid, DWORD dwClsContext, void *pvReserved, REFIID riid,
                         void **ppv)
{
    const struct request request = {class_object_here, class_object_make, NULL, riid};

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!rclsid || !riid || pvReserved)
        return E_INVALIDARG;
    return ask(rclsid, dwClsContext, &request, ppv);
}
