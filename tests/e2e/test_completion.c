/*
 * test_completion.c -- uvcom_on_complete and uvcom_loop_adopt: completion as a callback on the
 * client's own loop, in the multithreaded apartment and on a thread that the loop alone
 * initialises.
 *
 * The end of every test gives the loop back and asserts that uv_loop_close returns 0.
 */
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"

static uv_loop_t loop;
static uvcom_apartment *apartment; /* NULL: given back */

static struct {
    int count; /* callbacks that have come */
    int order[1000];
    void *call; /* of the latest */
    void *context;
    HRESULT hr;
    LONG value;
} seen;

/* ---- fixtures ---- */

static void open_server(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &apartment), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                                  (void **)&client.server),
                 S_OK);
    client.call = client_new_call();
    client.sync = client_synchronize(client.call);
}

static void open_loop(void)
{
    faults_reset();
    gated_reset();
    open_server();
}

static void open_multithreaded(void)
{
    faults_reset();
    gated_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    open_server();
}

static void close_loop(void)
{
    gate_open(&gated.gate);
    client_release(client.sync);
    client_release(client.call);
    client_release(client.server);
    if (apartment)
        ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
}

static void check_left(void)
{
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static void close_only_loop(void)
{
    close_loop();
    check_left();
}

static void close_multithreaded(void)
{
    close_loop();
    CoUninitialize();
    check_left();
}

/* ---- callbacks ---- */

/* The context is a number. */
static void note(void *call, void *context)
{
    seen.call = call;
    seen.context = context;
    if (seen.count < 1000)
        seen.order[seen.count] = (int)(intptr_t)context;
    seen.count++;
}

static void *number(int n)
{
    return (void *)(intptr_t)n;
}

static void finish_add(LONG expected)
{
    LONG sum = -1;

    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, expected);
}

/* ---- one callback for one Begin_ ----------------------------------------------------------------
 */

START_TEST(a_callback_comes_when_the_call_is_over)
{
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 5), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, number(17)), S_OK);
    uv_run(&loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(seen.count, 0);
    gate_open(&gated.gate);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_ptr_eq(seen.call, client.call);
    ck_assert_ptr_eq(seen.context, number(17));
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &seen.value), S_OK);
    ck_assert_int_eq(seen.value, 5);
}
END_TEST

START_TEST(a_callback_is_given_the_pointer_that_was_registered)
{
    ck_assert_hr(uvcom_on_complete(client.sync, note, NULL), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_ptr_eq(seen.call, client.sync);
    finish_add(3);
}
END_TEST

/* At the loop's next turn, never from inside uvcom_on_complete. */
START_TEST(a_callback_comes_when_the_call_had_completed_before)
{
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_int_eq(seen.count, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    finish_add(3);
}
END_TEST

START_TEST(a_callback_registered_on_an_idle_object_is_for_the_next_begin)
{
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_hr(ISynchronize_Signal(client.sync), S_OK);
    uv_run(&loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(seen.count, 0);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    finish_add(3);
}
END_TEST

START_TEST(a_callback_survives_a_begin_that_failed)
{
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, NULL),
                 HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    finish_add(3);
}
END_TEST

START_TEST(a_callback_counts_for_one_begin)
{
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 2), S_OK);
        ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
        uv_run(&loop, UV_RUN_DEFAULT);
        ck_assert_int_eq(seen.count, 1);
        finish_add(i + 2);
    }
}
END_TEST

START_TEST(a_second_registration_is_refused_while_one_waits)
{
    ck_assert_hr(uvcom_on_complete(client.call, note, number(1)), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, number(2)), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 1), S_OK);
    ck_assert_hr(uvcom_on_complete(client.sync, note, number(3)), RPC_E_CALL_PENDING);
    gate_open(&gated.gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_int_eq(seen.order[0], 1);
    ck_assert_hr(uvcom_on_complete(client.call, note, number(4)), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 2);
    ck_assert_int_eq(seen.order[1], 4);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &seen.value), S_OK);
}
END_TEST

/* The object is in its next call already when the callback of the first one comes. */
START_TEST(a_callback_survives_reuse)
{
    ck_assert_hr(uvcom_on_complete(client.call, note, number(1)), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    finish_add(3);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 4), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, number(2)), S_OK);
    while (seen.count < 1)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_int_eq(seen.order[0], 1);
    uv_run(&loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(seen.count, 1);
    gate_open(&gated.gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 2);
    ck_assert_int_eq(seen.order[1], 2);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &seen.value), S_OK);
}
END_TEST

/* Finish_ may be faster than the server's thread, which still has to take the old one off. */
START_TEST(a_new_registration_is_never_in_the_way_of_one_that_is_over)
{
    const int count = 1000;

    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    for (int i = 0; i < count; i++) {
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, i, 1), S_OK);
        finish_add(i + 1);
        ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    }
    client_release(client.sync);
    client_release(client.call);
    client.sync = NULL;
    client.call = NULL;
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 0);
}
END_TEST

/* ---- order and number -------------------------------------------------------------------------
 */

enum { MANY = 300 };

/* One server serves them in the order of their Begin_. */
START_TEST(callbacks_come_in_order_of_completion_and_many_per_wake_up)
{
    static AsyncIGated *calls[MANY];
    int turns = 0;

    for (int i = 0; i < MANY; i++) {
        calls[i] = client_new_call();
        ck_assert_hr(uvcom_on_complete(calls[i], note, number(i)), S_OK);
        ck_assert_hr(AsyncIGated_Begin_Enter(calls[i], i), S_OK);
    }
    gate_open(&gated.gate);
    for (int i = 0; i < MANY; i++)
        ck_assert_hr(uvcom_wait(calls[i], INFINITE), S_OK);
    ck_assert_int_eq(seen.count, 0); /* a wait leaves them to the loop */
    while (seen.count < MANY) {
        uv_run(&loop, UV_RUN_ONCE);
        turns++;
    }
    ck_assert_int_le(turns, MANY / 20);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(seen.order[i], i);
        ck_assert_hr(AsyncIGated_Finish_Enter(calls[i], &seen.value), S_OK);
        ck_assert_int_eq(seen.value, i);
        client_release(calls[i]);
    }
}
END_TEST

static void begin_again(void *call, void *context)
{
    LONG sum = 0;

    note(call, context);
    if (FAILED(AsyncIGated_Finish_Add(call, &sum)) || sum != seen.count)
        seen.hr = E_FAIL;
    if (seen.count == MANY || FAILED(seen.hr))
        return;
    seen.hr = uvcom_on_complete(call, begin_again, context);
    if (SUCCEEDED(seen.hr))
        seen.hr = AsyncIGated_Begin_Add(call, seen.count, 1);
}

START_TEST(a_callback_may_begin_again)
{
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 0, 1), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, begin_again, NULL), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_hr(seen.hr, S_OK);
    ck_assert_int_eq(seen.count, MANY);
}
END_TEST

/* ---- release ------------------------------------------------------------------------------------
 */

static void release_all(void *call, void *context)
{
    note(call, context);
    client_release(client.sync);
    client_release(client.call);
    client.sync = NULL;
    client.call = NULL;
}

START_TEST(a_callback_may_give_up_the_last_reference)
{
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, release_all, NULL), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_ptr_null(client.call);
}
END_TEST

START_TEST(a_callback_is_dropped_when_the_call_object_is_released)
{
    AsyncIGated *running = client_new_call();
    AsyncIGated *idle = client_new_call();
    AsyncIGated *done = client_new_call();

    ck_assert_hr(AsyncIGated_Begin_Add(done, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(done, INFINITE), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(running, 1), S_OK);
    ck_assert_hr(uvcom_on_complete(idle, note, NULL), S_OK);
    ck_assert_hr(uvcom_on_complete(running, note, NULL), S_OK);
    ck_assert_hr(uvcom_on_complete(done, note, NULL), S_OK);
    client_release(idle);
    client_release(running);
    client_release(done);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 2);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(seen.count, 0);
}
END_TEST

START_TEST(a_callback_is_dropped_when_the_loop_is_given_back)
{
    AsyncIGated *done = client_new_call();

    ck_assert_hr(AsyncIGated_Begin_Add(done, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(done, INFINITE), S_OK);
    ck_assert_hr(uvcom_on_complete(done, note, NULL), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    apartment = NULL;
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(seen.count, 0);
    client_release(done);
}
END_TEST

/* The loop goes, the calls of the multithreaded apartment stay. */
START_TEST(a_call_outlives_the_loop_that_wanted_to_hear_of_it)
{
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 8), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    apartment = NULL;
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), RPC_E_WRONG_THREAD);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &seen.value), S_OK);
    ck_assert_int_eq(seen.value, 8);
    ck_assert_int_eq(seen.count, 0);
}
END_TEST

static void give_back(void *call, void *context)
{
    note(call, context);
    seen.hr = uvcom_loop_release(apartment);
    apartment = NULL;
}

START_TEST(the_loop_may_be_given_back_inside_a_callback)
{
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(uvcom_on_complete(client.call, give_back, NULL), S_OK);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_hr(seen.hr, S_OK);
    ck_assert_ptr_null(apartment);
}
END_TEST

/* ---- where ---- */

static void register_here(void *arg)
{
    HRESULT *hr = arg;

    *hr = uvcom_on_complete(client.call, note, NULL);
}

START_TEST(a_thread_without_a_loop_gets_wrong_thread)
{
    HRESULT initialised = S_OK, bare = S_OK;

    helper_run(register_here, &initialised);
    helper_run_bare(register_here, &bare);
    ck_assert_hr(initialised, RPC_E_WRONG_THREAD);
    ck_assert_hr(bare, RPC_E_WRONG_THREAD);
}
END_TEST

/* The call is running, and Finish_ of it is refused before it waits. */
static int answers_of_child(void)
{
    LONG value;

    return uvcom_on_complete(client.call, note, NULL) == CO_E_NOTINITIALIZED &&
           uvcom_wait(client.call, 0) == CO_E_NOTINITIALIZED &&
           AsyncIGated_Finish_Enter(client.call, &value) == CO_E_NOTINITIALIZED;
}

START_TEST(a_forked_child_gets_not_initialized)
{
    int status = 0;
    pid_t child;

    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, 8), S_OK);
    child = fork();
    if (child == 0)
        _exit(answers_of_child() ? 0 : 1);
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(wrong_arguments_of_on_complete)
{
    ck_assert_hr(uvcom_on_complete(NULL, note, NULL), E_POINTER);
    ck_assert_hr(uvcom_on_complete(client.call, NULL, NULL), E_POINTER);
    ck_assert_hr(uvcom_on_complete(client.server, note, NULL), E_NOINTERFACE);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 0);
}
END_TEST

START_TEST(wrong_arguments_of_loop_adopt)
{
    uvcom_apartment *second = (uvcom_apartment *)-1;
    uv_loop_t other;

    uv_loop_init(&other);
    ck_assert_hr(uvcom_loop_adopt(&other, &second), RPC_E_CHANGED_MODE);
    ck_assert_ptr_null(second);
    ck_assert_hr(uvcom_loop_adopt(NULL, &second), E_POINTER);
    ck_assert_hr(uvcom_loop_adopt(&other, NULL), E_POINTER);
    ck_assert_hr(uvcom_loop_release(NULL), E_POINTER);
    ck_assert_int_eq(uv_loop_close(&other), 0);
}
END_TEST

static void release_here(void *arg)
{
    HRESULT *hr = arg;

    *hr = uvcom_loop_release(apartment);
}

START_TEST(a_loop_is_given_back_on_its_own_thread_only)
{
    HRESULT hr = S_OK;

    helper_run(release_here, &hr);
    ck_assert_hr(hr, RPC_E_WRONG_THREAD);
    ck_assert_hr(uvcom_on_complete(client.call, note, NULL), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(seen.count, 1);
}
END_TEST

static void tick(uv_timer_t *timer)
{
    (*(int *)timer->data)++;
}

/* A wait serves the apartment's calls, never the application's own handles. */
START_TEST(apt_02_a_wait_does_not_run_the_loop)
{
    uv_timer_t timer;
    int ticks = 0;

    uv_timer_init(&loop, &timer);
    timer.data = &ticks;
    uv_timer_start(&timer, tick, 0, 0);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(uvcom_wait(client.call, INFINITE), S_OK);
    finish_add(3);
    ck_assert_int_eq(ticks, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(ticks, 1);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
}
END_TEST

/* ---- the loop of a thread that the runtime keeps ---- */

static struct gate done = GATE_INITIALIZER;

static void finish_on_the_servers_loop(void *call, void *context)
{
    seen.hr = AsyncIGated_Finish_Enter(call, &seen.value);
    (void)context;
    client_release(call);
    gate_open(&done);
}

static HRESULT listen_on_the_servers_loop(LONG value)
{
    AsyncIGated *call = (AsyncIGated *)client.call;
    HRESULT hr;

    AsyncIGated_AddRef(call);
    hr = AsyncIGated_Begin_Enter(call, value);
    return SUCCEEDED(hr) ? uvcom_on_complete(call, finish_on_the_servers_loop, NULL) : hr;
}

START_TEST(a_server_on_a_kept_thread_may_listen_too)
{
    gated.hook = listen_on_the_servers_loop;
    gate_open(&gated.gate);
    ck_assert_hr(IGated_Run(client.server, 33), S_OK);
    gate_wait(&done);
    ck_assert_hr(seen.hr, S_OK);
    ck_assert_int_eq(seen.value, 33);
}
END_TEST

static void registrations(TCase *tcase)
{
    tcase_add_test(tcase, a_callback_comes_when_the_call_is_over);
    tcase_add_test(tcase, a_callback_is_given_the_pointer_that_was_registered);
    tcase_add_test(tcase, a_callback_comes_when_the_call_had_completed_before);
    tcase_add_test(tcase, a_callback_registered_on_an_idle_object_is_for_the_next_begin);
    tcase_add_test(tcase, a_callback_survives_a_begin_that_failed);
    tcase_add_test(tcase, a_callback_counts_for_one_begin);
    tcase_add_test(tcase, a_second_registration_is_refused_while_one_waits);
    tcase_add_test(tcase, a_callback_survives_reuse);
    tcase_add_test(tcase, a_new_registration_is_never_in_the_way_of_one_that_is_over);
    tcase_add_test(tcase, callbacks_come_in_order_of_completion_and_many_per_wake_up);
    tcase_add_test(tcase, a_callback_may_begin_again);
    tcase_add_test(tcase, a_callback_may_give_up_the_last_reference);
    tcase_add_test(tcase, a_callback_is_dropped_when_the_call_object_is_released);
    tcase_add_test(tcase, a_callback_is_dropped_when_the_loop_is_given_back);
    tcase_add_test(tcase, the_loop_may_be_given_back_inside_a_callback);
    tcase_add_test(tcase, a_thread_without_a_loop_gets_wrong_thread);
    tcase_add_test(tcase, a_forked_child_gets_not_initialized);
    tcase_add_test(tcase, wrong_arguments_of_on_complete);
    tcase_add_test(tcase, wrong_arguments_of_loop_adopt);
    tcase_add_test(tcase, a_loop_is_given_back_on_its_own_thread_only);
    tcase_add_test(tcase, apt_02_a_wait_does_not_run_the_loop);
    tcase_add_test(tcase, a_server_on_a_kept_thread_may_listen_too);
}

static Suite *completion_suite(void)
{
    Suite *suite = suite_create("completion");
    TCase *only_loop = tcase_create("a loop initialises its thread");
    TCase *multithreaded = tcase_create("a loop in the multithreaded apartment");

    tcase_add_checked_fixture(only_loop, open_loop, close_only_loop);
    registrations(only_loop);
    suite_add_tcase(suite, only_loop);
    tcase_add_checked_fixture(multithreaded, open_multithreaded, close_multithreaded);
    registrations(multithreaded);
    tcase_add_test(multithreaded, a_call_outlives_the_loop_that_wanted_to_hear_of_it);
    suite_add_tcase(suite, multithreaded);
    return suite;
}

UVCOM_TEST_MAIN(completion_suite)
