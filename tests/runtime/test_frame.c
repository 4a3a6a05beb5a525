/*
 * test_frame.c -- an operation's memory, and the flat parameters that are put there.
 */
#include <string.h>

#include "tests/runtime/visited.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

static struct visited *frame;
static HRESULT hr;

static void open_frame(void)
{
    faults_reset();
    frame = visited_open(false);
    ck_assert_ptr_nonnull(frame);
    hr = S_OK;
}

static void close_frame(void)
{
    memset(frame, 0, sizeof *frame);
    visited_close(frame);
    ck_assert_uint_eq(faults_live(), 0);
}

/* ---- memory ---- */

START_TEST(parameters_of_256_bytes_allocate_nothing)
{
    static const BYTE bytes[256];
    struct operation *operation = uvcom__operation_of_frame(frame);
    const struct uvcom_method *method = operation->method;

    for (int i = 0; i < 3; i++) {
        faults_reset();
        uvcom_frame_copy(frame, bytes, 64, 1, &hr);
        uvcom_frame_text(frame, "fifteen letters", 1, 0, &hr);
        uvcom_frame_room(frame, 11, 8, &hr);
        uvcom_frame_copy(frame, bytes, 0, 1, &hr);
        uvcom_frame_text(frame, u"seven l", 2, 8, &hr);
        uvcom_frame_copy(frame, bytes, 48, 1, &hr);
        ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq(faults_seen(), 0);
        /* And one more does. */
        uvcom_frame_copy(frame, bytes, 1, 1, &hr);
        ck_assert_uint_eq(faults_seen(), 1);
        uvcom__operation_clean(operation);
        uvcom__operation_open(operation, method, 1);
    }
}
END_TEST

START_TEST(all_of_a_frames_memory_is_apart_and_aligned)
{
    static const size_t sizes[] = {0, 1, 17, 256, 600, 3, 5000, 64, 100000, 8, 1};
    BYTE *pieces[11];

    for (size_t i = 0; i < 11; i++) {
        pieces[i] = uvcom_frame_room(frame, sizes[i], 1, &hr);
        ck_assert_hr(hr, S_OK);
        ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < sizes[i]; k++)
            if (pieces[i][k] != 0)
                ck_abort_msg("piece %zu is not zeroed", i);
        memset(pieces[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < 11; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            if (pieces[i][k] != i + 1)
                ck_abort_msg("piece %zu was overwritten", i);
}
END_TEST

START_TEST(many_small_pieces_share_few_blocks)
{
    for (int i = 0; i < 10000; i++)
        ck_assert_ptr_nonnull(uvcom_frame_room(frame, 40, 1, &hr));
    ck_assert_uint_lt(faults_seen(), 30);
}
END_TEST

START_TEST(room_is_zeroed_also_when_it_is_used_again)
{
    struct operation *operation = uvcom__operation_of_frame(frame);
    const struct uvcom_method *method = operation->method;
    BYTE *room = uvcom_frame_room(frame, 100, 1, &hr);

    memset(room, 0xee, 100);
    uvcom__operation_clean(operation);
    uvcom__operation_open(operation, method, 1);
    room = uvcom_frame_room(frame, 100, 1, &hr);
    for (size_t i = 0; i < 100; i++)
        ck_assert_uint_eq(room[i], 0);
}
END_TEST

START_TEST(out_of_memory_is_told_once_and_kept)
{
    static const BYTE bytes[1000];

    faults_fail_from(1);
    ck_assert_ptr_null(uvcom_frame_copy(frame, bytes, 1000, 1, &hr));
    ck_assert_hr(hr, E_OUTOFMEMORY);
    ck_assert_ptr_null(uvcom_frame_room(frame, SIZE_MAX, 8, &hr));
    ck_assert_ptr_null(uvcom_frame_text(frame, "abc", 1, 0, &hr));
    ck_assert_ptr_null(uvcom_frame_borrow(frame, bytes, 1, 1, &hr));
    ck_assert_hr(hr, E_OUTOFMEMORY);
    faults_reset();
}
END_TEST

START_TEST(sizes_that_do_not_fit_are_refused)
{
    static const size_t sizes[][2] = {
        {SIZE_MAX, 1}, {SIZE_MAX, 2}, {SIZE_MAX, SIZE_MAX}, {2, SIZE_MAX / 2 + 1}};
    const BYTE byte = 0;

    ck_assert_ptr_null(uvcom_frame_copy(frame, &byte, sizes[_i][0], sizes[_i][1], &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_room(frame, sizes[_i][0], sizes[_i][1], &hr));
    ck_assert_hr(hr, INVALID_BOUND);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_lend(frame, &byte, sizes[_i][0], sizes[_i][1], &hr));
    ck_assert_hr(hr, INVALID_BOUND);
}
END_TEST

/* ---- lending ---- */

START_TEST(only_a_plain_call_lends)
{
    static const BYTE bytes[4] = {1, 2, 3, 4};

    ck_assert_ptr_ne(uvcom_frame_lend(frame, bytes, 4, 1, &hr), bytes);
    ck_assert_ptr_eq(uvcom_frame_borrow(frame, bytes, 4, 1, &hr), bytes);
    uvcom__operation_of_frame(frame)->is_plain = true;
    uvcom__operation_of_frame(frame)->is_lent = true;
    ck_assert_ptr_eq(uvcom_frame_lend(frame, bytes, 4, 1, &hr), bytes);
    ck_assert_ptr_ne(uvcom_frame_copy(frame, bytes, 4, 1, &hr), bytes);
    ck_assert_ptr_null(uvcom_frame_lend(frame, NULL, 4, 1, &hr));
    ck_assert_hr(hr, S_OK);
}
END_TEST

/* ---- strings ---- */

START_TEST(strings_of_all_widths_are_measured)
{
    static const char odd[] = "?a\0b\0c\0\0";

    ck_assert_uint_eq(uvcom_text_length("abc", 1, 0, &hr), 4);
    ck_assert_uint_eq(uvcom_text_length(u"abc", 2, 0, &hr), 4);
    ck_assert_uint_eq(uvcom_text_length(U"abc", 4, 0, &hr), 4);
    ck_assert_uint_eq(uvcom_text_length(u"\x100\x1", 2, 3, &hr), 3);
    ck_assert_uint_eq(uvcom_text_length(odd + 1, 2, 0, &hr), 4);
    ck_assert_uint_eq(uvcom_text_length("", 1, 1, &hr), 1);
    ck_assert_uint_eq(uvcom_text_length(NULL, 1, 0, &hr), 0);
    ck_assert_hr(hr, S_OK);
}
END_TEST

START_TEST(a_string_must_end_within_its_room)
{
    static const char text[4] = {'a', 'b', 'c', 'd'};

    ck_assert_uint_eq(uvcom_text_length(text, 1, 4, &hr), 0);
    ck_assert_hr(hr, INVALID_BOUND);
    hr = E_ABORT;
    ck_assert_uint_eq(uvcom_text_length(text, 2, 2, &hr), 0);
    ck_assert_uint_eq(uvcom_text_length("abc", 1, 4, &hr), 4);
    ck_assert_hr(hr, E_ABORT);
    hr = S_OK;
    ck_assert_ptr_null(uvcom_frame_text(frame, text, 1, 4, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
}
END_TEST

START_TEST(call14_a_string_is_copied_into_its_room)
{
    char text[8] = "abc\0xyz";
    const char *copy = uvcom_frame_text(frame, text, 1, 8, &hr);
    const char *short_copy = uvcom_frame_text(frame, text, 1, 0, &hr);

    ck_assert_hr(hr, S_OK);
    memset(text, '?', sizeof text);
    ck_assert_mem_eq(copy, "abc\0\0\0\0", 8);
    ck_assert_str_eq(short_copy, "abc");
    ck_assert_ptr_null(uvcom_frame_text(frame, NULL, 1, 0, &hr));
    uvcom__operation_of_frame(frame)->is_plain = true;
    uvcom__operation_of_frame(frame)->is_lent = true;
    text[7] = 0;
    ck_assert_ptr_eq(uvcom_frame_text(frame, text, 1, 0, &hr), text);
}
END_TEST

/* A plain call that can be cancelled: its caller may go on while the server still reads. */
START_TEST(can_12_a_plain_call_that_lends_nothing_copies_what_is_borrowed_too)
{
    unsigned char bytes[4] = {1, 2, 3, 4};
    char text[] = "abc";
    const unsigned char *lent, *borrowed;

    uvcom__operation_of_frame(frame)->is_plain = true;
    lent = uvcom_frame_lend(frame, bytes, 4, 1, &hr);
    borrowed = uvcom_frame_borrow(frame, bytes, 4, 1, &hr);
    ck_assert_ptr_ne(uvcom_frame_text(frame, text, 1, 0, &hr), text);
    ck_assert_ptr_null(uvcom_frame_borrow(frame, NULL, 4, 1, &hr));
    ck_assert_hr(hr, S_OK);
    memset(bytes, 9, sizeof bytes);
    ck_assert_mem_eq(lent, "\1\2\3\4", 4);
    ck_assert_mem_eq(borrowed, "\1\2\3\4", 4);
}
END_TEST

START_TEST(a_string_that_is_written_to_is_always_a_copy)
{
    char text[8] = "abc\0xyz";
    size_t room = 0;
    char *copy;

    uvcom__operation_of_frame(frame)->is_plain = true;
    uvcom__operation_of_frame(frame)->is_lent = true;
    copy = uvcom_frame_buffer(frame, text, 1, &room, &hr);
    ck_assert_ptr_ne(copy, text);
    ck_assert_uint_eq(room, 4);
    room = 8;
    copy = uvcom_frame_buffer(frame, text, 1, &room, &hr);
    ck_assert_uint_eq(room, 8);
    ck_assert_mem_eq(copy, "abc\0\0\0\0", 8);
    ck_assert_ptr_null(uvcom_frame_buffer(frame, NULL, 1, &room, &hr));
    ck_assert_hr(hr, S_OK);
    room = SIZE_MAX;
    ck_assert_ptr_null(uvcom_frame_buffer(frame, u"abc", 2, &room, &hr));
    ck_assert_hr(hr, INVALID_BOUND);
}
END_TEST

static Suite *frame_suite(void)
{
    Suite *suite = suite_create("frame");
    TCase *memory = tcase_create("memory");
    TCase *strings = tcase_create("strings");

    tcase_add_checked_fixture(memory, open_frame, close_frame);
    tcase_add_test(memory, parameters_of_256_bytes_allocate_nothing);
    tcase_add_test(memory, all_of_a_frames_memory_is_apart_and_aligned);
    tcase_add_test(memory, many_small_pieces_share_few_blocks);
    tcase_add_test(memory, room_is_zeroed_also_when_it_is_used_again);
    tcase_add_test(memory, out_of_memory_is_told_once_and_kept);
    tcase_add_loop_test(memory, sizes_that_do_not_fit_are_refused, 0, 4);
    tcase_add_test(memory, only_a_plain_call_lends);
    suite_add_tcase(suite, memory);
    tcase_add_checked_fixture(strings, open_frame, close_frame);
    tcase_add_test(strings, strings_of_all_widths_are_measured);
    tcase_add_test(strings, a_string_must_end_within_its_room);
    tcase_add_test(strings, call14_a_string_is_copied_into_its_room);
    tcase_add_test(strings, a_string_that_is_written_to_is_always_a_copy);
    tcase_add_test(strings, can_12_a_plain_call_that_lends_nothing_copies_what_is_borrowed_too);
    suite_add_tcase(suite, strings);
    return suite;
}

UVCOM_TEST_MAIN(frame_suite)
