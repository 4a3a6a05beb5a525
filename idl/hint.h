/*
 * idl/hint.h -- names that are nearly the same: "did you mean".
 */
#ifndef IDL_HINT_H
#define IDL_HINT_H

#include "idl/map.h"

/* Each returns a name that differs in one letter only; NULL: there is none. */
const char *hint_of_map(const struct map *map, const char *name);
const char *hint_of_attribute(const char *name);

/** The name of a kind of messages, or the only one that has this as a part of it. */
const char *hint_of_kind(const char *name);

#endif
