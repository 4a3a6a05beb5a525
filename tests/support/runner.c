/*
 * runner.c -- see runner.h; turns a list of suites into one Check run that meson can read.
 */
#include "tests/support/runner.h"

#include <stdlib.h>

int runner_main(Suite *(*const *suites)(void), size_t count)
{
    SRunner *runner = srunner_create(NULL);
    int failed;

    for (size_t i = 0; i < count; i++)
        srunner_add_suite(runner, suites[i]());
    /*
     * TAP is for meson, and a person gets it too: each line names file, case and test. Whoever
     * wants Check's other formats sets the variable. Anything but silence would put lines between
     * that are not TAP.
     */
    if (!getenv("CK_TAP_LOG_FILE_NAME"))
        srunner_set_tap(runner, "-");
    srunner_run_all(runner, getenv("CK_VERBOSITY") ? CK_ENV : CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
