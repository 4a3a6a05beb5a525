/*
 * idl/diag_place.h -- a location as people count it.
 */
#ifndef IDL_DIAG_PLACE_H
#define IDL_DIAG_PLACE_H

#include "idl/ast.h"

/* Lines and columns count from 1, columns in characters. */
struct place {
    const char *path; /* path and line are those of "#line", if there is one */
    size_t line, column;
    size_t characters; /* that are marked; they end with the line */
    size_t begin, end; /* offsets of the line, without its line end */
    size_t at, mark;   /* offset of the first marked byte, and how many there are */
};

/** The location's source must not be NULL. */
struct place place_of(const struct location *location);

/** The innermost import or #include that a location came by; NULL: it is the main file's. */
const struct origin *place_file_origin(const struct location *location);

#endif
