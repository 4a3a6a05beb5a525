/*
 * deadline.c -- the thread that watches over deadlines, and the heap that it looks at.
 *
 * A deadline that has come ends its call by one step of the call's word, as a cancel does, and by
 * the epoch: so one that fires late, or at the same moment as the completion, changes nothing. The
 * heap is a pairing heap whose links are in the call objects: arming takes a few steps, disarming
 * at most a logarithm of the number of deadlines on the average.
 *
 * An armed entry holds a pin on its call object, which goes over to whoever takes it out of the
 * heap. No lock is held when a call is ended or a pin given back. Does not know how a call ends:
 * call_complete.c.
 */
#include "runtime/deadline.h"

#include <stddef.h>

#include <uvcom/context.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/process.h"
#include "runtime/thread_state.h"

/* States of a watch. */
enum { WATCH_DOWN, WATCH_STARTING, WATCH_UP, WATCH_ENDED };

/* Guards every watch's heap and all entries. One for all: a call object's entry may pass from the
   runtime that ends to the next one. */
static struct uvcom__lock heap_lock;

/* ---- the heap, under the lock ---------------------------------------------------------------- */

/* Of two heaps one; either may be NULL. */
static struct deadline *join(struct deadline *one, struct deadline *other)
{
    struct deadline *below = other;

    if (!one || !other)
        return one ? one : other;
    if (other->at_ns < one->at_ns) {
        below = one;
        one = other;
    }
    below->prev = one;
    below->next = one->child;
    if (one->child)
        one->child->prev = below;
    one->child = below;
    return one;
}

/* Of a row of children one heap: in pairs from the left, then all together from the right. */
static struct deadline *join_row(struct deadline *first)
{
    struct deadline *pairs = NULL;
    struct deadline *heap = NULL;

    while (first) {
        struct deadline *one = first, *other = first->next;

        first = other ? other->next : NULL;
        one->next = one->prev = NULL;
        if (other)
            other->next = other->prev = NULL;
        one = join(one, other);
        one->next = pairs;
        pairs = one;
    }
    while (pairs) {
        struct deadline *one = pairs;

        pairs = one->next;
        one->next = NULL;
        heap = join(heap, one);
    }
    return heap;
}

static void insert(struct deadline_watch *watch, struct deadline *entry)
{
    entry->watch = watch;
    entry->child = entry->next = entry->prev = NULL;
    watch->first = join(watch->first, entry);
}

static void take_out(struct deadline *entry)
{
    struct deadline_watch *watch = entry->watch;
    struct deadline *below = join_row(entry->child);

    if (entry == watch->first) {
        watch->first = below;
        return;
    }
    if (entry->prev->child == entry)
        entry->prev->child = entry->next;
    else
        entry->prev->next = entry->next;
    if (entry->next)
        entry->next->prev = entry->prev;
    watch->first = join(watch->first, below);
}

/* ---- the thread ------------------------------------------------------------------------------ */

static struct call *call_of(struct deadline *entry)
{
    return (struct call *)((char *)entry - offsetof(struct call, deadline));
}

/* Takes the earliest entry, and its pin with it, if it is due by then. */
static struct call *take_due_locked(struct deadline_watch *watch, uint64_t now, uint64_t *epoch)
{
    struct deadline *entry = watch->first;

    if (!entry || entry->at_ns > now)
        return NULL;
    *epoch = entry->epoch;
    take_out(entry);
    uvcom__store32(&entry->is_armed, 0, UVCOM__RELAXED);
    return call_of(entry);
}

/* Ends what is due. Returns when the next one is. */
static uint64_t end_due(struct deadline_watch *watch, uint64_t now, enum call_verdict verdict)
{
    struct call *call;
    uint64_t epoch, until;

    for (;;) {
        uvcom__lock_acquire(&heap_lock);
        call = take_due_locked(watch, now, &epoch);
        until = watch->first ? watch->first->at_ns : UVCOM__FOREVER;
        /* From here on, and until it looks again, an earlier one rings the bell. */
        watch->sleeps_until = until;
        uvcom__lock_release(&heap_lock);
        if (!call)
            return until;
        uvcom__call_end(call, epoch, verdict);
        uvcom__call_unpin(call);
    }
}

/* As a member of the multithreaded apartment: an outer object's Signal is called here, and may go
   on to the next call. */
static void watch_run(void *argument)
{
    struct deadline_watch *watch = argument;
    uint32_t bell;
    uint64_t until;

    uvcom__thread_enter_runtime(uvcom__process_multithreaded(watch->process), NULL, NULL);
    uvcom__thread_state()->is_watch = true;
    for (;;) {
        /* Before it looks: a ring after that keeps it from sleeping. */
        bell = uvcom__load32(&watch->bell, UVCOM__ACQUIRE);
        if (uvcom__load32(&watch->is_ending, UVCOM__ACQUIRE))
            break;
        until = end_due(watch, uvcom__now_ns(), UVCOM__VERDICT_DEADLINE);
        uvcom__futex_wait(&watch->bell, bell, until);
    }
    uvcom__thread_leave_runtime();
}

static void ring(struct deadline_watch *watch)
{
    uvcom__add32(&watch->bell, 1, UVCOM__RELEASE);
    uvcom__futex_wake(&watch->bell);
}

/* Starts the thread, or waits for whoever is at it. False: there is none to be had (any more). */
static bool is_up(struct deadline_watch *watch)
{
    uint32_t state = uvcom__load32(&watch->state, UVCOM__ACQUIRE);
    bool started;

    while (state == WATCH_DOWN || state == WATCH_STARTING) {
        if (state == WATCH_STARTING) {
            uvcom__futex_wait(&watch->state, WATCH_STARTING, UVCOM__FOREVER);
            state = uvcom__load32(&watch->state, UVCOM__ACQUIRE);
        } else if (uvcom__cas32(&watch->state, &state, WATCH_STARTING, UVCOM__ACQUIRE)) {
            started = uvcom__thread_start(&watch->thread, watch_run, watch);
            state = started ? WATCH_UP : WATCH_DOWN;
            uvcom__store32(&watch->state, state, UVCOM__RELEASE);
            uvcom__futex_wake(&watch->state);
            if (!started)
                return false;
        }
    }
    return state == WATCH_UP;
}

/* Of the process that keeps this thread's apartment. */
static struct deadline_watch *watch_here(void)
{
    return uvcom__process_watch(uvcom__thread_state()->process);
}

static HRESULT ready(void)
{
    return is_up(watch_here()) ? S_OK : RPC_E_OUT_OF_RESOURCES;
}

void uvcom__deadline_watch_stop(struct deadline_watch *watch)
{
    /* The end of an object that is still to come may begin a call, which must find nobody. */
    if (uvcom__exchange32(&watch->state, WATCH_ENDED, UVCOM__ACQ_REL) == WATCH_UP) {
        uvcom__store32(&watch->is_ending, 1, UVCOM__RELEASE);
        ring(watch);
        uvcom__thread_join(&watch->thread);
    }
    end_due(watch, UVCOM__FOREVER, UVCOM__VERDICT_DISCONNECTED);
}

/* ---- what Begin_ and completion do ----------------------------------------------------------- */

HRESULT uvcom__deadline_of_begin(struct call *call, uint64_t *deadline_ns)
{
    const DWORD ms = ~uvcom__load32(&call->impatience, UVCOM__RELAXED);
    HRESULT hr;

    *deadline_ns = UVCOM__FOREVER;
    if (ms == INFINITE)
        return S_OK;
    hr = ready();
    if (SUCCEEDED(hr))
        *deadline_ns = uvcom__deadline_ns(ms);
    return hr;
}

/* What is still armed belongs to a call of before, whose completion is on its way to disarm it: the
   entry and its pin are taken over. */
void uvcom__deadline_arm(struct call *call, uint64_t epoch, uint64_t deadline_ns)
{
    struct deadline_watch *watch = watch_here();
    struct deadline *entry = &call->deadline;
    bool was_armed, is_first;

    if (deadline_ns == UVCOM__FOREVER)
        return;
    if (uvcom__now_ns() >= deadline_ns) {
        /* Noted down while the call starts, so no server is fast enough. */
        uvcom__call_end(call, epoch, UVCOM__VERDICT_DEADLINE);
        return;
    }
    uvcom__call_pin(call);
    uvcom__lock_acquire(&heap_lock);
    was_armed = uvcom__load32(&entry->is_armed, UVCOM__RELAXED);
    if (was_armed)
        take_out(entry);
    entry->at_ns = deadline_ns;
    entry->epoch = epoch;
    insert(watch, entry);
    uvcom__store32(&entry->is_armed, 1, UVCOM__RELAXED);
    is_first = deadline_ns < watch->sleeps_until;
    if (is_first)
        watch->sleeps_until = deadline_ns;
    uvcom__lock_release(&heap_lock);
    if (is_first)
        ring(watch);
    if (was_armed)
        uvcom__call_unpin(call);
}

void uvcom__deadline_disarm(struct call *call, uint64_t epoch)
{
    struct deadline *entry = &call->deadline;
    bool is_mine;

    /* Relaxed: the one who ends a call has seen its claim, and arming comes before that is over. */
    if (!uvcom__load32(&entry->is_armed, UVCOM__RELAXED))
        return;
    uvcom__lock_acquire(&heap_lock);
    is_mine = uvcom__load32(&entry->is_armed, UVCOM__RELAXED) && entry->epoch == epoch;
    if (is_mine) {
        take_out(entry);
        uvcom__store32(&entry->is_armed, 0, UVCOM__RELAXED);
    }
    uvcom__lock_release(&heap_lock);
    if (is_mine)
        uvcom__call_unpin(call);
}

/* ---- what the client does -------------------------------------------------------------------- */

HRESULT uvcom_call_set_timeout(void *call, DWORD milliseconds)
{
    struct call *found;
    HRESULT hr = S_OK;

    if (!call)
        return E_POINTER;
    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    found = uvcom__call_of(call);
    if (!found)
        return E_NOINTERFACE;
    if (milliseconds != INFINITE)
        hr = ready();
    if (SUCCEEDED(hr))
        uvcom__store32(&found->impatience, ~milliseconds, UVCOM__RELAXED);
    uvcom_call_Release(found);
    return hr;
}
