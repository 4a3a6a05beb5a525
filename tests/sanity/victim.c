/*
 * victim.c -- a test program whose tests end in every bad way, for test_sanity.c to run.
 *
 * It is not a test of meson's: all but one of its cases must fail. CK_RUN_CASE names the one to
 * run.
 */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

/* Volatile, so that neither compiler sees what these tests are up to. */
static int *volatile nowhere;
static volatile int largest = INT_MAX;
static int raced;

START_TEST(passes)
{
    ck_assert_hr(S_OK, S_OK);
}
END_TEST

START_TEST(fails)
{
    ck_assert_int_eq(largest, 1);
}
END_TEST

START_TEST(fails_by_hresult)
{
    ck_assert_hr(RPC_E_CALL_COMPLETE, S_OK);
}
END_TEST

START_TEST(fails_by_golden_file)
{
    golden_check("tests/sanity/golden.txt", "first line\nanother line\nthird line\n");
}
END_TEST

START_TEST(crashes)
{
    *nowhere = 1;
}
END_TEST

START_TEST(aborts)
{
    abort();
}
END_TEST

START_TEST(leaves_early)
{
    _exit(3);
}
END_TEST

START_TEST(hangs)
{
    struct gate gate;

    gate_init(&gate);
    gate_wait(&gate);
}
END_TEST

START_TEST(leaks_by_count)
{
    faults_reset();
    nowhere = malloc(sizeof *nowhere);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(leaks)
{
    nowhere = malloc(100);
    nowhere = NULL;
}
END_TEST

START_TEST(overflows)
{
    largest = largest + 1;
}
END_TEST

static void *race(void *unused)
{
    for (int i = 0; i < 1000; i++)
        raced++;
    return unused;
}

START_TEST(races)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, race, NULL), 0);
    race(NULL);
    pthread_join(thread, NULL);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);

    tcase_set_timeout(tcase, 1);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

static Suite *victim_suite(void)
{
    Suite *suite = suite_create("victim");

    add(suite, "passes", passes);
    add(suite, "fails", fails);
    add(suite, "fails_by_hresult", fails_by_hresult);
    add(suite, "fails_by_golden_file", fails_by_golden_file);
    add(suite, "crashes", crashes);
    add(suite, "aborts", aborts);
    add(suite, "leaves_early", leaves_early);
    add(suite, "hangs", hangs);
    add(suite, "leaks_by_count", leaks_by_count);
    add(suite, "leaks", leaks);
    add(suite, "overflows", overflows);
    add(suite, "races", races);
    return suite;
}

UVCOM_TEST_MAIN(victim_suite)
