/*
 * clock_client.c -- see clock_server.h; the half that calls IClock.
 */
#include "clock.h"
#include "clock_server.h"

static HRESULT ask_by_call(IClock *clock, LONG zone, LONG *hour)
{
    AsyncIClock *call;
    HRESULT hr = uvcom_create_call(clock, &IID_AsyncIClock, (void **)&call);

    if (FAILED(hr))
        return hr;
    hr = AsyncIClock_Begin_GetHour(call, zone);
    if (SUCCEEDED(hr))
        hr = uvcom_wait(call, INFINITE);
    if (SUCCEEDED(hr))
        hr = AsyncIClock_Finish_GetHour(call, hour);
    AsyncIClock_Release(call);
    return hr;
}

static HRESULT ask_both_ways(REFCLSID clsid, LONG zone)
{
    LONG by_call = -1, plain = -1;
    IClock *clock;
    HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IClock, (void **)&clock);

    if (FAILED(hr))
        return hr;
    hr = ask_by_call(clock, zone, &by_call);
    if (SUCCEEDED(hr))
        hr = IClock_GetHour(clock, zone, &plain);
    if (SUCCEEDED(hr) && (plain != (12 + zone) % 24 || by_call != plain))
        hr = E_FAIL;
    IClock_Release(clock);
    return hr;
}

HRESULT clock_open(REFCLSID clsid, void **clock, void **call)
{
    HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IClock, clock);

    if (SUCCEEDED(hr))
        hr = uvcom_create_call(*clock, &IID_AsyncIClock, call);
    return hr;
}

HRESULT clock_ask(REFCLSID clsid, LONG zone)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return hr;
    hr = ask_both_ways(clsid, zone);
    CoUninitialize();
    return hr;
}
