/*
 * cases_container.c -- conformance cases for CON: waiting for several things.
 */
#include "tests/conformance/conformance.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "tests/conformance/events.h"

enum { LIMIT = 63 };

static ISynchronizeContainer *make_container(void)
{
    ISynchronizeContainer *container;

    ck_assert_hr(CoCreateInstance(&CLSID_SynchronizeContainer, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ISynchronizeContainer, (void **)&container),
                 S_OK);
    return container;
}

static HRESULT wait_multiple(ISynchronizeContainer *container, DWORD milliseconds,
                             ISynchronize **found)
{
    return ISynchronizeContainer_WaitMultiple(container, COWAIT_DEFAULT, milliseconds, found);
}

/* ---- containers ---- */

CASE(CON_01_the_64th_member_is_refused)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *events[LIMIT];
    ISynchronize *found;

    for (int i = 0; i < LIMIT; i++) {
        events[i] = make_event(&CLSID_StdEvent);
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, events[i]), S_OK);
    }
    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync),
                 RPC_E_OUT_OF_RESOURCES);
    ck_assert_hr(ISynchronize_Signal(events[LIMIT / 2]), S_OK);
    ck_assert_hr(wait_multiple(container, INFINITE, &found), S_OK);
    ck_assert_ptr_eq(found, events[LIMIT / 2]);
    release(found);
    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync), S_OK);
    for (int i = 0; i < LIMIT; i++)
        release(events[i]);
    release(container);
}

CASE(CON_02_one_that_is_set_is_given)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *events[2] = {make_event(&CLSID_ManualResetEvent), make_event(&CLSID_StdEvent)};
    ISynchronize *found;
    LONG result;

    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 6), S_OK);
    ck_assert_hr(wait_multiple(container, INFINITE, &found), S_OK);
    ck_assert_ptr_eq(found, scene.sync);
    release(found);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, events[i]), S_OK);
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
    }
    ck_assert_hr(wait_multiple(container, INFINITE, &found), S_OK);
    ck_assert(found == events[0] || found == events[1]);
    release(found);
    release(events[0]);
    release(events[1]);
    release(container);
}

/* What happens right after a look at an event that was not set; once. */
static ISynchronize *set_after_look;

struct event;
bool __real_uvcom__event_take(struct event *event);
bool __wrap_uvcom__event_take(struct event *event);

bool __wrap_uvcom__event_take(struct event *event)
{
    const bool is_taken = __real_uvcom__event_take(event);
    ISynchronize *next = set_after_look;

    if (is_taken || !next)
        return is_taken;
    set_after_look = NULL;
    ISynchronize_Signal(next);
    return false;
}

/* The signal comes when WaitMultiple has found it clear, and has not put it back yet. */
CASE(CON_02_one_that_is_set_while_it_is_looked_at_is_given)
{
    REFCLSID classes[2] = {&CLSID_StdEvent, &CLSID_ManualResetEvent};
    ISynchronizeContainer *container = make_container();
    ISynchronize *found;

    for (int i = 0; i < 2; i++) {
        ISynchronize *event = make_event(classes[i]);

        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, event), S_OK);
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_hr(ISynchronize_Reset(event), S_OK);
        set_after_look = event;
        ck_assert_hr(wait_multiple(container, 0, &found), S_OK);
        ck_assert_ptr_null(set_after_look);
        ck_assert_ptr_eq(found, event);
        release(found);
        release(event);
    }
    ck_assert_hr(wait_multiple(container, 0, &found), RPC_E_NO_SYNC);
    release(container);
}

CASE(CON_03_an_empty_one)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *found = scene.sync;

    ck_assert_hr(wait_multiple(container, INFINITE, &found), RPC_E_NO_SYNC);
    ck_assert_ptr_null(found);
    release(container);
}

static void wait_on_a_marked_thread(void *arg)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *event = make_event(&CLSID_StdEvent);
    ISynchronize *found;

    uvcom_compat_mark_thread();
    ISynchronizeContainer_AddSynchronize(container, event);
    *(HRESULT *)arg = wait_multiple(container, 1, &found);
    release(event);
    release(container);
}

CASE(CON_04_the_time_is_over)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *found = scene.sync;
    HRESULT marked = S_OK;

    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync), S_OK);
    ck_assert_hr(wait_multiple(container, 0, &found), RPC_E_TIMEOUT);
    ck_assert_ptr_null(found);
    ck_assert_hr(wait_multiple(container, 1, &found), RPC_E_TIMEOUT);
    release(container);
    /* Not the code that ISynchronize::Wait has there. */
    actor_run(wait_on_a_marked_thread, &marked);
    ck_assert_hr(marked, RPC_E_TIMEOUT);
}

CASE(CON_05_waitall_and_null_are_refused)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *found = scene.sync;

    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync), S_OK);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, NULL), E_INVALIDARG);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, COWAIT_WAITALL, 0, &found),
                 E_INVALIDARG);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, COWAIT_ALERTABLE, 0, &found), S_OK);
    release(found);
    release(container);
}

CASE(CON_06_the_member_leaves_and_comes_with_a_reference)
{
    ISynchronizeContainer *container = make_container();
    ISynchronize *found;

    for (int i = 0; i < 3; i++) {
        ISynchronize *event = make_event(&CLSID_ManualResetEvent);

        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, event), S_OK);
        release(event);
    }
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(wait_multiple(container, 0, &found), S_OK);
        ck_assert_uint_eq(ISynchronize_Release(found), 0);
    }
    ck_assert_hr(wait_multiple(container, 0, &found), RPC_E_NO_SYNC);
    release(container);
}

/* An outer's own ISynchronize is foreign. */
CASE(CON_07_only_the_runtimes_own)
{
    ISynchronizeContainer *container = make_container();
    struct outer *outer = outer_create(scene.server);
    ISynchronize *found;

    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, &outer->synchronize),
                 E_NOINTERFACE);
    ck_assert_hr(wait_multiple(container, 0, &found), RPC_E_NO_SYNC);
    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, outer->event), S_OK);
    ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, scene.sync), S_OK);
    release(container);
    outer_release(outer);
}

/* ---- CoWaitForMultipleHandles ---- */

CASE(CON_08_what_cannot_be_asked)
{
    HANDLE handle = handle_of(scene.call);
    DWORD index = 5;

    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 1, &handle, NULL), E_INVALIDARG);
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 1, NULL, &index), E_INVALIDARG);
    ck_assert_uint_eq(index, 0);
    index = 5;
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 0, &handle, &index), RPC_E_NO_SYNC);
    ck_assert_uint_eq(index, 0);
    index = 5;
    ck_assert_hr(CoWaitForMultipleHandles(0x20, 0, 1, &handle, &index), E_INVALIDARG);
    ck_assert_uint_eq(index, 0);
}

CASE(CON_08_the_time_is_over)
{
    HANDLE handle = handle_of(scene.call);
    DWORD index = 5;

    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 1, &handle, &index), RPC_S_CALLPENDING);
    ck_assert_uint_eq(index, 0);
    ck_assert_hr(CoWaitForMultipleHandles(0, 1, 1, &handle, &index), RPC_S_CALLPENDING);
}

CASE(CON_08_the_index_of_what_is_set)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    HANDLE handles[2] = {handle_of(event), handle_of(scene.call)};
    DWORD index = 5;
    LONG result;

    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 6), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 2, handles, &index), S_OK);
    ck_assert_uint_eq(index, 1);
    ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    /* The event is taken by the wait that it ends, as by one of its own. */
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 2, handles, &index), S_OK);
    ck_assert_uint_eq(index, 0);
    ck_assert_hr(ISynchronize_Wait(event, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    release(event);
}

/* A desk of the client's own apartment, and a call to it from another thread. */
struct visit {
    struct actor actor;
    IAgileReference *reference;
    atomic_bool is_begun;
    HRESULT hr;
};

static void pay_a_visit(void *arg)
{
    struct visit *visit = arg;
    AsyncIDesk *call;
    IDesk *found;

    visit->hr = IAgileReference_Resolve(visit->reference, &IID_IDesk, (void **)&found);
    if (SUCCEEDED(visit->hr))
        visit->hr = uvcom_create_call(found, &IID_AsyncIDesk, (void **)&call);
    if (SUCCEEDED(visit->hr)) {
        visit->hr = AsyncIDesk_Begin_Run(call, 1);
        atomic_store(&visit->is_begun, true);
        if (SUCCEEDED(visit->hr))
            visit->hr = AsyncIDesk_Finish_Run(call);
        release(call);
    }
    release(found);
}

static void start_visit(struct visit *visit)
{
    IDesk *own;

    *visit = (struct visit){.hr = E_FAIL};
    ck_assert_hr(desk_create(NULL, &IID_IDesk, (void **)&own), S_OK);
    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IDesk, (IUnknown *)own, &visit->reference),
        S_OK);
    release(own);
    actor_start(&visit->actor, pay_a_visit, visit);
}

static void end_visit(struct visit *visit)
{
    actor_join(&visit->actor);
    ck_assert_hr(visit->hr, S_OK);
    release(visit->reference);
}

static HRESULT signal_the_scene(LONG number)
{
    (void)number;
    return ISynchronize_Signal(scene.sync);
}

CASE(CON_09_what_is_set_already_dispatches_nothing)
{
    HANDLE handle = handle_of(scene.call);
    struct visit visit;
    DWORD index;

    desk.hook = signal_the_scene;
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    start_visit(&visit);
    /* The visitor's call is in this apartment's queue, and stays there. */
    while (!atomic_load(&visit.is_begun))
        ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, &handle, &index), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, &handle, &index), S_OK);
    ck_assert_int_eq(atomic_load(&desk.entered), 0);
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, &handle, &index), S_OK);
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
    /* It still has to be answered, and its desk to be released at home. */
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    await_value(&desk.left, 1);
    end_visit(&visit);
}

static atomic_bool is_woken;

static void on_signal(int number)
{
    (void)number;
}

static void send_signals(void *arg)
{
    while (!atomic_load(&is_woken)) {
        pthread_kill(*(pthread_t *)arg, SIGUSR1);
        sched_yield();
    }
}

CASE(CON_10_an_alertable_wait_may_end_early)
{
    struct sigaction action = {.sa_handler = on_signal}, before;
    HANDLE handle = handle_of(scene.call);
    pthread_t self = pthread_self();
    struct actor sender;
    DWORD index = 0;

    sigaction(SIGUSR1, &action, &before);
    atomic_store(&is_woken, false);
    actor_start(&sender, send_signals, &self);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_ALERTABLE, INFINITE, 1, &handle, &index), S_OK);
    atomic_store(&is_woken, true);
    ck_assert_uint_eq(index, 0xC0);
    actor_join(&sender);
    sigaction(SIGUSR1, &before, NULL);
    /* The caller waits again, and finds what was set meanwhile. */
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_ALERTABLE, INFINITE, 1, &handle, &index), S_OK);
    ck_assert_uint_eq(index, 0);
}

CASE(CON_11_waitall_is_all_of_them_and_nothing_else)
{
    ISynchronize *events[2] = {make_event(&CLSID_StdEvent), make_event(&CLSID_StdEvent)};
    HANDLE handles[2] = {handle_of(events[0]), handle_of(events[1])};
    DWORD index = 5;

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
        ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 1, 2, handles, &index),
                     RPC_S_CALLPENDING);
        /* The one that is set has not been taken. */
        ck_assert_hr(ISynchronize_Wait(events[i], COWAIT_DEFAULT, 0), S_OK);
    }
    for (int i = 0; i < 2; i++)
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, INFINITE, 2, handles, &index), S_OK);
    ck_assert_uint_eq(index, 0);
    for (int i = 0; i < 2; i++)
        ck_assert_hr(ISynchronize_Wait(events[i], COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    /* With one object it is the same as any. */
    ck_assert_hr(ISynchronize_Signal(events[0]), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, INFINITE, 1, handles, &index), S_OK);
    release(events[0]);
    release(events[1]);
}

CASE(CON_11_a_handle_that_is_given_twice_counts_once)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    HANDLE handles[3] = {handle_of(event), handle_of(scene.call), handle_of(event)};
    DWORD index = 5;

    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 1, 3, handles, &index),
                 RPC_S_CALLPENDING);
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 0, 3, handles, &index), S_OK);
    ck_assert_uint_eq(index, 0);
    ck_assert_hr(ISynchronize_Wait(event, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    release(event);
}

/* Somebody takes the second one between the look at both and this wait's own step. */
CASE(CON_11_what_was_taken_is_given_back_if_another_was_not_to_be_had)
{
    ISynchronize *events[2] = {make_event(&CLSID_StdEvent), make_event(&CLSID_StdEvent)};
    HANDLE handles[2] = {handle_of(events[0]), handle_of(events[1])};
    const uint64_t one = 1;
    DWORD index = 5;

    /* As it looks to this wait: readable, and not to be had. It is not told in which order the two
       are taken, so each of them is the second one once. */
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
        ck_assert_int_eq(write((int)(intptr_t)handles[!i], &one, sizeof one), sizeof one);
        ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 0, 2, handles, &index),
                     RPC_S_CALLPENDING);
        ck_assert_hr(ISynchronize_Wait(events[i], COWAIT_DEFAULT, 0), S_OK);
        ck_assert_hr(ISynchronize_Wait(events[!i], COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    }
    release(events[0]);
    release(events[1]);
}

CASE(CON_12_every_flag_is_accepted)
{
    HANDLE handle = handle_of(scene.call);
    DWORD index;

    for (DWORD flag = 1; flag < 0x20; flag <<= 1) {
        ck_assert_hr(CoWaitForMultipleHandles(flag, 0, 1, &handle, &index), RPC_S_CALLPENDING);
        ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
        ck_assert_hr(CoWaitForMultipleHandles(flag, INFINITE, 1, &handle, &index), S_OK);
        ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    }
}

CASE(CON_12_the_apartments_calls_are_dispatched_with_every_flag)
{
    HANDLE handle = handle_of(scene.call);
    struct visit visit;
    DWORD index;

    desk.hook = signal_the_scene;
    for (DWORD flags = 0; flags < 0x20; flags = flags ? flags << 1 : 1) {
        ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
        start_visit(&visit);
        ck_assert_hr(CoWaitForMultipleHandles(flags, INFINITE, 1, &handle, &index), S_OK);
        await_value(&desk.left, atomic_load(&desk.entered));
        end_visit(&visit);
    }
}

#define SINGLE_THREADED (SETTING_STA_TO_OWN | SETTING_STA_TO_MTA | SETTING_STA_TO_SAME)

const struct conformance_case cases_container[] = {
    {&CON_01_the_64th_member_is_refused, USUAL | SETTING_STA_TO_OWN},
    {&CON_02_one_that_is_set_is_given, EVERYWHERE},
    {&CON_02_one_that_is_set_while_it_is_looked_at_is_given, USUAL | SETTING_STA_TO_OWN},
    {&CON_03_an_empty_one, USUAL | SETTING_STA_TO_OWN},
    {&CON_04_the_time_is_over, EVERYWHERE},
    {&CON_05_waitall_and_null_are_refused, USUAL | SETTING_STA_TO_OWN},
    {&CON_06_the_member_leaves_and_comes_with_a_reference, USUAL | SETTING_STA_TO_OWN},
    {&CON_07_only_the_runtimes_own, EVERYWHERE},
    {&CON_08_what_cannot_be_asked, EVERYWHERE},
    {&CON_08_the_time_is_over, EVERYWHERE},
    {&CON_08_the_index_of_what_is_set, EVERYWHERE},
    {&CON_09_what_is_set_already_dispatches_nothing, SINGLE_THREADED},
    {&CON_10_an_alertable_wait_may_end_early, USUAL | SETTING_STA_TO_OWN},
    {&CON_11_waitall_is_all_of_them_and_nothing_else, USUAL | SETTING_STA_TO_OWN},
    {&CON_11_a_handle_that_is_given_twice_counts_once, USUAL | SETTING_STA_TO_OWN},
    {&CON_11_what_was_taken_is_given_back_if_another_was_not_to_be_had, USUAL | SETTING_STA_TO_OWN},
    {&CON_12_every_flag_is_accepted, EVERYWHERE},
    {&CON_12_the_apartments_calls_are_dispatched_with_every_flag, SINGLE_THREADED},
    {0},
};
