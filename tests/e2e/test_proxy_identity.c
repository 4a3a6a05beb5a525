/*
 * test_proxy_identity.c -- one proxy for an object and an apartment: its IUnknown is the same
 * pointer however the object came and whichever interface was asked for first. COM-01 to COM-03.
 */
#include "exchange.h"

/* ---- the ways to get a pointer to the object that the exchange keeps ---- */

static IGlobalInterfaceTable *table;

static void *by_parameter(void)
{
    IListener *found = NULL;

    ck_assert_hr(IExchange_Get(market.server, &found), S_OK);
    return found;
}

static void *by_async_parameter(void)
{
    IListener *found = NULL;

    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &found), S_OK);
    return found;
}

static void *by_where(void)
{
    IUnknown *found = NULL;

    ck_assert_hr(IExchange_Ask(market.server, &IID_IWhere, &found), S_OK);
    return found;
}

static void *by_unknown(void)
{
    IUnknown *found = NULL;

    ck_assert_hr(IExchange_Ask(market.server, &IID_IUnknown, &found), S_OK);
    return found;
}

/* The next three pack the pointer again that the first way gave. */
static void *by_stream(void)
{
    IStream *stream;
    void *first = by_parameter(), *found;

    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IWhere, first, &stream), S_OK);
    ck_assert_hr(CoGetInterfaceAndReleaseStream(stream, &IID_IWhere, &found), S_OK);
    drop(first);
    return found;
}

static void *by_table(void)
{
    void *first = by_parameter(), *found;
    DWORD cookie;

    ck_assert_hr(
        IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, first, &IID_IListener, &cookie),
        S_OK);
    drop(first);
    ck_assert_hr(
        IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IListener, &found), S_OK);
    ck_assert_hr(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
    return found;
}

static void *by_reference(void)
{
    IAgileReference *reference;
    void *first = by_parameter(), *found;

    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IListener, first, &reference),
                 S_OK);
    drop(first);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IWhere, &found), S_OK);
    drop(reference);
    return found;
}

static void *(*const ways[])(void) = {by_parameter, by_async_parameter, by_where,    by_unknown,
                                      by_stream,    by_table,           by_reference};

/* The exchange keeps an object of its own apartment. */
static void keep_one_of_the_servers(void)
{
    IListener *made;

    ck_assert_hr(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table),
                 S_OK);
    ck_assert_hr(IExchange_Make(market.server, &made), S_OK);
    ck_assert_hr(IExchange_Keep(market.server, made), S_OK);
    drop(made);
}

START_TEST(com_01_every_way_leads_to_one_pointer)
{
    keep_one_of_the_servers();
    for (size_t i = 0; i < COUNT(ways); i++) {
        void *one = ways[i]();

        for (size_t k = 0; k < COUNT(ways); k++) {
            void *other = ways[k]();

            ck_assert(are_same(one, other));
            drop(other);
        }
        drop(one);
    }
}
END_TEST

START_TEST(com_03_the_last_reference_ends_the_proxy_however_it_came)
{
    keep_one_of_the_servers();
    for (size_t i = 0; i < COUNT(ways); i++) {
        void *one = ways[i](), *other = ways[(i + 1) % COUNT(ways)]();

        ck_assert_uint_gt(drop(one), 0);
        drop(other);
    }
    ck_assert_hr(IExchange_Keep(market.server, NULL), S_OK);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

static const IID *const listener_has[] = {&IID_IUnknown, &IID_IListener, &IID_IWhere,
                                          &IID_ICallFactory};

START_TEST(com_02_the_proxy_answers_the_same_whichever_came_first)
{
    keep_one_of_the_servers();
    for (size_t i = 0; i < COUNT(ways); i++) {
        void *one = ways[i]();

        for (size_t k = 0; k < COUNT(listener_has); k++) {
            void *found = query(one, listener_has[k]), *again = query(found, listener_has[k]);

            ck_assert_ptr_eq(found, again);
            ck_assert(are_same(found, one));
            drop(again);
            drop(found);
        }
        drop(one);
    }
}
END_TEST

START_TEST(com_02_what_has_no_proxy_is_lacking_in_all_of_them)
{
    void *none, *one;

    keep_one_of_the_servers();
    one = by_where();
    if (!market.is_direct)
        ck_assert_hr(IUnknown_QueryInterface((IUnknown *)one, &IID_IHidden, &none), E_NOINTERFACE);
    ck_assert_hr(IUnknown_QueryInterface((IUnknown *)one, &IID_IExchange, &none), E_NOINTERFACE);
    ck_assert_ptr_null(none);
    drop(one);
}
END_TEST

/* ---- the class and its objects ---- */

START_TEST(com_01_a_new_object_and_a_pointer_to_it_are_one)
{
    IUnknown *unknown = query(market.server, &IID_IUnknown);
    IExchange *found;
    IStream *stream;

    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, unknown, &stream), S_OK);
    ck_assert_hr(CoGetInterfaceAndReleaseStream(stream, &IID_IExchange, (void **)&found), S_OK);
    ck_assert_ptr_eq(found, market.server);
    drop(found);
    drop(unknown);
}
END_TEST

static const CLSID clsid_kept = {
    0x5b7e2a0f, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};

/* A class whose class object is a listener: any object may be one. */
static void register_listener(void *arg)
{
    IListener *object = listener_create();

    ck_assert_hr(CoRegisterClassObject(&clsid_kept, (IUnknown *)object, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, arg),
                 S_OK);
    drop(object);
}

static void *class_object(REFIID iid)
{
    void *found;

    ck_assert_hr(CoGetClassObject(&clsid_kept, CLSCTX_INPROC_SERVER, NULL, iid, &found), S_OK);
    return found;
}

START_TEST(com_01_a_class_object_asked_for_twice_is_one)
{
    struct apartment *third;
    DWORD cookie;
    void *one, *other;

    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    run_in(third, register_listener, &cookie);
    one = class_object(&IID_IListener);
    other = class_object(&IID_IWhere);
    ck_assert(are_same(one, other));
    drop(other);
    other = class_object(&IID_IUnknown);
    ck_assert(are_same(one, other));
    drop(other);
    drop(one);
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

/* ---- several apartments ---- */

static IStream *for_third;

static void check_in_third(void *arg)
{
    IUnknown *found, *unknown;

    ck_assert_hr(CoGetInterfaceAndReleaseStream(for_third, &IID_IUnknown, (void **)&found), S_OK);
    unknown = query(found, &IID_IUnknown);
    ck_assert_ptr_eq(unknown, found);
    ck_assert_ptr_ne(found, arg);
    drop(unknown);
    drop(found);
}

START_TEST(com_01_each_apartment_has_a_proxy_of_its_own)
{
    struct apartment *third;
    IUnknown *unknown;
    void *one;

    keep_one_of_the_servers();
    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    one = by_parameter();
    unknown = query(one, &IID_IUnknown);
    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IListener, one, &for_third), S_OK);
    run_in(third, check_in_third, unknown);
    drop(unknown);
    drop(one);
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, com_01_every_way_leads_to_one_pointer);
    tcase_add_test(tcase, com_03_the_last_reference_ends_the_proxy_however_it_came);
    tcase_add_test(tcase, com_02_the_proxy_answers_the_same_whichever_came_first);
    tcase_add_test(tcase, com_02_what_has_no_proxy_is_lacking_in_all_of_them);
    tcase_add_test(tcase, com_01_a_new_object_and_a_pointer_to_it_are_one);
    tcase_add_test(tcase, com_01_a_class_object_asked_for_twice_is_one);
    tcase_add_test(tcase, com_01_each_apartment_has_a_proxy_of_its_own);
}

static Suite *proxy_identity_suite(void)
{
    Suite *suite = suite_create("proxy identity");

    market_add_cases(suite, fill);
    return suite;
}

UVCOM_TEST_MAIN(proxy_identity_suite)
