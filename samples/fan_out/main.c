/*
 * main.c -- a thousand calls under way at once, from one thread: two rounds with callbacks on its
 * loop, two with a container, always with the same call objects.
 */
#include <stdio.h>

#include <uvcom/synchronize.h>

#include "fan.h"

static void show(const char *how, int round, const struct fan *fan, HRESULT hr)
{
    printf("%s, round %d: %u calls finished, %d people: %s\n", how, round, fan->finished,
           fan->people, uvcom_hresult_describe(hr));
}

static HRESULT use_callbacks(struct fan *fan, uv_loop_t *loop)
{
    HRESULT hr = S_OK;

    for (int round = 1; SUCCEEDED(hr) && round <= 2; round++) {
        hr = fan_round_with_callbacks(fan, loop);
        show("callbacks", round, fan, hr);
    }
    return hr;
}

static HRESULT use_container(struct fan *fan)
{
    ISynchronizeContainer *container;
    HRESULT hr = uvcom_create_container(&container);

    if (FAILED(hr))
        return hr;
    for (int round = 1; SUCCEEDED(hr) && round <= 2; round++) {
        hr = fan_round_with_container(fan, container);
        show("container", round, fan, hr);
    }
    ISynchronizeContainer_Release(container);
    return hr;
}

static HRESULT run(uv_loop_t *loop)
{
    static struct fan fan;
    HRESULT hr = census_register();

    if (SUCCEEDED(hr))
        hr = fan_open(&fan);
    if (SUCCEEDED(hr))
        hr = use_callbacks(&fan, loop);
    if (SUCCEEDED(hr))
        hr = use_container(&fan);
    fan_close(&fan);
    printf("threads that took part: 1 asked, %u answered in an apartment of its own, %u in the "
           "multithreaded one\n",
           census_threads(ONE_THREAD), census_threads(MANY_THREADS));
    return hr;
}

/* The thread has no CoInitializeEx: adopting its loop makes an apartment of it. */
int main(void)
{
    uvcom_apartment *apartment;
    uv_loop_t *loop = uv_default_loop();
    HRESULT hr = loop ? uvcom_loop_adopt(loop, &apartment) : E_OUTOFMEMORY;

    if (SUCCEEDED(hr)) {
        hr = run(loop);
        uvcom_loop_release(apartment);
        uv_loop_close(loop);
    }
    if (FAILED(hr))
        printf("%s\n", uvcom_hresult_describe(hr));
    return FAILED(hr);
}
