/*
 * test_call_context.c -- what a server sees of the call that it runs, and what the calls carry that
 * it makes meanwhile: CoGetCallContext, CoSwitchCallContext, causality. On whose behalf calls are
 * made is in test_principals.c.
 */
#include "viewer.h"

static bool same(const GUID *one, const GUID *other)
{
    return IsEqualGUID(one, other);
}

/* ---- the context ----------------------------------------------------------------------------- */

START_TEST(sec_05_there_is_no_context_outside_of_a_call)
{
    void *context = (void *)-1;

    viewer_open();
    ck_assert_hr(CoGetCallContext(&IID_IUvcomCallContext, &context), RPC_E_NO_CONTEXT);
    ck_assert_ptr_null(context);
    ck_assert_hr(CoImpersonateClient(), RPC_E_NO_CONTEXT);
    ck_assert_hr(CoRevertToSelf(), S_OK);
    ck_assert_hr(CoGetCallContext(&IID_IUvcomCallContext, NULL), E_POINTER);
    ck_assert_hr(CoGetCallContext(NULL, &context), E_INVALIDARG);
    ck_assert_hr(CoSwitchCallContext(NULL, NULL), E_POINTER);
    viewer_close();
}
END_TEST

static void check_over(IUvcomCallContext *context)
{
    const GUID none = {0};
    GUID id = {1, 2, 3, {4}};
    DWORD ms = 7;
    void *principal = (void *)-1;

    ck_assert_hr(IUvcomCallContext_GetCausalityId(context, &id), RPC_E_CALL_COMPLETE);
    ck_assert(same(&id, &none));
    ck_assert_hr(IUvcomCallContext_GetRemainingTime(context, &ms), RPC_E_CALL_COMPLETE);
    ck_assert_uint_eq(ms, 0);
    ck_assert_hr(IUvcomCallContext_GetPrincipal(context, &IID_IUnknown, &principal),
                 RPC_E_CALL_COMPLETE);
    ck_assert_ptr_null(principal);
    ck_assert_hr(IUvcomCallContext_TestCancel(context), RPC_E_CALL_COMPLETE);
    ck_assert_hr(IUvcomCallContext_GetCausalityId(context, NULL), E_POINTER);
    ck_assert_hr(IUvcomCallContext_GetRemainingTime(context, NULL), E_POINTER);
    ck_assert_hr(IUvcomCallContext_GetPrincipal(context, &IID_IUnknown, NULL), E_POINTER);
}

START_TEST(sec_05_a_context_is_good_while_the_call_runs)
{
    const GUID none = {0};

    viewer_open();
    viewer_run(viewer_look_and_keep, 0);
    ck_assert_hr(viewer.seen[0].got, S_OK);
    ck_assert(!same(&viewer.seen[0].id, &none));
    ck_assert_hr(viewer.seen[0].remained, S_OK);
    ck_assert_uint_eq(viewer.seen[0].remaining, INFINITE);
    ck_assert_hr(viewer.seen[0].tested, RPC_S_CALLPENDING);
    ck_assert_hr(viewer.seen[0].asked, S_FALSE);
    ck_assert_ptr_nonnull(viewer.kept);
    check_over(viewer.kept);
    viewer_close();
}
END_TEST

START_TEST(com_01_a_context_is_one_object)
{
    void *unknown, *again, *agile, *context;

    viewer_open();
    viewer_run(viewer_look_and_keep, 0);
    unknown = client_query(viewer.kept, &IID_IUnknown);
    again = client_query(viewer.kept, &IID_IUnknown);
    agile = client_query(viewer.kept, &IID_IAgileObject);
    context = client_query(unknown, &IID_IUvcomCallContext);
    ck_assert_ptr_eq(unknown, again);
    ck_assert_ptr_eq(context, viewer.kept);
    client_release(unknown);
    client_release(again);
    client_release(agile);
    client_release(context);
    ck_assert_hr(IUvcomCallContext_QueryInterface(viewer.kept, &IID_IGated, &context),
                 E_NOINTERFACE);
    ck_assert_ptr_null(context);
    ck_assert_hr(IUvcomCallContext_QueryInterface(viewer.kept, &IID_IUnknown, NULL), E_POINTER);
    ck_assert_hr(IUvcomCallContext_QueryInterface(viewer.kept, NULL, &context), E_INVALIDARG);
    viewer_close();
}
END_TEST

static HRESULT ask_twice(LONG number)
{
    IUvcomCallContext *one = viewer_current(), *other = viewer_current();
    void *wrong = (void *)-1;

    viewer.codes[0] = one && one == other ? S_OK : E_FAIL;
    viewer.codes[1] = CoGetCallContext(&IID_IGated, &wrong);
    viewer.codes[2] = wrong ? E_FAIL : S_OK;
    client_release(one);
    client_release(other);
    return number == 0 ? S_OK : E_FAIL;
}

START_TEST(sec_06_a_call_has_one_context)
{
    viewer_open();
    viewer_run(ask_twice, 0);
    ck_assert_hr(viewer.codes[0], S_OK);
    ck_assert_hr(viewer.codes[1], E_NOINTERFACE);
    ck_assert_hr(viewer.codes[2], S_OK);
    viewer_close();
}
END_TEST

START_TEST(sec_05_a_plain_call_has_a_context_too)
{
    viewer_open();
    gated.hook = viewer_look_and_keep;
    ck_assert_hr(IGated_Run(client.server, 0), S_OK);
    ck_assert_hr(viewer.seen[0].got, S_OK);
    check_over(viewer.kept);
    viewer_close();
}
END_TEST

START_TEST(sec_05_the_server_sees_the_deadline)
{
    viewer_open();
    ck_assert_hr(uvcom_call_set_timeout(client.call, 3600000), S_OK);
    viewer_run(viewer_look_at_it, 0);
    ck_assert_uint_gt(viewer.seen[0].remaining, 3500000);
    ck_assert_uint_le(viewer.seen[0].remaining, 3600000);
    viewer_close();
}
END_TEST

START_TEST(can_10_the_server_sees_that_the_call_was_cancelled)
{
    ICancelMethodCalls *cancel = client_query(client.call, &IID_ICancelMethodCalls);

    viewer_open();
    gate_close(&gated.gate);
    gated.hook = viewer_wait_and_look;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 0), S_OK);
    gate_await_waiters(&gated.gate, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), RPC_E_CALL_CANCELED);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
    ck_assert_hr(viewer.seen[0].got, S_OK);
    ck_assert_hr(viewer.seen[0].tested, RPC_E_CALL_CANCELED);
    client_release(cancel);
    viewer_close();
}
END_TEST

static HRESULT ask_without_memory(LONG number)
{
    IUnknown *old = (IUnknown *)-1;
    void *context = (void *)-1;

    faults_fail_at(1);
    viewer.codes[0] = CoGetCallContext(&IID_IUvcomCallContext, &context);
    faults_fail_at(1);
    viewer.codes[1] = CoSwitchCallContext(NULL, &old);
    faults_fail_at(1);
    viewer.codes[2] = CoImpersonateClient();
    faults_reset();
    viewer.codes[3] = context || old ? E_FAIL : S_OK;
    viewer_look(&viewer.seen[number]);
    return S_OK;
}

START_TEST(sec_06_without_memory_nothing_has_changed)
{
    viewer_open();
    viewer_run(ask_without_memory, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_hr(viewer.codes[i], E_OUTOFMEMORY);
    ck_assert_hr(viewer.codes[3], S_OK);
    ck_assert_hr(viewer.seen[0].got, S_OK);
    viewer_close();
}
END_TEST

static void context(TCase *tcase)
{
    tcase_add_test(tcase, sec_05_there_is_no_context_outside_of_a_call);
    tcase_add_test(tcase, sec_05_a_context_is_good_while_the_call_runs);
    tcase_add_test(tcase, com_01_a_context_is_one_object);
    tcase_add_test(tcase, sec_06_a_call_has_one_context);
    tcase_add_test(tcase, sec_05_the_server_sees_the_deadline);
    tcase_add_test(tcase, can_10_the_server_sees_that_the_call_was_cancelled);
}

static void context_of_plain_calls(TCase *tcase)
{
    tcase_add_test(tcase, sec_05_a_plain_call_has_a_context_too);
    tcase_add_test(tcase, sec_06_without_memory_nothing_has_changed);
}

/* ---- causality ------------------------------------------------------------------------------- */

/* From 0 on: each calls the next, plainly and then in two halves, in another apartment each time:
   the far object is called back from its method. */
static HRESULT go_down(LONG number)
{
    IGated *next = viewer_far();
    AsyncIGated *call = NULL;

    viewer_look(&viewer.seen[number]);
    if (number < 2) {
        viewer.codes[0] = IGated_Run(next, number + 1);
        viewer.codes[1] = uvcom_create_call(next, &IID_AsyncIGated, (void **)&call);
        if (SUCCEEDED(viewer.codes[1])) {
            viewer.codes[2] = AsyncIGated_Begin_Run(call, 10 + number);
            viewer.codes[3] = AsyncIGated_Finish_Run(call);
            client_release(call);
        }
    }
    client_release(next);
    return S_OK;
}

START_TEST(sec_07_nested_calls_carry_the_id_of_the_first)
{
    viewer_open();
    viewer_run(go_down, 0);
    for (int i = 0; i < 4; i++)
        ck_assert_hr(viewer.codes[i], S_OK);
    ck_assert(same(&viewer.seen[1].id, &viewer.seen[0].id));
    ck_assert(same(&viewer.seen[10].id, &viewer.seen[0].id));
    ck_assert_ptr_ne(viewer.seen[1].context, viewer.seen[0].context);
    viewer_run(go_down, 5);
    ck_assert_hr(viewer.seen[5].got, S_OK);
    ck_assert(!same(&viewer.seen[5].id, &viewer.seen[0].id));
    viewer_close();
}
END_TEST

/* 0 waits for a far method, which calls back: 2 is run on the thread on which 0 waits. */
static IAgileReference *called_back;

static HRESULT call_and_be_called(LONG number)
{
    IGated *next = NULL;

    viewer_look(&viewer.seen[number]);
    if (number == 0) {
        CoImpersonateClient();
        next = viewer_far();
        viewer.codes[0] = IGated_Run(next, 1);
        client_release(next);
        viewer_look(&viewer.seen[8]);
    } else if (number == 1) {
        viewer.codes[1] = IAgileReference_Resolve(called_back, &IID_IGated, (void **)&next);
        if (SUCCEEDED(viewer.codes[1]))
            viewer.codes[1] = IGated_Run(next, 2);
        client_release(next);
    } else if (number == 2) {
        next = viewer_far();
        viewer.codes[2] = IGated_Run(next, 3);
        client_release(next);
    }
    return S_OK;
}

/* While 0 waits, 2 is served on its thread: with a context of its own, and without what 0 does. */
START_TEST(sec_06_an_inner_call_has_a_context_of_its_own)
{
    viewer_open();
    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IGated, (IUnknown *)client.server,
                                     &called_back),
                 S_OK);
    ck_assert_hr(uvcom_call_set_principal(client.call, &alice.unknown), S_OK);
    viewer_run(call_and_be_called, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_hr(viewer.codes[i], S_OK);
    ck_assert_ptr_ne(viewer.seen[2].context, viewer.seen[0].context);
    ck_assert_ptr_eq(viewer.seen[8].context, viewer.seen[0].context);
    ck_assert(same(&viewer.seen[2].id, &viewer.seen[0].id));
    ck_assert(same(&viewer.seen[3].id, &viewer.seen[0].id));
    ck_assert_ptr_eq(viewer.seen[0].principal, &alice);
    ck_assert_ptr_eq(viewer.seen[1].principal, &alice); /* impersonated */
    ck_assert_ptr_null(viewer.seen[3].principal);       /* 2 is somebody else */
    ck_assert_hr(uvcom_call_set_principal(client.call, NULL), S_OK);
    client_release(called_back);
    viewer_close();
}
END_TEST

static void causality(TCase *tcase)
{
    tcase_add_test(tcase, sec_07_nested_calls_carry_the_id_of_the_first);
}

static void nesting(TCase *tcase)
{
    tcase_add_test(tcase, sec_06_an_inner_call_has_a_context_of_its_own);
}

/* ---- contexts that are switched in ----------------------------------------------------------- */

/* On a thread of the server's own, which runs no call. */
static void switch_in(void *arg)
{
    IUnknown *context = arg, *old = (IUnknown *)-1, *back = NULL;
    IGated *far_one = viewer_far();

    viewer_look(&viewer.seen[1]);
    viewer.codes[1] = CoImpersonateClient();
    viewer.codes[2] = CoSwitchCallContext(context, &old);
    viewer.codes[3] = old ? E_FAIL : S_OK;
    viewer_look(&viewer.seen[2]);
    viewer.codes[4] = IGated_Run(far_one, 3);
    viewer.codes[5] = CoSwitchCallContext(old, &back);
    viewer.codes[6] = back == context ? S_OK : E_FAIL;
    viewer_look(&viewer.seen[4]);
    client_release(far_one);
}

static HRESULT hand_to_a_thread(LONG number)
{
    IUvcomCallContext *context;

    viewer_look(&viewer.seen[number]);
    if (number != 0)
        return S_OK;
    context = viewer_current();
    helper_run(switch_in, context);
    IUvcomCallContext_AddRef(context);
    viewer.codes[0] = IUvcomCallContext_Release(context) <= 3 ? S_OK : E_FAIL;
    client_release(context);
    return S_OK;
}

START_TEST(sec_06_a_context_can_be_switched_in)
{
    viewer_open();
    viewer_run(hand_to_a_thread, 0);
    for (int i = 0; i < 7; i++)
        if (i != 1)
            ck_assert_hr(viewer.codes[i], S_OK);
    ck_assert_hr(viewer.codes[1], RPC_E_NO_CONTEXT);
    ck_assert_hr(viewer.seen[1].got, RPC_E_NO_CONTEXT);
    ck_assert_hr(viewer.seen[2].got, S_OK);
    ck_assert_ptr_eq(viewer.seen[2].context, viewer.seen[0].context);
    ck_assert(same(&viewer.seen[2].id, &viewer.seen[0].id));
    ck_assert(same(&viewer.seen[3].id, &viewer.seen[0].id));
    ck_assert_hr(viewer.seen[4].got, RPC_E_NO_CONTEXT);
    viewer_close();
}
END_TEST

static HRESULT switch_out_and_in(LONG number)
{
    IUnknown *own = NULL, *none = (IUnknown *)-1;

    viewer_look(&viewer.seen[number]);
    if (number != 0)
        return S_OK;
    viewer.codes[0] = CoSwitchCallContext(NULL, &own);
    viewer_look(&viewer.seen[1]);
    viewer.codes[1] = CoImpersonateClient();
    viewer.codes[2] = CoSwitchCallContext(own, &none);
    viewer.codes[3] = none ? E_FAIL : S_OK;
    viewer_look(&viewer.seen[2]);
    viewer.codes[4] = CoSwitchCallContext(&alice.unknown, &own); /* and never back */
    viewer_look(&viewer.seen[3]);
    viewer.codes[5] = CoImpersonateClient();
    return S_OK;
}

START_TEST(sec_06_what_is_switched_in_ends_with_the_method)
{
    viewer_open();
    viewer_run(switch_out_and_in, 0);
    viewer_run(switch_out_and_in, 4);
    ck_assert_hr(viewer.codes[0], S_OK);
    ck_assert_hr(viewer.seen[1].got, RPC_E_NO_CONTEXT);
    ck_assert_hr(viewer.codes[1], RPC_E_NO_CONTEXT);
    ck_assert_hr(viewer.codes[2], S_OK);
    ck_assert_hr(viewer.codes[3], S_OK);
    ck_assert_ptr_eq(viewer.seen[2].context, viewer.seen[0].context);
    ck_assert_hr(viewer.codes[4], S_OK);
    ck_assert_hr(viewer.seen[3].got, E_NOINTERFACE);
    ck_assert_hr(viewer.codes[5], E_NOINTERFACE);
    ck_assert_hr(viewer.seen[4].got, S_OK);
    viewer_close();
}
END_TEST

START_TEST(sec_02_a_context_that_is_over_gives_nothing)
{
    IUnknown *old, *back;
    void *found = (void *)-1;

    viewer_open();
    viewer_run(viewer_look_and_keep, 0);
    ck_assert_hr(CoSwitchCallContext((IUnknown *)viewer.kept, &old), S_OK);
    ck_assert_hr(CoGetCallContext(&IID_IUvcomCallContext, &found), RPC_E_CALL_COMPLETE);
    ck_assert_ptr_null(found);
    ck_assert_hr(CoImpersonateClient(), RPC_E_CALL_COMPLETE);
    ck_assert_hr(CoSwitchCallContext(old, &back), S_OK);
    ck_assert_ptr_eq(back, viewer.kept);
    viewer_close();
}
END_TEST

static void switching(TCase *tcase)
{
    tcase_add_test(tcase, sec_06_a_context_can_be_switched_in);
    tcase_add_test(tcase, sec_06_what_is_switched_in_ends_with_the_method);
    tcase_add_test(tcase, sec_02_a_context_that_is_over_gives_nothing);
}

static Suite *call_context_suite(void)
{
    Suite *suite = suite_create("call context");

    client_add_cases(suite, CLIENT_ANY, context);
    client_add_cases(suite, CLIENT_TO_OWN, context_of_plain_calls);
    client_add_cases(suite, CLIENT_ANY, causality);
    client_add_case(suite, "nesting", nesting);
    client_add_cases(suite, CLIENT_TO_OWN, switching);
    return suite;
}

UVCOM_TEST_MAIN(call_context_suite)
