/*
 * cases_aggregation.c -- conformance cases for AGG, and FAC and LIFE as far as they speak of
 * aggregation.
 */
#include <uv.h>

#include "tests/conformance/bakery_setting.h"
#include "tests/conformance/conformance.h"

/* ---- making an aggregated call object ---- */

static HRESULT create_call(IUnknown *outer, REFIID riid2, IUnknown **ppv)
{
    ICallFactory *factory = query(scene.server, &IID_ICallFactory);
    const HRESULT hr = ICallFactory_CreateCall(factory, &IID_AsyncIDesk, outer, riid2, ppv);

    release(factory);
    return hr;
}

CASE(FAC_05_without_pctrlunk_the_call_object_stands_alone)
{
    IUnknown *call, *identity;

    ck_assert_hr(create_call(NULL, &IID_AsyncIDesk, &call), S_OK);
    identity = query(call, &IID_IUnknown);
    ck_assert_hr(answer(identity, &IID_AsyncIDesk), S_OK);
    ck_assert_hr(answer(identity, &IID_ISynchronize), S_OK);
    release(identity);
    release(call);
}

CASE(FAC_05_with_pctrlunk_it_is_a_part_of_that_object)
{
    struct outer *outer = outer_create(scene.server);
    IUnknown *identity = query(outer->call, &IID_IUnknown);
    LONG result = -1;

    ck_assert_ptr_eq(identity, &outer->unknown);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 5), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 5);
    release(identity);
    outer_release(outer);
}

static void refuse_all_but_iunknown(void)
{
    static const IID *const others[] = {&IID_AsyncIDesk, &IID_ISynchronize, &IID_ICallFactory,
                                        &IID_ICancelMethodCalls, &IID_IAgileObject};
    struct outer *outer = outer_create_empty();

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        IUnknown *call = (IUnknown *)-1;

        ck_assert_hr(create_call(&outer->unknown, others[i], &call), E_INVALIDARG);
        ck_assert_ptr_null(call);
    }
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    outer_release(outer);
}

CASE(FAC_06_pctrlunk_wants_iunknown)
{
    refuse_all_but_iunknown();
}

CASE(AGG_02_aggregated_creation_gives_iunknown_and_nothing_else)
{
    struct outer *outer = outer_create_empty();
    IUnknown *inner, *again;

    refuse_all_but_iunknown();
    ck_assert_hr(create_call(&outer->unknown, &IID_IUnknown, &inner), S_OK);
    again = query(inner, &IID_IUnknown);
    ck_assert_ptr_eq(again, inner);
    ck_assert_ptr_ne(inner, &outer->unknown);
    release(again);
    release(inner);
    outer_release(outer);
}

/* From afar the runtime is the server's client, at home the program is. */
CASE(FAC_13_what_the_runtime_makes_at_the_server_is_aggregated)
{
    for (int is_near = 0; is_near < 2; is_near++) {
        shop_open(BAKERY_EVENT, is_near);
        shop_bake();
        shop_bake();
        shop_await_ends(is_near ? 0 : 2);
        ck_assert_int_eq(atomic_load(&bakery.creates), is_near ? 1 : 2);
        ck_assert_int_eq(atomic_load(&bakery.outers), is_near ? 0 : 2);
        shop_close();
    }
}

/* ---- identity ---- */

CASE(AGG_01_the_inner_iunknown_does_not_delegate)
{
    struct outer *outer = outer_create(scene.server);
    IUnknown *inner = query(outer->inner, &IID_IUnknown);

    ck_assert_ptr_eq(inner, outer->inner);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    IUnknown_AddRef(inner);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    IUnknown_Release(inner);
    IUnknown_Release(inner);
    outer_release(outer);
    ck_assert_int_eq(atomic_load(&outers_live), 0);
}

CASE(AGG_01_every_other_inner_interface_delegates)
{
    struct outer *outer = outer_create(scene.server);
    void *inner[] = {query(outer->inner, &IID_AsyncIDesk), query(outer->inner, &IID_ISynchronize),
                     query(outer->inner, &IID_ICancelMethodCalls)};

    ck_assert_int_eq(atomic_load(&outer->references), 4);
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        IUnknown *identity = query(inner[i], &IID_IUnknown);

        ck_assert_ptr_eq(identity, &outer->unknown);
        ck_assert_int_eq(atomic_load(&outer->references), 5 - (int)i);
        release(identity);
        release(inner[i]);
    }
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    outer_release(outer);
}

CASE(AGG_01_the_inner_does_not_count_its_outer)
{
    struct outer *outer = outer_create_empty();

    ck_assert_hr(outer_fill(outer, scene.server), S_OK);
    ck_assert_int_eq(atomic_load(&outer->references), 1);
    outer_release(outer);
    ck_assert_int_eq(atomic_load(&outers_live), 0);
}

static void drop_inner(struct outer *outer)
{
    IUnknown *inner = outer->inner;

    outer->inner = NULL;
    IUnknown_Release(inner);
}

/* In its end an outer may use the inner's interfaces, which count on it once more. */
CASE(AGG_03_an_outer_uses_the_inner_in_its_own_end)
{
    struct outer *outer = outer_create(scene.server);
    ISynchronize *event;

    atomic_store(&outer->references, 1000); /* as the guard of a destructor does */
    event = query(outer->inner, &IID_ISynchronize);
    ck_assert_hr(ISynchronize_Signal(event), S_OK);
    release(event);
    ck_assert_int_eq(atomic_load(&outer->references), 1000);
    drop_inner(outer);
    ck_assert_int_eq(atomic_load(&outer->references), 1000);
    atomic_store(&outer->references, 1);
    outer_release(outer);
    ck_assert_int_eq(atomic_load(&outers_live), 0);
}

CASE(AGG_04_what_nobody_knows_is_not_answered)
{
    static const IID *const unknown[] = {&IID_ICallFactory, &IID_IDesk, &IID_IStream,
                                         &IID_AsyncIAbsent};
    struct outer *outer = outer_create(scene.server);

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        ck_assert_hr(answer(&outer->unknown, unknown[i]), E_NOINTERFACE);
        ck_assert_hr(answer(outer->inner, unknown[i]), E_NOINTERFACE);
        ck_assert_hr(answer(outer->call, unknown[i]), E_NOINTERFACE);
        ck_assert_hr(answer(outer->event, unknown[i]), E_NOINTERFACE);
    }
    outer_release(outer);
}

/* ---- whose ISynchronize ---- */

CASE(AGG_05_the_outers_isynchronize_wins)
{
    struct outer *outer = outer_create(scene.server);
    ISynchronize *found = query(outer->call, &IID_ISynchronize);
    ISynchronize *other = query(outer->event, &IID_ISynchronize);

    ck_assert_ptr_eq(found, &outer->synchronize);
    ck_assert_ptr_eq(other, &outer->synchronize);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 5), S_OK);
    ck_assert_hr(uvcom_wait(outer->call, INFINITE), S_OK);
    ck_assert_int_eq(atomic_load(&outer->waits), 1);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &(LONG){0}), S_OK);
    release(found);
    release(other);
    outer_release(outer);
}

CASE(AGG_06_the_inners_own_isynchronize_is_found_through_the_inner)
{
    struct outer *outer = outer_create(scene.server);
    ISynchronize *own = query(outer->inner, &IID_ISynchronize);
    LONG result = -1;

    ck_assert_ptr_ne(own, &outer->synchronize);
    ck_assert_hr(ISynchronize_Wait(own, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Signal(own), S_OK);
    ck_assert_hr(ISynchronize_Wait(own, COWAIT_DEFAULT, 0), S_OK);
    begin_hold(outer->call, 6);
    ck_assert_hr(ISynchronize_Wait(own, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    gate_open(&desk.gate);
    ck_assert_hr(ISynchronize_Wait(own, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 6);
    release(own);
    outer_release(outer);
}

/* ---- outers as clients write them ---- */

static HRESULT no_wait(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    (void)outer;
    (void)flags;
    (void)milliseconds;
    return E_NOTIMPL;
}

/* It never finishes, nor forwards: Begin_ and Release. */
static HRESULT forget(struct outer *outer)
{
    (void)outer;
    return S_OK;
}

CASE(AGG_07_an_outer_without_wait_is_begun_and_released)
{
    struct outer *outer = outer_create(scene.server);

    outer->wait = no_wait;
    outer->signal = forget;
    begin_hold(outer->call, 7);
    outer_release(outer);
    ck_assert_int_eq(atomic_load(&outers_live), 1);
    gate_open(&desk.gate);
    desk_await_left(1);
    await_value(&outers_live, 0);
}

CASE(AGG_07_finish_says_that_there_is_no_wait)
{
    struct outer *outer = outer_create(scene.server);
    LONG result = -1;

    outer->wait = no_wait;
    begin_hold(outer->call, 7);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), E_NOTIMPL);
    gate_open(&desk.gate);
    await_value(&outer->signaled, 1);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 7);
    outer_release(outer);
}

struct policy {
    uv_loop_t loop;
    uv_async_t async;
    struct gate done;
    AsyncIDesk *call;
    LONG result;
    HRESULT hr;
};

static void finish(struct policy *policy)
{
    policy->hr = AsyncIDesk_Finish_Hold(policy->call, &policy->result);
}

static HRESULT act_in_signal(struct outer *outer)
{
    struct policy *policy = outer->context;

    outer_forward_signal(outer);
    finish(policy);
    gate_open(&policy->done);
    return S_OK;
}

static HRESULT wake_a_waiter(struct outer *outer)
{
    struct policy *policy = outer->context;

    gate_open(&policy->done);
    return S_OK;
}

static HRESULT post_to_a_loop(struct outer *outer)
{
    struct policy *policy = outer->context;

    uv_async_send(&policy->async);
    return S_OK;
}

static void on_loop(uv_async_t *async)
{
    struct policy *policy = async->data;

    finish(policy);
    uv_close((uv_handle_t *)async, NULL);
}

/* One call through an outer of this policy, up to the moment in which its Signal has acted. */
static struct outer *begin_with(struct policy *policy, HRESULT (*signal)(struct outer *outer))
{
    struct outer *outer = outer_create(scene.server);

    gate_init(&policy->done);
    policy->call = outer->call;
    policy->result = -1;
    policy->hr = E_FAIL;
    outer->signal = signal;
    outer->context = policy;
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 8), S_OK);
    return outer;
}

static void end_with(struct policy *policy, struct outer *outer)
{
    ck_assert_hr(policy->hr, S_OK);
    ck_assert_int_eq(policy->result, 8);
    await_value(&outer->signaled, 1);
    outer_release(outer);
    gate_fini(&policy->done);
}

CASE(AGG_08_an_outer_acts_in_signal)
{
    struct policy policy;
    struct outer *outer = begin_with(&policy, act_in_signal);

    gate_wait(&policy.done);
    end_with(&policy, outer);
}

CASE(AGG_08_an_outer_wakes_a_waiter)
{
    struct policy policy;
    struct outer *outer = begin_with(&policy, wake_a_waiter);

    gate_wait(&policy.done);
    finish(&policy);
    end_with(&policy, outer);
}

CASE(AGG_08_an_outer_posts_to_a_loop)
{
    struct policy policy = {.async = {.data = &policy}};
    struct outer *outer;

    ck_assert_int_eq(uv_loop_init(&policy.loop), 0);
    ck_assert_int_eq(uv_async_init(&policy.loop, &policy.async, on_loop), 0);
    outer = begin_with(&policy, post_to_a_loop);
    uv_run(&policy.loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&policy.loop), 0);
    end_with(&policy, outer);
}

/* ---- life ---- */

static HRESULT finish_and_release(struct outer *outer)
{
    struct policy *policy = outer->context;

    outer_forward_signal(outer);
    finish(policy);
    outer_release(outer); /* the client's only one */
    gate_open(&policy->done);
    return S_OK;
}

CASE(LIFE_05_signal_finishes_and_releases)
{
    struct policy policy;

    begin_with(&policy, finish_and_release);
    gate_wait(&policy.done);
    ck_assert_hr(policy.hr, S_OK);
    ck_assert_int_eq(policy.result, 8);
    await_value(&outers_live, 0);
    gate_fini(&policy.done);
}

static HRESULT release_in_reset(struct outer *outer)
{
    outer_forward_reset(outer);
    outer_release(outer);
    return S_OK;
}

/* The server is so fast, now and then, that the call is over before Begin_ is. */
CASE(LIFE_05_begin_releases)
{
    const size_t rounds = repetitions(300);

    gate_open(&desk.gate);
    for (size_t i = 0; i < rounds; i++) {
        struct outer *outer = outer_create(scene.server);

        outer->reset = release_in_reset;
        ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 5), S_OK);
        await_value(&outers_live, 0);
    }
}

static HRESULT release_in_wait(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    HRESULT hr;

    gate_open(&desk.gate);
    hr = outer_forward_wait(outer, flags, milliseconds);
    outer_release(outer);
    return hr;
}

CASE(LIFE_05_finish_releases)
{
    struct outer *outer = outer_create(scene.server);
    LONG result = -1;

    outer->wait = release_in_wait;
    begin_hold(outer->call, 5);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 5);
    await_value(&outers_live, 0);
}

CASE(LIFE_06_interfaces_of_the_inner_are_kept_without_a_count)
{
    for (int i = 0; i < 10; i++) {
        struct outer *outer = outer_create(scene.server);
        void *cancel = query(outer->inner, &IID_ICancelMethodCalls);

        release(cancel); /* asked for and given back at once; it stays good */
        ck_assert_hr(ICancelMethodCalls_TestCancel((ICancelMethodCalls *)cancel),
                     RPC_E_CALL_COMPLETE);
        ck_assert_int_eq(atomic_load(&outer->references), 1);
        outer_release(outer);
        ck_assert_int_eq(atomic_load(&outers_live), 0);
    }
}

CASE(LIFE_07_an_outer_is_asked_before_there_is_an_inner)
{
    struct outer *outer = outer_create_empty();
    LONG result = -1;

    ck_assert_hr(answer(&outer->unknown, &IID_AsyncIDesk), E_NOINTERFACE);
    ck_assert_hr(outer_fill(outer, scene.server), S_OK);
    ck_assert_hr(answer(&outer->unknown, &IID_AsyncIDesk), S_OK);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 9), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 9);
    outer_release(outer);
}

/* CreateCall asks an outer that is still being made for nothing. */
static HRESULT STDMETHODCALLTYPE untouchable_query(IUnknown *This, REFIID riid, void **ppv)
{
    (void)This;
    (void)riid;
    *ppv = NULL;
    journal_note("QueryInterface");
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE untouchable_count(IUnknown *This)
{
    (void)This;
    journal_note("count");
    return 1;
}

CASE(LIFE_07_createcall_leaves_the_outer_alone)
{
    static const IUnknownVtbl vtbl = {untouchable_query, untouchable_count, untouchable_count};
    IUnknown untouchable = {&vtbl}, *inner;

    ck_assert_hr(create_call(&untouchable, &IID_IUnknown, &inner), S_OK);
    ck_assert_str_eq(journal_text(), "");
    release(inner);
    ck_assert_str_eq(journal_text(), "");
}

const struct conformance_case cases_aggregation[] = {
    {&FAC_05_without_pctrlunk_the_call_object_stands_alone, EVERYWHERE},
    {&FAC_05_with_pctrlunk_it_is_a_part_of_that_object, EVERYWHERE},
    {&FAC_06_pctrlunk_wants_iunknown, EVERYWHERE},
    {&FAC_13_what_the_runtime_makes_at_the_server_is_aggregated, SETTING_BARE},
    {&AGG_01_the_inner_iunknown_does_not_delegate, EVERYWHERE},
    {&AGG_01_every_other_inner_interface_delegates, EVERYWHERE},
    {&AGG_01_the_inner_does_not_count_its_outer, EVERYWHERE},
    {&AGG_02_aggregated_creation_gives_iunknown_and_nothing_else, EVERYWHERE},
    {&AGG_03_an_outer_uses_the_inner_in_its_own_end, EVERYWHERE},
    {&AGG_04_what_nobody_knows_is_not_answered, EVERYWHERE},
    {&AGG_05_the_outers_isynchronize_wins, EVERYWHERE},
    {&AGG_06_the_inners_own_isynchronize_is_found_through_the_inner, ELSEWHERE},
    {&AGG_07_an_outer_without_wait_is_begun_and_released, ELSEWHERE},
    {&AGG_07_finish_says_that_there_is_no_wait, ELSEWHERE},
    {&AGG_08_an_outer_acts_in_signal, ELSEWHERE},
    {&AGG_08_an_outer_wakes_a_waiter, ELSEWHERE},
    {&AGG_08_an_outer_posts_to_a_loop, ELSEWHERE},
    {&LIFE_05_signal_finishes_and_releases, ELSEWHERE},
    {&LIFE_05_begin_releases, ELSEWHERE},
    {&LIFE_05_finish_releases, ELSEWHERE},
    {&LIFE_06_interfaces_of_the_inner_are_kept_without_a_count, EVERYWHERE},
    {&LIFE_07_an_outer_is_asked_before_there_is_an_inner, EVERYWHERE},
    {&LIFE_07_createcall_leaves_the_outer_alone, EVERYWHERE},
    {0},
};
