/*
 * idl/arena.c -- see arena.h; chunks from malloc, and nobody else in the front end calls malloc.
 */
#include "idl/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

/*
 * Under AddressSanitizer every block is a chunk of its own: an overflow then runs into its red zone
 * instead of into our own next block.
 */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define CHUNK_SIZE ((size_t)0)
#else
#define CHUNK_SIZE ((size_t)64 * 1024)
#endif

#define ALIGNMENT _Alignof(max_align_t)

struct arena_chunk {
    struct arena_chunk *older;
    _Alignas(max_align_t) char bytes[];
};

static struct arena_chunk *chunk_create(size_t size)
{
    struct arena_chunk *chunk;

    if (size > SIZE_MAX - sizeof *chunk)
        return NULL;
    chunk = malloc(sizeof *chunk + size);
    if (chunk) {
        chunk->older = NULL;
        memset(chunk->bytes, 0, size);
    }
    return chunk;
}

struct arena *arena_create(size_t limit)
{
    struct arena_chunk *chunk = chunk_create(sizeof(struct arena));
    struct arena *arena;

    if (!chunk)
        return NULL;
    arena = (struct arena *)(void *)chunk->bytes;
    arena->chunks = chunk;
    arena->limit = limit;
    return arena;
}

void arena_destroy(struct arena *arena)
{
    struct arena_chunk *chunk = arena ? arena->chunks : NULL;

    /* The arena itself lies in the last chunk of the list, so it is not looked at any more. */
    while (chunk) {
        struct arena_chunk *older = chunk->older;

        free(chunk);
        chunk = older;
    }
}

/* NULL, and the reason in arena->failure, or memory. */
static void *take(struct arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *block;

    arena->failure = ARENA_TOO_BIG;
    if (rounded < size || rounded > arena->limit - arena->used)
        return NULL;
    if (rounded > (size_t)(arena->end - arena->next)) {
        size_t chunk_size = rounded > CHUNK_SIZE ? rounded : CHUNK_SIZE;
        struct arena_chunk *chunk = chunk_create(chunk_size);

        arena->failure = ARENA_NO_MEMORY;
        if (!chunk)
            return NULL;
        chunk->older = arena->chunks;
        arena->chunks = chunk;
        arena->next = chunk->bytes;
        arena->end = chunk->bytes + chunk_size;
    }
    block = arena->next;
    arena->next += rounded;
    arena->used += rounded;
    return block;
}

void arena_give_up(struct arena *arena)
{
    assert(arena->escape);
    longjmp(*arena->escape, (int)arena->failure);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *block = take(arena, size ? size : 1);

    if (!block)
        arena_give_up(arena);
    return block;
}

void *arena_try_alloc(struct arena *arena, size_t size)
{
    return take(arena, size ? size : 1);
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}
