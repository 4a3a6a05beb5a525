/*
 * tests/idl/tree_text.h -- the checked tree as text, for comparison with tests/idl/ok/ *.tree.
 */
#ifndef TESTS_IDL_TREE_TEXT_H
#define TESTS_IDL_TREE_TEXT_H

#include <stdio.h>

#include "idl/ast.h"

/** Writes one file's tree; what it imports appears as a line each. */
void tree_text(FILE *out, const struct idl_file *file);

/** A type as it would stand in a declaration, kinds of pointers included: "unique*(const char)". */
void tree_text_type(FILE *out, const struct type *type);

#endif
