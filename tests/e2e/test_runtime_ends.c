/*
 * test_runtime_ends.c -- the last CoUninitialize with calls in every state, and what is still begun
 * while the runtime ends.
 */
#include <uvcom/cancel.h>

#include "every_state.h"
#include "runtime/call.h"
#include "tests/support/thread_faults.h"

static const uvcom_apartment_kind kinds[] = {UVCOM_APARTMENT_OWN, UVCOM_APARTMENT_MULTITHREADED};

/* The thread that watches over deadlines, while threads can be had. */
static HRESULT ask_for_the_watch(void)
{
    struct call call = {0};
    uint64_t deadline;

    uvcom__store32(&call.impatience, ~(DWORD)1, UVCOM__RELAXED);
    return uvcom__deadline_of_begin(&call, &deadline);
}

/* With one worker, so that calls queue there too. */
static IGated *open_class(uvcom_apartment_kind kind)
{
    IGated *server;

    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, kind), S_OK);
    ck_assert_hr(ask_for_the_watch(), S_OK);
    if (kind == UVCOM_APARTMENT_MULTITHREADED)
        thread_faults_allow(1);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&server),
        S_OK);
    return server;
}

static void open_the_gate(void *arg)
{
    (void)arg;
    gate_open(&gated.gate);
}

/* The last CoUninitialize waits for the method, which somebody has to let go. */
static void end_with_calls_in_every_state(uvcom_apartment_kind kind)
{
    struct helper helper;
    IGated *server = open_class(kind);

    every_state_begin(server);
    thread_faults_allow(THREAD_FAULTS_NONE);
    client_release(server);
    helper_start_bare(&helper, open_the_gate, NULL);
    CoUninitialize();
    helper_join(&helper);
}

/* Whether what is queued is still run depends on who is faster: the one who opens the gate. */
static void check_either(enum state state)
{
    LONG sum = 7;
    HRESULT hr;

    ck_assert_hr(uvcom_wait(every_state.calls[state], 0), S_OK);
    hr = AsyncIGated_Finish_Add(every_state.calls[state], &sum);
    ck_assert(hr == S_OK || hr == RPC_E_DISCONNECTED);
    ck_assert_int_eq(sum, hr == S_OK ? (LONG)state + 1 : 0);
}

START_TEST(the_runtime_ends_with_calls_in_every_state)
{
    every_state.of_running = (enum of_running)(_i % OF_RUNNING);
    end_with_calls_in_every_state(kinds[_i / OF_RUNNING]);
    every_state_finish(IDLE, RPC_E_CALL_COMPLETE);
    every_state_finish(DONE, S_OK);
    every_state_finish_running();
    every_state_finish(CANCELED, RPC_E_CALL_CANCELED);
    every_state_finish(LATE, RPC_E_TIMEOUT);
    check_either(QUEUED);
    check_either(WATCHED);
    every_state_begin_again(CO_E_NOTINITIALIZED);
    every_state_release();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

static void close_class(void)
{
    ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

START_TEST(the_runtime_ends_while_a_call_starts)
{
    IGated *server = open_class(kinds[_i]);

    thread_faults_allow(THREAD_FAULTS_NONE);
    every_state_end_while_starting(server, CO_E_NOTINITIALIZED);
    client_release(server);
    close_class();
}
END_TEST

START_TEST(the_runtime_ends_while_a_result_is_collected)
{
    IGated *server = open_class(kinds[_i]);

    thread_faults_allow(THREAD_FAULTS_NONE);
    every_state_end_while_finishing(server, CO_E_NOTINITIALIZED);
    client_release(server);
    close_class();
}
END_TEST

/* The last thing that ends: what an object puts into the global table while its apartment closes.
 */
struct late {
    IUnknown unknown;
    atomic_int references;
    HRESULT hr; /* of asking for a thread that watches, by then */
};

static HRESULT STDMETHODCALLTYPE late_query(IUnknown *This, REFIID riid, void **ppv)
{
    const bool known = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IAgileObject);

    *ppv = known ? This : NULL;
    if (known)
        atomic_fetch_add(&((struct late *)This)->references, 1);
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE late_add_ref(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct late *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE late_release(IUnknown *This)
{
    struct late *late = (struct late *)This;
    const int left = atomic_fetch_sub(&late->references, 1) - 1;

    if (left == 0)
        late->hr = ask_for_the_watch();
    return (ULONG)left;
}

static const IUnknownVtbl late_vtbl = {late_query, late_add_ref, late_release};
static struct late late;

static void put_into_the_table(void)
{
    IGlobalInterfaceTable *table = NULL;
    DWORD cookie;

    if (FAILED(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                &IID_IGlobalInterfaceTable, (void **)&table)))
        return;
    IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, &late.unknown, &IID_IUnknown, &cookie);
    client_release(table);
    late_release(&late.unknown);
}

/* Nobody would end the thread, and what it looks at would be gone. */
START_TEST(no_thread_watches_when_the_runtime_has_ended)
{
    IGated *server;

    late = (struct late){.unknown.lpVtbl = &late_vtbl, .references = 1, .hr = S_OK};
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&server),
        S_OK);
    atomic_store(&gated.end_hook, put_into_the_table);
    CoUninitialize();
    ck_assert_int_eq(atomic_load(&late.references), 0);
    ck_assert_hr(late.hr, RPC_E_OUT_OF_RESOURCES);
    client_release(server);
    close_class();
}
END_TEST

/* An object whose end makes a plain call and sets what a thread sets. */
static struct {
    IGated *server;
    HRESULT called, enabled, set, unset, disabled;
} farewell;

static void call_at_the_end(void)
{
    AsyncIGated *call;
    LONG sum = 0;

    farewell.enabled = CoEnableCallCancellation(NULL);
    farewell.called = IGated_Add(farewell.server, 1, 2, &sum);
    farewell.set = uvcom_create_call(farewell.server, &IID_AsyncIGated, (void **)&call);
    if (SUCCEEDED(farewell.set)) {
        farewell.set = CoSetCancelObject((IUnknown *)call);
        client_release(call);
    }
    client_release(farewell.server);
}

/* The last one here: the object is the table's, and goes while the runtime ends. */
static void leave_calling(void *arg)
{
    IGlobalInterfaceTable *table;
    IGated *object;
    DWORD cookie;

    (void)arg;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                     (void **)&farewell.server);
    gated_create(NULL, &IID_IGated, (void **)&object);
    CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                     &IID_IGlobalInterfaceTable, (void **)&table);
    IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)object, &IID_IGated,
                                                    &cookie);
    client_release(table);
    client_release(object);
    atomic_store(&gated.end_hook, call_at_the_end);
    CoUninitialize();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    farewell.unset = CoSetCancelObject(NULL);
    farewell.disabled = CoDisableCallCancellation(NULL);
    CoUninitialize();
}

START_TEST(can_14_a_thread_that_calls_while_the_runtime_ends_is_forgotten)
{
    ICancelMethodCalls *cancel;

    CoUninitialize();
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_OWN), S_OK);
    gate_open(&gated.gate);
    helper_run_bare(leave_calling, NULL);
    ck_assert_hr(farewell.called, S_OK);
    ck_assert_hr(farewell.enabled, S_OK);
    ck_assert_hr(farewell.set, S_OK);
    /* The next thread is likely to get the memory of the one that has gone. */
    helper_run_bare(leave_calling, NULL);
    ck_assert_hr(CoGetCancelObject(0x7fffffff, &IID_ICancelMethodCalls, (void **)&cancel),
                 E_NOINTERFACE);
    ck_assert_hr(farewell.unset, E_ACCESSDENIED);
    ck_assert_hr(farewell.disabled, CO_E_CANCEL_DISABLED);
    close_class();
}
END_TEST

/* A thread's principal goes with it, when it is in no apartment any more. */
START_TEST(a_threads_principal_goes_last)
{
    struct principal principal;
    IGated *server = open_class(kinds[_i]);

    thread_faults_allow(THREAD_FAULTS_NONE);
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&every_state.calls[IDLE]),
                 S_OK);
    ck_assert_hr(uvcom_call_set_timeout(every_state.calls[IDLE], 3600000), S_OK);
    principal_init(&principal);
    ck_assert_hr(uvcom_set_principal(&principal.unknown), S_OK);
    principal.begins = every_state.calls[IDLE];
    principal.begun = S_OK;
    principal_release(&principal.unknown);
    CoUninitialize();
    ck_assert_int_eq(atomic_load(&principal.references), 0);
    ck_assert_hr(principal.begun, CO_E_NOTINITIALIZED);
    every_state_release();
    client_release(server);
    close_class();
}
END_TEST

static void runtime_goes(TCase *tcase)
{
    tcase_add_loop_test(tcase, the_runtime_ends_with_calls_in_every_state, 0, 2 * OF_RUNNING);
    tcase_add_loop_test(tcase, the_runtime_ends_while_a_call_starts, 0, 2);
    tcase_add_loop_test(tcase, the_runtime_ends_while_a_result_is_collected, 0, 2);
    tcase_add_loop_test(tcase, a_threads_principal_goes_last, 0, 2);
    tcase_add_test(tcase, no_thread_watches_when_the_runtime_has_ended);
    tcase_add_test(tcase, can_14_a_thread_that_calls_while_the_runtime_ends_is_forgotten);
}

static Suite *runtime_ends_suite(void)
{
    Suite *suite = suite_create("runtime ends");
    TCase *many = tcase_create("of a multithreaded client");
    TCase *one = tcase_create("of a single-threaded client");

    tcase_add_checked_fixture(many, every_state_open_multithreaded, NULL);
    runtime_goes(many);
    suite_add_tcase(suite, many);
    tcase_add_checked_fixture(one, every_state_open_single_threaded, NULL);
    runtime_goes(one);
    suite_add_tcase(suite, one);
    return suite;
}

UVCOM_TEST_MAIN(runtime_ends_suite)
