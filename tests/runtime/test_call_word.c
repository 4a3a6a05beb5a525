/*
 * test_call_word.c -- the call object's word between real threads: waiting, waking, and the races.
 *
 * A race is run many times with all threads let go at once; the results are ordinary memory, so
 * that ThreadSanitizer sees a wrong order as well. The number of rounds is small here and can be
 * raised by UVCOM_RACE_ROUNDS. Each order of events is tried on purpose in tests/explore instead.
 */
#include "runtime/call_word.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#define MS UINT64_C(1000000)

/* A Wait that begins now: bound to the call that runs, if one does. */
static HRESULT wait_for_event(uvcom__atomic64 *word, uint64_t deadline_ns)
{
    uint64_t pin = uvcom__call_state_pin(uvcom__load64(word, UVCOM__ACQUIRE));

    return uvcom__call_word_wait(word, pin, deadline_ns);
}

static struct call_step raise_event(uvcom__atomic64 *word, enum call_event event, uint64_t epoch,
                                    unsigned method)
{
    const struct call_event_args args = {.epoch = epoch, .method = method};

    return uvcom__call_word_apply(word, event, &args);
}

static uint64_t begin_call(uvcom__atomic64 *word, unsigned method)
{
    const struct call_step step = raise_event(word, UVCOM__ON_BEGIN, 0, method);
    const uint64_t epoch = uvcom__call_state_epoch(step.after);

    if (FAILED(step.hr))
        return UVCOM__CALL_ANY_EPOCH;
    raise_event(word, UVCOM__ON_STARTED, epoch, 0);
    return epoch;
}

/* Finish_'s protocol: ask, wait for the call that runs now, ask again for that one and no other. */
static HRESULT finish_call(uvcom__atomic64 *word, unsigned method)
{
    struct call_step step = raise_event(word, UVCOM__ON_FINISH, UVCOM__CALL_ANY_EPOCH, method);

    if (step.wait) {
        const uint64_t epoch = uvcom__call_state_epoch(step.before);

        uvcom__call_word_wait_completed(word, epoch, UVCOM__FOREVER);
        step = raise_event(word, UVCOM__ON_FINISH, epoch, method);
    }
    return step.hr;
}

/* ---- one waiter ----------------------------------------------------------------------------- */

START_TEST(syn_03_a_wait_with_a_passed_deadline_polls)
{
    uvcom__atomic64 word = {0};

    ck_assert_hr(wait_for_event(&word, 0), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__call_word_wait_completed(&word, 1, 0), S_OK);
    begin_call(&word, 1);
    ck_assert_hr(wait_for_event(&word, 0), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__call_word_wait_completed(&word, 1, 0), RPC_E_TIMEOUT);
    raise_event(&word, UVCOM__ON_COMPLETE, 1, 0);
    ck_assert_hr(wait_for_event(&word, 0), S_OK);
    ck_assert_hr(uvcom__call_word_wait_completed(&word, 1, 0), S_OK);
}
END_TEST

START_TEST(syn_03_a_wait_ends_at_its_deadline_and_keeps_errno)
{
    uvcom__atomic64 word = {0};
    const uint64_t start = uvcom__now_ns();
    HRESULT hr;

    errno = EXDEV;
    hr = wait_for_event(&word, uvcom__deadline_ns(20));
    ck_assert_int_eq(errno, EXDEV);
    ck_assert_hr(hr, RPC_E_TIMEOUT);
    ck_assert(uvcom__now_ns() - start >= 20 * MS);
}
END_TEST

START_TEST(syn_03_infinite_is_a_deadline_that_never_comes)
{
    ck_assert(uvcom__deadline_ns(0xFFFFFFFF) == UVCOM__FOREVER);
    ck_assert(uvcom__deadline_ns(0xFFFFFFFE) != UVCOM__FOREVER);
}
END_TEST

START_TEST(syn_04_05_06_signal_and_reset_are_seen_by_wait)
{
    uvcom__atomic64 word = {0};

    ck_assert_hr(raise_event(&word, UVCOM__ON_SIGNAL, 0, 0).hr, S_OK);
    ck_assert_hr(raise_event(&word, UVCOM__ON_SIGNAL, 0, 0).hr, S_OK);
    ck_assert_hr(wait_for_event(&word, UVCOM__FOREVER), S_OK);
    ck_assert_hr(wait_for_event(&word, 0), S_OK);
    ck_assert_hr(raise_event(&word, UVCOM__ON_RESET, 0, 0).hr, S_OK);
    ck_assert_hr(wait_for_event(&word, 0), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(syn_08_09_10_the_event_through_one_call)
{
    uvcom__atomic64 word = {0};

    ck_assert_hr(wait_for_event(&word, 0), RPC_E_TIMEOUT);
    raise_event(&word, UVCOM__ON_SIGNAL, 0, 0);
    ck_assert(begin_call(&word, 1) == 1);
    ck_assert_hr(wait_for_event(&word, 0), RPC_E_TIMEOUT);
    raise_event(&word, UVCOM__ON_COMPLETE, 1, 0);
    ck_assert_hr(finish_call(&word, 1), S_OK);
    raise_event(&word, UVCOM__ON_RETIRE, 0, 0);
    ck_assert_hr(wait_for_event(&word, 0), S_OK);
}
END_TEST

START_TEST(nodes_bit_stays_until_it_is_taken_away)
{
    uvcom__atomic64 word = {0};
    uint64_t before;

    before = uvcom__call_word_nodes_on(&word);
    ck_assert(before == 0);
    begin_call(&word, 1);
    ck_assert((raise_event(&word, UVCOM__ON_COMPLETE, 1, 0).after & UVCOM__CALL_NODES) != 0);
    before = uvcom__call_word_nodes_off(&word);
    ck_assert((before & UVCOM__CALL_NODES) != 0);
    ck_assert((uvcom__load64(&word, UVCOM__RELAXED) & UVCOM__CALL_NODES) == 0);
}
END_TEST

/* ---- sleepers ------------------------------------------------------------------------------- */

struct sleeper {
    uvcom__thread thread;
    uvcom__atomic64 *word;
    uint64_t epoch; /* UVCOM__CALL_ANY_EPOCH: a Wait for the event */
    uvcom__atomic32 woken;
    HRESULT hr;
};

static void sleeper_run(void *argument)
{
    struct sleeper *sleeper = argument;

    if (sleeper->epoch == UVCOM__CALL_ANY_EPOCH)
        sleeper->hr = wait_for_event(sleeper->word, UVCOM__FOREVER);
    else
        sleeper->hr =
            uvcom__call_word_wait_completed(sleeper->word, sleeper->epoch, UVCOM__FOREVER);
    uvcom__store32(&sleeper->woken, 1, UVCOM__RELEASE);
}

static void sleeper_start(struct sleeper *sleeper, uvcom__atomic64 *word, uint64_t epoch)
{
    *sleeper = (struct sleeper){.word = word, .epoch = epoch};
    ck_assert(uvcom__thread_start(&sleeper->thread, sleeper_run, sleeper));
}

static void until_somebody_sleeps(uvcom__atomic64 *word)
{
    while ((uvcom__load64(word, UVCOM__RELAXED) & UVCOM__CALL_WAITERS) == 0)
        sched_yield();
}

START_TEST(syn_04_one_signal_releases_all_waiters)
{
    struct sleeper sleepers[4];
    uvcom__atomic64 word = {0};

    for (size_t i = 0; i < 4; i++)
        sleeper_start(&sleepers[i], &word, UVCOM__CALL_ANY_EPOCH);
    until_somebody_sleeps(&word);
    ck_assert_hr(raise_event(&word, UVCOM__ON_SIGNAL, 0, 0).hr, S_OK);
    for (size_t i = 0; i < 4; i++) {
        uvcom__thread_join(&sleepers[i].thread);
        ck_assert_hr(sleepers[i].hr, S_OK);
    }
}
END_TEST

/* A Finish_ that sleeps must sleep on through a stranger's Signal, and wake at the completion
   although the event is set by then. */
START_TEST(syn_15_a_strangers_signal_wakes_nobody_for_good_but_a_wait)
{
    uvcom__atomic64 word = {0};
    struct sleeper finish;

    begin_call(&word, 1);
    sleeper_start(&finish, &word, 1);
    until_somebody_sleeps(&word);
    raise_event(&word, UVCOM__ON_SIGNAL, 0, 0);
    until_somebody_sleeps(&word);
    ck_assert_uint_eq(uvcom__load32(&finish.woken, UVCOM__ACQUIRE), 0);
    raise_event(&word, UVCOM__ON_COMPLETE, 1, 0);
    uvcom__thread_join(&finish.thread);
    ck_assert_hr(finish.hr, S_OK);
}
END_TEST

static void do_nothing(int number)
{
    (void)number;
}

START_TEST(a_wait_goes_on_after_a_signal_of_the_system)
{
    const struct sigaction action = {.sa_handler = do_nothing};
    uvcom__atomic64 word = {0};
    struct sleeper sleeper;

    ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
    sleeper_start(&sleeper, &word, UVCOM__CALL_ANY_EPOCH);
    until_somebody_sleeps(&word);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(pthread_kill((pthread_t)sleeper.thread.handle, SIGUSR1), 0);
        sched_yield();
    }
    ck_assert_uint_eq(uvcom__load32(&sleeper.woken, UVCOM__ACQUIRE), 0);
    raise_event(&word, UVCOM__ON_SIGNAL, 0, 0);
    uvcom__thread_join(&sleeper.thread);
    ck_assert_hr(sleeper.hr, S_OK);
}
END_TEST

/* ---- races ---------------------------------------------------------------------------------- */

#define JOBS_MAX 4

struct race {
    void (*jobs[JOBS_MAX])(struct race *race, unsigned index);
    unsigned job_count;
    void (*check)(struct race *race);
    uvcom__atomic64 word;
    uint64_t epoch;
    int result; /* guarded by the word: whoever it makes the owner */
    HRESULT answers[JOBS_MAX];
    int collected[JOBS_MAX];
    pthread_barrier_t gate;
    unsigned rounds;
};

struct runner_thread {
    uvcom__thread thread;
    struct race *race;
    unsigned index;
};

static unsigned rounds_wanted(void)
{
    const char *text = getenv("UVCOM_RACE_ROUNDS");

    return text ? (unsigned)strtoul(text, NULL, 10) : 3000;
}

static void race_job(void *argument)
{
    struct runner_thread *self = argument;
    struct race *race = self->race;

    for (unsigned round = 0; round < race->rounds; round++) {
        pthread_barrier_wait(&race->gate);
        race->jobs[self->index](race, self->index);
        pthread_barrier_wait(&race->gate);
    }
}

/* Each round starts with a call of method 1 pending, except when the race is about Begin_ itself.
 */
static void race_run(struct race *race, bool begun)
{
    struct runner_thread threads[JOBS_MAX] = {0};

    race->rounds = rounds_wanted();
    ck_assert_int_eq(pthread_barrier_init(&race->gate, NULL, race->job_count + 1), 0);
    for (unsigned i = 0; i < race->job_count; i++) {
        threads[i].race = race;
        threads[i].index = i;
        ck_assert(uvcom__thread_start(&threads[i].thread, race_job, &threads[i]));
    }
    for (unsigned round = 0; round < race->rounds; round++) {
        uvcom__store64(&race->word, (uint64_t)round << UVCOM__CALL_EPOCH_SHIFT, UVCOM__RELAXED);
        race->epoch = begun ? begin_call(&race->word, 1) : 0;
        race->result = 0;
        for (unsigned i = 0; i < JOBS_MAX; i++)
            race->collected[i] = 0;
        pthread_barrier_wait(&race->gate);
        pthread_barrier_wait(&race->gate);
        race->check(race);
    }
    for (unsigned i = 0; i < race->job_count; i++)
        uvcom__thread_join(&threads[i].thread);
    pthread_barrier_destroy(&race->gate);
}

static unsigned count_answers(const struct race *race, HRESULT hr)
{
    unsigned count = 0;

    for (unsigned i = 0; i < race->job_count; i++)
        count += race->answers[i] == hr;
    return count;
}

static void job_begin(struct race *race, unsigned index)
{
    race->answers[index] = raise_event(&race->word, UVCOM__ON_BEGIN, 0, index + 1).hr;
}

static void check_one_begin(struct race *race)
{
    const uint64_t word = uvcom__load64(&race->word, UVCOM__ACQUIRE);
    const unsigned winner = uvcom__call_state_method(word) - 1;

    ck_assert_uint_eq(count_answers(race, S_OK), 1);
    ck_assert_uint_eq(count_answers(race, RPC_S_CALLPENDING), race->job_count - 1);
    ck_assert_hr(race->answers[winner], S_OK);
}

START_TEST(race_01_of_begins_that_race_exactly_one_is_accepted)
{
    struct race race = {.jobs = {job_begin, job_begin, job_begin}, .job_count = 3};

    race.check = check_one_begin;
    race_run(&race, false);
}
END_TEST

/* The server: its result is in ordinary memory before the completion, and not touched after. */
static void job_complete(struct race *race, unsigned index)
{
    race->result = 42;
    race->answers[index] = raise_event(&race->word, UVCOM__ON_COMPLETE, race->epoch, 0).hr;
}

/* A client: copies the result if the word says that it is its own, and then retires. */
static void job_finish(struct race *race, unsigned index)
{
    const HRESULT hr = finish_call(&race->word, 1);

    race->answers[index] = hr;
    if (hr == S_OK)
        race->collected[index] = race->result;
    if (hr == S_OK || hr == RPC_E_CALL_CANCELED)
        raise_event(&race->word, UVCOM__ON_RETIRE, 0, 0);
}

static void check_one_result(struct race *race)
{
    int collected = 0;

    for (unsigned i = 0; i < race->job_count; i++)
        collected += race->collected[i];
    ck_assert_int_eq(collected, 42);
    ck_assert_uint_eq(count_answers(race, S_OK), 2);
    ck_assert_uint_eq(count_answers(race, RPC_E_CALL_COMPLETE), race->job_count - 2);
    ck_assert(uvcom__call_state_of(uvcom__load64(&race->word, UVCOM__RELAXED)) == UVCOM__CALL_IDLE);
}

START_TEST(race_02_of_finishes_that_race_exactly_one_gets_the_result)
{
    struct race race = {.jobs = {job_complete, job_finish, job_finish, job_finish}, .job_count = 4};

    race.check = check_one_result;
    race_run(&race, true);
}
END_TEST

/* Begins the next call as soon as it may, and uses the memory that Finish_ has just read. */
static void job_begin_next(struct race *race, unsigned index)
{
    uint64_t epoch;

    while ((epoch = begin_call(&race->word, 1)) == UVCOM__CALL_ANY_EPOCH)
        sched_yield();
    race->result = 7;
    race->answers[index] = epoch == race->epoch + 1 ? S_OK : E_FAIL;
}

static void check_begin_after_finish(struct race *race)
{
    ck_assert_uint_eq(count_answers(race, S_OK), 3);
    ck_assert_int_eq(race->collected[1], 42);
    ck_assert_int_eq(race->result, 7);
}

START_TEST(race_03_begin_waits_until_finish_has_copied)
{
    struct race race = {.jobs = {job_complete, job_finish, job_begin_next}, .job_count = 3};

    race.check = check_begin_after_finish;
    race_run(&race, true);
}
END_TEST

struct ping_pong {
    uvcom__atomic64 words[2];
    unsigned rounds;
};

static void pong(void *argument)
{
    struct ping_pong *game = argument;

    for (unsigned round = 0; round < game->rounds; round++) {
        wait_for_event(&game->words[0], UVCOM__FOREVER);
        raise_event(&game->words[0], UVCOM__ON_RESET, 0, 0);
        raise_event(&game->words[1], UVCOM__ON_SIGNAL, 0, 0);
    }
}

START_TEST(race_04_no_signal_is_lost)
{
    struct ping_pong game = {.rounds = rounds_wanted() * 4};
    uvcom__thread thread;

    ck_assert(uvcom__thread_start(&thread, pong, &game));
    for (unsigned round = 0; round < game.rounds; round++) {
        raise_event(&game.words[0], UVCOM__ON_SIGNAL, 0, 0);
        ck_assert_hr(wait_for_event(&game.words[1], UVCOM__FOREVER), S_OK);
        raise_event(&game.words[1], UVCOM__ON_RESET, 0, 0);
    }
    uvcom__thread_join(&thread);
}
END_TEST

static void job_wait(struct race *race, unsigned index)
{
    race->answers[index] = wait_for_event(&race->word, UVCOM__FOREVER);
}

/* As soon as the waiter sleeps: the whole rest of its call, and the beginning of the next. */
static void job_rush(struct race *race, unsigned index)
{
    until_somebody_sleeps(&race->word);
    raise_event(&race->word, UVCOM__ON_COMPLETE, race->epoch, 0);
    race->answers[index] = finish_call(&race->word, 1);
    raise_event(&race->word, UVCOM__ON_RETIRE, 0, 0);
    begin_call(&race->word, 1);
}

static void check_all_through(struct race *race)
{
    ck_assert_uint_eq(count_answers(race, S_OK), race->job_count);
}

/* The waiter may get to run only when the next call is pending and the event clear again. */
START_TEST(race_04_a_waiter_does_not_wait_for_the_next_call)
{
    struct race race = {.jobs = {job_wait, job_rush}, .job_count = 2};

    race.check = check_all_through;
    race_run(&race, true);
}
END_TEST

/* As above, with a waiter that comes to the word only after all that. */
START_TEST(race_04_a_wait_for_a_call_that_is_over_ends_at_once)
{
    uvcom__atomic64 word = {0};
    const uint64_t first = begin_call(&word, 1);
    const uint64_t pin = uvcom__call_state_pin(uvcom__load64(&word, UVCOM__ACQUIRE));
    uint64_t second;

    ck_assert(pin == first);
    raise_event(&word, UVCOM__ON_COMPLETE, first, 0);
    ck_assert_hr(finish_call(&word, 1), S_OK);
    raise_event(&word, UVCOM__ON_RETIRE, 0, 0);
    second = begin_call(&word, 1);
    ck_assert_hr(uvcom__call_word_wait(&word, pin, 0), S_OK);
    ck_assert_hr(uvcom__call_word_wait(&word, second, 0), RPC_E_TIMEOUT);
}
END_TEST

static void job_cancel(struct race *race, unsigned index)
{
    race->answers[index] = raise_event(&race->word, UVCOM__ON_CANCEL, race->epoch, 0).hr;
}

static void check_one_outcome(struct race *race)
{
    const HRESULT completed = race->answers[0];
    const HRESULT cancelled = race->answers[1];
    const HRESULT finished = race->answers[2];

    ck_assert((completed == S_OK) != (cancelled == S_OK));
    ck_assert_hr(completed == S_OK ? cancelled : completed, RPC_E_CALL_COMPLETE);
    ck_assert_hr(finished, completed == S_OK ? S_OK : RPC_E_CALL_CANCELED);
    ck_assert_int_eq(race->collected[2], completed == S_OK ? 42 : 0);
}

START_TEST(race_05_a_result_or_a_cancel_never_both)
{
    struct race race = {.jobs = {job_complete, job_cancel, job_finish}, .job_count = 3};

    race.check = check_one_outcome;
    race_run(&race, true);
}
END_TEST

/* Cancels its call, collects that, and begins another one. */
static void job_cancel_and_reuse(struct race *race, unsigned index)
{
    HRESULT hr = raise_event(&race->word, UVCOM__ON_CANCEL, race->epoch, 0).hr;

    if (hr == S_OK && finish_call(&race->word, 1) == RPC_E_CALL_CANCELED) {
        raise_event(&race->word, UVCOM__ON_RETIRE, 0, 0);
        begin_call(&race->word, 2);
    }
    race->answers[index] = hr;
}

static void check_next_is_pending(struct race *race)
{
    const uint64_t word = uvcom__load64(&race->word, UVCOM__ACQUIRE);

    if (race->answers[0] == S_OK) {
        ck_assert_hr(race->answers[1], RPC_E_CALL_COMPLETE);
        ck_assert(uvcom__call_state_of(word) == UVCOM__CALL_DONE);
    } else {
        ck_assert_hr(race->answers[1], S_OK);
        ck_assert(uvcom__call_state_of(word) == UVCOM__CALL_PENDING);
        ck_assert_uint_eq(uvcom__call_state_method(word), 2);
        ck_assert((word & UVCOM__CALL_SIGNALED) == 0);
    }
}

START_TEST(race_06_a_late_completion_does_not_reach_the_next_call)
{
    struct race race = {.jobs = {job_complete, job_cancel_and_reuse}, .job_count = 2};

    race.check = check_next_is_pending;
    race_run(&race, true);
}
END_TEST

static Suite *call_word_suite(void)
{
    Suite *suite = suite_create("call_word");
    TCase *waits = tcase_create("waits");
    TCase *races = tcase_create("races");

    tcase_add_test(waits, syn_03_a_wait_with_a_passed_deadline_polls);
    tcase_add_test(waits, syn_03_a_wait_ends_at_its_deadline_and_keeps_errno);
    tcase_add_test(waits, syn_03_infinite_is_a_deadline_that_never_comes);
    tcase_add_test(waits, syn_04_05_06_signal_and_reset_are_seen_by_wait);
    tcase_add_test(waits, syn_08_09_10_the_event_through_one_call);
    tcase_add_test(waits, nodes_bit_stays_until_it_is_taken_away);
    tcase_add_test(waits, syn_04_one_signal_releases_all_waiters);
    tcase_add_test(waits, syn_15_a_strangers_signal_wakes_nobody_for_good_but_a_wait);
    tcase_add_test(waits, a_wait_goes_on_after_a_signal_of_the_system);
    suite_add_tcase(suite, waits);

    tcase_add_test(races, race_01_of_begins_that_race_exactly_one_is_accepted);
    tcase_add_test(races, race_02_of_finishes_that_race_exactly_one_gets_the_result);
    tcase_add_test(races, race_03_begin_waits_until_finish_has_copied);
    tcase_add_test(races, race_04_no_signal_is_lost);
    tcase_add_test(races, race_04_a_waiter_does_not_wait_for_the_next_call);
    tcase_add_test(races, race_04_a_wait_for_a_call_that_is_over_ends_at_once);
    tcase_add_test(races, race_05_a_result_or_a_cancel_never_both);
    tcase_add_test(races, race_06_a_late_completion_does_not_reach_the_next_call);
    tcase_set_timeout(races, 30);
    suite_add_tcase(suite, races);
    return suite;
}

UVCOM_TEST_MAIN(call_word_suite)
