/*
 * test_deadlines.c -- uvcom_call_set_timeout: what a deadline that passes leaves, what one that
 * does not pass leaves, and deadlines that come at the same moment as something else.
 *
 * Time passes here for real: a few milliseconds, of which nothing depends on how long they take.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"
#include "runtime/platform.h"
#include "tests/support/outer.h"
#include "tests/support/thread_faults.h"

enum { HOUR = 3600000 };

static void set_timeout(void *call, DWORD ms)
{
    ck_assert_hr(uvcom_call_set_timeout(call, ms), S_OK);
}

/* ---- a deadline that passes ------------------------------------------------------------------ */

START_TEST(a_deadline_ends_a_call_that_its_server_does_not)
{
    LONG result = 7;

    set_timeout(client.call, 3);
    client_begin_enter(client.call, 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_TIMEOUT);
    ck_assert_int_eq(result, 0);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_COMPLETE);
}
END_TEST

START_TEST(a_call_whose_deadline_has_passed_is_outstanding_until_finish)
{
    LONG result = 7;

    set_timeout(client.call, 3);
    client_begin_enter(client.call, 1);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &result), E_UNEXPECTED);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_TIMEOUT);
    set_timeout(client.call, INFINITE);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}
END_TEST

START_TEST(can_09_results_that_come_too_late_are_freed)
{
    const LONG values[] = {1, 2, 3};
    char *copy = (char *)-1;
    LONG sum = 7;

    set_timeout(client.call, 2);
    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 3, values, "a text of the server's"), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), RPC_E_TIMEOUT);
    ck_assert_int_eq(sum, 0);
    ck_assert_ptr_null(copy);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

START_TEST(a_deadline_of_nothing_passes_at_once)
{
    LONG sum = 7;

    gate_open(&gated.gate);
    set_timeout(client.call, 0);
    for (int i = 1; i <= 200; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
        ck_assert_hr(uvcom_wait(client.call, 0), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), RPC_E_TIMEOUT);
        ck_assert_int_eq(sum, 0);
    }
    gate_await_arrived(&gated.left, 200);
}
END_TEST

struct outcome {
    HRESULT hr;
    LONG result;
};

static void finish(void *arg)
{
    struct outcome *outcome = arg;

    outcome->hr = AsyncIGated_Finish_Enter(client.call, &outcome->result);
}

START_TEST(a_blocked_finish_is_woken_by_the_deadline)
{
    struct outcome outcome = {S_OK, 7};
    struct helper helper;

    set_timeout(client.call, 5);
    client_begin_enter(client.call, 1);
    helper_start(&helper, finish, &outcome);
    helper_join(&helper);
    ck_assert_hr(outcome.hr, RPC_E_TIMEOUT);
    ck_assert_int_eq(outcome.result, 0);
}
END_TEST

START_TEST(each_call_object_has_deadlines_of_its_own)
{
    AsyncIGated *other = client_new_call();
    LONG result;

    set_timeout(client.call, HOUR);
    set_timeout(other, 3);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(other, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(other, &result), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(client.call, 0), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
    client_release(other);
}
END_TEST

/* What holds for a call is what was set before its Begin_. */
START_TEST(a_timeout_is_for_the_calls_that_follow)
{
    LONG result;

    client_begin_enter(client.call, 1);
    set_timeout(client.call, 1);
    ck_assert_hr(uvcom_wait(client.call, 5), RPC_E_TIMEOUT);
    gate_pass(&gated.gate, 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    set_timeout(client.call, INFINITE);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_TIMEOUT);
}
END_TEST

static void passing(TCase *tcase)
{
    tcase_add_test(tcase, a_deadline_ends_a_call_that_its_server_does_not);
    tcase_add_test(tcase, a_call_whose_deadline_has_passed_is_outstanding_until_finish);
    tcase_add_test(tcase, can_09_results_that_come_too_late_are_freed);
    tcase_add_test(tcase, a_deadline_of_nothing_passes_at_once);
    tcase_add_test(tcase, a_blocked_finish_is_woken_by_the_deadline);
    tcase_add_test(tcase, each_call_object_has_deadlines_of_its_own);
    tcase_add_test(tcase, a_timeout_is_for_the_calls_that_follow);
}

/* ---- one that does not ----------------------------------------------------------------------- */

START_TEST(a_deadline_that_is_met_changes_nothing)
{
    LONG sum;

    gate_open(&gated.gate);
    set_timeout(client.call, HOUR);
    for (LONG i = 0; i < 100; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
        ck_assert_int_eq(sum, i + 1);
    }
}
END_TEST

/* As the last holder its entry would keep it for an hour. */
static void await_live(size_t count)
{
    while (faults_live() != count)
        sched_yield();
}

START_TEST(life_01_a_deadline_does_not_keep_a_call_object)
{
    AsyncIGated *call;
    size_t before;
    LONG result;

    gate_open(&gated.gate);
    set_timeout(client.call, HOUR);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    gate_close(&gated.gate);
    before = faults_live();
    for (int how = 0; how < 2; how++) {
        call = client_new_call();
        set_timeout(call, HOUR);
        ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
        if (how == 0)
            client_release(call);
        gate_pass(&gated.gate, 1);
        if (how == 1) {
            ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
            client_release(call);
        }
        await_live(before);
    }
}
END_TEST

START_TEST(call_13_deadlines_allocate_nothing)
{
    LONG sum;

    gate_open(&gated.gate);
    set_timeout(client.call, HOUR);
    for (LONG i = 0; i < 10; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    }
    faults_reset();
    for (LONG i = 0; i < 500; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    }
    ck_assert_uint_eq(faults_seen(), 0);
}
END_TEST

static void met(TCase *tcase)
{
    tcase_add_test(tcase, a_deadline_that_is_met_changes_nothing);
}

static void met_at_own(TCase *tcase)
{
    tcase_add_test(tcase, life_01_a_deadline_does_not_keep_a_call_object);
    tcase_add_test(tcase, call_13_deadlines_allocate_nothing);
}

/* ---- arguments and means --------------------------------------------------------------------- */

static void set_on_a_bare_thread(void *arg)
{
    *(HRESULT *)arg = uvcom_call_set_timeout(client.call, 5);
}

START_TEST(arguments_of_set_timeout)
{
    HRESULT hr = S_OK;

    ck_assert_hr(uvcom_call_set_timeout(NULL, 5), E_POINTER);
    ck_assert_hr(uvcom_call_set_timeout(client.server, 5), E_NOINTERFACE);
    ck_assert_hr(uvcom_call_set_timeout(client.sync, HOUR), S_OK);
    helper_run_bare(set_on_a_bare_thread, &hr);
    ck_assert_hr(hr, CO_E_NOTINITIALIZED);
}
END_TEST

START_TEST(without_a_thread_nothing_has_changed)
{
    LONG sum;

    gate_open(&gated.gate);
    thread_faults_allow(0);
    ck_assert_hr(uvcom_call_set_timeout(client.call, 1), RPC_E_OUT_OF_RESOURCES);
    set_timeout(client.call, INFINITE);
    thread_faults_allow(THREAD_FAULTS_NONE);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    gate_close(&gated.gate);
    set_timeout(client.call, 1);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &sum), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(a_forked_child_has_no_deadlines)
{
    pid_t child;
    int status;

    set_timeout(client.call, HOUR);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    child = fork();
    if (child == 0)
        _exit(uvcom_call_set_timeout(client.call, 1) == CO_E_NOTINITIALIZED ? 0 : 1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static void means(TCase *tcase)
{
    tcase_add_test(tcase, arguments_of_set_timeout);
    tcase_add_test(tcase, without_a_thread_nothing_has_changed);
    tcase_add_test(tcase, a_forked_child_has_no_deadlines);
}

/* ---- who is told ----------------------------------------------------------------------------- */

struct told {
    uv_loop_t loop;
    int count;
};

static void on_complete(void *call, void *context)
{
    struct told *told = context;

    (void)call;
    told->count++;
    uv_stop(&told->loop);
}

START_TEST(a_deadline_comes_as_a_callback)
{
    struct told told = {.count = 0};
    uvcom_apartment *apartment;
    LONG result;

    ck_assert_int_eq(uv_loop_init(&told.loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&told.loop, &apartment), S_OK);
    set_timeout(client.call, 3);
    ck_assert_hr(uvcom_on_complete(client.call, on_complete, &told), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    uv_run(&told.loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(told.count, 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&told.loop), 0);
}
END_TEST

static struct gate signaled;

static void on_signal(struct outer *outer)
{
    (void)outer;
    gate_pass(&signaled, 1);
}

/* By the client's pointer of the inner object, and by the inner IUnknown. */
START_TEST(agg_05_a_deadline_signals_the_outer_object)
{
    struct outer *outer = outer_create();
    AsyncIGated *call;
    LONG result;

    gate_init(&signaled);
    ck_assert_hr(outer_attach(outer, client.server, &IID_AsyncIGated), S_OK);
    outer->on_signal = on_signal;
    call = client_query(outer, &IID_AsyncIGated);
    set_timeout(call, 3);
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
    gate_wait(&signaled);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), RPC_E_TIMEOUT);
    ck_assert_int_eq(atomic_load(&outer->signals), 1);
    set_timeout(outer->inner, INFINITE);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
    gate_wait(&signaled);
    ck_assert_int_eq(atomic_load(&outer->signals), 2);
    client_release(call);
    client_release(outer);
    gate_fini(&signaled);
}
END_TEST

/* Inside Signal, on the thread that watches, the client goes on to its next call. */
static void begin_again(struct outer *outer)
{
    AsyncIGated *call = client_query(outer, &IID_AsyncIGated);
    struct outcome *outcome = outer->context;

    if (AsyncIGated_Finish_Enter(call, &outcome->result) == RPC_E_TIMEOUT &&
        atomic_load(&outer->signals) < 10)
        outcome->hr = AsyncIGated_Begin_Enter(call, 2);
    else
        gate_pass(&signaled, 1);
    client_release(call);
}

START_TEST(agg_08_signal_goes_on_to_the_next_call)
{
    struct outcome outcome = {S_OK, 7};
    struct outer *outer = outer_create();
    AsyncIGated *call;

    gate_init(&signaled);
    ck_assert_hr(outer_attach(outer, client.server, &IID_AsyncIGated), S_OK);
    outer->on_signal = begin_again;
    outer->context = &outcome;
    call = client_query(outer, &IID_AsyncIGated);
    set_timeout(call, 1);
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
    gate_wait(&signaled);
    ck_assert_hr(outcome.hr, S_OK);
    ck_assert_int_eq(atomic_load(&outer->signals), 10);
    client_release(call);
    client_release(outer);
    gate_fini(&signaled);
}
END_TEST

static void told(TCase *tcase)
{
    tcase_add_test(tcase, a_deadline_comes_as_a_callback);
    tcase_add_test(tcase, agg_05_a_deadline_signals_the_outer_object);
    tcase_add_test(tcase, agg_08_signal_goes_on_to_the_next_call);
}

/* ---- at the same moment ---------------------------------------------------------------------- */

enum { ROUNDS = 300 };

static size_t rounds(void)
{
    return ROUNDS * client_race_factor();
}

/* Begins Enter with a deadline of one millisecond, and returns about when that has come. */
static void begin_and_meet_the_deadline(AsyncIGated *call, LONG value)
{
    uint64_t at;

    ck_assert_hr(AsyncIGated_Begin_Enter(call, value), S_OK);
    at = uvcom__deadline_ns(1) - 30000 + (uint64_t)rand() % 120000;
    while (uvcom__now_ns() < at)
        uvcom__pause();
}

START_TEST(race_05_a_deadline_and_the_completion)
{
    size_t late = 0;
    LONG result;
    HRESULT hr;

    set_timeout(client.call, 1);
    for (size_t i = 0; i < rounds(); i++) {
        begin_and_meet_the_deadline(client.call, (LONG)i + 1);
        gate_pass(&gated.gate, 1);
        hr = AsyncIGated_Finish_Enter(client.call, &result);
        ck_assert(hr == S_OK || hr == RPC_E_TIMEOUT);
        ck_assert_int_eq(result, hr == S_OK ? (LONG)i + 1 : 0);
        late += hr != S_OK;
        gate_await_arrived(&gated.left, i + 1);
    }
    ck_assert_uint_gt(late, 0);
}
END_TEST

START_TEST(race_05_a_deadline_and_a_cancel)
{
    ICancelMethodCalls *cancel = client_query(client.call, &IID_ICancelMethodCalls);
    LONG result;
    HRESULT hr;

    gate_open(&gated.left);
    set_timeout(client.call, 1);
    for (size_t i = 0; i < rounds(); i++) {
        begin_and_meet_the_deadline(client.call, 1);
        hr = ICancelMethodCalls_Cancel(cancel, 0);
        ck_assert(hr == S_OK || hr == RPC_E_CALL_CANCELED);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result),
                     hr == S_OK ? RPC_E_CALL_CANCELED : RPC_E_TIMEOUT);
        ck_assert_int_eq(result, 0);
        gate_pass(&gated.gate, 1);
    }
    client_release(cancel);
}
END_TEST

START_TEST(race_07_a_deadline_and_the_last_release)
{
    AsyncIGated *call;

    for (size_t i = 0; i < rounds(); i++) {
        call = client_new_call();
        set_timeout(call, 1);
        begin_and_meet_the_deadline(call, 1);
        client_release(call);
        gate_pass(&gated.gate, 1);
    }
}
END_TEST

/* A deadline that fires late never ends the next call. */
START_TEST(race_06_a_deadline_and_the_next_begin)
{
    LONG result;
    HRESULT hr;

    for (size_t i = 0; i < rounds(); i++) {
        set_timeout(client.call, 1);
        begin_and_meet_the_deadline(client.call, 1);
        gate_pass(&gated.gate, 1);
        hr = AsyncIGated_Finish_Enter(client.call, &result);
        ck_assert(hr == S_OK || hr == RPC_E_TIMEOUT);
        set_timeout(client.call, i % 2 ? INFINITE : HOUR);
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, (LONG)i, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &result), S_OK);
        ck_assert_int_eq(result, (LONG)i + 1);
    }
}
END_TEST

static void races(TCase *tcase)
{
    tcase_add_test(tcase, race_05_a_deadline_and_the_completion);
    tcase_add_test(tcase, race_05_a_deadline_and_a_cancel);
    tcase_add_test(tcase, race_07_a_deadline_and_the_last_release);
    tcase_add_test(tcase, race_06_a_deadline_and_the_next_begin);
}

/* ---- the end of the runtime ------------------------------------------------------------------ */

/* The thread goes with the last CoUninitialize, and comes again with the next deadline. */
START_TEST(deadlines_begin_anew_with_the_runtime)
{
    LONG result;

    gated_reset();
    for (int i = 0; i < 5; i++) {
        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        ck_assert_hr(
            uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_MULTITHREADED), S_OK);
        ck_assert_hr(CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                                      (void **)&client.server),
                     S_OK);
        client.call = client_new_call();
        set_timeout(client.call, 1);
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_TIMEOUT);
        set_timeout(client.call, HOUR);
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
        client_release(client.call);
        client_release(client.server);
        gate_await_waiters(&gated.gate, 2);
        gate_pass(&gated.gate, 2);
        CoUninitialize();
        ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    }
    gated_check();
}
END_TEST

static Suite *deadlines_suite(void)
{
    Suite *suite = suite_create("deadlines");
    TCase *end = tcase_create("the runtime's end");

    client_add_cases(suite, CLIENT_ANY, passing);
    client_add_cases(suite, CLIENT_ANY, met);
    client_add_cases(suite, CLIENT_TO_OWN, met_at_own);
    client_add_case(suite, "means", means);
    client_add_case(suite, "told", told);
    client_add_cases(suite, CLIENT_TO_OWN, races);
    tcase_add_test(end, deadlines_begin_anew_with_the_runtime);
    suite_add_tcase(suite, end);
    return suite;
}

UVCOM_TEST_MAIN(deadlines_suite)
