/*
 * runtime/platform.h -- all that the runtime asks of the machine: atomics, futexes, locks, threads,
 * memory, descriptors, time, and libuv's calls across threads.
 *
 * Only the files named platform* may name those things themselves; a tidy test holds this. So the
 * whole runtime can be built a second time with -DUVCOM_EXPLORE: then the same names lead to the
 * deterministic scheduler in runtime/check/, and the order of events becomes something a test
 * chooses.
 *
 * This file has no policy: what is waited for, who owns what and which order suffices is said
 * where it is used. In the normal build the short operations are inline; the rest is in
 * platform.c.
 */
#ifndef RUNTIME_PLATFORM_H
#define RUNTIME_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uvcom/base.h>

/* Memory orders, in C11's sense. A compare-and-swap that fails has acquired the value that it saw,
   unless its order is relaxed. */
enum uvcom__order {
    UVCOM__RELAXED,
    UVCOM__ACQUIRE,
    UVCOM__RELEASE,
    UVCOM__ACQ_REL,
    UVCOM__SEQ_CST,
};

/* A deadline that never comes. */
#define UVCOM__FOREVER UINT64_MAX

#ifdef UVCOM_EXPLORE
#include "runtime/platform_explore.h"
#else
#include "runtime/platform_atomic.h"

#include <poll.h>
#include <stdlib.h>

/* ---- sleeping and waking --------------------------------------------------------------------- */

/**
 * Sleeps while the atomic has the expected value.
 *
 * Returns after a wake, at once if the value is another one, after a signal, and at the deadline
 * (a time of uvcom__now_ns); the caller looks at its condition again in any case. Keeps errno. It
 * orders no memory: the atomic operations on the value do. Any number may sleep on one atomic.
 */
void uvcom__futex_wait(uvcom__atomic32 *atomic, uint32_t expected, uint64_t deadline_ns);

/** Wakes all that sleep on the atomic. Keeps errno; the memory may already be somebody else's. */
void uvcom__futex_wake(uvcom__atomic32 *atomic);

/** The same on the low half of a 64-bit atomic. */
void uvcom__futex_wait_low(uvcom__atomic64 *atomic, uint32_t expected_low, uint64_t deadline_ns);
void uvcom__futex_wake_low(uvcom__atomic64 *atomic);

/** Nanoseconds of a clock that never goes back; it has no relation to the time of day. */
uint64_t uvcom__now_ns(void);

/** A number that no other process guesses; slow. */
uint64_t uvcom__random64(void);

/* ---- threads --------------------------------------------------------------------------------- */

/* A variable of which each thread has its own, zeroed when the thread starts. */
#define UVCOM__THREAD_LOCAL _Thread_local

/* A thread of the runtime's. Its memory must stay where it is until the thread has been joined. */
typedef struct uvcom__thread {
    unsigned long handle; /* pthread_t */
    void (*run)(void *argument);
    void *argument;
} uvcom__thread;

/**
 * Starts a thread that calls run(argument) and ends with it. Each must be joined once.
 *
 * @return false: the system has no thread to give; nothing was started
 */
bool uvcom__thread_start(uvcom__thread *thread, void (*run)(void *argument), void *argument);
void uvcom__thread_join(uvcom__thread *thread);

/** A number for the calling thread: never 0, and never given again in this process. */
uint64_t uvcom__thread_id(void);

/** The kernel's number for the calling thread. A system call. */
uint32_t uvcom__thread_number(void);

/**
 * Has (*run)() called when the calling thread ends by itself; not when the process does. What `run`
 * points to must be static. Once is enough; in a call from `run` it will be called again.
 *
 * @return false: the system has no memory or no key for it
 */
bool uvcom__thread_at_exit(void (*const *run)(void));

/**
 * Whether this process is a child that was forked after the runtime had been used.
 *
 * The first call is the use that counts. Such a child has none of the runtime's threads, so that
 * everything in it answers CO_E_NOTINITIALIZED.
 */
bool uvcom__process_forked(void);

/* ---- memory ---------------------------------------------------------------------------------- */

/** Zeroed memory. @return NULL when there is none; a size of 0 gives a pointer that can be freed */
static inline void *uvcom__alloc(size_t size)
{
    return calloc(1, size != 0 ? size : 1);
}

/** Memory of another size with the same beginning; what was added is not zeroed. @return NULL when
    there is none, and then the old memory is as it was */
static inline void *uvcom__realloc(void *memory, size_t size)
{
    return realloc(memory, size != 0 ? size : 1);
}

/** NULL is allowed. */
static inline void uvcom__free(void *memory)
{
    free(memory);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

/** A descriptor that can be made readable and unreadable. Never one of the standard streams', never
    0. @return -1: there is none to be had */
int uvcom__descriptor_create(void);
void uvcom__descriptor_close(int descriptor);

/** Makes it readable. Never waits. @return false: it is no such descriptor (of somebody else's) */
bool uvcom__descriptor_set(int descriptor);

/** Makes it unreadable. Never waits, unless others read from it too (one of somebody else's). */
void uvcom__descriptor_clear(int descriptor);
bool uvcom__descriptor_is_readable(int descriptor);

/* What is waited for. A negative descriptor is passed over. */
typedef struct pollfd uvcom__pollable;

static inline uvcom__pollable uvcom__pollable_of(int descriptor)
{
    return (uvcom__pollable){.fd = descriptor, .events = POLLIN};
}

/* After uvcom__poll: there is something to be read, or never will be any more. */
static inline bool uvcom__pollable_is_ready(const uvcom__pollable *entry)
{
    return entry->revents != 0;
}

/* After uvcom__poll: it is no descriptor. */
static inline bool uvcom__pollable_is_bad(const uvcom__pollable *entry)
{
    return (entry->revents & POLLNVAL) != 0;
}

enum uvcom__poll_end {
    UVCOM__POLL_READY,       /* at least one is */
    UVCOM__POLL_LATE,        /* the deadline has passed */
    UVCOM__POLL_INTERRUPTED, /* by a signal's handler */
    UVCOM__POLL_FAILED,      /* no memory, or more entries than a process may have descriptors */
};

/** Sleeps until one is ready. Keeps errno. @param deadline_ns  0: only look */
enum uvcom__poll_end uvcom__poll(uvcom__pollable *entries, size_t count, uint64_t deadline_ns);

/* ---- loaded libraries ------------------------------------------------------------------------ */

/**
 * Keeps the shared library that holds an address in memory until the process ends, whoever closes
 * it. The program itself, static or not, needs nothing for that.
 *
 * Takes the loader's lock, which a thread holds while it loads or unloads a library and runs its
 * constructors and destructors: never to be called under a lock that those take.
 *
 * @return false: nothing holds the address (any more), or there is no memory
 */
bool uvcom__module_pin(const void *address);

/* ---- libuv's calls across threads ------------------------------------------------------------ */

struct uv_async_s;

/** uv_async_send. Any thread, as long as the handle is not being closed. @return false: refused */
bool uvcom__async_send(struct uv_async_s *async);

/* ---- what only the exploring build looks at -------------------------------------------------- */

/* Say before reading or writing ordinary memory that several threads use in turn. In the exploring
   build two such accesses that no synchronisation orders are reported as a race. */
#define UVCOM__CELL_READ(address) ((void)(address))
#define UVCOM__CELL_WRITE(address) ((void)(address))

#endif /* UVCOM_EXPLORE */

/* ---- the same in both builds ----------------------------------------------------------------- */

/** The deadline that is `ms` milliseconds away; 0xFFFFFFFF (INFINITE) is UVCOM__FOREVER. */
static inline uint64_t uvcom__deadline_ns(DWORD ms)
{
    const uint64_t now = uvcom__now_ns();
    const uint64_t distance = (uint64_t)ms * 1000000;

    if (ms == 0xFFFFFFFF || distance >= UVCOM__FOREVER - now)
        return UVCOM__FOREVER;
    return now + distance;
}

/* A lock that is held for a few instructions, never across a call out. Zeroed memory is a free
   lock; there is nothing to destroy. Not recursive. */
struct uvcom__lock {
    uvcom__atomic32 state;
};

void uvcom__lock_acquire_slowly(struct uvcom__lock *lock);

enum {
    UVCOM__LOCK_FREE,
    UVCOM__LOCK_HELD,
    UVCOM__LOCK_HELD_AND_WANTED, /* somebody may sleep: the owner must wake when it lets go */
};

static inline void uvcom__lock_acquire(struct uvcom__lock *lock)
{
    uint32_t expected = UVCOM__LOCK_FREE;

    /* Acquire: what the last owner wrote under the lock. */
    if (!uvcom__cas32(&lock->state, &expected, UVCOM__LOCK_HELD, UVCOM__ACQUIRE))
        uvcom__lock_acquire_slowly(lock);
}

static inline void uvcom__lock_release(struct uvcom__lock *lock)
{
    /* Release: what was written under the lock is there for the next owner. One exchange and not
       two steps, so that the lock's memory is not read again after another owner may have freed
       it. */
    if (uvcom__exchange32(&lock->state, UVCOM__LOCK_FREE, UVCOM__RELEASE) ==
        UVCOM__LOCK_HELD_AND_WANTED)
        uvcom__futex_wake(&lock->state);
}

#endif
