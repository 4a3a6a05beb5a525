/*
 * runtime/check/memory_order.c -- vector clocks, as in every race detector of the kind "happens
 * before".
 *
 * A fiber's clock says how many steps of each fiber it has seen. A release leaves the clock at the
 * atomic, an acquire takes it from there. A change continues the sequence that an earlier release
 * began, a plain store ends it: that difference is the reason why the two are told apart.
 */
#include "runtime/check/memory_order.h"

#include "runtime/check/explore.h"

#include <string.h>

#define PLACES 1024 /* a power of two; atomics and cells of one run */

struct clock {
    uint32_t steps[EXPLORE_FIBERS_MAX];
};

struct place {
    const void *address;
    uint64_t run;          /* the run that uses this entry; others see it empty */
    struct clock released; /* atomic: what an acquire learns */
    struct clock read_at;  /* cell: the last read by each fiber */
    uint32_t written_at;   /* cell: the writer's step of the last write; 0: none */
    struct memory_access write;
    struct memory_access reads[EXPLORE_FIBERS_MAX];
};

struct witness {
    struct clock seen;
    struct clock behind_fence; /* seen by relaxed loads: an acquire fence brings it */
    struct clock before_fence; /* what the last release fence covers */
};

static struct place places[PLACES];
static struct witness witnesses[EXPLORE_FIBERS_MAX];
static uint64_t run;

static void merge(struct clock *into, const struct clock *from)
{
    for (int i = 0; i < EXPLORE_FIBERS_MAX; i++) {
        if (into->steps[i] < from->steps[i])
            into->steps[i] = from->steps[i];
    }
}

/* When the table is full, the entry is shared: two places may then be taken for one, which can
   hide a race between atomics; the programs explored here use a few dozen. */
static struct place *place_of(const void *address)
{
    const size_t first = ((uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15)) >> 54;

    for (size_t i = 0; i < PLACES; i++) {
        struct place *place = &places[(first + i) % PLACES];

        if (place->run == run && place->address == address)
            return place;
        if (place->run != run) {
            memset(place, 0, sizeof *place);
            place->run = run;
            place->address = address;
            return place;
        }
    }
    return &places[first % PLACES];
}

void memory_order_reset(void)
{
    run++;
    memset(witnesses, 0, sizeof witnesses);
    witnesses[0].seen.steps[0] = 1;
}

void memory_order_start(int parent, int child)
{
    witnesses[child].seen = witnesses[parent].seen;
    witnesses[child].seen.steps[child]++;
    witnesses[parent].seen.steps[parent]++;
}

void memory_order_join(int self, int ended)
{
    merge(&witnesses[self].seen, &witnesses[ended].seen);
}

static bool acquires(enum uvcom__order order)
{
    return order == UVCOM__ACQUIRE || order == UVCOM__ACQ_REL || order == UVCOM__SEQ_CST;
}

static bool releases(enum uvcom__order order)
{
    return order == UVCOM__RELEASE || order == UVCOM__ACQ_REL || order == UVCOM__SEQ_CST;
}

void memory_order_load(int self, const void *atomic, enum uvcom__order order)
{
    const struct place *place = place_of(atomic);

    if (acquires(order))
        merge(&witnesses[self].seen, &place->released);
    else
        merge(&witnesses[self].behind_fence, &place->released);
}

/* What a store or a change of this order publishes. */
static const struct clock *published(int self, enum uvcom__order order)
{
    return releases(order) ? &witnesses[self].seen : &witnesses[self].before_fence;
}

void memory_order_store(int self, const void *atomic, enum uvcom__order order)
{
    place_of(atomic)->released = *published(self, order);
    witnesses[self].seen.steps[self]++;
}

void memory_order_change(int self, const void *atomic, enum uvcom__order order)
{
    struct place *place = place_of(atomic);

    memory_order_load(self, atomic, order);
    merge(&place->released, published(self, order));
    witnesses[self].seen.steps[self]++;
}

void memory_order_fence(int self, enum uvcom__order order)
{
    struct witness *witness = &witnesses[self];

    if (acquires(order))
        merge(&witness->seen, &witness->behind_fence);
    if (releases(order))
        witness->before_fence = witness->seen;
}

static bool has_seen(int self, int other, uint32_t step)
{
    return witnesses[self].seen.steps[other] >= step;
}

bool memory_order_access(const void *cell, const struct memory_access *access,
                         struct memory_access *earlier)
{
    struct place *place = place_of(cell);
    const int self = access->fiber;

    if (place->written_at != 0 && !has_seen(self, place->write.fiber, place->written_at)) {
        *earlier = place->write;
        return false;
    }
    for (int i = 0; access->is_write && i < EXPLORE_FIBERS_MAX; i++) {
        if (!has_seen(self, i, place->read_at.steps[i])) {
            *earlier = place->reads[i];
            return false;
        }
    }
    if (access->is_write) {
        place->write = *access;
        place->written_at = witnesses[self].seen.steps[self];
    } else {
        place->reads[self] = *access;
        place->read_at.steps[self] = witnesses[self].seen.steps[self];
    }
    return true;
}
