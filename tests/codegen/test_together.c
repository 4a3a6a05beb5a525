/*
 * test_together.c -- many files compiled by one struct idl give, to the byte, what each gives
 * alone: tree (as the generated files), messages in all forms, status, and the files that were
 * read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/support/faults.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

#define FILES "tests/codegen/together/"

/* All of the folder: also what others import is compiled as a main file. */
static const char *const files[] = {
    FILES "main_plain.idl",
    FILES "main_completes.idl",
    FILES "events.idl",
    FILES "main_completes_otherwise.idl",
    FILES "main_conditions.idl",
    FILES "main_declares_first.idl",
    FILES "types.idl",
    FILES "main_wrong.idl",
    FILES "main_of_broken.idl",
    FILES "main_lacks.idl",
    FILES "main_bad_import.idl",
    FILES "main_repeats.idl",
    FILES "circle_one.idl",
    FILES "circle_two.idl",
    FILES "broken.idl",
    FILES "nowhere.idl",
    "tests/codegen/golden/values.idl",
    "tests/codegen/golden/sorter.idl",
    "tests/idl/bad/several_mistakes.idl",
    "tests/fuzz/corpus/rich.idl",
};

enum { FILE_COUNT = sizeof files / sizeof *files };

static const char *const defines[] = {"WITH_MORE", "SOMETHING=1"};

/* Everything that a user can see, as one text; the caller frees it. NULL: no memory. */
static char *see(struct idl *idl, const char *path)
{
    enum idl_status status = idl_compile(idl, path);
    struct generated generated = {.names = {NULL}};
    const char *messages;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    bool is_whole = file && status != IDL_NO_MEMORY;

    if (is_whole && status == IDL_OK)
        is_whole = generate(&generated, idl, idl_main_file(idl));
    messages = is_whole ? idl_messages(idl) : NULL;
    if (messages) {
        fprintf(file, "%d %zu\n%s", (int)status, idl_error_count(idl), messages);
        for (size_t i = 0; i < idl_dependency_count(idl); i++)
            fprintf(file, "%s\n", idl_dependency(idl, i));
        for (size_t i = 0; status == IDL_OK && i < GENERATED_COUNT; i++)
            fprintf(file, "%s\n%s\n", generated.names[i],
                    generated.texts[i].data ? generated.texts[i].data : "");
    }
    if (file)
        fclose(file);
    generated_fini(&generated);
    if (!messages) {
        free(text);
        text = NULL;
    }
    return text;
}

static char system_folder[4096];

/* Paths are relative, as a user gives them. */
static void enter_top(void)
{
    char *top = golden_path("");

    ck_assert_int_eq(chdir(top), 0);
    snprintf(system_folder, sizeof system_folder, "%sinclude/uvcom", top);
    free(top);
}

static struct idl *create(bool is_for_many, size_t define)
{
    const struct idl_define given = {.name = defines[define]};
    const struct idl_options options = {.system_folder = system_folder,
                                        .defines = &given,
                                        .define_count = 1,
                                        .is_for_many = is_for_many};

    return idl_create(&options);
}

static void compare(struct idl *together, const char *path, size_t define)
{
    struct idl *alone = create(false, define);
    char *expected, *got;

    ck_assert_ptr_nonnull(alone);
    expected = see(alone, path);
    got = see(together, path);
    ck_assert_ptr_nonnull(expected);
    ck_assert_ptr_nonnull(got);
    ck_assert_msg(strcmp(expected, got) == 0, "%s alone:\n%s\nwith others:\n%s", path, expected,
                  got);
    free(expected);
    free(got);
    idl_destroy(alone);
}

START_TEST(many_files_give_what_each_gives_alone)
{
    struct idl *together;

    enter_top();
    together = create(true, (size_t)_i);
    ck_assert_ptr_nonnull(together);
    for (size_t i = 0; i < FILE_COUNT; i++)
        compare(together, files[i], (size_t)_i);
    for (size_t i = FILE_COUNT; i > 0; i--)
        compare(together, files[i - 1], (size_t)_i);
    for (size_t i = 0; i < FILE_COUNT * FILE_COUNT; i++)
        compare(together, files[i % FILE_COUNT * 7 % FILE_COUNT], (size_t)_i);
    idl_destroy(together);
}
END_TEST

/* With a sanitizer every node of the tree is an allocation: too many to fail each. */
#ifdef __SANITIZE_ADDRESS__
enum { EVERY_SO_MANY = 11 };
#else
enum { EVERY_SO_MANY = 1 };
#endif

START_TEST(when_one_file_runs_out_of_memory_the_next_is_whole)
{
    enter_top();
    for (size_t n = 1;; n += EVERY_SO_MANY) {
        struct idl *together;
        bool was_hit;
        char *first = NULL;

        faults_fail_at(n);
        together = create(true, 0);
        if (together)
            first = see(together, files[_i]);
        was_hit = faults_hit();
        faults_reset();
        free(first);
        if (together) {
            compare(together, files[0], 0);
            compare(together, files[_i], 0);
        }
        idl_destroy(together);
        ck_assert_uint_eq(faults_live(), 0);
        if (!was_hit)
            break;
    }
}
END_TEST

static Suite *together_suite(void)
{
    Suite *suite = suite_create("together");
    TCase *tcase = tcase_create("together");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, many_files_give_what_each_gives_alone, 0,
                        sizeof defines / sizeof *defines);
    tcase_add_loop_test(tcase, when_one_file_runs_out_of_memory_the_next_is_whole, 0, 5);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(together_suite)
