/*
 * cases_factory.c -- conformance cases for FAC: ICallFactory, without what speaks of aggregation
 * (cases_aggregation.c).
 */
#include "tests/conformance/conformance.h"

#include <string.h>

/* ICallFactory of the scene's server; one reference. */
static ICallFactory *factory(void)
{
    return query(scene.server, &IID_ICallFactory);
}

static HRESULT create(ICallFactory *from, REFIID riid, REFIID riid2, IUnknown **call)
{
    *call = (IUnknown *)(uintptr_t)0x5A5A5A5A;
    return ICallFactory_CreateCall(from, riid, NULL, riid2, call);
}

/* Fails the case unless CreateCall gives this code and no object. */
static void refuse(REFIID riid, REFIID riid2, HRESULT code)
{
    ICallFactory *from = factory();
    IUnknown *call;

    ck_assert_hr(create(from, riid, riid2, &call), code);
    ck_assert_ptr_null(call);
    release(from);
}

/* ---- who answers it ---- */

static HRESULT factory_of(uvcom_create_fn make)
{
    IDesk *object;
    HRESULT hr;

    ck_assert_hr(make(NULL, &IID_IDesk, (void **)&object), S_OK);
    hr = answer(object, &IID_ICallFactory);
    release(object);
    return hr;
}

CASE(FAC_01_an_object_that_has_no_asynchronous_calls_says_so)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(factory_of(desk_create), S_OK);
    ck_assert_hr(factory_of(desk_create_silent), E_NOINTERFACE);
    ck_assert_hr(factory_of(plain_create), E_NOINTERFACE);
    CoUninitialize();
}

/* A desk made by this function in an apartment of its own. */
static IDesk *desk_elsewhere(uvcom_create_fn make)
{
    IDesk *server;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Desk, make, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Desk, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk, (void **)&server),
        S_OK);
    return server;
}

static void end_elsewhere(IDesk *server)
{
    release(server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Desk), S_OK);
}

CASE(FAC_02_a_proxy_answers_although_its_server_does_not)
{
    static const uvcom_create_fn makes[] = {desk_create_silent, plain_create};

    for (size_t i = 0; i < sizeof makes / sizeof *makes; i++) {
        IDesk *server = desk_elsewhere(makes[i]);
        AsyncIDesk *call;
        LONG result = 0;

        ck_assert_hr(answer(server, &IID_ICallFactory), S_OK);
        ck_assert_hr(uvcom_create_call(server, &IID_AsyncIDesk, (void **)&call), S_OK);
        ck_assert_hr(AsyncIDesk_Begin_Echo(call, 2), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Echo(call, &result), S_OK);
        ck_assert_int_eq(result, 2);
        release(call);
        end_elsewhere(server);
    }
}

/* ---- what CreateCall takes ---- */

CASE(FAC_03_only_an_asynchronous_interface_of_the_server_will_do)
{
    static const IID nobodys = {0x12345678, 0x1234, 0x1234, {1, 2, 3, 4, 5, 6, 7, 8}};

    refuse(&IID_IDesk, &IID_IUnknown, E_NOINTERFACE);
    refuse(&IID_IPlain, &IID_IUnknown, E_NOINTERFACE);
    refuse(&IID_IUnknown, &IID_IUnknown, E_NOINTERFACE);
    refuse(&IID_AsyncIAbsent, &IID_IUnknown, E_NOINTERFACE);
    refuse(&IID_ISynchronize, &IID_ISynchronize, E_NOINTERFACE);
    refuse(&nobodys, &IID_IUnknown, E_NOINTERFACE);
}

CASE(FAC_03_each_asynchronous_interface_of_the_server_will_do)
{
    static const IID *const known[] = {&IID_AsyncIDesk, &IID_AsyncIDeskMore, &IID_AsyncISide};
    ICallFactory *from = factory();

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        IUnknown *call;

        ck_assert_hr(create(from, known[i], &IID_IUnknown, &call), S_OK);
        ck_assert_hr(answer(call, known[i]), S_OK);
        release(call);
    }
    release(from);
}

CASE(FAC_04_a_call_object_needs_a_place_to_go)
{
    ICallFactory *from = factory();

    ck_assert_hr(ICallFactory_CreateCall(from, &IID_AsyncIDesk, NULL, &IID_IUnknown, NULL),
                 E_POINTER);
    release(from);
}

CASE(FAC_07_any_interface_of_the_call_object_can_be_had)
{
    static const IID *const known[] = {&IID_IUnknown, &IID_ISynchronize, &IID_AsyncIDesk};
    ICallFactory *from = factory();

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        IUnknown *call;
        AsyncIDesk *desk_call;
        LONG result = 0;

        ck_assert_hr(create(from, &IID_AsyncIDesk, known[i], &call), S_OK);
        desk_call = query(call, &IID_AsyncIDesk);
        ck_assert_hr(AsyncIDesk_Begin_Echo(desk_call, 7), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Echo(desk_call, &result), S_OK);
        ck_assert_int_eq(result, 7);
        release(desk_call);
        release(call);
    }
    release(from);
}

CASE(FAC_08_a_failure_leaves_null_and_nothing_else)
{
    size_t live;

    refuse(&IID_AsyncIDesk, &IID_IClassFactory, E_NOINTERFACE);
    live = faults_live();
    refuse(&IID_AsyncIDesk, &IID_IClassFactory, E_NOINTERFACE);
    refuse(&IID_AsyncIDesk, &IID_AsyncIDeskMore, E_NOINTERFACE);
    refuse(&IID_AsyncIDesk, &IID_IDesk, E_NOINTERFACE);
    refuse(&IID_IDesk, &IID_IUnknown, E_NOINTERFACE);
    ck_assert_uint_eq(faults_live(), live);
}

CASE(FAC_09_without_memory_there_is_no_call_object)
{
    ICallFactory *from = factory();
    IUnknown *call;
    size_t refused = 0;

    for (size_t n = 1;; n++) {
        HRESULT hr;

        faults_fail_at(n);
        hr = create(from, &IID_AsyncIDesk, &IID_IUnknown, &call);
        if (SUCCEEDED(hr))
            break;
        ck_assert_hr(hr, E_OUTOFMEMORY);
        ck_assert_ptr_null(call);
        ck_assert_uint_eq(faults_live(), 0);
        refused++;
    }
    faults_fail_at(0);
    ck_assert_uint_gt(refused, 0);
    release(call);
    release(from);
    faults_reset(); /* what was allocated before the sweep is not counted as live any more */
}

CASE(FAC_10_at_home_an_object_may_have_no_call_objects)
{
    IDesk *object;
    void *call = &call;
    LONG result = 0;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(plain_create(NULL, &IID_IDesk, (void **)&object), S_OK);
    ck_assert_hr(uvcom_create_call(object, &IID_AsyncIDesk, &call), E_NOINTERFACE);
    ck_assert_ptr_null(call);
    ck_assert_hr(IDesk_Echo(object, 10, &result), S_OK);
    ck_assert_int_eq(result, 10);
    release(object);
    CoUninitialize();
}

CASE(FAC_10_a_proxy_always_makes_one)
{
    AsyncIDesk *other = new_call();

    ck_assert_hr(AsyncIDesk_Begin_Run(other, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(other), E_NOTIMPL);
    release(other);
}

/* ---- what it keeps ---- */

CASE(FAC_11_the_call_object_keeps_its_server)
{
    LONG result = 0;

    release(scene.server);
    scene.server = NULL;
    ck_assert_int_eq(atomic_load(&desk.live), 1);
    for (LONG i = 0; i < 3; i++) {
        ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, i), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
        ck_assert_int_eq(result, i);
    }
    release(scene.sync);
    release(scene.call);
    scene.sync = NULL;
    scene.call = NULL;
    await_value(&desk.live, 0);
}

enum { MANY = 1000 };

CASE(FAC_12_a_thousand_calls_of_one_server_are_under_way)
{
    static AsyncIDesk *calls[MANY];

    for (LONG i = 0; i < MANY; i++) {
        calls[i] = new_call();
        ck_assert_hr(AsyncIDesk_Begin_Hold(calls[i], i), S_OK);
    }
    for (LONG i = 0; i < MANY; i++)
        ck_assert_hr(uvcom_wait(calls[i], 0), RPC_E_TIMEOUT);
    gate_open(&desk.gate);
    for (LONG i = MANY - 1; i >= 0; i--) {
        LONG result = -1;

        ck_assert_hr(AsyncIDesk_Finish_Hold(calls[i], &result), S_OK);
        ck_assert_int_eq(result, i);
        release(calls[i]);
    }
}

const struct conformance_case cases_factory[] = {
    {&FAC_01_an_object_that_has_no_asynchronous_calls_says_so, SETTING_BARE},
    {&FAC_02_a_proxy_answers_although_its_server_does_not, SETTING_BARE},
    {&FAC_03_only_an_asynchronous_interface_of_the_server_will_do, EVERYWHERE},
    {&FAC_03_each_asynchronous_interface_of_the_server_will_do, EVERYWHERE},
    {&FAC_04_a_call_object_needs_a_place_to_go, EVERYWHERE},
    {&FAC_07_any_interface_of_the_call_object_can_be_had, EVERYWHERE},
    {&FAC_08_a_failure_leaves_null_and_nothing_else, EVERYWHERE},
    {&FAC_09_without_memory_there_is_no_call_object, USUAL | SETTING_MTA_TO_MTA},
    {&FAC_10_at_home_an_object_may_have_no_call_objects, SETTING_BARE},
    {&FAC_10_a_proxy_always_makes_one, THROUGH_A_PROXY},
    {&FAC_11_the_call_object_keeps_its_server, EVERYWHERE},
    {&FAC_12_a_thousand_calls_of_one_server_are_under_way, ELSEWHERE},
    {0},
};
