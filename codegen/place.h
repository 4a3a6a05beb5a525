/*
 * place.h -- line and column of places in a text, one after the other.
 */
#ifndef CODEGEN_PLACE_H
#define CODEGEN_PLACE_H

#include <stddef.h>

#include "idl/ast.h"

/* The last place that was asked for: the next one is near it, and a line can be long. */
struct place {
    const struct idl_source *source;
    size_t line;
    size_t offset;
    unsigned column; /* in characters, as messages count it */
};

/** Goes to a location; its source is not NULL. */
void place_find(struct place *place, const struct location *location);

#endif
