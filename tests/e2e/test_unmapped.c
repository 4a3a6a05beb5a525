/*
 * test_unmapped.c -- the memory of [in] values is gone as soon as Begin_ has returned, for every
 * type (CALL-14), and nothing is read or written beyond the ends of the client's memory (DER-08).
 *
 * Each block of the client's has pages of its own, ends where they end, and the next page may not
 * be touched. Right after Begin_ all of them are unmapped; only then may the server look. What it
 * then says it has seen must be, word for word, what the client has said it gives.
 */
#include <stdlib.h>
#include <string.h>

#include "carrier.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

enum { ROUNDS = 60, CHOICES = 400, ARGUMENTS = 256 };

static struct cargo_text given, got;

/* xorshift64: any generator would do that is the same everywhere. */
static void choose_bytes(unsigned char *bytes, size_t count, uint64_t seed)
{
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;

    for (size_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (unsigned char)(state >> 32);
    }
}

static void forget(struct cargo_text *text)
{
    text->length = 0;
    text->bytes[0] = 0;
}

static void compare(const struct cargo_text *mine, const struct cargo_text *theirs)
{
    ck_assert_str_eq(mine->bytes, theirs->bytes);
}

static void begin_and_unmap(const struct cargo_row *row, void *args, const unsigned char *choices)
{
    struct cargo_maker maker = carrier_client(CARGO_PAGES, CARGO_PAGES, choices, CHOICES / 2);

    row->make(&maker, args);
    row->say_given(&given, args);
    ck_assert_hr(row->begin(carrier.call, args), S_OK);
    cargo_drop(&maker, false);
}

static void finish(const struct cargo_row *row, void *args)
{
    struct cargo_maker maker = carrier_client(CARGO_PAGES, CARGO_PAGES, NULL, 0);

    row->again(&maker, args);
    row->room(&maker, args);
    ck_assert_hr(row->finish(carrier.call, args), S_OK);
    row->say_got(&got, args);
    row->free_got(args);
    cargo_drop(&maker, false);
}

static void call_asynchronously(const struct cargo_row *row, uint64_t seed)
{
    unsigned char choices[CHOICES];
    max_align_t args[ARGUMENTS / sizeof(max_align_t)] = {0};

    ck_assert_uint_le(row->size, sizeof args);
    choose_bytes(choices, sizeof choices, seed);
    carrier_reset(choices + CHOICES / 2, CHOICES / 2, false);
    forget(&given);
    forget(&got);
    gate_close(&carrier.gate);
    begin_and_unmap(row, args, choices);
    gate_open(&carrier.gate);
    finish(row, args);
    compare(&given, &carrier.seen);
    compare(&got, &carrier.made);
}

START_TEST(call_14_the_clients_memory_is_unmapped_after_begin)
{
    for (uint64_t round = 0; round < ROUNDS; round++)
        call_asynchronously(cargo_rows[_i], round * CARGO_ROWS + (uint64_t)_i);
}
END_TEST

static void call_plainly(const struct cargo_row *row, uint64_t seed)
{
    unsigned char choices[CHOICES];
    max_align_t args[ARGUMENTS / sizeof(max_align_t)] = {0};
    struct cargo_maker maker;

    choose_bytes(choices, sizeof choices, seed);
    maker = carrier_client(CARGO_PAGES, CARGO_TASK, choices, CHOICES / 2);
    carrier_reset(choices + CHOICES / 2, CHOICES / 2, false);
    forget(&given);
    forget(&got);
    row->make(&maker, args);
    row->room(&maker, args);
    row->say_given(&given, args);
    ck_assert_hr(row->plain(carrier.server, args), S_OK);
    row->say_got(&got, args);
    row->free_got(args);
    cargo_drop(&maker, true);
    compare(&given, &carrier.seen);
    compare(&got, &carrier.made);
}

START_TEST(der_08_a_plain_call_stays_within_the_clients_memory)
{
    for (uint64_t round = 0; round < ROUNDS; round++)
        call_plainly(cargo_rows[_i], round * CARGO_ROWS + (uint64_t)_i);
}
END_TEST

/* Not copied: the server sees what the client has written after Begin_. */
START_TEST(borrowed_memory_is_the_clients_own)
{
    BYTE bytes[] = {1, 2, 3};
    char text[] = "four";
    ULONG sum = 0;

    gate_close(&carrier.gate);
    ck_assert_hr(AsyncICarried_Begin_Borrowed(carrier.call, 3, bytes, text), S_OK);
    bytes[2] = 100;
    text[1] = 0;
    gate_open(&carrier.gate);
    ck_assert_hr(AsyncICarried_Finish_Borrowed(carrier.call, &sum), S_OK);
    ck_assert_uint_eq(sum, 1 + 2 + 100 + 1);
}
END_TEST

static void set_up(void)
{
    faults_reset();
    carrier_open();
}

static void tear_down(void)
{
    carrier_close();
    ck_assert_uint_eq(faults_live(), 0);
}

static Suite *unmapped_suite(void)
{
    Suite *suite = suite_create("unmapped");
    TCase *tcase = tcase_create("memory");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, call_14_the_clients_memory_is_unmapped_after_begin, 0, CARGO_ROWS);
    tcase_add_loop_test(tcase, der_08_a_plain_call_stays_within_the_clients_memory, 0, CARGO_ROWS);
    tcase_add_test(tcase, borrowed_memory_is_the_clients_own);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(unmapped_suite)
