/*
 * fan.c -- makes the call objects, begins them all, and finishes one after the other as they
 * complete: told by a callback on this thread's loop, or by a container that it waits for.
 */
#include "fan.h"

#include <uvcom/synchronize.h>

static HRESULT open_half(struct fan *fan, enum office office)
{
    ICensus *census;
    HRESULT hr = census_open(office, &census);

    if (FAILED(hr))
        return hr;
    for (int i = (int)office; SUCCEEDED(hr) && i < CALLS; i += OFFICE_COUNT)
        hr = uvcom_create_call(census, &IID_AsyncICensus, (void **)&fan->calls[i]);
    ICensus_Release(census); /* the call objects keep the server */
    return hr;
}

HRESULT fan_open(struct fan *fan)
{
    HRESULT hr = open_half(fan, ONE_THREAD);

    return SUCCEEDED(hr) ? open_half(fan, MANY_THREADS) : hr;
}

void fan_close(struct fan *fan)
{
    for (int i = 0; i < CALLS; i++)
        if (fan->calls[i])
            AsyncICensus_Release(fan->calls[i]);
}

HRESULT fan_begin(struct fan *fan)
{
    HRESULT hr = S_OK;

    fan->finished = 0;
    fan->people = 0;
    fan->hr = S_OK;
    for (int i = 0; SUCCEEDED(hr) && i < CALLS; i++)
        hr = AsyncICensus_Begin_Count(fan->calls[i], i);
    return hr;
}

void fan_finish(struct fan *fan, AsyncICensus *call)
{
    LONG people;
    HRESULT hr = AsyncICensus_Finish_Count(call, &people);

    fan->finished++;
    fan->people += people; /* 0 if it failed */
    if (FAILED(hr) && SUCCEEDED(fan->hr))
        fan->hr = hr;
}

/* ---- callbacks ---- */

static void on_counted(void *call, void *context)
{
    fan_finish(context, call);
}

/* The loop runs until the last callback has come: it is what keeps uv_run here. */
HRESULT fan_round_with_callbacks(struct fan *fan, uv_loop_t *loop)
{
    HRESULT hr = fan_begin(fan);

    for (int i = 0; SUCCEEDED(hr) && i < CALLS; i++)
        hr = uvcom_on_complete(fan->calls[i], on_counted, fan);
    if (FAILED(hr))
        return hr;
    uv_run(loop, UV_RUN_DEFAULT);
    return fan->hr;
}

/* ---- a container ---- */

static HRESULT add(ISynchronizeContainer *container, AsyncICensus *call)
{
    ISynchronize *synchronize;
    HRESULT hr = AsyncICensus_QueryInterface(call, &IID_ISynchronize, (void **)&synchronize);

    if (FAILED(hr))
        return hr;
    hr = ISynchronizeContainer_AddSynchronize(container, synchronize);
    ISynchronize_Release(synchronize); /* the container has a reference of its own */
    return hr;
}

/* What WaitMultiple gives out has left the container, and comes with a reference. Which call it is
   the object itself can say. */
static HRESULT finish_next(struct fan *fan, ISynchronizeContainer *container)
{
    ISynchronize *synchronize;
    AsyncICensus *call;
    HRESULT hr =
        ISynchronizeContainer_WaitMultiple(container, COWAIT_DEFAULT, INFINITE, &synchronize);

    if (FAILED(hr))
        return hr;
    hr = ISynchronize_QueryInterface(synchronize, &IID_AsyncICensus, (void **)&call);
    ISynchronize_Release(synchronize);
    if (FAILED(hr))
        return hr;
    fan_finish(fan, call);
    AsyncICensus_Release(call);
    return S_OK;
}

HRESULT fan_round_with_container(struct fan *fan, ISynchronizeContainer *container)
{
    HRESULT hr = fan_begin(fan);

    for (int i = 0; SUCCEEDED(hr) && i < CALLS; i++)
        hr = add(container, fan->calls[i]);
    while (SUCCEEDED(hr) && fan->finished < CALLS)
        hr = finish_next(fan, container);
    return SUCCEEDED(hr) ? fan->hr : hr;
}
