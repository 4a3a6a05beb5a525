/*
 * json_tree.h -- the checked tree as JSON: uvidl --json. What is in it, JSON.md says.
 *
 * json_tree.c has files, declarations and interfaces, json_type.c types, json_expr.c expressions
 * and attributes.
 */
#ifndef CODEGEN_JSON_TREE_H
#define CODEGEN_JSON_TREE_H

#include "codegen/json.h"
#include "codegen/numbering.h"
#include "codegen/place.h"
#include "idl/ast.h"

enum { JSON_TREE_VERSION = 1 };

struct json_tree {
    struct json json;
    struct pool *pool;
    struct numbering files;   /* struct idl_file: imports first */
    struct numbering sources; /* struct idl_source: files, and what they include */
    struct numbering types;   /* struct record and struct enumeration */
    struct place last;
};

/** Writes the file and all that it imports. */
void json_tree_unit(struct json_tree *tree, const struct idl_file *file);

/* ---- parts ---- */

void json_tree_location(struct json_tree *tree, const struct location *location);
void json_tree_guid(struct json_tree *tree, const char *key, const struct guid *guid);
void json_tree_attributes(struct json_tree *tree, const struct attribute *attributes);
void json_tree_expr(struct json_tree *tree, const char *key, const struct expr *expr);
void json_tree_type(struct json_tree *tree, const char *key, const struct type *type);
void json_tree_fields(struct json_tree *tree, const char *key, const struct field *fields);
void json_tree_parameters(struct json_tree *tree, const struct parameter *parameters);

#endif
