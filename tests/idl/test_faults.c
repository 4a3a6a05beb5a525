/*
 * tests/idl/test_faults.c -- out of memory at every allocation there is: IDL_NO_MEMORY, and no
 * leak.
 *
 * In a build with AddressSanitizer every block of the arena is an allocation of its own, so there
 * the sweep stops at each single one; elsewhere it stops at each chunk.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/idl/compile.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

static const char *const scenarios[] = {"ok/interfaces.idl",      "ok/records.idl",
                                        "ok/async.idl",           "ok/preprocessor.idl",
                                        "ok/constants.idl",       "bad/several_mistakes.idl",
                                        "bad/include_itself.idl", "bad/pp_bad_expression.idl"};

/* One run; false: the fault was hit, and told. */
static bool run(const char *path)
{
    bool is_right = strncmp(path, "ok/", 3) == 0;
    struct idl *idl = idl_create(test_options());
    enum idl_status status;
    bool is_done;

    if (!idl) {
        ck_assert(faults_hit());
        return false;
    }
    status = idl_compile(idl, path);
    ck_assert_msg((status == IDL_NO_MEMORY) == faults_hit(), "%s: status %d", path, (int)status);
    is_done = status != IDL_NO_MEMORY;
    if (is_done)
        ck_assert_int_eq(status, is_right ? IDL_OK : IDL_ERRORS);
    else
        ck_assert_ptr_null(idl_main_file(idl));
    if (!idl_messages(idl)) {
        ck_assert(faults_hit());
        is_done = false;
    }
    idl_destroy(idl);
    return is_done;
}

START_TEST(every_allocation_that_fails_is_told_and_nothing_leaks)
{
    size_t n = 1;

    enter_folder(".");
    for (;; n++) {
        bool is_done;

        faults_fail_at(n);
        is_done = run(scenarios[_i]);
        ck_assert_uint_eq(faults_live(), 0);
        if (!faults_hit()) {
            ck_assert(is_done);
            break;
        }
    }
    faults_reset();
    ck_assert_uint_gt(n, 1);
}
END_TEST

START_TEST(when_there_is_no_memory_any_more_the_end_is_clean_too)
{
    enter_folder(".");
    for (size_t n = 1; n < 2000; n += 7) {
        faults_fail_from(n);
        run(scenarios[_i]);
        ck_assert_uint_eq(faults_live(), 0);
        if (!faults_hit())
            break;
    }
    faults_reset();
}
END_TEST

static Suite *faults_suite(void)
{
    Suite *suite = suite_create("idl faults");
    TCase *tcase = tcase_create("faults");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_allocation_that_fails_is_told_and_nothing_leaks, 0,
                        sizeof scenarios / sizeof *scenarios);
    tcase_add_loop_test(tcase, when_there_is_no_memory_any_more_the_end_is_clean_too, 0,
                        sizeof scenarios / sizeof *scenarios);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(faults_suite)
