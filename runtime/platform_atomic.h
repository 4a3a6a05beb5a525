/*
 * runtime/platform_atomic.h -- the atomic operations of the normal build.
 *
 * Not included by anybody but runtime/platform.h. It does not choose orders: every operation takes
 * one, and the caller says in a comment why it suffices. Zeroed memory is a valid atomic.
 *
 * Each operation is a switch over constant orders and not a hand-through of its parameter, because
 * compilers treat an order that they do not know at compile time as the strongest one; without
 * optimisation a wrong order would then be hidden from ThreadSanitizer.
 */
#ifndef RUNTIME_PLATFORM_ATOMIC_H
#define RUNTIME_PLATFORM_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct uvcom__atomic32 {
    _Atomic uint32_t value;
} uvcom__atomic32;

typedef struct uvcom__atomic64 {
    _Atomic uint64_t value;
} uvcom__atomic64;

typedef struct uvcom__atomic_ptr {
    void *_Atomic value;
} uvcom__atomic_ptr;

/* The body of a function that loads. An order that only makes sense for a store is taken as the
   strongest. */
#define UVCOM__LOAD_BODY(address, order)                                                           \
    switch (order) {                                                                               \
    case UVCOM__RELAXED:                                                                           \
        return atomic_load_explicit(address, memory_order_relaxed);                                \
    case UVCOM__ACQUIRE:                                                                           \
        return atomic_load_explicit(address, memory_order_acquire);                                \
    default:                                                                                       \
        return atomic_load_explicit(address, memory_order_seq_cst);                                \
    }

/* The body of a function that stores. */
#define UVCOM__STORE_BODY(address, operand, order)                                                 \
    switch (order) {                                                                               \
    case UVCOM__RELAXED:                                                                           \
        atomic_store_explicit(address, operand, memory_order_relaxed);                             \
        break;                                                                                     \
    case UVCOM__RELEASE:                                                                           \
        atomic_store_explicit(address, operand, memory_order_release);                             \
        break;                                                                                     \
    default:                                                                                       \
        atomic_store_explicit(address, operand, memory_order_seq_cst);                             \
        break;                                                                                     \
    }

/* The body of a function that changes the value by `operation` and returns the one before. */
#define UVCOM__CHANGE_BODY(operation, address, operand, order)                                     \
    switch (order) {                                                                               \
    case UVCOM__RELAXED:                                                                           \
        return operation(address, operand, memory_order_relaxed);                                  \
    case UVCOM__ACQUIRE:                                                                           \
        return operation(address, operand, memory_order_acquire);                                  \
    case UVCOM__RELEASE:                                                                           \
        return operation(address, operand, memory_order_release);                                  \
    case UVCOM__ACQ_REL:                                                                           \
        return operation(address, operand, memory_order_acq_rel);                                  \
    default:                                                                                       \
        return operation(address, operand, memory_order_seq_cst);                                  \
    }

#define UVCOM__CAS(address, expected, desired, success, failure)                                   \
    atomic_compare_exchange_strong_explicit(address, expected, desired, success, failure)

/* The body of a compare-and-swap. When it fails, the value that it saw has been acquired (unless
   the order is relaxed), since callers look at that value and decide by it. */
#define UVCOM__CAS_BODY(address, expected, desired, order)                                         \
    switch (order) {                                                                               \
    case UVCOM__RELAXED:                                                                           \
        return UVCOM__CAS(address, expected, desired, memory_order_relaxed, memory_order_relaxed); \
    case UVCOM__ACQUIRE:                                                                           \
        return UVCOM__CAS(address, expected, desired, memory_order_acquire, memory_order_acquire); \
    case UVCOM__RELEASE:                                                                           \
        return UVCOM__CAS(address, expected, desired, memory_order_release, memory_order_acquire); \
    case UVCOM__ACQ_REL:                                                                           \
        return UVCOM__CAS(address, expected, desired, memory_order_acq_rel, memory_order_acquire); \
    default:                                                                                       \
        return UVCOM__CAS(address, expected, desired, memory_order_seq_cst, memory_order_acquire); \
    }

/* ---- 32 bits --------------------------------------------------------------------------------- */

static inline uint32_t uvcom__load32(const uvcom__atomic32 *atomic, enum uvcom__order order)
{
    UVCOM__LOAD_BODY(&atomic->value, order)
}

static inline void uvcom__store32(uvcom__atomic32 *atomic, uint32_t value, enum uvcom__order order)
{
    UVCOM__STORE_BODY(&atomic->value, value, order)
}

static inline uint32_t uvcom__exchange32(uvcom__atomic32 *atomic, uint32_t value,
                                         enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_exchange_explicit, &atomic->value, value, order)
}

static inline uint32_t uvcom__add32(uvcom__atomic32 *atomic, int32_t delta, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_add_explicit, &atomic->value, (uint32_t)delta, order)
}

static inline uint32_t uvcom__or32(uvcom__atomic32 *atomic, uint32_t bits, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_or_explicit, &atomic->value, bits, order)
}

static inline uint32_t uvcom__and32(uvcom__atomic32 *atomic, uint32_t bits, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_and_explicit, &atomic->value, bits, order)
}

static inline bool uvcom__cas32(uvcom__atomic32 *atomic, uint32_t *expected, uint32_t desired,
                                enum uvcom__order order)
{
    UVCOM__CAS_BODY(&atomic->value, expected, desired, order)
}

/* ---- 64 bits --------------------------------------------------------------------------------- */

static inline uint64_t uvcom__load64(const uvcom__atomic64 *atomic, enum uvcom__order order)
{
    UVCOM__LOAD_BODY(&atomic->value, order)
}

static inline void uvcom__store64(uvcom__atomic64 *atomic, uint64_t value, enum uvcom__order order)
{
    UVCOM__STORE_BODY(&atomic->value, value, order)
}

static inline uint64_t uvcom__exchange64(uvcom__atomic64 *atomic, uint64_t value,
                                         enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_exchange_explicit, &atomic->value, value, order)
}

static inline uint64_t uvcom__add64(uvcom__atomic64 *atomic, int64_t delta, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_add_explicit, &atomic->value, (uint64_t)delta, order)
}

static inline uint64_t uvcom__or64(uvcom__atomic64 *atomic, uint64_t bits, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_or_explicit, &atomic->value, bits, order)
}

static inline uint64_t uvcom__and64(uvcom__atomic64 *atomic, uint64_t bits, enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_fetch_and_explicit, &atomic->value, bits, order)
}

static inline bool uvcom__cas64(uvcom__atomic64 *atomic, uint64_t *expected, uint64_t desired,
                                enum uvcom__order order)
{
    UVCOM__CAS_BODY(&atomic->value, expected, desired, order)
}

/* ---- pointers -------------------------------------------------------------------------------- */

static inline void *uvcom__load_ptr(const uvcom__atomic_ptr *atomic, enum uvcom__order order)
{
    UVCOM__LOAD_BODY(&atomic->value, order)
}

static inline void uvcom__store_ptr(uvcom__atomic_ptr *atomic, void *value, enum uvcom__order order)
{
    UVCOM__STORE_BODY(&atomic->value, value, order)
}

static inline void *uvcom__exchange_ptr(uvcom__atomic_ptr *atomic, void *value,
                                        enum uvcom__order order)
{
    UVCOM__CHANGE_BODY(atomic_exchange_explicit, &atomic->value, value, order)
}

static inline bool uvcom__cas_ptr(uvcom__atomic_ptr *atomic, void **expected, void *desired,
                                  enum uvcom__order order)
{
    UVCOM__CAS_BODY(&atomic->value, expected, desired, order)
}

/* Tells the processor that this thread spins. */
static inline void uvcom__pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield" ::: "memory");
#endif
}

void uvcom__fence(enum uvcom__order order);

#endif
