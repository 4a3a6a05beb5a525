/*
 * text.c -- where strings end, whatever the width of their characters.
 *
 * Characters are compared as bytes: a string need not be aligned, and nothing beyond its end or
 * beyond what may be looked at is read.
 */
#include "runtime/text.h"

#include <stdint.h>
#include <string.h>

#include <uvcom/proxy.h>

#include "runtime/call_limits.h"

size_t uvcom__text_find_end(const void *text, size_t unit, size_t most)
{
    const unsigned char *bytes = text;
    size_t i = 0;

    if (unit == 1)
        return strnlen(text, most);
    if (unit == 2) {
        for (uint16_t element = 1; i < most; i++) {
            memcpy(&element, bytes + i * 2, 2);
            if (element == 0)
                return i;
        }
        return most;
    }
    for (uint32_t element = 1; i < most; i++) {
        memcpy(&element, bytes + i * 4, 4);
        if (element == 0)
            return i;
    }
    return most;
}

size_t uvcom_text_within(const void *text, size_t unit, size_t room)
{
    size_t before;

    if (!text)
        return 0;
    before = uvcom__text_find_end(text, unit, room);
    return before < room ? before + 1 : 0;
}

size_t uvcom_text_length(const void *text, size_t unit, size_t room, HRESULT *hr)
{
    size_t most = uvcom__limit_text() / unit;
    size_t before;

    if (!text)
        return 0;
    if (room != 0 && room < most)
        most = room;
    before = uvcom__text_find_end(text, unit, most);
    if (before < most)
        return before + 1;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    return 0;
}
