/*
 * cases_apartment.c -- conformance cases for APT: apartments, loops, and what a wait does
 * meanwhile.
 */
#include "tests/conformance/conformance.h"

#include <stdio.h>
#include <string.h>

#include <uvcom/loop.h>

#define POSSIBLE_DEADLOCK HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)

/* A thread that calls a desk of this thread's apartment, and then lets go of what this one waits
   for. It finds the desk by an agile reference. */
struct visitor {
    struct actor actor;
    IAgileReference *reference;
    void (*visit)(struct visitor *visitor, IDesk *desk);
    HRESULT hr;
    LONG result;
};

static void visit(void *arg)
{
    struct visitor *visitor = arg;
    IDesk *found;

    visitor->hr = IAgileReference_Resolve(visitor->reference, &IID_IDesk, (void **)&found);
    if (FAILED(visitor->hr))
        return;
    visitor->visit(visitor, found);
    release(found);
}

static void visitor_start(struct visitor *visitor, IDesk *own)
{
    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IDesk, (IUnknown *)own,
                                     &visitor->reference),
                 S_OK);
    visitor->hr = E_PENDING;
    actor_start(&visitor->actor, visit, visitor);
}

static void visitor_end(struct visitor *visitor)
{
    actor_join(&visitor->actor);
    release(visitor->reference);
}

static IDesk *own_desk(void)
{
    IDesk *own;

    ck_assert_hr(desk_create(NULL, &IID_IDesk, (void **)&own), S_OK);
    return own;
}

/* ---- waiting ---- */

/* The client waits for Hold; the gate is opened by a call that only its own thread can serve. */
static void echo_and_open(struct visitor *visitor, IDesk *found)
{
    visitor->hr = IDesk_Echo(found, 1, &visitor->result);
    gate_open(&desk.gate);
}

CASE(APT_01_a_single_threaded_apartment_serves_while_it_waits)
{
    struct visitor visitor = {.visit = echo_and_open};
    IDesk *own = own_desk();

    begin_hold(scene.call, 1);
    visitor_start(&visitor, own);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    visitor_end(&visitor);
    ck_assert_hr(visitor.hr, S_OK);
    ck_assert_int_eq(visitor.result, 1);
    release(own);
}

/* The same in Finish_, which waits by itself. */
CASE(APT_01_finish_serves_while_it_waits)
{
    struct visitor visitor = {.visit = echo_and_open};
    IDesk *own = own_desk();
    LONG result = 0;

    begin_hold(scene.call, 7);
    visitor_start(&visitor, own);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
    ck_assert_int_eq(result, 7);
    visitor_end(&visitor);
    ck_assert_hr(visitor.hr, S_OK);
    release(own);
}

static uintptr_t hook_thread;

static HRESULT note_thread(LONG number)
{
    (void)number;
    hook_thread = this_thread();
    gate_open(&desk.gate);
    return S_OK;
}

static void run_once(struct visitor *visitor, IDesk *found)
{
    visitor->hr = IDesk_Run(found, 0);
}

CASE(APT_01_what_is_served_runs_on_the_waiting_thread)
{
    struct visitor visitor = {.visit = run_once};
    IDesk *own = own_desk();

    desk.hook = note_thread;
    begin_hold(scene.call, 1);
    visitor_start(&visitor, own);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    visitor_end(&visitor);
    ck_assert(hook_thread == this_thread());
    release(own);
}

/* ---- a loop of the client's own ---- */

static void count_timer(uv_timer_t *timer)
{
    ++*(int *)timer->data;
}

static void count_prepare(uv_prepare_t *prepare)
{
    ++*(int *)prepare->data;
}

/* A loop with a timer that is due and a handle that counts its rounds. */
struct own_loop {
    uv_loop_t loop;
    uv_timer_t timer;
    uv_prepare_t prepare;
    uvcom_apartment *apartment;
    int fired;
    int rounds;
};

static void own_loop_open(struct own_loop *own)
{
    memset(own, 0, sizeof *own);
    ck_assert_int_eq(uv_loop_init(&own->loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&own->loop, &own->apartment), S_OK);
    uv_timer_init(&own->loop, &own->timer);
    own->timer.data = &own->fired;
    uv_timer_start(&own->timer, count_timer, 0, 0);
    uv_prepare_init(&own->loop, &own->prepare);
    own->prepare.data = &own->rounds;
    uv_prepare_start(&own->prepare, count_prepare);
}

static void own_loop_close(struct own_loop *own)
{
    uv_close((uv_handle_t *)&own->timer, NULL);
    uv_close((uv_handle_t *)&own->prepare, NULL);
    ck_assert_hr(uvcom_loop_release(own->apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&own->loop), 0);
}

CASE(APT_02_a_wait_dispatches_calls_and_nothing_else_of_the_loop)
{
    struct visitor visitor = {.visit = echo_and_open};
    struct own_loop loop;
    IDesk *own = own_desk();

    own_loop_open(&loop);
    begin_hold(scene.call, 1);
    visitor_start(&visitor, own);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    visitor_end(&visitor);
    ck_assert_hr(visitor.hr, S_OK);
    ck_assert_int_eq(loop.fired, 0);
    uv_run(&loop.loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(loop.fired, 1);
    release(own);
    own_loop_close(&loop);
}

static AsyncIDesk *waited_for;
static HRESULT waited_hr;

static void wait_in_callback(uv_timer_t *timer)
{
    (void)timer;
    waited_hr = uvcom_wait(waited_for, INFINITE);
}

CASE(APT_03_a_wait_inside_a_callback_runs_no_loop)
{
    struct visitor visitor = {.visit = echo_and_open};
    struct own_loop loop;
    IDesk *own = own_desk();

    own_loop_open(&loop);
    uv_timer_start(&loop.timer, wait_in_callback, 0, 0);
    waited_for = scene.call;
    waited_hr = E_FAIL;
    begin_hold(scene.call, 1);
    visitor_start(&visitor, own);
    uv_run(&loop.loop, UV_RUN_NOWAIT);
    ck_assert_hr(waited_hr, S_OK);
    ck_assert_int_eq(loop.rounds, 1);
    visitor_end(&visitor);
    ck_assert_hr(visitor.hr, S_OK);
    release(own);
    own_loop_close(&loop);
}

CASE(APT_04_a_look_always_works_on_a_loops_thread)
{
    struct own_loop loop;

    own_loop_open(&loop);
    ck_assert_hr(AsyncIDesk_Begin_Hold(scene.call, 1), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, 0), RPC_E_TIMEOUT);
    gate_open(&desk.gate);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, 0), S_OK);
    own_loop_close(&loop);
}

static HRESULT look_hr, wait_hr, finish_hr;

/* Runs inside Run: waits for the very call that it is. */
static HRESULT wait_for_myself(LONG number)
{
    look_hr = uvcom_wait(waited_for, 0);
    wait_hr = uvcom_wait(waited_for, INFINITE);
    finish_hr = AsyncIDesk_Finish_Run(waited_for);
    return (HRESULT)number;
}

CASE(APT_04_waiting_for_a_call_from_inside_of_it_is_refused)
{
    waited_for = scene.call;
    desk.hook = wait_for_myself;
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, S_FALSE), S_OK);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    ck_assert_hr(look_hr, RPC_E_TIMEOUT);
    ck_assert_hr(wait_hr, POSSIBLE_DEADLOCK);
    ck_assert_hr(finish_hr, POSSIBLE_DEADLOCK);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_FALSE);
}

/* ---- where methods run ---- */

enum { CALLERS = 8 };

static void echo_often(void *arg)
{
    IAgileReference *reference = arg;
    IDesk *found;
    LONG result;

    if (FAILED(IAgileReference_Resolve(reference, &IID_IDesk, (void **)&found)))
        return;
    for (int i = 0; i < 100; i++)
        (void)IDesk_Echo(found, i, &result);
    release(found);
}

CASE(APT_05_calls_to_a_single_threaded_apartment_never_overlap)
{
    struct actor callers[CALLERS];
    IAgileReference *reference;
    LONG result;
    uintptr_t home;

    ck_assert_hr(IDesk_Echo(scene.server, 1, &result), S_OK);
    home = atomic_load(&desk.thread);
    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IDesk, (IUnknown *)scene.server,
                                     &reference),
                 S_OK);
    for (int i = 0; i < CALLERS; i++)
        actor_start(&callers[i], echo_often, reference);
    for (int i = 0; i < CALLERS; i++)
        actor_join(&callers[i]);
    ck_assert_int_eq(atomic_load(&desk.entered), CALLERS * 100 + 1);
    ck_assert_int_eq(atomic_load(&desk.overlaps), 0);
    ck_assert(atomic_load(&desk.thread) == home && home != this_thread());
    release(reference);
}

static AsyncIDesk *inner_call;
static HRESULT inner_hr;
static int nested;

/* Runs inside Run on the server's thread: waits for another call to the same apartment. */
static HRESULT wait_for_another(LONG number)
{
    if (number == 1) {
        inner_hr = uvcom_wait(inner_call, INFINITE);
        nested = atomic_load(&desk.overlaps);
    }
    return S_OK;
}

CASE(APT_05_they_nest_when_one_of_them_waits)
{
    inner_call = new_call();
    inner_hr = E_FAIL;
    nested = 0;
    desk.hook = wait_for_another;
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Run(inner_call, 2), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
    ck_assert_hr(inner_hr, S_OK);
    ck_assert_int_eq(nested, 1);
    ck_assert_hr(AsyncIDesk_Finish_Run(inner_call), S_OK);
    release(inner_call);
}

/* All of them are inside at one time, or the case hangs. */
static void hold_at_once(void)
{
    AsyncIDesk *calls[CALLERS];

    for (LONG i = 0; i < CALLERS; i++) {
        calls[i] = new_call();
        ck_assert_hr(AsyncIDesk_Begin_Hold(calls[i], i), S_OK);
    }
    gate_await_waiters(&desk.gate, CALLERS);
    gate_open(&desk.gate);
    for (LONG i = 0; i < CALLERS; i++) {
        LONG result = -1;

        ck_assert_hr(AsyncIDesk_Finish_Hold(calls[i], &result), S_OK);
        ck_assert_int_eq(result, i);
        release(calls[i]);
    }
}

CASE(APT_06_calls_to_the_multithreaded_apartment_run_side_by_side)
{
    hold_at_once();
    ck_assert_int_ge(atomic_load(&desk.overlaps), CALLERS - 1);
}

CASE(APT_07_a_call_in_the_multithreaded_apartment_is_not_made_synchronous)
{
    LONG result = 0;

    begin_hold(scene.call, 7); /* would not return */
    ck_assert_hr(uvcom_wait(scene.call, 0), RPC_E_TIMEOUT);
    ck_assert(atomic_load(&desk.thread) != this_thread());
    gate_open(&desk.gate);
    ck_assert_hr(AsyncIDesk_Finish_Hold(scene.call, &result), S_OK);
}

static IAgileReference *called_out_to;

static HRESULT call_out(LONG number)
{
    LONG result = 0;
    IDesk *found;
    HRESULT hr = IAgileReference_Resolve(called_out_to, &IID_IDesk, (void **)&found);

    if (FAILED(hr))
        return hr;
    hr = IDesk_Echo(found, number, &result);
    release(found);
    return FAILED(hr) ? hr : result == number ? S_OK : E_FAIL;
}

/* From inside an asynchronous call the server calls its client, which waits for that call. */
CASE(APT_09_a_served_asynchronous_call_may_call_out)
{
    IDesk *own = own_desk();

    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IDesk, (IUnknown *)own, &called_out_to),
        S_OK);
    desk.hook = call_out;
    ck_assert_hr(AsyncIDesk_Begin_Run(scene.call, 9), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(scene.call), S_OK);
    release(called_out_to);
    release(own);
}

/* ---- a server that hangs ---- */

CASE(APT_10_a_server_that_hangs_stops_nobody)
{
    AsyncIDesk *stuck = new_call(), *other;

    begin_hold(scene.call, 1);
    other = new_call();
    ck_assert_hr(AsyncIDesk_Begin_Echo(other, 2), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(stuck, 3), S_OK);
    ck_assert_hr(uvcom_wait(other, 0), RPC_E_TIMEOUT);
    release(other);
    release(stuck);
    release(scene.server);
    scene.server = NULL;
    ck_assert_int_eq(atomic_load(&desk.entered), 1);
    gate_open(&desk.gate);
    desk_await_left(3);
}

#define STA (SETTING_STA_TO_OWN | SETTING_STA_TO_MTA)
#define TO_STA (SETTING_MTA_TO_OWN | SETTING_STA_TO_OWN | SETTING_MTA_TO_PLAIN)

const struct conformance_case cases_apartment[] = {
    {&APT_01_a_single_threaded_apartment_serves_while_it_waits, STA},
    {&APT_01_finish_serves_while_it_waits, STA},
    {&APT_01_what_is_served_runs_on_the_waiting_thread, STA},
    {&APT_02_a_wait_dispatches_calls_and_nothing_else_of_the_loop, STA},
    {&APT_03_a_wait_inside_a_callback_runs_no_loop, STA},
    {&APT_04_a_look_always_works_on_a_loops_thread, STA},
    {&APT_04_waiting_for_a_call_from_inside_of_it_is_refused, EVERYWHERE},
    {&APT_05_calls_to_a_single_threaded_apartment_never_overlap, TO_STA},
    {&APT_05_they_nest_when_one_of_them_waits, TO_STA},
    {&APT_06_calls_to_the_multithreaded_apartment_run_side_by_side,
     SETTING_MTA_TO_MTA | SETTING_STA_TO_MTA},
    {&APT_07_a_call_in_the_multithreaded_apartment_is_not_made_synchronous, SETTING_MTA_TO_MTA},
    {&APT_09_a_served_asynchronous_call_may_call_out, EVERYWHERE},
    {&APT_10_a_server_that_hangs_stops_nobody, TO_STA},
    {0},
};
