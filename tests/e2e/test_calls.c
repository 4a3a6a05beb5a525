/*
 * test_calls.c -- the protocol of Begin_ and Finish_ through generated code: CALL-01 to 08, 10 to
 * 14, 16 and 18, each between every two kinds of apartment.
 *
 * What parameters look like on the other side is in test_parameters.c, ISynchronize in
 * test_synchronize.c, several threads at a time in test_races.c.
 */
#include <string.h>

#include "client.h"

#define SERVER_FAILED ((HRESULT)0xA0043210)

static HRESULT finish_enter(LONG expected)
{
    LONG result = -1;
    HRESULT hr = AsyncIGated_Finish_Enter(client.call, &result);

    ck_assert_int_eq(result, SUCCEEDED(hr) ? expected : 0);
    return hr;
}

START_TEST(call_01_one_call_at_a_time_whichever_method)
{
    LONG sum;

    client_begin_enter(client.call, 1);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &(LONG){3}), RPC_E_CALL_PENDING);
    gate_open(&gated.gate);
    ck_assert_hr(finish_enter(1), S_OK);
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
}
END_TEST

START_TEST(call_02_a_second_begin_gets_call_pending)
{
    HRESULT hr;

    client_begin_enter(client.call, 1);
    hr = AsyncIGated_Begin_Enter(client.call, 2);
    ck_assert_uint_eq((uint32_t)hr, 0x80010115u);
    ck_assert_hr(hr, RPC_S_CALLPENDING);
    ck_assert_hr(hr, RPC_E_CALL_PENDING);
    gate_open(&gated.gate);
    ck_assert_hr(finish_enter(1), S_OK);
}
END_TEST

START_TEST(call_03_outstanding_until_finish_has_returned)
{
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(finish_enter(1), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    ck_assert_hr(finish_enter(2), S_OK);
}
END_TEST

/* As call.h and objidl.idl say: while a call runs and before. */
START_TEST(can_01_a_call_object_can_always_be_asked_to_cancel)
{
    void *before = client_query(client.call, &IID_ICancelMethodCalls), *meanwhile;

    client_begin_enter(client.call, 1);
    meanwhile = client_query(client.call, &IID_ICancelMethodCalls);
    ck_assert_ptr_eq(before, meanwhile);
    client_release(meanwhile);
    client_release(before);
    gate_open(&gated.gate);
    ck_assert_hr(finish_enter(1), S_OK);
}
END_TEST

/* Neither its event, nor its parameters, nor its HRESULT. */
START_TEST(call_04_a_rejected_begin_changes_nothing)
{
    struct witness witness;

    witness_init(&witness);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 7), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 8), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Fail(client.call, E_FAIL), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Hold(client.call, &witness.unknown), RPC_E_CALL_PENDING);
    ck_assert_int_eq(witness_references(&witness), 1);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 0), S_OK);
    ck_assert_hr(finish_enter(7), S_OK);
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
}
END_TEST

START_TEST(call_04_a_rejected_begin_leaves_a_running_call_alone)
{
    client_begin_enter(client.call, 7);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 8), RPC_E_CALL_PENDING);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 0), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(finish_enter(7), S_OK);
}
END_TEST

START_TEST(call_05_the_methods_failure_comes_from_finish)
{
    LONG value = -1;
    char *text = (char *)-1;

    ck_assert_hr(AsyncIGated_Begin_Fail(client.call, SERVER_FAILED), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), SERVER_FAILED);
}
END_TEST

START_TEST(call_06_a_failed_begin_starts_no_call)
{
    const HRESULT null_pointer = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);
    LONG sum = -1, value = 21;
    char *text = (char *)-1;

    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 1, NULL, "label"), null_pointer);
    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 1, &value, NULL), null_pointer);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, NULL), null_pointer);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &text), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(sum, 0);
    ck_assert_ptr_null(text);
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &value), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), S_OK);
    ck_assert_int_eq(value, 42);
}
END_TEST

START_TEST(call_07_finish_without_a_call_gets_call_complete)
{
    HRESULT hr = finish_enter(0);

    ck_assert_uint_eq((uint32_t)hr, 0x80010117u);
    ck_assert_hr(hr, RPC_E_CALL_COMPLETE);
}
END_TEST

START_TEST(call_07_a_second_finish_gets_call_complete)
{
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 5), S_OK);
    ck_assert_hr(finish_enter(5), S_OK);
    ck_assert_hr(finish_enter(0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 6), S_OK);
    ck_assert_hr(finish_enter(6), S_OK);
}
END_TEST

static void open_when_somebody_waits(void *arg)
{
    (void)arg;
    gate_await_waiters(&gated.gate, 1);
    gate_open(&gated.gate);
}

START_TEST(call_08_finish_before_completion_blocks_until_done)
{
    struct helper helper;

    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 9), S_OK);
    helper_start(&helper, open_when_somebody_waits, NULL);
    ck_assert_hr(finish_enter(9), S_OK);
    helper_join(&helper);
}
END_TEST

/* A stranger's Signal ends a Wait, but Finish_ still waits for the operation. */
START_TEST(call_08_finish_blocks_although_the_event_is_set)
{
    struct helper helper;

    client_begin_enter(client.call, 9);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    helper_start(&helper, open_when_somebody_waits, NULL);
    ck_assert_hr(finish_enter(9), S_OK);
    helper_join(&helper);
}
END_TEST

/* The same parameters, plain and in two halves. */
START_TEST(call_10_finish_gives_what_the_plain_method_gives)
{
    BYTE plain_bytes[8] = {0}, bytes[8] = {0};
    ULONG plain_written = 0, written = 0;
    LONG plain = 20, value = 20;
    char *text;

    ck_assert_hr(IGated_Twice(client.server, &plain), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &value), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), S_OK);
    ck_assert_int_eq(value, plain);
    ck_assert_hr(IGated_Fill(client.server, 5, plain_bytes, &plain_written), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 5), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, plain_written);
    ck_assert_mem_eq(bytes, plain_bytes, sizeof bytes);
    ck_assert_hr(IGated_Fail(client.server, S_FALSE, &plain, &text), S_FALSE);
    CoTaskMemFree(text);
    ck_assert_hr(AsyncIGated_Begin_Fail(client.call, S_FALSE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), S_FALSE);
    ck_assert_int_eq(value, plain);
    ck_assert_str_eq(text, "left by a method that failed");
    CoTaskMemFree(text);
}
END_TEST

START_TEST(call_11_a_failing_finish_zeroes_its_outs)
{
    LONG value = 77;
    char *text = (char *)-1;
    struct witness witness;
    IUnknown *same = (IUnknown *)-1;

    ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(value, 0);
    ck_assert_ptr_null(text);
    value = 77;
    text = (char *)-1;
    ck_assert_hr(AsyncIGated_Begin_Fail(client.call, SERVER_FAILED), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), SERVER_FAILED);
    ck_assert_int_eq(value, 0);
    ck_assert_ptr_null(text);
    witness_init(&witness);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Hold(client.call, &witness.unknown), S_OK);
    value = 77;
    text = (char *)-1;
    ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), E_UNEXPECTED);
    ck_assert_int_eq(value, 0);
    ck_assert_ptr_null(text);
    ck_assert_hr(AsyncIGated_Finish_Hold(client.call, &same), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Hold(client.call, &same), RPC_E_CALL_COMPLETE);
    ck_assert_ptr_null(same);
    client_release(&witness.unknown);
    ck_assert_int_eq(witness_references(&witness), 1);
}
END_TEST

/* [in, out] parameters and sized arrays of the caller's are left as they were. */
START_TEST(call_11_a_failing_finish_leaves_arrays_and_in_out_alone)
{
    BYTE bytes[4] = {1, 2, 3, 4}, before[4] = {1, 2, 3, 4};
    ULONG written = 9;
    LONG value = 5;

    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), RPC_E_CALL_COMPLETE);
    ck_assert_mem_eq(bytes, before, sizeof bytes);
    ck_assert_uint_eq(written, 0);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(value, 5);
}
END_TEST

START_TEST(call_12_finish_of_another_method_is_unexpected_and_harms_nothing)
{
    LONG sum = -1;

    client_begin_enter(client.call, 3);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), E_UNEXPECTED);
    ck_assert_int_eq(sum, 0);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), E_UNEXPECTED);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(finish_enter(3), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), RPC_E_CALL_COMPLETE);
}
END_TEST

START_TEST(call_13_an_object_is_reused_for_any_method)
{
    gate_open(&gated.gate);
    for (LONG i = 0; i < 200; i++) {
        LONG value = i;

        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, i), S_OK);
        ck_assert_hr(finish_enter(i), S_OK);
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, i), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(client.call, &value), S_OK);
        ck_assert_int_eq(value, 2 * i);
        ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &value), S_OK);
        ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &value), S_OK);
        ck_assert_int_eq(value, 4 * i);
    }
}
END_TEST

/* The gate is opened only after the caller has overwritten what it gave. */
START_TEST(call_14_begin_copies_what_it_is_given)
{
    LONG values[] = {1, 20, 300};
    char label[] = "original";
    LONG sum = -1;
    char *copy;

    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 3, values, label), S_OK);
    memset(values, 0xFF, sizeof values);
    memset(label, 'x', sizeof label - 1);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), S_OK);
    ck_assert_int_eq(sum, 321);
    ck_assert_str_eq(copy, "original");
    CoTaskMemFree(copy);
}
END_TEST

/* More than fits into the memory that an operation has anyway. */
START_TEST(call_14_begin_copies_large_arrays)
{
    static LONG values[100000];
    LONG sum = -1;
    char *copy;

    for (LONG i = 0; i < 100000; i++)
        values[i] = i % 7;
    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 100000, values, "large"), S_OK);
    memset(values, 0, sizeof values);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), S_OK);
    ck_assert_int_eq(sum, 299995);
    CoTaskMemFree(copy);
}
END_TEST

START_TEST(call_16_interface_pointers_are_held_until_the_call_is_over)
{
    struct witness witness;
    IUnknown *same = NULL;

    witness_init(&witness);
    ck_assert_hr(AsyncIGated_Begin_Hold(client.call, &witness.unknown), S_OK);
    ck_assert_int_eq(witness_references(&witness), 2);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Hold(client.call, &same), S_OK);
    ck_assert_ptr_eq(same, &witness.unknown);
    ck_assert_int_eq(witness_references(&witness), 2);
    client_release(same);
    ck_assert_int_eq(witness_references(&witness), 1);
    ck_assert_hr(AsyncIGated_Begin_Hold(client.call, NULL), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Hold(client.call, &same), S_OK);
    ck_assert_ptr_null(same);
}
END_TEST

/* The fixture's end sees what leaks: objects and memory. */
START_TEST(call_18_the_client_releases_in_all_cases)
{
    AsyncIGated *idle = client_new_call();
    AsyncIGated *failed = client_new_call();
    AsyncIGated *done = client_new_call();
    AsyncIGated *finished = client_new_call();
    LONG sum;

    ck_assert_hr(AsyncIGated_Begin_Twice(failed, NULL), HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    ck_assert_hr(AsyncIGated_Begin_Add(done, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(done, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(finished, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(finished, &sum), S_OK);
    ck_assert_uint_eq(AsyncIGated_Release(idle), 0);
    ck_assert_uint_eq(AsyncIGated_Release(failed), 0);
    ck_assert_uint_eq(AsyncIGated_Release(done), 0);
    ck_assert_uint_eq(AsyncIGated_Release(finished), 0);
}
END_TEST

static void refusals(TCase *tcase)
{
    tcase_add_test(tcase, call_01_one_call_at_a_time_whichever_method);
    tcase_add_test(tcase, call_02_a_second_begin_gets_call_pending);
    tcase_add_test(tcase, call_03_outstanding_until_finish_has_returned);
    tcase_add_test(tcase, can_01_a_call_object_can_always_be_asked_to_cancel);
    tcase_add_test(tcase, call_04_a_rejected_begin_changes_nothing);
    tcase_add_test(tcase, call_04_a_rejected_begin_leaves_a_running_call_alone);
    tcase_add_test(tcase, call_05_the_methods_failure_comes_from_finish);
    tcase_add_test(tcase, call_06_a_failed_begin_starts_no_call);
    tcase_add_test(tcase, call_07_finish_without_a_call_gets_call_complete);
    tcase_add_test(tcase, call_07_a_second_finish_gets_call_complete);
    tcase_add_test(tcase, call_08_finish_before_completion_blocks_until_done);
    tcase_add_test(tcase, call_08_finish_blocks_although_the_event_is_set);
}

static void calls(TCase *tcase)
{
    refusals(tcase);
    tcase_add_test(tcase, call_10_finish_gives_what_the_plain_method_gives);
    tcase_add_test(tcase, call_11_a_failing_finish_zeroes_its_outs);
    tcase_add_test(tcase, call_11_a_failing_finish_leaves_arrays_and_in_out_alone);
    tcase_add_test(tcase, call_12_finish_of_another_method_is_unexpected_and_harms_nothing);
    tcase_add_test(tcase, call_13_an_object_is_reused_for_any_method);
    tcase_add_test(tcase, call_14_begin_copies_what_it_is_given);
    tcase_add_test(tcase, call_14_begin_copies_large_arrays);
    tcase_add_test(tcase, call_16_interface_pointers_are_held_until_the_call_is_over);
    tcase_add_test(tcase, call_18_the_client_releases_in_all_cases);
}

static Suite *calls_suite(void)
{
    Suite *suite = suite_create("calls");

    client_add_cases(suite, CLIENT_ANY, calls);
    return suite;
}

UVCOM_TEST_MAIN(calls_suite)
