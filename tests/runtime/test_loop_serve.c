/*
 * test_loop_serve.c -- what an adopted loop does: serves calls and completion callbacks, stays
 * alive as long as something is to come, and shares its thread with blocking waits.
 */
#include <pthread.h>

#include <uvcom/combase.h>
#include <uvcom/loop.h>

#include "runtime/apartment.h"
#include "runtime/loop.h"
#include "tests/runtime/adopted_loop.h"
#include "tests/support/assert_hr.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"

/* ---- serving -----------------------------------------------------------------------------------
 */

enum { POSTS = 1000 };

struct poster {
    struct apartment *apartment;
    struct note notes[POSTS];
};

static void *post_all(void *arg)
{
    struct poster *poster = arg;

    for (int i = 0; i < POSTS; i++)
        uvcom__apartment_post(poster->apartment, &poster->notes[i].item);
    return NULL;
}

static void drop_hold(struct note *note)
{
    uvcom__loop_drop(note->context);
}

START_TEST(call_17_the_loop_runs_what_other_threads_post_in_their_order)
{
    static struct poster poster;
    struct note_log log = NOTE_LOG_INITIALIZER;
    pthread_t thread;

    poster.apartment = uvcom__apartment_current();
    for (int i = 0; i < POSTS; i++)
        poster.notes[i] = note_make(&log, i);
    uvcom__loop_hold(uvcom__apartment_of_loop());
    poster.notes[POSTS - 1].act = drop_hold;
    poster.notes[POSTS - 1].context = uvcom__apartment_of_loop();
    pthread_create(&thread, NULL, post_all, &poster);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    pthread_join(thread, NULL);
    ck_assert(note_log_is_in_order(&log, 0, POSTS));
    ck_assert(pthread_equal(log.thread, pthread_self()));
}
END_TEST

START_TEST(one_turn_of_the_loop_delivers_many_callbacks)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[100];

    for (int i = 0; i < 100; i++) {
        notes[i] = note_make_callback(&log, i);
        post_callback(&notes[i]);
    }
    turn();
    ck_assert(note_log_is_in_order(&log, 0, 100));
}
END_TEST

static void post_itself(struct note *note)
{
    uvcom__apartment_post(note->context, &note->item);
}

/* That it comes at all is the turn; on a slow machine it comes often before there was much work. */
static void end_the_endless(uv_timer_t *timer)
{
    struct note *endless = timer->data;

    if (note_log_run(endless[0].log) <= 2 * LOOP_BATCH)
        return;
    endless[0].act = NULL;
    endless[1].act = NULL;
    uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(work_without_end_leaves_the_loops_other_handles_their_turn)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note endless[2] = {note_make(&log, 1), note_make_callback(&log, 2)};
    uv_timer_t timer;

    endless[0].act = post_itself;
    endless[0].context = uvcom__apartment_current();
    endless[1].act = post_itself;
    endless[1].context = uvcom__apartment_of_loop();
    post(&endless[0]);
    post_callback(&endless[1]);
    uv_timer_init(&loop, &timer);
    timer.data = endless;
    uv_timer_start(&timer, end_the_endless, 3, 3);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_uint_gt(note_log_run(&log), 2 * LOOP_BATCH);
    turn();
}
END_TEST

START_TEST(a_loop_that_was_posted_to_before_it_was_adopted_serves_that_too)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    post(&note);
    adopt();
    turn();
    ck_assert_uint_eq(note_log_run(&log), 1);
    CoUninitialize();
    give_back();
}
END_TEST

START_TEST(on_a_multithreaded_thread_the_loop_delivers_callbacks_only)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note call = note_make(&log, 1);
    struct note callback = note_make_callback(&log, 2);

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    adopt();
    ck_assert_hr(uvcom__apartment_ready(uvcom__apartment_current()), S_OK);
    post(&call);
    note_log_await(&log, 1);
    ck_assert(!pthread_equal(log.thread, pthread_self()));
    post_callback(&callback);
    turn();
    ck_assert_uint_eq(note_log_run(&log), 2);
    ck_assert(pthread_equal(log.thread, pthread_self()));
    CoUninitialize(); /* the loop keeps the thread */
    give_back();
}
END_TEST

/* ---- staying alive -----------------------------------------------------------------------------
 */

START_TEST(an_idle_adopted_loop_does_not_keep_uv_run)
{
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
}
END_TEST

START_TEST(a_hold_keeps_uv_run_until_it_is_dropped)
{
    struct apartment *apartment = uvcom__apartment_of_loop();

    uvcom__loop_hold(apartment);
    uvcom__loop_hold(apartment);
    ck_assert_int_ne(uv_run(&loop, UV_RUN_NOWAIT), 0);
    uvcom__loop_drop(apartment);
    ck_assert_int_ne(uv_run(&loop, UV_RUN_NOWAIT), 0);
    uvcom__loop_drop(apartment);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
}
END_TEST

static void never_called(struct apartment_export *export)
{
    (void)export;
    ck_abort_msg("disconnected");
}

struct detaching {
    struct apartment *apartment;
    struct apartment_export export;
};

static void *detach(void *arg)
{
    struct detaching *detaching = arg;

    uvcom__apartment_detach(detaching->apartment, &detaching->export);
    return NULL;
}

START_TEST(an_export_keeps_uv_run_until_any_thread_detaches_it)
{
    for (int round = 0; round < 100; round++) {
        struct detaching detaching = {.export.disconnect = never_called};
        pthread_t thread;

        detaching.apartment = uvcom__apartment_current();
        ck_assert_hr(uvcom__apartment_attach(detaching.apartment, &detaching.export), S_OK);
        ck_assert_int_ne(uv_run(&loop, UV_RUN_NOWAIT), 0);
        pthread_create(&thread, NULL, detach, &detaching);
        ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
        pthread_join(thread, NULL);
    }
}
END_TEST

START_TEST(an_export_from_before_the_adoption_keeps_uv_run)
{
    struct apartment_export export = {.disconnect = never_called};

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(uvcom__apartment_attach(uvcom__apartment_current(), &export), S_OK);
    adopt();
    ck_assert_int_ne(uv_run(&loop, UV_RUN_NOWAIT), 0);
    ck_assert(uvcom__apartment_detach(uvcom__apartment_current(), &export));
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    CoUninitialize();
    give_back();
}
END_TEST

/* ---- waiting on a loop's thread ----------------------------------------------------------------
 */

struct goal {
    struct note_log *log;
    size_t run;
};

static bool is_reached(void *arg)
{
    const struct goal *goal = arg;

    return note_log_run(goal->log) >= goal->run;
}

static HRESULT wait_for(struct note_log *log, size_t run, uint64_t deadline_ns)
{
    struct goal goal = {.log = log, .run = run};

    return uvcom__apartment_wait(uvcom__apartment_current(), is_reached, &goal, deadline_ns);
}

START_TEST(apt_04_a_poll_leaves_everything_to_the_loop)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);

    post(&note);
    ck_assert_hr(wait_for(&log, 1, 0), RPC_E_TIMEOUT);
    ck_assert_uint_eq(note_log_run(&log), 0);
    turn();
    ck_assert_hr(wait_for(&log, 1, 0), S_OK);
}
END_TEST

START_TEST(apt_04_a_wait_serves_calls_and_leaves_callbacks_to_the_loop_in_order)
{
    struct note_log calls = NOTE_LOG_INITIALIZER;
    struct note_log callbacks = NOTE_LOG_INITIALIZER;
    struct note notes[10];
    struct note callback_notes[10];

    for (int i = 0; i < 10; i++) {
        callback_notes[i] = note_make_callback(&callbacks, i);
        notes[i] = note_make(&calls, i);
        post_callback(&callback_notes[i]);
        post(&notes[i]);
    }
    ck_assert_hr(wait_for(&calls, 10, UVCOM__FOREVER), S_OK);
    ck_assert(note_log_is_in_order(&calls, 0, 10));
    ck_assert_uint_eq(note_log_run(&callbacks), 0);
    turn();
    ck_assert(note_log_is_in_order(&callbacks, 0, 10));
}
END_TEST

static void post_another(struct note *note)
{
    post(note->context);
}

/* Posted while the thread attends to its inbox: nobody has told the loop, so the wait must. */
START_TEST(what_is_still_queued_when_a_wait_ends_is_run_by_the_loop)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note second = note_make(&log, 2);
    struct note first = note_make(&log, 1);

    first.act = post_another;
    first.context = &second;
    turn(); /* what adopting has sent */
    post(&first);
    ck_assert_hr(wait_for(&log, 1, UVCOM__FOREVER), S_OK);
    turn();
    ck_assert(note_log_is_in_order(&log, 1, 2));
}
END_TEST

static void ring(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
    uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(apt_02_a_timer_of_the_loop_does_not_fire_inside_a_wait)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    bool has_fired = false;
    uv_timer_t timer;

    uv_timer_init(&loop, &timer);
    timer.data = &has_fired;
    uv_timer_start(&timer, ring, 0, 0);
    post(&note);
    ck_assert_hr(wait_for(&log, 2, uvcom__deadline_ns(10)), RPC_E_TIMEOUT);
    ck_assert_uint_eq(note_log_run(&log), 1);
    ck_assert(!has_fired);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(has_fired);
}
END_TEST

/* ---- races -------------------------------------------------------------------------------------
 */

struct racer {
    struct apartment *calls; /* one reference each */
    struct apartment *deliveries;
    struct note_log *log;
    struct note notes[POSTS];
    size_t admitted;
};

static void *post_to_both(void *arg)
{
    struct racer *racer = arg;

    for (int i = 0; i < POSTS; i++) {
        struct apartment *to = i % 2 ? racer->calls : racer->deliveries;

        racer->notes[i] = i % 2 ? note_make(racer->log, i) : note_make_callback(racer->log, i);
        racer->admitted += uvcom__apartment_post(to, &racer->notes[i].item) == S_OK;
    }
    uvcom__apartment_release(racer->calls);
    uvcom__apartment_release(racer->deliveries);
    return NULL;
}

static void race_with_release(size_t run_before_release)
{
    static struct racer racer;
    struct note_log log = NOTE_LOG_INITIALIZER;
    pthread_t thread;

    adopt();
    racer = (struct racer){.calls = uvcom__apartment_current(), .log = &log};
    racer.deliveries = uvcom__apartment_of_loop();
    uvcom__apartment_add_ref(racer.calls);
    uvcom__apartment_add_ref(racer.deliveries);
    uvcom__loop_hold(racer.deliveries);
    pthread_create(&thread, NULL, post_to_both, &racer);
    while (note_log_run(&log) < run_before_release)
        uv_run(&loop, UV_RUN_ONCE);
    give_back();
    pthread_join(thread, NULL);
    ck_assert_uint_eq(note_log_run(&log) + note_log_refused(&log), racer.admitted);
}

START_TEST(posts_racing_with_the_release_are_run_or_refused_once)
{
    for (size_t round = 0; round < 100; round++)
        race_with_release(round * (POSTS - 1) / 100);
}
END_TEST

/* Waits and the loop in turn, while another thread posts: whichever sleeps, the post must wake. */
START_TEST(posts_racing_with_waits_and_the_loop_lose_no_wake_up)
{
    for (int round = 0; round < 20; round++) {
        static struct poster poster;
        struct note_log log = NOTE_LOG_INITIALIZER;
        pthread_t thread;

        poster.apartment = uvcom__apartment_current();
        for (int i = 0; i < POSTS; i++)
            poster.notes[i] = note_make(&log, i);
        uvcom__loop_hold(uvcom__apartment_of_loop());
        pthread_create(&thread, NULL, post_all, &poster);
        while (note_log_run(&log) < POSTS) {
            wait_for(&log, note_log_run(&log) + 1, UVCOM__FOREVER);
            if (note_log_run(&log) < POSTS)
                uv_run(&loop, UV_RUN_ONCE);
        }
        pthread_join(thread, NULL);
        ck_assert(note_log_is_in_order(&log, 0, POSTS));
        uvcom__loop_drop(uvcom__apartment_of_loop());
    }
}
END_TEST

static TCase *serving_case(void)
{
    TCase *serving = tcase_create("serving");

    tcase_add_checked_fixture(serving, adopt, give_back);
    tcase_add_test(serving, call_17_the_loop_runs_what_other_threads_post_in_their_order);
    tcase_add_test(serving, one_turn_of_the_loop_delivers_many_callbacks);
    tcase_add_test(serving, work_without_end_leaves_the_loops_other_handles_their_turn);
    tcase_add_test(serving, an_idle_adopted_loop_does_not_keep_uv_run);
    tcase_add_test(serving, a_hold_keeps_uv_run_until_it_is_dropped);
    tcase_add_test(serving, an_export_keeps_uv_run_until_any_thread_detaches_it);
    return serving;
}

static TCase *waiting_case(void)
{
    TCase *waiting = tcase_create("waiting");

    tcase_add_checked_fixture(waiting, adopt, give_back);
    tcase_add_test(waiting, apt_04_a_poll_leaves_everything_to_the_loop);
    tcase_add_test(waiting, apt_04_a_wait_serves_calls_and_leaves_callbacks_to_the_loop_in_order);
    tcase_add_test(waiting, what_is_still_queued_when_a_wait_ends_is_run_by_the_loop);
    tcase_add_test(waiting, apt_02_a_timer_of_the_loop_does_not_fire_inside_a_wait);
    tcase_set_timeout(waiting, 60);
    tcase_add_test(waiting, posts_racing_with_waits_and_the_loop_lose_no_wake_up);
    return waiting;
}

static Suite *loop_serve_suite(void)
{
    Suite *suite = suite_create("loop_serve");
    TCase *alone = tcase_create("alone");

    suite_add_tcase(suite, serving_case());
    suite_add_tcase(suite, waiting_case());
    tcase_add_test(alone, a_loop_that_was_posted_to_before_it_was_adopted_serves_that_too);
    tcase_add_test(alone, on_a_multithreaded_thread_the_loop_delivers_callbacks_only);
    tcase_add_test(alone, an_export_from_before_the_adoption_keeps_uv_run);
    tcase_set_timeout(alone, 60);
    tcase_add_test(alone, posts_racing_with_the_release_are_run_or_refused_once);
    suite_add_tcase(suite, alone);
    return suite;
}

UVCOM_TEST_MAIN(loop_serve_suite)
