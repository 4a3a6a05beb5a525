/*
 * runtime/check/operations.c -- the exploring build's half of runtime/platform.h.
 *
 * Each operation is a point where another fiber may go first, then the operation itself, at once,
 * and a word to the account of memory orders. No decisions are made here.
 */
#include "runtime/check/explore.h"
#include "runtime/check/ledger.h"
#include "runtime/check/memory_order.h"
#include "runtime/check/scheduler.h"
#include "runtime/platform.h"

#include <string.h>

/* Before anything is done to an atomic. */
static int arrive(const void *address)
{
    scheduler_point();
    if (ledger_is_freed(address))
        scheduler_fail("fiber %d uses an atomic in freed memory", scheduler_self());
    return scheduler_self();
}

/* One set of operations for each width. OPERATION is what the value becomes. */
#define DEFINE_LOAD_STORE(suffix, type, atomic_type)                                               \
    type uvcom__load##suffix(const atomic_type *atomic, enum uvcom__order order)                   \
    {                                                                                              \
        memory_order_load(arrive(atomic), atomic, order);                                          \
        return atomic->value;                                                                      \
    }                                                                                              \
                                                                                                   \
    void uvcom__store##suffix(atomic_type *atomic, type value, enum uvcom__order order)            \
    {                                                                                              \
        memory_order_store(arrive(atomic), atomic, order);                                         \
        atomic->value = value;                                                                     \
    }                                                                                              \
                                                                                                   \
    bool uvcom__cas##suffix(atomic_type *atomic, type *expected, type desired,                     \
                            enum uvcom__order order)                                               \
    {                                                                                              \
        const int self = arrive(atomic);                                                           \
                                                                                                   \
        if (atomic->value == *expected) {                                                          \
            memory_order_change(self, atomic, order);                                              \
            atomic->value = desired;                                                               \
            return true;                                                                           \
        }                                                                                          \
        memory_order_load(self, atomic, order == UVCOM__RELAXED ? order : UVCOM__ACQUIRE);         \
        *expected = atomic->value;                                                                 \
        return false;                                                                              \
    }

#define DEFINE_CHANGE(name, type, atomic_type, operand_type, OPERATION)                            \
    type name(atomic_type *atomic, operand_type operand, enum uvcom__order order)                  \
    {                                                                                              \
        const int self = arrive(atomic);                                                           \
        type before = atomic->value;                                                               \
                                                                                                   \
        memory_order_change(self, atomic, order);                                                  \
        atomic->value = (OPERATION);                                                               \
        return before;                                                                             \
    }

DEFINE_LOAD_STORE(32, uint32_t, uvcom__atomic32)
DEFINE_LOAD_STORE(64, uint64_t, uvcom__atomic64)
DEFINE_LOAD_STORE(_ptr, void *, uvcom__atomic_ptr)

DEFINE_CHANGE(uvcom__exchange32, uint32_t, uvcom__atomic32, uint32_t, operand)
DEFINE_CHANGE(uvcom__add32, uint32_t, uvcom__atomic32, int32_t, before + (uint32_t)operand)
DEFINE_CHANGE(uvcom__or32, uint32_t, uvcom__atomic32, uint32_t, before | operand)
DEFINE_CHANGE(uvcom__and32, uint32_t, uvcom__atomic32, uint32_t, before &operand)

DEFINE_CHANGE(uvcom__exchange64, uint64_t, uvcom__atomic64, uint64_t, operand)
DEFINE_CHANGE(uvcom__add64, uint64_t, uvcom__atomic64, int64_t, before + (uint64_t)operand)
DEFINE_CHANGE(uvcom__or64, uint64_t, uvcom__atomic64, uint64_t, before | operand)
DEFINE_CHANGE(uvcom__and64, uint64_t, uvcom__atomic64, uint64_t, before &operand)

DEFINE_CHANGE(uvcom__exchange_ptr, void *, uvcom__atomic_ptr, void *, operand)

void uvcom__pause(void)
{
    scheduler_yield();
}

void uvcom__fence(enum uvcom__order order)
{
    memory_order_fence(scheduler_self(), order);
}

/* ---- sleeping and waking -------------------------------------------------------------------- */

/* The comparison and the falling asleep are one step, as the kernel makes them. */
void uvcom__futex_wait(uvcom__atomic32 *atomic, uint32_t expected, uint64_t deadline_ns)
{
    arrive(atomic);
    if (atomic->value == expected && deadline_ns > scheduler_now_ns())
        scheduler_sleep(atomic, deadline_ns);
}

void uvcom__futex_wait_low(uvcom__atomic64 *atomic, uint32_t expected_low, uint64_t deadline_ns)
{
    arrive(atomic);
    if ((uint32_t)atomic->value == expected_low && deadline_ns > scheduler_now_ns())
        scheduler_sleep(atomic, deadline_ns);
}

/* A wake of freed memory is allowed: the kernel looks at the address only. */
void uvcom__futex_wake(uvcom__atomic32 *atomic)
{
    scheduler_point();
    scheduler_wake(atomic);
}

void uvcom__futex_wake_low(uvcom__atomic64 *atomic)
{
    scheduler_point();
    scheduler_wake(atomic);
}

uint64_t uvcom__now_ns(void)
{
    return scheduler_now_ns();
}

/* ---- threads -------------------------------------------------------------------------------- */

bool uvcom__thread_start(uvcom__thread *thread, void (*run)(void *argument), void *argument)
{
    const int fiber = scheduler_start(run, argument);

    if (fiber < 0)
        return false;
    thread->fiber = (uint32_t)fiber;
    memory_order_start(scheduler_self(), fiber);
    return true;
}

void uvcom__thread_join(uvcom__thread *thread)
{
    scheduler_join((int)thread->fiber);
    memory_order_join(scheduler_self(), (int)thread->fiber);
}

uint64_t uvcom__thread_id(void)
{
    return (uint64_t)scheduler_self() + 1;
}

bool uvcom__process_forked(void)
{
    return false;
}

/* ---- memory --------------------------------------------------------------------------------- */

void *uvcom__alloc(size_t size)
{
    return ledger_alloc(size);
}

void uvcom__free(void *memory)
{
    if (memory != NULL && !ledger_free(memory))
        scheduler_fail("fiber %d frees what is not allocated", scheduler_self());
}

void *uvcom__realloc(void *memory, size_t size)
{
    const size_t old_size = memory == NULL ? 0 : ledger_size(memory);
    void *larger;

    if (old_size == SIZE_MAX)
        scheduler_fail("fiber %d resizes what is not allocated", scheduler_self());
    larger = ledger_alloc(size);
    if (larger == NULL)
        return NULL;
    if (memory != NULL)
        memcpy(larger, memory, old_size < size ? old_size : size);
    uvcom__free(memory);
    return larger;
}

/* ---- ordinary memory ------------------------------------------------------------------------ */

void uvcom__cell_access(const void *address, bool is_write, const char *file, int line)
{
    const struct memory_access access = {file, line, scheduler_self(), is_write};
    struct memory_access earlier;

    if (ledger_is_freed(address))
        scheduler_fail("fiber %d uses freed memory at %s:%d", access.fiber, file, line);
    if (!memory_order_access(address, &access, &earlier))
        scheduler_fail("race: fiber %d %s at %s:%d, fiber %d %s at %s:%d without an order",
                       earlier.fiber, earlier.is_write ? "writes" : "reads", earlier.file,
                       earlier.line, access.fiber, is_write ? "writes" : "reads", file, line);
}
