/*
 * test_memory.c -- memory: every allocation of a call's life fails once, and a reused call object
 * needs none.
 */
#include "client.h"

/* ---- out of memory ------------------------------------------------------------------------------
 */

enum { LARGE = 4096 };

static LONG values[LARGE];

/* Everything from the first CoInitializeEx to the last CoUninitialize; what fails must fail with
   E_OUTOFMEMORY. Returns the code of the first step that failed. */
static HRESULT call_once(void)
{
    LONG sum = -1;
    char *copy = NULL;
    HRESULT hr = uvcom_create_call(client.server, &IID_AsyncIGated, (void **)&client.call);

    if (SUCCEEDED(hr))
        hr = AsyncIGated_Begin_Sum(client.call, LARGE, values, "a label");
    if (SUCCEEDED(hr))
        hr = uvcom_wait(client.call, INFINITE);
    if (SUCCEEDED(hr))
        hr = AsyncIGated_Finish_Sum(client.call, &sum, &copy);
    if (SUCCEEDED(hr)) {
        ck_assert_int_eq(sum, LARGE);
        ck_assert_str_eq(copy, "a label");
        CoTaskMemFree(copy);
    } else {
        ck_assert_ptr_null(copy);
    }
    return hr;
}

static HRESULT life(DWORD model, uvcom_apartment_kind kind)
{
    ISide *side;
    LONG result;
    HRESULT hr = CoInitializeEx(NULL, model);

    if (FAILED(hr))
        return hr;
    hr = uvcom_register_class(&CLSID_Gated, gated_create, kind);
    if (SUCCEEDED(hr)) {
        hr = CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                              (void **)&client.server);
        if (SUCCEEDED(hr))
            hr = call_once();
        if (SUCCEEDED(hr))
            hr = IGated_QueryInterface(client.server, &IID_ISide, (void **)&side);
        if (SUCCEEDED(hr)) {
            hr = ISide_Negate(side, 1, &result);
            client_release(side);
        }
        client_release(client.call);
        client_release(client.server);
        client = (struct client){0};
        ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    }
    CoUninitialize();
    return hr;
}

static const struct {
    DWORD model;
    uvcom_apartment_kind kind;
} lives[] = {
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN},
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED},
    {COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_OWN},
    {COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED},
};

static void prepare(void)
{
    gated_reset();
    gate_open(&gated.gate);
    client = (struct client){0};
    for (int i = 0; i < LARGE; i++)
        values[i] = 1;
}

/* One allocation fails (`onward`: all from there on), each in turn, until none does. */
static void sweep(int row, bool onward)
{
    HRESULT hr;
    size_t n = 0, failed = 0;

    faults_spare_uv(); /* it ends the process when some of its own fail */
    do {
        n++;
        prepare();
        if (onward)
            faults_fail_from(n);
        else
            faults_fail_at(n);
        hr = life(lives[row].model, lives[row].kind);
        if (FAILED(hr)) {
            failed++;
            ck_assert_hr(hr, E_OUTOFMEMORY);
        }
        if (!faults_hit())
            ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq(faults_live(), 0);
        gated_check();
    } while (faults_hit());
    faults_reset();
    ck_assert_uint_ge(failed, 5);
}

START_TEST(fac_09_each_allocation_fails_once)
{
    sweep(_i, false);
}
END_TEST

START_TEST(fac_09_all_allocations_fail_from_one_on)
{
    sweep(_i, true);
}
END_TEST

/* A Begin_ without memory starts no call, and the object is as it was. */
START_TEST(call_06_a_begin_without_memory_starts_no_call)
{
    LONG sum = -1;
    char *copy = (char *)-1;

    for (int i = 0; i < LARGE; i++)
        values[i] = 1;
    faults_fail_from(1);
    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, LARGE, values, "label"), E_OUTOFMEMORY);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), RPC_E_CALL_COMPLETE);
    ck_assert_ptr_null(copy);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    faults_reset();
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
}
END_TEST

/* ---- none at all --------------------------------------------------------------------------------
 */

/* Interface pointers are in test_pointer_life.c. */
static void call_everything_small(LONG i)
{
    BYTE bytes[64];
    ULONG written;
    LONG value = i;

    ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &value), S_OK);
    ck_assert_int_eq(value, i + 1);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &value), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, sizeof bytes), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), E_UNEXPECTED);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &value), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &value), RPC_E_CALL_COMPLETE);
}

START_TEST(call_13_a_reused_call_object_allocates_nothing)
{
    gate_open(&gated.gate);
    for (LONG i = 0; i < 10; i++)
        call_everything_small(i);
    faults_reset();
    for (LONG i = 0; i < 500; i++)
        call_everything_small(i);
    ck_assert_uint_eq(faults_seen(), 0);
}
END_TEST

/* The multithreaded apartment may start another worker at any time, but not one for each call. */
enum { WORKERS = 64 };

START_TEST(call_13_a_reused_call_object_allocates_nothing_but_workers)
{
    gate_open(&gated.gate);
    faults_reset();
    for (LONG i = 0; i < 500; i++)
        call_everything_small(i);
    ck_assert_uint_le(faults_seen(), WORKERS);
}
END_TEST

START_TEST(call_13_large_parameters_are_freed_after_each_call)
{
    gate_open(&gated.gate);
    faults_reset();
    for (int i = 0; i < 200; i++) {
        LONG sum;
        char *copy;

        ck_assert_hr(AsyncIGated_Begin_Sum(client.call, LARGE, values, "label"), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), S_OK);
        CoTaskMemFree(copy);
    }
    ck_assert_uint_le(faults_live(), WORKERS);
}
END_TEST

START_TEST(plain_calls_through_a_proxy_allocate_nothing)
{
    LONG sum;

    for (LONG i = 0; i < 10; i++)
        ck_assert_hr(IGated_Add(client.server, i, 1, &sum), S_OK);
    faults_reset();
    for (LONG i = 0; i < 500; i++)
        ck_assert_hr(IGated_Add(client.server, i, 1, &sum), S_OK);
    ck_assert_uint_eq(faults_seen(), 0);
}
END_TEST

static void steady(TCase *tcase)
{
    tcase_add_test(tcase, call_06_a_begin_without_memory_starts_no_call);
    tcase_add_test(tcase, call_13_a_reused_call_object_allocates_nothing_but_workers);
    tcase_add_test(tcase, call_13_large_parameters_are_freed_after_each_call);
}

static void steady_to_own(TCase *tcase)
{
    tcase_add_test(tcase, call_13_a_reused_call_object_allocates_nothing);
    tcase_add_test(tcase, plain_calls_through_a_proxy_allocate_nothing);
}

static Suite *memory_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *sweeps = tcase_create("out of memory");

    tcase_set_timeout(sweeps, 30);
    tcase_add_loop_test(sweeps, fac_09_each_allocation_fails_once, 0, 4);
    tcase_add_loop_test(sweeps, fac_09_all_allocations_fail_from_one_on, 0, 4);
    suite_add_tcase(suite, sweeps);
    client_add_cases(suite, CLIENT_ANY, steady);
    client_add_cases(suite, CLIENT_TO_OWN, steady_to_own);
    return suite;
}

UVCOM_TEST_MAIN(memory_suite)
