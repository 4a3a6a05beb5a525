/*
 * test_event.c -- the event that is no call object's: SYN-02 to 07, 10, and how each kind of thread
 * waits for it.
 *
 * Its descriptor is in test_event_handle.c, threads that meet are in test_event_races.c.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uvcom/combase.h>
#include <uvcom/objidl.h>

#include "runtime/apartment.h"
#include "runtime/event.h"
#include "runtime/workers.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"

static struct event event;

static void open_kind(bool is_manual)
{
    faults_reset();
    event = (struct event){.is_manual = false};
    uvcom__event_init(&event, is_manual);
}

static void open_manual(void)
{
    open_kind(true);
}

static void open_auto(void)
{
    open_kind(false);
}

static void close_event(void)
{
    uvcom__event_end(&event);
    ck_assert_uint_eq(faults_live(), 0);
}

static HRESULT poll_event(void)
{
    return uvcom__event_wait(&event, COWAIT_DEFAULT, 0);
}

/* ---- threads that wait ---- */

static atomic_int released;
static atomic_int refused;

static void *wait_once(void *arg)
{
    HRESULT hr = uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE);

    (void)arg;
    atomic_fetch_add(hr == S_OK ? &released : &refused, 1);
    return NULL;
}

static void start_waiters(pthread_t *threads, int count)
{
    atomic_store(&released, 0);
    atomic_store(&refused, 0);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wait_once, NULL), 0);
}

static void join_waiters(pthread_t *threads, int count)
{
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&refused), 0);
}

static void await_released(int count)
{
    while (atomic_load(&released) + atomic_load(&refused) < count)
        sched_yield();
}

/* ---- what both kinds do ---- */

START_TEST(syn_10_a_new_event_is_clear)
{
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(syn_03_flags_are_checked_first)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, 0x20, 0), E_INVALIDARG);
    ck_assert_hr(uvcom__event_wait(&event, 0x80000000u, INFINITE), E_INVALIDARG);
    ck_assert_hr(uvcom__event_wait(&event, WAIT_FLAGS, 0), S_OK);
}
END_TEST

START_TEST(syn_05_a_second_signal_changes_nothing)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    ck_assert_hr(poll_event(), event.is_manual ? S_OK : RPC_E_TIMEOUT);
}
END_TEST

START_TEST(syn_06_reset_clears_it)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
}
END_TEST

static void *mark_and_poll(void *arg)
{
    HRESULT *hr = arg;

    uvcom_compat_mark_thread();
    *hr = uvcom__event_wait(&event, COWAIT_DEFAULT, 1);
    return NULL;
}

START_TEST(syn_02_a_thread_marked_by_the_compat_headers_gets_callpending)
{
    pthread_t thread;
    HRESULT hr = S_OK;

    pthread_create(&thread, NULL, mark_and_poll, &hr);
    pthread_join(thread, NULL);
    ck_assert_hr(hr, RPC_S_CALLPENDING);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(nothing_is_allocated)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
    ck_assert_uint_eq(faults_seen(), 0);
    ck_assert_int_eq(event.observers.descriptor, 0);
}
END_TEST

static int wait_in_child(void)
{
    if (poll_event() != CO_E_NOTINITIALIZED)
        return 1;
    if (uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE) != CO_E_NOTINITIALIZED)
        return 2;
    if (uvcom__event_signal(&event) != CO_E_NOTINITIALIZED ||
        uvcom__event_reset(&event) != CO_E_NOTINITIALIZED)
        return 3;
    return poll_event() == CO_E_NOTINITIALIZED ? 0 : 4;
}

static void check_child(int (*act)(void))
{
    int status;
    pid_t child;

    ck_assert(!uvcom__process_forked());
    child = fork();
    if (child == 0)
        _exit(act());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

START_TEST(a_forked_child_does_not_wait)
{
    check_child(wait_in_child);
}
END_TEST

static int end_in_child(void)
{
    if (wait_in_child() != 0)
        return 1;
    uvcom__event_end(&event);
    return 0;
}

/* They share the descriptor. */
START_TEST(a_forked_child_leaves_its_parents_event_alone)
{
    int descriptor;
    struct pollfd entry = {.events = POLLIN};

    ck_assert_hr(uvcom__event_descriptor(&event, &descriptor), S_OK);
    entry.fd = descriptor;
    check_child(end_in_child);
    ck_assert_int_eq(poll(&entry, 1, 0), 0);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    check_child(end_in_child);
    ck_assert_int_eq(poll(&entry, 1, 0), 1);
    ck_assert_hr(poll_event(), S_OK);
}
END_TEST

/* ---- observers ---- */

struct watcher {
    struct observer observer;
    int notified;
};

static void count(struct observer *observer)
{
    ((struct watcher *)observer)->notified++;
}

START_TEST(an_observer_is_notified_when_it_is_set_and_at_once_if_it_is)
{
    struct watcher early = {.observer = {.notify = count}};
    struct watcher late = {.observer = {.notify = count}};

    uvcom__event_observe(&event, &early.observer);
    ck_assert_int_eq(early.notified, 0);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_int_eq(early.notified, 1);
    uvcom__event_observe(&event, &late.observer);
    ck_assert_int_eq(late.notified, 1);
    uvcom__event_unobserve(&event, &early.observer);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_int_eq(early.notified, 1);
    ck_assert_int_eq(late.notified, 2);
    uvcom__event_unobserve(&event, &late.observer);
    /* Nobody is to be told: the bit that says so is off the word again. */
    ck_assert_uint_eq(uvcom__load32(&event.word, UVCOM__RELAXED), 1);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_uint_eq(uvcom__load32(&event.word, UVCOM__RELAXED), 0);
}
END_TEST

/* ---- SYN-04, SYN-07: who is released ---- */

enum { WAITERS = 5 };

START_TEST(syn_04_a_manual_event_releases_all_and_stays_set)
{
    pthread_t threads[WAITERS];

    start_waiters(threads, WAITERS);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    join_waiters(threads, WAITERS);
    ck_assert_int_eq(atomic_load(&released), WAITERS);
    ck_assert_hr(poll_event(), S_OK);
    ck_assert_hr(poll_event(), S_OK);
}
END_TEST

START_TEST(syn_07_each_signal_releases_one_waiter)
{
    pthread_t threads[WAITERS];

    start_waiters(threads, WAITERS);
    for (int i = 1; i <= WAITERS; i++) {
        ck_assert_hr(uvcom__event_signal(&event), S_OK);
        await_released(i);
        /* It is clear again although others wait, so each of them needs a Signal of its own. */
        ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
        ck_assert_int_eq(atomic_load(&released), i);
    }
    join_waiters(threads, WAITERS);
}
END_TEST

START_TEST(syn_07_a_wait_that_succeeds_clears_it)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
}
END_TEST

/* ---- APT-04: an apartment's thread serves meanwhile ---- */

static void signal_it(struct note *note)
{
    (void)note;
    uvcom__event_signal(&event);
}

START_TEST(apt_04_an_apartments_thread_serves_while_it_waits)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note first = note_make(&log, 1), second = note_make(&log, 2);

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    second.act = signal_it;
    uvcom__apartment_post(uvcom__apartment_current(), &first.item);
    uvcom__apartment_post(uvcom__apartment_current(), &second.item);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_uint_eq(note_log_run(&log), 2);
    ck_assert(note_log_is_in_order(&log, 1, 2));
    CoUninitialize();
}
END_TEST

START_TEST(apt_04_what_is_set_already_dispatches_nothing)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_uint_eq(note_log_run(&log), 0);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
    ck_assert_uint_eq(note_log_run(&log), 1);
    CoUninitialize();
}
END_TEST

static void *wait_in_apartment(void *arg)
{
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    wait_once(arg);
    CoUninitialize();
    return NULL;
}

START_TEST(apt_04_a_signal_from_elsewhere_wakes_an_apartments_thread)
{
    pthread_t thread;

    atomic_store(&released, 0);
    atomic_store(&refused, 0);
    pthread_create(&thread, NULL, wait_in_apartment, NULL);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    join_waiters(&thread, 1);
    ck_assert_int_eq(atomic_load(&released), 1);
}
END_TEST

/* ---- workers ---- */

static void wait_on_worker(struct note *note)
{
    HRESULT hr = uvcom__event_wait(&event, COWAIT_DEFAULT, *(const DWORD *)note->context);

    atomic_fetch_add(hr == S_OK ? &released : &refused, 1);
}

/* More of them wait than may run at the same time; so the last item runs only if they make room. */
static void fill_the_pool_with_waiters(DWORD milliseconds)
{
    static struct note notes[WORKERS_LIMIT + 1];
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct apartment *pool;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    pool = uvcom__apartment_current();
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    atomic_store(&released, 0);
    atomic_store(&refused, 0);
    for (int i = 0; i <= WORKERS_LIMIT; i++) {
        notes[i] = note_make(&log, i);
        notes[i].act = i < WORKERS_LIMIT ? wait_on_worker : signal_it;
        notes[i].context = &milliseconds;
        ck_assert_hr(uvcom__apartment_post(pool, &notes[i].item), S_OK);
    }
    note_log_await(&log, WORKERS_LIMIT + 1);
    ck_assert_int_eq(atomic_load(&released), WORKERS_LIMIT);
    CoUninitialize();
}

START_TEST(a_worker_that_waits_makes_room_for_another)
{
    fill_the_pool_with_waiters(INFINITE);
}
END_TEST

START_TEST(a_worker_that_waits_with_a_limit_makes_room_too)
{
    fill_the_pool_with_waiters(INFINITE - 1);
}
END_TEST

static void add_common(TCase *tcase)
{
    tcase_add_test(tcase, syn_10_a_new_event_is_clear);
    tcase_add_test(tcase, syn_03_flags_are_checked_first);
    tcase_add_test(tcase, syn_05_a_second_signal_changes_nothing);
    tcase_add_test(tcase, syn_06_reset_clears_it);
    tcase_add_test(tcase, syn_02_a_thread_marked_by_the_compat_headers_gets_callpending);
    tcase_add_test(tcase, nothing_is_allocated);
    tcase_add_test(tcase, a_forked_child_does_not_wait);
    tcase_add_test(tcase, a_forked_child_leaves_its_parents_event_alone);
    tcase_add_test(tcase, an_observer_is_notified_when_it_is_set_and_at_once_if_it_is);
    tcase_add_test(tcase, apt_04_an_apartments_thread_serves_while_it_waits);
    tcase_add_test(tcase, apt_04_what_is_set_already_dispatches_nothing);
    tcase_add_test(tcase, apt_04_a_signal_from_elsewhere_wakes_an_apartments_thread);
}

static Suite *event_suite(void)
{
    Suite *suite = suite_create("event");
    TCase *manual = tcase_create("manual");
    TCase *automatic = tcase_create("auto-reset");

    tcase_add_checked_fixture(manual, open_manual, close_event);
    add_common(manual);
    tcase_add_test(manual, syn_04_a_manual_event_releases_all_and_stays_set);
    tcase_add_test(manual, a_worker_that_waits_makes_room_for_another);
    tcase_add_test(manual, a_worker_that_waits_with_a_limit_makes_room_too);
    suite_add_tcase(suite, manual);
    tcase_add_checked_fixture(automatic, open_auto, close_event);
    add_common(automatic);
    tcase_add_test(automatic, syn_07_each_signal_releases_one_waiter);
    tcase_add_test(automatic, syn_07_a_wait_that_succeeds_clears_it);
    suite_add_tcase(suite, automatic);
    return suite;
}

UVCOM_TEST_MAIN(event_suite)
