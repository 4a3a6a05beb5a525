/*
 * every_state.c -- see every_state.h.
 */
#include "every_state.h"

#include "tests/support/outer.h"

struct every_state every_state;

/* ---- the scenario ---------------------------------------------------------------------------- */

/* Runs as the method of RUNNING: the host's end is asked for while the others are queued. */
static HRESULT wait_and_end(LONG number)
{
    (void)number;
    gate_wait(&gated.gate);
    if (every_state.ending)
        host_ask_to_end(every_state.ending);
    return S_OK;
}

static void cancel(AsyncIGated *call)
{
    ICancelMethodCalls *cancel = client_query(call, &IID_ICancelMethodCalls);

    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    client_release(cancel);
}

static void set_timeout(AsyncIGated *call, DWORD ms)
{
    ck_assert_hr(uvcom_call_set_timeout(call, ms), S_OK);
}

static void begin_running(void)
{
    gated.hook = wait_and_end;
    if (every_state.of_running == TOO_LATE)
        set_timeout(every_state.calls[RUNNING], 1);
    ck_assert_hr(AsyncIGated_Begin_Run(every_state.calls[RUNNING], 0), S_OK);
    gate_await_waiters(&gated.gate, 1);
    if (every_state.of_running == TOO_LATE)
        ck_assert_hr(uvcom_wait(every_state.calls[RUNNING], INFINITE), S_OK);
    if (every_state.of_running == CALLED_OFF)
        cancel(every_state.calls[RUNNING]);
    if (every_state.of_running == GIVEN_UP) {
        client_release(every_state.calls[RUNNING]);
        every_state.calls[RUNNING] = NULL;
    }
}

static void begin_queued(void)
{
    set_timeout(every_state.calls[LATE], 1);
    set_timeout(every_state.calls[WATCHED], 3600000);
    for (int i = QUEUED; i < STATES; i++)
        ck_assert_hr(AsyncIGated_Begin_Add(every_state.calls[i], i, 1), S_OK);
    cancel(every_state.calls[CANCELED]);
    ck_assert_hr(uvcom_wait(every_state.calls[LATE], INFINITE), S_OK);
    client_release(every_state.calls[ABANDONED]);
    every_state.calls[ABANDONED] = NULL;
}

void every_state_begin(IGated *server)
{
    for (int i = 0; i < STATES; i++)
        ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&every_state.calls[i]),
                     S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(every_state.calls[DONE], DONE, 1), S_OK);
    ck_assert_hr(uvcom_wait(every_state.calls[DONE], INFINITE), S_OK);
    begin_running();
    begin_queued();
}

void every_state_finish(enum state state, HRESULT expected)
{
    LONG sum = 7;

    ck_assert_hr(AsyncIGated_Finish_Add(every_state.calls[state], &sum), expected);
    ck_assert_int_eq(sum, SUCCEEDED(expected) ? (LONG)state + 1 : 0);
    ck_assert_hr(AsyncIGated_Finish_Add(every_state.calls[state], &sum), RPC_E_CALL_COMPLETE);
}

void every_state_finish_running(void)
{
    static const HRESULT codes[OF_RUNNING] = {
        [WAITED_FOR] = S_OK, [CALLED_OFF] = RPC_E_CALL_CANCELED, [TOO_LATE] = RPC_E_TIMEOUT};

    if (every_state.calls[RUNNING])
        ck_assert_hr(AsyncIGated_Finish_Run(every_state.calls[RUNNING]),
                     codes[every_state.of_running]);
}

/* `queued`: what has become of those behind the one that ran. */
void every_state_finish_all(HRESULT queued)
{
    every_state_finish(IDLE, RPC_E_CALL_COMPLETE);
    every_state_finish(DONE, S_OK);
    every_state_finish_running();
    every_state_finish(QUEUED, queued);
    every_state_finish(CANCELED, RPC_E_CALL_CANCELED);
    every_state_finish(LATE, RPC_E_TIMEOUT);
    every_state_finish(WATCHED, queued);
}

void every_state_begin_again(HRESULT expected)
{
    for (int i = 0; i < STATES; i++)
        if (every_state.calls[i])
            ck_assert_hr(AsyncIGated_Begin_Add(every_state.calls[i], 1, 2), expected);
}

void every_state_release(void)
{
    for (int i = 0; i < STATES; i++) {
        client_release(every_state.calls[i]);
        every_state.calls[i] = NULL;
    }
}

static void prepare(void)
{
    faults_reset();
    gated_reset();
    every_state.ending = NULL;
    every_state.of_running = WAITED_FOR;
}

void every_state_leave(void)
{
    CoUninitialize();
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

void every_state_open_multithreaded(void)
{
    prepare();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

void every_state_open_single_threaded(void)
{
    prepare();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

/* STARTING: the outer object is asked to reset its event in the middle of Begin_. */
static void end_in_reset(struct outer *outer)
{
    if (every_state.ending)
        host_end(every_state.ending);
    else
        CoUninitialize();
    outer->on_reset = NULL;
}

void every_state_end_while_starting(IGated *server, HRESULT afterwards)
{
    struct outer *outer = outer_create();
    AsyncIGated *call;
    LONG sum = 7;

    ck_assert_hr(outer_attach(outer, server, &IID_AsyncIGated), S_OK);
    outer->on_reset = end_in_reset;
    call = client_query(outer, &IID_AsyncIGated);
    set_timeout(call, 3600000);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), RPC_E_DISCONNECTED);
    ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(sum, 0);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), afterwards);
    client_release(call);
    client_release(outer);
}

/* FINISHING: Finish_ ends with the last release of the call's principal. */
static HRESULT STDMETHODCALLTYPE principal_query(IUnknown *This, REFIID riid, void **ppv)
{
    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IAgileObject))
        return E_NOINTERFACE;
    atomic_fetch_add(&((struct principal *)This)->references, 1);
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE principal_add_ref(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct principal *)This)->references, 1) + 1;
}

ULONG STDMETHODCALLTYPE principal_release(IUnknown *This)
{
    struct principal *principal = (struct principal *)This;
    const int left = atomic_fetch_sub(&principal->references, 1) - 1;

    if (left == 0 && principal->ends_others && every_state.ending)
        host_end(every_state.ending);
    else if (left == 0 && principal->ends_others)
        CoUninitialize();
    else if (left == 0 && principal->begins)
        principal->begun = AsyncIGated_Begin_Add(principal->begins, 1, 2);
    return (ULONG)left;
}

void principal_init(struct principal *principal)
{
    static const IUnknownVtbl vtbl = {principal_query, principal_add_ref, principal_release};

    *principal = (struct principal){.unknown.lpVtbl = &vtbl, .references = 1};
}

void every_state_end_while_finishing(IGated *server, HRESULT afterwards)
{
    struct principal principal;
    AsyncIGated *call;
    LONG sum = 7;

    principal_init(&principal);
    ck_assert_hr(uvcom_create_call(server, &IID_AsyncIGated, (void **)&call), S_OK);
    ck_assert_hr(uvcom_call_set_principal(call, &principal.unknown), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), S_OK);
    ck_assert_hr(uvcom_call_set_principal(call, NULL), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    principal.ends_others = true;
    principal_release(&principal.unknown);
    ck_assert_hr(AsyncIGated_Finish_Add(call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    ck_assert_int_eq(atomic_load(&principal.references), 0);
    ck_assert_hr(AsyncIGated_Begin_Add(call, 1, 2), afterwards);
    client_release(call);
}
