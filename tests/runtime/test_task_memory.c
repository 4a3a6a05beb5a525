/*
 * test_task_memory.c -- CoTaskMemAlloc, CoTaskMemRealloc and CoTaskMemFree at their edges.
 *
 * Every test runs on a thread without an apartment: task memory must not need one.
 */
#include <signal.h>
#include <string.h>

#include <uvcom/combase.h>

#include "tests/support/faults.h"
#include "tests/support/runner.h"

START_TEST(a_block_of_no_bytes_is_a_block_of_its_own)
{
    void *one = CoTaskMemAlloc(0);
    void *other = CoTaskMemAlloc(0);

    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_nonnull(other);
    ck_assert_ptr_ne(one, other);
    CoTaskMemFree(one);
    CoTaskMemFree(other);
}
END_TEST

START_TEST(freeing_null_does_nothing)
{
    CoTaskMemFree(NULL);
}
END_TEST

START_TEST(reallocating_null_allocates)
{
    char *block = CoTaskMemRealloc(NULL, 3);
    void *empty = CoTaskMemRealloc(NULL, 0);

    ck_assert_ptr_nonnull(block);
    ck_assert_ptr_nonnull(empty);
    memcpy(block, "ab", 3);
    CoTaskMemFree(block);
    CoTaskMemFree(empty);
}
END_TEST

START_TEST(reallocating_to_no_bytes_frees)
{
    void *block;

    faults_reset();
    block = CoTaskMemAlloc(8);
    ck_assert_ptr_nonnull(block);
    ck_assert_ptr_null(CoTaskMemRealloc(block, 0));
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(reallocating_keeps_the_contents)
{
    char *block = CoTaskMemAlloc(4);

    ck_assert_ptr_nonnull(block);
    memcpy(block, "abc", 4);
    block = CoTaskMemRealloc(block, 100000);
    ck_assert_ptr_nonnull(block);
    ck_assert_str_eq(block, "abc");
    block = CoTaskMemRealloc(block, 2);
    ck_assert_ptr_nonnull(block);
    ck_assert_mem_eq(block, "ab", 2);
    CoTaskMemFree(block);
}
END_TEST

START_TEST(out_of_memory_is_null_and_the_old_block_stays)
{
    char *block = CoTaskMemAlloc(4);

    ck_assert_ptr_nonnull(block);
    memcpy(block, "abc", 4);
    faults_fail_at(1);
    ck_assert_ptr_null(CoTaskMemAlloc(8));
    faults_fail_at(1);
    ck_assert_ptr_null(CoTaskMemRealloc(block, 1000));
    faults_reset();
    ck_assert_str_eq(block, "abc");
    CoTaskMemFree(block);
}
END_TEST

START_TEST(every_block_is_aligned_for_anything)
{
    for (size_t size = 0; size < 100; size += 7) {
        void *block = CoTaskMemAlloc(size);

        ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
        block = CoTaskMemRealloc(block, 3 * size + 1);
        ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
        CoTaskMemFree(block);
    }
}
END_TEST

START_TEST(sizes_that_cannot_be_are_refused)
{
    void *block = CoTaskMemAlloc(1);

    ck_assert_ptr_null(CoTaskMemAlloc(SIZE_MAX));
    ck_assert_ptr_null(CoTaskMemAlloc(SIZE_MAX - 48));
    ck_assert_ptr_null(CoTaskMemRealloc(block, SIZE_MAX));
    ck_assert_ptr_null(CoTaskMemRealloc(block, SIZE_MAX - 48));
    CoTaskMemFree(block);
}
END_TEST

START_TEST(memory_of_somebody_else_ends_the_program)
{
    _Alignas(16) static char foreign[200];

    if (_i == 0)
        CoTaskMemFree(foreign + 128);
    else
        CoTaskMemRealloc(foreign + 128, 10);
}
END_TEST

static Suite *task_memory_suite(void)
{
    Suite *suite = suite_create("task_memory");
    TCase *edges = tcase_create("edges");

    tcase_add_test(edges, a_block_of_no_bytes_is_a_block_of_its_own);
    tcase_add_test(edges, freeing_null_does_nothing);
    tcase_add_test(edges, reallocating_null_allocates);
    tcase_add_test(edges, reallocating_to_no_bytes_frees);
    tcase_add_test(edges, reallocating_keeps_the_contents);
    tcase_add_test(edges, out_of_memory_is_null_and_the_old_block_stays);
    tcase_add_test(edges, every_block_is_aligned_for_anything);
    tcase_add_test(edges, sizes_that_cannot_be_are_refused);
    tcase_add_loop_test_raise_signal(edges, memory_of_somebody_else_ends_the_program, SIGABRT, 0,
                                     2);
    suite_add_tcase(suite, edges);
    return suite;
}

UVCOM_TEST_MAIN(task_memory_suite)
