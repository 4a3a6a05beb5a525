/*
 * tests/idl/tree_winrt.h -- the parts of the tree that only namespaces have, as text.
 */
#ifndef TESTS_IDL_TREE_WINRT_H
#define TESTS_IDL_TREE_WINRT_H

#include <stdio.h>

#include "idl/ast_winrt.h"

/** Behind a name: what C++ calls it, and its contract. Nothing for NULL. */
void tree_winrt_name(FILE *out, const struct winrt_name *name);

/** In lines of their own: what an interface is an instance of, its id then, what it requires. */
void tree_winrt_interface(FILE *out, const struct interface *interface, int indent);

/** A runtimeclass or apicontract. */
void tree_winrt_declaration(FILE *out, const struct declaration *declaration, int indent);

#endif
