/*
 * test_activation.c -- CoCreateInstance and CoGetClassObject: where an object is made, what pointer
 * the client gets, what comes of failures, and what is left afterwards.
 *
 * How classes are registered is in test_class_table.c.
 */
#include "place_server.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/runner.h"

static const CLSID clsid_place = {0x71e0c001, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};
static const CLSID clsid_other = {0x71e0c002, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};
static const IID iid_unheard_of = {0x71e0c003, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};

static HRESULT create(const CLSID *clsid, IPlace **place)
{
    return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)place);
}

static IPlace *created(const CLSID *clsid)
{
    IPlace *place;

    ck_assert_hr(create(clsid, &place), S_OK);
    ck_assert_ptr_nonnull(place);
    return place;
}

static void in_single_threaded(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

static void in_multithreaded(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static void teardown(void)
{
    uvcom_unregister_class(&clsid_place);
    uvcom_unregister_class(&clsid_other);
    CoUninitialize();
    place_check();
}

/* ---- arguments ---- */

START_TEST(activation_refuses_null_pointers)
{
    void *out = &out;

    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, &IID_IPlace, NULL), E_POINTER);
    ck_assert_hr(CoCreateInstance(NULL, NULL, CLSCTX_ALL, &IID_IPlace, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
    out = &out;
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, NULL, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, &IID_IUnknown, NULL), E_POINTER);
    out = &out;
    ck_assert_hr(CoGetClassObject(NULL, CLSCTX_ALL, NULL, &IID_IUnknown, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, NULL, &out), E_INVALIDARG);
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, &out, &IID_IUnknown, &out),
                 E_INVALIDARG);
}
END_TEST

START_TEST(a_thread_without_an_apartment_activates_nothing)
{
    void *out = &out;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, &IID_IPlace, &out),
                 CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(out);
    out = &out;
    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_ALL, NULL, &IID_IUnknown, &out),
                 CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(out);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
}
END_TEST

START_TEST(a_class_that_nobody_registered_is_not_found)
{
    IPlace *place = (IPlace *)&place;

    ck_assert_hr(create(&clsid_place, &place), REGDB_E_CLASSNOTREG);
    ck_assert_ptr_null(place);
}
END_TEST

START_TEST(only_an_in_process_context_finds_a_class)
{
    void *out;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_LOCAL_SERVER, &IID_IPlace, &out),
                 REGDB_E_CLASSNOTREG);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, 0, &IID_IPlace, &out), REGDB_E_CLASSNOTREG);
}
END_TEST

/* ---- where the object is made ---- */

START_TEST(a_class_of_the_caller_s_apartment_gives_a_direct_pointer)
{
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    place = created(&clsid_place);
    ck_assert_uint_eq(place_get(&places.made_on), place_thread());
    ck_assert_ptr_eq(place->lpVtbl, &place_vtbl);
    ck_assert_uint_eq(IPlace_Release(place), 0);
    ck_assert_uint_eq(place_get(&places.destroyed_on), place_thread());
}
END_TEST

START_TEST(apt_05_a_class_with_an_apartment_of_its_own_lives_on_one_thread)
{
    IPlace *place, *second, *other;
    uint32_t home;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_other, place_create, UVCOM_APARTMENT_OWN), S_OK);
    place = created(&clsid_place);
    home = place_get(&places.made_on);
    ck_assert_uint_ne(home, place_thread());
    second = created(&clsid_place);
    ck_assert_uint_eq(place_get(&places.made_on), home);
    ck_assert_uint_eq(place_thread_of(place), home);
    ck_assert_uint_eq(place_thread_of(second), home);
    other = created(&clsid_other);
    ck_assert_uint_ne(place_get(&places.made_on), home);
    ck_assert_uint_eq(place_thread_of(other), place_get(&places.made_on));
    IPlace_Release(other);
    IPlace_Release(second);
    IPlace_Release(place);
}
END_TEST

START_TEST(a_multithreaded_class_is_made_in_the_multithreaded_apartment)
{
    struct apartment *here = uvcom__apartment_current();
    bool direct = uvcom__apartment_is_multithreaded(here);
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_MULTITHREADED),
                 S_OK);
    place = created(&clsid_place);
    ck_assert_int_eq(place_get(&places.made_on) == place_thread(), direct);
    ck_assert_int_eq(place_thread_of(place) == place_thread(), direct);
    IPlace_Release(place);
}
END_TEST

static void station_register(struct station *station)
{
    station->hr = place_register(station->clsid, &station->cookie);
}

START_TEST(a_registered_class_object_makes_its_objects_in_its_own_apartment)
{
    struct station station = {
        .model = COINIT_APARTMENTTHREADED, .open = station_register, .clsid = &clsid_place};
    IPlace *place;

    station_start(&station);
    place = created(&clsid_place);
    ck_assert_uint_eq(place_get(&places.made_on), station.number);
    ck_assert_uint_eq(place_thread_of(place), station.number);
    IPlace_Release(place);
    station_end(&station);
    ck_assert_uint_eq(place_get(&places.destroyed_on), station.number);
    ck_assert_uint_eq(place_get(&places.factory_destroyed_on), station.number);
}
END_TEST

/* The objects of one class can reach each other without going through their own queue. */
static HRESULT create_two(IUnknown *outer, REFIID riid, void **ppv)
{
    IPlace *sibling;

    if (place_get(&places.made) > 0)
        return place_create(outer, riid, ppv);
    uvcom__add32(&places.made, 1, UVCOM__ACQ_REL);
    sibling = created(&clsid_place);
    ck_assert_ptr_eq(sibling->lpVtbl, &place_vtbl);
    IPlace_Release(sibling);
    return place_create(outer, riid, ppv);
}

START_TEST(within_its_own_apartment_a_class_gives_a_direct_pointer)
{
    ck_assert_hr(uvcom_register_class(&clsid_place, create_two, UVCOM_APARTMENT_OWN), S_OK);
    IPlace_Release(created(&clsid_place));
}
END_TEST

/* A class that calls back into its client's apartment while that waits for it. */
static HRESULT create_by_way_of_other(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    return CoCreateInstance(&clsid_other, NULL, CLSCTX_INPROC_SERVER, riid, ppv);
}

START_TEST(apt_01_a_client_serves_its_own_apartment_while_it_activates)
{
    uint32_t here = place_thread();
    IPlace *place;
    DWORD cookie;

    ck_assert_hr(place_register(&clsid_other, &cookie), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, create_by_way_of_other, UVCOM_APARTMENT_OWN),
                 S_OK);
    place = created(&clsid_place);
    ck_assert_uint_eq(place_get(&places.made_on), here);
    IPlace_Release(place);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

/* ---- the life of an apartment of its own ---- */

enum { CROWD = 8, RACES = 20 };

static struct gate starting_line = GATE_INITIALIZER;

static void *first_client(void *arg)
{
    uint32_t *home = arg;
    IPlace *place;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    gate_wait(&starting_line);
    place = created(&clsid_place);
    *home = place_thread_of(place);
    IPlace_Release(place);
    CoUninitialize();
    return NULL;
}

START_TEST(clients_that_come_first_together_start_one_apartment)
{
    uint32_t homes[CROWD] = {0};
    pthread_t clients[CROWD];

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(pthread_create(&clients[i], NULL, first_client, &homes[i]), 0);
    gate_await_waiters(&starting_line, CROWD);
    gate_open(&starting_line);
    for (int i = 0; i < CROWD; i++)
        pthread_join(clients[i], NULL);
    gate_close(&starting_line);
    for (int i = 0; i < CROWD; i++)
        ck_assert_uint_eq(homes[i], homes[0]);
}
END_TEST

START_TEST(after_the_last_couninitialize_the_next_client_starts_a_new_apartment)
{
    uint32_t before = 0;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    for (int i = 0; i < 3; i++) {
        IPlace *place;

        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        place = created(&clsid_place);
        ck_assert_uint_ne(place_thread_of(place), before);
        before = place_thread_of(place);
        IPlace_Release(place);
        CoUninitialize();
        ck_assert_uint_eq(place_get(&places.live), 0);
    }
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
}
END_TEST

START_TEST(an_unregistered_class_leaves_its_objects_alive)
{
    IPlace *place, *none;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    place = created(&clsid_place);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    ck_assert_uint_eq(place_thread_of(place), place_get(&places.made_on));
    IPlace_Release(place);
}
END_TEST

/* ---- failures ---- */

START_TEST(aggregation_stays_within_one_apartment)
{
    IUnknown *outer = (IUnknown *)place_factory_create();
    IUnknown *inner;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_other, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_place, outer, CLSCTX_ALL, &IID_IUnknown, (void **)&inner),
                 S_OK);
    ck_assert_ptr_eq(places.outer, outer);
    inner->lpVtbl->Release(inner);
    ck_assert_hr(CoCreateInstance(&clsid_other, outer, CLSCTX_ALL, &IID_IUnknown, (void **)&inner),
                 CLASS_E_NOAGGREGATION);
    ck_assert_ptr_null(inner);
    ck_assert_uint_eq(place_get(&places.made), 1);
    outer->lpVtbl->Release(outer);
}
END_TEST

START_TEST(an_interface_without_a_proxy_does_not_cross)
{
    void *out = &out;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, &iid_unheard_of, &out),
                 E_NOINTERFACE);
    ck_assert_ptr_null(out);
}
END_TEST

static HRESULT create_without_interface(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)riid;
    return place_create(outer, &iid_unheard_of, ppv);
}

static HRESULT create_failing(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    (void)riid;
    *ppv = &places; /* which nobody may take for a pointer */
    return HRESULT_FROM_WIN32(1234);
}

static HRESULT create_nothing(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    (void)riid;
    (void)ppv;
    return S_OK;
}

static const struct {
    uvcom_create_fn create;
    uvcom_apartment_kind kind;
    HRESULT hr;
} failures[] = {
    {create_without_interface, UVCOM_APARTMENT_CALLER, E_NOINTERFACE},
    {create_without_interface, UVCOM_APARTMENT_OWN, E_NOINTERFACE},
    {create_failing, UVCOM_APARTMENT_CALLER, HRESULT_FROM_WIN32(1234)},
    {create_failing, UVCOM_APARTMENT_OWN, HRESULT_FROM_WIN32(1234)},
    {create_nothing, UVCOM_APARTMENT_CALLER, E_UNEXPECTED},
    {create_nothing, UVCOM_APARTMENT_OWN, E_UNEXPECTED},
};

START_TEST(a_class_that_fails_gives_its_code_and_no_pointer)
{
    IPlace *place = (IPlace *)&place;

    ck_assert_hr(uvcom_register_class(&clsid_place, failures[_i].create, failures[_i].kind), S_OK);
    ck_assert_hr(create(&clsid_place, &place), failures[_i].hr);
    ck_assert_ptr_null(place);
}
END_TEST

/* ---- identity ---- */

START_TEST(com_01_iunknown_crosses_and_stays_the_same)
{
    IUnknown *unknown, *again;
    IPlace *place;

    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_place, NULL, CLSCTX_ALL, &IID_IUnknown, (void **)&unknown),
                 S_OK);
    ck_assert_hr(unknown->lpVtbl->QueryInterface(unknown, &IID_IPlace, (void **)&place), S_OK);
    ck_assert_uint_eq(place_thread_of(place), place_get(&places.made_on));
    ck_assert_hr(IPlace_QueryInterface(place, &IID_IUnknown, (void **)&again), S_OK);
    ck_assert_ptr_eq(again, unknown);
    again->lpVtbl->Release(again);
    unknown->lpVtbl->Release(unknown);
    IPlace_Release(place);
}
END_TEST

/* ---- out of memory ---- */

static const uvcom_apartment_kind kinds[] = {UVCOM_APARTMENT_OWN, UVCOM_APARTMENT_MULTITHREADED,
                                             UVCOM_APARTMENT_CALLER};

/*
 * The first activation, so that starting the apartment is part of it. What another thread allocates
 * for itself may be what fails, so a success with a fault is allowed; a wrong code or a leak is
 * not.
 */
START_TEST(activation_without_memory_fails_and_leaves_nothing)
{
    bool hit = true;

    faults_spare_uv();
    for (size_t n = 1; hit && n < 200; n++) {
        IPlace *place = (IPlace *)&place;
        HRESULT hr;

        ck_assert_hr(uvcom_register_class(&clsid_place, place_create, kinds[_i]), S_OK);
        faults_fail_at(n);
        hr = create(&clsid_place, &place);
        hit = faults_hit();
        faults_reset();
        if (FAILED(hr)) {
            ck_assert_msg(hit && (hr == E_OUTOFMEMORY || hr == RPC_E_OUT_OF_RESOURCES),
                          "allocation %zu: %s", n, assert_hr_name(hr));
            ck_assert_ptr_null(place);
        } else {
            IPlace_Release(place);
        }
        ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
        CoUninitialize();
        ck_assert_uint_eq(place_get(&places.live), 0);
        ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    }
    ck_assert(!hit);
}
END_TEST

/* Those that are the same for a client of either kind. */
static void add_tests_of_both(TCase *tcase)
{
    tcase_add_test(tcase, activation_refuses_null_pointers);
    tcase_add_test(tcase, a_class_that_nobody_registered_is_not_found);
    tcase_add_test(tcase, only_an_in_process_context_finds_a_class);
    tcase_add_test(tcase, a_class_of_the_caller_s_apartment_gives_a_direct_pointer);
    tcase_add_test(tcase, apt_05_a_class_with_an_apartment_of_its_own_lives_on_one_thread);
    tcase_add_test(tcase, a_multithreaded_class_is_made_in_the_multithreaded_apartment);
    tcase_add_test(tcase, a_registered_class_object_makes_its_objects_in_its_own_apartment);
    tcase_add_test(tcase, within_its_own_apartment_a_class_gives_a_direct_pointer);
    tcase_add_test(tcase, an_unregistered_class_leaves_its_objects_alive);
    tcase_add_test(tcase, aggregation_stays_within_one_apartment);
    tcase_add_test(tcase, an_interface_without_a_proxy_does_not_cross);
    tcase_add_loop_test(tcase, a_class_that_fails_gives_its_code_and_no_pointer, 0,
                        sizeof failures / sizeof *failures);
    tcase_add_test(tcase, com_01_iunknown_crosses_and_stays_the_same);
}

static Suite *activation_suite(void)
{
    Suite *suite = suite_create("activation");
    TCase *outside = tcase_create("outside");
    TCase *single = tcase_create("from_single_threaded");
    TCase *multi = tcase_create("from_multithreaded");

    tcase_add_checked_fixture(outside, place_reset, place_check);
    tcase_add_test(outside, a_thread_without_an_apartment_activates_nothing);
    tcase_add_test(outside, after_the_last_couninitialize_the_next_client_starts_a_new_apartment);
    tcase_add_checked_fixture(single, in_single_threaded, teardown);
    add_tests_of_both(single);
    tcase_add_test(single, apt_01_a_client_serves_its_own_apartment_while_it_activates);
    tcase_add_loop_test(single, activation_without_memory_fails_and_leaves_nothing, 0,
                        sizeof kinds / sizeof *kinds);
    tcase_add_checked_fixture(multi, in_multithreaded, teardown);
    add_tests_of_both(multi);
    tcase_add_loop_test(multi, clients_that_come_first_together_start_one_apartment, 0, RACES);
    suite_add_tcase(suite, outside);
    suite_add_tcase(suite, single);
    suite_add_tcase(suite, multi);
    return suite;
}

UVCOM_TEST_MAIN(activation_suite)
