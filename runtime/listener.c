/*
 * listener.c -- uvcom_on_complete: one callback, for one Begin_, on the loop that asked for it.
 *
 * A registration travels through the queue of its loop's apartment like an incoming call, so
 * callbacks arrive in the order in which calls completed and one wake-up brings many. It pins the
 * call object's memory, never the client's reference: a client that has released the object is not
 * called (the registration still travels to its loop, because only that thread may let go of the
 * loop).
 */
#include "runtime/listener.h"

#include <stddef.h>

#include <uvcom/call.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/call_outer.h"

struct listener {
    struct inbox_item item;
    struct call *call;           /* pinned */
    void *iface;                 /* as the client gave it: an interface pointer of the call */
    struct apartment *apartment; /* one reference; its loop is held */
    uvcom_complete_fn callback;
    void *context;
    uint64_t epoch;   /* fires when the call of this epoch, or a later one, is over */
    bool holds_outer; /* a reference on the outer object of an aggregated call object */
};

static void free_listener(struct listener *listener)
{
    struct call *call = listener->call;

    if (listener->holds_outer)
        uvcom__call_drop_outer(call);
    uvcom__apartment_release(listener->apartment);
    uvcom__free(listener);
    uvcom__call_unpin(call);
}

static struct listener *listener_from_item(struct inbox_item *item)
{
    return (struct listener *)((char *)item - offsetof(struct listener, item));
}

/* On the loop. An aggregated call object is alive as long as its outer object, of which a call that
 * was over has brought a reference. */
static void deliver(struct inbox_item *item)
{
    struct listener *listener = listener_from_item(item);
    const bool is_alone = !listener->call->outer;

    /* The reference also makes a last Release inside the callback safe (LIFE-05). */
    if (is_alone ? uvcom__call_add_ref_if_used(listener->call) : listener->holds_outer) {
        listener->callback(listener->iface, listener->context);
        if (is_alone)
            uvcom__call_release(listener->call);
    }
    uvcom__loop_drop(listener->apartment);
    free_listener(listener);
}

/* The loop was given back before the call completed. */
static void discard(struct inbox_item *item)
{
    free_listener(listener_from_item(item));
}

static const struct inbox_item_class listener_class = {
    .run = deliver,
    .refuse = discard,
    .loop_only = true,
};

static void clear_nodes_locked(struct call *call)
{
    call->listener = NULL;
    uvcom__call_unmark_locked(call);
}

struct listener *uvcom__listener_take_locked(struct call *call, uint64_t epoch)
{
    struct listener *listener = call->listener;

    if (!listener || listener->epoch > epoch)
        return NULL;
    clear_nodes_locked(call);
    return listener;
}

void uvcom__listener_postpone_locked(struct call *call, uint64_t epoch)
{
    if (call->listener && call->listener->epoch == epoch)
        call->listener->epoch++;
}

/* Once it is in the queue it may be delivered, and free what it holds, before the post has
 * returned.
 */
static void post(struct listener *listener)
{
    struct apartment *apartment = listener->apartment;

    uvcom__apartment_add_ref(apartment);
    if (FAILED(uvcom__apartment_post(apartment, &listener->item)))
        free_listener(listener);
    uvcom__apartment_release(apartment);
}

void uvcom__listener_fire(struct listener *listener)
{
    listener->holds_outer = listener->call->outer != NULL;
    uvcom__call_hold_outer(listener->call);
    post(listener);
}

void uvcom__listener_drop(struct call *call)
{
    struct listener *listener;

    uvcom__lock_acquire(&call->lock);
    listener = uvcom__listener_take_locked(call, UINT64_MAX);
    uvcom__lock_release(&call->lock);
    if (listener)
        post(listener);
}

/*
 * The listener that is there no longer counts: its call is over and the completion is on its way to
 * take it off, or its loop has been given back.
 */
static struct listener *take_late_locked(struct call *call)
{
    uint64_t word = uvcom__load64(&call->word, UVCOM__ACQUIRE);
    struct listener *listener = call->listener;

    if (!listener)
        return NULL;
    if (!uvcom__apartment_is_closed(listener->apartment) &&
        (uvcom__call_state_epoch(word) < listener->epoch ||
         uvcom__call_state_is_running(word, listener->epoch)))
        return NULL;
    return uvcom__listener_take_locked(call, listener->epoch);
}

/*
 * With no call outstanding the registration is for the next Begin_.
 *
 * Puts the listener on the call, and takes it off again if its call is over already: a completion
 * that came before the NODES bit did not look. Returns the listener to post, or NULL. `late` is one
 * that was there before, to be posted first; or NULL.
 */
static struct listener *attach(struct call *call, struct listener *listener, struct listener **late,
                               HRESULT *hr)
{
    struct listener *fired = NULL;
    bool outstanding;
    uint64_t word;

    *hr = S_OK;
    uvcom__lock_acquire(&call->lock);
    *late = take_late_locked(call);
    if (call->listener) {
        *hr = RPC_E_CALL_PENDING;
    } else {
        word = uvcom__call_word_nodes_on(&call->word);
        outstanding = uvcom__call_is_outstanding(word);
        listener->epoch = uvcom__call_state_epoch(word) + (outstanding ? 0 : 1);
        call->listener = listener;
        if (outstanding && !uvcom__call_state_is_running(word, listener->epoch))
            fired = uvcom__listener_take_locked(call, listener->epoch);
    }
    uvcom__lock_release(&call->lock);
    return fired;
}

static HRESULT listen(struct call *call, struct listener *listener)
{
    struct listener *fired, *late;
    HRESULT hr;

    listener->item.class = &listener_class;
    listener->call = call;
    listener->apartment = uvcom__apartment_of_loop();
    uvcom__call_pin(call);
    uvcom__apartment_add_ref(listener->apartment);
    uvcom__loop_hold(listener->apartment);
    fired = attach(call, listener, &late, &hr);
    if (late)
        uvcom__listener_fire(late);
    if (fired)
        uvcom__listener_fire(fired);
    if (FAILED(hr)) {
        uvcom__loop_drop(listener->apartment);
        free_listener(listener);
    }
    return hr;
}

HRESULT uvcom_on_complete(void *call, uvcom_complete_fn callback, void *context)
{
    struct listener *listener;
    struct call *found;
    HRESULT hr;

    if (!call || !callback)
        return E_POINTER;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (!uvcom__apartment_of_loop())
        return RPC_E_WRONG_THREAD;
    found = uvcom__call_of(call);
    if (!found)
        return E_NOINTERFACE;
    listener = uvcom__alloc(sizeof *listener);
    if (listener) {
        listener->iface = call;
        listener->callback = callback;
        listener->context = context;
        hr = listen(found, listener);
    } else {
        hr = E_OUTOFMEMORY;
    }
    uvcom_call_Release(found);
    return hr;
}
