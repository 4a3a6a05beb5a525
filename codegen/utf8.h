/*
 * utf8.h -- text of unknown origin made into UTF-8.
 */
#ifndef CODEGEN_UTF8_H
#define CODEGEN_UTF8_H

#include <stddef.h>

enum { UTF8_MOST = 4 }; /* bytes of a character */

/**
 * The character that text begins with, as UTF-8 with a NUL behind it. A byte that is no UTF-8 is
 * what it is in Latin-1, which old IDL is written in.
 *
 * @return how many bytes of the text it is; 0 at the end
 */
size_t utf8_character(const char *text, char character[UTF8_MOST + 1]);

#endif
