/*
 * cases_server.c -- conformance cases for SRV: servers that work asynchronously.
 */
#include "tests/conformance/conformance.h"

#include "tests/conformance/bakery_setting.h"

/* ---- what a server offers ---- */

CASE(SRV_01_an_interface_without_a_call_object_is_served_by_its_methods)
{
    ICleaner *cleaner;
    LONG times = 0;

    shop_open(BAKERY_OUTER, false);
    cleaner = query(shop.server, &IID_ICleaner);
    ck_assert_hr(ICleaner_Clean(cleaner, &times), S_OK);
    ck_assert_int_eq(times, 1);
    shop_bake();
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    release(cleaner);
    shop_close();
}

CASE(SRV_02_the_skeleton_refuses_while_it_is_busy)
{
    shop_open(BAKERY_STARTS, true);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 4), RPC_E_CALL_PENDING);
    ck_assert_int_eq(atomic_load(&bakery.begins), 1);
    bakery_end(bakery_take(), S_OK);
    shop_finish(shop.call, S_OK, 6);
    shop_close();
}

CASE(SRV_02_the_skeleton_resets)
{
    shop_open(BAKERY_STARTS, true);
    shop_bake();
    ck_assert_hr(uvcom_wait(shop.call, 0), S_OK);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    ck_assert_hr(uvcom_wait(shop.call, 0), RPC_E_TIMEOUT);
    bakery_end(bakery_take(), S_OK);
    shop_finish(shop.call, S_OK, 6);
    shop_close();
}

/* What a Start_ function was given, and nothing of it copied. */
static struct {
    uvcom_operation *operation;
    const char *text;
} given;

static HRESULT STDMETHODCALLTYPE start_Label(IBakeryMore *This, uvcom_operation *operation,
                                             const char *text, char **label)
{
    (void)This;
    (void)label;
    given.operation = operation;
    given.text = text;
    return S_OK;
}

CASE(SRV_02_the_skeleton_keeps_the_values)
{
    static const AsyncIBakeryMoreServer starts = {.Start_Label = start_Label};
    char text[] = "rye", *label = NULL;
    IBakeryMore *server;
    AsyncIBakeryMore *call;

    shop_open(BAKERY_STARTS, true);
    server = query(shop.server, &IID_IBakeryMore);
    ck_assert_hr(AsyncIBakeryMore_CreateCall(&starts, server, NULL, &IID_AsyncIBakeryMore,
                                             (IUnknown **)&call),
                 S_OK);
    ck_assert_hr(AsyncIBakeryMore_Begin_Label(call, text), S_OK);
    text[0] = 'X';
    ck_assert_str_eq(given.text, "rye");
    ck_assert_hr(uvcom_operation_complete(given.operation, S_OK), S_OK);
    uvcom_operation_release(given.operation);
    ck_assert_hr(AsyncIBakeryMore_Finish_Label(call, &label), S_OK);
    ck_assert_ptr_null(label);
    release(call);
    release(server);
    shop_close();
}

/* Whatever the server's apartment was about to do for calls of before has been done: its thread
   serves one after the other. */
static void pass_through_the_apartment(void)
{
    ICleaner *cleaner = query(shop.server, &IID_ICleaner);
    LONG times;

    ck_assert_hr(ICleaner_Clean(cleaner, &times), S_OK);
    release(cleaner);
}

static ISynchronize *own_event; /* of the call object that is being begun; one reference */

static void keep_event(void)
{
    IUnknown_QueryInterface(bakery.identity, &IID_ISynchronize, (void **)&own_event);
}

static void signal_and_reset(void)
{
    keep_event();
    ISynchronize_Signal(own_event);
    ISynchronize_Reset(own_event);
}

/* The event that a server resets is the one that the runtime looks at. */
CASE(SRV_02_a_reset_inside_begin_counts)
{
    shop_open(BAKERY_OUTER, false);
    bakery.hook = signal_and_reset;
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    pass_through_the_apartment();
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    bakery_end(bakery_take(), S_OK);
    shop_finish(shop.call, S_OK, 6);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    release(own_event);
    shop_close();
}

/* ---- completion ---- */

static void check_nothing_before_signal(enum bakery_style style)
{
    struct job *job;

    shop_open(style, false);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    job = bakery_take();
    pass_through_the_apartment();
    ck_assert_hr(uvcom_wait(shop.call, 0), RPC_E_TIMEOUT);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    bakery_end(job, S_OK);
    ck_assert_hr(uvcom_wait(shop.call, INFINITE), S_OK);
    shop_finish(shop.call, S_OK, 6);
    shop_close();
}

CASE(SRV_03_nothing_is_finished_before_signal)
{
    check_nothing_before_signal(BAKERY_STARTS);
    check_nothing_before_signal(BAKERY_EVENT);
    check_nothing_before_signal(BAKERY_OUTER);
}

CASE(SRV_04_signal_may_come_inside_begin)
{
    for (unsigned style = 0; style < BAKERY_STYLES; style++) {
        shop_open((enum bakery_style)style, false);
        bakery.at_once = true;
        shop_bake();
        shop_close();
    }
    shop_open(BAKERY_STARTS, true);
    bakery.at_once = true;
    shop_bake();
    shop_close();
}

static HRESULT finish_hr;
static LONG finish_result;

/* The client's outer object: the whole end of the call inside the completion. */
static HRESULT finish_and_let_go(struct outer *outer)
{
    finish_hr = AsyncIDesk_Finish_Echo(outer->call, &finish_result);
    outer_release(outer);
    return S_OK;
}

CASE(SRV_05_signal_may_finish_and_drop_the_last_reference)
{
    struct outer *outer = outer_create(scene.server);

    finish_hr = E_FAIL;
    finish_result = 0;
    outer->signal = finish_and_let_go;
    ck_assert_hr(AsyncIDesk_Begin_Echo(outer->call, 5), S_OK);
    await_value(&outers_live, 0);
    ck_assert_hr(finish_hr, S_OK);
    ck_assert_int_eq(finish_result, 5);
}

/* A server that has seen the cancel says so; what it says counts. */
CASE(SRV_06_what_the_servers_finish_returns_reaches_the_client)
{
    const HRESULT codes[] = {RPC_E_CALL_CANCELED, E_ACCESSDENIED, (HRESULT)0xCAFEBABE};

    shop_open(BAKERY_OUTER, false);
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        bakery_end(bakery_take(), codes[i]);
        shop_finish(shop.call, codes[i], 0);
    }
    shop_close();
}

CASE(SRV_07_a_begin_that_fails_is_the_result)
{
    for (unsigned style = 0; style < BAKERY_STYLES; style++) {
        shop_open((enum bakery_style)style, false);
        bakery.begin_hr = (HRESULT)0xCAFEBABE;
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        shop_finish(shop.call, (HRESULT)0xCAFEBABE, 0);
        ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
        shop_close();
    }
}

static HRESULT cancel(AsyncIBakery *call)
{
    ICancelMethodCalls *iface = query(call, &IID_ICancelMethodCalls);
    const HRESULT hr = ICancelMethodCalls_Cancel(iface, 0);

    release(iface);
    return hr;
}

CASE(SRV_08_without_signal_the_call_is_pending_until_cancel)
{
    struct job *job;

    shop_open(BAKERY_OUTER, false);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    job = bakery_take();
    bakery_drop(job);
    ck_assert_hr(uvcom_wait(shop.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(cancel(shop.call), S_OK);
    shop_finish(shop.call, RPC_E_CALL_CANCELED, 0);
    shop_close();
}

/* The end of the apartment ends the calls in it. A call object by hand is there for a Signal that
   comes even later (shop_close sees to that), and then nothing is left. */
CASE(SRV_08_without_signal_the_call_is_pending_until_disconnect)
{
    for (unsigned style = 0; style < BAKERY_LATE; style++) {
        struct job *job;
        char *label = (char *)-1;

        shop_open((enum bakery_style)style, false);
        ck_assert_hr(AsyncIBakery_Begin_Label(shop.call, "rye"), S_OK);
        job = bakery_take();
        release(shop.server);
        shop.server = NULL;
        CoUninitialize();
        ck_assert_hr(uvcom_wait(shop.call, 0), S_OK);
        ck_assert_hr(AsyncIBakery_Finish_Label(shop.call, &label), RPC_E_DISCONNECTED);
        ck_assert_ptr_null(label);
        release(shop.call);
        shop.call = NULL;
        ck_assert_int_eq(atomic_load(&bakery.orders), bakery_is_by_hand());
        bakery_drop(job);
        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        shop_close();
    }
}

CASE(SRV_08_an_operation_that_is_dropped_is_a_servers_fault)
{
    for (int is_near = 0; is_near < 2; is_near++) {
        shop_open(BAKERY_STARTS, is_near);
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        bakery_drop(bakery_take());
        shop_finish(shop.call, RPC_E_SERVERFAULT, 0);
        shop_close();
    }
}

static void check_finish_thread(void)
{
    shop_finish(shop.call, S_OK, 6);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 1);
    ck_assert(atomic_load(&bakery.finish_thread) == atomic_load(&bakery.begin_thread));
    shop_close();
}

CASE(SRV_09_the_work_may_be_done_inside_finish)
{
    shop_open(BAKERY_LATE, false);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    check_finish_thread();
}

/* Signal comes from another thread, long after Begin_. */
CASE(SRV_09_finish_runs_once_in_the_servers_apartment)
{
    struct job *job;

    shop_open(BAKERY_EVENT, false);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    job = bakery_take();
    pass_through_the_apartment();
    bakery_end(job, S_OK);
    check_finish_thread();
}

/* ---- whose the call object is ---- */

static void release_early(enum bakery_style style, bool is_near)
{
    shop_open(style, is_near);
    bakery.is_rash = true;
    ck_assert_hr(AsyncIBakery_Begin_Label(shop.call, "rye"), S_OK);
    release(shop.call);
    shop.call = NULL;
    bakery_end(bakery_take(), S_OK);
    if (bakery_is_by_hand())
        await_value(&bakery.finishes, 1);
    shop_close();
}

CASE(SRV_10_work_that_is_queued_holds_the_call_object)
{
    release_early(BAKERY_STARTS, true);
    release_early(BAKERY_STARTS, false);
    release_early(BAKERY_EVENT, false);
    release_early(BAKERY_OUTER, false);
}

enum { THREADS = 8 };

static struct {
    struct start_line line;
    uvcom_operation *operation;
    atomic_int won;
} many;

static void complete_now(void *arg)
{
    (void)arg;
    start_line_wait(&many.line);
    if (uvcom_operation_complete(many.operation, S_OK) == S_OK)
        atomic_fetch_add(&many.won, 1);
}

CASE(SRV_11_any_thread_completes_and_one_of_eight_wins)
{
    struct actor actors[THREADS];

    shop_open(BAKERY_STARTS, false);
    for (size_t round = repetitions(20); round > 0; round--) {
        struct job *job;

        start_line_init(&many.line, THREADS);
        atomic_store(&many.won, 0);
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        job = bakery_take();
        *(LONG *)job->places[0] = 6;
        many.operation = job->operation;
        for (int i = 0; i < THREADS; i++)
            (i % 2 ? actor_start : actor_start_bare)(&actors[i], complete_now, NULL);
        shop_finish(shop.call, S_OK, 6);
        for (int i = 0; i < THREADS; i++)
            actor_join(&actors[i]);
        ck_assert_int_eq(atomic_load(&many.won), 1);
        uvcom_operation_release(job->operation);
        job_destroy(job);
    }
    shop_close();
}

CASE(SRV_12_each_incoming_call_has_a_call_object_of_its_own)
{
    shop_open(BAKERY_OUTER, false);
    for (int i = 1; i <= 3; i++) {
        shop_bake();
        shop_await_ends(i);
        ck_assert_int_eq(atomic_load(&bakery.creates), i);
        ck_assert_int_eq(atomic_load(&bakery.begins), i);
    }
    shop_close();
}

static ICancelMethodCalls *own_cancel;

static void keep_cancel(void)
{
    IUnknown_QueryInterface(bakery.identity, &IID_ICancelMethodCalls, (void **)&own_cancel);
}

CASE(SRV_13_a_server_sees_whether_its_client_has_cancelled)
{
    struct job *job;

    shop_open(BAKERY_EVENT, false);
    own_cancel = NULL;
    bakery.hook = keep_cancel;
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    job = bakery_take();
    ck_assert_ptr_nonnull(own_cancel);
    ck_assert_hr(ICancelMethodCalls_TestCancel(own_cancel), RPC_S_CALLPENDING);
    ck_assert_hr(cancel(shop.call), S_OK);
    ck_assert_hr(ICancelMethodCalls_TestCancel(own_cancel), RPC_E_CALL_CANCELED);
    bakery_end(job, RPC_E_CALL_CANCELED);
    shop_finish(shop.call, RPC_E_CALL_CANCELED, 0);
    release(own_cancel);
    shop_close();
}

static HRESULT forget(struct outer *outer)
{
    (void)outer;
    return S_OK;
}

CASE(SRV_14_an_outer_that_forgets_to_forward_does_not_keep_finish_from_ending)
{
    struct outer *outer = outer_create(scene.server);
    LONG result = 0;

    outer->signal = forget;
    ck_assert_hr(AsyncIDesk_Begin_Hold(outer->call, 5), S_OK);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(outer->call, &result), S_OK);
    ck_assert_int_eq(result, 5);
    outer_release(outer);
    await_value(&outers_live, 0);
}

const struct conformance_case cases_server[] = {
    {&SRV_01_an_interface_without_a_call_object_is_served_by_its_methods, SETTING_BARE},
    {&SRV_02_the_skeleton_refuses_while_it_is_busy, SETTING_BARE},
    {&SRV_02_the_skeleton_resets, SETTING_BARE},
    {&SRV_02_the_skeleton_keeps_the_values, SETTING_BARE},
    {&SRV_02_a_reset_inside_begin_counts, SETTING_BARE},
    {&SRV_03_nothing_is_finished_before_signal, SETTING_BARE},
    {&SRV_04_signal_may_come_inside_begin, SETTING_BARE},
    {&SRV_05_signal_may_finish_and_drop_the_last_reference, EVERYWHERE},
    {&SRV_06_what_the_servers_finish_returns_reaches_the_client, SETTING_BARE},
    {&SRV_07_a_begin_that_fails_is_the_result, SETTING_BARE},
    {&SRV_08_without_signal_the_call_is_pending_until_cancel, SETTING_BARE},
    {&SRV_08_without_signal_the_call_is_pending_until_disconnect, SETTING_BARE},
    {&SRV_08_an_operation_that_is_dropped_is_a_servers_fault, SETTING_BARE},
    {&SRV_09_the_work_may_be_done_inside_finish, SETTING_BARE},
    {&SRV_09_finish_runs_once_in_the_servers_apartment, SETTING_BARE},
    {&SRV_10_work_that_is_queued_holds_the_call_object, SETTING_BARE},
    {&SRV_11_any_thread_completes_and_one_of_eight_wins, SETTING_BARE},
    {&SRV_12_each_incoming_call_has_a_call_object_of_its_own, SETTING_BARE},
    {&SRV_13_a_server_sees_whether_its_client_has_cancelled, SETTING_BARE},
    {&SRV_14_an_outer_that_forgets_to_forward_does_not_keep_finish_from_ending, EVERYWHERE},
    {0},
};
