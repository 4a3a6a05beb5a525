/*
 * test_agile_server.c -- asynchronous servers that belong to no apartment: their Start_ functions
 * run in that of whoever begins the call, which may close long before the call is over, or while it
 * is begun. SRV-08, CALL-16, APT-09.
 */
#include <stdlib.h>
#include <string.h>

#include "bakery.h"
#include "client.h"
#include "tests/support/outer.h"

struct stand {
    uvcom_object object;
    IBakery IBakery_iface;
};

UVCOM_OBJECT_IUNKNOWN(stand, IBakery)

static struct {
    IBakery *server;
    AsyncIBakery *call;
    uvcom_operation *operation; /* of the call that Start_ has taken */
    IUnknown **wrapped;         /* the place of its result */
    HRESULT begun, timeout;
    atomic_int live;
} stand;

static void stand_destroy(uvcom_object *object)
{
    atomic_fetch_sub(&stand.live, 1);
    free(object);
}

static HRESULT start_bake(IBakery *This, uvcom_operation *operation, LONG dough, LONG *bread)
{
    (void)This;
    *bread = 2 * dough;
    stand.operation = operation;
    return S_OK;
}

static HRESULT start_wrap(IBakery *This, uvcom_operation *operation, IUnknown *thing,
                          IUnknown **wrapped)
{
    (void)This;
    (void)thing;
    stand.wrapped = wrapped;
    stand.operation = operation;
    return S_OK;
}

static const AsyncIBakeryServer starts = {.Start_Bake = start_bake, .Start_Wrap = start_wrap};
/* Its methods are never called. */
static const IBakeryVtbl stand_vtbl = {
    .QueryInterface = stand_IBakery_QueryInterface,
    .AddRef = stand_IBakery_AddRef,
    .Release = stand_IBakery_Release,
};
static const uvcom_interface_entry entries[] = {
    UVCOM_OBJECT_ASYNC_ENTRY(stand, IBakery, &starts),
};
static const uvcom_class agile_class = {.interfaces = entries,
                                        .interface_count = 1,
                                        .destroy = stand_destroy,
                                        .flags = UVCOM_CLASS_AGILE};

static void open_stand(void)
{
    struct stand *made;

    faults_reset();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    memset(&stand, 0, sizeof stand);
    made = calloc(1, sizeof *made);
    ck_assert_ptr_nonnull(made);
    uvcom_object_init(&made->object, &agile_class);
    made->IBakery_iface.lpVtbl = &stand_vtbl;
    atomic_store(&stand.live, 1);
    stand.server = &made->IBakery_iface;
    ck_assert_hr(uvcom_create_call(stand.server, &IID_AsyncIBakery, (void **)&stand.call), S_OK);
}

static void close_stand(void)
{
    client_release(stand.call);
    client_release(stand.server);
    CoUninitialize();
    ck_assert_int_eq(atomic_load(&stand.live), 0);
    ck_assert_uint_eq(faults_live(), 0);
}

/* ---- the client's apartment closes ---- */

static void bake_and_leave(void *arg)
{
    (void)arg;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    stand.begun = AsyncIBakery_Begin_Bake(stand.call, 21);
    CoUninitialize();
}

static void wrap_and_leave(void *arg)
{
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    stand.begun = AsyncIBakery_Begin_Wrap(stand.call, arg);
    CoUninitialize();
}

START_TEST(srv_08_the_clients_apartment_closes_and_the_call_goes_on)
{
    LONG bread = 0;

    helper_run_bare(bake_and_leave, NULL);
    ck_assert_hr(stand.begun, S_OK);
    ck_assert(!uvcom_operation_is_cancelled(stand.operation));
    ck_assert_hr(uvcom_wait(stand.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom_operation_complete(stand.operation, S_OK), S_OK);
    uvcom_operation_release(stand.operation);
    ck_assert_hr(AsyncIBakery_Finish_Bake(stand.call, &bread), S_OK);
    ck_assert_int_eq(bread, 42);
}
END_TEST

/* Its own home has gone, so they are given out in the multithreaded apartment. */
START_TEST(call_16_pointers_among_the_results_are_given_out_all_the_same)
{
    IUnknown *wrapped = NULL;

    helper_run_bare(wrap_and_leave, NULL);
    ck_assert_hr(stand.begun, S_OK);
    IBakery_AddRef(stand.server);
    *stand.wrapped = (IUnknown *)stand.server;
    ck_assert_hr(uvcom_operation_complete(stand.operation, S_OK), S_OK);
    uvcom_operation_release(stand.operation);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(stand.call, &wrapped), S_OK);
    ck_assert_ptr_eq(wrapped, stand.server);
    client_release(wrapped);
}
END_TEST

/* What it was given is good in that apartment only. */
START_TEST(call_16_a_call_with_pointers_ends_with_the_clients_apartment)
{
    struct witness witness;
    IUnknown *wrapped = &witness.unknown;

    witness_init(&witness);
    helper_run_bare(wrap_and_leave, &witness.unknown);
    ck_assert_hr(stand.begun, S_OK);
    ck_assert(uvcom_operation_is_cancelled(stand.operation));
    ck_assert_int_eq(witness_references(&witness), 1);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(stand.call, &wrapped), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(wrapped);
    ck_assert_hr(uvcom_operation_complete(stand.operation, S_OK), RPC_E_CALL_CANCELED);
    uvcom_operation_release(stand.operation);
}
END_TEST

START_TEST(srv_08_the_runtime_ends_and_the_client_is_told)
{
    LONG bread = 7;

    helper_run_bare(bake_and_leave, NULL);
    CoUninitialize();
    ck_assert(uvcom_operation_is_cancelled(stand.operation));
    ck_assert_hr(AsyncIBakery_Finish_Bake(stand.call, &bread), RPC_E_DISCONNECTED);
    ck_assert_hr(uvcom_operation_complete(stand.operation, S_OK), RPC_E_CALL_CANCELED);
    uvcom_operation_release(stand.operation);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}
END_TEST

/* ---- the thread leaves its apartment inside Begin_ ---- */

static void leave_in_reset(struct outer *outer)
{
    (void)outer;
    CoUninitialize();
}

static void begin_by_outer(void *arg)
{
    AsyncIBakery *call = arg;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    stand.begun = AsyncIBakery_Begin_Bake(call, 1);
}

START_TEST(apt_09_reset_leaves_the_apartment)
{
    struct outer *outer = outer_create();
    AsyncIBakery *call;

    ck_assert_hr(outer_attach(outer, stand.server, &IID_AsyncIBakery), S_OK);
    call = client_query(&outer->unknown, &IID_AsyncIBakery);
    outer->on_reset = leave_in_reset;
    helper_run_bare(begin_by_outer, call);
    ck_assert_hr(stand.begun, CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(stand.operation);
    ck_assert_hr(AsyncIBakery_Finish_Bake(call, &(LONG){0}), RPC_E_CALL_COMPLETE);
    client_release(call);
    outer_release(outer);
}
END_TEST

static HRESULT STDMETHODCALLTYPE leaver_query(IUnknown *This, REFIID riid, void **ppv)
{
    (void)riid;
    *ppv = This;
    CoUninitialize();
    return S_OK;
}

static ULONG STDMETHODCALLTYPE leaver_add_ref(IUnknown *This)
{
    (void)This;
    CoUninitialize();
    return 2;
}

static ULONG STDMETHODCALLTYPE leaver_release(IUnknown *This)
{
    (void)This;
    return 1;
}

static const IUnknownVtbl leaver_vtbl = {leaver_query, leaver_add_ref, leaver_release};

static void wrap_a_leaver(void *arg)
{
    IUnknown leaver = {&leaver_vtbl};

    (void)arg;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    stand.timeout = uvcom_call_set_timeout(stand.call, 3600000);
    stand.begun = AsyncIBakery_Begin_Wrap(stand.call, &leaver);
}

/* The call has a deadline, for which a thread must be found after that. */
START_TEST(apt_09_a_parameter_leaves_the_apartment)
{
    helper_run_bare(wrap_a_leaver, NULL);
    ck_assert_hr(stand.timeout, S_OK);
    ck_assert_hr(stand.begun, CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(stand.operation);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(stand.call, &(IUnknown *){NULL}), RPC_E_CALL_COMPLETE);
}
END_TEST

static Suite *agile_server_suite(void)
{
    Suite *suite = suite_create("agile asynchronous servers");
    TCase *tcase = tcase_create("agile");

    tcase_add_checked_fixture(tcase, open_stand, close_stand);
    tcase_add_test(tcase, srv_08_the_clients_apartment_closes_and_the_call_goes_on);
    tcase_add_test(tcase, call_16_pointers_among_the_results_are_given_out_all_the_same);
    tcase_add_test(tcase, call_16_a_call_with_pointers_ends_with_the_clients_apartment);
    tcase_add_test(tcase, srv_08_the_runtime_ends_and_the_client_is_told);
    tcase_add_test(tcase, apt_09_reset_leaves_the_apartment);
    tcase_add_test(tcase, apt_09_a_parameter_leaves_the_apartment);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(agile_server_suite)
