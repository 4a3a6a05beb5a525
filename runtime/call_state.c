/*
 * runtime/call_state.c -- the table of the call object's life, and the step through it.
 *
 *                      BEGIN (epoch + 1, event cleared)
 *      +--------+ -------------------------------------> +----------+
 *      |  IDLE  |                                        | STARTING | -- CANCEL: remembered
 *      |        | <------------------------------------- |          |
 *      +--------+    START_FAILED (event set)            +----------+
 *          ^                                              |    |  |
 *          |                     STARTED, not cancelled   |    |  | STARTED or COMPLETE, cancelled
 *          |                      +-----------------------+    |  +-------------------+
 *          |                      v                            |                      |
 *          |                 +---------+                       | COMPLETE,            |
 *          |                 | PENDING | -------- CANCEL ------| not cancelled -----+ |
 *          |                 +---------+                       |                    | |
 *          |                      | COMPLETE                   |                    v v
 *          |                      v                            |             +----------+
 *          |                  +------+ <-----------------------+             | CANCELED |
 *          |                  | DONE |          (event set)      (event set) +----------+
 *          |                  +------+                                           |
 *          |                      | FINISH                                FINISH |
 *          |                      v                                              |
 *          |                 +-----------+                                       |
 *          +---- RETIRE ---- | FINISHING | <-------------------------------------+
 *   (event stays as it is)   +-----------+
 *
 * SIGNAL sets the event and RESET clears it, without a change of state; in DONE, CANCELED and
 * FINISHING the event is always set and RESET has no effect, so that a result cannot be hidden. An
 * event that names another epoch than the word's finds its call gone and changes nothing: this is
 * why a late completion of a cancelled call cannot complete the next one (RACE-06). "In progress"
 * ends with RETIRE, after the results have been copied (RACE-03).
 *
 * STARTING is a state of its own because between the claim and the hand-over Begin_ may still
 * fail. A cancel that comes then is granted but carried out later, so that nobody can finish a
 * call, and begin the next, while this Begin_ is still in the middle of it.
 *
 * ASK is the polite half of a cancel: the server is told, for when it looks (TEST_CANCEL), and the
 * call runs on in STARTING or PENDING; if it completes, the result stands (CAN-18). So a call can
 * be asked (the flag, no verdict) or cancelled (the flag and a verdict); while PENDING only the
 * first, since a cancel takes effect there at once. CANCEL with another verdict is how a deadline,
 * or an apartment that has gone, ends a call.
 *
 * What this file does not do: share the word between threads (call_word.c), own results
 * (operation.c).
 */
#include "runtime/call_state.h"

#include <assert.h>
#include <stddef.h>

/* The two states that a request can be remembered in have rows of their own when it has been; so a
   row needs no conditions except epoch, method and, for a Finish_, place. */
enum {
    STARTING_ASKED = UVCOM__CALL_FINISHING + 1,
    STARTING_CANCELED, /* granted already, with its verdict */
    PENDING_ASKED,
    ROW_COUNT,
};

/* What a cell does to the word besides its state. */
enum {
    CLAIM = 1 << 0,       /* next epoch, method written, all that the last call left cleared */
    PUBLISH = 1 << 1,     /* event set; the sleepers will be woken, so their bit is cleared */
    UNSIGNAL = 1 << 2,    /* event cleared */
    ASK = 1 << 3,         /* cancel requested, no verdict yet */
    JUDGE = 1 << 4,       /* cancel requested, verdict written */
    FORGET = 1 << 5,      /* method, request and verdict cleared: nothing is in progress */
    SAME_METHOD = 1 << 6, /* refused as E_UNEXPECTED if the method is another one */
    WAIT = 1 << 7,        /* no answer yet */
    BIND = 1 << 8,        /* in the verdict's place, whether the results need an apartment */
    IN_PLACE = 1 << 9,    /* refused as CO_E_NOTINITIALIZED if they do, and there is none */
};

/* In the place of a code: the one that belongs to the verdict. */
#define HR_BY_VERDICT ((HRESULT)1)

struct cell {
    enum call_state next;
    unsigned effects;
    HRESULT hr;
};

/* A row for each state, a line for each event. */
/* clang-format off */
static const struct cell cells[ROW_COUNT][UVCOM__CALL_EVENT_COUNT] = {
#define STAY(state, hr)                                                                            \
    {                                                                                              \
        UVCOM__CALL_##state, 0, hr                                                                 \
    }
#define CELL(state, effects, hr)                                                                   \
    {                                                                                              \
        UVCOM__CALL_##state, effects, hr                                                           \
    }
    [UVCOM__CALL_IDLE] =
        {
            [UVCOM__ON_BEGIN] = CELL(STARTING, CLAIM, S_OK),
            [UVCOM__ON_STARTED] = STAY(IDLE, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(IDLE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_COMPLETE] = STAY(IDLE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_CANCEL] = STAY(IDLE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_ASK] = STAY(IDLE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_FINISH] = STAY(IDLE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_RETIRE] = STAY(IDLE, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(IDLE, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(IDLE, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(IDLE, RPC_E_CALL_COMPLETE),
        },
    [UVCOM__CALL_STARTING] =
        {
            [UVCOM__ON_BEGIN] = STAY(STARTING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(PENDING, S_OK),
            [UVCOM__ON_START_FAILED] = CELL(IDLE, FORGET | PUBLISH, S_OK),
            [UVCOM__ON_COMPLETE] = CELL(DONE, PUBLISH | BIND, S_OK),
            [UVCOM__ON_CANCEL] = CELL(STARTING, JUDGE, S_OK),
            [UVCOM__ON_ASK] = CELL(STARTING, ASK, S_OK),
            [UVCOM__ON_FINISH] = CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING),
            [UVCOM__ON_RETIRE] = STAY(STARTING, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(STARTING, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(STARTING, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(STARTING, RPC_S_CALLPENDING),
        },
    /* As in PENDING_ASKED below. */
    [STARTING_ASKED] =
        {
            [UVCOM__ON_BEGIN] = STAY(STARTING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(PENDING, S_OK),
            [UVCOM__ON_START_FAILED] = CELL(IDLE, FORGET | PUBLISH, S_OK),
            [UVCOM__ON_COMPLETE] = CELL(DONE, PUBLISH | BIND, S_OK),
            [UVCOM__ON_CANCEL] = CELL(STARTING, JUDGE, S_OK),
            [UVCOM__ON_ASK] = STAY(STARTING, S_OK),
            [UVCOM__ON_FINISH] = CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING),
            [UVCOM__ON_RETIRE] = STAY(STARTING, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(STARTING, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(STARTING, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(STARTING, RPC_E_CALL_CANCELED),
        },
    /* The canceller has its S_OK, so a result that comes while the call starts is too late. */
    [STARTING_CANCELED] =
        {
            [UVCOM__ON_BEGIN] = STAY(STARTING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = CELL(CANCELED, PUBLISH, S_OK),
            [UVCOM__ON_START_FAILED] = CELL(IDLE, FORGET | PUBLISH, S_OK),
            [UVCOM__ON_COMPLETE] = CELL(CANCELED, PUBLISH, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_CANCEL] = STAY(STARTING, RPC_E_CALL_CANCELED),
            [UVCOM__ON_ASK] = STAY(STARTING, RPC_E_CALL_CANCELED),
            [UVCOM__ON_FINISH] = CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING),
            [UVCOM__ON_RETIRE] = STAY(STARTING, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(STARTING, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(STARTING, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(STARTING, RPC_E_CALL_CANCELED),
        },
    [UVCOM__CALL_PENDING] =
        {
            [UVCOM__ON_BEGIN] = STAY(PENDING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(PENDING, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(PENDING, E_UNEXPECTED),
            [UVCOM__ON_COMPLETE] = CELL(DONE, PUBLISH | BIND, S_OK),
            [UVCOM__ON_CANCEL] = CELL(CANCELED, JUDGE | PUBLISH, S_OK),
            [UVCOM__ON_ASK] = CELL(PENDING, ASK, S_OK),
            [UVCOM__ON_FINISH] = CELL(PENDING, SAME_METHOD | WAIT, RPC_S_CALLPENDING),
            [UVCOM__ON_RETIRE] = STAY(PENDING, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(PENDING, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(PENDING, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(PENDING, RPC_S_CALLPENDING),
        },
    /* The server was asked to stop; if it finishes all the same, the result stands (CAN-18). */
    [PENDING_ASKED] =
        {
            [UVCOM__ON_BEGIN] = STAY(PENDING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(PENDING, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(PENDING, E_UNEXPECTED),
            [UVCOM__ON_COMPLETE] = CELL(DONE, PUBLISH | BIND, S_OK),
            [UVCOM__ON_CANCEL] = CELL(CANCELED, JUDGE | PUBLISH, S_OK),
            [UVCOM__ON_ASK] = STAY(PENDING, S_OK),
            [UVCOM__ON_FINISH] = CELL(PENDING, SAME_METHOD | WAIT, RPC_S_CALLPENDING),
            [UVCOM__ON_RETIRE] = STAY(PENDING, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = CELL(PENDING, PUBLISH, S_OK),
            [UVCOM__ON_RESET] = CELL(PENDING, UNSIGNAL, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(PENDING, RPC_E_CALL_CANCELED),
        },
    [UVCOM__CALL_DONE] =
        {
            [UVCOM__ON_BEGIN] = STAY(DONE, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(DONE, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(DONE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_COMPLETE] = STAY(DONE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_CANCEL] = STAY(DONE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_ASK] = STAY(DONE, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_FINISH] = CELL(FINISHING, SAME_METHOD | IN_PLACE, S_OK),
            [UVCOM__ON_RETIRE] = STAY(DONE, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = STAY(DONE, S_OK),
            [UVCOM__ON_RESET] = STAY(DONE, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(DONE, RPC_E_CALL_COMPLETE),
        },
    [UVCOM__CALL_CANCELED] =
        {
            [UVCOM__ON_BEGIN] = STAY(CANCELED, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(CANCELED, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(CANCELED, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_COMPLETE] = STAY(CANCELED, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_CANCEL] = STAY(CANCELED, RPC_E_CALL_CANCELED),
            [UVCOM__ON_ASK] = STAY(CANCELED, RPC_E_CALL_CANCELED),
            [UVCOM__ON_FINISH] = CELL(FINISHING, SAME_METHOD, HR_BY_VERDICT),
            [UVCOM__ON_RETIRE] = STAY(CANCELED, E_UNEXPECTED),
            [UVCOM__ON_SIGNAL] = STAY(CANCELED, S_OK),
            [UVCOM__ON_RESET] = STAY(CANCELED, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(CANCELED, RPC_E_CALL_CANCELED),
        },
    [UVCOM__CALL_FINISHING] =
        {
            [UVCOM__ON_BEGIN] = STAY(FINISHING, RPC_S_CALLPENDING),
            [UVCOM__ON_STARTED] = STAY(FINISHING, S_OK),
            [UVCOM__ON_START_FAILED] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_COMPLETE] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_CANCEL] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_ASK] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_FINISH] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
            [UVCOM__ON_RETIRE] = CELL(IDLE, FORGET, S_OK),
            [UVCOM__ON_SIGNAL] = STAY(FINISHING, S_OK),
            [UVCOM__ON_RESET] = STAY(FINISHING, S_OK),
            [UVCOM__ON_TEST_CANCEL] = STAY(FINISHING, RPC_E_CALL_COMPLETE),
        },
#undef CELL
#undef STAY
};
/* clang-format on */

/* Whose call an event is about, and its answer when that call is not the word's any more. */
struct address {
    bool by_epoch;
    bool any_allowed;
    HRESULT gone;
};

static const struct address addresses[UVCOM__CALL_EVENT_COUNT] = {
    [UVCOM__ON_STARTED] = {true, false, S_OK},
    [UVCOM__ON_START_FAILED] = {true, false, RPC_E_CALL_COMPLETE},
    [UVCOM__ON_COMPLETE] = {true, false, RPC_E_CALL_COMPLETE},
    [UVCOM__ON_CANCEL] = {true, true, RPC_E_CALL_COMPLETE},
    [UVCOM__ON_ASK] = {true, true, RPC_E_CALL_COMPLETE},
    [UVCOM__ON_FINISH] = {true, true, RPC_E_CALL_COMPLETE},
    [UVCOM__ON_TEST_CANCEL] = {true, true, RPC_E_CALL_COMPLETE},
};

static const HRESULT verdict_codes[] = {
    [UVCOM__VERDICT_CANCELED] = RPC_E_CALL_CANCELED,
    [UVCOM__VERDICT_DEADLINE] = RPC_E_TIMEOUT,
    [UVCOM__VERDICT_DISCONNECTED] = RPC_E_DISCONNECTED,
    [UVCOM__VERDICT_NONE] = E_UNEXPECTED, /* not in CANCELED; it keeps the index inside */
};

static enum call_verdict verdict_of(uint64_t word)
{
    return (enum call_verdict)((word & UVCOM__CALL_VERDICT_MASK) >> UVCOM__CALL_VERDICT_SHIFT);
}

static uint64_t with_verdict(uint64_t word, enum call_verdict verdict)
{
    return (word & ~UVCOM__CALL_VERDICT_MASK) | (uint64_t)verdict << UVCOM__CALL_VERDICT_SHIFT;
}

static unsigned row_of(uint64_t word)
{
    const enum call_state state = uvcom__call_state_of(word);
    const bool is_judged = verdict_of(word) != UVCOM__VERDICT_NONE;

    assert(state <= UVCOM__CALL_FINISHING);
    if ((word & UVCOM__CALL_CANCEL_REQUESTED) != 0 && state == UVCOM__CALL_STARTING)
        return is_judged ? STARTING_CANCELED : STARTING_ASKED;
    if ((word & UVCOM__CALL_CANCEL_REQUESTED) != 0 && state == UVCOM__CALL_PENDING)
        return PENDING_ASKED;
    return state;
}

static bool is_meant(uint64_t word, const struct address *address, uint64_t epoch)
{
    if (!address->by_epoch || uvcom__call_state_epoch(word) == epoch)
        return true;
    return address->any_allowed && epoch == UVCOM__CALL_ANY_EPOCH;
}

static uint64_t moved_word(uint64_t word, const struct cell *cell,
                           const struct call_event_args *args)
{
    const uint64_t of_call =
        UVCOM__CALL_METHOD_MASK | UVCOM__CALL_VERDICT_MASK | UVCOM__CALL_CANCEL_REQUESTED;
    uint64_t after = (word & ~UVCOM__CALL_STATE_MASK) | (uint64_t)cell->next;

    if ((cell->effects & (CLAIM | FORGET)) != 0)
        after &= ~of_call;
    if ((cell->effects & CLAIM) != 0) {
        /* The sleepers' bit and the list's stay: who waits on an idle object waits for the event.
         */
        after &= ~UVCOM__CALL_SIGNALED & ((UINT64_C(1) << UVCOM__CALL_EPOCH_SHIFT) - 1);
        after |= (uvcom__call_state_next_epoch(word) << UVCOM__CALL_EPOCH_SHIFT) |
                 ((uint64_t)args->method << UVCOM__CALL_METHOD_SHIFT);
    }
    if ((cell->effects & PUBLISH) != 0)
        after = (after | UVCOM__CALL_SIGNALED) & ~UVCOM__CALL_WAITERS;
    if ((cell->effects & UNSIGNAL) != 0)
        after &= ~UVCOM__CALL_SIGNALED;
    if ((cell->effects & (ASK | JUDGE)) != 0)
        after |= UVCOM__CALL_CANCEL_REQUESTED;
    if ((cell->effects & ASK) != 0)
        after = with_verdict(after, UVCOM__VERDICT_NONE);
    if ((cell->effects & JUDGE) != 0)
        after = with_verdict(after, args->verdict);
    if ((cell->effects & BIND) != 0)
        after = (after & ~UVCOM__CALL_VERDICT_MASK) | (args->is_bound ? UVCOM__CALL_BOUND : 0);
    return after;
}

struct call_step uvcom__call_state_step(uint64_t word, enum call_event event,
                                        const struct call_event_args *args)
{
    static const struct call_event_args no_args;
    struct call_step step = {.before = word, .after = word};
    const struct cell *cell = &cells[row_of(word)][event];

    if (args == NULL)
        args = &no_args;
    assert(event != UVCOM__ON_BEGIN ||
           (args->method != 0 && args->method <= UVCOM__CALL_METHOD_MAX));
    assert(args->verdict <= UVCOM__VERDICT_DISCONNECTED);

    if (!is_meant(word, &addresses[event], args->epoch)) {
        step.hr = addresses[event].gone;
        return step;
    }
    if ((cell->effects & SAME_METHOD) != 0 && uvcom__call_state_method(word) != args->method) {
        step.hr = E_UNEXPECTED;
        return step;
    }
    if ((cell->effects & IN_PLACE) != 0 && args->is_nowhere && (word & UVCOM__CALL_BOUND) != 0) {
        step.hr = CO_E_NOTINITIALIZED;
        return step;
    }
    step.after = moved_word(word, cell, args);
    step.moved = step.after != word;
    step.wait = (cell->effects & WAIT) != 0;
    step.hr = cell->hr;
    if (cell->hr == HR_BY_VERDICT)
        step.hr = verdict_codes[verdict_of(word)];
    return step;
}
