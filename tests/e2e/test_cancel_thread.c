/*
 * test_cancel_thread.c -- plain calls that other threads cancel: what is copied for them, nesting,
 * cancel objects that come too late, what a thread leaves behind, races. CAN-11 to CAN-15.
 *
 * What each rule says is in tests/conformance.
 */
#include <string.h>
#include <sys/mman.h>

#include "client.h"

enum { ROUNDS = 300, PAGE = 4096 };

#define NEVER ((ULONG)RPC_C_CANCEL_INFINITE_TIMEOUT)

/* A thread with a plain call: what it calls, and what became of it. */
struct caller {
    struct helper helper;
    IGated *server; /* of the multithreaded apartment, like the helper */
    bool is_enabled;
    _Atomic(DWORD) id;
    LONG value;
    LONG result;
    HRESULT hr;
};

static void call_enter(void *arg)
{
    struct caller *caller = arg;

    if (caller->is_enabled && FAILED(CoEnableCallCancellation(NULL)))
        return;
    caller->result = 77;
    atomic_store(&caller->id, uvcom_thread_id());
    caller->hr = IGated_Enter(caller->server, caller->value, &caller->result);
}

/* Returns when the server is inside. */
static void start_caller(struct caller *caller, bool is_enabled)
{
    const size_t arrived = (size_t)atomic_load(&gated.entered);

    *caller = (struct caller){.server = client.server, .is_enabled = is_enabled, .hr = E_FAIL};
    helper_start(&caller->helper, call_enter, caller);
    gate_await_arrived(&gated.gate, arrived + 1);
}

/* The server is inside before the client's thread has told that it waits. */
static HRESULT cancel_call(const struct caller *caller, ULONG seconds)
{
    HRESULT hr;

    do {
        hr = CoCancelCall(atomic_load(&caller->id), seconds);
    } while (hr == E_NOINTERFACE);
    return hr;
}

START_TEST(can_11_a_blocked_plain_call_is_cancelled)
{
    struct caller caller;

    start_caller(&caller, true);
    ck_assert_hr(cancel_call(&caller, 0), S_OK);
    helper_join(&caller.helper);
    ck_assert_hr(caller.hr, RPC_E_CALL_CANCELED);
    ck_assert_int_eq(caller.result, 0);
    ck_assert_hr(CoCancelCall(caller.id, 0), E_NOINTERFACE);
}
END_TEST

/* Opens the gate when the server has been asked to stop. */
static void open_when_asked(void *arg)
{
    struct caller *caller = arg;
    ICancelMethodCalls *cancel = NULL;
    HRESULT hr;

    do {
        hr = CoGetCancelObject(atomic_load(&caller->id), &IID_ICancelMethodCalls, (void **)&cancel);
    } while (hr == E_NOINTERFACE);
    while (SUCCEEDED(hr) && ICancelMethodCalls_TestCancel(cancel) == RPC_S_CALLPENDING)
        sched_yield();
    gate_open(&gated.gate);
    if (cancel)
        ICancelMethodCalls_Release(cancel);
}

START_TEST(can_18_a_plain_call_that_is_asked_and_ends)
{
    struct caller caller;
    struct helper helper;

    start_caller(&caller, true);
    helper_start(&helper, open_when_asked, &caller);
    ck_assert_hr(cancel_call(&caller, NEVER), RPC_E_CALL_COMPLETE);
    helper_join(&helper);
    helper_join(&caller.helper);
    ck_assert_hr(caller.hr, S_OK);
    ck_assert_int_eq(caller.result, 0);
}
END_TEST

START_TEST(can_14_a_cancel_object_is_for_one_call)
{
    ICancelMethodCalls *cancel;
    IUnknown *unknown, *again;
    struct caller caller;
    void *none = &none;

    start_caller(&caller, true);
    while (CoGetCancelObject(caller.id, &IID_ICancelMethodCalls, (void **)&cancel) == E_NOINTERFACE)
        continue;
    unknown = client_query(cancel, &IID_IUnknown);
    again = client_query(unknown, &IID_IUnknown);
    ck_assert_ptr_eq(unknown, again);
    ck_assert_hr(IUnknown_QueryInterface(unknown, &IID_ISynchronize, &none), E_NOINTERFACE);
    ck_assert_ptr_null(none);
    ck_assert_hr(ICancelMethodCalls_TestCancel(cancel), RPC_S_CALLPENDING);
    gate_pass(&gated.gate, 1);
    helper_join(&caller.helper);
    ck_assert_hr(caller.hr, S_OK);
    ck_assert_hr(ICancelMethodCalls_TestCancel(cancel), RPC_E_CALL_COMPLETE);
    /* The same hidden call object carries the next one. */
    start_caller(&caller, true);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, NEVER), RPC_E_CALL_COMPLETE);
    gate_pass(&gated.gate, 1);
    helper_join(&caller.helper);
    ck_assert_hr(caller.hr, S_OK);
    client_release(unknown);
    client_release(again);
    client_release(cancel);
}
END_TEST

START_TEST(can_12_the_setting_at_the_start_of_the_call_decides)
{
    struct caller caller;

    start_caller(&caller, false);
    ck_assert_hr(cancel_call(&caller, 0), CO_E_CANCEL_DISABLED);
    ck_assert_hr(cancel_call(&caller, NEVER), CO_E_CANCEL_DISABLED);
    gate_open(&gated.gate);
    helper_join(&caller.helper);
    ck_assert_hr(caller.hr, S_OK);
}
END_TEST

/* ---- what a call that can be cancelled gives ---- */

struct sum {
    struct helper helper;
    LONG *values;
    char *label;
    _Atomic(DWORD) id;
    HRESULT hr;
};

static void call_sum(void *arg)
{
    struct sum *sum = arg;
    char *copy = (char *)-1;
    LONG total = 7;

    CoEnableCallCancellation(NULL);
    atomic_store(&sum->id, uvcom_thread_id());
    sum->hr = IGated_Sum(client.server, 3, sum->values, sum->label, &total, &copy);
    if (total != 0 || copy)
        sum->hr = E_UNEXPECTED;
}

/* The server reads when the client's memory has gone. */
START_TEST(call_14_a_call_that_can_be_cancelled_copies_what_it_is_given)
{
    struct sum sum = {.hr = E_FAIL};
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(page, MAP_FAILED);
    sum.values = page;
    sum.label = (char *)page + PAGE / 2;
    memcpy(sum.label, "a label", sizeof "a label");
    helper_start(&sum.helper, call_sum, &sum);
    gate_await_arrived(&gated.gate, 1);
    while (CoCancelCall(atomic_load(&sum.id), 0) == E_NOINTERFACE)
        continue;
    helper_join(&sum.helper);
    ck_assert_hr(sum.hr, RPC_E_CALL_CANCELED);
    ck_assert_int_eq(munmap(page, PAGE), 0);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

/* ---- what a thread leaves behind ---- */

struct canceller {
    ICancelMethodCalls iface;
    atomic_int references;
    atomic_int cancels;
};

static struct canceller *canceller_of(ICancelMethodCalls *This)
{
    return (struct canceller *)This;
}

static HRESULT STDMETHODCALLTYPE canceller_QueryInterface(ICancelMethodCalls *This, REFIID riid,
                                                          void **ppv)
{
    const bool is_known =
        IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_ICancelMethodCalls);

    *ppv = is_known ? This : NULL;
    if (is_known)
        atomic_fetch_add(&canceller_of(This)->references, 1);
    return is_known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE canceller_AddRef(ICancelMethodCalls *This)
{
    return (ULONG)atomic_fetch_add(&canceller_of(This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE canceller_Release(ICancelMethodCalls *This)
{
    return (ULONG)atomic_fetch_sub(&canceller_of(This)->references, 1) - 1;
}

static HRESULT STDMETHODCALLTYPE canceller_Cancel(ICancelMethodCalls *This, ULONG seconds)
{
    atomic_fetch_add(&canceller_of(This)->cancels, (int)seconds + 1);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE canceller_TestCancel(ICancelMethodCalls *This)
{
    (void)This;
    return RPC_S_CALLPENDING;
}

static const ICancelMethodCallsVtbl canceller_vtbl = {canceller_QueryInterface, canceller_AddRef,
                                                      canceller_Release, canceller_Cancel,
                                                      canceller_TestCancel};

struct setter {
    struct canceller canceller;
    DWORD id;
    HRESULT hrs[6];
};

static void set_and_leave(void *arg)
{
    struct setter *setter = arg;
    IUnknown *object = (IUnknown *)&setter->canceller.iface;

    setter->id = uvcom_thread_id();
    setter->hrs[0] = CoEnableCallCancellation(NULL);
    setter->hrs[1] = CoSetCancelObject(object);
    setter->hrs[2] = CoSetCancelObject(object);
    setter->hrs[3] = CoCancelCall(0, 3);
    CoUninitialize();
    setter->hrs[4] = CoCancelCall(0, 0);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    setter->hrs[5] = CoDisableCallCancellation(NULL);
}

START_TEST(can_12_15_couninitialize_forgets_what_a_thread_has_set)
{
    struct setter setter = {.canceller = {.iface = {&canceller_vtbl}}};

    atomic_init(&setter.canceller.references, 1);
    helper_run(set_and_leave, &setter);
    for (size_t i = 0; i < 3; i++)
        ck_assert_hr(setter.hrs[i], S_OK);
    ck_assert_hr(setter.hrs[3], S_FALSE);
    ck_assert_hr(setter.hrs[4], E_NOINTERFACE);
    ck_assert_hr(setter.hrs[5], CO_E_CANCEL_DISABLED);
    ck_assert_int_eq(atomic_load(&setter.canceller.references), 1);
    ck_assert_int_eq(atomic_load(&setter.canceller.cancels), 4);
    ck_assert_hr(CoCancelCall(setter.id, 0), E_NOINTERFACE);
}
END_TEST

START_TEST(can_15_without_memory_nothing_is_set)
{
    struct canceller canceller = {.iface = {&canceller_vtbl}, .references = 1};
    bool was_hit = true;

    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    for (size_t n = 1; was_hit; n++) {
        HRESULT hr;

        faults_fail_at(n);
        hr = CoSetCancelObject((IUnknown *)&canceller.iface);
        if (SUCCEEDED(hr)) {
            void *found = &found;

            hr = CoGetCancelObject(0, &IID_IUnknown, &found);
            ck_assert(SUCCEEDED(hr) == (found != NULL));
            client_release(found);
            ck_assert_hr(CoSetCancelObject(NULL), S_OK);
        }
        was_hit = faults_hit();
        faults_fail_at(0);
        ck_assert_hr(hr, was_hit ? E_OUTOFMEMORY : S_OK);
        ck_assert_int_eq(atomic_load(&canceller.references), 1);
    }
    ck_assert_hr(CoDisableCallCancellation(NULL), S_OK);
}
END_TEST

/* ---- nesting: a thread that serves while it waits ---- */

static DWORD nested_id;

static void cancel_nested(void *arg)
{
    HRESULT *hr = arg;

    gate_await_waiters(&gated.gate, 1);
    do {
        *hr = CoCancelCall(nested_id, 0);
    } while (*hr == E_NOINTERFACE);
    /* The server's thread is in Enter, and its caller further down waits for that. */
    gate_open(&gated.gate);
}

/* In the client's own apartment, inside its plain call: the innermost call is the one to Enter. */
static HRESULT call_out(LONG number)
{
    LONG result = 7;

    (void)number;
    if (CoSetCancelObject(NULL) != E_ACCESSDENIED)
        return E_UNEXPECTED;
    gated.hook_hr = IGated_Enter(client.server, 1, &result);
    return S_FALSE;
}

struct nest {
    IGated *back; /* for the server's apartment: an object of the client's */
    IStream *stream;
};

static struct nest nest;

static HRESULT call_back(LONG number)
{
    gated.hook = call_out;
    return IGated_Run(nest.back, number);
}

static HRESULT fetch_and_call_back(LONG number)
{
    HRESULT hr = CoGetInterfaceAndReleaseStream(nest.stream, &IID_IGated, (void **)&nest.back);

    if (SUCCEEDED(hr))
        hr = call_back(number);
    client_release(nest.back);
    return hr;
}

START_TEST(can_14_the_innermost_call_is_cancelled)
{
    HRESULT cancelled = E_FAIL;
    struct helper helper;
    IGated *mine;

    nested_id = uvcom_thread_id();
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&mine), S_OK);
    ck_assert_hr(CoMarshalInterThreadInterfaceInStream(&IID_IGated, (IUnknown *)mine, &nest.stream),
                 S_OK);
    gated.hook = fetch_and_call_back;
    gated.hook_hr = E_FAIL;
    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    helper_start(&helper, cancel_nested, &cancelled);
    /* Run, in the server's apartment, calls Run here, which calls Enter, there again. */
    ck_assert_hr(IGated_Run(client.server, 1), S_FALSE);
    helper_join(&helper);
    ck_assert_hr(cancelled, S_OK);
    ck_assert_hr(gated.hook_hr, RPC_E_CALL_CANCELED);
    client_release(mine);
}
END_TEST

/* ---- races ---- */

struct race {
    struct helper helper;
    _Atomic(DWORD) id;
    atomic_bool is_over;
    ISide *side;
    size_t odd;
    size_t cancelled;
    HRESULT cancel_hr;
};

static void call_again_and_again(void *arg)
{
    struct race *race = arg;

    CoEnableCallCancellation(NULL);
    atomic_store(&race->id, uvcom_thread_id());
    for (size_t i = 0; i < 10 * ROUNDS * client_race_factor(); i++) {
        LONG result = 7;
        const HRESULT hr = ISide_Negate(race->side, 4, &result);

        if (hr == RPC_E_CALL_CANCELED && result == 0)
            race->cancelled++;
        else if (hr != S_OK || result != -4)
            race->odd++;
    }
    atomic_store(&race->is_over, true);
}

static bool is_allowed(HRESULT hr)
{
    return hr == S_OK || hr == E_NOINTERFACE || hr == RPC_E_CALL_COMPLETE ||
           hr == RPC_E_CALL_CANCELED;
}

/* The thread calls and ends while others look for its calls. */
START_TEST(race_05_cancel_by_thread_meets_every_step)
{
    struct race race = {.side = client_query(client.server, &IID_ISide)};
    size_t cancelled = 0;
    HRESULT hr;

    helper_start(&race.helper, call_again_and_again, &race);
    while (atomic_load(&race.id) == 0)
        sched_yield();
    while (!atomic_load(&race.is_over)) {
        hr = CoCancelCall(race.id, 0);
        ck_assert(is_allowed(hr));
        cancelled += hr == S_OK;
    }
    helper_join(&race.helper);
    ck_assert_uint_eq(race.odd, 0);
    ck_assert_uint_eq(race.cancelled, cancelled);
    ck_assert_hr(CoCancelCall(race.id, 0), E_NOINTERFACE);
    client_release(race.side);
}
END_TEST

static void blocked(TCase *tcase)
{
    tcase_add_test(tcase, can_11_a_blocked_plain_call_is_cancelled);
    tcase_add_test(tcase, can_18_a_plain_call_that_is_asked_and_ends);
    tcase_add_test(tcase, can_14_a_cancel_object_is_for_one_call);
    tcase_add_test(tcase, can_12_the_setting_at_the_start_of_the_call_decides);
    tcase_add_test(tcase, call_14_a_call_that_can_be_cancelled_copies_what_it_is_given);
    tcase_add_test(tcase, can_12_15_couninitialize_forgets_what_a_thread_has_set);
    tcase_add_test(tcase, can_15_without_memory_nothing_is_set);
    tcase_add_test(tcase, race_05_cancel_by_thread_meets_every_step);
    tcase_set_timeout(tcase, 60);
}

static void serving(TCase *tcase)
{
    tcase_add_test(tcase, can_14_the_innermost_call_is_cancelled);
}

static Suite *cancel_thread_suite(void)
{
    Suite *suite = suite_create("cancel_thread");

    client_add_cases(suite, CLIENT_TO_OWN | CLIENT_MULTITHREADED, blocked);
    client_add_cases(suite, CLIENT_TO_OWN | CLIENT_SINGLE_THREADED, serving);
    return suite;
}

UVCOM_TEST_MAIN(cancel_thread_suite)
