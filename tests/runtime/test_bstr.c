/*
 * test_bstr.c -- SysAllocString and its kin at their edges.
 *
 * Every test runs on a thread without an apartment: a BSTR must not need one.
 */
#include <signal.h>
#include <string.h>

#include <uvcom/combase.h>
#include <uvcom/oleauto.h>

#include "tests/support/faults.h"
#include "tests/support/runner.h"

/* The four bytes in front of the text, which COM's users read by themselves. */
static UINT length_in_front(BSTR text)
{
    UINT length;

    memcpy(&length, (const char *)text - sizeof length, sizeof length);
    return length;
}

START_TEST(a_bstr_has_its_length_in_front_and_a_zero_behind)
{
    BSTR text = SysAllocString(u"abc");

    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(length_in_front(text), 6);
    ck_assert_mem_eq(text, u"abc", 8);
    ck_assert_uint_eq(SysStringLen(text), 3);
    ck_assert_uint_eq(SysStringByteLen(text), 6);
    SysFreeString(text);
}
END_TEST

START_TEST(null_is_the_empty_string)
{
    ck_assert_ptr_null(SysAllocString(NULL));
    ck_assert_uint_eq(SysStringLen(NULL), 0);
    ck_assert_uint_eq(SysStringByteLen(NULL), 0);
    SysFreeString(NULL);
}
END_TEST

START_TEST(an_empty_text_is_a_bstr)
{
    BSTR text = SysAllocString(u"");
    BSTR none = SysAllocStringLen(NULL, 0);

    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(none);
    ck_assert_uint_eq(SysStringLen(text), 0);
    ck_assert_int_eq(text[0], 0);
    ck_assert_int_eq(none[0], 0);
    SysFreeString(text);
    SysFreeString(none);
}
END_TEST

START_TEST(zeroes_inside_are_kept)
{
    BSTR text = SysAllocStringLen(u"a\0b", 3);

    ck_assert_uint_eq(SysStringLen(text), 3);
    ck_assert_mem_eq(text, u"a\0b", 8);
    SysFreeString(text);
}
END_TEST

START_TEST(a_length_without_a_text_is_room)
{
    BSTR text = SysAllocStringLen(NULL, 4);

    ck_assert_uint_eq(SysStringLen(text), 4);
    ck_assert_int_eq(text[4], 0);
    memcpy(text, u"abcd", 8);
    SysFreeString(text);
}
END_TEST

START_TEST(bytes_need_not_be_characters)
{
    BSTR bytes = SysAllocStringByteLen("abc", 3);

    ck_assert_uint_eq(SysStringByteLen(bytes), 3);
    ck_assert_uint_eq(SysStringLen(bytes), 1);
    ck_assert_mem_eq(bytes, "abc\0\0", 5);
    SysFreeString(bytes);
}
END_TEST

START_TEST(a_length_that_does_not_fit_is_refused)
{
    ck_assert_ptr_null(SysAllocStringLen(NULL, 0xffffffff));
    ck_assert_ptr_null(SysAllocStringLen(NULL, 0x80000000));
    ck_assert_ptr_null(SysAllocStringByteLen(NULL, 0xffffffff));
    ck_assert_ptr_null(uvcom_bstr_create(NULL, SIZE_MAX));
}
END_TEST

START_TEST(replacing_frees_the_old_one)
{
    BSTR text;

    faults_reset();
    text = SysAllocString(u"one");
    ck_assert_int_eq(SysReAllocString(&text, u"three"), TRUE);
    ck_assert_mem_eq(text, u"three", 12);
    ck_assert_uint_eq(faults_live(), 1);
    ck_assert_int_eq(SysReAllocString(&text, text + 2), TRUE);
    ck_assert_mem_eq(text, u"ree", 8);
    ck_assert_int_eq(SysReAllocStringLen(&text, u"x\0y", 3), TRUE);
    ck_assert_mem_eq(text, u"x\0y", 8);
    ck_assert_int_eq(SysReAllocString(&text, NULL), TRUE);
    ck_assert_ptr_null(text);
    ck_assert_uint_eq(faults_live(), 0);
    ck_assert_int_eq(SysReAllocString(&text, u"new"), TRUE);
    ck_assert_mem_eq(text, u"new", 8);
    SysFreeString(text);
    ck_assert_int_eq(SysReAllocString(NULL, u"new"), FALSE);
    ck_assert_int_eq(SysReAllocStringLen(NULL, u"new", 3), FALSE);
}
END_TEST

START_TEST(replacing_without_a_text_keeps_what_fits)
{
    BSTR text = SysAllocString(u"abc");

    ck_assert_int_eq(SysReAllocStringLen(&text, NULL, 5), TRUE);
    ck_assert_mem_eq(text, u"abc\0\0", 12);
    ck_assert_int_eq(SysReAllocStringLen(&text, NULL, 2), TRUE);
    ck_assert_mem_eq(text, u"ab", 6);
    SysFreeString(text);
}
END_TEST

START_TEST(out_of_memory_is_null_and_the_old_bstr_stays)
{
    BSTR text = SysAllocString(u"abc");

    faults_fail_at(1);
    ck_assert_ptr_null(SysAllocString(u"other"));
    faults_fail_at(1);
    ck_assert_int_eq(SysReAllocString(&text, u"other"), FALSE);
    faults_reset();
    ck_assert_mem_eq(text, u"abc", 8);
    SysFreeString(text);
}
END_TEST

START_TEST(freeing_what_is_no_bstr_ends_the_program)
{
    _Alignas(16) static OLECHAR text[100] = u"text";

    if (_i == 0)
        SysFreeString(text + 80);
    if (_i == 1)
        SysFreeString(CoTaskMemAlloc(8));
    if (_i == 2)
        CoTaskMemFree(SysAllocString(u"text"));
}
END_TEST

static Suite *bstr_suite(void)
{
    Suite *suite = suite_create("bstr");
    TCase *edges = tcase_create("edges");

    tcase_add_test(edges, a_bstr_has_its_length_in_front_and_a_zero_behind);
    tcase_add_test(edges, null_is_the_empty_string);
    tcase_add_test(edges, an_empty_text_is_a_bstr);
    tcase_add_test(edges, zeroes_inside_are_kept);
    tcase_add_test(edges, a_length_without_a_text_is_room);
    tcase_add_test(edges, bytes_need_not_be_characters);
    tcase_add_test(edges, a_length_that_does_not_fit_is_refused);
    tcase_add_test(edges, replacing_frees_the_old_one);
    tcase_add_test(edges, replacing_without_a_text_keeps_what_fits);
    tcase_add_test(edges, out_of_memory_is_null_and_the_old_bstr_stays);
    tcase_add_loop_test_raise_signal(edges, freeing_what_is_no_bstr_ends_the_program, SIGABRT, 0,
                                     3);
    suite_add_tcase(suite, edges);
    return suite;
}

UVCOM_TEST_MAIN(bstr_suite)
