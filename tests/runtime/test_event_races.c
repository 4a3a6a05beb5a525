/*
 * test_event_races.c -- threads that meet at an event: SYN-07, SYN-17, RACE-04, and its descriptor.
 */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <uvcom/combase.h>
#include <uvcom/objidl.h>

#include "runtime/event.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

static size_t rounds(size_t count)
{
    const char *text = getenv("UVCOM_RACE_FACTOR");
    const unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

    return count * (factor > 0 ? factor : 1);
}

static bool is_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    return poll(&entry, 1, 0) == 1;
}

/* ---- RACE-04: a wake-up that is lost leaves both waiting ---- */

struct game {
    struct event ball[2];
    size_t rounds;
    long score; /* not atomic: the events order it (SYN-17) */
    DWORD model;
};

static void *return_balls(void *arg)
{
    struct game *game = arg;

    CoInitializeEx(NULL, game->model);
    for (size_t i = 0; i < game->rounds; i++) {
        uvcom__event_wait(&game->ball[0], COWAIT_DEFAULT, INFINITE);
        game->score++;
        uvcom__event_signal(&game->ball[1]);
    }
    CoUninitialize();
    return NULL;
}

static void play(DWORD model)
{
    struct game game = {.rounds = rounds(3000), .model = model};
    pthread_t other;

    uvcom__event_init(&game.ball[0], false);
    uvcom__event_init(&game.ball[1], false);
    pthread_create(&other, NULL, return_balls, &game);
    for (size_t i = 0; i < game.rounds; i++) {
        game.score++;
        uvcom__event_signal(&game.ball[0]);
        ck_assert_hr(uvcom__event_wait(&game.ball[1], COWAIT_DEFAULT, INFINITE), S_OK);
    }
    pthread_join(other, NULL);
    ck_assert_int_eq(game.score, (long)game.rounds * 2);
    uvcom__event_end(&game.ball[0]);
    uvcom__event_end(&game.ball[1]);
}

START_TEST(race_04_no_wake_up_of_a_sleeping_thread_is_lost)
{
    play(COINIT_MULTITHREADED);
}
END_TEST

START_TEST(race_04_no_wake_up_of_an_apartments_thread_is_lost)
{
    play(COINIT_APARTMENTTHREADED);
}
END_TEST

/* ---- SYN-07: who takes an auto-reset event has it alone ---- */

enum { TAKERS = 4 };

struct contest {
    struct event event;
    struct event answer;
    uvcom__atomic32 is_over;
    uvcom__atomic32 holders;
    uvcom__atomic32 doubles;
};

static void *take_turns(void *arg)
{
    struct contest *contest = arg;

    for (;;) {
        uvcom__event_wait(&contest->event, COWAIT_DEFAULT, INFINITE);
        if (uvcom__load32(&contest->is_over, UVCOM__ACQUIRE))
            break;
        if (uvcom__add32(&contest->holders, 1, UVCOM__ACQ_REL) != 0)
            uvcom__add32(&contest->doubles, 1, UVCOM__ACQ_REL);
        uvcom__add32(&contest->holders, -1, UVCOM__ACQ_REL);
        uvcom__event_signal(&contest->answer);
    }
    uvcom__event_signal(&contest->event); /* for the next one */
    return NULL;
}

START_TEST(syn_07_of_many_waiters_exactly_one_has_it)
{
    struct contest contest = {.event = {.is_manual = false}};
    pthread_t takers[TAKERS];

    uvcom__event_init(&contest.event, false);
    uvcom__event_init(&contest.answer, false);
    for (int i = 0; i < TAKERS; i++)
        pthread_create(&takers[i], NULL, take_turns, &contest);
    for (size_t i = rounds(2000); i > 0; i--) {
        uvcom__event_signal(&contest.event);
        ck_assert_hr(uvcom__event_wait(&contest.answer, COWAIT_DEFAULT, INFINITE), S_OK);
    }
    uvcom__store32(&contest.is_over, 1, UVCOM__RELEASE);
    uvcom__event_signal(&contest.event);
    for (int i = 0; i < TAKERS; i++)
        pthread_join(takers[i], NULL);
    ck_assert_uint_eq(uvcom__load32(&contest.doubles, UVCOM__ACQUIRE), 0);
    uvcom__event_end(&contest.event);
    uvcom__event_end(&contest.answer);
}
END_TEST

/* ---- the descriptor beside all that ---- */

struct shown {
    struct event event;
    pthread_barrier_t barrier;
    size_t rounds;
    int descriptor;
};

static void *signal_each_round(void *arg)
{
    struct shown *shown = arg;

    for (size_t i = 0; i < shown->rounds; i++) {
        pthread_barrier_wait(&shown->barrier);
        uvcom__event_signal(&shown->event);
        pthread_barrier_wait(&shown->barrier);
    }
    return NULL;
}

/* What the other side does in each round at the same time. */
static void run_beside_signal(bool is_manual, void (*act)(struct shown *))
{
    struct shown shown = {.rounds = rounds(500)};
    pthread_t other;
    bool is_set;

    pthread_barrier_init(&shown.barrier, NULL, 2);
    pthread_create(&other, NULL, signal_each_round, &shown);
    for (size_t i = 0; i < shown.rounds; i++) {
        shown.event = (struct event){.is_manual = false};
        uvcom__event_init(&shown.event, is_manual);
        pthread_barrier_wait(&shown.barrier);
        act(&shown);
        pthread_barrier_wait(&shown.barrier);
        /* Both have returned: descriptor and event say the same. */
        ck_assert_hr(uvcom__event_descriptor(&shown.event, &shown.descriptor), S_OK);
        is_set = is_readable(shown.descriptor);
        ck_assert_hr(uvcom__event_wait(&shown.event, 0, 0), is_set ? S_OK : RPC_E_TIMEOUT);
        uvcom__event_end(&shown.event);
    }
    pthread_join(other, NULL);
    pthread_barrier_destroy(&shown.barrier);
}

static void ask_for_handle(struct shown *shown)
{
    ck_assert_hr(uvcom__event_descriptor(&shown->event, &shown->descriptor), S_OK);
}

/* Who has seen the event set finds its descriptor readable. */
static void ask_for_handle_and_wait(struct shown *shown)
{
    ask_for_handle(shown);
    ck_assert_hr(uvcom__event_wait(&shown->event, 0, INFINITE), S_OK);
    ck_assert_int_eq(is_readable(shown->descriptor), shown->event.is_manual);
}

static void ask_for_handle_and_reset(struct shown *shown)
{
    ask_for_handle(shown);
    uvcom__event_reset(&shown->event);
}

static void poll_until_set(struct shown *shown)
{
    ask_for_handle(shown);
    while (!is_readable(shown->descriptor))
        continue;
    ck_assert_hr(uvcom__event_wait(&shown->event, 0, 0), S_OK);
}

START_TEST(syn_12_get_handle_beside_signal)
{
    run_beside_signal(true, ask_for_handle);
    run_beside_signal(false, ask_for_handle);
}
END_TEST

START_TEST(syn_12_wait_beside_signal)
{
    run_beside_signal(true, ask_for_handle_and_wait);
    run_beside_signal(false, ask_for_handle_and_wait);
}
END_TEST

START_TEST(syn_12_reset_beside_signal)
{
    run_beside_signal(true, ask_for_handle_and_reset);
    run_beside_signal(false, ask_for_handle_and_reset);
}
END_TEST

START_TEST(syn_12_poll_beside_signal)
{
    run_beside_signal(true, poll_until_set);
    run_beside_signal(false, poll_until_set);
}
END_TEST

static Suite *event_races_suite(void)
{
    Suite *suite = suite_create("event_races");
    TCase *tcase = tcase_create("races");

    tcase_add_test(tcase, race_04_no_wake_up_of_a_sleeping_thread_is_lost);
    tcase_add_test(tcase, race_04_no_wake_up_of_an_apartments_thread_is_lost);
    tcase_add_test(tcase, syn_07_of_many_waiters_exactly_one_has_it);
    tcase_add_test(tcase, syn_12_get_handle_beside_signal);
    tcase_add_test(tcase, syn_12_wait_beside_signal);
    tcase_add_test(tcase, syn_12_reset_beside_signal);
    tcase_add_test(tcase, syn_12_poll_beside_signal);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(event_races_suite)
