/*
 * cases_handle.c -- conformance cases for SYN: the handles of call objects and events.
 */
#include "tests/conformance/conformance.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/conformance/events.h"

static HRESULT poll_call(void)
{
    return ISynchronize_Wait(scene.sync, COWAIT_DEFAULT, 0);
}

static HRESULT poll_event(ISynchronize *event)
{
    return ISynchronize_Wait(event, COWAIT_DEFAULT, 0);
}

static int descriptor_of(void *object)
{
    return (int)(intptr_t)handle_of(object);
}

static bool is_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    ck_assert_int_ge(poll(&entry, 1, 0), 0);
    ck_assert_int_eq(entry.revents & POLLNVAL, 0);
    return entry.revents & POLLIN;
}

static HRESULT set_handle(ISynchronize *event, int descriptor)
{
    ISynchronizeEvent *interface = query(event, &IID_ISynchronizeEvent);
    HANDLE handle = (HANDLE)(intptr_t)descriptor;
    HRESULT hr = ISynchronizeEvent_SetEventHandle(interface, &handle);

    release(interface);
    return hr;
}

/* ---- SYN-12 ---- */

CASE(SYN_12_a_call_objects_handle_can_be_polled)
{
    const int descriptor = descriptor_of(scene.call);
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};
    LONG result;

    ck_assert(!is_readable(descriptor));
    for (int i = 0; i < 2; i++) {
        gate_close(&desk.gate);
        begin_hold(scene.call, i);
        ck_assert(!is_readable(descriptor));
        gate_open(&desk.gate);
        ck_assert_int_eq(poll(&entry, 1, -1), 1);
        ck_assert_hr(poll_call(), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
        ck_assert(is_readable(descriptor));
    }
    ck_assert_hr(ISynchronize_Reset(scene.sync), S_OK);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(ISynchronize_Signal(scene.sync), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_int_eq(descriptor_of(scene.sync), descriptor);
}

CASE(SYN_12_a_handle_lives_as_long_as_its_object)
{
    REFCLSID classes[2] = {&CLSID_StdEvent, &CLSID_ManualResetEvent};
    AsyncIDesk *call = new_call();
    int descriptor = descriptor_of(call), copy;

    ck_assert_int_ge(fcntl(descriptor, F_GETFD), 0);
    release(call);
    ck_assert_int_lt(fcntl(descriptor, F_GETFD), 0);
    for (int i = 0; i < 2; i++) {
        ISynchronize *event = make_event(classes[i]);

        descriptor = descriptor_of(event);
        copy = dup(descriptor);
        ISynchronize_Signal(event);
        release(event);
        ck_assert_int_lt(fcntl(descriptor, F_GETFD), 0);
        ck_assert(is_readable(copy));
        close(copy);
    }
}

/* ---- SYN-13 ---- */

CASE(SYN_13_another_handle_is_the_event_from_then_on)
{
    ISynchronize *event = make_event(&CLSID_ManualResetEvent);
    ISynchronizeEvent *interface = query(event, &IID_ISynchronizeEvent);
    const int descriptor = eventfd(0, EFD_CLOEXEC);
    HANDLE handle = (HANDLE)(intptr_t)descriptor;

    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(interface, NULL), E_POINTER);
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(interface, &handle), S_OK);
    ck_assert_int_eq(descriptor_of(event), descriptor);
    ck_assert_hr(poll_event(event), RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_hr(ISynchronize_Wait(event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(ISynchronize_Reset(event), S_OK);
    ck_assert(!is_readable(descriptor));
    release(interface);
    release(event);
    /* It has stayed the caller's. */
    ck_assert_int_ge(fcntl(descriptor, F_GETFD), 0);
    close(descriptor);
}

struct waiter {
    struct actor actor;
    ISynchronize *event;
    atomic_bool is_here;
    HRESULT hr;
};

static void wait_for_it(void *arg)
{
    struct waiter *waiter = arg;

    atomic_store(&waiter->is_here, true);
    waiter->hr = ISynchronize_Wait(waiter->event, COWAIT_DEFAULT, INFINITE);
}

/* As far as can be seen from outside it is asleep then. */
static void start_waiter(struct waiter *waiter, ISynchronize *event)
{
    *waiter = (struct waiter){.event = event, .hr = E_FAIL};
    actor_start(&waiter->actor, wait_for_it, waiter);
    while (!atomic_load(&waiter->is_here))
        sched_yield();
    for (int i = 0; i < 500; i++)
        sched_yield();
}

static void end_waiter(struct waiter *waiter)
{
    actor_join(&waiter->actor);
    ck_assert_hr(waiter->hr, S_OK);
}

CASE(SYN_07_13_a_std_event_with_another_handle_is_taken_by_who_waits)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    const int own = descriptor_of(event), descriptor = eventfd(0, EFD_CLOEXEC);
    HANDLE handle = (HANDLE)(intptr_t)descriptor;
    struct waiter waiter;
    DWORD index;

    ck_assert_hr(set_handle(event, descriptor), S_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_hr(i ? ISynchronize_Wait(event, COWAIT_DEFAULT, INFINITE) : poll_event(event),
                     S_OK);
        ck_assert(!is_readable(descriptor));
        ck_assert_hr(poll_event(event), RPC_E_TIMEOUT);
    }
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, &handle, &index), S_OK);
    ck_assert(!is_readable(descriptor));
    start_waiter(&waiter, event);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    end_waiter(&waiter);
    ck_assert(!is_readable(descriptor) && !is_readable(own));
    release(event);
    close(descriptor);
}

CASE(SYN_13_who_waits_learns_of_a_signal_by_the_handle_that_is_set_meanwhile)
{
    REFCLSID classes[2] = {&CLSID_StdEvent, &CLSID_ManualResetEvent};
    const int first = eventfd(0, EFD_CLOEXEC), second = eventfd(0, EFD_CLOEXEC);
    struct waiter waiter;

    for (int i = 0; i < 2; i++) {
        ISynchronize *event = make_event(classes[i]);
        const int own = descriptor_of(event);
        const int next[4] = {first, second, own, first};

        /* From its own to one, to another, back to its own. */
        for (int j = 0; j < 4; j++) {
            start_waiter(&waiter, event);
            ck_assert_hr(set_handle(event, next[j]), S_OK);
            ck_assert_hr(ISynchronize_Signal(event), S_OK);
            end_waiter(&waiter);
            ck_assert_int_eq(is_readable(next[j]), i);
            ck_assert_hr(ISynchronize_Reset(event), S_OK);
        }
        release(event);
    }
    close(first);
    close(second);
}

CASE(SYN_13_the_way_back)
{
    REFCLSID classes[2] = {&CLSID_StdEvent, &CLSID_ManualResetEvent};
    const int descriptor = eventfd(0, EFD_CLOEXEC);

    for (int i = 0; i < 2; i++) {
        ISynchronize *event = make_event(classes[i]);
        const int own = descriptor_of(event);

        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_hr(set_handle(event, descriptor), S_OK);
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_hr(set_handle(event, own), S_OK);
        ck_assert_int_eq(descriptor_of(event), own);
        ck_assert(!is_readable(own) && is_readable(descriptor));
        ck_assert_hr(poll_event(event), RPC_E_TIMEOUT);
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert(is_readable(own));
        ck_assert_hr(poll_event(event), S_OK);
        ck_assert_int_eq(is_readable(own), i);
        release(event);
    }
    close(descriptor);
}

CASE(SYN_13_what_is_no_handle_or_another_objects_own_is_refused)
{
    ISynchronize *event = make_event(&CLSID_StdEvent), *other = make_event(&CLSID_StdEvent);
    const int descriptor = eventfd(0, EFD_CLOEXEC);

    ck_assert_hr(set_handle(event, descriptor_of(other)), E_INVALIDARG);
    ck_assert_hr(set_handle(event, descriptor_of(scene.call)), E_INVALIDARG);
    ck_assert_hr(set_handle(event, descriptor), S_OK);
    ck_assert_hr(set_handle(other, descriptor), S_OK);
    ck_assert_hr(ISynchronize_Signal(other), S_OK);
    ck_assert_hr(poll_event(event), S_OK);
    ck_assert_hr(poll_event(other), RPC_E_TIMEOUT);
    /* Closed too early. */
    close(descriptor);
    ck_assert_hr(poll_event(event), E_HANDLE);
    ck_assert_hr(ISynchronize_Wait(event, COWAIT_DEFAULT, INFINITE), E_HANDLE);
    ck_assert_hr(ISynchronize_Signal(event), E_HANDLE);
    ck_assert_hr(set_handle(other, descriptor), E_HANDLE);
    release(event);
    release(other);
}

const struct conformance_case cases_handle[] = {
    {&SYN_12_a_call_objects_handle_can_be_polled, ELSEWHERE},
    {&SYN_12_a_handle_lives_as_long_as_its_object, EVERYWHERE},
    {&SYN_13_another_handle_is_the_event_from_then_on, EVERYWHERE},
    {&SYN_07_13_a_std_event_with_another_handle_is_taken_by_who_waits, USUAL | SETTING_STA_TO_OWN},
    {&SYN_13_who_waits_learns_of_a_signal_by_the_handle_that_is_set_meanwhile,
     USUAL | SETTING_STA_TO_OWN},
    {&SYN_13_the_way_back, EVERYWHERE},
    {&SYN_13_what_is_no_handle_or_another_objects_own_is_refused, USUAL | SETTING_STA_TO_OWN},
    {0},
};
