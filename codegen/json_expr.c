/*
 * json_expr.c -- places, ids, expressions and attributes as JSON.
 */
#include "codegen/json_tree.h"
#include "codegen/types.h"
#include "idl/attribute.h"
#include "idl/operator.h"

/* ---- places ---- */

void json_tree_location(struct json_tree *tree, const struct location *location)
{
    struct json *json = &tree->json;

    if (!location->source)
        return;
    place_find(&tree->last, location);
    json_open_array(json, "at");
    json_number(json, NULL, (int64_t)numbering_of(&tree->sources, location->source, NULL), true);
    json_number(json, NULL, (int64_t)tree->last.line, true);
    json_number(json, NULL, tree->last.column, true);
    json_close_array(json);
}

void json_tree_guid(struct json_tree *tree, const char *key, const struct guid *guid)
{
    json_text(&tree->json, key, guid_text(tree->pool, guid));
}

/* ---- expressions ---- */

static const char *const kinds[] = {
    [EXPR_INTEGER] = "integer",         [EXPR_FLOAT] = "float", [EXPR_CHARACTER] = "character",
    [EXPR_STRING] = "string",           [EXPR_NAME] = "name",   [EXPR_UNARY] = "unary",
    [EXPR_BINARY] = "binary",           [EXPR_CAST] = "cast",   [EXPR_SIZEOF] = "sizeof",
    [EXPR_CONDITIONAL] = "conditional",
};

static void put_operator(struct json *json, const struct expr *expr)
{
    char unary[] = {(char)expr->op, '\0'};

    if (expr->kind == EXPR_UNARY)
        json_text(json, "op", unary);
    if (expr->kind == EXPR_BINARY)
        json_text(json, "op", operator_text(expr->op));
}

/* What a name stands for. */
static void put_meaning(struct json *json, const struct expr *expr)
{
    if (expr->constant)
        json_text(json, "constant", expr->constant->name);
    if (expr->enumerator)
        json_text(json, "enumerator", expr->enumerator->name);
    if (expr->parameter)
        json_text(json, "parameter", expr->parameter->name);
    if (expr->field)
        json_text(json, "field", expr->field->name);
}

/* The depth of an expression is bounded by the front end (expr->depth). */
void json_tree_expr(struct json_tree *tree, const char *key, const struct expr *expr)
{
    struct json *json = &tree->json;

    if (!expr)
        return;
    json_open(json, key);
    json_text(json, "kind", kinds[expr->kind]);
    json_text(json, "text", expr->text);
    put_operator(json, expr);
    put_meaning(json, expr);
    json_tree_type(tree, "type", expr->type);
    json_tree_expr(tree, "left", expr->left);
    json_tree_expr(tree, "right", expr->right);
    json_tree_expr(tree, "third", expr->third);
    json_flag(json, "wide", expr->is_constant && expr->is_wide);
    if (expr->is_constant)
        json_number(json, "value", expr->value, expr->is_unsigned);
    json_tree_location(tree, &expr->location);
    json_close(json);
}

/* ---- attributes ---- */

static void put_arguments(struct json_tree *tree, const struct attribute *attribute)
{
    if (attribute->arg_count == 0)
        return;
    json_open_array(&tree->json, "arguments");
    for (size_t i = 0; i < attribute->arg_count; i++) {
        if (attribute->args[i])
            json_tree_expr(tree, NULL, attribute->args[i]);
        else
            json_null(&tree->json, NULL);
    }
    json_close_array(&tree->json);
}

void json_tree_attributes(struct json_tree *tree, const struct attribute *attributes)
{
    struct json *json = &tree->json;

    if (!attributes)
        return;
    json_open_array(json, "attributes");
    for (const struct attribute *a = attributes; a; a = a->next) {
        json_open(json, NULL);
        json_text(json, "name", a->info->name);
        if (a->info->shape == SHAPE_UUID)
            json_tree_guid(tree, "uuid", &a->guid);
        json_text(json, "text", a->text);
        if (a->version)
            json_number(json, "version", a->version, true);
        json_tree_type(tree, "type", a->type);
        put_arguments(tree, a);
        json_tree_location(tree, &a->location);
        json_close(json);
    }
    json_close_array(json);
}
