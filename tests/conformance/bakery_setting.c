/*
 * bakery_setting.c -- see bakery_setting.h.
 */
#include "tests/conformance/bakery_setting.h"

#include "tests/conformance/conformance.h"

struct shop shop;

void shop_open(enum bakery_style style, bool is_near)
{
    bakery_reset(style);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(
        uvcom_register_class(&CLSID_Bakery, bakery_create,
                             is_near ? UVCOM_APARTMENT_MULTITHREADED : UVCOM_APARTMENT_OWN),
        S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Bakery, NULL, CLSCTX_INPROC_SERVER, &IID_IBakery,
                                  (void **)&shop.server),
                 S_OK);
    shop.call = shop_call();
}

void shop_close(void)
{
    release(shop.call);
    release(shop.server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Bakery), S_OK);
    bakery_check();
}

AsyncIBakery *shop_call(void)
{
    AsyncIBakery *call;

    ck_assert_hr(uvcom_create_call(shop.server, &IID_AsyncIBakery, (void **)&call), S_OK);
    return call;
}

void shop_finish(AsyncIBakery *call, HRESULT hr, LONG bread)
{
    LONG result = 4711;

    ck_assert_hr(AsyncIBakery_Finish_Bake(call, &result), hr);
    ck_assert_int_eq(result, bread);
}

void shop_bake(void)
{
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    if (!bakery.at_once)
        bakery_end(bakery_take(), S_OK);
    shop_finish(shop.call, S_OK, 6);
}

void shop_await_ends(int count)
{
    if (bakery_is_by_hand())
        await_value(&bakery.ends, count);
}

/* ---- a thread that works ---- */

static struct actor worker;
static struct job last; /* taken: the end */

static void work(void *arg)
{
    const HRESULT *hr = arg;
    struct job *job;

    while ((job = bakery_take()) != &last)
        bakery_end(job, *hr);
}

void shop_hire(HRESULT hr)
{
    static HRESULT result;

    result = hr;
    actor_start_bare(&worker, work, &result);
}

void shop_fire(void)
{
    const bool at_once = bakery.at_once;

    bakery.at_once = false;
    last = (struct job){0};
    job_offer(&last);
    bakery.at_once = at_once;
    actor_join(&worker);
}
