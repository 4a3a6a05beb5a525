/*
 * runtime/call_word.c -- one compare-and-swap for each event, and a futex for those who wait.
 *
 * Invariants, each an assertion of tests/explore:
 *   - of the events that race for one call exactly one decides its outcome;
 *   - an operation's results are written before COMPLETE and read after FINISH, and nobody else
 *     touches them in between. They live in the operation, which has one owner at a time, and not
 *     in the object: so completing needs no claim before the results are written and no second
 *     step after, and a completer that comes too late has harmed nobody;
 *   - no waiter sleeps once its event is set or its call is over: who sleeps has set its bit
 *     first, in the word on which it sleeps, and who sets the event takes the bit away in the same
 *     step in which it learns that it has to wake.
 *
 * Only 32 bits can be slept on: all flags and the low 11 bits of the epoch. If the same low half
 * comes back, 2048 calls later, while somebody is on the way to sleep, its bit is set in that
 * word as well; it sleeps until that call is woken and then sees by the whole word that its own
 * is over.
 *
 * What this file does not do: own anything, call anybody.
 */
#include "runtime/call_word.h"

#include <stddef.h>

/*
 * What each event must order when it moves the word. An event that does not move it gives its
 * caller no right to anything, so there is nothing to order then.
 *
 * Every change of the word is a read-modify-write, so a release is still seen through the changes
 * that others make after it: this is why STARTED need not acquire, nor FINISH release.
 */
#ifdef UVCOM_EXPLORE
/* The explorer's tests weaken one entry at a time and expect that it is found. */
unsigned char uvcom__call_word_orders[UVCOM__CALL_EVENT_COUNT];
unsigned char uvcom__call_word_orders[UVCOM__CALL_EVENT_COUNT] = {
#else
static const unsigned char uvcom__call_word_orders[UVCOM__CALL_EVENT_COUNT] = {
#endif
    /* Takes the object over from the Finish_ that retired, or from the Begin_ that failed. */
    [UVCOM__ON_BEGIN] = UVCOM__ACQUIRE,
    /* What Begin_ wrote into the object before the hand-over is there for the Finish_ of a call
       that was cancelled, which learns nothing from the server. */
    [UVCOM__ON_STARTED] = UVCOM__RELEASE,
    /* Gives the object to the next BEGIN. */
    [UVCOM__ON_START_FAILED] = UVCOM__RELEASE,
    /* The results, for FINISH. The list of waiters and listeners has a lock of its own. */
    [UVCOM__ON_COMPLETE] = UVCOM__RELEASE,
    /* What the canceller wrote, for FINISH and Wait. */
    [UVCOM__ON_CANCEL] = UVCOM__RELEASE,
    /* The results that COMPLETE published. */
    [UVCOM__ON_FINISH] = UVCOM__ACQUIRE,
    /* The results have been copied and the operation's place in the object is free, for BEGIN. */
    [UVCOM__ON_RETIRE] = UVCOM__RELEASE,
    /* What was written before Signal is visible after Wait (SYN-17). */
    [UVCOM__ON_SIGNAL] = UVCOM__RELEASE,
    /* Takes the event away from whoever signaled, as a Wait would see it. */
    [UVCOM__ON_RESET] = UVCOM__ACQUIRE,
    /* A hint to the server, which gets nothing else from whoever asks. */
    [UVCOM__ON_ASK] = UVCOM__RELAXED,
    /* Never moves. */
    [UVCOM__ON_TEST_CANCEL] = UVCOM__RELAXED,
};

/* From `seen`, which becomes the word as it is if it is another one. */
static bool step_from(uvcom__atomic64 *word, uint64_t *seen, enum call_event event,
                      const struct call_event_args *args, struct call_step *step)
{
    *step = uvcom__call_state_step(*seen, event, args);
    /* A refused event writes nothing, not even the same value: it must not disturb anybody. */
    if (!step->moved)
        return true;
    if (!uvcom__cas64(word, seen, step->after, (enum uvcom__order)uvcom__call_word_orders[event]))
        return false;
    /*
     * The address only, from here on: the word may be gone as soon as it has moved, if the caller
     * has no reference. A wake on memory that is somebody else's by now is a spurious one for them,
     * which every sleeper has to expect.
     */
    if ((step->before & ~step->after & UVCOM__CALL_WAITERS) != 0)
        uvcom__futex_wake_low(word);
    return true;
}

bool uvcom__call_word_try(uvcom__atomic64 *word, uint64_t seen, enum call_event event,
                          const struct call_event_args *args, struct call_step *step)
{
    return step_from(word, &seen, event, args, step);
}

struct call_step uvcom__call_word_apply(uvcom__atomic64 *word, enum call_event event,
                                        const struct call_event_args *args)
{
    /* Relaxed: a guess, which the compare-and-swap confirms with the order that is needed. */
    uint64_t seen = uvcom__load64(word, UVCOM__RELAXED);
    struct call_step step;

    while (!step_from(word, &seen, event, args, &step))
        continue;
    return step;
}

/*
 * Sleeps once, if the word is still `seen` and the deadline has not come; sets the sleepers' bit
 * before. Relaxed would do for setting the bit, as it is the same word that the waker changes;
 * acquire is for the value that a failed attempt brings back, by which the caller may decide.
 *
 * @param seen  in: the word, by which the caller must wait; out: the word to look at again
 *
 * @return false: the deadline has passed
 */
static bool sleep_on(uvcom__atomic64 *word, uint64_t *seen, uint64_t deadline_ns)
{
    const uint64_t marked = *seen | UVCOM__CALL_WAITERS;

    if (deadline_ns != UVCOM__FOREVER && uvcom__now_ns() >= deadline_ns)
        return false;
    if (marked != *seen && !uvcom__cas64(word, seen, marked, UVCOM__ACQUIRE))
        return true;
    uvcom__futex_wait_low(word, (uint32_t)marked, deadline_ns);
    /* Acquire: pairs with the release of COMPLETE or SIGNAL (SYN-17). */
    *seen = uvcom__load64(word, UVCOM__ACQUIRE);
    return true;
}

HRESULT uvcom__call_word_wait(uvcom__atomic64 *word, uint64_t pin, uint64_t deadline_ns)
{
    uint64_t seen = uvcom__load64(word, UVCOM__ACQUIRE);

    while (!uvcom__call_state_wait_is_over(seen, pin)) {
        if (!sleep_on(word, &seen, deadline_ns))
            return RPC_E_TIMEOUT;
    }
    return S_OK;
}

HRESULT uvcom__call_word_wait_completed(uvcom__atomic64 *word, uint64_t epoch, uint64_t deadline_ns)
{
    uint64_t seen = uvcom__load64(word, UVCOM__ACQUIRE);

    while (uvcom__call_state_is_running(seen, epoch)) {
        if (!sleep_on(word, &seen, deadline_ns))
            return RPC_E_TIMEOUT;
    }
    return S_OK;
}

/* Acquire: who finds the event set goes on as after a Wait. The list is ordered by its own lock. */
uint64_t uvcom__call_word_nodes_on(uvcom__atomic64 *word)
{
    return uvcom__or64(word, UVCOM__CALL_NODES, UVCOM__ACQUIRE);
}

uint64_t uvcom__call_word_nodes_off(uvcom__atomic64 *word)
{
    return uvcom__and64(word, ~UVCOM__CALL_NODES, UVCOM__RELAXED);
}
