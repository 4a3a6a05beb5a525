/*
 * idl/text.h -- text that grows in an arena.
 */
#ifndef IDL_TEXT_H
#define IDL_TEXT_H

#include <stddef.h>

#include "idl/arena.h"

struct text {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
};

void text_init(struct text *text, struct arena *arena);
void text_char(struct text *text, char c);
void text_bytes(struct text *text, const char *bytes, size_t length);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Appends the name of a file up to its closing '"', or to the end: backslashes, also two in a row,
 * become slashes.
 */
void file_name_text(struct text *text, const char *bytes, size_t length);

/** NUL-terminated; the arena's. */
const char *text_end(struct text *text);

#endif
