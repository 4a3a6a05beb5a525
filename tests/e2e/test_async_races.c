/*
 * test_async_races.c -- two threads that end the same call of an asynchronous server, each in its
 * own way: exactly one wins, and both hear of it. For the sanitizers; UVCOM_RACE_FACTOR multiplies
 * the rounds.
 */
#include "customer.h"
#include "tests/support/sta_thread.h"

enum { ROUNDS = 40 };

static int rounds(void)
{
    return (int)(ROUNDS * client_race_factor());
}

/* ---- two threads that set off together ---- */

struct starter {
    struct helper helper;
    atomic_int *line;
    void (*run)(struct starter *starter);
    struct job *job;
    AsyncIBakery *call;
    int delay;
    HRESULT hr;
};

static void wait_at_line(struct starter *starter)
{
    atomic_fetch_add(starter->line, 1);
    while (atomic_load(starter->line) < 2)
        ;
    for (volatile int i = 0; i < starter->delay; i++)
        ;
}

static void set_off(void *arg)
{
    struct starter *starter = arg;

    wait_at_line(starter);
    starter->run(starter);
}

/* The second one on this thread. */
static void race(struct starter *first, struct starter *second, int round)
{
    atomic_int line = 0;

    first->line = second->line = &line;
    first->delay = round % 7 * 40;
    second->delay = round % 5 * 40;
    helper_start(&first->helper, set_off, first);
    set_off(second);
    helper_join(&first->helper);
}

static void end_job(struct starter *starter)
{
    starter->hr = bakery_end(starter->job, S_OK);
}

static void drop_job(struct starter *starter)
{
    bakery_drop(starter->job);
}

static void cancel_call(struct starter *starter)
{
    ICancelMethodCalls *iface = client_query(starter->call, &IID_ICancelMethodCalls);

    starter->hr = ICancelMethodCalls_Cancel(iface, 0);
    ICancelMethodCalls_Release(iface);
}

static struct job *begin_label(void)
{
    ck_assert_hr(AsyncIBakery_Begin_Label(customer.call, "rye"), S_OK);
    return bakery_take();
}

static HRESULT finish_label(void)
{
    char *label = NULL;
    HRESULT hr = AsyncIBakery_Finish_Label(customer.call, &label);

    ck_assert((label != NULL) == SUCCEEDED(hr));
    CoTaskMemFree(label);
    return hr;
}

/* ---- completion and cancel ---- */

START_TEST(race_05_completion_and_cancel)
{
    for (int i = 0; i < rounds(); i++) {
        struct job *job = begin_label();
        const bool is_seen = job->operation && customer.way == CUSTOMER_SAME;
        struct starter ends = {.run = end_job, .job = job};
        struct starter cancels = {.run = cancel_call, .call = customer.call};
        HRESULT hr;

        race(&ends, &cancels, i);
        hr = finish_label();
        ck_assert_hr(hr, SUCCEEDED(cancels.hr) ? RPC_E_CALL_CANCELED : S_OK);
        ck_assert(cancels.hr == S_OK || cancels.hr == RPC_E_CALL_COMPLETE);
        if (is_seen)
            ck_assert_hr(ends.hr, SUCCEEDED(cancels.hr) ? RPC_E_CALL_CANCELED : S_OK);
    }
}
END_TEST

START_TEST(race_05_drop_and_cancel)
{
    for (int i = 0; i < rounds(); i++) {
        struct starter drops = {.run = drop_job, .job = begin_label()};
        struct starter cancels = {.run = cancel_call, .call = customer.call};

        race(&drops, &cancels, i);
        ck_assert_hr(finish_label(),
                     SUCCEEDED(cancels.hr) ? RPC_E_CALL_CANCELED : RPC_E_SERVERFAULT);
    }
}
END_TEST

/* The worker may be done before Begin_ has returned, and while the client lets go. */
START_TEST(race_07_completion_and_the_last_release)
{
    customer_hire();
    for (int i = 0; i < rounds(); i++) {
        AsyncIBakery *call = customer_new_call();

        ck_assert_hr(AsyncIBakery_Begin_Label(call, "rye"), S_OK);
        for (volatile int k = 0; k < i % 50 * 20; k++)
            ;
        AsyncIBakery_Release(call);
    }
    while (atomic_load(&bakery.signals) != rounds())
        ;
    customer_fire();
}
END_TEST

START_TEST(srv_04_completion_and_the_return_of_begin)
{
    LONG bread = 0;

    customer_hire();
    for (int i = 0; i < rounds(); i++) {
        ck_assert_hr(AsyncIBakery_Begin_Bake(customer.call, i), S_OK);
        ck_assert_hr(AsyncIBakery_Finish_Bake(customer.call, &bread), S_OK);
        ck_assert_int_eq(bread, 2 * i);
    }
    customer_fire();
}
END_TEST

/* ---- completion and the end of the apartment ---- */

static struct {
    struct sta_thread sta;
    IAgileReference *reference;
    IUnknown *thing;
} home;

static HRESULT open_at_home(void *arg)
{
    IUnknown *object = NULL;
    HRESULT hr = bakery_create(NULL, &IID_IBakery, (void **)&object);

    (void)arg;
    if (SUCCEEDED(hr))
        hr = RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IBakery, object, &home.reference);
    client_release(object);
    return hr;
}

static void stop_home(struct starter *starter)
{
    (void)starter;
    sta_thread_stop(&home.sta);
}

static void close_once(void (*end)(struct starter *), HRESULT other, int round)
{
    struct starter ends = {.run = end};
    struct starter stops = {.run = stop_home};
    IUnknown *thing = NULL;
    HRESULT hr;

    sta_thread_start(&home.sta);
    ck_assert_hr(uvcom__apartment_invoke(home.sta.apartment, open_at_home, NULL), S_OK);
    ck_assert_hr(IAgileReference_Resolve(home.reference, &IID_IBakery, (void **)&customer.server),
                 S_OK);
    IAgileReference_Release(home.reference);
    customer.call = customer_new_call();
    ck_assert_hr(AsyncIBakery_Begin_Wrap(customer.call, (IUnknown *)customer.server), S_OK);
    ends.job = bakery_take();
    race(&ends, &stops, round);
    hr = AsyncIBakery_Finish_Wrap(customer.call, &thing);
    ck_assert(hr == other || hr == RPC_E_DISCONNECTED);
    client_release(thing);
    client_release(customer.call);
    client_release(customer.server);
}

static void close_often(enum bakery_style style, void (*end)(struct starter *), HRESULT other)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    for (int i = 0; i < rounds(); i++) {
        bakery_reset(style);
        close_once(end, other, i);
        while (atomic_load(&bakery.live) + atomic_load(&bakery.orders) > 0)
            ;
        bakery_check();
    }
    CoUninitialize();
}

START_TEST(srv_08_completion_and_the_end_of_the_apartment)
{
    close_often((enum bakery_style)_i, end_job, S_OK);
}
END_TEST

START_TEST(srv_08_drop_and_the_end_of_the_apartment)
{
    close_often((enum bakery_style)_i, drop_job, RPC_E_SERVERFAULT);
}
END_TEST

/* ---- */

static void fill_any(TCase *tcase)
{
    tcase_add_test(tcase, race_05_completion_and_cancel);
    tcase_add_test(tcase, race_07_completion_and_the_last_release);
    tcase_add_test(tcase, srv_04_completion_and_the_return_of_begin);
}

static void fill_operations(TCase *tcase)
{
    tcase_add_test(tcase, race_05_drop_and_cancel);
}

static Suite *async_races_suite(void)
{
    Suite *suite = suite_create("races of asynchronous servers");
    TCase *tcase = tcase_create("the end of an apartment");

    for (unsigned way = 0; way < CUSTOMER_WAYS; way++) {
        for (unsigned style = 0; style < BAKERY_LATE; style++) {
            const bool by_hand = style >= BAKERY_EVENT;

            /* A call object by hand in its client's own hands is not the runtime's. */
            if (way == CUSTOMER_SAME && by_hand)
                continue;
            customer_add_case(suite, (enum customer_way)way, (enum bakery_style)style, fill_any);
            if (!by_hand)
                customer_add_case(suite, (enum customer_way)way, (enum bakery_style)style,
                                  fill_operations);
        }
    }
    tcase_add_loop_test(tcase, srv_08_completion_and_the_end_of_the_apartment, 0, BAKERY_LATE);
    tcase_add_loop_test(tcase, srv_08_drop_and_the_end_of_the_apartment, 0, BAKERY_EVENT);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(async_races_suite)
