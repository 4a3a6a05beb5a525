/*
 * tests/idl/test_preprocess.c -- directives, macros, -D and -U, and the search for files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/idl/compile.h"
#include "tests/support/runner.h"

static struct idl *compile_with(const struct idl_define *defines, size_t count, const char *text)
{
    struct idl_options options = {.defines = defines, .define_count = count};
    struct idl *idl = idl_create(&options);

    ck_assert_ptr_nonnull(idl);
    idl_compile_text(idl, "test.idl", text, strlen(text));
    return idl;
}

static const struct condition_row {
    const char *condition;
    bool is_true;
} condition_rows[] = {
    {"1", true},
    {"0", false},
    {"2 * 3 + 4 == 10 && 2 + 3 * 4 == 14", true},
    {"(1 ? 2 : 3) == 2", true},
    {"(0 ? 1 / 0 : 3) == 3", true},
    {"0 && 1 / 0 || 1", true},
    {"-1 < 0", true},
    {"-1 < 0u", false},
    {"0xFFFFFFFFFFFFFFFF > 1", true},
    {"10000000000 > 1", true},
    {"~0 == -1", true},
    {"!NAME", true},
    {"'a' == 97", true},
    {"7 % 4 == 3 && -7 / 2 == -3", true},
    {"1 << 4 >> 2 == 4", true},
    {"(6 & 3 ^ 1 | 8) == 11", true},
    {"1 - 1 - 1 == -1", true},
    {"defined(ONE) && defined TWO && !defined(THREE)", true},
    {"ONE + TWO == 3", true},
    {"__midl >= 500 && __midl == 801", true},
    {"defined(_WIN32) && defined _WIN64 && defined(__LINE__) && defined(__WIDL__)", true},
    {"18446744073709551615 == -1 && 0xFFFFFFFFFFFFFFFFULL == ~0", true},
    {"0x8000000000000000 > 0 && 9223372036854775807 > 0 && -9223372036854775807 - 1 < 0", true},
    {"1L == 1 && 1ul == 1 && 0x1ui64 == 1i64 && 010 == 8 && 0b11 == 3", true},
    {"L'a' == 97 && '\\n' == 10 && '\\x41' == 65 && '\\0' == 0 && '\\'' == 39", true},
    {"(5 > 4) + (5 >= 5) + (4 < 5) + (5 <= 5) + (1 != 2) + (2 == 2) == 6", true},
    {"(12 & 10) == 8 && (12 | 10) == 14 && (12 ^ 10) == 6 && ~12 == -13 && !0 && !!7", true},
    {"1 << 62 << 1 < 0 && -8 >> 1 == -4 && 0x8000000000000000u >> 63 == 1", true},
    {"+1 - -1 == 2 && - - 1 == 1 && 7 / 2 == 3 && -7 % 4 == -3", true},
    {"1 ? 0 : 1 ? 1 : 1", false},
    {"0 ? 1 : 0 ? 0 : 1", true},
    {"1 || 1 / 0", true},
    {"0 ? 1 / 0 : 1 || 1 % 0", true},
    {"(0 && 1 / 0) == 0 && (1 ? 1 : 1 / 0)", true},
    {"long == 0 && interface == 0 && import + struct == 0", true},
    {"SUM(1, SUM(2, 3)) == 6 && SUM(ONE, TWO) == 3", true},
    {"SUM (1,2) == 3 && !SUM", true},
    {"HAS && !HAS_NOT", true},
    {"defined ONE + defined(TWO) == 2", true},
    {"( ( ( ( ( 1 ) ) ) ) )", true},
    {"1 /* comment */ == /* another\nline */ 1 // and one more", true},
    {"1 == \\\n 1", true},
    {"0x7f3a1c10 - 0x1111 - 0x4000 == 0x7f39cb00 - 1", true},
};

START_TEST(a_condition_is_worth_what_c_says)
{
    const struct condition_row *row = &condition_rows[_i];
    char text[500];
    struct idl *idl;

    snprintf(text, sizeof text,
             "#define ONE 1\n#define TWO (ONE + ONE)\n#define SUM(a, b) ((a) + (b))\n"
             "#define HAS defined(ONE)\n#define HAS_NOT defined(THREE)\n#if %s\nconst long yes = "
             "1;\n#else\n"
             "const long no = 1;\n#endif\n",
             row->condition);
    idl = compile_clean(text);
    ck_assert_str_eq(idl_main_file(idl)->declarations->name, row->is_true ? "yes" : "no");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_definition_on_the_command_line_is_seen)
{
    static const struct idl_define defines[] = {{"ONE", false},
                                                {"TWO=1 + 1", false},
                                                {"THREE=3", false},
                                                {"THREE", true},
                                                {"EMPTY=", false}};
    struct idl *idl = compile_with(defines, 5,
                                   "#if ONE == 1 && TWO == 2 && !defined(THREE) && defined(EMPTY)\n"
                                   "const long yes EMPTY = 1;\n#endif");

    ck_assert_str_eq(idl_messages(idl), "");
    ck_assert_str_eq(idl_main_file(idl)->declarations->name, "yes");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_bad_definition_on_the_command_line_is_told)
{
    static const struct idl_define defines[] = {{"3=4", false}};
    struct idl *idl = compile_with(defines, 1, "");

    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "<command line>:1:9: error: "));
    idl_destroy(idl);
}
END_TEST

START_TEST(macros_do_not_pass_an_import_in_either_direction)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("#define LONG 3\nimport \"unknwn.idl\";\n#undef LONG\ntypedef LONG T;");
    idl_destroy(idl);
    idl = compile_clean("#define A 1\nimport \"part/macros.idl\";\nconst long B = A;\n"
                        "#undef A\n#if defined(A) || defined(F)\n#error\n#endif\n"
                        "#define A IMPORTED\nconst long C = A;");
    ck_assert_int_eq(find_declaration(idl, "B")->value->value, 1);
    ck_assert_int_eq(find_declaration(idl, "C")->value->value, 2);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_file_is_imported_once_whatever_its_spelling)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("import \"part/included.h\", \"part/../part/included.h\";\n"
                        "import \"./part/included.h\";\ntypedef INCLUDED T;");
    ck_assert_ptr_eq(idl_main_file(idl)->declarations->imported,
                     idl_main_file(idl)->declarations->next->imported);
    idl_destroy(idl);
}
END_TEST

START_TEST(files_are_searched_beside_then_in_folders_then_in_the_system)
{
    static const char *const folders[] = {"part", NULL};
    struct idl_options options = {.folders = folders, .system_folder = "../system"};
    static const char text[] = "import \"included.h\", \"unknwn.idl\";\n#include <included.h>\n"
                               "struct A { INCLUDED a[INCLUDED_VALUE]; };\n";
    const struct declaration *import;
    struct idl *idl = idl_create(&options);

    enter_folder("ok");
    ck_assert_int_eq(idl_compile_text(idl, "test.idl", text, strlen(text)), IDL_OK);
    ck_assert_str_eq(idl_main_file(idl)->declarations->next->next->name, "INCLUDED"); /* textual */
    idl_destroy(idl);
    idl = idl_create(&options);
    ck_assert_int_eq(idl_compile_text(idl, "test.idl", text, 36), IDL_OK);
    import = idl_main_file(idl)->declarations;
    ck_assert(!import->imported->is_system);
    ck_assert(import->next->imported->is_system);
    ck_assert_str_eq(import->next->imported->path, "../system/unknwn.idl");
    ck_assert_str_eq(import->next->imported->name, "unknwn.idl");
    ck_assert_uint_eq(idl_dependency_count(idl), 4);
    ck_assert_str_eq(idl_dependency(idl, 0), "test.idl");
    ck_assert_str_eq(idl_dependency(idl, 1), "part/included.h");
    ck_assert_str_eq(idl_dependency(idl, 3), "../system/wtypes.idl");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_macro_that_names_itself_ends)
{
    idl_destroy(compile_clean("#define A B\n#define B A\n#define long long\n"
                              "typedef long A;\ntypedef A T;"));
}
END_TEST

START_TEST(a_chain_of_many_macros_is_no_deep_recursion)
{
    const size_t count = 100000;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct idl *idl;

    for (size_t i = 0; i < count; i++)
        fprintf(out, "#define M%zu M%zu\n", i, i + 1);
    fprintf(out, "#define M%zu 7\nconst long A = M0;\n", count);
    fclose(out);
    idl = compile_clean(text);
    ck_assert_int_eq(find_declaration(idl, "A")->value->value, 7);
    idl_destroy(idl);
    free(text);
}
END_TEST

START_TEST(what_midl_defines_can_be_changed)
{
    static const struct idl_define defines[] = {
        {"__midl=500", false}, {"_WIN64", true}, {"F(x)=x + 1", false}};
    struct idl *idl = compile_with(defines, 3,
                                   "#if __midl == 500 && !defined(_WIN64) && F(2) == 3\n"
                                   "const long yes = 1;\n#endif");

    ck_assert_str_eq(idl_messages(idl), "");
    ck_assert_str_eq(idl_main_file(idl)->declarations->name, "yes");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_second_value_is_told_and_taken)
{
    struct idl *idl = compile("#define A 1\n#define A 2\nconst long B = A;");

    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "test.idl:2:9: warning: "));
    ck_assert_int_eq(find_declaration(idl, "B")->value->value, 2);
    idl_destroy(idl);
    idl_destroy(compile_clean("#define A 0x10\n#define A 0x0010\n#define F(a) a  +1\n"
                              "#define F(a) a /* */ +1\n#define __midl 1\n"));
}
END_TEST

/* Windows does not tell them apart; the header must have the name that the file has. */
START_TEST(a_file_is_found_whatever_the_case_of_its_name)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile("import \"Part/ITSELF.Idl\";\n#include \"Part\\Once.H\"\nconst long A = ONCE;");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "test.idl:1:8: warning: the file is named "
                                                    "'itself.idl'"));
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "test.idl:2:10: warning: the file is named "
                                                    "'once.h'"));
    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "part/itself.idl");
    idl_destroy(idl);
}
END_TEST

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(of_files_that_differ_in_case_the_choice_is_always_the_same)
{
    static const char *const names[] = {"tEsT.idl", "Test.idl", "tesT.idl", "TESt.idl"};
    char folder[] = "/tmp/uvidl-case-XXXXXX";
    struct idl *idl;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    for (size_t i = 0; i < 4; i++)
        write_file(names[i], "");
    idl = compile("import \"test.idl\", \"tesT.idl\";");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "TESt.idl");
    ck_assert_str_eq(idl_main_file(idl)->declarations->next->text, "tesT.idl");
    idl_destroy(idl);
    for (size_t i = 0; i < 4; i++)
        unlink(names[i]);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(a_name_of_a_file_may_have_backslashes_or_be_a_macro)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("import \"part\\itself.idl\", \"part\\\\packs.idl\";\n"
                        "#define NAME \"part/once.h\"\n#define TEXT(x) #x\n#define PART part\n"
                        "#include NAME\n#undef NAME\n#include TEXT(part/included.h)\n"
                        "const long A = ONCE;");
    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "part/itself.idl");
    ck_assert_str_eq(idl_main_file(idl)->declarations->next->text, "part/packs.idl");
    idl_destroy(idl);
}
END_TEST

START_TEST(directives_may_stand_inside_of_lists)
{
    idl_destroy(compile_clean("import \"unknwn.idl\";\n[\n    object,\n#if (__midl >= 500)\n"
                              "    async_uuid(" UUID_2 "),\n#endif\n#ifndef NO\n    uuid(" UUID_1
                              ")\n#else\n,\n#endif\n]\ninterface IFoo : IUnknown\n{\n"
                              "    HRESULT Do([in] long a,\n#ifdef NO\n        [in] none b,\n"
                              "#endif\n#pragma region\n        [in] long c);\n}\n"));
}
END_TEST

static char *repeated(const char *first, const char *middle, const char *last, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < count; i++)
        fputs(first, out);
    fputs(middle, out);
    for (size_t i = 0; i < count; i++)
        fputs(last, out);
    fclose(out);
    return text;
}

START_TEST(conditions_may_stand_in_each_other_a_thousandfold)
{
    static const char *const firsts[] = {"#if 1\n", "#if 0\n", "#ifndef A\n"};
    char *text = repeated(firsts[_i], "\n", "#endif\n", 100000);

    idl_destroy(compile_clean(text));
    free(text);
}
END_TEST

START_TEST(macros_that_unfold_without_end_are_stopped)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fprintf(out, "#define M0(x) x x\n#define S(x) #x\n#define C(x, y) x##y\n");
    for (int i = 1; i < 60; i++)
        fprintf(out, "#define M%d(x) M%d(M%d(x))\n", i, i - 1, i - 1);
    fprintf(out, "const long A = M59(S(C(1, 2)));\n");
    fclose(out);
    check_message(text, "[too-big]");
    free(text);
}
END_TEST

START_TEST(arguments_in_each_other_have_a_limit)
{
    char *text = repeated("F(", "1", ")", 150);
    char *whole;

    ck_assert_int_gt(asprintf(&whole, "#define F(x) x\nconst long A = %s;\n", text), 0);
    idl_destroy(compile_clean(whole));
    free(whole);
    free(text);
    text = repeated("F(", "1", ")", 1000);
    ck_assert_int_gt(asprintf(&whole, "#define F(x) x\nconst long A = %s;\n", text), 0);
    check_message(whole, "macros are arguments of each other more than 200 deep [nesting-depth]");
    free(whole);
    free(text);
}
END_TEST

static Suite *preprocess_suite(void)
{
    Suite *suite = suite_create("preprocess");
    TCase *conditions = tcase_create("conditions");
    TCase *macros = tcase_create("macros");
    TCase *files = tcase_create("files");

    tcase_add_loop_test(conditions, a_condition_is_worth_what_c_says, 0,
                        sizeof condition_rows / sizeof *condition_rows);
    suite_add_tcase(suite, conditions);
    tcase_add_test(macros, a_definition_on_the_command_line_is_seen);
    tcase_add_test(macros, a_bad_definition_on_the_command_line_is_told);
    tcase_add_test(macros, a_macro_that_names_itself_ends);
    tcase_add_test(macros, a_chain_of_many_macros_is_no_deep_recursion);
    tcase_add_test(macros, what_midl_defines_can_be_changed);
    tcase_add_test(macros, a_second_value_is_told_and_taken);
    tcase_add_test(macros, directives_may_stand_inside_of_lists);
    tcase_add_loop_test(macros, conditions_may_stand_in_each_other_a_thousandfold, 0, 3);
    tcase_add_test(macros, macros_that_unfold_without_end_are_stopped);
    tcase_add_test(macros, arguments_in_each_other_have_a_limit);
    suite_add_tcase(suite, macros);
    tcase_add_test(files, macros_do_not_pass_an_import_in_either_direction);
    tcase_add_test(files, a_file_is_imported_once_whatever_its_spelling);
    tcase_add_test(files, files_are_searched_beside_then_in_folders_then_in_the_system);
    tcase_add_test(files, a_file_is_found_whatever_the_case_of_its_name);
    tcase_add_test(files, of_files_that_differ_in_case_the_choice_is_always_the_same);
    tcase_add_test(files, a_name_of_a_file_may_have_backslashes_or_be_a_macro);
    suite_add_tcase(suite, files);
    return suite;
}

UVCOM_TEST_MAIN(preprocess_suite)
