/*
 * runtime/call_word.h -- the word of a call object, shared by threads: events, sleeping and waking.
 *
 * The rules are in runtime/call_state.h. Here each event becomes one compare-and-swap, so that of
 * two events that race exactly one comes first, and whoever sets the event wakes the sleepers.
 * This file knows the word and its futex only: not the operation, nor the list that
 * UVCOM__CALL_NODES speaks of. Nothing here allocates or fails: nor can a completion.
 */
#ifndef RUNTIME_CALL_WORD_H
#define RUNTIME_CALL_WORD_H

#include "runtime/call_state.h"
#include "runtime/platform.h"

/**
 * Applies an event to the word. Any thread; never waits.
 *
 * If the event of the call was set, all sleepers have been woken. If UVCOM__CALL_NODES is in the
 * step's `after`, the caller then has to look at the list of waiters and listeners.
 *
 * @param word  borrowed. After a COMPLETE the caller's own reference keeps it, not the call: a
 *              client may have finished and released by then
 * @param args  as for uvcom__call_state_step
 */
struct call_step uvcom__call_word_apply(uvcom__atomic64 *word, enum call_event event,
                                        const struct call_event_args *args);

/**
 * The same, but only if the word is still `seen`; for who has read something else by that word.
 *
 * @param step  [out] what came of it, also when the word does not move
 *
 * @return false: the word is another one; nothing has happened
 */
bool uvcom__call_word_try(uvcom__atomic64 *word, uint64_t seen, enum call_event event,
                          const struct call_event_args *args, struct call_step *step);

/**
 * ISynchronize::Wait for a thread that may sleep: one of the multithreaded apartment.
 *
 * Sleeps until the event is set, or the call that the wait is pinned to (uvcom__call_state_pin,
 * taken when the wait began) is over: a waiter that comes or wakes late does not wait for the next
 * call. A deadline that has passed makes it a poll. No system call when there is nothing to wait
 * for.
 *
 * @return S_OK, RPC_E_TIMEOUT
 */
HRESULT uvcom__call_word_wait(uvcom__atomic64 *word, uint64_t pin, uint64_t deadline_ns);

/**
 * Finish_'s own wait: until call `epoch` has completed or been cancelled, even if the event is set
 * already (a stranger's Signal, or an outer object's Wait that returned early). The same threads.
 *
 * @return S_OK, RPC_E_TIMEOUT
 */
HRESULT uvcom__call_word_wait_completed(uvcom__atomic64 *word, uint64_t epoch,
                                        uint64_t deadline_ns);

/**
 * Says that the object's list of waiters and listeners is not empty, or that it is empty again.
 * Called with the list's lock held. Any thread.
 *
 * @return the word before. If the event was set or the call over by then, whoever did that may not
 *         have seen the bit: the caller has to look at its own entry itself
 */
uint64_t uvcom__call_word_nodes_on(uvcom__atomic64 *word);
uint64_t uvcom__call_word_nodes_off(uvcom__atomic64 *word);

#endif
