/*
 * asynchronous.c -- the story with call objects: both sites are asked at once, and whatever
 * completes is dealt with when it completes, by callbacks on this program's own event loop.
 */
#include <uvcom/loop.h>

#include "story.h"

struct inquiry;

/* The conversation with one site. The call object is reused: first for the request, then the
 * download. */
struct conversation {
    struct inquiry *inquiry;
    enum site site;
    AsyncIPriceSource *call;
    double began_ms;
};

struct inquiry {
    const char *coffee;
    unsigned compare_ms;
    struct conversation conversations[SITE_COUNT];
    double price[SITE_COUNT];
    unsigned downloaded;
    HRESULT hr;
};

/* A failure ends this conversation; the loop ends when nothing is outstanding any more. */
static BOOL failed(struct inquiry *inquiry, HRESULT hr)
{
    if (FAILED(hr))
        inquiry->hr = hr;
    return FAILED(hr);
}

static void on_downloaded(void *call, void *context)
{
    struct conversation *conversation = context;
    struct inquiry *inquiry = conversation->inquiry;
    enum site site = conversation->site;
    HRESULT hr = AsyncIPriceSource_Finish_DownloadPrice(call, &inquiry->price[site]);

    if (failed(inquiry, hr))
        return;
    inquiry->downloaded++;
    story_span(ASYNCHRONOUS, site, "download", conversation->began_ms);
    story_event(ASYNCHRONOUS, site == DOWNFALL ? DOWNLOADED_DOWNFALL : DOWNLOADED_FOURTH,
                inquiry->downloaded == SITE_COUNT ? "compare prices" : NULL);
    if (inquiry->downloaded == SITE_COUNT)
        story_compare(ASYNCHRONOUS, inquiry->compare_ms, inquiry->price);
}

static void on_answered(void *call, void *context)
{
    struct conversation *conversation = context;
    struct inquiry *inquiry = conversation->inquiry;
    enum site site = conversation->site;
    HRESULT hr = AsyncIPriceSource_Finish_SendRequest(call);

    if (failed(inquiry, hr))
        return;
    story_span(ASYNCHRONOUS, site, "request", conversation->began_ms);
    story_event(ASYNCHRONOUS, site == DOWNFALL ? ANSWERED_DOWNFALL : ANSWERED_FOURTH,
                site == DOWNFALL ? "download prices from Downfall" : "download prices from Fourth");
    conversation->began_ms = story_now_ms();
    hr = AsyncIPriceSource_Begin_DownloadPrice(call, inquiry->coffee);
    if (!failed(inquiry, hr))
        failed(inquiry, uvcom_on_complete(call, on_downloaded, conversation));
}

static HRESULT send_request(struct conversation *conversation)
{
    HRESULT hr;

    conversation->began_ms = story_now_ms();
    hr = AsyncIPriceSource_Begin_SendRequest(conversation->call);
    if (SUCCEEDED(hr))
        hr = uvcom_on_complete(conversation->call, on_answered, conversation);
    return hr;
}

static HRESULT create_conversation(struct inquiry *inquiry, enum site site)
{
    struct conversation *conversation = &inquiry->conversations[site];
    IPriceSource *shop;
    HRESULT hr = shop_create(ASYNCHRONOUS, site, &shop);

    if (FAILED(hr))
        return hr;
    conversation->inquiry = inquiry;
    conversation->site = site;
    hr = uvcom_create_call(shop, &IID_AsyncIPriceSource, (void **)&conversation->call);
    IPriceSource_Release(shop); /* the call object keeps the server */
    return hr;
}

static HRESULT converse(struct inquiry *inquiry, uv_loop_t *loop)
{
    HRESULT hr = create_conversation(inquiry, DOWNFALL);

    if (SUCCEEDED(hr))
        hr = create_conversation(inquiry, FOURTH);
    wait_for_start();
    if (SUCCEEDED(hr))
        hr = send_request(&inquiry->conversations[DOWNFALL]);
    if (SUCCEEDED(hr))
        hr = send_request(&inquiry->conversations[FOURTH]);
    if (SUCCEEDED(hr)) {
        story_event(ASYNCHRONOUS, START, "send requests to Downfall and Fourth");
        uv_run(loop, UV_RUN_DEFAULT); /* until no callback is outstanding */
        hr = inquiry->hr;
    }
    for (int i = 0; i < SITE_COUNT; i++)
        if (inquiry->conversations[i].call)
            AsyncIPriceSource_Release(inquiry->conversations[i].call);
    return hr;
}

HRESULT asynchronous_version(const char *coffee, unsigned compare_ms)
{
    struct inquiry inquiry = {.coffee = coffee, .compare_ms = compare_ms};
    uvcom_apartment *apartment;
    uv_loop_t loop;
    HRESULT hr;

    if (uv_loop_init(&loop) != 0) {
        wait_for_start();
        return E_OUTOFMEMORY;
    }
    hr = uvcom_loop_adopt(&loop, &apartment);
    if (SUCCEEDED(hr)) {
        hr = converse(&inquiry, &loop);
        uvcom_loop_release(apartment);
    } else {
        wait_for_start();
    }
    uv_loop_close(&loop);
    return hr;
}
