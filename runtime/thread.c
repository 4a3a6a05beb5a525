/*
 * thread.c -- which apartment the calling thread is in: CoInitializeEx and its end, and a few
 * marks.
 *
 * A thread that ends without CoUninitialize is treated as if it had called it: its apartment
 * closes, so that nobody waits for it for ever. Two things are different then. The end of a thread
 * never waits for other threads, so if it was the last one, the workers stay until a later last
 * CoUninitialize; and a loop that is still adopted is not touched, since its memory may have been
 * on this thread's stack.
 */
#include "runtime/thread.h"

#include <assert.h>

#include <uvcom/combase.h>

#include "runtime/deferred.h"
#include "runtime/loop.h"
#include "runtime/process.h"
#include "runtime/thread_cancel.h"
#include "runtime/thread_state.h"
#include "runtime/workers.h"

static UVCOM__THREAD_LOCAL struct thread_state this_thread;
static UVCOM__THREAD_LOCAL struct running *running_here;
static UVCOM__THREAD_LOCAL bool is_compat;

struct thread_state *uvcom__thread_state(void)
{
    return &this_thread;
}

/* ---- into an apartment and out -----------------------------------------------------------------
 */

/*
 * Objects are released meanwhile, whose code may still ask which apartment it is in, so that is
 * forgotten last; and it may call CoInitializeEx and CoUninitialize in pairs, which count but do
 * not come here again.
 */
static void leave(bool is_exiting)
{
    struct thread_state *state = &this_thread;
    struct apartment *apartment = state->apartment;

    state->is_leaving = true;
    if (apartment->kind == APARTMENT_THREAD)
        uvcom__apartment_close(apartment);
    uvcom__cancel_thread_end();
    uvcom__process_drop(state->process, is_exiting);
    *state = (struct thread_state){0};
    /* Objects that ended last may have called, and have set what they like. */
    uvcom__cancel_thread_end();
    uvcom__apartment_release(apartment);
    uvcom__context_thread_end();
}

void uvcom__thread_leave_if_due(void)
{
    const struct thread_state *state = &this_thread;

    if (!state->apartment || state->initialised > 0 || state->port)
        return;
    if (state->is_runtime || state->is_leaving)
        return;
    /* Inside a call that this thread serves: who waits for it is still to be answered, and the
       objects of the apartment are in use. It comes when the call has returned. */
    if (state->apartment->kind == APARTMENT_THREAD && state->apartment->attending > 0)
        return;
    leave(false);
}

static void leave_at_exit(void)
{
    struct thread_state *state = &this_thread;

    if (!state->apartment || uvcom__process_forked())
        return;
    if (state->port)
        uvcom__port_abandon(state->port);
    state->port = NULL;
    state->initialised = 0;
    leave(true);
}

HRESULT uvcom__thread_join_apartment(enum apartment_kind kind)
{
    static void (*const at_exit)(void) = leave_at_exit;
    struct apartment *apartment;
    struct process *process;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (!uvcom__thread_at_exit(&at_exit))
        return E_OUTOFMEMORY;
    process = uvcom__process_keep();
    if (!process)
        return E_OUTOFMEMORY;
    if (kind == APARTMENT_POOL) {
        apartment = uvcom__process_multithreaded(process);
        uvcom__apartment_add_ref(apartment);
    } else {
        apartment = uvcom__apartment_create(kind);
    }
    if (!apartment) {
        uvcom__process_drop(process, false);
        return E_OUTOFMEMORY;
    }
    this_thread.process = process;
    this_thread.apartment = apartment;
    return S_OK;
}

void uvcom__thread_enter_runtime(struct apartment *apartment, struct worker *worker,
                                 struct loop_port *port)
{
    this_thread.process = apartment->process;
    this_thread.apartment = apartment;
    this_thread.port = port;
    this_thread.worker = worker;
    this_thread.is_runtime = true;
}

void uvcom__thread_leave_runtime(void)
{
    uvcom__cancel_thread_end();
    this_thread = (struct thread_state){0};
    uvcom__context_thread_end();
}

/* ---- COM's functions ---------------------------------------------------------------------------
 */

HRESULT CoInitialize(void *pvReserved)
{
    return CoInitializeEx(pvReserved, COINIT_APARTMENTTHREADED);
}

HRESULT CoInitializeEx(void *pvReserved, DWORD dwCoInit)
{
    const DWORD hints = COINIT_DISABLE_OLE1DDE | COINIT_SPEED_OVER_MEMORY;
    const enum apartment_kind kind =
        dwCoInit & COINIT_APARTMENTTHREADED ? APARTMENT_THREAD : APARTMENT_POOL;
    struct thread_state *state = &this_thread;
    HRESULT hr = S_FALSE;

    if (pvReserved || dwCoInit & ~(hints | COINIT_APARTMENTTHREADED))
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (!state->apartment)
        hr = uvcom__thread_join_apartment(kind);
    else if (state->apartment->kind != kind)
        return RPC_E_CHANGED_MODE;
    if (SUCCEEDED(hr))
        state->initialised++;
    return hr;
}

void CoUninitialize(void)
{
    if (this_thread.initialised == 0 || uvcom__process_forked())
        return;
    this_thread.initialised--;
    uvcom__thread_leave_if_due();
}

/* ---- questions of others -----------------------------------------------------------------------
 */

struct apartment *uvcom__apartment_current(void)
{
    return uvcom__process_forked() ? NULL : this_thread.apartment;
}

struct apartment *uvcom__apartment_of_loop(void)
{
    if (!this_thread.port || uvcom__process_forked())
        return NULL;
    return uvcom__port_deliveries(this_thread.port);
}

bool uvcom__apartment_is_here(const struct apartment *apartment)
{
    return this_thread.apartment == apartment && !uvcom__process_forked();
}

HRESULT uvcom__apartment_multithreaded(struct apartment **apartment)
{
    *apartment = NULL;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (this_thread.process) {
        *apartment = uvcom__process_multithreaded(this_thread.process);
        uvcom__apartment_add_ref(*apartment);
    } else {
        *apartment = uvcom__process_multithreaded_of_others();
    }
    return *apartment ? S_OK : CO_E_NOTINITIALIZED;
}

/* ---- marks -------------------------------------------------------------------------------------
 */

void uvcom__blocking_enter(void)
{
    uvcom__deferred_flush();
    if (this_thread.worker && this_thread.blocking++ == 0)
        uvcom__worker_block(this_thread.worker);
}

bool uvcom__blocking_enter_or_serve(void)
{
    uvcom__deferred_flush();
    if (!this_thread.worker)
        return true;
    if (this_thread.blocking == 0 && !uvcom__worker_block_or_serve(this_thread.worker))
        return false;
    this_thread.blocking++;
    return true;
}

void uvcom__blocking_leave(void)
{
    if (this_thread.worker && --this_thread.blocking == 0)
        uvcom__worker_unblock(this_thread.worker);
}

void uvcom_compat_mark_thread(void)
{
    is_compat = true;
}

bool uvcom__thread_is_compat(void)
{
    return is_compat;
}

bool uvcom__thread_may_wait(uint64_t deadline_ns)
{
    return deadline_ns != UVCOM__FOREVER || !this_thread.is_watch;
}

void uvcom__running_push(struct running *running)
{
    running->below = running_here;
    running_here = running;
}

void uvcom__running_pop(struct running *running)
{
    assert(running_here == running);
    running_here = running->below;
    uvcom__scope_end(&running->scope);
}

struct running *uvcom__running_top(void)
{
    struct running *running = running_here;

    while (running && !running->operation && !running->ticket)
        running = running->below;
    return running;
}

bool uvcom__running_find(const void *call, uint64_t epoch)
{
    for (const struct running *running = running_here; running; running = running->below) {
        if (running->call == call && running->epoch == epoch)
            return true;
    }
    return false;
}
