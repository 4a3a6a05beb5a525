/*
 * deadline.h -- ends a call when its time is over.
 *
 * One thread for the process watches all deadlines. It is started by the first
 * uvcom_call_set_timeout and ends with the runtime. Each call object has room for its entry, so
 * arming and disarming allocate nothing.
 */
#ifndef RUNTIME_DEADLINE_H
#define RUNTIME_DEADLINE_H

#include <stdint.h>

#include <uvcom/base.h>

#include "runtime/platform.h"

struct call;
struct deadline_watch;
struct process;

/* In a call object; zeroes: not armed. Guarded by the heaps' lock. */
struct deadline {
    uint64_t at_ns;
    uint64_t epoch;           /* the call that it ends */
    uvcom__atomic32 is_armed; /* it is in a heap, and holds a pin; may be read without the lock */
    struct deadline_watch *watch;
    struct deadline *child; /* the heap's, as are the next two */
    struct deadline *next;
    struct deadline *prev; /* the parent of a first child */
};

/* The thread that watches, in struct process. Zeroes: none yet. */
struct deadline_watch {
    uvcom__thread thread;
    struct process *process;
    uvcom__atomic32 state;     /* deadline.c's */
    uvcom__atomic32 is_ending; /* not 0: the thread is to end */
    uvcom__atomic32 bell;      /* what it sleeps on; counts */
    struct deadline *first;    /* the earliest; under the heaps' lock, as is the next */
    uint64_t sleeps_until;     /* an earlier one has to ring */
};

/**
 * Ends the thread. Calls that it still watches over end with RPC_E_DISCONNECTED: nobody is left
 * who could begin one.
 */
void uvcom__deadline_watch_stop(struct deadline_watch *watch);

/**
 * The deadline of a call that begins now; UVCOM__FOREVER when its object has no timeout. In an
 * apartment.
 *
 * @return S_OK; RPC_E_OUT_OF_RESOURCES: there is no thread to watch over it
 */
HRESULT uvcom__deadline_of_begin(struct call *call, uint64_t *deadline_ns);

/**
 * Watches over a call until it is disarmed. By the one Begin_ that has claimed it, before the
 * server has it. Cannot fail. UVCOM__FOREVER: does nothing.
 */
void uvcom__deadline_arm(struct call *call, uint64_t epoch, uint64_t deadline_ns);

/** The call is over, whoever ended it. Does nothing if the object's next one has begun. Any thread,
 * with a pin. */
void uvcom__deadline_disarm(struct call *call, uint64_t epoch);

#endif
