/*
 * idl/arena.c -- see arena.h; chunks from malloc, and nobody else in the front end calls malloc.
 */
#include "idl/arena.h"

#include <assert.h>
#include <stdbool.h>
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

#define MAX_COPIES ((size_t)256 * 1024 * 1024) /* of all marks of an arena */

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    _Alignas(max_align_t) char bytes[];
};

/* What a chunk held: an older mark's copy serves for all that find it unchanged. */
struct copy {
    struct arena_chunk *chunk;
    char *bytes;
    size_t size;
    bool is_own;
};

struct arena_mark {
    struct arena_mark *next;
    const struct arena_mark *base; /* the arena's when this one was made */
    struct arena arena;            /* its fields at that time */
    size_t copied;                 /* bytes of this and of all older marks */
    size_t count;
    struct copy copies[]; /* the newest chunk first; not the one that the arena lies in */
};

static struct arena_chunk *chunk_create(size_t size)
{
    struct arena_chunk *chunk;

    if (size > SIZE_MAX - sizeof *chunk)
        return NULL;
    chunk = malloc(sizeof *chunk + size);
    if (chunk) {
        chunk->older = NULL;
        chunk->size = size;
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

/* Frees the newest chunks down to `end`, which stays. */
static void free_chunks(struct arena_chunk *chunk, const struct arena_chunk *end)
{
    while (chunk != end) {
        struct arena_chunk *older = chunk->older;

        free(chunk);
        chunk = older;
    }
}

/* The same, but those of the usual size are kept: the next file needs as many. */
static void drop_chunks(struct arena *arena, const struct arena_chunk *end)
{
    struct arena_chunk *chunk = arena->chunks;

    while (chunk != end) {
        struct arena_chunk *older = chunk->older;

        if (chunk->size == CHUNK_SIZE) {
            chunk->older = arena->spare;
            arena->spare = chunk;
        } else {
            free(chunk);
        }
        chunk = older;
    }
}

static struct arena_chunk *spare_chunk(struct arena *arena)
{
    struct arena_chunk *chunk = arena->spare;

    arena->spare = chunk->older;
    memset(chunk->bytes, 0, chunk->size);
    return chunk;
}

static struct arena_chunk *chunks_of(const struct arena_mark *mark)
{
    return mark ? mark->arena.chunks : NULL;
}

static void mark_destroy(struct arena_mark *mark)
{
    for (size_t i = 0; i < mark->count; i++) {
        if (mark->copies[i].is_own)
            free(mark->copies[i].bytes);
    }
    free(mark);
}

void arena_destroy(struct arena *arena)
{
    struct arena_mark *mark = arena ? arena->marks : NULL;
    struct arena_chunk *chunks = arena ? arena->chunks : NULL;
    const struct arena_chunk *end = arena ? chunks_of(arena->base) : NULL;

    if (arena)
        free_chunks(arena->spare, NULL);
    /* The arena itself lies in the last chunk of the list, so it is not looked at any more. */
    free_chunks(chunks, end);
    while (mark) {
        struct arena_mark *next = mark->next;

        free_chunks(mark->arena.chunks, chunks_of(mark->base));
        mark_destroy(mark);
        mark = next;
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
        struct arena_chunk *chunk = chunk_size == CHUNK_SIZE && arena->spare
                                        ? spare_chunk(arena)
                                        : chunk_create(chunk_size);

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

void arena_charge(struct arena *arena, size_t size)
{
    if (size > arena->limit - arena->used) {
        arena->failure = ARENA_TOO_BIG;
        arena_give_up(arena);
    }
    arena->used += size;
}

/* ---- going back ---- */

/* The chunk that the arena itself lies in is not copied: its fields are, each mark has them. */
static size_t chunk_count(const struct arena *arena)
{
    size_t count = 0;

    for (const struct arena_chunk *chunk = arena->chunks; chunk->older; chunk = chunk->older)
        count++;
    return count;
}

/* How much of a chunk is in use: all of it, but of the newest one. */
static size_t used_of(const struct arena *arena, const struct arena_chunk *chunk)
{
    return chunk == arena->chunks ? (size_t)(arena->next - chunk->bytes) : chunk->size;
}

/* False: no memory. */
static bool copy_chunk(struct arena_mark *mark, struct copy *copy, struct arena_chunk *chunk)
{
    const struct arena_mark *base = mark->base;
    size_t index = (size_t)(copy - mark->copies);

    *copy = (struct copy){chunk, NULL, used_of(&mark->arena, chunk), false};
    if (base && index < base->count && base->copies[index].size == copy->size &&
        memcmp(base->copies[index].bytes, chunk->bytes, copy->size) == 0) {
        copy->bytes = base->copies[index].bytes;
        return true;
    }
    copy->bytes = malloc(copy->size ? copy->size : 1);
    if (!copy->bytes)
        return false;
    copy->is_own = true;
    memcpy(copy->bytes, chunk->bytes, copy->size);
    mark->copied += copy->size;
    return mark->copied <= MAX_COPIES;
}

struct arena_mark *arena_save(struct arena *arena)
{
    size_t count = chunk_count(arena);
    struct arena_mark *mark = calloc(1, sizeof *mark + count * sizeof *mark->copies);
    struct arena_chunk *chunk = arena->chunks;

    if (!mark)
        return NULL;
    mark->next = arena->marks;
    mark->base = arena->base;
    mark->arena = *arena;
    mark->copied = arena->marks ? arena->marks->copied : 0;
    mark->count = count;
    for (size_t i = count; i > 0; i--) {
        if (!copy_chunk(mark, &mark->copies[i - 1], chunk)) {
            mark_destroy(mark);
            return NULL;
        }
        chunk = chunk->older;
    }
    arena->marks = mark;
    arena->base = mark;
    return mark;
}

void arena_restore(struct arena *arena, struct arena_mark *mark)
{
    struct arena_mark *marks = arena->marks;
    jmp_buf *escape = arena->escape;
    struct arena_chunk *spare;

    drop_chunks(arena, chunks_of(arena->base));
    spare = arena->spare;
    *arena = mark->arena;
    arena->spare = spare;
    arena->marks = marks;
    arena->base = mark;
    arena->escape = escape;
    for (size_t i = 0; i < mark->count; i++)
        memcpy(mark->copies[i].chunk->bytes, mark->copies[i].bytes, mark->copies[i].size);
    if (mark->count > 0)
        memset(arena->next, 0, (size_t)(arena->end - arena->next));
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}
