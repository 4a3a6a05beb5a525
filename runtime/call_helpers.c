/*
 * call_helpers.c -- the short way through the protocol: uvcom_create_call and uvcom_wait.
 *
 * They do what a client of COM writes out, step by step, and hide no code.
 */
#include <uvcom/call.h>
#include <uvcom/objidl.h>

HRESULT uvcom_create_call(void *server, REFIID async_iid, void **call)
{
    IUnknown *unknown = server, *made = NULL;
    void *found = NULL;
    ICallFactory *factory;
    HRESULT hr;

    if (!call)
        return E_POINTER;
    *call = NULL;
    if (!server)
        return E_POINTER;
    hr = unknown->lpVtbl->QueryInterface(unknown, &IID_ICallFactory, &found);
    if (FAILED(hr))
        return hr;
    if (!found)
        return E_UNEXPECTED; /* an object that says S_OK and gives nothing */
    factory = found;
    hr = factory->lpVtbl->CreateCall(factory, async_iid, NULL, async_iid, &made);
    factory->lpVtbl->Release(factory);
    if (FAILED(hr))
        return hr;
    *call = made;
    return made ? hr : E_UNEXPECTED;
}

HRESULT uvcom_wait(void *call, DWORD timeout_ms)
{
    IUnknown *unknown = call;
    void *found = NULL;
    ISynchronize *synchronize;
    HRESULT hr;

    if (!call)
        return E_POINTER;
    hr = unknown->lpVtbl->QueryInterface(unknown, &IID_ISynchronize, &found);
    if (FAILED(hr))
        return hr;
    if (!found)
        return E_UNEXPECTED; /* as above */
    synchronize = found;
    hr = synchronize->lpVtbl->Wait(synchronize, COWAIT_DEFAULT, timeout_ms);
    synchronize->lpVtbl->Release(synchronize);
    return hr;
}
