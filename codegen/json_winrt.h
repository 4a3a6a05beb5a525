/*
 * json_winrt.h -- the parts of uvidl --json that only namespaces have.
 */
#ifndef CODEGEN_JSON_WINRT_H
#define CODEGEN_JSON_WINRT_H

#include "codegen/json_tree.h"
#include "idl/ast_winrt.h"

/* Each writes nothing where there is nothing: NULL, or not in a namespace. */
void json_tree_winrt_name(struct json_tree *tree, const struct winrt_name *name);
void json_tree_winrt_interface(struct json_tree *tree, const struct interface *interface);
void json_tree_runtime_class(struct json_tree *tree, const struct declaration *declaration);
void json_tree_contract(struct json_tree *tree, const struct winrt_contract *contract);

#endif
