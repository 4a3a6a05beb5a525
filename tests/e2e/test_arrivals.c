/*
 * test_arrivals.c -- pointers that arrive while their home is busy, on threads without an
 * apartment, after an activation, and after the end of the runtime. CALL-16, CALL-17, COM-02,
 * APT-11.
 */
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "garden.h"

static AsyncITaker *new_call(void)
{
    AsyncITaker *call;

    ck_assert_hr(uvcom_create_call(garden.taker, &IID_AsyncITaker, (void **)&call), S_OK);
    return call;
}

/* ---- the home is busy ---- */

static AsyncIGrown *busy;

static void make_home_busy(void)
{
    ck_assert_hr(uvcom_create_call(garden.grown, &IID_AsyncIGrown, (void **)&busy), S_OK);
    ck_assert_hr(AsyncIGrown_Begin_Hold(busy), S_OK);
    gate_await_waiters(&garden.gate, 1);
}

static void let_home_go(void)
{
    gate_open(&garden.gate);
    ck_assert_hr(AsyncIGrown_Finish_Hold(busy), S_OK);
    garden_drop(busy);
}

/* Nobody has asked the object for IRoot, but for what derives from it. */
START_TEST(call_17_a_call_with_a_pointer_is_not_overtaken)
{
    AsyncITaker *first = new_call(), *second = new_call();

    make_home_busy();
    ck_assert_hr(AsyncITaker_Begin_Take(first, 1, (IRoot *)garden.grown), S_OK);
    ck_assert_hr(AsyncITaker_Begin_Mark(second, 2), S_OK);
    ck_assert_hr(AsyncITaker_Finish_Mark(second), S_OK);
    ck_assert_int_eq(garden.marks[0], 1);
    ck_assert_int_eq(garden.marks[1], 2);
    ck_assert_hr(AsyncITaker_Finish_Take(first), S_OK);
    let_home_go();
    garden_drop(first);
    garden_drop(second);
}
END_TEST

START_TEST(call_16_what_both_sides_know_arrives_although_its_home_is_busy)
{
    AsyncITaker *call = new_call();
    IRoot *root = garden_query(garden.grown, &IID_IRoot);

    make_home_busy();
    ck_assert_hr(AsyncITaker_Begin_Take(call, 1, root), S_OK);
    ck_assert_hr(uvcom_wait(call, 5000), S_OK);
    ck_assert_hr(AsyncITaker_Finish_Take(call), S_OK);
    let_home_go();
    garden_drop(root);
    garden_drop(call);
}
END_TEST

static IAgileReference *reference;
static atomic_int answered;

static void *resolve_elsewhere(void *arg)
{
    IRoot *root = NULL;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (SUCCEEDED(IAgileReference_Resolve(reference, &IID_IRoot, (void **)&root)))
        answered++;
    garden_drop(root);
    CoUninitialize();
    return arg;
}

START_TEST(com_02_a_new_proxy_knows_what_has_been_asked_for_in_another_apartment)
{
    pthread_t thread;

    make_home_busy();
    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IUnknown,
                                     (IUnknown *)garden.grown, &reference),
                 S_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, resolve_elsewhere, NULL), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answered, 1);
    let_home_go();
    garden_drop(reference);
}
END_TEST

/* ---- no apartment ---- */

static AsyncITaker *making;

static void finish_nowhere(void)
{
    IRoot *root = (IRoot *)garden.grown;

    ck_assert_hr(AsyncITaker_Finish_Make(making, &root), CO_E_NOTINITIALIZED);
}

static void finish_mark_nowhere(void)
{
    ck_assert_hr(AsyncITaker_Finish_Mark(making), S_OK);
}

START_TEST(call_16_finish_without_an_apartment_leaves_the_call_unharmed)
{
    IRoot *root = NULL;
    LONG number = 0;

    making = new_call();
    ck_assert_hr(AsyncITaker_Begin_Make(making), S_OK);
    garden_run_nowhere(finish_nowhere);
    ck_assert_hr(AsyncITaker_Begin_Make(making), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncITaker_Finish_Make(making, &root), S_OK);
    ck_assert_hr(IRoot_Number(root, &number), S_OK);
    ck_assert_int_eq(number, 7);
    garden_drop(root);
    ck_assert_hr(AsyncITaker_Begin_Mark(making, 1), S_OK);
    garden_run_nowhere(finish_mark_nowhere);
    garden_drop(making);
}
END_TEST

START_TEST(a_forked_child_is_told_so_for_agile_objects_too)
{
    IGrown *agile = grown_create_agile();
    IAgileReference *made;
    int status;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IGrown, (IUnknown *)agile, &made) !=
              CO_E_NOTINITIALIZED);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    garden_drop(agile);
}
END_TEST

/* ---- activation ---- */

static HRESULT make(REFCLSID clsid, REFIID iid, void *made)
{
    return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, made);
}

START_TEST(apt_11_an_agile_object_is_made_elsewhere_without_generated_code)
{
    IClassFactory *factory;
    IBare *bare = NULL;

    ck_assert_hr(make(&CLSID_AgileGrown, &IID_IBare, &bare), S_OK);
    garden_drop(bare);
    ck_assert_hr(CoGetClassObject(&CLSID_AgileGrown, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    ck_assert_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IBare, (void **)&bare), S_OK);
    garden_drop(bare);
    ck_assert_hr(make(&CLSID_Grown, &IID_IBare, &bare), E_NOINTERFACE);
    ck_assert_ptr_null(bare);
    garden_drop(factory);
}
END_TEST

START_TEST(fac_01_the_call_factory_is_had_by_every_way)
{
    ICallFactory *own = garden_query(garden.grown, &IID_ICallFactory), *found = NULL;
    AsyncIGrown *call;

    ck_assert_hr(make(&CLSID_Grown, &IID_ICallFactory, &found), S_OK);
    ck_assert_hr(ICallFactory_CreateCall(found, &IID_AsyncIGrown, NULL, &IID_AsyncIGrown,
                                         (IUnknown **)&call),
                 S_OK);
    garden_drop(call);
    garden_drop(found);
    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_ICallFactory, (IUnknown *)own, &reference),
        S_OK);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_ICallFactory, (void **)&found), S_OK);
    ck_assert_ptr_eq(found, own);
    garden_drop(found);
    garden_drop(own);
    garden_drop(reference);
}
END_TEST

/* ---- the global table and the end of the runtime ---- */

static DWORD cookie;
static HRESULT registered;

static IGlobalInterfaceTable *table_open(void)
{
    IGlobalInterfaceTable *table = NULL;

    ck_assert_hr(make(&CLSID_StdGlobalInterfaceTable, &IID_IGlobalInterfaceTable, &table), S_OK);
    return table;
}

static void register_another(void)
{
    IGrown *another = grown_create_agile();

    registered = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table_open(), (IUnknown *)another,
                                                                 &IID_IGrown, &cookie);
    garden_drop(another);
}

/* The runtime ends and begins again; the call object keeps its server up to the end. */
static void end_and_begin(void *server)
{
    AsyncIGrown *call;

    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGrown, (void **)&call), S_OK);
    garden_drop(server);
    garden_drop(garden.taker);
    garden.taker = NULL;
    garden.at_end = register_another;
    CoUninitialize();
    ck_assert_int_eq(garden.live, 0);
    garden_drop(call);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

START_TEST(what_a_dying_apartment_puts_into_the_table_ends_with_the_process)
{
    void *found;

    end_and_begin(garden.grown);
    garden.grown = NULL;
    ck_assert_hr(registered, S_OK);
    ck_assert_hr(
        IGlobalInterfaceTable_GetInterfaceFromGlobal(table_open(), cookie, &IID_IGrown, &found),
        E_INVALIDARG);
}
END_TEST

/* The end of an object of the multithreaded apartment is the very last thing. */
START_TEST(the_table_is_closed_when_the_multithreaded_apartment_is)
{
    garden_drop(garden.grown);
    garden.grown = NULL;
    while (garden.live != 1)
        sched_yield(); /* its own end is at home, soon */
    end_and_begin(grown_create());
    ck_assert_hr(registered, RPC_E_DISCONNECTED);
    ck_assert_uint_eq(cookie, 0);
}
END_TEST

static Suite *arrivals_suite(void)
{
    Suite *suite = suite_create("arrivals");
    TCase *tcase = tcase_create("multithreaded to own");

    tcase_add_checked_fixture(tcase, garden_begin, garden_end);
    tcase_add_test(tcase, call_17_a_call_with_a_pointer_is_not_overtaken);
    tcase_add_test(tcase, call_16_what_both_sides_know_arrives_although_its_home_is_busy);
    tcase_add_test(tcase, com_02_a_new_proxy_knows_what_has_been_asked_for_in_another_apartment);
    tcase_add_test(tcase, call_16_finish_without_an_apartment_leaves_the_call_unharmed);
    tcase_add_test(tcase, a_forked_child_is_told_so_for_agile_objects_too);
    tcase_add_test(tcase, apt_11_an_agile_object_is_made_elsewhere_without_generated_code);
    tcase_add_test(tcase, fac_01_the_call_factory_is_had_by_every_way);
    tcase_add_test(tcase, what_a_dying_apartment_puts_into_the_table_ends_with_the_process);
    tcase_add_test(tcase, the_table_is_closed_when_the_multithreaded_apartment_is);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(arrivals_suite)
