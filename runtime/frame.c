/*
 * frame.c -- flat parameters on their way into the frame: arrays and strings that are nothing but
 * their bytes.
 *
 * Every size is looked at here before anything is read or allocated: what does not fit into a
 * size_t, or is above a limit of uvcom_set_limits, is refused. What has pointers inside is visited
 * (visit.c).
 */
#include <string.h>

#include "runtime/call_limits.h"
#include "runtime/operation.h"

/* The bytes of an array; 0 with a failure if they are too many. */
static size_t count_bytes(size_t count, size_t size, HRESULT *hr)
{
    size_t bytes;

    if (!__builtin_mul_overflow(count, size, &bytes) && bytes <= uvcom__limit_array())
        return bytes;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 0;
}

/* Room in the operation, not zeroed; NULL after a failure. */
static void *take(void *frame, size_t bytes, HRESULT *hr)
{
    struct operation *operation = uvcom__operation_of_frame(frame);
    void *room;

    if (FAILED(*hr))
        return NULL;
    if (!uvcom__operation_count(operation, bytes)) {
        *hr = HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND);
        return NULL;
    }
    room = uvcom__operation_take(operation, bytes);
    if (!room)
        *hr = E_OUTOFMEMORY;
    return room;
}

void *uvcom_frame_room(void *frame, size_t count, size_t size, HRESULT *hr)
{
    const size_t bytes = count_bytes(count, size, hr);
    void *room = take(frame, bytes, hr);

    return room ? memset(room, 0, bytes) : NULL;
}

void *uvcom_frame_copy(void *frame, const void *data, size_t count, size_t size, HRESULT *hr)
{
    size_t bytes;
    void *room;

    if (!data)
        return NULL;
    bytes = count_bytes(count, size, hr);
    room = take(frame, bytes, hr);
    return room ? memcpy(room, data, bytes) : NULL;
}

void *uvcom_frame_borrow(void *frame, const void *data, size_t count, size_t size, HRESULT *hr)
{
    const struct operation *operation = uvcom__operation_of_frame(frame);

    /* A plain call that can be cancelled: its caller cannot know how long the server reads. */
    if (operation->is_plain && !operation->is_lent)
        return uvcom_frame_copy(frame, data, count, size, hr);
    if (data)
        count_bytes(count, size, hr);
    return FAILED(*hr) ? NULL : (void *)(uintptr_t)data;
}

void *uvcom_frame_lend(void *frame, const void *data, size_t count, size_t size, HRESULT *hr)
{
    if (uvcom__operation_of_frame(frame)->is_lent)
        return uvcom_frame_borrow(frame, data, count, size, hr);
    return uvcom_frame_copy(frame, data, count, size, hr);
}

/* A copy of a text of `length` elements in `room` of them; what is behind the text is zero. */
static void *copy_text(void *frame, const void *text, size_t unit, size_t length, size_t room,
                       HRESULT *hr)
{
    unsigned char *copy = take(frame, count_bytes(room, unit, hr), hr);

    if (!copy)
        return NULL;
    memcpy(copy, text, length * unit);
    memset(copy + length * unit, 0, (room - length) * unit);
    return copy;
}

void *uvcom_frame_text(void *frame, const void *text, size_t unit, size_t room, HRESULT *hr)
{
    const size_t length = FAILED(*hr) ? 0 : uvcom_text_length(text, unit, room, hr);

    if (FAILED(*hr) || !text)
        return NULL;
    if (uvcom__operation_of_frame(frame)->is_lent)
        return (void *)(uintptr_t)text;
    return copy_text(frame, text, unit, length, room ? room : length, hr);
}

void *uvcom_frame_buffer(void *frame, const void *text, size_t unit, size_t *room, HRESULT *hr)
{
    const size_t length = FAILED(*hr) ? 0 : uvcom_text_length(text, unit, *room, hr);

    if (FAILED(*hr) || !text)
        return NULL;
    if (*room == 0)
        *room = length;
    return copy_text(frame, text, unit, length, *room, hr);
}
