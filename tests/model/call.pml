/*
 * call.pml -- the protocol of a call object, in the shape in which runtime/call_*.c keeps it.
 *
 * One call object, its word, the operations of its Begin_s, and everybody who meets on it: clients,
 * servers, a canceller, a deadline, a waiter, an outer object. A step of a process is one atomic
 * operation of the runtime (one compare-and-swap of the word, one count, one look at the futex), so
 * spin goes through every order in which threads can meet. What must hold is in MUST(...) where it
 * must hold, and in `init` for the end; a process that sleeps for ever is an invalid end state.
 *
 * What takes part is chosen with -D (see `run`): CLIENTS and ROUNDS, CANCELLER, ASKING (Cancel with
 * a time), DEADLINE, WAITER, STRANGER, REFUSING (the hand-over may fail), DROPPING (the server may
 * drop the operation), TWICE (two threads complete it), OUTER=1 (an outer event) or 2 (an outer
 * that finishes inside Signal). BUG_... makes one mistake each; spin has to refute each of them.
 *
 * What this file does not do: memory orders and the lists of waiters (tests/explore), parameters,
 * apartments, more than EPOCHS calls.
 */

/* ---- the word: state in bits 0 to 2, as in call_state.h; the epoch is shorter ---------------- */

#define IDLE 0
#define STARTING 1
#define PENDING 2
#define DONE 3
#define CANCELED 4
#define FINISHING 5
#define STARTING_ASKED 6
#define STARTING_CANCELED 7
#define PENDING_ASKED 8

#define SIGNALED 8
#define WAITERS 16
#define CANCEL_REQUESTED 32
#define VERDICT_SHIFT 6
#define VERDICT_MASK 192
#define EPOCH_SHIFT 8
#define EPOCHS 4 /* 1 to EPOCHS - 1; 0 stands for any */
#define ANY 0

#define STATE_OF(word) ((word) & 7)
#define EPOCH_OF(word) ((word) >> EPOCH_SHIFT)
#define VERDICT_OF(word) (((word) & VERDICT_MASK) >> VERDICT_SHIFT)
#define RUNS(word, epoch)                                                                          \
    ((STATE_OF(word) == STARTING || STATE_OF(word) == PENDING) && EPOCH_OF(word) == epoch)

/* Effects. */
#define CLAIM 1
#define PUBLISH 2
#define UNSIGNAL 4
#define ASK 8
#define JUDGE 16
#define FORGET 32
#define SAME_METHOD 64 /* one method here: never refused; test_call_state.c has the cases */
#define WAIT 128
#define BIND 256     /* no pointers here */
#define IN_PLACE 512 /* every thread is in an apartment here */

/* Events and answers. */
#define ON_BEGIN 0
#define ON_STARTED 1
#define ON_START_FAILED 2
#define ON_COMPLETE 3
#define ON_CANCEL 4
#define ON_FINISH 5
#define ON_RETIRE 6
#define ON_SIGNAL 7
#define ON_RESET 8
#define ON_TEST_CANCEL 9
#define ON_ASK 10

#define S_OK 0
#define RPC_S_CALLPENDING 1
#define RPC_E_CALL_COMPLETE 2
#define RPC_E_CALL_CANCELED 3
#define E_UNEXPECTED 4
#define HR_BY_VERDICT 5
#define RPC_E_TIMEOUT 6

/* Verdicts. */
#define BY_CANCEL 0
#define BY_DEADLINE 1
#define ONLY_ASKED 3

#define MUST(condition) assert(condition)

/* ---- what is shared -------------------------------------------------------------------------- */

#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef OUTER
#define OUTER 0
#endif

/* Who owns an operation. */
#define FREE 0
#define OF_BEGIN 1
#define OF_SERVER 2
#define OF_OBJECT 3
#define OF_FINISH 4
#define SPARE 5

#define OPERATIONS 5
#define NONE 7
#define FAULT 15 /* the result of an operation that was dropped */

typedef operation {
    byte owner;
    byte in;  /* what its Begin_ copied into it */
    byte out; /* its results: the epoch that the server worked for, or FAULT */
};

short w;          /* the word */
byte references;  /* the clients'; with an outer, those on the outer */
byte pins;        /* those that keep the memory */
bool freed;
byte asleep;      /* a bit for each process that sleeps on the word */
byte spare = NONE;
byte object_operation = NONE;
operation operations[OPERATIONS];
bool outer_event;
byte object_announcement; /* the note that Signal is called by, named after its epoch */
bool outer_gone;
byte alive;

#ifdef BUG_RESULTS_IN_CALL
byte object_out;
#endif
#ifdef BUG_IN_PARAMS_IN_CALL
byte object_in;
#endif

/* Ghosts: accounts that nobody in the protocol reads. */
#define NOT_YET 0
#define COMPLETED 1
#define STOPPED 2
#define NOT_STARTED 3
byte outcome[EPOCHS];
bool delivered[EPOCHS];
byte begun_in[EPOCHS];
bool taken[EPOCHS]; /* the ticket's own claim: one completion for an operation */
byte outstanding;   /* calls between the claim and the return of Finish_ */
bool waits_alone;   /* somebody waits for the event and for no call */

/* ---- one step of the word: call_state.c, call_word.c ----------------------------------------- */

/* Only used inside one d_step, so they are no part of a state. */
hidden short before;
hidden short after;
hidden byte row;
hidden byte next;
hidden short effects;
hidden byte hr;
hidden byte meant;
hidden byte moved;
hidden byte i;

#include "table.pml"

inline look_up(event)
{
    row = STATE_OF(before);
    if
    :: (before & CANCEL_REQUESTED) && row == STARTING && VERDICT_OF(before) == ONLY_ASKED ->
        row = STARTING_ASKED
    :: (before & CANCEL_REQUESTED) && row == STARTING && VERDICT_OF(before) != ONLY_ASKED ->
        row = STARTING_CANCELED
    :: (before & CANCEL_REQUESTED) && row == PENDING -> row = PENDING_ASKED
    :: else
    fi
    if
    :: row == IDLE -> row_idle(event)
    :: row == STARTING -> row_starting(event)
    :: row == STARTING_ASKED -> row_starting_asked(event)
    :: row == STARTING_CANCELED -> row_starting_canceled(event)
    :: row == PENDING -> row_pending(event)
    :: row == PENDING_ASKED -> row_pending_asked(event)
    :: row == DONE -> row_done(event)
    :: row == CANCELED -> row_canceled(event)
    :: row == FINISHING -> row_finishing(event)
    fi
}

inline move(verdict)
{
    after = (before & ~7) | next;
    if
    :: effects & (CLAIM | FORGET) -> after = after & ~(VERDICT_MASK | CANCEL_REQUESTED)
    :: else
    fi
    if
    :: effects & CLAIM ->
        after = after & ~SIGNALED;
        after = after + (1 << EPOCH_SHIFT);
        MUST(EPOCH_OF(after) < EPOCHS)
    :: else
    fi
    if
    :: effects & PUBLISH -> after = (after | SIGNALED) & ~WAITERS
    :: else
    fi
    if
    :: effects & UNSIGNAL -> after = after & ~SIGNALED
    :: else
    fi
    if
    :: effects & (ASK | JUDGE) -> after = (after & ~VERDICT_MASK) | CANCEL_REQUESTED
    :: else
    fi
    if
    :: effects & ASK -> after = after | (ONLY_ASKED << VERDICT_SHIFT)
    :: effects & JUDGE -> after = after | (verdict << VERDICT_SHIFT)
    :: effects & BIND -> after = after & ~VERDICT_MASK
    :: else
    fi
}

/* Inside a d_step. Leaves before, after, hr, moved and effects. */
inline apply(event, epoch, verdict)
{
    MUST(!freed);
    before = w;
    after = w;
    effects = 0;
    /* STARTED, START_FAILED and COMPLETE name their epoch; others may mean any; some have none. */
    if
    :: event == ON_STARTED || event == ON_START_FAILED || event == ON_COMPLETE ->
        meant = (EPOCH_OF(w) == epoch)
    :: event == ON_CANCEL || event == ON_FINISH || event == ON_TEST_CANCEL || event == ON_ASK ->
        meant = (EPOCH_OF(w) == epoch || epoch == ANY)
    :: else -> meant = true
    fi;
    if
    :: !meant ->
        hr = RPC_E_CALL_COMPLETE;
        if
        :: event == ON_STARTED -> hr = S_OK
        :: else
        fi
    :: else ->
        look_up(event);
#ifdef BUG_CANCEL_STARTING
        /* A cancel is carried out at once, also while Begin_ is in the middle of its call. */
        if
        :: row == STARTING && event == ON_CANCEL -> CELL(CANCELED, JUDGE | PUBLISH, S_OK)
        :: else
        fi;
#endif
#ifdef BUG_RESET_HIDES
        if
        :: row == DONE && event == ON_RESET -> CELL(DONE, UNSIGNAL, S_OK)
        :: else
        fi;
#endif
#ifdef BUG_SIGNAL_IDLE
        /* Without a call there is nobody to wake. */
        if
        :: row == IDLE && event == ON_SIGNAL -> STAY(IDLE, S_OK)
        :: else
        fi;
#endif
        move(verdict);
#ifdef BUG_CLAIM_FORGETS
        /* A new call begins with a clean word. */
        if
        :: effects & CLAIM -> after = after & ~WAITERS
        :: else
        fi;
#endif
        if
        :: hr == HR_BY_VERDICT && VERDICT_OF(before) == BY_DEADLINE ->
            hr = RPC_E_TIMEOUT
        :: hr == HR_BY_VERDICT && VERDICT_OF(before) == BY_CANCEL ->
            hr = RPC_E_CALL_CANCELED
        :: else
        fi
    fi;
    moved = (after != before);
    w = after;
    MUST(hr == S_OK || event != ON_BEGIN || !moved);
    MUST(STATE_OF(w) < DONE || (w & SIGNALED))
}

/* ---- counts and memory ----------------------------------------------------------------------- */

/* Inside a d_step. The last pin frees the object, and results that nobody collected (LIFE-04). */
inline unpin_now()
{
    MUST(!freed);
    MUST(pins > 0);
    pins--;
    if
    :: pins == 0 ->
        freed = true;
        if
        :: STATE_OF(w) == DONE ->
            MUST(operations[object_operation].owner == OF_OBJECT);
            operations[object_operation].owner = FREE;
            operations[object_operation].in = 0;
            operations[object_operation].out = 0
        :: else
        fi;
        if
        :: spare != NONE ->
            MUST(operations[spare].owner == SPARE);
            operations[spare].owner = FREE
        :: else
        fi
    :: else
    fi
}

inline unpin()
{
    d_step { unpin_now() }
}

/* The last one lets go of the object, or of the outer that holds it. */
inline release()
{
    d_step {
        MUST(references > 0);
        references--;
        if
        :: references == 0 ->
            outer_gone = true;
            unpin_now()
        :: else
        fi
    }
}

/* call_begin.c: the spare operation, or a new one. Begin_'s own pin comes with it. */
inline take_operation(token)
{
    d_step {
        MUST(!freed);
        pins++;
        if
        :: spare != NONE ->
            op = spare;
            spare = NONE;
            MUST(operations[op].owner == SPARE)
        :: else ->
            i = 0;
            do
            :: i < OPERATIONS && operations[i].owner != FREE -> i++
            :: else -> break
            od;
            MUST(i < OPERATIONS);
            op = i
        fi;
        operations[op].owner = OF_BEGIN;
        operations[op].in = token
    }
}

inline recycle(whose)
{
    d_step {
        MUST(!freed);
        MUST(operations[op].owner == whose);
        operations[op].in = 0;
        operations[op].out = 0;
        if
        :: spare == NONE ->
            spare = op;
            operations[op].owner = SPARE
        :: else -> operations[op].owner = FREE
        fi;
        op = 0
    }
}

/* ---- sleeping and waking --------------------------------------------------------------------- */

#ifdef BUG_WAKE_ONE
#define AWAKENED (asleep & (asleep - 1))
#else
#define AWAKENED 0
#endif

/* Inside the d_step of a step: whether somebody has to be woken for it. */
#define NOTE_SLEEPERS() wakes = ((before & ~after & WAITERS) != 0)

inline wake()
{
    if
    :: wakes ->
        d_step {
            asleep = AWAKENED;
            wakes = false
        }
    :: else
    fi
}

/* Sets the sleepers' bit in the word that was seen, and sleeps if that is still the word. */
inline sleep_once(me)
{
#ifdef BUG_LOST_WAKE
    d_step {
        w = w | WAITERS;
        asleep = asleep | (1 << me)
    }
#else
#ifdef BUG_SLEEP_BEFORE_BIT
    d_step {
        if
        :: (w & ~WAITERS) == seen -> asleep = asleep | (1 << me)
        :: else
        fi
    }
    d_step { w = w | WAITERS }
#else
    d_step {
        if
        :: w == seen ->
            w = w | WAITERS;
            seen = w
        :: else -> seen = -1 /* somebody was faster: look again */
        fi
    }
    if
    :: seen >= 0 ->
        d_step {
            if
            :: w == seen -> asleep = asleep | (1 << me)
            :: else
            fi
        }
    :: else
    fi;
#endif
#endif
    !(asleep & (1 << me));
    d_step {
        MUST(!freed);
        seen = w
    }
}

/* uvcom__call_word_wait_completed */
inline sleep_until_over(me)
{
    seen = w;
    do
    :: RUNS(seen, ep) -> sleep_once(me)
    :: else -> break
    od;
    seen = 0
}

/* ---- the outer object ------------------------------------------------------------------------ */

/* After the step that ended a call: Signal through the controlling unknown, by whoever made that
   step, with the reference that Begin_ took for it. No lock, any thread. */
inline signal_outer(me)
{
#if OUTER > 0
    MUST(!outer_gone);
#ifdef BUG_OUTER_READ_AFTER
    MUST(object_announcement == ended);
#endif
#if OUTER == 1
    outer_event = true;
#else
    finish(me);
    release();
#endif
#if !defined(BUG_OUTER_NO_REFERENCE) && !defined(BUG_OUTER_OF_SERVER)
    release();
#endif
    ended = 0;
#endif
    skip
}

/* The outer's Wait, which may return early. What it returns is looked into again. */
inline wait_for_outer()
{
#if OUTER == 1
    if
    :: true -> outer_event
    :: true
    fi
#endif
    skip
}

/* ---- Finish_: call_finish.c ------------------------------------------------------------------ */

#define LOCALS                                                                                     \
    byte op;                                                                                       \
    byte ep;                                                                                       \
    byte took;                                                                                     \
    byte ended;                                                                                    \
    short seen;                                                                                    \
    bool wakes;                                                                                    \
    bool ok

#ifdef BUG_FINISH_NO_EPOCH
#define FINISH_EPOCH ANY
#else
#define FINISH_EPOCH ep
#endif

#define WAITS 8 /* beside the states that a Finish_ takes a call from */

inline claim_result()
{
    d_step {
        apply(ON_FINISH, FINISH_EPOCH, 0);
        if
        :: effects & WAIT ->
            took = WAITS;
            ep = EPOCH_OF(before)
#ifdef BUG_CLEAR_BEFORE_WAIT
            ;
            w = w & ~7
#endif
        :: (effects & WAIT) == 0 && moved ->
            took = STATE_OF(before);
            MUST(ep == ANY || ep == EPOCH_OF(before));
            MUST(hr == S_OK || took == CANCELED);
            MUST(took != CANCELED || outcome[EPOCH_OF(before)] == STOPPED);
            ep = EPOCH_OF(before)
        :: else ->
            took = IDLE;
#ifdef BUG_FINISH_NO_CLAIM
            if
            :: STATE_OF(w) == FINISHING ->
                took = DONE;
                ep = EPOCH_OF(before)
            :: else
            fi
#else
            MUST(hr == RPC_E_CALL_COMPLETE)
#endif
        fi
    }
}

/* Results are read by whoever owns the operation, once, and are those of its call. */
inline copy_results()
{
    d_step {
        op = object_operation;
        MUST(operations[op].owner == OF_OBJECT);
        operations[op].owner = OF_FINISH;
        MUST(!delivered[ep]);
        delivered[ep] = true;
#ifdef BUG_RESULTS_IN_CALL
        MUST(object_out == ep || object_out == FAULT)
#else
        MUST(operations[op].out == ep || operations[op].out == FAULT)
#endif
    }
}

/* "In progress" is cleared last. */
inline make_idle()
{
    d_step {
        apply(ON_RETIRE, ANY, 0);
        MUST(hr == S_OK)
    }
}

inline end_of_call()
{
    MUST(outstanding == 1);
    outstanding--
}

inline finish(me)
{
    d_step {
        MUST(!freed);
        pins++;
        ep = ANY;
        took = WAITS
    }
    do
    :: took == WAITS ->
        claim_result();
        if
        :: took == WAITS ->
            wait_for_outer();
            sleep_until_over(me)
        :: else
        fi
    :: else -> break
    od;
    if
    :: took == DONE ->
#ifdef BUG_CLEAR_EARLY
        make_idle();
        copy_results();
        recycle(OF_FINISH);
        d_step { end_of_call() }
#else
        copy_results();
        recycle(OF_FINISH);
        d_step {
            apply(ON_RETIRE, ANY, 0);
            MUST(hr == S_OK);
            end_of_call()
        }
#endif
    :: took == CANCELED ->
#ifdef BUG_TAKE_FROM_SERVER
        op = object_operation;
        recycle(OF_OBJECT);
#endif
        d_step {
            apply(ON_RETIRE, ANY, 0);
            MUST(hr == S_OK);
            end_of_call()
        }
    :: else
    fi;
    took = 0;
    ep = 0;
    unpin()
}

/* ---- the server: call_serve.c, call_complete.c ----------------------------------------------- */

#ifdef BUG_NO_EPOCH
#define COMPLETE_EPOCH EPOCH_OF(w)
#else
#define COMPLETE_EPOCH ep
#endif

/* Inside the d_step that ends a call: what its Signal is called by has been read before. */
inline read_announcement()
{
#if OUTER > 0
    ended = EPOCH_OF(after);
#ifndef BUG_OUTER_READ_AFTER
    MUST(object_announcement == ended);
#endif
#endif
    skip
}

/* The same, of a call that ends without its server. */
inline note_stopped(epoch)
{
    read_announcement();
    MUST(outcome[epoch] == NOT_YET);
    outcome[epoch] = STOPPED
}

inline complete(me)
{
    d_step {
        apply(ON_COMPLETE, COMPLETE_EPOCH, 0);
        NOTE_SLEEPERS();
        took = moved;
        ok = (moved && STATE_OF(after) == DONE);
        MUST(!moved || EPOCH_OF(after) == ep);
        if
        :: ok ->
            MUST(object_operation == op);
            MUST(operations[op].owner == OF_SERVER);
            operations[op].owner = OF_OBJECT;
            MUST(outcome[EPOCH_OF(after)] == NOT_YET);
            outcome[EPOCH_OF(after)] = COMPLETED;
            read_announcement()
        :: moved && STATE_OF(after) == CANCELED -> note_stopped(ep)
        :: else
        fi
    }
    wake();
    if
    :: !ok -> recycle(OF_SERVER)
    :: else -> skip
    fi;
    op = 0;
    ok = false;
    if
    :: took -> signal_outer(me)
    :: else -> skip
    fi;
    took = 0;
#ifndef BUG_NO_PIN
    unpin();
#endif
#ifdef BUG_TOUCH_AFTER
    MUST(!freed);
#endif
#if OUTER > 0 && defined(BUG_OUTER_OF_SERVER)
    release();
#endif
    skip
}

inline write_results(result)
{
    d_step {
        MUST(operations[op].owner == OF_SERVER);
        operations[op].out = result
    }
#ifdef BUG_RESULTS_IN_CALL
    object_out = result
#endif
}

/* One operation in the server's hands. With TWICE two threads try to complete it. */
proctype Server(byte op; byte ep; byte me)
{
    byte took;
    byte ended;
    short seen;
    bool wakes;
    bool ok;
    byte result;

    result = ep;
#ifdef DROPPING
    if
    :: true
    :: true -> result = FAULT
    fi;
#endif
#ifdef BUG_DROP_SILENT
    if
    :: result == FAULT -> goto gone
    :: else
    fi;
#endif
    d_step {
        ok = !taken[ep];
#ifndef BUG_TICKET_NO_CLAIM
        taken[ep] = true;
#endif
        if
        :: ok ->
            MUST(operations[op].owner == OF_SERVER);
#ifdef BUG_IN_PARAMS_IN_CALL
            MUST(object_in == begun_in[ep])
#else
            MUST(operations[op].in == begun_in[ep])
#endif
        :: else
        fi
    }
    if
    :: ok ->
#ifdef BUG_RESULT_AFTER
        complete(me);
        write_results(result)
#else
#ifdef BUG_SIGNAL_FIRST
        signal_outer(me);
#endif
        write_results(result);
        complete(me)
#endif
    :: else
    fi;
gone:
    skip;
    d_step {
        op = 0;
        ep = 0;
        result = 0;
        alive--
    }
}

/* ---- Begin_: call_begin.c -------------------------------------------------------------------- */

#ifdef BUG_STARTED_NO_EPOCH
#define STARTED_EPOCH EPOCH_OF(w)
#else
#define STARTED_EPOCH ep
#endif

inline claim_object(token)
{
#ifdef BUG_REFUSED_WRITES
    object_operation = op;
#endif
#ifdef BUG_BEGIN_RACE
    seen = w;
    d_step {
        ok = (STATE_OF(seen) == IDLE);
        seen = 0;
        if
        :: ok ->
            w = (w & ~(7 | SIGNALED | CANCEL_REQUESTED | VERDICT_MASK)) + (1 << EPOCH_SHIFT);
            w = w | STARTING
        :: else
        fi;
        after = w
#else
    d_step {
        apply(ON_BEGIN, ANY, 0);
        ok = (hr == S_OK);
        MUST(ok || hr == RPC_S_CALLPENDING);
#endif
        ;
        if
        :: ok ->
            ep = EPOCH_OF(after);
            MUST(outstanding == 0);
            outstanding++;
            begun_in[ep] = token;
#ifndef BUG_NO_PIN
            pins++;
#endif
#if OUTER > 0 && !defined(BUG_OUTER_NO_REFERENCE)
            references++
#endif
        :: else
        fi
    }
}

inline reset_outer()
{
#if OUTER == 1
    d_step {
        MUST(!outer_gone);
        outer_event = false
    }
#endif
    skip
}

/* Armed before the hand-over. It has a pin, and the epoch. */
inline arm_deadline()
{
#ifdef DEADLINE
    atomic {
        alive++;
#ifndef BUG_DEADLINE_NO_PIN
        pins++;
#endif
        run Deadline(ep)
    }
#endif
    skip
}

inline hand_over(me)
{
    atomic {
        operations[op].owner = OF_SERVER;
        alive++;
        run Server(op, ep, 6)
#ifdef TWICE
        ;
        alive++;
        run Server(op, ep, 6)
#endif
    }
    op = 0;
#ifdef BUG_OUTER_RESET_LATE
    reset_outer();
#endif
    d_step {
        apply(ON_STARTED, STARTED_EPOCH, 0);
        MUST(hr == S_OK);
        NOTE_SLEEPERS();
        ok = (moved && STATE_OF(after) == CANCELED);
        if
        :: ok -> note_stopped(EPOCH_OF(after))
        :: else
        fi
    }
    wake();
    if
    :: ok -> signal_outer(me)
    :: else -> skip
    fi
}

inline undo(me)
{
    recycle(OF_BEGIN);
    d_step {
        apply(ON_START_FAILED, ep, 0);
        MUST(hr == S_OK);
        NOTE_SLEEPERS();
        MUST(outcome[ep] == NOT_YET);
        outcome[ep] = NOT_STARTED;
        read_announcement();
        end_of_call()
    }
#ifdef BUG_UNDO_SILENT
    wakes = false;
#endif
    wake();
#ifdef BUG_OUTER_UNDO_SILENT
    release();
#else
    /* Begin_ has reset the outer event, and somebody may wait for it by now. */
    signal_outer(me);
#endif
    unpin()
}

inline begin(me, token)
{
    take_operation(token);
    claim_object(token);
    if
    :: ok ->
#ifndef BUG_OUTER_RESET_LATE
        reset_outer();
#endif
        object_operation = op;
#if OUTER > 0
        object_announcement = ep;
#endif
#ifdef BUG_IN_PARAMS_IN_CALL
        object_in = token;
#endif
        arm_deadline();
        if
        :: true -> hand_over(me); ok = true
#ifdef REFUSING
        :: true -> undo(me); ok = false
#endif
        fi
    :: else -> recycle(OF_BEGIN)
    fi;
    ep = 0;
    unpin()
}

/* ---- everybody ------------------------------------------------------------------------------- */

/* Each round: perhaps Begin_, perhaps Finish_, of whoever's call. Then the reference is given up,
   be a call under way or not. */
proctype Client(byte me; byte rounds)
{
    LOCALS;
    byte round;

    do
    :: round < rounds ->
        round++;
        if
        :: true -> begin(me, (me << 2) + round)
        :: true
        fi;
#if OUTER == 2
        /* The outer finishes, and gives up the reference of the client that began. */
        if
        :: ok -> goto gone
        :: else
        fi;
#else
        ok = false;
        if
        :: true -> finish(me)
        :: true
        fi
#endif
    :: else -> break
    od;
    release();
gone:
    skip;
    d_step {
        ok = false;
        round = 0;
        alive--
    }
}

/* What a canceller is told is what its own step of the word has decided. */
inline cancel(epoch, verdict)
{
    d_step {
#ifdef BUG_CANCEL_BLIND
        apply(ON_TEST_CANCEL, ANY, 0);
        if
        :: STATE_OF(w) == PENDING || STATE_OF(w) == DONE ->
            w = ((w & ~7) | CANCELED | SIGNALED) & ~WAITERS;
            after = w;
            moved = true
        :: else
        fi;
#else
        apply(ON_CANCEL, epoch, verdict);
#endif
        NOTE_SLEEPERS();
        ok = (moved && STATE_OF(after) == CANCELED);
        took = (hr == S_OK);
        if
        :: ok ->
            MUST(ep == ANY || ep == EPOCH_OF(before));
            note_stopped(EPOCH_OF(before))
        :: else
        fi
    }
#ifdef BUG_CANCEL_NO_WAKE
    wakes = false;
#endif
    wake();
#ifdef BUG_CANCEL_LOOKS_AGAIN
    MUST(ok == (STATE_OF(w) == CANCELED));
#endif
    took = 0;
    if
    :: ok -> signal_outer(7)
    :: else -> skip
    fi;
    ok = false
}

#ifdef BUG_CANCEL_NO_EPOCH
#define ASKED_EPOCH EPOCH_OF(w)
#else
#define ASKED_EPOCH ep
#endif

/* Cancel(0); or Cancel(seconds): asks, and when the time is over the same call is cancelled. The
   time may be over at any moment, so there is nothing to wait for here. */
proctype Canceller()
{
    LOCALS;

    if
    :: true -> cancel(ANY, BY_CANCEL)
#ifdef ASKING
    :: true ->
        d_step {
            apply(ON_ASK, ANY, 0);
            ok = (hr == S_OK);
            ep = EPOCH_OF(before);
            MUST(hr != E_UNEXPECTED)
        }
        if
        :: ok -> cancel(ASKED_EPOCH, BY_CANCEL)
        :: else -> skip
        fi
#endif
    fi;
    ep = 0;
    release();
    alive--
}

#ifdef BUG_DEADLINE_NO_EPOCH
#define DEADLINE_EPOCH ANY
#else
#define DEADLINE_EPOCH ep
#endif

/* Comes for the call that armed it, early, late, or not at all. */
proctype Deadline(byte ep)
{
    byte op;
    byte took;
    byte ended;
    short seen;
    bool wakes;
    bool ok;

    if
    :: true -> cancel(DEADLINE_EPOCH, BY_DEADLINE)
    :: true
    fi;
    ep = 0;
#ifndef BUG_DEADLINE_NO_PIN
    unpin();
#endif
    alive--
}

#ifdef BUG_WAIT_NOT_BOUND
#define WAIT_IS_OVER(word, pin) ((word) & SIGNALED)
#else
#define WAIT_IS_OVER(word, pin) (((word) & SIGNALED) || (pin != ANY && !RUNS(word, pin)))
#endif

/* ISynchronize::Wait without limit: uvcom__call_word_wait. Bound to the call that runs when it
   begins (uvcom__call_state_pin); if none does it waits for the event alone, whoever sets it,
   across any Begin_. */
proctype Waiter(byte me)
{
    short seen;
    byte pin;

    d_step {
        seen = w;
        pin = EPOCH_OF(seen);
        if
        :: !RUNS(seen, pin) -> pin = ANY
        :: else
        fi;
        waits_alone = (pin == ANY)
    }
    do
    :: !WAIT_IS_OVER(seen, pin) -> sleep_once(me)
    :: else -> break
    od;
    seen = 0;
    d_step {
        pin = 0;
        waits_alone = false
    }
    release();
    alive--
}

/* Signal and Reset by anybody: they set and clear the event and nothing else. */
proctype Stranger()
{
    bool wakes;

    d_step {
        apply(ON_SIGNAL, ANY, 0);
        NOTE_SLEEPERS()
    }
    wake();
    d_step { apply(ON_RESET, ANY, 0) }
    release();
    alive--
}

inline start_everybody()
{
    references = CLIENTS;
    pins = 1;
    alive = CLIENTS;
    run Client(0, ROUNDS);
#if CLIENTS > 1
    run Client(1, 1);
#endif
#if CLIENTS > 2
    run Client(2, 1);
#endif
#ifdef CANCELLER
    references++;
    alive++;
    run Canceller();
#endif
#ifdef WAITER
    references++;
    alive++;
    run Waiter(3);
#endif
#ifdef STRANGER
    references++;
    alive++;
    run Stranger();
#endif
    skip
}

/* Who waits for the event alone may wait for ever, and rightly so. So when nobody else is left, and
   the event is not set, it is set once more. */
inline signal_the_last()
{
    if
    :: alive == 0
    :: d_step {
            alive == 1 && waits_alone && !(w & SIGNALED);
            apply(ON_SIGNAL, ANY, 0);
            NOTE_SLEEPERS()
        }
        wake()
    fi
}

/* At the end nothing is left: the object was freed, and each operation; each call that was begun
   has had one outcome, and no result was delivered that there was not. */
init
{
#ifdef WAITER
    bool wakes;
#endif

    atomic { start_everybody() }
#ifdef WAITER
    signal_the_last();
#endif
    alive == 0;
    d_step {
        MUST(freed);
        MUST(references == 0 && pins == 0 && asleep == 0);
        i = 0;
        do
        :: i < OPERATIONS ->
            MUST(operations[i].owner == FREE);
            i++
        :: else -> break
        od;
        i = 1;
        do
        :: i < EPOCHS ->
            MUST((outcome[i] != NOT_YET) == (EPOCH_OF(w) >= i));
            MUST(!delivered[i] || outcome[i] == COMPLETED);
            i++
        :: else -> break
        od
    }
}
