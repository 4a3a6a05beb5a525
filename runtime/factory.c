/*
 * factory.c -- CreateCall: what every ICallFactory of the runtime has in common.
 */
#include "runtime/factory.h"

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/interfaces.h"
#include "runtime/target.h"

HRESULT uvcom__create_call_check(const struct create_call *request,
                                 const struct uvcom_interface **interface)
{
    if (!request->ppv)
        return E_POINTER;
    *request->ppv = NULL;
    if (!request->riid || !request->riid2)
        return E_INVALIDARG;
    if (request->outer)
        return IsEqualGUID(request->riid2, &IID_IUnknown) ? CLASS_E_NOAGGREGATION : E_INVALIDARG;
    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    *interface = uvcom__interface_find_async(request->riid);
    return *interface ? S_OK : E_NOINTERFACE;
}

static HRESULT create_at(IUnknown *server, struct apartment *home,
                         const struct uvcom_interface *interface, const struct create_call *request)
{
    struct target *target;
    HRESULT hr = uvcom__target_create(server, interface->id.iid, home, &target);

    if (FAILED(hr))
        return hr;
    hr = uvcom__call_create(target, interface, request->riid2, (void **)request->ppv);
    uvcom__target_release(target);
    return hr;
}

HRESULT uvcom__factory_create_call(IUnknown *server, struct apartment *home,
                                   const struct create_call *request)
{
    const struct uvcom_interface *interface;
    struct apartment *multithreaded = NULL;
    IUnknown *iface = NULL;
    HRESULT hr = uvcom__create_call_check(request, &interface);

    if (FAILED(hr))
        return hr;
    if (home && !uvcom__apartment_is_multithreaded(home) && !uvcom__apartment_is_here(home))
        return RPC_E_WRONG_THREAD;
    hr = server->lpVtbl->QueryInterface(server, interface->id.iid, (void **)&iface);
    if (FAILED(hr))
        return hr;
    if (!iface)
        return E_UNEXPECTED; /* as in a proxy */
    if (!home)
        hr = uvcom__apartment_multithreaded(&multithreaded);
    if (SUCCEEDED(hr))
        hr = create_at(iface, home ? home : multithreaded, interface, request);
    if (multithreaded)
        uvcom__apartment_release(multithreaded);
    iface->lpVtbl->Release(iface);
    return hr;
}
