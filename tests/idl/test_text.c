/*
 * tests/idl/test_text.c -- how bytes become text: encodings, line ends, and the lines that messages
 * name.
 */
#include <string.h>

#include "tests/idl/compile.h"
#include "tests/support/runner.h"

/* The one error of the text stands here; the text behind the first ": " does not matter. */
static void check_place(const char *text, size_t length, const char *place)
{
    struct idl *idl = compile_bytes(text, length);
    const char *messages = idl_messages(idl);

    ck_assert_msg(strncmp(messages, place, strlen(place)) == 0, "expected %s, got %s", place,
                  messages);
    ck_assert_uint_eq(idl_error_count(idl), 1);
    idl_destroy(idl);
}

static const struct place_row {
    const char *text;
    const char *place;
} place_rows[] = {
    /* lines that go on */
    {"const lo\\\nng A = no;", "test.idl:2:8:"},
    {"const long \\\r\n  A = no;", "test.idl:2:7:"},
    {"const long A = n\\\n\\\no;", "test.idl:1:16:"},
    {"// a comment \\\nconst long B = no;\nconst long A = no;", "test.idl:3:16:"},
    {"cpp_quote(\"a\\\nb\") const long A = no;", "test.idl:2:20:"},
    {"\\\n\\\n\\\nconst long A = no;", "test.idl:4:16:"},
    {"#define A \\\n  no\nconst long B = \\\n A;", "test.idl:4:2:"},
    {"#if 1 \\\n  && 0\n#else\nconst long A = no;\n#endif", "test.idl:4:16:"},
    {"#\\\nerror x", "test.idl:2:1:"},
    {"const long A = no; \\\n", "test.idl:1:16:"},
    /* line ends and blanks */
    {"\r\n\r\nconst long A = no;\r\n", "test.idl:3:16:"},
    {"\f\v\tconst\flong\vA = no;", "test.idl:1:19:"},
    {"\n\n#error x", "test.idl:3:2:"},
    {"const long A = no;\x1A", "test.idl:1:16:"},
    {"const long A = no;\r\n\x1A\x1A\r\n", "test.idl:1:16:"},
    {"const long A \x1A = 1;", "test.idl:1:14:"},
    /* what other programs say of lines */
    {"# 7 \"a.idl\"\nconst long A = no;", "a.idl:7:16:"},
    {"# 7 \"a.idl\" 1 3\n\n\nconst long A = no;", "a.idl:9:16:"},
    {"#line 7\nconst long A = no;", "test.idl:7:16:"},
    {"#line 7 \"x\\\\y.idl\"\n#line 3\nconst long A = no;", "x/y.idl:3:16:"},
    {"#define L 7\n#define F \"f.idl\"\n#line L F\nconst long A = no;", "f.idl:7:16:"},
    {"#line 7 \"a.idl\"\n#define M no\nconst long A = M;", "a.idl:8:16:"},
    {"#line 0\nconst long A = no;", "test.idl:0:16:"},
    {"#line\n", "test.idl:1:2:"},
    {"#line x\n", "test.idl:1:2:"},
    {"#line 99999999999\n", "test.idl:1:7:"},
};

START_TEST(a_message_names_the_line_that_people_see)
{
    const struct place_row *row = &place_rows[_i];

    check_place(row->text, strlen(row->text), row->place);
}
END_TEST

static const struct same_row {
    const char *text;
    size_t length;
} same_rows[] = {
#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }
    BYTES("cpp_quote(\"\xc3\xa4\xf0\x9f\x98\x80\")"),
    BYTES("\xEF\xBB\xBF"
          "cpp_quote(\"\xc3\xa4\xf0\x9f\x98\x80\")"),
    BYTES("\xFF\xFE"
          "c\0p\0p\0_\0q\0u\0o\0t\0e\0(\0\"\0\xe4\0\x3d\xd8\x00\xde\"\0)\0\r\0\n\0"),
    BYTES("\xFE\xFF"
          "\0c\0p\0p\0_\0q\0u\0o\0t\0e\0(\0\"\0\xe4\xd8\x3d\xde\x00\0\"\0)"),
    BYTES("/* \xe4\xff */ cpp_quote(\"\xc3\xa4\xf0\x9f\x98\x80\") // \xfc\x80"),
};

START_TEST(a_text_is_the_same_in_each_encoding)
{
    struct idl *idl = compile_bytes(same_rows[_i].text, same_rows[_i].length);

    ck_assert_str_eq(idl_messages(idl), "");
    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "\xc3\xa4\xf0\x9f\x98\x80");
    idl_destroy(idl);
}
END_TEST

START_TEST(bytes_of_old_windows_stay_in_strings_and_comments)
{
    struct idl *idl = compile_clean("/// caf\xe9\ncpp_quote(\"/* \xe4\xf6 */\")\n");

    ck_assert_str_eq(idl_main_file(idl)->declarations->text, "/* \xe4\xf6 */");
    idl_destroy(idl);
    check_place("const long \xe4 = 1;", 17, "test.idl:1:12: error: byte 0xE4");
}
END_TEST

START_TEST(half_a_character_of_utf16_is_no_crash)
{
    static const char text[] = "\xFF\xFE"
                               "/\0/\0\x3d\xd8\x00\xde\x00\xde\x3d\xd8x";
    struct idl *idl;

    for (size_t length = 0; length < sizeof text; length++) {
        idl = compile_bytes(text, length);
        idl_destroy(idl);
    }
    idl = compile_bytes(text, sizeof text - 1);
    ck_assert_str_eq(idl_messages(idl), "");
    idl_destroy(idl);
}
END_TEST

START_TEST(a_place_has_macros_of_its_own)
{
    struct idl *idl = compile_clean("#define HERE __LINE__\n\nconst long A = HERE;\n"
                                    "cpp_quote(__FILE__)\n#line 70 \"b\\\\c.idl\"\n"
                                    "const long B = __LINE__ + HERE;\ncpp_quote(__FILE__)\n");
    const struct declaration *declaration = find_declaration(idl, "A");

    ck_assert_int_eq(declaration->value->value, 3);
    ck_assert_str_eq(declaration->next->text, "test.idl");
    ck_assert_int_eq(find_declaration(idl, "B")->value->value, 140);
    ck_assert_str_eq(find_declaration(idl, "B")->next->text, "b/c.idl");
    ck_assert_str_eq(location_file(&find_declaration(idl, "B")->location), "c.idl");
    ck_assert_uint_eq(location_line(&find_declaration(idl, "B")->location), 70);
    idl_destroy(idl);
}
END_TEST

static Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *text = tcase_create("text");

    tcase_add_loop_test(text, a_message_names_the_line_that_people_see, 0,
                        sizeof place_rows / sizeof *place_rows);
    tcase_add_loop_test(text, a_text_is_the_same_in_each_encoding, 0,
                        sizeof same_rows / sizeof *same_rows);
    tcase_add_test(text, bytes_of_old_windows_stay_in_strings_and_comments);
    tcase_add_test(text, half_a_character_of_utf16_is_no_crash);
    tcase_add_test(text, a_place_has_macros_of_its_own);
    suite_add_tcase(suite, text);
    return suite;
}

UVCOM_TEST_MAIN(text_suite)
