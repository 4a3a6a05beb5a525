/*
 * test_cancelled.c -- what a cancelled call leaves to the next one on the same object: CALL-03,
 * CALL-16, LIFE-04 and RACE-06, with operations that are still with the server.
 *
 * What Cancel answers when is in test_cancel.c.
 */
#include "client.h"

static HRESULT cancel(AsyncIGated *object)
{
    ICancelMethodCalls *iface = client_query(object, &IID_ICancelMethodCalls);
    const HRESULT hr = ICancelMethodCalls_Cancel(iface, 0);

    ICancelMethodCalls_Release(iface);
    return hr;
}

START_TEST(call_03_outstanding_until_finish_after_a_cancel_too)
{
    LONG result = 7;

    client_begin_enter(client.call, 1);
    ck_assert_hr(cancel(client.call), S_OK);
    ck_assert_hr(uvcom_wait(client.call, 0), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &result), E_UNEXPECTED);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    ck_assert_int_eq(result, 0);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}
END_TEST

/* The first operation is over when the second one enters: one thread serves both. */
START_TEST(race_06_a_late_completion_leaves_the_next_call_pending)
{
    LONG result = 7;

    client_begin_enter(client.call, 1);
    ck_assert_hr(cancel(client.call), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    gate_pass(&gated.gate, 1);
    gate_await_arrived(&gated.gate, 2);
    ck_assert_hr(uvcom_wait(client.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 3), RPC_E_CALL_PENDING);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}
END_TEST

/* The old operation keeps its parameters and loses its results; neither meets the new one's. */
START_TEST(race_06_operations_share_no_memory)
{
    const LONG first[] = {1, 2, 3}, second[] = {10, 20, 30};
    LONG sum = 0;
    char *copy;

    for (int i = 0; i < 5; i++) {
        ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 3, first, "first"), S_OK);
        ck_assert_hr(cancel(client.call), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), RPC_E_CALL_CANCELED);
        ck_assert_ptr_null(copy);
        ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 3, second, "second"), S_OK);
        gate_open(&gated.gate);
        ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), S_OK);
        ck_assert_int_eq(sum, 60);
        ck_assert_str_eq(copy, "second");
        CoTaskMemFree(copy);
        gate_close(&gated.gate);
    }
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 10);
}
END_TEST

START_TEST(call_16_a_cancelled_operation_holds_its_pointers_until_it_retires)
{
    struct witness witness;
    IUnknown *same = (IUnknown *)-1;

    witness_init(&witness);
    ck_assert_hr(AsyncIGated_Begin_Hold(client.call, &witness.unknown), S_OK);
    gate_await_waiters(&gated.gate, 1);
    ck_assert_hr(cancel(client.call), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Hold(client.call, &same), RPC_E_CALL_CANCELED);
    ck_assert_ptr_null(same);
    ck_assert_int_eq(witness_references(&witness), 2);
    gate_open(&gated.gate);
    witness_await(&witness, 1);
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

START_TEST(race_08_a_blocked_finish_is_woken_by_a_cancel)
{
    struct outcome outcome = {S_OK, 7};
    struct helper helper;

    client_begin_enter(client.call, 1);
    helper_start(&helper, finish, &outcome);
    ck_assert_hr(cancel(client.call), S_OK);
    helper_join(&helper);
    ck_assert_hr(outcome.hr, RPC_E_CALL_CANCELED);
    ck_assert_int_eq(outcome.result, 0);
}
END_TEST

START_TEST(life_04_a_cancelled_call_object_is_released)
{
    AsyncIGated *call = client_new_call();
    const LONG value = 1;

    ck_assert_hr(AsyncIGated_Begin_Sum(call, 1, &value, "never read"), S_OK);
    ck_assert_hr(cancel(call), S_OK);
    client_release(call);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

static void cancelled(TCase *tcase)
{
    tcase_add_test(tcase, call_03_outstanding_until_finish_after_a_cancel_too);
    tcase_add_test(tcase, race_06_operations_share_no_memory);
    tcase_add_test(tcase, call_16_a_cancelled_operation_holds_its_pointers_until_it_retires);
    tcase_add_test(tcase, race_08_a_blocked_finish_is_woken_by_a_cancel);
    tcase_add_test(tcase, life_04_a_cancelled_call_object_is_released);
}

static void cancelled_in_order(TCase *tcase)
{
    tcase_add_test(tcase, race_06_a_late_completion_leaves_the_next_call_pending);
}

static Suite *cancelled_suite(void)
{
    Suite *suite = suite_create("cancelled");

    client_add_cases(suite, CLIENT_ANY, cancelled);
    client_add_cases(suite, CLIENT_TO_OWN, cancelled_in_order);
    return suite;
}

UVCOM_TEST_MAIN(cancelled_suite)
