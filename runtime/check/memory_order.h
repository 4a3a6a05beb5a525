/*
 * runtime/check/memory_order.h -- who has seen what of whose writes, by the rules of C11.
 *
 * Vector clocks for fibers and atomics, and the last accesses of ordinary memory. It is told of
 * every operation and says whether an access races; it does not schedule.
 */
#ifndef RUNTIME_CHECK_MEMORY_ORDER_H
#define RUNTIME_CHECK_MEMORY_ORDER_H

#include "runtime/platform.h"

#include <stdbool.h>
#include <stddef.h>

/** Begins a run: one fiber, nothing known. */
void memory_order_reset(void);

/** `child` starts with all that `parent` has seen; `self` goes on with all that `ended` had seen.
 */
void memory_order_start(int parent, int child);
void memory_order_join(int self, int ended);

/* An operation of fiber `self` on an atomic. */
void memory_order_load(int self, const void *atomic, enum uvcom__order order);
void memory_order_store(int self, const void *atomic, enum uvcom__order order);
void memory_order_change(int self, const void *atomic, enum uvcom__order order);
void memory_order_fence(int self, enum uvcom__order order);

struct memory_access {
    const char *file;
    int line;
    int fiber;
    bool is_write;
};

/**
 * An access of ordinary memory. Cells are told apart by their address, so a cell must not lie in
 * memory that is used for something else within one run, such as the frame of a function that has
 * returned.
 *
 * @param earlier  [out] the access that it races with
 *
 * @return false: there is a race
 */
bool memory_order_access(const void *cell, const struct memory_access *access,
                         struct memory_access *earlier);

#endif
