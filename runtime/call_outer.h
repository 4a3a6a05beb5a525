/*
 * call_outer.h -- what an aggregated call object says to the object that it is a part of.
 *
 * An announcement is what Begin_ prepares so that completion can tell the outer object without
 * needing memory: a reference on the outer object, its ISynchronize, a place in a queue.
 */
#ifndef RUNTIME_CALL_OUTER_H
#define RUNTIME_CALL_OUTER_H

#include <stdbool.h>
#include <stdint.h>

#include <uvcom/base.h>

struct announcement;
struct call;

/**
 * One for the next Begin_, before its claim.
 *
 * @param announcement  [out] NULL without an outer object
 *
 * @return false: out of memory
 */
bool uvcom__announcement_take(struct call *call, struct announcement **announcement);

/** Back, unused or after its use, for the next Begin_. NULL is allowed. */
void uvcom__announcement_put(struct call *call, struct announcement *announcement);

/** The call object ends. NULL is allowed. */
void uvcom__announcement_destroy(struct announcement *announcement);

/**
 * After the claim, in Begin_: Reset of the outer object's ISynchronize. (SYN-11, SYN-16)
 *
 * @param announcement  gets the reference on the outer object; NULL: nothing happens
 *
 * @return S_OK (also if it has no ISynchronize), or what the outer object answered. The
 *         announcement goes to uvcom__outer_signal in any case: who waits by the outer object's
 *         event must learn that the call could not be started (RACE-09)
 */
HRESULT uvcom__outer_reset(struct call *call, uint64_t epoch, struct announcement *announcement);

/**
 * The call is over, or could not be started: Signal, then the release of the outer object. The
 * caller has a pin.
 *
 * On a thread that is in a Signal of some call object already it comes when that has returned, so a
 * chain of calls that complete inside each other's Signal needs no stack (SRV-05).
 *
 * @param announcement  transfer; NULL: nothing happens
 * @param method        the method's number, for a complaint
 */
void uvcom__outer_signal(struct announcement *announcement, unsigned method);

/**
 * In Finish_ of a running call: Wait of the outer object's ISynchronize. (CALL-08)
 *
 * @return S_OK (also without an outer object, or if it has none: the caller waits for the word in
 *         any case), or its failure
 */
HRESULT uvcom__outer_wait(struct call *call, uint64_t epoch);

/** A reference on the outer object for a callback that is under way to the client: taken while
 * somebody else has one, so that the client is still there when it arrives. */
void uvcom__call_hold_outer(struct call *call);
void uvcom__call_drop_outer(struct call *call);

#endif
