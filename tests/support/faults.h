/*
 * faults.h -- makes the n-th allocation fail, and counts the blocks that are still there.
 *
 * The linker sends every malloc, calloc, realloc, aligned_alloc, posix_memalign and free of the
 * test program and of the static libraries in it through here (see faults_link_args in
 * tests/meson.build). Not seen: what the C library allocates for itself (strdup, fopen, getline),
 * and what Check allocates, so that an assertion is safe while a fault is set. A program that links
 * faults_uv.c sees libuv's allocations too.
 *
 * All threads count together. A scenario is swept like this:
 *
 *     for (size_t n = 1; faults_fail_at(n), run_scenario(), faults_hit(); n++)
 *         ck_assert_uint_eq(faults_live(), 0);
 *     faults_reset();
 *
 * where run_scenario() itself asserts that faults_hit() and E_OUTOFMEMORY go together.
 */
#ifndef TESTS_SUPPORT_FAULTS_H
#define TESTS_SUPPORT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/** Starts counting at zero; the n-th allocation from now returns NULL, and only that. 0: none does.
 */
void faults_fail_at(size_t n);

/** The same, but every allocation from the n-th on fails: the code that cleans up gets none either.
 */
void faults_fail_from(size_t n);

/** No more faults, and all counts at zero. Blocks from before are no longer counted as live. */
void faults_reset(void);

/** Allocations asked for since faults_fail_at or faults_reset, the refused one included. */
size_t faults_seen(void);

/** Whether an allocation has been refused since faults_fail_at. */
bool faults_hit(void);

/** Blocks allocated since faults_fail_at or faults_reset that are not freed yet. */
size_t faults_live(void);

/**
 * From now on libuv's allocations are not counted and never fail. For sweeps that make a loop:
 * libuv aborts the process where it cannot enlarge a loop's table of watchers. In faults_uv.c.
 */
void faults_spare_uv(void);

#endif
