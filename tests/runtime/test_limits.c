/*
 * test_limits.c -- uvcom_set_limits, and that each of the limits is kept to the byte.
 */
#include <string.h>

#include <uvcom/limits.h>
#include <uvcom/oleauto.h>

#include "tests/runtime/visited.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

START_TEST(the_defaults_are_what_the_header_says)
{
    uvcom_limits limits;

    uvcom_get_limits(&limits);
    ck_assert_uint_eq(limits.array_bytes, (size_t)1 << 30);
    ck_assert_uint_eq(limits.text_bytes, (size_t)64 << 20);
    ck_assert_uint_eq(limits.call_bytes, (size_t)2 << 30);
    uvcom_get_limits(NULL);
}
END_TEST

START_TEST(limits_that_are_set_hold)
{
    const uvcom_limits set = {1, SIZE_MAX, 3};
    uvcom_limits limits;

    ck_assert_hr(uvcom_set_limits(&set), S_OK);
    uvcom_get_limits(&limits);
    ck_assert_mem_eq(&limits, &set, sizeof limits);
}
END_TEST

START_TEST(no_limit_can_be_zero)
{
    const uvcom_limits bad[] = {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
    uvcom_limits before;
    uvcom_limits after;

    uvcom_get_limits(&before);
    for (size_t i = 0; i < 3; i++)
        ck_assert_hr(uvcom_set_limits(&bad[i]), E_INVALIDARG);
    ck_assert_hr(uvcom_set_limits(NULL), E_POINTER);
    uvcom_get_limits(&after);
    ck_assert_mem_eq(&before, &after, sizeof before);
}
END_TEST

/* ---- kept ---- */

static struct visited *frame;
static HRESULT hr;

static void open_frame(void)
{
    const uvcom_limits limits = {100, 10, 1000};

    ck_assert_hr(uvcom_set_limits(&limits), S_OK);
    frame = visited_open(false);
    ck_assert_ptr_nonnull(frame);
    hr = S_OK;
}

static void close_frame(void)
{
    memset(frame, 0, sizeof *frame);
    visited_close(frame);
}

static BYTE bytes[1000];

START_TEST(an_array_above_the_limit_is_refused)
{
    ck_assert_ptr_nonnull(uvcom_frame_copy(frame, bytes, 50, 2, &hr));
    ck_assert_ptr_nonnull(uvcom_frame_room(frame, 100, 1, &hr));
    ck_assert_ptr_nonnull(uvcom_frame_borrow(frame, bytes, 1, 100, &hr));
    ck_assert_hr(hr, S_OK);
    ck_assert_ptr_null(uvcom_frame_copy(frame, bytes, 101, 1, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_room(frame, 51, 2, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_borrow(frame, bytes, 101, 1, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_lend(frame, bytes, 101, 1, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
}
END_TEST

START_TEST(a_block_above_the_limit_is_refused)
{
    uvcom__operation_of_frame(frame)->is_plain = _i % 2 != 0;
    frame->bytes = bytes;
    frame->byte_count = 100;
    frame->byte_size = 1;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_TAKE, S_OK), S_OK);
    frame->bytes = bytes;
    frame->byte_count = 101;
    ck_assert_hr(visited_visit(frame, _i / 2 == 0 ? UVCOM_VISIT_TAKE : UVCOM_VISIT_CLONE, S_OK),
                 INVALID_BOUND);
    ck_assert_ptr_null(frame->bytes);
}
END_TEST

START_TEST(a_string_above_the_limit_is_refused)
{
    static char fits[] = "123456789";
    static char too_long[] = "1234567890";

    uvcom__operation_of_frame(frame)->is_plain = _i != 0;
    ck_assert_uint_eq(uvcom_text_length(fits, 1, 0, &hr), 10);
    ck_assert_ptr_nonnull(uvcom_frame_text(frame, fits, 1, 0, &hr));
    ck_assert_hr(hr, S_OK);
    ck_assert_ptr_null(uvcom_frame_text(frame, too_long, 1, 0, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_text(frame, too_long, 1, 50, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_uint_eq(uvcom_text_length(u"12345", 2, 0, &hr), 0);
    ck_assert_hr(hr, INVALID_BOUND);
    frame->list = &(struct node){.name = too_long};
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_TAKE, S_OK), INVALID_BOUND);
}
END_TEST

START_TEST(a_bstr_above_the_limit_is_refused)
{
    BSTR text = SysAllocStringLen(NULL, 6);

    frame->bstr = text;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_TAKE, S_OK), INVALID_BOUND);
    ck_assert_ptr_null(frame->bstr);
    SysFreeString(text);
}
END_TEST

START_TEST(one_call_copies_no_more_than_its_limit)
{
    size_t copied = 0;

    while (uvcom_frame_copy(frame, bytes, 99, 1, &hr))
        copied += 99;
    ck_assert_hr(hr, INVALID_BOUND);
    ck_assert_uint_le(copied, 1000);
    ck_assert_uint_gt(copied, 1000 - 99);
    /* The next one starts from nothing. */
    uvcom__operation_clean(uvcom__operation_of_frame(frame));
    hr = S_OK;
    ck_assert_ptr_nonnull(uvcom_frame_copy(frame, bytes, 99, 1, &hr));
}
END_TEST

static Suite *limits_suite(void)
{
    Suite *suite = suite_create("limits");
    TCase *numbers = tcase_create("numbers");
    TCase *kept = tcase_create("kept");

    tcase_add_test(numbers, the_defaults_are_what_the_header_says);
    tcase_add_test(numbers, limits_that_are_set_hold);
    tcase_add_test(numbers, no_limit_can_be_zero);
    suite_add_tcase(suite, numbers);
    tcase_add_checked_fixture(kept, open_frame, close_frame);
    tcase_add_test(kept, an_array_above_the_limit_is_refused);
    tcase_add_loop_test(kept, a_block_above_the_limit_is_refused, 0, 4);
    tcase_add_loop_test(kept, a_string_above_the_limit_is_refused, 0, 2);
    tcase_add_test(kept, a_bstr_above_the_limit_is_refused);
    tcase_add_test(kept, one_call_copies_no_more_than_its_limit);
    suite_add_tcase(suite, kept);
    return suite;
}

UVCOM_TEST_MAIN(limits_suite)
