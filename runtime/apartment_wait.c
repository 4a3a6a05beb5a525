/*
 * apartment_wait.c -- the one thread of a single-threaded apartment: how it is woken, waits and
 * serves.
 *
 * The bell's protocol is told in apartment_layout.h. Waits nest: an item that is run inside a wait
 * may wait itself, on the same bell. The inner one may take a ring that was meant for the outer;
 * that is why the outer asks is_done again after every item it has run, before it sleeps. Nesting
 * has a limit, SERVING_DEPTH: at it a wait only sleeps, and the items wait for an outer one.
 */
#include <assert.h>

#include "runtime/apartment.h"
#include "runtime/apartment_layout.h"
#include "runtime/deferred.h"
#include "runtime/loop.h"
#include "runtime/neutral.h"
#include "runtime/poll_wait.h"
#include "runtime/thread_state.h"
#include "runtime/workers.h"

/* Returns the bell as it was. */
static uint32_t ring(struct apartment *apartment)
{
    /* Release: what the thread is to see. Acquire: pairs with the thread's and32 in attend_end. */
    uint32_t before = uvcom__or32(&apartment->bell, BELL_RUNG, UVCOM__ACQ_REL);

    if (before & BELL_SLEEPING)
        uvcom__futex_wake(&apartment->bell);
    if ((before & (BELL_POLLING | BELL_RUNG)) == BELL_POLLING)
        uvcom__descriptor_set(apartment->bell_descriptor - 1);
    return before;
}

void uvcom__apartment_wake(struct apartment *apartment)
{
    if (apartment->kind == APARTMENT_POOL)
        uvcom__workers_wake(apartment->workers);
    else
        ring(apartment);
}

void uvcom__apartment_notify(struct apartment *apartment)
{
    if (!(ring(apartment) & BELL_ATTENDED))
        uvcom__port_send(apartment);
}

static void attend_begin(struct apartment *apartment)
{
    if (apartment->attending++ == 0)
        uvcom__or32(&apartment->bell, BELL_ATTENDED, UVCOM__ACQ_REL);
}

/* From here on a post sends to the loop; so what came before and is still there is sent here. */
static void attend_end(struct apartment *apartment)
{
    if (--apartment->attending > 0)
        return;
    uvcom__and32(&apartment->bell, ~(uint32_t)BELL_ATTENDED, UVCOM__ACQ_REL);
    if (apartment->ready.first || !uvcom__inbox_is_empty(&apartment->inbox) ||
        uvcom__load32(&apartment->ending, UVCOM__RELAXED))
        uvcom__port_send(apartment);
    if (apartment->kind == APARTMENT_THREAD)
        uvcom__thread_leave_if_due();
}

/* The oldest item that is queued, or NULL. */
static struct inbox_item *next_item(struct apartment *apartment)
{
    if (!apartment->ready.first)
        uvcom__inbox_take(&apartment->inbox, &apartment->ready);
    return uvcom__inbox_queue_pop(&apartment->ready);
}

static void run_item(struct apartment *apartment, struct inbox_item *item)
{
    apartment->depth++;
    item->class->run(item);
    apartment->depth--;
}

void uvcom__apartment_serve(struct apartment *apartment, unsigned limit)
{
    struct inbox_item *item;

    uvcom__apartment_add_ref(apartment); /* an item may close it */
    attend_begin(apartment);
    while (limit-- > 0 && !uvcom__load32(&apartment->ending, UVCOM__RELAXED) &&
           (item = next_item(apartment)) != NULL)
        run_item(apartment, item);
    attend_end(apartment);
    uvcom__apartment_release(apartment);
}

struct wait {
    bool (*is_done)(void *arg);
    void *arg;
    uint64_t deadline_ns;
    struct poll_wait *polled; /* NULL: the thread sleeps on the bell alone */
};

static bool is_late(const struct wait *wait)
{
    return wait->deadline_ns != UVCOM__FOREVER && uvcom__now_ns() >= wait->deadline_ns;
}

/* Sleeps unless the bell was rung since BELL_RUNG was cleared. */
static void sleep_on_bell(struct apartment *apartment, uint64_t deadline_ns)
{
    const uint32_t asleep = BELL_ATTENDED | BELL_SLEEPING;
    uint32_t quiet = BELL_ATTENDED;

    if (!uvcom__cas32(&apartment->bell, &quiet, asleep, UVCOM__ACQ_REL))
        return;
    uvcom__futex_wait(&apartment->bell, asleep, deadline_ns);
    uvcom__and32(&apartment->bell, ~(uint32_t)BELL_SLEEPING, UVCOM__ACQ_REL);
}

/* The same for one that sleeps on descriptors as well. */
static HRESULT sleep_on_descriptors(struct apartment *apartment, const struct wait *wait)
{
    const uint32_t asleep = BELL_ATTENDED | BELL_POLLING;
    struct poll_wait *polled = wait->polled;
    uint32_t quiet = BELL_ATTENDED;
    enum uvcom__poll_end end;

    if (!apartment->bell_descriptor)
        apartment->bell_descriptor = uvcom__descriptor_create() + 1;
    if (!apartment->bell_descriptor)
        return RPC_E_OUT_OF_RESOURCES;
    if (!uvcom__cas32(&apartment->bell, &quiet, asleep, UVCOM__ACQ_REL))
        return S_OK;
    polled->entries[polled->count] = uvcom__pollable_of(apartment->bell_descriptor - 1);
    end = uvcom__poll(polled->entries, polled->count + 1, wait->deadline_ns);
    uvcom__and32(&apartment->bell, ~(uint32_t)BELL_POLLING, UVCOM__ACQ_REL);
    if (end == UVCOM__POLL_READY && uvcom__pollable_is_ready(&polled->entries[polled->count]))
        uvcom__descriptor_clear(apartment->bell_descriptor - 1);
    polled->was_interrupted = end == UVCOM__POLL_INTERRUPTED;
    return end == UVCOM__POLL_FAILED ? RPC_E_OUT_OF_RESOURCES : S_OK;
}

static HRESULT sleep_once(struct apartment *apartment, const struct wait *wait)
{
    if (wait->polled)
        return sleep_on_descriptors(apartment, wait);
    sleep_on_bell(apartment, wait->deadline_ns);
    return S_OK;
}

static HRESULT wait_until(struct apartment *apartment, const struct wait *wait)
{
    const bool serves = apartment->depth < SERVING_DEPTH;
    struct inbox_item *item;
    HRESULT hr = S_OK;

    for (;;) {
        /* Cleared before is_done and the inbox are looked at: what comes later rings again. */
        uvcom__and32(&apartment->bell, ~(uint32_t)BELL_RUNG, UVCOM__ACQ_REL);
        if (wait->is_done(wait->arg))
            return S_OK;
        item = serves ? next_item(apartment) : NULL;
        if (item)
            run_item(apartment, item);
        else if (!is_late(wait))
            hr = sleep_once(apartment, wait);
        if (FAILED(hr))
            return hr;
        /* Also after an item: incoming calls without end must not keep a wait from its deadline. */
        if (is_late(wait))
            return wait->is_done(wait->arg) ? S_OK : RPC_E_TIMEOUT;
    }
}

/* Runs what is queued now, but nothing that comes meanwhile, so that a poll ends. */
static HRESULT poll_once(struct apartment *apartment, const struct wait *wait)
{
    struct inbox_item *item;
    size_t queued = 0;

    if (apartment->depth >= SERVING_DEPTH)
        return RPC_E_TIMEOUT;
    uvcom__inbox_take(&apartment->inbox, &apartment->ready);
    for (item = apartment->ready.first; item; item = item->next)
        queued++;
    while (queued-- > 0 && (item = next_item(apartment)) != NULL) {
        run_item(apartment, item);
        if (wait->is_done(wait->arg))
            return S_OK;
    }
    return RPC_E_TIMEOUT;
}

static HRESULT wait_attending(struct apartment *apartment, const struct wait *wait)
{
    struct deferred_wait deferred;
    bool is_poll;
    HRESULT hr;

    if (wait->is_done(wait->arg))
        return S_OK;
    is_poll = is_late(wait);
    if (is_poll && apartment->port)
        return RPC_E_TIMEOUT;
    uvcom__apartment_add_ref(apartment); /* an item may leave it */
    attend_begin(apartment);
    uvcom__deferred_wait_begin(&deferred);
    hr = is_poll ? poll_once(apartment, wait) : wait_until(apartment, wait);
    uvcom__deferred_wait_end(&deferred);
    attend_end(apartment);
    uvcom__apartment_release(apartment);
    return hr;
}

static HRESULT wait_on_worker(const struct wait *wait)
{
    struct deferred_wait deferred;
    HRESULT hr;

    uvcom__deferred_wait_begin(&deferred);
    hr = uvcom__worker_wait(uvcom__thread_state()->worker, wait->is_done, wait->arg,
                            wait->deadline_ns);
    uvcom__deferred_wait_end(&deferred);
    return hr;
}

static HRESULT wait_here(struct apartment *apartment, const struct wait *wait)
{
    /* What is served meanwhile is no part of what a neutral class is just making here. */
    const bool was_neutral = uvcom__neutral_set(false);
    HRESULT hr;

    assert(apartment->kind != APARTMENT_LOOP && uvcom__apartment_is_here(apartment));
    if (apartment->kind == APARTMENT_POOL)
        hr = wait_on_worker(wait);
    else
        hr = wait_attending(apartment, wait);
    uvcom__neutral_set(was_neutral);
    return hr;
}

HRESULT uvcom__apartment_wait_polling(struct apartment *apartment, struct poll_wait *polled,
                                      bool (*is_done)(void *arg), void *arg, uint64_t deadline_ns)
{
    const struct wait wait = {
        .is_done = is_done, .arg = arg, .deadline_ns = deadline_ns, .polled = polled};

    assert(apartment->kind == APARTMENT_THREAD);
    return wait_here(apartment, &wait);
}

HRESULT uvcom__apartment_wait(struct apartment *apartment, bool (*is_done)(void *arg), void *arg,
                              uint64_t deadline_ns)
{
    const struct wait wait = {.is_done = is_done, .arg = arg, .deadline_ns = deadline_ns};

    return wait_here(apartment, &wait);
}
