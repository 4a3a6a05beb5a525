/*
 * test_command.c -- uvidl as a user calls it: a process, its exit status, its messages, its files.
 */
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sys/wait.h>

#include "tests/support/golden.h"
#include "tests/support/runner.h"

static char folder[64]; /* each test has its own, and runs in it */
static char *output;    /* both streams of the last run */

static const char good[] = "import \"unknwn.idl\";\n"
                           "[object, uuid(11111111-0000-0000-0000-000000000001)]\n"
                           "interface IFoo : IUnknown { HRESULT M([in] LONG a); }\n";

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    fclose(file);
}

static char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = calloc(1, 65536);

    ck_assert_msg(file != NULL, "there is no %s", name);
    ck_assert_uint_lt(fread(text, 1, 65535, file), 65535);
    fclose(file);
    return text;
}

static bool exists(const char *name)
{
    struct stat status;

    return lstat(name, &status) == 0;
}

/* Files that are neither there at the start nor outputs: ".foo.h.123.tmp". */
static size_t file_count(const char *where)
{
    char command[200];
    FILE *pipe;
    size_t count = 0;

    snprintf(command, sizeof command, "ls -A '%s' | wc -l", where);
    pipe = popen(command, "r");
    ck_assert_int_eq(fscanf(pipe, "%zu", &count), 1);
    pclose(pipe);
    return count;
}

/* The sub-command is the first argument; "": none. */
static int uvidl_with(const char *subcommand, const char *arguments)
{
    char *system_folder = golden_path("include/uvcom"), command[2000];
    int status;

    snprintf(command, sizeof command, UVIDL " %s -I '%s' %s > output 2>&1", subcommand,
             system_folder, arguments);
    status = system(command);
    free(system_folder);
    free(output);
    output = read_file("output");
    unlink("output");
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int uvidl(const char *arguments)
{
    return uvidl_with("", arguments);
}

#define ASSERT_OUTPUT(part)                                                                        \
    ck_assert_msg(strstr(output, part) != NULL, "'%s' is not in '%s'", part, output)

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/uvidl-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    write_file("good.idl", good);
    write_file("bad.idl", "interface {\n");
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
    free(output);
    output = NULL;
}

START_TEST(a_good_file_gives_three_files_and_no_word)
{
    ck_assert_int_eq(uvidl("good.idl"), 0);
    ck_assert_str_eq(output, "");
    ck_assert(exists("good.h") && exists("good_i.c") && exists("good_p.c"));
    ck_assert_uint_eq(file_count("."), 5);
}
END_TEST

START_TEST(the_output_folder_is_obeyed)
{
    ck_assert_int_eq(mkdir("sub", 0700), 0);
    ck_assert_int_eq(uvidl("-o sub good.idl"), 0);
    ck_assert(exists("sub/good.h") && exists("sub/good_i.c") && exists("sub/good_p.c"));
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

START_TEST(header_writes_only_the_header)
{
    ck_assert_int_eq(uvidl("--header good.idl"), 0);
    ck_assert(exists("good.h"));
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

START_TEST(check_writes_nothing)
{
    ck_assert_int_eq(uvidl("--check good.idl"), 0);
    ck_assert_int_eq(uvidl("--check bad.idl"), 1);
    ck_assert_uint_eq(file_count("."), 2);
}
END_TEST

START_TEST(a_bad_file_is_status_1_with_a_position_and_no_output)
{
    ck_assert_int_eq(uvidl("bad.idl"), 1);
    ASSERT_OUTPUT("bad.idl:1:");
    ASSERT_OUTPUT("error: ");
    ck_assert_uint_eq(file_count("."), 2);
}
END_TEST

START_TEST(one_bad_file_keeps_the_good_one_from_being_written)
{
    write_file("good.h", "old");
    ck_assert_int_eq(uvidl("good.idl bad.idl"), 1);
    ck_assert_uint_eq(file_count("."), 3);
    free(output);
    output = read_file("good.h");
    ck_assert_str_eq(output, "old");
}
END_TEST

START_TEST(a_parameter_that_no_call_can_carry_is_status_1)
{
    write_file("async.idl", "import \"unknwn.idl\";\n"
                            "[object, uuid(11111111-0000-0000-0000-000000000001),\n"
                            " async_uuid(11111111-0000-0000-0000-000000000002)]\n"
                            "interface IFoo : IUnknown { HRESULT M([in] SAFEARRAY(LONG) a); }\n");
    ck_assert_int_eq(uvidl("async.idl"), 1);
    ASSERT_OUTPUT("async.idl:4:");
    ASSERT_OUTPUT("no call object can carry parameter 'a' of IFoo::M");
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

/* Wrong usage and files that cannot be read: status 2, a sentence, nothing written. */
static const struct {
    const char *arguments, *says;
} wrong[] = {
    {"", "no IDL file was named"},
    {"--nonsense good.idl", "unknown option '--nonsense'"},
    {"-x good.idl", "unknown option '-x'"},
    {"- good.idl", "unknown option '-'"},
    {"good.idl -o", "a value is missing after '-o'"},
    {"good.idl --depfile", "a value is missing after '--depfile'"},
    {"-D 1x good.idl", "not the name of a macro: '1x'"},
    {"-U A=1 good.idl", "not the name of a macro: 'A=1'"},
    {"missing.idl", "missing.idl"},
    {"-o nowhere good.idl", "cannot write 'nowhere/good.h': No such file or directory"},
    {"-o good.idl good.idl", "cannot write 'good.idl/good.h': Not a directory"},
    {"--depfile nowhere/d good.idl", "cannot write 'nowhere/d'"},
    {"good.idl ./good.idl", "would both be written to 'good.h'"},
    {"/dev", "/dev"},
    {"--depfile good.idl good.idl", "cannot write 'good.idl': it is one of the files that were"},
    {"--depfile ./good.h good.idl", "two outputs would both be written to './good.h'"},
    {"--check --print-outputs good.idl", "so it does not go with --print-outputs"},
    {"--json --depfile d good.idl", "--json goes with none of --check, --depfile"},
    {"--new-uuid good.idl", "--new-uuid reads no file"},
    {"--ns-prefix=sometimes good.idl",
     "--ns-prefix is always, optional or never, and not 'sometimes'"},
    {"--check=yes good.idl", "unknown option '--check=yes'"},
    {"--checked good.idl", "unknown option '--checked'"},
    {"--check --depfile d good.idl", "--check writes nothing, so it does not go with --depfile"},
    {"-o \"`printf 'a\\tb'`\" good.idl", "a file name has a control character: 'a?b/good.h'"},
};

START_TEST(wrong_usage_is_status_2_and_says_why)
{
    ck_assert_int_eq(uvidl(wrong[_i].arguments), 2);
    ASSERT_OUTPUT(wrong[_i].says);
    ck_assert_uint_eq(file_count("."), 2);
}
END_TEST

START_TEST(an_import_that_is_not_found_is_status_1)
{
    write_file("lost.idl", "import \"nobody.idl\";\n");
    ck_assert_int_eq(uvidl("lost.idl"), 1);
    ASSERT_OUTPUT("lost.idl:1:8: error: ");
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_gets_nothing)
{
    ck_assert_int_eq(mkdir("closed", 0500), 0);
    if (geteuid() == 0)
        return; /* root may write anywhere */
    ck_assert_int_eq(uvidl("-o closed good.idl"), 2);
    ASSERT_OUTPUT("cannot write 'closed/good.h': Permission denied");
    ck_assert_uint_eq(file_count("closed"), 0);
}
END_TEST

START_TEST(an_output_that_cannot_be_replaced_leaves_the_others_alone)
{
    write_file("good.h", "old");
    ck_assert_int_eq(mkdir("good_p.c", 0700), 0);
    ck_assert_int_eq(uvidl("good.idl"), 2);
    ASSERT_OUTPUT("cannot write 'good_p.c': Is a directory");
    ck_assert_uint_eq(file_count("."), 4);
    free(output);
    output = read_file("good.h");
    ck_assert_str_eq(output, "old");
}
END_TEST

START_TEST(an_output_replaces_no_input)
{
    write_file("good.h", good);
    ck_assert_int_eq(uvidl("good.h"), 2);
    ASSERT_OUTPUT("cannot write 'good.h': it is one of the files that were read");
    ck_assert_int_eq(link("good.idl", "good_p.c"), 0);
    ck_assert_int_eq(unlink("good.h"), 0);
    ck_assert_int_eq(uvidl("good.idl"), 2);
    ASSERT_OUTPUT("cannot write 'good_p.c': it is one of the files that were read");
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

START_TEST(an_output_replaces_only_a_regular_file)
{
    struct stat status;

    ck_assert_int_eq(mkfifo("good_i.c", 0600), 0);
    ck_assert_int_eq(uvidl("good.idl"), 2);
    ASSERT_OUTPUT("cannot write 'good_i.c': it is not a regular file");
    ck_assert(lstat("good_i.c", &status) == 0 && S_ISFIFO(status.st_mode));
    ck_assert_int_eq(unlink("good_i.c"), 0);
    ck_assert_int_eq(symlink("nowhere", "good_i.c"), 0);
    ck_assert_int_eq(uvidl("good.idl"), 2);
    ASSERT_OUTPUT("cannot write 'good_i.c': it is a symbolic link");
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

START_TEST(a_name_with_a_control_character_is_refused)
{
    write_file("a\tb.idl", good);
    ck_assert_int_eq(uvidl("--depfile d *b.idl"), 2);
    ASSERT_OUTPUT("a file name has a control character: 'a?b.idl'");
    ck_assert_uint_eq(file_count("."), 3);
}
END_TEST

/* 2 to the 60th structs, if each were looked into wherever it is met. */
START_TEST(structs_of_two_equal_structs_take_no_time)
{
    FILE *file = fopen("deep.idl", "w");

    ck_assert_ptr_nonnull(file);
    fputs("import \"unknwn.idl\";\ntypedef struct S0 { LONG a; } S0;\n", file);
    for (int i = 1; i <= 60; i++)
        fprintf(file, "typedef struct S%d { S%d a; S%d b; } S%d;\n", i, i - 1, i - 1, i);
    fputs("[object, uuid(11111111-0000-0000-0000-000000000001)]\n"
          "interface IFoo : IUnknown { HRESULT M([in] S60 *a); }\n",
          file);
    fclose(file);
    ck_assert_int_eq(uvidl("--check deep.idl"), 0);
}
END_TEST

START_TEST(the_depfile_names_outputs_and_everything_that_was_read)
{
    char *text;

    write_file("part.idl", "typedef LONG part;\n");
    write_file("all.idl", "import \"unknwn.idl\";\n#include \"part.idl\"\n");
    ck_assert_int_eq(mkdir("sub", 0700), 0);
    ck_assert_int_eq(uvidl("-o sub --depfile all.d all.idl"), 0);
    text = read_file("all.d");
    ck_assert_ptr_eq(strstr(text, "sub/all.h sub/all_i.c sub/all_p.c:"), text);
    ck_assert_ptr_nonnull(strstr(text, "all.idl"));
    ck_assert_ptr_nonnull(strstr(text, "part.idl"));
    ck_assert_ptr_nonnull(strstr(text, "unknwn.idl"));
    free(text);
}
END_TEST

START_TEST(macros_are_defined_and_forgotten)
{
    write_file("macro.idl", "#ifdef A\nconst long X = A;\n#else\nconst long Y = 1;\n#endif\n");
    ck_assert_int_eq(uvidl("-DA=7 --header macro.idl"), 0);
    free(output);
    output = read_file("macro.h");
    ASSERT_OUTPUT("#define X (7)");
    ck_assert_int_eq(uvidl("-DA=7 -U A --header macro.idl"), 0);
    free(output);
    output = read_file("macro.h");
    ASSERT_OUTPUT("#define Y (1)");
}
END_TEST

START_TEST(imports_are_found_in_the_folders_that_were_named)
{
    ck_assert_int_eq(mkdir("inc", 0700), 0);
    write_file("inc/other.idl", "typedef struct other { long a; } other;\n");
    write_file("user.idl", "import \"other.idl\";\n");
    ck_assert_int_eq(uvidl("user.idl"), 1);
    ck_assert_int_eq(uvidl("-I inc --header user.idl"), 0);
    free(output);
    output = read_file("user.h");
    ASSERT_OUTPUT("#include \"other.h\"\n");
    ck_assert_ptr_null(strstr(output, "inc/"));
}
END_TEST

START_TEST(the_same_input_gives_the_same_bytes)
{
    char *first, *second;

    ck_assert_int_eq(uvidl("good.idl"), 0);
    first = read_file("good_p.c");
    ck_assert_int_eq(mkdir("other", 0700), 0);
    ck_assert_int_eq(uvidl("-o other $PWD/good.idl"), 0);
    second = read_file("other/good_p.c");
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
}
END_TEST

START_TEST(print_outputs_names_exactly_the_files_that_are_written)
{
    ck_assert_int_eq(mkdir("sub", 0700), 0);
    ck_assert_int_eq(uvidl("-o sub --depfile d --print-outputs good.idl x/not_there.yet.idl"), 0);
    ck_assert_str_eq(output, "sub/good.h\nsub/good_i.c\nsub/good_p.c\nsub/not_there.yet.h\n"
                             "sub/not_there.yet_i.c\nsub/not_there.yet_p.c\nd\n");
    ck_assert_uint_eq(file_count("."), 3);
    ck_assert_uint_eq(file_count("sub"), 0);
    ck_assert_int_eq(uvidl("-o sub/ --header --print-outputs good.idl"), 0);
    ck_assert_str_eq(output, "sub/good.h\n");
}
END_TEST

START_TEST(json_goes_to_standard_output_and_only_if_all_is_right)
{
    ck_assert_int_eq(uvidl("--json good.idl"), 0);
    ck_assert_ptr_eq(strstr(output, "{\"format\": \"uvidl-tree\", \"version\": 1"), output);
    ck_assert_int_eq(uvidl("--json good.idl bad.idl"), 1);
    ck_assert_ptr_eq(strstr(output, "bad.idl:1:"), output);
    ck_assert_ptr_null(strstr(output, "uvidl-tree"));
    ck_assert_int_eq(system(UVIDL " --new-uuid > /dev/full 2> full"), 2 << 8);
    free(output);
    output = read_file("full");
    unlink("full");
    ck_assert_str_eq(output, "uvidl: cannot write 'standard output': No space left on device\n");
    ck_assert_uint_eq(file_count("."), 2);
}
END_TEST

static const char twin[] =
    "import \"unknwn.idl\";\n"
    "[object, uuid(11111111-0000-0000-0000-000000000001),\n"
    " async_uuid(11111111-0000-0000-0000-000000000002)]\n"
    "interface IFoo : IUnknown { HRESULT M([in] LONG a, [in, out] LONG *b, [out] LONG *c); }\n"
    "[object, uuid(11111111-0000-0000-0000-000000000003)]\n"
    "interface IBar : IFoo { HRESULT N(); }\n";

START_TEST(layout_puts_the_two_halves_beside_their_method)
{
    write_file("twin.idl", twin);
    ck_assert_int_eq(uvidl_with("layout", "twin.idl"), 0);
    ck_assert_str_eq(
        output,
        "# IFoo 11111111-0000-0000-0000-000000000001\n"
        "# AsyncIFoo 11111111-0000-0000-0000-000000000002\n"
        " slot offset  IFoo : IUnknown                        slot offset  AsyncIFoo : IUnknown\n"
        "    0      0  QueryInterface(riid, out ppvObject)       0      0  QueryInterface(riid, "
        "out "
        "ppvObject)\n"
        "    1      8  AddRef()                                  1      8  AddRef()\n"
        "    2     16  Release()                                 2     16  Release()\n"
        "    3     24  M(a, in out b, out c)                     3     24  Begin_M(a, b)\n"
        "                                                        4     32  Finish_M(b, c)\n"
        "\n"
        "# IBar 11111111-0000-0000-0000-000000000003\n"
        " slot offset  IBar : IFoo\n"
        "    0      0  QueryInterface(riid, out ppvObject)\n"
        "    1      8  AddRef()\n"
        "    2     16  Release()\n"
        "    3     24  M(a, in out b, out c)\n"
        "    4     32  N()\n"
        "\n");
    ck_assert_int_eq(uvidl_with("layout", "twin.idl bad.idl"), 1);
    ck_assert_ptr_null(strstr(output, "IFoo"));
}
END_TEST

START_TEST(graph_has_every_interface_with_its_base_and_its_twin)
{
    write_file("twin.idl", twin);
    ck_assert_int_eq(uvidl_with("graph", "twin.idl"), 0);
    ck_assert_str_eq(output, "digraph idl {\n"
                             "    rankdir=BT;\n"
                             "    node [shape=box];\n"
                             "    \"IFoo\";\n"
                             "    \"IFoo\" -> \"IUnknown\";\n"
                             "    \"AsyncIFoo\" [style=dashed];\n"
                             "    \"AsyncIFoo\" -> \"IUnknown\";\n"
                             "    \"IFoo\" -> \"AsyncIFoo\" [style=dashed, dir=none, "
                             "label=\"async\"];\n"
                             "    \"IBar\";\n"
                             "    \"IBar\" -> \"IFoo\";\n"
                             "}\n");
}
END_TEST

START_TEST(docs_writes_two_pages_or_none)
{
    ck_assert_int_eq(mkdir("sub", 0700), 0);
    ck_assert_int_eq(uvidl_with("docs", "-o sub --depfile sub/d --print-outputs good.idl"), 0);
    ck_assert_str_eq(output, "sub/good.md\nsub/good.html\nsub/d\n");
    ck_assert_uint_eq(file_count("sub"), 0);
    ck_assert_int_eq(uvidl_with("docs", "-o sub good.idl bad.idl"), 1);
    ck_assert_uint_eq(file_count("sub"), 0);
    ck_assert_int_eq(uvidl_with("docs", "-o sub --depfile sub/d good.idl"), 0);
    ck_assert_str_eq(output, "");
    ck_assert_uint_eq(file_count("sub"), 3);
    free(output);
    output = read_file("sub/d");
    ck_assert_ptr_eq(strstr(output, "sub/good.md sub/good.html: "), output);
    ASSERT_OUTPUT("unknwn.idl");
}
END_TEST

START_TEST(each_subcommand_has_help_and_a_file_may_have_its_name)
{
    static const char *const names[] = {"diff", "docs", "layout", "graph"};
    char text[64], *help;

    ck_assert_int_eq(uvidl("--help"), 0);
    help = output;
    output = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "\n  %s", names[i]);
        ck_assert_msg(strstr(help, text) != NULL, "--help has no %s", names[i]);
        snprintf(text, sizeof text, "Usage: uvidl %s [options] ", names[i]);
        ck_assert_int_eq(uvidl_with(names[i], "--help"), 0);
        ck_assert_ptr_eq(strstr(output, text), output);
        ASSERT_OUTPUT("Exit status: 0 ");
    }
    free(help);
    write_file("docs", good);
    ck_assert_int_eq(uvidl("./docs"), 0);
    ck_assert(exists("docs.h"));
}
END_TEST

START_TEST(a_new_uuid_is_random_and_can_be_used)
{
    char first[64], text[300];

    ck_assert_int_eq(uvidl("--new-uuid"), 0);
    ck_assert_uint_eq(strlen(output), 37);
    ck_assert_uint_eq(strspn(output, "0123456789abcdef-\n"), 37);
    ck_assert(output[14] == '4' && strchr("89ab", output[19]));
    snprintf(first, sizeof first, "%.36s", output);
    snprintf(text, sizeof text,
             "import \"unknwn.idl\"; [object, uuid(%s)] interface IFoo : IUnknown {}", first);
    write_file("new.idl", text);
    ck_assert_int_eq(uvidl("--check new.idl"), 0);
    ck_assert_int_eq(uvidl("--new-uuid"), 0);
    ck_assert_str_ne(first, output);
}
END_TEST

START_TEST(help_and_version_go_to_standard_output)
{
    ck_assert_int_eq(uvidl("--help 2> /dev/null"), 0);
    ASSERT_OUTPUT("Usage: uvidl [options] FILE.idl ...");
    ck_assert_int_eq(uvidl("--version 2> /dev/null"), 0);
    ck_assert_ptr_eq(strstr(output, "uvidl 0."), output);
}
END_TEST

static Suite *command_suite(void)
{
    Suite *suite = suite_create("command");
    TCase *tcase = tcase_create("command");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_good_file_gives_three_files_and_no_word);
    tcase_add_test(tcase, the_output_folder_is_obeyed);
    tcase_add_test(tcase, header_writes_only_the_header);
    tcase_add_test(tcase, check_writes_nothing);
    tcase_add_test(tcase, a_bad_file_is_status_1_with_a_position_and_no_output);
    tcase_add_test(tcase, one_bad_file_keeps_the_good_one_from_being_written);
    tcase_add_test(tcase, a_parameter_that_no_call_can_carry_is_status_1);
    tcase_add_loop_test(tcase, wrong_usage_is_status_2_and_says_why, 0,
                        sizeof wrong / sizeof *wrong);
    tcase_add_test(tcase, an_import_that_is_not_found_is_status_1);
    tcase_add_test(tcase, a_folder_that_cannot_be_written_gets_nothing);
    tcase_add_test(tcase, an_output_that_cannot_be_replaced_leaves_the_others_alone);
    tcase_add_test(tcase, an_output_replaces_no_input);
    tcase_add_test(tcase, an_output_replaces_only_a_regular_file);
    tcase_add_test(tcase, a_name_with_a_control_character_is_refused);
    tcase_add_test(tcase, structs_of_two_equal_structs_take_no_time);
    tcase_add_test(tcase, the_depfile_names_outputs_and_everything_that_was_read);
    tcase_add_test(tcase, macros_are_defined_and_forgotten);
    tcase_add_test(tcase, imports_are_found_in_the_folders_that_were_named);
    tcase_add_test(tcase, the_same_input_gives_the_same_bytes);
    tcase_add_test(tcase, print_outputs_names_exactly_the_files_that_are_written);
    tcase_add_test(tcase, json_goes_to_standard_output_and_only_if_all_is_right);
    tcase_add_test(tcase, layout_puts_the_two_halves_beside_their_method);
    tcase_add_test(tcase, graph_has_every_interface_with_its_base_and_its_twin);
    tcase_add_test(tcase, docs_writes_two_pages_or_none);
    tcase_add_test(tcase, each_subcommand_has_help_and_a_file_may_have_its_name);
    tcase_add_test(tcase, a_new_uuid_is_random_and_can_be_used);
    tcase_add_test(tcase, help_and_version_go_to_standard_output);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(command_suite)
