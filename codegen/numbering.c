/*
 * numbering.c -- numbers for addresses: a hash table with open addressing.
 *
 * The numbers do not depend on the addresses, so the same input gives the same output.
 */
#include "codegen/numbering.h"

#include <stdint.h>
#include <string.h>

static size_t *slot_of(const struct numbering *numbering, const void *item)
{
    uint64_t hash = (uint64_t)(uintptr_t)item * UINT64_C(0x9e3779b97f4a7c15);
    size_t mask = numbering->capacity - 1, slot = (size_t)(hash >> 32) & mask;

    while (numbering->slots[slot] && numbering->items[numbering->slots[slot] - 1] != item)
        slot = (slot + 1) & mask;
    return &numbering->slots[slot];
}

static bool grow(struct numbering *numbering)
{
    struct numbering grown = *numbering;

    grown.capacity = numbering->capacity ? numbering->capacity * 2 : 64;
    grown.slots = pool_alloc(grown.pool, grown.capacity * sizeof *grown.slots);
    grown.items = pool_alloc(grown.pool, grown.capacity * sizeof *grown.items);
    if (!grown.slots || !grown.items)
        return false;
    if (grown.count > 0)
        memcpy(grown.items, numbering->items, grown.count * sizeof *grown.items);
    for (size_t i = 0; i < grown.count; i++)
        *slot_of(&grown, grown.items[i]) = i + 1;
    *numbering = grown;
    return true;
}

size_t numbering_of(struct numbering *numbering, const void *item, bool *is_new)
{
    size_t *slot;

    if (is_new)
        *is_new = false;
    if (numbering->count * 2 >= numbering->capacity && !grow(numbering))
        return 0;
    slot = slot_of(numbering, item);
    if (*slot == 0) {
        numbering->items[numbering->count] = item;
        *slot = ++numbering->count;
        if (is_new)
            *is_new = true;
    }
    return *slot - 1;
}
