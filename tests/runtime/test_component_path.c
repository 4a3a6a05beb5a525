/*
 * test_component_path.c -- where libraries are looked for: UVCOM_COMPONENT_PATH as it was when the
 * program started, whatever the program does to its environment later.
 *
 * The program starts itself again with the variable set. What the search does with it is tested in
 * test_manifest.c.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/platform_library.h"
#include "tests/support/runner.h"

#define VARIABLE "UVCOM_COMPONENT_PATH"
#define FOLDERS "/first:/second"

START_TEST(the_path_is_that_of_the_start)
{
    ck_assert_str_eq(uvcom__component_path(), FOLDERS);
    ck_assert(!uvcom__component_path_is_lost());
    ck_assert_int_eq(setenv(VARIABLE, "/other", 1), 0);
    ck_assert_str_eq(uvcom__component_path(), FOLDERS);
    ck_assert_int_eq(unsetenv(VARIABLE), 0);
    ck_assert_str_eq(uvcom__component_path(), FOLDERS);
}
END_TEST

/* As programs do that change what `ps` shows of them. */
START_TEST(the_path_does_not_change_with_the_memory_of_the_environment)
{
    char *text = getenv(VARIABLE);

    ck_assert_str_eq(text, FOLDERS);
    memset(text, 'x', strlen(text));
    ck_assert_str_eq(uvcom__component_path(), FOLDERS);
}
END_TEST

static Suite *component_path_suite(void)
{
    Suite *suite = suite_create("component_path");
    TCase *tcase = tcase_create("component_path");

    tcase_add_test(tcase, the_path_is_that_of_the_start);
    tcase_add_test(tcase, the_path_does_not_change_with_the_memory_of_the_environment);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(int argc, char **argv)
{
    static Suite *(*const suites[])(void) = {component_path_suite};
    const char *text = getenv(VARIABLE);

    (void)argc;
    if (!text || strcmp(text, FOLDERS) != 0) {
        setenv(VARIABLE, FOLDERS, 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
    return runner_main(suites, 1);
}
