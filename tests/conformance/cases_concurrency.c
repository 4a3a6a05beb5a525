/*
 * cases_concurrency.c -- conformance cases for RACE: several threads at one call object. Races with
 * Cancel are in cases_cancel.c.
 *
 * Nothing that the threads share may order them by itself, so the cases use ISide of the desk,
 * whose methods touch nothing, where the server takes part in the race.
 */
#include "tests/conformance/conformance.h"

#include <string.h>

enum { CROWD = 8 };

/* One side of a race: what it did and what it got. */
struct racer {
    struct actor actor;
    struct start_line *line;
    void *call;
    size_t rounds;
    LONG value;
    HRESULT hr;
    size_t wins;
    size_t oddities; /* answers that must not be */
};

/* ---- Begin_ and Begin_ ---- */

static void begin_again_and_again(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        start_line_wait(racer->line);
        racer->hr = AsyncISide_Begin_Negate(racer->call, racer->value);
        start_line_wait(racer->line); /* the case looks at hr now */
        start_line_wait(racer->line);
    }
}

static AsyncISide *side_call(void)
{
    AsyncISide *call;

    ck_assert_hr(uvcom_create_call(scene.server, &IID_AsyncISide, (void **)&call), S_OK);
    return call;
}

/* Of two answers of Begin_ one must be S_OK; whether it is the first one's. */
static bool first_has_won(HRESULT first, HRESULT second)
{
    ck_assert_hr(first == S_OK ? second : first, RPC_E_CALL_PENDING);
    ck_assert_hr(first == S_OK ? first : second, S_OK);
    return first == S_OK;
}

CASE(RACE_01_of_several_begins_one_succeeds)
{
    const size_t rounds = repetitions(500);
    AsyncISide *call = side_call();
    struct start_line line;
    struct racer racer = {.line = &line, .call = call, .rounds = rounds, .value = 2};

    start_line_init(&line, 2);
    actor_start(&racer.actor, begin_again_and_again, &racer);
    for (size_t round = 0; round < rounds; round++) {
        LONG result = 0;
        HRESULT hr;

        start_line_wait(&line);
        hr = AsyncISide_Begin_Negate(call, 1);
        start_line_wait(&line);
        ck_assert_hr(AsyncISide_Finish_Negate(call, &result), S_OK);
        ck_assert_int_eq(result, first_has_won(hr, racer.hr) ? -1 : -2);
        start_line_wait(&line);
    }
    actor_join(&racer.actor);
    release(call);
}

/* An object that lets two threads meet where Begin_ refers to it: before the claim. */
static struct witness meeting;
static _Thread_local bool goes_to_meeting;

static void meet(struct witness *witness)
{
    if (goes_to_meeting)
        start_line_wait(witness->context);
    goes_to_meeting = false;
}

static HRESULT begin_at_meeting(AsyncIDesk *call)
{
    HRESULT hr;

    goes_to_meeting = true;
    hr = AsyncIDesk_Begin_Pass(call, &meeting.unknown);
    goes_to_meeting = false;
    return hr;
}

static void begin_at_meeting_again_and_again(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        racer->hr = begin_at_meeting(racer->call);
        start_line_wait(racer->line);
        start_line_wait(racer->line);
    }
}

CASE(RACE_01_two_begins_at_one_point_are_told_apart)
{
    const size_t rounds = repetitions(300);
    struct start_line line;
    struct racer racer = {.line = &line, .call = scene.call, .rounds = rounds};

    witness_init(&meeting);
    meeting.context = &line;
    meeting.on_add_ref = meet;
    gate_open(&desk.gate);
    start_line_init(&line, 2);
    actor_start(&racer.actor, begin_at_meeting_again_and_again, &racer);
    for (size_t round = 0; round < rounds; round++) {
        const HRESULT hr = begin_at_meeting(scene.call);
        IUnknown *same = NULL;

        start_line_wait(&line);
        first_has_won(hr, racer.hr);
        ck_assert_hr(AsyncIDesk_Finish_Pass(scene.call, &same), S_OK);
        release(same);
        start_line_wait(&line);
    }
    actor_join(&racer.actor);
    witness_await(&meeting, 1);
}

/* ---- Finish_ and Finish_ ---- */

static void finish_hold(void *arg)
{
    struct racer *racer = arg;

    start_line_wait(racer->line);
    racer->hr = AsyncIDesk_Finish_Hold(racer->call, &racer->value);
}

/* All of them wait when the call completes. */
CASE(RACE_02_of_several_finishes_one_has_the_result)
{
    struct racer racers[CROWD];
    struct start_line line;
    size_t winners = 0;

    start_line_init(&line, CROWD + 1);
    begin_hold(scene.call, 2);
    for (int i = 0; i < CROWD; i++) {
        racers[i] = (struct racer){.line = &line, .call = scene.call, .value = -1};
        actor_start(&racers[i].actor, finish_hold, &racers[i]);
    }
    start_line_wait(&line);
    gate_open(&desk.gate);
    for (int i = 0; i < CROWD; i++) {
        actor_join(&racers[i].actor);
        winners += racers[i].hr == S_OK;
        ck_assert_int_eq(racers[i].value, racers[i].hr == S_OK ? 2 : 0);
        if (racers[i].hr != S_OK)
            ck_assert_hr(racers[i].hr, RPC_E_CALL_COMPLETE);
    }
    ck_assert_uint_eq(winners, 1);
}

static void finish_again_and_again(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        LONG result = 1;
        HRESULT hr;

        start_line_wait(racer->line);
        hr = AsyncISide_Finish_Negate(racer->call, &result);
        racer->wins += hr == S_OK;
        if (hr == S_OK ? result != -racer->value : hr != RPC_E_CALL_COMPLETE || result != 0)
            racer->oddities++;
        start_line_wait(racer->line);
    }
}

CASE(RACE_02_two_finishes_take_turns_for_many_calls)
{
    const size_t rounds = repetitions(500);
    AsyncISide *call = side_call();
    struct start_line line;
    struct racer racer = {.line = &line, .call = call, .rounds = rounds, .value = 77};
    size_t wins = 0;

    start_line_init(&line, 2);
    actor_start(&racer.actor, finish_again_and_again, &racer);
    for (size_t round = 0; round < rounds; round++) {
        LONG result = 1;
        HRESULT hr;

        ck_assert_hr(AsyncISide_Begin_Negate(call, 77), S_OK);
        start_line_wait(&line);
        hr = AsyncISide_Finish_Negate(call, &result);
        wins += hr == S_OK;
        if (hr != S_OK)
            ck_assert_hr(hr, RPC_E_CALL_COMPLETE);
        ck_assert_int_eq(result, hr == S_OK ? -77 : 0);
        start_line_wait(&line);
    }
    actor_join(&racer.actor);
    ck_assert_uint_eq(racer.oddities, 0);
    ck_assert_uint_eq(racer.wins + wins, rounds);
    release(call);
}

/* ---- Finish_ and Begin_ ---- */

enum { LARGE = 4096 };

/* Begins until it is let in. */
static void begin_while_finishing(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        start_line_wait(racer->line);
        do
            racer->hr = AsyncISide_Begin_Spread(racer->call, 2, LARGE);
        while (racer->hr == RPC_E_CALL_PENDING);
        racer->oddities += racer->hr != S_OK;
        start_line_wait(racer->line);
    }
}

static size_t count_of(const LONG *values, LONG value)
{
    size_t count = 0;

    for (int i = 0; i < LARGE; i++)
        count += values[i] == value;
    return count;
}

CASE(RACE_03_begin_fails_until_finish_has_copied_its_results)
{
    static LONG values[LARGE];
    const size_t rounds = repetitions(300);
    struct start_line line;
    struct racer racer = {.line = &line, .call = side_call(), .rounds = rounds};

    start_line_init(&line, 2);
    actor_start(&racer.actor, begin_while_finishing, &racer);
    for (size_t round = 0; round < rounds; round++) {
        ck_assert_hr(AsyncISide_Begin_Spread(racer.call, 1, LARGE), S_OK);
        ck_assert_hr(uvcom_wait(racer.call, INFINITE), S_OK);
        start_line_wait(&line);
        ck_assert_hr(AsyncISide_Finish_Spread(racer.call, values), S_OK);
        ck_assert_uint_eq(count_of(values, 1), LARGE);
        start_line_wait(&line);
        ck_assert_hr(AsyncISide_Finish_Spread(racer.call, values), S_OK);
        ck_assert_uint_eq(count_of(values, 2), LARGE);
    }
    actor_join(&racer.actor);
    ck_assert_uint_eq(racer.oddities, 0);
    release(racer.call);
}

/* What an object does that is given out by a Finish_, on that Finish_'s thread. */
struct curiosity {
    uintptr_t thread;
    size_t begun;
    size_t oddities;
};

static void begin_inside_finish(struct witness *witness)
{
    struct curiosity *curiosity = witness->context;

    if (curiosity->thread != this_thread())
        return;
    curiosity->begun++;
    if (AsyncIDesk_Begin_Echo(scene.call, 1) != RPC_E_CALL_PENDING)
        curiosity->oddities++;
}

CASE(RACE_03_a_begin_from_inside_finish_is_refused)
{
    struct curiosity curiosity = {.thread = this_thread()};
    struct witness witness;
    IUnknown *same = NULL;

    witness_init(&witness);
    witness.context = &curiosity;
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Pass(scene.call, &witness.unknown), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    witness.on_add_ref = begin_inside_finish;
    ck_assert_hr(AsyncIDesk_Finish_Pass(scene.call, &same), S_OK);
    witness.on_add_ref = NULL;
    ck_assert_uint_gt(curiosity.begun, 0);
    ck_assert_uint_eq(curiosity.oddities, 0);
    release(same);
    witness_await(&witness, 1);
}

/* ---- Signal and Wait ---- */

struct table_tennis {
    struct actor actor;
    ISynchronize *mine;
    ISynchronize *yours;
    size_t rounds;
    size_t oddities;
};

static void answer_each(void *arg)
{
    struct table_tennis *player = arg;

    for (size_t i = 0; i < player->rounds; i++) {
        player->oddities += ISynchronize_Wait(player->mine, COWAIT_DEFAULT, INFINITE) != S_OK;
        player->oddities += ISynchronize_Reset(player->mine) != S_OK;
        player->oddities += ISynchronize_Signal(player->yours) != S_OK;
    }
}

/* A Signal that is lost leaves both asleep for ever. */
CASE(RACE_04_no_waiter_misses_a_signal)
{
    const size_t rounds = repetitions(2000);
    AsyncIDesk *other = new_call();
    struct table_tennis player = {.mine = scene.sync, .rounds = rounds};

    player.yours = query(other, &IID_ISynchronize);
    actor_start(&player.actor, answer_each, &player);
    for (size_t round = 0; round < rounds; round++) {
        ck_assert_hr(ISynchronize_Signal(player.mine), S_OK);
        ck_assert_hr(ISynchronize_Wait(player.yours, COWAIT_DEFAULT, INFINITE), S_OK);
        ck_assert_hr(ISynchronize_Reset(player.yours), S_OK);
    }
    actor_join(&player.actor);
    ck_assert_uint_eq(player.oddities, 0);
    release(player.yours);
    release(other);
}

/* The same for completion: the waiter goes to sleep while the call completes. */
CASE(RACE_04_no_waiter_misses_a_completion)
{
    AsyncISide *call = side_call();

    for (size_t i = repetitions(1000); i > 0; i--) {
        LONG result = 0;

        ck_assert_hr(AsyncISide_Begin_Negate(call, 5), S_OK);
        ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
        ck_assert_hr(AsyncISide_Finish_Negate(call, &result), S_OK);
        ck_assert_int_eq(result, -5);
    }
    release(call);
}

/* ---- a late end ---- */

static void cancel_and_finish(AsyncIDesk *call)
{
    ICancelMethodCalls *cancel = query(call, &IID_ICancelMethodCalls);
    LONG result = -1;

    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(call, &result), RPC_E_CALL_CANCELED);
    ck_assert_int_eq(result, 0);
    release(cancel);
}

/* The server of the first call leaves when the second call waits at the gate already. */
CASE(RACE_06_the_late_end_of_a_cancelled_call_does_nothing_to_the_next)
{
    for (LONG i = (LONG)repetitions(30); i > 0; i--) {
        const int left = atomic_load(&desk.left);
        LONG result = -1;

        begin_hold(scene.call, 1);
        cancel_and_finish(scene.call);
        ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, i), S_OK);
        gate_pass(&desk.gate, 1);
        desk_await_left(left + 1);
        gate_await_waiters(&desk.gate, 1);
        ck_assert_hr(uvcom_wait(scene.call, 0), RPC_E_TIMEOUT);
        ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 3), RPC_E_CALL_PENDING);
        gate_pass(&desk.gate, 1);
        ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
        ck_assert_int_eq(result, i);
    }
}

/* ---- Release and completion ---- */

static void wait_and_finish(void *arg)
{
    struct racer *racer = arg;

    for (size_t i = 0; i < racer->rounds; i++) {
        start_line_wait(racer->line);
        racer->hr = AsyncISide_Begin_Negate(racer->call, 1);
        release(racer->call);
        racer->oddities += racer->hr != S_OK;
        start_line_wait(racer->line);
    }
}

/* The last Release meets the server's completion at every point of its way. */
CASE(RACE_07_the_object_lives_until_signal_has_returned)
{
    const size_t rounds = repetitions(300);
    struct start_line line;
    struct racer racer = {.line = &line, .rounds = rounds};

    start_line_init(&line, 2);
    racer.call = side_call();
    actor_start(&racer.actor, wait_and_finish, &racer);
    for (size_t round = 0; round < rounds; round++) {
        AsyncISide *other = side_call();
        AsyncISide *next = round + 1 < rounds ? side_call() : NULL;

        start_line_wait(&line);
        ck_assert_hr(AsyncISide_Begin_Negate(other, 1), S_OK);
        for (size_t spins = round % 64; spins > 0; spins--)
            atomic_signal_fence(memory_order_seq_cst);
        release(other);
        start_line_wait(&line);
        racer.call = next;
    }
    actor_join(&racer.actor);
    ck_assert_uint_eq(racer.oddities, 0);
}

/* ---- a Begin_ that fails half way ---- */

static void finish_too_early(void *arg)
{
    struct racer *racer = arg;

    racer->value = -1;
    start_line_wait(racer->line);
    racer->hr = AsyncIDesk_Finish_Echo(racer->call, &racer->value);
}

/* Begin_ has claimed the object; the other thread's Finish_ begins while it is in here. */
static HRESULT reset_and_fail(struct outer *outer)
{
    start_line_wait(outer->context);
    await_value(&outer->waits, 1); /* so it has met a call that is just starting */
    return E_ABORT;
}

static HRESULT wait_no_time(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    (void)outer;
    (void)flags;
    (void)milliseconds;
    return S_OK;
}

CASE(RACE_09_a_waiting_finish_ends_when_begin_fails_half_way)
{
    struct start_line line;

    start_line_init(&line, 2);
    for (size_t i = repetitions(50); i > 0; i--) {
        struct outer *outer = outer_create(scene.server);
        struct racer racer = {.call = outer->call, .line = &line};

        outer->context = &line;
        outer->reset = reset_and_fail;
        outer->wait = wait_no_time;
        actor_start(&racer.actor, finish_too_early, &racer);
        ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 1), E_ABORT);
        actor_join(&racer.actor);
        ck_assert_hr(racer.hr, RPC_E_CALL_COMPLETE);
        ck_assert_int_eq(racer.value, 0);
        outer_release(outer);
    }
}

/* ---- any thread ---- */

static void begin_elsewhere(void *arg)
{
    struct racer *racer = arg;

    racer->hr = AsyncIDesk_Begin_Hold(racer->call, 10);
}

static void wait_elsewhere(void *arg)
{
    struct racer *racer = arg;

    racer->hr = uvcom_wait(racer->call, INFINITE);
}

static void finish_elsewhere(void *arg)
{
    struct racer *racer = arg;

    racer->hr = AsyncIDesk_Finish_Hold(racer->call, &racer->value);
}

static void release_elsewhere(void *arg)
{
    struct racer *racer = arg;

    racer->hr = answer(racer->call, &IID_ISynchronize);
    release(racer->call);
}

/* A thread of its own for each step, none of them the one that made the call object. */
CASE(RACE_10_a_call_object_is_used_from_any_thread)
{
    void (*const steps[])(void *) = {begin_elsewhere, wait_elsewhere, finish_elsewhere,
                                     release_elsewhere};

    gate_open(&desk.gate);
    for (size_t round = repetitions(10); round > 0; round--) {
        struct racer racer = {.call = new_call()};

        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            racer.hr = E_FAIL;
            actor_run(steps[i], &racer);
            ck_assert_hr(racer.hr, S_OK);
        }
        ck_assert_int_eq(racer.value, 10);
    }
}

#define SOME (SETTING_MTA_TO_OWN | SETTING_MTA_TO_MTA)

const struct conformance_case cases_concurrency[] = {
    {&RACE_01_of_several_begins_one_succeeds, SOME},
    {&RACE_01_two_begins_at_one_point_are_told_apart, SOME},
    {&RACE_02_of_several_finishes_one_has_the_result, SOME | SETTING_STA_TO_OWN},
    {&RACE_02_two_finishes_take_turns_for_many_calls, SOME},
    {&RACE_03_begin_fails_until_finish_has_copied_its_results, SOME},
    {&RACE_03_a_begin_from_inside_finish_is_refused, THROUGH_A_PROXY},
    {&RACE_04_no_waiter_misses_a_signal, SOME | SETTING_STA_TO_MTA},
    {&RACE_04_no_waiter_misses_a_completion, SOME | SETTING_STA_TO_OWN | SETTING_STA_TO_MTA},
    {&RACE_06_the_late_end_of_a_cancelled_call_does_nothing_to_the_next, SETTING_MTA_TO_OWN},
    {&RACE_07_the_object_lives_until_signal_has_returned, SOME},
    {&RACE_09_a_waiting_finish_ends_when_begin_fails_half_way, SOME},
    {&RACE_10_a_call_object_is_used_from_any_thread, ELSEWHERE},
    {0},
};
