/*
 * test_aggregation.c -- call objects that are a part of the client's own object: re-entry, last
 * releases, outers that answer what they should not, memory, long chains. FAC-05, AGG, LIFE-05,
 * SYN-11, SRV-05.
 *
 * What each rule says is in tests/conformance; races are in test_aggregation_races.c.
 */
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"
#include "tests/support/outer.h"

/* An outer with a call object of the client's server, and that call object's interface, which
   counts on the outer. */
static struct outer *new_outer(AsyncIGated **call)
{
    struct outer *outer = outer_create();

    ck_assert_ptr_nonnull(outer);
    ck_assert_hr(outer_attach(outer, client.server, &IID_AsyncIGated), S_OK);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    *call = client_query(&outer->unknown, &IID_AsyncIGated);
    outer_release(outer);
    return outer;
}

static void note_end(struct outer *outer)
{
    atomic_int *ends = outer->context;

    atomic_fetch_add(ends, 1);
}

/* ---- releases where it hurts ---- */

struct result {
    AsyncIGated *call;
    HRESULT hr;
    LONG value;
    struct gate done;
};

static void finish_and_release(struct outer *outer)
{
    struct result *result = outer->context;

    result->hr = AsyncIGated_Finish_Enter(result->call, &result->value);
    AsyncIGated_Release(result->call);
    gate_open(&result->done);
}

START_TEST(life_05_signal_finishes_and_drops_the_last_reference)
{
    struct result result = {.hr = E_FAIL};
    struct outer *outer = new_outer(&result.call);

    gate_init(&result.done);
    outer->on_signal = finish_and_release;
    outer->context = &result;
    ck_assert_hr(AsyncIGated_Begin_Enter(result.call, 5), S_OK);
    gate_open(&gated.gate);
    gate_wait(&result.done);
    ck_assert_hr(result.hr, S_OK);
    ck_assert_int_eq(result.value, 5);
    gate_fini(&result.done);
}
END_TEST

static void drop_in_reset(struct outer *outer)
{
    AsyncIGated *call = outer->context;

    outer->context = NULL;
    AsyncIGated_Release(call);
}

/* The client's only reference goes in the middle of Begin_. */
START_TEST(life_05_reset_drops_the_last_reference)
{
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    gate_open(&gated.gate);
    outer->on_reset = drop_in_reset;
    outer->context = call;
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

/* The same when Begin_ fails after it. */
START_TEST(life_05_a_reset_that_fails_drops_the_last_reference)
{
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    outer->on_reset = drop_in_reset;
    outer->context = call;
    outer->reset_hr = E_ABORT;
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), E_ABORT);
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
}
END_TEST

static void drop_in_signal(struct outer *outer)
{
    AsyncIGated_Release((AsyncIGated *)outer->context);
}

START_TEST(life_05_a_cancel_whose_signal_drops_the_last_reference)
{
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);
    ICancelMethodCalls *cancel = client_query(call, &IID_ICancelMethodCalls);

    client_begin_enter(call, 1);
    ICancelMethodCalls_Release(cancel);
    outer->on_signal = drop_in_signal;
    outer->context = call;
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

START_TEST(agg_07_an_outer_that_forgets_is_kept_until_its_call_is_over)
{
    atomic_int ends = 0;
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    outer->forgets = true;
    outer->wait_hr = E_NOTIMPL;
    outer->on_end = note_end;
    outer->context = &ends;
    client_begin_enter(call, 1);
    AsyncIGated_Release(call);
    ck_assert_int_eq(atomic_load(&ends), 0);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
    while (atomic_load(&ends) == 0)
        sched_yield();
}
END_TEST

/* ---- re-entry ---- */

static void finish_in_reset(struct outer *outer)
{
    struct result *result = outer->context;

    result->hr = AsyncIGated_Finish_Enter(result->call, &result->value);
    ck_assert_hr(AsyncIGated_Begin_Enter(result->call, 2), RPC_E_CALL_PENDING);
}

START_TEST(apt_04_finish_inside_reset_is_a_sure_deadlock)
{
    struct result result = {.value = 7};
    struct outer *outer = new_outer(&result.call);

    gate_open(&gated.gate);
    outer->on_reset = finish_in_reset;
    outer->context = &result;
    ck_assert_hr(AsyncIGated_Begin_Enter(result.call, 1), S_OK);
    ck_assert_hr(result.hr, HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK));
    ck_assert_int_eq(result.value, 0);
    ck_assert_hr(AsyncIGated_Finish_Enter(result.call, &result.value), S_OK);
    ck_assert_int_eq(result.value, 1);
    AsyncIGated_Release(result.call);
}
END_TEST

#ifdef __SANITIZE_THREAD__
enum { CHAIN = 50000 }; /* each link takes ThreadSanitizer 40 microseconds */
#else
enum { CHAIN = 1000000 };
#endif
enum { STACK = 65536 };

struct chain {
    AsyncIGated *call;
    ICancelMethodCalls *cancel;
    size_t left;
    uintptr_t lowest, highest;
    HRESULT hr;
};

/* Each link ends inside the Signal of the one before. */
static void next_link(struct outer *outer)
{
    struct chain *chain = outer->context;
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    LONG sum;

    if (chain->lowest == 0 || here < chain->lowest)
        chain->lowest = here;
    if (here > chain->highest)
        chain->highest = here;
    if (chain->hr != S_OK)
        return;
    if (AsyncIGated_Finish_Add(chain->call, &sum) != RPC_E_CALL_CANCELED)
        chain->hr = E_UNEXPECTED;
    if (chain->left == 0 || chain->hr != S_OK)
        return;
    chain->left--;
    chain->hr = AsyncIGated_Begin_Add(chain->call, 1, 2);
    if (SUCCEEDED(chain->hr) && ICancelMethodCalls_Cancel(chain->cancel, 0) != S_OK)
        chain->left++; /* it was faster: the server's thread goes on with the chain */
}

/* The server is closed meanwhile: only cancels end a call. */
static void run_chain(size_t links)
{
    struct chain chain = {.left = links};
    struct outer *outer = new_outer(&chain.call);

    chain.cancel = client_query(chain.call, &IID_ICancelMethodCalls);
    outer->on_signal = next_link;
    outer->context = &chain;
    client_begin_enter(client.call, 0);
    ck_assert_hr(AsyncIGated_Begin_Add(chain.call, 1, 2), S_OK);
    ck_assert_hr(ICancelMethodCalls_Cancel(chain.cancel, 0), S_OK);
    ck_assert_hr(chain.hr, S_OK);
    ck_assert_uint_eq(chain.left, 0);
    ck_assert_uint_lt(chain.highest - chain.lowest, STACK);
    ck_assert_int_eq(atomic_load(&outer->signals), (int)links + 1);
    ck_assert_int_eq(atomic_load(&outer->resets), (int)links + 1);
    ICancelMethodCalls_Release(chain.cancel);
    AsyncIGated_Release(chain.call);
}

START_TEST(srv_05_a_chain_of_calls_that_end_in_each_others_signal_takes_no_stack)
{
    /* Each link leaves an operation in the server's queue; fault counting has room for fewer. */
    run_chain(CHAIN / 100);
}
END_TEST

static HRESULT start_add(IGated *This, uvcom_operation *operation, LONG a, LONG b, LONG *sum)
{
    (void)This;
    *sum = a + b;
    uvcom_operation_complete(operation, S_OK);
    uvcom_operation_release(operation);
    return S_OK;
}

static void next_direct_link(struct outer *outer)
{
    struct chain *chain = outer->context;
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    LONG sum = 0;

    if (chain->lowest == 0 || here < chain->lowest)
        chain->lowest = here;
    if (here > chain->highest)
        chain->highest = here;
    if (SUCCEEDED(chain->hr))
        chain->hr = AsyncIGated_Finish_Add(chain->call, &sum);
    if (SUCCEEDED(chain->hr) && sum != 3)
        chain->hr = E_UNEXPECTED;
    if (SUCCEEDED(chain->hr) && chain->left-- > 0)
        chain->hr = AsyncIGated_Begin_Add(chain->call, 1, 2);
}

/* Begin_ runs Start_, which completes the call, which calls Signal, which begins the next one. */
START_TEST(srv_05_a_million_calls_that_complete_in_their_begin_take_no_stack)
{
    static const AsyncIGatedServer starts = {.Start_Add = start_add};
    struct chain chain = {.left = CHAIN};
    struct outer *outer = outer_create();
    IGated *server;

    ck_assert_ptr_nonnull(outer);
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&server), S_OK);
    ck_assert_hr(uvcom_create_server_call(&IID_AsyncIGated, &starts, server, &outer->unknown,
                                          &IID_IUnknown, &outer->inner),
                 S_OK);
    client_release(server);
    outer->async_iid = &IID_AsyncIGated;
    outer->event = client_query(outer->inner, &IID_ISynchronize);
    ISynchronize_Release(outer->event);
    chain.call = client_query(&outer->unknown, &IID_AsyncIGated);
    outer_release(outer);
    outer->on_signal = next_direct_link;
    outer->context = &chain;
    ck_assert_hr(AsyncIGated_Begin_Add(chain.call, 1, 2), S_OK);
    ck_assert_hr(chain.hr, S_OK);
    ck_assert_uint_eq(chain.left, SIZE_MAX);
    ck_assert_int_eq(atomic_load(&outer->signals), CHAIN + 1);
    ck_assert_uint_lt(chain.highest - chain.lowest, STACK);
    AsyncIGated_Release(chain.call);
}
END_TEST

/* ---- a wait inside Signal ---- */

struct pair {
    AsyncIGated *second;
    ICancelMethodCalls *cancel;
    HRESULT hr;
};

static void wait_for_second(struct outer *outer)
{
    struct pair *pair = outer->context;

    pair->hr = ICancelMethodCalls_Cancel(pair->cancel, 0);
    if (SUCCEEDED(pair->hr))
        pair->hr = uvcom_wait(pair->second, INFINITE);
}

/* The second outer's event is its own, and is set by nothing but its Signal, which is queued. */
START_TEST(srv_05_a_wait_inside_signal_lets_a_queued_signal_through)
{
    AsyncIGated *first, *idle = client_new_call();
    ISynchronize *event = client_synchronize(idle);
    struct pair pair = {.hr = E_FAIL};
    struct outer *outer = new_outer(&first), *other = new_outer(&pair.second);
    ICancelMethodCalls *cancel = client_query(first, &IID_ICancelMethodCalls);

    other->event = event;
    pair.cancel = client_query(pair.second, &IID_ICancelMethodCalls);
    client_begin_enter(client.call, 0);
    ck_assert_hr(AsyncIGated_Begin_Add(first, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(pair.second, 1, 2), S_OK);
    outer->on_signal = wait_for_second;
    outer->context = &pair;
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(pair.hr, S_OK);
    ck_assert_int_eq(atomic_load(&other->signals), 1);
    client_release(cancel);
    client_release(pair.cancel);
    client_release(first);
    client_release(pair.second);
    client_release(event);
    client_release(idle);
}
END_TEST

/* ---- outers that are not as they should be ---- */

START_TEST(syn_11_a_reset_that_fails_undoes_begin)
{
    LONG result = 7;
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    outer->reset_hr = E_NOTIMPL;
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), E_NOTIMPL);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), RPC_E_CALL_COMPLETE);
    outer->reset_hr = S_OK;
    outer->query_hr = E_ACCESSDENIED;
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), E_ACCESSDENIED);
    outer->query_hr = S_OK;
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 3), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
    ck_assert_int_eq(result, 3);
    AsyncIGated_Release(call);
}
END_TEST

START_TEST(syn_11_a_signal_that_fails_leaves_the_completion)
{
    LONG result = 7;
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    outer->signal_hr = E_NOTIMPL;
    outer->forgets = true;
    gate_open(&gated.gate);
    for (LONG i = 1; i <= 3; i++) {
        ck_assert_hr(AsyncIGated_Begin_Enter(call, i), S_OK);
        outer->is_early = true;
        ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
        ck_assert_int_eq(result, i);
    }
    AsyncIGated_Release(call);
}
END_TEST

START_TEST(call_08_a_wait_that_fails_leaves_the_call_unharmed)
{
    LONG result = 7;
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    outer->wait_hr = E_NOTIMPL;
    client_begin_enter(call, 4);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), E_NOTIMPL);
    ck_assert_int_eq(result, 0);
    outer->wait_hr = S_OK;
    outer->query_hr = E_FAIL;
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), E_FAIL);
    outer->query_hr = S_OK;
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 5), RPC_E_CALL_PENDING);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
    ck_assert_int_eq(result, 4);
    AsyncIGated_Release(call);
}
END_TEST

START_TEST(agg_05_an_outer_without_synchronize_or_with_the_inners_own)
{
    for (int hands_on = 0; hands_on < 2; hands_on++) {
        LONG result = 7;
        AsyncIGated *call;
        struct outer *outer = new_outer(&call);

        outer->hands_on = hands_on;
        outer->has_no_synchronize = true;
        gate_close(&gated.gate);
        client_begin_enter(call, 4);
        ck_assert_int_ge(atomic_load(&outer->references), 2);
        gate_open(&gated.gate);
        if (hands_on)
            ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), S_OK);
        ck_assert_int_eq(result, 4);
        ck_assert_int_eq(atomic_load(&outer->signals) + atomic_load(&outer->waits), 0);
        AsyncIGated_Release(call);
    }
}
END_TEST

/* ---- memory ---- */

/* How far it came: a code for each step. */
static HRESULT use_outer(void)
{
    struct outer *outer = outer_create();
    AsyncIGated *call = NULL;
    LONG sum;
    HRESULT hr = E_OUTOFMEMORY;

    if (!outer)
        return hr;
    hr = outer_attach(outer, client.server, &IID_AsyncIGated);
    if (SUCCEEDED(hr))
        hr = IUnknown_QueryInterface(&outer->unknown, &IID_AsyncIGated, (void **)&call);
    if (SUCCEEDED(hr))
        hr = AsyncIGated_Begin_Add(call, 1, 2);
    if (SUCCEEDED(hr))
        hr = AsyncIGated_Finish_Add(call, &sum);
    client_release(call);
    outer_release(outer);
    return hr;
}

/* The server's thread may be a little later with what belongs to a call. */
static void await_quiet(void)
{
    while (atomic_load(&gated.inside) > 0)
        sched_yield();
}

START_TEST(fac_09_without_memory_nothing_is_left)
{
    bool was_hit = true;

    ck_assert_hr(use_outer(), S_OK);
    for (size_t n = 1; was_hit; n++) {
        HRESULT hr;

        await_quiet();
        faults_fail_at(n);
        hr = use_outer();
        was_hit = faults_hit();
        faults_fail_at(0);
        ck_assert_hr(hr, was_hit ? E_OUTOFMEMORY : S_OK);
    }
}
END_TEST

/* ---- callbacks ---- */

struct callback {
    uv_loop_t loop;
    AsyncIGated *call;
    HRESULT hr;
    LONG value;
    int calls;
};

static void on_complete(void *call, void *context)
{
    struct callback *callback = context;

    callback->calls++;
    callback->hr = AsyncIGated_Finish_Enter((AsyncIGated *)call, &callback->value);
    if (callback->call)
        AsyncIGated_Release(callback->call);
    callback->call = NULL;
}

static void call_on_loop(void *arg)
{
    struct callback *callback = arg;
    uvcom_apartment *apartment;

    uv_loop_init(&callback->loop);
    callback->hr = uvcom_loop_adopt(&callback->loop, &apartment);
    if (FAILED(callback->hr))
        return;
    callback->hr = AsyncIGated_Begin_Enter(callback->call, 6);
    if (SUCCEEDED(callback->hr))
        callback->hr = uvcom_on_complete(callback->call, on_complete, callback);
    gate_open(&gated.gate);
    uv_run(&callback->loop, UV_RUN_DEFAULT);
    if (FAILED(uvcom_loop_release(apartment)) || uv_loop_close(&callback->loop) != 0)
        callback->hr = E_UNEXPECTED;
}

/* The callback has a reference of its own on the outer, so its last Release is safe. */
START_TEST(life_05_a_callback_of_an_aggregated_call_object)
{
    atomic_int ends = 0;
    struct callback callback = {.hr = E_FAIL};
    struct outer *outer = new_outer(&callback.call);
    struct helper helper;

    outer->on_end = note_end;
    outer->context = &ends;
    helper_start_bare(&helper, call_on_loop, &callback);
    helper_join(&helper);
    ck_assert_hr(callback.hr, S_OK);
    ck_assert_int_eq(callback.calls, 1);
    ck_assert_int_eq(callback.value, 6);
    while (atomic_load(&ends) == 0)
        sched_yield();
}
END_TEST

START_TEST(a_callback_is_asked_for_by_an_interface_of_the_call_object)
{
    AsyncIGated *call;
    struct outer *outer = new_outer(&call);

    /* Not on a loop's thread; the outer itself is no call object of the runtime's. */
    ck_assert_hr(uvcom_on_complete(call, on_complete, NULL), RPC_E_WRONG_THREAD);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    AsyncIGated_Release(call);
}
END_TEST

static void aggregated(TCase *tcase)
{
    tcase_add_test(tcase, life_05_signal_finishes_and_drops_the_last_reference);
    tcase_add_test(tcase, life_05_reset_drops_the_last_reference);
    tcase_add_test(tcase, life_05_a_reset_that_fails_drops_the_last_reference);
    tcase_add_test(tcase, life_05_a_cancel_whose_signal_drops_the_last_reference);
    tcase_add_test(tcase, agg_07_an_outer_that_forgets_is_kept_until_its_call_is_over);
    tcase_add_test(tcase, apt_04_finish_inside_reset_is_a_sure_deadlock);
    tcase_add_test(tcase, syn_11_a_reset_that_fails_undoes_begin);
    tcase_add_test(tcase, syn_11_a_signal_that_fails_leaves_the_completion);
    tcase_add_test(tcase, call_08_a_wait_that_fails_leaves_the_call_unharmed);
    tcase_add_test(tcase, agg_05_an_outer_without_synchronize_or_with_the_inners_own);
    tcase_add_test(tcase, life_05_a_callback_of_an_aggregated_call_object);
    tcase_add_test(tcase, a_callback_is_asked_for_by_an_interface_of_the_call_object);
}

/* One thread serves: while it is in Enter, nothing completes. */
static void one_after_the_other(TCase *tcase)
{
    tcase_add_test(tcase, srv_05_a_chain_of_calls_that_end_in_each_others_signal_takes_no_stack);
    tcase_add_test(tcase, srv_05_a_million_calls_that_complete_in_their_begin_take_no_stack);
    tcase_add_test(tcase, srv_05_a_wait_inside_signal_lets_a_queued_signal_through);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, fac_09_without_memory_nothing_is_left);
}

static Suite *aggregation_suite(void)
{
    Suite *suite = suite_create("aggregation");

    client_add_cases(suite, CLIENT_ANY, aggregated);
    client_add_cases(suite, CLIENT_TO_OWN, one_after_the_other);
    return suite;
}

UVCOM_TEST_MAIN(aggregation_suite)
