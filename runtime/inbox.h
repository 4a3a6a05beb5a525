/*
 * inbox.h -- the queue through which every thread hands work to an apartment.
 *
 * An item is a struct inbox_item inside a larger struct of whoever posts it: nothing is allocated
 * and nothing can fail except admission. Any number of threads push, one at a time takes, and what
 * is taken is everything, in the order of the pushes. Closing is a value of the same word, so an
 * item is either taken later or refused at once; there is no moment in which it could get lost.
 *
 * It wakes nobody: the push says whether the inbox was empty, and the apartment decides whom to
 * wake.
 */
#ifndef RUNTIME_INBOX_H
#define RUNTIME_INBOX_H

#include <stdbool.h>

#include "runtime/platform.h"

struct inbox_item;

/* What an item is. Exactly one of run and refuse is called, once; the item is not touched
 * afterwards, so either may free it. No lock of the runtime is held meanwhile. */
struct inbox_item_class {
    void (*run)(struct inbox_item *item); /* in the apartment */
    void (*refuse)(
        struct inbox_item *item); /* the apartment closed before it ran; see apartment.h */
    bool loop_only;               /* a completion callback, which only a loop may run */
};

struct inbox_item {
    struct inbox_item *next; /* the queue's, between post and run or refuse */
    const struct inbox_item_class *class;
};

/* A plain FIFO for items that have been taken; one thread, or under somebody's lock. Zero is empty.
 */
struct inbox_queue {
    struct inbox_item *first;
    struct inbox_item *last; /* meaningless while first is NULL */
};

/* Zero is open and empty. */
struct inbox {
    uvcom__atomic_ptr head; /* the newest item; NULL: empty; a mark of its own: closed */
};

enum inbox_push {
    INBOX_WAS_EMPTY, /* taken, and whoever empties the inbox may have to be woken */
    INBOX_HAD_ITEMS, /* taken, and an earlier push has seen to that */
    INBOX_CLOSED     /* not taken: the item is still the caller's */
};

/** Any thread. Allocates nothing, never waits. */
enum inbox_push uvcom__inbox_push(struct inbox *inbox, struct inbox_item *item);

/** Moves everything that was pushed to the end of the queue, oldest first. False: there was
 * nothing. */
bool uvcom__inbox_take(struct inbox *inbox, struct inbox_queue *queue);

/** Takes like uvcom__inbox_take and refuses every later push, in one step. May be called again. */
void uvcom__inbox_close(struct inbox *inbox, struct inbox_queue *queue);

/** Whether a take would find nothing just now; true for a closed one. */
bool uvcom__inbox_is_empty(const struct inbox *inbox);

void uvcom__inbox_queue_append(struct inbox_queue *queue, struct inbox_item *item);

/** NULL: the queue is empty. */
struct inbox_item *uvcom__inbox_queue_pop(struct inbox_queue *queue);

#endif
