/*
 * call_wait.c -- who sleeps for a call, and how a completion wakes them.
 *
 * A thread of the multithreaded apartment sleeps on the call's own word and is woken by the step
 * that sets the event. A thread of a single-threaded apartment must also wake for incoming calls,
 * which it serves while it waits (APT-01, APT-04); it sleeps on its apartment's word and leaves an
 * observer on the call, so that the completion knows which apartment to wake. The NODES bit of the
 * call's word says that there is an observer, a listener or a descriptor: it is set before the
 * observer looks at the state for the last time, so either the completion sees the bit or the
 * observer sees the completion (RACE-04).
 */
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/listener.h"
#include "runtime/thread.h"

/* ---- the event and those who observe it ---- */

/* By the word as it is now, not by the step that the caller made: of two callers the last one shows
   what has come of both. */
static void show_locked(struct call *call)
{
    uint64_t word = uvcom__load64(&call->word, UVCOM__ACQUIRE);

    uvcom__observers_show(&call->observers, (word & UVCOM__CALL_SIGNALED) != 0);
}

/* The thread that has set the event may not have come to the descriptor yet, and what this one's
   client looks at next may be that. */
void uvcom__call_settle(struct call *call)
{
    if (!(uvcom__load64(&call->word, UVCOM__RELAXED) & UVCOM__CALL_NODES) ||
        uvcom__process_forked())
        return;
    uvcom__lock_acquire(&call->lock);
    show_locked(call);
    uvcom__lock_release(&call->lock);
}

void uvcom__call_unmark_locked(struct call *call)
{
    if (uvcom__observers_are_none(&call->observers) && !call->listener)
        uvcom__call_word_nodes_off(&call->word);
}

bool uvcom__call_is_set(struct call *call)
{
    return (uvcom__load64(&call->word, UVCOM__ACQUIRE) & UVCOM__CALL_SIGNALED) != 0;
}

void uvcom__call_observe(struct call *call, struct observer *observer)
{
    uvcom__lock_acquire(&call->lock);
    uvcom__observers_add(&call->observers, observer);
    uvcom__call_word_nodes_on(&call->word);
    if (uvcom__call_is_set(call))
        observer->notify(observer);
    uvcom__lock_release(&call->lock);
}

void uvcom__call_unobserve(struct call *call, struct observer *observer)
{
    uvcom__lock_acquire(&call->lock);
    uvcom__observers_remove(&call->observers, observer);
    uvcom__call_unmark_locked(call);
    uvcom__lock_release(&call->lock);
}

HRESULT uvcom__call_descriptor(struct call *call, int *descriptor)
{
    HRESULT hr;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* the lock may be held for ever */
    uvcom__lock_acquire(&call->lock);
    hr = uvcom__observers_descriptor(&call->observers, descriptor);
    /* The bit first: who sets or clears the event from here on shows it, what was before is shown
       now. */
    if (SUCCEEDED(hr))
        uvcom__call_word_nodes_on(&call->word);
    show_locked(call);
    uvcom__lock_release(&call->lock);
    return hr;
}

/* ---- waiting ---- */

struct wait {
    struct call *call;
    enum call_wait_for what;
    uint64_t epoch;
    bool is_hopeless; /* only this thread's loop could complete the call, and it does not run now */
};

static bool is_reached(const struct wait *wait)
{
    uint64_t word = uvcom__load64(&wait->call->word, UVCOM__ACQUIRE);

    if (wait->what == CALL_WAIT_COMPLETION)
        return !uvcom__call_state_is_running(word, wait->epoch);
    return uvcom__call_state_wait_is_over(word, wait->epoch);
}

/* Acquire: pairs with the server's mark, as far as there is need for an order at all. */
static bool is_hopeless(const struct wait *wait)
{
    const void *loop = uvcom__load_ptr(&wait->call->completes_on, UVCOM__ACQUIRE);

    return loop && loop == uvcom__apartment_of_loop() &&
           uvcom__call_state_is_running(uvcom__load64(&wait->call->word, UVCOM__ACQUIRE),
                                        wait->epoch);
}

/* A call that this thread serves while it waits may be what marks the awaited one. */
static bool is_over(void *context)
{
    struct wait *wait = context;

    if (is_reached(wait))
        return true;
    wait->is_hopeless = is_hopeless(wait);
    return wait->is_hopeless;
}

static HRESULT wait_serving(struct apartment *apartment, struct wait *wait, uint64_t deadline_ns)
{
    struct apartment_observer observer;
    HRESULT hr;

    uvcom__apartment_observer_init(&observer, apartment);
    uvcom__call_observe(wait->call, &observer.observer);
    hr = uvcom__apartment_wait(apartment, is_over, wait, deadline_ns);
    uvcom__call_unobserve(wait->call, &observer.observer);
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

static HRESULT wait_somewhere(struct wait *wait, uint64_t deadline_ns)
{
    struct apartment *apartment = uvcom__apartment_current();
    HRESULT hr;

    /* The call object may lose its last client while this thread serves other calls. */
    uvcom__call_pin(wait->call);
    if (apartment && !uvcom__apartment_is_multithreaded(apartment))
        hr = wait_serving(apartment, wait, deadline_ns);
    else
        hr = deadline_ns == 0 ? RPC_E_TIMEOUT : wait_sleeping(wait, deadline_ns);
    if (SUCCEEDED(hr) && !wait->is_hopeless)
        uvcom__call_settle(wait->call);
    uvcom__call_unpin(wait->call);
    return hr;
}

HRESULT uvcom__call_wait(struct call *call, enum call_wait_for what, uint64_t epoch,
                         uint64_t deadline_ns)
{
    const HRESULT deadlock = HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    struct wait wait = {.call = call, .what = what, .epoch = epoch};
    HRESULT hr;

    if (is_reached(&wait)) {
        uvcom__call_settle(call);
        return S_OK;
    }
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (uvcom__running_find(call, epoch) || is_hopeless(&wait) ||
        (call->is_clients && !uvcom__thread_may_wait(deadline_ns)))
        return deadline_ns == 0 ? RPC_E_TIMEOUT : deadlock;
    hr = wait_somewhere(&wait, deadline_ns);
    if (SUCCEEDED(hr) && wait.is_hopeless)
        return deadline_ns == 0 ? RPC_E_TIMEOUT : deadlock;
    return hr;
}

void uvcom__call_notify(struct call *call, const struct call_step *step, bool completed)
{
    struct listener *fired = NULL;

    if (!(step->after & UVCOM__CALL_NODES))
        return;
    uvcom__lock_acquire(&call->lock);
    show_locked(call);
    if (step->after & UVCOM__CALL_SIGNALED)
        uvcom__observers_notify(&call->observers);
    if (completed)
        fired = uvcom__listener_take_locked(call, uvcom__call_state_epoch(step->after));
    uvcom__lock_release(&call->lock);
    if (fired)
        uvcom__listener_fire(fired);
}
