/*
 * test_factory.c -- ICallFactory::CreateCall: FAC-01 to 04, 06 to 09, 11 and 12, through proxies
 * and on objects themselves.
 */
#include <stdlib.h>

#include "client.h"

static ICallFactory *factory(void)
{
    return client_query(client.server, &IID_ICallFactory);
}

/* CreateCall without an outer object. */
static HRESULT create(REFIID riid, REFIID riid2, IUnknown **ppv)
{
    ICallFactory *from = factory();
    HRESULT hr = ICallFactory_CreateCall(from, riid, NULL, riid2, ppv);

    client_release(from);
    return hr;
}

START_TEST(fac_01_an_object_without_the_factory_has_no_calls)
{
    void *found = (void *)-1;
    IGated *silent;

    ck_assert_hr(gated_create_silent(NULL, &IID_IGated, (void **)&silent), S_OK);
    ck_assert_hr(IGated_QueryInterface(silent, &IID_ICallFactory, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    found = (void *)-1;
    ck_assert_hr(uvcom_create_call(silent, &IID_AsyncIGated, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    client_release(silent);
}
END_TEST

/* Its proxy has one all the same. */
START_TEST(fac_02_a_proxy_of_an_object_without_the_factory_has_calls)
{
    static const CLSID clsid = {0x3c0f5a02, 0x7d5b, 0x4d6e, {1, 2, 3, 4, 5, 6, 7, 8}};
    IGated *proxy;
    AsyncIGated *call;
    LONG sum;

    ck_assert_hr(uvcom_register_class(&clsid, gated_create_silent, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&proxy),
                 S_OK);
    ck_assert_hr(uvcom_create_call(proxy, &IID_AsyncIGated, (void **)&call), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 40, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), S_OK);
    ck_assert_int_eq(sum, 42);
    client_release(call);
    client_release(proxy);
    ck_assert_hr(uvcom_unregister_class(&clsid), S_OK);
}
END_TEST

START_TEST(fac_03_only_asynchronous_ids_make_calls)
{
    static const IID nobodys = {0x11111111, 0x2222, 0x3333, {4, 4, 4, 4, 4, 4, 4, 4}};
    const IID *const wrong[] = {&IID_IGated,  &IID_IUnknown,     &IID_ISynchronize,
                                &IID_IPlain,  &IID_AsyncIAbsent, &IID_AsyncIUnknown,
                                &IID_IAbsent, &IID_ICallFactory, &nobodys};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        IUnknown *made = (IUnknown *)-1;
        void *helped = (void *)-1;

        ck_assert_hr(create(wrong[i], &IID_IUnknown, &made), E_NOINTERFACE);
        ck_assert_ptr_null(made);
        ck_assert_hr(uvcom_create_call(client.server, wrong[i], &helped), E_NOINTERFACE);
        ck_assert_ptr_null(helped);
    }
}
END_TEST

START_TEST(fac_03_every_asynchronous_id_of_the_object_makes_calls)
{
    const IID *const right[] = {&IID_AsyncIGated, &IID_AsyncIGatedMore, &IID_AsyncISide};

    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        IUnknown *made = NULL;

        ck_assert_hr(create(right[i], right[i], &made), S_OK);
        client_release(made);
    }
}
END_TEST

START_TEST(fac_04_null_for_the_result_is_refused)
{
    ICallFactory *from = factory();

    ck_assert_hr(ICallFactory_CreateCall(from, &IID_AsyncIGated, NULL, &IID_IUnknown, NULL),
                 E_POINTER);
    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncIGated, NULL), E_POINTER);
    client_release(from);
}
END_TEST

START_TEST(fac_04_null_ids_and_a_null_server_are_refused)
{
    IUnknown *made = (IUnknown *)-1;
    void *helped = (void *)-1;

    ck_assert_hr(create(NULL, &IID_IUnknown, &made), E_INVALIDARG);
    ck_assert_ptr_null(made);
    made = (IUnknown *)-1;
    ck_assert_hr(create(&IID_AsyncIGated, NULL, &made), E_INVALIDARG);
    ck_assert_ptr_null(made);
    ck_assert_hr(uvcom_create_call(client.server, NULL, &helped), E_INVALIDARG);
    ck_assert_ptr_null(helped);
    helped = (void *)-1;
    ck_assert_hr(uvcom_create_call(NULL, &IID_AsyncIGated, &helped), E_POINTER);
    ck_assert_ptr_null(helped);
}
END_TEST

START_TEST(fac_06_an_outer_object_wants_iunknown)
{
    struct witness outer;
    ICallFactory *from = factory();
    IUnknown *made = (IUnknown *)-1;

    witness_init(&outer);
    ck_assert_hr(
        ICallFactory_CreateCall(from, &IID_AsyncIGated, &outer.unknown, &IID_AsyncIGated, &made),
        E_INVALIDARG);
    ck_assert_ptr_null(made);
    made = (IUnknown *)-1;
    ck_assert_hr(
        ICallFactory_CreateCall(from, &IID_AsyncIGated, &outer.unknown, &IID_IUnknown, &made),
        S_OK);
    ck_assert_uint_eq(IUnknown_Release(made), 0);
    ck_assert_int_eq(witness_references(&outer), 1);
    client_release(from);
}
END_TEST

START_TEST(fac_07_any_interface_of_the_call_object_is_returned)
{
    const IID *const asked[] = {&IID_IUnknown, &IID_ISynchronize, &IID_AsyncIGated};

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        IUnknown *made, *identity;
        AsyncIGated *call;
        LONG sum;

        ck_assert_hr(create(&IID_AsyncIGated, asked[i], &made), S_OK);
        call = client_query(made, &IID_AsyncIGated);
        ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 1), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), S_OK);
        identity = client_query(made, asked[i]);
        ck_assert_ptr_eq(identity, made);
        client_release(identity);
        client_release(call);
        ck_assert_uint_eq(IUnknown_Release(made), 0);
    }
}
END_TEST

/* The object that was made for nothing is gone again: the fixture's end looks for its memory. */
START_TEST(fac_08_a_call_object_without_the_interface_is_no_call_object)
{
    const IID *const wrong[] = {&IID_IGated, &IID_AsyncIGatedMore, &IID_AsyncISide,
                                &IID_ICallFactory, &IID_ISynchronizeContainer};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        IUnknown *made = (IUnknown *)-1;

        ck_assert_hr(create(&IID_AsyncIGated, wrong[i], &made), E_NOINTERFACE);
        ck_assert_ptr_null(made);
    }
}
END_TEST

START_TEST(fac_09_out_of_memory_leaves_nothing_behind)
{
    ICallFactory *from = factory();
    size_t before, n;

    for (n = 1;; n++) {
        IUnknown *made = (IUnknown *)-1;
        HRESULT hr;

        faults_fail_at(n);
        before = faults_live();
        hr = ICallFactory_CreateCall(from, &IID_AsyncIGated, NULL, &IID_AsyncIGated, &made);
        if (!faults_hit()) {
            ck_assert_hr(hr, S_OK);
            client_release(made);
            break;
        }
        ck_assert_hr(hr, E_OUTOFMEMORY);
        ck_assert_ptr_null(made);
        ck_assert_uint_eq(faults_live(), before);
    }
    faults_reset();
    ck_assert_uint_ge(n, 2);
    client_release(from);
}
END_TEST

START_TEST(fac_11_factory_and_server_may_be_released_before_begin)
{
    IUnknown *made;
    AsyncIGated *call;
    LONG sum = 0;

    ck_assert_hr(create(&IID_AsyncIGated, &IID_AsyncIGated, &made), S_OK);
    call = (AsyncIGated *)made;
    client_release(client.sync);
    client_release(client.call);
    client_release(client.server);
    client = (struct client){0};
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 4, 5), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), S_OK);
    ck_assert_int_eq(sum, 9);
    client_release(call);
}
END_TEST

enum { MANY = 1000 };

/* All of them are outstanding at the same time, and each result goes to its own call object. */
START_TEST(fac_12_a_thousand_call_objects_on_one_server)
{
    static AsyncIGated *calls[MANY];

    for (LONG i = 0; i < MANY; i++) {
        calls[i] = client_new_call();
        ck_assert_hr(AsyncIGated_Begin_Enter(calls[i], i), S_OK);
        ck_assert_hr(uvcom_wait(calls[i], 0), RPC_E_TIMEOUT);
    }
    gate_open(&gated.gate);
    for (LONG i = MANY - 1; i >= 0; i--) {
        LONG result = -1;

        ck_assert_hr(AsyncIGated_Finish_Enter(calls[i], &result), S_OK);
        ck_assert_int_eq(result, i);
        client_release(calls[i]);
    }
    ck_assert_int_eq(atomic_load(&gated.entered), MANY);
}
END_TEST

/* ---- somebody else's factory, which knows the rules badly ---- */

static struct foreign {
    IUnknown unknown;
    ICallFactory factory;
    HRESULT hr;      /* of CreateCall */
    IUnknown *gives; /* what CreateCall writes, however it ends */
} foreign;

static HRESULT STDMETHODCALLTYPE foreign_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    (void)This;
    *ppv = IsEqualIID(riid, &IID_ICallFactory) ? &foreign.factory : NULL;
    return *ppv ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE foreign_count(IUnknown *This)
{
    (void)This;
    return 1;
}

static ULONG STDMETHODCALLTYPE foreign_factory_count(ICallFactory *This)
{
    (void)This;
    return 1;
}

static HRESULT STDMETHODCALLTYPE foreign_CreateCall(ICallFactory *This, REFIID riid,
                                                    IUnknown *outer, REFIID riid2, IUnknown **ppv)
{
    (void)This;
    (void)riid;
    (void)outer;
    (void)riid2;
    *ppv = foreign.gives;
    return foreign.hr;
}

static IUnknown *open_foreign(HRESULT hr, IUnknown *gives)
{
    static const IUnknownVtbl unknown_vtbl = {
        .QueryInterface = foreign_QueryInterface,
        .AddRef = foreign_count,
        .Release = foreign_count,
    };
    static const ICallFactoryVtbl factory_vtbl = {
        .AddRef = foreign_factory_count,
        .Release = foreign_factory_count,
        .CreateCall = foreign_CreateCall,
    };

    foreign = (struct foreign){.hr = hr, .gives = gives};
    foreign.unknown.lpVtbl = &unknown_vtbl;
    foreign.factory.lpVtbl = &factory_vtbl;
    return &foreign.unknown;
}

START_TEST(fac_08_a_foreign_factory_that_fails_leaves_null)
{
    IUnknown *server = open_foreign(E_FAIL, (IUnknown *)-1);
    void *call = (void *)-1;

    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, &call), E_FAIL);
    ck_assert_ptr_null(call);
}
END_TEST

/* The server's QueryInterface says S_OK and gives NULL; its factory is there all the same. */
START_TEST(fac_03_a_server_that_lies_about_its_interface_is_unexpected)
{
    ICallFactory *from = factory();
    IUnknown *call = (IUnknown *)-1;

    atomic_store(&gated.lies, true);
    ck_assert_hr(ICallFactory_CreateCall(from, &IID_AsyncISide, NULL, &IID_AsyncISide, &call),
                 E_UNEXPECTED);
    ck_assert_ptr_null(call);
    client_release(from);
}
END_TEST

static void factories(TCase *tcase)
{
    tcase_add_test(tcase, fac_01_an_object_without_the_factory_has_no_calls);
    tcase_add_test(tcase, fac_03_only_asynchronous_ids_make_calls);
    tcase_add_test(tcase, fac_03_every_asynchronous_id_of_the_object_makes_calls);
    tcase_add_test(tcase, fac_04_null_for_the_result_is_refused);
    tcase_add_test(tcase, fac_04_null_ids_and_a_null_server_are_refused);
    tcase_add_test(tcase, fac_06_an_outer_object_wants_iunknown);
    tcase_add_test(tcase, fac_07_any_interface_of_the_call_object_is_returned);
    tcase_add_test(tcase, fac_08_a_call_object_without_the_interface_is_no_call_object);
    tcase_add_test(tcase, fac_09_out_of_memory_leaves_nothing_behind);
    tcase_add_test(tcase, fac_11_factory_and_server_may_be_released_before_begin);
    tcase_add_test(tcase, fac_12_a_thousand_call_objects_on_one_server);
    tcase_add_test(tcase, fac_08_a_foreign_factory_that_fails_leaves_null);
    tcase_add_test(tcase, fac_03_a_server_that_lies_about_its_interface_is_unexpected);
}

static void proxies(TCase *tcase)
{
    tcase_add_test(tcase, fac_02_a_proxy_of_an_object_without_the_factory_has_calls);
}

static Suite *factory_suite(void)
{
    Suite *suite = suite_create("factory");

    client_add_cases(suite, CLIENT_ANY, factories);
    client_add_case(suite, "a silent object", proxies);
    return suite;
}

UVCOM_TEST_MAIN(factory_suite)
