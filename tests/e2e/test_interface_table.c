/*
 * test_interface_table.c -- the global interface table: pointers by number, for any apartment.
 */
#include "exchange.h"

static IGlobalInterfaceTable *table;
static DWORD cookie;

static void open_table(void)
{
    ck_assert_hr(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table),
                 S_OK);
}

static HRESULT put(void *object, REFIID iid)
{
    cookie = 7;
    return IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, object, iid, &cookie);
}

static HRESULT get(REFIID iid, void *found)
{
    return IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, iid, found);
}

static HRESULT revoke(void)
{
    return IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
}

START_TEST(there_is_one_table)
{
    IGlobalInterfaceTable *again;
    IClassFactory *factory;

    open_table();
    ck_assert_hr(CoGetClassObject(&CLSID_StdGlobalInterfaceTable, CLSCTX_INPROC_SERVER, NULL,
                                  &IID_IClassFactory, (void **)&factory),
                 S_OK);
    ck_assert_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&again), S_OK);
    ck_assert(are_same(table, again));
    drop(query(table, &IID_IAgileObject));
    drop(again);
    drop(factory);
    drop(table);
}
END_TEST

START_TEST(at_home_the_table_gives_the_pointer_itself)
{
    IListener *found;

    open_table();
    ck_assert_hr(put(market.listener, &IID_IListener), S_OK);
    ck_assert_uint_ne(cookie, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(get(&IID_IListener, &found), S_OK);
        ck_assert_ptr_eq(found, market.listener);
        drop(found);
    }
    ck_assert_hr(revoke(), S_OK);
}
END_TEST

static void use_elsewhere(void *arg)
{
    IListener *found;
    IWhere *where;
    ULONGLONG thread;
    LONG sum;

    ck_assert_hr(get(&IID_IListener, &found), S_OK);
    ck_assert_ptr_ne(found, arg);
    ck_assert_hr(IListener_Tell(found, 6, &sum), S_OK);
    ck_assert_hr(get(&IID_IWhere, &where), S_OK);
    ck_assert(are_same(found, where));
    ck_assert_hr(IWhere_Where(where, &thread), S_OK);
    ck_assert(thread != this_thread());
    drop(where);
    ck_assert_uint_eq(drop(found), 0);
}

START_TEST(elsewhere_the_table_gives_a_proxy_any_number_of_times)
{
    struct apartment *third;

    open_table();
    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    ck_assert_hr(put(market.listener, &IID_IListener), S_OK);
    for (int i = 0; i < 3; i++)
        run_in(third, use_elsewhere, market.listener);
    ck_assert_hr(revoke(), S_OK);
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}
END_TEST

static void revoke_elsewhere(void *arg)
{
    (void)arg;
    ck_assert_hr(revoke(), S_OK);
}

START_TEST(the_table_keeps_an_object_until_it_is_revoked_anywhere)
{
    struct apartment *third;

    open_table();
    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    ck_assert_hr(put(market.listener, &IID_IListener), S_OK);
    drop(market.listener);
    market.listener = NULL;
    ck_assert_int_eq(notes.listeners, 1);
    run_in(third, revoke_elsewhere, NULL);
    await_ends(1);
    if (market.client_is_single)
        ck_assert_uint_eq(notes.ended_on, this_thread());
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}
END_TEST

START_TEST(what_the_table_still_holds_ends_with_the_process)
{
    open_table();
    ck_assert_hr(put(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(put(market.server, &IID_IExchange), S_OK);
}
END_TEST

/* Nothing but the table keeps the object: it is agile, and belongs to no apartment that closes. */
START_TEST(an_agile_object_in_the_table_ends_with_the_process_too)
{
    IListener *agile = listener_create_agile();

    open_table();
    ck_assert_hr(put(agile, &IID_IListener), S_OK);
    drop(agile);
    ck_assert_int_eq(notes.listeners, 2);
}
END_TEST

START_TEST(the_table_refuses_what_is_wrong)
{
    void *found = market.listener;

    open_table();
    ck_assert_hr(put(NULL, &IID_IListener), E_INVALIDARG);
    ck_assert_uint_eq(cookie, 0);
    ck_assert_hr(put(market.listener, NULL), E_INVALIDARG);
    ck_assert_hr(put(market.listener, &IID_IExchange), E_NOINTERFACE);
    ck_assert_uint_eq(cookie, 0);
    ck_assert_hr(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)market.listener,
                                                                 &IID_IListener, NULL),
                 E_INVALIDARG);
    ck_assert_hr(get(&IID_IListener, &found), E_INVALIDARG);
    ck_assert_ptr_null(found);
    ck_assert_hr(revoke(), E_INVALIDARG);
    ck_assert_hr(put(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(get(&IID_IExchange, &found), E_NOINTERFACE);
    ck_assert_hr(get(NULL, &found), E_INVALIDARG);
    ck_assert_hr(get(&IID_IListener, NULL), E_INVALIDARG);
    ck_assert_hr(revoke(), S_OK);
    ck_assert_hr(revoke(), E_INVALIDARG);
    ck_assert_hr(get(&IID_IListener, &found), E_INVALIDARG);
}
END_TEST

static void put_new(void *arg)
{
    IListener *made = listener_create();

    (void)arg;
    ck_assert_hr(put(made, &IID_IListener), S_OK);
    drop(made);
}

START_TEST(an_object_whose_apartment_has_closed_is_disconnected)
{
    struct apartment *third;
    void *found;

    open_table();
    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    run_in(third, put_new, NULL);
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
    ck_assert_uint_eq(notes.ended.arrived, 1);
    ck_assert_hr(get(&IID_IListener, &found), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(found);
    ck_assert_hr(revoke(), S_OK);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, there_is_one_table);
    tcase_add_test(tcase, at_home_the_table_gives_the_pointer_itself);
    tcase_add_test(tcase, elsewhere_the_table_gives_a_proxy_any_number_of_times);
    tcase_add_test(tcase, the_table_keeps_an_object_until_it_is_revoked_anywhere);
    tcase_add_test(tcase, what_the_table_still_holds_ends_with_the_process);
    tcase_add_test(tcase, an_agile_object_in_the_table_ends_with_the_process_too);
    tcase_add_test(tcase, the_table_refuses_what_is_wrong);
    tcase_add_test(tcase, an_object_whose_apartment_has_closed_is_disconnected);
}

static Suite *interface_table_suite(void)
{
    Suite *suite = suite_create("interface table");

    market_add_cases(suite, fill);
    return suite;
}

UVCOM_TEST_MAIN(interface_table_suite)
