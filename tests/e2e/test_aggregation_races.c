/*
 * test_aggregation_races.c -- completion, cancel, release and reuse of call objects with an outer
 * object, several threads at a time. RACE-05, RACE-07, RACE-08, LIFE-05, SYN-16.
 *
 * ISide's methods touch nothing that threads share, so the order is the runtime's own doing.
 */
#include <uvcom/synchronize.h>

#include "client.h"
#include "tests/support/outer.h"

enum { ROUNDS = 300 };

struct round {
    struct outer *outer;
    AsyncISide *call;
    ICancelMethodCalls *cancel;
    atomic_int arrived; /* of two, who start together */
    HRESULT hr;
    LONG result;
};

static void open_round(struct round *round)
{
    round->outer = outer_create();
    ck_assert_ptr_nonnull(round->outer);
    ck_assert_hr(outer_attach(round->outer, client.server, &IID_AsyncISide), S_OK);
    round->call = client_query(&round->outer->unknown, &IID_AsyncISide);
    round->cancel = client_query(round->call, &IID_ICancelMethodCalls);
}

static void close_round(struct round *round)
{
    client_release(round->cancel);
    client_release(round->call);
    outer_release(round->outer);
}

static void meet(struct round *round)
{
    const int turn = atomic_fetch_add(&round->arrived, 1) / 2;

    while (atomic_load(&round->arrived) < 2 * (turn + 1))
        sched_yield();
}

static void cancel_each(void *arg)
{
    struct round *round = arg;

    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        meet(round);
        round->hr = ICancelMethodCalls_Cancel(round->cancel, 0);
        meet(round);
    }
}

/* A result or a cancel, and exactly one Signal for each call. */
START_TEST(race_05_completion_and_cancel_signal_once)
{
    struct round round = {0};
    struct helper helper;
    int begun = 0;

    open_round(&round);
    helper_start(&helper, cancel_each, &round);
    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        HRESULT hr;

        ck_assert_hr(AsyncISide_Begin_Negate(round.call, 5), S_OK);
        begun++;
        meet(&round);
        hr = AsyncISide_Finish_Negate(round.call, &round.result);
        meet(&round);
        if (round.hr == S_OK)
            ck_assert_hr(hr, RPC_E_CALL_CANCELED);
        else
            ck_assert_hr(hr, S_OK);
        ck_assert(round.hr == S_OK || round.hr == RPC_E_CALL_COMPLETE);
        ck_assert_int_eq(round.result, SUCCEEDED(hr) ? -5 : 0);
        while (atomic_load(&round.outer->signals) < begun)
            sched_yield();
        ck_assert_int_eq(atomic_load(&round.outer->signals), begun);
    }
    helper_join(&helper);
    ck_assert_int_eq(atomic_load(&round.outer->resets), begun);
    close_round(&round);
}
END_TEST

static void count_end(struct outer *outer)
{
    atomic_int *ends = outer->context;

    atomic_fetch_add(ends, 1);
}

static void release_each(void *arg)
{
    struct round *round = arg;

    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        meet(round);
        client_release(round->call);
        meet(round);
    }
}

/* The operation's reference keeps the outer until its Signal has returned. */
START_TEST(race_07_the_last_release_meets_signal)
{
    atomic_int ends = 0;
    struct round round = {0};
    struct helper helper;
    int made = 0;

    helper_start(&helper, release_each, &round);
    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        open_round(&round);
        round.outer->on_end = count_end;
        round.outer->context = &ends;
        made++;
        ck_assert_hr(AsyncISide_Begin_Negate(round.call, 5), S_OK);
        client_release(round.cancel);
        outer_release(round.outer);
        meet(&round);
        meet(&round);
    }
    helper_join(&helper);
    while (atomic_load(&ends) < made)
        sched_yield();
    ck_assert_int_eq(atomic_load(&ends), made);
}
END_TEST

struct relay {
    AsyncISide *call;
    atomic_int left;
    atomic_int failures;
    struct gate done;
};

static void go_on(struct outer *outer)
{
    struct relay *relay = outer->context;
    LONG result = 0;

    if (AsyncISide_Finish_Negate(relay->call, &result) != S_OK || result != -7)
        atomic_fetch_add(&relay->failures, 1);
    if (atomic_fetch_sub(&relay->left, 1) == 1)
        gate_open(&relay->done);
    else if (FAILED(AsyncISide_Begin_Negate(relay->call, 7)))
        atomic_fetch_add(&relay->failures, 1);
}

/* Signal finishes and begins again, on the server's threads, while another thread cannot: the call
   object is never idle for it. */
START_TEST(life_05_signal_finishes_and_begins_again)
{
    struct round round = {0};
    struct relay relay = {.failures = 0};

    gate_init(&relay.done);
    open_round(&round);
    relay.call = round.call;
    atomic_store(&relay.left, (int)(10 * ROUNDS * client_race_factor()));
    round.outer->context = &relay;
    round.outer->on_signal = go_on;
    ck_assert_hr(AsyncISide_Begin_Negate(round.call, 7), S_OK);
    gate_wait(&relay.done);
    ck_assert_int_eq(atomic_load(&relay.failures), 0);
    close_round(&round);
    gate_fini(&relay.done);
}
END_TEST

static void begin_and_finish(void *arg)
{
    struct round *round = arg;

    for (size_t i = 0; i < ROUNDS * client_race_factor(); i++) {
        LONG result = 0;
        HRESULT hr = AsyncISide_Begin_Negate(round->call, 9);

        if (hr == RPC_E_CALL_PENDING)
            continue;
        if (SUCCEEDED(hr))
            hr = AsyncISide_Finish_Negate(round->call, &result);
        /* The other one's Finish_ may have been faster: it is for whatever call there is. */
        if (FAILED(hr) && hr != RPC_E_CALL_COMPLETE)
            round->hr = hr;
        else if (SUCCEEDED(hr) && result != -9)
            round->hr = E_UNEXPECTED;
    }
}

/* A blocked Finish_ waits in the outer's Wait, which may be told by the next call's Signal. */
START_TEST(race_02_blocked_finishes_go_through_the_outers_wait)
{
    struct round round = {0};
    struct helper helpers[2];

    open_round(&round);
    helper_start(&helpers[0], begin_and_finish, &round);
    helper_start(&helpers[1], begin_and_finish, &round);
    helper_join(&helpers[0]);
    helper_join(&helpers[1]);
    ck_assert_hr(round.hr, S_OK);
    close_round(&round);
}
END_TEST

/* ---- an outer with an event of its own ---- */

struct early {
    struct outer *outer;
    AsyncIGated *call;
    struct helper helper;
    HRESULT hr;
    LONG sum;
};

static void finish_early(void *arg)
{
    struct early *early = arg;

    early->hr = AsyncIGated_Finish_Add(early->call, &early->sum);
}

/* Inside Begin_, when Reset has been called: returns when Finish_ is in the outer's Wait. */
static void let_finish_wait(struct outer *outer)
{
    struct early *early = outer->context;

    helper_start(&early->helper, finish_early, early);
    while (atomic_load(&outer->waits) == 0)
        sched_yield();
}

static HRESULT refuse(IGated *This, uvcom_operation *operation, LONG a, LONG b, LONG *sum)
{
    (void)This;
    (void)operation;
    (void)a;
    (void)b;
    (void)sum;
    return E_ACCESSDENIED;
}

/* The outer's event is set by nothing but its Signal. Begin_ fails in Reset, or after it. */
START_TEST(race_09_a_finish_in_the_outers_own_wait_ends_when_begin_fails)
{
    static const AsyncIGatedServer starts = {.Start_Add = refuse};
    struct early early = {.outer = outer_create(), .hr = S_OK, .sum = 7};
    IGated *server;
    HRESULT hr;

    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&server), S_OK);
    ck_assert_hr(uvcom_create_server_call(&IID_AsyncIGated, &starts, server, &early.outer->unknown,
                                          &IID_IUnknown, &early.outer->inner),
                 S_OK);
    client_release(server);
    ck_assert_hr(CoCreateInstance(&CLSID_ManualResetEvent, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ISynchronize, (void **)&early.outer->event),
                 S_OK);
    early.outer->async_iid = &IID_AsyncIGated;
    early.call = client_query(&early.outer->unknown, &IID_AsyncIGated);
    early.outer->on_reset = let_finish_wait;
    early.outer->context = &early;
    early.outer->reset_hr = _i == 0 ? E_ABORT : S_OK;
    hr = AsyncIGated_Begin_Add(early.call, 1, 2);
    ck_assert_hr(hr, _i == 0 ? E_ABORT : E_ACCESSDENIED);
    helper_join(&early.helper);
    ck_assert_hr(early.hr, RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(early.sum, 0);
    ck_assert_int_eq(atomic_load(&early.outer->signals), 1);
    ck_assert_int_eq(atomic_load(&early.outer->references), 2);
    client_release(early.outer->event);
    client_release(early.call);
    outer_release(early.outer);
}
END_TEST

/* ---- Signal on the thread that watches over deadlines ---- */

struct late {
    AsyncIGated *call;
    ISynchronize *event;
    pthread_t client;
    bool was_tried;
    HRESULT begun, waited, finished, limited, event_waited;
    struct gate done;
};

static void wait_in_signal(struct outer *outer)
{
    struct late *late = outer->context;

    if (late->was_tried)
        return;
    AsyncIGated_Finish_Enter(late->call, &(LONG){0});
    /* The deadline has passed while Begin_ was still at work: this is not the thread. */
    if (pthread_equal(pthread_self(), late->client)) {
        late->begun = AsyncIGated_Begin_Enter(late->call, 1);
        return;
    }
    late->was_tried = true;
    uvcom_call_set_timeout(late->call, 200);
    late->begun = AsyncIGated_Begin_Enter(late->call, 2);
    late->waited = uvcom_wait(late->call, INFINITE);
    late->finished = AsyncIGated_Finish_Enter(late->call, &(LONG){0});
    late->limited = uvcom_wait(late->call, 1);
    late->event_waited = ISynchronize_Wait(late->event, 0, INFINITE);
    gate_open(&late->done);
}

START_TEST(an_unlimited_wait_where_deadlines_are_watched_is_a_possible_deadlock)
{
    const HRESULT deadlock = HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    struct outer *outer = outer_create();
    static struct late late; /* the last Signal may come after the test's end */

    late = (struct late){.client = pthread_self()};
    gate_init(&late.done);
    ck_assert_hr(outer_attach(outer, client.server, &IID_AsyncIGated), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_ManualResetEvent, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ISynchronize, (void **)&late.event),
                 S_OK);
    late.call = client_query(&outer->unknown, &IID_AsyncIGated);
    outer->on_signal = wait_in_signal;
    outer->context = &late;
    ck_assert_hr(uvcom_call_set_timeout(late.call, 5), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(late.call, 1), S_OK);
    gate_wait(&late.done);
    ck_assert_hr(late.begun, S_OK);
    ck_assert_hr(late.waited, deadlock);
    ck_assert_hr(late.finished, deadlock);
    ck_assert_hr(late.limited, RPC_E_TIMEOUT);
    ck_assert_hr(late.event_waited, deadlock);
    /* Here it is no more than a wait, and its deadline comes. */
    ck_assert_hr(AsyncIGated_Finish_Enter(late.call, &(LONG){0}), RPC_E_TIMEOUT);
    client_release(late.event);
    client_release(late.call);
    outer_release(outer);
    gate_fini(&late.done);
}
END_TEST

static void races(TCase *tcase)
{
    tcase_add_test(tcase, race_05_completion_and_cancel_signal_once);
    tcase_add_test(tcase, race_07_the_last_release_meets_signal);
    tcase_add_test(tcase, life_05_signal_finishes_and_begins_again);
    tcase_add_test(tcase, race_02_blocked_finishes_go_through_the_outers_wait);
    tcase_add_loop_test(tcase, race_09_a_finish_in_the_outers_own_wait_ends_when_begin_fails, 0, 2);
    tcase_add_test(tcase, an_unlimited_wait_where_deadlines_are_watched_is_a_possible_deadlock);
    tcase_set_timeout(tcase, 60);
}

static Suite *aggregation_races_suite(void)
{
    Suite *suite = suite_create("aggregation_races");

    client_add_cases(suite, CLIENT_ANY, races);
    return suite;
}

UVCOM_TEST_MAIN(aggregation_races_suite)
