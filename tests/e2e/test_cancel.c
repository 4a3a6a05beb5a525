/*
 * test_cancel.c -- ICancelMethodCalls: several who cancel, cancelling from inside of the call,
 * callbacks, races with completion. CAN-02, CAN-07, CAN-08, RACE-05, RACE-06, LIFE-05.
 *
 * What each rule says is in tests/conformance; what a cancelled call leaves behind is in
 * test_cancelled.c, plain calls are in test_cancel_thread.c.
 */
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"

enum { ROUNDS = 300 };

#define NEVER ((ULONG)RPC_C_CANCEL_INFINITE_TIMEOUT)
#define DEADLOCK HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)

static ICancelMethodCalls *cancel_of(void *call)
{
    return client_query(call, &IID_ICancelMethodCalls);
}

struct canceller {
    struct helper helper;
    ICancelMethodCalls *cancel;
    ULONG seconds;
    HRESULT hr;
};

static void cancel_now(void *arg)
{
    struct canceller *canceller = arg;

    canceller->hr = ICancelMethodCalls_Cancel(canceller->cancel, canceller->seconds);
}

static void start_cancel(struct canceller *canceller, void *call, ULONG seconds)
{
    canceller->cancel = cancel_of(call);
    canceller->seconds = seconds;
    helper_start(&canceller->helper, cancel_now, canceller);
}

static void await_asked(ICancelMethodCalls *cancel)
{
    while (ICancelMethodCalls_TestCancel(cancel) == RPC_S_CALLPENDING)
        sched_yield();
}

static HRESULT end_cancel(struct canceller *canceller)
{
    helper_join(&canceller->helper);
    ICancelMethodCalls_Release(canceller->cancel);
    return canceller->hr;
}

/* ---- several of them ---- */

START_TEST(can_08_a_second_cancel_does_as_if_it_were_alone)
{
    LONG result = 7;
    struct canceller first;
    ICancelMethodCalls *cancel = cancel_of(client.call);

    client_begin_enter(client.call, 1);
    start_cancel(&first, client.call, NEVER);
    await_asked(cancel);
    ck_assert_hr(uvcom_wait(client.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(end_cancel(&first), RPC_E_CALL_CANCELED);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 1), RPC_E_CALL_CANCELED);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    ck_assert_int_eq(result, 0);
    client_release(cancel);
}
END_TEST

/* It looks when the call has been collected, perhaps, and the object is idle again. */
START_TEST(can_08_a_cancel_that_looks_late_knows_what_has_become_of_its_call)
{
    ICancelMethodCalls *cancel = cancel_of(client.call);
    struct canceller first;

    for (size_t i = 0; i < ROUNDS; i++) {
        client_begin_enter(client.call, 1);
        start_cancel(&first, client.call, NEVER);
        await_asked(cancel);
        ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &(LONG){0}), RPC_E_CALL_CANCELED);
        ck_assert_hr(end_cancel(&first), RPC_E_CALL_CANCELED);
        gate_pass(&gated.gate, 1);
        gate_await_arrived(&gated.left, i + 1);
    }
    client_release(cancel);
}
END_TEST

START_TEST(can_18_several_that_wait_and_a_result_that_comes)
{
    LONG result = 7;
    struct canceller cancellers[4];

    client_begin_enter(client.call, 3);
    for (ULONG i = 0; i < 4; i++)
        start_cancel(&cancellers[i], client.call, i % 2 ? 1000 + i : NEVER);
    await_asked(cancellers[0].cancel);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    for (size_t i = 0; i < 4; i++)
        ck_assert_hr(end_cancel(&cancellers[i]), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 3);
}
END_TEST

/* The one that waited is for the first call and never touches the second. */
START_TEST(race_06_a_cancel_that_waits_does_not_reach_the_next_call)
{
    LONG result = 7;
    struct canceller slow;

    client_begin_enter(client.call, 1);
    start_cancel(&slow, client.call, NEVER);
    await_asked(slow.cancel);
    gate_pass(&gated.gate, 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    client_begin_enter(client.call, 2);
    ck_assert_hr(ICancelMethodCalls_TestCancel(slow.cancel), RPC_S_CALLPENDING);
    ck_assert_hr(end_cancel(&slow), RPC_E_CALL_COMPLETE);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}
END_TEST

/* ---- from inside of the call ---- */

static HRESULT cancel_inside(LONG seconds)
{
    ICancelMethodCalls *cancel = cancel_of(client.call);

    gated.hook_hr = ICancelMethodCalls_Cancel(cancel, (ULONG)seconds);
    ck_assert_hr(CoTestCancel(), RPC_E_CALL_CANCELED);
    ICancelMethodCalls_Release(cancel);
    return S_OK;
}

/* It is asked to stop all the same, so its result stands. */
START_TEST(apt_04_a_call_that_waits_for_its_own_end_is_refused)
{
    gated.hook = cancel_inside;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 5), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert_hr(gated.hook_hr, DEADLOCK);
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, -1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert_hr(gated.hook_hr, DEADLOCK);
}
END_TEST

START_TEST(can_02_a_call_cancels_itself)
{
    gated.hook = cancel_inside;
    gated.hook_hr = E_FAIL;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), RPC_E_CALL_CANCELED);
    gate_await_arrived(&gated.left, 1);
    ck_assert_hr(gated.hook_hr, S_OK);
}
END_TEST

/* Finished and begun again while the server still runs the first one: it is told that nobody waits.
 */
static HRESULT look_later(LONG number)
{
    (void)number;
    gate_wait(&gated.gate);
    gated.hook_hr = CoTestCancel();
    return S_OK;
}

START_TEST(can_10_a_server_learns_of_a_cancel_after_the_call_is_finished)
{
    ICancelMethodCalls *cancel = cancel_of(client.call);

    gated.hook = look_later;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 0), S_OK);
    gate_await_waiters(&gated.gate, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), RPC_E_CALL_CANCELED);
    ck_assert_hr(ICancelMethodCalls_TestCancel(cancel), RPC_E_CALL_COMPLETE);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
    ck_assert_hr(gated.hook_hr, RPC_E_CALL_CANCELED);
    client_release(cancel);
}
END_TEST

/* LIFE-02: an abandoned call is not a cancelled one. */
START_TEST(can_10_a_server_whose_client_has_gone_goes_on)
{
    AsyncIGated *call = client_new_call();

    gated.hook = look_later;
    gated.hook_hr = E_FAIL;
    ck_assert_hr(AsyncIGated_Begin_Run(call, 0), S_OK);
    gate_await_waiters(&gated.gate, 1);
    client_release(call);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
    ck_assert_hr(gated.hook_hr, RPC_S_CALLPENDING);
}
END_TEST

/* ---- callbacks ---- */

struct callback {
    uv_loop_t loop;
    AsyncIGated *call;
    HRESULT finished;
    HRESULT hr;
};

static void on_complete(void *call, void *context)
{
    struct callback *callback = context;
    LONG result;

    callback->finished = AsyncIGated_Finish_Enter((AsyncIGated *)call, &result);
}

static void cancel_on_loop(void *arg)
{
    struct callback *callback = arg;
    ICancelMethodCalls *cancel = cancel_of(callback->call);
    uvcom_apartment *apartment;

    uv_loop_init(&callback->loop);
    callback->hr = uvcom_loop_adopt(&callback->loop, &apartment);
    if (SUCCEEDED(callback->hr))
        callback->hr = uvcom_on_complete(callback->call, on_complete, callback);
    if (SUCCEEDED(callback->hr))
        callback->hr = ICancelMethodCalls_Cancel(cancel, 0);
    uv_run(&callback->loop, UV_RUN_DEFAULT);
    ICancelMethodCalls_Release(cancel);
    if (FAILED(uvcom_loop_release(apartment)) || uv_loop_close(&callback->loop) != 0)
        callback->hr = E_UNEXPECTED;
}

START_TEST(can_05_a_cancel_calls_back)
{
    struct callback callback = {.call = client.call, .finished = E_FAIL};

    client_begin_enter(client.call, 1);
    helper_run_bare(cancel_on_loop, &callback);
    ck_assert_hr(callback.hr, S_OK);
    ck_assert_hr(callback.finished, RPC_E_CALL_CANCELED);
}
END_TEST

/* ---- races ---- */

struct race {
    struct helper helper;
    ICancelMethodCalls *cancel;
    atomic_int arrived;
    ULONG seconds;
    HRESULT hr;
};

static void meet(struct race *race)
{
    const int turn = atomic_fetch_add(&race->arrived, 1) / 2;

    while (atomic_load(&race->arrived) < 2 * (turn + 1))
        sched_yield();
}

static void cancel_each(void *arg)
{
    struct race *race = arg;

    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        meet(race);
        race->hr = ICancelMethodCalls_Cancel(race->cancel, race->seconds);
        meet(race);
    }
}

static AsyncISide *side_call(void)
{
    AsyncISide *call;

    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncISide, (void **)&call), S_OK);
    return call;
}

static void race_rounds(ULONG seconds, bool waits_first)
{
    AsyncISide *call = side_call();
    struct race race = {.cancel = cancel_of(call), .seconds = seconds};

    helper_start(&race.helper, cancel_each, &race);
    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        LONG result = 3;
        HRESULT hr;

        meet(&race);
        ck_assert_hr(AsyncISide_Begin_Negate(call, 8), S_OK);
        if (waits_first)
            ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
        hr = AsyncISide_Finish_Negate(call, &result);
        meet(&race);
        ck_assert(race.hr == S_OK || race.hr == RPC_E_CALL_COMPLETE);
        ck_assert_hr(hr, race.hr == S_OK ? RPC_E_CALL_CANCELED : S_OK);
        ck_assert_int_eq(result, SUCCEEDED(hr) ? -8 : 0);
    }
    helper_join(&race.helper);
    client_release(race.cancel);
    client_release(call);
}

/* The cancel meets every step from before Begin_ to after Finish_. */
START_TEST(race_05_a_result_or_a_cancel_never_both)
{
    race_rounds(0, false);
}
END_TEST

START_TEST(race_08_a_finish_that_has_claimed_wins)
{
    race_rounds(0, true);
}
END_TEST

/* With time enough the server is always faster. */
START_TEST(can_18_a_server_that_is_in_time)
{
    race_rounds(NEVER, false);
    race_rounds(1000, true);
}
END_TEST

/* ---- codes ---- */

START_TEST(can_02_cancel_on_a_thread_without_an_apartment)
{
    struct canceller canceller = {.cancel = cancel_of(client.call), .seconds = 0, .hr = E_FAIL};

    client_begin_enter(client.call, 1);
    helper_run_bare(cancel_now, &canceller);
    ck_assert_hr(canceller.hr, S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &(LONG){0}), RPC_E_CALL_CANCELED);
    client_release(canceller.cancel);
}
END_TEST

static void any_way(TCase *tcase)
{
    tcase_add_test(tcase, can_08_a_second_cancel_does_as_if_it_were_alone);
    tcase_add_test(tcase, can_08_a_cancel_that_looks_late_knows_what_has_become_of_its_call);
    tcase_add_test(tcase, can_18_several_that_wait_and_a_result_that_comes);
    tcase_add_test(tcase, race_06_a_cancel_that_waits_does_not_reach_the_next_call);
    tcase_add_test(tcase, apt_04_a_call_that_waits_for_its_own_end_is_refused);
    tcase_add_test(tcase, can_02_a_call_cancels_itself);
    tcase_add_test(tcase, can_10_a_server_learns_of_a_cancel_after_the_call_is_finished);
    tcase_add_test(tcase, can_10_a_server_whose_client_has_gone_goes_on);
    tcase_add_test(tcase, can_05_a_cancel_calls_back);
    tcase_add_test(tcase, can_02_cancel_on_a_thread_without_an_apartment);
    tcase_add_test(tcase, race_05_a_result_or_a_cancel_never_both);
    tcase_add_test(tcase, race_08_a_finish_that_has_claimed_wins);
    tcase_add_test(tcase, can_18_a_server_that_is_in_time);
    tcase_set_timeout(tcase, 60);
}

static Suite *cancel_suite(void)
{
    Suite *suite = suite_create("cancel");

    client_add_cases(suite, CLIENT_ANY, any_way);
    return suite;
}

UVCOM_TEST_MAIN(cancel_suite)
