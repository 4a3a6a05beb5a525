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

#include <string.h>

#include <uvcom/unknwn.h>

#include "runtime/platform.h"

struct operation_block {
    struct operation_block *next;
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
    operation->used = round_up(method->frame_size);
    memset(operation->frame, 0, method->frame_size);
}

void uvcom__operation_clean(struct operation *operation)
{
    const struct uvcom_method *method = operation->method;

    operation->method = NULL;
    if (method && method->clear)
        method->clear(operation->frame);
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

/* Room of `size` bytes, not zeroed when it is behind the frame; NULL: out of memory. */
static void *take(struct operation *operation, size_t size)
{
    struct operation_block *block;
    void *room = operation->frame + operation->used;

    if (size <= operation->capacity - operation->used) {
        /* Rounded capacity and rounded steps: `used` never passes the end. */
        operation->used += round_up(size);
        return room;
    }
    block = size <= SIZE_MAX - sizeof *block ? uvcom__alloc(sizeof *block + size) : NULL;
    if (!block)
        return NULL;
    block->next = operation->blocks;
    operation->blocks = block;
    return block->bytes;
}

/* The common half of room and copy: the bounds, the memory, the code. */
static void *take_elements(void *frame, size_t count, size_t size, HRESULT *hr)
{
    void *room;

    if (size != 0 && count > SIZE_MAX / 2 / size) {
        *hr = HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND);
        return NULL;
    }
    /* A pointer to no elements is still a pointer: it must not look like NULL to the server. */
    room = take(uvcom__operation_of_frame(frame), count * size > 0 ? count * size : 1);
    if (!room)
        *hr = E_OUTOFMEMORY;
    return room;
}

void *uvcom_frame_room(void *frame, size_t count, size_t size, HRESULT *hr)
{
    void *room = FAILED(*hr) ? NULL : take_elements(frame, count, size, hr);

    return room ? memset(room, 0, count * size) : NULL;
}

void *uvcom_frame_copy(void *frame, const void *data, size_t count, size_t size, HRESULT *hr)
{
    void *room = FAILED(*hr) || !data ? NULL : take_elements(frame, count, size, hr);

    return room ? memcpy(room, data, count * size) : NULL;
}

void *uvcom_frame_hold(void *frame, void *iface, HRESULT *hr)
{
    IUnknown *unknown = iface;

    (void)frame;
    if (FAILED(*hr) || !unknown)
        return NULL;
    unknown->lpVtbl->AddRef(unknown);
    return unknown;
}

void uvcom_frame_release(void *iface)
{
    IUnknown *unknown = iface;

    if (unknown)
        unknown->lpVtbl->Release(unknown);
}
