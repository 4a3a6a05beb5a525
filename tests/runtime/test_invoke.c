/*
 * test_invoke.c -- running a function in another apartment, from every kind of thread into every
 * kind.
 */
#include <pthread.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "tests/support/assert_hr.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/sta_thread.h"
#include "tests/support/thread_faults.h"

/* Says whether it ran in the apartment that it was sent to. */
static HRESULT report(void *arg)
{
    return uvcom__apartment_is_here(arg) ? S_FALSE : E_UNEXPECTED;
}

static struct apartment *multithreaded(void)
{
    struct apartment *apartment;

    ck_assert_hr(uvcom__apartment_multithreaded(&apartment), S_OK);
    return apartment;
}

START_TEST(an_invocation_of_the_own_apartment_runs_directly)
{
    const DWORD kinds[] = {COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED};

    for (int i = 0; i < 2; i++) {
        struct apartment *here;

        CoInitializeEx(NULL, kinds[i]);
        here = uvcom__apartment_current();
        ck_assert_hr(uvcom__apartment_invoke(here, report, here), S_FALSE);
        CoUninitialize();
    }
}
END_TEST

START_TEST(an_invocation_returns_what_the_function_returned_there)
{
    const DWORD kinds[] = {COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED};

    for (int i = 0; i < 2; i++) {
        struct sta_thread other;
        struct apartment *own;
        struct apartment *pool;

        CoInitializeEx(NULL, kinds[i]);
        sta_thread_start(&other);
        pool = multithreaded();
        ck_assert_hr(uvcom__apartment_start(&own), S_OK);
        ck_assert_hr(uvcom__apartment_invoke(other.apartment, report, other.apartment), S_FALSE);
        ck_assert_hr(uvcom__apartment_invoke(own, report, own), S_FALSE);
        ck_assert_hr(uvcom__apartment_invoke(pool, report, pool), S_FALSE);
        uvcom__apartment_release(own);
        uvcom__apartment_release(pool);
        sta_thread_stop(&other);
        CoUninitialize();
    }
}
END_TEST

static void *invoke_report(void *arg)
{
    return uvcom__apartment_invoke(arg, report, arg) == S_FALSE ? arg : NULL;
}

START_TEST(a_thread_without_an_apartment_may_invoke)
{
    struct apartment *own;
    pthread_t thread;
    void *done;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ck_assert_hr(uvcom__apartment_start(&own), S_OK);
    pthread_create(&thread, NULL, invoke_report, own);
    pthread_join(thread, &done);
    ck_assert_ptr_eq(done, own);
    uvcom__apartment_release(own);
    CoUninitialize();
}
END_TEST

START_TEST(a_closed_apartment_refuses_invocations)
{
    struct apartment *own;
    struct apartment *pool;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(uvcom__apartment_start(&own), S_OK);
    pool = multithreaded();
    uvcom__apartment_stop(own);
    ck_assert_hr(uvcom__apartment_invoke(own, report, own), RPC_E_DISCONNECTED);
    CoUninitialize();
    ck_assert_hr(uvcom__apartment_invoke(pool, report, pool), RPC_E_DISCONNECTED);
    uvcom__apartment_release(own);
    uvcom__apartment_release(pool);
}
END_TEST

START_TEST(without_a_worker_an_invocation_says_so)
{
    struct apartment *pool;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    pool = multithreaded();
    thread_faults_allow(0);
    ck_assert_hr(uvcom__apartment_invoke(pool, report, pool), E_OUTOFMEMORY);
    thread_faults_allow(1);
    ck_assert_hr(uvcom__apartment_invoke(pool, report, pool), S_FALSE);
    thread_faults_allow(THREAD_FAULTS_NONE);
    uvcom__apartment_release(pool);
    CoUninitialize();
}
END_TEST

/* An invocation that waits in the queue when its apartment closes. */
struct queued {
    struct apartment *apartment;
    struct gate is_busy;
    HRESULT hr;
};

static void stay_until_opened(struct note *note)
{
    gate_wait(note->context);
}

static void *invoke_queued(void *arg)
{
    struct queued *queued = arg;

    queued->hr = uvcom__apartment_invoke(queued->apartment, report, queued->apartment);
    return NULL;
}

START_TEST(an_invocation_still_queued_at_the_close_is_disconnected)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    struct queued queued = {.hr = E_FAIL};
    pthread_t thread;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    gate_init(&queued.is_busy);
    note.act = stay_until_opened;
    note.context = &queued.is_busy;
    ck_assert_hr(uvcom__apartment_start(&queued.apartment), S_OK);
    uvcom__apartment_post(queued.apartment, &note.item);
    gate_await_waiters(&queued.is_busy, 1);
    pthread_create(&thread, NULL, invoke_queued, &queued);
    /* It is queued behind the note, or comes after the close: the answer is the same. */
    gate_open(&queued.is_busy);
    uvcom__apartment_stop(queued.apartment);
    pthread_join(thread, NULL);
    ck_assert(queued.hr == RPC_E_DISCONNECTED || queued.hr == S_FALSE);
    uvcom__apartment_release(queued.apartment);
    gate_fini(&queued.is_busy);
    CoUninitialize();
}
END_TEST

/* Bounces between two apartments, each inside the other's wait. */
struct bounce {
    struct apartment *sides[2];
    int left;
};

static HRESULT bounce(void *arg)
{
    struct bounce *ball = arg;

    if (ball->left == 0)
        return S_FALSE;
    ball->left--;
    return uvcom__apartment_invoke(ball->sides[ball->left % 2], bounce, ball);
}

START_TEST(apt_05_invocations_back_and_forth_nest_and_do_not_deadlock)
{
    struct bounce ball = {.left = 40};

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ball.sides[0] = uvcom__apartment_current();
    ck_assert_hr(uvcom__apartment_start(&ball.sides[1]), S_OK);
    ck_assert_hr(bounce(&ball), S_FALSE);
    uvcom__apartment_release(ball.sides[1]);
    CoUninitialize();
}
END_TEST

/* Many threads of every kind at once: the invocation's stack memory must never be touched too late.
 */
enum { CALLERS = 4, CALLS = 500 };

static void *invoke_again_and_again(void *arg)
{
    struct apartment *apartment = arg;
    int answers = 0;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    for (int i = 0; i < CALLS; i++)
        answers += uvcom__apartment_invoke(apartment, report, apartment) == S_FALSE;
    CoUninitialize();
    for (int i = 0; i < CALLS; i++)
        answers += uvcom__apartment_invoke(apartment, report, apartment) == S_FALSE;
    return answers == 2 * CALLS ? arg : NULL;
}

static void invoke_from_all(struct apartment *apartment)
{
    pthread_t threads[CALLERS];
    void *done;

    for (int i = 0; i < CALLERS; i++)
        pthread_create(&threads[i], NULL, invoke_again_and_again, apartment);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], &done);
        ck_assert_ptr_eq(done, apartment);
    }
}

START_TEST(invocations_of_many_threads_all_return)
{
    struct apartment *own;
    struct apartment *pool;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    pool = multithreaded();
    ck_assert_hr(uvcom__apartment_start(&own), S_OK);
    invoke_from_all(own);
    invoke_from_all(pool);
    uvcom__apartment_release(own);
    uvcom__apartment_release(pool);
    CoUninitialize();
}
END_TEST

struct ladder {
    struct apartment *sides[2];
    int rungs;
};

static HRESULT climb(void *arg)
{
    struct ladder *ladder = arg;

    if (ladder->rungs == 0)
        return S_FALSE;
    ladder->rungs--;
    return uvcom__apartment_invoke(ladder->sides[ladder->rungs % 2], climb, ladder);
}

/* The one worker waits, and what it waits for needs a worker. */
START_TEST(the_last_worker_runs_queued_items_inside_its_wait_when_no_thread_is_left)
{
    struct ladder ladder;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(uvcom__apartment_start(&ladder.sides[0]), S_OK);
    ladder.sides[1] = multithreaded();
    thread_faults_allow(1);
    for (int round = 0; round < 300; round++) {
        ladder.rungs = 2 * (round % 10) + 1;
        ck_assert_hr(uvcom__apartment_invoke(ladder.sides[1], climb, &ladder), S_FALSE);
    }
    thread_faults_allow(THREAD_FAULTS_NONE);
    uvcom__apartment_release(ladder.sides[0]);
    uvcom__apartment_release(ladder.sides[1]);
    CoUninitialize();
}
END_TEST

static Suite *invoke_suite(void)
{
    Suite *suite = suite_create("invoke");
    TCase *invoke = tcase_create("invoke");

    tcase_set_timeout(invoke, 60);
    tcase_add_test(invoke, an_invocation_of_the_own_apartment_runs_directly);
    tcase_add_test(invoke, an_invocation_returns_what_the_function_returned_there);
    tcase_add_test(invoke, a_thread_without_an_apartment_may_invoke);
    tcase_add_test(invoke, a_closed_apartment_refuses_invocations);
    tcase_add_test(invoke, without_a_worker_an_invocation_says_so);
    tcase_add_test(invoke, an_invocation_still_queued_at_the_close_is_disconnected);
    tcase_add_test(invoke, apt_05_invocations_back_and_forth_nest_and_do_not_deadlock);
    tcase_add_test(invoke,
                   the_last_worker_runs_queued_items_inside_its_wait_when_no_thread_is_left);
    tcase_add_test(invoke, invocations_of_many_threads_all_return);
    suite_add_tcase(suite, invoke);
    return suite;
}

UVCOM_TEST_MAIN(invoke_suite)
