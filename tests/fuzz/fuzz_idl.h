/*
 * fuzz_idl.h -- the compiler's front end on any bytes whatever: libFuzzer's entry, and the tests'.
 */
#ifndef TESTS_FUZZ_FUZZ_IDL_H
#define TESTS_FUZZ_FUZZ_IDL_H

#include <stddef.h>
#include <stdint.h>

/** Compiles the bytes as an IDL file; aborts if what comes back contradicts itself. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
