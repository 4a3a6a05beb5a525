/*
 * test_async_memory.c -- every allocation in the life of calls to asynchronous servers fails once:
 * what fails says E_OUTOFMEMORY, a call is over exactly once, and nothing is left behind.
 */
#include <string.h>

#include "customer.h"

static HRESULT label_in_halves(void)
{
    char *label = NULL;
    HRESULT hr = uvcom_create_call(customer.server, &IID_AsyncIBakery, (void **)&customer.call);

    if (SUCCEEDED(hr))
        hr = AsyncIBakery_Begin_Label(customer.call, "rye");
    if (SUCCEEDED(hr))
        hr = uvcom_wait(customer.call, INFINITE);
    if (SUCCEEDED(hr))
        hr = AsyncIBakery_Finish_Label(customer.call, &label);
    ck_assert((label != NULL) == SUCCEEDED(hr));
    CoTaskMemFree(label);
    return hr;
}

static HRESULT wrap_in_halves(void)
{
    IUnknown *thing = NULL;
    HRESULT hr = AsyncIBakery_Begin_Wrap(customer.call, (IUnknown *)customer.server);

    if (SUCCEEDED(hr))
        hr = AsyncIBakery_Finish_Wrap(customer.call, &thing);
    client_release(thing);
    return hr;
}

static HRESULT change_plainly(void)
{
    char *text = CoTaskMemAlloc(4);
    LONG count = 1;
    HRESULT hr = E_OUTOFMEMORY;

    if (text) {
        memcpy(text, "rye", 4);
        hr = IBakery_Change(customer.server, &count, &text);
        ck_assert_int_eq(count, SUCCEEDED(hr) ? 2 : 1);
        ck_assert_str_eq(text, SUCCEEDED(hr) ? "(rye)" : "rye");
    }
    CoTaskMemFree(text);
    return hr;
}

static HRESULT calls(void)
{
    HRESULT hr = CoCreateInstance(&CLSID_Bakery, NULL, CLSCTX_INPROC_SERVER, &IID_IBakery,
                                  (void **)&customer.server);

    if (SUCCEEDED(hr))
        hr = label_in_halves();
    if (SUCCEEDED(hr))
        hr = wrap_in_halves();
    if (SUCCEEDED(hr))
        hr = change_plainly();
    client_release(customer.call);
    client_release(customer.server);
    customer.call = NULL;
    customer.server = NULL;
    return hr;
}

static const struct {
    DWORD model;
    uvcom_apartment_kind kind;
} lives[] = {
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN},
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED},
    {COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED},
};
enum { LIVES = sizeof lives / sizeof *lives };

/* Everything from the first CoInitializeEx to the last CoUninitialize. */
static HRESULT life(int row, bool is_elsewhere)
{
    HRESULT hr = CoInitializeEx(NULL, lives[row].model);

    if (FAILED(hr))
        return hr;
    hr = uvcom_register_class(&CLSID_Bakery, bakery_create, lives[row].kind);
    if (SUCCEEDED(hr)) {
        if (is_elsewhere)
            customer_hire();
        hr = calls();
        if (is_elsewhere)
            customer_fire();
        ck_assert_hr(uvcom_unregister_class(&CLSID_Bakery), S_OK);
    }
    CoUninitialize();
    return hr;
}

/* Of each style: jobs done inside Begin_, and by another thread. */
static void sweep(enum bakery_style style, int row, bool is_elsewhere, bool onward)
{
    HRESULT hr;
    size_t n = 0, failed = 0;

    faults_spare_uv(); /* it ends the process when some of its own fail */
    do {
        n++;
        bakery_reset(style);
        bakery.at_once = !is_elsewhere;
        if (onward)
            faults_fail_from(n);
        else
            faults_fail_at(n);
        hr = life(row, is_elsewhere);
        if (FAILED(hr)) {
            failed++;
            ck_assert_hr(hr, E_OUTOFMEMORY);
        }
        if (!faults_hit())
            ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq(faults_live(), 0);
        bakery_check();
    } while (faults_hit());
    faults_reset();
    ck_assert_uint_ge(failed, 10);
}

START_TEST(fac_09_each_allocation_of_a_call_fails_once)
{
    const enum bakery_style style = (enum bakery_style)(_i / LIVES / 2);
    const bool is_elsewhere = _i / LIVES % 2 == 1 && style != BAKERY_LATE;

    sweep(style, _i % LIVES, is_elsewhere, false);
}
END_TEST

START_TEST(fac_09_all_allocations_from_one_on_fail)
{
    sweep((enum bakery_style)_i, 0, false, true);
}
END_TEST

static Suite *async_memory_suite(void)
{
    Suite *suite = suite_create("memory of asynchronous servers");
    TCase *tcase = tcase_create("out of memory");

    tcase_add_loop_test(tcase, fac_09_each_allocation_of_a_call_fails_once, 0,
                        BAKERY_STYLES * LIVES * 2);
    tcase_add_loop_test(tcase, fac_09_all_allocations_from_one_on_fail, 0, BAKERY_STYLES);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(async_memory_suite)
