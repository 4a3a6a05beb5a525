/*
 * test_wait_races.c -- threads that meet at several handles, and at a container: nothing is lost,
 * nothing comes twice.
 */
#include <pthread.h>
#include <stdlib.h>

#include <uvcom/synchronize.h>

#include "tests/runtime/two_handles.h"
#include "tests/support/runner.h"

static size_t rounds(size_t count)
{
    const char *text = getenv("UVCOM_RACE_FACTOR");
    const unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

    return count * (factor > 0 ? factor : 1);
}

/* ---- handles ---- */

enum { WAITERS = 3 };

static struct event answer;
static uvcom__atomic32 is_over;
static uvcom__atomic32 holders;
static uvcom__atomic32 doubles;
static uvcom__atomic32 successes;

static void hold_for_a_moment(void)
{
    if (uvcom__add32(&holders, 1, UVCOM__ACQ_REL) != 0)
        uvcom__add32(&doubles, 1, UVCOM__ACQ_REL);
    uvcom__add32(&holders, -1, UVCOM__ACQ_REL);
}

/* Each round is one waiter's, by both events or by either. */
static void *wait_again_and_again(void *arg)
{
    const DWORD flags = *(const DWORD *)arg;
    DWORD index;

    CoInitializeEx(NULL,
                   flags & COWAIT_DISPATCH_CALLS ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    while (!uvcom__load32(&is_over, UVCOM__ACQUIRE) &&
           SUCCEEDED(wait_for(flags, INFINITE, &index)) &&
           !uvcom__load32(&is_over, UVCOM__ACQUIRE)) {
        hold_for_a_moment();
        uvcom__add32(&successes, 1, UVCOM__ACQ_REL);
        uvcom__event_signal(&answer);
    }
    for (int i = 0; i < 2; i++)
        uvcom__event_signal(&events[i]); /* for the next one */
    CoUninitialize();
    return NULL;
}

static void let_one_through(size_t round, DWORD flags)
{
    for (int i = 0; i < 2; i++)
        if (flags & COWAIT_WAITALL || i == (int)(round % 2))
            uvcom__event_signal(&events[(round + (size_t)i) % 2]);
    ck_assert_hr(uvcom__event_wait(&answer, 0, INFINITE), S_OK);
}

static void compete(DWORD flags)
{
    pthread_t threads[WAITERS];

    answer = (struct event){.is_manual = false};
    uvcom__store32(&is_over, 0, UVCOM__RELEASE);
    for (int i = 0; i < WAITERS; i++)
        pthread_create(&threads[i], NULL, wait_again_and_again, &flags);
    for (size_t i = rounds(500); i > 0; i--)
        let_one_through(i, flags);
    uvcom__store32(&is_over, 1, UVCOM__RELEASE);
    for (int i = 0; i < 2; i++)
        uvcom__event_signal(&events[i]);
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(uvcom__load32(&doubles, UVCOM__ACQUIRE), 0);
    ck_assert_uint_eq(uvcom__load32(&successes, UVCOM__ACQUIRE), rounds(500));
    uvcom__event_end(&answer);
}

START_TEST(an_auto_reset_event_ends_one_wait_for_handles)
{
    compete(COWAIT_DEFAULT);
}
END_TEST

START_TEST(an_auto_reset_event_ends_one_wait_of_apartments)
{
    compete(COWAIT_DISPATCH_CALLS);
}
END_TEST

START_TEST(con_11_all_or_none_of_them_are_taken)
{
    compete(COWAIT_WAITALL);
}
END_TEST

/* ---- a container ---- */

enum { MEMBERS = 8, SIGNALERS = 2, TAKERS = 3 };

static ISynchronizeContainer *container;
static ISynchronize *members[MEMBERS];
static uvcom__atomic32 taken;
static uvcom__atomic32 mistakes;

static void *signal_members(void *arg)
{
    const size_t first = *(const size_t *)arg;

    for (size_t i = rounds(1500) * MEMBERS; i > 0; i--)
        ISynchronize_Signal(members[(first + i) % MEMBERS]);
    return NULL;
}

/* What comes out goes back in. */
static void *take_members(void *arg)
{
    ISynchronize *found;
    HRESULT hr;

    CoInitializeEx(NULL, *(const DWORD *)arg);
    for (;;) {
        hr = ISynchronizeContainer_WaitMultiple(container, 0, INFINITE, &found);
        if (uvcom__load32(&is_over, UVCOM__ACQUIRE))
            break;
        if (hr != S_OK || ISynchronizeContainer_AddSynchronize(container, found) != S_OK)
            uvcom__add32(&mistakes, 1, UVCOM__RELAXED);
        if (found)
            ISynchronize_Release(found);
        uvcom__add32(&taken, 1, UVCOM__RELAXED);
    }
    if (found) {
        ISynchronizeContainer_AddSynchronize(container, found);
        ISynchronize_Signal(found); /* for the next one */
        ISynchronize_Release(found);
    }
    CoUninitialize();
    return NULL;
}

static void open_members(const CLSID *clsid)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ck_assert_hr(uvcom_create_container(&container), S_OK);
    for (int i = 0; i < MEMBERS; i++) {
        ck_assert_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize,
                                      (void **)&members[i]),
                     S_OK);
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, members[i]), S_OK);
    }
}

/* All of them are still there, clear, and held by the container and by us. */
static void close_members(void)
{
    ISynchronize *found;

    while (ISynchronizeContainer_WaitMultiple(container, 0, 0, &found) == S_OK) {
        ISynchronize_Reset(found);
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, found), S_OK);
        ISynchronize_Release(found);
    }
    for (int i = 0; i < MEMBERS; i++)
        ck_assert_hr(ISynchronize_Signal(members[i]), S_OK);
    for (int i = 0; i < MEMBERS; i++) {
        ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, &found), S_OK);
        ISynchronize_Release(found);
    }
    ck_assert_hr(ISynchronizeContainer_WaitMultiple(container, 0, 0, &found), RPC_E_NO_SYNC);
    for (int i = 0; i < MEMBERS; i++)
        ck_assert_uint_eq(ISynchronize_Release(members[i]), 0);
    ck_assert_uint_eq(ISynchronizeContainer_Release(container), 0);
    CoUninitialize();
}

static void signal_and_take(const CLSID *clsid, DWORD model)
{
    size_t firsts[SIGNALERS] = {0, MEMBERS / 2};
    pthread_t signalers[SIGNALERS], takers[TAKERS];

    open_members(clsid);
    for (int i = 0; i < TAKERS; i++)
        pthread_create(&takers[i], NULL, take_members, &model);
    for (int i = 0; i < SIGNALERS; i++)
        pthread_create(&signalers[i], NULL, signal_members, &firsts[i]);
    for (int i = 0; i < SIGNALERS; i++)
        pthread_join(signalers[i], NULL);
    uvcom__store32(&is_over, 1, UVCOM__RELEASE);
    ISynchronize_Signal(members[0]);
    for (int i = 0; i < TAKERS; i++)
        pthread_join(takers[i], NULL);
    ck_assert_uint_eq(uvcom__load32(&mistakes, UVCOM__ACQUIRE), 0);
    ck_assert_uint_gt(uvcom__load32(&taken, UVCOM__ACQUIRE), 0);
    close_members();
}

START_TEST(signals_beside_a_container)
{
    signal_and_take(&CLSID_StdEvent, COINIT_MULTITHREADED);
}
END_TEST

START_TEST(signals_beside_a_container_of_apartments)
{
    signal_and_take(&CLSID_StdEvent, COINIT_APARTMENTTHREADED);
}
END_TEST

/* No signal is lost, and none comes twice: each is answered before the next. */
static void *answer_signals(void *arg)
{
    ISynchronize *found;

    CoInitializeEx(NULL, *(const DWORD *)arg);
    for (size_t i = rounds(2000); i > 0; i--) {
        if (ISynchronizeContainer_WaitMultiple(container, 0, INFINITE, &found) != S_OK ||
            found != members[i % MEMBERS] ||
            ISynchronizeContainer_AddSynchronize(container, found) != S_OK)
            uvcom__add32(&mistakes, 1, UVCOM__RELAXED);
        if (found)
            ISynchronize_Release(found);
        uvcom__event_signal(&answer);
    }
    CoUninitialize();
    return NULL;
}

static void ask_and_answer(DWORD model)
{
    pthread_t thread;

    open_members(&CLSID_StdEvent);
    answer = (struct event){.is_manual = false};
    pthread_create(&thread, NULL, answer_signals, &model);
    for (size_t i = rounds(2000); i > 0; i--) {
        ck_assert_hr(ISynchronize_Signal(members[i % MEMBERS]), S_OK);
        ck_assert_hr(uvcom__event_wait(&answer, 0, INFINITE), S_OK);
    }
    pthread_join(thread, NULL);
    ck_assert_uint_eq(uvcom__load32(&mistakes, UVCOM__ACQUIRE), 0);
    uvcom__event_end(&answer);
    close_members();
}

START_TEST(race_04_no_signal_for_a_container_is_lost)
{
    ask_and_answer(COINIT_MULTITHREADED);
}
END_TEST

START_TEST(race_04_no_signal_for_a_container_of_an_apartment_is_lost)
{
    ask_and_answer(COINIT_APARTMENTTHREADED);
}
END_TEST

struct flicker {
    pthread_barrier_t barrier;
    size_t rounds;
};

/* Looks again and again, so that it is often just looking. */
static void *look_until_set(void *arg)
{
    struct flicker *flicker = arg;
    ISynchronize *found;

    for (size_t i = 0; i < flicker->rounds; i++) {
        pthread_barrier_wait(&flicker->barrier);
        while (ISynchronizeContainer_WaitMultiple(container, 0, 0, &found) != S_OK)
            continue;
        ISynchronize_Release(found);
        pthread_barrier_wait(&flicker->barrier);
    }
    return NULL;
}

/* It is set and clear again and again while WaitMultiple looks; in the end it is set. */
START_TEST(race_04_a_signal_while_a_member_is_looked_at_is_not_lost)
{
    struct flicker flicker = {.rounds = rounds(10000)};
    pthread_t thread;

    open_members(&CLSID_ManualResetEvent);
    pthread_barrier_init(&flicker.barrier, NULL, 2);
    pthread_create(&thread, NULL, look_until_set, &flicker);
    for (size_t i = 0; i < flicker.rounds; i++) {
        pthread_barrier_wait(&flicker.barrier);
        for (size_t j = i % 10; j > 0; j--) {
            ISynchronize_Signal(members[0]);
            ISynchronize_Reset(members[0]);
        }
        ISynchronize_Signal(members[0]);
        pthread_barrier_wait(&flicker.barrier);
        ISynchronize_Reset(members[0]);
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, members[0]), S_OK);
    }
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&flicker.barrier);
    close_members();
}
END_TEST

/* One member and two who wait: one has it, the other learns that there is nothing left. */
struct pair {
    pthread_barrier_t barrier;
    size_t rounds;
    HRESULT codes[2];
};

static void wait_for_the_last(struct pair *pair, int side)
{
    ISynchronize *found;

    pthread_barrier_wait(&pair->barrier);
    pair->codes[side] = ISynchronizeContainer_WaitMultiple(container, 0, INFINITE, &found);
    if (found)
        ISynchronize_Release(found);
    pthread_barrier_wait(&pair->barrier);
}

static void *wait_beside(void *arg)
{
    struct pair *pair = arg;

    for (size_t i = 0; i < pair->rounds; i++)
        wait_for_the_last(pair, 1);
    return NULL;
}

static void *signal_the_last(void *arg)
{
    struct pair *pair = arg;

    for (size_t i = 0; i < pair->rounds; i++) {
        pthread_barrier_wait(&pair->barrier);
        for (size_t pauses = i % 997; pauses > 0; pauses--)
            uvcom__pause();
        ISynchronize_Signal(members[0]);
        pthread_barrier_wait(&pair->barrier);
    }
    return NULL;
}

START_TEST(con_03_who_waits_learns_that_the_last_member_has_gone)
{
    struct pair pair = {.rounds = rounds(3000)};
    pthread_t threads[2];
    ISynchronize *found;

    open_members(&CLSID_StdEvent);
    for (int i = 0; i < MEMBERS; i++) {
        ISynchronize_Signal(members[i]);
        ISynchronizeContainer_WaitMultiple(container, 0, 0, &found);
        ISynchronize_Release(found);
    }
    pthread_barrier_init(&pair.barrier, NULL, 3);
    pthread_create(&threads[0], NULL, wait_beside, &pair);
    pthread_create(&threads[1], NULL, signal_the_last, &pair);
    for (size_t i = 0; i < pair.rounds; i++) {
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, members[0]), S_OK);
        wait_for_the_last(&pair, 0);
        ck_assert(pair.codes[0] == S_OK ? pair.codes[1] == RPC_E_NO_SYNC
                                        : pair.codes[0] == RPC_E_NO_SYNC && pair.codes[1] == S_OK);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&pair.barrier);
    for (int i = 0; i < MEMBERS; i++)
        ck_assert_hr(ISynchronizeContainer_AddSynchronize(container, members[i]), S_OK);
    close_members();
}
END_TEST

static void *signal_beside_the_end(void *arg)
{
    pthread_barrier_t *barrier = arg;

    for (size_t i = rounds(300); i > 0; i--) {
        pthread_barrier_wait(barrier);
        for (int j = 0; j < MEMBERS; j++)
            ISynchronize_Signal(members[j]);
        pthread_barrier_wait(barrier);
    }
    return NULL;
}

START_TEST(signals_beside_the_end_of_a_container)
{
    ISynchronizeContainer *dying;
    pthread_barrier_t barrier;
    pthread_t thread;

    open_members(&CLSID_ManualResetEvent);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, signal_beside_the_end, &barrier);
    for (size_t i = rounds(300); i > 0; i--) {
        ck_assert_hr(uvcom_create_container(&dying), S_OK);
        for (int j = 0; j < MEMBERS; j++) {
            ISynchronize_Reset(members[j]);
            ck_assert_hr(ISynchronizeContainer_AddSynchronize(dying, members[j]), S_OK);
        }
        pthread_barrier_wait(&barrier);
        ISynchronizeContainer_Release(dying);
        pthread_barrier_wait(&barrier);
    }
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&barrier);
    close_members();
}
END_TEST

static Suite *wait_races_suite(void)
{
    Suite *suite = suite_create("wait_races");
    TCase *some = tcase_create("handles");
    TCase *many = tcase_create("container");

    tcase_add_checked_fixture(some, open_multi, close_events);
    tcase_add_test(some, an_auto_reset_event_ends_one_wait_for_handles);
    tcase_add_test(some, an_auto_reset_event_ends_one_wait_of_apartments);
    tcase_add_test(some, con_11_all_or_none_of_them_are_taken);
    suite_add_tcase(suite, some);
    tcase_add_test(many, signals_beside_a_container);
    tcase_add_test(many, signals_beside_a_container_of_apartments);
    tcase_add_test(many, race_04_no_signal_for_a_container_is_lost);
    tcase_add_test(many, race_04_no_signal_for_a_container_of_an_apartment_is_lost);
    tcase_add_test(many, race_04_a_signal_while_a_member_is_looked_at_is_not_lost);
    tcase_add_test(many, con_03_who_waits_learns_that_the_last_member_has_gone);
    tcase_add_test(many, signals_beside_the_end_of_a_container);
    suite_add_tcase(suite, many);
    return suite;
}

UVCOM_TEST_MAIN(wait_races_suite)
