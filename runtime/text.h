/*
 * text.h -- where strings end.
 */
#ifndef RUNTIME_TEXT_H
#define RUNTIME_TEXT_H

#include <stddef.h>

/** The elements, of 1, 2 or 4 bytes, in front of a string's end; `most` if it is not among the
 * first `most`. */
size_t uvcom__text_find_end(const void *text, size_t unit, size_t most);

#endif
