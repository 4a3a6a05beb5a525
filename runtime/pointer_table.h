/*
 * pointer_table.h -- finds what belongs to a pointer: the copies of shared values, the originals of
 * copies.
 *
 * Zeroed memory is an empty table, which owns nothing. It grows and never shrinks; nothing is taken
 * out one by one. For one thread at a time.
 */
#ifndef RUNTIME_POINTER_TABLE_H
#define RUNTIME_POINTER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <uvcom/visit.h>

struct pointer_entry {
    const void *key; /* never NULL in an entry that is used */
    void *value;
    size_t bytes;               /* what was copied: how much, */
    struct uvcom_extent extent; /* which elements, */
    size_t size;                /* how large each, */
    uvcom_visit_fn fn;          /* and what is inside */
};

struct pointer_table {
    struct pointer_entry *entries;
    size_t capacity; /* 0 or a power of two */
    size_t count;
};

/** The entry of a key; NULL: there is none. Valid until the next put. */
struct pointer_entry *uvcom__pointer_table_find(const struct pointer_table *table, const void *key);

/** Adds an entry whose key is not there yet. @return false: out of memory, and nothing changed */
bool uvcom__pointer_table_put(struct pointer_table *table, struct pointer_entry entry);

/** Frees what the table owns; it is empty then. */
void uvcom__pointer_table_clear(struct pointer_table *table);

#endif
