/*
 * test_reentry.c -- what happens to a client's objects while the client is inside one of their
 * methods: LIFE-05 for Begin_, Finish_, Wait, QueryInterface and CreateCall.
 *
 * The last reference goes away in a call that the waiting thread serves, in the end of an [in]
 * pointer, in the method itself or in a callback. That memory is not used afterwards is for the
 * address sanitizer to say; without it a test says that the code and the results are right.
 */
#include <uv.h>

#include <uvcom/loop.h>

#include "client.h"

static IGated *local;         /* an object in the client's own apartment */
static AsyncIGated *callback; /* to call it from the server's */
static ICallFactory *factory; /* of the server */

static void drop_call(void)
{
    client_release(client.sync);
    client_release(client.call);
    client.sync = NULL;
    client.call = NULL;
}

static void drop_server(void)
{
    client_release(factory);
    client_release(client.server);
    factory = NULL;
    client.server = NULL;
}

/* ---- in a call that the waiting thread serves ---- */

enum { CALL_BACK = 1, DROP_CALL, DROP_SERVER };

static HRESULT call_back(LONG number)
{
    const HRESULT hr = AsyncIGated_Begin_Run(callback, number);

    return SUCCEEDED(hr) ? AsyncIGated_Finish_Run(callback) : hr;
}

/* CALL_BACK runs where the server lives, the others in the client's apartment. */
static HRESULT serve(LONG number)
{
    if (number == CALL_BACK)
        return call_back(DROP_CALL);
    if (number == DROP_CALL)
        drop_call();
    else
        drop_server();
    return S_OK;
}

static void call_back_to_drop_server(void)
{
    gated.hook_hr = call_back(DROP_SERVER);
}

static void open_callback(void)
{
    gated.hook = serve;
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&local), S_OK);
    ck_assert_hr(uvcom_create_call(local, &IID_AsyncIGated, (void **)&callback), S_OK);
}

static void close_callback(void)
{
    ck_assert_hr(gated.hook_hr, S_OK);
    client_release(callback);
    client_release(local);
}

START_TEST(life_05_the_last_release_in_a_call_that_finish_serves)
{
    open_callback();
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, CALL_BACK), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert_ptr_null(client.call);
    close_callback();
}
END_TEST

START_TEST(life_05_the_last_release_in_a_call_that_wait_serves)
{
    open_callback();
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, CALL_BACK), S_OK);
    ck_assert_hr(ISynchronize_Wait(client.sync, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_ptr_null(client.call);
    close_callback();
}
END_TEST

START_TEST(life_05_the_last_release_of_a_proxy_in_a_call_that_its_query_interface_serves)
{
    ISide *side = NULL;
    LONG value = 0;

    open_callback();
    gated.query_hook = call_back_to_drop_server;
    ck_assert_hr(IGated_QueryInterface(client.server, &IID_ISide, (void **)&side), S_OK);
    ck_assert_ptr_null(client.server);
    ck_assert_hr(ISide_Negate(side, 7, &value), S_OK);
    ck_assert_int_eq(value, -7);
    ck_assert_uint_eq(ISide_Release(side), 0);
    close_callback();
}
END_TEST

/* The object refuses: there is nothing left of the proxy then. */
START_TEST(life_05_the_last_release_of_a_proxy_in_a_call_that_a_refused_query_serves)
{
    void *found = (void *)-1;

    open_callback();
    gated.query_hook = call_back_to_drop_server;
    ck_assert_hr(IGated_QueryInterface(client.server, &IID_IAbsent, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    ck_assert_ptr_null(client.server);
    close_callback();
}
END_TEST

START_TEST(life_05_the_last_release_of_a_proxy_in_a_call_that_its_create_call_serves)
{
    AsyncISide *call = NULL;
    LONG value = 0;

    open_callback();
    factory = client_query(client.server, &IID_ICallFactory);
    gated.query_hook = call_back_to_drop_server;
    ck_assert_hr(ICallFactory_CreateCall(factory, &IID_AsyncISide, NULL, &IID_AsyncISide,
                                         (IUnknown **)&call),
                 S_OK);
    ck_assert_ptr_null(client.server);
    ck_assert_hr(AsyncISide_Begin_Negate(call, 7), S_OK);
    ck_assert_hr(AsyncISide_Finish_Negate(call, &value), S_OK);
    ck_assert_int_eq(value, -7);
    ck_assert_uint_eq(AsyncISide_Release(call), 0);
    close_callback();
}
END_TEST

/* ---- at the end of an [in] pointer ---- */

/* An [in] object: every Release of it, once armed, gives up the call object. */
struct owner {
    struct witness witness;
    IUnknownVtbl vtbl;
    atomic_bool armed;
    void (*held)(void); /* what its AddRef runs, once */
};

static struct owner owner;

static ULONG STDMETHODCALLTYPE owner_AddRef(IUnknown *This)
{
    void (*held)(void) = owner.held;

    (void)This;
    owner.held = NULL;
    if (held)
        held();
    return (ULONG)atomic_fetch_add(&owner.witness.references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE owner_Release(IUnknown *This)
{
    (void)This;
    if (atomic_exchange(&owner.armed, false))
        drop_call();
    return (ULONG)atomic_fetch_sub(&owner.witness.references, 1) - 1;
}

static IUnknown *armed_owner(void)
{
    witness_init(&owner.witness);
    owner.vtbl = *owner.witness.unknown.lpVtbl;
    owner.vtbl.AddRef = owner_AddRef;
    owner.vtbl.Release = owner_Release;
    owner.witness.unknown.lpVtbl = &owner.vtbl;
    atomic_store(&owner.armed, true);
    return &owner.witness.unknown;
}

static void check_owner(void)
{
    ck_assert_ptr_null(client.call);
    ck_assert_int_eq(witness_references(&owner.witness), 1);
}

/* In Begin_, when the pointer is packed, or after the method: whichever Release comes first. */
START_TEST(life_05_the_last_release_at_the_end_of_an_in_pointer)
{
    ck_assert_hr(AsyncIGated_Begin_Take(client.call, armed_owner(), ""), S_OK);
    witness_await(&owner.witness, 1);
    check_owner();
}
END_TEST

START_TEST(call_06_a_begin_that_failed_has_not_touched_an_in_pointer)
{
    ck_assert_hr(AsyncIGated_Begin_Take(client.call, armed_owner(), NULL),
                 HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    ck_assert_ptr_nonnull(client.call);
    ck_assert(atomic_load(&owner.armed));
    ck_assert_int_eq(witness_references(&owner.witness), 1);
}
END_TEST

/* While Begin_ copies its parameters somebody else begins on the same object; after the plain call
   the server has nothing to do with that one any more. */
static void begin_something_else(void)
{
    LONG sum;

    gated.hook_hr = AsyncIGated_Begin_Add(client.call, 1, 2);
    if (SUCCEEDED(gated.hook_hr))
        gated.hook_hr = uvcom_wait(client.call, INFINITE);
    if (SUCCEEDED(gated.hook_hr))
        gated.hook_hr = IGated_Add(client.server, 1, 2, &sum);
}

START_TEST(life_05_the_last_release_at_the_end_of_an_in_pointer_in_a_begin_that_lost)
{
    IUnknown *object = armed_owner();

    owner.held = begin_something_else;
    ck_assert_hr(AsyncIGated_Begin_Take(client.call, object, ""), RPC_E_CALL_PENDING);
    ck_assert_hr(gated.hook_hr, S_OK);
    check_owner();
}
END_TEST

/* ---- while Begin_ has not returned yet ---- */

/* So many that a method in a worker is sometimes faster than the rest of Begin_. A callback has two
   threads on its way and hardly ever is; the sanitizers still see what it shares with Begin_. */
enum { ROUNDS = 3000 };

static HRESULT drop_in_the_method(LONG number)
{
    (void)number;
    drop_call();
    return S_OK;
}

START_TEST(life_05_the_last_release_in_the_method_while_begin_has_not_returned)
{
    gated.hook = drop_in_the_method;
    for (size_t i = 0; i < ROUNDS; i++) {
        if (i > 0)
            client.call = client_new_call();
        ck_assert_hr(AsyncIGated_Begin_Run(client.call, 1), S_OK);
        gate_await_arrived(&gated.left, i + 1);
        ck_assert_ptr_null(client.call);
    }
}
END_TEST

static struct {
    uv_loop_t loop;
    uvcom_apartment *apartment;
    struct gate listening; /* one pass for each registration */
    struct gate dropped;
    HRESULT hr;
} listener;

static void drop_in_the_callback(void *call, void *context)
{
    (void)call;
    (void)context;
    drop_call();
    gate_wait(&listener.dropped);
}

static void listen_again(void *arg)
{
    (void)arg;
    uv_loop_init(&listener.loop);
    listener.hr = uvcom_loop_adopt(&listener.loop, &listener.apartment);
    for (size_t i = 0; i < ROUNDS && SUCCEEDED(listener.hr); i++) {
        gate_wait(&listener.listening);
        listener.hr = uvcom_on_complete(client.call, drop_in_the_callback, NULL);
        gate_wait(&listener.listening);
        uv_run(&listener.loop, UV_RUN_DEFAULT);
    }
    uvcom_loop_release(listener.apartment);
    uv_loop_close(&listener.loop);
}

START_TEST(life_05_the_last_release_in_a_callback_while_begin_has_not_returned)
{
    struct helper helper;

    gate_init(&listener.listening);
    gate_init(&listener.dropped);
    gate_open(&listener.dropped);
    helper_start(&helper, listen_again, NULL);
    for (size_t i = 0; i < ROUNDS; i++) {
        if (i > 0)
            client.call = client_new_call();
        gate_pass(&listener.listening, 1);
        gate_await_arrived(&listener.listening, 2 * i + 2);
        gate_pass(&listener.listening, 1);
        ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
        gate_await_arrived(&listener.dropped, i + 1);
    }
    helper_join(&helper);
    ck_assert_hr(listener.hr, S_OK);
    gate_fini(&listener.listening);
    gate_fini(&listener.dropped);
}
END_TEST

/* ---- cases ---- */

static void served(TCase *tcase)
{
    tcase_add_test(tcase, life_05_the_last_release_in_a_call_that_finish_serves);
    tcase_add_test(tcase, life_05_the_last_release_in_a_call_that_wait_serves);
    tcase_add_test(tcase,
                   life_05_the_last_release_of_a_proxy_in_a_call_that_its_query_interface_serves);
    tcase_add_test(tcase,
                   life_05_the_last_release_of_a_proxy_in_a_call_that_a_refused_query_serves);
    tcase_add_test(tcase,
                   life_05_the_last_release_of_a_proxy_in_a_call_that_its_create_call_serves);
}

static void inside(TCase *tcase)
{
    tcase_add_test(tcase, life_05_the_last_release_at_the_end_of_an_in_pointer);
    tcase_add_test(tcase, call_06_a_begin_that_failed_has_not_touched_an_in_pointer);
    tcase_add_test(tcase,
                   life_05_the_last_release_at_the_end_of_an_in_pointer_in_a_begin_that_lost);
    tcase_add_test(tcase, life_05_the_last_release_in_the_method_while_begin_has_not_returned);
}

static void on_a_loop(TCase *tcase)
{
    tcase_add_test(tcase, life_05_the_last_release_in_a_callback_while_begin_has_not_returned);
}

static Suite *reentry_suite(void)
{
    Suite *suite = suite_create("reentry");

    client_add_cases(suite, CLIENT_SINGLE_THREADED, served);
    client_add_cases(suite, CLIENT_ANY, inside);
    client_add_case(suite, "a loop on another thread", on_a_loop);
    return suite;
}

UVCOM_TEST_MAIN(reentry_suite)
