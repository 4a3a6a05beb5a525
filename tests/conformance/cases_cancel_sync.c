/*
 * cases_cancel_sync.c -- conformance cases for CAN: cancelling synchronous calls, by naming their
 * thread.
 */
#include "tests/conformance/conformance.h"

#include <sched.h>
#include <string.h>

struct caller {
    struct actor actor;
    IDesk *server;
    _Atomic(DWORD) id;
    unsigned enables;  /* CoEnableCallCancellation before the call */
    unsigned disables; /* after them */
    HRESULT hr;
    LONG result;
};

static void call_hold(void *arg)
{
    struct caller *caller = arg;

    for (unsigned i = 0; i < caller->enables; i++)
        CoEnableCallCancellation(NULL);
    for (unsigned i = 0; i < caller->disables; i++)
        CoDisableCallCancellation(NULL);
    caller->result = -1;
    atomic_store(&caller->id, uvcom_thread_id());
    caller->hr = IDesk_Hold(caller->server, 1, &caller->result);
}

static void start_caller(struct caller *caller, unsigned enables, unsigned disables)
{
    const int held = atomic_load(&desk.held);

    *caller = (struct caller){.server = scene.server, .enables = enables, .disables = disables};
    caller->hr = E_FAIL;
    actor_start(&caller->actor, call_hold, caller);
    gate_await_arrived(&desk.gate, (size_t)held + 1);
}

/* The server may be inside a moment before its client has told that it waits. */
static HRESULT cancel_caller(const struct caller *caller)
{
    HRESULT hr;

    do {
        hr = CoCancelCall(caller->id, 0);
    } while (hr == E_NOINTERFACE);
    return hr;
}

static HRESULT end_caller(struct caller *caller)
{
    gate_open(&desk.gate);
    actor_join(&caller->actor);
    desk_await_left(atomic_load(&desk.held));
    gate_close(&desk.gate);
    return caller->hr;
}

CASE(CAN_11_an_asynchronous_call_is_not_found_by_its_thread)
{
    void *found = &found;
    LONG result;

    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    begin_hold(scene.call, 1);
    ck_assert_hr(CoCancelCall(0, 0), E_NOINTERFACE);
    ck_assert_hr(CoCancelCall(uvcom_thread_id(), 0), E_NOINTERFACE);
    ck_assert_hr(CoGetCancelObject(0, &IID_ICancelMethodCalls, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_hr(CoDisableCallCancellation(NULL), S_OK);
}

CASE(CAN_11_a_synchronous_call_is_found_by_its_thread)
{
    struct caller caller;

    start_caller(&caller, 1, 0);
    ck_assert_hr(cancel_caller(&caller), S_OK);
    actor_join(&caller.actor);
    ck_assert_hr(caller.hr, RPC_E_CALL_CANCELED);
    ck_assert_int_eq(caller.result, 0);
    ck_assert_hr(CoCancelCall(caller.id, 0), E_NOINTERFACE);
}

CASE(CAN_12_synchronous_cancelling_is_off_at_first)
{
    struct caller caller;

    start_caller(&caller, 0, 0);
    ck_assert_hr(cancel_caller(&caller), CO_E_CANCEL_DISABLED);
    ck_assert_hr(end_caller(&caller), S_OK);
}

CASE(CAN_12_enables_nest)
{
    struct caller caller;

    start_caller(&caller, 2, 1);
    ck_assert_hr(cancel_caller(&caller), S_OK);
    ck_assert_hr(end_caller(&caller), RPC_E_CALL_CANCELED);
    start_caller(&caller, 2, 2);
    ck_assert_hr(cancel_caller(&caller), CO_E_CANCEL_DISABLED);
    ck_assert_hr(end_caller(&caller), S_OK);
}

/* It copies what others lend, and still frees what its [in, out] values are replaced by. */
CASE(CAN_12_a_call_that_can_be_cancelled_and_is_not)
{
    LONG value = 21, sum = 0, values[] = {1, 2, 3};
    char *text = CoTaskMemAlloc(4), *copy = NULL;

    ck_assert_ptr_nonnull(text);
    memcpy(text, "old", 4);
    gate_open(&desk.gate);
    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    ck_assert_hr(IDesk_Change(scene.server, &value, &text), S_OK);
    ck_assert_hr(IDesk_Read(scene.server, 3, values, "label", &sum, &copy), S_OK);
    ck_assert_hr(CoDisableCallCancellation(NULL), S_OK);
    ck_assert_int_eq(value, 42);
    ck_assert_str_ne(text, "old");
    ck_assert_int_eq(sum, 6);
    ck_assert_str_eq(copy, "label");
    CoTaskMemFree(text);
    CoTaskMemFree(copy);
}

CASE(CAN_12_13_what_enable_and_disable_answer)
{
    ck_assert_hr(CoEnableCallCancellation(&scene), E_INVALIDARG);
    ck_assert_hr(CoDisableCallCancellation(&scene), E_INVALIDARG);
    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    ck_assert_hr(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
    ck_assert_hr(CoDisableCallCancellation(NULL), S_OK);
    ck_assert_hr(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
}

CASE(CAN_12_couninitialize_forgets_the_enables)
{
    ck_assert_hr(CoEnableCallCancellation(NULL), CO_E_NOTINITIALIZED);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    CoUninitialize();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
    CoUninitialize();
}

CASE(CAN_14_a_cancel_object_is_that_of_the_call)
{
    ICancelMethodCalls *cancel = NULL;
    struct caller caller;
    void *found = &found;

    ck_assert_hr(CoGetCancelObject(0, &IID_ICancelMethodCalls, NULL), E_POINTER);
    ck_assert_hr(CoGetCancelObject(0, &IID_ICancelMethodCalls, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    start_caller(&caller, 1, 0);
    while (CoGetCancelObject(caller.id, &IID_ICancelMethodCalls, (void **)&cancel) == E_NOINTERFACE)
        sched_yield();
    ck_assert_ptr_nonnull(cancel);
    ck_assert_hr(ICancelMethodCalls_TestCancel(cancel), RPC_S_CALLPENDING);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    actor_join(&caller.actor);
    ck_assert_hr(caller.hr, RPC_E_CALL_CANCELED);
    /* The next call is none of its business. */
    gate_pass(&desk.gate, 1);
    desk_await_left(1);
    start_caller(&caller, 1, 0);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(end_caller(&caller), S_OK);
    release(cancel);
}

/* ---- a cancel object of the program's own ---- */

struct own_cancel {
    ICancelMethodCalls iface;
    int references;
    int cancelled; /* seconds, and one */
};

static HRESULT STDMETHODCALLTYPE own_QueryInterface(ICancelMethodCalls *This, REFIID riid,
                                                    void **ppv)
{
    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_ICancelMethodCalls))
        return E_NOINTERFACE;
    ((struct own_cancel *)This)->references++;
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE own_AddRef(ICancelMethodCalls *This)
{
    return (ULONG)++((struct own_cancel *)This)->references;
}

static ULONG STDMETHODCALLTYPE own_Release(ICancelMethodCalls *This)
{
    return (ULONG)--((struct own_cancel *)This)->references;
}

static HRESULT STDMETHODCALLTYPE own_Cancel(ICancelMethodCalls *This, ULONG seconds)
{
    ((struct own_cancel *)This)->cancelled += (int)seconds + 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE own_TestCancel(ICancelMethodCalls *This)
{
    (void)This;
    return RPC_S_CALLPENDING;
}

static const ICancelMethodCallsVtbl own_vtbl = {own_QueryInterface, own_AddRef, own_Release,
                                                own_Cancel, own_TestCancel};

CASE(CAN_14_15_the_innermost_object_is_found)
{
    struct own_cancel outer = {{&own_vtbl}, 1, 0}, inner = {{&own_vtbl}, 1, 0};

    ck_assert_hr(CoEnableCallCancellation(NULL), S_OK);
    ck_assert_hr(CoSetCancelObject((IUnknown *)&outer.iface), S_OK);
    ck_assert_hr(CoSetCancelObject((IUnknown *)&inner.iface), S_OK);
    ck_assert_hr(CoCancelCall(0, 2), S_OK);
    ck_assert_int_eq(inner.cancelled, 3);
    ck_assert_hr(CoSetCancelObject(NULL), S_OK);
    ck_assert_int_eq(inner.references, 1);
    ck_assert_hr(CoCancelCall(uvcom_thread_id(), 4), S_OK);
    ck_assert_int_eq(inner.cancelled, 3);
    ck_assert_int_eq(outer.cancelled, 5);
    ck_assert_hr(CoSetCancelObject(NULL), S_OK);
    ck_assert_int_eq(outer.references, 1);
    ck_assert_hr(CoCancelCall(0, 0), E_NOINTERFACE);
    ck_assert_hr(CoDisableCallCancellation(NULL), S_OK);
}

CASE(CAN_15_what_is_set_must_be_able_to_cancel)
{
    struct own_cancel own = {{&own_vtbl}, 1, 0};
    struct witness witness;

    witness_init(&witness);
    ck_assert_hr(CoSetCancelObject(&witness.unknown), E_NOINTERFACE);
    ck_assert_int_eq(witness_references(&witness), 1);
    ck_assert_hr(CoSetCancelObject(NULL), E_ACCESSDENIED);
    ck_assert_hr(CoSetCancelObject((IUnknown *)&own.iface), S_OK);
    ck_assert_int_eq(own.references, 2);
    ck_assert_hr(CoCancelCall(0, 0), CO_E_CANCEL_DISABLED);
    ck_assert_hr(CoSetCancelObject(NULL), S_OK);
    ck_assert_int_eq(own.references, 1);
    ck_assert_int_eq(own.cancelled, 0);
}

#define PLAIN (SETTING_MTA_TO_OWN | SETTING_MTA_TO_PLAIN)

const struct conformance_case cases_cancel_sync[] = {
    {&CAN_11_an_asynchronous_call_is_not_found_by_its_thread, ELSEWHERE},
    {&CAN_11_a_synchronous_call_is_found_by_its_thread, PLAIN},
    {&CAN_12_synchronous_cancelling_is_off_at_first, PLAIN},
    {&CAN_12_enables_nest, PLAIN},
    {&CAN_12_a_call_that_can_be_cancelled_and_is_not, THROUGH_A_PROXY},
    {&CAN_12_13_what_enable_and_disable_answer, USUAL},
    {&CAN_12_couninitialize_forgets_the_enables, SETTING_BARE},
    {&CAN_14_a_cancel_object_is_that_of_the_call, PLAIN},
    {&CAN_14_15_the_innermost_object_is_found, USUAL},
    {&CAN_15_what_is_set_must_be_able_to_cancel, USUAL},
    {0},
};
