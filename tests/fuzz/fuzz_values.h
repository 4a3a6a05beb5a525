/*
 * fuzz_values.h -- generated code on any values whatever: libFuzzer's entry, and the tests'.
 */
#ifndef TESTS_FUZZ_FUZZ_VALUES_H
#define TESTS_FUZZ_FUZZ_VALUES_H

#include <stddef.h>
#include <stdint.h>

/**
 * Makes one call of one method of tests/e2e/carried.idl; the bytes are the choices that its values
 * are made of. Aborts if what comes back contradicts what was made. Always 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The first input begins the apartments; this ends them, and asserts that nothing is left. */
void fuzz_values_end(void);

/** What came of the inputs so far, so that a test sees that each of these happens. */
struct fuzz_values_counts {
    size_t delivered; /* the server has seen what was given, the client has got what was made */
    size_t refused;   /* by Begin_ or the proxy */
    size_t rejected;  /* what the server made: the call's result is that failure */
    size_t failed;    /* by the method itself */
    size_t abandoned;
};

struct fuzz_values_counts fuzz_values_counts(void);

#endif
