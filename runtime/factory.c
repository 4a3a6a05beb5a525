/*
 * factory.c -- CreateCall: what every ICallFactory of the runtime has in common.
 */
#include "runtime/factory.h"

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/incoming_call.h"
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
    if (request->outer && !IsEqualGUID(request->riid2, &IID_IUnknown))
        return E_INVALIDARG;
    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    *interface = uvcom__interface_find_async(request->riid);
    return *interface ? S_OK : E_NOINTERFACE;
}

/* Generated code may be older than its header. */
static bool can_start(const struct uvcom_interface *interface)
{
    for (size_t i = 0; i < interface->method_count; i++)
        if (!interface->methods[i].start)
            return false;
    return true;
}

static HRESULT create_at(IUnknown *server, struct apartment *home, struct call_plan *plan,
                         const struct create_call *request)
{
    HRESULT hr = uvcom__target_create(server, plan->interface->id.iid, home, &plan->target);

    if (FAILED(hr))
        return hr;
    hr = uvcom__call_create(plan, request->riid2, (void **)request->ppv);
    uvcom__target_release(plan->target);
    return hr;
}

/* Of an object that belongs to no apartment: the one that calls to it run in is this. */
static HRESULT create_anywhere(IUnknown *server, struct call_plan *plan,
                               const struct create_call *request)
{
    struct apartment *multithreaded;
    HRESULT hr = uvcom__apartment_multithreaded(&multithreaded);

    if (FAILED(hr))
        return hr;
    hr = create_at(server, multithreaded, plan, request);
    uvcom__apartment_release(multithreaded);
    return hr;
}

HRESULT uvcom__factory_create_call(IUnknown *server, struct apartment *home,
                                   const struct create_call *request)
{
    struct call_plan plan = {
        .outer = request->outer, .starts = request->starts, .starts_anywhere = !home};
    IUnknown *iface = NULL;
    HRESULT hr = uvcom__create_call_check(request, &plan.interface);

    if (FAILED(hr))
        return hr;
    if (home && !uvcom__apartment_is_multithreaded(home) && !uvcom__apartment_is_here(home))
        return RPC_E_WRONG_THREAD;
    if (request->starts && !can_start(plan.interface))
        return E_NOINTERFACE;
    hr = server->lpVtbl->QueryInterface(server, plan.interface->id.iid, (void **)&iface);
    if (FAILED(hr))
        return hr;
    if (!iface)
        return E_UNEXPECTED; /* as in a proxy */
    if (request->starts)
        plan.upstream = uvcom__incoming_call_ticket(request->outer);
    hr = home ? create_at(iface, home, &plan, request) : create_anywhere(iface, &plan, request);
    iface->lpVtbl->Release(iface);
    return hr;
}
