/*
 * test_loop.c -- loops of the application's: adopted and given back, also when something is
 * missing.
 *
 * What an adopted loop then does is in test_loop_serve.c.
 */
#include <pthread.h>
#include <sys/resource.h>

#include <uvcom/combase.h>
#include <uvcom/loop.h>

#include "runtime/apartment.h"
#include "tests/runtime/adopted_loop.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"

/* ---- adopting and giving back ------------------------------------------------------------------
 */

START_TEST(adopting_initialises_the_thread_until_the_release)
{
    ck_assert_ptr_nonnull(uvcom__apartment_current());
    ck_assert(!uvcom__apartment_is_multithreaded(uvcom__apartment_current()));
    ck_assert_ptr_nonnull(uvcom__apartment_of_loop());
    ck_assert_ptr_ne(uvcom__apartment_of_loop(), uvcom__apartment_current());
    CoUninitialize(); /* nothing of its own to undo */
    ck_assert_ptr_nonnull(uvcom__apartment_current());
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_FALSE);
    CoUninitialize();
}
END_TEST

START_TEST(an_initialised_thread_keeps_its_apartment_when_the_loop_is_given_back)
{
    const DWORD kinds[] = {COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED};

    for (int i = 0; i < 2; i++) {
        struct apartment *apartment;

        CoInitializeEx(NULL, kinds[i]);
        apartment = uvcom__apartment_current();
        adopt();
        ck_assert_ptr_eq(uvcom__apartment_current(), apartment);
        ck_assert_ptr_nonnull(uvcom__apartment_of_loop());
        ck_assert_hr(uvcom_loop_release(adopted), S_OK);
        ck_assert_int_eq(uv_loop_close(&loop), 0);
        ck_assert_ptr_eq(uvcom__apartment_current(), apartment);
        ck_assert_ptr_null(uvcom__apartment_of_loop());
        CoUninitialize();
    }
}
END_TEST

START_TEST(a_thread_has_one_loop_at_a_time)
{
    uvcom_apartment *second = adopted;

    ck_assert_hr(uvcom_loop_adopt(uv_default_loop(), &second), RPC_E_CHANGED_MODE);
    ck_assert_ptr_null(second);
    give_back();
    adopt();
    uv_loop_close(uv_default_loop());
}
END_TEST

START_TEST(null_pointers_are_refused)
{
    uvcom_apartment *apartment = (uvcom_apartment *)&loop;

    ck_assert_hr(uvcom_loop_adopt(NULL, &apartment), E_POINTER);
    ck_assert_ptr_null(apartment);
    ck_assert_hr(uvcom_loop_adopt(&loop, NULL), E_POINTER);
    ck_assert_hr(uvcom_loop_release(NULL), E_POINTER);
    ck_assert_ptr_null(uvcom__apartment_current());
}
END_TEST

static void *release_elsewhere(void *arg)
{
    HRESULT *hr = arg;

    *hr = uvcom_loop_release(adopted);
    return NULL;
}

START_TEST(only_the_loops_thread_can_give_it_back)
{
    HRESULT hr;
    pthread_t thread;

    pthread_create(&thread, NULL, release_elsewhere, &hr);
    pthread_join(thread, NULL);
    ck_assert_hr(hr, RPC_E_WRONG_THREAD);
    give_back();
    ck_assert_hr(uvcom_loop_release(adopted), RPC_E_WRONG_THREAD); /* and only once */
    adopt();
}
END_TEST

static void adopt_in_runtime(struct note *note)
{
    HRESULT *hr = note->context;
    uvcom_apartment *apartment;

    *hr = uvcom_loop_adopt(&loop, &apartment);
}

START_TEST(threads_of_the_runtime_adopt_no_loop)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[2] = {note_make(&log, 0), note_make(&log, 1)};
    struct apartment *apartments[2];
    HRESULT hr[2];

    ck_assert_hr(uvcom__apartment_multithreaded(&apartments[0]), S_OK);
    ck_assert_hr(uvcom__apartment_start(&apartments[1]), S_OK);
    for (int i = 0; i < 2; i++) {
        notes[i].act = adopt_in_runtime;
        notes[i].context = &hr[i];
        ck_assert_hr(uvcom__apartment_ready(apartments[i]), S_OK);
        uvcom__apartment_post(apartments[i], &notes[i].item);
    }
    note_log_await(&log, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(hr[i], RPC_E_CHANGED_MODE);
        uvcom__apartment_release(apartments[i]);
    }
}
END_TEST

static void release_inside(struct note *note)
{
    HRESULT *hr = note->context;

    *hr = uvcom_loop_release(adopted);
}

START_TEST(a_loop_can_be_given_back_inside_a_callback)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note releasing[2] = {note_make(&log, 1), note_make_callback(&log, 1)};
    struct note behind = note_make_callback(&log, 2);

    for (int i = 0; i < 2; i++) {
        HRESULT hr = E_FAIL;

        releasing[i].act = release_inside;
        releasing[i].context = &hr;
        if (i == 0)
            post(&releasing[i]);
        else
            post_callback(&releasing[i]);
        post_callback(&behind);
        turn();
        ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq(note_log_refused(&log), (size_t)i + 1);
        ck_assert_int_eq(uv_run(&loop, UV_RUN_NOWAIT), 0);
        ck_assert_int_eq(uv_loop_close(&loop), 0);
        ck_assert_ptr_null(uvcom__apartment_current());
        adopt();
    }
}
END_TEST

static bool is_given_back(void *arg)
{
    (void)arg;
    return uvcom__apartment_of_loop() == NULL;
}

/* The wait may itself be inside uv_run, in a callback of the application's; so it is left to that.
 */
START_TEST(given_back_inside_a_wait_the_loop_closes_in_its_next_turn)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note releasing = note_make(&log, 1);
    HRESULT hr = E_FAIL;

    releasing.act = release_inside;
    releasing.context = &hr;
    post(&releasing);
    uvcom__apartment_wait(uvcom__apartment_current(), is_given_back, NULL, UVCOM__FOREVER);
    ck_assert_hr(hr, S_OK);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_NOWAIT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    adopt();
}
END_TEST

START_TEST(out_of_memory_leaves_nothing_of_an_adopted_loop)
{
    HRESULT hr = E_FAIL;

    uv_loop_init(&loop);
    for (size_t n = 1; hr != S_OK; n++) {
        faults_fail_at(n);
        hr = uvcom_loop_adopt(&loop, &adopted);
        ck_assert_hr(hr, faults_hit() ? E_OUTOFMEMORY : S_OK);
        if (SUCCEEDED(hr)) {
            ck_assert_uint_ge(faults_seen(), 5);
            ck_assert_hr(uvcom_loop_release(adopted), S_OK);
        }
        ck_assert_ptr_null(uvcom__apartment_current());
        ck_assert_uint_eq(faults_live(), 0);
    }
    faults_reset();
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(adopting_takes_no_descriptor)
{
    struct rlimit limit;
    struct rlimit lowered;

    uv_loop_init(&loop);
    getrlimit(RLIMIT_NOFILE, &limit);
    lowered = limit;
    lowered.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &lowered);
    ck_assert_hr(uvcom_loop_adopt(&loop, &adopted), S_OK);
    setrlimit(RLIMIT_NOFILE, &limit);
    give_back();
}
END_TEST

static void *end_with_adopted_loop(void *arg)
{
    uvcom_apartment *apartment;
    struct note *notes = arg;

    uvcom_loop_adopt(&loop, &apartment);
    post(&notes[0]);
    post_callback(&notes[1]);
    return NULL;
}

START_TEST(a_thread_that_just_ends_leaves_the_loop_alone_and_refuses_what_is_queued)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note notes[2] = {note_make(&log, 1), note_make_callback(&log, 2)};
    pthread_t thread;

    uv_loop_init(&loop);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    pthread_create(&thread, NULL, end_with_adopted_loop, notes);
    pthread_join(thread, NULL);
    ck_assert_uint_eq(note_log_refused(&log), 2);
    CoUninitialize();
    ck_assert_int_eq(uv_loop_close(&loop), UV_EBUSY); /* a handle of ours is lost in it */
}
END_TEST

static Suite *loop_suite(void)
{
    Suite *suite = suite_create("loop");
    TCase *alone = tcase_create("alone");
    TCase *adopting = tcase_create("adopting");

    tcase_add_test(alone, an_initialised_thread_keeps_its_apartment_when_the_loop_is_given_back);
    tcase_add_test(alone, null_pointers_are_refused);
    tcase_add_test(alone, out_of_memory_leaves_nothing_of_an_adopted_loop);
    tcase_add_test(alone, adopting_takes_no_descriptor);
    tcase_add_test(alone, a_thread_that_just_ends_leaves_the_loop_alone_and_refuses_what_is_queued);
    suite_add_tcase(suite, alone);
    tcase_add_checked_fixture(adopting, adopt, give_back);
    tcase_add_test(adopting, adopting_initialises_the_thread_until_the_release);
    tcase_add_test(adopting, a_thread_has_one_loop_at_a_time);
    tcase_add_test(adopting, only_the_loops_thread_can_give_it_back);
    tcase_add_test(adopting, threads_of_the_runtime_adopt_no_loop);
    tcase_add_test(adopting, given_back_inside_a_wait_the_loop_closes_in_its_next_turn);
    tcase_add_test(adopting, a_loop_can_be_given_back_inside_a_callback);
    suite_add_tcase(suite, adopting);
    return suite;
}

UVCOM_TEST_MAIN(loop_suite)
