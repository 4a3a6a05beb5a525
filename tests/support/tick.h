/*
 * tick.h -- posts to an apartment just when it is about to go to sleep, again and again.
 *
 * The poster sees an item run, lets a few more nanoseconds pass each time, and posts it again: so
 * it meets every moment between "there is nothing to do" and "asleep". A wake-up that is lost in
 * one of them leaves the item queued for ever, which shows as `false`.
 */
#ifndef TESTS_SUPPORT_TICK_H
#define TESTS_SUPPORT_TICK_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "runtime/apartment.h"

enum { TICK_ROUNDS = 20000, TICK_PATIENCE_MS = 10000 };

struct tick {
    struct inbox_item item;
    atomic_int run;
};

static inline void tick_run(struct inbox_item *item)
{
    atomic_fetch_add(&((struct tick *)item)->run, 1);
}

static const struct inbox_item_class tick_class = {.run = tick_run, .refuse = tick_run};

static inline bool tick_await(struct tick *tick, int run)
{
    const uint64_t deadline = uvcom__deadline_ns(TICK_PATIENCE_MS);

    for (int spins = 1; atomic_load(&tick->run) < run; spins++) {
        if (spins % 1024 != 0)
            continue;
        sched_yield(); /* a machine with one core */
        if (uvcom__now_ns() >= deadline)
            return false;
    }
    return true;
}

/** Not on a thread of that apartment. */
static inline bool tick_again_and_again(struct apartment *apartment)
{
    static struct tick tick;

    tick.item.class = &tick_class;
    atomic_store(&tick.run, 0);
    for (int round = 0; round < TICK_ROUNDS; round++) {
        if (FAILED(uvcom__apartment_post(apartment, &tick.item)) || !tick_await(&tick, round + 1))
            return false;
        for (int i = round % 101; i > 0; i--)
            uvcom__pause();
    }
    return true;
}

#endif
