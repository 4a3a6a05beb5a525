/*
 * test_class_table.c -- the registrations of classes: who may add them, who may end them, what ends
 * them by itself, and where a class object is given back.
 *
 * What clients get from a registered class is in test_activation.c.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "place_server.h"
#include "runtime/class_table.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

static const CLSID clsid_place = {0x71e0c000, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};
static const CLSID clsid_other = {0x71e0c040, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};

static HRESULT get_class_object(const CLSID *clsid, DWORD context)
{
    IClassFactory *factory = (IClassFactory *)&factory;
    HRESULT hr = CoGetClassObject(clsid, context, NULL, &IID_IClassFactory, (void **)&factory);

    if (SUCCEEDED(hr))
        factory->lpVtbl->Release(factory);
    else
        ck_assert_ptr_null(factory);
    return hr;
}

static void multithreaded_setup(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static void single_threaded_setup(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

static void teardown(void)
{
    CoUninitialize();
    place_check();
}

/* ---- arguments ---- */

START_TEST(a_registration_refuses_what_it_cannot_use)
{
    IUnknown *factory = (IUnknown *)place_factory_create();
    DWORD cookie = 7;

    ck_assert_hr(CoRegisterClassObject(&clsid_place, factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, NULL),
                 E_INVALIDARG);
    ck_assert_hr(
        CoRegisterClassObject(NULL, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
        E_INVALIDARG);
    ck_assert_uint_eq(cookie, 0);
    cookie = 7;
    ck_assert_hr(CoRegisterClassObject(&clsid_place, NULL, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                       &cookie),
                 E_INVALIDARG);
    ck_assert_uint_eq(cookie, 0);
    ck_assert_uint_eq(factory->lpVtbl->Release(factory), 0);
}
END_TEST

/* After the table in the documentation of REGCLS. */
static const struct {
    DWORD context, flags;
    HRESULT hr;
    bool in_process; /* found by CLSCTX_INPROC_SERVER */
    bool anyhow;     /* found by CLSCTX_ALL */
} combinations[] = {
    {CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE, E_INVALIDARG, false, false},
    {CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, S_OK, true, true},
    {CLSCTX_INPROC_SERVER, REGCLS_MULTI_SEPARATE, S_OK, true, true},
    {CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE, S_OK, false, true},
    {CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, S_OK, true, true},
    {CLSCTX_LOCAL_SERVER, REGCLS_MULTI_SEPARATE, S_OK, false, true},
    {CLSCTX_SERVER, REGCLS_SINGLEUSE, E_INVALIDARG, false, false},
    {CLSCTX_SERVER, REGCLS_MULTIPLEUSE, S_OK, true, true},
    {CLSCTX_INPROC_HANDLER, REGCLS_MULTIPLEUSE, E_INVALIDARG, false, false},
    {0, REGCLS_MULTIPLEUSE, E_INVALIDARG, false, false},
    {CLSCTX_INPROC_SERVER, REGCLS_SUSPENDED, E_INVALIDARG, false, false},
    {CLSCTX_INPROC_SERVER, 3, E_INVALIDARG, false, false},
};

START_TEST(context_and_flags_decide_who_finds_the_class_object)
{
    IUnknown *factory = (IUnknown *)place_factory_create();
    DWORD cookie;

    ck_assert_hr(CoRegisterClassObject(&clsid_place, factory, combinations[_i].context,
                                       combinations[_i].flags, &cookie),
                 combinations[_i].hr);
    factory->lpVtbl->Release(factory);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER),
                 combinations[_i].in_process ? S_OK : REGDB_E_CLASSNOTREG);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_ALL),
                 combinations[_i].anyhow ? S_OK : REGDB_E_CLASSNOTREG);
    ck_assert_hr(CoRevokeClassObject(cookie), combinations[_i].hr == S_OK ? S_OK : E_INVALIDARG);
}
END_TEST

START_TEST(a_single_use_is_used_up_by_the_first_client)
{
    IUnknown *factory = (IUnknown *)place_factory_create();
    DWORD cookie;

    ck_assert_hr(CoRegisterClassObject(&clsid_place, factory, CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE,
                                       &cookie),
                 S_OK);
    factory->lpVtbl->Release(factory);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_ALL), S_OK);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_ALL), REGDB_E_CLASSNOTREG);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

START_TEST(a_create_function_refuses_what_it_cannot_use)
{
    ck_assert_hr(uvcom_register_class(NULL, place_create, UVCOM_APARTMENT_OWN), E_INVALIDARG);
    ck_assert_hr(uvcom_register_class(&clsid_place, NULL, UVCOM_APARTMENT_OWN), E_INVALIDARG);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, (uvcom_apartment_kind)0),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, (uvcom_apartment_kind)5),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_unregister_class(NULL), E_INVALIDARG);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
}
END_TEST

START_TEST(without_an_apartment_a_class_object_cannot_be_registered)
{
    IUnknown *factory = (IUnknown *)place_factory_create();
    DWORD cookie = 7;

    ck_assert_hr(CoRegisterClassObject(&clsid_place, factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 CO_E_NOTINITIALIZED);
    ck_assert_uint_eq(cookie, 0);
    ck_assert_hr(CoRevokeClassObject(1), CO_E_NOTINITIALIZED);
    ck_assert_uint_eq(factory->lpVtbl->Release(factory), 0);
}
END_TEST

START_TEST(without_an_apartment_a_create_function_can_be_registered_and_stays)
{
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    for (int i = 0; i < 2; i++) {
        single_threaded_setup();
        ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), S_OK);
        CoUninitialize();
    }
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
}
END_TEST

/* Another thread of the parent may have held the table's lock at the fork: nobody would release it.
 */
START_TEST(a_forked_child_registers_nothing)
{
    int status = 0;
    pid_t child;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        bool refused = uvcom_register_class(&clsid_other, place_create, UVCOM_APARTMENT_OWN) ==
                           CO_E_NOTINITIALIZED &&
                       uvcom_unregister_class(&clsid_place) == CO_E_NOTINITIALIZED &&
                       CoRevokeClassObject(1) == CO_E_NOTINITIALIZED;

        _exit(refused ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
}
END_TEST

/* ---- one class, one registration ---- */

START_TEST(a_class_has_one_create_function)
{
    DWORD cookie;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN),
                 CO_E_OBJISREG);
    ck_assert_hr(place_register(&clsid_place, &cookie), CO_E_OBJISREG);
    ck_assert_uint_eq(cookie, 0);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    ck_assert_hr(uvcom_register_class(&clsid_other, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
}
END_TEST

START_TEST(a_class_has_one_class_object_in_an_apartment)
{
    DWORD cookie, second;

    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    ck_assert_hr(place_register(&clsid_place, &second), CO_E_OBJISREG);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN),
                 CO_E_OBJISREG);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

static void station_register(struct station *station)
{
    station->hr = place_register(station->clsid, &station->cookie);
}

/* Each client is served by its own apartment's class object, and gets a direct pointer. */
START_TEST(another_apartment_may_have_a_class_object_of_its_own)
{
    struct station station = {
        .model = COINIT_APARTMENTTHREADED, .open = station_register, .clsid = &clsid_place};
    IPlace *place;
    DWORD cookie;

    station_start(&station);
    ck_assert_hr(station.hr, S_OK);
    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    ck_assert_hr(
        CoCreateInstance(&clsid_place, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)&place),
        S_OK);
    ck_assert_uint_eq(place_get(&places.made_on), place_thread());
    IPlace_Release(place);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    station_end(&station);
}
END_TEST

/* ---- cookies ---- */

enum { ROUNDS = 1000 };

START_TEST(a_cookie_is_never_zero_and_not_soon_used_again)
{
    static DWORD cookies[ROUNDS];

    for (size_t i = 0; i < ROUNDS; i++) {
        ck_assert_hr(place_register(i % 2 ? &clsid_place : &clsid_other, &cookies[i]), S_OK);
        ck_assert_uint_ne(cookies[i], 0);
        for (size_t j = 0; j < i; j++)
            ck_assert_uint_ne(cookies[i], cookies[j]);
        ck_assert_hr(CoRevokeClassObject(cookies[i]), S_OK);
    }
}
END_TEST

START_TEST(a_wrong_cookie_is_refused)
{
    DWORD cookie;

    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    ck_assert_hr(CoRevokeClassObject(0), E_INVALIDARG);
    ck_assert_hr(CoRevokeClassObject(cookie + 1), E_INVALIDARG);
    ck_assert_hr(CoRevokeClassObject(cookie + (1u << 6)), E_INVALIDARG);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    ck_assert_hr(CoRevokeClassObject(cookie), E_INVALIDARG);
}
END_TEST

/* ---- the end of a registration ---- */

START_TEST(a_class_object_is_revoked_only_in_its_own_apartment)
{
    struct station station = {
        .model = COINIT_APARTMENTTHREADED, .open = station_register, .clsid = &clsid_place};

    station_start(&station);
    ck_assert_hr(CoRevokeClassObject(station.cookie), RPC_E_WRONG_THREAD);
    ck_assert_uint_eq(place_get(&places.factories), 1);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), S_OK);
    station_end(&station);
}
END_TEST

START_TEST(a_closing_apartment_revokes_its_class_objects_on_its_own_thread)
{
    struct station station = {
        .model = COINIT_APARTMENTTHREADED, .open = station_register, .clsid = &clsid_place};
    DWORD cookie;

    station_start(&station);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), S_OK);
    station_end(&station);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    ck_assert_uint_eq(place_get(&places.factory_destroyed_on), station.number);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), REGDB_E_CLASSNOTREG);
    ck_assert_hr(CoRevokeClassObject(station.cookie), E_INVALIDARG);
    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

START_TEST(the_last_to_leave_revokes_the_class_objects_of_the_multithreaded_apartment)
{
    DWORD cookie;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    CoUninitialize();
    ck_assert_uint_eq(place_get(&places.factories), 0);
}
END_TEST

/* A class object whose CreateInstance ends its own registration and makes another. */
static DWORD own_cookie;

static HRESULT STDMETHODCALLTYPE fickle_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                       REFIID riid, void **ppv)
{
    ck_assert_hr(CoRevokeClassObject(own_cookie), S_OK);
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), REGDB_E_CLASSNOTREG);
    ck_assert_hr(place_register(&clsid_place, &own_cookie), S_OK);
    ck_assert_uint_eq(place_get(&places.factories), 2);
    return place_factory_CreateInstance(This, outer, riid, ppv);
}

START_TEST(a_class_object_may_revoke_itself_while_it_is_in_use)
{
    const IClassFactoryVtbl fickle = {
        place_factory_IClassFactory_QueryInterface, place_factory_IClassFactory_AddRef,
        place_factory_IClassFactory_Release, fickle_CreateInstance, place_factory_LockServer};
    IClassFactory *factory = place_factory_create();
    IPlace *place;

    factory->lpVtbl = &fickle;
    ck_assert_hr(CoRegisterClassObject(&clsid_place, (IUnknown *)factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &own_cookie),
                 S_OK);
    factory->lpVtbl->Release(factory);
    ck_assert_hr(
        CoCreateInstance(&clsid_place, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)&place),
        S_OK);
    ck_assert_uint_eq(place_get(&places.factories), 1);
    IPlace_Release(place);
    ck_assert_hr(CoRevokeClassObject(own_cookie), S_OK);
}
END_TEST

/* A client that found the class just before it was revoked: it may still be on its way home. */
START_TEST(a_hold_keeps_a_revoked_class_object_and_no_new_one_is_given)
{
    struct apartment *here = uvcom__apartment_current();
    struct class_entry *entry;
    DWORD cookie;
    void *out;

    ck_assert_hr(place_register(&clsid_place, &cookie), S_OK);
    entry = uvcom__class_table_find(&clsid_place, CLSCTX_INPROC_SERVER, here);
    ck_assert_ptr_nonnull(entry);
    ck_assert_ptr_nonnull(uvcom__class_entry_hold(entry));
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    ck_assert_uint_eq(place_get(&places.factories), 1);
    uvcom__class_entry_drop(entry);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    ck_assert_ptr_null(uvcom__class_entry_hold(entry));
    ck_assert_hr(uvcom__class_entry_get_object(entry, &IID_IUnknown, &out), REGDB_E_CLASSNOTREG);
    ck_assert_ptr_null(out);
    ck_assert_hr(uvcom__class_entry_make(entry, NULL, &IID_IUnknown, &out), REGDB_E_CLASSNOTREG);
    uvcom__class_entry_release(entry);
}
END_TEST

/* ---- many threads, no memory ---- */

enum { CROWD = 4, TURNS = 300 };

static void *register_and_revoke(void *arg)
{
    DWORD cookie;

    (void)arg;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    for (int i = 0; i < TURNS; i++) {
        HRESULT hr = place_register(&clsid_place, &cookie);

        if (hr != CO_E_OBJISREG) {
            ck_assert_hr(hr, S_OK);
            get_class_object(&clsid_place, CLSCTX_INPROC_SERVER);
            ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
        } else {
            get_class_object(&clsid_place, CLSCTX_INPROC_SERVER);
        }
    }
    CoUninitialize();
    return NULL;
}

START_TEST(threads_that_register_and_revoke_lose_nothing)
{
    pthread_t crowd[CROWD];

    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(pthread_create(&crowd[i], NULL, register_and_revoke, NULL), 0);
    for (int i = 0; i < CROWD; i++)
        pthread_join(crowd[i], NULL);
    ck_assert_uint_eq(place_get(&places.factories), 0);
}
END_TEST

START_TEST(registering_without_memory_changes_nothing)
{
    IUnknown *factory = (IUnknown *)place_factory_create();
    DWORD cookie = 7;

    faults_fail_at(1);
    ck_assert_hr(CoRegisterClassObject(&clsid_place, factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 E_OUTOFMEMORY);
    ck_assert_uint_eq(cookie, 0);
    faults_fail_at(1);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN),
                 E_OUTOFMEMORY);
    faults_reset();
    ck_assert_hr(get_class_object(&clsid_place, CLSCTX_INPROC_SERVER), REGDB_E_CLASSNOTREG);
    ck_assert_uint_eq(factory->lpVtbl->Release(factory), 0);
}
END_TEST

static Suite *class_table_suite(void)
{
    Suite *suite = suite_create("class_table");
    TCase *outside = tcase_create("outside");
    TCase *single = tcase_create("single_threaded");
    TCase *multi = tcase_create("multithreaded");

    tcase_add_checked_fixture(outside, place_reset, place_check);
    tcase_add_test(outside, a_create_function_refuses_what_it_cannot_use);
    tcase_add_test(outside, without_an_apartment_a_class_object_cannot_be_registered);
    tcase_add_test(outside, without_an_apartment_a_create_function_can_be_registered_and_stays);
    tcase_add_test(outside, a_forked_child_registers_nothing);
    tcase_add_test(outside,
                   the_last_to_leave_revokes_the_class_objects_of_the_multithreaded_apartment);
    tcase_add_checked_fixture(single, single_threaded_setup, teardown);
    tcase_add_test(single, a_registration_refuses_what_it_cannot_use);
    tcase_add_loop_test(single, context_and_flags_decide_who_finds_the_class_object, 0,
                        sizeof combinations / sizeof *combinations);
    tcase_add_test(single, a_single_use_is_used_up_by_the_first_client);
    tcase_add_test(single, a_class_has_one_create_function);
    tcase_add_test(single, a_class_has_one_class_object_in_an_apartment);
    tcase_add_test(single, another_apartment_may_have_a_class_object_of_its_own);
    tcase_add_test(single, a_cookie_is_never_zero_and_not_soon_used_again);
    tcase_add_test(single, a_wrong_cookie_is_refused);
    tcase_add_test(single, a_class_object_may_revoke_itself_while_it_is_in_use);
    tcase_add_test(single, a_hold_keeps_a_revoked_class_object_and_no_new_one_is_given);
    tcase_add_checked_fixture(multi, multithreaded_setup, teardown);
    tcase_add_test(multi, a_class_object_is_revoked_only_in_its_own_apartment);
    tcase_add_test(multi, a_closing_apartment_revokes_its_class_objects_on_its_own_thread);
    tcase_add_test(multi, a_class_object_may_revoke_itself_while_it_is_in_use);
    tcase_add_test(multi, threads_that_register_and_revoke_lose_nothing);
    tcase_add_test(multi, registering_without_memory_changes_nothing);
    suite_add_tcase(suite, outside);
    suite_add_tcase(suite, single);
    suite_add_tcase(suite, multi);
    return suite;
}

UVCOM_TEST_MAIN(class_table_suite)
