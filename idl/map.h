/*
 * idl/map.h -- a hash table from text to a pointer, in an arena.
 *
 * Every question "is there a name like this" of the front end is one look into such a table, which
 * keeps the time linear in the size of the input. Nothing is ever taken out; a value may become
 * NULL.
 */
#ifndef IDL_MAP_H
#define IDL_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "idl/arena.h"

struct map_entry {
    const char *key; /* NULL: empty; otherwise in the arena, NUL-terminated */
    size_t length;
    uint64_t hash;
    void *value;
};

struct map {
    struct arena *arena;
    struct map_entry *entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void map_init(struct map *map, struct arena *arena);

/** NULL: no such key. The entry is valid until the next map_put. */
struct map_entry *map_find(const struct map *map, const char *key, size_t length);

/** The entry of this key, made with a copy of the key and a NULL value if there was none. */
struct map_entry *map_put(struct map *map, const char *key, size_t length);

/** The value, or NULL. */
void *map_get(const struct map *map, const char *key);

#endif
