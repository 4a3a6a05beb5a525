/*
 * numbering.h -- gives each address that it is shown a number, in the order of first showing.
 */
#ifndef CODEGEN_NUMBERING_H
#define CODEGEN_NUMBERING_H

#include <stddef.h>

#include "codegen/pool.h"

struct numbering {
    struct pool *pool;
    const void **items; /* by number */
    size_t *slots;      /* open addressing: number + 1; 0: free */
    size_t count, capacity;
};

/** The number of this address, from 0. *is_new may be NULL. 0 if there is no memory. */
size_t numbering_of(struct numbering *numbering, const void *item, bool *is_new);

#endif
