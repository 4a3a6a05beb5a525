/*
 * tests/idl/test_pragma.c -- pragmas: what they change, and that the others change nothing.
 */
#include <stdio.h>
#include <string.h>

#include "tests/idl/compile.h"
#include "tests/support/runner.h"

static const struct pack_row {
    const char *pragmas;
    unsigned pack;
} pack_rows[] = {
    {"", 0},
    {"#pragma pack(1)", 1},
    {"#pragma pack ( 16 )", 16},
    {"#pragma pack(2)\n#pragma pack()", 0},
    {"#pragma pack(2)\n#pragma pack(0)", 0},
    {"#pragma pack(2)\n#pragma pack(push)", 2},
    {"#pragma pack(2)\n#pragma pack(push, 4)", 4},
    {"#pragma pack(2)\n#pragma pack(push, 4)\n#pragma pack(pop)", 2},
    {"#pragma pack(push, a, 8)\n#pragma pack(push, b, 4)\n#pragma pack(push, 2)\n"
     "#pragma pack(pop, b)",
     8},
    {"#pragma pack(push, a, 8)\n#pragma pack(push, b, 4)\n#pragma pack(pop, a)", 0},
    {"#pragma pack(8)\n#pragma pack(push, a)\n#pragma pack(1)\n#pragma pack(pop, a, 4)", 4},
    {"#pragma pack(8)\n#pragma pack(show)", 8},
    {"#define P 4\n#pragma pack(P)", 4},
    {"#define PUSH push\n#pragma pack(PUSH, 0x4)", 4},
    {"#pragma pack(4)\n#if 0\n#pragma pack(1)\n#endif", 4},
    {"#pragma region pack(1) don't\n#pragma endregion \"", 0},
    {"#pragma warning(disable : 4049)\n#pragma\n#pragma comment(lib, \"x\")\n#pragma whatever", 0},
    {"#pragma pack(4) // text\n#pragma once", 4},
};

START_TEST(a_record_is_packed_as_the_pragmas_before_it_say)
{
    const struct pack_row *row = &pack_rows[_i];
    char text[400];
    struct idl *idl;

    snprintf(text, sizeof text, "%s\ntypedef struct S { char a; } S;\n", row->pragmas);
    idl = compile_clean(text);
    ck_assert_uint_eq(find_declaration(idl, "S")->type->record->pack, row->pack);
    idl_destroy(idl);
}
END_TEST

static const char *const bad_pragmas[] = {
    "#pragma pack(3)",
    "#pragma pack(32)",
    "#pragma pack 4",
    "#pragma pack",
    "#pragma pack(4",
    "#pragma pack(pop)",
    "#pragma pack(pop, name)",
    "#pragma pack(pull)",
    "#pragma pack(push, \"a\")",
    "#pragma midl_echo",
    "#pragma midl_echo(x)",
};

START_TEST(a_pragma_that_is_wrong_is_told_and_changes_nothing)
{
    char text[400];
    struct idl *idl;

    snprintf(text, sizeof text, "#pragma pack(8)\n%s\ntypedef struct S { char a; } S;\n",
             bad_pragmas[_i]);
    idl = compile(text);
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_msg(strstr(idl_messages(idl), "[pp-pragma]") != NULL, "%s", bad_pragmas[_i]);
    ck_assert_uint_eq(find_declaration(idl, "S")->type->record->pack, 8);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_pack_holds_for_the_record_that_begins_below_it)
{
    struct idl *idl = compile_clean("typedef struct A {\n#pragma pack(2)\n    char a;\n} A;\n"
                                    "typedef struct B {\n    char b;\n}\n#pragma pack()\nB;\n"
                                    "typedef struct C { char c; } C;");

    ck_assert_uint_eq(find_declaration(idl, "A")->type->record->pack, 0);
    ck_assert_uint_eq(find_declaration(idl, "B")->type->record->pack, 2);
    ck_assert_uint_eq(find_declaration(idl, "C")->type->record->pack, 0);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_pack_does_not_pass_an_import)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("#pragma pack(1)\nimport \"part/packs.idl\";\n"
                        "typedef struct S { char a; } S;\n");
    ck_assert_uint_eq(find_declaration(idl, "S")->type->record->pack, 1);
    idl_destroy(idl);
}
END_TEST

START_TEST(an_echo_is_a_quote)
{
    static const char *const texts[] = {
        "#pragma midl_echo(\"#define A(x) (x) /* \\\"b\\\" */\")\nconst long END = 1;",
        "#pragma midl_echo \"#define A(x) \" \"(x) /* \\\"b\\\" */\"\nconst long END = 1;",
        "#pragma midl_echo(\"#define A(x) (x) /* \\\"b\\\" */\");\nconst long END = 1;",
    };
    struct idl *idl = compile_clean(texts[_i]);
    const struct declaration *echo = idl_main_file(idl)->declarations;

    ck_assert_int_eq(echo->kind, DECL_CPP_QUOTE);
    ck_assert_str_eq(echo->text, "#define A(x) (x) /* \"b\" */");
    ck_assert_str_eq(echo->next->name, "END");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_file_that_says_once_is_included_once)
{
    struct idl *idl;

    enter_folder("ok");
    idl = compile_clean("#include \"part/once.h\"\n#include \"part/../part/once.h\"\n"
                        "#include \"./part/once.h\"\nconst long B = ONCE;\n");
    idl_destroy(idl);
}
END_TEST

static Suite *pragma_suite(void)
{
    Suite *suite = suite_create("pragma");
    TCase *pragmas = tcase_create("pragmas");

    tcase_add_loop_test(pragmas, a_record_is_packed_as_the_pragmas_before_it_say, 0,
                        sizeof pack_rows / sizeof *pack_rows);
    tcase_add_loop_test(pragmas, a_pragma_that_is_wrong_is_told_and_changes_nothing, 0,
                        sizeof bad_pragmas / sizeof *bad_pragmas);
    tcase_add_test(pragmas, a_pack_holds_for_the_record_that_begins_below_it);
    tcase_add_test(pragmas, a_pack_does_not_pass_an_import);
    tcase_add_loop_test(pragmas, an_echo_is_a_quote, 0, 3);
    tcase_add_test(pragmas, a_file_that_says_once_is_included_once);
    suite_add_tcase(suite, pragmas);
    return suite;
}

UVCOM_TEST_MAIN(pragma_suite)
