/*
 * test_object.c -- uvcom_object: identity, the set of interfaces, counts, its end, its call
 * factory.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uvcom/call.h>

#include "place_server.h"
#include "tests/support/runner.h"

/* ---- an object with interfaces on both sides of its uvcom_object ---- */

static const IID iid_left = {0x5b7d1f01, 0x11f0, 0x4c6e, {0x9a, 1, 2, 3, 4, 5, 6, 7}};
static const IID iid_right = {0x5b7d1f02, 0x11f0, 0x4c6e, {0x9a, 1, 2, 3, 4, 5, 6, 7}};
static const IID iid_right_base = {0x5b7d1f03, 0x11f0, 0x4c6e, {0x9a, 1, 2, 3, 4, 5, 6, 7}};
static const IID iid_foreign = {0x5b7d1f04, 0x11f0, 0x4c6e, {0x9a, 1, 2, 3, 4, 5, 6, 7}};

struct bridge {
    IUnknown left_iface;
    uvcom_object object;
    IUnknown right_iface;
    unsigned ended;
};

static struct bridge *bridge_from_left(IUnknown *iface)
{
    return (struct bridge *)(void *)iface;
}

static HRESULT STDMETHODCALLTYPE left_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    return uvcom_object_QueryInterface(&bridge_from_left(This)->object, riid, ppv);
}

static ULONG STDMETHODCALLTYPE left_AddRef(IUnknown *This)
{
    return uvcom_object_AddRef(&bridge_from_left(This)->object);
}

static ULONG STDMETHODCALLTYPE left_Release(IUnknown *This)
{
    return uvcom_object_Release(&bridge_from_left(This)->object);
}

static struct bridge *bridge_from_right(IUnknown *iface)
{
    return (struct bridge *)(void *)((char *)iface - offsetof(struct bridge, right_iface));
}

static HRESULT STDMETHODCALLTYPE right_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    return uvcom_object_QueryInterface(&bridge_from_right(This)->object, riid, ppv);
}

static ULONG STDMETHODCALLTYPE right_AddRef(IUnknown *This)
{
    return uvcom_object_AddRef(&bridge_from_right(This)->object);
}

static ULONG STDMETHODCALLTYPE right_Release(IUnknown *This)
{
    return uvcom_object_Release(&bridge_from_right(This)->object);
}

static const IUnknownVtbl left_vtbl = {left_QueryInterface, left_AddRef, left_Release};
static const IUnknownVtbl right_vtbl = {right_QueryInterface, right_AddRef, right_Release};

#define BRIDGE_OFFSET(field) (offsetof(struct bridge, field) - offsetof(struct bridge, object))

static const uvcom_interface_entry bridge_interfaces[] = {
    {&iid_left, BRIDGE_OFFSET(left_iface), NULL},
    {&iid_right, BRIDGE_OFFSET(right_iface), NULL},
    {&iid_right_base, BRIDGE_OFFSET(right_iface), NULL},
};

static struct bridge *bridge_from_object(uvcom_object *object)
{
    return (struct bridge *)(void *)((char *)object - offsetof(struct bridge, object));
}

static void bridge_destroy(uvcom_object *object)
{
    bridge_from_object(object)->ended++;
}

static const uvcom_class bridge_class = {bridge_interfaces, 3, bridge_destroy, 0};

/* In the test's own memory, so that it can be looked at after its end. */
static void bridge_init(struct bridge *bridge, const uvcom_class *class_)
{
    memset(bridge, 0, sizeof *bridge);
    uvcom_object_init(&bridge->object, class_);
    bridge->left_iface.lpVtbl = &left_vtbl;
    bridge->right_iface.lpVtbl = &right_vtbl;
}

/* ---- identity and interfaces ---- */

static const IID *const bridge_iids[] = {&IID_IUnknown, &iid_left, &iid_right, &iid_right_base,
                                         &IID_ICallFactory};
enum { BRIDGE_IIDS = sizeof bridge_iids / sizeof *bridge_iids };

START_TEST(com_01_the_identity_is_the_same_by_every_way)
{
    struct bridge bridge;
    IUnknown *from, *identity;

    bridge_init(&bridge, &bridge_class);
    for (size_t i = 0; i < BRIDGE_IIDS; i++) {
        ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, bridge_iids[i], (void **)&from),
                     S_OK);
        ck_assert_hr(from->lpVtbl->QueryInterface(from, &IID_IUnknown, (void **)&identity), S_OK);
        ck_assert_ptr_eq(identity, &bridge.left_iface);
        identity->lpVtbl->Release(identity);
        from->lpVtbl->Release(from);
    }
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
    ck_assert_uint_eq(bridge.ended, 1);
}
END_TEST

/* From each interface to each (so reflexive and symmetric), and from there to each (transitive). */
START_TEST(com_02_every_interface_leads_to_every_other)
{
    const size_t i = (size_t)_i / BRIDGE_IIDS, j = (size_t)_i % BRIDGE_IIDS;
    struct bridge bridge;
    IUnknown *one, *two, *three, *direct;

    bridge_init(&bridge, &bridge_class);
    for (size_t k = 0; k < BRIDGE_IIDS; k++) {
        uvcom_object_QueryInterface(&bridge.object, bridge_iids[i], (void **)&one);
        uvcom_object_QueryInterface(&bridge.object, bridge_iids[k], (void **)&direct);
        ck_assert_hr(one->lpVtbl->QueryInterface(one, bridge_iids[j], (void **)&two), S_OK);
        ck_assert_hr(two->lpVtbl->QueryInterface(two, bridge_iids[k], (void **)&three), S_OK);
        ck_assert_ptr_eq(three, direct);
        ck_assert_hr(three->lpVtbl->QueryInterface(three, &iid_foreign, (void **)&direct),
                     E_NOINTERFACE);
        ck_assert_ptr_null(direct);
        three->lpVtbl->Release(three);
        three->lpVtbl->Release(three);
        two->lpVtbl->Release(two);
        one->lpVtbl->Release(one);
    }
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
}
END_TEST

START_TEST(com_02_a_class_may_decline_the_call_factory)
{
    const uvcom_class plain = {bridge_interfaces, 3, NULL, UVCOM_CLASS_NO_CALL_FACTORY};
    struct bridge bridge;
    void *factory = &bridge;

    bridge_init(&bridge, &plain);
    ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, &IID_ICallFactory, &factory),
                 E_NOINTERFACE);
    ck_assert_ptr_null(factory);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
}
END_TEST

START_TEST(fac_01_a_call_factory_of_the_class_itself_comes_first)
{
    const uvcom_interface_entry own[] = {{&iid_left, BRIDGE_OFFSET(left_iface), NULL},
                                         {&IID_ICallFactory, BRIDGE_OFFSET(right_iface), NULL}};
    const uvcom_class class_ = {own, 2, NULL, 0};
    struct bridge bridge;
    void *factory;

    bridge_init(&bridge, &class_);
    ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, &IID_ICallFactory, &factory), S_OK);
    ck_assert_ptr_eq(factory, &bridge.right_iface);
    uvcom_object_Release(&bridge.object);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
}
END_TEST

START_TEST(com_01_an_object_without_interfaces_is_still_an_iunknown)
{
    const uvcom_class bare = {NULL, 0, NULL, UVCOM_CLASS_NO_CALL_FACTORY};
    struct bridge bridge;
    IUnknown *identity, *again;

    bridge_init(&bridge, &bare);
    ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, &IID_IUnknown, (void **)&identity),
                 S_OK);
    ck_assert_hr(identity->lpVtbl->QueryInterface(identity, &IID_IUnknown, (void **)&again), S_OK);
    ck_assert_ptr_eq(identity, again);
    identity->lpVtbl->Release(identity);
    identity->lpVtbl->Release(identity);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
}
END_TEST

START_TEST(query_interface_refuses_null_pointers)
{
    struct bridge bridge;
    void *out = &bridge;

    bridge_init(&bridge, &bridge_class);
    ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, &iid_left, NULL), E_POINTER);
    ck_assert_hr(uvcom_object_QueryInterface(&bridge.object, NULL, &out), E_INVALIDARG);
    ck_assert_ptr_null(out);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
}
END_TEST

/* ---- counts and the end ---- */

START_TEST(com_03_the_object_ends_once_with_the_last_release)
{
    struct bridge bridge;

    bridge_init(&bridge, &bridge_class);
    ck_assert_uint_eq(uvcom_object_AddRef(&bridge.object), 2);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 1);
    ck_assert_uint_eq(bridge.ended, 0);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
    ck_assert_uint_eq(bridge.ended, 1);
}
END_TEST

/* As a destroy does that takes the object off a list by means of its public interface. */
static void clinging_destroy(uvcom_object *object)
{
    void *again;

    bridge_destroy(object);
    ck_assert_hr(uvcom_object_QueryInterface(object, &iid_right, &again), S_OK);
    uvcom_object_Release(object);
}

START_TEST(destroy_may_use_the_object_without_ending_it_again)
{
    const uvcom_class clinging = {bridge_interfaces, 3, clinging_destroy, 0};
    struct bridge bridge;

    bridge_init(&bridge, &clinging);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
    ck_assert_uint_eq(bridge.ended, 1);
}
END_TEST

enum { TURNS = 20000, HANDS = 4 };

static void *add_and_release(void *object)
{
    for (int i = 0; i < TURNS; i++) {
        uvcom_object_AddRef(object);
        uvcom_object_Release(object);
    }
    uvcom_object_Release(object);
    return NULL;
}

START_TEST(com_03_threads_that_count_together_lose_nothing)
{
    struct bridge bridge;
    pthread_t hands[HANDS];

    bridge_init(&bridge, &bridge_class);
    for (int i = 0; i < HANDS; i++) {
        uvcom_object_AddRef(&bridge.object);
        ck_assert_int_eq(pthread_create(&hands[i], NULL, add_and_release, &bridge.object), 0);
    }
    for (int i = 0; i < HANDS; i++)
        pthread_join(hands[i], NULL);
    ck_assert_uint_eq(bridge.ended, 0);
    ck_assert_uint_eq(uvcom_object_Release(&bridge.object), 0);
    ck_assert_uint_eq(bridge.ended, 1);
}
END_TEST

/* In a child, so that it works with CK_FORK=no as well. @return whether it ended by abort */
static bool aborts(void (*act)(void))
{
    const struct rlimit no_core = {0, 0};
    pid_t child = fork();
    int status = 0;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        act();
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void overflow(void)
{
    struct bridge bridge;

    bridge_init(&bridge, &bridge_class);
    bridge.object.refs = 0x7FFFFFFF;
    uvcom_object_AddRef(&bridge.object);
}

static void nearly_overflow(void)
{
    struct bridge bridge;

    bridge_init(&bridge, &bridge_class);
    bridge.object.refs = 0x7FFFFFFE;
    uvcom_object_AddRef(&bridge.object);
}

static void release_too_often(void)
{
    struct bridge bridge;

    bridge_init(&bridge, &bridge_class);
    bridge.object.refs = 0;
    uvcom_object_Release(&bridge.object);
}

/* A count that wraps to zero would free an object that two thousand million clients still use. */
START_TEST(a_count_that_leaves_its_range_aborts)
{
    ck_assert(aborts(overflow));
    ck_assert(!aborts(nearly_overflow));
    ck_assert(aborts(release_too_often));
}
END_TEST

/* ---- the call factory ---- */

static IPlace *new_place(void)
{
    IPlace *place;

    ck_assert_hr(place_create(NULL, &IID_IPlace, (void **)&place), S_OK);
    return place;
}

/*
 * The thread that one asynchronous call runs on. That thread may hold the object for a moment
 * longer than Finish_ waits, so what a Release returns afterwards says nothing; the fixture looks
 * at the end.
 */
static uint32_t thread_of_call(IPlace *place)
{
    AsyncIPlace *call;
    ULONG thread = 0;

    ck_assert_hr(uvcom_create_call(place, &IID_AsyncIPlace, (void **)&call), S_OK);
    ck_assert_hr(AsyncIPlace_Begin_GetThread(call), S_OK);
    ck_assert_hr(AsyncIPlace_Finish_GetThread(call, &thread), S_OK);
    AsyncIPlace_Release(call);
    return thread;
}

START_TEST(apt_05_an_object_of_a_single_threaded_apartment_is_called_in_its_queue)
{
    IPlace *place;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    place = new_place();
    ck_assert_uint_eq(thread_of_call(place), place_thread());
    IPlace_Release(place);
    CoUninitialize();
}
END_TEST

START_TEST(apt_06_an_object_of_the_multithreaded_apartment_is_called_on_its_workers)
{
    IPlace *place;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    place = new_place();
    ck_assert_uint_ne(thread_of_call(place), place_thread());
    IPlace_Release(place);
    CoUninitialize();
}
END_TEST

START_TEST(an_object_of_no_apartment_is_called_on_the_workers)
{
    IPlace *place = new_place();

    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_uint_ne(thread_of_call(place), place_thread());
    IPlace_Release(place);
    CoUninitialize();
}
END_TEST

START_TEST(a_thread_without_an_apartment_gets_no_call_object)
{
    IPlace *place = new_place();
    void *call = &place;

    ck_assert_hr(uvcom_create_call(place, &IID_AsyncIPlace, &call), CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(call);
    ck_assert_uint_eq(IPlace_Release(place), 0);
}
END_TEST

static void make_a_place(struct station *station)
{
    station->hr = place_create(NULL, &IID_IPlace, &station->context);
}

static void release_the_place(struct station *station)
{
    IPlace_Release((IPlace *)station->context);
}

START_TEST(an_object_of_another_single_threaded_apartment_is_out_of_reach)
{
    struct station station = {
        .model = COINIT_APARTMENTTHREADED, .open = make_a_place, .close = release_the_place};
    void *call = &station;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    station_start(&station);
    ck_assert_hr(uvcom_create_call(station.context, &IID_AsyncIPlace, &call), RPC_E_WRONG_THREAD);
    ck_assert_ptr_null(call);
    station_end(&station);
    CoUninitialize();
}
END_TEST

START_TEST(fac_03_fac_04_fac_06_fac_08_create_call_checks_what_it_is_given)
{
    IUnknown *out = (IUnknown *)&out;
    ICallFactory *factory;
    IPlace *place;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    place = new_place();
    ck_assert_hr(IPlace_QueryInterface(place, &IID_ICallFactory, (void **)&factory), S_OK);
    ck_assert_hr(ICallFactory_CreateCall(factory, &IID_AsyncIPlace, NULL, &IID_IUnknown, NULL),
                 E_POINTER);
    ck_assert_hr(ICallFactory_CreateCall(factory, &IID_IPlace, NULL, &IID_IUnknown, &out),
                 E_NOINTERFACE);
    ck_assert_ptr_null(out);
    out = (IUnknown *)&out;
    ck_assert_hr(ICallFactory_CreateCall(factory, &IID_AsyncIPlace, (IUnknown *)place,
                                         &IID_AsyncIPlace, &out),
                 E_INVALIDARG);
    ck_assert_ptr_null(out);
    ICallFactory_Release(factory);
    ck_assert_uint_eq(IPlace_Release(place), 0);
    CoUninitialize();
}
END_TEST

START_TEST(fac_11_the_call_object_keeps_the_object_alive)
{
    AsyncIPlace *call;
    IPlace *place;
    ULONG thread;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    place = new_place();
    ck_assert_hr(uvcom_create_call(place, &IID_AsyncIPlace, (void **)&call), S_OK);
    IPlace_Release(place);
    ck_assert_uint_eq(place_get(&places.live), 1);
    ck_assert_hr(AsyncIPlace_Begin_GetThread(call), S_OK);
    ck_assert_hr(AsyncIPlace_Finish_GetThread(call, &thread), S_OK);
    AsyncIPlace_Release(call);
    CoUninitialize();
    ck_assert_uint_eq(place_get(&places.live), 0);
}
END_TEST

static Suite *object_suite(void)
{
    Suite *suite = suite_create("object");
    TCase *interfaces = tcase_create("interfaces");
    TCase *counts = tcase_create("counts");
    TCase *calls = tcase_create("calls");

    tcase_add_test(interfaces, com_01_the_identity_is_the_same_by_every_way);
    tcase_add_loop_test(interfaces, com_02_every_interface_leads_to_every_other, 0,
                        BRIDGE_IIDS * BRIDGE_IIDS);
    tcase_add_test(interfaces, com_02_a_class_may_decline_the_call_factory);
    tcase_add_test(interfaces, fac_01_a_call_factory_of_the_class_itself_comes_first);
    tcase_add_test(interfaces, com_01_an_object_without_interfaces_is_still_an_iunknown);
    tcase_add_test(interfaces, query_interface_refuses_null_pointers);
    tcase_add_test(counts, com_03_the_object_ends_once_with_the_last_release);
    tcase_add_test(counts, destroy_may_use_the_object_without_ending_it_again);
    tcase_add_test(counts, com_03_threads_that_count_together_lose_nothing);
    tcase_add_test(counts, a_count_that_leaves_its_range_aborts);
    tcase_add_checked_fixture(calls, place_reset, place_check);
    tcase_add_test(calls, apt_05_an_object_of_a_single_threaded_apartment_is_called_in_its_queue);
    tcase_add_test(calls, apt_06_an_object_of_the_multithreaded_apartment_is_called_on_its_workers);
    tcase_add_test(calls, an_object_of_no_apartment_is_called_on_the_workers);
    tcase_add_test(calls, a_thread_without_an_apartment_gets_no_call_object);
    tcase_add_test(calls, an_object_of_another_single_threaded_apartment_is_out_of_reach);
    tcase_add_test(calls, fac_03_fac_04_fac_06_fac_08_create_call_checks_what_it_is_given);
    tcase_add_test(calls, fac_11_the_call_object_keeps_the_object_alive);
    suite_add_tcase(suite, interfaces);
    suite_add_tcase(suite, counts);
    suite_add_tcase(suite, calls);
    return suite;
}

UVCOM_TEST_MAIN(object_suite)
