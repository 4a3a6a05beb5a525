/*
 * idl/map.c -- see map.h; open addressing, at most half full.
 */
#include "idl/map.h"

#include <string.h>

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){.arena = arena};
}

/* FNV-1a with a last stirring: its low bits alone are weak, and the table uses the low bits. */
static uint64_t hash_of(const char *key, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The entry of the key, or the empty one where it would go. The table has empty entries. */
static struct map_entry *slot_of(const struct map *map, const char *key, size_t length,
                                 uint64_t hash)
{
    size_t slot = (size_t)hash & (map->capacity - 1);

    for (;;) {
        struct map_entry *entry = &map->entries[slot];

        if (!entry->key)
            return entry;
        if (entry->hash == hash && entry->length == length && memcmp(entry->key, key, length) == 0)
            return entry;
        slot = (slot + 1) & (map->capacity - 1);
    }
}

static void grow(struct map *map)
{
    struct map old = *map;
    size_t capacity = old.capacity ? old.capacity * 2 : 16;

    /* Without memory the map stays as it is: the reader's outlasts the compilation that failed. */
    map->entries = arena_alloc(map->arena, capacity * sizeof *map->entries);
    map->capacity = capacity;
    for (size_t i = 0; i < old.capacity; i++) {
        const struct map_entry *entry = &old.entries[i];

        if (entry->key)
            *slot_of(map, entry->key, entry->length, entry->hash) = *entry;
    }
}

struct map_entry *map_find(const struct map *map, const char *key, size_t length)
{
    struct map_entry *entry;

    if (map->capacity == 0)
        return NULL;
    entry = slot_of(map, key, length, hash_of(key, length));
    return entry->key ? entry : NULL;
}

struct map_entry *map_put(struct map *map, const char *key, size_t length)
{
    uint64_t hash = hash_of(key, length);
    struct map_entry *entry;

    if (map->count * 2 >= map->capacity)
        grow(map);
    entry = slot_of(map, key, length, hash);
    if (!entry->key) {
        entry->key = arena_copy(map->arena, key, length);
        entry->length = length;
        entry->hash = hash;
        map->count++;
    }
    return entry;
}

void *map_get(const struct map *map, const char *key)
{
    const struct map_entry *entry = map_find(map, key, strlen(key));

    return entry ? entry->value : NULL;
}
