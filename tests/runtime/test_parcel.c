/*
 * test_parcel.c -- interface pointers in flight, driven by hand: what is packed in one apartment
 * and arrives in another, and who holds what meanwhile. CALL-16, COM-01, APT-10, LIFE-04.
 *
 * The calls that carry them are the matter of tests/e2e.
 */
#include "runtime/parcel.h"

#include "place_server.h"
#include "runtime/agile.h"
#include "runtime/operation.h"
#include "runtime/target.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

/* An operation whose frame is four slots. */
struct slots {
    IUnknown *slot[4];
};

static const struct uvcom_method method = {.name = "four", .frame_size = sizeof(struct slots)};

static struct operation *operation;
static struct slots *slots;
static IPlace *place;

static void operation_begin(void)
{
    operation = uvcom__operation_create(sizeof *slots);
    ck_assert_ptr_nonnull(operation);
    uvcom__operation_open(operation, &method, 1);
    slots = (struct slots *)(void *)operation->frame;
}

static IPlace *place_new(void)
{
    IPlace *made;

    ck_assert_hr(place_create(NULL, &IID_IPlace, (void **)&made), S_OK);
    return made;
}

static void setup(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    operation_begin();
    place = place_new();
}

static ULONG drop(void *object)
{
    return object ? IUnknown_Release((IUnknown *)object) : 0;
}

/* What others hold of the place: its count without the test's own reference. */
static ULONG held(void)
{
    IPlace_AddRef(place);
    return IPlace_Release(place) - 1;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* Serves what comes home until nobody else holds the place. */
static void await_unheld(void)
{
    while (held() != 0)
        uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, 0);
}

static void teardown(void)
{
    uvcom__operation_destroy(operation);
    drop(place);
    CoUninitialize();
    place_check();
}

static HRESULT send(unsigned number, void *object, enum parcel_way way)
{
    slots->slot[number] = object;
    return uvcom__parcel_send(operation, &slots->slot[number], &IID_IPlace, way);
}

/* ---- other apartments ---- */

static struct apartment *elsewhere(void)
{
    struct apartment *apartment;

    ck_assert_hr(uvcom__apartment_start(&apartment), S_OK);
    return apartment;
}

static void end_of(struct apartment *apartment)
{
    uvcom__apartment_stop(apartment);
    uvcom__apartment_release(apartment);
}

struct step {
    void (*run)(void);
};

static HRESULT step_run(void *arg)
{
    ((struct step *)arg)->run();
    return S_OK;
}

static void run_in(struct apartment *apartment, void (*run)(void))
{
    struct step step = {run};

    ck_assert_hr(uvcom__apartment_invoke(apartment, step_run, &step), S_OK);
}

/* ---- there and back ---- */

START_TEST(call_16_an_in_pointer_is_lent_to_the_server_and_kept_by_the_client)
{
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_ptr_null(slots->slot[0]);
    ck_assert_uint_gt(held(), 0);
    ck_assert_hr(uvcom__parcels_arrive(operation), S_OK);
    ck_assert_ptr_eq(slots->slot[0], (IUnknown *)place);
    uvcom__parcels_leave(operation);
    ck_assert_ptr_null(slots->slot[0]);
    ck_assert_uint_eq(held(), 0);
}
END_TEST

START_TEST(an_in_out_pointer_belongs_to_the_server)
{
    ck_assert_hr(send(0, place, PARCEL_IN_OUT), S_OK);
    ck_assert_hr(uvcom__parcels_arrive(operation), S_OK);
    uvcom__parcels_leave(operation);
    ck_assert_ptr_eq(slots->slot[0], (IUnknown *)place);
    ck_assert_uint_eq(held(), 1);
    drop(slots->slot[0]);
}
END_TEST

START_TEST(an_out_pointer_takes_the_servers_reference_along)
{
    IPlace *made = place_new();

    ck_assert_hr(send(0, made, PARCEL_OUT), S_OK);
    ck_assert_ptr_null(slots->slot[0]);
    ck_assert_uint_eq(place_get(&places.live), 2);
    ck_assert_hr(uvcom__parcels_collect(operation), S_OK);
    ck_assert_ptr_eq(slots->slot[0], (IUnknown *)made);
    ck_assert_uint_eq(drop(made), 0);
}
END_TEST

START_TEST(life_04_what_never_arrives_is_dropped)
{
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN_OUT), S_OK);
    ck_assert_hr(send(2, place_new(), PARCEL_OUT), S_OK);
    uvcom__parcels_drop(operation);
    ck_assert_uint_eq(held(), 0);
    ck_assert_uint_eq(place_get(&places.live), 1);
    uvcom__parcels_drop(operation);
}
END_TEST

START_TEST(life_04_what_the_operation_still_carries_ends_with_it)
{
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    uvcom__operation_destroy(operation);
    ck_assert_uint_eq(held(), 0);
    operation_begin();
}
END_TEST

START_TEST(an_object_without_the_interface_is_refused_and_the_slot_is_as_it_was)
{
    IClassFactory *other = place_factory_create();

    ck_assert_hr(send(0, other, PARCEL_IN), E_NOINTERFACE);
    ck_assert_ptr_eq(slots->slot[0], (IUnknown *)other);
    ck_assert_hr(send(0, other, PARCEL_OUT), E_NOINTERFACE);
    ck_assert_ptr_eq(slots->slot[0], (IUnknown *)other);
    ck_assert_uint_eq(drop(other), 0);
}
END_TEST

/* ---- elsewhere ---- */

static uint32_t home_thread;

static void arrive_and_use(void)
{
    ck_assert_hr(uvcom__parcels_arrive(operation), S_OK);
    ck_assert_ptr_ne(slots->slot[0], (IUnknown *)place);
    ck_assert_uint_eq(place_thread_of((IPlace *)slots->slot[0]), home_thread);
    uvcom__parcels_leave(operation);
    ck_assert_ptr_null(slots->slot[0]);
}

START_TEST(call_16_another_apartment_gets_a_proxy_that_calls_home)
{
    struct apartment *there = elsewhere();

    home_thread = place_thread();
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_use);
    end_of(there);
    await_unheld();
}
END_TEST

static IUnknown *kept[2];

static void arrive_and_keep(void)
{
    ck_assert_hr(uvcom__parcels_arrive(operation), S_OK);
    for (unsigned i = 0; i < 2; i++) {
        kept[i] = slots->slot[i];
        IUnknown_AddRef(kept[i]);
    }
    uvcom__parcels_leave(operation);
}

static void release_kept(void)
{
    ck_assert_ptr_eq(kept[0], kept[1]);
    drop(kept[0]);
    ck_assert_uint_eq(drop(kept[1]), 0);
}

START_TEST(com_01_a_pointer_that_arrives_twice_is_one_proxy)
{
    struct apartment *there = elsewhere();

    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_keep);
    run_in(there, release_kept);
    end_of(there);
}
END_TEST

static void send_kept_back(void)
{
    slots->slot[2] = kept[0];
    ck_assert_hr(uvcom__parcel_send(operation, &slots->slot[2], &IID_IPlace, PARCEL_OUT), S_OK);
    drop(kept[1]);
}

START_TEST(com_01_a_pointer_that_comes_home_is_the_object_itself)
{
    struct apartment *there = elsewhere();

    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_keep);
    run_in(there, send_kept_back);
    ck_assert_hr(uvcom__parcels_collect(operation), S_OK);
    ck_assert_ptr_eq(slots->slot[2], (IUnknown *)place);
    drop(slots->slot[2]);
    end_of(there);
}
END_TEST

static void collect_in_third(void)
{
    ck_assert_hr(uvcom__parcels_collect(operation), S_OK);
    ck_assert_ptr_ne(slots->slot[2], (IUnknown *)place);
    ck_assert_uint_eq(place_thread_of((IPlace *)slots->slot[2]), home_thread);
    ck_assert_uint_eq(drop(slots->slot[2]), 0);
}

START_TEST(com_01_a_third_apartment_gets_a_proxy_of_the_object_not_of_a_proxy)
{
    struct apartment *there = elsewhere(), *third = elsewhere();

    home_thread = place_thread();
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_keep);
    run_in(there, send_kept_back);
    end_of(there);
    run_in(third, collect_in_third);
    end_of(third);
}
END_TEST

START_TEST(a_proxy_of_another_apartment_is_refused)
{
    struct apartment *there = elsewhere();

    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_keep);
    ck_assert_hr(send(2, kept[0], PARCEL_IN), RPC_E_WRONG_THREAD);
    ck_assert_ptr_eq(slots->slot[2], kept[0]);
    run_in(there, release_kept);
    end_of(there);
}
END_TEST

/* ---- apartments that close ---- */

static void send_new(void)
{
    ck_assert_hr(send(0, place_new(), PARCEL_OUT), S_OK);
}

START_TEST(what_comes_from_an_apartment_that_has_closed_is_disconnected)
{
    struct apartment *there = elsewhere();

    run_in(there, send_new);
    ck_assert_uint_eq(place_get(&places.live), 2);
    end_of(there);
    ck_assert_uint_eq(place_get(&places.live), 1);
    ck_assert_hr(uvcom__parcels_collect(operation), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(slots->slot[0]);
}
END_TEST

START_TEST(a_proxy_whose_object_has_gone_is_not_sent)
{
    struct apartment *there = elsewhere();
    IUnknown *proxy;

    run_in(there, send_new);
    ck_assert_hr(uvcom__parcels_collect(operation), S_OK);
    proxy = slots->slot[0];
    end_of(there);
    ck_assert_hr(send(1, proxy, PARCEL_IN), RPC_E_DISCONNECTED);
    ck_assert_uint_eq(drop(proxy), 0);
}
END_TEST

static void drop_here(void)
{
    uvcom__parcels_drop(operation);
}

START_TEST(life_04_a_dropped_parcels_object_is_released_at_home)
{
    struct apartment *there = elsewhere();

    home_thread = place_thread();
    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    drop(place);
    place = NULL;
    run_in(there, drop_here);
    while (place_get(&places.live) != 0)
        uvcom__apartment_wait(uvcom__apartment_current(), never, NULL, 0);
    ck_assert_uint_eq(place_get(&places.destroyed_on), home_thread);
    end_of(there);
}
END_TEST

/* ---- memory ---- */

static HRESULT journey_hr;

static void journey_there(void)
{
    journey_hr = uvcom__parcels_arrive(operation);
    uvcom__parcels_leave(operation);
}

START_TEST(call_16_each_allocation_of_a_journey_fails_once)
{
    struct apartment *there = elsewhere();
    size_t failed = 0;

    for (size_t n = 1; n == 1 || faults_hit(); n++) {
        faults_fail_at(n);
        journey_hr = send(0, place, PARCEL_IN);
        if (SUCCEEDED(journey_hr))
            run_in(there, journey_there);
        ck_assert_hr(journey_hr, faults_hit() ? E_OUTOFMEMORY : S_OK);
        failed += faults_hit();
        uvcom__operation_clean(operation);
        uvcom__operation_open(operation, &method, 1);
        await_unheld();
        ck_assert_uint_eq(faults_live(), 0);
    }
    faults_reset();
    ck_assert_uint_ge(failed, 3);
    end_of(there);
}
END_TEST

START_TEST(a_known_object_and_proxy_cost_no_allocation)
{
    struct apartment *there = elsewhere();

    ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
    ck_assert_hr(send(1, place, PARCEL_IN), S_OK);
    run_in(there, arrive_and_keep);
    uvcom__operation_clean(operation);
    faults_reset();
    for (unsigned i = 0; i < 100; i++) {
        uvcom__operation_open(operation, &method, 1);
        ck_assert_hr(send(0, place, PARCEL_IN), S_OK);
        run_in(there, journey_there);
        ck_assert_hr(journey_hr, S_OK);
        uvcom__operation_clean(operation);
    }
    ck_assert_uint_eq(faults_seen(), 0);
    run_in(there, release_kept);
    end_of(there);
}
END_TEST

static Suite *parcel_suite(void)
{
    Suite *suite = suite_create("parcel");
    TCase *here = tcase_create("one apartment");
    TCase *there = tcase_create("several apartments");

    tcase_add_checked_fixture(here, setup, teardown);
    tcase_add_test(here, call_16_an_in_pointer_is_lent_to_the_server_and_kept_by_the_client);
    tcase_add_test(here, an_in_out_pointer_belongs_to_the_server);
    tcase_add_test(here, an_out_pointer_takes_the_servers_reference_along);
    tcase_add_test(here, life_04_what_never_arrives_is_dropped);
    tcase_add_test(here, life_04_what_the_operation_still_carries_ends_with_it);
    tcase_add_test(here, an_object_without_the_interface_is_refused_and_the_slot_is_as_it_was);
    suite_add_tcase(suite, here);

    tcase_add_checked_fixture(there, setup, teardown);
    tcase_add_test(there, call_16_another_apartment_gets_a_proxy_that_calls_home);
    tcase_add_test(there, com_01_a_pointer_that_arrives_twice_is_one_proxy);
    tcase_add_test(there, com_01_a_pointer_that_comes_home_is_the_object_itself);
    tcase_add_test(there, com_01_a_third_apartment_gets_a_proxy_of_the_object_not_of_a_proxy);
    tcase_add_test(there, a_proxy_of_another_apartment_is_refused);
    tcase_add_test(there, what_comes_from_an_apartment_that_has_closed_is_disconnected);
    tcase_add_test(there, a_proxy_whose_object_has_gone_is_not_sent);
    tcase_add_test(there, life_04_a_dropped_parcels_object_is_released_at_home);
    tcase_add_test(there, call_16_each_allocation_of_a_journey_fails_once);
    tcase_add_test(there, a_known_object_and_proxy_cost_no_allocation);
    suite_add_tcase(suite, there);
    return suite;
}

UVCOM_TEST_MAIN(parcel_suite)
