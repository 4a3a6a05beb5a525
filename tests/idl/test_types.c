/*
 * tests/idl/test_types.c -- what real IDL does with types, names and order: headers of C that are
 * imported, what is said twice or too late, names that C keeps for itself, C's own arithmetic.
 */
#include <string.h>

#include "idl/attribute.h"
#include "tests/idl/compile.h"
#include "tests/support/runner.h"

START_TEST(a_base_may_be_defined_later_and_then_comes_first)
{
    struct idl *idl = compile_clean(
        UNKNOWN_IDL "[object, uuid(" UUID_1 ")] interface IFoo : IBar { HRESULT A(); }\n"
                    "typedef long T;\n"
                    "[object, uuid(" UUID_2 ")] interface IBar : IUnknown { HRESULT B(); }\n"
                    "typedef long U;\n");
    const struct declaration *d = find_declaration(idl, "T");

    ck_assert_ptr_eq(find_interface(idl, "IFoo")->base, find_interface(idl, "IBar"));
    ck_assert_str_eq(d->next->interface->name, "IBar");
    ck_assert_str_eq(d->next->next->interface->name, "IFoo");
    ck_assert_str_eq(d->next->next->next->name, "U");
    ck_assert_ptr_null(d->next->next->next->next);
    idl_destroy(idl);
}
END_TEST

START_TEST(bases_that_all_come_later_are_put_in_order)
{
    struct idl *idl = compile_clean(
        UNKNOWN_IDL "[local] interface IA : IB {}\n[local] interface IA2 : IB {}\n"
                    "[local] interface IB : IC {}\n[local] interface IC : IUnknown {}\n");
    const struct declaration *d = find_declaration(idl, "IC");

    ck_assert_str_eq(d->next->name, "IB");
    ck_assert_str_eq(d->next->next->name, "IA");
    ck_assert_str_eq(d->next->next->next->name, "IA2");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_typedef_may_be_said_again_if_it_says_the_same)
{
    idl_destroy(compile_clean("typedef long LONG; typedef int LONG; typedef LONG LONG;\n"
                              "typedef struct { long x, y; } P; typedef struct { LONG x, y; } P;\n"
                              "typedef enum { A1, B1 } *Q;\n"));
    check_message("typedef long T; typedef unsigned long T;", "[redefinition]");
    check_message("typedef struct { long x; } T; typedef struct { long y; } T;", "[redefinition]");
    check_message("typedef long T; typedef long *T;", "[redefinition]");
    check_message("typedef long *T; typedef const long *T;", "[redefinition]");
    check_message("typedef long T[3]; typedef long T[4];", "[redefinition]");
}
END_TEST

START_TEST(a_parameter_gives_its_name_up_where_c_needs_it)
{
    struct idl *idl =
        compile_clean(OBJECT_IDL "{ HRESULT A([in] LONG class, [in] LONG LONG, [in] LONG This,\n"
                                 "[in] LONG errno, [in] LONG class_, [in] LONG other); }");
    const struct method *method = find_method(find_interface(idl, "IFoo"), "A");
    static const char *const names[] = {"class__", "LONG_", "This_", "errno_", "class_", "other"};
    const struct parameter *p = method->parameters;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++, p = p->next)
        ck_assert_str_eq(p->name, names[i]);
    idl_destroy(idl);
}
END_TEST

START_TEST(arithmetic_is_that_of_the_types_that_c_gives)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"const unsigned long A = ~0u;", 0xFFFFFFFF},
        {"const unsigned long A = 0xFFFFFFFF + 2;", 1},
        {"const long A = 1 << 31;", INT32_MIN},
        {"const unsigned hyper A = ~0ULL >> 60;", 15},
        {"const hyper A = 0x80000000 + 0LL;", 0x80000000},
        {"const hyper A = 4294967295 + 1;", 4294967296},
        {"const long A = -1 < 0u;", 0},
        {"const boolean A = TRUE;", 1},
        {"const long A = FALSE || NULL;", 0},
        {"const unsigned long Z = -1; const long A = Z > 5;", 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct idl *idl = compile_clean(rows[i].text);

        ck_assert_msg(find_declaration(idl, "A")->value->value == rows[i].value, "%s",
                      rows[i].text);
        idl_destroy(idl);
    }
}
END_TEST

START_TEST(an_address_may_be_a_constant)
{
    idl_destroy(compile_clean("const wchar_t *A = (wchar_t *)-1; typedef struct { int x; } *K;\n"
                              "const K B = (K)(-1);"));
    check_message("const long *A = (long *)1.5;", "[not-constant]");
}
END_TEST

START_TEST(safearray_is_a_name_where_no_type_follows_in_parentheses)
{
    struct idl *idl = compile_clean(
        "typedef struct tagSAFEARRAY { long n; } SAFEARRAY;\ntypedef SAFEARRAY *LPSAFEARRAY;\n"
        "typedef SAFEARRAY(long) LONGS;");

    ck_assert_int_eq(find_declaration(idl, "LPSAFEARRAY")->type->target->kind, TYPE_ALIAS);
    ck_assert_int_eq(find_declaration(idl, "LONGS")->type->kind, TYPE_SAFEARRAY);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_header_of_c_is_read_for_its_types)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("import \"part/types_of_c.h\";\n"
                        "struct S { C_NUMBER n; C_POINT p; enum C_COLOR c; C_LAST l; };\n"
                        "const long A = C_BLUE;");
    ck_assert_int_eq(find_declaration(idl, "A")->value->value, 5);
    idl_destroy(idl);
    idl = compile("import \"part/types_of_c.h\";\nstruct S { NOT_THERE n; };");
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "there is no type 'NOT_THERE'"));
    ck_assert_uint_eq(idl_error_count(idl), 1);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_header_that_is_not_there_yet_is_read_from_its_idl)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("import \"constants.h\";\nconst long MINE = A;");
    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "constants.h");
    ck_assert_str_eq(idl_main_file(idl)->declarations->imported->name, "constants.idl");
    idl_destroy(idl);
}
END_TEST

START_TEST(what_only_a_proxy_needs_is_a_warning_where_only_the_header_is_wanted)
{
    static const char text[] = UNKNOWN_IDL "[object] interface IFoo : IUnknown\n"
                                           "{ HRESULT A([out] long a); }";
    struct idl_options options = *test_options();
    struct idl *idl = compile(text);

    ck_assert_uint_eq(idl_error_count(idl), 2);
    idl_destroy(idl);
    options.is_header_only = true;
    idl = idl_create(&options);
    ck_assert_int_eq(idl_compile_text(idl, "test.idl", text, strlen(text)), IDL_OK);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "warning: an object interface needs an id"));
    idl_destroy(idl);
}
END_TEST

START_TEST(a_quoted_header_of_c_is_c_s_own)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("cpp_quote(\"#include <types_of_c.h>\")\n#include \"part/types_of_c.h\"\n"
                        "typedef C_NUMBER T; typedef struct { C_UNKNOWN *u; C_POINT p; } S;");
    ck_assert_int_eq(idl_main_file(idl)->declarations->kind, DECL_CPP_QUOTE);
    ck_assert_str_eq(idl_main_file(idl)->declarations->next->name, "T");
    ck_assert_str_eq(idl_main_file(idl)->declarations->next->next->name, "S");
    idl_destroy(idl);
}
END_TEST

START_TEST(what_a_header_of_c_says_gives_way_to_idl)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("import \"part/types_of_c.h\", \"unknwn.idl\";\n"
                        "[local] interface C_POINT : IUnknown {}; typedef long *C_LAST;");
    ck_assert_ptr_nonnull(find_interface(idl, "C_POINT"));
    idl_destroy(idl);
}
END_TEST

START_TEST(attribute_lists_may_have_holes)
{
    struct idl *idl =
        compile_clean("[, v1_enum,, public ,] typedef enum { A1 } E; [] typedef long T;");

    ck_assert_str_eq(find_declaration(idl, "E")->attributes->info->name, "v1_enum");
    ck_assert_str_eq(find_declaration(idl, "E")->attributes->next->info->name, "public");
    idl_destroy(idl);
}
END_TEST

START_TEST(what_c_defines_elsewhere_is_declared)
{
    struct idl *idl = compile_clean("extern const long A; [local] long __stdcall F(long a);\n"
                                    "typedef void (__stdcall *CALLBACK_TYPE)(void *context);");
    const struct declaration *f = find_declaration(idl, "F");

    ck_assert_int_eq(find_declaration(idl, "A")->kind, DECL_EXTERN);
    ck_assert(find_declaration(idl, "A")->type->is_const);
    ck_assert_int_eq(f->kind, DECL_EXTERN);
    ck_assert_int_eq(f->type->kind, TYPE_FUNCTION);
    ck_assert(f->type->is_stdcall);
    ck_assert(find_declaration(idl, "CALLBACK_TYPE")->type->target->is_stdcall);
    check_message("extern long;", "[expected-identifier]");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_type_of_another_file_may_be_replaced)
{
    check_message(UNKNOWN_IDL "typedef hyper ULONG;",
                  "warning: 'ULONG' is another type in wtypes.idl");
}
END_TEST

static Suite *types_suite(void)
{
    Suite *suite = suite_create("types");
    TCase *names = tcase_create("names and order"), *values = tcase_create("values"),
          *files = tcase_create("files");

    tcase_add_test(names, a_base_may_be_defined_later_and_then_comes_first);
    tcase_add_test(names, bases_that_all_come_later_are_put_in_order);
    tcase_add_test(names, a_typedef_may_be_said_again_if_it_says_the_same);
    tcase_add_test(names, a_parameter_gives_its_name_up_where_c_needs_it);
    tcase_add_test(names, attribute_lists_may_have_holes);
    tcase_add_test(names, what_c_defines_elsewhere_is_declared);
    tcase_add_test(names, safearray_is_a_name_where_no_type_follows_in_parentheses);
    suite_add_tcase(suite, names);
    tcase_add_test(values, arithmetic_is_that_of_the_types_that_c_gives);
    tcase_add_test(values, an_address_may_be_a_constant);
    tcase_add_test(values, what_only_a_proxy_needs_is_a_warning_where_only_the_header_is_wanted);
    suite_add_tcase(suite, values);
    tcase_add_test(files, a_header_of_c_is_read_for_its_types);
    tcase_add_test(files, a_header_that_is_not_there_yet_is_read_from_its_idl);
    tcase_add_test(files, a_quoted_header_of_c_is_c_s_own);
    tcase_add_test(files, what_a_header_of_c_says_gives_way_to_idl);
    tcase_add_test(files, a_type_of_another_file_may_be_replaced);
    suite_add_tcase(suite, files);
    return suite;
}

UVCOM_TEST_MAIN(types_suite)
