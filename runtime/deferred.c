/*
 * deferred.c -- see deferred.h: a queue for each thread.
 */
#include "runtime/deferred.h"

#include <stddef.h>

#include "runtime/platform.h"

struct queue {
    bool is_running; /* further up this stack, with no wait in between */
    struct deferred *first;
    struct deferred *last;
};

static UVCOM__THREAD_LOCAL struct queue queue;

static void push(struct deferred *item)
{
    item->next = NULL;
    if (queue.first)
        queue.last->next = item;
    else
        queue.first = item;
    queue.last = item;
}

static void run_all(void)
{
    while (queue.first) {
        struct deferred *item = queue.first;

        queue.first = item->next;
        item->run(item);
    }
}

void uvcom__deferred_run(struct deferred *item)
{
    push(item);
    if (queue.is_running)
        return;
    queue.is_running = true;
    run_all();
    queue.is_running = false;
}

void uvcom__deferred_flush(void)
{
    run_all();
}

void uvcom__deferred_wait_begin(struct deferred_wait *wait)
{
    run_all();
    wait->was_running = queue.is_running;
    queue.is_running = false;
}

void uvcom__deferred_wait_end(const struct deferred_wait *wait)
{
    queue.is_running = wait->was_running;
}
