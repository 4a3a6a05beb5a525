/*
 * synchronous.c -- the story with plain calls: each one keeps the program waiting.
 */
#include "story.h"

static HRESULT ask(IPriceSource *shop, enum site site, const char *coffee, double *price)
{
    double from_ms = story_now_ms();
    HRESULT hr = IPriceSource_SendRequest(shop);

    if (FAILED(hr))
        return hr;
    story_span(SYNCHRONOUS, site, "request", from_ms);
    story_event(SYNCHRONOUS, site == DOWNFALL ? ANSWERED_DOWNFALL : ANSWERED_FOURTH,
                site == DOWNFALL ? "download prices from Downfall" : "download prices from Fourth");
    from_ms = story_now_ms();
    hr = IPriceSource_DownloadPrice(shop, coffee, price);
    if (FAILED(hr))
        return hr;
    story_span(SYNCHRONOUS, site, "download", from_ms);
    story_event(SYNCHRONOUS, site == DOWNFALL ? DOWNLOADED_DOWNFALL : DOWNLOADED_FOURTH,
                site == DOWNFALL ? "send request to Fourth" : "compare prices");
    return S_OK;
}

static HRESULT compare_prices(IPriceSource *const shops[SITE_COUNT], const char *coffee,
                              unsigned compare_ms)
{
    double price[SITE_COUNT];
    HRESULT hr;

    wait_for_start();
    story_event(SYNCHRONOUS, START, "send request to Downfall");
    hr = ask(shops[DOWNFALL], DOWNFALL, coffee, &price[DOWNFALL]);
    if (SUCCEEDED(hr))
        hr = ask(shops[FOURTH], FOURTH, coffee, &price[FOURTH]);
    if (SUCCEEDED(hr))
        story_compare(SYNCHRONOUS, compare_ms, price);
    return hr;
}

HRESULT synchronous_version(const char *coffee, unsigned compare_ms)
{
    IPriceSource *shops[SITE_COUNT] = {NULL};
    HRESULT hr = shop_create(SYNCHRONOUS, DOWNFALL, &shops[DOWNFALL]);

    if (SUCCEEDED(hr))
        hr = shop_create(SYNCHRONOUS, FOURTH, &shops[FOURTH]);
    if (SUCCEEDED(hr))
        hr = compare_prices(shops, coffee, compare_ms);
    else
        wait_for_start(); /* the other version must not wait for ever */
    for (int i = 0; i < SITE_COUNT; i++)
        if (shops[i])
            IPriceSource_Release(shops[i]);
    return hr;
}
