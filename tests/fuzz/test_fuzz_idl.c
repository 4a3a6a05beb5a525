/*
 * test_fuzz_idl.c -- the fuzzer's corpus as a normal test: each file whole, cut off, and damaged.
 *
 * The damage comes from a fixed seed, so that a failure can be repeated. Hours of it are
 * libFuzzer's, see fuzz_idl.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz_idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

enum { CUTS = 200, DAMAGES = 300 };

static const char *const inputs[] = {
    "tests/fuzz/corpus/declarations.idl", "tests/fuzz/corpus/preprocessor.idl",
    "tests/fuzz/corpus/attributes.idl",   "tests/fuzz/corpus/rich.idl",
    "tests/fuzz/corpus/empty_macros.idl", "samples/simple_stream/simple_stream.idl",
    "samples/coffee/coffee.idl",          "include/uvcom/objidl.idl",
};

/* xorshift64: any generator would do that is the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A copy of its own in exactly as many bytes: the sanitizer sees a read behind the end. */
static void compile_copy(const char *text, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

START_TEST(whole_file)
{
    size_t length;
    char *text = golden_read(inputs[_i], &length);

    compile_copy(text, length);
    free(text);
}
END_TEST

START_TEST(file_that_is_cut_off)
{
    size_t length;
    char *text = golden_read(inputs[_i], &length);

    for (size_t cut = 0; cut < CUTS; cut++)
        compile_copy(text, length * cut / CUTS);
    free(text);
}
END_TEST

/* One to three of: a byte replaced, a piece taken out, a piece moved over another. */
static size_t damage(char *text, size_t length, uint64_t *state)
{
    for (uint64_t count = 1 + next_random(state) % 3; count > 0 && length > 8; count--) {
        size_t at = next_random(state) % (length - 8);
        size_t piece = 1 + next_random(state) % 8;

        switch (next_random(state) % 3) {
        case 0:
            text[at] = (char)next_random(state);
            break;
        case 1:
            memmove(text + at, text + at + piece, length - at - piece);
            length -= piece;
            break;
        default:
            memmove(text + at, text + next_random(state) % (length - piece), piece);
            break;
        }
    }
    return length;
}

START_TEST(file_that_is_damaged)
{
    uint64_t state = UINT64_C(0x75766964) + (uint64_t)_i;
    size_t length;
    char *text = golden_read(inputs[_i], &length);
    char *damaged = malloc(length + 1);

    ck_assert_ptr_nonnull(damaged);
    for (int i = 0; i < DAMAGES; i++) {
        memcpy(damaged, text, length);
        compile_copy(damaged, damage(damaged, length, &state));
    }
    free(damaged);
    free(text);
}
END_TEST

START_TEST(random_bytes)
{
    uint64_t state = UINT64_C(0x72616E64) + (uint64_t)_i;
    char bytes[500];

    for (int round = 0; round < 100; round++) {
        size_t length = next_random(&state) % sizeof bytes;

        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)next_random(&state);
        compile_copy(bytes, length);
    }
}
END_TEST

static Suite *fuzz_suite(void)
{
    const int count = sizeof inputs / sizeof *inputs;
    Suite *suite = suite_create("fuzz_idl");
    TCase *tcase = tcase_create("corpus");

    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, whole_file, 0, count);
    tcase_add_loop_test(tcase, file_that_is_cut_off, 0, count);
    tcase_add_loop_test(tcase, file_that_is_damaged, 0, count);
    tcase_add_loop_test(tcase, random_bytes, 0, 5);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(fuzz_suite)
