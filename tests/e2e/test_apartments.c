/*
 * test_apartments.c -- which thread may call what, and what becomes of calls when an apartment is
 * not there: threads without CoInitializeEx, proxies on foreign threads, apartments that have gone,
 * and single-threaded apartments that serve while they wait (APT-01, APT-05).
 */
#include "client.h"
#include "host.h"

#define DEADLOCK HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)

/* ---- threads that are in no apartment, or in another one ----------------------------------------
 */

/* What the functions that need an apartment answer; on failure all of them the same. */
struct answers {
    HRESULT begin, create_call, query, plain, create_instance, on_complete;
    void *found;
    LONG sum;
};

static void nothing(void *call, void *context)
{
    (void)call;
    (void)context;
}

static void ask_all(void *arg)
{
    struct answers *answers = arg;

    answers->begin = AsyncIGated_Begin_Add(client.call, 1, 2);
    answers->create_call =
        uvcom_create_call(client.server, &IID_AsyncIGated, (void **)&answers->found);
    answers->query = IGated_QueryInterface(client.server, &IID_ISide, &answers->found);
    answers->plain = IGated_Add(client.server, 1, 2, &answers->sum);
    answers->create_instance =
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, &answers->found);
    answers->on_complete = uvcom_on_complete(client.call, nothing, NULL);
}

START_TEST(a_thread_without_coinitializeex_is_told_so)
{
    struct answers answers = {.found = NULL, .sum = 7};
    LONG sum;

    helper_run_bare(ask_all, &answers);
    ck_assert_hr(answers.begin, CO_E_NOTINITIALIZED);
    ck_assert_hr(answers.create_call, CO_E_NOTINITIALIZED);
    ck_assert_hr(answers.query, CO_E_NOTINITIALIZED);
    ck_assert_hr(answers.plain, CO_E_NOTINITIALIZED);
    ck_assert_hr(answers.create_instance, CO_E_NOTINITIALIZED);
    ck_assert_hr(answers.on_complete, RPC_E_WRONG_THREAD);
    ck_assert_ptr_null(answers.found);
    ck_assert_int_eq(answers.sum, 0);
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), RPC_E_CALL_COMPLETE);
}
END_TEST

static void ask_all_in_a_single_threaded_apartment(void *arg)
{
    struct answers *answers = arg;

    if (FAILED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED)))
        return;
    ask_all(arg);
    client_release(answers->found); /* CoCreateInstance's: a proxy of this apartment's own */
    CoUninitialize();
}

START_TEST(a_proxy_on_a_foreign_thread_is_refused)
{
    struct answers answers = {.sum = 7};
    LONG sum = 0;

    helper_run_bare(ask_all_in_a_single_threaded_apartment, &answers);
    ck_assert_hr(answers.create_call, RPC_E_WRONG_THREAD);
    ck_assert_hr(answers.query, RPC_E_WRONG_THREAD);
    ck_assert_hr(answers.plain, RPC_E_WRONG_THREAD);
    ck_assert_int_eq(answers.sum, 0);
    /* A call object belongs to no apartment. */
    ck_assert_hr(answers.begin, S_OK);
    ck_assert_hr(answers.create_instance, S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
}
END_TEST

static void begin_here(void *arg)
{
    HRESULT *hr = arg;

    *hr = AsyncIGated_Begin_Add(client.call, 20, 22);
}

static void finish_here(void *arg)
{
    LONG *sum = arg;

    if (FAILED(AsyncIGated_Finish_Add(client.call, sum)))
        *sum = -1;
}

START_TEST(race_10_a_call_object_may_be_used_on_any_thread)
{
    HRESULT hr = E_FAIL;
    LONG sum = 0;

    helper_run(begin_here, &hr);
    ck_assert_hr(hr, S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    helper_run(finish_here, &sum);
    ck_assert_int_eq(sum, 42);
}
END_TEST

/* ---- a server's method that waits for its own call ----------------------------------------------
 */

static AsyncIGated *inner;
static struct {
    HRESULT poll, wait, finish;
} seen;

static HRESULT wait_for_oneself(LONG number)
{
    (void)number;
    seen.poll = uvcom_wait(client.call, 0);
    seen.wait = uvcom_wait(client.call, INFINITE);
    seen.finish = AsyncIGated_Finish_Run(client.call);
    return S_OK;
}

START_TEST(a_method_that_waits_for_its_own_call_gets_possible_deadlock)
{
    gated.hook = wait_for_oneself;
    ck_assert_uint_eq((uint32_t)DEADLOCK, 0x8007046Bu);
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(seen.poll, RPC_E_TIMEOUT);
    ck_assert_hr(seen.wait, DEADLOCK);
    ck_assert_hr(seen.finish, DEADLOCK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
}
END_TEST

/* Number 1 waits for number 2, which is served on the same stack and waits for number 1. */
static HRESULT wait_for_each_other(LONG number)
{
    HRESULT hr;

    if (number == 2) {
        seen.wait = uvcom_wait(client.call, INFINITE);
        return S_FALSE;
    }
    hr = AsyncIGated_Begin_Run(inner, 2);
    return SUCCEEDED(hr) ? AsyncIGated_Finish_Run(inner) : hr;
}

START_TEST(a_method_that_waits_for_one_below_it_on_the_stack_gets_possible_deadlock)
{
    gated.hook = wait_for_each_other;
    inner = client_new_call();
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_FALSE);
    ck_assert_hr(seen.wait, DEADLOCK);
    client_release(inner);
}
END_TEST

/* The method waits for another one of the same apartment: it is served meanwhile. */
static HRESULT wait_for_the_other(LONG number)
{
    LONG sum = 0;
    HRESULT hr;

    (void)number;
    hr = AsyncIGated_Begin_Add(inner, 1, 2);
    if (SUCCEEDED(hr))
        hr = uvcom_wait(inner, INFINITE);
    return SUCCEEDED(hr) ? AsyncIGated_Finish_Add(inner, &sum) : hr;
}

START_TEST(apt_01_a_method_may_wait_for_another_call_to_its_own_apartment)
{
    gated.hook = wait_for_the_other;
    inner = client_new_call();
    ck_assert_hr(IGated_Run(client.server, 1), S_OK);
    client_release(inner);
}
END_TEST

/* ---- apartments that have gone ------------------------------------------------------------------
 */

struct outcome {
    AsyncIGated *call;
    HRESULT hr;
};

static void open_hosted(void)
{
    faults_reset();
    gated_reset();
    client = (struct client){0};
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static void close_hosted(void)
{
    client_release(client.call);
    client_release(client.server);
    CoUninitialize();
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static void meet_host(struct host *host, int kind)
{
    host_start(host, (enum host_kind)kind);
    client.server = host_object();
    client.call = client_new_call();
}

START_TEST(a_host_serves_calls_on_its_own_thread)
{
    struct host host;
    LONG sum = 0;

    meet_host(&host, _i);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    ck_assert(atomic_load(&gated.thread) == host.number);
    ck_assert_hr(IGated_Add(client.server, 2, 2, &sum), S_OK);
    ck_assert_int_eq(sum, 4);
    host_end(&host);
}
END_TEST

START_TEST(an_apartment_that_is_gone_before_begin_is_disconnected)
{
    struct host host;
    void *found = (void *)-1;
    AsyncIGated *call = (AsyncIGated *)-1;
    LONG sum = 7;

    meet_host(&host, _i);
    host_end(&host);
    ck_assert_int_eq(atomic_load(&gated.live), 0);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), RPC_E_DISCONNECTED);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), RPC_E_DISCONNECTED);
    ck_assert_int_eq(sum, 0);
    sum = 7;
    ck_assert_hr(IGated_Add(client.server, 1, 2, &sum), RPC_E_DISCONNECTED);
    ck_assert_int_eq(sum, 0);
    ck_assert_hr(IGated_QueryInterface(client.server, &IID_ISide, &found), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(found);
    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncIGated, (void **)&call),
                 RPC_E_DISCONNECTED);
    ck_assert_ptr_null(call);
}
END_TEST

static struct host *ending;

/* Waits until the test has queued another call, then asks its own apartment to end. */
static HRESULT end_the_host(LONG number)
{
    (void)number;
    gate_wait(&gated.gate);
    host_ask_to_end(ending);
    return S_OK;
}

/* The wait of the host is over after the method, and the call behind it is still in the queue. */
START_TEST(an_apartment_that_goes_while_a_call_is_queued_is_disconnected)
{
    struct host host;
    AsyncIGated *first, *abandoned;
    LONG sum = 7;

    meet_host(&host, HOST_WAIT);
    ending = &host;
    gated.hook = end_the_host;
    first = client_new_call();
    abandoned = client_new_call();
    ck_assert_hr(AsyncIGated_Begin_Run(first, 1), S_OK);
    gate_await_waiters(&gated.gate, 1);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(abandoned, 1, 2), S_OK);
    client_release(abandoned);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), RPC_E_DISCONNECTED);
    ck_assert_int_eq(sum, 0);
    ck_assert_hr(AsyncIGated_Finish_Run(first), S_OK);
    host_join(&host);
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), RPC_E_DISCONNECTED);
    client_release(first);
}
END_TEST

/* A waiter and a blocked Finish_ learn it too. */
static void finish_add(void *arg)
{
    struct outcome *outcome = arg;
    LONG sum;

    outcome->hr = AsyncIGated_Finish_Add(outcome->call, &sum);
}

START_TEST(a_thread_that_waits_for_a_queued_call_is_released)
{
    struct host host;
    struct helper helper;
    struct outcome outcome;
    AsyncIGated *first;

    meet_host(&host, HOST_WAIT);
    ending = &host;
    gated.hook = end_the_host;
    first = client_new_call();
    ck_assert_hr(AsyncIGated_Begin_Run(first, 1), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    outcome = (struct outcome){.call = client.call};
    helper_start(&helper, finish_add, &outcome);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    helper_join(&helper);
    ck_assert_hr(outcome.hr, RPC_E_DISCONNECTED);
    ck_assert_hr(AsyncIGated_Finish_Run(first), S_OK);
    client_release(first);
    host_join(&host);
}
END_TEST

/* ---- single-threaded clients serve while they wait ----------------------------------------------
 */

static const CLSID CLSID_Back = {0x3c0f5a04, 0x7d5b, 0x4d6e, {8, 7, 6, 5, 4, 3, 2, 1}};
static uintptr_t served_on;

/* The server calls back into the client's apartment, which has nothing but its wait to serve with.
 */
static HRESULT call_back(LONG number)
{
    IGated *back;
    LONG sum = 0;
    HRESULT hr =
        CoCreateInstance(&CLSID_Back, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&back);

    if (FAILED(hr))
        return hr;
    hr = IGated_Add(back, number, 1, &sum);
    served_on = atomic_load(&gated.thread);
    client_release(back);
    return SUCCEEDED(hr) && sum == number + 1 ? S_OK : E_FAIL;
}

static DWORD serve_call_backs(void)
{
    IClassFactory *back = gated_factory();
    DWORD cookie;

    ck_assert_hr(CoRegisterClassObject(&CLSID_Back, (IUnknown *)back, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 S_OK);
    client_release(back);
    gated.hook = call_back;
    return cookie;
}

START_TEST(apt_01_a_client_serves_incoming_calls_in_wait)
{
    const DWORD cookie = serve_call_backs();

    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 5), S_OK);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert(served_on == gated_this_thread());
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

START_TEST(apt_01_a_client_serves_incoming_calls_in_finish)
{
    const DWORD cookie = serve_call_backs();

    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 5), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert(served_on == gated_this_thread());
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

START_TEST(apt_01_a_client_serves_incoming_calls_in_a_plain_call)
{
    const DWORD cookie = serve_call_backs();

    ck_assert_hr(IGated_Run(client.server, 5), S_OK);
    ck_assert(served_on == gated_this_thread());
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

/* Nothing else serves this apartment: a client that only polls must get on all the same. */
START_TEST(apt_04_a_poll_serves_where_no_loop_does)
{
    IGated *here;
    AsyncIGated *call;
    LONG sum = 0;

    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&here), S_OK);
    ck_assert_hr(uvcom_create_call(here, &IID_AsyncIGated, (void **)&call), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(call, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    ck_assert(atomic_load(&gated.thread) == gated_this_thread());
    client_release(call);
    client_release(here);
}
END_TEST

/* The call that it serves drops the client's last pointer to the proxy that waits. */
static HRESULT drop_the_proxy(LONG number)
{
    (void)number;
    client_release(client.server);
    client.server = NULL;
    return S_OK;
}

START_TEST(life_05_a_proxy_may_be_released_inside_its_own_call)
{
    gated.hook = drop_the_proxy;
    ck_assert_hr(IGated_Run(client.server, 1), S_OK);
    ck_assert_ptr_null(client.server);
}
END_TEST

/* ---- overlapping --------------------------------------------------------------------------------
 */

START_TEST(apt_05_calls_of_a_single_threaded_server_never_overlap)
{
    AsyncIGated *calls[20];
    LONG result;

    gate_open(&gated.gate);
    for (int i = 0; i < 20; i++) {
        calls[i] = client_new_call();
        ck_assert_hr(AsyncIGated_Begin_Enter(calls[i], i), S_OK);
    }
    for (int i = 0; i < 20; i++) {
        ck_assert_hr(AsyncIGated_Finish_Enter(calls[i], &result), S_OK);
        client_release(calls[i]);
    }
    ck_assert_int_eq(atomic_load(&gated.overlaps), 0);
}
END_TEST

START_TEST(a_client_that_waits_in_the_multithreaded_apartment)
{
    LONG sum = 0;

    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert(atomic_load(&gated.thread) != gated_this_thread());
}
END_TEST

static void deadlocks(TCase *tcase)
{
    tcase_add_test(tcase, a_method_that_waits_for_its_own_call_gets_possible_deadlock);
    tcase_add_test(tcase, a_client_that_waits_in_the_multithreaded_apartment);
}

static void own_apartments(TCase *tcase)
{
    tcase_add_test(tcase, a_thread_without_coinitializeex_is_told_so);
    tcase_add_test(tcase, race_10_a_call_object_may_be_used_on_any_thread);
    tcase_add_test(tcase, a_method_that_waits_for_one_below_it_on_the_stack_gets_possible_deadlock);
    tcase_add_test(tcase, apt_01_a_method_may_wait_for_another_call_to_its_own_apartment);
    tcase_add_test(tcase, life_05_a_proxy_may_be_released_inside_its_own_call);
    tcase_add_test(tcase, apt_05_calls_of_a_single_threaded_server_never_overlap);
}

static void single_threaded_clients(TCase *tcase)
{
    tcase_add_test(tcase, apt_01_a_client_serves_incoming_calls_in_wait);
    tcase_add_test(tcase, apt_01_a_client_serves_incoming_calls_in_finish);
    tcase_add_test(tcase, apt_01_a_client_serves_incoming_calls_in_a_plain_call);
    tcase_add_test(tcase, apt_04_a_poll_serves_where_no_loop_does);
}

static void foreign_threads(TCase *tcase)
{
    tcase_add_test(tcase, a_proxy_on_a_foreign_thread_is_refused);
}

static TCase *hosts(void)
{
    TCase *tcase = tcase_create("apartments that end");

    tcase_add_checked_fixture(tcase, open_hosted, close_hosted);
    tcase_add_loop_test(tcase, a_host_serves_calls_on_its_own_thread, HOST_LOOP, HOST_WAIT + 1);
    tcase_add_loop_test(tcase, an_apartment_that_is_gone_before_begin_is_disconnected, HOST_LOOP,
                        HOST_WAIT + 1);
    tcase_add_test(tcase, an_apartment_that_goes_while_a_call_is_queued_is_disconnected);
    tcase_add_test(tcase, a_thread_that_waits_for_a_queued_call_is_released);
    return tcase;
}

static Suite *apartments_suite(void)
{
    Suite *suite = suite_create("apartments");

    client_add_cases(suite, CLIENT_ANY, deadlocks);
    client_add_cases(suite, CLIENT_TO_OWN, own_apartments);
    client_add_cases(suite, CLIENT_SINGLE_THREADED, single_threaded_clients);
    client_add_case(suite, "foreign threads", foreign_threads);
    suite_add_tcase(suite, hosts());
    return suite;
}

UVCOM_TEST_MAIN(apartments_suite)
