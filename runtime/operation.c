/*
 * operation.c -- the memory of one Begin_: its frame and what the frame's pointers point to.
 *
 * Everything that Begin_ copies goes into the room behind the frame, and into blocks from the heap
 * when that is used up; nothing is freed one by one. So small parameters cost no allocation on a
 * reused call object, and there is one place where they all end.
 *
 * Does not know the protocol: who may touch an operation when is decided in call.c and
 * call_state.c.
 */
#include "runtime/operation.h"

#include <stdint.h>
#include <string.h>

#include "runtime/call_limits.h"
#include "runtime/parcel.h"
#include "runtime/platform.h"

/* The first block that many small things share, and the largest; in between each is as large as
   two of the one before. What is larger than half of a block has one of its own. */
#define FIRST_BLOCK 1024
#define LARGEST_BLOCK 65536

struct operation_block {
    struct operation_block *next;
    size_t capacity;
    size_t used;
    _Alignas(max_align_t) unsigned char bytes[];
};

static size_t round_up(size_t size)
{
    return (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
}

struct operation *uvcom__operation_create(size_t frame_size)
{
    size_t capacity = round_up(frame_size) + OPERATION_ROOM;
    struct operation *operation = uvcom__alloc(sizeof *operation + capacity);

    if (operation)
        operation->capacity = capacity;
    return operation;
}

void uvcom__operation_open(struct operation *operation, const struct uvcom_method *method,
                           unsigned number)
{
    operation->method = method;
    operation->number = number;
    operation->hr = S_OK;
    operation->is_freed = false;
    operation->used = round_up(method->frame_size);
    memset(operation->frame, 0, method->frame_size);
}

void uvcom__operation_clean(struct operation *operation)
{
    uvcom__parcels_drop(operation);
    uvcom__operation_free_results(operation);
    uvcom__values_drop(&operation->values);
    operation->method = NULL;
    operation->replaced = NULL;
    operation->copied = 0;
    uvcom__pointer_table_clear(&operation->taken);
    uvcom__pointer_table_clear(&operation->cloned);
    uvcom__pointer_table_clear(&operation->kept);
    uvcom__pointer_table_clear(&operation->restored);
    while (operation->blocks) {
        struct operation_block *block = operation->blocks;

        operation->blocks = block->next;
        uvcom__free(block);
    }
}

void uvcom__operation_destroy(struct operation *operation)
{
    uvcom__operation_clean(operation);
    uvcom__free(operation);
}

struct operation *uvcom__operation_of_frame(void *frame)
{
    return (struct operation *)((unsigned char *)frame - offsetof(struct operation, frame));
}

static struct operation_block *create_block(size_t capacity)
{
    struct operation_block *block = uvcom__alloc(sizeof *block + capacity);

    if (block)
        block->capacity = capacity;
    return block;
}

/* A block with room for `size` bytes, which is rounded. The one that small things share is the
   first of the list; a large thing's own goes behind it. */
static struct operation_block *add_block(struct operation *operation, size_t size)
{
    struct operation_block *shared = operation->blocks;
    struct operation_block **place = &operation->blocks;
    size_t capacity = FIRST_BLOCK;
    struct operation_block *block;

    if (shared)
        capacity = shared->capacity < LARGEST_BLOCK / 2 ? 2 * shared->capacity : LARGEST_BLOCK;
    if (size > capacity / 2) {
        capacity = size;
        place = shared ? &shared->next : place;
    }
    block = create_block(capacity);
    if (!block)
        return NULL;
    block->next = *place;
    *place = block;
    return block;
}

void *uvcom__operation_take(struct operation *operation, size_t size)
{
    struct operation_block *block = operation->blocks;
    void *room = operation->frame + operation->used;

    if (size > SIZE_MAX / 2)
        return NULL;
    /* A pointer to nothing is still a pointer of its own. */
    size = round_up(size ? size : 1);
    if (size <= operation->capacity - operation->used) {
        operation->used += size;
        return room;
    }
    if (!block || size > block->capacity - block->used)
        block = add_block(operation, size);
    if (!block)
        return NULL;
    room = block->bytes + block->used;
    block->used += size;
    return room;
}

void *uvcom__operation_room(struct operation *operation, size_t size)
{
    void *room = uvcom__operation_take(operation, size);

    return room ? memset(room, 0, size) : NULL;
}

static bool is_within(const void *place, const unsigned char *start, size_t size)
{
    return (uintptr_t)place >= (uintptr_t)start && (uintptr_t)place - (uintptr_t)start < size;
}

bool uvcom__operation_has(const struct operation *operation, const void *place)
{
    const struct operation_block *block = operation->blocks;

    while (block && !is_within(place, block->bytes, block->used))
        block = block->next;
    return block || is_within(place, operation->frame, operation->used);
}

bool uvcom__operation_count(struct operation *operation, size_t bytes)
{
    const size_t limit = uvcom__limit_call();

    if (operation->copied > limit || bytes > limit - operation->copied)
        return false;
    operation->copied += bytes;
    return true;
}
