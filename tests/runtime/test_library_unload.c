/*
 * test_library_unload.c -- how long a server library stays loaded: what keeps it, who asks it, the
 * delay, races of loading and unloading, and memory that runs out.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "library_client.h"

/* ---- what all tests do ---- */

static void move_clock(unsigned seconds)
{
    atomic_fetch_add(&moved_ns, seconds * 1000000000ull);
}

static void register_as(uvcom_threading_model model)
{
    ck_assert_hr(uvcom_register_library(LIBRARY("plain"), &clsid_place, model), S_OK);
}

static bool is_there(void)
{
    return is_loaded(LIBRARY("plain"));
}

/* What was given back elsewhere is not needed any more a little later. */
static void await_unloading(void)
{
    while (is_there()) {
        CoFreeUnusedLibrariesEx(0, 0);
        sched_yield();
    }
}

static void expect_to_stay(void)
{
    for (int i = 0; i < 3; i++)
        CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_there());
}

/* ---- when ---- */

START_TEST(a_library_goes_when_nobody_uses_it_and_comes_again)
{
    register_as(UVCOM_THREADING_BOTH);
    for (int i = 1; i <= 3; i++) {
        IPlace *place = created(&clsid_place);

        ck_assert_int_eq(atomic_load(&plain.loads), i);
        expect_to_stay();
        IPlace_Release(place);
        CoFreeUnusedLibrariesEx(0, 0);
        ck_assert(!is_there());
        ck_assert_int_eq(atomic_load(&plain.unloads), i);
    }
}
END_TEST

START_TEST(by_default_ten_minutes_must_have_passed)
{
    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    move_clock(3600);
    CoFreeUnusedLibraries();
    ck_assert(is_there());
    move_clock(599);
    CoFreeUnusedLibraries();
    ck_assert(is_there());
    move_clock(2);
    CoFreeUnusedLibraries();
    ck_assert(!is_there());
}
END_TEST

START_TEST(a_use_begins_the_delay_anew)
{
    IPlace *place;

    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    CoFreeUnusedLibrariesEx(10000, 0);
    move_clock(9);
    IPlace_Release(created(&clsid_place));
    move_clock(9);
    CoFreeUnusedLibrariesEx(10000, 0);
    move_clock(9);
    CoFreeUnusedLibrariesEx(10000, 0);
    ck_assert(is_there());
    place = created(&clsid_place);
    CoFreeUnusedLibrariesEx(10000, 0); /* which is told that it is in use */
    IPlace_Release(place);
    move_clock(20);
    CoFreeUnusedLibrariesEx(10000, 0);
    ck_assert(is_there());
    move_clock(10);
    CoFreeUnusedLibrariesEx(10000, 0);
    ck_assert(!is_there());
}
END_TEST

START_TEST(a_thread_without_an_apartment_unloads_nothing)
{
    in_multithreaded();
    register_as(UVCOM_THREADING_BOTH);
    plain.is_careless = true;
    IPlace_Release(created(&clsid_place));
    CoUninitialize();
    ck_assert(!is_there()); /* the last one does it itself */
    CoFreeUnusedLibrariesEx(0, 0);
    CoFreeUnusedLibraries();
    ck_assert_int_eq(atomic_load(&plain.asked), 1);
}
END_TEST

START_TEST(what_is_in_use_at_the_last_couninitialize_stays)
{
    IPlace *place;

    in_multithreaded();
    register_as(UVCOM_THREADING_BOTH);
    place = created(&clsid_place);
    CoUninitialize();
    ck_assert(is_there());
    in_multithreaded();
    IPlace_Release(place);
    CoUninitialize();
    ck_assert(!is_there());
}
END_TEST

START_TEST(an_unregistered_library_stays_as_long_as_it_is_used)
{
    IPlace *place;

    register_as(UVCOM_THREADING_BOTH);
    place = created(&clsid_place);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    expect_to_stay();
    ck_assert_uint_eq(thread_of(place), client_thread());
    IPlace_Release(place);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_there());
}
END_TEST

START_TEST(a_library_that_cannot_be_asked_stays)
{
    ck_assert_hr(
        uvcom_register_library(LIBRARY("no_can_unload"), &clsid_place, UVCOM_THREADING_BOTH), S_OK);
    IPlace_Release(created(&clsid_place));
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_loaded(LIBRARY("no_can_unload")));
    atomic_fetch_add(&plain.unloads, 1);
    faults_reset();
}
END_TEST

/* ---- what the library says ---- */

START_TEST(a_library_stays_while_its_thread_runs)
{
    plain.has_thread = true;
    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    gate_await_waiters(&plain.gate, 1);
    expect_to_stay();
    gate_open(&plain.gate);
    await_unloading();
}
END_TEST

static HRESULT use_once(void)
{
    plain.asked_hook = NULL;
    IPlace_Release(created(&clsid_place));
    return S_OK;
}

/* What it answers then was perhaps thought of before. */
START_TEST(an_answer_does_not_count_if_the_library_was_used_meanwhile)
{
    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    plain.asked_hook = use_once;
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_there());
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_there());
}
END_TEST

static HRESULT ask_again(void)
{
    CoFreeUnusedLibrariesEx(0, 0);
    return S_OK;
}

START_TEST(a_library_is_not_asked_while_it_is_asked)
{
    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    plain.asked_hook = ask_again;
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert_int_eq(atomic_load(&plain.asked), 1);
    ck_assert(!is_there());
}
END_TEST

/* ---- what the runtime knows; the library says that it can be unloaded ---- */

START_TEST(a_proxy_keeps_the_library_of_its_object)
{
    IPlace *place;

    plain.is_careless = true;
    register_as(UVCOM_THREADING_MAIN);
    place = created(&clsid_place);
    expect_to_stay();
    ck_assert_uint_ne(thread_of(place), client_thread());
    IPlace_Release(place);
    await_unloading();
}
END_TEST

static struct gate call_gate = GATE_INITIALIZER;

static HRESULT wait_inside(void)
{
    gate_wait(&call_gate);
    return S_OK;
}

START_TEST(a_call_keeps_the_library_that_runs_it)
{
    AsyncIPlace *call;
    IPlace *place;
    ULONG thread;

    plain.is_careless = true;
    register_as(UVCOM_THREADING_MAIN);
    place = created(&clsid_place);
    ck_assert_hr(uvcom_create_call(place, &IID_AsyncIPlace, (void **)&call), S_OK);
    IPlace_Release(place);
    plain.hook = wait_inside;
    ck_assert_hr(AsyncIPlace_Begin_GetThread(call), S_OK);
    gate_await_waiters(&call_gate, 1);
    expect_to_stay();
    gate_open(&call_gate);
    ck_assert_hr(AsyncIPlace_Finish_GetThread(call, &thread), S_OK);
    expect_to_stay();
    ck_assert_hr(AsyncIPlace_Begin_GetThread(call), S_OK);
    AsyncIPlace_Release(call); /* and nobody waits for it */
    await_unloading();
}
END_TEST

START_TEST(a_class_object_elsewhere_keeps_its_library)
{
    IClassFactory *factory;
    IPlace *place;

    plain.is_careless = true;
    register_as(UVCOM_THREADING_MAIN);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    expect_to_stay();
    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, &IID_IPlace, (void **)&place),
                 S_OK);
    factory->lpVtbl->Release(factory);
    expect_to_stay();
    IPlace_Release(place);
    await_unloading();
}
END_TEST

/* As if the library had registered a class of its own. */
START_TEST(a_class_that_a_library_registers_keeps_it)
{
    union {
        void *symbol;
        uvcom_create_fn create;
    } of_library;
    void *handle;
    IPlace *place;

    register_as(UVCOM_THREADING_BOTH);
    place = created(&clsid_place);
    handle = dlopen(LIBRARY("plain"), RTLD_LAZY | RTLD_NOLOAD);
    of_library.symbol = dlsym(handle, "DllGetClassObject");
    dlclose(handle);
    ck_assert_hr(uvcom_register_class(&clsid_other, of_library.create, UVCOM_APARTMENT_OWN), S_OK);
    IPlace_Release(place);
    expect_to_stay();
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_there());
}
END_TEST

START_TEST(a_class_object_that_a_library_registers_keeps_it)
{
    IClassFactory *factory;
    DWORD cookie;

    plain.is_careless = true;
    register_as(UVCOM_THREADING_BOTH);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    ck_assert_hr(CoRegisterClassObject(&clsid_other, (IUnknown *)factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 S_OK);
    factory->lpVtbl->Release(factory);
    expect_to_stay();
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_there());
}
END_TEST

/* Two names of one file are two records of one library. */
START_TEST(a_library_under_two_names_stays_as_long_as_one_of_them_is_used)
{
    IPlace *place, *other;

    plain.is_careless = true;
    register_as(UVCOM_THREADING_MAIN);
    ck_assert_hr(
        uvcom_register_library(LIBRARY_FOLDER "/./plain.so", &clsid_other, UVCOM_THREADING_MAIN),
        S_OK);
    place = created(&clsid_place);
    other = created(&clsid_other);
    ck_assert_int_eq(atomic_load(&plain.loads), 1);
    IPlace_Release(place);
    expect_to_stay();
    thread_of(other);
    IPlace_Release(other);
    await_unloading();
}
END_TEST

/* ---- races ---- */

enum { CLIENTS = 4, ROUNDS = 200, LOADS = 50 };

static struct gate line = GATE_INITIALIZER;
static atomic_int working;
static atomic_int failures;

/* The objects are elsewhere: nothing of the library's runs on this thread. */
static void *use_often(void *argument)
{
    ULONG thread;
    IPlace *place;

    (void)argument;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    gate_wait(&line);
    for (int i = 0; i < ROUNDS; i++) {
        if (FAILED(create(&clsid_place, &place)) ||
            FAILED(place->lpVtbl->GetThread(place, &thread)))
            atomic_fetch_add(&failures, 1);
        else
            IPlace_Release(place);
    }
    atomic_fetch_sub(&working, 1);
    CoUninitialize();
    return NULL;
}

static void *unload_often(void *argument)
{
    (void)argument;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    gate_wait(&line);
    while (atomic_load(&working) > 0)
        CoFreeUnusedLibrariesEx(0, 0);
    CoUninitialize();
    return NULL;
}

START_TEST(loading_and_unloading_may_race)
{
    pthread_t threads[CLIENTS + 2];

    plain.is_careless = true;
    register_as(UVCOM_THREADING_MAIN);
    atomic_store(&working, CLIENTS);
    for (int i = 0; i < CLIENTS + 2; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, i < CLIENTS ? use_often : unload_often, NULL), 0);
    gate_await_waiters(&line, CLIENTS + 2);
    gate_open(&line);
    for (int i = 0; i < CLIENTS + 2; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&failures), 0);
    await_unloading();
}
END_TEST

static void *load_once(void *argument)
{
    IPlace **place = argument;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    gate_wait(&line);
    if (FAILED(create(&clsid_place, place)))
        atomic_fetch_add(&failures, 1);
    CoUninitialize();
    return NULL;
}

START_TEST(threads_that_come_together_load_a_library_once)
{
    pthread_t threads[CLIENTS];
    IPlace *places[CLIENTS];

    register_as(UVCOM_THREADING_BOTH);
    for (int round = 1; round <= LOADS; round++) {
        gate_close(&line);
        for (int i = 0; i < CLIENTS; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, load_once, &places[i]), 0);
        gate_await_waiters(&line, CLIENTS);
        gate_open(&line);
        for (int i = 0; i < CLIENTS; i++)
            pthread_join(threads[i], NULL);
        ck_assert_int_eq(atomic_load(&failures), 0);
        ck_assert_int_eq(atomic_load(&plain.loads), round);
        for (int i = 0; i < CLIENTS; i++)
            IPlace_Release(places[i]);
        CoFreeUnusedLibrariesEx(0, 0);
        ck_assert_int_eq(atomic_load(&plain.unloads), round);
    }
}
END_TEST

/* ---- out of memory ---- */

START_TEST(registering_without_memory_leaves_nothing)
{
    bool hit = true;

    for (size_t n = 1; hit; n++) {
        HRESULT hr;

        faults_fail_at(n);
        hr = uvcom_register_library(LIBRARY("plain"), &clsid_place, UVCOM_THREADING_BOTH);
        hit = faults_hit();
        ck_assert_hr(hr, hit ? E_OUTOFMEMORY : S_OK);
        if (hit)
            ck_assert_uint_eq(faults_live(), 0);
    }
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

/* What another thread allocates for itself may be what fails: then the creation succeeds. */
START_TEST(creating_without_memory_fails_and_leaves_nothing)
{
    bool hit = true;

    plain.is_agile = true;
    register_as((uvcom_threading_model)_i);
    faults_spare_uv();
    for (size_t n = 1; hit && n < 200; n++) {
        IPlace *place = (IPlace *)&place;
        HRESULT hr;

        faults_fail_at(n);
        hr = create(&clsid_place, &place);
        hit = faults_hit();
        faults_fail_at(0);
        if (SUCCEEDED(hr)) {
            IPlace_Release(place);
        } else {
            ck_assert_hr(hr, E_OUTOFMEMORY);
            ck_assert_ptr_null(place);
        }
        await_unloading();
    }
    ck_assert(!hit);
    faults_reset();
}
END_TEST

static void add_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_library_goes_when_nobody_uses_it_and_comes_again);
    tcase_add_test(tcase, by_default_ten_minutes_must_have_passed);
    tcase_add_test(tcase, a_use_begins_the_delay_anew);
    tcase_add_test(tcase, an_unregistered_library_stays_as_long_as_it_is_used);
    tcase_add_test(tcase, a_library_that_cannot_be_asked_stays);
    tcase_add_test(tcase, a_library_stays_while_its_thread_runs);
    tcase_add_test(tcase, an_answer_does_not_count_if_the_library_was_used_meanwhile);
    tcase_add_test(tcase, a_library_is_not_asked_while_it_is_asked);
    tcase_add_test(tcase, a_proxy_keeps_the_library_of_its_object);
    tcase_add_test(tcase, a_call_keeps_the_library_that_runs_it);
    tcase_add_test(tcase, a_class_object_elsewhere_keeps_its_library);
    tcase_add_test(tcase, a_class_that_a_library_registers_keeps_it);
    tcase_add_test(tcase, a_class_object_that_a_library_registers_keeps_it);
    tcase_add_test(tcase, a_library_under_two_names_stays_as_long_as_one_of_them_is_used);
    tcase_add_test(tcase, loading_and_unloading_may_race);
    tcase_add_test(tcase, threads_that_come_together_load_a_library_once);
    tcase_add_test(tcase, registering_without_memory_leaves_nothing);
    tcase_add_loop_test(tcase, creating_without_memory_fails_and_leaves_nothing,
                        UVCOM_THREADING_MAIN, UVCOM_THREADING_NEUTRAL + 1);
}

static Suite *library_unload_suite(void)
{
    Suite *suite = suite_create("library_unload");
    TCase *single = tcase_create("single-threaded client");
    TCase *multi = tcase_create("multithreaded client");
    TCase *outside = tcase_create("no client");

    tcase_add_checked_fixture(single, in_single_threaded, out_of_it);
    tcase_add_checked_fixture(multi, in_multithreaded, out_of_it);
    tcase_add_checked_fixture(outside, in_no_apartment, out_of_it);
    add_tests(single);
    add_tests(multi);
    tcase_add_test(outside, a_thread_without_an_apartment_unloads_nothing);
    tcase_add_test(outside, what_is_in_use_at_the_last_couninitialize_stays);
    suite_add_tcase(suite, single);
    suite_add_tcase(suite, multi);
    suite_add_tcase(suite, outside);
    return suite;
}

UVCOM_TEST_MAIN(library_unload_suite)
