/*
 * test_library.c -- classes of server libraries: registering them, what goes wrong with a library,
 * and where an object lives for each threading model and client.
 *
 * Loading and unloading are in test_library_unload.c, manifests in test_manifest.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "library_client.h"
#include "runtime/apartment.h"

static void register_as(uvcom_threading_model model)
{
    ck_assert_hr(uvcom_register_library(LIBRARY("plain"), &clsid_place, model), S_OK);
}

/* ---- arguments ---- */

START_TEST(only_an_absolute_path_names_a_library)
{
    static char long_path[5000];

    memset(long_path, '/', sizeof long_path - 1);
    ck_assert_hr(uvcom_register_library(NULL, &clsid_place, UVCOM_THREADING_BOTH), E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("", &clsid_place, UVCOM_THREADING_BOTH), E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("plain.so", &clsid_place, UVCOM_THREADING_BOTH),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("./plain.so", &clsid_place, UVCOM_THREADING_BOTH),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_library(long_path, &clsid_place, UVCOM_THREADING_BOTH),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("/$ORIGIN/plain.so", &clsid_place, UVCOM_THREADING_BOTH),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("/plain.so", NULL, UVCOM_THREADING_BOTH), E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("/plain.so", &clsid_place, (uvcom_threading_model)0),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_library("/plain.so", &clsid_place, (uvcom_threading_model)6),
                 E_INVALIDARG);
}
END_TEST

static HRESULT create_nothing(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    (void)riid;
    *ppv = NULL;
    return E_FAIL;
}

START_TEST(a_class_is_registered_once)
{
    register_as(UVCOM_THREADING_BOTH);
    ck_assert_hr(uvcom_register_library("/elsewhere.so", &clsid_place, UVCOM_THREADING_FREE),
                 CO_E_OBJISREG);
    ck_assert_hr(uvcom_register_class(&clsid_place, create_nothing, UVCOM_APARTMENT_OWN),
                 CO_E_OBJISREG);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
    register_as(UVCOM_THREADING_BOTH);
}
END_TEST

START_TEST(registering_loads_nothing)
{
    register_as(UVCOM_THREADING_BOTH);
    ck_assert_int_eq(atomic_load(&plain.loads), 0);
    ck_assert(!is_loaded(LIBRARY("plain")));
}
END_TEST

START_TEST(a_forked_child_has_no_libraries)
{
    int status;
    pid_t child;

    register_as(UVCOM_THREADING_BOTH);
    IPlace_Release(created(&clsid_place));
    child = fork();
    if (child == 0) {
        IPlace *place;
        const bool is_right = uvcom_register_library("/x.so", &clsid_other, UVCOM_THREADING_BOTH) ==
                                  CO_E_NOTINITIALIZED &&
                              uvcom_register_manifest("/x.manifest", NULL) == CO_E_NOTINITIALIZED &&
                              create(&clsid_place, &place) == CO_E_NOTINITIALIZED;

        CoFreeUnusedLibrariesEx(0, 0);
        _exit(is_right && atomic_load(&plain.asked) == 0 ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* ---- failures ---- */

static const struct {
    const char *path;
    HRESULT hr;
} broken[] = {
    {"/nowhere/at/all.so", CO_E_DLLNOTFOUND}, {LIBRARY_FOLDER, CO_E_DLLNOTFOUND},
    {"/dev/null", CO_E_DLLNOTFOUND},          {SOURCE_FILE, CO_E_ERRORINDLL}, /* a text */
    {LIBRARY("unresolved"), CO_E_ERRORINDLL}, {LIBRARY("no_class_object"), CO_E_ERRORINDLL},
    {LIBRARY("leaning"), CO_E_ERRORINDLL}, /* one that it is linked with has the function */
};

START_TEST(a_library_that_cannot_be_used_has_its_code)
{
    IPlace *place = (IPlace *)&place;

    ck_assert_hr(uvcom_register_library(broken[_i].path, &clsid_place, UVCOM_THREADING_APARTMENT),
                 S_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(create(&clsid_place, &place), broken[_i].hr);
        ck_assert_ptr_null(place);
    }
    ck_assert_int_eq(atomic_load(&plain.loads), atomic_load(&plain.unloads));
}
END_TEST

START_TEST(a_fifo_in_place_of_a_library_does_not_stop_the_client)
{
    char folder[] = "/tmp/test_library_XXXXXX", path[64];
    IPlace *place;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/plain.so", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_hr(uvcom_register_library(path, &clsid_place, UVCOM_THREADING_BOTH), S_OK);
    ck_assert_hr(create(&clsid_place, &place), CO_E_DLLNOTFOUND);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(what_dllgetclassobject_answers_is_the_client_s_answer)
{
    IPlace *place = (IPlace *)&place;

    register_as(_i & 1 ? UVCOM_THREADING_BOTH : UVCOM_THREADING_APARTMENT); /* Both and Apartment */
    plain.class_object = HRESULT_FROM_WIN32(1234);
    ck_assert_hr(create(&clsid_place, &place), HRESULT_FROM_WIN32(1234));
    ck_assert_ptr_null(place);
    plain.class_object = S_OK;
    plain.gives_nothing = true;
    ck_assert_hr(create(&clsid_place, &place), E_UNEXPECTED);
    ck_assert_ptr_null(place);
    plain.gives_nothing = false;
    IPlace_Release(created(&clsid_place));
}
END_TEST

START_TEST(a_class_that_is_not_in_the_library_is_not_available)
{
    const CLSID unknown = {PLAIN_UNKNOWN_CLASS, 0, 0, {0}};
    IPlace *place;

    ck_assert_hr(uvcom_register_library(LIBRARY("plain"), &unknown, UVCOM_THREADING_BOTH), S_OK);
    ck_assert_hr(create(&unknown, &place), CLASS_E_CLASSNOTAVAILABLE);
    ck_assert_hr(uvcom_unregister_class(&unknown), S_OK);
}
END_TEST

/* ---- the table of threading models ---- */

enum where { ON_THE_CLIENT, ELSEWHERE_ALONE, ON_A_WORKER };

static const struct {
    uvcom_threading_model model;
    enum where of_single_threaded, of_multithreaded;
} models[] = {
    {UVCOM_THREADING_MAIN, ELSEWHERE_ALONE, ELSEWHERE_ALONE},
    {UVCOM_THREADING_APARTMENT, ON_THE_CLIENT, ELSEWHERE_ALONE},
    {UVCOM_THREADING_FREE, ON_A_WORKER, ON_THE_CLIENT},
    {UVCOM_THREADING_BOTH, ON_THE_CLIENT, ON_THE_CLIENT},
    {UVCOM_THREADING_NEUTRAL, ON_THE_CLIENT, ON_THE_CLIENT},
};

static struct apartment *seen;

static HRESULT see_apartment(void)
{
    seen = uvcom__apartment_current();
    return S_OK;
}

START_TEST(model_and_client_decide_where_an_object_lives)
{
    const bool is_free = uvcom__apartment_is_multithreaded(uvcom__apartment_current());
    const enum where where = is_free ? models[_i].of_multithreaded : models[_i].of_single_threaded;
    IPlace *place, *second;

    plain.is_agile = models[_i].model == UVCOM_THREADING_NEUTRAL;
    plain.hook = see_apartment;
    register_as(models[_i].model);
    place = created(&clsid_place);
    ck_assert_int_eq(is_direct(place), where == ON_THE_CLIENT);
    ck_assert_int_eq(atomic_load(&plain.made_on) == client_thread(), where == ON_THE_CLIENT);
    ck_assert_int_eq(thread_of(place) == client_thread(), where == ON_THE_CLIENT);
    ck_assert_int_eq(uvcom__apartment_is_multithreaded(seen),
                     where == ON_A_WORKER || (where == ON_THE_CLIENT && is_free));
    ck_assert_uint_eq(atomic_load(&plain.given_on), atomic_load(&plain.made_on));
    second = created(&clsid_place);
    if (where == ELSEWHERE_ALONE)
        ck_assert_uint_eq(thread_of(second), thread_of(place));
    IPlace_Release(second);
    IPlace_Release(place);
}
END_TEST

/* Two classes of different libraries, and clients of both kinds. */
START_TEST(all_classes_without_a_model_share_one_apartment)
{
    IPlace *place, *other;

    register_as(UVCOM_THREADING_MAIN);
    ck_assert_hr(
        uvcom_register_library(LIBRARY("no_can_unload"), &clsid_other, UVCOM_THREADING_MAIN), S_OK);
    place = created(&clsid_place);
    other = created(&clsid_other);
    ck_assert_uint_eq(thread_of(place), thread_of(other));
    IPlace_Release(other);
    IPlace_Release(place);
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    /* That library stays, and the count is evened out for the end of the test. */
    atomic_fetch_add(&plain.unloads, 1);
    faults_reset();
}
END_TEST

static IPlace *nested;
static HRESULT nested_hr;

static HRESULT create_nested(void)
{
    plain.hook = NULL;
    nested_hr = create(&clsid_place, &nested);
    nested_hr = SUCCEEDED(nested_hr) && is_direct(nested) ? S_OK : E_FAIL;
    if (SUCCEEDED(nested_hr))
        IPlace_Release(nested);
    return S_OK;
}

static const uvcom_threading_model hosted[] = {UVCOM_THREADING_MAIN, UVCOM_THREADING_APARTMENT};

START_TEST(in_its_own_apartment_an_object_gets_others_directly)
{
    IPlace *place;

    register_as(hosted[_i]);
    place = created(&clsid_place);
    plain.hook = create_nested;
    thread_of(place);
    ck_assert_hr(nested_hr, S_OK);
    IPlace_Release(place);
}
END_TEST

START_TEST(after_the_last_couninitialize_there_are_new_apartments)
{
    register_as(hosted[_i]);
    for (int i = 0; i < 3; i++) {
        in_multithreaded();
        IPlace_Release(created(&clsid_place));
        ck_assert_uint_ne(atomic_load(&plain.made_on), client_thread());
        CoUninitialize();
    }
}
END_TEST

START_TEST(an_outer_object_must_live_where_the_class_does)
{
    IPlace *outer, *place;

    plain.is_agile = true;
    register_as(models[_i].model);
    ck_assert_hr(uvcom_register_library(LIBRARY("plain"), &clsid_other, UVCOM_THREADING_BOTH),
                 S_OK);
    outer = created(&clsid_other);
    /* The client is single-threaded. */
    if (models[_i].model == UVCOM_THREADING_APARTMENT || models[_i].model == UVCOM_THREADING_BOTH) {
        ck_assert_hr(CoCreateInstance(&clsid_place, (IUnknown *)outer, CLSCTX_INPROC_SERVER,
                                      &IID_IPlace, (void **)&place),
                     S_OK);
        ck_assert_ptr_eq(atomic_load(&plain.outer), outer);
        IPlace_Release(place);
    } else {
        ck_assert_hr(CoCreateInstance(&clsid_place, (IUnknown *)outer, CLSCTX_INPROC_SERVER,
                                      &IID_IPlace, (void **)&place),
                     CLASS_E_NOAGGREGATION);
        ck_assert_ptr_null(place);
    }
    IPlace_Release(outer);
}
END_TEST

/* ---- neutral ---- */

START_TEST(apt_11_a_neutral_object_must_be_agile)
{
    IClassFactory *factory;
    IPlace *place = (IPlace *)&place;

    register_as(UVCOM_THREADING_NEUTRAL);
    ck_assert_hr(create(&clsid_place, &place), CO_E_NOT_SUPPORTED);
    ck_assert_ptr_null(place);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    place = (IPlace *)&place;
    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, &IID_IPlace, (void **)&place),
                 CO_E_NOT_SUPPORTED);
    ck_assert_ptr_null(place);
    factory->lpVtbl->Release(factory);
    ck_assert_int_eq(atomic_load(&plain.objects), 0);
}
END_TEST

START_TEST(apt_11_the_library_of_a_neutral_class_is_asked_for_its_class_object)
{
    void *object = &object;

    register_as(UVCOM_THREADING_NEUTRAL);
    plain.class_object = CLASS_E_CLASSNOTAVAILABLE;
    ck_assert_hr(
        CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, &object),
        CLASS_E_CLASSNOTAVAILABLE);
    ck_assert_ptr_null(object);
    plain.class_object = S_OK;
    object = &object;
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IPlace, &object),
                 E_NOINTERFACE);
    ck_assert_ptr_null(object);
}
END_TEST

START_TEST(apt_11_an_interface_of_a_neutral_class_object_must_be_agile)
{
    void *object = &object;
    IPlace *place;

    register_as(UVCOM_THREADING_NEUTRAL);
    plain.makes_by_query = true;
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IPlace, &object),
                 CO_E_NOT_SUPPORTED);
    ck_assert_ptr_null(object);
    plain.is_agile = true;
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IPlace, &object),
                 S_OK);
    place = object;
    ck_assert(is_direct(place));
    ck_assert_uint_eq(thread_of(place), client_thread());
    IPlace_Release(place);
}
END_TEST

START_TEST(apt_11_the_class_object_of_a_neutral_class_locks_its_library)
{
    IClassFactory *factory;

    register_as(UVCOM_THREADING_NEUTRAL);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(is_loaded(LIBRARY("plain")));
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    CoFreeUnusedLibrariesEx(0, 0);
    ck_assert(!is_loaded(LIBRARY("plain")));
    factory->lpVtbl->Release(factory);
}
END_TEST

static void add_both(Suite *suite, const char *name, TCase **single, TCase **multi)
{
    (void)name;
    *single = tcase_create("single-threaded client");
    *multi = tcase_create("multithreaded client");
    tcase_add_checked_fixture(*single, in_single_threaded, out_of_it);
    tcase_add_checked_fixture(*multi, in_multithreaded, out_of_it);
    suite_add_tcase(suite, *single);
    suite_add_tcase(suite, *multi);
}

static void add_for_both(TCase *tcase)
{
    const int broken_count = sizeof broken / sizeof broken[0];
    const int model_count = sizeof models / sizeof models[0];

    tcase_add_test(tcase, only_an_absolute_path_names_a_library);
    tcase_add_test(tcase, a_class_is_registered_once);
    tcase_add_test(tcase, registering_loads_nothing);
    tcase_add_test(tcase, a_forked_child_has_no_libraries);
    tcase_add_loop_test(tcase, a_library_that_cannot_be_used_has_its_code, 0, broken_count);
    tcase_add_test(tcase, a_fifo_in_place_of_a_library_does_not_stop_the_client);
    tcase_add_loop_test(tcase, what_dllgetclassobject_answers_is_the_client_s_answer, 0, 2);
    tcase_add_test(tcase, a_class_that_is_not_in_the_library_is_not_available);
    tcase_add_loop_test(tcase, model_and_client_decide_where_an_object_lives, 0, model_count);
    tcase_add_test(tcase, all_classes_without_a_model_share_one_apartment);
    tcase_add_test(tcase, apt_11_a_neutral_object_must_be_agile);
    tcase_add_test(tcase, apt_11_the_class_object_of_a_neutral_class_locks_its_library);
    tcase_add_test(tcase, apt_11_the_library_of_a_neutral_class_is_asked_for_its_class_object);
    tcase_add_test(tcase, apt_11_an_interface_of_a_neutral_class_object_must_be_agile);
}

static Suite *library_suite(void)
{
    Suite *suite = suite_create("library");
    TCase *single, *multi, *outside = tcase_create("no client");

    add_both(suite, "library", &single, &multi);
    add_for_both(single);
    add_for_both(multi);
    tcase_add_loop_test(multi, in_its_own_apartment_an_object_gets_others_directly, 0, 2);
    tcase_add_loop_test(single, an_outer_object_must_live_where_the_class_does, 0,
                        sizeof models / sizeof models[0]);
    tcase_add_checked_fixture(outside, in_no_apartment, out_of_it);
    tcase_add_loop_test(outside, after_the_last_couninitialize_there_are_new_apartments, 0, 2);
    suite_add_tcase(suite, outside);
    return suite;
}

UVCOM_TEST_MAIN(library_suite)
