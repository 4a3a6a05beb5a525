/*
 * test_containers.c -- ISynchronizeContainer over call objects and events: CON-01 to 07, and what
 * uvcom_create_container adds.
 *
 * Threads that meet at a container are in test_container_races.c.
 */
#include <stdlib.h>

#include <uvcom/synchronize.h>

#include "client.h"
#include "runtime/container.h"

static ISynchronizeContainer *container;
static bool is_limited;

static void open_container(bool limited)
{
    is_limited = limited;
    if (limited)
        ck_assert_hr(CoCreateInstance(&CLSID_SynchronizeContainer, NULL, CLSCTX_INPROC_SERVER,
                                      &IID_ISynchronizeContainer, (void **)&container),
                     S_OK);
    else
        ck_assert_hr(uvcom_create_container(&container), S_OK);
}

static void open_com_container(void)
{
    open_container(true);
}

static void open_large_container(void)
{
    open_container(false);
}

static void close_container(void)
{
    client_release(container);
    container = NULL;
}

static ISynchronize *make_event(const CLSID *clsid)
{
    ISynchronize *event;

    ck_assert_hr(
        CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize, (void **)&event),
        S_OK);
    return event;
}

static HRESULT add(ISynchronize *synchronize)
{
    return ISynchronizeContainer_AddSynchronize(container, synchronize);
}

/* What the next WaitMultiple gives; its reference is given back at once. */
static ISynchronize *next_with(DWORD milliseconds, HRESULT expected)
{
    ISynchronize *found = (ISynchronize *)&container;

    ck_assert_hr(
        ISynchronizeContainer_WaitMultiple(container, COWAIT_DEFAULT, milliseconds, &found),
        expected);
    if (found)
        ISynchronize_Release(found);
    else
        ck_assert(FAILED(expected));
    return found;
}

/* ---- CON-02 to 06 ---- */

START_TEST(con_03_an_empty_container_has_nothing_to_wait_for)
{
    next_with(0, RPC_E_NO_SYNC);
    next_with(INFINITE, RPC_E_NO_SYNC);
}
END_TEST

START_TEST(con_02_con_06_a_signaled_member_comes_with_a_reference_and_is_out)
{
    LONG result;

    ck_assert_hr(add(client.sync), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 3), S_OK);
    ck_assert_ptr_eq(next_with(INFINITE, S_OK), client.sync);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 3);
    next_with(0, RPC_E_NO_SYNC);
}
END_TEST

START_TEST(con_02_what_is_set_already_comes_at_once)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    LONG result;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 3), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_ptr_eq(next_with(0, S_OK), client.sync);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(add(event), S_OK);
    ck_assert_ptr_eq(next_with(0, S_OK), event);
    client_release(event);
}
END_TEST

START_TEST(con_02_of_two_signaled_members_each_comes_once)
{
    ISynchronize *events[2] = {make_event(&CLSID_ManualResetEvent), make_event(&CLSID_StdEvent)};
    ISynchronize *first, *second;

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(add(events[i]), S_OK);
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
    }
    ck_assert_hr(add(client.sync), S_OK);
    first = next_with(INFINITE, S_OK);
    second = next_with(INFINITE, S_OK);
    ck_assert((first == events[0] && second == events[1]) ||
              (first == events[1] && second == events[0]));
    next_with(0, RPC_E_TIMEOUT);
    /* Of the two the manual one is still set, the other one was taken. */
    ck_assert_hr(ISynchronize_Wait(events[0], 0, 0), S_OK);
    ck_assert_hr(ISynchronize_Wait(events[1], 0, 0), RPC_E_TIMEOUT);
    client_release(events[0]);
    client_release(events[1]);
}
END_TEST

START_TEST(con_04_nothing_signaled_in_time)
{
    ck_assert_hr(add(client.sync), S_OK);
    next_with(0, RPC_E_TIMEOUT);
    next_with(1, RPC_E_TIMEOUT);
    uvcom_compat_mark_thread();
    next_with(1, RPC_E_TIMEOUT);
}
END_TEST

START_TEST(con_05_what_cannot_be_asked)
{
    ISynchronize *found = (ISynchronize *)&container;

    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, NULL), E_INVALIDARG);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, COWAIT_WAITALL, 0, &found),
                 E_INVALIDARG);
    ck_assert_ptr_null(found);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0x20, 0, &found), E_INVALIDARG);
    ck_assert_hr(add(NULL), E_INVALIDARG);
    ck_assert_ptr_eq(next_with(0, S_OK), client.sync);
}
END_TEST

START_TEST(con_06_what_is_left_is_released_with_the_container)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);

    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_hr(add(event), S_OK);
    ISynchronize_Signal(event);
    ISynchronize_Release(event);
    close_container();
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
}
END_TEST

START_TEST(con_06_a_member_lives_although_only_the_container_holds_it)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    ISynchronize *found;

    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(add(event), S_OK);
    ISynchronize_Release(event);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, &found), S_OK);
    ck_assert_ptr_eq(found, event);
    ck_assert_uint_eq(ISynchronize_Release(found), 0);
}
END_TEST

/* ---- CON-01 ---- */

enum { COM_LIMIT = 63 };

START_TEST(con_01_the_64th_member_is_refused)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);
    const HRESULT expected = is_limited ? RPC_E_OUT_OF_RESOURCES : S_OK;

    for (int i = 0; i < COM_LIMIT; i++)
        ck_assert_hr(add(event), S_OK);
    ck_assert_hr(add(client.sync), expected);
    ck_assert_hr(add(client.sync), expected);
    /* One out, one in. */
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    next_with(0, S_OK);
    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_hr(add(client.sync), expected);
    client_release(event);
}
END_TEST

/* ---- CON-07 ---- */

static HRESULT STDMETHODCALLTYPE foreign_QueryInterface(ISynchronize *This, REFIID riid, void **ppv)
{
    (void)riid;
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE foreign_AddRef(ISynchronize *This)
{
    (void)This;
    return 2;
}

static HRESULT STDMETHODCALLTYPE foreign_Wait(ISynchronize *This, DWORD flags, DWORD milliseconds)
{
    (void)This;
    (void)flags;
    (void)milliseconds;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE foreign_Signal(ISynchronize *This)
{
    (void)This;
    return S_OK;
}

START_TEST(con_07_a_foreign_one_is_refused)
{
    static const ISynchronizeVtbl vtable = {foreign_QueryInterface, foreign_AddRef, foreign_AddRef,
                                            foreign_Wait,           foreign_Signal, foreign_Signal};
    ISynchronize foreign = {&vtable};

    ck_assert_hr(add(&foreign), E_NOINTERFACE);
    next_with(0, RPC_E_NO_SYNC);
}
END_TEST

/* ---- what becomes of a member's event ---- */

START_TEST(a_member_that_was_reset_is_not_returned)
{
    ISynchronize *events[2] = {make_event(&CLSID_ManualResetEvent), make_event(&CLSID_StdEvent)};

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(add(events[i]), S_OK);
        ck_assert_hr(ISynchronize_Signal(events[i]), S_OK);
        ck_assert_hr(ISynchronize_Reset(events[i]), S_OK);
        next_with(0, RPC_E_TIMEOUT);
        next_with(1, RPC_E_TIMEOUT);
    }
    /* And if it is set after all, it comes. */
    ck_assert_hr(ISynchronize_Signal(events[1]), S_OK);
    ck_assert_ptr_eq(next_with(INFINITE, S_OK), events[1]);
    client_release(events[0]);
    client_release(events[1]);
}
END_TEST

START_TEST(an_auto_reset_member_that_somebody_took_is_not_returned)
{
    ISynchronize *event = make_event(&CLSID_StdEvent);

    ck_assert_hr(add(event), S_OK);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(ISynchronize_Wait(event, 0, 0), S_OK);
    next_with(0, RPC_E_TIMEOUT);
    client_release(event);
}
END_TEST

START_TEST(a_member_in_two_containers_comes_from_both)
{
    ISynchronizeContainer *first = container, *second;

    ck_assert_hr(uvcom_create_container(&second), S_OK);
    ck_assert_hr(add(client.sync), S_OK);
    container = second;
    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_ptr_eq(next_with(0, S_OK), client.sync);
    client_release(second);
    container = first;
    ck_assert_ptr_eq(next_with(0, S_OK), client.sync);
}
END_TEST

START_TEST(a_cancelled_call_comes_too)
{
    ICancelMethodCalls *cancel = client_query(client.call, &IID_ICancelMethodCalls);
    LONG result;

    client_begin_enter(client.call, 1);
    ck_assert_hr(add(client.sync), S_OK);
    next_with(0, RPC_E_TIMEOUT);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_ptr_eq(next_with(INFINITE, S_OK), client.sync);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    client_release(cancel);
}
END_TEST

/* ---- aggregated members ---- */

/* An outer object that hands its event's interfaces through. */
struct outer {
    IUnknown unknown;
    IUnknown *inner;
    int references;
};

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct outer *outer = (struct outer *)This;

    if (!IsEqualIID(riid, &IID_IUnknown))
        return IUnknown_QueryInterface(outer->inner, riid, ppv);
    outer->references++;
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE outer_AddRef(IUnknown *This)
{
    return (ULONG)++((struct outer *)This)->references;
}

static ULONG STDMETHODCALLTYPE outer_Release(IUnknown *This)
{
    return (ULONG)--((struct outer *)This)->references;
}

static const IUnknownVtbl outer_vtable = {outer_QueryInterface, outer_AddRef, outer_Release};

START_TEST(con_07_an_event_that_is_a_part_of_another_object_is_welcome)
{
    struct outer outer = {.unknown = {&outer_vtable}, .references = 1};
    ISynchronize *event, *found;

    ck_assert_hr(CoCreateInstance(&CLSID_ManualResetEvent, &outer.unknown, CLSCTX_INPROC_SERVER,
                                  &IID_ISynchronize, (void **)&outer.inner),
                 E_INVALIDARG);
    ck_assert_hr(CoCreateInstance(&CLSID_ManualResetEvent, &outer.unknown, CLSCTX_INPROC_SERVER,
                                  &IID_IUnknown, (void **)&outer.inner),
                 S_OK);
    ck_assert_int_eq(outer.references, 1);
    event = client_query(&outer.unknown, &IID_ISynchronize);
    ck_assert_int_eq(outer.references, 2);
    ck_assert_hr(add(event), S_OK);
    ck_assert_int_eq(outer.references, 3);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, &found), S_OK);
    ck_assert_ptr_eq(found, event);
    ck_assert_ptr_eq((IUnknown *)client_query(found, &IID_IUnknown), &outer.unknown);
    outer.references--;
    client_release(found);
    client_release(event);
    ck_assert_int_eq(outer.references, 1);
    ck_assert_uint_eq(IUnknown_Release(outer.inner), 0);
}
END_TEST

START_TEST(a_container_can_be_a_part_of_another_object)
{
    struct outer outer = {.unknown = {&outer_vtable}, .references = 1};
    ISynchronizeContainer *own = container;

    ck_assert_hr(CoCreateInstance(&CLSID_SynchronizeContainer, &outer.unknown, CLSCTX_INPROC_SERVER,
                                  &IID_IUnknown, (void **)&outer.inner),
                 S_OK);
    container = client_query(&outer.unknown, &IID_ISynchronizeContainer);
    ck_assert_int_eq(outer.references, 2);
    ck_assert_hr(add(client.sync), S_OK);
    next_with(1, RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_ptr_eq(next_with(0, S_OK), client.sync);
    ck_assert_int_eq(outer.references, 2);
    client_release(container);
    container = own;
    ck_assert_uint_eq(IUnknown_Release(outer.inner), 0);
}
END_TEST

/* ---- cost ---- */

START_TEST(adding_again_allocates_nothing)
{
    LONG result;
    size_t seen;

    gate_open(&gated.gate);
    for (int i = 0; i < 4; i++) {
        seen = faults_seen();
        ck_assert_hr(add(client.sync), S_OK);
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, i), S_OK);
        ck_assert_ptr_eq(next_with(INFINITE, S_OK), client.sync);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
        ISynchronize_Reset(client.sync);
        if (i > 0)
            ck_assert_uint_eq(faults_seen(), seen);
    }
}
END_TEST

enum { MANY = 2000 };

/* One of many is signaled again and again; the others are never looked at. */
START_TEST(waiting_for_one_of_many_looks_at_one)
{
    const size_t count = is_limited ? COM_LIMIT : MANY;
    ISynchronize **events = malloc(count * sizeof(ISynchronize *));

    for (size_t i = 0; i < count; i++) {
        events[i] = make_event(&CLSID_StdEvent);
        ck_assert_hr(add(events[i]), S_OK);
    }
    for (size_t i = 0; i < 500; i++) {
        ISynchronize *event = events[i * 7 % count];

        next_with(0, RPC_E_TIMEOUT);
        ck_assert_uint_eq(uvcom__container_looks(container), i);
        ck_assert_hr(ISynchronize_Signal(event), S_OK);
        ck_assert_ptr_eq(next_with(INFINITE, S_OK), event);
        ck_assert_hr(add(event), S_OK);
    }
    for (size_t i = 0; i < count; i++)
        client_release(events[i]);
    free(events);
}
END_TEST

/* ---- APT-04: an apartment's thread serves ---- */

static HRESULT signal_from_inside(LONG number)
{
    (void)number;
    return ISynchronize_Signal(client.sync);
}

START_TEST(apt_04_an_apartments_thread_serves_while_it_waits)
{
    AsyncIGated *call = client_new_call();
    ISynchronize *sync = client_synchronize(call);

    gated.hook = signal_from_inside;
    ck_assert_hr(add(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Run(call, 1), S_OK);
    ck_assert_ptr_eq(next_with(INFINITE, S_OK), client.sync);
    ck_assert_hr(AsyncIGated_Finish_Run(call), S_OK);
    client_release(sync);
    client_release(call);
}
END_TEST

/* ---- failures ---- */

START_TEST(every_allocation_that_fails_is_reported)
{
    ISynchronizeContainer *made = container;

    faults_fail_at(1);
    ck_assert_hr(uvcom_create_container(&made), E_OUTOFMEMORY);
    ck_assert_ptr_null(made);
    faults_fail_at(1);
    ck_assert_hr(CoCreateInstance(&CLSID_SynchronizeContainer, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ISynchronizeContainer, (void **)&made),
                 E_OUTOFMEMORY);
    faults_fail_at(1);
    ck_assert_hr(add(client.sync), E_OUTOFMEMORY);
    next_with(0, RPC_E_NO_SYNC);
    faults_fail_at(2);
    ck_assert_hr(add(client.sync), S_OK);
    ck_assert(!faults_hit());
    ck_assert_hr(uvcom_create_container(NULL), E_POINTER);
    /* What is live from before the first fault is no longer counted. */
    close_container();
    faults_reset();
}
END_TEST

static void containers(TCase *tcase)
{
    tcase_add_test(tcase, con_03_an_empty_container_has_nothing_to_wait_for);
    tcase_add_test(tcase, con_02_con_06_a_signaled_member_comes_with_a_reference_and_is_out);
    tcase_add_test(tcase, con_02_what_is_set_already_comes_at_once);
    tcase_add_test(tcase, con_02_of_two_signaled_members_each_comes_once);
    tcase_add_test(tcase, con_04_nothing_signaled_in_time);
    tcase_add_test(tcase, con_05_what_cannot_be_asked);
    tcase_add_test(tcase, con_06_what_is_left_is_released_with_the_container);
    tcase_add_test(tcase, con_06_a_member_lives_although_only_the_container_holds_it);
    tcase_add_test(tcase, con_01_the_64th_member_is_refused);
    tcase_add_test(tcase, con_07_a_foreign_one_is_refused);
    tcase_add_test(tcase, a_member_that_was_reset_is_not_returned);
    tcase_add_test(tcase, an_auto_reset_member_that_somebody_took_is_not_returned);
    tcase_add_test(tcase, a_member_in_two_containers_comes_from_both);
    tcase_add_test(tcase, a_cancelled_call_comes_too);
    tcase_add_test(tcase, con_07_an_event_that_is_a_part_of_another_object_is_welcome);
    tcase_add_test(tcase, a_container_can_be_a_part_of_another_object);
    tcase_add_test(tcase, waiting_for_one_of_many_looks_at_one);
    tcase_add_test(tcase, apt_04_an_apartments_thread_serves_while_it_waits);
    tcase_add_test(tcase, every_allocation_that_fails_is_reported);
}

static void com_containers(TCase *tcase)
{
    tcase_add_checked_fixture(tcase, open_com_container, close_container);
    containers(tcase);
}

static void large_containers(TCase *tcase)
{
    tcase_add_checked_fixture(tcase, open_large_container, close_container);
    containers(tcase);
}

/* Not where the server's methods run on workers: one of those may be started at any time. */
static void allocations(TCase *tcase)
{
    tcase_add_checked_fixture(tcase, open_large_container, close_container);
    tcase_add_test(tcase, adding_again_allocates_nothing);
}

static Suite *containers_suite(void)
{
    Suite *suite = suite_create("containers");

    client_add_cases(suite, CLIENT_TO_OWN, allocations);

    client_add_cases(suite, CLIENT_ANY, com_containers);
    client_add_cases(suite, CLIENT_ANY, large_containers);
    return suite;
}

UVCOM_TEST_MAIN(containers_suite)
