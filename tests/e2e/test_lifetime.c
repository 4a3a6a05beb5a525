/*
 * test_lifetime.c -- early release: LIFE-01, 02 and 05, and where and when the server object ends.
 *
 * What becomes of results that nobody collects (LIFE-04) is in test_parameters.c.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "runtime/proxy_object.h"

START_TEST(life_01_release_during_a_call_is_legal)
{
    AsyncIGated *call = client_new_call();

    client_begin_enter(call, 1);
    ck_assert_uint_eq(AsyncIGated_Release(call), 0);
    ck_assert_int_eq(atomic_load(&gated.inside), 1);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

/* The last reference may be that of another interface of the call object. */
START_TEST(life_01_release_through_isynchronize)
{
    AsyncIGated *call = client_new_call();
    ISynchronize *sync = client_synchronize(call);

    client_begin_enter(call, 1);
    ck_assert_uint_eq(AsyncIGated_Release(call), 1);
    ck_assert_hr(ISynchronize_Wait(sync, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    ck_assert_hr(ISynchronize_Wait(sync, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_uint_eq(ISynchronize_Release(sync), 0);
}
END_TEST

START_TEST(life_01_fire_and_forget_many_times)
{
    gate_open(&gated.gate);
    for (LONG i = 0; i < 200; i++) {
        AsyncIGated *call = client_new_call();

        ck_assert_hr(AsyncIGated_Begin_Enter(call, i), S_OK);
        client_release(call);
    }
    gate_await_arrived(&gated.left, 200);
}
END_TEST

START_TEST(life_02_an_abandoned_method_runs_to_its_end)
{
    AsyncIGated *call = client_new_call();

    client_begin_enter(call, 1);
    client_release(call);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
}
END_TEST

/* Another call is in its way when it is abandoned. */
START_TEST(life_02_an_abandoned_call_that_has_not_started_still_runs)
{
    AsyncIGated *call = client_new_call();
    LONG result;

    client_begin_enter(client.call, 1);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), S_OK);
    client_release(call);
    ck_assert_int_eq(atomic_load(&gated.entered), 1);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 2);
    ck_assert_int_eq(atomic_load(&gated.entered), 2);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
}
END_TEST

static void let_go_of_everything(void)
{
    client_release(client.sync);
    client_release(client.call);
    client_release(client.server);
    client = (struct client){0};
}

START_TEST(life_02_a_running_call_keeps_its_server)
{
    client_begin_enter(client.call, 1);
    let_go_of_everything();
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    ck_assert_int_eq(atomic_load(&gated.inside), 1);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

/* A call after the last one to the object shows that its end has come, and on which thread. */
START_TEST(the_object_ends_in_its_own_apartment)
{
    uintptr_t home;
    IGated *other;
    LONG sum;

    ck_assert_hr(
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&other),
        S_OK);
    ck_assert_hr(IGated_Add(client.server, 1, 2, &sum), S_OK);
    home = atomic_load(&gated.thread);
    ck_assert(home != gated_this_thread());
    let_go_of_everything();
    ck_assert_hr(IGated_Add(other, 1, 2, &sum), S_OK);
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    ck_assert(atomic_load(&gated.end_thread) == home);
    client_release(other);
}
END_TEST

static HRESULT drop_call(LONG number)
{
    (void)number;
    client_release(client.sync);
    client_release(client.call);
    client.sync = NULL;
    client.call = NULL;
    return S_OK;
}

START_TEST(life_05_the_last_release_inside_the_call_itself)
{
    gated.hook = drop_call;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 1), S_OK);
    gate_await_arrived(&gated.left, 1);
    ck_assert_ptr_null(client.call);
}
END_TEST

START_TEST(life_05_the_last_release_while_results_are_kept)
{
    AsyncIGated *call = client_new_call();
    const LONG value = 3;

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Sum(call, 1, &value, "kept"), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    ck_assert_uint_eq(AsyncIGated_AddRef(call), 2);
    ck_assert_uint_eq(AsyncIGated_Release(call), 1);
    ck_assert_uint_eq(AsyncIGated_Release(call), 0);
}
END_TEST

/* ---- too many releases: the process ends, and says why on standard error ---- */

static FILE *said;
static const char *wanted;

static void check_what_was_said(int number)
{
    char text[256] = "";

    (void)number;
    if (pread(fileno(said), text, sizeof text - 1, 0) < 0 || !strstr(text, wanted))
        _exit(EXIT_FAILURE);
}

/* The process is about to end by abort: the message names the count, and is kept out of sight. */
static void expect_abort(const char *count)
{
    wanted = count;
    said = tmpfile();
    ck_assert_ptr_nonnull(said);
    ck_assert_int_eq(dup2(fileno(said), STDERR_FILENO), STDERR_FILENO);
    signal(SIGABRT, check_what_was_said);
}

/* The call that runs keeps the memory, so this is no use after free. */
START_TEST(life_01_one_release_of_a_call_object_too_many_ends_the_process)
{
    AsyncIGated *call = client_new_call();

    client_begin_enter(call, 1);
    ck_assert_uint_eq(AsyncIGated_Release(call), 0);
    expect_abort("(Release): &call->references");
    AsyncIGated_Release(call);
}
END_TEST

START_TEST(life_01_a_call_object_that_was_given_up_cannot_be_referenced)
{
    AsyncIGated *call = client_new_call();

    client_begin_enter(call, 1);
    ck_assert_uint_eq(AsyncIGated_Release(call), 0);
    expect_abort("(AddRef): &call->references");
    AsyncIGated_AddRef(call);
}
END_TEST

/* Nothing keeps a proxy's memory; so its count only is taken away. */
START_TEST(one_release_of_a_proxy_too_many_ends_the_process)
{
    struct proxy *proxy = ((struct facet *)(void *)client.server)->proxy;

    uvcom__store32(&proxy->identity.references, 0, UVCOM__RELAXED);
    expect_abort("(Release): &proxy->identity.references");
    IGated_Release(client.server);
}
END_TEST

static void lives(TCase *tcase)
{
    tcase_add_test(tcase, life_01_release_during_a_call_is_legal);
    tcase_add_test(tcase, life_01_release_through_isynchronize);
    tcase_add_test(tcase, life_01_fire_and_forget_many_times);
    tcase_add_test(tcase, life_02_an_abandoned_method_runs_to_its_end);
    tcase_add_test(tcase, life_02_a_running_call_keeps_its_server);
    tcase_add_test(tcase, life_05_the_last_release_inside_the_call_itself);
    tcase_add_test(tcase, life_05_the_last_release_while_results_are_kept);
}

static void own_lives(TCase *tcase)
{
    tcase_add_test(tcase, life_02_an_abandoned_call_that_has_not_started_still_runs);
    tcase_add_test(tcase, the_object_ends_in_its_own_apartment);
}

static void ends(TCase *tcase)
{
    tcase_add_test_raise_signal(
        tcase, life_01_one_release_of_a_call_object_too_many_ends_the_process, SIGABRT);
    tcase_add_test_raise_signal(tcase, life_01_a_call_object_that_was_given_up_cannot_be_referenced,
                                SIGABRT);
    tcase_add_test_raise_signal(tcase, one_release_of_a_proxy_too_many_ends_the_process, SIGABRT);
}

static Suite *lifetime_suite(void)
{
    Suite *suite = suite_create("lifetime");

    client_add_cases(suite, CLIENT_ANY, lives);
    client_add_cases(suite, CLIENT_TO_OWN, own_lives);
    client_add_case(suite, "too many releases", ends);
    return suite;
}

UVCOM_TEST_MAIN(lifetime_suite)
