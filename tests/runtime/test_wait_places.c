/*
 * test_wait_places.c -- CoWaitForMultipleHandles on every kind of thread (CON-09, APT-04), and what
 * becomes of it without memory and descriptors.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/apartment.h"
#include "runtime/apartment_layout.h"
#include "runtime/poll_wait.h"
#include "runtime/workers.h"
#include "tests/runtime/two_handles.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/gate.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/tick.h"

enum { MANY = 300 };

/* ---- an apartment's thread ---- */

START_TEST(con_09_what_is_signaled_already_dispatches_nothing)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);

    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    uvcom__event_signal(&events[0]);
    expect(0, INFINITE, S_OK, 0);
    ck_assert_uint_eq(note_log_run(&log), 0);
    expect(0, 1, RPC_S_CALLPENDING, 0);
    ck_assert_uint_eq(note_log_run(&log), 1);
}
END_TEST

static void signal_second(struct note *note)
{
    (void)note;
    uvcom__event_signal(&events[1]);
}

START_TEST(apt_04_it_serves_incoming_calls_meanwhile)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note first = note_make(&log, 1), second = note_make(&log, 2);

    second.act = signal_second;
    uvcom__apartment_post(uvcom__apartment_current(), &first.item);
    uvcom__apartment_post(uvcom__apartment_current(), &second.item);
    expect(0, INFINITE, S_OK, 1);
    ck_assert(note_log_is_in_order(&log, 1, 2));
}
END_TEST

static void wait_inside(struct note *note)
{
    DWORD index;

    (void)note;
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, handles, &index), S_OK);
    uvcom__event_signal(&events[1]);
}

static void signal_first(struct note *note)
{
    (void)note;
    uvcom__event_signal(&events[0]);
}

START_TEST(apt_05_waits_nest)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note outer = note_make(&log, 2), inner = note_make(&log, 1);
    HANDLE second = handles[1];
    DWORD index;

    outer.act = wait_inside;
    inner.act = signal_first;
    uvcom__apartment_post(uvcom__apartment_current(), &outer.item);
    uvcom__apartment_post(uvcom__apartment_current(), &inner.item);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 1, &second, &index), S_OK);
    ck_assert(note_log_is_in_order(&log, 1, 2));
}
END_TEST

struct sleeper {
    pthread_t thread;
    struct apartment *apartment;
    struct gate is_up;
    HRESULT hr;
};

static void *sleep_in_apartment(void *arg)
{
    struct sleeper *sleeper = arg;
    DWORD index;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    sleeper->apartment = uvcom__apartment_current();
    uvcom__apartment_add_ref(sleeper->apartment);
    gate_open(&sleeper->is_up);
    sleeper->hr = wait_for(0, INFINITE, &index);
    CoUninitialize();
    return NULL;
}

START_TEST(race_04_no_post_is_lost_while_it_goes_to_sleep)
{
    struct sleeper sleeper = {.hr = E_FAIL};

    gate_init(&sleeper.is_up);
    pthread_create(&sleeper.thread, NULL, sleep_in_apartment, &sleeper);
    gate_wait(&sleeper.is_up);
    ck_assert(tick_again_and_again(sleeper.apartment));
    uvcom__event_signal(&events[0]);
    pthread_join(sleeper.thread, NULL);
    ck_assert_hr(sleeper.hr, S_OK);
    uvcom__apartment_release(sleeper.apartment);
    gate_fini(&sleeper.is_up);
}
END_TEST

/* Rings the bell of a thread that sleeps on descriptors, and then lets it sleep. */
struct ringing {
    struct apartment *apartment;
    struct note note;
    unsigned looks;
};

static void *ring_once(void *arg)
{
    struct ringing *ringing = arg;

    while (!(uvcom__load32(&ringing->apartment->bell, UVCOM__ACQUIRE) & BELL_POLLING))
        sched_yield();
    uvcom__apartment_post(ringing->apartment, &ringing->note.item);
    return NULL;
}

static bool count_looks(void *arg)
{
    ((struct ringing *)arg)->looks++;
    return false;
}

START_TEST(a_ring_ends_one_sleep_and_not_every_later_one)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    uvcom__pollable entries[1 + POLL_WAIT_SPARE] = {uvcom__pollable_of((int)(intptr_t)handles[0])};
    struct poll_wait wait = {.entries = entries, .count = 1};
    struct ringing ringing = {.apartment = uvcom__apartment_current(), .note = note_make(&log, 1)};
    pthread_t thread;

    pthread_create(&thread, NULL, ring_once, &ringing);
    while (note_log_run(&log) == 0)
        uvcom__poll_wait(&wait, count_looks, &ringing, uvcom__deadline_ns(20));
    pthread_join(thread, NULL);
    ringing.looks = 0;
    ck_assert_hr(uvcom__poll_wait(&wait, count_looks, &ringing, uvcom__deadline_ns(50)),
                 RPC_E_TIMEOUT);
    ck_assert_uint_lt(ringing.looks, 10);
}
END_TEST

START_TEST(an_apartment_without_a_descriptor_for_itself_says_so)
{
    struct rlimit before = few_descriptors_begin(0);
    DWORD index = 5, all;
    HRESULT hr = CoWaitForMultipleHandles(0, INFINITE, 2, handles, &index);
    HRESULT polled = CoWaitForMultipleHandles(0, 0, 2, handles, &all);

    few_descriptors_end(before);
    ck_assert_hr(hr, RPC_E_OUT_OF_RESOURCES);
    ck_assert_uint_eq(index, 0);
    ck_assert_hr(polled, RPC_S_CALLPENDING);
    uvcom__event_signal(&events[0]);
    expect(0, INFINITE, S_OK, 0);
    ck_assert_int_eq(uvcom__apartment_current()->bell_descriptor, 0);
}
END_TEST

START_TEST(ordinary_waits_need_no_descriptor)
{
    ck_assert_hr(uvcom__event_wait(&events[0], 0, 1), RPC_E_TIMEOUT);
    uvcom__event_signal(&events[0]);
    expect(0, INFINITE, S_OK, 0);
    ck_assert_int_eq(uvcom__apartment_current()->bell_descriptor, 0);
    /* Not so short that it is over before it has begun to sleep, as under valgrind. */
    expect(0, 100, RPC_S_CALLPENDING, 0);
    ck_assert_int_gt(uvcom__apartment_current()->bell_descriptor, 0);
}
END_TEST

/* ---- other threads ---- */

static void *wait_bare(void *arg)
{
    DWORD index = 9;

    *(HRESULT *)arg = CoWaitForMultipleHandles(0, INFINITE, 2, handles, &index);
    return NULL;
}

START_TEST(a_thread_without_an_apartment_may_wait)
{
    pthread_t thread;
    HRESULT hr = E_FAIL;

    pthread_create(&thread, NULL, wait_bare, &hr);
    uvcom__event_signal(&events[0]);
    pthread_join(thread, NULL);
    ck_assert_hr(hr, S_OK);
}
END_TEST

static int wait_in_child(void)
{
    DWORD index = 5;

    if (CoWaitForMultipleHandles(0, INFINITE, 2, handles, &index) != CO_E_NOTINITIALIZED)
        return 1;
    return index == 0 ? 0 : 2;
}

START_TEST(a_forked_child_does_not_wait)
{
    int status;
    pid_t child = fork();

    if (child == 0)
        _exit(wait_in_child());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

static void wait_on_worker(struct note *note)
{
    HANDLE handle = *(HANDLE *)note->context;
    DWORD index;

    CoWaitForMultipleHandles(0, INFINITE, 1, &handle, &index);
}

START_TEST(a_worker_that_waits_makes_room_for_another)
{
    static struct note notes[WORKERS_LIMIT + 1];
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct apartment *pool = uvcom__apartment_current();

    events[0].is_manual = true;
    ck_assert_hr(uvcom__apartment_ready(pool), S_OK);
    for (int i = 0; i <= WORKERS_LIMIT; i++) {
        notes[i] = note_make(&log, i);
        notes[i].act = i < WORKERS_LIMIT ? wait_on_worker : signal_first;
        notes[i].context = &handles[0];
        ck_assert_hr(uvcom__apartment_post(pool, &notes[i].item), S_OK);
    }
    note_log_await(&log, WORKERS_LIMIT + 1);
}
END_TEST

/* ---- failures ---- */

START_TEST(memory_for_many_handles_may_be_refused)
{
    HANDLE many[MANY];
    DWORD index = 5;

    for (int i = 0; i < MANY; i++)
        many[i] = handles[0];
    uvcom__event_signal(&events[0]);
    faults_fail_at(1);
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, MANY, many, &index), E_OUTOFMEMORY);
    ck_assert_uint_eq(index, 0);
    faults_reset();
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, MANY, many, &index), S_OK);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

/* poll takes no more entries than the process may have descriptors. */
START_TEST(more_handles_than_descriptors_are_refused)
{
    HANDLE many[MANY];
    struct rlimit before;
    DWORD index = 5;
    HRESULT hr;

    for (int i = 0; i < MANY; i++)
        many[i] = handles[0];
    before = few_descriptors_begin(20);
    hr = CoWaitForMultipleHandles(0, INFINITE, MANY, many, &index);
    few_descriptors_end(before);
    ck_assert_hr(hr, RPC_E_OUT_OF_RESOURCES);
    ck_assert_uint_eq(index, 0);
}
END_TEST

static void add_common(TCase *tcase)
{
    tcase_add_test(tcase, a_thread_without_an_apartment_may_wait);
    tcase_add_test(tcase, a_forked_child_does_not_wait);
    tcase_add_test(tcase, memory_for_many_handles_may_be_refused);
}

/* Valgrind keeps the limit to itself, so poll does not see it: left out there by this tag. */
static void add_native(Suite *suite, void (*open)(void))
{
    TCase *native = tcase_create("few descriptors");

    tcase_set_tags(native, "native");
    tcase_add_checked_fixture(native, open, close_events);
    tcase_add_test(native, more_handles_than_descriptors_are_refused);
    suite_add_tcase(suite, native);
}

static Suite *wait_places_suite(void)
{
    Suite *suite = suite_create("wait_places");
    TCase *multi = tcase_create("multithreaded");
    TCase *single = tcase_create("single-threaded");

    tcase_add_checked_fixture(multi, open_multi, close_events);
    add_common(multi);
    tcase_add_test(multi, a_worker_that_waits_makes_room_for_another);
    suite_add_tcase(suite, multi);
    tcase_add_checked_fixture(single, open_single, close_events);
    add_common(single);
    tcase_add_test(single, con_09_what_is_signaled_already_dispatches_nothing);
    tcase_add_test(single, apt_04_it_serves_incoming_calls_meanwhile);
    tcase_add_test(single, apt_05_waits_nest);
    tcase_add_test(single, race_04_no_post_is_lost_while_it_goes_to_sleep);
    tcase_add_test(single, a_ring_ends_one_sleep_and_not_every_later_one);
    tcase_add_test(single, an_apartment_without_a_descriptor_for_itself_says_so);
    tcase_add_test(single, ordinary_waits_need_no_descriptor);
    suite_add_tcase(suite, single);
    add_native(suite, open_multi);
    add_native(suite, open_single);
    return suite;
}

UVCOM_TEST_MAIN(wait_places_suite)
