/*
 * pool.c -- the memory of one compilation's back end, in blocks that are freed together.
 *
 * It does not give single pieces back: a compilation is short, and its names live to its end.
 */
#include "codegen/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 }; /* bytes; a name is some tens of bytes */

struct pool_block {
    struct pool_block *next;
    size_t used, size; /* bytes of data */
    max_align_t data[];
};

static struct pool_block *block_new(struct pool *pool, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct pool_block *block;

    if (room > SIZE_MAX - sizeof *block)
        return NULL;
    block = malloc(sizeof *block + room);
    if (!block)
        return NULL;
    block->used = 0;
    block->size = room;
    block->next = pool->blocks;
    pool->blocks = block;
    pool->bytes += room;
    return block;
}

void *pool_alloc(struct pool *pool, size_t size)
{
    struct pool_block *block = pool->blocks;
    size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    void *memory;

    if (aligned < size)
        aligned = size;
    if (!block || block->size - block->used < aligned)
        block = block_new(pool, aligned);
    if (!block) {
        pool->failed = true;
        return NULL;
    }
    memory = (char *)block->data + block->used;
    block->used += aligned;
    return memset(memory, 0, size);
}

const char *pool_string(struct pool *pool, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = pool_alloc(pool, size);

    return copy ? memcpy(copy, text, size) : "";
}

void pool_fini(struct pool *pool)
{
    while (pool->blocks) {
        struct pool_block *next = pool->blocks->next;

        free(pool->blocks);
        pool->blocks = next;
    }
    pool->tags = NULL;
    pool->bytes = 0;
    pool->failed = false;
}
