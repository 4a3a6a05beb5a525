/*
 * cases_lifetime.c -- conformance cases for LIFE: calls that are abandoned. What speaks of
 * aggregation is in cases_aggregation.c.
 */
#include "tests/conformance/conformance.h"

/* The client's last references. */
static void abandon(void)
{
    release(scene.sync);
    release(scene.call);
    scene.sync = NULL;
    scene.call = NULL;
}

CASE(LIFE_01_a_call_object_may_be_released_during_its_call)
{
    begin_hold(scene.call, 1);
    abandon();
    ck_assert_int_eq(atomic_load(&desk.inside), 1);
    gate_open(&desk.gate);
    desk_await_left(1);
}

CASE(LIFE_02_an_abandoned_method_runs_to_its_end)
{
    begin_hold(scene.call, 1);
    abandon();
    gate_open(&desk.gate);
    desk_await_left(1);
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
}

/* The server is busy when the call is abandoned. */
CASE(LIFE_02_an_abandoned_method_runs_although_it_had_not_begun)
{
    AsyncIDesk *first = new_call();

    begin_hold(first, 1);
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 2), S_OK);
    abandon();
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
    gate_open(&desk.gate);
    desk_await_left(2);
    ck_assert_int_eq(atomic_load(&desk.entered), 2);
    release(first);
}

/* Memory and references: the setting counts the blocks. */
CASE(LIFE_04_results_that_nobody_collects_are_freed)
{
    const LONG values[] = {1};
    AsyncIDesk *other = new_call(), *third = new_call();
    struct witness witness;

    witness_init(&witness);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 1, values, "a text that is copied twice"), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Pass(other, &witness.unknown), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Fill(third, 10000), S_OK);
    abandon();
    release(other);
    ck_assert_hr(uvcom_wait(third, INFINITE), S_OK);
    release(third);
    desk_await_left(3);
    witness_await(&witness, 1);
}

CASE(LIFE_08_asynciunknown_is_declared_and_never_answered)
{
    ICallFactory *factory = query(scene.server, &IID_ICallFactory);
    IUnknown *call = (IUnknown *)factory;

    ck_assert_hr(answer(scene.call, &IID_AsyncIUnknown), E_NOINTERFACE);
    ck_assert_hr(answer(scene.server, &IID_AsyncIUnknown), E_NOINTERFACE);
    ck_assert_hr(
        ICallFactory_CreateCall(factory, &IID_AsyncIUnknown, NULL, &IID_AsyncIUnknown, &call),
        E_NOINTERFACE);
    ck_assert_ptr_null(call);
    release(factory);
}

const struct conformance_case cases_lifetime[] = {
    {&LIFE_01_a_call_object_may_be_released_during_its_call, ELSEWHERE},
    {&LIFE_02_an_abandoned_method_runs_to_its_end, ELSEWHERE},
    {&LIFE_02_an_abandoned_method_runs_although_it_had_not_begun,
     SETTING_MTA_TO_OWN | SETTING_STA_TO_OWN | SETTING_MTA_TO_PLAIN},
    {&LIFE_04_results_that_nobody_collects_are_freed, EVERYWHERE},
    {&LIFE_08_asynciunknown_is_declared_and_never_answered, EVERYWHERE},
    {0},
};
