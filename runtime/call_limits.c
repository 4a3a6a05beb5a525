/*
 * call_limits.c -- the three numbers of uvcom_set_limits, and what they are before anybody sets
 * them.
 *
 * Does not apply them: that is done where memory is copied (frame.c, visit_copy.c).
 */
#include "runtime/call_limits.h"

#include <uvcom/limits.h>

#include "runtime/platform.h"

#define DEFAULT_ARRAY ((size_t)1 << 30)
#define DEFAULT_TEXT ((size_t)64 << 20)
#define DEFAULT_CALL ((size_t)2 << 30)

/* 0, which cannot be set, stands for the default. Relaxed: each number stands for itself, and no
   other memory depends on it. */
static uvcom__atomic64 array_bytes;
static uvcom__atomic64 text_bytes;
static uvcom__atomic64 call_bytes;

static size_t get(const uvcom__atomic64 *limit, size_t by_default)
{
    const size_t set = (size_t)uvcom__load64(limit, UVCOM__RELAXED);

    return set != 0 ? set : by_default;
}

size_t uvcom__limit_array(void)
{
    return get(&array_bytes, DEFAULT_ARRAY);
}

size_t uvcom__limit_text(void)
{
    return get(&text_bytes, DEFAULT_TEXT);
}

size_t uvcom__limit_call(void)
{
    return get(&call_bytes, DEFAULT_CALL);
}

void uvcom_get_limits(uvcom_limits *limits)
{
    if (!limits)
        return;
    limits->array_bytes = uvcom__limit_array();
    limits->text_bytes = uvcom__limit_text();
    limits->call_bytes = uvcom__limit_call();
}

HRESULT uvcom_set_limits(const uvcom_limits *limits)
{
    if (!limits)
        return E_POINTER;
    if (limits->array_bytes == 0 || limits->text_bytes == 0 || limits->call_bytes == 0)
        return E_INVALIDARG;
    uvcom__store64(&array_bytes, limits->array_bytes, UVCOM__RELAXED);
    uvcom__store64(&text_bytes, limits->text_bytes, UVCOM__RELAXED);
    uvcom__store64(&call_bytes, limits->call_bytes, UVCOM__RELAXED);
    return S_OK;
}
