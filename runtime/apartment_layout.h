/*
 * apartment_layout.h -- the struct that apartment.h keeps opaque, and what its own files share.
 *
 * Only the files that make up apartments include this: apartment*.c, workers.c, loop*.c, thread.c
 * and process.c.
 *
 * How nothing gets lost between a post and the one thread that serves. Whoever pushes onto an empty
 * inbox rings the bell. The bell's bits say where the thread is: ATTENDED while it is in a drain or
 * a wait of ours and will look at the inbox again before it leaves, SLEEPING while it is in the
 * futex. Without ATTENDED the loop's async handle is sent, since the loop may be in epoll. The
 * thread clears RUNG before it looks and sleeps only by a compare-and-swap that a ring in between
 * defeats; when it stops attending it clears the bit first and looks afterwards, and sends to its
 * own loop if anything is left. So a post either finds ATTENDED and is seen, or wakes the loop.
 *
 * A thread that waits for descriptors as well cannot sleep in the futex. It sleeps in poll, on them
 * and on a descriptor of the apartment's, and the bit POLLING stands in the place of SLEEPING: it
 * is set by the same compare-and-swap, which the thread makes only when the descriptor is there,
 * and the first ring that sees it makes the descriptor readable. Who rings late, when the thread
 * has woken for another reason, leaves it readable for the next such sleep, which then ends at once
 * and for nothing. The descriptor is made by the first such wait and stays as long as the
 * apartment, so whoever rings, with a reference, finds it. Ordinary waits have no part in this.
 */
#ifndef RUNTIME_APARTMENT_LAYOUT_H
#define RUNTIME_APARTMENT_LAYOUT_H

#include <stddef.h>

#include "runtime/apartment.h"
#include "runtime/inbox.h"
#include "runtime/platform.h"

struct loop_port;
struct process;
struct workers;

enum apartment_kind {
    APARTMENT_THREAD, /* bound to one thread: the user's, or one that the runtime keeps */
    APARTMENT_POOL,   /* the multithreaded one */
    APARTMENT_LOOP    /* completion callbacks of one loop */
};

/*
 * How many items may be on one thread's stack, each run inside a wait of the one below. Without a
 * limit a method that waits nests once for every call that is queued, until the stack is used up.
 * With 64, a level may take 32 KiB of the 2 MiB that the runtime's threads have.
 */
enum { SERVING_DEPTH = 64 };

/* Bits of the bell. */
enum { BELL_RUNG = 1, BELL_SLEEPING = 2, BELL_ATTENDED = 4, BELL_POLLING = 8 };

struct apartment {
    uvcom__atomic32 refs;
    enum apartment_kind kind;
    struct inbox inbox;
    struct workers *workers; /* of a pool; owned */
    struct process *process; /* for the threads that the runtime starts in it; borrowed */

    uvcom__atomic32 bell;     /* of the other two kinds, as are the rest up to the lock */
    uvcom__atomic32 ending;   /* not 0: the thread that the runtime keeps is to end */
    struct inbox_queue ready; /* taken from the inbox, not run yet; the thread's */
    unsigned attending;       /* drains and waits on the thread's stack; the thread's */
    unsigned depth;           /* items on the thread's stack; the thread's */
    unsigned holds;           /* uvcom__loop_hold; the thread's */
    int bell_descriptor;      /* plus 1; owned; 0: none yet. Written by the thread before POLLING */

    struct uvcom__lock lock;         /* guards the rest */
    struct loop_port *port;          /* written by the thread only; NULL: no loop */
    struct apartment_export exports; /* head of a ring; its next is never NULL */
    size_t export_count;
    bool exports_closed;
};

/** One reference, the caller's. NULL: out of memory. */
struct apartment *uvcom__apartment_create(enum apartment_kind kind);

/**
 * Closes the apartment: no more items and exports; what is queued is refused, what is exported is
 * disconnected. In the apartment; of a pool, after its workers have ended. May be called again.
 */
void uvcom__apartment_close(struct apartment *apartment);

/* ---- apartment_wait.c: the thread that serves --------------------------------------------------
 */

/** Makes the thread look: in its wait or, when it is not in one of ours, on its loop. Any thread.
 */
void uvcom__apartment_notify(struct apartment *apartment);

/** Runs up to `limit` items; for the loop's callback. What is left comes in the loop's next turn.
 */
void uvcom__apartment_serve(struct apartment *apartment, unsigned limit);

#endif
