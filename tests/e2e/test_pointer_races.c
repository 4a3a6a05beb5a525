/*
 * test_pointer_races.c -- interface pointers that many threads hand over at once: the last
 * reference goes while the object arrives again, and each apartment still has one proxy. For
 * ThreadSanitizer as much as for the assertions.
 */
#include <stdlib.h>

#include <uvcom/class.h>

#include "exchange.h"

enum { THREADS = 4, ROUNDS = 300 };

static int rounds(void)
{
    const char *factor = getenv("UVCOM_RACE_FACTOR");

    return ROUNDS * (factor ? atoi(factor) : 1);
}

static void run_threads(void *(*run)(void *arg))
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* ---- one object of the server's, met and let go by all ---- */

static void *get_and_drop(void *arg)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    for (int i = 0; i < rounds(); i++) {
        IListener *one, *other;
        IWhere *where;

        ck_assert_hr(IExchange_Get(market.server, &one), S_OK);
        ck_assert_hr(IExchange_Ask(market.server, &IID_IWhere, (IUnknown **)&where), S_OK);
        ck_assert(are_same(one, where));
        drop(one);
        ck_assert_hr(IExchange_Get(market.server, &other), S_OK);
        ck_assert(are_same(other, where));
        drop(where);
        drop(other);
    }
    CoUninitialize();
    return arg;
}

START_TEST(com_01_arrivals_and_last_releases_race)
{
    IListener *made;

    ck_assert_hr(IExchange_Make(market.server, &made), S_OK);
    ck_assert_hr(IExchange_Keep(market.server, made), S_OK);
    drop(made);
    run_threads(get_and_drop);
    ck_assert_hr(IExchange_Keep(market.server, NULL), S_OK);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

/* ---- one object of the clients', exported by all ---- */

static void *give_and_forget(void *arg)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    for (int i = 0; i < rounds(); i++) {
        LONG sum, same, direct;

        ck_assert_hr(IExchange_Ring(market.server, market.listener, 1, &sum), S_OK);
        ck_assert_hr(IExchange_Compare(market.server, (IUnknown *)market.listener,
                                       (IUnknown *)market.listener, &same, &direct),
                     S_OK);
        ck_assert_int_eq(same, 1);
    }
    CoUninitialize();
    return arg;
}

START_TEST(com_01_exports_and_last_releases_race)
{
    LONG sum = 0;

    run_threads(give_and_forget);
    ck_assert_hr(IExchange_Ring(market.server, market.listener, 0, &sum), S_OK);
    ck_assert_int_eq(sum, THREADS * rounds());
}
END_TEST

/* ---- apartments that come and go ---- */

static void *come_and_go(void *arg)
{
    for (int i = 0; i < rounds() / 10; i++) {
        IExchange *server;
        IListener *own, *back;
        LONG sum;

        ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
        ck_assert_hr(CoCreateInstance(&CLSID_Exchange, NULL, CLSCTX_INPROC_SERVER, &IID_IExchange,
                                      (void **)&server),
                     S_OK);
        own = listener_create();
        ck_assert_hr(IExchange_Ring(server, own, 2, &sum), S_OK);
        ck_assert_hr(IExchange_Keep(server, own), S_OK);
        ck_assert_hr(IExchange_Get(server, &back), S_OK);
        ck_assert_ptr_eq(back, own);
        drop(back);
        drop(own);
        drop(server); /* its last reference brings the listener's home, if there is one by then */
        CoUninitialize();
    }
    return arg;
}

START_TEST(life_04_apartments_close_while_their_objects_are_on_the_way)
{
    run_threads(come_and_go);
}
END_TEST

/* ---- the table ---- */

static IGlobalInterfaceTable *table;
static DWORD cookie;

static void *fetch(void *arg)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    for (int i = 0; i < rounds(); i++) {
        IListener *found, *mine;
        DWORD own;

        ck_assert_hr(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IListener,
                                                                  (void **)&found),
                     S_OK);
        ck_assert_hr(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)found,
                                                                     &IID_IWhere, &own),
                     S_OK);
        ck_assert_hr(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, own, &IID_IListener,
                                                                  (void **)&mine),
                     S_OK);
        ck_assert_ptr_eq(mine, found);
        drop(found);
        drop(mine);
        ck_assert_hr(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, own), S_OK);
    }
    CoUninitialize();
    return arg;
}

START_TEST(the_table_is_used_by_many_threads)
{
    IListener *made;

    ck_assert_hr(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table),
                 S_OK);
    ck_assert_hr(IExchange_Make(market.server, &made), S_OK);
    ck_assert_hr(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)made,
                                                                 &IID_IListener, &cookie),
                 S_OK);
    drop(made);
    run_threads(fetch);
    ck_assert_hr(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, com_01_arrivals_and_last_releases_race);
    tcase_add_test(tcase, com_01_exports_and_last_releases_race);
    tcase_add_test(tcase, life_04_apartments_close_while_their_objects_are_on_the_way);
    tcase_add_test(tcase, the_table_is_used_by_many_threads);
}

static Suite *pointer_races_suite(void)
{
    Suite *suite = suite_create("pointer races");

    market_add_multithreaded_case(suite, fill);
    return suite;
}

UVCOM_TEST_MAIN(pointer_races_suite)
