/*
 * uvcom/frame.h -- the small steps of generated code that need nothing of the runtime.
 *
 * Included by uvcom/proxy.h. Everything is inline: sizes are counted here, so that no product can
 * overflow and no result is ever written beyond the room that its client named.
 */
#ifndef UVCOM_FRAME_H
#define UVCOM_FRAME_H

#include <uvcom/proxy.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The failure in hr if there is one; else, for a NULL, that of RPC_X_NULL_REF_POINTER. */
static inline HRESULT uvcom_require(const void *pointer, HRESULT hr)
{
    return FAILED(hr) || pointer ? hr : HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);
}

/** The same for an [out] value, which is zeroed: a call that fails leaves no garbage. (CALL-11) */
static inline HRESULT uvcom_require_out(void *pointer, size_t size, HRESULT hr)
{
    if (pointer)
        memset(pointer, 0, size);
    return uvcom_require(pointer, hr);
}

/** Copies the one value that a ref pointer points to into its place in the frame. */
static inline HRESULT uvcom_frame_take(void *place, const void *value, size_t size, HRESULT hr)
{
    if (value)
        memcpy(place, value, size);
    return uvcom_require(value, hr);
}

/** Zeroes: what the elements owned is somebody else's, or has been freed. Nothing for a NULL. */
static inline void uvcom_clear(void *elements, size_t count, size_t size)
{
    if (elements && count > 0)
        memset(elements, 0, count * size);
}

/** Copies `count` elements, which are known to fit; nothing for a NULL. */
static inline void uvcom_copy(void *to, const void *from, size_t count, size_t size)
{
    if (to && from && count > 0)
        memcpy(to, from, count * size);
}

/**
 * The same for elements that own something: their owner changes, and zeroes stay behind. What
 * nobody wants (`to` is NULL) stays where it is.
 */
static inline void uvcom_move(void *to, void *from, size_t count, size_t size)
{
    uvcom_copy(to, from, count, size);
    if (to)
        uvcom_clear(from, count, size);
}

/** The failure in hr if there is one; else, for a value out of its [range], RPC_X_INVALID_BOUND. */
static inline HRESULT uvcom_require_range(LONGLONG value, LONGLONG low, LONGLONG high, HRESULT hr)
{
    if (FAILED(hr) || (value >= low && value <= high))
        return hr;
    return HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND);
}

/** The same for an enum: RPC_X_ENUM_VALUE_OUT_OF_RANGE. */
static inline HRESULT uvcom_require_enum(LONGLONG value, LONGLONG low, LONGLONG high, HRESULT hr)
{
    if (FAILED(hr) || (value >= low && value <= high))
        return hr;
    return HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE);
}

/** A number of elements out of a size_is; below zero: RPC_X_INVALID_BOUND. */
static inline size_t uvcom_size(LONGLONG count, HRESULT *hr)
{
    if (count >= 0 && (ULONGLONG)count <= SIZE_MAX)
        return (size_t)count;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 0;
}

/** The room of a string, which must have some: it ends with a zero. Never 0. */
static inline size_t uvcom_text_room(size_t count, HRESULT *hr)
{
    if (count > 0)
        return count;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 1;
}

/**
 * A number of 64 bits without a sign, where a bound is worked out. One that is too large for a
 * LONGLONG is RPC_X_INVALID_BOUND: it must be no negative one.
 */
static inline LONGLONG uvcom_wide(ULONGLONG number, HRESULT *hr)
{
    if (number <= INT64_MAX)
        return (LONGLONG)number;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 0;
}

/** What a pointer that should lead to a tag of a union leads to, if it leads nowhere. */
static inline LONGLONG uvcom_no_tag(HRESULT *hr)
{
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    return 0;
}

/** How many of the elements count (length_is): never more than there is room for. */
static inline size_t uvcom_length(LONGLONG count, size_t room, HRESULT *hr)
{
    size_t length = uvcom_size(count, hr);

    if (length <= room)
        return length;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 0;
}

/**
 * One operation of a size_is: '+' '-' '*' '/' '%', '<' and '>' for shifts. What does not fit, and a
 * division by zero, is RPC_X_INVALID_BOUND.
 */
static inline LONGLONG uvcom_bound(LONGLONG left, char operation, LONGLONG right, HRESULT *hr)
{
    int64_t result = 0;
    int is_bad = 0;

    switch (operation) {
    case '+':
        is_bad = __builtin_add_overflow((int64_t)left, (int64_t)right, &result);
        break;
    case '-':
        is_bad = __builtin_sub_overflow((int64_t)left, (int64_t)right, &result);
        break;
    case '<':
        is_bad = left < 0 || right < 0 || right > 62 || left > INT64_MAX >> right;
        result = is_bad ? 0 : left << right;
        break;
    case '>':
        is_bad = left < 0 || right < 0 || right > 62;
        result = is_bad ? 0 : left >> right;
        break;
    case '/':
    case '%':
        is_bad = right == 0 || (left == INT64_MIN && right == -1);
        if (!is_bad)
            result = operation == '/' ? left / right : left % right;
        break;
    default:
        is_bad = __builtin_mul_overflow((int64_t)left, (int64_t)right, &result);
        break;
    }
    if (is_bad)
        uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return is_bad ? 0 : result;
}

#ifdef __cplusplus
}
#endif

#endif
