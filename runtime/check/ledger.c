/*
 * runtime/check/ledger.c -- a list of the blocks of one run; short, so it is simply walked.
 */
#include "runtime/check/ledger.h"

#include <stdint.h>
#include <stdlib.h>

struct block {
    struct block *next;
    size_t size;
    bool is_freed;
};

static struct block *blocks;

static char *memory_of(struct block *block)
{
    return (char *)(block + 1);
}

static struct block *block_at(const void *memory)
{
    for (struct block *block = blocks; block != NULL; block = block->next) {
        if (memory_of(block) == (const char *)memory)
            return block;
    }
    return NULL;
}

void *ledger_alloc(size_t size)
{
    struct block *block = size > SIZE_MAX - sizeof *block ? NULL : calloc(1, sizeof *block + size);

    if (block == NULL)
        return NULL;
    block->size = size;
    block->next = blocks;
    blocks = block;
    return memory_of(block);
}

size_t ledger_size(const void *memory)
{
    const struct block *block = block_at(memory);

    return block == NULL || block->is_freed ? SIZE_MAX : block->size;
}

bool ledger_free(void *memory)
{
    struct block *block = block_at(memory);

    if (block == NULL || block->is_freed)
        return false;
    block->is_freed = true;
    return true;
}

bool ledger_is_freed(const void *address)
{
    for (struct block *block = blocks; block != NULL; block = block->next) {
        const uintptr_t start = (uintptr_t)memory_of(block);

        if ((uintptr_t)address >= start && (uintptr_t)address - start < block->size)
            return block->is_freed;
    }
    return false;
}

size_t ledger_reset(void)
{
    size_t in_use = 0;

    while (blocks != NULL) {
        struct block *block = blocks;

        blocks = block->next;
        in_use += !block->is_freed;
        free(block);
    }
    return in_use;
}
