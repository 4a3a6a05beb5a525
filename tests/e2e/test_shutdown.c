/*
 * test_shutdown.c -- the end of apartments with calls in every state: of the server's, and of the
 * client's. The end of the whole runtime is in test_runtime_ends.c.
 */
#include "every_state.h"

/* ---- the server goes ------------------------------------------------------------------------- */

START_TEST(a_waiting_server_goes_with_calls_in_every_state)
{
    struct host host;
    IGated *server;

    every_state.of_running = (enum of_running)_i;
    host_start(&host, HOST_WAIT);
    every_state.ending = &host;
    server = host_object();
    every_state_begin(server);
    gate_open(&gated.gate);
    host_join(&host);
    every_state_finish_all(RPC_E_DISCONNECTED);
    every_state_begin_again(RPC_E_DISCONNECTED);
    every_state_release();
    client_release(server);
}
END_TEST

/* Its loop serves what is queued before it looks at what ends it. */
START_TEST(a_loop_goes_with_calls_in_every_state)
{
    struct host host;
    IGated *server;

    every_state.of_running = (enum of_running)_i;
    host_start(&host, HOST_LOOP);
    every_state.ending = &host;
    server = host_object();
    every_state_begin(server);
    gate_open(&gated.gate);
    host_join(&host);
    every_state_finish_all(S_OK);
    every_state_begin_again(RPC_E_DISCONNECTED);
    every_state_release();
    client_release(server);
}
END_TEST

/* And released by a client that does not finish anything. */
START_TEST(a_server_goes_and_nobody_finishes)
{
    struct host host;
    IGated *server;

    every_state.of_running = (enum of_running)_i;
    host_start(&host, HOST_WAIT);
    every_state.ending = &host;
    server = host_object();
    every_state_begin(server);
    gate_open(&gated.gate);
    if (_i % 2 == 0)
        every_state_release();
    host_join(&host);
    every_state_release();
    client_release(server);
}
END_TEST

START_TEST(a_server_goes_while_a_call_starts)
{
    struct host host;
    IGated *server;

    host_start(&host, (enum host_kind)_i);
    every_state.ending = &host;
    server = host_object();
    every_state_end_while_starting(server, RPC_E_DISCONNECTED);
    client_release(server);
}
END_TEST

START_TEST(a_server_goes_while_a_result_is_collected)
{
    struct host host;
    IGated *server;

    host_start(&host, (enum host_kind)_i);
    every_state.ending = &host;
    server = host_object();
    every_state_end_while_finishing(server, RPC_E_DISCONNECTED);
    client_release(server);
}
END_TEST

/* The memory that goes with a call object; what else there is does not change meanwhile. */
static size_t release_and_count(AsyncIGated *call)
{
    const size_t before = faults_live();

    client_release(call);
    return before - faults_live();
}

/* As the last holder of the call object its deadline would keep it for an hour. */
START_TEST(call_06_a_begin_that_is_refused_leaves_no_deadline)
{
    AsyncIGated *unused, *call;
    struct host host;
    IGated *server;
    size_t memory;

    host_start(&host, HOST_WAIT);
    server = host_object();
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&unused), S_OK);
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&call), S_OK);
    ck_assert_hr(uvcom_call_set_timeout(call, 3600000), S_OK);
    host_end(&host);
    memory = release_and_count(unused);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), RPC_E_DISCONNECTED);
    ck_assert_uint_eq(release_and_count(call), memory);
    client_release(server);
}
END_TEST

static void server_goes(TCase *tcase)
{
    tcase_add_loop_test(tcase, a_waiting_server_goes_with_calls_in_every_state, 0, OF_RUNNING);
    tcase_add_loop_test(tcase, a_loop_goes_with_calls_in_every_state, 0, OF_RUNNING);
    tcase_add_loop_test(tcase, a_server_goes_and_nobody_finishes, 0, OF_RUNNING);
    tcase_add_loop_test(tcase, a_server_goes_while_a_call_starts, 0, 2);
    tcase_add_loop_test(tcase, a_server_goes_while_a_result_is_collected, 0, 2);
    tcase_add_test(tcase, call_06_a_begin_that_is_refused_leaves_no_deadline);
}

/* ---- the client goes ------------------------------------------------------------------------- */

/* On a thread with a single-threaded apartment of its own, which ends. */
static void *begin_and_leave(void *arg)
{
    IGated *server;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&server);
    every_state_begin(server);
    client_release(server);
    CoUninitialize();
    return arg;
}

START_TEST(a_client_goes_with_calls_in_every_state)
{
    pthread_t thread;

    every_state.ending = NULL;
    every_state.of_running = (enum of_running)_i;
    ck_assert_int_eq(pthread_create(&thread, NULL, begin_and_leave, NULL), 0);
    pthread_join(thread, NULL);
    /* The call objects belong to no apartment, and their calls go on. */
    ck_assert_hr(uvcom_wait(every_state.calls[QUEUED], 0), RPC_E_TIMEOUT);
    gate_open(&gated.gate);
    every_state_finish_all(S_OK);
    for (int i = DONE; i < STATES; i++)
        if (every_state.calls[i] && i != RUNNING)
            ck_assert_hr(AsyncIGated_Begin_Add(every_state.calls[i], 1, 2), S_OK);
    every_state_release();
}
END_TEST

START_TEST(a_client_goes_and_nobody_finishes)
{
    pthread_t thread;

    every_state.ending = NULL;
    every_state.of_running = (enum of_running)_i;
    ck_assert_int_eq(pthread_create(&thread, NULL, begin_and_leave, NULL), 0);
    pthread_join(thread, NULL);
    every_state_release();
    gate_open(&gated.gate);
    /* LIFE-02: all of them are run: of those that were begun one is idle. */
    gate_await_arrived(&gated.left, STATES - 1);
}
END_TEST

static void client_goes(TCase *tcase)
{
    tcase_add_loop_test(tcase, a_client_goes_with_calls_in_every_state, 0, OF_RUNNING);
    tcase_add_loop_test(tcase, a_client_goes_and_nobody_finishes, 0, OF_RUNNING);
}

static Suite *shutdown_suite(void)
{
    Suite *suite = suite_create("shutdown");
    TCase *from_many = tcase_create("the server goes");
    TCase *from_one = tcase_create("the server of a single-threaded client goes");

    tcase_add_checked_fixture(from_many, every_state_open_multithreaded, every_state_leave);
    server_goes(from_many);
    suite_add_tcase(suite, from_many);
    tcase_add_checked_fixture(from_one, every_state_open_single_threaded, every_state_leave);
    server_goes(from_one);
    suite_add_tcase(suite, from_one);
    client_add_case(suite, "the client goes", client_goes);
    return suite;
}

UVCOM_TEST_MAIN(shutdown_suite)
