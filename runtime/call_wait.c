/*
 * call_wait.c -- who sleeps for a call, and how a completion wakes them.
 *
 * A thread of the multithreaded apartment sleeps on the call's own word and is woken by the step
 * that sets the event. A thread of a single-threaded apartment must also wake for incoming calls,
 * which it serves while it waits (APT-01, APT-04); it sleeps on its apartment's word and leaves a
 * waiter on the call, so that the completion knows which apartment to wake. The NODES bit of the
 * call's word says that there is a waiter or a listener: it is set before the waiter looks at the
 * state for the last time, so either the completion sees the bit or the waiter sees the completion
 * (RACE-04).
 */
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/listener.h"
#include "runtime/thread.h"

struct wait {
    struct call *call;
    enum call_wait_for what;
    uint64_t epoch;
};

static bool is_over(void *context)
{
    const struct wait *wait = context;
    uint64_t word = uvcom__load64(&wait->call->word, UVCOM__ACQUIRE);

    if (wait->what == CALL_WAIT_COMPLETION)
        return !uvcom__call_state_is_running(word, wait->epoch);
    return uvcom__call_state_wait_is_over(word, wait->epoch);
}

static void add_waiter(struct call *call, struct waiter *waiter)
{
    uvcom__lock_acquire(&call->lock);
    waiter->next = call->waiters;
    call->waiters = waiter;
    uvcom__call_word_nodes_on(&call->word);
    uvcom__lock_release(&call->lock);
}

static void remove_waiter(struct call *call, struct waiter *waiter)
{
    struct waiter **link = &call->waiters;

    uvcom__lock_acquire(&call->lock);
    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
    if (!call->waiters && !call->listener)
        uvcom__call_word_nodes_off(&call->word);
    uvcom__lock_release(&call->lock);
}

static HRESULT wait_serving(struct apartment *apartment, struct wait *wait, uint64_t deadline_ns)
{
    struct waiter waiter = {.apartment = apartment};
    HRESULT hr;

    add_waiter(wait->call, &waiter);
    hr = uvcom__apartment_wait(apartment, is_over, wait, deadline_ns);
    remove_waiter(wait->call, &waiter);
    return hr;
}

static HRESULT wait_sleeping(struct wait *wait, uint64_t deadline_ns)
{
    HRESULT hr;

    /* With no thread left to serve the multithreaded apartment, the waiter does it itself; never in
       a limited wait, which a served method could keep from its end. */
    if (deadline_ns != UVCOM__FOREVER)
        uvcom__blocking_enter();
    else if (!uvcom__blocking_enter_or_serve())
        return wait_serving(uvcom__apartment_current(), wait, deadline_ns);
    if (wait->what == CALL_WAIT_COMPLETION)
        hr = uvcom__call_word_wait_completed(&wait->call->word, wait->epoch, deadline_ns);
    else
        hr = uvcom__call_word_wait(&wait->call->word, wait->epoch, deadline_ns);
    uvcom__blocking_leave();
    return hr;
}

HRESULT uvcom__call_wait(struct call *call, enum call_wait_for what, uint64_t epoch,
                         uint64_t deadline_ns)
{
    struct wait wait = {.call = call, .what = what, .epoch = epoch};
    struct apartment *apartment;
    HRESULT hr;

    if (is_over(&wait))
        return S_OK;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (uvcom__running_find(call, epoch))
        return deadline_ns == 0 ? RPC_E_TIMEOUT : HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    apartment = uvcom__apartment_current();
    /* The call object may lose its last client while this thread serves other calls. */
    uvcom__call_pin(call);
    if (apartment && !uvcom__apartment_is_multithreaded(apartment))
        hr = wait_serving(apartment, &wait, deadline_ns);
    else
        hr = deadline_ns == 0 ? RPC_E_TIMEOUT : wait_sleeping(&wait, deadline_ns);
    uvcom__call_unpin(call);
    return hr;
}

void uvcom__call_notify(struct call *call, const struct call_step *step, bool completed)
{
    struct listener *fired = NULL;

    if (!(step->after & UVCOM__CALL_NODES))
        return;
    uvcom__lock_acquire(&call->lock);
    for (struct waiter *waiter = call->waiters; waiter; waiter = waiter->next)
        uvcom__apartment_wake(waiter->apartment);
    if (completed)
        fired = uvcom__listener_take_locked(call, uvcom__call_state_epoch(step->after));
    uvcom__lock_release(&call->lock);
    if (fired)
        uvcom__listener_post(fired);
}
