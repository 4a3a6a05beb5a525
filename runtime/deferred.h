/*
 * deferred.h -- work that must not nest on one thread: what is raised while another piece of it
 * runs comes after that one.
 *
 * Used for calls out to clients that may cause the next one of their kind from inside (an outer
 * object's Signal that begins a call which completes at once), so that a chain of them takes no
 * stack.
 */
#ifndef RUNTIME_DEFERRED_H
#define RUNTIME_DEFERRED_H

#include <stdbool.h>

struct deferred {
    struct deferred *next;
    void (*run)(struct deferred *item); /* may free the item */
};

/**
 * Calls item->run(item): now, with what it causes after it; or, inside such a run on this thread,
 * when that has returned. No lock held. Allocates nothing.
 */
void uvcom__deferred_run(struct deferred *item);

/**
 * The thread is going to sleep, perhaps inside a run. What is queued here may be what it waits for,
 * so it is run first.
 */
void uvcom__deferred_flush(void);

/* Round a wait in which this thread serves calls: what they cause does not wait for its end. */
struct deferred_wait {
    bool was_running;
};

void uvcom__deferred_wait_begin(struct deferred_wait *wait);
void uvcom__deferred_wait_end(const struct deferred_wait *wait);

#endif
