/*
 * idl/doc.h -- comments of the IDL as text without their marks.
 */
#ifndef IDL_DOC_H
#define IDL_DOC_H

#include "idl/arena.h"
#include "idl/source.h"

/**
 * The text of the comments between two offsets, which are comments and blanks only. Lines are
 * joined by newlines; what would open or close a comment of C inside is taken apart, so that it can
 * be printed between the marks of one. NULL: nothing is left.
 */
const char *doc_text(struct arena *arena, const struct idl_source *source, uint32_t begin,
                     uint32_t end);

#endif
