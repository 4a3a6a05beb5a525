/*
 * pointer_table.c -- a hash table with open addressing: full slots that follow each other are one
 * chain.
 */
#include "runtime/pointer_table.h"

#include <stdint.h>

#include "runtime/platform.h"

#define FIRST_CAPACITY 32

/* Pointers of blocks differ least in their low bits; the multiplication brings the others up, and
   the highest are taken. */
static size_t hash(const void *key)
{
    return (size_t)(((uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u) >> 32);
}

/* The place of a key, or the free one where it belongs. There always is a free one. */
static struct pointer_entry *place(const struct pointer_table *table, const void *key)
{
    size_t i = hash(key) & (table->capacity - 1);

    while (table->entries[i].key && table->entries[i].key != key)
        i = (i + 1) & (table->capacity - 1);
    return &table->entries[i];
}

struct pointer_entry *uvcom__pointer_table_find(const struct pointer_table *table, const void *key)
{
    struct pointer_entry *entry = table->capacity > 0 ? place(table, key) : NULL;

    return entry && entry->key ? entry : NULL;
}

static bool grow(struct pointer_table *table)
{
    struct pointer_table larger = {.count = table->count};

    larger.capacity = table->capacity > 0 ? 2 * table->capacity : FIRST_CAPACITY;
    if (larger.capacity > SIZE_MAX / sizeof *larger.entries)
        return false;
    larger.entries = uvcom__alloc(larger.capacity * sizeof *larger.entries);
    if (!larger.entries)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->entries[i].key)
            *place(&larger, table->entries[i].key) = table->entries[i];
    uvcom__free(table->entries);
    *table = larger;
    return true;
}

bool uvcom__pointer_table_put(struct pointer_table *table, struct pointer_entry entry)
{
    /* Half full at most: chains stay short. */
    if (table->count >= table->capacity / 2 && !grow(table))
        return false;
    *place(table, entry.key) = entry;
    table->count++;
    return true;
}

void uvcom__pointer_table_clear(struct pointer_table *table)
{
    const struct pointer_table empty = {.capacity = 0};

    uvcom__free(table->entries);
    *table = empty;
}
