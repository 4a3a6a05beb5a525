/*
 * test_workers.c -- the multithreaded apartment: its threads come when they are needed, and end.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "runtime/apartment_layout.h"
#include "runtime/workers.h"
#include "tests/support/assert_hr.h"
#include "tests/support/gate.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/thread_faults.h"
#include "tests/support/tick.h"

static struct apartment *pool;

static void enter(void)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    pool = uvcom__apartment_current();
    uvcom__apartment_add_ref(pool);
}

static void leave(void)
{
    thread_faults_allow(THREAD_FAULTS_NONE);
    CoUninitialize();
    uvcom__apartment_release(pool);
}

static size_t worker_count(void)
{
    return uvcom__workers_count(pool->workers);
}

/* `count` notes that each do `act` with `context`, posted in order. Freed by the caller. */
static struct note *post_notes(struct note_log *log, int count, void (*act)(struct note *),
                               void *context)
{
    struct note *notes = malloc((size_t)count * sizeof *notes);

    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    for (int i = 0; i < count; i++) {
        notes[i] = note_make(log, i);
        notes[i].act = act;
        notes[i].context = context;
        ck_assert_hr(uvcom__apartment_post(pool, &notes[i].item), S_OK);
    }
    return notes;
}

static void wait_at_gate(struct note *note)
{
    gate_wait(note->context);
}

static void block_at_gate(struct note *note)
{
    uvcom__blocking_enter();
    uvcom__blocking_enter(); /* nested, as when a wait is inside a wait */
    gate_wait(note->context);
    uvcom__blocking_leave();
    uvcom__blocking_leave();
}

/* ---- growing -----------------------------------------------------------------------------------
 */

START_TEST(nothing_is_started_before_it_is_needed)
{
    ck_assert_uint_eq(worker_count(), 0);
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    ck_assert_uint_eq(worker_count(), 1);
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    ck_assert_uint_eq(worker_count(), 1);
}
END_TEST

/* A worker that has done its work is not yet idle: it may take its time. */
static void await_all_idle(void)
{
    while (uvcom__workers_idle_count(pool->workers) != worker_count())
        sched_yield();
}

START_TEST(calls_one_after_the_other_need_one_worker_and_one_to_spare)
{
    struct note_log log = NOTE_LOG_INITIALIZER;

    for (size_t i = 0; i < 100; i++) {
        struct note *note = post_notes(&log, 1, NULL, NULL);

        note_log_await(&log, i + 1);
        await_all_idle();
        free(note);
    }
    ck_assert_uint_le(worker_count(), 3);
}
END_TEST

START_TEST(apt_06_calls_into_the_multithreaded_apartment_overlap)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *notes = post_notes(&log, 8, wait_at_gate, &gate);

    gate_await_waiters(&gate, 8);
    gate_open(&gate);
    note_log_await(&log, 8);
    free(notes);
}
END_TEST

/* Only the first of them finds the inbox empty and wakes somebody; the others must be passed on. */
START_TEST(apt_06_idle_workers_are_woken_for_each_of_many_calls)
{
    for (int round = 0; round < 300; round++) {
        struct note_log log = NOTE_LOG_INITIALIZER;
        struct gate gate = GATE_INITIALIZER;
        struct note *notes = post_notes(&log, 5, wait_at_gate, &gate);

        gate_await_waiters(&gate, 5);
        gate_open(&gate);
        note_log_await(&log, 5);
        free(notes);
    }
}
END_TEST

START_TEST(there_are_no_more_than_the_limit)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *notes = post_notes(&log, WORKERS_LIMIT + 20, wait_at_gate, &gate);

    gate_await_waiters(&gate, WORKERS_LIMIT);
    ck_assert_uint_eq(worker_count(), WORKERS_LIMIT);
    ck_assert_uint_eq(gate_waiters(&gate), WORKERS_LIMIT);
    gate_open(&gate);
    note_log_await(&log, WORKERS_LIMIT + 20);
    ck_assert_uint_le(worker_count(), WORKERS_LIMIT);
    free(notes);
}
END_TEST

/* The last to end may find the others gone, or not listed yet: a few more than planned may stay. */
START_TEST(blocked_workers_have_a_bound_and_those_to_spare_end)
{
    enum { COUNT = WORKERS_TOTAL + 50 };
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *notes = post_notes(&log, COUNT, block_at_gate, &gate);

    gate_await_waiters(&gate, WORKERS_TOTAL);
    ck_assert_uint_eq(worker_count(), WORKERS_TOTAL);
    ck_assert_uint_eq(gate_waiters(&gate), WORKERS_TOTAL);
    gate_open(&gate);
    note_log_await(&log, COUNT);
    while (worker_count() > 2 * WORKERS_IDLE)
        sched_yield();
    free(notes);
    /* And they come again. */
    gate_close(&gate);
    notes = post_notes(&log, 2 * WORKERS_IDLE, wait_at_gate, &gate);
    gate_await_waiters(&gate, 2 * WORKERS_IDLE);
    gate_open(&gate);
    note_log_await(&log, COUNT + 2 * WORKERS_IDLE);
    free(notes);
}
END_TEST

/* Starvation: every worker waits for a call that could only run on another worker. */
START_TEST(blocked_workers_do_not_count)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *notes = post_notes(&log, 2 * WORKERS_LIMIT, block_at_gate, &gate);
    struct note_log other_log = NOTE_LOG_INITIALIZER;
    struct note *other;

    gate_await_waiters(&gate, 2 * WORKERS_LIMIT);
    other = post_notes(&other_log, 1, NULL, NULL);
    note_log_await(&other_log, 1);
    gate_open(&gate);
    note_log_await(&log, 2 * WORKERS_LIMIT);
    free(notes);
    free(other);
}
END_TEST

static void block_once_all_are_busy(struct note *note)
{
    struct gate *gates = note->context;

    gate_wait(&gates[0]);
    uvcom__blocking_enter();
    gate_wait(&gates[1]);
    uvcom__blocking_leave();
}

START_TEST(a_worker_that_blocks_makes_room_for_what_is_queued)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gates[2] = {GATE_INITIALIZER, GATE_INITIALIZER};
    struct note *notes = post_notes(&log, WORKERS_LIMIT, block_once_all_are_busy, gates);
    struct note_log queued_log = NOTE_LOG_INITIALIZER;
    struct note *queued;

    gate_await_waiters(&gates[0], WORKERS_LIMIT);
    queued = post_notes(&queued_log, 1, NULL, NULL);
    gate_pass(&gates[0], 1);
    note_log_await(&queued_log, 1);
    gate_open(&gates[0]);
    gate_open(&gates[1]);
    note_log_await(&log, WORKERS_LIMIT);
    free(notes);
    free(queued);
}
END_TEST

START_TEST(blocking_on_other_threads_means_nothing)
{
    uvcom__blocking_enter();
    ck_assert_uint_eq(worker_count(), 0);
    uvcom__blocking_leave();
}
END_TEST

/* ---- when threads run out ----------------------------------------------------------------------
 */

START_TEST(without_a_first_worker_ready_says_so)
{
    thread_faults_allow(0);
    ck_assert_hr(uvcom__apartment_ready(pool), E_OUTOFMEMORY);
    ck_assert_uint_eq(worker_count(), 0);
    thread_faults_allow(THREAD_FAULTS_NONE);
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
}
END_TEST

START_TEST(call_17_one_worker_does_all_the_work_in_the_order_of_the_posts)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note *notes;

    thread_faults_allow(1);
    notes = post_notes(&log, 1000, NULL, NULL);
    note_log_await(&log, 1000);
    ck_assert(note_log_is_in_order(&log, 0, 1000));
    ck_assert_uint_eq(worker_count(), 1);
    free(notes);
}
END_TEST

START_TEST(posts_racing_with_a_worker_going_to_sleep_lose_no_wake_up)
{
    bool all_run;

    thread_faults_allow(1);
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    all_run = tick_again_and_again(pool);
    ck_assert(all_run);
}
END_TEST

START_TEST(when_threads_can_be_had_again_the_pool_grows_again)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *first;
    struct note *others;

    thread_faults_allow(1);
    first = post_notes(&log, 1, NULL, NULL);
    note_log_await(&log, 1);
    thread_faults_allow(THREAD_FAULTS_NONE);
    others = post_notes(&log, 4, wait_at_gate, &gate);
    gate_await_waiters(&gate, 4);
    gate_open(&gate);
    note_log_await(&log, 5);
    free(first);
    free(others);
}
END_TEST

START_TEST(a_post_gets_the_thread_that_a_blocked_worker_was_refused)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *blocking;
    struct note *queued[2];

    thread_faults_allow(1);
    blocking = post_notes(&log, 1, block_at_gate, &gate);
    gate_await_waiters(&gate, 1);
    queued[0] = post_notes(&log, 1, NULL, NULL);
    thread_faults_allow(THREAD_FAULTS_NONE);
    queued[1] = post_notes(&log, 1, NULL, NULL);
    note_log_await(&log, 2);
    gate_open(&gate);
    note_log_await(&log, 3);
    free(blocking);
    free(queued[0]);
    free(queued[1]);
}
END_TEST

static void *ask_for_ready(void *arg)
{
    HRESULT *hr = arg;

    *hr = uvcom__apartment_ready(pool);
    return NULL;
}

/* Whoever is told S_OK may rely on a worker, also when another thread's start of it failed. */
START_TEST(ready_asked_by_many_threads_promises_only_what_is_there)
{
    for (int round = 0; round < 50; round++) {
        struct note_log log = NOTE_LOG_INITIALIZER;
        pthread_t threads[3];
        HRESULT hr[3];
        struct note *note;

        for (int i = 0; i < 3; i++)
            pthread_create(&threads[i], NULL, ask_for_ready, &hr[i]);
        thread_faults_allow(0);
        for (int i = 0; i < 3; i++) {
            pthread_join(threads[i], NULL);
            ck_assert(hr[i] == E_OUTOFMEMORY || (hr[i] == S_OK && worker_count() > 0));
        }
        thread_faults_allow(THREAD_FAULTS_NONE);
        note = post_notes(&log, 1, NULL, NULL);
        note_log_await(&log, 1);
        free(note);
        leave();
        enter();
    }
}
END_TEST

/* ---- the end -----------------------------------------------------------------------------------
 */

static void *open_gate(void *arg)
{
    gate_open(arg);
    return NULL;
}

START_TEST(the_last_uninitialize_waits_for_calls_that_run_and_refuses_the_others)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct gate gate = GATE_INITIALIZER;
    struct note *notes;
    pthread_t opener;

    thread_faults_allow(1);
    notes = post_notes(&log, 3, wait_at_gate, &gate);
    gate_await_waiters(&gate, 1);
    thread_faults_allow(THREAD_FAULTS_NONE);
    pthread_create(&opener, NULL, open_gate, &gate);
    CoUninitialize();
    ck_assert_uint_ge(note_log_run(&log), 1);
    ck_assert_uint_eq(note_log_run(&log) + note_log_refused(&log), 3);
    ck_assert_hr(uvcom__apartment_post(pool, &notes[0].item), RPC_E_DISCONNECTED);
    pthread_join(opener, NULL);
    free(notes);
    uvcom__apartment_release(pool);
    enter(); /* for the fixture */
}
END_TEST

struct late_call {
    struct note note;
    struct gate gate;
    HRESULT hr[2]; /* of its post, and of another one after it was refused */
};

static void call_late(struct note *note)
{
    struct late_call *late = note->context;

    late->hr[0] = uvcom__apartment_post(pool, &late->note.item);
    gate_wait(&late->gate);
    while (note_log_refused(late->note.log) == 0)
        sched_yield();
    late->hr[1] = uvcom__apartment_post(pool, &late->note.item);
}

/* Its own call may be what a method waits for, so refusing must not wait for the method. */
START_TEST(the_last_uninitialize_refuses_what_a_running_method_has_queued_and_queues)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct late_call late = {.note = note_make(&log, 2), .gate = GATE_INITIALIZER};
    struct note *note;

    thread_faults_allow(1);
    note = post_notes(&log, 1, call_late, &late);
    gate_await_waiters(&late.gate, 1);
    gate_open(&late.gate);
    CoUninitialize();
    ck_assert_hr(late.hr[0], S_OK);
    ck_assert_hr(late.hr[1], RPC_E_DISCONNECTED);
    ck_assert_uint_eq(note_log_run(&log), 1);
    ck_assert_uint_eq(note_log_refused(&log), 1);
    free(note);
    uvcom__apartment_release(pool);
    thread_faults_allow(THREAD_FAULTS_NONE);
    enter(); /* for the fixture */
}
END_TEST

struct exported {
    struct apartment_export export;
    bool was_in_pool;
};

static void on_disconnect(struct apartment_export *export)
{
    ((struct exported *)export)->was_in_pool = uvcom__apartment_is_here(pool);
}

START_TEST(exports_of_the_multithreaded_apartment_are_disconnected_in_it)
{
    struct exported exported = {.export.disconnect = on_disconnect};
    struct apartment *old = pool;

    ck_assert_hr(uvcom__apartment_attach(pool, &exported.export), S_OK);
    CoUninitialize();
    /* Now the last thread is one of a single-threaded apartment. */
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(uvcom__apartment_multithreaded(&pool), S_OK);
    ck_assert_ptr_ne(pool, old);
    exported = (struct exported){.export.disconnect = on_disconnect};
    ck_assert_hr(uvcom__apartment_attach(pool, &exported.export), S_OK);
    CoUninitialize();
    ck_assert(exported.was_in_pool);
    uvcom__apartment_release(old);
    uvcom__apartment_release(pool);
    enter();
}
END_TEST

static void initialize_on_worker(struct note *note)
{
    HRESULT *hr = note->context;

    hr[0] = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    hr[1] = CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (uvcom__apartment_current() != pool)
        hr[0] = E_UNEXPECTED;
}

START_TEST(a_worker_is_a_thread_of_the_multithreaded_apartment)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    HRESULT hr[2] = {E_FAIL, E_FAIL};
    struct note *note = post_notes(&log, 1, initialize_on_worker, hr);

    note_log_await(&log, 1);
    ck_assert_hr(hr[0], S_FALSE); /* and never undone, which does not keep the process going */
    ck_assert_hr(hr[1], RPC_E_CHANGED_MODE);
    free(note);
}
END_TEST

enum { POSTERS = 3, POSTS = 3000 };

struct poster {
    struct note_log *log;
    struct note notes[POSTS];
    size_t admitted;
};

static void *post_all(void *arg)
{
    struct poster *poster = arg;

    for (int i = 0; i < POSTS; i++) {
        poster->notes[i] = note_make(poster->log, i);
        if (FAILED(uvcom__apartment_post(pool, &poster->notes[i].item)))
            break;
        poster->admitted++;
    }
    return NULL;
}

static void race_posts(bool uninitialize_meanwhile)
{
    static struct poster posters[POSTERS];
    struct note_log log = NOTE_LOG_INITIALIZER;
    pthread_t threads[POSTERS];
    size_t admitted = 0;

    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    for (int i = 0; i < POSTERS; i++) {
        posters[i].log = &log;
        posters[i].admitted = 0;
        pthread_create(&threads[i], NULL, post_all, &posters[i]);
    }
    if (uninitialize_meanwhile)
        CoUninitialize();
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
        admitted += posters[i].admitted;
    }
    if (!uninitialize_meanwhile)
        note_log_await(&log, admitted);
    ck_assert_uint_eq(note_log_run(&log) + note_log_refused(&log), admitted);
}

START_TEST(posts_of_many_threads_are_all_run)
{
    for (int round = 0; round < 5; round++)
        race_posts(false);
}
END_TEST

START_TEST(posts_racing_with_the_end_are_run_or_refused_once)
{
    for (int round = 0; round < 20; round++) {
        race_posts(true);
        uvcom__apartment_release(pool);
        enter();
    }
}
END_TEST

static Suite *workers_suite(void)
{
    Suite *suite = suite_create("workers");
    TCase *growing = tcase_create("growing");
    TCase *running_out = tcase_create("running out");
    TCase *end = tcase_create("end");

    tcase_add_checked_fixture(growing, enter, leave);
    tcase_add_test(growing, nothing_is_started_before_it_is_needed);
    tcase_add_test(growing, calls_one_after_the_other_need_one_worker_and_one_to_spare);
    tcase_add_test(growing, apt_06_calls_into_the_multithreaded_apartment_overlap);
    tcase_set_timeout(growing, 60);
    tcase_add_test(growing, apt_06_idle_workers_are_woken_for_each_of_many_calls);
    tcase_add_test(growing, there_are_no_more_than_the_limit);
    tcase_add_test(growing, blocked_workers_do_not_count);
    tcase_add_test(growing, blocked_workers_have_a_bound_and_those_to_spare_end);
    tcase_add_test(growing, a_worker_that_blocks_makes_room_for_what_is_queued);
    tcase_add_test(growing, blocking_on_other_threads_means_nothing);
    suite_add_tcase(suite, growing);
    tcase_add_checked_fixture(running_out, enter, leave);
    tcase_add_test(running_out, without_a_first_worker_ready_says_so);
    tcase_add_test(running_out, call_17_one_worker_does_all_the_work_in_the_order_of_the_posts);
    tcase_set_timeout(running_out, 60);
    tcase_add_test(running_out, posts_racing_with_a_worker_going_to_sleep_lose_no_wake_up);
    tcase_add_test(running_out, when_threads_can_be_had_again_the_pool_grows_again);
    tcase_add_test(running_out, a_post_gets_the_thread_that_a_blocked_worker_was_refused);
    tcase_add_test(running_out, ready_asked_by_many_threads_promises_only_what_is_there);
    suite_add_tcase(suite, running_out);
    tcase_add_checked_fixture(end, enter, leave);
    tcase_set_timeout(end, 60);
    tcase_add_test(end, the_last_uninitialize_waits_for_calls_that_run_and_refuses_the_others);
    tcase_add_test(end, the_last_uninitialize_refuses_what_a_running_method_has_queued_and_queues);
    tcase_add_test(end, exports_of_the_multithreaded_apartment_are_disconnected_in_it);
    tcase_add_test(end, a_worker_is_a_thread_of_the_multithreaded_apartment);
    tcase_add_test(end, posts_of_many_threads_are_all_run);
    tcase_add_test(end, posts_racing_with_the_end_are_run_or_refused_once);
    suite_add_tcase(suite, end);
    return suite;
}

UVCOM_TEST_MAIN(workers_suite)
