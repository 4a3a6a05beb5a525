/*
 * idl/utf8.h -- bytes as characters, whatever the bytes are.
 */
#ifndef IDL_UTF8_H
#define IDL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "idl/text.h"

/** The bytes of the first character, from 1 to 4; one that is no UTF-8 counts as a character of its
 * own, and `is_valid` is false. There is at least one byte. */
size_t utf8_length(const char *bytes, size_t length, bool *is_valid);

/** How many characters there are. */
size_t utf8_count(const char *bytes, size_t length);

/**
 * Appends the text as a terminal may have it: always UTF-8, without control characters other than
 * tabs, and without those that turn the direction of writing. As many characters as before.
 */
void text_visible(struct text *text, const char *bytes, size_t length);

#endif
