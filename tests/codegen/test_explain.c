/*
 * test_explain.c -- what --explain says of each kind of messages is true: its example gives that
 * kind and no other, and its cure nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/generate.h"
#include "idl/explain.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static char folder[64]; /* each test has its own, and runs in it */
static struct idl *idl;
static const char *messages; /* those of the last example */

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/uvidl-explain-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void)
{
    idl_destroy(idl);
    unlink("example.idl");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* As a user does it: a file on the disk, which may name itself. */
static void compile(const char *text)
{
    char *system_folder = golden_path("include/uvcom");
    struct idl_options options = {.system_folder = system_folder};
    struct generated generated;
    FILE *file = fopen("example.idl", "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    idl_destroy(idl);
    idl = idl_create(&options);
    free(system_folder);
    if (idl_compile(idl, "example.idl") == IDL_OK) {
        ck_assert(generate(&generated, idl, idl_main_file(idl)));
        generated_fini(&generated);
    }
    messages = idl_messages(idl);
}

/* Whether every message is of this kind, and there is one. */
static bool all_are(const char *kind)
{
    const char *at = messages;
    char expected[64];
    size_t count = 0;

    snprintf(expected, sizeof expected, "[%s]\n", kind);
    for (; *at; at = strchr(at, '\n') + 1) {
        const char *end = strchr(at, '\n'), *head = strstr(at, ": error: ");

        if (!head || head > end)
            head = strstr(at, ": warning: ");
        if (!head || head > end)
            continue;
        count++;
        if (strncmp(end + 1 - strlen(expected), expected, strlen(expected)) != 0)
            return false;
    }
    return count > 0;
}

START_TEST(each_kind_has_an_example_of_it_and_a_cure)
{
    const char *name = diag_kind_name((enum diag_kind)_i);
    const struct explanation *explanation = explain((enum diag_kind)_i);

    ck_assert_msg(explanation != NULL, "'%s' has no explanation: see idl/explain.h", name);
    compile(explanation->example);
    ck_assert_msg(all_are(name), "the example of '%s' gives\n%s", name, messages);
    compile(explanation->cure);
    ck_assert_msg(!*messages, "the cure of '%s' gives\n%s", name, messages);
}
END_TEST

START_TEST(each_text_is_lines_of_a_page_that_end_in_a_sentence)
{
    const struct explanation *explanation = explain((enum diag_kind)_i);
    const char *text = explanation->text;

    ck_assert_msg(text[strlen(text) - 1] == '.', "%s", text);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        ck_assert_uint_le(strcspn(line, "\n"), 95);
        ck_assert(*line != '\n' && *line != ' ');
    }
}
END_TEST

static Suite *explain_suite(void)
{
    Suite *suite = suite_create("explain");
    TCase *kinds = tcase_create("kinds");

    tcase_add_checked_fixture(kinds, setup, teardown);
    tcase_add_loop_test(kinds, each_kind_has_an_example_of_it_and_a_cure, 0, DIAG_KIND_COUNT);
    tcase_add_loop_test(kinds, each_text_is_lines_of_a_page_that_end_in_a_sentence, 0,
                        DIAG_KIND_COUNT);
    suite_add_tcase(suite, kinds);
    return suite;
}

UVCOM_TEST_MAIN(explain_suite)
