/*
 * test_async_signal.c -- call objects that a server has written by hand, and the outer object that
 * they get from the runtime: what it answers, and Signal at every time, by every thread, any number
 * of times.
 */
#include <sched.h>

#include <uvcom/context.h>
#include <uvcom/synchronize.h>

#include "customer.h"

enum { THREADS = 8 };

/* The outer object of a call, kept by a hook that runs in its Begin_. */
static struct {
    IUnknown *identity;
    ISynchronize *synchronize;
    ICancelMethodCalls *cancel;
    HRESULT hr[6];
} kept;

static void keep(void)
{
    kept.identity = bakery.identity;
    IUnknown_AddRef(kept.identity);
    IUnknown_QueryInterface(kept.identity, &IID_ISynchronize, (void **)&kept.synchronize);
    IUnknown_QueryInterface(kept.identity, &IID_ICancelMethodCalls, (void **)&kept.cancel);
}

static void let_go(void)
{
    ICancelMethodCalls_Release(kept.cancel);
    ISynchronize_Release(kept.synchronize);
    IUnknown_Release(kept.identity);
}

static LONG finish(void)
{
    LONG bread = 0;

    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    return bread;
}

/* ---- what it answers ---- */

static void ask_identity(void)
{
    void *found = NULL;

    keep();
    kept.hr[0] = IUnknown_QueryInterface(kept.identity, &IID_AsyncIBakery, &found);
    kept.hr[1] = IUnknown_QueryInterface((IUnknown *)found, &IID_IUnknown, &found);
    kept.hr[2] = found == kept.identity ? S_OK : E_FAIL;
    IUnknown_Release(kept.identity);
    kept.hr[3] = IUnknown_QueryInterface((IUnknown *)kept.cancel, &IID_AsyncIBakery, &found);
    IUnknown_Release((IUnknown *)found);
    IUnknown_Release((IUnknown *)found);
    kept.hr[4] = IUnknown_QueryInterface(kept.identity, &IID_ICleaner, &found);
    kept.hr[5] = ICancelMethodCalls_TestCancel(kept.cancel);
}

START_TEST(auto_08_the_outer_object_has_both_interfaces_and_one_identity)
{
    bakery.hook = ask_identity;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_ptr_nonnull(kept.synchronize);
    ck_assert_ptr_nonnull(kept.cancel);
    for (int i = 0; i < 4; i++)
        ck_assert_hr(kept.hr[i], S_OK);
    ck_assert_hr(kept.hr[4], E_NOINTERFACE);
    ck_assert_hr(kept.hr[5], RPC_S_CALLPENDING);
    ck_assert_hr(ICancelMethodCalls_TestCancel(kept.cancel), RPC_E_CALL_COMPLETE);
    ck_assert_hr(ICancelMethodCalls_Cancel(kept.cancel, 0), E_NOTIMPL);
    ck_assert_hr(ISynchronize_Wait(kept.synchronize, 0, 0), S_OK);
    let_go();
}
END_TEST

START_TEST(srv_13_a_server_sees_that_its_client_has_cancelled)
{
    ICancelMethodCalls *mine = client_query(customer.call, &IID_ICancelMethodCalls);
    struct job *job;
    LONG bread;

    bakery.hook = keep;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    job = bakery_take();
    ck_assert_hr(ICancelMethodCalls_TestCancel(kept.cancel), RPC_S_CALLPENDING);
    ck_assert_hr(ICancelMethodCalls_Cancel(mine, 0), S_OK);
    ck_assert_hr(ICancelMethodCalls_TestCancel(kept.cancel), RPC_E_CALL_CANCELED);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_CALL_CANCELED);
    ck_assert_hr(ICancelMethodCalls_TestCancel(kept.cancel), RPC_E_CALL_CANCELED);
    bakery_end(job, RPC_E_CALL_CANCELED);
    while (atomic_load(&bakery.finishes) != 1)
        ;
    ICancelMethodCalls_Release(mine);
    let_go();
}
END_TEST

/* ---- Signal ---- */

static void signal_twice(void)
{
    keep();
    kept.hr[0] = ISynchronize_Signal(kept.synchronize);
    kept.hr[1] = ISynchronize_Signal(kept.synchronize);
}

START_TEST(srv_04_signals_inside_begin_are_one)
{
    bakery.hook = signal_twice;
    bakery.at_once = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_hr(kept.hr[0], S_OK);
    ck_assert_hr(kept.hr[1], S_OK);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    ck_assert_hr(ISynchronize_Signal(kept.synchronize), S_OK);
    ck_assert_hr(ISynchronize_Reset(kept.synchronize), S_OK);
    ck_assert_hr(ISynchronize_Signal(kept.synchronize), S_OK);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    let_go();
    bakery.hook = NULL;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 3), S_OK);
    ck_assert_int_eq(finish(), 6);
}
END_TEST

static void signal_and_reset(void)
{
    keep();
    ISynchronize_Signal(kept.synchronize);
    ISynchronize_Reset(kept.synchronize);
}

START_TEST(srv_02_a_reset_inside_begin_takes_a_signal_back)
{
    bakery.hook = signal_and_reset;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_hr(uvcom_wait(customer.call, 0), RPC_E_TIMEOUT);
    bakery_end(bakery_take(), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    let_go();
}
END_TEST

START_TEST(srv_07_a_signal_before_a_begin_that_fails_is_ignored)
{
    LONG bread = 7;

    bakery.hook = signal_twice;
    bakery.begin_hr = E_ACCESSDENIED;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), E_ACCESSDENIED);
    ck_assert_hr(ISynchronize_Signal(kept.synchronize), S_OK);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    let_go();
}
END_TEST

static void signal_from_here(void *arg)
{
    gate_wait(arg);
    ISynchronize_Signal(kept.synchronize);
}

START_TEST(srv_11_eight_threads_signal_and_one_finish_follows)
{
    struct helper helpers[THREADS];
    struct gate gate;

    bakery.hook = keep;
    bakery.is_rash = true;
    for (int round = 1; round <= 20; round++) {
        gate_init(&gate);
        ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
        ck_assert_hr(job_do(bakery_take()), S_OK);
        for (int i = 0; i < THREADS; i++)
            (i % 2 ? helper_start : helper_start_bare)(&helpers[i], signal_from_here, &gate);
        gate_open(&gate);
        ck_assert_int_eq(finish(), 4);
        for (int i = 0; i < THREADS; i++)
            helper_join(&helpers[i]);
        ck_assert_int_eq(atomic_load(&bakery.finishes), round);
        let_go();
        gate_fini(&gate);
    }
}
END_TEST

/* SYN-15: on the client's own call object it is an event and nothing else. */
START_TEST(syn_15_a_strangers_signal_does_not_make_the_server_finish)
{
    ISynchronize *mine = client_synchronize(customer.call);

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_hr(ISynchronize_Signal(mine), S_OK);
    ck_assert_hr(uvcom_wait(customer.call, 0), S_OK);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    bakery_end(bakery_take(), S_OK);
    ck_assert_int_eq(finish(), 4);
    ISynchronize_Release(mine);
}
END_TEST

/* As the SDK's sample: the queued work knows the call object and holds no reference on it. */
START_TEST(srv_10_the_call_object_lives_until_it_is_finished)
{
    bakery.is_rash = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    AsyncIBakery_Release(customer.call);
    bakery_end(bakery_take(), S_OK);
    customer.call = customer_new_call();
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 3), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_int_eq(finish(), 6);
}
END_TEST

static void ask_context(void)
{
    IUnknown *context = NULL;

    keep();
    kept.hr[0] = CoGetCallContext(&IID_IUnknown, (void **)&context);
    client_release(context);
    ISynchronize_Signal(kept.synchronize);
    context = NULL;
    kept.hr[1] = CoGetCallContext(&IID_IUnknown, (void **)&context);
    client_release(context);
}

static void ask_context_again(void)
{
    IUnknown *context = NULL;

    kept.hr[2] = CoGetCallContext(&IID_IUnknown, (void **)&context);
    client_release(context);
}

START_TEST(sec_02_the_context_ends_with_signal)
{
    bakery.hook = ask_context;
    bakery.finish_hook = ask_context_again;
    bakery.at_once = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_hr(kept.hr[0], S_OK);
    ck_assert_hr(kept.hr[1], RPC_E_CALL_COMPLETE);
    ck_assert_hr(kept.hr[2], RPC_E_CALL_COMPLETE);
    let_go();
}
END_TEST

/* Its Signal would never be heard of. */
START_TEST(auto_07_a_call_object_that_is_not_aggregated_is_not_used)
{
    bakery.stands_alone = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_int_eq(atomic_load(&bakery.begins), 0);
    ck_assert_int_eq(atomic_load(&bakery.runs), 1);
}
END_TEST

/* ---- an operation, by as many threads ---- */

struct racer {
    struct helper helper;
    struct gate *gate;
    uvcom_operation *operation;
    HRESULT hr;
};

static void complete_from_here(void *arg)
{
    struct racer *racer = arg;

    gate_wait(racer->gate);
    racer->hr = uvcom_operation_complete(racer->operation, S_OK);
    uvcom_operation_release(racer->operation);
}

START_TEST(srv_11_eight_threads_complete_and_one_wins)
{
    struct racer racers[THREADS];
    struct gate gate;

    for (int round = 0; round < 20; round++) {
        struct job *job;
        int won = 0;

        gate_init(&gate);
        ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
        job = bakery_take();
        *(LONG *)job->places[0] = round;
        for (int i = 0; i < THREADS; i++) {
            racers[i] = (struct racer){.gate = &gate, .operation = job->operation};
            uvcom_operation_add_ref(job->operation);
            (i % 2 ? helper_start : helper_start_bare)(&racers[i].helper, complete_from_here,
                                                       &racers[i]);
        }
        gate_open(&gate);
        ck_assert_int_eq(finish(), round);
        for (int i = 0; i < THREADS; i++) {
            helper_join(&racers[i].helper);
            ck_assert(racers[i].hr == S_OK || racers[i].hr == RPC_E_CALL_COMPLETE);
            won += racers[i].hr == S_OK;
        }
        ck_assert_int_eq(won, 1);
        uvcom_operation_release(job->operation);
        job_destroy(job);
        gate_fini(&gate);
    }
}
END_TEST

/* ---- Signal and Reset at the same time, inside Begin_ ---- */

static struct {
    atomic_int turn;
    int odd;
} contest;

enum { TURNS = 500 };

static void signal_each_turn(void *arg)
{
    (void)arg;
    for (int i = 0; i < TURNS; i++) {
        while (atomic_load(&contest.turn) != 2 * i + 1)
            sched_yield();
        ISynchronize_Signal(kept.synchronize);
        atomic_fetch_add(&contest.turn, 1);
    }
}

/* What the event says, and whether the call's context is over, are of one mind. */
static void contend(void)
{
    struct helper helper;
    IUnknown *context;

    keep();
    helper_start_bare(&helper, signal_each_turn, NULL);
    for (int i = 0; i < TURNS; i++) {
        HRESULT hr;

        ISynchronize_Signal(kept.synchronize);
        atomic_store(&contest.turn, 2 * i + 1);
        ISynchronize_Reset(kept.synchronize);
        while (atomic_load(&contest.turn) != 2 * i + 2)
            sched_yield();
        hr = CoGetCallContext(&IID_IUnknown, (void **)&context);
        if (SUCCEEDED(hr))
            IUnknown_Release(context);
        contest.odd += FAILED(hr) != (ISynchronize_Wait(kept.synchronize, 0, 0) == S_OK);
        ISynchronize_Reset(kept.synchronize);
        hr = CoGetCallContext(&IID_IUnknown, (void **)&context);
        if (SUCCEEDED(hr))
            IUnknown_Release(context);
        contest.odd += FAILED(hr);
    }
    helper_join(&helper);
}

START_TEST(sec_02_signal_and_reset_at_the_same_time)
{
    contest.odd = 0;
    atomic_store(&contest.turn, 0);
    bakery.hook = contend;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_int_eq(finish(), 4);
    ck_assert_int_eq(contest.odd, 0);
    let_go();
}
END_TEST

static void fill_by_hand(TCase *tcase)
{
    tcase_add_test(tcase, auto_08_the_outer_object_has_both_interfaces_and_one_identity);
    tcase_add_test(tcase, srv_13_a_server_sees_that_its_client_has_cancelled);
    tcase_add_test(tcase, srv_04_signals_inside_begin_are_one);
    tcase_add_test(tcase, srv_02_a_reset_inside_begin_takes_a_signal_back);
    tcase_add_test(tcase, srv_07_a_signal_before_a_begin_that_fails_is_ignored);
    tcase_add_test(tcase, srv_11_eight_threads_signal_and_one_finish_follows);
    tcase_add_test(tcase, syn_15_a_strangers_signal_does_not_make_the_server_finish);
    tcase_add_test(tcase, srv_10_the_call_object_lives_until_it_is_finished);
    tcase_add_test(tcase, sec_02_the_context_ends_with_signal);
    tcase_add_test(tcase, sec_02_signal_and_reset_at_the_same_time);
    tcase_add_test(tcase, auto_07_a_call_object_that_is_not_aggregated_is_not_used);
}

static void fill_operations(TCase *tcase)
{
    tcase_add_test(tcase, srv_11_eight_threads_complete_and_one_wins);
}

static Suite *async_signal_suite(void)
{
    Suite *suite = suite_create("signals of asynchronous servers");

    for (unsigned way = 0; way < CUSTOMER_WAYS; way++) {
        if (way != CUSTOMER_SAME) {
            customer_add_case(suite, (enum customer_way)way, BAKERY_EVENT, fill_by_hand);
            customer_add_case(suite, (enum customer_way)way, BAKERY_OUTER, fill_by_hand);
        }
        customer_add_case(suite, (enum customer_way)way, BAKERY_STARTS, fill_operations);
    }
    return suite;
}

UVCOM_TEST_MAIN(async_signal_suite)
