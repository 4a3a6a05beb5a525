/*
 * test_many_loops.c -- loops that come and go: completions on a second loop after the first was
 * given back, and servers that live on an adopted loop until they are released there.
 *
 * One loop and its callbacks are in test_completion.c.
 */
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"

static uv_loop_t loop;
static uvcom_apartment *apartment; /* NULL: given back */

static void adopt(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &apartment), S_OK);
}

static void give_back(void)
{
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    apartment = NULL;
}

static void note(void *call, void *context)
{
    (void)call;
    *(int *)context += 1;
}

/* ---- a registration that went with its loop ---- */

START_TEST(on_complete_after_the_loop_of_an_idle_registration_was_given_back)
{
    int first = 0, second = 0;
    LONG sum = 0;

    adopt();
    ck_assert_hr(uvcom_on_complete(client.call, note, &first), S_OK);
    give_back();
    adopt();
    ck_assert_hr(uvcom_on_complete(client.call, note, &second), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, &second), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(first, 0);
    ck_assert_int_eq(second, 1);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    give_back();
}
END_TEST

START_TEST(on_complete_after_the_loop_of_a_running_registration_was_given_back)
{
    int first = 0, second = 0;
    LONG result = 0;

    adopt();
    client_begin_enter(client.call, 5);
    ck_assert_hr(uvcom_on_complete(client.call, note, &first), S_OK);
    give_back();
    adopt();
    ck_assert_hr(uvcom_on_complete(client.call, note, &second), S_OK);
    gate_open(&gated.gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(first, 0);
    ck_assert_int_eq(second, 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), S_OK);
    ck_assert_int_eq(result, 5);
    give_back();
}
END_TEST

/* The registration on the first loop stays on the object until somebody takes its place. */
START_TEST(on_complete_on_many_loops_one_after_the_other)
{
    LONG sum = 0;
    int count = 0;

    for (int i = 1; i <= 20; i++) {
        adopt();
        ck_assert_hr(uvcom_on_complete(client.call, note, &count), S_OK);
        if (i % 2 == 0) {
            ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
            uv_run(&loop, UV_RUN_DEFAULT);
            ck_assert_int_eq(count, i / 2);
            ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
        }
        give_back();
    }
}
END_TEST

/* ---- a server that lives on the loop ---- */

static AsyncIGated *call; /* its only user */

static void open_nothing(void)
{
    faults_reset();
    gated_reset();
}

static void check_left(void)
{
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

/* In this thread's apartment. */
static void make_server(void)
{
    IGated *server;

    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&server), S_OK);
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&call), S_OK);
    client_release(server);
    ck_assert_int_eq(atomic_load(&gated.live), 1);
}

static void check_ended_here(void)
{
    ck_assert_int_eq(atomic_load(&gated.live), 0);
    ck_assert(atomic_load(&gated.end_thread) == gated_this_thread());
}

static void release_call(void *arg)
{
    (void)arg;
    client_release(call);
}

START_TEST(life_a_loop_stays_until_its_server_has_been_released)
{
    for (int i = 0; i < 300; i++) {
        struct helper helper;

        adopt();
        make_server();
        helper_start(&helper, release_call, NULL);
        ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
        check_ended_here();
        helper_join(&helper);
        give_back();
    }
}
END_TEST

/* The last release has been sent, but the loop has not run since. */
START_TEST(life_a_loop_that_was_left_with_a_last_release_runs_for_it)
{
    adopt();
    make_server();
    helper_run(release_call, NULL);
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    check_ended_here();
    give_back();
}
END_TEST

START_TEST(life_a_loop_that_is_given_back_releases_what_was_left_to_it)
{
    adopt();
    make_server();
    helper_run(release_call, NULL);
    give_back();
    check_ended_here();
}
END_TEST

START_TEST(life_an_apartment_that_closes_releases_what_was_left_to_it)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    make_server();
    helper_run(release_call, NULL);
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    CoUninitialize();
    check_ended_here();
}
END_TEST

static AsyncIGated *other; /* the user of another server of the same apartment */

static void release_both(void *arg)
{
    release_call(arg);
    client_release(other);
}

static void release_both_elsewhere(void)
{
    helper_run(release_both, NULL);
}

/* The queue takes no more last releases by now, but one of the servers has not ended yet. */
START_TEST(life_a_last_release_while_the_apartment_closes_happens_there)
{
    adopt();
    make_server();
    other = call;
    call = NULL;
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&client.server), S_OK);
    call = client_new_call();
    client_release(client.server);
    client.server = NULL;
    gated.end_hook = release_both_elsewhere;
    give_back();
    check_ended_here();
}
END_TEST

/* The apartment goes first: it does not wait for users elsewhere. */
START_TEST(life_a_user_that_stays_longer_than_the_apartment_releases_nothing_again)
{
    adopt();
    make_server();
    give_back();
    check_ended_here();
    helper_run(release_call, NULL);
    ck_assert_int_eq(atomic_load(&gated.live), 0);
}
END_TEST

static void registrations(TCase *tcase)
{
    tcase_add_test(tcase, on_complete_after_the_loop_of_an_idle_registration_was_given_back);
    tcase_add_test(tcase, on_complete_after_the_loop_of_a_running_registration_was_given_back);
    tcase_add_test(tcase, on_complete_on_many_loops_one_after_the_other);
}

static TCase *servers(void)
{
    TCase *tcase = tcase_create("a server on the loop");

    tcase_add_checked_fixture(tcase, open_nothing, check_left);
    tcase_add_test(tcase, life_a_loop_stays_until_its_server_has_been_released);
    tcase_add_test(tcase, life_a_loop_that_was_left_with_a_last_release_runs_for_it);
    tcase_add_test(tcase, life_a_loop_that_is_given_back_releases_what_was_left_to_it);
    tcase_add_test(tcase, life_an_apartment_that_closes_releases_what_was_left_to_it);
    tcase_add_test(tcase, life_a_last_release_while_the_apartment_closes_happens_there);
    tcase_add_test(tcase, life_a_user_that_stays_longer_than_the_apartment_releases_nothing_again);
    return tcase;
}

static Suite *many_loops_suite(void)
{
    Suite *suite = suite_create("many_loops");

    client_add_cases(suite, CLIENT_MULTITHREADED, registrations);
    suite_add_tcase(suite, servers());
    return suite;
}

UVCOM_TEST_MAIN(many_loops_suite)
