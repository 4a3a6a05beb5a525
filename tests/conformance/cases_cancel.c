/*
 * cases_cancel.c -- conformance cases for CAN, and for RACE as far as Cancel takes part; those
 * about synchronous calls are in cases_cancel_sync.c.
 */
#include "tests/conformance/conformance.h"

#include <sched.h>

#define FOR_EVER ((ULONG)RPC_C_CANCEL_INFINITE_TIMEOUT)

static HRESULT cancel_call(void *call, ULONG seconds)
{
    ICancelMethodCalls *cancel = query(call, &IID_ICancelMethodCalls);
    const HRESULT hr = ICancelMethodCalls_Cancel(cancel, seconds);

    release(cancel);
    return hr;
}

static HRESULT test_cancel(void *call)
{
    ICancelMethodCalls *cancel = query(call, &IID_ICancelMethodCalls);
    const HRESULT hr = ICancelMethodCalls_TestCancel(cancel);

    release(cancel);
    return hr;
}

static HRESULT finish_hold(LONG *result)
{
    *result = -1;
    return AsyncIDesk_Finish_Hold(scene.call, result);
}

CASE(CAN_01_a_call_object_answers_icancelmethodcalls)
{
    ICancelMethodCalls *cancel = query(scene.call, &IID_ICancelMethodCalls);

    ck_assert_hr(answer(cancel, &IID_AsyncIDesk), S_OK);
    ck_assert_hr(answer(cancel, &IID_ISynchronize), S_OK);
    release(cancel);
}

struct attempt {
    void *call;
    ULONG seconds;
    HRESULT hr;
};

static void attempt_cancel(void *arg)
{
    struct attempt *attempt = arg;

    attempt->hr = cancel_call(attempt->call, attempt->seconds);
}

static HRESULT cancel_elsewhere(void)
{
    struct attempt attempt = {.call = scene.call};

    actor_run_bare(attempt_cancel, &attempt);
    return attempt.hr;
}

/* Another thread, in each state of the call. */
CASE(CAN_02_cancel_is_allowed_from_begin_to_finish_on_any_thread)
{
    LONG result;

    ck_assert_hr(cancel_elsewhere(), RPC_E_CALL_COMPLETE);
    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_elsewhere(), S_OK);
    ck_assert_hr(cancel_elsewhere(), RPC_E_CALL_CANCELED);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
    ck_assert_hr(cancel_elsewhere(), RPC_E_CALL_COMPLETE);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(cancel_elsewhere(), RPC_E_CALL_COMPLETE);
    ck_assert_hr(finish_hold(&result), S_OK);
    ck_assert_int_eq(result, 2);
}

CASE(CAN_03_after_a_cancel_finish_is_still_to_be_called)
{
    LONG result;

    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}

CASE(CAN_04_finish_of_a_cancelled_call_says_so)
{
    LONG result;
    HRESULT hr;

    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    hr = finish_hold(&result);
    ck_assert_uint_eq((ULONG)hr, 0x80010002u);
    ck_assert_hr(hr, RPC_E_CALL_CANCELED);
    ck_assert_int_eq(result, 0);
}

CASE(CAN_05_a_cancelled_call_is_over_for_wait)
{
    LONG result;

    begin_hold(scene.call, 1);
    ck_assert_hr(uvcom_wait(scene.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, 0), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
}

static void wait_for_end(void *arg)
{
    struct attempt *attempt = arg;

    attempt->hr = uvcom_wait(attempt->call, INFINITE);
}

CASE(CAN_05_a_cancel_wakes_a_wait)
{
    struct attempt attempt = {.call = scene.call, .hr = E_FAIL};
    struct actor waiter;
    LONG result;

    begin_hold(scene.call, 1);
    actor_start(&waiter, wait_for_end, &attempt);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    actor_join(&waiter);
    ck_assert_hr(attempt.hr, S_OK);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
}

CASE(CAN_05_a_cancel_signals_through_the_outer)
{
    struct outer *outer = outer_create(scene.server);
    LONG result;

    begin_hold(outer->call, 1);
    ck_assert_hr(cancel_call(outer->call, 0), S_OK);
    ck_assert_int_eq(atomic_load(&outer->signals), 1);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), RPC_E_CALL_CANCELED);
    gate_open(&desk.gate);
    desk_await_left(1);
    outer_release(outer);
    await_value(&outers_live, 0);
}

CASE(CAN_06_the_server_may_go_on_and_have_its_effect)
{
    LONG result;

    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
    ck_assert_int_eq(atomic_load(&desk.inside), 1);
    ck_assert_int_eq(atomic_load(&desk.left), 0);
    gate_open(&desk.gate);
    desk_await_left(1);
}

CASE(CAN_07_cancel_waits_so_many_seconds)
{
    const ULONGLONG second = 1000000000;
    struct timespec before, after;
    ULONGLONG waited;
    LONG result;

    begin_hold(scene.call, 1);
    clock_gettime(CLOCK_MONOTONIC, &before);
    ck_assert_hr(cancel_call(scene.call, 1), S_OK);
    clock_gettime(CLOCK_MONOTONIC, &after);
    waited = (ULONGLONG)(after.tv_sec - before.tv_sec) * second + (ULONGLONG)after.tv_nsec -
             (ULONGLONG)before.tv_nsec;
    ck_assert_uint_ge(waited, second);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
}

/* Opens the gate when the server has been asked to stop. */
static void open_when_asked(void *call)
{
    while (test_cancel(call) == RPC_S_CALLPENDING)
        sched_yield();
    gate_open(&desk.gate);
}

static void server_ends_in_time(ULONG seconds)
{
    struct actor opener;
    LONG result;

    begin_hold(scene.call, 7);
    actor_start_bare(&opener, open_when_asked, scene.call);
    ck_assert_hr(cancel_call(scene.call, seconds), RPC_E_CALL_COMPLETE);
    ck_assert_hr(finish_hold(&result), S_OK);
    ck_assert_int_eq(result, 7);
    actor_join(&opener);
}

CASE(CAN_07_cancel_waits_until_the_server_answers)
{
    server_ends_in_time(FOR_EVER);
}

CASE(CAN_08_what_cancel_answers)
{
    LONG result;

    ck_assert_hr(cancel_call(scene.call, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(cancel_call(scene.call, FOR_EVER), RPC_E_CALL_COMPLETE);
    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(cancel_call(scene.call, 0), RPC_E_CALL_CANCELED);
    ck_assert_hr(cancel_call(scene.call, FOR_EVER), RPC_E_CALL_CANCELED);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(cancel_call(scene.call, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(cancel_call(scene.call, 1), RPC_E_CALL_COMPLETE);
    ck_assert_hr(finish_hold(&result), S_OK);
}

CASE(CAN_09_a_late_result_does_not_reach_the_client)
{
    LONG sum = -1, values[] = {1, 2};
    char *copy = (char *)-1;

    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 2, values, "late"), S_OK);
    gate_await_waiters(&desk.gate, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), RPC_E_CALL_CANCELED);
    ck_assert_int_eq(sum, 0);
    ck_assert_ptr_null(copy);
    gate_open(&desk.gate);
    desk_await_left(1); /* the setting's end sees that the text was freed */
}

/* The server's side, inside of the call. */
static HRESULT look(LONG number)
{
    HRESULT hr;

    (void)number;
    while ((hr = CoTestCancel()) == RPC_S_CALLPENDING)
        sched_yield();
    return hr == RPC_E_CALL_CANCELED ? S_FALSE : hr;
}

CASE(CAN_10_testcancel_tells_the_state)
{
    LONG result;

    ck_assert_hr(test_cancel(scene.call), RPC_E_CALL_COMPLETE);
    begin_hold(scene.call, 1);
    ck_assert_hr(test_cancel(scene.call), RPC_S_CALLPENDING);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(test_cancel(scene.call), RPC_E_CALL_CANCELED);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
    ck_assert_hr(test_cancel(scene.call), RPC_E_CALL_COMPLETE);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(test_cancel(scene.call), RPC_E_CALL_COMPLETE);
    ck_assert_hr(finish_hold(&result), S_OK);
}

/* Only the request ends the server's loop, and its result stands: S_FALSE. */
CASE(CAN_10_a_server_sees_that_it_is_asked_to_stop)
{
    desk.hook = look;
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 0), S_OK);
    ck_assert_hr(cancel_call(scene.call, FOR_EVER), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_FALSE);
    ck_assert_hr(CoTestCancel(), RPC_E_NO_CONTEXT);
}

CASE(CAN_16_asynchronous_calls_need_no_enabling)
{
    LONG result;

    ck_assert_hr(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
    begin_hold(scene.call, 1);
    ck_assert_hr(cancel_call(scene.call, 0), S_OK);
    ck_assert_hr(finish_hold(&result), RPC_E_CALL_CANCELED);
}

CASE(CAN_18_a_server_that_ends_within_the_interval)
{
    server_ends_in_time(1000);
}

/* ---- races ---- */

struct racer {
    struct actor actor;
    struct start_line line;
    ICancelMethodCalls *cancel;
    size_t rounds;
    HRESULT hr;
};

static void cancel_again_and_again(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        start_line_wait(&racer->line);
        racer->hr = ICancelMethodCalls_Cancel(racer->cancel, 0);
        start_line_wait(&racer->line);
    }
}

/* ISide's methods touch nothing, so what orders the threads is the call object. */
static void race(size_t rounds, bool starts_with_begin)
{
    AsyncISide *call;
    struct racer racer = {.rounds = rounds};

    ck_assert_hr(uvcom_create_call(scene.server, &IID_AsyncISide, (void **)&call), S_OK);
    racer.cancel = query(call, &IID_ICancelMethodCalls);
    start_line_init(&racer.line, 2);
    actor_start(&racer.actor, cancel_again_and_again, &racer);
    for (size_t i = 0; i < rounds; i++) {
        LONG result = 3;
        HRESULT hr;

        if (!starts_with_begin)
            ck_assert_hr(AsyncISide_Begin_Negate(call, 5), S_OK);
        start_line_wait(&racer.line);
        if (starts_with_begin)
            ck_assert_hr(AsyncISide_Begin_Negate(call, 5), S_OK);
        hr = AsyncISide_Finish_Negate(call, &result);
        start_line_wait(&racer.line);
        ck_assert(racer.hr == S_OK || racer.hr == RPC_E_CALL_COMPLETE);
        ck_assert_hr(hr, racer.hr == S_OK ? RPC_E_CALL_CANCELED : S_OK);
        ck_assert_int_eq(result, racer.hr == S_OK ? 0 : -5);
    }
    actor_join(&racer.actor);
    release(racer.cancel);
    release(call);
}

CASE(RACE_05_a_result_or_a_cancel_never_both)
{
    race(repetitions(1000), true);
}

CASE(RACE_08_a_finish_that_has_claimed_wins)
{
    race(repetitions(1000), false);
}

static void finish_blind(void *arg)
{
    struct attempt *attempt = arg;
    LONG result = -1;

    attempt->hr = AsyncIDesk_Finish_Hold((AsyncIDesk *)attempt->call, &result);
}

CASE(RACE_08_a_finish_that_waits_is_woken)
{
    const size_t rounds = repetitions(100);

    for (size_t i = 0; i < rounds; i++) {
        struct attempt attempt = {.call = scene.call, .hr = E_FAIL};
        struct actor finisher;

        begin_hold(scene.call, 1);
        actor_start(&finisher, finish_blind, &attempt);
        ck_assert_hr(cancel_call(scene.call, 0), S_OK);
        actor_join(&finisher);
        ck_assert_hr(attempt.hr, RPC_E_CALL_CANCELED);
        gate_pass(&desk.gate, 1);
        desk_await_left((int)i + 1);
    }
}

const struct conformance_case cases_cancel[] = {
    {&CAN_01_a_call_object_answers_icancelmethodcalls, EVERYWHERE},
    {&CAN_02_cancel_is_allowed_from_begin_to_finish_on_any_thread, ELSEWHERE},
    {&CAN_03_after_a_cancel_finish_is_still_to_be_called, ELSEWHERE},
    {&CAN_04_finish_of_a_cancelled_call_says_so, ELSEWHERE},
    {&CAN_05_a_cancelled_call_is_over_for_wait, ELSEWHERE},
    {&CAN_05_a_cancel_wakes_a_wait, ELSEWHERE},
    {&CAN_05_a_cancel_signals_through_the_outer, ELSEWHERE},
    {&CAN_06_the_server_may_go_on_and_have_its_effect, ELSEWHERE},
    {&CAN_07_cancel_waits_so_many_seconds, SETTING_MTA_TO_OWN | SETTING_STA_TO_OWN},
    {&CAN_07_cancel_waits_until_the_server_answers, ELSEWHERE},
    {&CAN_08_what_cancel_answers, ELSEWHERE},
    {&CAN_09_a_late_result_does_not_reach_the_client, ELSEWHERE},
    {&CAN_10_testcancel_tells_the_state, ELSEWHERE},
    {&CAN_10_a_server_sees_that_it_is_asked_to_stop, ELSEWHERE},
    {&CAN_16_asynchronous_calls_need_no_enabling, ELSEWHERE},
    {&CAN_18_a_server_that_ends_within_the_interval, ELSEWHERE},
    {&RACE_05_a_result_or_a_cancel_never_both, ELSEWHERE},
    {&RACE_08_a_finish_that_has_claimed_wins, ELSEWHERE},
    {&RACE_08_a_finish_that_waits_is_woken, ELSEWHERE},
    {0},
};
