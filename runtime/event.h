/*
 * event.h -- an event: what ISynchronize does, for everything that is no call object.
 *
 * A thread of the multithreaded apartment sleeps on the event's own word, one of a single-threaded
 * apartment serves its apartment meanwhile (APT-01, APT-04).
 *
 * Whoever calls one of these functions keeps the event until it has returned; one that sets it,
 * too: the event may not end as soon as a waiter has seen it.
 */
#ifndef RUNTIME_EVENT_H
#define RUNTIME_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#include "runtime/observer.h"
#include "runtime/platform.h"

/* COWAIT_WAITALL | _ALERTABLE | _INPUTAVAILABLE | _DISPATCH_CALLS | _DISPATCH_WINDOW_MESSAGES: with
   one object and without windows each of them means the same as COWAIT_DEFAULT (CON-11, CON-12). */
#define WAIT_FLAGS 0x1fu

struct event {
    uvcom__atomic32 word; /* see event.c */
    bool is_manual;       /* false: a Wait that succeeds clears it (SYN-07) */
    struct uvcom__lock lock;
    struct observers observers; /* under the lock, as is the next */
    int borrowed;               /* SetEventHandle's descriptor, plus 1; 0: none */
    int listed; /* the rest is event_handle.c's: the descriptor that it is listed by, plus 1, */
    struct event *next_of_handles; /* and the list */
};

/** Clear (SYN-10). The memory is zeroed. */
void uvcom__event_init(struct event *event, bool is_manual);

/** Nobody waits any more, nobody observes. */
void uvcom__event_end(struct event *event);

/**
 * ISynchronize::Wait, with its codes: waits, and takes the event if it is not a manual one. Any
 * thread. On an apartment's thread anything may happen meanwhile that an incoming call can do.
 */
HRESULT uvcom__event_wait(struct event *event, DWORD flags, DWORD milliseconds);

/**
 * The same without flags.
 *
 * @param deadline_ns  UVCOM__FOREVER, or a time of uvcom__now_ns; 0 polls
 *
 * @return S_OK, RPC_E_TIMEOUT, CO_E_NOTINITIALIZED (a child after fork), and with a handle of
 *         somebody else's RPC_E_OUT_OF_RESOURCES (no descriptor to be woken by) and E_HANDLE (it
 *         was closed)
 */
HRESULT uvcom__event_wait_until(struct event *event, uint64_t deadline_ns);

/** As ISynchronize::Signal and _Reset. Any thread, never wait. @return S_OK; E_HANDLE: the handle
    that SetEventHandle gave is no event; CO_E_NOTINITIALIZED (a child after fork) */
HRESULT uvcom__event_signal(struct event *event);
HRESULT uvcom__event_reset(struct event *event);

/** True: it is set, and cleared by this if it is not a manual one. Any thread, never waits. */
bool uvcom__event_take(struct event *event);

/** Any thread. If it is set the observer is notified at once, too. */
void uvcom__event_observe(struct event *event, struct observer *observer);
void uvcom__event_unobserve(struct event *event, struct observer *observer);

/* ---- event_handle.c: the descriptor ---- */

/** As ISynchronizeHandle::GetHandle: borrowed. @return S_OK, RPC_E_OUT_OF_RESOURCES,
    CO_E_NOTINITIALIZED (a child after fork) */
HRESULT uvcom__event_descriptor(struct event *event, int *descriptor);

/**
 * As ISynchronizeEvent::SetEventHandle: from now on the event is this descriptor, an eventfd of the
 * caller's, as it is. The one that uvcom__event_descriptor gave first: its own one again, clear.
 *
 * @return S_OK; E_HANDLE: it is no descriptor; E_INVALIDARG: it is that of another event or of a
 *         call; CO_E_NOTINITIALIZED
 */
HRESULT uvcom__event_borrow(struct event *event, int descriptor);

/**
 * A descriptor that was found readable: if it is that of an auto-reset event, the event is taken.
 *
 * @return false: the event is clear, and now its own descriptor is so, too
 */
bool uvcom__event_take_by_descriptor(int descriptor);

/** Undoes that. */
void uvcom__event_give_by_descriptor(int descriptor);

/** Takes the event off the list that the last one looks at. For uvcom__event_end. */
void uvcom__event_unlist(struct event *event);

/* ---- event.c, for event_handle.c ---- */

/** Under the lock: makes the event's own descriptor show what it is. */
void uvcom__event_show_locked(struct event *event);

/** A clear event's own descriptor was found readable: makes it agree. */
void uvcom__event_correct(struct event *event);

/** Under the lock: clears the event's own word, and wakes those who sleep on it. */
void uvcom__event_clear_locked(struct event *event);

/** Under the lock: says in the word whether there is anybody to be told, and whether the event is
    the borrowed descriptor. */
void uvcom__event_mark_locked(struct event *event);

#endif
