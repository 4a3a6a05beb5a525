/*
 * test_sanity.c -- tests that must fail, crash, leak, hang: does the harness notice each of them?
 *
 * Without this a runner that reports success for a crashed test would make the whole project green.
 * It runs victim.c's cases one by one and reads what they print. What only a sanitizer can see is
 * asked for in the builds that have it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/runner.h"

struct ending {
    const char *name; /* victim.c's case */
    const char *says; /* must be in the output */
    bool in_this_build;
};

static const struct ending endings[] = {
    {"fails", "not ok 1", true},
    {"fails", "largest == 2147483647, 1 == 1", true},
    {"fails_by_hresult", "RPC_E_CALL_COMPLETE is RPC_E_CALL_COMPLETE (0x80010117), not S_OK", true},
    {"fails_by_golden_file", "golden.txt:2 differs", true},
    {"fails_by_golden_file", "# expected: second line", true},
    {"crashes", "not ok 1", true},
    {"aborts", "not ok 1", true},
    {"leaves_early", "Early exit with return value 3", true},
    {"hangs", "Test timeout expired", true},
    {"leaks_by_count", "faults_live() == 1, 0 == 0", true},
    {"leaks", "not ok 1", SANITIZE_ADDRESS},
    {"overflows", "not ok 1", SANITIZE_UNDEFINED},
    {"races", "not ok 1", SANITIZE_THREAD},
};

/* Runs one case of the victim; returns its wait status and keeps what it printed. */
static int run_victim(const char *name, char *output, size_t size)
{
    FILE *pipe;
    size_t length;

    /* A time limit and the noticing of crashes need Check's fork, whatever this program runs with.
     */
    setenv("CK_FORK", "yes", 1);
    setenv("CK_TIMEOUT_MULTIPLIER", "1", 1);
    setenv("CK_RUN_CASE", name, 1);
    unsetenv("CK_RUN_SUITE");
    unsetenv("UVIDL_UPDATE_GOLDEN");
    pipe = popen(VICTIM " 2>/dev/null", "r");
    ck_assert_ptr_nonnull(pipe);
    length = fread(output, 1, size - 1, pipe);
    output[length] = '\0';
    return pclose(pipe);
}

START_TEST(bad_ending_is_noticed)
{
    const struct ending *ending = &endings[_i];
    char output[4096];
    int status;

    if (!ending->in_this_build)
        return;
    status = run_victim(ending->name, output, sizeof output);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE,
                  "%s: the program's status is %#x, and it printed %s", ending->name,
                  (unsigned)status, output);
    ck_assert_msg(strstr(output, ending->says), "%s: no \"%s\" in %s", ending->name, ending->says,
                  output);
}
END_TEST

START_TEST(good_ending_is_success)
{
    char output[4096];
    int status = run_victim("passes", output, sizeof output);

    ck_assert_int_eq(status, 0);
    ck_assert_msg(strncmp(output, "ok 1 - ", 7) == 0 && strstr(output, "\n1..1\n"), "not TAP: %s",
                  output);
}
END_TEST

static Suite *sanity_suite(void)
{
    Suite *suite = suite_create("sanity");
    TCase *tcase = tcase_create("endings");

    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, good_ending_is_success);
    tcase_add_loop_test(tcase, bad_ending_is_noticed, 0, sizeof endings / sizeof *endings);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(sanity_suite)
