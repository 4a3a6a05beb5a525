/*
 * test_call_order.c -- CALL-17: what one thread begins for one apartment is dispatched in that
 * order, in every kind of apartment and however the calls are begun.
 *
 * The calls are Run(n) of as many call objects; the hook notes n down. In the multithreaded
 * apartment calls are taken in order and then run side by side, so there the order shows when one
 * worker is free.
 */
#include "client.h"
#include "host.h"
#include "tests/support/thread_faults.h"

enum { CALLS = 50 };

static struct {
    LONG numbers[2 * CALLS];
    atomic_int count;
} noted;

static HRESULT note(LONG number)
{
    noted.numbers[atomic_fetch_add(&noted.count, 1)] = number;
    return S_OK;
}

static void check_order(int count)
{
    ck_assert_int_eq(atomic_load(&noted.count), count);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(noted.numbers[i], i);
}

/* Call objects of several interfaces and of several proxies are one row. */
static void begin_many(IGated *server, AsyncIGated *calls[CALLS])
{
    gated.hook = note;
    atomic_store(&noted.count, 0);
    for (LONG i = 0; i < CALLS; i++) {
        ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&calls[i]), S_OK);
        ck_assert_hr(AsyncIGated_Begin_Run(calls[i], i), S_OK);
    }
}

static void finish_many(AsyncIGated *calls[CALLS])
{
    for (int i = CALLS - 1; i >= 0; i--) {
        ck_assert_hr(AsyncIGated_Finish_Run(calls[i]), S_OK);
        client_release(calls[i]);
    }
}

START_TEST(call_17_calls_are_dispatched_as_they_were_begun)
{
    AsyncIGated *calls[CALLS];
    LONG result;

    client_begin_enter(client.call, 1);
    begin_many(client.server, calls);
    gate_open(&gated.gate);
    finish_many(calls);
    check_order(CALLS);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

/* Also for calls that nobody waits for any more. */
START_TEST(call_17_abandoned_calls_keep_their_place)
{
    AsyncIGated *calls[CALLS];
    LONG result;

    client_begin_enter(client.call, 1);
    begin_many(client.server, calls);
    for (int i = 0; i < CALLS; i++)
        client_release(calls[i]);
    gate_open(&gated.gate);
    ck_assert_hr(IGated_Run(client.server, CALLS), S_OK);
    check_order(CALLS + 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

/* A plain call and another object of the apartment stand in the same row. */
START_TEST(call_17_plain_calls_and_other_objects_are_in_the_row)
{
    AsyncIGated *calls[CALLS], *last;
    IGated *other;
    LONG result;

    ck_assert_hr(
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&other),
        S_OK);
    ck_assert_hr(uvcom_create_call(other, &IID_AsyncIGated, (void **)&last), S_OK);
    client_begin_enter(client.call, 1);
    begin_many(client.server, calls);
    ck_assert_hr(AsyncIGated_Begin_Run(last, CALLS), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(IGated_Run(client.server, CALLS + 1), S_OK);
    check_order(CALLS + 2);
    finish_many(calls);
    ck_assert_hr(AsyncIGated_Finish_Run(last), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    client_release(last);
    client_release(other);
}
END_TEST

static void own(TCase *tcase)
{
    tcase_add_test(tcase, call_17_calls_are_dispatched_as_they_were_begun);
    tcase_add_test(tcase, call_17_abandoned_calls_keep_their_place);
    tcase_add_test(tcase, call_17_plain_calls_and_other_objects_are_in_the_row);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static void open_hosts(void)
{
    faults_reset();
    gated_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static void close_hosts(void)
{
    CoUninitialize();
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static void order_at_a_host(enum host_kind kind)
{
    AsyncIGated *calls[CALLS], *first;
    struct host host;
    IGated *object;
    LONG result;

    host_start(&host, kind);
    object = host_object();
    ck_assert_hr(uvcom_create_call(object, &IID_AsyncIGated, (void **)&first), S_OK);
    client_begin_enter(first, 1);
    begin_many(object, calls);
    gate_open(&gated.gate);
    finish_many(calls);
    check_order(CALLS);
    ck_assert_hr(AsyncIGated_Finish_Enter(first, &result), S_OK);
    client_release(first);
    client_release(object);
    host_end(&host);
}

START_TEST(call_17_at_a_loop_of_the_applications_own)
{
    order_at_a_host(HOST_LOOP);
}
END_TEST

START_TEST(call_17_at_a_thread_that_waits)
{
    order_at_a_host(HOST_WAIT);
}
END_TEST

/* ---- the multithreaded apartment ------------------------------------------------------------- */

/* Enter fills the one worker that there is. */
START_TEST(call_17_in_the_multithreaded_apartment)
{
    AsyncIGated *calls[CALLS];
    LONG result;

    client_begin_enter(client.call, 1);
    begin_many(client.server, calls);
    ck_assert_int_eq(atomic_load(&noted.count), 0);
    gate_open(&gated.gate);
    finish_many(calls);
    check_order(CALLS);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

static IGated *far_object;

static void open_one_worker(void)
{
    faults_reset();
    gated_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_MULTITHREADED),
                 S_OK);
    thread_faults_allow(1);
    ck_assert_hr(CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                                  (void **)&far_object),
                 S_OK);
    client.server = far_object;
    client.call = client_new_call();
}

static void close_one_worker(void)
{
    gate_open(&gated.gate);
    client_release(client.call);
    client_release(far_object);
    CoUninitialize();
    thread_faults_allow(THREAD_FAULTS_NONE);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static Suite *call_order_suite(void)
{
    Suite *suite = suite_create("call order");
    TCase *hosts = tcase_create("hosts");
    TCase *workers = tcase_create("one worker");

    client_add_cases(suite, CLIENT_TO_OWN, own);
    tcase_add_checked_fixture(hosts, open_hosts, close_hosts);
    tcase_add_test(hosts, call_17_at_a_loop_of_the_applications_own);
    tcase_add_test(hosts, call_17_at_a_thread_that_waits);
    suite_add_tcase(suite, hosts);
    tcase_add_checked_fixture(workers, open_one_worker, close_one_worker);
    tcase_add_test(workers, call_17_in_the_multithreaded_apartment);
    suite_add_tcase(suite, workers);
    return suite;
}

UVCOM_TEST_MAIN(call_order_suite)
