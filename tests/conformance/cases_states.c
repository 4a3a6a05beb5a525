/*
 * cases_states.c -- conformance cases in the states of a call that are hard to meet: while Begin_
 * is half way (in the outer object's Reset), while a cancel is asked for and not carried out
 * (inside the method), and while Finish_ hands over (in the AddRef of an object that comes out).
 *
 * They are the cases that see most of the state table's cells; states.py breaks these one by one.
 */
#include "tests/conformance/conformance.h"

#define POSSIBLE_DEADLOCK HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)

/* What was answered in such a state. A hook runs on threads where nothing may be asserted. */
struct answers {
    AsyncIDesk *call;
    ICancelMethodCalls *cancel;
    ISynchronize *event; /* the call object's own */
    HRESULT begin;
    HRESULT finish;
    HRESULT finish_other;
    HRESULT test;
    HRESULT set[3]; /* Reset; Wait(0) then; Reset again */
    HRESULT clear[2];
    HRESULT ask;
    HRESULT test_asked;
    HRESULT end;
    HRESULT ask_ended;
    HRESULT end_again;
    HRESULT test_ended;
};

static struct answers answers;

/* Signal and Wait(0), Reset and Wait(0). */
static void try_event(void)
{
    answers.set[0] = ISynchronize_Signal(answers.event);
    answers.set[1] = ISynchronize_Signal(answers.event);
    answers.set[2] = ISynchronize_Wait(answers.event, COWAIT_DEFAULT, 0);
    answers.clear[0] = ISynchronize_Reset(answers.event);
    answers.clear[1] = ISynchronize_Wait(answers.event, COWAIT_DEFAULT, 0);
}

static void check_event(HRESULT cleared)
{
    ck_assert_hr(answers.set[0], S_OK);
    ck_assert_hr(answers.set[1], S_OK);
    ck_assert_hr(answers.set[2], S_OK);
    ck_assert_hr(answers.clear[0], S_OK);
    ck_assert_hr(answers.clear[1], cleared);
}

static void try_all(void)
{
    LONG value = 0;

    answers.begin = AsyncIDesk_Begin_Echo(answers.call, 1);
    answers.finish = AsyncIDesk_Finish_Run(answers.call);
    answers.finish_other = AsyncIDesk_Finish_Echo(answers.call, &value);
    answers.test = ICancelMethodCalls_TestCancel(answers.cancel);
    try_event();
}

static void take(AsyncIDesk *call, ISynchronize *event)
{
    answers = (struct answers){.call = call, .event = event};
    answers.cancel = query(call, &IID_ICancelMethodCalls);
}

/* ---- half way through Begin_ ---- */

static HRESULT reset_hr;

static HRESULT look_in_reset(struct outer *outer)
{
    (void)outer;
    try_all();
    return reset_hr;
}

/* Asked, looked at, asked again, ended, and asked and ended once more. */
static void ask_and_end(void)
{
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.test_asked = ICancelMethodCalls_TestCancel(answers.cancel);
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    try_all();
    answers.end = ICancelMethodCalls_Cancel(answers.cancel, 0);
    answers.end_again = ICancelMethodCalls_Cancel(answers.cancel, 0);
    answers.ask_ended = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.test_ended = ICancelMethodCalls_TestCancel(answers.cancel);
}

static HRESULT cancel_in_reset(struct outer *outer)
{
    (void)outer;
    ask_and_end();
    try_all();
    return reset_hr;
}

static HRESULT ask_in_reset(struct outer *outer)
{
    (void)outer;
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    try_all();
    return reset_hr;
}

/* An outer object with this Reset, and its Begin_Run. */
static struct outer *begin_with(HRESULT (*reset)(struct outer *outer), HRESULT hr)
{
    struct outer *outer = outer_create(scene.server);

    outer->reset = reset;
    reset_hr = hr;
    take(outer->call, outer->event);
    ck_assert_hr(AsyncIDesk_Begin_Run(outer->call, S_FALSE), hr);
    return outer;
}

static void end(struct outer *outer)
{
    release(answers.cancel);
    outer_release(outer);
}

static HRESULT return_number(LONG number)
{
    return (HRESULT)number;
}

CASE(CALL_03_12_a_call_is_outstanding_while_begin_is_half_way)
{
    struct outer *outer;

    desk.hook = return_number;
    outer = begin_with(look_in_reset, S_OK);
    ck_assert_hr(answers.begin, RPC_E_CALL_PENDING);
    ck_assert_hr(answers.finish, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.finish_other, E_UNEXPECTED);
    ck_assert_hr(answers.test, RPC_S_CALLPENDING);
    check_event(RPC_E_TIMEOUT);
    ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), S_FALSE);
    end(outer);
}

CASE(CALL_06_a_begin_that_fails_half_way_leaves_an_idle_object)
{
    struct outer *outer;

    desk.hook = return_number;
    outer = begin_with(look_in_reset, E_ABORT);
    ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), RPC_E_CALL_COMPLETE);
    ck_assert_hr(ICancelMethodCalls_TestCancel(answers.cancel), RPC_E_CALL_COMPLETE);
    ck_assert_hr(ISynchronize_Wait(outer->event, COWAIT_DEFAULT, 0), S_OK);
    outer->reset = NULL;
    ck_assert_hr(AsyncIDesk_Begin_Run(outer->call, S_FALSE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), S_FALSE);
    end(outer);
}

CASE(CAN_18_a_call_that_was_asked_to_stop_half_way_runs_on)
{
    struct outer *outer;

    desk.hook = return_number;
    outer = begin_with(ask_in_reset, S_OK);
    ck_assert_hr(answers.ask, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.test, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.begin, RPC_E_CALL_PENDING);
    ck_assert_hr(answers.finish, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.finish_other, E_UNEXPECTED);
    check_event(RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(outer->call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), S_FALSE);
    end(outer);
}

CASE(CAN_02_a_call_is_cancelled_while_begin_is_half_way)
{
    struct outer *outer = begin_with(cancel_in_reset, S_OK);

    ck_assert_hr(answers.ask, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.test_asked, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.end, S_OK);
    ck_assert_hr(answers.end_again, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.ask_ended, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.test_ended, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.begin, RPC_E_CALL_PENDING);
    ck_assert_hr(answers.finish, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.finish_other, E_UNEXPECTED);
    check_event(RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(outer->call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), RPC_E_CALL_CANCELED);
    end(outer);
}

/* Whatever was asked for it is no call: the next one is nobody's to cancel. */
CASE(CAN_02_a_begin_that_fails_half_way_forgets_its_cancel)
{
    HRESULT (*const resets[])(struct outer *) = {ask_in_reset, cancel_in_reset};

    desk.hook = return_number;
    for (size_t i = 0; i < sizeof resets / sizeof *resets; i++) {
        struct outer *outer = begin_with(resets[i], E_ABORT);

        ck_assert_hr(ISynchronize_Wait(outer->event, COWAIT_DEFAULT, 0), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), RPC_E_CALL_COMPLETE);
        ck_assert_hr(ICancelMethodCalls_TestCancel(answers.cancel), RPC_E_CALL_COMPLETE);
        ck_assert_hr(ICancelMethodCalls_Cancel(answers.cancel, 0), RPC_E_CALL_COMPLETE);
        outer->reset = NULL;
        ck_assert_hr(AsyncIDesk_Begin_Run(outer->call, S_FALSE), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Run(outer->call), S_FALSE);
        end(outer);
    }
}

/* ---- inside the method, when Begin_ has returned ---- */

static HRESULT look_in_method(LONG number)
{
    gate_wait(&desk.gate);
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.test_asked = ICancelMethodCalls_TestCancel(answers.cancel);
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    try_all();
    return (HRESULT)number;
}

CASE(CAN_10_18_a_method_asks_for_its_own_end_and_returns)
{
    desk.hook = look_in_method;
    take(scene.call, scene.sync);
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, S_FALSE), S_OK);
    gate_open(&desk.gate);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    await_value(&desk.left, 1);
    ck_assert_hr(answers.ask, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.test_asked, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.test, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.begin, RPC_E_CALL_PENDING);
    ck_assert_hr(answers.finish, POSSIBLE_DEADLOCK);
    ck_assert_hr(answers.finish_other, E_UNEXPECTED);
    check_event(RPC_E_TIMEOUT);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_FALSE);
    release(answers.cancel);
}

static HRESULT end_in_method(LONG number)
{
    gate_wait(&desk.gate);
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.end = ICancelMethodCalls_Cancel(answers.cancel, 0);
    answers.end_again = ICancelMethodCalls_Cancel(answers.cancel, 0);
    answers.ask_ended = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.test_ended = ICancelMethodCalls_TestCancel(answers.cancel);
    try_event();
    return (HRESULT)number;
}

CASE(CAN_08_a_method_ends_its_own_call)
{
    desk.hook = end_in_method;
    take(scene.call, scene.sync);
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, S_FALSE), S_OK);
    gate_open(&desk.gate);
    await_value(&desk.left, 1);
    ck_assert_hr(answers.end, S_OK);
    ck_assert_hr(answers.end_again, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.ask_ended, RPC_E_CALL_CANCELED);
    ck_assert_hr(answers.test_ended, RPC_E_CALL_CANCELED);
    check_event(S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 1), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), RPC_E_CALL_CANCELED);
    release(answers.cancel);
}

/* ---- inside Finish_ ---- */

static uintptr_t finishing;

static void look_in_finish(struct witness *witness)
{
    IUnknown *same;

    (void)witness;
    if (finishing != this_thread())
        return;
    try_all();
    answers.finish = AsyncIDesk_Finish_Pass(answers.call, &same);
    answers.ask = ICancelMethodCalls_Cancel(answers.cancel, 5);
    answers.end = ICancelMethodCalls_Cancel(answers.cancel, 0);
    answers.test_ended = ICancelMethodCalls_TestCancel(answers.cancel);
}

CASE(CAN_08_finish_that_has_its_result_wins)
{
    struct witness witness;
    IUnknown *same = NULL;

    witness_init(&witness);
    gate_open(&desk.gate);
    take(scene.call, scene.sync);
    answers.begin = E_FAIL;
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    finishing = this_thread();
    witness.on_add_ref = look_in_finish;
    ck_assert_hr(AsyncIDesk_Finish_Pass(scene.call, &same), S_OK);
    witness.on_add_ref = NULL;
    ck_assert_hr(answers.begin, RPC_E_CALL_PENDING);
    ck_assert_hr(answers.finish, RPC_E_CALL_COMPLETE);
    ck_assert_hr(answers.finish_other, RPC_E_CALL_COMPLETE);
    ck_assert_hr(answers.test, RPC_E_CALL_COMPLETE);
    ck_assert_hr(answers.ask, RPC_E_CALL_COMPLETE);
    ck_assert_hr(answers.end, RPC_E_CALL_COMPLETE);
    ck_assert_hr(answers.test_ended, RPC_E_CALL_COMPLETE);
    check_event(S_OK);
    ck_assert_ptr_eq(same, &witness.unknown);
    release(same);
    witness_await(&witness, 1);
    release(answers.cancel);
}

/* ---- afterwards ---- */

CASE(SYN_06_reset_does_not_hide_that_a_call_was_cancelled)
{
    take(scene.call, scene.sync);
    begin_hold(scene.call, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(answers.cancel, 0), S_OK);
    try_event();
    check_event(S_OK);
    release(answers.cancel);
}

CASE(CAN_10_nothing_of_a_cancel_is_left_for_the_next_call)
{
    LONG result;

    take(scene.call, scene.sync);
    begin_hold(scene.call, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(answers.cancel, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_CALL_CANCELED);
    ck_assert_hr(ICancelMethodCalls_TestCancel(answers.cancel), RPC_E_CALL_COMPLETE);
    ck_assert_hr(ICancelMethodCalls_Cancel(answers.cancel, 5), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), S_OK);
    ck_assert_hr(ICancelMethodCalls_TestCancel(answers.cancel), RPC_S_CALLPENDING);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
    release(answers.cancel);
}

const struct conformance_case cases_states[] = {
    {&CALL_03_12_a_call_is_outstanding_while_begin_is_half_way, ELSEWHERE},
    {&CALL_06_a_begin_that_fails_half_way_leaves_an_idle_object, ELSEWHERE},
    {&CAN_18_a_call_that_was_asked_to_stop_half_way_runs_on, ELSEWHERE},
    {&CAN_02_a_call_is_cancelled_while_begin_is_half_way, ELSEWHERE},
    {&CAN_02_a_begin_that_fails_half_way_forgets_its_cancel, ELSEWHERE},
    {&CAN_10_18_a_method_asks_for_its_own_end_and_returns, ELSEWHERE},
    {&CAN_08_a_method_ends_its_own_call, ELSEWHERE},
    {&CAN_08_finish_that_has_its_result_wins, THROUGH_A_PROXY},
    {&SYN_06_reset_does_not_hide_that_a_call_was_cancelled, ELSEWHERE},
    {&CAN_10_nothing_of_a_cancel_is_left_for_the_next_call, SETTING_MTA_TO_OWN},
    {0},
};
