/*
 * cases_synchronize.c -- conformance cases for SYN: ISynchronize and the event classes.
 *
 * Their handles are in cases_handle.c.
 */
#include "tests/conformance/conformance.h"

#include <sched.h>

#include "tests/conformance/events.h"

static HRESULT poll_call(void)
{
    return ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 0);
}

static HRESULT poll_event(ISynchronize *event)
{
    return ISynchronize_Wait(event, COWAIT_DEFAULT, 0);
}

/* ---- waiting ---- */

CASE(SYN_01_a_call_object_has_isynchronize)
{
    ISynchronize *sync;

    ck_assert_hr(AsyncIDesk_QueryInterface(scene.call, &IID_ISynchronize, (void **)&sync), S_OK);
    ck_assert_ptr_eq(sync, scene.sync);
    ck_assert_hr(answer(sync, &IID_AsyncIDesk), S_OK);
    ck_assert_hr(ISynchronize_Signal(sync), S_OK);
    ck_assert_hr(ISynchronize_Wait(sync, COWAIT_DEFAULT, INFINITE), S_OK);
    release(sync);
}

/* What a server that is written by hand does: its call object is the outer of a system event. */
CASE(SYN_01_an_event_object_serves_as_the_event_of_another_object)
{
    struct outer *outer = outer_create_empty();
    IUnknown *inner;
    ISynchronize *event;

    ck_assert_hr(CoCreateInstance(&CLSID_ManualResetEvent, &outer->unknown, CLSCTX_INPROC_SERVER,
                                  &IID_IUnknown, (void **)&inner),
                 S_OK);
    ck_assert_hr(IUnknown_QueryInterface(inner, &IID_ISynchronize, (void **)&event), S_OK);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(poll_event(event), S_OK);
    /* It is a part of the outer object: what it is asked for is asked there. */
    ck_assert_hr(answer(event, &IID_AsyncIDesk), answer(&outer->unknown, &IID_AsyncIDesk));
    release(event);
    ck_assert_uint_eq(IUnknown_Release(inner), 0);
    outer_release(outer);
    ck_assert_int_eq(atomic_load(&outers_live), 0);
}

CASE(SYN_02_the_time_is_over)
{
    begin_hold(scene.call, 1);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
    ck_assert_hr(poll_call(), RPC_E_TIMEOUT);
}

static void mark_and_wait(void *arg)
{
    HRESULT *codes = arg;
    ISynchronize *event = make_event(&CLSID_StdEvent);

    uvcom_compat_mark_thread();
    codes[0] = ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 1);
    codes[1] = ISynchronize_Wait(event, COWAIT_DEFAULT, 1);
    release(event);
}

CASE(SYN_02_a_thread_marked_by_the_compat_headers_has_the_old_code)
{
    HRESULT codes[2] = {S_OK, S_OK};

    actor_run(mark_and_wait, codes);
    ck_assert_hr(codes[0], RPC_S_CALLPENDING);
    ck_assert_hr(codes[1], RPC_S_CALLPENDING);
}

CASE(SYN_03_to_look_and_to_wait)
{
    ISynchronize *both[2] = {scene.sync, make_event(&CLSID_ManualResetEvent)};
    LONG result;

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(poll_event(both[i]), RPC_E_TIMEOUT);
        ck_assert_hr(ISynchronize_Wait(both[i], 0x20, 0), E_INVALIDARG);
        ck_assert_hr(ISynchronize_Signal(both[i]), S_OK);
        ck_assert_hr(ISynchronize_Wait(both[i], 0x20, 0), E_INVALIDARG);
        ck_assert_hr(poll_event(both[i]), S_OK);
        ck_assert_hr(ISynchronize_Wait(both[i], COWAIT_DEFAULT, INFINITE), S_OK);
        for (DWORD flag = 1; flag < 0x20; flag <<= 1)
            ck_assert_hr(ISynchronize_Wait(both[i], flag, 0), S_OK);
    }
    release(both[1]);
    begin_hold(scene.call, 1);
    gate_open(&desk.gate);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
}

/* ---- who is released ---- */

enum { WAITERS = 4 };

struct waiter {
    struct actor actor;
    ISynchronize *event;
    atomic_int *released;
    atomic_bool is_here;
    HRESULT hr;
};

static void wait_for_it(void *arg)
{
    struct waiter *waiter = arg;

    atomic_store(&waiter->is_here, true);
    waiter->hr = ISynchronize_Wait(waiter->event, COWAIT_DEFAULT, INFINITE);
    atomic_fetch_add(waiter->released, 1);
}

static void start_waiters(struct waiter *waiters, ISynchronize *event, atomic_int *released)
{
    atomic_store(released, 0);
    for (int i = 0; i < WAITERS; i++) {
        waiters[i] = (struct waiter){.event = event, .released = released, .hr = E_FAIL};
        actor_start(&waiters[i].actor, wait_for_it, &waiters[i]);
    }
}

/* As far as can be seen from outside: they have come, and had many turns to fall asleep. */
static void await_asleep(struct waiter *waiters)
{
    for (int i = 0; i < WAITERS; i++)
        while (!atomic_load(&waiters[i].is_here))
            sched_yield();
    for (int i = 0; i < 500; i++)
        sched_yield();
}

static void end_waiters(struct waiter *waiters)
{
    for (int i = 0; i < WAITERS; i++) {
        actor_join(&waiters[i].actor);
        ck_assert_hr(waiters[i].hr, S_OK);
    }
}

CASE(SYN_04_signal_wakes_all_who_wait)
{
    ISynchronize *both[2] = {scene.sync, make_event(&CLSID_ManualResetEvent)};
    struct waiter waiters[WAITERS];
    atomic_int released;

    for (int i = 0; i < 2; i++) {
        start_waiters(waiters, both[i], &released);
        await_asleep(waiters);
        ck_assert_int_eq(atomic_load(&released), 0);
        ck_assert_hr(ISynchronize_Signal(both[i]), S_OK);
        end_waiters(waiters);
    }
    release(both[1]);
}

/* Each in an apartment of its own. */
static void wait_in_apartment(void *arg)
{
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    wait_for_it(arg);
    CoUninitialize();
}

CASE(SYN_04_signal_wakes_every_apartment_that_waits)
{
    ISynchronize *both[2] = {scene.sync, make_event(&CLSID_ManualResetEvent)};
    struct waiter waiters[WAITERS];
    atomic_int released;

    for (int i = 0; i < 2; i++) {
        atomic_store(&released, 0);
        for (int j = 0; j < WAITERS; j++) {
            waiters[j] = (struct waiter){.event = both[i], .released = &released, .hr = E_FAIL};
            actor_start_bare(&waiters[j].actor, wait_in_apartment, &waiters[j]);
        }
        await_asleep(waiters);
        ck_assert_int_eq(atomic_load(&released), 0);
        ck_assert_hr(ISynchronize_Signal(both[i]), S_OK);
        end_waiters(waiters);
    }
    release(both[1]);
}

CASE(SYN_05_a_second_signal_changes_nothing)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    LONG result;

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
    }
    ck_assert_hr(poll_event(event), S_OK);
    ck_assert_hr(poll_event(event), RPC_E_TIMEOUT);
    release(event);
    begin_hold(scene.call, 1);
    ck_assert_hr(poll_call(), RPC_E_TIMEOUT);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
}

CASE(SYN_06_reset_clears)
{
    ISynchronize *all[3] = {scene.sync, make_event(&CLSID_StdEvent),
                            make_event(&CLSID_ManualResetEvent)};

    for (int i = 0; i < 3; i++) {
        ck_assert_hr(ISynchronize_Signal(all[i]), S_OK);
        ck_assert_hr(ISynchronize_Reset(all[i]), S_OK);
        ck_assert_hr(poll_event(all[i]), RPC_E_TIMEOUT);
        ck_assert_hr(ISynchronize_Reset(all[i]), S_OK);
    }
    release(all[1]);
    release(all[2]);
}

CASE(SYN_06_reset_does_not_hide_a_result)
{
    LONG result;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 4), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    ck_assert_hr(poll_call(), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
}

CASE(SYN_07_one_waiter_for_each_signal)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    struct waiter waiters[WAITERS];
    atomic_int released;

    start_waiters(waiters, event, &released);
    for (int i = 1; i <= WAITERS; i++) {
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        await_value(&released, i);
        ck_assert_hr(poll_event(event), RPC_E_TIMEOUT);
    }
    end_waiters(waiters);
    release(event);
}

CASE(SYN_07_which_events_stay_set)
{
    ISynchronize *manual = make_event(&CLSID_ManualResetEvent);
    ISynchronize *automatic = make_event(&CLSID_StdEvent);

    ck_assert_hr(ISynchronize_Signal(manual), S_OK);
    ck_assert_hr(ISynchronize_Signal(automatic), S_OK);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(poll_event(manual), S_OK);
        ck_assert_hr(poll_event(automatic), i == 0 ? S_OK : RPC_E_TIMEOUT);
        ck_assert_hr(poll_call(), S_OK);
    }
    release(manual);
    release(automatic);
}

CASE(SYN_08_only_begin_resets)
{
    LONG result;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 4), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_hr(ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    begin_hold(scene.call, 5);
    ck_assert_hr(poll_call(), RPC_E_TIMEOUT);
}

CASE(SYN_09_begin_works_whether_the_event_is_set_or_clear)
{
    LONG result;

    for (int i = 0; i < 4; i++) {
        ck_assert_hr(i % 2 ? ISynchronize_Signal(scene.sync) : ISynchronize_Reset(scene.sync),
                     S_OK);
        gate_close(&desk.gate);
        begin_hold(scene.call, i);
        ck_assert_hr(poll_call(), RPC_E_TIMEOUT);
        gate_open(&desk.gate);
        ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
        ck_assert_int_eq(result, i);
    }
}

CASE(SYN_10_new_ones_are_clear)
{
    ISynchronize *manual = make_event(&CLSID_ManualResetEvent);
    ISynchronize *automatic = make_event(&CLSID_StdEvent);

    ck_assert_hr(poll_event(manual), RPC_E_TIMEOUT);
    ck_assert_hr(poll_event(automatic), RPC_E_TIMEOUT);
    ck_assert_hr(poll_call(), RPC_E_TIMEOUT);
    release(manual);
    release(automatic);
}

/* ---- an outer's event ---- */

static HRESULT refuse(struct outer *outer)
{
    (void)outer;
    return E_NOTIMPL;
}

CASE(SYN_11_an_outers_reset_that_fails_makes_begin_fail)
{
    struct outer *outer = outer_create(scene.server);
    LONG result;

    outer->reset = refuse;
    ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 1), E_NOTIMPL);
    ck_assert_hr(AsyncIDesk_Finish_Echo(outer->call, &result), RPC_E_CALL_COMPLETE);
    outer->reset = NULL;
    ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(outer->call, &result), S_OK);
    outer_release(outer);
}

static HRESULT forward_and_refuse(struct outer *outer)
{
    outer_forward_signal(outer);
    return E_NOTIMPL;
}

CASE(SYN_11_an_outers_signal_that_fails_does_not_undo_the_completion)
{
    struct outer *outer = outer_create(scene.server);
    LONG result;

    outer->signal = forward_and_refuse;
    ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 7), S_OK);
    ck_assert_hr(uvcom_wait(outer->call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Echo(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 7);
    await_value(&outer->signaled, 1);
    outer_release(outer);
}

CASE(SYN_16_the_runtime_goes_through_the_controlling_unknown)
{
    struct outer *outer = outer_create(scene.server);
    ISynchronize *sync = query(outer->call, &IID_ISynchronize);
    LONG result;

    ck_assert_ptr_eq(sync, &outer->synchronize);
    release(sync);
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 1), S_OK);
    ck_assert_int_eq(atomic_load(&outer->resets), 1);
    ck_assert_int_eq(atomic_load(&outer->signals), 0);
    gate_open(&desk.gate);
    await_value(&outer->signaled, 1);
    ck_assert_hr(uvcom_wait(outer->call, INFINITE), S_OK);
    ck_assert_int_eq(atomic_load(&outer->waits), 1);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(atomic_load(&outer->signals), 1);
    ck_assert_int_eq(atomic_load(&outer->resets), 1);
    outer_release(outer);
}

static HRESULT open_and_forward(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    gate_open(&desk.gate);
    return outer_forward_wait(outer, flags, milliseconds);
}

/* A Finish_ that has to wait does it by the outer's Wait. */
CASE(SYN_16_finish_waits_through_the_controlling_unknown)
{
    struct outer *outer = outer_create(scene.server);
    LONG result;

    outer->wait = open_and_forward;
    begin_hold(outer->call, 3);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 3);
    ck_assert_int_eq(atomic_load(&outer->waits), 1);
    await_value(&outer->signaled, 1);
    outer_release(outer);
}

/* ---- the classes ---- */

CASE(SYN_14_the_event_classes_answer_all_three_interfaces_and_can_be_aggregated)
{
    REFCLSID classes[2] = {&CLSID_StdEvent, &CLSID_ManualResetEvent};

    for (int i = 0; i < 2; i++) {
        struct outer *outer = outer_create_empty();
        ISynchronize *event = make_event(classes[i]);
        IUnknown *inner;

        ck_assert_hr(answer(event, &IID_ISynchronizeHandle), S_OK);
        ck_assert_hr(answer(event, &IID_ISynchronizeEvent), S_OK);
        ck_assert_hr(answer(event, &IID_IDesk), E_NOINTERFACE);
        release(event);
        ck_assert_hr(CoCreateInstance(classes[i], &outer->unknown, CLSCTX_INPROC_SERVER,
                                      &IID_ISynchronize, (void **)&inner),
                     E_INVALIDARG);
        ck_assert_hr(CoCreateInstance(classes[i], &outer->unknown, CLSCTX_INPROC_SERVER,
                                      &IID_IUnknown, (void **)&inner),
                     S_OK);
        ck_assert_int_eq(atomic_load(&outer->references), 1);
        ck_assert_hr(IUnknown_QueryInterface(inner, &IID_ISynchronizeHandle, (void **)&event),
                     S_OK);
        ck_assert_int_eq(atomic_load(&outer->references), 2);
        release(event);
        ck_assert_uint_eq(IUnknown_Release(inner), 0);
        outer_release(outer);
    }
}

/* ---- strangers ---- */

CASE(SYN_15_a_strangers_signal_completes_nothing)
{
    LONG result = -1;

    begin_hold(scene.call, 1);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(poll_call(), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_int_eq(atomic_load(&desk.inside), 1);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 1);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_CALL_COMPLETE);
}

/* ---- what others wrote ---- */

struct message {
    ISynchronize *sent;
    ISynchronize *answered;
    size_t rounds;
    long text; /* not atomic: the events make the order */
    int wrong;
};

static void read_messages(void *arg)
{
    struct message *message = arg;

    for (size_t i = 1; i <= message->rounds; i++) {
        ISynchronize_Wait(message->sent, COWAIT_DEFAULT, INFINITE);
        message->wrong += message->text != (long)i;
        message->text = -(long)i;
        ISynchronize_Signal(message->answered);
    }
}

CASE(SYN_17_what_was_written_before_signal_can_be_read_after_wait)
{
    struct message message = {.sent = make_event(&CLSID_StdEvent),
                              .answered = make_event(&CLSID_StdEvent),
                              .rounds = repetitions(20000)};
    struct actor reader;

    actor_start(&reader, read_messages, &message);
    for (size_t i = 1; i <= message.rounds; i++) {
        message.text = (long)i;
        ck_assert_hr(ISynchronize_Signal(message.sent), S_OK);
        ck_assert_hr(ISynchronize_Wait(message.answered, COWAIT_DEFAULT, INFINITE), S_OK);
        ck_assert_int_eq(message.text, -(long)i);
    }
    actor_join(&reader);
    ck_assert_int_eq(message.wrong, 0);
    release(message.sent);
    release(message.answered);
}

/* The server's writes, through a call: it fills memory that nothing but the call's end orders. */
static long written;

static HRESULT write_it(LONG number)
{
    written = number;
    return S_OK;
}

CASE(SYN_17_what_a_server_wrote_can_be_read_after_wait_and_finish)
{
    desk.hook = write_it;
    for (LONG i = 1; i <= (LONG)repetitions(2000); i++) {
        ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, i), S_OK);
        if (i % 2 == 0)
            ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
        else
            ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
        ck_assert_int_eq(written, i);
        if (i % 2 == 0)
            ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
    }
}

const struct conformance_case cases_synchronize[] = {
    {&SYN_01_a_call_object_has_isynchronize, EVERYWHERE},
    {&SYN_01_an_event_object_serves_as_the_event_of_another_object, USUAL},
    {&SYN_02_the_time_is_over, ELSEWHERE},
    {&SYN_02_a_thread_marked_by_the_compat_headers_has_the_old_code, USUAL},
    {&SYN_03_to_look_and_to_wait, ELSEWHERE},
    {&SYN_04_signal_wakes_all_who_wait, EVERYWHERE},
    {&SYN_04_signal_wakes_every_apartment_that_waits, USUAL},
    {&SYN_05_a_second_signal_changes_nothing, ELSEWHERE},
    {&SYN_06_reset_clears, EVERYWHERE},
    {&SYN_06_reset_does_not_hide_a_result, EVERYWHERE},
    {&SYN_07_one_waiter_for_each_signal, EVERYWHERE},
    {&SYN_07_which_events_stay_set, EVERYWHERE},
    {&SYN_08_only_begin_resets, ELSEWHERE},
    {&SYN_09_begin_works_whether_the_event_is_set_or_clear, ELSEWHERE},
    {&SYN_10_new_ones_are_clear, EVERYWHERE},
    {&SYN_11_an_outers_reset_that_fails_makes_begin_fail, EVERYWHERE},
    {&SYN_11_an_outers_signal_that_fails_does_not_undo_the_completion, EVERYWHERE},
    {&SYN_14_the_event_classes_answer_all_three_interfaces_and_can_be_aggregated, USUAL},
    {&SYN_15_a_strangers_signal_completes_nothing, ELSEWHERE},
    {&SYN_16_the_runtime_goes_through_the_controlling_unknown, ELSEWHERE},
    {&SYN_16_finish_waits_through_the_controlling_unknown, ELSEWHERE},
    {&SYN_17_what_was_written_before_signal_can_be_read_after_wait, USUAL},
    {&SYN_17_what_a_server_wrote_can_be_read_after_wait_and_finish, ELSEWHERE},
    {0},
};
