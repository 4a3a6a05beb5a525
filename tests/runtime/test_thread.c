/*
 * test_thread.c -- CoInitializeEx and its end, threads that just end, forked children, and the
 * marks.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "runtime/thread.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/sta_thread.h"

/* ---- CoInitializeEx ----------------------------------------------------------------------------
 */

START_TEST(a_thread_is_in_an_apartment_between_initialize_and_uninitialize)
{
    ck_assert_ptr_null(uvcom__apartment_current());
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_ptr_nonnull(uvcom__apartment_current());
    ck_assert(!uvcom__apartment_is_multithreaded(uvcom__apartment_current()));
    ck_assert_ptr_null(uvcom__apartment_of_loop());
    CoUninitialize();
    ck_assert_ptr_null(uvcom__apartment_current());
}
END_TEST

START_TEST(co_initialize_makes_a_single_threaded_apartment)
{
    ck_assert_hr(CoInitialize(NULL), S_OK);
    ck_assert(!uvcom__apartment_is_multithreaded(uvcom__apartment_current()));
    ck_assert_hr(CoInitialize(&(int){0}), E_INVALIDARG);
    CoUninitialize();
}
END_TEST

START_TEST(initializing_again_counts_and_says_s_false)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED | COINIT_DISABLE_OLE1DDE), S_FALSE);
    CoUninitialize();
    ck_assert(uvcom__apartment_is_multithreaded(uvcom__apartment_current()));
    CoUninitialize();
    ck_assert_ptr_null(uvcom__apartment_current());
}
END_TEST

START_TEST(the_other_kind_is_refused_and_not_counted)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), RPC_E_CHANGED_MODE);
    CoUninitialize();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    CoUninitialize();
    ck_assert_ptr_null(uvcom__apartment_current());
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    ck_assert_hr(CoInitializeEx(&(int){0}, COINIT_MULTITHREADED), E_INVALIDARG);
    ck_assert_hr(CoInitializeEx(NULL, 1), E_INVALIDARG);
    ck_assert_hr(CoInitializeEx(NULL, 0x100), E_INVALIDARG);
    ck_assert_ptr_null(uvcom__apartment_current());
}
END_TEST

START_TEST(an_uninitialize_too_many_does_nothing)
{
    CoUninitialize();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    CoUninitialize();
    CoUninitialize();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    CoUninitialize();
}
END_TEST

/* ---- the process -------------------------------------------------------------------------------
 */

static void *find_multithreaded(void *arg)
{
    uvcom__apartment_multithreaded(arg);
    return NULL;
}

static struct apartment *multithreaded_of_other_thread(void)
{
    struct apartment *found;
    pthread_t thread;

    pthread_create(&thread, NULL, find_multithreaded, &found);
    pthread_join(thread, NULL);
    return found;
}

START_TEST(the_multithreaded_apartment_is_there_while_any_thread_is_initialised)
{
    struct apartment *mine;
    struct apartment *others;

    ck_assert_hr(uvcom__apartment_multithreaded(&mine), CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(mine);
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(uvcom__apartment_multithreaded(&mine), S_OK);
    others = multithreaded_of_other_thread();
    ck_assert_ptr_eq(mine, others);
    uvcom__apartment_release(others);
    CoUninitialize();
    ck_assert_hr(uvcom__apartment_multithreaded(&others), CO_E_NOTINITIALIZED);
    ck_assert_hr(uvcom__apartment_ready(mine), RPC_E_DISCONNECTED);
    uvcom__apartment_release(mine);
}
END_TEST

static void *initialize_in_turn(void *arg)
{
    const DWORD kind = arg ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED;

    for (int i = 0; i < 300; i++) {
        struct apartment *multithreaded;

        if (CoInitializeEx(NULL, kind) != S_OK)
            return NULL;
        if (uvcom__apartment_multithreaded(&multithreaded) != S_OK)
            return NULL;
        uvcom__apartment_ready(multithreaded); /* so that a last CoUninitialize has to join */
        uvcom__apartment_release(multithreaded);
        CoUninitialize();
    }
    return arg ? arg : "";
}

START_TEST(first_and_last_threads_may_race)
{
    static char is_multithreaded[] = "yes";
    pthread_t threads[4];
    void *done;

    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, initialize_in_turn, i % 2 ? is_multithreaded : NULL);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], &done);
        ck_assert_ptr_nonnull(done);
    }
}
END_TEST

START_TEST(out_of_memory_leaves_the_thread_as_it_was)
{
    static const DWORD kinds[] = {COINIT_MULTITHREADED, COINIT_APARTMENTTHREADED};

    for (size_t kind = 0; kind < 2; kind++) {
        HRESULT hr = E_FAIL;

        for (size_t n = 1; hr != S_OK; n++) {
            faults_fail_at(n);
            hr = CoInitializeEx(NULL, kinds[kind]);
            ck_assert_hr(hr, faults_hit() ? E_OUTOFMEMORY : S_OK);
            if (FAILED(hr))
                ck_assert_ptr_null(uvcom__apartment_current());
            if (SUCCEEDED(hr))
                CoUninitialize();
            ck_assert_uint_eq(faults_live(), 0);
        }
        ck_assert_uint_ge(faults_seen(), 2);
    }
    faults_reset();
}
END_TEST

/* ---- threads that end without CoUninitialize ---------------------------------------------------
 */

struct careless {
    struct apartment *apartment; /* one reference */
    struct note note;            /* queued, never served */
    struct apartment_export exported;
    int disconnected;
};

static void on_disconnect(struct apartment_export *exported)
{
    struct careless *careless =
        (struct careless *)((char *)exported - offsetof(struct careless, exported));

    careless->disconnected += uvcom__apartment_is_here(careless->apartment);
}

static void *end_without_uninitialize(void *arg)
{
    struct careless *careless = arg;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    careless->apartment = uvcom__apartment_current();
    uvcom__apartment_add_ref(careless->apartment);
    uvcom__apartment_attach(careless->apartment, &careless->exported);
    uvcom__apartment_post(careless->apartment, &careless->note.item);
    return NULL;
}

START_TEST(a_thread_that_just_ends_closes_its_apartment)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct careless careless = {.note = note_make(&log, 1), .exported.disconnect = on_disconnect};
    struct note late = note_make(&log, 2);
    pthread_t thread;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    pthread_create(&thread, NULL, end_without_uninitialize, &careless);
    pthread_join(thread, NULL);
    ck_assert_uint_eq(note_log_refused(&log), 1);
    ck_assert_int_eq(careless.disconnected, 1);
    ck_assert_hr(uvcom__apartment_post(careless.apartment, &late.item), RPC_E_DISCONNECTED);
    uvcom__apartment_release(careless.apartment);
    CoUninitialize();
}
END_TEST

START_TEST(the_last_thread_that_just_ends_leaves_the_rest_to_a_later_uninitialize)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct careless careless = {.note = note_make(&log, 1), .exported.disconnect = on_disconnect};
    struct apartment *multithreaded;
    pthread_t thread;

    pthread_create(&thread, NULL, end_without_uninitialize, &careless);
    pthread_join(thread, NULL);
    uvcom__apartment_release(careless.apartment);
    ck_assert_hr(uvcom__apartment_multithreaded(&multithreaded), CO_E_NOTINITIALIZED);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    CoUninitialize(); /* frees it all: a leak checker looks at this test */
}
END_TEST

/* ---- leaving inside a served call --------------------------------------------------------------
 */

static void uninitialize_here(struct note *note)
{
    bool *still_in = note->context;

    CoUninitialize();
    *still_in = uvcom__apartment_current() != NULL;
}

static bool is_set(void *arg)
{
    return *(bool *)arg;
}

START_TEST(uninitialize_inside_a_served_call_waits_for_the_call_to_return)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    struct note behind = note_make(&log, 2);
    bool still_in = false;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    note.act = uninitialize_here;
    note.context = &still_in;
    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    uvcom__apartment_post(uvcom__apartment_current(), &behind.item);
    ck_assert_hr(
        uvcom__apartment_wait(uvcom__apartment_current(), is_set, &still_in, UVCOM__FOREVER), S_OK);
    ck_assert(still_in);
    ck_assert_ptr_null(uvcom__apartment_current());
    ck_assert_uint_eq(note_log_run(&log), 1);
    ck_assert_uint_eq(note_log_refused(&log), 1);
}
END_TEST

/* ---- fork --------------------------------------------------------------------------------------
 */

/* The number of the first thing that is wrong; 0: none. */
static int look_round_in_child(struct apartment *apartment)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    struct apartment *found;

    if (uvcom__apartment_current() || uvcom__apartment_of_loop())
        return 1;
    if (CoInitializeEx(NULL, COINIT_APARTMENTTHREADED) != CO_E_NOTINITIALIZED)
        return 2;
    if (uvcom__apartment_post(apartment, &note.item) != RPC_E_DISCONNECTED)
        return 3;
    if (uvcom__apartment_multithreaded(&found) != CO_E_NOTINITIALIZED)
        return 4;
    if (uvcom__apartment_start(&found) != CO_E_NOTINITIALIZED)
        return 5;
    CoUninitialize();
    return 0;
}

START_TEST(a_forked_child_is_in_no_apartment)
{
    struct sta_thread other;
    int status;
    pid_t child;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    sta_thread_start(&other);
    child = fork();
    if (child == 0)
        _exit(look_round_in_child(other.apartment));
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    sta_thread_stop(&other);
    CoUninitialize();
}
END_TEST

/* ---- marks -------------------------------------------------------------------------------------
 */

START_TEST(apt_04_a_running_operation_is_found_by_call_and_epoch)
{
    const int calls[2] = {0};
    struct running below = {.call = &calls[0], .epoch = 7};
    struct running above = {.call = &calls[1], .epoch = 1};

    ck_assert(!uvcom__running_find(&calls[0], 7));
    uvcom__running_push(&below);
    uvcom__running_push(&above);
    ck_assert(uvcom__running_find(&calls[0], 7));
    ck_assert(uvcom__running_find(&calls[1], 1));
    ck_assert(!uvcom__running_find(&calls[0], 1));
    ck_assert(!uvcom__running_find(&calls[0], 8));
    uvcom__running_pop(&above);
    ck_assert(!uvcom__running_find(&calls[1], 1));
    uvcom__running_pop(&below);
    ck_assert(!uvcom__running_find(&calls[0], 7));
}
END_TEST

static void *ask_for_marks(void *arg)
{
    return uvcom__thread_is_compat() || uvcom__running_find(arg, 1) ? arg : NULL;
}

START_TEST(marks_belong_to_one_thread)
{
    int call = 0;
    struct running running = {.call = &call, .epoch = 1};
    pthread_t thread;
    void *seen;

    ck_assert(!uvcom__thread_is_compat());
    uvcom_compat_mark_thread();
    uvcom__running_push(&running);
    ck_assert(uvcom__thread_is_compat());
    pthread_create(&thread, NULL, ask_for_marks, &call);
    pthread_join(thread, &seen);
    ck_assert_ptr_null(seen);
    uvcom__running_pop(&running);
}
END_TEST

static Suite *thread_suite(void)
{
    Suite *suite = suite_create("thread");
    TCase *initialize = tcase_create("initialize");
    TCase *ends = tcase_create("ends");
    TCase *marks = tcase_create("marks");

    tcase_add_test(initialize, a_thread_is_in_an_apartment_between_initialize_and_uninitialize);
    tcase_add_test(initialize, co_initialize_makes_a_single_threaded_apartment);
    tcase_add_test(initialize, initializing_again_counts_and_says_s_false);
    tcase_add_test(initialize, the_other_kind_is_refused_and_not_counted);
    tcase_add_test(initialize, bad_arguments_are_refused);
    tcase_add_test(initialize, an_uninitialize_too_many_does_nothing);
    tcase_add_test(initialize,
                   the_multithreaded_apartment_is_there_while_any_thread_is_initialised);
    tcase_add_test(initialize, out_of_memory_leaves_the_thread_as_it_was);
    suite_add_tcase(suite, initialize);
    tcase_set_timeout(ends, 60);
    tcase_add_test(ends, first_and_last_threads_may_race);
    tcase_add_test(ends, a_thread_that_just_ends_closes_its_apartment);
    tcase_add_test(ends, the_last_thread_that_just_ends_leaves_the_rest_to_a_later_uninitialize);
    tcase_add_test(ends, uninitialize_inside_a_served_call_waits_for_the_call_to_return);
    tcase_add_test(ends, a_forked_child_is_in_no_apartment);
    suite_add_tcase(suite, ends);
    tcase_add_test(marks, apt_04_a_running_operation_is_found_by_call_and_epoch);
    tcase_add_test(marks, marks_belong_to_one_thread);
    suite_add_tcase(suite, marks);
    return suite;
}

UVCOM_TEST_MAIN(thread_suite)
