/*
 * runtime/call_state.h -- the life of one call object as a pure function of word and event.
 *
 * All that decides who may do what with a call is in one 64-bit word. This file knows the word's
 * layout and its rules, and nothing of threads, sleeping or memory; runtime/call_word.h applies the
 * rules to a word that threads share.
 */
#ifndef RUNTIME_CALL_STATE_H
#define RUNTIME_CALL_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <uvcom/base.h>
#include <uvcom/hresult.h>

/* Bits 0 to 2. Zero is a new call object: nothing in progress, the event not set. */
enum call_state {
    UVCOM__CALL_IDLE,      /* no call */
    UVCOM__CALL_STARTING,  /* Begin_ has claimed the object and is handing the operation over */
    UVCOM__CALL_PENDING,   /* the server has the operation */
    UVCOM__CALL_DONE,      /* results lie in the operation, for a Finish_ to collect */
    UVCOM__CALL_CANCELED,  /* completed without the server, which may still be working */
    UVCOM__CALL_FINISHING, /* one Finish_ has claimed the outcome and is copying it */
};

#define UVCOM__CALL_STATE_MASK UINT64_C(7)
#define UVCOM__CALL_SIGNALED (UINT64_C(1) << 3)         /* the event behind ISynchronize */
#define UVCOM__CALL_WAITERS (UINT64_C(1) << 4)          /* somebody sleeps on the low 32 bits */
#define UVCOM__CALL_NODES (UINT64_C(1) << 5)            /* its list is not empty */
#define UVCOM__CALL_CANCEL_REQUESTED (UINT64_C(1) << 6) /* of this call; the verdict tells more */
#define UVCOM__CALL_VERDICT_SHIFT 7                     /* 2 bits */
#define UVCOM__CALL_VERDICT_MASK (UINT64_C(3) << UVCOM__CALL_VERDICT_SHIFT)
/* In DONE, where there is no verdict: the results have pointers that need an apartment. */
#define UVCOM__CALL_BOUND (UINT64_C(1) << UVCOM__CALL_VERDICT_SHIFT)
#define UVCOM__CALL_METHOD_SHIFT 9 /* 12 bits */
#define UVCOM__CALL_METHOD_MAX 4095u
#define UVCOM__CALL_METHOD_MASK ((uint64_t)UVCOM__CALL_METHOD_MAX << UVCOM__CALL_METHOD_SHIFT)
#define UVCOM__CALL_EPOCH_SHIFT 21 /* 43 bits */
#define UVCOM__CALL_EPOCH_MAX (UINT64_MAX >> UVCOM__CALL_EPOCH_SHIFT)

/* In the place of an epoch: whichever call is in progress. No call has this number. */
#define UVCOM__CALL_ANY_EPOCH UINT64_C(0)

/* Why a call was completed without its server: what its Finish_ returns. */
enum call_verdict {
    UVCOM__VERDICT_CANCELED,     /* RPC_E_CALL_CANCELED */
    UVCOM__VERDICT_DEADLINE,     /* RPC_E_TIMEOUT */
    UVCOM__VERDICT_DISCONNECTED, /* RPC_E_DISCONNECTED: the server's apartment has gone */
    UVCOM__VERDICT_NONE,         /* the call was only asked to stop; no event brings this */
};

enum call_event {
    UVCOM__ON_BEGIN,        /* method: Begin_ claims the object */
    UVCOM__ON_STARTED,      /* epoch: the operation has been handed to the server */
    UVCOM__ON_START_FAILED, /* epoch: it could not be */
    UVCOM__ON_COMPLETE,     /* epoch: the operation has its results */
    UVCOM__ON_CANCEL,       /* epoch or any, verdict: the call ends without its server */
    UVCOM__ON_ASK,          /* epoch or any: the server is asked to stop */
    UVCOM__ON_FINISH,       /* epoch or any, method: Finish_ claims the outcome */
    UVCOM__ON_RETIRE,       /* the Finish_ that claimed has copied its results */
    UVCOM__ON_SIGNAL,       /* ISynchronize::Signal by anybody but the operation */
    UVCOM__ON_RESET,        /* ISynchronize::Reset */
    UVCOM__ON_TEST_CANCEL,  /* epoch or any: ICancelMethodCalls::TestCancel */
    UVCOM__CALL_EVENT_COUNT
};

/* What an event brings with it; fields that an event does not name above are not looked at. */
struct call_event_args {
    uint64_t epoch;  /* the call that is meant, from uvcom__call_state_epoch */
    unsigned method; /* 1 to UVCOM__CALL_METHOD_MAX */
    enum call_verdict verdict;
    bool is_bound;   /* COMPLETE: the results have pointers that need an apartment */
    bool is_nowhere; /* FINISH: from a thread that is in none */
};

/* What came of an event. */
struct call_step {
    uint64_t before;
    uint64_t after;
    HRESULT hr; /* the answer to whoever raised the event */
    bool moved; /* after differs from before */
    bool wait;  /* Finish_ of a running call: sleep until call `before` is over, then ask again */
};

/**
 * What an event makes of a word. Pure.
 *
 * @param args  NULL for an event that needs none
 *
 * The answer decides who owns the operation of the epoch:
 *
 *   COMPLETE  S_OK                 it is the call object's; the completer must not touch it again
 *             RPC_E_CALL_COMPLETE  it stays the server's, which disposes of it. The word may still
 *                                  have moved: a call cancelled while it started ends here
 *   FINISH    S_OK                 it belongs to this Finish_, which copies and then retires
 *             other, moved         cancelled: it stays the server's; this Finish_ still retires
 *             other, not moved     no outcome for this Finish_
 *
 * @return in hr: S_OK,
 *         RPC_S_CALLPENDING     BEGIN: one is in progress; FINISH with wait; TEST_CANCEL
 *         RPC_E_CALL_COMPLETE   no such call in progress (any more), or its outcome is decided
 *         E_UNEXPECTED          FINISH: another method is in progress; RETIRE: nothing was claimed
 *         CO_E_NOTINITIALIZED   FINISH: the results need an apartment, and stay where they are
 *         RPC_E_CALL_CANCELED, RPC_E_TIMEOUT, RPC_E_DISCONNECTED   FINISH: the verdict
 *         RPC_E_CALL_CANCELED   CANCEL, ASK: has been cancelled before; TEST_CANCEL: or asked to
 *                               stop
 */
struct call_step uvcom__call_state_step(uint64_t word, enum call_event event,
                                        const struct call_event_args *args);

static inline enum call_state uvcom__call_state_of(uint64_t word)
{
    return (enum call_state)(word & UVCOM__CALL_STATE_MASK);
}

static inline uint64_t uvcom__call_state_epoch(uint64_t word)
{
    return word >> UVCOM__CALL_EPOCH_SHIFT;
}

/* The number of the call that the next Begin_ makes. The epochs start again at 1 after 2^43 calls:
   0 stands for any call. An operation that slept through exactly that many calls of one object
   would be mistaken; at ten million a second it takes ten days. */
static inline uint64_t uvcom__call_state_next_epoch(uint64_t word)
{
    const uint64_t epoch = uvcom__call_state_epoch(word);

    return epoch == UVCOM__CALL_EPOCH_MAX ? 1 : epoch + 1;
}

static inline unsigned uvcom__call_state_method(uint64_t word)
{
    return (unsigned)((word & UVCOM__CALL_METHOD_MASK) >> UVCOM__CALL_METHOD_SHIFT);
}

/* Whether call `epoch` has neither completed nor been cancelled; its event may be set all the
   same. */
static inline bool uvcom__call_state_is_running(uint64_t word, uint64_t epoch)
{
    const enum call_state state = uvcom__call_state_of(word);

    return (state == UVCOM__CALL_STARTING || state == UVCOM__CALL_PENDING) &&
           uvcom__call_state_epoch(word) == epoch;
}

/* The call that a Wait which begins now is about; UVCOM__CALL_ANY_EPOCH when none is running: then
   it waits for the event alone. */
static inline uint64_t uvcom__call_state_pin(uint64_t word)
{
    const uint64_t epoch = uvcom__call_state_epoch(word);

    return uvcom__call_state_is_running(word, epoch) ? epoch : UVCOM__CALL_ANY_EPOCH;
}

/* Whether a Wait that was pinned like this has got what it waited for. A waiter that sleeps through
   the whole of its call must not begin to wait for the next one. */
static inline bool uvcom__call_state_wait_is_over(uint64_t word, uint64_t pin)
{
    if ((word & UVCOM__CALL_SIGNALED) != 0)
        return true;
    return pin != UVCOM__CALL_ANY_EPOCH && !uvcom__call_state_is_running(word, pin);
}

#endif
