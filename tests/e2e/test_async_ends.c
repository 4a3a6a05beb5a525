/*
 * test_async_ends.c -- calls of asynchronous servers that end in another way than by their server:
 * nobody signals, the client cancels, the server lets go of the operation, the apartment closes.
 * And what a server may do with an operation at any time.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "customer.h"

static HRESULT cancel(AsyncIBakery *call)
{
    ICancelMethodCalls *iface = client_query(call, &IID_ICancelMethodCalls);
    const HRESULT hr = ICancelMethodCalls_Cancel(iface, 0);

    ICancelMethodCalls_Release(iface);
    return hr;
}

static void bake_once(void)
{
    LONG bread = 0;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 3), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    ck_assert_int_eq(bread, 6);
}

/* ---- nobody signals ---- */

/* A call object by hand cannot say that it has let go: only the client, or the end of the
   apartment, ends such a call. */
START_TEST(srv_08_a_call_that_is_never_signaled_is_pending)
{
    LONG bread = 7;
    struct job *job;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    ck_assert_hr(uvcom_wait(customer.call, 0), RPC_E_TIMEOUT);
    ck_assert_hr(cancel(customer.call), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_CALL_CANCELED);
    bake_once();
    bakery_drop(job);
}
END_TEST

/* The fixture's end closes the apartment with the call in it. */
START_TEST(srv_08_the_client_goes_and_nobody_signals)
{
    ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
    bakery_drop(bakery_take());
    AsyncIBakery_Release(customer.call);
    customer.call = NULL;
}
END_TEST

START_TEST(an_operation_that_is_dropped_is_a_servers_fault)
{
    IUnknown *thing = &(IUnknown){0};
    struct witness witness;
    LONG bread = 7;

    witness_init(&witness);
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    bakery_drop(bakery_take());
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_SERVERFAULT);
    ck_assert_int_eq(bread, 0);
    ck_assert_hr(AsyncIBakery_Begin_Wrap(customer.call, &witness.unknown), S_OK);
    bakery_drop(bakery_take());
    ck_assert_hr(AsyncIBakery_Finish_Wrap(customer.call, &thing), RPC_E_SERVERFAULT);
    ck_assert_ptr_null(thing);
    witness_await(&witness, 1);
    bake_once();
}
END_TEST

/* ---- the client cancels ---- */

START_TEST(can_09_a_late_result_is_disposed_of)
{
    struct witness witness;
    IUnknown *thing = &witness.unknown;
    char *label = (char *)"not touched";
    struct job *jobs[2];

    witness_init(&witness);
    ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
    jobs[0] = bakery_take();
    ck_assert_hr(cancel(customer.call), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Label(customer.call, &label), RPC_E_CALL_CANCELED);
    ck_assert_ptr_null(label);
    ck_assert_hr(AsyncIBakery_Begin_Wrap(customer.call, &witness.unknown), S_OK);
    jobs[1] = bakery_take();
    ck_assert_hr(cancel(customer.call), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(customer.call, &thing), RPC_E_CALL_CANCELED);
    ck_assert_ptr_null(thing);
    bake_once();
    bakery_end(jobs[1], S_OK);
    bakery_end(jobs[0], S_OK);
    bake_once();
    witness_await(&witness, 1);
}
END_TEST

START_TEST(can_10_an_operation_knows_that_its_client_has_cancelled)
{
    LONG bread = 7;
    struct job *job, *again;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    ck_assert(!uvcom_operation_is_cancelled(job->operation));
    ck_assert_hr(cancel(customer.call), S_OK);
    ck_assert(uvcom_operation_is_cancelled(job->operation));
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_CALL_CANCELED);
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    again = bakery_take();
    ck_assert(uvcom_operation_is_cancelled(job->operation));
    ck_assert(!uvcom_operation_is_cancelled(again->operation));
    bakery_end(job, S_OK);
    bakery_end(again, S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
}
END_TEST

/* LIFE-02: letting go is not cancelling. */
START_TEST(life_02_an_abandoned_operation_is_not_cancelled)
{
    struct job *job;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    AsyncIBakery_Release(customer.call);
    customer.call = NULL;
    ck_assert(!uvcom_operation_is_cancelled(job->operation));
    ck_assert_hr(bakery_end(job, S_OK), S_OK);
}
END_TEST

/* ---- what a server does with an operation ---- */

START_TEST(an_operation_is_completed_once)
{
    LONG bread = 7;
    struct job *job;
    uvcom_operation *operation;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    operation = job->operation;
    uvcom_operation_add_ref(operation);
    ck_assert_hr(bakery_end(job, E_FAIL), S_OK);
    ck_assert_hr(uvcom_operation_complete(operation, S_OK), RPC_E_CALL_COMPLETE);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), E_FAIL);
    bakery.at_once = true;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 2), S_OK);
    ck_assert_hr(uvcom_operation_complete(operation, E_FAIL), RPC_E_CALL_COMPLETE);
    ck_assert(!uvcom_operation_is_cancelled(operation));
    uvcom_operation_release(operation);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    ck_assert_int_eq(bread, 4);
}
END_TEST

START_TEST(sec_05_an_operations_context_ends_with_it)
{
    IUvcomCallContext *context;
    struct job *job;
    DWORD ms = 0;
    GUID id;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    ck_assert_uint_eq(uvcom_operation_remaining_ms(job->operation), INFINITE);
    ck_assert_hr(uvcom_operation_context(job->operation, &IID_IUvcomCallContext, (void **)&context),
                 S_OK);
    ck_assert_hr(uvcom_operation_context(job->operation, &IID_IBakery, (void **)&(void *){NULL}),
                 E_NOINTERFACE);
    ck_assert_hr(IUvcomCallContext_GetCausalityId(context, &id), S_OK);
    ck_assert_hr(IUvcomCallContext_TestCancel(context), RPC_S_CALLPENDING);
    ck_assert_hr(cancel(customer.call), S_OK);
    ck_assert_hr(IUvcomCallContext_TestCancel(context), RPC_E_CALL_CANCELED);
    bakery_end(job, S_OK);
    ck_assert_hr(IUvcomCallContext_GetRemainingTime(context, &ms), RPC_E_CALL_COMPLETE);
    IUvcomCallContext_Release(context);
}
END_TEST

/* A context is no hold on the operation. */
START_TEST(a_context_does_not_keep_an_operation_from_being_dropped)
{
    IUvcomCallContext *context;
    LONG bread = 7;
    struct job *job;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    ck_assert_hr(uvcom_operation_context(job->operation, &IID_IUvcomCallContext, (void **)&context),
                 S_OK);
    bakery_drop(job);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_SERVERFAULT);
    ck_assert_hr(IUvcomCallContext_TestCancel(context), RPC_E_CALL_COMPLETE);
    IUvcomCallContext_Release(context);
}
END_TEST

/* The client's own call object, in the server's hands. */
static AsyncIBakery *awaited;
static HRESULT awaited_hr;

static void await_own_call(void)
{
    LONG bread;

    awaited_hr = AsyncIBakery_Finish_Bake(awaited, &bread);
}

START_TEST(apt_04_a_server_cannot_wait_for_the_call_that_it_is_beginning)
{
    LONG bread = 0;

    awaited = customer.call;
    bakery.hook = await_own_call;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    ck_assert_hr(awaited_hr, HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK));
    bakery.hook = NULL;
    bakery.finish_hook = await_own_call;
    awaited_hr = S_OK;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    bakery_end(bakery_take(), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    if (bakery_is_by_hand())
        ck_assert_hr(awaited_hr, HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK));
}
END_TEST

/* ---- a server that completes inside Start_, and then says that it has failed ---- */

static void complete_and_fail(void)
{
    bakery.begin_hr = S_OK;
}

static HRESULT STDMETHODCALLTYPE start_twice(IBakeryMore *This, uvcom_operation *operation,
                                             LONG dough, LONG *bread)
{
    (void)This;
    *bread = dough;
    ck_assert_hr(uvcom_operation_complete(operation, S_OK), S_OK);
    return E_FAIL;
}

START_TEST(srv_04_a_completion_inside_start_counts_more_than_its_code)
{
    static const AsyncIBakeryMoreServer starts = {.Start_Bake = start_twice};
    IBakeryMore *more = client_query(customer.server, &IID_IBakeryMore);
    AsyncIBakeryMore *call;
    LONG bread = 0;

    complete_and_fail();
    ck_assert_hr(
        AsyncIBakeryMore_CreateCall(&starts, more, NULL, &IID_AsyncIBakeryMore, (IUnknown **)&call),
        S_OK);
    ck_assert_hr(AsyncIBakeryMore_Begin_Bake(call, 9), S_OK);
    ck_assert_hr(AsyncIBakeryMore_Finish_Bake(call, &bread), S_OK);
    ck_assert_int_eq(bread, 9);
    AsyncIBakeryMore_Release(call);
    IBakeryMore_Release(more);
}
END_TEST

START_TEST(uvcom_create_server_call_refuses_what_it_cannot_use)
{
    static const AsyncIBakeryMoreServer starts;
    IBakeryMore *more = client_query(customer.server, &IID_IBakeryMore);
    IUnknown *call = (IUnknown *)more;

    ck_assert_hr(
        uvcom_create_server_call(&IID_AsyncIBakeryMore, &starts, more, NULL, &IID_IUnknown, NULL),
        E_POINTER);
    ck_assert_hr(
        uvcom_create_server_call(&IID_AsyncIBakery, NULL, more, NULL, &IID_IUnknown, &call),
        E_POINTER);
    ck_assert_ptr_null(call);
    ck_assert_hr(
        uvcom_create_server_call(&IID_AsyncIBakery, &starts, NULL, NULL, &IID_IUnknown, &call),
        E_POINTER);
    ck_assert_hr(uvcom_create_server_call(NULL, &starts, more, NULL, &IID_IUnknown, &call),
                 E_INVALIDARG);
    ck_assert_hr(uvcom_create_server_call(&IID_IBakery, &starts, more, NULL, &IID_IUnknown, &call),
                 E_NOINTERFACE);
    ck_assert_hr(uvcom_create_server_call(&IID_AsyncIBakeryMore, &starts, more, (IUnknown *)more,
                                          &IID_AsyncIBakeryMore, &call),
                 E_INVALIDARG);
    ck_assert_ptr_null(call);
    IBakeryMore_Release(more);
}
END_TEST

/* ---- */

/* The parent's operation: a child leaves it alone. */
START_TEST(a_forked_child_completes_nothing)
{
    struct job *job;
    int status = -1;
    LONG bread;
    pid_t child;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    job = bakery_take();
    child = fork();
    if (child == 0) {
        const HRESULT hr = uvcom_operation_complete(job->operation, S_OK);

        uvcom_operation_release(job->operation);
        uvcom_operation_release(job->operation);
        _exit(hr == CO_E_NOTINITIALIZED ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_hr(bakery_end(job, S_OK), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
}
END_TEST

static void fill_any(TCase *tcase)
{
    tcase_add_test(tcase, can_09_a_late_result_is_disposed_of);
    tcase_add_test(tcase, apt_04_a_server_cannot_wait_for_the_call_that_it_is_beginning);
    tcase_add_test(tcase, srv_08_the_client_goes_and_nobody_signals);
}

static void fill_by_hand(TCase *tcase)
{
    tcase_add_test(tcase, srv_08_a_call_that_is_never_signaled_is_pending);
}

static void fill_operations(TCase *tcase)
{
    tcase_add_test(tcase, an_operation_that_is_dropped_is_a_servers_fault);
    tcase_add_test(tcase, a_forked_child_completes_nothing);
    tcase_add_test(tcase, can_10_an_operation_knows_that_its_client_has_cancelled);
    tcase_add_test(tcase, life_02_an_abandoned_operation_is_not_cancelled);
    tcase_add_test(tcase, an_operation_is_completed_once);
    tcase_add_test(tcase, sec_05_an_operations_context_ends_with_it);
    tcase_add_test(tcase, a_context_does_not_keep_an_operation_from_being_dropped);
}

static void fill_direct(TCase *tcase)
{
    tcase_add_test(tcase, srv_04_a_completion_inside_start_counts_more_than_its_code);
    tcase_add_test(tcase, uvcom_create_server_call_refuses_what_it_cannot_use);
}

static Suite *async_ends_suite(void)
{
    Suite *suite = suite_create("ends of asynchronous calls");

    for (unsigned way = 0; way < CUSTOMER_WAYS; way++) {
        for (unsigned style = 0; style < BAKERY_LATE; style++) {
            const bool by_hand = style >= BAKERY_EVENT;

            if (way != CUSTOMER_SAME)
                customer_add_case(suite, (enum customer_way)way, (enum bakery_style)style,
                                  fill_any);
            if (way != CUSTOMER_SAME || !by_hand)
                customer_add_case(suite, (enum customer_way)way, (enum bakery_style)style,
                                  by_hand ? fill_by_hand : fill_operations);
        }
    }
    customer_add_case(suite, CUSTOMER_SAME, BAKERY_STARTS, fill_direct);
    return suite;
}

UVCOM_TEST_MAIN(async_ends_suite)
