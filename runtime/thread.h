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

/** Whether uvcom_compat_mark_thread was called here: a Wait that times out then answers as Windows.
 */
bool uvcom__thread_is_compat(void);

/*
 * The operations that are being run further up this thread's stack. A wait for one of them could
 * never end, which is how a sure deadlock is known (APT-04). The records are on the stack of
 * whoever runs the operation, pushed before and popped after, in order.
 */
struct running {
    const void *call; /* compared, never followed */
    uint64_t epoch;
    struct running *below; /* the list's */
};

void uvcom__running_push(struct running *running);
void uvcom__running_pop(struct running *running);
bool uvcom__running_find(const void *call, uint64_t epoch);

#endif
