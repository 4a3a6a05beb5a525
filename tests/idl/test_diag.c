/*
 * tests/idl/test_diag.c -- messages: the files of bad/ against their .err, order, limit, and
 * pictures.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/diag.h"
#include "tests/idl/compile.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static struct dirent **files;
static int file_count;

static int is_idl(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && strcmp(entry->d_name + length - 4, ".idl") == 0;
}

/* Without the places of this machine, which notes in the system's files have. */
static char *without_places(const char *messages)
{
    static const char place[] = UVCOM_TEST_SOURCE_DIR "/";
    char *text = strdup(messages), *at = text;

    while ((at = strstr(at, place)) != NULL)
        memmove(at, at + sizeof place - 1, strlen(at + sizeof place - 1) + 1);
    return text;
}

START_TEST(a_wrong_file_gets_the_messages_beside_it)
{
    const char *name = files[_i]->d_name;
    struct idl *idl = idl_create(test_options());
    char golden[300], *messages;

    enter_folder("bad");
    ck_assert_msg(idl_compile(idl, name) == IDL_ERRORS, "%s is accepted", name);
    ck_assert_ptr_null(idl_main_file(idl));
    snprintf(golden, sizeof golden, "tests/idl/bad/%.*s.err", (int)strlen(name) - 4, name);
    messages = without_places(idl_messages(idl));
    golden_check(golden, messages);
    free(messages);
    idl_destroy(idl);
}
END_TEST

START_TEST(the_caret_stands_under_the_character_that_a_reader_counts)
{
    struct idl *idl = compile("/* \xc3\xa4\xe2\x82\xac */\tconst long A = \x62\x61\x64;");

    ck_assert_str_eq(idl_messages(idl),
                     "test.idl:1:25: error: there is no constant 'bad' [unknown-name]\n"
                     "/* \xc3\xa4\xe2\x82\xac */\tconst long A = bad;\n"
                     "        \t               ^~~\n");
    idl_destroy(idl);
}
END_TEST

START_TEST(line_ends_of_windows_and_a_byte_order_mark_count_nothing)
{
    struct idl *idl = compile("\xEF\xBB\xBFtypedef A B;\r\n\r\nconst long C = D;\r\n");

    ck_assert_str_eq(idl_messages(idl), "test.idl:1:9: error: there is no type 'A' [unknown-type]\n"
                                        "typedef A B;\n"
                                        "        ^\n"
                                        "test.idl:3:16: error: there is no constant 'D' "
                                        "[unknown-name]\n"
                                        "const long C = D;\n"
                                        "               ^\n");
    idl_destroy(idl);
}
END_TEST

START_TEST(control_characters_do_not_reach_the_terminal)
{
    struct idl *idl = compile_bytes("const long A = \x1b[31m\0x;", 24);

    for (const char *at = idl_messages(idl); *at; at++)
        ck_assert((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t');
    idl_destroy(idl);
}
END_TEST

START_TEST(a_hundred_messages_are_enough)
{
    char text[4000];
    size_t length = 0, lines = 0;
    struct idl *idl;

    for (int i = 0; i < 150; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "const long A%d = x;\n", i);
    idl = compile(text);
    ck_assert_uint_eq(idl_error_count(idl), 150);
    for (const char *at = idl_messages(idl); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    ck_assert_uint_eq(lines, 301);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "50 more errors are not shown\n"));
    idl_destroy(idl);
}
END_TEST

START_TEST(a_back_end_can_add_a_message)
{
    struct idl *idl = compile_clean("const long A = 3;\nconst long B = 4;");
    const struct declaration *b = find_declaration(idl, "B");

    ck_assert_uint_eq(location_line(&b->location), 2);
    idl_warn(idl, &b->location, "odd", "few calls can carry this");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_str_eq(idl_messages(idl), "test.idl:2:12: warning: few calls can carry this [odd]\n"
                                        "const long B = 4;\n"
                                        "           ^\n");
    idl_destroy(idl);
    idl = compile_clean("const long A = 3;\nconst long B = 4;");
    b = find_declaration(idl, "B");
    idl_report(idl, &b->location, "too-odd", "no call can carry this");
    ck_assert_uint_eq(idl_error_count(idl), 1);
    ck_assert_str_eq(idl_messages(idl), "test.idl:2:12: error: no call can carry this [too-odd]\n"
                                        "const long B = 4;\n"
                                        "           ^\n");
    idl_destroy(idl);
}
END_TEST

/* Each name is promised to users: --explain and scripts rely on them. */
START_TEST(kinds_have_names_of_small_letters_and_hyphens)
{
    for (int kind = 0; kind < DIAG_KIND_COUNT; kind++) {
        const char *name = diag_kind_name((enum diag_kind)kind);

        ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
        if (kind > 0)
            ck_assert_str_lt(diag_kind_name((enum diag_kind)(kind - 1)), name);
    }
}
END_TEST

START_TEST(the_name_of_a_megabyte_is_cut_in_the_message)
{
    static char text[1 << 20];
    struct idl *idl;

    memset(text, 'x', sizeof text - 1);
    memcpy(text, "typedef ", 8);
    memcpy(text + sizeof text - 5, " b;", 4);
    idl = compile(text);
    ck_assert_uint_eq(idl_error_count(idl), 2); /* it is too long, and nothing */
    ck_assert_uint_lt(strlen(idl_messages(idl)), 2000);
    idl_destroy(idl);
}
END_TEST

static Suite *diag_suite(void)
{
    Suite *suite = suite_create("diag");
    TCase *mistakes = tcase_create("mistakes");
    TCase *pictures = tcase_create("pictures");

    file_count = scandir(UVCOM_TEST_SOURCE_DIR "/bad", &files, is_idl, alphasort);
    tcase_add_loop_test(mistakes, a_wrong_file_gets_the_messages_beside_it, 0,
                        file_count > 0 ? file_count : 1);
    suite_add_tcase(suite, mistakes);
    tcase_add_test(pictures, the_caret_stands_under_the_character_that_a_reader_counts);
    tcase_add_test(pictures, line_ends_of_windows_and_a_byte_order_mark_count_nothing);
    tcase_add_test(pictures, control_characters_do_not_reach_the_terminal);
    tcase_add_test(pictures, a_hundred_messages_are_enough);
    tcase_add_test(pictures, a_back_end_can_add_a_message);
    tcase_add_test(pictures, kinds_have_names_of_small_letters_and_hyphens);
    tcase_add_test(pictures, the_name_of_a_megabyte_is_cut_in_the_message);
    suite_add_tcase(suite, pictures);
    return suite;
}

UVCOM_TEST_MAIN(diag_suite)
