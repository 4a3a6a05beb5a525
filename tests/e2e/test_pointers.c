/*
 * test_pointers.c -- interface pointers as parameters, in each direction and between each two kinds
 * of apartment: who gets what, on which thread it is called, and that nothing is left. CALL-15,
 * CALL-16, LIFE-01, LIFE-04, APT-11, COM-01.
 */
#include "exchange.h"
#include "runtime/call.h"

/* ---- in ---- */

static void check_told_at_home(void)
{
    if (market.client_is_single)
        ck_assert_uint_eq(notes.told_on, this_thread());
    ck_assert_uint_ne(notes.entered_on, 0);
    if (!market.is_direct)
        ck_assert_uint_ne(notes.told_on, notes.entered_on);
}

START_TEST(call_16_the_server_calls_back_while_a_plain_call_waits)
{
    LONG sum = 0;

    ck_assert_hr(IExchange_Ring(market.server, market.listener, 5, &sum), S_OK);
    ck_assert_int_eq(sum, 5);
    check_told_at_home();
    ck_assert_hr(IExchange_Ring(market.server, market.listener, 2, &sum), S_OK);
    ck_assert_int_eq(sum, 7);
}
END_TEST

START_TEST(call_16_the_server_calls_back_while_finish_waits)
{
    LONG sum = 0;

    ck_assert_hr(AsyncIExchange_Begin_Ring(market.call, market.listener, 5), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Ring(market.call, &sum), S_OK);
    ck_assert_int_eq(sum, 5);
    check_told_at_home();
}
END_TEST

START_TEST(call_16_the_server_keeps_the_clients_object_and_calls_it_later)
{
    LONG sum = 0;

    ck_assert_hr(IExchange_Keep(market.server, market.listener), S_OK);
    ck_assert_hr(IExchange_RingKept(market.server, 3, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    check_told_at_home();
    drop(market.listener);
    market.listener = NULL;
    ck_assert_hr(IExchange_RingKept(market.server, 3, &sum), S_OK);
    ck_assert_int_eq(sum, 6);
    ck_assert_hr(IExchange_Keep(market.server, NULL), S_OK);
    await_ends(1);
    if (market.client_is_single)
        ck_assert_uint_eq(notes.ended_on, this_thread());
}
END_TEST

START_TEST(call_16_what_begin_was_given_may_be_released_at_once)
{
    LONG sum = 0;

    ck_assert_hr(AsyncIExchange_Begin_Ring(market.call, market.listener, 5), S_OK);
    drop(market.listener);
    market.listener = NULL;
    ck_assert_hr(AsyncIExchange_Finish_Ring(market.call, &sum), S_OK);
    ck_assert_int_eq(sum, 5);
    await_ends(1);
}
END_TEST

START_TEST(a_unique_pointer_may_be_null)
{
    ck_assert_hr(IExchange_Keep(market.server, NULL), S_OK);
    ck_assert_hr(AsyncIExchange_Begin_Hold(market.call, NULL), S_OK);
    gate_open(&notes.gate);
    ck_assert_hr(AsyncIExchange_Finish_Hold(market.call), S_OK);
}
END_TEST

START_TEST(a_ref_interface_pointer_may_not_be_null)
{
    const HRESULT refused = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);
    LONG sum = 0;

    ck_assert_hr(AsyncIExchange_Begin_Ring(market.call, NULL, 1), refused);
    ck_assert_hr(AsyncIExchange_Finish_Ring(market.call, &sum), RPC_E_CALL_COMPLETE);
    if (!market.is_direct)
        ck_assert_hr(IExchange_Ring(market.server, NULL, 1, &sum), refused);
}
END_TEST

/* ---- out ---- */

START_TEST(call_16_an_object_of_the_servers_is_called_where_it_lives)
{
    IListener *made = NULL;
    LONG sum = 0;

    ck_assert_hr(IExchange_Make(market.server, &made), S_OK);
    ck_assert_hr(IListener_Tell(made, 4, &sum), S_OK);
    ck_assert_int_eq(sum, 4);
    if (!market.is_direct)
        ck_assert_uint_ne(notes.told_on, this_thread());
    ck_assert_uint_eq(drop(made), 0);
    gate_await_arrived(&notes.ended, 1);
    if (!market.is_direct)
        ck_assert_uint_ne(notes.ended_on, this_thread());
}
END_TEST

START_TEST(call_16_and_so_by_begin_and_finish)
{
    IListener *made = NULL;
    LONG sum = 0;

    ck_assert_hr(AsyncIExchange_Begin_Make(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Make(market.call, &made), S_OK);
    ck_assert_hr(IListener_Tell(made, 4, &sum), S_OK);
    ck_assert_int_eq(sum, 4);
    ck_assert_uint_eq(drop(made), 0);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

START_TEST(a_null_out_pointer_stays_null)
{
    IListener *kept = market.listener;

    ck_assert_hr(IExchange_Get(market.server, &kept), S_OK);
    ck_assert_ptr_null(kept);
    kept = market.listener;
    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &kept), S_OK);
    ck_assert_ptr_null(kept);
}
END_TEST

START_TEST(life_04_what_a_failing_method_leaves_is_released_where_it_lives)
{
    IListener *made = market.listener;

    ck_assert_hr(AsyncIExchange_Begin_MakeAndFail(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_MakeAndFail(market.call, &made), E_ABORT);
    ck_assert_ptr_null(made);
    gate_await_arrived(&notes.ended, 1);
    ck_assert_uint_eq(notes.ended_on, notes.entered_on);
}
END_TEST

/* ---- round trips ---- */

START_TEST(com_01_what_comes_back_is_the_original_pointer)
{
    IListener *back = NULL;

    ck_assert_hr(IExchange_Keep(market.server, market.listener), S_OK);
    ck_assert_hr(IExchange_Get(market.server, &back), S_OK);
    ck_assert_ptr_eq(back, market.listener);
    drop(back);
    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &back), S_OK);
    ck_assert_ptr_eq(back, market.listener);
    drop(back);
}
END_TEST

START_TEST(com_01_the_servers_own_object_comes_back_to_it_as_itself)
{
    IListener *made = NULL, *again = NULL;
    LONG same = 0, direct = 0;

    ck_assert_hr(IExchange_Make(market.server, &made), S_OK);
    ck_assert_hr(
        IExchange_Compare(market.server, (IUnknown *)made, (IUnknown *)made, &same, &direct), S_OK);
    ck_assert_int_eq(same, 1);
    ck_assert_int_eq(direct, 1);
    ck_assert_hr(IExchange_Keep(market.server, made), S_OK);
    ck_assert_hr(IExchange_Get(market.server, &again), S_OK);
    ck_assert_ptr_eq(again, made);
    drop(again);
    drop(made);
}
END_TEST

START_TEST(com_01_the_server_can_tell_objects_apart)
{
    IListener *other = listener_create();
    IWhere *where = query(market.listener, &IID_IWhere);
    LONG same = 0, direct = 0;

    ck_assert_hr(IExchange_Compare(market.server, (IUnknown *)market.listener, (IUnknown *)where,
                                   &same, &direct),
                 S_OK);
    ck_assert_int_eq(same, 1);
    ck_assert_int_eq(direct, market.is_direct);
    ck_assert_hr(IExchange_Compare(market.server, (IUnknown *)market.listener, (IUnknown *)other,
                                   &same, &direct),
                 S_OK);
    ck_assert_int_eq(same, 0);
    drop(where);
    drop(other);
}
END_TEST

/* ---- in and out ---- */

START_TEST(call_15_in_out_pointers_change_owner_both_ways)
{
    IListener *first = listener_create(), *slot = first;

    ck_assert_hr(IExchange_Swap(market.server, &slot), S_OK);
    ck_assert_ptr_null(slot);
    slot = NULL;
    ck_assert_hr(IExchange_Swap(market.server, &slot), S_OK);
    ck_assert_ptr_eq(slot, first);
    drop(slot);
    await_ends(1);
}
END_TEST

START_TEST(call_15_begin_copies_an_in_out_pointer_and_finish_fills_a_slot)
{
    IListener *slot = market.listener, *got = NULL;

    ck_assert_hr(AsyncIExchange_Begin_Swap(market.call, &slot), S_OK);
    ck_assert_ptr_eq(slot, market.listener);
    ck_assert_hr(AsyncIExchange_Finish_Swap(market.call, &got), S_OK);
    ck_assert_ptr_null(got);
    slot = NULL;
    ck_assert_hr(AsyncIExchange_Begin_Swap(market.call, &slot), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Swap(market.call, &got), S_OK);
    ck_assert_ptr_eq(got, market.listener);
    drop(got);
}
END_TEST

/* ---- a third apartment ---- */

static void finish_make(void *arg)
{
    IListener *made = NULL;
    LONG sum = 0;

    (void)arg;
    ck_assert_hr(AsyncIExchange_Finish_Make(market.call, &made), S_OK);
    ck_assert_hr(IListener_Tell(made, 9, &sum), S_OK);
    ck_assert_int_eq(sum, 9);
    ck_assert_uint_ne(notes.told_on, this_thread());
    ck_assert_uint_eq(drop(made), 0);
}

static void finish_get(void *arg)
{
    IListener *kept = NULL;
    LONG sum = 0;

    (void)arg;
    ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &kept), S_OK);
    ck_assert_ptr_ne(kept, market.listener);
    ck_assert_hr(IListener_Tell(kept, 9, &sum), S_OK);
    ck_assert_int_eq(sum, 9);
    drop(kept);
}

START_TEST(call_16_out_pointers_belong_to_the_thread_of_finish)
{
    struct apartment *third;

    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    ck_assert_hr(AsyncIExchange_Begin_Make(market.call), S_OK);
    run_in(third, finish_make, NULL);
    gate_await_arrived(&notes.ended, 1);
    ck_assert_hr(IExchange_Keep(market.server, market.listener), S_OK);
    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    run_in(third, finish_get, NULL);
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}
END_TEST

/* ---- without a proxy ---- */

START_TEST(an_object_that_cannot_have_a_proxy_stays_in_its_apartment)
{
    IHidden *hidden = query(market.listener, &IID_IHidden), *made = NULL;
    HRESULT expected = market.is_direct ? S_OK : E_NOINTERFACE;

    ck_assert_hr(IExchange_TakeHidden(market.server, hidden), expected);
    ck_assert_hr(AsyncIExchange_Begin_TakeHidden(market.call, hidden), expected);
    if (market.is_direct)
        ck_assert_hr(AsyncIExchange_Finish_TakeHidden(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Begin_MakeHidden(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_MakeHidden(market.call, &made), expected);
    ck_assert_int_eq(made != NULL, market.is_direct);
    drop(made);
    gate_await_arrived(&notes.ended, 1);
    drop(hidden);
}
END_TEST

START_TEST(apt_11_an_agile_object_goes_as_itself)
{
    IListener *agile = listener_create_agile(), *back = NULL;
    LONG same = 0, direct = 0, sum = 0;

    ck_assert_hr(
        IExchange_Compare(market.server, (IUnknown *)agile, (IUnknown *)agile, &same, &direct),
        S_OK);
    ck_assert_int_eq(direct, 1);
    ck_assert_hr(IExchange_Ring(market.server, agile, 1, &sum), S_OK);
    ck_assert_uint_eq(notes.told_on, notes.entered_on);
    ck_assert_hr(IExchange_Keep(market.server, agile), S_OK);
    ck_assert_hr(IExchange_Get(market.server, &back), S_OK);
    ck_assert_ptr_eq(back, agile);
    drop(back);
    drop(agile);
}
END_TEST

static void call_agile(void *arg)
{
    AsyncIListener *call;
    LONG sum = 0;

    ck_assert_hr(uvcom_create_call(arg, &IID_AsyncIListener, (void **)&call), S_OK);
    ck_assert_hr(AsyncIListener_Begin_Tell(call, 3), S_OK);
    ck_assert_hr(AsyncIListener_Finish_Tell(call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    drop(call);
}

START_TEST(apt_11_an_agile_object_is_called_asynchronously_from_any_apartment)
{
    IListener *agile = listener_create_agile();
    struct apartment *third;

    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    run_in(third, call_agile, agile);
    ck_assert_uint_ne(notes.told_on, this_thread());
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
    drop(agile);
}
END_TEST

START_TEST(apt_11_a_call_object_goes_as_itself)
{
    LONG same = 0, direct = 0;
    IUnknown *call = (IUnknown *)market.call;

    drop(query(call, &IID_IAgileObject));
    ck_assert_hr(IExchange_Compare(market.server, call, call, &same, &direct), S_OK);
    ck_assert_int_eq(same, 1);
}
END_TEST

/* ---- calls that nobody collects ---- */

START_TEST(life_04_abandoned_results_are_released_at_home)
{
    ck_assert_hr(AsyncIExchange_Begin_MakeLate(market.call), S_OK);
    drop(market.call);
    market.call = NULL;
    gate_open(&notes.gate);
    gate_await_arrived(&notes.ended, 1);
    ck_assert_int_eq(notes.listeners, 1);
}
END_TEST

START_TEST(life_01_an_abandoned_call_gives_its_in_pointer_back)
{
    ck_assert_hr(AsyncIExchange_Begin_Hold(market.call, market.listener), S_OK);
    drop(market.call);
    drop(market.listener);
    market.call = NULL;
    market.listener = NULL;
    ck_assert_int_eq(notes.listeners, 1);
    gate_open(&notes.gate);
    await_ends(1);
    if (market.client_is_single)
        ck_assert_uint_eq(notes.ended_on, this_thread());
}
END_TEST

static void cancel(void)
{
    ICancelMethodCalls *iface = query(market.call, &IID_ICancelMethodCalls);

    ck_assert_hr(ICancelMethodCalls_Cancel(iface, 0), S_OK);
    drop(iface);
}

START_TEST(life_04_results_of_a_cancelled_call_are_released_at_home)
{
    IListener *made = NULL;

    ck_assert_hr(AsyncIExchange_Begin_MakeLate(market.call), S_OK);
    cancel();
    ck_assert_hr(AsyncIExchange_Finish_MakeLate(market.call, &made), RPC_E_CALL_CANCELED);
    ck_assert_ptr_null(made);
    gate_open(&notes.gate);
    gate_await_arrived(&notes.ended, 1);
    ck_assert_uint_eq(notes.ended_on, notes.entered_on);
}
END_TEST

START_TEST(life_04_a_cancelled_call_gives_its_in_pointer_back)
{
    ck_assert_hr(AsyncIExchange_Begin_Hold(market.call, market.listener), S_OK);
    cancel();
    drop(market.listener);
    market.listener = NULL;
    ck_assert_hr(AsyncIExchange_Finish_Hold(market.call), RPC_E_CALL_CANCELED);
    gate_open(&notes.gate);
    await_ends(1);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, call_16_the_server_calls_back_while_a_plain_call_waits);
    tcase_add_test(tcase, call_16_the_server_calls_back_while_finish_waits);
    tcase_add_test(tcase, call_16_the_server_keeps_the_clients_object_and_calls_it_later);
    tcase_add_test(tcase, call_16_what_begin_was_given_may_be_released_at_once);
    tcase_add_test(tcase, a_unique_pointer_may_be_null);
    tcase_add_test(tcase, a_ref_interface_pointer_may_not_be_null);
    tcase_add_test(tcase, call_16_an_object_of_the_servers_is_called_where_it_lives);
    tcase_add_test(tcase, call_16_and_so_by_begin_and_finish);
    tcase_add_test(tcase, a_null_out_pointer_stays_null);
    tcase_add_test(tcase, life_04_what_a_failing_method_leaves_is_released_where_it_lives);
    tcase_add_test(tcase, com_01_what_comes_back_is_the_original_pointer);
    tcase_add_test(tcase, com_01_the_servers_own_object_comes_back_to_it_as_itself);
    tcase_add_test(tcase, com_01_the_server_can_tell_objects_apart);
    tcase_add_test(tcase, call_15_in_out_pointers_change_owner_both_ways);
    tcase_add_test(tcase, call_15_begin_copies_an_in_out_pointer_and_finish_fills_a_slot);
    tcase_add_test(tcase, call_16_out_pointers_belong_to_the_thread_of_finish);
    tcase_add_test(tcase, an_object_that_cannot_have_a_proxy_stays_in_its_apartment);
    tcase_add_test(tcase, apt_11_an_agile_object_goes_as_itself);
    tcase_add_test(tcase, apt_11_an_agile_object_is_called_asynchronously_from_any_apartment);
    tcase_add_test(tcase, apt_11_a_call_object_goes_as_itself);
    tcase_add_test(tcase, life_04_abandoned_results_are_released_at_home);
    tcase_add_test(tcase, life_01_an_abandoned_call_gives_its_in_pointer_back);
    tcase_add_test(tcase, life_04_results_of_a_cancelled_call_are_released_at_home);
    tcase_add_test(tcase, life_04_a_cancelled_call_gives_its_in_pointer_back);
}

static Suite *pointers_suite(void)
{
    Suite *suite = suite_create("pointers");

    market_add_cases(suite, fill);
    return suite;
}

UVCOM_TEST_MAIN(pointers_suite)
