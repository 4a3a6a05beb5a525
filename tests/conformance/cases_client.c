/*
 * cases_client.c -- conformance cases for CALL: the client's protocol.
 */
#include "tests/conformance/conformance.h"

#include <stdlib.h>
#include <string.h>

#define NULL_REF HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)

/* Collects the result of a Hold that was begun with this value. */
static void finish_hold(AsyncIDesk *call, LONG value)
{
    LONG result = -1;

    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(call, &result), S_OK);
    ck_assert_int_eq(result, value);
}

static void echo(AsyncIDesk *call, LONG value)
{
    LONG result = -1;

    ck_assert_hr(AsyncIDesk_Begin_Echo(call, value), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(call, &result), S_OK);
    ck_assert_int_eq(result, value);
}

/* ---- one call at a time ---- */

CASE(CALL_01_a_second_call_of_any_method_is_refused)
{
    begin_hold(scene.call, 1);
    ck_assert(FAILED(AsyncIDesk_Begin_Hold(scene.call, 2)));
    ck_assert(FAILED(AsyncIDesk_Begin_Echo(scene.call, 3)));
    ck_assert(FAILED(AsyncIDesk_Begin_Run(scene.call, 4)));
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
    finish_hold(scene.call, 1);
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
}

CASE(CALL_01_two_call_objects_carry_two_calls)
{
    AsyncIDesk *other = new_call();
    LONG result = 0;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(other, 2), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(other, &result), S_OK);
    ck_assert_int_eq(result, 2);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
    release(other);
}

CASE(CALL_02_the_code_has_the_value_of_the_sdk)
{
    ck_assert_uint_eq((ULONG)RPC_E_CALL_PENDING, 0x80010115u);
    ck_assert_uint_eq((ULONG)RPC_S_CALLPENDING, 0x80010115u);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    ck_assert_uint_eq((ULONG)AsyncIDesk_Begin_Echo(scene.call, 2), 0x80010115u);
    ck_assert_uint_eq((ULONG)AsyncIDesk_Begin_Hold(scene.call, 2), 0x80010115u);
}

CASE(CALL_03_a_call_that_has_completed_is_still_outstanding)
{
    LONG result;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
    echo(scene.call, 2);
}

CASE(CALL_03_a_cancelled_call_is_outstanding_until_it_is_finished)
{
    ICancelMethodCalls *cancel = query(scene.call, &IID_ICancelMethodCalls);
    LONG result;

    begin_hold(scene.call, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_CALL_CANCELED);
    gate_open(&desk.gate);
    echo(scene.call, 2);
    release(cancel);
}

/* ---- a Begin_ that is refused, or fails ---- */

CASE(CALL_04_a_refused_begin_leaves_the_event_alone)
{
    begin_hold(scene.call, 1);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 0), S_OK);
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    finish_hold(scene.call, 1);
}

CASE(CALL_04_a_refused_begin_takes_no_parameters)
{
    struct witness witness;
    size_t live;

    witness_init(&witness);
    begin_hold(scene.call, 1);
    live = faults_live();
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), RPC_E_CALL_PENDING);
    ck_assert_int_eq(witness_references(&witness), 1);
    ck_assert_uint_eq(faults_live(), live);
    finish_hold(scene.call, 1);
    ck_assert_int_eq(witness_references(&witness), 1);
}

CASE(CALL_04_a_refused_begin_leaves_the_result_alone)
{
    LONG result = -1;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    for (size_t i = repetitions(1000); i > 0; i--)
        ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
}

CASE(CALL_05_the_methods_own_failure_comes_from_finish)
{
    IUnknown *object;
    char *text;
    LONG value;

    ck_assert_hr(AsyncIDesk_Begin_Fail(scene.call, (LONG)0xCAFEBABE), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Fail(scene.call, &value, &text, &object), (HRESULT)0xCAFEBABE);
}

CASE(CALL_06_a_begin_that_fails_has_begun_nothing)
{
    const LONG values[] = {1, 2};
    LONG sum = -1;
    char *copy;

    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 2, values, NULL), NULL_REF);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 2, NULL, "label"), NULL_REF);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &sum), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(atomic_load(&desk.entered), 0);

    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 2, values, "label"), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), S_OK);
    ck_assert_int_eq(sum, 3);
    CoTaskMemFree(copy);
}

CASE(CALL_06_a_begin_without_memory_has_begun_nothing)
{
    const LONG values[] = {1, 2};
    LONG sum;
    char *copy = NULL;
    HRESULT hr;

    gate_open(&desk.gate);
    for (size_t n = 1;; n++) {
        faults_fail_at(n);
        hr = AsyncIDesk_Begin_Read(scene.call, 2, values, "label");
        if (SUCCEEDED(hr))
            break;
        ck_assert_hr(hr, E_OUTOFMEMORY);
        ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), RPC_E_CALL_COMPLETE);
    }
    faults_fail_at(0);
    hr = AsyncIDesk_Finish_Read(scene.call, &sum, &copy);
    ck_assert(hr == S_OK || hr == E_OUTOFMEMORY); /* the server may have met the fault */
    CoTaskMemFree(copy);
    release(scene.sync);
    release(scene.call);
    scene.sync = NULL;
    scene.call = NULL;
    faults_reset(); /* what was allocated before the sweep is not counted as live any more */
}

CASE(CALL_07_finish_without_a_call)
{
    LONG result = -1;

    ck_assert_uint_eq((ULONG)RPC_E_CALL_COMPLETE, 0x80010117u);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(result, 0);
    echo(scene.call, 5);
    result = -1;
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(result, 0);
}

/* ---- Finish_ ---- */

static void open_gate(void *arg)
{
    (void)arg;
    gate_open(&desk.gate);
}

CASE(CALL_08_finish_waits_for_a_call_that_runs)
{
    struct actor opener;
    LONG result = -1;

    begin_hold(scene.call, 8);
    actor_start_bare(&opener, open_gate, NULL);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 8);
    actor_join(&opener);
}

CASE(CALL_09_finish_does_not_take_a_stray_signal_for_completion)
{
    struct actor opener;
    LONG result = -1;

    begin_hold(scene.call, 9);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    actor_start_bare(&opener, open_gate, NULL);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 9);
    actor_join(&opener);
}

/* The outer's Wait says that it is over, at once and every time. */
static HRESULT wait_no_time(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    (void)outer;
    (void)flags;
    (void)milliseconds;
    return S_OK;
}

static HRESULT wait_and_open(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    gate_open(&desk.gate);
    return outer_forward_wait(outer, flags, milliseconds);
}

/* Nobody else opens the gate. */
CASE(CALL_08_the_outers_wait_is_what_is_called)
{
    struct outer *outer = outer_create(scene.server);
    LONG result = -1;

    outer->wait = wait_and_open;
    begin_hold(outer->call, 8);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 8);
    ck_assert_int_eq(atomic_load(&outer->waits), 1);
    outer_release(outer);
}

CASE(CALL_09_finish_goes_on_waiting_when_the_outers_wait_ends_early)
{
    struct outer *outer = outer_create(scene.server);
    struct actor opener;
    LONG result = -1;

    outer->wait = wait_no_time;
    begin_hold(outer->call, 9);
    actor_start_bare(&opener, open_gate, NULL);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 9);
    actor_join(&opener);
    outer_release(outer);
}

static HRESULT return_number(LONG number)
{
    return (HRESULT)number;
}

/* Successes that are not S_OK and failures alike. */
CASE(CALL_10_finish_returns_what_the_method_would_have_returned)
{
    static const HRESULT codes[] = {S_OK,
                                    S_FALSE,
                                    0x12345,
                                    E_FAIL,
                                    RPC_E_CALL_COMPLETE,
                                    RPC_E_CALL_PENDING,
                                    (HRESULT)0xCAFEBABE};

    desk.hook = return_number;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        ck_assert_hr(IDesk_Run(scene.server, (LONG)codes[i]), codes[i]);
        ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, (LONG)codes[i]), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), codes[i]);
    }
}

CASE(CALL_10_finish_delivers_what_the_method_would_have_delivered)
{
    const LONG values[] = {40, 2};
    BYTE plain[8] = {0}, collected[8] = {0};
    ULONG plain_count = 0, count = 0;
    LONG plain_sum = 0, sum = 0;
    char *plain_copy, *copy;

    gate_open(&desk.gate);
    ck_assert_hr(IDesk_Read(scene.server, 2, values, "label", &plain_sum, &plain_copy), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 2, values, "label"), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), S_OK);
    ck_assert_int_eq(sum, 42);
    ck_assert_int_eq(sum, plain_sum);
    ck_assert_str_eq(copy, "label");
    ck_assert_str_eq(copy, plain_copy);
    CoTaskMemFree(copy);
    CoTaskMemFree(plain_copy);

    ck_assert_hr(IDesk_Fill(scene.server, 8, plain, &plain_count), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Fill(scene.call, 8), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Fill(scene.call, collected, &count), S_OK);
    ck_assert_uint_eq(count, 4);
    ck_assert_uint_eq(count, plain_count);
    ck_assert_mem_eq(collected, plain, 4);
}

#define POISON ((void *)(uintptr_t)0x5A5A5A5A)

CASE(CALL_11_a_failing_finish_clears_what_comes_out)
{
    IUnknown *object = POISON;
    char *text = POISON;
    LONG value = 0x5A5A;

    ck_assert_hr(AsyncIDesk_Finish_Fail(scene.call, &value, &text, &object), RPC_E_CALL_COMPLETE);
    ck_assert(value == 0 && !text && !object);

    value = 0x5A5A, text = POISON, object = POISON;
    ck_assert_hr(AsyncIDesk_Begin_Fail(scene.call, E_ABORT), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Fail(scene.call, &value, &text, &object), E_ABORT);
    ck_assert(value == 0 && !text && !object);

    value = 0x5A5A, text = POISON, object = POISON;
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Fail(scene.call, &value, &text, &object), E_UNEXPECTED);
    ck_assert(value == 0 && !text && !object);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &value), S_OK);
}

CASE(CALL_11_a_failing_finish_leaves_arrays_and_in_out_values_alone)
{
    BYTE bytes[4] = {1, 2, 3, 4};
    ULONG written = 0x5A5A;
    LONG value = 77;
    char *text = POISON;

    ck_assert_hr(AsyncIDesk_Finish_Fill(scene.call, bytes, &written), RPC_E_CALL_COMPLETE);
    ck_assert(written == 0 && bytes[0] == 1 && bytes[3] == 4);
    ck_assert_hr(AsyncIDesk_Finish_Change(scene.call, &value, &text), RPC_E_CALL_COMPLETE);
    ck_assert(value == 77 && text == POISON);
}

CASE(CALL_12_finish_of_another_method_leaves_the_call_unharmed)
{
    LONG result = -1;

    begin_hold(scene.call, 12);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), E_UNEXPECTED);
    gate_open(&desk.gate);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), E_UNEXPECTED);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), E_UNEXPECTED);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 12);
}

CASE(CALL_12_a_cancelled_call_is_finished_by_its_own_method_only)
{
    ICancelMethodCalls *cancel = query(scene.call, &IID_ICancelMethodCalls);
    LONG result = -1;

    begin_hold(scene.call, 12);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), E_UNEXPECTED);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_CALL_CANCELED);
    release(cancel);
}

CASE(CALL_13_a_call_object_is_used_again_and_nothing_grows)
{
    const size_t rounds = repetitions(2000) + 40;
    size_t early = 0;
    ULONG written;
    BYTE bytes[4];

    gate_open(&desk.gate);
    for (size_t round = 0; round < rounds; round++) {
        echo(scene.call, (LONG)round);
        ck_assert_hr(AsyncIDesk_Begin_Fill(scene.call, 4), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Fill(scene.call, bytes, &written), S_OK);
        ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 0), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), E_NOTIMPL);
        if (round == 20)
            early = faults_live();
    }
    /* A server may still be letting go of the latest operation or two. */
    ck_assert_uint_le(faults_live(), early + 8);
}

/* ---- parameters between the halves ---- */

CASE(CALL_14_in_values_may_be_overwritten_and_freed_after_begin)
{
    LONG *values = malloc(3 * sizeof *values);
    char *label = strdup("a name"), *copy = NULL;
    LONG sum = 0;

    for (LONG i = 0; i < 3; i++)
        values[i] = i + 1;
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 3, values, label), S_OK);
    memset(values, 0xEE, 3 * sizeof *values);
    memset(label, 'x', strlen(label));
    free(values);
    free(label);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), S_OK);
    ck_assert_int_eq(sum, 6);
    ck_assert_str_eq(copy, "a name");
    CoTaskMemFree(copy);
}

static char *task_text(const char *text)
{
    char *copy = CoTaskMemAlloc(strlen(text) + 1);

    memcpy(copy, text, strlen(text) + 1);
    return copy;
}

CASE(CALL_15_in_out_values_go_in_by_begin_and_come_out_by_finish)
{
    LONG given = 21, got = -1;
    char *given_text = task_text("the client's"), *got_text = POISON;

    ck_assert_hr(AsyncIDesk_Begin_Change(scene.call, &given, &given_text), S_OK);
    given = 1000;
    given_text[0] = 'X';
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Change(scene.call, &got, &got_text), S_OK);
    ck_assert_int_eq(got, 42);
    ck_assert_str_eq(got_text, "the server's own text");
    ck_assert_int_eq(given, 1000);
    ck_assert_str_eq(given_text, "Xhe client's");
    CoTaskMemFree(given_text);
    CoTaskMemFree(got_text);
}

CASE(CALL_16_an_in_object_is_held_until_the_method_is_over)
{
    struct witness witness;
    IUnknown *same = NULL;

    witness_init(&witness);
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), S_OK);
    ck_assert_int_gt(witness_references(&witness), 1);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Pass(scene.call, &same), S_OK);
    ck_assert_ptr_eq(same, &witness.unknown);
    release(same);
    witness_await(&witness, 1);
}

CASE(CALL_16_an_out_object_that_nobody_collects_is_released)
{
    struct witness witness;

    witness_init(&witness);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    release(scene.sync);
    release(scene.call);
    scene.sync = NULL;
    scene.call = NULL;
    witness_await(&witness, 1);
}

static void finish_pass(void *arg)
{
    IUnknown *same = POISON;

    *(HRESULT *)arg = AsyncIDesk_Finish_Pass(scene.call, &same);
}

/* There it could not be handed over. */
CASE(CALL_16_an_out_object_is_not_lost_on_a_thread_without_apartment)
{
    struct witness witness;
    IUnknown *same = NULL;
    HRESULT hr = S_OK;

    witness_init(&witness);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    actor_run_bare(finish_pass, &hr);
    ck_assert_hr(hr, CO_E_NOTINITIALIZED);
    ck_assert_hr(AsyncIDesk_Finish_Pass(scene.call, &same), S_OK);
    ck_assert_ptr_eq(same, &witness.unknown);
    release(same);
    witness_await(&witness, 1);
}

/* ---- its end ---- */

/* Each ends with a Release that must be the object's last: the setting counts what is left. */
CASE(CALL_18_the_client_releases_its_call_in_every_state)
{
    AsyncIDesk *idle = new_call(), *refused = new_call(), *done = new_call(), *over = new_call();
    LONG result;

    ck_assert_hr(AsyncIDesk_Begin_Read(refused, 1, NULL, "label"), NULL_REF);
    ck_assert_hr(AsyncIDesk_Begin_Echo(done, 1), S_OK);
    ck_assert_hr(uvcom_wait(done, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(over, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(over, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Echo(over, &result), S_OK);
    ck_assert_uint_eq(AsyncIDesk_Release(idle), 0);
    ck_assert_uint_eq(AsyncIDesk_Release(refused), 0);
    release(done);
    release(over);
}

const struct conformance_case cases_client[] = {
    {&CALL_01_a_second_call_of_any_method_is_refused, ELSEWHERE},
    {&CALL_01_two_call_objects_carry_two_calls, EVERYWHERE},
    {&CALL_02_the_code_has_the_value_of_the_sdk, EVERYWHERE},
    {&CALL_03_a_call_that_has_completed_is_still_outstanding, EVERYWHERE},
    {&CALL_03_a_cancelled_call_is_outstanding_until_it_is_finished, ELSEWHERE},
    {&CALL_04_a_refused_begin_leaves_the_event_alone, ELSEWHERE},
    {&CALL_04_a_refused_begin_takes_no_parameters, ELSEWHERE},
    {&CALL_04_a_refused_begin_leaves_the_result_alone, EVERYWHERE},
    {&CALL_05_the_methods_own_failure_comes_from_finish, EVERYWHERE},
    {&CALL_06_a_begin_that_fails_has_begun_nothing, EVERYWHERE},
    {&CALL_06_a_begin_without_memory_has_begun_nothing, USUAL},
    {&CALL_07_finish_without_a_call, EVERYWHERE},
    {&CALL_08_finish_waits_for_a_call_that_runs, ELSEWHERE},
    {&CALL_08_the_outers_wait_is_what_is_called, ELSEWHERE},
    {&CALL_09_finish_goes_on_waiting_when_the_outers_wait_ends_early, ELSEWHERE},
    {&CALL_09_finish_does_not_take_a_stray_signal_for_completion, ELSEWHERE},
    {&CALL_10_finish_returns_what_the_method_would_have_returned, EVERYWHERE},
    {&CALL_10_finish_delivers_what_the_method_would_have_delivered, EVERYWHERE},
    {&CALL_11_a_failing_finish_clears_what_comes_out, EVERYWHERE},
    {&CALL_11_a_failing_finish_leaves_arrays_and_in_out_values_alone, EVERYWHERE},
    {&CALL_12_finish_of_another_method_leaves_the_call_unharmed, ELSEWHERE},
    {&CALL_12_a_cancelled_call_is_finished_by_its_own_method_only, ELSEWHERE},
    {&CALL_13_a_call_object_is_used_again_and_nothing_grows, EVERYWHERE},
    {&CALL_14_in_values_may_be_overwritten_and_freed_after_begin, EVERYWHERE},
    {&CALL_15_in_out_values_go_in_by_begin_and_come_out_by_finish, EVERYWHERE},
    {&CALL_16_an_in_object_is_held_until_the_method_is_over, EVERYWHERE},
    {&CALL_16_an_out_object_that_nobody_collects_is_released, EVERYWHERE},
    {&CALL_16_an_out_object_is_not_lost_on_a_thread_without_apartment, THROUGH_A_PROXY},
    {&CALL_18_the_client_releases_its_call_in_every_state, EVERYWHERE},
    {0},
};
