/*
 * neutral.h -- the mark of a thread on which a class of no apartment is just making an object.
 *
 * Objects that begin their lives under it belong to no apartment and answer IAgileObject (APT-11).
 */
#ifndef RUNTIME_NEUTRAL_H
#define RUNTIME_NEUTRAL_H

#include <stdbool.h>

/** Sets or clears the mark of the calling thread. Returns what it was, to be put back. */
bool uvcom__neutral_set(bool is_neutral);

bool uvcom__neutral_is_set(void);

#endif
