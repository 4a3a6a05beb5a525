/*
 * gate.h -- a gate that threads wait at, so that a test decides when a call may end.
 *
 * A server method calls gate_wait and stays there; the test waits with gate_await_waiters until it
 * is inside, looks at the state that it wants to see, and lets it go on with gate_open or
 * gate_pass. No test sleeps: time-outs are only Check's safety net.
 *
 * A zeroed gate is not valid; a static one is initialised by GATE_INITIALIZER. Any thread.
 */
#ifndef TESTS_SUPPORT_GATE_H
#define TESTS_SUPPORT_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct gate {
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t changed;
    bool open;
    size_t passes;  /* how many may go through a closed gate */
    size_t waiters; /* in gate_wait now */
    size_t arrived; /* have ever called gate_wait */
};

#define GATE_INITIALIZER                                                                           \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                    \
    }

/** A closed gate. */
void gate_init(struct gate *gate);
void gate_fini(struct gate *gate);

/** Waits until the gate is open or has a pass for this thread. */
void gate_wait(struct gate *gate);

/** Lets everybody through, from now on until gate_close. */
void gate_open(struct gate *gate);
void gate_close(struct gate *gate);

/** Lets `count` threads through a closed gate: those that wait, or the next that come. */
void gate_pass(struct gate *gate, size_t count);

/** How many threads are inside gate_wait now. */
size_t gate_waiters(struct gate *gate);

/** Waits until at least `count` threads are inside gate_wait at the same time. */
void gate_await_waiters(struct gate *gate, size_t count);

/** Waits until gate_wait has been called `count` times altogether, through an open gate too. */
void gate_await_arrived(struct gate *gate, size_t count);

#endif
