/*
 * test_support.c -- the helpers of tests/support do what their headers say.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

/* Volatile: gcc may leave out a malloc whose block is freed unused, and then nothing is counted. */
static void *volatile block;

START_TEST(nth_allocation_fails_and_only_that)
{
    faults_fail_at(2);
    block = malloc(10);
    ck_assert_ptr_nonnull(block);
    ck_assert(!faults_hit());
    ck_assert_ptr_null(calloc(1, 10));
    ck_assert(faults_hit());
    block = realloc(block, 20);
    ck_assert_ptr_nonnull(block);
    ck_assert_uint_eq(faults_seen(), 3);
    ck_assert_uint_eq(faults_live(), 1);
    free(block);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(refused_realloc_leaves_the_block)
{
    faults_fail_at(2);
    block = malloc(10);
    ck_assert_ptr_null(realloc(block, 20));
    ck_assert_uint_eq(faults_live(), 1);
    free(block);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(every_allocation_fails_from_the_nth)
{
    faults_fail_from(2);
    block = malloc(10);
    ck_assert_ptr_null(malloc(10));
    ck_assert_ptr_null(aligned_alloc(16, 16));
    faults_reset();
    free(block);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

/* A leak must not be hidden by the free of a block that was never counted. */
START_TEST(foreign_blocks_are_not_counted)
{
    char *foreign;

    faults_reset();
    foreign = strdup("made inside the C library");
    ck_assert_uint_eq(faults_live(), 0);
    block = malloc(10);
    free(foreign);
    ck_assert_uint_eq(faults_live(), 1);
    free(block);
}
END_TEST

static void *pass_gate(void *gate)
{
    gate_wait(gate);
    return NULL;
}

START_TEST(gate_holds_and_passes_one_by_one)
{
    static struct gate gate = GATE_INITIALIZER;
    pthread_t threads[3];

    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, pass_gate, &gate), 0);
    gate_await_waiters(&gate, 3);
    ck_assert_uint_eq(gate_waiters(&gate), 3);
    gate_pass(&gate, 3);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(gate_waiters(&gate), 0);
    gate_await_arrived(&gate, 3);
    gate_fini(&gate);
}
END_TEST

START_TEST(open_gate_holds_nobody)
{
    struct gate gate;

    gate_init(&gate);
    gate_open(&gate);
    gate_wait(&gate);
    gate_wait(&gate);
    gate_close(&gate);
    gate_pass(&gate, 1); /* an open gate has used up no pass, a closed one takes it */
    gate_wait(&gate);
    gate_await_arrived(&gate, 3);
    ck_assert_uint_eq(gate.passes, 0);
    gate_fini(&gate);
}
END_TEST

START_TEST(golden_file_that_agrees_passes)
{
    size_t length;
    char *text = golden_read("tests/sanity/golden.txt", &length);

    ck_assert_uint_eq(length, strlen(text));
    golden_check("tests/sanity/golden.txt", text);
    free(text);
}
END_TEST

static Suite *support_suite(void)
{
    Suite *suite = suite_create("support");
    TCase *tcase = tcase_create("faults");

    tcase_add_test(tcase, nth_allocation_fails_and_only_that);
    tcase_add_test(tcase, refused_realloc_leaves_the_block);
    tcase_add_test(tcase, every_allocation_fails_from_the_nth);
    tcase_add_test(tcase, foreign_blocks_are_not_counted);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("gate");
    tcase_add_test(tcase, gate_holds_and_passes_one_by_one);
    tcase_add_test(tcase, open_gate_holds_nobody);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("golden");
    tcase_add_test(tcase, golden_file_that_agrees_passes);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(support_suite)
