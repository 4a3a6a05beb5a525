/*
 * listener.h -- completion delivered as a callback on the client's loop (uvcom_on_complete).
 */
#ifndef RUNTIME_LISTENER_H
#define RUNTIME_LISTENER_H

#include <stdint.h>

struct call;
struct listener;

/** Under call->lock: takes the listener off the call if it waits for `epoch` or an earlier one. */
struct listener *uvcom__listener_take_locked(struct call *call, uint64_t epoch);

/** Under call->lock: the call of `epoch` could not be started after all; wait for the next one. */
void uvcom__listener_postpone_locked(struct call *call, uint64_t epoch);

/** Its call is over: sends a listener that was taken to its loop. Not under a lock; while somebody
 * still holds the outer object of an aggregated call object. */
void uvcom__listener_fire(struct listener *listener);

/** The last client has let go: the callback will not be called. Any thread, no lock held. */
void uvcom__listener_drop(struct call *call);

#endif
