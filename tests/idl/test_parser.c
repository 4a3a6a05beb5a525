/*
 * tests/idl/test_parser.c -- text to tree: the files of ok/ against their .tree, and inputs too big
 * or too deep to keep as files.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/idl/compile.h"
#include "tests/idl/tree_text.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static struct dirent **files;
static int file_count;

static int is_idl(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && strcmp(entry->d_name + length - 4, ".idl") == 0;
}

START_TEST(a_right_file_becomes_the_tree_beside_it)
{
    const char *name = files[_i]->d_name;
    struct idl *idl = idl_create(test_options());
    char *text = NULL;
    char golden[300];
    size_t size;
    FILE *out;

    enter_folder("ok");
    ck_assert_msg(idl_compile(idl, name) == IDL_OK, "%s", idl_messages(idl));
    out = open_memstream(&text, &size);
    tree_text(out, idl_main_file(idl));
    fclose(out);
    snprintf(golden, sizeof golden, "tests/idl/ok/%.*s.tree", (int)strlen(name) - 4, name);
    golden_check(golden, text);
    free(text);
    idl_destroy(idl);
}
END_TEST

/* before, `count` times middle, after */
static char *repeat(const char *before, const char *middle, size_t count, const char *after)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(before, out);
    for (size_t i = 0; i < count; i++)
        fputs(middle, out);
    fputs(after, out);
    fclose(out);
    return text;
}

static const struct deep_row {
    const char *before, *middle, *after;
} deep_rows[] = {
    {"const long A = ", "(", "1"},
    {"const long A = ", "- ", "1"},
    {"const long A = ", "1 ? 2 : ", "1"},
    {"const long A = 1", " + 1", ";"},
    {"typedef long ", "(", "p"},
    {"typedef long ", "*", "p;"},
    {"typedef long A", "[2]", ";"},
    {"", "struct A {", ""},
    {"typedef ", "SAFEARRAY(", ""},
    {"typedef long A", "(long (*", ";"},
    {"#if ", "(", "\n#endif"},
    {"#if ", "!", "1\n#endif"},
};

START_TEST(nesting_of_ten_thousand_is_one_message)
{
    const struct deep_row *row = &deep_rows[_i];
    char *text = repeat(row->before, row->middle, 10000, row->after);
    struct idl *idl = compile(text);

    ck_assert_msg(strstr(idl_messages(idl), "[nesting-depth]") != NULL, "%s: %s", row->middle,
                  idl_messages(idl));
    ck_assert_msg(idl_error_count(idl) <= 2, "%s: %s", row->middle, idl_messages(idl));
    idl_destroy(idl);
    free(text);
}
END_TEST

START_TEST(what_is_deep_but_harmless_is_read)
{
    char *text = repeat("const long A = 3;", ";", 100000, "\n");
    char *comments = repeat("", "#if 1\n", 100000, "");
    struct idl *idl = compile_clean(text);

    idl_destroy(idl);
    idl = compile(comments);
    ck_assert_uint_eq(idl_error_count(idl), 100000);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "99900 more errors are not shown\n"));
    idl_destroy(idl);
    free(text);
    free(comments);
}
END_TEST

static double seconds_for(const char *text)
{
    double best = 1e9;

    for (int i = 0; i < 3; i++) {
        clock_t begin = clock();
        double seconds;

        idl_destroy(compile(text));
        seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        best = seconds < best ? seconds : best;
    }
    return best;
}

static const char *const long_inputs[] = {
    "typedef struct { long a; byte *b; } *T;\n", /* a redefinition each */
    "/* comment */ // and another\n",
    "[size_is(1), size_is(2)] ",
    "interface I;\n",
    "\xff\n",
    "{",
    "\"",
    "1 + ",
    "a b c ;",
    "#define A 1\n",
};

/* Quadratic time would show as a factor of 4. Small inputs measure nothing, so they are large. */
START_TEST(time_grows_with_the_length_and_not_faster)
{
    size_t count = 100000 / strlen(long_inputs[_i]);
    char *once = repeat("", long_inputs[_i], count, "");
    char *twice = repeat("", long_inputs[_i], 4 * count, "");
    double first = seconds_for(once), second = seconds_for(twice);

    /* 4 times the text; 16 would be quadratic. The constant is for a machine that is busy. */
    ck_assert_msg(second < 10 * first + 0.05, "%s: %f s, %f s", long_inputs[_i], first, second);
    free(once);
    free(twice);
}
END_TEST

START_TEST(a_long_enum_interface_and_struct_are_read)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct idl *idl;

    fputs(OBJECT_IDL "{\n", out);
    for (int i = 0; i < 5000; i++)
        fprintf(out, "HRESULT M%d([in] long a, [in, size_is(a)] BYTE *b);\n", i);
    fputs("}\nenum E {\n", out);
    for (int i = 0; i < 5000; i++)
        fprintf(out, "E%d,\n", i);
    fputs("};\nstruct S {\n", out);
    for (int i = 0; i < 5000; i++)
        fprintf(out, "long f%d;\n", i);
    fputs("};\n", out);
    fclose(out);
    idl = compile_clean(text);
    find_method(find_interface(idl, "IFoo"), "M4999");
    idl_destroy(idl);
    free(text);
}
END_TEST

START_TEST(random_bytes_are_told_and_nothing_else_happens)
{
    unsigned state = (unsigned)_i * 2654435761u + 1;
    char bytes[4096];
    struct idl *idl;

    for (size_t i = 0; i < sizeof bytes; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (char)(state >> 24);
    }
    idl = compile_bytes(bytes, sizeof bytes);
    ck_assert_uint_gt(idl_error_count(idl), 0);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "test.idl:1:"));
    idl_destroy(idl);
}
END_TEST

START_TEST(a_missing_file_is_no_error_of_the_idl)
{
    struct idl *idl = idl_create(NULL);

    ck_assert_int_eq(idl_compile(idl, "/no/such/file.idl"), IDL_CANNOT_READ);
    ck_assert_str_eq(idl_messages(idl),
                     "error: there is no file '/no/such/file.idl' [file-not-found]\n");
    idl_destroy(idl);
    idl = idl_create(NULL);
    ck_assert_int_eq(idl_compile(idl, "/"), IDL_CANNOT_READ);
    idl_destroy(idl);
    idl = idl_create(NULL);
    ck_assert_int_eq(idl_compile(idl, "/dev/zero"), IDL_CANNOT_READ);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_file_above_64_mib_is_refused)
{
    int file = memfd_create("large.idl", MFD_CLOEXEC);
    struct idl *idl = idl_create(NULL);
    char path[64];

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, 64L * 1024 * 1024 + 1), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    ck_assert_int_eq(idl_compile(idl, path), IDL_ERRORS);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "[too-big]"));
    idl_destroy(idl);
    close(file);
}
END_TEST

START_TEST(literals_beside_each_other_are_one_and_one_that_is_wide_makes_all_wide)
{
    struct idl *idl = compile_clean("import \"unknwn.idl\";\n#define W(x) L##x\n"
                                    "const char *A = \"a\" /* b */ \"c\";\n"
                                    "const wchar_t *B = L\"a\" L\"b\";\n"
                                    "const wchar_t *C = \"a\" W(\"b\") \"\";\n");

    ck_assert_str_eq(find_declaration(idl, "A")->value->text, "\"a\" \"c\"");
    ck_assert_str_eq(find_declaration(idl, "B")->value->text, "L\"a\" \"b\"");
    ck_assert_str_eq(find_declaration(idl, "C")->value->text, "L\"a\" \"b\" \"\"");
    idl_destroy(idl);
}
END_TEST

static Suite *parser_suite(void)
{
    Suite *suite = suite_create("parser");
    TCase *trees = tcase_create("trees");
    TCase *large = tcase_create("large");
    TCase *bad = tcase_create("bad");

    file_count = scandir(UVCOM_TEST_SOURCE_DIR "/ok", &files, is_idl, alphasort);
    tcase_add_loop_test(trees, a_right_file_becomes_the_tree_beside_it, 0,
                        file_count > 0 ? file_count : 1);
    suite_add_tcase(suite, trees);
    tcase_set_timeout(large, 60);
    tcase_add_loop_test(large, nesting_of_ten_thousand_is_one_message, 0,
                        sizeof deep_rows / sizeof *deep_rows);
    tcase_add_test(large, literals_beside_each_other_are_one_and_one_that_is_wide_makes_all_wide);
    tcase_add_test(large, what_is_deep_but_harmless_is_read);
    tcase_add_loop_test(large, time_grows_with_the_length_and_not_faster, 0,
                        sizeof long_inputs / sizeof *long_inputs);
    tcase_add_test(large, a_long_enum_interface_and_struct_are_read);
    suite_add_tcase(suite, large);
    tcase_add_loop_test(bad, random_bytes_are_told_and_nothing_else_happens, 0, 50);
    tcase_add_test(bad, a_missing_file_is_no_error_of_the_idl);
    tcase_add_test(bad, a_file_above_64_mib_is_refused);
    suite_add_tcase(suite, bad);
    return suite;
}

UVCOM_TEST_MAIN(parser_suite)
