/*
 * pool.h -- the memory of one compilation's back end: everything is freed at once.
 *
 * Running out of memory is remembered, not reported call by call: what a pool gives out then is
 * still safe to read (an empty string, a spare block), so the emitters need no error path of their
 * own. Who uses the result asks pool->failed first.
 */
#ifndef CODEGEN_POOL_H
#define CODEGEN_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool_block;
struct made_tag;

struct pool {
    struct pool_block *blocks;
    const struct made_tag *tags; /* of structs and enums that have none (types.h) */
    bool in_cpp;                 /* types of namespaces are spelled as C++ has them (types.h) */
    size_t bytes;                /* of all blocks */
    bool failed;                 /* out of memory at least once */
};

/** Zeroed memory that lives as long as the pool; NULL when there is none, and failed is set. */
void *pool_alloc(struct pool *pool, size_t size);

/** A copy of a string; "" when there is no memory. */
const char *pool_string(struct pool *pool, const char *text);

/** Frees everything. */
void pool_fini(struct pool *pool);

#endif
