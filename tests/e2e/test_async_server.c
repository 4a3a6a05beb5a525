/*
 * test_async_server.c -- servers that work asynchronously, in each style: whoever calls them gets
 * what a synchronous server would have given (AUTO-01, AUTO-03, AUTO-09), and what the runtime
 * calls, on which thread and how often, is right (AUTO-06).
 */
#include <string.h>

#include "customer.h"

/* ---- the four pairs ---- */

static char *task_text(const char *text)
{
    char *copy = CoTaskMemAlloc(strlen(text) + 1);

    memcpy(copy, text, strlen(text) + 1);
    return copy;
}

static void check_text(char *text, const char *wanted)
{
    ck_assert_str_eq(text, wanted);
    CoTaskMemFree(text);
}

static void check_thing(IUnknown *thing, struct witness *witness)
{
    ck_assert_ptr_eq(thing, &witness->unknown);
    IUnknown_Release(thing);
    witness_await(witness, 1);
}

static void call_plainly(void)
{
    IUnknown *thing = NULL;
    struct witness witness;
    char *label = NULL, *text = task_text("bread");
    LONG bread = 0, count = 41;

    witness_init(&witness);
    ck_assert_hr(IBakery_Bake(customer.server, 21, &bread), S_OK);
    ck_assert_int_eq(bread, 42);
    ck_assert_hr(IBakery_Label(customer.server, "rye", &label), S_OK);
    check_text(label, "(rye)");
    ck_assert_hr(IBakery_Change(customer.server, &count, &text), S_OK);
    ck_assert_int_eq(count, 42);
    check_text(text, "(bread)");
    ck_assert_hr(IBakery_Wrap(customer.server, &witness.unknown, &thing), S_OK);
    check_thing(thing, &witness);
}

static void call_in_halves(void)
{
    AsyncIBakery *call = customer.call;
    IUnknown *thing = NULL;
    struct witness witness;
    char *label = NULL, *text = task_text("bread"), *changed = NULL;
    LONG bread = 0, count = 41, counted = 0;

    witness_init(&witness);
    ck_assert_hr(AsyncIBakery_Begin_Bake(call, 21), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(call, &bread), S_OK);
    ck_assert_int_eq(bread, 42);
    ck_assert_hr(AsyncIBakery_Begin_Label(call, "rye"), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Label(call, &label), S_OK);
    check_text(label, "(rye)");
    ck_assert_hr(AsyncIBakery_Begin_Change(call, &count, &text), S_OK);
    CoTaskMemFree(text);
    count = 0;
    ck_assert_hr(AsyncIBakery_Finish_Change(call, &counted, &changed), S_OK);
    ck_assert_int_eq(counted, 42);
    check_text(changed, "(bread)");
    ck_assert_hr(AsyncIBakery_Begin_Wrap(call, &witness.unknown), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Wrap(call, &thing), S_OK);
    check_thing(thing, &witness);
}

START_TEST(auto_01_an_asynchronous_client_meets_an_asynchronous_server)
{
    customer_hire();
    call_in_halves();
    customer_fire();
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
    ck_assert_int_eq(atomic_load(&bakery.begins), 4);
}
END_TEST

START_TEST(auto_03_a_plain_call_never_runs_the_synchronous_method)
{
    customer_hire();
    call_plainly();
    customer_fire();
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
    ck_assert_int_eq(atomic_load(&bakery.begins), 4);
}
END_TEST

/* The object itself: no call object is made for what was not asked for one. */
START_TEST(auto_05_in_one_apartment_a_plain_call_runs_the_method)
{
    customer_hire();
    call_plainly();
    ck_assert_int_eq(atomic_load(&bakery.runs), 4);
    ck_assert_int_eq(atomic_load(&bakery.begins), 0);
    call_in_halves();
    ck_assert_int_eq(atomic_load(&bakery.runs), 4);
    ck_assert_int_eq(atomic_load(&bakery.begins), 4);
    customer_fire();
}
END_TEST

/* ---- the sequence ---- */

static void check_sequence(int calls)
{
    const bool has_factory = bakery.style != BAKERY_STARTS;
    const bool is_by_hand = bakery_is_by_hand();

    ck_assert_int_eq(atomic_load(&bakery.begins), calls);
    ck_assert_int_eq(atomic_load(&bakery.signals), calls);
    ck_assert_int_eq(atomic_load(&bakery.creates), has_factory ? calls : 0);
    ck_assert_int_eq(atomic_load(&bakery.outers), has_factory ? calls : 0);
    ck_assert_int_eq(atomic_load(&bakery.finishes), is_by_hand ? calls : 0);
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
}

/* The server's call object ends in the server's apartment, and what its work knew of on its own
   thread, which may be a little later. */
static void await_ends(int count)
{
    while (bakery_is_by_hand() && atomic_load(&bakery.ends) != count)
        ;
    while (atomic_load(&bakery.orders) != 0)
        ;
}

START_TEST(auto_06_each_step_once_for_each_incoming_call)
{
    LONG bread = 0;

    customer_hire();
    for (int i = 1; i <= 3; i++) {
        ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, i), S_OK);
        ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
        ck_assert_int_eq(bread, 2 * i);
        check_sequence(i); /* SRV-12: a new one each time; FAC-13: always with an outer object */
        await_ends(i);
    }
    customer_fire();
}
END_TEST

START_TEST(auto_06_finish_is_called_although_the_client_has_gone)
{
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    AsyncIBakery_Release(customer.call);
    customer.call = NULL;
    customer_hire();
    while (atomic_load(&bakery.signals) != 1)
        ;
    await_ends(1);
    customer_fire();
    check_sequence(1);
}
END_TEST

START_TEST(srv_09_each_half_runs_in_the_servers_apartment)
{
    uintptr_t here = bakery_this_thread();
    LONG bread = 0;

    customer_hire();
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    await_ends(1);
    customer_fire();
    ck_assert(atomic_load(&bakery.begin_thread) != here);
    if (bakery_is_by_hand()) {
        ck_assert(atomic_load(&bakery.begin_thread) == atomic_load(&bakery.finish_thread));
        ck_assert(atomic_load(&bakery.begin_thread) == atomic_load(&bakery.end_thread));
    }
}
END_TEST

/* CALL-17: a server that is slow with the first call holds up no other. */
START_TEST(call_17_dispatch_is_in_order_and_completion_free)
{
    AsyncIBakery *calls[3] = {customer.call, customer_new_call(), customer_new_call()};
    struct job *jobs[3];
    LONG bread = 0;

    for (LONG i = 0; i < 3; i++)
        ck_assert_hr(AsyncIBakery_Begin_Bake(calls[i], i + 1), S_OK);
    for (int i = 0; i < 3; i++) {
        jobs[i] = bakery_take();
        ck_assert_int_eq(jobs[i]->number, i + 1);
    }
    for (int i = 2; i >= 0; i--) {
        ck_assert_hr(bakery_end(jobs[i], S_OK), S_OK);
        ck_assert_hr(AsyncIBakery_Finish_Bake(calls[i], &bread), S_OK);
        ck_assert_int_eq(bread, 2 * (i + 1));
    }
    AsyncIBakery_Release(calls[1]);
    AsyncIBakery_Release(calls[2]);
}
END_TEST

/* ---- completion ---- */

START_TEST(srv_03_nothing_is_finished_before_signal)
{
    LONG bread = 0;
    ICleaner *cleaner;
    struct job *job;

    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 4), S_OK);
    job = bakery_take();
    /* Behind whatever Begin_ may have left to be done. */
    ck_assert_hr(IBakery_QueryInterface(customer.server, &IID_ICleaner, (void **)&cleaner), S_OK);
    client_release(cleaner);
    ck_assert_hr(uvcom_wait(customer.call, 0), RPC_E_TIMEOUT);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    ck_assert_hr(bakery_end(job, S_OK), S_OK);
    ck_assert_hr(uvcom_wait(customer.call, INFINITE), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
    ck_assert_int_eq(bread, 8);
}
END_TEST

START_TEST(srv_04_a_server_may_complete_inside_begin)
{
    bakery.at_once = true;
    call_in_halves();
    if (customer.way != CUSTOMER_SAME)
        call_plainly();
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
}
END_TEST

START_TEST(srv_06_what_finish_returns_is_the_clients_result)
{
    const HRESULT codes[] = {RPC_E_CALL_CANCELED, (HRESULT)0xCAFEBABE, S_FALSE};

    for (int i = 0; i < 3; i++) {
        char *label = (char *)"not touched";

        ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
        bakery_end(bakery_take(), codes[i]);
        ck_assert_hr(AsyncIBakery_Finish_Label(customer.call, &label),
                     bakery_is_by_hand() && codes[i] == S_FALSE ? S_OK : codes[i]);
        ck_assert((label != NULL) == SUCCEEDED(codes[i]));
        CoTaskMemFree(label);
    }
}
END_TEST

/* From afar Begin_ has succeeded when the server is asked; the client hears of it in Finish_
   (CALL-05). Finish_ of the server is not called. */
START_TEST(srv_07_a_begin_that_fails_is_the_result)
{
    LONG bread = 7;

    bakery.begin_hr = (HRESULT)0xCAFEBABE;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), (HRESULT)0xCAFEBABE);
    ck_assert_int_eq(bread, 0);
    ck_assert_int_eq(atomic_load(&bakery.finishes), 0);
    ck_assert_hr(IBakery_Bake(customer.server, 1, &bread), (HRESULT)0xCAFEBABE);
    await_ends(2);
    bakery.begin_hr = S_OK;
    customer_hire();
    call_in_halves();
    customer_fire();
}
END_TEST

START_TEST(srv_07_in_one_apartment_begin_itself_fails)
{
    LONG bread = 7;

    bakery.begin_hr = (HRESULT)0xCAFEBABE;
    ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), (HRESULT)0xCAFEBABE);
    ck_assert_int_eq(atomic_load(&bakery.begins), 1);
    bakery.begin_hr = S_OK;
    if (bakery_is_by_hand())
        return; /* what it answers to Finish_ is its own affair */
    ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), RPC_E_CALL_COMPLETE);
    customer_hire();
    call_in_halves();
    customer_fire();
}
END_TEST

/* ---- servers without a call object for this ---- */

START_TEST(srv_01_other_interfaces_are_served_synchronously)
{
    AsyncICleaner *call;
    ICleaner *cleaner = client_query(customer.server, &IID_ICleaner);
    LONG times = 0;

    if (bakery.style == BAKERY_CALL)
        bakery.create_hr = E_NOINTERFACE;
    ck_assert_hr(ICleaner_Clean(cleaner, &times), S_OK);
    ck_assert_int_eq(times, 1);
    ck_assert_hr(uvcom_create_call(cleaner, &IID_AsyncICleaner, (void **)&call), S_OK);
    ck_assert_hr(AsyncICleaner_Begin_Clean(call), S_OK);
    ck_assert_hr(AsyncICleaner_Finish_Clean(call, &times), S_OK);
    ck_assert_int_eq(times, 2);
    AsyncICleaner_Release(call);
    ICleaner_Release(cleaner);
}
END_TEST

START_TEST(auto_07_a_server_that_refuses_is_called_synchronously)
{
    const HRESULT codes[] = {E_NOINTERFACE, E_INVALIDARG, CLASS_E_NOAGGREGATION};

    for (int i = 0; i < 3; i++) {
        bakery.create_hr = codes[i];
        call_in_halves();
        call_plainly();
    }
    ck_assert_int_eq(atomic_load(&bakery.begins), 0);
    ck_assert_int_eq(atomic_load(&bakery.runs), 3 * 8);
    ck_assert_int_eq(atomic_load(&bakery.creates), 3 * 8);
}
END_TEST

START_TEST(auto_07_any_other_failure_is_the_result)
{
    const HRESULT codes[] = {E_OUTOFMEMORY, E_FAIL, E_UNEXPECTED};
    LONG bread = 7;

    for (int i = 0; i < 3; i++) {
        bakery.create_hr = codes[i];
        ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, 1), S_OK);
        ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), codes[i]);
        ck_assert_hr(IBakery_Bake(customer.server, 1, &bread), codes[i]);
    }
    ck_assert_int_eq(atomic_load(&bakery.begins) + atomic_load(&bakery.runs), 0);
}
END_TEST

/* A base of the interface that the table is for, and a Start_ function that is not there. */
START_TEST(the_table_of_a_derived_interface_serves_its_bases)
{
    IBakeryMore *more = client_query(customer.server, &IID_IBakeryMore);
    AsyncIBakeryMore *call;
    LONG count = 0;

    ck_assert_hr(uvcom_create_call(more, &IID_AsyncIBakeryMore, (void **)&call), S_OK);
    customer_hire();
    call_in_halves();
    ck_assert_hr(AsyncIBakeryMore_Begin_Bake(call, 1), S_OK);
    ck_assert_hr(AsyncIBakeryMore_Finish_Bake(call, &count), S_OK);
    ck_assert_int_eq(atomic_load(&bakery.begins), 5);
    ck_assert_hr(AsyncIBakeryMore_Begin_Count(call), S_OK);
    ck_assert_hr(AsyncIBakeryMore_Finish_Count(call, &count), S_OK);
    ck_assert_int_eq(count, 6);
    customer_fire();
    AsyncIBakeryMore_Release(call);
    IBakeryMore_Release(more);
}
END_TEST

/* ---- */

static void fill_all(TCase *tcase)
{
    tcase_add_test(tcase, auto_01_an_asynchronous_client_meets_an_asynchronous_server);
    tcase_add_test(tcase, srv_04_a_server_may_complete_inside_begin);
}

static void fill_from_afar(TCase *tcase)
{
    fill_all(tcase);
    tcase_add_test(tcase, auto_03_a_plain_call_never_runs_the_synchronous_method);
    tcase_add_test(tcase, auto_06_each_step_once_for_each_incoming_call);
    tcase_add_test(tcase, auto_06_finish_is_called_although_the_client_has_gone);
    tcase_add_test(tcase, srv_07_a_begin_that_fails_is_the_result);
    tcase_add_test(tcase, srv_01_other_interfaces_are_served_synchronously);
}

static void fill_jobs(TCase *tcase)
{
    tcase_add_test(tcase, call_17_dispatch_is_in_order_and_completion_free);
    tcase_add_test(tcase, srv_03_nothing_is_finished_before_signal);
    tcase_add_test(tcase, srv_06_what_finish_returns_is_the_clients_result);
}

static void fill_own(TCase *tcase)
{
    tcase_add_test(tcase, srv_09_each_half_runs_in_the_servers_apartment);
}

static void fill_direct(TCase *tcase)
{
    fill_all(tcase);
    tcase_add_test(tcase, auto_05_in_one_apartment_a_plain_call_runs_the_method);
    tcase_add_test(tcase, srv_07_in_one_apartment_begin_itself_fails);
}

static void fill_refusals(TCase *tcase)
{
    tcase_add_test(tcase, auto_07_a_server_that_refuses_is_called_synchronously);
    tcase_add_test(tcase, auto_07_any_other_failure_is_the_result);
}

static void fill_tables(TCase *tcase)
{
    tcase_add_test(tcase, the_table_of_a_derived_interface_serves_its_bases);
}

static Suite *async_server_suite(void)
{
    Suite *suite = suite_create("asynchronous servers");

    customer_add_cases(suite, CUSTOMER_SINGLE_TO_MTA, fill_from_afar);
    for (unsigned style = 0; style < BAKERY_STYLES; style++) {
        customer_add_case(suite, CUSTOMER_SAME, (enum bakery_style)style, fill_direct);
        customer_add_case(suite, CUSTOMER_TO_OWN, (enum bakery_style)style, fill_own);
        if (style != BAKERY_LATE)
            customer_add_case(suite, CUSTOMER_TO_OWN, (enum bakery_style)style, fill_jobs);
        if (style >= BAKERY_CALL)
            customer_add_case(suite, CUSTOMER_TO_OWN, (enum bakery_style)style, fill_refusals);
    }
    customer_add_case(suite, CUSTOMER_TO_OWN, BAKERY_STARTS, fill_tables);
    customer_add_case(suite, CUSTOMER_SAME, BAKERY_STARTS, fill_tables);
    return suite;
}

UVCOM_TEST_MAIN(async_server_suite)
