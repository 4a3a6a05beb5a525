/*
 * thread.h -- what the runtime knows of the calling thread.
 *
 * Which apartment it is in and how often CoInitializeEx was called stays inside (apartment.h has
 * the questions that others ask); here are the marks that the rest of the runtime sets and reads.
 */
#ifndef RUNTIME_THREAD_H
#define RUNTIME_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/context.h"

struct operation;
struct uvcom_operation;

/** Whether uvcom_compat_mark_thread was called here: a Wait that times out then answers as Windows.
 */
bool uvcom__thread_is_compat(void);

/**
 * Whether a wait until then may be begun here. Not an unlimited one on the thread that watches over
 * deadlines: what it waits for may end by a deadline only, and no other thread looks at those.
 */
bool uvcom__thread_may_wait(uint64_t deadline_ns);

/*
 * The calls that are being run further up this thread's stack. A wait for one of them could never
 * end, which is how a sure deadlock is known (APT-04); and the topmost one is what CoGetCallContext
 * speaks of. The records are on the stack of whoever runs the call, pushed before and popped after,
 * in order. A server's own Begin_ and Finish_ are run under one, too.
 */
struct running {
    const void *call; /* compared, never followed */
    uint64_t epoch;
    struct operation *operation;    /* the server's as long as the record is pushed; NULL: others
                                       may complete it meanwhile, and the ticket stands for it */
    struct uvcom_operation *ticket; /* borrowed; NULL: of the operation, when somebody asks. Neither
                                       of them: the record is no server's, and has no context */
    struct context_scope scope;     /* what the call has changed for this thread (SEC-03) */
    struct running *below;          /* the list's */
};

void uvcom__running_push(struct running *running);
/** What the call has changed for this thread ends here. */
void uvcom__running_pop(struct running *running);
bool uvcom__running_find(const void *call, uint64_t epoch);
/** The one whose server this thread is now; NULL: it is none's. */
struct running *uvcom__running_top(void);

#endif
