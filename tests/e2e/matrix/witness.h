/*
 * witness.h -- objects that are known by a number, to be passed as interface pointers.
 *
 * A witness lives in the apartment in which it was made; its number is asked for by a call, so a
 * pointer that is good in another apartment only is noticed.
 */
#ifndef TESTS_E2E_MATRIX_WITNESS_H
#define TESTS_E2E_MATRIX_WITNESS_H

#include "leaf.h"

enum witness_side { WITNESS_CLIENT, WITNESS_SERVER, WITNESS_SIDES };

/* One reference; NULL: no memory. */
IWitness *witness_new(LONG number, enum witness_side side);

/* Asks whatever interface of it for the number. */
HRESULT witness_number(void *object, LONG *number);

/* How many there are now, in all apartments. */
int witness_live(void);

/* Witnesses of that side belong to one thread from now on; of those, so many have ended on another
   one. */
void witness_bind(enum witness_side side, bool is_bound);
int witness_strays(void);

#endif
