/*
 * idl/text.c -- see text.h.
 */
#include "idl/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void text_init(struct text *text, struct arena *arena)
{
    *text = (struct text){.arena = arena};
}

static void reserve(struct text *text, size_t more)
{
    size_t wanted = text->length + more;
    char *bytes;

    if (wanted <= text->capacity)
        return;
    if (wanted < 2 * text->capacity)
        wanted = 2 * text->capacity;
    if (wanted < 64)
        wanted = 64;
    bytes = arena_alloc(text->arena, wanted);
    if (text->length)
        memcpy(bytes, text->bytes, text->length);
    text->bytes = bytes;
    text->capacity = wanted;
}

void text_char(struct text *text, char c)
{
    text_bytes(text, &c, 1);
}

void text_bytes(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length + 1);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void text_format(struct text *text, const char *format, ...)
{
    va_list args, again;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length > 0) {
        reserve(text, (size_t)length + 1);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

const char *text_end(struct text *text)
{
    reserve(text, 1);
    text->bytes[text->length] = '\0';
    return text->bytes;
}

void file_name_text(struct text *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && bytes[i] != '"'; i++) {
        bool is_backslash = bytes[i] == '\\';

        if (!is_backslash || i == 0 || bytes[i - 1] != '\\')
            text_char(text, is_backslash ? '/' : bytes[i]);
    }
}
