/*
 * faults.c -- see faults.h; the wrappers behind the linker's --wrap, and a table of live blocks.
 *
 * A table and not a counter, because free() also gets blocks that were never counted (strdup's),
 * and a plain counter would let one of those hide a leak. It is an open-addressing hash set in
 * static memory: it must not allocate. Blocks of one sweep are few thousands; a full table ends the
 * program loudly.
 *
 * No lock and no order stronger than relaxed: a lock here would order every two threads that
 * allocate, and ThreadSanitizer would no longer see the races of the code under test. It suffices,
 * because a block reaches another thread in an orderly way or not at all, and the counters are read
 * when the threads are joined or gated.
 */
#include "tests/support/faults.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define TABLE_SIZE ((size_t)1 << 18) /* a power of two: the hash is masked */

/* The linker's names. Declared here because nobody else may call them. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void __wrap_free(void *block);
void *__wrap_emalloc(size_t size);
void *__wrap_erealloc(void *block, size_t size);

static struct {
    atomic_size_t seen;
    atomic_size_t fail_at;   /* 0: never */
    atomic_bool fail_onward; /* also all after fail_at */
    atomic_bool hit;
    atomic_size_t live;
    /*
     * Complements of the addresses: LeakSanitizer takes what looks like a pointer in static memory
     * for a reference, and would find no leak in any program that links this. 0: empty, TOMBSTONE:
     * was used.
     */
    atomic_uintptr_t blocks[TABLE_SIZE];
} faults;

enum { TOMBSTONE = 1 };

/* Everything is relaxed, see the head of this file. */
#define GET(field) atomic_load_explicit(&faults.field, memory_order_relaxed)
#define SET(field, value) atomic_store_explicit(&faults.field, value, memory_order_relaxed)
#define ADD(field, value) atomic_fetch_add_explicit(&faults.field, value, memory_order_relaxed)

static bool replace(size_t slot, uintptr_t before, uintptr_t after)
{
    return atomic_compare_exchange_strong_explicit(&faults.blocks[slot], &before, after,
                                                   memory_order_relaxed, memory_order_relaxed);
}

/* From here on `key` is the complement of a block's address. */
static size_t slot_of(uintptr_t key)
{
    return (size_t)((~key >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (TABLE_SIZE - 1);
}

static void insert(uintptr_t key)
{
    size_t slot = slot_of(key);

    for (size_t tries = 0; tries < TABLE_SIZE; tries++) {
        if (replace(slot, 0, key) || replace(slot, TOMBSTONE, key)) {
            ADD(live, 1);
            return;
        }
        slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    fputs("faults.c: too many live blocks for its table\n", stderr);
    abort();
}

static void erase(uintptr_t key)
{
    size_t slot = slot_of(key);

    for (size_t tries = 0; tries < TABLE_SIZE && GET(blocks[slot]) != 0; tries++) {
        if (replace(slot, key, TOMBSTONE)) {
            ADD(live, (size_t)-1);
            return;
        }
        slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    /* Not ours: from before the reset, or from inside the C library. */
}

/* Counts one allocation; false: it is the one that must fail. */
static bool admit(void)
{
    size_t number = ADD(seen, 1) + 1;
    size_t fail_at = GET(fail_at);
    bool fails = fail_at != 0 && (GET(fail_onward) ? number >= fail_at : number == fail_at);

    if (fails) {
        SET(hit, true);
        errno = ENOMEM;
    }
    return !fails;
}

static void *note(void *block)
{
    if (block)
        insert(~(uintptr_t)block);
    return block;
}

void *__wrap_malloc(size_t size)
{
    return admit() ? note(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return admit() ? note(__real_calloc(count, size)) : NULL;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return admit() ? note(__real_aligned_alloc(alignment, size)) : NULL;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = __wrap_aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    return *block ? 0 : ENOMEM;
}

void *__wrap_realloc(void *block, size_t size)
{
    uintptr_t before = (uintptr_t)block;
    void *after;

    if (!admit())
        return NULL;
    /*
     * Forgotten first: once realloc has freed the old block, another thread may be given the same
     * address and note it. A realloc that fails leaves the block alive, so it is noted again.
     */
    if (before)
        erase(~before);
    after = __real_realloc(block, size);
    if (!after && size != 0 && before)
        note(block);
    return note(after);
}

void __wrap_free(void *block)
{
    if (block)
        erase(~(uintptr_t)block);
    __real_free(block);
}

/*
 * Check's own two allocators (its library is linked statically, so its malloc is wrapped as well).
 * They must not fail, or the first ck_assert after faults_fail_at would end the test; nor be
 * counted.
 */
void *__wrap_emalloc(size_t size)
{
    return __wrap_erealloc(NULL, size);
}

void *__wrap_erealloc(void *block, size_t size)
{
    void *after = __real_realloc(block, size);

    if (!after) {
        fputs("faults.c: no memory for Check itself\n", stderr);
        abort();
    }
    return after;
}

static void start(size_t n, bool onward)
{
    if (GET(live) != 0) {
        for (size_t i = 0; i < TABLE_SIZE; i++)
            SET(blocks[i], 0);
    }
    SET(live, 0);
    SET(seen, 0);
    SET(hit, false);
    SET(fail_onward, onward);
    SET(fail_at, n);
}

void faults_fail_at(size_t n)
{
    start(n, false);
}

void faults_fail_from(size_t n)
{
    start(n, true);
}

void faults_reset(void)
{
    start(0, false);
}

size_t faults_seen(void)
{
    return GET(seen);
}

bool faults_hit(void)
{
    return GET(hit);
}

size_t faults_live(void)
{
    return GET(live);
}
