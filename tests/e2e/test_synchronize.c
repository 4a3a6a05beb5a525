/*
 * test_synchronize.c -- ISynchronize of a call object: SYN-02 to 06, 08 to 10, 15 and 17.
 *
 * Lost wake-ups are looked for in test_races.c.
 */
#include "client.h"

static HRESULT poll(void)
{
    return ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 0);
}

START_TEST(syn_02_a_wait_that_times_out_gets_timeout)
{
    HRESULT hr;

    client_begin_enter(client.call, 1);
    hr = ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 1);
    ck_assert_uint_eq((uint32_t)hr, 0x8001011Fu);
    ck_assert_hr(hr, RPC_E_TIMEOUT);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(client.call, 1), RPC_E_TIMEOUT);
}
END_TEST

/* The call is unharmed by waits that gave up. */
START_TEST(syn_02_a_call_survives_waits_that_time_out)
{
    LONG result;

    client_begin_enter(client.call, 6);
    for (int i = 0; i < 5; i++)
        ck_assert_hr(uvcom_wait(client.call, 1), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 6);
}
END_TEST

START_TEST(syn_02_a_thread_marked_by_the_compat_headers_gets_callpending)
{
    client_begin_enter(client.call, 1);
    uvcom_compat_mark_thread();
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 1), RPC_S_CALLPENDING);
    ck_assert_hr(poll(), RPC_S_CALLPENDING);
    ck_assert_hr(uvcom_wait(client.call, 1), RPC_S_CALLPENDING);
}
END_TEST

START_TEST(syn_03_zero_polls_and_infinite_waits)
{
    LONG result;

    client_begin_enter(client.call, 1);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(poll(), S_OK);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, 1000), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

START_TEST(syn_03_unknown_flags_are_invalid)
{
    static const DWORD known[] = {COWAIT_WAITALL, COWAIT_ALERTABLE, COWAIT_INPUTAVAILABLE,
                                  COWAIT_DISPATCH_CALLS, COWAIT_DISPATCH_WINDOW_MESSAGES};

    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Wait(client.sync, 0x20, 0), E_INVALIDARG);
    ck_assert_hr(ISynchronize_Wait(client.sync, 0x80000000u, INFINITE), E_INVALIDARG);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        ck_assert_hr(ISynchronize_Wait(client.sync, known[i], 0), S_OK);
}
END_TEST

static void wait_for_signal(void *arg)
{
    HRESULT *hr = arg;

    *hr = ISynchronize_Wait(client.sync, COWAIT_DEFAULT, INFINITE);
}

START_TEST(syn_04_signal_releases_all_waiters)
{
    struct helper helpers[4];
    HRESULT results[4] = {E_FAIL, E_FAIL, E_FAIL, E_FAIL};

    for (int i = 0; i < 4; i++)
        helper_start(&helpers[i], wait_for_signal, &results[i]);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    for (int i = 0; i < 4; i++) {
        helper_join(&helpers[i]);
        ck_assert_hr(results[i], S_OK);
    }
}
END_TEST

START_TEST(syn_04_completion_releases_all_waiters)
{
    struct helper helpers[4];
    HRESULT results[4] = {E_FAIL, E_FAIL, E_FAIL, E_FAIL};
    LONG result;

    client_begin_enter(client.call, 1);
    for (int i = 0; i < 4; i++)
        helper_start(&helpers[i], wait_for_signal, &results[i]);
    gate_open(&gated.gate);
    for (int i = 0; i < 4; i++) {
        helper_join(&helpers[i]);
        ck_assert_hr(results[i], S_OK);
    }
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

START_TEST(syn_05_a_second_signal_changes_nothing)
{
    LONG result;

    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(poll(), S_OK);
    client_begin_enter(client.call, 2);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(poll(), S_OK);
}
END_TEST

START_TEST(syn_06_reset_clears_the_event)
{
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    client_begin_enter(client.call, 2);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(poll(), S_OK);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(syn_06_reset_cannot_hide_a_result)
{
    LONG result;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 4), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(poll(), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 4);
}
END_TEST

START_TEST(syn_08_a_late_wait_on_a_finished_call_does_not_hang)
{
    LONG result;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_hr(poll(), S_OK);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    gate_close(&gated.gate);
    client_begin_enter(client.call, 5);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
}
END_TEST

/* Of a Begin_ that was undone too: nobody may wait for a call that never was. */
START_TEST(syn_08_a_begin_that_failed_left_the_event_alone)
{
    const HRESULT null_pointer = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);

    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, NULL), null_pointer);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, NULL), null_pointer);
    ck_assert_hr(poll(), S_OK);
}
END_TEST

START_TEST(syn_09_begin_does_not_care_how_the_event_is)
{
    LONG result;

    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    client_begin_enter(client.call, 1);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    gate_close(&gated.gate);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), S_OK);
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}
END_TEST

START_TEST(syn_10_a_new_event_is_clear)
{
    ck_assert_hr(poll(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(client.call, 1), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(syn_15_a_strangers_signal_completes_nothing)
{
    LONG result = -1;

    client_begin_enter(client.call, 1);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 2), RPC_E_CALL_PENDING);
    ck_assert_int_eq(atomic_load(&gated.inside), 1);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_COMPLETE);
}
END_TEST

START_TEST(uvcom_wait_on_null_or_on_what_has_no_event)
{
    ck_assert_hr(uvcom_wait(NULL, 0), E_POINTER);
    ck_assert_hr(uvcom_wait(client.server, 0), E_NOINTERFACE);
}
END_TEST

static void events(TCase *tcase)
{
    tcase_add_test(tcase, syn_02_a_wait_that_times_out_gets_timeout);
    tcase_add_test(tcase, syn_02_a_call_survives_waits_that_time_out);
    tcase_add_test(tcase, syn_02_a_thread_marked_by_the_compat_headers_gets_callpending);
    tcase_add_test(tcase, syn_03_zero_polls_and_infinite_waits);
    tcase_add_test(tcase, syn_03_unknown_flags_are_invalid);
    tcase_add_test(tcase, syn_04_signal_releases_all_waiters);
    tcase_add_test(tcase, syn_04_completion_releases_all_waiters);
    tcase_add_test(tcase, syn_05_a_second_signal_changes_nothing);
    tcase_add_test(tcase, syn_06_reset_clears_the_event);
    tcase_add_test(tcase, syn_06_reset_cannot_hide_a_result);
    tcase_add_test(tcase, syn_08_a_late_wait_on_a_finished_call_does_not_hang);
    tcase_add_test(tcase, syn_08_a_begin_that_failed_left_the_event_alone);
    tcase_add_test(tcase, syn_09_begin_does_not_care_how_the_event_is);
    tcase_add_test(tcase, syn_10_a_new_event_is_clear);
    tcase_add_test(tcase, syn_15_a_strangers_signal_completes_nothing);
    tcase_add_test(tcase, uvcom_wait_on_null_or_on_what_has_no_event);
}

static Suite *synchronize_suite(void)
{
    Suite *suite = suite_create("synchronize");

    client_add_cases(suite, CLIENT_ANY, events);
    return suite;
}

UVCOM_TEST_MAIN(synchronize_suite)
