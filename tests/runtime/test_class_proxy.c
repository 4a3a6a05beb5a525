/*
 * test_class_proxy.c -- class objects: the one around a create function, and IClassFactory as a
 * client of another apartment sees it.
 */
#include "place_server.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/runner.h"

static const CLSID clsid_place = {0x71e0c005, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};

static void setup(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

static void teardown(void)
{
    uvcom_unregister_class(&clsid_place);
    CoUninitialize();
    place_check();
}

static IClassFactory *class_object(void)
{
    IClassFactory *factory;

    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    return factory;
}

static HRESULT create(IClassFactory *factory, IPlace **place)
{
    return factory->lpVtbl->CreateInstance(factory, NULL, &IID_IPlace, (void **)place);
}

static void station_register(struct station *station)
{
    station->hr = place_register(&clsid_place, &station->cookie);
}

#define STATION                                                                                    \
    {                                                                                              \
        .model = COINIT_APARTMENTTHREADED, .open = station_register                                \
    }

/* ---- what it answers ---- */

static void check_interfaces(IClassFactory *factory)
{
    IUnknown *identity, *again;
    IClassFactory *back;
    void *none;

    ck_assert_hr(factory->lpVtbl->QueryInterface(factory, &IID_IUnknown, (void **)&identity), S_OK);
    ck_assert_hr(identity->lpVtbl->QueryInterface(identity, &IID_IClassFactory, (void **)&back),
                 S_OK);
    ck_assert_hr(back->lpVtbl->QueryInterface(back, &IID_IUnknown, (void **)&again), S_OK);
    ck_assert_ptr_eq(again, identity);
    ck_assert_hr(back->lpVtbl->QueryInterface(back, &IID_IPlace, &none), E_NOINTERFACE);
    ck_assert_ptr_null(none);
    ck_assert_hr(back->lpVtbl->QueryInterface(back, &IID_IUnknown, NULL), E_POINTER);
    again->lpVtbl->Release(again);
    back->lpVtbl->Release(back);
    identity->lpVtbl->Release(identity);
}

static void check_arguments(IClassFactory *factory)
{
    void *out = &out;

    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, &IID_IPlace, NULL), E_POINTER);
    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, NULL, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
}

/* Where the class lives, and with it whether the client's class object is a proxy. */
static const uvcom_apartment_kind kinds[] = {UVCOM_APARTMENT_CALLER, UVCOM_APARTMENT_MULTITHREADED,
                                             UVCOM_APARTMENT_OWN};

START_TEST(com_01_com_02_a_class_object_is_an_iclassfactory_and_an_iunknown)
{
    IClassFactory *factory;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, kinds[_i]), S_OK);
    factory = class_object();
    check_interfaces(factory);
    check_arguments(factory);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    ck_assert_uint_eq(factory->lpVtbl->Release(factory), 0);
}
END_TEST

START_TEST(a_class_object_makes_objects_where_the_class_lives)
{
    IClassFactory *factory;
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, kinds[_i]), S_OK);
    factory = class_object();
    ck_assert_hr(create(factory, &place), S_OK);
    ck_assert_int_eq(place_get(&places.made_on) == place_thread(),
                     kinds[_i] == UVCOM_APARTMENT_CALLER);
    factory->lpVtbl->Release(factory);
    IPlace_Release(place);
}
END_TEST

START_TEST(a_class_object_outlives_the_registration)
{
    IClassFactory *factory;
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, kinds[_i]), S_OK);
    factory = class_object();
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(create(factory, &place), S_OK);
    IPlace_Release(place);
    factory->lpVtbl->Release(factory);
}
END_TEST

START_TEST(aggregation_does_not_cross)
{
    IClassFactory *factory;
    void *inner = &inner;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    factory = class_object();
    ck_assert_hr(
        factory->lpVtbl->CreateInstance(factory, (IUnknown *)factory, &IID_IUnknown, &inner),
        CLASS_E_NOAGGREGATION);
    ck_assert_ptr_null(inner);
    ck_assert_uint_eq(place_get(&places.made), 0);
    factory->lpVtbl->Release(factory);
}
END_TEST

/* ---- a registered class object, from afar ---- */

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* Serves once more: the proxy's reference is in the queue, and then the registration's is the last.
 */
static void station_revoke(struct station *station)
{
    uvcom__apartment_wait(station->apartment, never, NULL, 0);
    station->hr = CoRevokeClassObject(station->cookie);
    station->left = place_get(&places.factories);
}

START_TEST(the_proxy_reaches_the_class_object_at_home)
{
    struct station station = STATION;
    IClassFactory *factory;
    IPlace *place;

    station.close = station_revoke;
    station_start(&station);
    factory = class_object();
    ck_assert_ptr_ne(factory->lpVtbl, &place_factory_vtbl);
    ck_assert_hr(create(factory, &place), S_OK);
    ck_assert_uint_eq(place_thread_of(place), station.number);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    ck_assert_uint_eq(place_get(&places.locks), 1);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    IPlace_Release(place);
    factory->lpVtbl->Release(factory);
    station_end(&station);
    ck_assert_hr(station.hr, S_OK);
    ck_assert_uint_eq(station.left, 0);
    ck_assert_uint_eq(place_get(&places.factory_destroyed_on), station.number);
}
END_TEST

START_TEST(a_proxy_whose_apartment_has_closed_is_disconnected)
{
    struct station station = STATION;
    IClassFactory *factory;
    IPlace *place = (IPlace *)&place;

    station_start(&station);
    factory = class_object();
    station_end(&station);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    ck_assert_hr(create(factory, &place), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(place);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), RPC_E_DISCONNECTED);
    factory->lpVtbl->Release(factory);
}
END_TEST

static void *use_on_a_foreign_thread(void *arg)
{
    IClassFactory *factory = arg;
    void *out = &out;

    ck_assert_hr(create(factory, (IPlace **)&out), CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(out);
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    out = &out;
    ck_assert_hr(create(factory, (IPlace **)&out), RPC_E_WRONG_THREAD);
    ck_assert_ptr_null(out);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), RPC_E_WRONG_THREAD);
    CoUninitialize();
    return NULL;
}

START_TEST(a_proxy_belongs_to_the_apartment_that_asked_for_it)
{
    struct station station = STATION;
    IClassFactory *factory;
    pthread_t foreign;

    station_start(&station);
    factory = class_object();
    ck_assert_int_eq(pthread_create(&foreign, NULL, use_on_a_foreign_thread, factory), 0);
    pthread_join(foreign, NULL);
    factory->lpVtbl->Release(factory);
    station_end(&station);
}
END_TEST

static void station_get_class_object(struct station *station)
{
    station->context = class_object();
}

static void station_release(struct station *station)
{
    IClassFactory *factory = station->context;

    factory->lpVtbl->Release(factory);
}

/* The class object that the runtime makes for a create function is as bound as a user's. */
START_TEST(a_direct_class_object_of_another_apartment_is_out_of_reach)
{
    struct station station = {
        .model = COINIT_MULTITHREADED, .open = station_get_class_object, .close = station_release};
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_MULTITHREADED),
                 S_OK);
    station_start(&station);
    ck_assert_hr(create(station.context, &place), RPC_E_WRONG_THREAD);
    ck_assert_ptr_null(place);
    station_end(&station);
}
END_TEST

/* ---- a class object that is no IClassFactory ---- */

static void station_register_place(struct station *station)
{
    IUnknown *place;

    ck_assert_hr(place_create(NULL, &IID_IUnknown, (void **)&place), S_OK);
    ck_assert_hr(CoRegisterClassObject(&clsid_place, place, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &station->cookie),
                 S_OK);
    place->lpVtbl->Release(place);
}

START_TEST(a_class_object_may_be_any_object)
{
    struct station station = {.model = COINIT_APARTMENTTHREADED, .open = station_register_place};
    IUnknown *unknown;
    IPlace *place;
    void *none;

    station_start(&station);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, &IID_IPlace, (void **)&place),
                 S_OK);
    ck_assert_uint_eq(place_thread_of(place), station.number);
    IPlace_Release(place);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, &IID_IUnknown, (void **)&unknown),
                 S_OK);
    ck_assert_hr(unknown->lpVtbl->QueryInterface(unknown, &IID_IPlace, (void **)&place), S_OK);
    IPlace_Release(place);
    unknown->lpVtbl->Release(unknown);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, &IID_IClassFactory, &none),
                 E_NOINTERFACE);
    ck_assert_ptr_null(none);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, &IID_IPlace, &none),
                 E_NOINTERFACE);
    station_end(&station);
}
END_TEST

/* ---- revoked while in use ---- */

static struct gate in_create = GATE_INITIALIZER;

static HRESULT STDMETHODCALLTYPE slow_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                     REFIID riid, void **ppv)
{
    gate_wait(&in_create);
    return place_factory_CreateInstance(This, outer, riid, ppv);
}

static const IClassFactoryVtbl slow_vtbl = {
    place_factory_IClassFactory_QueryInterface, place_factory_IClassFactory_AddRef,
    place_factory_IClassFactory_Release, slow_CreateInstance, place_factory_LockServer};

static void *slow_client(void *arg)
{
    IPlace *place;

    (void)arg;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    ck_assert_hr(
        CoCreateInstance(&clsid_place, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)&place),
        S_OK);
    IPlace_Release(place);
    CoUninitialize();
    return NULL;
}

START_TEST(a_class_object_that_is_revoked_in_use_lives_until_the_activation_is_over)
{
    IClassFactory *factory;
    pthread_t client;
    DWORD cookie;

    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    factory = place_factory_create();
    factory->lpVtbl = &slow_vtbl;
    ck_assert_hr(CoRegisterClassObject(&clsid_place, (IUnknown *)factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 S_OK);
    factory->lpVtbl->Release(factory);
    ck_assert_int_eq(pthread_create(&client, NULL, slow_client, NULL), 0);
    gate_await_waiters(&in_create, 1);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
    ck_assert_uint_eq(place_get(&places.factories), 1);
    gate_open(&in_create);
    pthread_join(client, NULL);
    gate_close(&in_create);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    CoUninitialize();
    place_check();
}
END_TEST

/* ---- out of memory ---- */

/* Steps that allocate: the item's target, the proxy, the object, its target, its proxy. */
START_TEST(a_class_object_without_memory_fails_and_leaves_nothing)
{
    struct station station = STATION;
    bool hit = true;

    station_start(&station);
    for (size_t n = 1; hit && n < 100; n++) {
        IClassFactory *factory;
        IPlace *place = NULL;
        HRESULT hr;

        faults_fail_at(n);
        hr = CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                              (void **)&factory);
        if (SUCCEEDED(hr)) {
            hr = create(factory, &place);
            factory->lpVtbl->Release(factory);
        }
        hit = faults_hit();
        faults_reset();
        ck_assert_hr(hr, hit ? E_OUTOFMEMORY : S_OK);
        ck_assert_int_eq(place != NULL, !hit);
        if (place)
            IPlace_Release(place);
    }
    ck_assert(!hit);
    station_end(&station);
}
END_TEST

static Suite *class_proxy_suite(void)
{
    const int kind_count = sizeof kinds / sizeof *kinds;
    Suite *suite = suite_create("class_proxy");
    TCase *all = tcase_create("class_object");
    TCase *afar = tcase_create("from_afar");
    TCase *busy = tcase_create("in_use");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_loop_test(all, com_01_com_02_a_class_object_is_an_iclassfactory_and_an_iunknown, 0,
                        kind_count);
    tcase_add_loop_test(all, a_class_object_makes_objects_where_the_class_lives, 0, kind_count);
    tcase_add_loop_test(all, a_class_object_outlives_the_registration, 0, kind_count);
    tcase_add_checked_fixture(afar, setup, teardown);
    tcase_add_test(afar, aggregation_does_not_cross);
    tcase_add_test(afar, the_proxy_reaches_the_class_object_at_home);
    tcase_add_test(afar, a_proxy_whose_apartment_has_closed_is_disconnected);
    tcase_add_test(afar, a_proxy_belongs_to_the_apartment_that_asked_for_it);
    tcase_add_test(afar, a_direct_class_object_of_another_apartment_is_out_of_reach);
    tcase_add_test(afar, a_class_object_may_be_any_object);
    tcase_add_test(afar, a_class_object_without_memory_fails_and_leaves_nothing);
    tcase_add_test(busy, a_class_object_that_is_revoked_in_use_lives_until_the_activation_is_over);
    suite_add_tcase(suite, all);
    suite_add_tcase(suite, afar);
    suite_add_tcase(suite, busy);
    return suite;
}

UVCOM_TEST_MAIN(class_proxy_suite)
