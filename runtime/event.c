/*
 * event.c -- see event.h: one word, a futex for those who sleep on it, and a list of observers.
 *
 * Who waits and who signals meet in the word alone, which only read-modify-write steps change: of
 * two waits for an auto-reset event one gets it. A second Signal writes too, although it changes
 * nothing, so that what was written before it is there for whoever takes the event after it
 * (SYN-17). The observers are told under the lock, if the WATCHED bit says that there are any.
 *
 * An event whose handle is somebody else's (SYN-13) is that descriptor. The word then has the bit
 * BORROWED and says nothing more about the event, and who waits sleeps on the descriptor.
 *
 * In a child made by fork an event does nothing: its descriptor is the parent's as well, and its
 * lock may be held for ever.
 */
#include "runtime/event.h"

#include "runtime/apartment.h"
#include "runtime/poll_wait.h"
#include "runtime/thread.h"

enum {
    EVENT_SET = 1,
    EVENT_SLEEPERS = 2, /* somebody sleeps on the word; taken away by who wakes them */
    EVENT_WATCHED = 4,  /* there are observers, or a descriptor */
    EVENT_BORROWED = 8,
};

void uvcom__event_init(struct event *event, bool is_manual)
{
    event->is_manual = is_manual;
}

void uvcom__event_end(struct event *event)
{
    uvcom__event_unlist(event);
    uvcom__observers_end(&event->observers);
}

/* ---- set and clear ----------------------------------------------------------------------------
 */

void uvcom__event_show_locked(struct event *event)
{
    uint32_t word = uvcom__load32(&event->word, UVCOM__ACQUIRE);

    uvcom__observers_show(&event->observers, (word & EVENT_SET) != 0);
}

void uvcom__event_clear_locked(struct event *event)
{
    const uint32_t rest = ~(uint32_t)(EVENT_SET | EVENT_SLEEPERS);

    if (uvcom__and32(&event->word, rest, UVCOM__ACQ_REL) & EVENT_SLEEPERS)
        uvcom__futex_wake(&event->word);
    uvcom__event_show_locked(event);
}

void uvcom__event_correct(struct event *event)
{
    uvcom__lock_acquire(&event->lock);
    if (!event->borrowed && !(uvcom__load32(&event->word, UVCOM__ACQUIRE) & EVENT_SET))
        uvcom__observers_clear(&event->observers);
    uvcom__lock_release(&event->lock);
}

/* Whoever changes the word does this after it, so the last one shows what has come of all. */
static void show(struct event *event)
{
    uvcom__lock_acquire(&event->lock);
    uvcom__event_show_locked(event);
    uvcom__lock_release(&event->lock);
}

static void tell(struct event *event)
{
    uvcom__lock_acquire(&event->lock);
    uvcom__event_show_locked(event);
    uvcom__observers_notify(&event->observers);
    uvcom__lock_release(&event->lock);
}

static bool is_borrowed(const struct event *event)
{
    return (uvcom__load32(&event->word, UVCOM__ACQUIRE) & EVENT_BORROWED) != 0;
}

static HRESULT signal_borrowed(struct event *event)
{
    bool is_good;

    uvcom__lock_acquire(&event->lock);
    is_good = !event->borrowed || uvcom__descriptor_set(event->borrowed - 1);
    uvcom__observers_notify(&event->observers);
    uvcom__lock_release(&event->lock);
    return is_good ? S_OK : E_HANDLE;
}

HRESULT uvcom__event_signal(struct event *event)
{
    uint32_t seen = uvcom__load32(&event->word, UVCOM__RELAXED);
    uint32_t after;
    HRESULT hr = S_OK;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    /* Release: what was written before is there for who takes it. Acquire: see SYN-17 above. */
    do {
        after = seen & ~(uint32_t)EVENT_SLEEPERS;
        if (!(seen & EVENT_BORROWED))
            after |= EVENT_SET;
    } while (!uvcom__cas32(&event->word, &seen, after, UVCOM__ACQ_REL));
    if (seen & EVENT_BORROWED)
        hr = signal_borrowed(event);
    else if (seen & EVENT_WATCHED)
        tell(event);
    if (seen & EVENT_SLEEPERS)
        uvcom__futex_wake(&event->word);
    return hr;
}

HRESULT uvcom__event_reset(struct event *event)
{
    uint32_t before;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    before = uvcom__and32(&event->word, ~(uint32_t)EVENT_SET, UVCOM__ACQ_REL);
    if (!(before & (EVENT_WATCHED | EVENT_BORROWED)))
        return S_OK;
    uvcom__lock_acquire(&event->lock);
    uvcom__event_show_locked(event);
    if (event->borrowed)
        uvcom__descriptor_clear(event->borrowed - 1);
    uvcom__lock_release(&event->lock);
    return S_OK;
}

/* The lock keeps two of ours from reading one by one what they have both seen: the second would
   wait for ever. */
static bool take_borrowed(struct event *event)
{
    bool is_set = false;

    uvcom__lock_acquire(&event->lock);
    if (event->borrowed) {
        is_set = uvcom__descriptor_is_readable(event->borrowed - 1);
        if (is_set && !event->is_manual)
            uvcom__descriptor_clear(event->borrowed - 1);
    }
    uvcom__lock_release(&event->lock);
    return is_set;
}

bool uvcom__event_take(struct event *event)
{
    uint32_t seen = uvcom__load32(&event->word, UVCOM__ACQUIRE);

    do {
        if (seen & EVENT_BORROWED)
            return take_borrowed(event);
        if (!(seen & EVENT_SET))
            return false;
        if (event->is_manual)
            break;
    } while (!uvcom__cas32(&event->word, &seen, seen & ~(uint32_t)EVENT_SET, UVCOM__ACQ_REL));
    /* Of a manual one as well: the thread that has set it may not have come to its descriptor yet,
       and this one's client may look at it next. */
    if (seen & EVENT_WATCHED)
        show(event);
    return true;
}

/* ---- observers --------------------------------------------------------------------------------
 */

void uvcom__event_mark_locked(struct event *event)
{
    uint32_t marks = 0;

    if (!uvcom__observers_are_none(&event->observers))
        marks |= EVENT_WATCHED;
    if (event->borrowed)
        marks |= EVENT_BORROWED;
    /* Only bits that are not there: between the two steps nobody may miss one that is. */
    uvcom__or32(&event->word, marks, UVCOM__ACQ_REL);
    uvcom__and32(&event->word, marks | EVENT_SET | EVENT_SLEEPERS, UVCOM__ACQ_REL);
}

static bool is_set_locked(const struct event *event)
{
    if (event->borrowed)
        return uvcom__descriptor_is_readable(event->borrowed - 1);
    return (uvcom__load32(&event->word, UVCOM__ACQUIRE) & EVENT_SET) != 0;
}

void uvcom__event_observe(struct event *event, struct observer *observer)
{
    uvcom__lock_acquire(&event->lock);
    uvcom__observers_add(&event->observers, observer);
    uvcom__event_mark_locked(event);
    if (is_set_locked(event))
        observer->notify(observer);
    uvcom__lock_release(&event->lock);
}

void uvcom__event_unobserve(struct event *event, struct observer *observer)
{
    uvcom__lock_acquire(&event->lock);
    uvcom__observers_remove(&event->observers, observer);
    uvcom__event_mark_locked(event);
    uvcom__lock_release(&event->lock);
}

/* ---- waiting ----------------------------------------------------------------------------------
 *
 * By the word, or by a descriptor that was lent. SetEventHandle wakes all who wait; a wait by the
 * one then ends and begins anew by the other.
 */

struct event_wait {
    struct event *event;
    bool is_taken;
    HRESULT hr;
    struct poll_wait poll; /* the descriptor that was lent, and one that our observer sets */
};

/* True: the wait is over, or goes on by a descriptor. */
static bool look(void *arg)
{
    struct event_wait *wait = arg;

    wait->is_taken = uvcom__event_take(wait->event);
    return wait->is_taken || is_borrowed(wait->event);
}

static HRESULT wait_serving(struct event_wait *wait, struct apartment *apartment,
                            uint64_t deadline_ns)
{
    struct apartment_observer observer;
    HRESULT hr;

    uvcom__apartment_observer_init(&observer, apartment);
    uvcom__event_observe(wait->event, &observer.observer);
    hr = uvcom__apartment_wait(apartment, look, wait, deadline_ns);
    uvcom__event_unobserve(wait->event, &observer.observer);
    return hr;
}

static HRESULT sleep_on_word(struct event_wait *wait, uint64_t deadline_ns)
{
    struct event *event = wait->event;
    uint32_t seen;

    while (!look(wait)) {
        if (deadline_ns != UVCOM__FOREVER && uvcom__now_ns() >= deadline_ns)
            return RPC_E_TIMEOUT;
        seen = uvcom__or32(&event->word, EVENT_SLEEPERS, UVCOM__ACQUIRE);
        if (!(seen & (EVENT_SET | EVENT_BORROWED)))
            uvcom__futex_wait(&event->word, seen | EVENT_SLEEPERS, deadline_ns);
    }
    return S_OK;
}

static HRESULT wait_sleeping(struct event_wait *wait, uint64_t deadline_ns)
{
    HRESULT hr;

    /* As for a call: see call_wait.c. */
    if (deadline_ns != UVCOM__FOREVER)
        uvcom__blocking_enter();
    else if (!uvcom__blocking_enter_or_serve())
        return wait_serving(wait, uvcom__apartment_current(), deadline_ns);
    hr = sleep_on_word(wait, deadline_ns);
    uvcom__blocking_leave();
    return hr;
}

/* Sleeps on the descriptor that is the event now. S_FALSE: none is. */
static HRESULT aim(struct event_wait *wait)
{
    uvcom__pollable *entry = &wait->poll.entries[0];
    HRESULT hr = S_FALSE;

    /* Under the lock, or it might have been replaced and closed in between. */
    uvcom__lock_acquire(&wait->event->lock);
    if (wait->event->borrowed) {
        *entry = uvcom__pollable_of(wait->event->borrowed - 1);
        uvcom__poll(entry, 1, 0);
        hr = uvcom__pollable_is_bad(entry) ? E_HANDLE : S_OK;
    }
    uvcom__lock_release(&wait->event->lock);
    return hr;
}

/* True: the wait is over, or goes on by the word. */
static bool look_borrowed(void *arg)
{
    struct event_wait *wait = arg;
    uvcom__pollable *own = &wait->poll.entries[1];

    /* Before the look: what comes after it wakes again. */
    if (wait->poll.count > 1 && uvcom__pollable_is_ready(own))
        uvcom__descriptor_clear(own->fd);
    wait->is_taken = uvcom__event_take(wait->event);
    if (wait->is_taken)
        return true;
    wait->hr = aim(wait);
    return wait->hr != S_OK;
}

struct poll_observer {
    struct observer observer;
    int descriptor;
};

static void wake_poll(struct observer *observer)
{
    uvcom__descriptor_set(((struct poll_observer *)observer)->descriptor);
}

static HRESULT wait_borrowed(struct event_wait *wait, uint64_t deadline_ns)
{
    struct poll_observer observer = {.observer = {.notify = wake_poll}};
    uvcom__pollable entries[2 + POLL_WAIT_SPARE] = {uvcom__pollable_of(-1)};
    HRESULT hr;

    wait->poll = (struct poll_wait){.entries = entries, .count = 1};
    /* Before there is a new descriptor, which gets the number of one that was closed. */
    wait->hr = aim(wait);
    if (wait->hr != S_OK)
        return wait->hr;
    if (deadline_ns != 0) {
        observer.descriptor = uvcom__descriptor_create();
        if (observer.descriptor < 0)
            return RPC_E_OUT_OF_RESOURCES;
        entries[wait->poll.count++] = uvcom__pollable_of(observer.descriptor);
        uvcom__event_observe(wait->event, &observer.observer);
    }
    hr = uvcom__poll_wait(&wait->poll, look_borrowed, wait, deadline_ns);
    if (deadline_ns != 0) {
        uvcom__event_unobserve(wait->event, &observer.observer);
        uvcom__descriptor_close(observer.descriptor);
    }
    return FAILED(hr) ? hr : wait->hr;
}

static HRESULT wait_once(struct event_wait *wait, uint64_t deadline_ns)
{
    struct apartment *apartment = uvcom__apartment_current();

    if (is_borrowed(wait->event))
        return wait_borrowed(wait, deadline_ns);
    if (apartment && !uvcom__apartment_is_multithreaded(apartment))
        return wait_serving(wait, apartment, deadline_ns);
    return deadline_ns == 0 ? RPC_E_TIMEOUT : wait_sleeping(wait, deadline_ns);
}

HRESULT uvcom__event_wait_until(struct event *event, uint64_t deadline_ns)
{
    struct event_wait wait = {.event = event};
    HRESULT hr;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (uvcom__event_take(event))
        return S_OK;
    if (!uvcom__thread_may_wait(deadline_ns))
        return HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    do
        hr = wait_once(&wait, deadline_ns);
    while (SUCCEEDED(hr) && !wait.is_taken);
    return FAILED(hr) ? hr : S_OK;
}

HRESULT uvcom__event_wait(struct event *event, DWORD flags, DWORD milliseconds)
{
    HRESULT hr;

    if (flags & ~WAIT_FLAGS)
        return E_INVALIDARG;
    hr = uvcom__event_wait_until(event, milliseconds ? uvcom__deadline_ns(milliseconds) : 0);
    return hr == RPC_E_TIMEOUT && uvcom__thread_is_compat() ? RPC_S_CALLPENDING : hr;
}
