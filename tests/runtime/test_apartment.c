/*
 * test_apartment.c -- single-threaded apartments: waiting and serving, closing, exports.
 *
 * Those on threads of the runtime's are in test_apartment_start.c, invoke is in test_invoke.c,
 * loops are in test_loop.c, the multithreaded apartment in test_workers.c.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "runtime/apartment_layout.h"
#include "tests/support/assert_hr.h"
#include "tests/support/gate.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/sta_thread.h"
#include "tests/support/tick.h"

static void enter(void)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

static void leave(void)
{
    CoUninitialize();
    ck_assert_ptr_null(uvcom__apartment_current());
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* How many of a log's notes a wait is for. */
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

/* ---- waiting -----------------------------------------------------------------------------------
 */

START_TEST(con_09_a_wait_for_what_is_done_dispatches_nothing)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);

    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    ck_assert_hr(uvcom__apartment_wait(uvcom__apartment_current(), always, NULL, UVCOM__FOREVER),
                 S_OK);
    ck_assert_uint_eq(note_log_run(&log), 0);
    ck_assert_hr(uvcom__apartment_wait(uvcom__apartment_current(), always, NULL, 0), S_OK);
    ck_assert_uint_eq(note_log_run(&log), 0);
    ck_assert_hr(wait_for(&log, 1, UVCOM__FOREVER), S_OK);
}
END_TEST

START_TEST(call_17_a_wait_serves_in_the_order_of_the_posts)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[20];

    for (int i = 0; i < 20; i++) {
        notes[i] = note_make(&log, i);
        ck_assert_hr(uvcom__apartment_post(uvcom__apartment_current(), &notes[i].item), S_OK);
    }
    /* It stops as soon as it is done, and goes on from there. */
    ck_assert_hr(wait_for(&log, 7, UVCOM__FOREVER), S_OK);
    ck_assert(note_log_is_in_order(&log, 0, 7));
    ck_assert_hr(wait_for(&log, 20, UVCOM__FOREVER), S_OK);
    ck_assert(note_log_is_in_order(&log, 0, 20));
}
END_TEST

START_TEST(a_wait_ends_at_its_deadline)
{
    const uint64_t before = uvcom__now_ns();

    ck_assert_hr(
        uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, uvcom__deadline_ns(20)),
        RPC_E_TIMEOUT);
    ck_assert_uint_ge(uvcom__now_ns() - before, 20000000);
}
END_TEST

static void post_again(struct note *note)
{
    uvcom__apartment_post(uvcom__apartment_current(), &note->item);
}

START_TEST(calls_without_end_do_not_keep_a_wait_from_its_deadline)
{
    static struct note_log log = NOTE_LOG_INITIALIZER; /* the note is still queued afterwards */
    static struct note note;

    note = note_make(&log, 1);
    note.act = post_again;
    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    ck_assert_hr(
        uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, uvcom__deadline_ns(5)),
        RPC_E_TIMEOUT);
    ck_assert_uint_gt(note_log_run(&log), 0);
}
END_TEST

START_TEST(a_poll_without_a_loop_serves_what_is_queued_once)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[3];

    for (int i = 0; i < 3; i++) {
        notes[i] = note_make(&log, i);
        uvcom__apartment_post(uvcom__apartment_current(), &notes[i].item);
    }
    notes[1].act = post_again;
    ck_assert_hr(uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, 0), RPC_E_TIMEOUT);
    ck_assert(note_log_is_in_order(&log, 0, 3));
    notes[1].act = NULL;
    ck_assert_hr(wait_for(&log, 4, uvcom__now_ns()), S_OK);
}
END_TEST

static void wait_inside(struct note *note)
{
    struct note_log *inner = note->context;

    wait_for(inner, 1, UVCOM__FOREVER);
}

START_TEST(apt_05_a_served_call_that_waits_has_the_next_one_run_inside_it)
{
    struct note_log outer = NOTE_LOG_INITIALIZER;
    struct note_log inner = NOTE_LOG_INITIALIZER;
    struct note waiting = note_make(&outer, 1);
    struct note next = note_make(&inner, 2);

    waiting.act = wait_inside;
    waiting.context = &inner;
    uvcom__apartment_post(uvcom__apartment_current(), &waiting.item);
    uvcom__apartment_post(uvcom__apartment_current(), &next.item);
    ck_assert_hr(wait_for(&outer, 1, UVCOM__FOREVER), S_OK);
    ck_assert_uint_eq(note_log_run(&inner), 1);
}
END_TEST

enum { QUEUED = 20000 };

struct nesting {
    struct apartment *other;
    unsigned depth;
    unsigned deepest;
    struct note notes[QUEUED];
};

static HRESULT do_nothing(void *arg)
{
    (void)arg;
    return S_OK;
}

/* A method that calls out; at the limit its wait leaves the queue alone, also when it only polls.
 */
static void call_out(struct note *note)
{
    struct nesting *nesting = note->context;
    const size_t run = note_log_run(note->log);

    if (++nesting->depth > nesting->deepest)
        nesting->deepest = nesting->depth;
    uvcom__apartment_invoke(nesting->other, do_nothing, NULL);
    if (nesting->depth == SERVING_DEPTH) {
        uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, 0);
        ck_assert_uint_eq(note_log_run(note->log), run);
    }
    nesting->depth--;
}

START_TEST(apt_05_calls_nest_to_a_limit_however_many_are_queued)
{
    struct nesting *nesting = calloc(1, sizeof *nesting);
    struct note_log log = NOTE_LOG_INITIALIZER;

    ck_assert_hr(uvcom__apartment_multithreaded(&nesting->other), S_OK);
    for (int i = 0; i < QUEUED; i++) {
        nesting->notes[i] = note_make(&log, i);
        nesting->notes[i].act = call_out;
        nesting->notes[i].context = nesting;
        uvcom__apartment_post(uvcom__apartment_current(), &nesting->notes[i].item);
    }
    ck_assert_hr(wait_for(&log, QUEUED, UVCOM__FOREVER), S_OK);
    ck_assert_uint_eq(nesting->deepest, SERVING_DEPTH);
    ck_assert_uint_eq(nesting->depth, 0);
    uvcom__apartment_release(nesting->other);
    free(nesting);
}
END_TEST

/* The outer wait's event comes, with its wake, while an inner wait runs: the inner takes the ring.
 */
static void finish_outer_inside(struct note *note)
{
    atomic_bool *outer_is_done = note->context;

    atomic_store(outer_is_done, true);
    uvcom__apartment_wake(uvcom__apartment_current());
    uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, uvcom__deadline_ns(1));
}

static bool is_set(void *arg)
{
    return atomic_load((atomic_bool *)arg);
}

START_TEST(an_inner_wait_does_not_swallow_the_outer_ones_wake)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    atomic_bool outer_is_done = false;

    note.act = finish_outer_inside;
    note.context = &outer_is_done;
    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    ck_assert_hr(
        uvcom__apartment_wait(uvcom__apartment_current(), is_set, &outer_is_done, UVCOM__FOREVER),
        S_OK);
}
END_TEST

START_TEST(posts_racing_with_going_to_sleep_lose_no_wake_up)
{
    struct sta_thread other;
    bool all_run;

    sta_thread_start(&other);
    all_run = tick_again_and_again(other.apartment);
    ck_assert(all_run);
    sta_thread_stop(&other);
}
END_TEST

/* ---- closing -----------------------------------------------------------------------------------
 */

START_TEST(closing_refuses_what_is_queued_and_every_later_post)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note queued[2] = {note_make(&log, 1), note_make(&log, 2)};
    struct note late = note_make(&log, 3);
    struct apartment *apartment;

    enter();
    apartment = uvcom__apartment_current();
    uvcom__apartment_add_ref(apartment);
    uvcom__apartment_post(apartment, &queued[0].item);
    uvcom__apartment_post(apartment, &queued[1].item);
    leave();
    ck_assert_uint_eq(note_log_refused(&log), 2);
    ck_assert(pthread_equal(log.thread, pthread_self()));
    ck_assert_hr(uvcom__apartment_post(apartment, &late.item), RPC_E_DISCONNECTED);
    ck_assert_uint_eq(note_log_refused(&log), 2);
    uvcom__apartment_wake(apartment); /* harmless */
    ck_assert(!uvcom__apartment_is_here(apartment));
    uvcom__apartment_release(apartment);
}
END_TEST

struct exported {
    struct apartment_export export;
    int disconnected;
    struct exported *also_detach; /* while disconnecting; NULL: none */
    bool detached;
};

static void on_disconnect(struct apartment_export *export)
{
    struct exported *exported = (struct exported *)export;

    exported->disconnected++;
    if (exported->also_detach)
        exported->detached =
            uvcom__apartment_detach(uvcom__apartment_current(), &exported->also_detach->export);
}

START_TEST(closing_disconnects_each_export_that_is_attached)
{
    struct exported exports[4] = {0};
    struct apartment *apartment;

    enter();
    apartment = uvcom__apartment_current();
    uvcom__apartment_add_ref(apartment);
    for (int i = 0; i < 4; i++) {
        exports[i].export.disconnect = on_disconnect;
        ck_assert_hr(uvcom__apartment_attach(apartment, &exports[i].export), S_OK);
    }
    ck_assert(uvcom__apartment_detach(apartment, &exports[1].export));
    ck_assert(!uvcom__apartment_detach(apartment, &exports[1].export));
    exports[0].also_detach = &exports[2];
    leave();
    ck_assert_int_eq(exports[0].disconnected, 1);
    ck_assert(exports[0].detached);
    ck_assert_int_eq(exports[1].disconnected, 0);
    ck_assert_int_eq(exports[2].disconnected, 0);
    ck_assert_int_eq(exports[3].disconnected, 1);
    ck_assert(!uvcom__apartment_detach(apartment, &exports[3].export));
    ck_assert_hr(uvcom__apartment_attach(apartment, &exports[1].export), RPC_E_DISCONNECTED);
    uvcom__apartment_release(apartment);
}
END_TEST

struct detaching {
    struct apartment *apartment;
    struct exported exports[64];
    int detached;
};

static void *detach_all(void *arg)
{
    struct detaching *detaching = arg;

    for (int i = 63; i >= 0; i--)
        detaching->detached +=
            uvcom__apartment_detach(detaching->apartment, &detaching->exports[i].export);
    return NULL;
}

START_TEST(detach_racing_with_close_gives_each_export_to_one_of_them)
{
    for (int round = 0; round < 100; round++) {
        struct detaching detaching = {0};
        pthread_t thread;
        int disconnected = 0;

        enter();
        detaching.apartment = uvcom__apartment_current();
        uvcom__apartment_add_ref(detaching.apartment);
        for (int i = 0; i < 64; i++) {
            detaching.exports[i].export.disconnect = on_disconnect;
            uvcom__apartment_attach(detaching.apartment, &detaching.exports[i].export);
        }
        pthread_create(&thread, NULL, detach_all, &detaching);
        leave();
        pthread_join(thread, NULL);
        for (int i = 0; i < 64; i++)
            disconnected += detaching.exports[i].disconnected;
        ck_assert_int_eq(disconnected + detaching.detached, 64);
        uvcom__apartment_release(detaching.apartment);
    }
}
END_TEST

static TCase *waiting_case(void)
{
    TCase *waiting = tcase_create("waiting");

    tcase_add_checked_fixture(waiting, enter, leave);
    tcase_set_timeout(waiting, 60);
    tcase_add_test(waiting, con_09_a_wait_for_what_is_done_dispatches_nothing);
    tcase_add_test(waiting, call_17_a_wait_serves_in_the_order_of_the_posts);
    tcase_add_test(waiting, a_wait_ends_at_its_deadline);
    tcase_add_test(waiting, calls_without_end_do_not_keep_a_wait_from_its_deadline);
    tcase_add_test(waiting, a_poll_without_a_loop_serves_what_is_queued_once);
    tcase_add_test(waiting, apt_05_a_served_call_that_waits_has_the_next_one_run_inside_it);
    tcase_add_test(waiting, apt_05_calls_nest_to_a_limit_however_many_are_queued);
    tcase_add_test(waiting, an_inner_wait_does_not_swallow_the_outer_ones_wake);
    tcase_add_test(waiting, posts_racing_with_going_to_sleep_lose_no_wake_up);
    return waiting;
}

static Suite *apartment_suite(void)
{
    Suite *suite = suite_create("apartment");
    TCase *closing = tcase_create("closing");

    suite_add_tcase(suite, waiting_case());
    tcase_set_timeout(closing, 60);
    tcase_add_test(closing, closing_refuses_what_is_queued_and_every_later_post);
    tcase_add_test(closing, closing_disconnects_each_export_that_is_attached);
    tcase_add_test(closing, detach_racing_with_close_gives_each_export_to_one_of_them);
    suite_add_tcase(suite, closing);
    return suite;
}

UVCOM_TEST_MAIN(apartment_suite)
