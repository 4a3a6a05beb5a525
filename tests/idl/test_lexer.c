/*
 * tests/idl/test_lexer.c -- characters to tokens, numbers, and the table of attributes.
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/lexer.h"
#include "idl/operator.h"
#include "tests/idl/compile.h"
#include "tests/support/runner.h"

struct lexing {
    struct arena *arena;
    struct diag diag;
    struct map names;
    struct lexer lexer;
    jmp_buf escape;
};

static struct lexing lexing;

static void setup(void)
{
    lexing.arena = arena_create(SIZE_MAX);
    ck_assert_ptr_nonnull(lexing.arena);
    lexing.arena->escape = &lexing.escape;
    ck_assert_int_eq(setjmp(lexing.escape), 0);
    diag_init(&lexing.diag, lexing.arena);
    map_init(&lexing.names, lexing.arena);
    lexer_add_keywords(&lexing.names);
}

static void teardown(void)
{
    arena_destroy(lexing.arena);
}

static void start(const char *text)
{
    lexer_init(&lexing.lexer, source_from_text(lexing.arena, "t.idl", text, strlen(text)),
               &lexing.diag, &lexing.names);
}

static void expect(enum token_kind kind, const char *text)
{
    struct token token = lexer_next(&lexing.lexer);

    ck_assert_int_eq(token.kind, kind);
    ck_assert_uint_eq(token.length, strlen(text));
    ck_assert_mem_eq(token.text, text, token.length);
}

START_TEST(every_punctuator_is_a_token_and_the_longest_wins)
{
    start("( ) [ ] { } , ; : . ... = == != < <= << > >= >> + - * / % & && | || ^ ~ ! ? # ##"
          "<<=...|||");
#define EXPECT_PUNCTUATOR(name, text)                                                              \
    if (TOKEN_##name != TOKEN_OTHER)                                                               \
        expect(TOKEN_##name, text);
    TOKEN_PUNCTUATORS(EXPECT_PUNCTUATOR)
    expect(TOKEN_SHIFT_LEFT, "<<");
    expect(TOKEN_ASSIGN, "=");
    expect(TOKEN_ELLIPSIS, "...");
    expect(TOKEN_OR, "||");
    expect(TOKEN_BAR, "|");
    expect(TOKEN_END, "");
}
END_TEST

START_TEST(every_keyword_is_told_from_a_name)
{
#define EXPECT_KEYWORD(name, text)                                                                 \
    start(text " " text "x");                                                                      \
    expect(TOKEN_KEY_##name, text);                                                                \
    expect(TOKEN_NAME, text "x");
    TOKEN_KEYWORDS(EXPECT_KEYWORD)
}
END_TEST

START_TEST(an_id_is_one_token_even_if_it_begins_with_a_letter)
{
    start("deadbeef-0000-1111-2222-333344445555 6a1d7c02-5b0e");
    expect(TOKEN_UUID, "deadbeef-0000-1111-2222-333344445555");
    expect(TOKEN_NUMBER, "6a1d7c02");
    expect(TOKEN_MINUS, "-");
    expect(TOKEN_NUMBER, "5b0e");
}
END_TEST

START_TEST(strings_keep_escaped_quotes_and_prefixes)
{
    start("\"a\\\"b\" L\"w\" 'c' L'\\'' Lx");
    expect(TOKEN_STRING, "\"a\\\"b\"");
    expect(TOKEN_STRING, "L\"w\"");
    expect(TOKEN_CHARACTER, "'c'");
    expect(TOKEN_CHARACTER, "L'\\''");
    expect(TOKEN_NAME, "Lx");
}
END_TEST

START_TEST(numbers_take_exponents_and_dots)
{
    start("1.5e+3 0x1e+3 3..4 .5 1e-2f");
    expect(TOKEN_NUMBER, "1.5e+3");
    expect(TOKEN_NUMBER, "0x1e");
    expect(TOKEN_PLUS, "+");
    expect(TOKEN_NUMBER, "3");
    expect(TOKEN_NUMBER, "3");
}
END_TEST

START_TEST(only_doc_comments_directly_above_are_kept)
{
    struct token token;

    start("/// a\n/// b\nx\n/// far\n\ny\n// plain\nz /** block */ w");
    token = lexer_next(&lexing.lexer);
    ck_assert_uint_eq(token.doc_begin, 0);
    ck_assert_uint_eq(token.doc_end, 11);
    token = lexer_next(&lexing.lexer);
    ck_assert_uint_eq(token.doc_begin, token.doc_end);
    token = lexer_next(&lexing.lexer);
    ck_assert_uint_eq(token.doc_begin, token.doc_end);
    token = lexer_next(&lexing.lexer);
    ck_assert_uint_ne(token.doc_begin, token.doc_end);
}
END_TEST

START_TEST(the_end_comes_as_often_as_asked)
{
    start("x");
    expect(TOKEN_NAME, "x");
    expect(TOKEN_END, "");
    expect(TOKEN_END, "");
    ck_assert_uint_eq(lexing.diag.errors, 0);
}
END_TEST

START_TEST(a_name_may_have_2047_characters)
{
    static char text[2100];

    memset(text, 'x', 2047);
    text[2047] = '\0';
    start(text);
    expect(TOKEN_NAME, text);
    ck_assert_uint_eq(lexing.diag.errors, 0);
    text[2047] = 'x';
    start(text);
    ck_assert_uint_eq(lexer_next(&lexing.lexer).length, 2047);
    expect(TOKEN_END, "");
    ck_assert_uint_eq(lexing.diag.errors, 1);
}
END_TEST

static const struct number_row {
    const char *text;
    enum number_status status;
    uint64_t value;
} number_rows[] = {
    {"0", NUMBER_OK, 0},
    {"42", NUMBER_OK, 42},
    {"0x2A", NUMBER_OK, 42},
    {"052", NUMBER_OK, 42},
    {"0b101010", NUMBER_OK, 42},
    {"42u", NUMBER_OK, 42},
    {"42UL", NUMBER_OK, 42},
    {"42ull", NUMBER_OK, 42},
    {"42LLU", NUMBER_OK, 42},
    {"42i64", NUMBER_OK, 42},
    {"42ui64", NUMBER_OK, 42},
    {"18446744073709551615", NUMBER_OK, UINT64_MAX},
    {"18446744073709551616", NUMBER_OUT_OF_RANGE, 0},
    {"1.5", NUMBER_FLOAT, 0},
    {"1e3", NUMBER_FLOAT, 0},
    {".5f", NUMBER_FLOAT, 0},
    {"1e", NUMBER_BAD, 0},
    {"1x", NUMBER_BAD, 0},
    {"08", NUMBER_BAD, 0},
    {"0x", NUMBER_BAD, 0},
    {"42i65", NUMBER_BAD, 0},
    {"42uu", NUMBER_BAD, 0},
    {"42lul", NUMBER_BAD, 0},
    {"1.2.3", NUMBER_BAD, 0},
};

START_TEST(a_number_is_worth_what_c_says)
{
    const struct number_row *row = &number_rows[_i];
    struct number number;

    ck_assert_msg(number_read(row->text, strlen(row->text), &number) == row->status, "%s",
                  row->text);
    if (row->status == NUMBER_OK)
        ck_assert_msg(number.bits == row->value, "%s", row->text);
}
END_TEST

START_TEST(arithmetic_wraps_and_never_traps)
{
    struct number least = {UINT64_C(1) << 63, false}, minus_one = {UINT64_MAX, false}, result;

    ck_assert(operator_binary(OP_DIVIDE, least, minus_one, &result));
    ck_assert_uint_eq(result.bits, UINT64_C(1) << 63);
    ck_assert(operator_binary(OP_REMAINDER, least, minus_one, &result));
    ck_assert_uint_eq(result.bits, 0);
    ck_assert(operator_binary(OP_SHIFT_RIGHT, minus_one, (struct number){200, false}, &result));
    ck_assert_uint_eq(result.bits, UINT64_MAX);
    ck_assert(operator_binary(OP_SHIFT_LEFT, minus_one, (struct number){64, false}, &result));
    ck_assert_uint_eq(result.bits, 0);
    ck_assert(!operator_binary(OP_DIVIDE, least, (struct number){0, false}, &result));
    ck_assert(operator_binary(OP_LESS, minus_one, (struct number){1, true}, &result));
    ck_assert_uint_eq(result.bits, 0); /* unsigned wins, as in C */
}
END_TEST

START_TEST(the_table_of_attributes_is_sorted_and_fits_its_users)
{
    size_t count;
    const struct attribute_info *table = attribute_table(&count);

    ck_assert_uint_gt(count, 100);
    ck_assert_uint_lt(count, 256); /* sema_check_attributes has a place for each */
    for (size_t i = 1; i < count; i++)
        ck_assert_str_lt(table[i - 1].name, table[i].name);
    for (size_t i = 0; i < count; i++)
        ck_assert_ptr_eq(attribute_lookup(table[i].name), &table[i]);
    ck_assert_ptr_null(attribute_lookup("uniqe"));
}
END_TEST

static Suite *lexer_suite(void)
{
    Suite *suite = suite_create("lexer");
    TCase *tokens = tcase_create("tokens");
    TCase *numbers = tcase_create("numbers");

    tcase_add_checked_fixture(tokens, setup, teardown);
    tcase_add_test(tokens, every_punctuator_is_a_token_and_the_longest_wins);
    tcase_add_test(tokens, every_keyword_is_told_from_a_name);
    tcase_add_test(tokens, an_id_is_one_token_even_if_it_begins_with_a_letter);
    tcase_add_test(tokens, strings_keep_escaped_quotes_and_prefixes);
    tcase_add_test(tokens, numbers_take_exponents_and_dots);
    tcase_add_test(tokens, only_doc_comments_directly_above_are_kept);
    tcase_add_test(tokens, the_end_comes_as_often_as_asked);
    tcase_add_test(tokens, a_name_may_have_2047_characters);
    suite_add_tcase(suite, tokens);
    tcase_add_loop_test(numbers, a_number_is_worth_what_c_says, 0,
                        sizeof number_rows / sizeof *number_rows);
    tcase_add_test(numbers, arithmetic_wraps_and_never_traps);
    tcase_add_test(numbers, the_table_of_attributes_is_sorted_and_fits_its_users);
    suite_add_tcase(suite, numbers);
    return suite;
}

UVCOM_TEST_MAIN(lexer_suite)
