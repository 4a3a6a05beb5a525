/*
 * test_server_library.c -- server libraries from a user's side: written with uvcom_object and
 * UVCOM_SERVER_LIBRARY, described by a manifest, found, used and unloaded.
 *
 * The generated code is in the program as well as in the library; so that of the library is not
 * used, and the library can be unloaded.
 *
 * Where components are looked for is in libraries/test_components.py.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <uvcom/uvcom.h>

#include "lamp.h"
#include "libraries/lamp_classes.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#define LIBRARY LAMP_FOLDER "/lamp.so"
#define MANIFEST LAMP_FOLDER "/lamp.manifest"

static const CLSID ids[LAMP_CLASSES] = LAMP_IDS;

static ULONG this_thread(void)
{
    return (ULONG)syscall(SYS_gettid);
}

static bool is_loaded(void)
{
    void *handle = dlopen(LIBRARY, RTLD_LAZY | RTLD_NOLOAD);

    if (handle)
        dlclose(handle);
    return handle != NULL;
}

static void await_unloading(void)
{
    while (is_loaded()) {
        CoFreeUnusedLibrariesEx(0, 0);
        sched_yield();
    }
}

static void expect_to_stay(void)
{
    CoFreeUnusedLibrariesEx(0, 0);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_loaded());
}

static HRESULT create(int number, ILamp **lamp)
{
    return CoCreateInstance(&ids[number], NULL, CLSCTX_INPROC_SERVER, &IID_ILamp, (void **)lamp);
}

static ILamp *created(int number)
{
    ILamp *lamp;

    ck_assert_hr(create(number, &lamp), S_OK);
    return lamp;
}

static ULONG thread_of(ILamp *lamp)
{
    ULONG thread = 0, count;

    ck_assert_hr(ILamp_Light(lamp, &thread, &count), S_OK);
    return thread;
}

static void open_library(DWORD model)
{
    uvcom_manifest_problem problem;

    ck_assert_hr(CoInitializeEx(NULL, model), S_OK);
    ck_assert_hr(uvcom_register_manifest(MANIFEST, &problem), S_OK);
}

static void in_single_threaded(void)
{
    open_library(COINIT_APARTMENTTHREADED);
}

static void in_multithreaded(void)
{
    open_library(COINIT_MULTITHREADED);
}

static void close_library(void)
{
    CoUninitialize();
    ck_assert(!is_loaded());
    for (int i = 0; i < LAMP_CLASSES; i++)
        ck_assert_hr(uvcom_unregister_class(&ids[i]), S_OK);
}

/* ---- where ---- */

enum { SINGLE = 1, MULTI = 2 }; /* clients that have the object on their own thread */

static const int direct[LAMP_CLASSES] = {
    [LAMP_MAIN] = 0,
    [LAMP_APARTMENT] = SINGLE,
    [LAMP_FREE] = MULTI,
    [LAMP_BOTH] = SINGLE | MULTI,
    [LAMP_NEUTRAL] = SINGLE | MULTI,
};

static void expect_thread(int number, int client)
{
    ILamp *lamp = created(number);

    ck_assert_int_eq(thread_of(lamp) == this_thread(), (direct[number] & client) != 0);
    ILamp_Release(lamp);
}

START_TEST(an_object_lives_where_its_model_says_single)
{
    expect_thread(_i, SINGLE);
}
END_TEST

START_TEST(an_object_lives_where_its_model_says_multi)
{
    expect_thread(_i, MULTI);
}
END_TEST

/* Calls in two halves, whatever the model. */
START_TEST(an_object_is_called_asynchronously)
{
    ILamp *lamp = created(_i);
    AsyncILamp *call;
    ULONG thread, count = 0;

    ck_assert_hr(uvcom_create_call(lamp, &IID_AsyncILamp, (void **)&call), S_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(AsyncILamp_Begin_Light(call), S_OK);
        ck_assert_hr(AsyncILamp_Finish_Light(call, &thread, &count), S_OK);
    }
    ck_assert_uint_eq(count, 3);
    AsyncILamp_Release(call);
    ILamp_Release(lamp);
}
END_TEST

/* ---- neutral, from every kind of apartment ---- */

struct visitor {
    DWORD model;
    IStream *stream;
    ILamp *came;
    ULONG thread, called_on;
};

static void *visit(void *argument)
{
    struct visitor *visitor = argument;
    ULONG count;

    visitor->thread = this_thread();
    if (FAILED(CoInitializeEx(NULL, visitor->model)) ||
        FAILED(
            CoGetInterfaceAndReleaseStream(visitor->stream, &IID_ILamp, (void **)&visitor->came)) ||
        FAILED(ILamp_Light(visitor->came, &visitor->called_on, &count)))
        abort();
    ILamp_Release(visitor->came);
    CoUninitialize();
    return NULL;
}

static const DWORD visitors[] = {COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED};

START_TEST(apt_11_a_neutral_object_of_a_library_runs_on_each_caller_s_thread)
{
    struct visitor visitor = {.model = visitors[_i]};
    ILamp *lamp = created(LAMP_NEUTRAL);
    pthread_t thread;

    ck_assert_uint_eq(thread_of(lamp), this_thread());
    ck_assert_hr(
        CoMarshalInterThreadInterfaceInStream(&IID_ILamp, (IUnknown *)lamp, &visitor.stream), S_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, visit, &visitor), 0);
    pthread_join(thread, NULL);
    ck_assert_ptr_eq(visitor.came, lamp);
    ck_assert_uint_eq(visitor.called_on, visitor.thread);
    ILamp_Release(lamp);
}
END_TEST

/* ---- how long: DllCanUnloadNow always says that it may go ---- */

START_TEST(an_object_keeps_its_library)
{
    ILamp *lamp = created(_i), *second;

    expect_to_stay();
    second = created(_i);
    ILamp_Release(lamp);
    expect_to_stay();
    thread_of(second);
    ILamp_Release(second);
    await_unloading();
}
END_TEST

/* It gives back the hold that it took, although the library has got another name in between. */
START_TEST(an_object_keeps_a_library_that_has_two_names)
{
    const CLSID second = LAMP_ID(LAMP_CLASSES);
    ILamp *lamp = created(LAMP_BOTH), *none;

    ck_assert_hr(uvcom_register_library(LAMP_FOLDER "/./lamp.so", &second, UVCOM_THREADING_BOTH),
                 S_OK);
    /* Not in the library's table, but it has been loaded for that. */
    ck_assert_hr(CoCreateInstance(&second, NULL, CLSCTX_INPROC_SERVER, &IID_ILamp, (void **)&none),
                 CLASS_E_CLASSNOTAVAILABLE);
    ILamp_Release(lamp);
    await_unloading();
    ck_assert_hr(uvcom_unregister_class(&second), S_OK);
}
END_TEST

static IClassFactory *class_object(int number)
{
    IClassFactory *factory;

    ck_assert_hr(CoGetClassObject(&ids[number], CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    return factory;
}

/* That of a neutral class is the runtime's own and loads the library when it is needed. */
START_TEST(a_class_object_keeps_its_library)
{
    IClassFactory *factory = class_object(_i);
    ILamp *lamp;

    if (_i != LAMP_NEUTRAL)
        expect_to_stay();
    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, &IID_ILamp, (void **)&lamp), S_OK);
    factory->lpVtbl->Release(factory);
    expect_to_stay();
    ILamp_Release(lamp);
    await_unloading();
}
END_TEST

START_TEST(lockserver_keeps_the_library)
{
    IClassFactory *factory = class_object(_i);

    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    factory->lpVtbl->Release(factory);
    expect_to_stay();
    factory = class_object(_i);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    expect_to_stay();
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    factory->lpVtbl->Release(factory);
    await_unloading();
}
END_TEST

START_TEST(another_class_is_not_available)
{
    const CLSID unknown = LAMP_ID(LAMP_CLASSES);
    void *lamp;

    ck_assert_hr(uvcom_register_library(LIBRARY, &unknown, UVCOM_THREADING_BOTH), S_OK);
    ck_assert_hr(CoCreateInstance(&unknown, NULL, CLSCTX_INPROC_SERVER, &IID_ILamp, &lamp),
                 CLASS_E_CLASSNOTAVAILABLE);
    ck_assert_hr(uvcom_unregister_class(&unknown), S_OK);
}
END_TEST

static HRESULT create_nothing(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    (void)riid;
    *ppv = NULL;
    return E_FAIL;
}

/* What UVCOM_SERVER_LIBRARY calls, called wrongly. */
START_TEST(a_table_of_classes_refuses_null_pointers)
{
    const uvcom_library_class none = {&ids[0], create_nothing}, wrong = {&ids[0], NULL};
    void *out = &out;

    ck_assert_hr(uvcom_library_class_object(&none, 1, &ids[0], &IID_IUnknown, NULL), E_POINTER);
    ck_assert_hr(uvcom_library_class_object(&none, 1, NULL, &IID_IUnknown, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
    ck_assert_hr(uvcom_library_class_object(&none, 1, &ids[0], NULL, &out), E_INVALIDARG);
    ck_assert_hr(uvcom_library_class_object(NULL, 1, &ids[0], &IID_IUnknown, &out), E_INVALIDARG);
    ck_assert_hr(uvcom_library_class_object(&wrong, 1, &ids[0], &IID_IUnknown, &out), E_INVALIDARG);
    ck_assert_hr(uvcom_library_class_object(&none, 0, &ids[0], &IID_IUnknown, &out),
                 CLASS_E_CLASSNOTAVAILABLE);
    ck_assert_hr(uvcom_library_class_object(&none, 1, &ids[0], &IID_ILamp, &out), E_NOINTERFACE);
}
END_TEST

/* ---- a race ---- */

enum { CLIENTS = 3, ROUNDS = 100 };

static atomic_int working, failures;

/* By proxy, so that no code of the library's runs here while it may be unloaded without a delay. */
static void *use_often(void *argument)
{
    ULONG thread, count;
    ILamp *lamp;

    (void)argument;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    for (int i = 0; i < ROUNDS; i++) {
        if (FAILED(create(i & 1 ? LAMP_MAIN : LAMP_APARTMENT, &lamp)) ||
            FAILED(ILamp_Light(lamp, &thread, &count)))
            atomic_fetch_add(&failures, 1);
        else
            ILamp_Release(lamp);
    }
    atomic_fetch_sub(&working, 1);
    CoUninitialize();
    return NULL;
}

START_TEST(using_and_unloading_may_race)
{
    pthread_t threads[CLIENTS];

    atomic_store(&working, CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, use_often, NULL), 0);
    while (atomic_load(&working) > 0)
        CoFreeUnusedLibrariesEx(0, 0);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&failures), 0);
    await_unloading();
}
END_TEST

static void add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, an_object_is_called_asynchronously, 0, LAMP_CLASSES);
    tcase_add_loop_test(tcase, apt_11_a_neutral_object_of_a_library_runs_on_each_caller_s_thread, 0,
                        2);
    tcase_add_loop_test(tcase, an_object_keeps_its_library, 0, LAMP_CLASSES);
    tcase_add_test(tcase, an_object_keeps_a_library_that_has_two_names);
    tcase_add_loop_test(tcase, a_class_object_keeps_its_library, 0, LAMP_CLASSES);
    tcase_add_loop_test(tcase, lockserver_keeps_the_library, 0, LAMP_CLASSES);
    tcase_add_test(tcase, another_class_is_not_available);
    tcase_add_test(tcase, a_table_of_classes_refuses_null_pointers);
    tcase_add_test(tcase, using_and_unloading_may_race);
}

static Suite *server_library_suite(void)
{
    Suite *suite = suite_create("server_library");
    TCase *single = tcase_create("single-threaded client");
    TCase *multi = tcase_create("multithreaded client");

    tcase_add_checked_fixture(single, in_single_threaded, close_library);
    tcase_add_checked_fixture(multi, in_multithreaded, close_library);
    tcase_add_loop_test(single, an_object_lives_where_its_model_says_single, 0, LAMP_CLASSES);
    tcase_add_loop_test(multi, an_object_lives_where_its_model_says_multi, 0, LAMP_CLASSES);
    add_tests(single);
    add_tests(multi);
    suite_add_tcase(suite, single);
    suite_add_tcase(suite, multi);
    return suite;
}

UVCOM_TEST_MAIN(server_library_suite)
