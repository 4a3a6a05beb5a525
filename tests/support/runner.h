/*
 * runner.h -- main() of every test program: runs Check suites and prints TAP on standard output.
 *
 * It makes no loop, no thread and no apartment: Check forks for every test, and what existed before
 * the fork would be inherited in a state that nobody designed. Do that in a checked fixture.
 *
 * Check's own variables hold as usual: CK_RUN_SUITE, CK_RUN_CASE, CK_FORK, CK_DEFAULT_TIMEOUT,
 * CK_TIMEOUT_MULTIPLIER, CK_VERBOSITY, CK_TAP_LOG_FILE_NAME.
 */
#ifndef TESTS_SUPPORT_RUNNER_H
#define TESTS_SUPPORT_RUNNER_H

#include <stddef.h>

#include <check.h>

/** Runs the suites; the value is what main() returns: 0 if all tests passed. */
int runner_main(Suite *(*const *suites)(void), size_t count);

/* UVCOM_TEST_MAIN(lexer_suite, parser_suite) is a whole main(). */
#define UVCOM_TEST_MAIN(...)                                                                       \
    int main(void)                                                                                 \
    {                                                                                              \
        static Suite *(*const suites[])(void) = {__VA_ARGS__};                                     \
                                                                                                   \
        return runner_main(suites, sizeof suites / sizeof *suites);                                \
    }

#endif
