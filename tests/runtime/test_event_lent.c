/*
 * test_event_lent.c -- an event with somebody else's handle (SYN-13): who waits for it while that
 * is replaced, closed or shared.
 *
 * What such an event does by itself is in test_event_handle.c.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <uvcom/combase.h>
#include <uvcom/synchronize.h>

#include "runtime/event.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/runner.h"

static struct event event;
static int own; /* its descriptor */

static void open_kind(bool is_manual)
{
    faults_reset();
    event = (struct event){.is_manual = false};
    uvcom__event_init(&event, is_manual);
    ck_assert_hr(uvcom__event_descriptor(&event, &own), S_OK);
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

static int new_descriptor(void)
{
    const int descriptor = eventfd(0, EFD_CLOEXEC);

    ck_assert_int_gt(descriptor, 0);
    return descriptor;
}

static void set(int descriptor)
{
    const uint64_t one = 1;

    ck_assert_int_eq(write(descriptor, &one, sizeof one), sizeof one);
}

static bool is_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    ck_assert_int_ge(poll(&entry, 1, 0), 0);
    return entry.revents != 0;
}

/* ---- one who waits ---- */

struct waiter {
    pthread_t thread;
    DWORD model;
    HRESULT hr;
};

static void *wait_for_it(void *arg)
{
    struct waiter *waiter = arg;

    CoInitializeEx(NULL, waiter->model);
    waiter->hr = uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE);
    CoUninitialize();
    return NULL;
}

static bool is_observed(void)
{
    bool is;

    uvcom__lock_acquire(&event.lock);
    is = event.observers.first != NULL;
    uvcom__lock_release(&event.lock);
    return is;
}

/* Returns when it is asleep or on its way. One that sleeps on the word has set its second bit. */
static void start_waiter(struct waiter *waiter, DWORD model)
{
    *waiter = (struct waiter){.model = model, .hr = E_FAIL};
    ck_assert_int_eq(pthread_create(&waiter->thread, NULL, wait_for_it, waiter), 0);
    while (!is_observed() && !(uvcom__load32(&event.word, UVCOM__ACQUIRE) & 2))
        sched_yield();
}

static void end_waiter(struct waiter *waiter)
{
    pthread_join(waiter->thread, NULL);
    ck_assert_hr(waiter->hr, S_OK);
    ck_assert(!is_observed());
}

static const DWORD models[] = {COINIT_MULTITHREADED, COINIT_APARTMENTTHREADED};

START_TEST(syn_13_who_waits_learns_of_a_signal_after_the_handle_was_replaced)
{
    const int first = new_descriptor(), second = new_descriptor();
    const int next[] = {second, own};
    struct waiter waiter;

    for (int i = 0; i < 2; i++) {
        ck_assert_hr(uvcom__event_borrow(&event, first), S_OK);
        start_waiter(&waiter, models[_i]);
        ck_assert_hr(uvcom__event_borrow(&event, next[i]), S_OK);
        ck_assert_hr(uvcom__event_signal(&event), S_OK);
        end_waiter(&waiter);
        ck_assert(!is_readable(first));
        ck_assert_int_eq(is_readable(next[i]), event.is_manual);
        ck_assert_hr(uvcom__event_reset(&event), S_OK);
    }
    close(first);
    close(second);
}
END_TEST

/* From the word to a descriptor, and what others do to that. */
START_TEST(syn_13_who_waits_already_goes_on_by_the_new_handle)
{
    const int descriptor = new_descriptor();
    struct waiter waiter;

    start_waiter(&waiter, models[_i]);
    ck_assert_hr(uvcom__event_borrow(&event, descriptor), S_OK);
    set(descriptor);
    end_waiter(&waiter);
    ck_assert_int_eq(is_readable(descriptor), event.is_manual);
    close(descriptor);
}
END_TEST

START_TEST(syn_13_the_old_handle_is_nothing_to_who_waits)
{
    const clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
    const int first = new_descriptor(), second = new_descriptor();
    struct timespec before, after;
    struct waiter waiter;
    HRESULT hr;

    ck_assert_hr(uvcom__event_borrow(&event, first), S_OK);
    start_waiter(&waiter, models[_i]);
    ck_assert_hr(uvcom__event_borrow(&event, second), S_OK);
    set(first);
    clock_gettime(clock, &before);
    hr = uvcom__event_wait(&event, COWAIT_DEFAULT, 200);
    clock_gettime(clock, &after);
    ck_assert_hr(hr, RPC_E_TIMEOUT);
    ck_assert_int_lt((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec,
                     50000000);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    end_waiter(&waiter);
    ck_assert(is_readable(first));
    close(first);
    close(second);
}
END_TEST

enum { ROUNDS = 300 };

static void *replace_and_signal(void *arg)
{
    const int *descriptors = arg;

    for (int i = 0; i < ROUNDS; i++)
        uvcom__event_borrow(&event, i % 3 == 2 ? own : descriptors[i % 3]);
    uvcom__event_signal(&event);
    return NULL;
}

/* SetEventHandle and Signal meet a waiter at every step on its way. */
START_TEST(race_04_no_signal_is_lost_between_two_handles)
{
    int descriptors[2] = {new_descriptor(), new_descriptor()};
    struct waiter waiter;
    pthread_t thread;

    for (int i = 0; i < 30; i++) {
        ck_assert_hr(uvcom__event_reset(&event), S_OK);
        start_waiter(&waiter, models[_i]);
        pthread_create(&thread, NULL, replace_and_signal, descriptors);
        end_waiter(&waiter);
        pthread_join(thread, NULL);
    }
    close(descriptors[0]);
    close(descriptors[1]);
}
END_TEST

START_TEST(without_descriptors_a_wait_for_a_handle_says_so)
{
    const int descriptor = new_descriptor();
    struct rlimit before;
    HRESULT looked, waited;

    ck_assert_hr(uvcom__event_borrow(&event, descriptor), S_OK);
    before = few_descriptors_begin(0);
    looked = uvcom__event_wait(&event, COWAIT_DEFAULT, 0);
    waited = uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE);
    few_descriptors_end(before);
    ck_assert_hr(looked, RPC_E_TIMEOUT);
    ck_assert_hr(waited, RPC_E_OUT_OF_RESOURCES);
    ck_assert(!is_observed());
    close(descriptor);
}
END_TEST

/* ---- closed ---- */

START_TEST(syn_13_a_handle_that_was_closed_is_no_event)
{
    const int descriptor = new_descriptor();

    ck_assert_hr(CoInitializeEx(NULL, models[_i]), S_OK);
    ck_assert_hr(uvcom__event_borrow(&event, descriptor), S_OK);
    close(descriptor);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 0), E_HANDLE);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1000), E_HANDLE);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), E_HANDLE);
    ck_assert_hr(uvcom__event_signal(&event), E_HANDLE);
    ck_assert_hr(uvcom__event_borrow(&event, own), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    CoUninitialize();
}
END_TEST

/* ---- shared ---- */

START_TEST(syn_13_another_events_own_handle_is_refused)
{
    struct event other = {.is_manual = false};
    const int lent = new_descriptor();
    int descriptor;

    uvcom__event_init(&other, !event.is_manual);
    ck_assert_hr(uvcom__event_descriptor(&other, &descriptor), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_borrow(&event, descriptor), E_INVALIDARG);
    /* Also while its owner uses another one. */
    ck_assert_hr(uvcom__event_borrow(&other, lent), S_OK);
    ck_assert_hr(uvcom__event_borrow(&event, descriptor), E_INVALIDARG);
    /* Nothing has changed. */
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 0), S_OK);
    uvcom__event_end(&other);
    close(lent);
}
END_TEST

START_TEST(syn_13_two_events_may_share_a_handle)
{
    struct event other = {.is_manual = false};
    const int lent = new_descriptor();
    HANDLE handle = (HANDLE)(intptr_t)lent;
    DWORD index;

    uvcom__event_init(&other, !event.is_manual);
    ck_assert_hr(uvcom__event_borrow(&event, lent), S_OK);
    ck_assert_hr(uvcom__event_borrow(&other, lent), S_OK);
    ck_assert_hr(uvcom__event_signal(&other), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    /* One of them is auto-reset, so this takes it. */
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_DEFAULT, INFINITE, 1, &handle, &index), S_OK);
    ck_assert(!is_readable(lent));
    uvcom__event_end(&other);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    close(lent);
}
END_TEST

/* A duplicate cannot be told from a stranger's. */
START_TEST(syn_13_the_own_handle_is_clear_again_after_its_duplicate_was_lent)
{
    const int copy = dup(own);

    ck_assert_hr(uvcom__event_borrow(&event, copy), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(is_readable(own));
    ck_assert_hr(uvcom__event_borrow(&event, own), S_OK);
    ck_assert(!is_readable(own));
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(is_readable(own));
    close(copy);
}
END_TEST

static void add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, syn_13_who_waits_learns_of_a_signal_after_the_handle_was_replaced, 0,
                        2);
    tcase_add_loop_test(tcase, syn_13_who_waits_already_goes_on_by_the_new_handle, 0, 2);
    tcase_add_loop_test(tcase, syn_13_the_old_handle_is_nothing_to_who_waits, 0, 2);
    tcase_add_loop_test(tcase, race_04_no_signal_is_lost_between_two_handles, 0, 2);
    tcase_add_test(tcase, without_descriptors_a_wait_for_a_handle_says_so);
    tcase_add_loop_test(tcase, syn_13_a_handle_that_was_closed_is_no_event, 0, 2);
    tcase_add_test(tcase, syn_13_another_events_own_handle_is_refused);
    tcase_add_test(tcase, syn_13_two_events_may_share_a_handle);
    tcase_add_test(tcase, syn_13_the_own_handle_is_clear_again_after_its_duplicate_was_lent);
}

static Suite *event_lent_suite(void)
{
    Suite *suite = suite_create("event_lent");
    TCase *manual = tcase_create("manual");
    TCase *automatic = tcase_create("auto-reset");

    tcase_add_checked_fixture(manual, open_manual, close_event);
    add_tests(manual);
    suite_add_tcase(suite, manual);
    tcase_add_checked_fixture(automatic, open_auto, close_event);
    add_tests(automatic);
    suite_add_tcase(suite, automatic);
    return suite;
}

UVCOM_TEST_MAIN(event_lent_suite)
