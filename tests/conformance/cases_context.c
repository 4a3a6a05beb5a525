/*
 * cases_context.c -- conformance cases for SEC, the call's context, and for what a call carries
 * beside it: its place in the row (CALL-17) and its deadline.
 */
#include "tests/conformance/conformance.h"
#include "tests/conformance/context_server.h"

#include <string.h>

static const CLSID CLSID_Other = {
    0x9d1e5b02, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};
static const IID IID_IClientSecurity = {
    0x0000013d, 0x0000, 0x0000, {0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};

/* What a server saw. `context` and `principal` are compared, never followed. */
struct view {
    HRESULT got;
    HRESULT asked;
    GUID id;
    DWORD remaining;
    const void *context;
    const void *principal;
};

static struct view views[16];
static HRESULT codes[8];
static IUvcomCallContext *kept;

static void look(struct view *view)
{
    IUvcomCallContext *context = NULL;
    IUnknown *principal = NULL;

    *view = (struct view){0};
    view->got = CoGetCallContext(&IID_IUvcomCallContext, (void **)&context);
    if (FAILED(view->got))
        return;
    IUvcomCallContext_GetCausalityId(context, &view->id);
    IUvcomCallContext_GetRemainingTime(context, &view->remaining);
    view->asked = IUvcomCallContext_GetPrincipal(context, &IID_IUnknown, (void **)&principal);
    view->context = context;
    view->principal = principal;
    release(principal);
    IUvcomCallContext_Release(context);
}

static HRESULT look_at_it(LONG number)
{
    look(&views[number]);
    return S_OK;
}

static HRESULT look_and_keep(LONG number)
{
    look(&views[number]);
    return CoGetCallContext(&IID_IUvcomCallContext, (void **)&kept);
}

/* A principal in static memory. */
static HRESULT STDMETHODCALLTYPE person_query(IUnknown *This, REFIID riid, void **ppv)
{
    const bool known = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IAgileObject);

    *ppv = known ? This : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE person_count(IUnknown *This)
{
    (void)This;
    return 1;
}

static const IUnknownVtbl person_vtbl = {person_query, person_count, person_count};
static IUnknown alice = {&person_vtbl}, bob = {&person_vtbl};

static void run(HRESULT (*hook)(LONG number), LONG number)
{
    desk.hook = hook;
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, number), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
}

/* An object of an apartment of its own, for this thread. The class of its own is the case's. */
static IDesk *make_other(void)
{
    IDesk *other = NULL;

    CoCreateInstance(&CLSID_Other, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk, (void **)&other);
    return other;
}

static void open_other(uvcom_create_fn create)
{
    memset(views, 0, sizeof views);
    memset(codes, 0, sizeof codes);
    ck_assert_hr(uvcom_register_class(&CLSID_Other, create, UVCOM_APARTMENT_OWN), S_OK);
}

static void close_other(void)
{
    ck_assert_hr(uvcom_unregister_class(&CLSID_Other), S_OK);
}

/* ---- principals ------------------------------------------------------------------------------ */

CASE(SEC_01_a_call_object_has_no_client_security)
{
    ck_assert_hr(answer(scene.call, &IID_IClientSecurity), E_NOINTERFACE);
}

CASE(SEC_01_a_call_object_has_a_principal_of_its_own)
{
    struct witness bound;

    ck_assert_hr(uvcom_call_set_principal(scene.call, &alice), S_OK);
    run(look_at_it, 0);
    ck_assert_hr(views[0].asked, S_OK);
    ck_assert_ptr_eq(views[0].principal, &alice);
    ck_assert_hr(uvcom_call_set_principal(scene.call, NULL), S_OK);
    run(look_at_it, 1);
    ck_assert_hr(views[1].asked, S_FALSE);
    ck_assert_ptr_null(views[1].principal);
    /* It is asked on any thread. */
    witness_init(&bound);
    ck_assert_hr(uvcom_call_set_principal(scene.call, &bound.unknown), E_INVALIDARG);
}

CASE(SEC_01_the_threads_principal_is_that_of_its_calls)
{
    ck_assert_hr(uvcom_set_principal(&bob), S_OK);
    run(look_at_it, 0);
    ck_assert_ptr_eq(views[0].principal, &bob);
    ck_assert_hr(uvcom_set_principal(NULL), S_OK);
    run(look_at_it, 1);
    ck_assert_ptr_null(views[1].principal);
}

/* ---- impersonation --------------------------------------------------------------------------- */

/* Runs `number` elsewhere, where its principal is noted. */
static void look_from_elsewhere(LONG number)
{
    IDesk *other = make_other();

    IDesk_Run(other, number);
    release(other);
}

/* A call to a server that works asynchronously; it is made for alice. */
static void call_asynchronous_server(uvcom_create_fn create, void (*begin)(LONG number))
{
    const CLSID server_class = {
        0x9d1e5b03, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};
    IDesk *server;
    AsyncIDesk *call;

    context_server.begin = begin;
    desk.hook = look_at_it;
    open_other(desk_create);
    ck_assert_hr(uvcom_register_class(&server_class, create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(
        CoCreateInstance(&server_class, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk, (void **)&server),
        S_OK);
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIDesk, (void **)&call), S_OK);
    ck_assert_hr(uvcom_call_set_principal(call, &alice), S_OK);
    for (LONG i = 0; i < 2; i++) {
        ck_assert_hr(AsyncIDesk_Begin_Run(call, i), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Run(call), S_OK);
    }
    release(call);
    release(server);
    ck_assert_hr(uvcom_unregister_class(&server_class), S_OK);
    close_other();
}

static void complete_and_impersonate(LONG number)
{
    if (number != 0)
        return;
    codes[0] = CoImpersonateClient();
    codes[1] = CoRevertToSelf();
    codes[2] = context_complete();
    codes[3] = CoImpersonateClient();
    look(&views[2]);
}

static void check_02(uvcom_create_fn create)
{
    call_asynchronous_server(create, complete_and_impersonate);
    for (int i = 0; i < 3; i++)
        ck_assert_hr(codes[i], S_OK);
    ck_assert_hr(codes[3], RPC_E_CALL_COMPLETE);
    ck_assert_hr(views[2].got, RPC_E_CALL_COMPLETE);
}

CASE(SEC_02_after_completion_a_start_function_cannot_impersonate)
{
    check_02(context_create_starts);
}

CASE(SEC_02_after_signal_a_begin_cannot_impersonate)
{
    check_02(context_create_by_hand);
}

/* The first Begin_ impersonates and never reverts; the second one does not. */
static void impersonate_and_complete(LONG number)
{
    if (number == 0) {
        codes[0] = CoImpersonateClient();
        codes[1] = context_complete();
    }
    look_from_elsewhere(number);
}

static void check_03(uvcom_create_fn create)
{
    call_asynchronous_server(create, impersonate_and_complete);
    ck_assert_hr(codes[0], S_OK);
    ck_assert_hr(codes[1], S_OK);
    ck_assert_ptr_eq(views[0].principal, &alice);
    ck_assert_hr(views[1].got, S_OK);
    ck_assert_ptr_null(views[1].principal);
}

CASE(SEC_03_an_impersonation_lasts_until_the_start_function_returns)
{
    check_03(context_create_starts);
}

CASE(SEC_03_an_impersonation_lasts_until_begin_returns)
{
    check_03(context_create_by_hand);
}

static HRESULT impersonate_three_times(LONG number)
{
    look(&views[number]);
    if (number != 0)
        return S_OK;
    look_from_elsewhere(1);
    for (int i = 0; i < 3; i++)
        codes[i] = CoImpersonateClient();
    look_from_elsewhere(2);
    codes[3] = CoRevertToSelf();
    look_from_elsewhere(3);
    codes[4] = CoRevertToSelf();
    return S_OK;
}

CASE(SEC_04_one_revert_undoes_all_impersonations)
{
    open_other(desk_create);
    ck_assert_hr(uvcom_call_set_principal(scene.call, &alice), S_OK);
    run(impersonate_three_times, 0);
    for (int i = 0; i < 5; i++)
        ck_assert_hr(codes[i], S_OK);
    ck_assert_ptr_null(views[1].principal);
    ck_assert_ptr_eq(views[2].principal, &alice);
    ck_assert_ptr_null(views[3].principal);
    ck_assert_hr(CoImpersonateClient(), RPC_E_NO_CONTEXT);
    close_other();
}

/* ---- the context ----------------------------------------------------------------------------- */

CASE(SEC_05_a_context_is_good_while_the_call_runs)
{
    DWORD remaining = 7;
    void *found;
    GUID id;

    ck_assert_hr(CoGetCallContext(&IID_IUvcomCallContext, &found), RPC_E_NO_CONTEXT);
    ck_assert_ptr_null(found);
    run(look_and_keep, 0);
    ck_assert_hr(views[0].got, S_OK);
    ck_assert_uint_eq(views[0].remaining, INFINITE);
    ck_assert_hr(IUvcomCallContext_GetCausalityId(kept, &id), RPC_E_CALL_COMPLETE);
    ck_assert_hr(IUvcomCallContext_GetRemainingTime(kept, &remaining), RPC_E_CALL_COMPLETE);
    ck_assert_hr(IUvcomCallContext_GetPrincipal(kept, &IID_IUnknown, &found), RPC_E_CALL_COMPLETE);
    ck_assert_hr(IUvcomCallContext_TestCancel(kept), RPC_E_CALL_COMPLETE);
    ck_assert_hr(CoGetCallContext(&IID_IUvcomCallContext, &found), RPC_E_NO_CONTEXT);
    IUvcomCallContext_Release(kept);
}

static HRESULT wait_and_look(LONG number)
{
    gate_wait(&desk.gate);
    look(&views[number]);
    return S_OK;
}

/* What is set after Begin_ is for the next call. */
CASE(SEC_05_the_context_is_captured_by_begin)
{
    desk.hook = wait_and_look;
    ck_assert_hr(uvcom_call_set_principal(scene.call, &alice), S_OK);
    ck_assert_hr(uvcom_call_set_timeout(scene.call, 3600000), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 0), S_OK);
    ck_assert_hr(uvcom_call_set_principal(scene.call, &bob), S_OK);
    ck_assert_hr(uvcom_call_set_timeout(scene.call, INFINITE), S_OK);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
    ck_assert_ptr_eq(views[0].principal, &alice);
    ck_assert_uint_le(views[0].remaining, 3600000);
    ck_assert_uint_gt(views[0].remaining, 3500000);
    run(look_at_it, 1);
    ck_assert_ptr_eq(views[1].principal, &bob);
    ck_assert_uint_eq(views[1].remaining, INFINITE);
    ck_assert_hr(uvcom_call_set_principal(scene.call, NULL), S_OK);
}

/* On a thread of the server's own. */
static void switch_in_and_out(void *arg)
{
    IUnknown *old = (IUnknown *)-1, *in = NULL;
    ULONG before, after;

    look(&views[1]);
    before = IUnknown_AddRef((IUnknown *)arg);
    codes[0] = CoSwitchCallContext(arg, &old);
    codes[1] = old ? E_FAIL : S_OK;
    look(&views[2]);
    codes[2] = CoSwitchCallContext(old, &in);
    codes[3] = in == arg ? S_OK : E_FAIL;
    after = IUnknown_Release((IUnknown *)arg) + 1;
    codes[4] = before == after ? S_OK : E_FAIL;
    look(&views[3]);
}

static HRESULT hand_over(LONG number)
{
    IUvcomCallContext *context;

    look(&views[number]);
    if (SUCCEEDED(CoGetCallContext(&IID_IUvcomCallContext, (void **)&context))) {
        actor_run_bare(switch_in_and_out, context);
        IUvcomCallContext_Release(context);
    }
    return S_OK;
}

CASE(SEC_06_a_thread_of_the_servers_own_has_what_was_switched_in)
{
    memset(codes, 0xff, sizeof codes);
    run(hand_over, 0);
    for (int i = 0; i < 5; i++)
        ck_assert_hr(codes[i], S_OK);
    ck_assert_hr(views[1].got, RPC_E_NO_CONTEXT);
    ck_assert_hr(views[2].got, S_OK);
    ck_assert_ptr_eq(views[2].context, views[0].context);
    ck_assert(IsEqualGUID(&views[2].id, &views[0].id));
    ck_assert_hr(views[3].got, RPC_E_NO_CONTEXT);
}

static HRESULT switch_out(LONG number)
{
    IUnknown *own, *none;

    look(&views[number]);
    codes[0] = CoSwitchCallContext(NULL, &own);
    look(&views[number + 1]);
    codes[1] = CoSwitchCallContext(own, &none);
    look(&views[number + 2]);
    codes[2] = CoSwitchCallContext(NULL, &own); /* and never back: it ends with the method */
    return S_OK;
}

CASE(SEC_06_the_context_of_a_thread_can_be_exchanged)
{
    for (LONG i = 0; i < 9; i += 3) {
        run(switch_out, i);
        ck_assert_hr(codes[0], S_OK);
        ck_assert_hr(codes[1], S_OK);
        ck_assert_hr(codes[2], S_OK);
        ck_assert_hr(views[i].got, S_OK);
        ck_assert_hr(views[i + 1].got, RPC_E_NO_CONTEXT);
        ck_assert_ptr_eq(views[i + 2].context, views[i].context);
    }
}

/* ---- causality ------------------------------------------------------------------------------- */

/* 0 calls 1 plainly and 2 in two halves; 1 calls 3. Each is in another apartment than its caller.
 */
static HRESULT lead_to_others(LONG number)
{
    IDesk *other = number < 2 ? make_other() : NULL;
    AsyncIDesk *call;

    look(&views[number]);
    if (number == 0) {
        codes[0] = IDesk_Run(other, 1);
        codes[1] = uvcom_create_call(other, &IID_AsyncIDesk, (void **)&call);
        codes[2] = AsyncIDesk_Begin_Run(call, 2);
        codes[3] = AsyncIDesk_Finish_Run(call);
        release(call);
    }
    release(other);
    return S_OK;
}

CASE(SEC_07_what_a_call_leads_to_carries_its_id)
{
    open_other(desk_create);
    run(lead_to_others, 0);
    for (int i = 0; i < 4; i++)
        ck_assert_hr(codes[i], S_OK);
    ck_assert_hr(views[0].got, S_OK);
    ck_assert(IsEqualGUID(&views[1].id, &views[0].id));
    ck_assert(IsEqualGUID(&views[2].id, &views[0].id));
    run(look_at_it, 4);
    ck_assert_hr(views[4].got, S_OK);
    ck_assert(!IsEqualGUID(&views[4].id, &views[0].id));
    close_other();
}

static void lead_on(LONG number)
{
    look(&views[2 + number]);
    look_from_elsewhere(number);
}

static void finish_and_lead_on(void)
{
    look_from_elsewhere(4);
}

/* The same for servers that work asynchronously. */
CASE(SEC_07_a_servers_own_begin_and_finish_lead_on)
{
    context_server.finish = finish_and_lead_on;
    call_asynchronous_server(context_create_by_hand, lead_on);
    context_server.finish = NULL;
    ck_assert_hr(views[2].got, S_OK);
    ck_assert(IsEqualGUID(&views[0].id, &views[2].id));
    ck_assert(IsEqualGUID(&views[1].id, &views[3].id));
    ck_assert(IsEqualGUID(&views[4].id, &views[3].id));
    ck_assert(!IsEqualGUID(&views[2].id, &views[3].id));
    call_asynchronous_server(context_create_starts, lead_on);
    ck_assert_hr(views[2].got, S_OK);
    ck_assert(IsEqualGUID(&views[0].id, &views[2].id));
    ck_assert(!IsEqualGUID(&views[2].id, &views[3].id));
}

/* ---- the row --------------------------------------------------------------------------------- */

enum { ROW = 40 };

static LONG row[2 * ROW];
static atomic_int row_length;

static HRESULT join_the_row(LONG number)
{
    row[atomic_fetch_add(&row_length, 1)] = number;
    return S_OK;
}

CASE(CALL_17_calls_are_dispatched_in_the_order_of_their_begins)
{
    AsyncIDesk *calls[ROW];
    LONG result;

    atomic_store(&row_length, 0);
    desk.hook = join_the_row;
    begin_hold(scene.call, 1);
    for (LONG i = 0; i < ROW; i++) {
        calls[i] = new_call();
        ck_assert_hr(AsyncIDesk_Begin_Run(calls[i], i), S_OK);
    }
    for (int i = 0; i < ROW; i += 2) /* those that nobody waits for keep their place */
        release(calls[i]);
    gate_open(&desk.gate);
    ck_assert_hr(IDesk_Run(scene.server, ROW), S_OK);
    ck_assert_int_eq(atomic_load(&row_length), ROW + 1);
    for (LONG i = 0; i <= ROW; i++)
        ck_assert_int_eq(row[i], i);
    for (int i = 1; i < ROW; i += 2) {
        ck_assert_hr(AsyncIDesk_Finish_Run(calls[i]), S_OK);
        release(calls[i]);
    }
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
}

/* ---- deadlines ------------------------------------------------------------------------------- */

CASE(CAN_05_09_a_call_whose_deadline_passes_is_over)
{
    LONG result = 7;

    ck_assert_hr(uvcom_call_set_timeout(scene.call, 2), S_OK);
    begin_hold(scene.call, 1);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_TIMEOUT);
    ck_assert_int_eq(result, 0);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), RPC_E_CALL_COMPLETE);
}

/* The server is not interrupted, and what it returns is freed. */
CASE(CAN_06_09_the_server_of_a_late_call_goes_on)
{
    const LONG value = 1;
    char *copy = NULL;
    LONG sum = 7;

    ck_assert_hr(uvcom_call_set_timeout(scene.call, 2), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Read(scene.call, 1, &value, "a text"), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Read(scene.call, &sum, &copy), RPC_E_TIMEOUT);
    ck_assert_ptr_null(copy);
    gate_open(&desk.gate);
    desk_await_left(1);
}

CASE(RACE_06_a_deadline_leaves_the_next_call_alone)
{
    const size_t rounds = repetitions(300);
    LONG result;
    HRESULT hr;

    gate_open(&desk.gate);
    for (size_t i = 0; i < rounds; i++) {
        ck_assert_hr(uvcom_call_set_timeout(scene.call, (DWORD)(i % 2)), S_OK);
        ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 1), S_OK);
        hr = AsyncIDesk_Finish_Hold(scene.call, &result);
        ck_assert(hr == S_OK || hr == RPC_E_TIMEOUT);
        ck_assert(i % 2 != 0 || hr == RPC_E_TIMEOUT);
        ck_assert_hr(uvcom_call_set_timeout(scene.call, INFINITE), S_OK);
        ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 2), S_OK);
        ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), S_OK);
        ck_assert_int_eq(result, 2);
    }
}

/* The deadline of a call that is over comes while the next one runs. */
CASE(RACE_06_a_deadline_of_before_leaves_a_running_call_alone)
{
    LONG result;
    HRESULT hr;

    ck_assert_hr(uvcom_call_set_timeout(scene.call, 5), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(scene.call, 1), S_OK);
    hr = AsyncIDesk_Finish_Echo(scene.call, &result);
    ck_assert(hr == S_OK || hr == RPC_E_TIMEOUT); /* a machine that stands still */
    ck_assert_hr(uvcom_call_set_timeout(scene.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 2), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, 15), RPC_E_TIMEOUT);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 2);
}

#define TO_STA (SETTING_MTA_TO_OWN | SETTING_STA_TO_OWN | SETTING_MTA_TO_PLAIN)

const struct conformance_case cases_context[] = {
    {&SEC_01_a_call_object_has_no_client_security, EVERYWHERE},
    {&SEC_01_a_call_object_has_a_principal_of_its_own, EVERYWHERE},
    {&SEC_01_the_threads_principal_is_that_of_its_calls, EVERYWHERE},
    {&SEC_02_after_completion_a_start_function_cannot_impersonate, USUAL},
    {&SEC_02_after_signal_a_begin_cannot_impersonate, USUAL},
    {&SEC_03_an_impersonation_lasts_until_the_start_function_returns, USUAL},
    {&SEC_03_an_impersonation_lasts_until_begin_returns, USUAL},
    {&SEC_04_one_revert_undoes_all_impersonations, EVERYWHERE},
    {&SEC_05_a_context_is_good_while_the_call_runs, EVERYWHERE},
    {&SEC_05_the_context_is_captured_by_begin, ELSEWHERE},
    {&SEC_06_a_thread_of_the_servers_own_has_what_was_switched_in, EVERYWHERE},
    {&SEC_06_the_context_of_a_thread_can_be_exchanged, EVERYWHERE},
    {&SEC_07_what_a_call_leads_to_carries_its_id, EVERYWHERE},
    {&SEC_07_a_servers_own_begin_and_finish_lead_on, USUAL},
    {&CALL_17_calls_are_dispatched_in_the_order_of_their_begins, TO_STA},
    {&CAN_05_09_a_call_whose_deadline_passes_is_over, ELSEWHERE},
    {&CAN_06_09_the_server_of_a_late_call_goes_on, ELSEWHERE},
    {&RACE_06_a_deadline_leaves_the_next_call_alone, ELSEWHERE},
    {&RACE_06_a_deadline_of_before_leaves_a_running_call_alone, ELSEWHERE},
    {0},
};
