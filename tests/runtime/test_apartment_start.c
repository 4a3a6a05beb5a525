/*
 * test_apartment_start.c -- apartments on threads that the runtime starts, and stops at the latest
 * with the last CoUninitialize.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/thread_faults.h"
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

struct exported {
    struct apartment_export export;
    int disconnected;
};

static void on_disconnect(struct apartment_export *export)
{
    ((struct exported *)export)->disconnected++;
}

/* ---- running and stopping's ------------------------------------------------------------------
 */

START_TEST(a_started_apartment_runs_on_a_thread_of_its_own)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[50];
    struct apartment *apartment;

    ck_assert_hr(uvcom__apartment_start(&apartment), S_OK);
    ck_assert(!uvcom__apartment_is_here(apartment));
    ck_assert(!uvcom__apartment_is_multithreaded(apartment));
    ck_assert_hr(uvcom__apartment_ready(apartment), S_OK);
    for (int i = 0; i < 50; i++) {
        notes[i] = note_make(&log, i);
        uvcom__apartment_post(apartment, &notes[i].item);
    }
    note_log_await(&log, 50);
    ck_assert(note_log_is_in_order(&log, 0, 50));
    ck_assert(!pthread_equal(log.thread, pthread_self()));
    uvcom__apartment_stop(apartment);
    uvcom__apartment_stop(apartment);
    ck_assert_hr(uvcom__apartment_post(apartment, &notes[0].item), RPC_E_DISCONNECTED);
    uvcom__apartment_release(apartment);
}
END_TEST

START_TEST(posts_racing_with_the_loop_going_to_sleep_lose_no_wake_up)
{
    struct apartment *apartment;
    bool all_run;

    ck_assert_hr(uvcom__apartment_start(&apartment), S_OK);
    all_run = tick_again_and_again(apartment);
    ck_assert(all_run);
    uvcom__apartment_stop(apartment);
    uvcom__apartment_release(apartment);
}
END_TEST

static void stop_here(struct note *note)
{
    uvcom__apartment_stop(uvcom__apartment_current());
    if (note->context)
        uvcom__apartment_post(uvcom__apartment_current(), note->context);
}

START_TEST(an_apartment_that_stops_itself_ends_after_the_call)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note stopping = note_make(&log, 1);
    struct note behind = note_make(&log, 2);
    struct apartment *apartment;

    stopping.act = stop_here;
    stopping.context = &behind.item;
    ck_assert_hr(uvcom__apartment_start(&apartment), S_OK);
    uvcom__apartment_post(apartment, &stopping.item);
    note_log_await(&log, 1);
    uvcom__apartment_stop(apartment);
    ck_assert_uint_eq(note_log_run(&log), 1);
    ck_assert_uint_eq(note_log_refused(&log), 1);
    uvcom__apartment_release(apartment);
}
END_TEST

START_TEST(the_last_uninitialize_stops_started_apartments)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct exported exported = {.export.disconnect = on_disconnect};
    struct note late = note_make(&log, 1);
    struct apartment *apartments[2];

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom__apartment_start(&apartments[0]), S_OK);
    ck_assert_hr(uvcom__apartment_start(&apartments[1]), S_OK);
    ck_assert_hr(uvcom__apartment_attach(apartments[1], &exported.export), S_OK);
    leave();
    ck_assert_int_eq(exported.disconnected, 1);
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(uvcom__apartment_post(apartments[i], &late.item), RPC_E_DISCONNECTED);
        uvcom__apartment_release(apartments[i]);
    }
}
END_TEST

struct starting_at_the_end {
    struct apartment_export export;
    struct apartment *started;
    HRESULT hr;
};

static void start_another(struct apartment_export *export)
{
    struct starting_at_the_end *starting = (struct starting_at_the_end *)export;

    starting->hr = uvcom__apartment_start(&starting->started);
}

/* Nobody would stop it. */
START_TEST(none_is_started_by_an_object_that_ends_with_the_last_uninitialize)
{
    struct starting_at_the_end starting = {.export.disconnect = start_another, .hr = E_FAIL};

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom__apartment_attach(uvcom__apartment_current(), &starting.export), S_OK);
    leave();
    ck_assert_hr(starting.hr, CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(starting.started);
}
END_TEST

START_TEST(starting_needs_an_apartment)
{
    struct apartment *apartment = (struct apartment *)&apartment;

    ck_assert_hr(uvcom__apartment_start(&apartment), CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(apartment);
}
END_TEST

START_TEST(out_of_memory_leaves_nothing_of_a_started_apartment)
{
    struct apartment *apartment;
    HRESULT hr = E_FAIL;

    for (size_t n = 1; hr != S_OK; n++) {
        faults_fail_at(n);
        hr = uvcom__apartment_start(&apartment);
        ck_assert_hr(hr, faults_hit() ? E_OUTOFMEMORY : S_OK);
        if (SUCCEEDED(hr)) {
            ck_assert_uint_ge(faults_seen(), 3);
            uvcom__apartment_stop(apartment);
            uvcom__apartment_release(apartment);
        } else {
            ck_assert_ptr_null(apartment);
        }
        ck_assert_uint_eq(faults_live(), 0);
    }
    faults_reset();
}
END_TEST

START_TEST(without_a_thread_nothing_is_left_of_a_started_apartment)
{
    struct apartment *apartment;

    faults_reset();
    thread_faults_allow(0);
    ck_assert_hr(uvcom__apartment_start(&apartment), RPC_E_OUT_OF_RESOURCES);
    ck_assert_ptr_null(apartment);
    thread_faults_allow(THREAD_FAULTS_NONE);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

/* libuv would end the process: whatever number is left, there must be a code instead. */
START_TEST(without_descriptors_starting_fails_and_leaves_nothing)
{
    struct rlimit limit;
    struct rlimit lowered;
    struct apartment *apartment;
    HRESULT hr = E_FAIL;
    int lowest;

    faults_reset();
    getrlimit(RLIMIT_NOFILE, &limit);
    lowered = limit;
    lowest = fcntl(0, F_DUPFD, 0);
    close(lowest);
    for (int left = 0; hr != S_OK; left++) {
        lowered.rlim_cur = (rlim_t)(lowest + left);
        setrlimit(RLIMIT_NOFILE, &lowered);
        hr = uvcom__apartment_start(&apartment);
        if (hr != S_OK)
            ck_assert_hr(hr, RPC_E_OUT_OF_RESOURCES);
    }
    setrlimit(RLIMIT_NOFILE, &limit);
    uvcom__apartment_stop(apartment);
    uvcom__apartment_release(apartment);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

/* ---- posts racing with the end -----------------------------------------------------------------
 */

enum { POSTERS = 2, POSTS = 300, STOPS = 100 };

struct poster {
    struct apartment *apartment;
    struct note_log *log;
    struct note notes[POSTS];
    size_t admitted;
};

static void *post_until_refused(void *arg)
{
    struct poster *poster = arg;

    for (int i = 0; i < POSTS; i++) {
        poster->notes[i] = note_make(poster->log, i);
        if (FAILED(uvcom__apartment_post(poster->apartment, &poster->notes[i].item)))
            break;
        poster->admitted++;
    }
    return NULL;
}

static void race_with_stop(size_t served_before_stop)
{
    static struct poster posters[POSTERS];
    struct note_log log = NOTE_LOG_INITIALIZER;
    pthread_t threads[POSTERS];
    struct apartment *apartment;
    size_t admitted = 0;

    ck_assert_hr(uvcom__apartment_start(&apartment), S_OK);
    for (int i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){.apartment = apartment, .log = &log};
        pthread_create(&threads[i], NULL, post_until_refused, &posters[i]);
    }
    note_log_await(&log, served_before_stop);
    uvcom__apartment_stop(apartment);
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
        admitted += posters[i].admitted;
    }
    ck_assert_uint_eq(note_log_run(&log) + note_log_refused(&log), admitted);
    uvcom__apartment_release(apartment);
}

START_TEST(posts_racing_with_stop_are_run_or_refused_once)
{
    for (size_t i = 0; i < STOPS; i++)
        race_with_stop(i * 3);
}
END_TEST

static Suite *apartment_start_suite(void)
{
    Suite *suite = suite_create("apartment_start");
    TCase *started = tcase_create("started");
    TCase *ends = tcase_create("ends");

    tcase_add_checked_fixture(started, enter, leave);
    tcase_add_test(started, a_started_apartment_runs_on_a_thread_of_its_own);
    tcase_add_test(started, an_apartment_that_stops_itself_ends_after_the_call);
    tcase_add_test(started, out_of_memory_leaves_nothing_of_a_started_apartment);
    tcase_add_test(started, without_a_thread_nothing_is_left_of_a_started_apartment);
    tcase_add_test(started, without_descriptors_starting_fails_and_leaves_nothing);
    tcase_set_timeout(started, 60);
    tcase_add_test(started, posts_racing_with_the_loop_going_to_sleep_lose_no_wake_up);
    tcase_add_test(started, posts_racing_with_stop_are_run_or_refused_once);
    suite_add_tcase(suite, started);
    tcase_add_test(ends, the_last_uninitialize_stops_started_apartments);
    tcase_add_test(ends, none_is_started_by_an_object_that_ends_with_the_last_uninitialize);
    tcase_add_test(ends, starting_needs_an_apartment);
    suite_add_tcase(suite, ends);
    return suite;
}

UVCOM_TEST_MAIN(apartment_start_suite)
