/*
 * bad_values.h -- the list of what can be wrong with a value, and the code that says so.
 *
 * Data for test_bad_values.c: each row spoils one parameter of an otherwise good call.
 */
#ifndef TESTS_E2E_BAD_VALUES_H
#define TESTS_E2E_BAD_VALUES_H

#include "cargo.h"

struct bad_value {
    const char *name;
    const struct cargo_row *row;
    HRESULT expected;
    /* Of a client's: damages good arguments. Of a server's: makes results, of which one is bad. The
       arguments are the row's, see cargo_args.h. */
    void (*spoil)(void *args);
};

enum { BAD_GIVEN_COUNT = 38, BAD_MADE_COUNT = 28 };

extern const struct bad_value bad_given[BAD_GIVEN_COUNT];
extern const struct bad_value bad_made[BAD_MADE_COUNT];

#endif
