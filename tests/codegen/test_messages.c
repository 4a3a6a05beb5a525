/*
 * test_messages.c -- the options that say which messages there are and how they look, as a user
 * gives them to uvidl.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "tests/support/golden.h"
#include "tests/support/runner.h"

static char folder[64]; /* each test has its own, and runs in it */
static char output[65536];

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    fclose(file);
}

/* Both streams are in `output` afterwards. */
static int run(const char *environment, const char *arguments)
{
    char *system_folder = golden_path("include/uvcom"), command[2000];
    FILE *pipe;
    size_t length;
    int status;

    snprintf(command, sizeof command, "%s " UVIDL " -I '%s' %s 2>&1", environment, system_folder,
             arguments);
    free(system_folder);
    pipe = popen(command, "r");
    length = fread(output, 1, sizeof output - 1, pipe);
    output[length] = '\0';
    status = pclose(pipe);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int uvidl(const char *arguments)
{
    return run("", arguments);
}

#define ASSERT_OUTPUT(part)                                                                        \
    ck_assert_msg(strstr(output, part) != NULL, "'%s' is not in '%s'", part, output)
#define ASSERT_NO_OUTPUT(part)                                                                     \
    ck_assert_msg(strstr(output, part) == NULL, "'%s' is in '%s'", part, output)

static size_t count(const char *part)
{
    size_t found = 0;

    for (const char *at = output; (at = strstr(at, part)) != NULL; at++)
        found++;
    return found;
}

static const char warned[] = "import \"unknwn.idl\";\n"
                             "[object, uuid(11111111-0000-0000-0000-000000000001)]\n"
                             "interface IFoo : IUnknown {\n"
                             "    HRESULT A([in] void *p, [in] void *q);\n"
                             "    HRESULT B([in] void *p);\n"
                             "}\n"
                             "[object, uuid(11111111-0000-0000-0000-000000000002)]\n"
                             "interface IBar : IUnknown { HRESULT Say([in] const char *text); }\n"
                             "[object, uuid(11111111-0000-0000-0000-000000000003)]\n"
                             "interface ICount : IUnknown {\n"
                             "    ULONG Count();\n"
                             "    void Clear();\n"
                             "}\n";

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/uvidl-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    write_file("warned.idl", warned);
    write_file("bad.idl", "const long A = a;\nconst long B = b;\nconst long C = c;\n");
    write_file("importer.idl", "import \"warned.idl\";\nimport \"bad.idl\";\n");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void teardown(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- which there are ---- */

START_TEST(an_interface_is_warned_of_once)
{
    ck_assert_int_eq(uvidl("--check warned.idl"), 0);
    ck_assert_uint_eq(count("[no-proxy]"), 1);
    ck_assert_uint_eq(count("[bad-return-type]"), 1);
    ck_assert_uint_eq(count("[one-character]"), 1);
    ck_assert_uint_eq(count("warning: "), 3);
}
END_TEST

START_TEST(a_header_has_no_calls_to_warn_of)
{
    ck_assert_int_eq(uvidl("--header warned.idl"), 0);
    ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(an_import_is_not_warned_of_again_but_its_errors_are_told)
{
    ck_assert_int_eq(uvidl("--check importer.idl"), 1);
    ck_assert_uint_eq(count("warning: "), 0);
    ck_assert_uint_eq(count("error: "), 3);
    ck_assert_uint_eq(count("In file imported by importer.idl:2:8:\n"), 1);
}
END_TEST

START_TEST(one_kind_of_warnings_can_be_left_out)
{
    ck_assert_int_eq(uvidl("-Wno-no-proxy -Wno-one-character --check warned.idl"), 0);
    ck_assert_uint_eq(count("warning: "), 1);
    ASSERT_OUTPUT("[bad-return-type]");
}
END_TEST

START_TEST(the_last_word_on_a_kind_holds)
{
    ck_assert_int_eq(uvidl("-Wno-one-character -Wone-character --check warned.idl"), 0);
    ASSERT_OUTPUT("[one-character]");
}
END_TEST

START_TEST(warnings_can_be_errors)
{
    ck_assert_int_eq(uvidl("-Werror warned.idl"), 1);
    ck_assert_uint_eq(count("warning: "), 0);
    ck_assert_uint_eq(count("error: "), 3);
    ck_assert_int_eq(access("warned.h", F_OK), -1);
}
END_TEST

START_TEST(one_kind_of_warnings_can_be_errors)
{
    ck_assert_int_eq(uvidl("-Werror=no-proxy --check warned.idl"), 1);
    ck_assert_uint_eq(count("error: "), 1);
    ck_assert_uint_eq(count("warning: "), 2);
    ASSERT_OUTPUT("[no-proxy]");
}
END_TEST

START_TEST(one_kind_of_warnings_can_stay_when_all_are_errors)
{
    ck_assert_int_eq(uvidl("-Werror -Wno-error=no-proxy -Wno-error=bad-return-type "
                           "-Wno-error=one-character --check warned.idl"),
                     0);
    ck_assert_uint_eq(count("warning: "), 3);
    ck_assert_int_eq(uvidl("-Werror -Wno-error --check warned.idl"), 0);
}
END_TEST

START_TEST(a_kind_that_is_not_there_is_wrong_usage)
{
    ck_assert_int_eq(uvidl("-Wno-oneelement --check warned.idl"), 2);
    ASSERT_OUTPUT("did you mean 'one-element'?");
    ck_assert_int_eq(uvidl("-Wno-everything --check warned.idl"), 2);
    ASSERT_OUTPUT("there is no kind of messages 'everything'");
}
END_TEST

START_TEST(an_error_cannot_be_left_out)
{
    ck_assert_int_eq(uvidl("-Wno-unknown-name --check bad.idl"), 1);
    ck_assert_uint_eq(count("error: "), 3);
}
END_TEST

START_TEST(the_number_of_errors_shown_can_be_set)
{
    ck_assert_int_eq(uvidl("--max-errors 2 --check bad.idl"), 1);
    ck_assert_uint_eq(count("error: "), 2);
    ASSERT_OUTPUT("1 more error is not shown\n");
    ck_assert_int_eq(uvidl("--max-errors=1 --check bad.idl"), 1);
    ASSERT_OUTPUT("2 more errors are not shown\n");
    ck_assert_int_eq(uvidl("--max-errors -1 --check bad.idl"), 2);
    ck_assert_int_eq(uvidl("--max-errors many --check bad.idl"), 2);
    ASSERT_OUTPUT("--max-errors needs a number");
}
END_TEST

START_TEST(all_errors_are_shown_if_that_is_wanted)
{
    FILE *file = fopen("many.idl", "w");

    for (int i = 0; i < 300; i++)
        fprintf(file, "const long A%d = a%d;\n", i, i);
    fclose(file);
    uvidl("--check many.idl");
    ck_assert_uint_eq(count("error: "), 100);
    uvidl("--max-errors 0 --check many.idl");
    ck_assert_uint_eq(count("error: "), 300);
    ASSERT_NO_OUTPUT("not shown");
}
END_TEST

/* ---- how they look ---- */

/* The messages of a run whose standard error is a terminal. */
static void run_on_terminal(const char *environment)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    char arguments[100];
    ssize_t length;

    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal) | unlockpt(terminal), 0);
    snprintf(arguments, sizeof arguments, "--check --max-errors 1 bad.idl 2>%s", ptsname(terminal));
    ck_assert_int_eq(open(ptsname(terminal), O_RDWR | O_NOCTTY) < 0, 0);
    snprintf(output, sizeof output, "%s " UVIDL " %s", environment, arguments);
    ck_assert_int_eq(WEXITSTATUS(system(output)), 1);
    length = read(terminal, output, sizeof output - 1);
    output[length > 0 ? length : 0] = '\0';
}

START_TEST(a_terminal_has_colors)
{
    run_on_terminal("TERM=xterm NO_COLOR=");
    ASSERT_OUTPUT("\033[1mbad.idl:1:16:\033[0m \033[1;31merror:\033[0m there is no");
}
END_TEST

START_TEST(a_terminal_has_no_colors_if_the_user_wants_none)
{
    run_on_terminal("TERM=xterm NO_COLOR=1");
    ASSERT_OUTPUT("bad.idl:1:16: error: there is no");
    run_on_terminal("TERM=dumb NO_COLOR=");
    ASSERT_OUTPUT("bad.idl:1:16: error: there is no");
}
END_TEST

START_TEST(a_pipe_has_no_colors)
{
    run("TERM=xterm NO_COLOR=", "--check bad.idl");
    ASSERT_NO_OUTPUT("\033");
}
END_TEST

/* ---- for programs ---- */

START_TEST(a_message_is_a_line_of_json)
{
    ck_assert_int_eq(uvidl("--diagnostics=json --check --max-errors 1 bad.idl"), 1);
    ck_assert_str_eq(
        output,
        "{\"file\":\"bad.idl\",\"line\":1,\"column\":16,\"characters\":1,\"offset\":15,\"bytes\":1,"
        "\"severity\":\"error\",\"kind\":\"unknown-name\",\"message\":\"there is no constant "
        "'a'\",\"files\":[],\"notes\":[]}\n"
        "{\"severity\":\"note\",\"errors_not_shown\":2,\"warnings_not_shown\":0}\n");
}
END_TEST

/* Whatever bytes the IDL has. Python reads JSON; it is what meson runs on. */
START_TEST(json_is_always_json)
{
    FILE *file = fopen("odd\x80\"name.idl", "w");

    fputs("import \"bad.idl\";\n#define M(x) x x \"\\\"\n#define N M\nconst long A = \"\xff\xfe",
          file);
    for (int byte = 1; byte < 256; byte++)
        fprintf(file, "%c \xC3 %c;\nconst long A%d = N(%c);\n#error %c\xE2\x82\n", byte, byte, byte,
                byte, byte);
    fclose(file);
    ck_assert_int_eq(uvidl("--diagnostics=json --max-errors 0 --check odd*name.idl > lines 2>&1"),
                     1);
    ck_assert_int_eq(system("python3 -c \"import json\n"
                            "lines = [json.loads(line) for line in open('lines', "
                            "encoding='utf-8', newline='\\n')]\n"
                            "assert len(lines) > 300\n"
                            "assert all(line['severity'] == 'error' for line in lines)\n"
                            "assert all(line['kind'] and line['line'] for line in lines)\n"
                            "assert lines[-1]['files'][0]['by'] == 'import'\""),
                     0);
}
END_TEST

START_TEST(a_form_that_is_not_there_is_wrong_usage)
{
    ck_assert_int_eq(uvidl("--diagnostics=xml --check bad.idl"), 2);
    ASSERT_OUTPUT("either 'text' or 'json'");
    ck_assert_int_eq(uvidl("--diagnostics=text --check bad.idl"), 1);
    ASSERT_OUTPUT("bad.idl:1:16: error: ");
}
END_TEST

/* ---- what they mean ---- */

START_TEST(a_kind_is_explained)
{
    ck_assert_int_eq(uvidl("--explain one-character"), 0);
    ASSERT_OUTPUT("one-character: a pointer to a character");
    ASSERT_OUTPUT("\nAn example:\n\n    import \"unknwn.idl\";\n\n    [object");
    ASSERT_OUTPUT("\nThe cure:\n\n");
    ASSERT_OUTPUT("-Wno-one-character");
}
END_TEST

START_TEST(all_kinds_are_listed)
{
    ck_assert_int_eq(uvidl("--explain list"), 0);
    ASSERT_OUTPUT("async-base\n");
    ASSERT_OUTPUT("\nno-proxy\n");
    ASSERT_OUTPUT("\nvoid-object\n");
}
END_TEST

START_TEST(a_kind_that_is_not_there_is_not_explained)
{
    ck_assert_int_eq(uvidl("--explain unknown-typ"), 2);
    ASSERT_OUTPUT("did you mean 'unknown-type'?");
    ck_assert_int_eq(uvidl("--explain bomb"), 2);
    ck_assert_int_eq(uvidl("--explain one-character bad.idl"), 2);
}
END_TEST

static Suite *messages_suite(void)
{
    Suite *suite = suite_create("messages");
    TCase *which = tcase_create("which");
    TCase *form = tcase_create("form");

    tcase_add_checked_fixture(which, setup, teardown);
    tcase_add_test(which, an_interface_is_warned_of_once);
    tcase_add_test(which, a_header_has_no_calls_to_warn_of);
    tcase_add_test(which, an_import_is_not_warned_of_again_but_its_errors_are_told);
    tcase_add_test(which, one_kind_of_warnings_can_be_left_out);
    tcase_add_test(which, the_last_word_on_a_kind_holds);
    tcase_add_test(which, warnings_can_be_errors);
    tcase_add_test(which, one_kind_of_warnings_can_be_errors);
    tcase_add_test(which, one_kind_of_warnings_can_stay_when_all_are_errors);
    tcase_add_test(which, a_kind_that_is_not_there_is_wrong_usage);
    tcase_add_test(which, an_error_cannot_be_left_out);
    tcase_add_test(which, the_number_of_errors_shown_can_be_set);
    tcase_add_test(which, all_errors_are_shown_if_that_is_wanted);
    suite_add_tcase(suite, which);
    tcase_add_checked_fixture(form, setup, teardown);
    tcase_add_test(form, a_terminal_has_colors);
    tcase_add_test(form, a_terminal_has_no_colors_if_the_user_wants_none);
    tcase_add_test(form, a_pipe_has_no_colors);
    tcase_add_test(form, a_message_is_a_line_of_json);
    tcase_add_test(form, json_is_always_json);
    tcase_add_test(form, a_form_that_is_not_there_is_wrong_usage);
    tcase_add_test(form, a_kind_is_explained);
    tcase_add_test(form, all_kinds_are_listed);
    tcase_add_test(form, a_kind_that_is_not_there_is_not_explained);
    suite_add_tcase(suite, form);
    return suite;
}

UVCOM_TEST_MAIN(messages_suite)
