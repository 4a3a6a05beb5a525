/*
 * test_library_constructor.c -- libraries whose constructors use the runtime: what they register
 * and make keeps them loaded, although nobody knows yet where they are in memory.
 */
#include <pthread.h>
#include <stdlib.h>

#include "library_client.h"

static uvcom_object object;
static atomic_int failures;

static void register_as(const char *path)
{
    ck_assert_hr(uvcom_register_library(path, &clsid_place, UVCOM_THREADING_BOTH), S_OK);
}

static bool is_there(void)
{
    return is_loaded(LIBRARY("plain"));
}

static void expect_to_stay(void)
{
    for (int i = 0; i < 3; i++)
        CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_there());
}

static void expect_to_go(void)
{
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_there());
}

static void load_with(void (*hook)(uvcom_create_fn maker, const uvcom_class *class_))
{
    plain.is_careless = true;
    plain.load_hook = hook;
    register_as(LIBRARY("plain"));
    IPlace_Release(created(&clsid_place));
    plain.load_hook = NULL;
}

/* ---- what constructors do ---- */

static void register_other(uvcom_create_fn maker, const uvcom_class *class_)
{
    const HRESULT hr = uvcom_register_class(&clsid_other, maker, UVCOM_APARTMENT_CALLER);

    (void)class_;
    if (FAILED(hr) && hr != CO_E_OBJISREG)
        atomic_fetch_add(&failures, 1);
}

static void register_and_unregister(uvcom_create_fn maker, const uvcom_class *class_)
{
    register_other(maker, class_);
    if (FAILED(uvcom_unregister_class(&clsid_other)))
        atomic_fetch_add(&failures, 1);
}

static void make_object_of(uvcom_create_fn maker, const uvcom_class *class_)
{
    (void)maker;
    uvcom_object_init(&object, class_);
}

static void make_object_without_memory(uvcom_create_fn maker, const uvcom_class *class_)
{
    faults_fail_at(1);
    make_object_of(maker, class_);
    if (!faults_hit())
        atomic_fetch_add(&failures, 1);
    faults_fail_at(0);
}

static const uvcom_class class_of_program = {.flags = UVCOM_CLASS_NO_CALL_FACTORY};

static void make_object_of_program(uvcom_create_fn maker, const uvcom_class *class_)
{
    (void)class_;
    make_object_of(maker, &class_of_program);
}

static void *register_on_thread(void *maker)
{
    register_other(*(uvcom_create_fn *)maker, NULL);
    return NULL;
}

static void register_elsewhere(uvcom_create_fn maker, const uvcom_class *class_)
{
    pthread_t thread;

    (void)class_;
    if (pthread_create(&thread, NULL, register_on_thread, &maker) != 0)
        abort();
    pthread_join(thread, NULL);
}

/* A lock before the library is loaded, and the class object goes. */
static void lock_class_object(uvcom_create_fn maker, const uvcom_class *class_)
{
    IClassFactory *factory;

    register_other(maker, class_);
    if (FAILED(CoGetClassObject(&clsid_other, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                (void **)&factory)) ||
        FAILED(factory->lpVtbl->LockServer(factory, TRUE)) ||
        FAILED(uvcom_unregister_class(&clsid_other)))
        atomic_fetch_add(&failures, 1);
    else
        factory->lpVtbl->Release(factory);
}

/* ---- what comes of it ---- */

static void (*const hooks[])(uvcom_create_fn maker,
                             const uvcom_class *class_) = {register_other, register_elsewhere};

START_TEST(a_class_that_a_constructor_registers_keeps_its_library)
{
    load_with(hooks[_i]);
    expect_to_stay();
    IPlace_Release(created(&clsid_other));
    expect_to_stay();
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    expect_to_go();
}
END_TEST

START_TEST(what_a_constructor_takes_back_keeps_nothing)
{
    load_with(register_and_unregister);
    expect_to_go();
}
END_TEST

START_TEST(an_object_that_a_constructor_makes_keeps_its_library)
{
    load_with(make_object_of);
    expect_to_stay();
    uvcom_object_AddRef(&object);
    uvcom_object_Release(&object);
    expect_to_stay();
    uvcom_object_Release(&object);
    expect_to_go();
}
END_TEST

START_TEST(a_lock_of_a_constructor_keeps_its_library)
{
    IClassFactory *factory;

    load_with(lock_class_object);
    expect_to_stay();
    plain.load_hook = NULL;
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    factory->lpVtbl->Release(factory);
    expect_to_stay();
    atomic_fetch_add(&plain.unloads, 1);
    faults_reset();
}
END_TEST

/* Its place cannot be remembered, so the library stays to the end. */
START_TEST(an_object_that_cannot_be_noted_keeps_its_library_for_ever)
{
    load_with(make_object_without_memory);
    expect_to_stay();
    uvcom_object_Release(&object);
    expect_to_stay();
    atomic_fetch_add(&plain.unloads, 1);
    faults_reset();
}
END_TEST

START_TEST(an_object_of_the_program_keeps_no_library)
{
    load_with(make_object_of_program);
    expect_to_go();
    uvcom_object_Release(&object);
}
END_TEST

/* No server library, but the class is registered and can be used. */
START_TEST(a_library_without_dllgetclassobject_stays_if_it_has_registered_a_class)
{
    IPlace *place;

    plain.load_hook = register_other;
    register_as(LIBRARY("no_class_object"));
    ck_assert_hr(create(&clsid_place, &place), CO_E_ERRORINDLL);
    IPlace_Release(created(&clsid_other));
    ck_assert(is_loaded(LIBRARY("no_class_object")));
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    atomic_fetch_add(&plain.unloads, 1);
}
END_TEST

/* ---- races ---- */

enum { CLIENTS = 4, LOADS = 50 };

static struct gate line = GATE_INITIALIZER;

static void *load_once(void *argument)
{
    IPlace *place;

    (void)argument;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    gate_wait(&line);
    if (FAILED(create(&clsid_place, &place)))
        atomic_fetch_add(&failures, 1);
    else
        IPlace_Release(place);
    CoUninitialize();
    return NULL;
}

START_TEST(threads_that_come_together_see_the_holds_of_the_constructor)
{
    pthread_t threads[CLIENTS];

    plain.is_careless = true;
    plain.load_hook = register_other;
    register_as(LIBRARY("plain"));
    for (int round = 1; round <= LOADS; round++) {
        gate_close(&line);
        for (int i = 0; i < CLIENTS; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, load_once, NULL), 0);
        gate_await_waiters(&line, CLIENTS);
        gate_open(&line);
        for (int i = 0; i < CLIENTS; i++)
            pthread_join(threads[i], NULL);
        expect_to_stay();
        ck_assert_int_eq(atomic_load(&plain.loads), round);
        IPlace_Release(created(&clsid_other));
        ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
        expect_to_go();
    }
}
END_TEST

static void nothing_failed(void)
{
    ck_assert_int_eq(atomic_load(&failures), 0);
    out_of_it();
}

static Suite *library_constructor_suite(void)
{
    Suite *suite = suite_create("library_constructor");
    TCase *tcase = tcase_create("library_constructor");

    tcase_add_checked_fixture(tcase, in_multithreaded, nothing_failed);
    tcase_add_loop_test(tcase, a_class_that_a_constructor_registers_keeps_its_library, 0,
                        sizeof hooks / sizeof hooks[0]);
    tcase_add_test(tcase, what_a_constructor_takes_back_keeps_nothing);
    tcase_add_test(tcase, an_object_that_a_constructor_makes_keeps_its_library);
    tcase_add_test(tcase, a_lock_of_a_constructor_keeps_its_library);
    tcase_add_test(tcase, an_object_that_cannot_be_noted_keeps_its_library_for_ever);
    tcase_add_test(tcase, an_object_of_the_program_keeps_no_library);
    tcase_add_test(tcase, a_library_without_dllgetclassobject_stays_if_it_has_registered_a_class);
    tcase_add_test(tcase, threads_that_come_together_see_the_holds_of_the_constructor);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(library_constructor_suite)
