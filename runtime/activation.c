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

#include "runtime/class_proxy.h"
#include "runtime/class_table.h"
#include "runtime/interfaces.h"
#include "runtime/proxy.h"
#include "runtime/target.h"

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
    kept = uvcom__target_create(made, activation->home, &activation->target);
    made->lpVtbl->Release(made);
    return FAILED(kept) ? kept : hr;
}

HRESULT uvcom__activation_fetch(struct activation *activation)
{
    activation->target = NULL;
    activation->arrived = false;
    return uvcom__apartment_invoke(activation->home, make_at_home, activation);
}

HRESULT uvcom__activation_proxy(struct activation *activation, void **ppv)
{
    const struct uvcom_interface *interface = uvcom__interface_find(activation->riid);
    HRESULT hr, proxied;

    if (!interface)
        return E_NOINTERFACE;
    hr = uvcom__activation_fetch(activation);
    if (FAILED(hr))
        return hr;
    proxied = uvcom__proxy_create(activation->target, interface, ppv);
    uvcom__target_release(activation->target);
    return FAILED(proxied) ? proxied : hr;
}

/* ---- what is asked of a class ---- */

struct request {
    HRESULT (*here)(struct class_entry *entry, IUnknown *outer, REFIID riid, void **ppv);
    HRESULT (*elsewhere)(struct activation *activation, void **ppv);
    HRESULT (*make)(void *context, REFIID riid, void **ppv); /* the half of elsewhere at home */
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
        hr = request->elsewhere(&activation, ppv);
        *gone = hr == RPC_E_DISCONNECTED && !activation.arrived;
        if (*gone)
            uvcom__class_entry_forget(entry, activation.home);
    }
    uvcom__apartment_release(activation.home);
    return hr;
}

static HRESULT ask(REFCLSID clsid, DWORD context, const struct request *request, void **ppv)
{
    struct apartment *client = uvcom__apartment_current();
    struct class_entry *entry;
    bool gone = false;
    HRESULT hr;

    if (!client)
        return CO_E_NOTINITIALIZED;
    if (!(context & CLSCTX_INPROC_SERVER))
        return REGDB_E_CLASSNOTREG;
    entry = uvcom__class_table_find(clsid, context, client);
    if (!entry)
        return REGDB_E_CLASSNOTREG;
    hr = ask_once(entry, request, ppv, &gone);
    /* Once more, with a new apartment. Only once: a process that is ending closes that one as well.
     */
    if (gone && entry->create)
        hr = ask_once(entry, request, ppv, &gone);
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
    const struct request request = {uvcom__class_entry_make, uvcom__activation_proxy, instance_make,
                                    pUnkOuter, riid};

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

/*
 * A class object may be anything. An IClassFactory gets its hand-written proxy; another interface,
 * or the IUnknown of an object that is no IClassFactory, gets the generated one.
 */
static HRESULT class_object_elsewhere(struct activation *activation, void **ppv)
{
    REFIID riid = activation->riid;
    bool unknown = IsEqualIID(riid, &IID_IUnknown);
    HRESULT hr;

    if (!unknown && !IsEqualIID(riid, &IID_IClassFactory))
        return uvcom__activation_proxy(activation, ppv);
    activation->riid = &IID_IClassFactory;
    hr = uvcom__activation_fetch(activation);
    if (hr == E_NOINTERFACE && unknown) {
        activation->riid = riid;
        return uvcom__activation_proxy(activation, ppv);
    }
    if (FAILED(hr))
        return hr;
    hr = uvcom__class_proxy_create(activation->target, riid, ppv);
    uvcom__target_release(activation->target);
    return hr;
}

HRESULT CoGetClassObject(REFCLSID rclsid, DWORD dwClsContext, void *pvReserved, REFIID riid,
                         void **ppv)
{
    const struct request request = {class_object_here, class_object_elsewhere, class_object_make,
                                    NULL, riid};

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!rclsid || !riid || pvReserved)
        return E_INVALIDARG;
    return ask(rclsid, dwClsContext, &request, ppv);
}
