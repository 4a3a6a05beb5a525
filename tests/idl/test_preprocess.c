/*
 * tests/idl/test_preprocess.c -- directives, macros, -D and -U, and the search for files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    {"__midl >= 500", true},
};

START_TEST(a_condition_is_worth_what_c_says)
{
    const struct condition_row *row = &condition_rows[_i];
    char text[300];
    struct idl *idl;

    snprintf(text, sizeof text,
             "#define ONE 1\n#define TWO (ONE + ONE)\n#if %s\nconst long yes = 1;\n#else\n"
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
    suite_add_tcase(suite, macros);
    tcase_add_test(files, macros_do_not_pass_an_import_in_either_direction);
    tcase_add_test(files, a_file_is_imported_once_whatever_its_spelling);
    tcase_add_test(files, files_are_searched_beside_then_in_folders_then_in_the_system);
    suite_add_tcase(suite, files);
    return suite;
}

UVCOM_TEST_MAIN(preprocess_suite)
