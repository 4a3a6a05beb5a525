/*
 * call_program.h -- small programs round one call word: clients, servers, a canceller, waiters.
 *
 * They keep the protocol that the runtime keeps, and check what must hold in every order of events.
 * Which functions work on the word, and some of the steps, are taken from a `design`, so that the
 * same programs show the real one to be sound and others not.
 */
#ifndef TESTS_EXPLORE_CALL_PROGRAM_H
#define TESTS_EXPLORE_CALL_PROGRAM_H

#include "runtime/call_word.h"

struct design {
    struct call_step (*apply)(uvcom__atomic64 *word, enum call_event event,
                              const struct call_event_args *args);
    HRESULT (*wait)(uvcom__atomic64 *word, uint64_t pin, uint64_t deadline_ns);
    HRESULT (*wait_completed)(uvcom__atomic64 *word, uint64_t epoch, uint64_t deadline_ns);
    bool finish_any_call;         /* Finish_ forgets for which call it has waited */
    bool result_after_completion; /* the server writes its result when it has announced it */
    bool retire_before_copying;   /* Finish_ gives the object free before it has read the result */
    bool cancel_any_call;         /* Cancel(seconds) forgets for which call it has waited */
};

/* runtime/call_word.c, used as the runtime uses it. */
extern const struct design sound_design;

/* Each is a program for explore(); the argument is a const struct design. */
void program_begin_begin(void *design);   /* two clients want the same object */
void program_finish_finish(void *design); /* one call, two who finish it */
void program_finish_begin(void *design);  /* a call ends while another client waits to begin */
void program_finish_late(void *design);   /* one of two who finish a call runs only in the next */
void program_signal_wait(void *design);   /* waiters, with and without deadline; a stranger */
void program_signal_reset(void *design);  /* of two who reset, one takes the event */
void program_complete_cancel(void *design);
void program_late_completion(void *design); /* reuse after a cancel */
void program_ask(void *design);             /* a Cancel that gives the server time */
void program_ask_late(void *design);        /* the time is over in the next call */
void program_deadline(void *design);        /* a cancel and a deadline want the same call */
void program_failed_start(void *design);    /* a Begin_ that fails after its claim */
void program_all(void *design);             /* everybody at once */

#endif
