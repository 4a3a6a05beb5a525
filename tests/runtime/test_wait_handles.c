/*
 * test_wait_handles.c -- CoWaitForMultipleHandles: what it waits for and answers (CON-08, 10 to
 * 12).
 *
 * On which threads, and what fails, is in test_wait_places.c.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runtime/two_handles.h"
#include "tests/support/gate.h"
#include "tests/support/runner.h"

/* ---- CON-08 ---- */

START_TEST(con_08_what_cannot_be_asked)
{
    HANDLE bad[2] = {handles[0], NULL};
    DWORD index;

    uvcom__event_signal(&events[0]);
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 2, handles, NULL), E_INVALIDARG);
    index = 5;
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 2, NULL, &index), E_INVALIDARG);
    ck_assert_uint_eq(index, 0);
    index = 5;
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 0, NULL, &index), E_INVALIDARG);
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 0, handles, &index), RPC_E_NO_SYNC);
    ck_assert_uint_eq(index, 0);
    expect(0x20, 0, E_INVALIDARG, 0);
    expect(0x80000000u, INFINITE, E_INVALIDARG, 0);
    index = 5;
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 2, bad, &index), E_HANDLE);
    ck_assert_uint_eq(index, 0);
    bad[1] = handle_of(-1);
    ck_assert_hr(CoWaitForMultipleHandles(0, 0, 2, bad, &index), E_HANDLE);
    bad[1] = handle_of(dup(2));
    close((int)(intptr_t)bad[1]);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, 2, bad, &index), E_HANDLE);
    /* Nothing of that has taken the event. */
    ck_assert_hr(poll_event(0), S_OK);
}
END_TEST

START_TEST(con_08_the_time_is_over)
{
    expect(0, 0, RPC_S_CALLPENDING, 0);
    expect(0, 1, RPC_S_CALLPENDING, 0);
    expect(COWAIT_WAITALL, 1, RPC_S_CALLPENDING, 0);
    expect(COWAIT_ALERTABLE, 1, RPC_S_CALLPENDING, 0);
}
END_TEST

START_TEST(con_12_every_flag_is_accepted)
{
    for (DWORD flags = 0; flags <= WAIT_FLAGS; flags++) {
        uvcom__event_signal(&events[0]);
        uvcom__event_signal(&events[1]);
        expect(flags, 0, S_OK, 0);
        uvcom__event_reset(&events[1]);
    }
}
END_TEST

/* ---- what ends a wait ---- */

START_TEST(the_first_that_is_signaled_is_taken)
{
    uvcom__event_signal(&events[1]);
    expect(0, INFINITE, S_OK, 1);
    ck_assert_hr(poll_event(1), RPC_E_TIMEOUT);
    uvcom__event_signal(&events[0]);
    uvcom__event_signal(&events[1]);
    expect(0, 0, S_OK, 0);
    ck_assert_hr(poll_event(0), RPC_E_TIMEOUT);
    expect(0, 0, S_OK, 1);
    expect(0, 0, RPC_S_CALLPENDING, 0);
}
END_TEST

START_TEST(a_manual_event_stays_set)
{
    for (int i = 0; i < 2; i++)
        events[i].is_manual = true;
    uvcom__event_signal(&events[1]);
    expect(0, INFINITE, S_OK, 1);
    expect(0, INFINITE, S_OK, 1);
    ck_assert_hr(poll_event(1), S_OK);
}
END_TEST

START_TEST(an_event_whose_handle_was_replaced_is_taken_by_the_new_one)
{
    const int descriptor = eventfd(0, EFD_CLOEXEC);

    ck_assert_hr(uvcom__event_borrow(&events[1], descriptor), S_OK);
    handles[1] = handle_of(descriptor);
    uvcom__event_signal(&events[1]);
    expect(0, INFINITE, S_OK, 1);
    expect(0, 0, RPC_S_CALLPENDING, 0);
    close(descriptor);
}
END_TEST

START_TEST(any_descriptor_will_do)
{
    int pipes[2], sockets[2];
    char byte = 1;

    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    handles[0] = handle_of(pipes[0]);
    handles[1] = handle_of(sockets[0]);
    expect(0, 1, RPC_S_CALLPENDING, 0);
    ck_assert_int_eq(write(sockets[1], &byte, 1), 1);
    expect(0, INFINITE, S_OK, 1);
    /* Nothing has been read from it. */
    expect(0, INFINITE, S_OK, 1);
    ck_assert_int_eq(read(sockets[0], &byte, 1), 1);
    /* The end of a pipe whose writer has gone. */
    close(pipes[1]);
    expect(0, INFINITE, S_OK, 0);
    close(pipes[0]);
    close(sockets[0]);
    close(sockets[1]);
}
END_TEST

enum { MANY = 300 };

START_TEST(there_may_be_more_than_64)
{
    HANDLE many[MANY];
    DWORD index;

    for (int i = 0; i < MANY; i++)
        many[i] = handle_of(eventfd(0, EFD_CLOEXEC));
    many[MANY - 1] = handles[1];
    ck_assert_hr(CoWaitForMultipleHandles(0, 1, MANY, many, &index), RPC_S_CALLPENDING);
    uvcom__event_signal(&events[1]);
    ck_assert_hr(CoWaitForMultipleHandles(0, INFINITE, MANY, many, &index), S_OK);
    ck_assert_uint_eq(index, MANY - 1);
    for (int i = 0; i < MANY - 1; i++)
        close((int)(intptr_t)many[i]);
}
END_TEST

static void *signal_late(void *arg)
{
    struct gate *gate = arg;

    gate_wait(gate);
    uvcom__event_signal(&events[0]);
    uvcom__event_signal(&events[1]);
    return NULL;
}

/* The other thread signals when this one is on its way to sleep, or asleep. */
static void sleep_and_be_woken(DWORD flags)
{
    struct gate gate = GATE_INITIALIZER;
    pthread_t thread;

    for (int i = 0; i < 200; i++) {
        gate_close(&gate);
        pthread_create(&thread, NULL, signal_late, &gate);
        gate_open(&gate);
        expect(flags, INFINITE, S_OK, 0);
        pthread_join(thread, NULL);
        uvcom__event_reset(&events[0]);
        uvcom__event_reset(&events[1]);
    }
    gate_fini(&gate);
}

START_TEST(all_threads_are_woken_by_a_signal_from_elsewhere)
{
    HANDLE swapped = handles[1];

    handles[1] = handles[0];
    sleep_and_be_woken(0);
    handles[1] = swapped;
    sleep_and_be_woken(COWAIT_WAITALL);
}
END_TEST

/* ---- CON-11 ---- */

START_TEST(con_11_waitall_is_all_at_the_same_time)
{
    uvcom__event_signal(&events[1]);
    expect(COWAIT_WAITALL, 0, RPC_S_CALLPENDING, 0);
    expect(COWAIT_WAITALL, 20, RPC_S_CALLPENDING, 0);
    /* It was not taken. */
    ck_assert_hr(poll_event(1), S_OK);
    uvcom__event_signal(&events[0]);
    expect(COWAIT_WAITALL, 1, RPC_S_CALLPENDING, 0);
    uvcom__event_signal(&events[1]);
    expect(COWAIT_WAITALL, INFINITE, S_OK, 0);
    ck_assert_hr(poll_event(0), RPC_E_TIMEOUT);
    ck_assert_hr(poll_event(1), RPC_E_TIMEOUT);
}
END_TEST

/* Somebody was faster with the second: the first one is given back. */
START_TEST(con_11_what_was_taken_is_given_back_if_another_was_not_to_be_had)
{
    const uint64_t one = 1;

    uvcom__event_signal(&events[0]);
    /* Readable, and not to be taken: as between another thread's Wait and its last step. */
    ck_assert_int_eq(write((int)(intptr_t)handles[1], &one, sizeof one), sizeof one);
    expect(COWAIT_WAITALL, 0, RPC_S_CALLPENDING, 0);
    expect(COWAIT_WAITALL, 1, RPC_S_CALLPENDING, 0);
    ck_assert_hr(poll_event(0), S_OK);
}
END_TEST

/* How often somebody asked the kernel about descriptors: a wait that does not sleep asks without
   end. The runtime's own call comes here, since a program's symbol is found before the library's.
 */
static atomic_uint times_asked;

int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *span, const sigset_t *mask)
{
    struct timespec left = span ? *span : (struct timespec){0}; /* the kernel writes what is left */

    atomic_fetch_add(&times_asked, 1);
    return (int)syscall(SYS_ppoll, entries, count, span ? &left : NULL, mask, _NSIG / 8);
}

enum { A_FEW_QUESTIONS = 20 };

/* Else the one that is ready would end each sleep. */
START_TEST(con_11_while_one_is_missing_it_sleeps)
{
    const unsigned before = atomic_load(&times_asked);

    uvcom__event_signal(&events[1]);
    expect(COWAIT_WAITALL, 200, RPC_S_CALLPENDING, 0);
    ck_assert_uint_lt(atomic_load(&times_asked) - before, A_FEW_QUESTIONS);
    ck_assert_uint_gt(atomic_load(&times_asked), before);
}
END_TEST

/* A wait for one handle takes it once. */
START_TEST(con_11_a_handle_that_is_given_twice_counts_once)
{
    const HANDLE twice[4] = {handles[1], handles[0], handles[1], handles[0]};
    const unsigned before = atomic_load(&times_asked);
    HANDLE given[4];
    DWORD index;

    memcpy(given, twice, sizeof given);
    uvcom__event_signal(&events[1]);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 200, 4, given, &index),
                 RPC_S_CALLPENDING);
    ck_assert_uint_lt(atomic_load(&times_asked) - before, A_FEW_QUESTIONS);
    ck_assert_uint_gt(atomic_load(&times_asked), before);
    uvcom__event_signal(&events[0]);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 0, 4, given, &index), S_OK);
    ck_assert_uint_eq(index, 0);
    ck_assert_mem_eq(given, twice, sizeof given);
    ck_assert_hr(poll_event(0), RPC_E_TIMEOUT);
    ck_assert_hr(poll_event(1), RPC_E_TIMEOUT);
}
END_TEST

/* Somebody has written to it, by a duplicate say. */
START_TEST(a_descriptor_that_is_readable_while_its_event_is_clear_is_made_to_agree)
{
    const unsigned before = atomic_load(&times_asked);
    const uint64_t one = 1;

    for (int i = 0; i < 2; i++) {
        events[1].is_manual = i == 0;
        ck_assert_int_eq(write((int)(intptr_t)handles[1], &one, sizeof one), sizeof one);
        expect(0, 100, RPC_S_CALLPENDING, 0);
        ck_assert_hr(poll_event(1), RPC_E_TIMEOUT);
    }
    ck_assert_uint_lt(atomic_load(&times_asked) - before, A_FEW_QUESTIONS);
    ck_assert_uint_gt(atomic_load(&times_asked), before);
    uvcom__event_signal(&events[1]);
    expect(0, 0, S_OK, 1);
}
END_TEST

START_TEST(con_11_with_one_object_waitall_is_any)
{
    DWORD index = 9;

    uvcom__event_signal(&events[0]);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, INFINITE, 1, handles, &index), S_OK);
    ck_assert_uint_eq(index, 0);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_WAITALL, 1, 1, handles, &index),
                 RPC_S_CALLPENDING);
}
END_TEST

/* ---- CON-10 ---- */

static atomic_int handled;
static atomic_bool is_ended;

static void on_signal(int number)
{
    (void)number;
    atomic_fetch_add(&handled, 1);
}

struct sender {
    pthread_t to;
    int enough; /* signals, after which the event is set */
};

static void *send_signals(void *arg)
{
    const struct sender *sender = arg;

    while (!atomic_load(&is_ended)) {
        pthread_kill(sender->to, SIGUSR1);
        if (sender->enough && atomic_load(&handled) >= sender->enough)
            uvcom__event_signal(&events[1]);
        sched_yield();
    }
    return NULL;
}

static void wait_under_fire(DWORD flags, int enough, DWORD index)
{
    struct sigaction action = {.sa_handler = on_signal}; /* system calls are not restarted */
    struct sender sender = {.to = pthread_self(), .enough = enough};
    pthread_t thread;
    DWORD found;

    sigaction(SIGUSR1, &action, NULL);
    atomic_store(&handled, 0);
    atomic_store(&is_ended, false);
    pthread_create(&thread, NULL, send_signals, &sender);
    ck_assert_hr(wait_for(flags, INFINITE, &found), S_OK);
    atomic_store(&is_ended, true);
    pthread_join(thread, NULL);
    ck_assert_uint_eq(found, index);
}

START_TEST(con_10_a_signal_handler_ends_an_alertable_wait)
{
    wait_under_fire(COWAIT_ALERTABLE, 0, WAIT_IO_COMPLETION);
    ck_assert_int_gt(atomic_load(&handled), 0);
    /* Who then waits again finds what was signaled. */
    uvcom__event_signal(&events[1]);
    expect(COWAIT_ALERTABLE, INFINITE, S_OK, 1);
}
END_TEST

START_TEST(con_10_it_does_not_end_another_wait)
{
    wait_under_fire(COWAIT_DEFAULT, 100, 1);
    ck_assert_int_ge(atomic_load(&handled), 100);
}
END_TEST

static void add_tests(TCase *tcase)
{
    tcase_add_test(tcase, con_08_what_cannot_be_asked);
    tcase_add_test(tcase, con_08_the_time_is_over);
    tcase_add_test(tcase, con_12_every_flag_is_accepted);
    tcase_add_test(tcase, the_first_that_is_signaled_is_taken);
    tcase_add_test(tcase, a_manual_event_stays_set);
    tcase_add_test(tcase, an_event_whose_handle_was_replaced_is_taken_by_the_new_one);
    tcase_add_test(tcase, any_descriptor_will_do);
    tcase_add_test(tcase, there_may_be_more_than_64);
    tcase_add_test(tcase, all_threads_are_woken_by_a_signal_from_elsewhere);
    tcase_add_test(tcase, con_11_waitall_is_all_at_the_same_time);
    tcase_add_test(tcase, con_11_what_was_taken_is_given_back_if_another_was_not_to_be_had);
    tcase_add_test(tcase, con_11_while_one_is_missing_it_sleeps);
    tcase_add_test(tcase, con_11_a_handle_that_is_given_twice_counts_once);
    tcase_add_test(tcase, a_descriptor_that_is_readable_while_its_event_is_clear_is_made_to_agree);
    tcase_add_test(tcase, con_11_with_one_object_waitall_is_any);
    tcase_add_test(tcase, con_10_a_signal_handler_ends_an_alertable_wait);
    tcase_add_test(tcase, con_10_it_does_not_end_another_wait);
}

static Suite *wait_handles_suite(void)
{
    Suite *suite = suite_create("wait_handles");
    TCase *multi = tcase_create("multithreaded");
    TCase *single = tcase_create("single-threaded");

    tcase_add_checked_fixture(multi, open_multi, close_events);
    add_tests(multi);
    suite_add_tcase(suite, multi);
    tcase_add_checked_fixture(single, open_single, close_events);
    add_tests(single);
    suite_add_tcase(suite, single);
    return suite;
}

UVCOM_TEST_MAIN(wait_handles_suite)
