/*
 * test_out.c -- text in memory: templates, comments, wrapping, dependency rules.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/depfile.h"
#include "codegen/out.h"
#include "tests/support/runner.h"

static struct out out;

static void setup(void)
{
    out = (struct out){0};
}

static void teardown(void)
{
    out_fini(&out);
}

static const char *text(void)
{
    return out.data ? out.data : "";
}

START_TEST(a_template_puts_values_in_the_place_of_keys)
{
    OUT(&out, "int ${name} = ${value}; /* ${name} */\n", {"name", "n"}, {"value", "4"});
    ck_assert_str_eq(text(), "int n = 4; /* n */\n");
}
END_TEST

START_TEST(a_value_is_not_searched_for_keys)
{
    OUT(&out, "${name}\n", {"name", "${other}"});
    ck_assert_str_eq(text(), "${other}\n");
}
END_TEST

START_TEST(a_key_that_was_not_given_is_an_assertion)
{
    OUT(&out, "${nobody}", {"name", "n"});
}
END_TEST

START_TEST(text_grows_over_any_first_size)
{
    for (int i = 0; i < 10000; i++)
        out_put(&out, "0123456789\n");
    ck_assert_uint_eq(out.length, 110000);
    ck_assert_uint_eq(strlen(text()), 110000);
}
END_TEST

START_TEST(a_line_of_100_columns_stays_one_line)
{
    char line[102];

    memset(line, 'a', 100);
    memcpy(line, "f(a, ", 5);
    memcpy(line + 97, ");\n", 4);
    out_put(&out, line);
    ck_assert_uint_eq(out.length, 100);
    ck_assert_ptr_eq(strchr(text(), '\n'), text() + 99);
}
END_TEST

/* What a line becomes: exactly what the project's clang-format makes of it. */
static const struct {
    const char *line, *wrapped;
} lines[] = {
    {"static inline HRESULT ISimpleStream_QueryInterface(ISimpleStream *This, REFIID riid, "
     "void **ppvObject)\n",
     "static inline HRESULT ISimpleStream_QueryInterface(ISimpleStream *This, REFIID riid,\n"
     "                                                   void **ppvObject)\n"},
    {"static inline HRESULT AsyncISimpleStreamWithALongName_Begin_SomethingOfAMethod("
     "AsyncISimpleStreamWithALongName *This, REFIID riid, void **ppvObject)\n",
     "static inline HRESULT\n"
     "AsyncISimpleStreamWithALongName_Begin_SomethingOfAMethod(AsyncISimpleStreamWithALongName "
     "*This,\n"
     "                                                         REFIID riid, void **ppvObject)\n"},
    {"static inline HRESULT AsyncISimpleStreamWithALongName_Begin_SomethingOfAMethodThatIsVeryLong("
     "AsyncISimpleStreamWithALongName *This, REFIID riid)\n",
     "static inline HRESULT "
     "AsyncISimpleStreamWithALongName_Begin_SomethingOfAMethodThatIsVeryLong(\n"
     "    AsyncISimpleStreamWithALongName *This, REFIID riid)\n"},
    {"    HRESULT(STDMETHODCALLTYPE *Write)(ISimpleStream *This, const BYTE *pv, ULONG cb, "
     "ULONG *pcbWritten);\n",
     "    HRESULT(STDMETHODCALLTYPE *Write)\n"
     "    (ISimpleStream *This, const BYTE *pv, ULONG cb, ULONG *pcbWritten);\n"},
    {"    void(STDMETHODCALLTYPE *Write)(ISimpleStream *This, const BYTE *pv, ULONG cb, "
     "ULONG *pcbWritten, LONG s);\n",
     "    void(STDMETHODCALLTYPE *Write)(ISimpleStream *This, const BYTE *pv, ULONG cb, ULONG "
     "*pcbWritten,\n"
     "                                   LONG s);\n"},
    {"#define ISimpleStream_QueryInterface(This, riid, ppvObject) "
     "((This)->lpVtbl->QueryInterface(This, riid, ppvObject))\n",
     "#define ISimpleStream_QueryInterface(This, riid, ppvObject)                               "
     "         \\\n"
     "    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))\n"},
    {"    frame->pv = uvcom_frame_room(frame, frame->theRoomOfTheWholeThing, sizeof "
     "*frame->theWholeThing, &hr);\n",
     "    frame->pv =\n"
     "        uvcom_frame_room(frame, frame->theRoomOfTheWholeThing, sizeof *frame->theWholeThing, "
     "&hr);\n"},
    {"    {\"Read\", sizeof(struct simple_stream_Read), simple_stream_Read_run, "
     "simple_stream_Read_clear_and_more},\n",
     "    {\"Read\", sizeof(struct simple_stream_Read), simple_stream_Read_run,\n"
     "     simple_stream_Read_clear_and_more},\n"},
};

START_TEST(a_long_line_is_wrapped_as_clang_format_does)
{
    out_put(&out, lines[_i].line);
    ck_assert_str_eq(text(), lines[_i].wrapped);
}
END_TEST

START_TEST(a_long_line_without_a_bracket_stays_as_it_is)
{
    char line[302];

    memset(line, 'x', 300);
    memcpy(line + 300, "\n", 2);
    out_put(&out, line);
    ck_assert_str_eq(text(), line);
}
END_TEST

START_TEST(a_short_comment_is_one_line)
{
    out_comment(&out, 4, "/**", "Reads.");
    ck_assert_str_eq(text(), "    /** Reads. */\n");
}
END_TEST

START_TEST(a_comment_of_several_lines_is_a_block)
{
    out_comment(&out, 0, "/*", "One.\n\n  two  ");
    ck_assert_str_eq(text(), "/*\n * One.\n *\n *   two\n */\n");
}
END_TEST

START_TEST(no_comment_writes_nothing)
{
    out_comment(&out, 0, "/*", NULL);
    out_comment(&out, 0, "/*", "");
    ck_assert_uint_eq(out.length, 0);
}
END_TEST

START_TEST(a_comment_cannot_end_itself_or_begin_another)
{
    out_comment(&out, 0, "/*", "a */ b /* c */*/");
    ck_assert_str_eq(text(), "/* a * / b / * c * / * / */\n");
}
END_TEST

START_TEST(a_long_comment_is_wrapped_at_spaces)
{
    char long_text[361] = "";

    for (size_t i = 0; i < 40; i++)
        memcpy(long_text + 9 * i, "word5678 ", 9);
    out_comment(&out, 4, "/**", long_text);
    for (const char *line = text(); *line; line += strcspn(line, "\n") + 1)
        ck_assert_uint_le(strcspn(line, "\n"), OUT_COLUMNS);
    ck_assert_ptr_eq(strstr(text(), " \n"), NULL);
}
END_TEST

/* With "IFoo: " before and " (B," behind it, it just fits into a comment. */
#define WORDS                                                                                      \
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen, eight"

START_TEST(a_paragraph_that_fits_is_left_as_it_is)
{
    out_comment(&out, 0, "/*", "IFoo: " WORDS " (B,\nC).\nNext.");
    ck_assert_str_eq(text(), "/*\n * IFoo: " WORDS " (B,\n * C).\n * Next.\n */\n");
}
END_TEST

START_TEST(a_paragraph_that_is_broken_is_filled_up)
{
    out_comment(&out, 0, "/*",
                "IFoo: " WORDS " (B, C,\nD).\nNext.\n\nIFoo: " WORDS " (B, C,\n\nD.");
    ck_assert_str_eq(text(), "/*\n * IFoo: " WORDS " (B,\n * C, D).\n * Next.\n *\n"
                             " * IFoo: " WORDS " (B,\n * C,\n *\n * D.\n */\n");
}
END_TEST

START_TEST(a_filled_line_can_be_broken_again)
{
    out_comment(&out, 0, "/*", "IFoo: " WORDS " (B, C:\n" WORDS ", (B, DD\nE.");
    ck_assert_str_eq(text(), "/*\n * IFoo: " WORDS " (B,\n * C: " WORDS ", (B,\n * DD E.\n */\n");
}
END_TEST

START_TEST(a_list_that_is_broken_stays_a_list)
{
    out_comment(&out, 0, "/*", "IFoo: " WORDS " (B, C\n@return " WORDS " (B C\n        S_OK");
    ck_assert_str_eq(text(), "/*\n * IFoo: " WORDS " (B,\n * C\n"
                             " * @return " WORDS "\n *         (B C\n *         S_OK\n */\n");
}
END_TEST

START_TEST(a_word_longer_than_the_line_is_left_whole)
{
    char word[201];

    memset(word, 'w', 200);
    word[200] = '\0';
    out_comment(&out, 0, "/*", word);
    ck_assert_ptr_nonnull(strstr(text(), word));
}
END_TEST

START_TEST(a_dependency_rule_quotes_what_make_would_read)
{
    const char *targets[] = {"a b.h", "c.h"}, *sources[] = {"d#.idl", "e$.idl"};

    depfile_rule(&out, targets, 2, sources, 2);
    ck_assert_str_eq(text(), "a\\ b.h c.h: \\\n  d\\#.idl \\\n  e$$.idl\n");
}
END_TEST

START_TEST(a_dependency_rule_is_not_wrapped)
{
    char path[300];
    const char *targets[] = {"x.h"}, *sources[] = {path};

    memset(path, '(', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    depfile_rule(&out, targets, 1, sources, 1);
    ck_assert_ptr_nonnull(strstr(text(), path));
}
END_TEST

static Suite *out_suite(void)
{
    Suite *suite = suite_create("out");
    TCase *templates = tcase_create("templates"), *wrapping = tcase_create("wrapping");
    TCase *comments = tcase_create("comments"), *rules = tcase_create("rules");
    TCase *all[] = {templates, wrapping, comments, rules};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], setup, teardown);
        suite_add_tcase(suite, all[i]);
    }
    tcase_add_test(templates, a_template_puts_values_in_the_place_of_keys);
    tcase_add_test(templates, a_value_is_not_searched_for_keys);
#ifndef NDEBUG
    tcase_add_test_raise_signal(templates, a_key_that_was_not_given_is_an_assertion, SIGABRT);
#endif
    tcase_add_test(templates, text_grows_over_any_first_size);
    tcase_add_test(wrapping, a_line_of_100_columns_stays_one_line);
    tcase_add_loop_test(wrapping, a_long_line_is_wrapped_as_clang_format_does, 0,
                        sizeof lines / sizeof *lines);
    tcase_add_test(wrapping, a_long_line_without_a_bracket_stays_as_it_is);
    tcase_add_test(comments, a_short_comment_is_one_line);
    tcase_add_test(comments, a_comment_of_several_lines_is_a_block);
    tcase_add_test(comments, no_comment_writes_nothing);
    tcase_add_test(comments, a_paragraph_that_fits_is_left_as_it_is);
    tcase_add_test(comments, a_filled_line_can_be_broken_again);
    tcase_add_test(comments, a_paragraph_that_is_broken_is_filled_up);
    tcase_add_test(comments, a_list_that_is_broken_stays_a_list);
    tcase_add_test(comments, a_comment_cannot_end_itself_or_begin_another);
    tcase_add_test(comments, a_long_comment_is_wrapped_at_spaces);
    tcase_add_test(comments, a_word_longer_than_the_line_is_left_whole);
    tcase_add_test(rules, a_dependency_rule_quotes_what_make_would_read);
    tcase_add_test(rules, a_dependency_rule_is_not_wrapped);
    return suite;
}

UVCOM_TEST_MAIN(out_suite)
