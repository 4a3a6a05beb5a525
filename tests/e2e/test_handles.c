/*
 * test_handles.c -- ISynchronizeHandle of a call object: SYN-12, and the mark of a call that only
 * this thread's loop can complete (APT-04).
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <uv.h>
#include <uvcom/loop.h>

#include "client.h"
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "tests/support/few_descriptors.h"

static ISynchronizeHandle *handle_of(void *call)
{
    return client_query(call, &IID_ISynchronizeHandle);
}

static int descriptor_of(void *call)
{
    ISynchronizeHandle *object = handle_of(call);
    HANDLE handle = NULL;

    ck_assert_hr(ISynchronizeHandle_GetHandle(object, &handle), S_OK);
    client_release(object);
    ck_assert_int_gt((intptr_t)handle, STDERR_FILENO);
    return (int)(intptr_t)handle;
}

static bool is_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    ck_assert_int_ge(poll(&entry, 1, 0), 0);
    ck_assert_int_eq(entry.revents & POLLNVAL, 0);
    return entry.revents & POLLIN;
}

static void await_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    ck_assert_int_eq(poll(&entry, 1, -1), 1);
}

static bool is_open(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

/* The call object behind client.call, borrowed. */
static struct call *inside(void)
{
    struct call *call = uvcom__call_of((IUnknown *)client.call);

    ck_assert_ptr_nonnull(call);
    uvcom__call_release(call);
    return call;
}

START_TEST(syn_12_it_follows_the_call)
{
    const int descriptor = descriptor_of(client.call);
    LONG result;

    for (int i = 0; i < 3; i++) {
        gate_close(&gated.gate);
        client_begin_enter(client.call, i);
        ck_assert(!is_readable(descriptor));
        gate_open(&gated.gate);
        await_readable(descriptor);
        ck_assert_hr(uvcom_wait(client.call, 0), S_OK);
        ck_assert(is_readable(descriptor));
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
        ck_assert_int_eq(result, i);
        ck_assert(is_readable(descriptor));
    }
    ck_assert_int_eq(descriptor_of(client.call), descriptor);
}
END_TEST

START_TEST(syn_12_it_follows_signal_and_reset)
{
    const int descriptor = descriptor_of(client.call);
    LONG result;

    ck_assert(!is_readable(descriptor));
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    client_begin_enter(client.call, 1);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert(!is_readable(descriptor));
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    /* A result cannot be hidden. */
    ck_assert_hr(ISynchronize_Reset(client.sync), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

START_TEST(syn_12_it_follows_a_cancel)
{
    const int descriptor = descriptor_of(client.call);
    ICancelMethodCalls *cancel = client_query(client.call, &IID_ICancelMethodCalls);
    LONG result;

    client_begin_enter(client.call, 1);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert(is_readable(descriptor));
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    gate_open(&gated.gate);
    client_release(cancel);
}
END_TEST

START_TEST(syn_12_one_that_is_asked_for_late_shows_the_event_as_it_is)
{
    LONG result;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert(is_readable(descriptor_of(client.call)));
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

START_TEST(syn_12_a_begin_that_failed_leaves_it_alone)
{
    const int descriptor = descriptor_of(client.call);
    const HRESULT null_pointer = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);

    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, NULL), null_pointer);
    ck_assert(is_readable(descriptor));
}
END_TEST

START_TEST(syn_12_it_belongs_to_the_call_object)
{
    const int descriptor = descriptor_of(client.call);
    const int copy = dup(descriptor);

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    client_release(client.sync);
    client_release(client.call);
    client.sync = NULL;
    client.call = NULL;
    /* The operation lets go of the object a little later than it wakes who waits. */
    while (is_open(descriptor))
        sched_yield();
    ck_assert(is_readable(copy));
    close(copy);
}
END_TEST

START_TEST(a_call_nobody_asked_has_none)
{
    LONG result;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(inside()->observers.descriptor, 0);
    ck_assert_uint_eq(uvcom__load64(&inside()->word, UVCOM__ACQUIRE) & UVCOM__CALL_NODES, 0);
}
END_TEST

START_TEST(with_a_descriptor_nothing_is_allocated_either)
{
    const int descriptor = descriptor_of(client.call);
    LONG result;
    size_t seen;

    gate_open(&gated.gate);
    for (int i = 0; i < 3; i++) {
        seen = faults_seen();
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
        await_readable(descriptor);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
        ck_assert_uint_eq(faults_seen(), seen);
    }
}
END_TEST

START_TEST(a_null_pointer_is_refused)
{
    ISynchronizeHandle *handle = handle_of(client.call);

    ck_assert_hr(ISynchronizeHandle_GetHandle(handle, NULL), E_POINTER);
    client_release(handle);
}
END_TEST

START_TEST(without_descriptors_the_call_goes_on_without)
{
    ISynchronizeHandle *object = handle_of(client.call);
    HANDLE handle = object;
    struct rlimit before = few_descriptors_begin(0);
    HRESULT hr = ISynchronizeHandle_GetHandle(object, &handle);
    LONG result;

    few_descriptors_end(before);
    ck_assert_hr(hr, RPC_E_OUT_OF_RESOURCES);
    ck_assert_ptr_null(handle);
    client_release(object);
    ck_assert_uint_eq(uvcom__load64(&inside()->word, UVCOM__ACQUIRE) & UVCOM__CALL_NODES, 0);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert(is_readable(descriptor_of(client.call)));
}
END_TEST

/* ---- threads that meet ---- */

static void ask_late(void *arg)
{
    atomic_int *descriptor = arg;

    atomic_store(descriptor, descriptor_of(client.call));
}

START_TEST(syn_12_get_handle_beside_completion)
{
    struct helper helper;
    atomic_int descriptor;
    LONG result;

    gate_open(&gated.gate);
    for (size_t i = 200 * client_race_factor(); i > 0; i--) {
        client_release(client.sync);
        client_release(client.call);
        client.call = client_new_call();
        client.sync = client_synchronize(client.call);
        helper_start(&helper, ask_late, &descriptor);
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
        helper_join(&helper);
        ck_assert(is_readable(atomic_load(&descriptor)));
    }
}
END_TEST

/* Who polls finds the result, and after the next Begin_ finds none. */
START_TEST(syn_12_poll_beside_completion)
{
    const int descriptor = descriptor_of(client.call);
    LONG result;

    gate_open(&gated.gate);
    for (int i = 0; i < (int)(500 * client_race_factor()); i++) {
        ck_assert_hr(AsyncIGated_Begin_Enter(client.call, i), S_OK);
        while (!is_readable(descriptor))
            sched_yield();
        ck_assert_hr(uvcom_wait(client.call, 0), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
        ck_assert_int_eq(result, i);
        ck_assert(is_readable(descriptor));
    }
}
END_TEST

/* ---- APT-04: only this loop can complete it ---- */

START_TEST(apt_04_a_call_that_only_this_loop_completes_is_a_deadlock)
{
    const HRESULT deadlock = HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    uvcom_apartment *apartment;
    uv_loop_t loop;
    LONG result;

    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &apartment), S_OK);
    client_begin_enter(client.call, 1);
    uvcom__store_ptr(&inside()->completes_on, uvcom__apartment_of_loop(), UVCOM__RELEASE);
    ck_assert_hr(uvcom_wait(client.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), deadlock);
    ck_assert_hr(uvcom_wait(client.call, 1000), deadlock);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), deadlock);
    /* Somebody else's loop does run. */
    uvcom__store_ptr(&inside()->completes_on, &loop, UVCOM__RELEASE);
    ck_assert_hr(uvcom_wait(client.call, 1), RPC_E_TIMEOUT);
    uvcom__store_ptr(&inside()->completes_on, uvcom__apartment_of_loop(), UVCOM__RELEASE);
    gate_open(&gated.gate);
    while (uvcom_wait(client.call, 0) != S_OK)
        sched_yield();
    /* What is complete can be collected, and the next call begins without the mark. */
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    gate_close(&gated.gate);
    client_begin_enter(client.call, 2);
    ck_assert_hr(uvcom_wait(client.call, 1), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

static void handles(TCase *tcase)
{
    tcase_add_test(tcase, syn_12_it_follows_the_call);
    tcase_add_test(tcase, syn_12_it_follows_signal_and_reset);
    tcase_add_test(tcase, syn_12_it_follows_a_cancel);
    tcase_add_test(tcase, syn_12_one_that_is_asked_for_late_shows_the_event_as_it_is);
    tcase_add_test(tcase, syn_12_a_begin_that_failed_leaves_it_alone);
    tcase_add_test(tcase, syn_12_it_belongs_to_the_call_object);
    tcase_add_test(tcase, a_call_nobody_asked_has_none);
    tcase_add_test(tcase, a_null_pointer_is_refused);
    tcase_add_test(tcase, without_descriptors_the_call_goes_on_without);
    tcase_add_test(tcase, syn_12_get_handle_beside_completion);
    tcase_add_test(tcase, syn_12_poll_beside_completion);
    tcase_add_test(tcase, apt_04_a_call_that_only_this_loop_completes_is_a_deadlock);
}

/* Not where the server's methods run on workers: one of those may be started at any time. */
static void allocations(TCase *tcase)
{
    tcase_add_test(tcase, with_a_descriptor_nothing_is_allocated_either);
}

static Suite *handles_suite(void)
{
    Suite *suite = suite_create("handles");

    client_add_cases(suite, CLIENT_ANY, handles);
    client_add_cases(suite, CLIENT_TO_OWN, allocations);
    return suite;
}

UVCOM_TEST_MAIN(handles_suite)
