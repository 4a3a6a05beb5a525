/*
 * two_bases.h -- what the two halves of the two-bases test share: one is compiled on uvcom's own
 * base, the other on DirectX-Headers', one is C and the other C++.
 */
#ifndef TESTS_HEADERS_TWO_BASES_H
#define TESTS_HEADERS_TWO_BASES_H

#include "counter.h"

/** Makes a counter with one reference, the caller's. */
EXTERN_C ICounter *counter_create(void);

/** Its Start_ functions: those that work at once, and take no operation. */
EXTERN_C const AsyncICounterServer *counter_starts(void);

/** How many counters are alive. */
EXTERN_C int counter_alive(void);

#endif
