/*
 * thread_cancel.h -- the plain calls that a thread is blocked in, for CoCancelCall.
 */
#ifndef RUNTIME_THREAD_CANCEL_H
#define RUNTIME_THREAD_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

struct call;
struct cancel_object;

/* On the stack of the thread that makes the call, the innermost on top; or CoSetCancelObject's. */
struct cancel_entry {
    struct cancel_entry *below;
    struct call *call;            /* a plain call, kept by the entry's maker; else NULL */
    uint64_t epoch;               /* of the call */
    struct cancel_object *object; /* CoSetCancelObject's; else NULL */
    bool is_enabled;              /* when it began */
};

/** Whether a plain call that this thread begins now may be cancelled. */
bool uvcom__cancel_is_enabled(void);

/** Round the wait for a plain call that has begun. */
void uvcom__cancel_push(struct cancel_entry *entry, struct call *call, bool is_enabled);
void uvcom__cancel_pop(struct cancel_entry *entry);

/** The calling thread leaves its apartment: what it had enabled or set is gone, and it is not found
 * any more until it calls again. No call of its is under way. May call out. */
void uvcom__cancel_thread_end(void);

#endif
