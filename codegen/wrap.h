/*
 * wrap.h -- a line of C that is too long becomes several, as the project's clang-format would have
 * it.
 */
#ifndef CODEGEN_WRAP_H
#define CODEGEN_WRAP_H

#include <stddef.h>

struct out;

/** Appends the line, wrapped, without a newline at its end. */
void wrap_line(struct out *out, const char *line, size_t length);

#endif
