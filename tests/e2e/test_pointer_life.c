/*
 * test_pointer_life.c -- interface pointers when something ends or runs out: apartments that close
 * with pointers on their way, memory that fails, and what a steady state costs. LIFE-04, CALL-13,
 * CALL-16.
 */
#include <uvcom/class.h>

#include "exchange.h"

/* ---- apartments that close ---- */

static IStream *stream;

/* In a third apartment: an exchange, or a listener, in a stream. */
static void make_exchange(void *arg)
{
    IUnknown *made;

    (void)arg;
    ck_assert_hr(exchange_create(NULL, &IID_IUnknown, (void **)&made), S_OK);
    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IExchange, made, &stream), S_OK);
    drop(made);
}

static void make_listener(void *arg)
{
    IListener *made = listener_create();

    (void)arg;
    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IListener, (IUnknown *)made, &stream),
                 S_OK);
    drop(made);
}

static struct apartment *third_with(void (*make)(void *arg), REFIID iid, void *found)
{
    struct apartment *third;

    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    run_in(third, make, NULL);
    ck_assert_hr(CoGetInterfaceAndReleaseStream(stream, iid, found), S_OK);
    return third;
}

static void end_of(struct apartment *third)
{
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}

enum { CALLS = 5 };

struct burst {
    IExchange *exchange;
    AsyncIExchange *calls[CALLS];
};

static void begin_holds(struct burst *burst)
{
    for (int i = 0; i < CALLS; i++) {
        ck_assert_hr(
            uvcom_create_call(burst->exchange, &IID_AsyncIExchange, (void **)&burst->calls[i]),
            S_OK);
        ck_assert_hr(AsyncIExchange_Begin_Hold(burst->calls[i], market.listener), S_OK);
    }
}

static void drop_burst(struct burst *burst)
{
    for (int i = 0; i < CALLS; i++)
        drop(burst->calls[i]);
    drop(burst->exchange);
}

static void *open_the_gate(void *arg)
{
    gate_open(arg);
    return NULL;
}

/* The first method is at the gate; the others are in the queue when the apartment closes, and some
   may still get their turn. */
START_TEST(life_04_pointers_in_the_queue_of_a_closing_apartment_come_back)
{
    struct burst burst;
    struct apartment *third = third_with(make_exchange, &IID_IExchange, &burst.exchange);
    pthread_t opener;

    begin_holds(&burst);
    drop(market.listener);
    market.listener = NULL;
    gate_await_waiters(&notes.gate, 1);
    ck_assert_int_eq(pthread_create(&opener, NULL, open_the_gate, &notes.gate), 0);
    end_of(third);
    pthread_join(opener, NULL);
    ck_assert_hr(AsyncIExchange_Finish_Hold(burst.calls[0]), S_OK);
    for (int i = 1; i < CALLS; i++) {
        HRESULT hr = AsyncIExchange_Finish_Hold(burst.calls[i]);

        ck_assert(hr == RPC_E_DISCONNECTED || hr == S_OK);
    }
    await_ends(1);
    drop_burst(&burst);
}
END_TEST

/* A thread with an apartment that serves nothing before it closes it. */
struct idler {
    struct gate is_up, may_end;
};

static void *idle(void *arg)
{
    struct idler *idler = arg;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    make_exchange(NULL);
    gate_open(&idler->is_up);
    gate_wait(&idler->may_end);
    CoUninitialize();
    return NULL;
}

START_TEST(life_04_pointers_that_nobody_takes_out_of_the_queue_come_back)
{
    struct burst burst;
    struct idler idler;
    pthread_t thread;

    gate_init(&idler.is_up);
    gate_init(&idler.may_end);
    ck_assert_int_eq(pthread_create(&thread, NULL, idle, &idler), 0);
    gate_wait(&idler.is_up);
    ck_assert_hr(CoGetInterfaceAndReleaseStream(stream, &IID_IExchange, (void **)&burst.exchange),
                 S_OK);
    begin_holds(&burst);
    drop(market.listener);
    market.listener = NULL;
    gate_open(&idler.may_end);
    await_ends(1); /* at once, however late the client finishes */
    for (int i = 0; i < CALLS; i++)
        ck_assert_hr(AsyncIExchange_Finish_Hold(burst.calls[i]), RPC_E_DISCONNECTED);
    pthread_join(thread, NULL);
    drop_burst(&burst);
}
END_TEST

START_TEST(life_04_begin_to_a_closed_apartment_gives_its_pointer_back)
{
    struct burst burst;
    struct apartment *third = third_with(make_exchange, &IID_IExchange, &burst.exchange);

    ck_assert_hr(uvcom_create_call(burst.exchange, &IID_AsyncIExchange, (void **)&burst.calls[0]),
                 S_OK);
    end_of(third);
    ck_assert_hr(AsyncIExchange_Begin_Hold(burst.calls[0], market.listener), RPC_E_DISCONNECTED);
    drop(market.listener);
    market.listener = NULL;
    await_ends(1);
    drop(burst.calls[0]);
    drop(burst.exchange);
}
END_TEST

START_TEST(a_kept_object_whose_apartment_has_closed_is_disconnected)
{
    IListener *found, *back;
    struct apartment *third = third_with(make_listener, &IID_IListener, &found);
    LONG sum = 7;

    ck_assert_hr(IExchange_Keep(market.server, found), S_OK);
    ck_assert_hr(IExchange_RingKept(market.server, 1, &sum), S_OK);
    end_of(third);
    ck_assert_uint_eq(notes.ended.arrived, 1);
    ck_assert_hr(IExchange_RingKept(market.server, 1, &sum), RPC_E_DISCONNECTED);
    ck_assert_hr(IExchange_Ring(market.server, found, 1, &sum), RPC_E_DISCONNECTED);
    back = found;
    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    if (!market.is_direct) {
        ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &back), RPC_E_DISCONNECTED);
        ck_assert_ptr_null(back);
    }
    drop(found);
}
END_TEST

static void begin_and_leave(void *arg)
{
    AsyncIExchange *call = arg;

    ck_assert_hr(AsyncIExchange_Begin_MakeLate(call), S_OK);
}

/* The thread that began is gone with its apartment; whoever finishes gets the results. */
START_TEST(call_16_results_outlive_the_apartment_that_began_the_call)
{
    struct apartment *third;
    IListener *made;

    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
    run_in(third, begin_and_leave, market.call);
    end_of(third);
    gate_open(&notes.gate);
    ck_assert_hr(AsyncIExchange_Finish_MakeLate(market.call, &made), S_OK);
    drop(made);
    gate_await_arrived(&notes.ended, 1);
}
END_TEST

static void apartments(TCase *tcase)
{
    tcase_add_test(tcase, life_04_pointers_in_the_queue_of_a_closing_apartment_come_back);
    tcase_add_test(tcase, life_04_pointers_that_nobody_takes_out_of_the_queue_come_back);
    tcase_add_test(tcase, life_04_begin_to_a_closed_apartment_gives_its_pointer_back);
    tcase_add_test(tcase, a_kept_object_whose_apartment_has_closed_is_disconnected);
    tcase_add_test(tcase, call_16_results_outlive_the_apartment_that_began_the_call);
}

/* ---- a steady state ---- */

enum { REPEATS = 200, WORKERS = 64 };

static void call_with_pointers(void)
{
    IListener *back;
    LONG sum;

    ck_assert_hr(AsyncIExchange_Begin_Ring(market.call, market.listener, 1), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Ring(market.call, &sum), S_OK);
    ck_assert_hr(AsyncIExchange_Begin_Get(market.call), S_OK);
    ck_assert_hr(AsyncIExchange_Finish_Get(market.call, &back), S_OK);
    drop(back);
    ck_assert_hr(IExchange_Ring(market.server, market.listener, 1, &sum), S_OK);
}

START_TEST(call_13_pointers_to_objects_that_are_known_cost_no_allocation)
{
    IStream *known;

    ck_assert_hr(IExchange_Keep(market.server, market.listener), S_OK);
    /* Between objects of one apartment nobody else makes it known. */
    ck_assert_hr(
        CoMarshalInterThreadInterfaceInStream(&IID_IListener, (IUnknown *)market.listener, &known),
        S_OK);
    for (int i = 0; i < 10; i++)
        call_with_pointers();
    faults_reset();
    for (int i = 0; i < REPEATS; i++)
        call_with_pointers();
    ck_assert_uint_le(faults_seen(), WORKERS);
    drop(known);
}
END_TEST

START_TEST(call_13_pointers_between_objects_of_one_apartment_cost_no_allocation)
{
    LONG sum;

    for (int i = 0; i < 10; i++)
        ck_assert_hr(IExchange_Ring(market.server, market.listener, 1, &sum), S_OK);
    if (!market.is_direct)
        return;
    faults_reset();
    for (int i = 0; i < REPEATS; i++) {
        ck_assert_hr(AsyncIExchange_Begin_Ring(market.call, market.listener, 1), S_OK);
        ck_assert_hr(AsyncIExchange_Finish_Ring(market.call, &sum), S_OK);
    }
    ck_assert_uint_le(faults_seen(), WORKERS);
}
END_TEST

static void steady(TCase *tcase)
{
    tcase_add_test(tcase, call_13_pointers_between_objects_of_one_apartment_cost_no_allocation);
    tcase_add_test(tcase, call_13_pointers_to_objects_that_are_known_cost_no_allocation);
}

/* ---- out of memory ---- */

static HRESULT table_and_stream(void)
{
    IGlobalInterfaceTable *table = NULL;
    IAgileReference *reference = NULL;
    IListener *found = NULL;
    DWORD cookie = 0;
    HRESULT hr = CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table);

    if (SUCCEEDED(hr))
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)market.server,
                                                             &IID_IExchange, &cookie);
    if (SUCCEEDED(hr))
        hr = CoMarshalInterThreadInterfaceInStream(&IID_IListener, (IUnknown *)market.listener,
                                                   &stream);
    if (SUCCEEDED(hr))
        hr = CoGetInterfaceAndReleaseStream(stream, &IID_IListener, (void **)&found);
    drop(found);
    if (SUCCEEDED(hr))
        hr = RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IListener,
                                 (IUnknown *)market.listener, &reference);
    drop(reference);
    if (cookie)
        ck_assert_hr(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
    return hr;
}

/* The objects' own methods report what they got, so the first failure comes through. */
static HRESULT calls(void)
{
    IListener *made = NULL, *slot;
    LONG sum;
    HRESULT hr = uvcom_create_call(market.server, &IID_AsyncIExchange, (void **)&market.call);

    if (SUCCEEDED(hr))
        hr = AsyncIExchange_Begin_Ring(market.call, market.listener, 1);
    if (SUCCEEDED(hr))
        hr = AsyncIExchange_Finish_Ring(market.call, &sum);
    if (SUCCEEDED(hr))
        hr = AsyncIExchange_Begin_Make(market.call);
    if (SUCCEEDED(hr))
        hr = AsyncIExchange_Finish_Make(market.call, &made);
    slot = made;
    if (SUCCEEDED(hr))
        hr = IExchange_Swap(market.server, &slot);
    if (SUCCEEDED(hr))
        ck_assert_ptr_null(slot);
    if (FAILED(hr) && slot)
        drop(slot);
    if (SUCCEEDED(hr))
        hr = IExchange_RingKept(market.server, 1, &sum);
    if (SUCCEEDED(hr))
        hr = table_and_stream();
    drop(market.call);
    return hr;
}

static HRESULT life(DWORD model, uvcom_apartment_kind kind)
{
    HRESULT hr = CoInitializeEx(NULL, model);

    if (FAILED(hr))
        return hr;
    hr = uvcom_register_class(&CLSID_Exchange, exchange_create, kind);
    if (SUCCEEDED(hr)) {
        market = (struct market){.client_is_single = model == COINIT_APARTMENTTHREADED};
        hr = CoCreateInstance(&CLSID_Exchange, NULL, CLSCTX_INPROC_SERVER, &IID_IExchange,
                              (void **)&market.server);
        if (SUCCEEDED(hr)) {
            market.listener = listener_create();
            hr = market.listener ? calls() : E_OUTOFMEMORY;
        }
        drop(market.listener);
        drop(market.server);
        ck_assert_hr(uvcom_unregister_class(&CLSID_Exchange), S_OK);
    }
    CoUninitialize();
    return hr;
}

static const struct {
    DWORD model;
    uvcom_apartment_kind kind;
} lives[] = {
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN},
    {COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED},
    {COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_OWN},
    {COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED},
};

START_TEST(call_16_each_allocation_fails_once)
{
    size_t n = 0, failed = 0;
    HRESULT hr;

    faults_spare_uv(); /* it ends the process when some of its own fail */
    do {
        notes_reset();
        faults_fail_at(++n);
        hr = life(lives[_i].model, lives[_i].kind);
        if (FAILED(hr)) {
            failed++;
            ck_assert_hr(hr, E_OUTOFMEMORY);
        }
        if (!faults_hit())
            ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq(faults_live(), 0);
        notes_check();
    } while (faults_hit());
    faults_reset();
    ck_assert_uint_ge(failed, 15);
}
END_TEST

static Suite *pointer_life_suite(void)
{
    Suite *suite = suite_create("pointer life");
    TCase *sweeps = tcase_create("out of memory");

    market_add_cases(suite, apartments);
    market_add_cases(suite, steady);
    tcase_set_timeout(sweeps, 30);
    tcase_add_loop_test(sweeps, call_16_each_allocation_fails_once, 0, COUNT(lives));
    suite_add_tcase(suite, sweeps);
    return suite;
}

UVCOM_TEST_MAIN(pointer_life_suite)
