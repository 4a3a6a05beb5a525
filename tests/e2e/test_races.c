/*
 * test_races.c -- threads that meet on one call object: RACE-01 to 04 and 07, each many times.
 *
 * UVCOM_RACE_FACTOR in the environment multiplies the counts. The methods that are called touch
 * nothing that threads share, and the support library counts no allocation here: a lock of the
 * test's own would make the order that is being tested.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static size_t rounds(size_t count)
{
    return count * client_race_factor();
}

static AsyncISide *new_side_call(void)
{
    AsyncISide *call;

    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncISide, (void **)&call), S_OK);
    return call;
}

/* ---- RACE-01 ------------------------------------------------------------------------------------
 */

struct duel {
    AsyncISide *call;
    pthread_barrier_t barrier;
    size_t rounds;
    HRESULT begun[2];
    int wrong; /* written by side 0 between two barriers */
};

struct duellist {
    struct duel *duel;
    int side;
};

static void judge(struct duel *duel)
{
    const int winners = (duel->begun[0] == S_OK) + (duel->begun[1] == S_OK);
    const int losers =
        (duel->begun[0] == RPC_E_CALL_PENDING) + (duel->begun[1] == RPC_E_CALL_PENDING);

    duel->wrong += winners != 1 || losers != 1;
}

static void fight(void *arg)
{
    struct duellist *self = arg;
    struct duel *duel = self->duel;

    for (size_t i = 0; i < duel->rounds; i++) {
        LONG result = 0;

        pthread_barrier_wait(&duel->barrier);
        duel->begun[self->side] = AsyncISide_Begin_Negate(duel->call, self->side + 1);
        pthread_barrier_wait(&duel->barrier);
        if (self->side == 0)
            judge(duel);
        pthread_barrier_wait(&duel->barrier);
        /* Only the winner finishes: it would otherwise take the other one's result. */
        if (duel->begun[self->side] == S_OK &&
            (FAILED(AsyncISide_Finish_Negate(duel->call, &result)) || result != -self->side - 1))
            duel->wrong++;
    }
}

START_TEST(race_01_of_two_begins_exactly_one_wins)
{
    struct duel duel = {.call = new_side_call(), .rounds = rounds(2000)};
    struct duellist sides[2] = {{&duel, 0}, {&duel, 1}};
    struct helper helpers[2];

    pthread_barrier_init(&duel.barrier, NULL, 2);
    for (int i = 0; i < 2; i++)
        helper_start(&helpers[i], fight, &sides[i]);
    for (int i = 0; i < 2; i++)
        helper_join(&helpers[i]);
    pthread_barrier_destroy(&duel.barrier);
    ck_assert_int_eq(duel.wrong, 0);
    client_release(duel.call);
}
END_TEST

/* ---- RACE-02 ------------------------------------------------------------------------------------
 */

enum { FINISHERS = 8 };

static atomic_int waiting; /* threads that are about to call Finish_ */

struct finisher {
    HRESULT hr;
    LONG result;
};

static void finish(void *arg)
{
    struct finisher *finisher = arg;

    atomic_fetch_add(&waiting, 1);
    finisher->hr = AsyncIGated_Finish_Enter(client.call, &finisher->result);
}

static void finish_all_at_once(LONG value)
{
    struct finisher finishers[FINISHERS];
    struct helper helpers[FINISHERS];
    int delivered = 0;

    atomic_store(&waiting, 0);
    ck_assert_hr(AsyncIGated_Begin_Enter(client.call, value), S_OK);
    for (int i = 0; i < FINISHERS; i++) {
        finishers[i] = (struct finisher){E_FAIL, -1};
        helper_start(&helpers[i], finish, &finishers[i]);
    }
    while (atomic_load(&waiting) < FINISHERS)
        sched_yield();
    gate_pass(&gated.gate, 1);
    for (int i = 0; i < FINISHERS; i++) {
        helper_join(&helpers[i]);
        if (finishers[i].hr == S_OK) {
            delivered++;
            ck_assert_int_eq(finishers[i].result, value);
        } else {
            ck_assert_hr(finishers[i].hr, RPC_E_CALL_COMPLETE);
            ck_assert_int_eq(finishers[i].result, 0);
        }
    }
    ck_assert_int_eq(delivered, 1);
}

START_TEST(race_02_of_eight_blocked_finishes_one_gets_the_result)
{
    const size_t count = rounds(40);

    for (size_t i = 0; i < count; i++)
        finish_all_at_once((LONG)i + 1);
}
END_TEST

/* ---- RACE-03 ------------------------------------------------------------------------------------
 */

enum { WIDE = 512 };

struct sharer {
    AsyncISide *call;
    size_t rounds;
    LONG seed;
    int wrong;
    size_t refused;
};

static bool is_filled(const LONG *values, LONG seed)
{
    for (int i = 0; i < WIDE; i++)
        if (values[i] != seed)
            return false;
    return true;
}

/* Whoever gets its Begin_ through finishes; the other one tries again and again meanwhile. */
static void share(void *arg)
{
    struct sharer *self = arg;
    LONG values[WIDE];

    for (size_t done = 0; done < self->rounds;) {
        const LONG seed = self->seed + (LONG)done;
        HRESULT hr = AsyncISide_Begin_Spread(self->call, seed, WIDE);

        if (hr == RPC_E_CALL_PENDING) {
            self->refused++;
            continue;
        }
        memset(values, 0, sizeof values);
        if (FAILED(hr) || FAILED(AsyncISide_Finish_Spread(self->call, values)) ||
            !is_filled(values, seed))
            self->wrong++;
        done++;
    }
}

START_TEST(race_03_begin_fails_until_finish_has_copied_its_results)
{
    AsyncISide *call = new_side_call();
    struct sharer sharers[2] = {{call, rounds(800), 1000000, 0, 0},
                                {call, rounds(800), 2000000, 0, 0}};
    struct helper helpers[2];

    for (int i = 0; i < 2; i++)
        helper_start(&helpers[i], share, &sharers[i]);
    for (int i = 0; i < 2; i++)
        helper_join(&helpers[i]);
    ck_assert_int_eq(sharers[0].wrong, 0);
    ck_assert_int_eq(sharers[1].wrong, 0);
    client_release(call);
}
END_TEST

/* ---- RACE-04 ------------------------------------------------------------------------------------
 */

struct table_tennis {
    ISynchronize *mine, *theirs;
    size_t rounds;
    DWORD model;
    HRESULT hr;
};

static HRESULT return_ball(struct table_tennis *self)
{
    HRESULT hr = ISynchronize_Wait(self->mine, COWAIT_DEFAULT, INFINITE);

    if (hr == S_OK)
        hr = ISynchronize_Reset(self->mine);
    return hr == S_OK ? ISynchronize_Signal(self->theirs) : hr;
}

static void play(void *arg)
{
    struct table_tennis *self = arg;

    self->hr = CoInitializeEx(NULL, self->model);
    for (size_t i = 0; i < self->rounds && SUCCEEDED(self->hr); i++)
        self->hr = return_ball(self);
    CoUninitialize();
}

/* Idle call objects serve as plain events. A lost wake-up leaves both players waiting for ever. */
static void ping_pong(DWORD first, DWORD second)
{
    AsyncISide *calls[2] = {new_side_call(), new_side_call()};
    ISynchronize *events[2] = {client_synchronize(calls[0]), client_synchronize(calls[1])};
    struct table_tennis players[2] = {{events[0], events[1], rounds(2000), first, E_FAIL},
                                      {events[1], events[0], rounds(2000), second, E_FAIL}};
    struct helper helpers[2];

    for (int i = 0; i < 2; i++)
        helper_start_bare(&helpers[i], play, &players[i]);
    ck_assert_hr(ISynchronize_Signal(events[0]), S_OK);
    for (int i = 0; i < 2; i++)
        helper_join(&helpers[i]);
    ck_assert_hr(players[0].hr, S_OK);
    ck_assert_hr(players[1].hr, S_OK);
    for (int i = 0; i < 2; i++) {
        client_release(events[i]);
        client_release(calls[i]);
    }
}

START_TEST(race_04_no_wake_up_is_lost_between_multithreaded_threads)
{
    ping_pong(COINIT_MULTITHREADED, COINIT_MULTITHREADED);
}
END_TEST

START_TEST(race_04_no_wake_up_is_lost_between_single_threaded_apartments)
{
    ping_pong(COINIT_APARTMENTTHREADED, COINIT_APARTMENTTHREADED);
}
END_TEST

START_TEST(race_04_no_wake_up_is_lost_between_the_two_kinds)
{
    ping_pong(COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED);
}
END_TEST

START_TEST(race_04_no_completion_is_lost)
{
    AsyncISide *call = new_side_call();
    const LONG count = (LONG)rounds(500);

    for (LONG i = 0; i < count; i++) {
        LONG result = 0;

        ck_assert_hr(AsyncISide_Begin_Negate(call, i), S_OK);
        if (i % 2)
            ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
        ck_assert_hr(AsyncISide_Finish_Negate(call, &result), S_OK);
        ck_assert_int_eq(result, -i);
    }
    client_release(call);
}
END_TEST

/* A waiter of the first call must not sleep through into the second one, however fast that comes.
 */
struct watcher {
    AsyncISide *call;
    atomic_bool over;
    atomic_int failures;
};

static void watch(void *arg)
{
    struct watcher *self = arg;

    while (!atomic_load(&self->over))
        if (uvcom_wait(self->call, INFINITE) != S_OK)
            atomic_fetch_add(&self->failures, 1);
}

START_TEST(race_04_waiters_of_a_reused_object_are_all_released)
{
    struct watcher watcher = {.call = new_side_call()};
    struct helper helpers[3];
    const LONG count = (LONG)rounds(1000);

    for (int i = 0; i < 3; i++)
        helper_start(&helpers[i], watch, &watcher);
    for (LONG i = 0; i < count; i++) {
        LONG result;

        ck_assert_hr(AsyncISide_Begin_Negate(watcher.call, i), S_OK);
        ck_assert_hr(AsyncISide_Finish_Negate(watcher.call, &result), S_OK);
    }
    atomic_store(&watcher.over, true);
    for (int i = 0; i < 3; i++)
        helper_join(&helpers[i]);
    ck_assert_int_eq(atomic_load(&watcher.failures), 0);
    client_release(watcher.call);
}
END_TEST

/* ---- RACE-07 ------------------------------------------------------------------------------------
 */

START_TEST(race_07_release_while_the_call_completes)
{
    const size_t count = rounds(500);

    for (size_t i = 0; i < count; i++) {
        AsyncISide *call = new_side_call();

        ck_assert_hr(AsyncISide_Begin_Negate(call, 1), S_OK);
        /* A little later each time: from before the method runs until after it has returned. */
        for (size_t turn = 0; turn < i % 64; turn++)
            (void)uvcom_wait(call, 0);
        client_release(call);
    }
}
END_TEST

static void release_it(void *arg)
{
    client_release(arg);
}

START_TEST(race_07_release_on_another_thread_while_one_waits)
{
    const size_t count = rounds(40);

    for (size_t i = 0; i < count; i++) {
        AsyncIGated *call = client_new_call();
        struct helper helper;

        AsyncIGated_AddRef(call);
        ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
        helper_start(&helper, release_it, call);
        gate_pass(&gated.gate, 1);
        ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
        client_release(call);
        helper_join(&helper);
    }
}
END_TEST

/* ---- many at once -------------------------------------------------------------------------------
 */

struct crowd {
    size_t rounds;
    int wrong;
    LONG seed;
};

/* A proxy is for one apartment, and so is this thread in the multithreaded one. */
static void work(void *arg)
{
    struct crowd *self = arg;
    AsyncISide *calls[4];
    LONG result;

    for (int i = 0; i < 4; i++)
        if (FAILED(uvcom_create_call(client.server, &IID_AsyncISide, (void **)&calls[i])))
            abort();
    for (size_t round = 0; round < self->rounds; round++) {
        for (int i = 0; i < 4; i++)
            self->wrong += FAILED(AsyncISide_Begin_Negate(calls[i], self->seed + i));
        for (int i = 0; i < 4; i++)
            self->wrong +=
                FAILED(AsyncISide_Finish_Negate(calls[i], &result)) || result != -self->seed - i;
    }
    for (int i = 0; i < 4; i++)
        client_release(calls[i]);
}

START_TEST(fac_12_call_objects_of_many_threads_do_not_meet)
{
    struct crowd crowds[4];
    struct helper helpers[4];

    for (int i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){.rounds = rounds(300), .seed = 100 * i};
        helper_start(&helpers[i], work, &crowds[i]);
    }
    for (int i = 0; i < 4; i++) {
        helper_join(&helpers[i]);
        ck_assert_int_eq(crowds[i].wrong, 0);
    }
}
END_TEST

static void races(TCase *tcase)
{
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, race_01_of_two_begins_exactly_one_wins);
    tcase_add_test(tcase, race_02_of_eight_blocked_finishes_one_gets_the_result);
    tcase_add_test(tcase, race_03_begin_fails_until_finish_has_copied_its_results);
    tcase_add_test(tcase, race_04_no_completion_is_lost);
    tcase_add_test(tcase, race_04_waiters_of_a_reused_object_are_all_released);
    tcase_add_test(tcase, race_07_release_while_the_call_completes);
    tcase_add_test(tcase, race_07_release_on_another_thread_while_one_waits);
}

static void events(TCase *tcase)
{
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, race_04_no_wake_up_is_lost_between_multithreaded_threads);
    tcase_add_test(tcase, race_04_no_wake_up_is_lost_between_single_threaded_apartments);
    tcase_add_test(tcase, race_04_no_wake_up_is_lost_between_the_two_kinds);
    tcase_add_test(tcase, fac_12_call_objects_of_many_threads_do_not_meet);
}

static Suite *races_suite(void)
{
    Suite *suite = suite_create("races");

    client_add_cases(suite, CLIENT_ANY, races);
    client_add_case(suite, "events", events);
    return suite;
}

UVCOM_TEST_MAIN(races_suite)
