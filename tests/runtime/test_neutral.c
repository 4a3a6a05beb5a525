/*
 * test_neutral.c -- classes of no apartment (APT-11): their objects run on their callers' threads,
 * whoever they are, and what is made on the way to one is not drawn in.
 */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <uvcom/uvcom.h>

#include "place_server.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"

static const CLSID clsid_place = {0x71e0c201, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};
static const CLSID clsid_other = {0x71e0c202, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};

static IPlace *created(REFCLSID clsid)
{
    IPlace *place;

    ck_assert_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)&place),
                 S_OK);
    return place;
}

static bool is_agile(void *object)
{
    IUnknown *unknown = object, *agile;

    if (FAILED(unknown->lpVtbl->QueryInterface(unknown, &IID_IAgileObject, (void **)&agile)))
        return false;
    agile->lpVtbl->Release(agile);
    return true;
}

static void in_single_threaded(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_NEUTRAL), S_OK);
}

static void in_multithreaded(void)
{
    place_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, place_create, UVCOM_APARTMENT_NEUTRAL), S_OK);
}

static void teardown(void)
{
    uvcom_unregister_class(&clsid_place);
    uvcom_unregister_class(&clsid_other);
    CoUninitialize();
    place_check();
    ck_assert_uint_eq(faults_live(), 0);
}

/* ---- on the caller's thread ---- */

START_TEST(apt_11_a_neutral_object_is_made_and_called_on_its_client_s_thread)
{
    IPlace *place = created(&clsid_place);

    ck_assert_uint_eq(place_get(&places.made_on), place_thread());
    ck_assert_ptr_eq(place->lpVtbl, &place_vtbl);
    ck_assert(is_agile(place));
    ck_assert_uint_eq(place_thread_of(place), place_thread());
    ck_assert_uint_eq(IPlace_Release(place), 0);
}
END_TEST

/* A visitor in another apartment: gets the pointer by a stream, calls it, releases it there. */
struct visit {
    IStream *stream;
    IPlace *sent, *came;
    uint32_t called_on;
};

static void station_visit(struct station *station)
{
    struct visit *visit = station->context;

    if (FAILED(CoGetInterfaceAndReleaseStream(visit->stream, &IID_IPlace, (void **)&visit->came)))
        abort();
    visit->called_on = place_thread_of(visit->came);
    IPlace_Release(visit->came);
}

static const DWORD apartments[] = {COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED};

START_TEST(apt_11_a_neutral_object_runs_on_each_caller_s_thread)
{
    struct visit visit = {.sent = created(&clsid_place)};
    struct station station = {.model = apartments[_i], .open = station_visit, .context = &visit};

    ck_assert_hr(
        CoMarshalInterThreadInterfaceInStream(&IID_IPlace, (IUnknown *)visit.sent, &visit.stream),
        S_OK);
    IPlace_Release(visit.sent);
    station_start(&station);
    ck_assert_ptr_eq(visit.came, visit.sent);
    ck_assert_uint_eq(visit.called_on, station.number);
    ck_assert_uint_eq(place_get(&places.destroyed_on), station.number);
    station_end(&station);
}
END_TEST

/* A call object has no caller whose thread it could take: the multithreaded apartment runs it. */
START_TEST(apt_11_an_asynchronous_call_to_a_neutral_object_runs_on_a_worker)
{
    IPlace *place = created(&clsid_place);
    AsyncIPlace *call;
    ULONG thread;

    ck_assert_hr(uvcom_create_call(place, &IID_AsyncIPlace, (void **)&call), S_OK);
    ck_assert_hr(AsyncIPlace_Begin_GetThread(call), S_OK);
    ck_assert_hr(AsyncIPlace_Finish_GetThread(call, &thread), S_OK);
    ck_assert_uint_ne(thread, place_thread());
    AsyncIPlace_Release(call);
    IPlace_Release(place);
}
END_TEST

START_TEST(apt_11_the_class_object_of_a_neutral_class_is_agile_and_so_is_what_it_makes)
{
    IClassFactory *factory;
    IPlace *place;

    ck_assert_hr(CoGetClassObject(&clsid_place, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                                  (void **)&factory),
                 S_OK);
    ck_assert(is_agile(factory));
    ck_assert_hr(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    ck_assert_hr(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
    ck_assert_hr(factory->lpVtbl->CreateInstance(factory, NULL, &IID_IPlace, (void **)&place),
                 S_OK);
    ck_assert(is_agile(place));
    ck_assert_uint_eq(place_get(&places.made_on), place_thread());
    IPlace_Release(place);
    factory->lpVtbl->Release(factory);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(apt_11_a_neutral_class_is_no_part_of_an_aggregate)
{
    IPlace *outer = created(&clsid_place);
    void *inner = &inner;

    ck_assert_hr(CoCreateInstance(&clsid_place, (IUnknown *)outer, CLSCTX_INPROC_SERVER,
                                  &IID_IUnknown, &inner),
                 CLASS_E_NOAGGREGATION);
    ck_assert_ptr_null(inner);
    ck_assert_uint_eq(place_get(&places.made), 1);
    IPlace_Release(outer);
}
END_TEST

/* Made before, in an apartment. */
static IPlace *kept;

static HRESULT create_kept(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    return IPlace_QueryInterface(kept, riid, ppv);
}

START_TEST(apt_11_an_object_of_an_apartment_is_refused)
{
    void *place = &place;

    ck_assert_hr(uvcom_register_class(&clsid_other, create_kept, UVCOM_APARTMENT_NEUTRAL), S_OK);
    ck_assert_hr(place_create(NULL, &IID_IPlace, (void **)&kept), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_other, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, &place),
                 CO_E_NOT_SUPPORTED);
    ck_assert_ptr_null(place);
    ck_assert_uint_eq(IPlace_Release(kept), 0);
}
END_TEST

static HRESULT create_failing(IUnknown *outer, REFIID riid, void **ppv)
{
    (void)outer;
    (void)riid;
    *ppv = &places;
    return E_FAIL;
}

START_TEST(apt_11_a_neutral_class_that_fails_gives_its_code)
{
    void *place = &place;

    ck_assert_hr(uvcom_register_class(&clsid_other, create_failing, UVCOM_APARTMENT_NEUTRAL), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid_other, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, &place),
                 E_FAIL);
    ck_assert_ptr_null(place);
    /* And the mark of this thread has gone with it. */
    ck_assert_hr(place_create(NULL, &IID_IPlace, (void **)&kept), S_OK);
    ck_assert(!is_agile(kept));
    IPlace_Release(kept);
}
END_TEST

/* ---- what is made on the way ---- */

static bool nested_is_agile, later_is_agile;

/* Creates an object of another class before its own. */
static HRESULT create_after_other(IUnknown *outer, REFIID riid, void **ppv)
{
    IPlace *other = created(&clsid_other);

    nested_is_agile = is_agile(other);
    IPlace_Release(other);
    return place_create(outer, riid, ppv);
}

START_TEST(apt_11_another_class_s_object_is_not_neutral_for_it)
{
    IPlace *place;

    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, create_after_other, UVCOM_APARTMENT_NEUTRAL),
                 S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_other, place_create, UVCOM_APARTMENT_CALLER), S_OK);
    place = created(&clsid_place);
    ck_assert(!nested_is_agile);
    ck_assert(is_agile(place));
    IPlace_Release(place);
}
END_TEST

/* Runs in the client's apartment while that waits in its neutral creation. */
static HRESULT make_one(void *arg)
{
    IPlace *place;

    (void)arg;
    if (FAILED(place_create(NULL, &IID_IPlace, (void **)&place)))
        return E_FAIL;
    later_is_agile = is_agile(place);
    IPlace_Release(place);
    return S_OK;
}

static struct apartment *client;

static HRESULT call_client_back(IUnknown *outer, REFIID riid, void **ppv)
{
    if (FAILED(uvcom__apartment_invoke(client, make_one, NULL)))
        return E_FAIL;
    return place_create(outer, riid, ppv);
}

START_TEST(apt_11_what_is_served_meanwhile_is_not_neutral)
{
    IPlace *place;

    client = uvcom__apartment_current();
    later_is_agile = true;
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, create_after_other, UVCOM_APARTMENT_NEUTRAL),
                 S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_other, call_client_back, UVCOM_APARTMENT_OWN), S_OK);
    place = created(&clsid_place);
    ck_assert(!later_is_agile);
    ck_assert(is_agile(place));
    IPlace_Release(place);
}
END_TEST

/* The same with a wait for descriptors, which serves what is queued once if it has no time. */
static void make_one_later(struct note *note)
{
    (void)note;
    make_one(NULL);
}

static HRESULT create_after_a_wait(IUnknown *outer, REFIID riid, void **ppv)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    const int descriptor = eventfd(0, EFD_CLOEXEC);
    HANDLE handle = (HANDLE)(intptr_t)descriptor;
    DWORD index;

    note.act = make_one_later;
    uvcom__apartment_post(client, &note.item);
    ck_assert_hr(CoWaitForMultipleHandles(COWAIT_DEFAULT, 0, 1, &handle, &index),
                 RPC_S_CALLPENDING);
    ck_assert_uint_eq(note_log_run(&log), 1);
    close(descriptor);
    return place_create(outer, riid, ppv);
}

START_TEST(apt_11_what_a_wait_for_handles_serves_is_not_neutral)
{
    IPlace *place;

    client = uvcom__apartment_current();
    later_is_agile = true;
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    ck_assert_hr(uvcom_register_class(&clsid_place, create_after_a_wait, UVCOM_APARTMENT_NEUTRAL),
                 S_OK);
    place = created(&clsid_place);
    ck_assert(!later_is_agile);
    ck_assert(is_agile(place));
    IPlace_Release(place);
}
END_TEST

static void add_tests(TCase *tcase)
{
    tcase_add_test(tcase, apt_11_a_neutral_object_is_made_and_called_on_its_client_s_thread);
    tcase_add_loop_test(tcase, apt_11_a_neutral_object_runs_on_each_caller_s_thread, 0, 2);
    tcase_add_test(tcase, apt_11_an_asynchronous_call_to_a_neutral_object_runs_on_a_worker);
    tcase_add_test(tcase,
                   apt_11_the_class_object_of_a_neutral_class_is_agile_and_so_is_what_it_makes);
    tcase_add_test(tcase, apt_11_a_neutral_class_is_no_part_of_an_aggregate);
    tcase_add_test(tcase, apt_11_an_object_of_an_apartment_is_refused);
    tcase_add_test(tcase, apt_11_a_neutral_class_that_fails_gives_its_code);
    tcase_add_test(tcase, apt_11_another_class_s_object_is_not_neutral_for_it);
}

static Suite *neutral_suite(void)
{
    Suite *suite = suite_create("neutral");
    TCase *single = tcase_create("single-threaded client");
    TCase *multi = tcase_create("multithreaded client");

    tcase_add_checked_fixture(single, in_single_threaded, teardown);
    tcase_add_checked_fixture(multi, in_multithreaded, teardown);
    add_tests(single);
    add_tests(multi);
    tcase_add_test(single, apt_11_what_is_served_meanwhile_is_not_neutral);
    tcase_add_test(single, apt_11_what_a_wait_for_handles_serves_is_not_neutral);
    suite_add_tcase(suite, single);
    suite_add_tcase(suite, multi);
    return suite;
}

UVCOM_TEST_MAIN(neutral_suite)
