/*
 * test_loop_server.c -- a server that answers by a timer of its own: its object lives on a loop
 * that its thread has adopted, as the head of uvcom/loop.h shows. Others get it by an agile
 * reference or the global interface table; its own thread, which runs the loop, cannot wait for it
 * (APT-04).
 */
#include <pthread.h>
#include <uv.h>

#include <uvcom/loop.h>
#include <uvcom/uvcom.h>

#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"
#include "trade.h"

/* A listener that thinks for a moment: one call at a time. */
struct thinker {
    uvcom_object object;
    IListener IListener_iface;
    uv_timer_t timer;
    uvcom_operation *operation; /* NULL: no call */
    LONG heard;
    LONG *sum;
};

UVCOM_OBJECT_IUNKNOWN(thinker, IListener)

static uv_loop_t loop;
static uvcom_apartment *apartment;
static struct thinker thinker;
static IListener *const server = &thinker.IListener_iface;
static IAgileReference *reference;
static int answers, deliveries;

/* ---- the server ---- */

static void think(uv_timer_t *timer)
{
    struct thinker *self = timer->data;
    uvcom_operation *operation = self->operation;

    *self->sum = self->heard;
    self->operation = NULL;
    answers++;
    ck_assert_hr(uvcom_operation_complete(operation, S_OK), S_OK);
    uvcom_operation_release(operation);
}

static HRESULT start_Tell(IListener *This, uvcom_operation *operation, LONG value, LONG *sum)
{
    struct thinker *self = thinker_from_IListener(This);
    HRESULT hr;

    ck_assert_ptr_null(self->operation);
    hr = uvcom_operation_completes_on_loop(operation);
    if (FAILED(hr))
        return hr;
    self->operation = operation;
    self->heard += value;
    self->sum = sum;
    uv_timer_start(&self->timer, think, 1, 0);
    return S_OK;
}

/* Nobody makes a plain call from the loop's own thread. */
static HRESULT STDMETHODCALLTYPE thinker_Tell(IListener *This, LONG value, LONG *sum)
{
    (void)This;
    (void)value;
    (void)sum;
    return E_NOTIMPL;
}

static const IListenerVtbl vtbl = {thinker_IListener_QueryInterface, thinker_IListener_AddRef,
                                   thinker_IListener_Release, thinker_Tell};
static const AsyncIListenerServer starts = {start_Tell};
static const uvcom_interface_entry interfaces[] = {
    UVCOM_OBJECT_ASYNC_ENTRY(thinker, IListener, &starts)};
static const uvcom_class class_ = {interfaces, 1, NULL, 0};

/* ---- fixture ---- */

static void open_loop(void)
{
    faults_reset();
    thinker = (struct thinker){.IListener_iface.lpVtbl = &vtbl, .timer.data = &thinker};
    answers = 0;
    deliveries = 0;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &apartment), S_OK);
    uvcom_object_init(&thinker.object, &class_);
    ck_assert_int_eq(uv_timer_init(&loop, &thinker.timer), 0);
    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IListener, (IUnknown *)server, &reference),
        S_OK);
}

/* uv_run has come to its end by itself before this. */
static void close_loop(void)
{
    ck_assert_uint_eq(IListener_Release(server), 0);
    uv_close((uv_handle_t *)&thinker.timer, NULL);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    ck_assert_uint_eq(faults_live(), 0);
}

static void drop_reference(void)
{
    IAgileReference_Release(reference);
    reference = NULL;
}

/* ---- clients of other threads ---- */

static void ask_twice(IListener *listener)
{
    AsyncIListener *call;
    LONG sum = 0;

    ck_assert_hr(IListener_Tell(listener, 40, &sum), S_OK);
    ck_assert_int_eq(sum, 40);
    ck_assert_hr(uvcom_create_call(listener, &IID_AsyncIListener, (void **)&call), S_OK);
    ck_assert_hr(AsyncIListener_Begin_Tell(call, 2), S_OK);
    ck_assert_hr(AsyncIListener_Finish_Tell(call, &sum), S_OK);
    ck_assert_int_eq(sum, 42);
    AsyncIListener_Release(call);
    IListener_Release(listener);
}

static void *come_by_the_reference(void *unused)
{
    IListener *listener;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IListener, (void **)&listener), S_OK);
    ck_assert_ptr_ne(listener, server);
    drop_reference();
    ask_twice(listener);
    CoUninitialize();
    return unused;
}

static IGlobalInterfaceTable *open_table(void)
{
    IGlobalInterfaceTable *table;

    ck_assert_hr(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table),
                 S_OK);
    return table;
}

static void *come_by_the_table(void *cookie)
{
    IGlobalInterfaceTable *table;
    IListener *listener;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    table = open_table();
    ck_assert_hr(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, *(DWORD *)cookie,
                                                              &IID_IListener, (void **)&listener),
                 S_OK);
    ck_assert_hr(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, *(DWORD *)cookie), S_OK);
    IGlobalInterfaceTable_Release(table);
    ask_twice(listener);
    CoUninitialize();
    return NULL;
}

/* uv_run serves the client for as long as it has a way to the object, and no longer. */
static void serve(void *(*client)(void *), void *argument)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, client, argument), 0);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(answers, 2);
}

START_TEST(a_timer_answers_a_client_of_an_agile_reference)
{
    serve(come_by_the_reference, NULL);
}
END_TEST

START_TEST(a_timer_answers_a_client_of_the_global_interface_table)
{
    IGlobalInterfaceTable *table = open_table();
    DWORD cookie;

    ck_assert_hr(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)server,
                                                                 &IID_IListener, &cookie),
                 S_OK);
    IGlobalInterfaceTable_Release(table);
    drop_reference();
    serve(come_by_the_table, &cookie);
}
END_TEST

/* ---- the loop's own thread ---- */

static void deliver(void *call, void *sum)
{
    deliveries++;
    ck_assert_hr(AsyncIListener_Finish_Tell(call, sum), S_OK);
    uv_stop(&loop);
}

START_TEST(apt_04_the_loop_s_own_thread_cannot_wait_for_its_timer)
{
    AsyncIListener *call;
    LONG sum = 0;

    drop_reference();
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIListener, (void **)&call), S_OK);
    ck_assert_hr(AsyncIListener_Begin_Tell(call, 42), S_OK);
    ck_assert_hr(AsyncIListener_Finish_Tell(call, &sum),
                 HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK));
    ck_assert_hr(uvcom_wait(call, INFINITE), HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK));
    ck_assert_hr(uvcom_wait(call, 0), RPC_E_TIMEOUT);
    ck_assert_int_eq(answers, 0);
    while (answers == 0)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_hr(AsyncIListener_Finish_Tell(call, &sum), S_OK);
    ck_assert_int_eq(sum, 42);
    AsyncIListener_Release(call);
}
END_TEST

START_TEST(apt_04_uv_run_delivers_what_the_loop_s_own_timer_completes)
{
    AsyncIListener *call;
    LONG sum = 0;

    drop_reference();
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIListener, (void **)&call), S_OK);
    ck_assert_hr(AsyncIListener_Begin_Tell(call, 42), S_OK);
    ck_assert_hr(uvcom_on_complete(call, deliver, &sum), S_OK);
    /* The call object keeps uv_run as a proxy does, so the callback stops it. */
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(answers, 1);
    ck_assert_int_eq(deliveries, 1);
    ck_assert_int_eq(sum, 42);
    AsyncIListener_Release(call);
}
END_TEST

static Suite *loop_server_suite(void)
{
    Suite *suite = suite_create("loop_server");
    TCase *tcase = tcase_create("timer");

    tcase_add_checked_fixture(tcase, open_loop, close_loop);
    tcase_add_test(tcase, a_timer_answers_a_client_of_an_agile_reference);
    tcase_add_test(tcase, a_timer_answers_a_client_of_the_global_interface_table);
    tcase_add_test(tcase, apt_04_the_loop_s_own_thread_cannot_wait_for_its_timer);
    tcase_add_test(tcase, apt_04_uv_run_delivers_what_the_loop_s_own_timer_completes);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(loop_server_suite)
