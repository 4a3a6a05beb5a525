/*
 * test_fuzz_values.c -- the fuzzer of values as a normal test: inputs of a fixed seed, and a
 * corpus.
 *
 * Hours of it are libFuzzer's, see fuzz_values.c. UVCOM_FUZZ_FACTOR in the environment multiplies
 * the number of inputs.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/cargo.h"
#include "tests/fuzz/fuzz_values.h"
#include "tests/support/faults.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

enum { INPUTS = 250, LONGEST = 300 };

/* xorshift64: any generator would do that is the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t input_count(void)
{
    const char *text = getenv("UVCOM_FUZZ_FACTOR");
    const unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

    return INPUTS * (factor > 0 ? factor : 1);
}

/* In a block of exactly that size. */
static void try_input(size_t row, uint64_t *state)
{
    const size_t size = 3 + next_random(state) % LONGEST;
    uint8_t *data = malloc(size);

    ck_assert_ptr_nonnull(data);
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(next_random(state) >> 24);
    data[0] = (uint8_t)row;
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

START_TEST(call_14_values_of_every_shape)
{
    uint64_t state = UINT64_C(0x76616C75) + (uint64_t)_i;
    struct fuzz_values_counts counts;

    faults_reset();
    for (size_t i = input_count(); i > 0; i--)
        try_input((size_t)_i, &state);
    fuzz_values_end();
    ck_assert_uint_eq(faults_live(), 0);
    counts = fuzz_values_counts();
    ck_assert_uint_ge(counts.delivered, INPUTS / 10);
    ck_assert_uint_ge(counts.failed, INPUTS / 50);
    ck_assert_uint_ge(counts.abandoned, INPUTS / 10);
    ck_assert_uint_ge(counts.refused, 1);
}
END_TEST

/* The first alternatives only. */
START_TEST(call_14_values_of_no_choices)
{
    for (uint8_t way = 0; way < 4; way++) {
        const uint8_t data[] = {(uint8_t)_i, way, 0};

        for (size_t size = 0; size <= sizeof data; size++)
            LLVMFuzzerTestOneInput(data, size);
    }
    fuzz_values_end();
}
END_TEST

static uint8_t hex_digit(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* One line of the corpus: two digits for each byte. */
static void try_line(const char *line, size_t digits)
{
    const size_t size = digits / 2;
    uint8_t *data = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(data);
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(hex_digit(line[2 * i]) << 4 | hex_digit(line[2 * i + 1]));
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

/* What libFuzzer found worth keeping: together they take most ways through the code. */
START_TEST(call_14_values_of_the_corpus)
{
    char *text = golden_read("tests/fuzz/corpus/values.txt", NULL);
    size_t lines = 0;

    for (const char *line = text; *line; lines++) {
        const size_t digits = strcspn(line, "\n");

        try_line(line, digits);
        line += digits + (line[digits] != 0);
    }
    free(text);
    fuzz_values_end();
    ck_assert_uint_ge(lines, 100);
}
END_TEST

static Suite *fuzz_suite(void)
{
    Suite *suite = suite_create("fuzz_values");
    TCase *tcase = tcase_create("values");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, call_14_values_of_every_shape, 0, CARGO_ROWS);
    tcase_add_loop_test(tcase, call_14_values_of_no_choices, 0, CARGO_ROWS);
    tcase_add_test(tcase, call_14_values_of_the_corpus);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(fuzz_suite)
