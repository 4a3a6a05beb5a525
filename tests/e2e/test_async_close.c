/*
 * test_async_close.c -- an apartment closes while calls to asynchronous servers in it are open: the
 * client is told at once, and the server may complete or drop the operation whenever it likes,
 * although its apartment, or the whole runtime, has gone.
 */
#include "customer.h"
#include "tests/support/sta_thread.h"

/* The server's apartment: a thread that a test can stop. */
static struct {
    struct sta_thread sta;
    IAgileReference *reference;
    AsyncIBakery *direct; /* a call object made there, of the object itself */
    HRESULT hr;
} home;

static HRESULT open_at_home(void *arg)
{
    IUnknown *object;
    HRESULT hr = bakery_create(NULL, &IID_IBakery, (void **)&object);

    (void)arg;
    if (SUCCEEDED(hr))
        hr = RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IBakery, object, &home.reference);
    if (SUCCEEDED(hr))
        hr = uvcom_create_call(object, &IID_AsyncIBakery, (void **)&home.direct);
    IUnknown_Release(object);
    return hr;
}

static void open_style(enum bakery_style style)
{
    faults_reset();
    bakery_reset(style);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    sta_thread_start(&home.sta);
    ck_assert_hr(uvcom__apartment_invoke(home.sta.apartment, open_at_home, NULL), S_OK);
    ck_assert_hr(IAgileReference_Resolve(home.reference, &IID_IBakery, (void **)&customer.server),
                 S_OK);
    IAgileReference_Release(home.reference);
    customer.call = customer_new_call();
}

static void open_starts(void)
{
    open_style(BAKERY_STARTS);
}

static void open_event(void)
{
    open_style(BAKERY_EVENT);
}

static void open_outer(void)
{
    open_style(BAKERY_OUTER);
}

static void close_all(void)
{
    client_release(home.direct);
    client_release(customer.call);
    client_release(customer.server);
    CoUninitialize();
    bakery_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static void check_disconnected(AsyncIBakery *call)
{
    LONG bread = 7;

    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(call, &bread), RPC_E_DISCONNECTED);
    ck_assert_int_eq(bread, 0);
    ck_assert_hr(AsyncIBakery_Begin_Bake(call, 1), RPC_E_DISCONNECTED);
}

/* ---- from afar ---- */

START_TEST(srv_08_the_client_is_told_and_the_server_completes_late)
{
    struct job *job;
    bool has_operation;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    has_operation = job->operation != NULL;
    sta_thread_stop(&home.sta);
    check_disconnected(customer.call);
    if (has_operation)
        ck_assert(uvcom_operation_is_cancelled(job->operation));
    ck_assert_hr(bakery_end(job, S_OK), has_operation ? RPC_E_CALL_CANCELED : S_OK);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
}
END_TEST

START_TEST(srv_08_the_client_is_told_and_the_server_drops_it)
{
    struct job *job;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    sta_thread_stop(&home.sta);
    bakery_drop(job);
    check_disconnected(customer.call);
}
END_TEST

/* Work that knows nothing but the call object's address, as in the SDK's sample. */
START_TEST(srv_08_work_that_counts_nothing_finds_its_call_object)
{
    struct job *job;

    bakery.is_rash = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    sta_thread_stop(&home.sta);
    check_disconnected(customer.call);
    ck_assert_int_eq(atomic_load(&bakery.ends), 0);
    ck_assert_hr(bakery_end(job, S_OK), S_OK);
    ck_assert_int_eq(atomic_load(&bakery.ends), 1);
    ck_assert_uint_eq(atomic_load(&bakery.end_thread), bakery_this_thread());
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
}
END_TEST

/* Interface pointers that have arrived are released at home, while it is there. */
START_TEST(call_16_what_had_arrived_is_released)
{
    struct witness witness;
    IUnknown *thing = &witness.unknown;
    struct job *job;

    witness_init(&witness);
    ck_assert_hr(AsyncIBakery_Begin_Wrap(customer.call, &witness.unknown), S_OK);
    job = bakery_take();
    sta_thread_stop(&home.sta);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(customer.call, &thing), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(thing);
    bakery_end(job, S_OK);
    witness_await(&witness, 1);
}
END_TEST

/* The second one's Signal, or completion, does not find its way home any more. */
START_TEST(a_client_that_has_gone_leaves_a_call_to_the_end)
{
    AsyncIBakery *other = customer_new_call();
    struct job *jobs[2];

    ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
    jobs[0] = bakery_take();
    ck_assert_hr(AsyncIBakery_Begin_Label(other, "rye"), S_OK);
    jobs[1] = bakery_take();
    AsyncIBakery_Release(other);
    AsyncIBakery_Release(customer.call);
    customer.call = NULL;
    sta_thread_stop(&home.sta);
    bakery_end(jobs[1], S_OK);
    bakery_drop(jobs[0]);
}
END_TEST

/* ---- in the server's own apartment ---- */

static HRESULT begin_at_home(void *arg)
{
    return arg ? AsyncIBakery_Begin_Wrap(home.direct, arg)
               : AsyncIBakery_Begin_Bake(home.direct, 1);
}

static HRESULT begin_direct(IUnknown *thing)
{
    return uvcom__apartment_invoke(home.sta.apartment, begin_at_home, thing);
}

static HRESULT release_at_home(void *arg)
{
    (void)arg;
    client_release(home.direct);
    home.direct = NULL;
    return S_OK;
}

START_TEST(apt_10_a_direct_call_is_begun_at_home_only)
{
    LONG bread = 7;

    ck_assert_hr(uvcom_wait(home.direct, 0), RPC_E_TIMEOUT);
    ck_assert_hr(AsyncIBakery_Begin_Bake(home.direct, 1), RPC_E_WRONG_THREAD);
    ck_assert_hr(uvcom_wait(home.direct, 0), RPC_E_TIMEOUT);
    ck_assert_int_eq(atomic_load(&bakery.begins), 0);
    ck_assert_hr(AsyncIBakery_Finish_Bake(home.direct, &bread), RPC_E_CALL_COMPLETE);
    ck_assert_hr(begin_direct(NULL), S_OK);
    ck_assert_hr(bakery_end(bakery_take(), S_OK), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(home.direct, &bread), S_OK);
    ck_assert_int_eq(bread, 2);
    sta_thread_stop(&home.sta);
}
END_TEST

static void stop_home(void *arg)
{
    (void)arg;
    sta_thread_stop(&home.sta);
}

/* While another thread is waiting for the result. */
START_TEST(srv_08_a_direct_call_is_told_too)
{
    struct helper helper;
    struct job *job;

    ck_assert_hr(begin_direct(NULL), S_OK);
    job = bakery_take();
    helper_start_bare(&helper, stop_home, NULL);
    check_disconnected(home.direct);
    helper_join(&helper);
    ck_assert(uvcom_operation_is_cancelled(job->operation));
    ck_assert_hr(bakery_end(job, S_OK), RPC_E_CALL_CANCELED);
}
END_TEST

/* The [in] pointer is the object's own: it is released by the closing thread, and what the server
   puts among the results later goes with them. */
START_TEST(call_16_of_a_direct_call_all_pointers_are_released)
{
    struct witness witness;
    IUnknown *thing = &witness.unknown;
    struct job *job;

    witness_init(&witness);
    ck_assert_hr(begin_direct(&witness.unknown), S_OK);
    job = bakery_take();
    ck_assert_int_eq(witness_references(&witness), 3);
    sta_thread_stop(&home.sta);
    ck_assert_int_eq(witness_references(&witness), 2);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(home.direct, &thing), RPC_E_DISCONNECTED);
    bakery_end(job, S_OK);
    witness_await(&witness, 1);
}
END_TEST

/* What has been given out is the client's to collect; what came home too late is not. */
START_TEST(a_result_with_pointers_goes_home_first)
{
    struct witness witness;
    IUnknown *thing = NULL;

    witness_init(&witness);
    ck_assert_hr(begin_direct(&witness.unknown), S_OK);
    ck_assert_hr(bakery_end(bakery_take(), S_OK), S_OK);
    ck_assert_hr(uvcom_wait(home.direct, INFINITE), S_OK);
    /* In this apartment the object is a proxy. */
    ck_assert_hr(AsyncIBakery_Finish_Wrap(home.direct, &thing), S_OK);
    ck_assert_ptr_nonnull(thing);
    ck_assert_ptr_ne(thing, &witness.unknown);
    IUnknown_Release(thing);
    ck_assert_hr(uvcom__apartment_invoke(home.sta.apartment, release_at_home, NULL), S_OK);
    witness_await(&witness, 1);
    sta_thread_stop(&home.sta);
}
END_TEST

/* ---- the runtime itself ends ---- */

static void end_of_runtime(enum customer_way way, bool is_dropped)
{
    struct witness witness;
    struct job *jobs[2];

    witness_init(&witness);
    customer_open(way, BAKERY_STARTS);
    ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
    jobs[0] = bakery_take();
    AsyncIBakery_Release(customer.call);
    customer.call = customer_new_call();
    ck_assert_hr(AsyncIBakery_Begin_Wrap(customer.call, &witness.unknown), S_OK);
    jobs[1] = bakery_take();
    AsyncIBakery_Release(customer.call);
    IBakery_Release(customer.server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Bakery), S_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert(uvcom_operation_is_cancelled(jobs[i]->operation));
        if (is_dropped)
            bakery_drop(jobs[i]);
        else
            ck_assert_hr(bakery_end(jobs[i], S_OK), RPC_E_CALL_CANCELED);
    }
    ck_assert_int_eq(witness_references(&witness), 1);
    bakery_check();
    ck_assert_uint_eq(faults_live(), 0);
}

START_TEST(srv_08_an_operation_outlives_the_runtime)
{
    end_of_runtime((enum customer_way)(_i / 2), _i % 2);
}
END_TEST

/* ---- */

static void add_case(Suite *suite, const char *name, void (*open)(void), bool has_operations)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, open, close_all);
    tcase_add_test(tcase, srv_08_the_client_is_told_and_the_server_completes_late);
    tcase_add_test(tcase, srv_08_the_client_is_told_and_the_server_drops_it);
    tcase_add_test(tcase, call_16_what_had_arrived_is_released);
    tcase_add_test(tcase, a_client_that_has_gone_leaves_a_call_to_the_end);
    if (has_operations) {
        tcase_add_test(tcase, apt_10_a_direct_call_is_begun_at_home_only);
        tcase_add_test(tcase, srv_08_a_direct_call_is_told_too);
        tcase_add_test(tcase, call_16_of_a_direct_call_all_pointers_are_released);
        tcase_add_test(tcase, a_result_with_pointers_goes_home_first);
    } else {
        tcase_add_test(tcase, srv_08_work_that_counts_nothing_finds_its_call_object);
    }
    suite_add_tcase(suite, tcase);
}

static Suite *async_close_suite(void)
{
    Suite *suite = suite_create("apartments that close with asynchronous calls");
    TCase *tcase = tcase_create("the last CoUninitialize");

    add_case(suite, "starts", open_starts, true);
    add_case(suite, "event", open_event, false);
    add_case(suite, "outer", open_outer, false);
    tcase_add_loop_test(tcase, srv_08_an_operation_outlives_the_runtime, 0, 2 * CUSTOMER_WAYS);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(async_close_suite)
