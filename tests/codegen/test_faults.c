/*
 * test_faults.c -- running out of memory anywhere in the compiler: it says so, and leaves nothing.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codegen/command.h"
#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/support/faults.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static const char *const files[] = {
    "tests/codegen/golden/kinds.idl",        "tests/codegen/golden/family.idl",
    "tests/codegen/golden/declarations.idl", "tests/codegen/golden/depth.idl",
    "tests/codegen/golden/sorter.idl",       "tests/codegen/golden/values.idl"};

/* Each of the first allocations, then in growing steps: most are the same few lines of code. */
static size_t next(size_t n)
{
    return n < 100 ? n + 1 : n + n / 16;
}

START_TEST(the_emitters_survive_every_failing_allocation)
{
    char *path = golden_path(files[_i]), *system = golden_path("include/uvcom");
    const struct idl_options options = {.system_folder = system};
    struct idl *idl = idl_create(&options);
    struct generated generated;
    bool is_good, is_hit;

    ck_assert_int_eq(idl_compile(idl, path), IDL_OK);
    for (size_t n = 1;; n = next(n)) {
        faults_fail_at(n);
        is_good = generate(&generated, NULL, idl_main_file(idl));
        generated_fini(&generated);
        is_hit = faults_hit();
        ck_assert_uint_eq(faults_live(), 0);
        ck_assert_int_eq(is_good, !is_hit);
        if (!is_hit)
            break;
    }
    faults_reset();
    idl_destroy(idl);
    free(path);
    free(system);
}
END_TEST

/* The whole command. */
START_TEST(the_command_says_that_there_is_no_memory_and_writes_nothing)
{
    char *path = golden_path(files[1]), *system = golden_path("include/uvcom");
    char folder[64], name[100];
    char *argv[] = {(char[]){"uvidl"}, (char[]){"-I"}, system, (char[]){"-o"}, folder, path, NULL};
    FILE *messages = fopen("/dev/null", "w");
    int status = EXIT_USAGE;

    snprintf(folder, sizeof folder, "/tmp/uvidl-faults-%ld", (long)getpid());
    snprintf(name, sizeof name, "%s/family.h", folder);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    for (size_t n = 1; status != EXIT_DONE; n = next(n)) {
        bool is_hit;

        faults_fail_at(n);
        status = command_run(6, argv, messages, messages);
        is_hit = faults_hit();
        ck_assert_uint_eq(faults_live(), 0);
        ck_assert_int_eq(status == EXIT_DONE, !is_hit);
        ck_assert_int_eq(access(name, F_OK) == 0, !is_hit);
    }
    faults_reset();
    fclose(messages);
    unlink(name);
    snprintf(name, sizeof name, "%s/family_i.c", folder);
    unlink(name);
    snprintf(name, sizeof name, "%s/family_p.c", folder);
    unlink(name);
    ck_assert_int_eq(rmdir(folder), 0);
    free(path);
    free(system);
}
END_TEST

/* What goes to standard output: whole, or not at all. */
static const char *const printed[][3] = {
    {"--json", NULL, NULL}, {"layout", NULL, NULL},
    {"graph", NULL, NULL},  {"diff", "tests/codegen/golden/values.idl", NULL},
    {"docs", "-o", NULL},   {"--print-outputs", NULL, NULL},
    {"--help", NULL, NULL}, {"diff", "--help", NULL},
};

/* 2: out of memory. A diff of two files that differ is 1. */
static int run_printed(size_t n, const char *const *words, char *folder, char *path, FILE *out)
{
    char *system = golden_path("include/uvcom");
    char *argv[9] = {(char[]){"uvidl"}, (char *)(uintptr_t)words[0], (char[]){"-I"}, system};
    FILE *messages = fopen("/dev/null", "w");
    char *other = words[1] && words[1][0] == 't' ? golden_path(words[1]) : NULL;
    int argc = 4, status;

    if (words[1])
        argv[argc++] = other ? other : (char *)(uintptr_t)words[1];
    if (words[1] && strcmp(words[1], "-o") == 0)
        argv[argc++] = folder;
    argv[argc++] = path;
    faults_fail_at(n);
    status = command_run(argc, argv, out, messages);
    ck_assert_int_eq(status == EXIT_USAGE, faults_hit());
    fclose(messages);
    free(other);
    free(system);
    return status;
}

START_TEST(what_is_printed_is_printed_whole_or_not_at_all)
{
    char *path = golden_path(files[1]);
    char folder[64], name[100];
    int status = EXIT_USAGE;

    snprintf(folder, sizeof folder, "/tmp/uvidl-printed-%ld", (long)getpid());
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    for (size_t n = 1; status == EXIT_USAGE; n = next(n)) {
        FILE *out = tmpfile();

        status = run_printed(n, printed[_i], folder, path, out);
        fflush(out);
        ck_assert(status != EXIT_USAGE || ftell(out) == 0);
        fclose(out);
        snprintf(name, sizeof name, "%s/family.md", folder);
        ck_assert(status != EXIT_USAGE || access(name, F_OK) != 0);
    }
    faults_reset();
    unlink(name);
    snprintf(name, sizeof name, "%s/family.html", folder);
    unlink(name);
    ck_assert_int_eq(rmdir(folder), 0);
    free(path);
}
END_TEST

static Suite *faults_suite(void)
{
    Suite *suite = suite_create("codegen_faults");
    TCase *tcase = tcase_create("faults");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_emitters_survive_every_failing_allocation, 0,
                        sizeof files / sizeof *files);
    tcase_add_test(tcase, the_command_says_that_there_is_no_memory_and_writes_nothing);
    tcase_add_loop_test(tcase, what_is_printed_is_printed_whole_or_not_at_all, 0,
                        sizeof printed / sizeof *printed);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(faults_suite)
