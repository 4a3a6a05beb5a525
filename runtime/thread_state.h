/*
 * thread_state.h -- the record that each thread has, for the files that make up apartments.
 *
 * Others ask through apartment.h and thread.h.
 */
#ifndef RUNTIME_THREAD_STATE_H
#define RUNTIME_THREAD_STATE_H

#include <stdbool.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#include "runtime/apartment_layout.h"

struct process;
struct worker;

/*
 * A thread of the user's is in an apartment as long as CoInitializeEx has been called more often
 * than CoUninitialize, or a loop is adopted on it. A thread of the runtime's is in one for its
 * whole life.
 */
struct thread_state {
    struct process *process;     /* kept; of the runtime's threads: borrowed */
    struct apartment *apartment; /* one reference; NULL: none */
    struct loop_port *port;      /* the loop of this thread; NULL: none */
    unsigned initialised;        /* CoInitializeEx less CoUninitialize */
    bool is_runtime;             /* a worker, or a thread that the runtime keeps for an apartment */
    bool is_leaving;             /* its apartment is being closed */
    struct worker *worker;       /* NULL: not a worker */
    unsigned blocking;           /* uvcom__blocking_enter less uvcom__blocking_leave */
    bool is_watch;               /* it watches over deadlines */
};

/** The calling thread's. */
struct thread_state *uvcom__thread_state(void);

/**
 * Puts a thread that is in no apartment into one of the kind THREAD or POOL, which keeps the
 * process's runtime too. The caller then sets what holds it there: `initialised` or `port`.
 *
 * @return S_OK, E_OUTOFMEMORY, CO_E_NOTINITIALIZED (forked child)
 */
HRESULT uvcom__thread_join_apartment(enum apartment_kind kind);

/** Takes the thread out of its apartment if nothing holds it there and it serves no call just now.
 */
void uvcom__thread_leave_if_due(void);

/** First and last act of a thread of the runtime's. The worker or the port may be NULL. */
void uvcom__thread_enter_runtime(struct apartment *apartment, struct worker *worker,
                                 struct loop_port *port);
void uvcom__thread_leave_runtime(void);

#endif
