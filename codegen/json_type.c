/*
 * json_type.c -- types, structs, unions and enums as JSON.
 *
 * A struct or enum has its members where its body stands, and everywhere else only its number.
 * Types are as deep as the front end lets them be, so recursion is bounded.
 */
#include "codegen/json_winrt.h"
#include "idl/idl.h"

static const char *const base_names[] = {
    [BASE_BOOLEAN] = "boolean",
    [BASE_BYTE] = "byte",
    [BASE_CHAR] = "char",
    [BASE_WCHAR] = "wchar_t",
    [BASE_SMALL] = "small",
    [BASE_UNSIGNED_SMALL] = "unsigned small",
    [BASE_SHORT] = "short",
    [BASE_UNSIGNED_SHORT] = "unsigned short",
    [BASE_LONG] = "long",
    [BASE_UNSIGNED_LONG] = "unsigned long",
    [BASE_INT] = "int",
    [BASE_UNSIGNED_INT] = "unsigned int",
    [BASE_HYPER] = "hyper",
    [BASE_UNSIGNED_HYPER] = "unsigned hyper",
    [BASE_INT3264] = "__int3264",
    [BASE_UNSIGNED_INT3264] = "unsigned __int3264",
    [BASE_FLOAT] = "float",
    [BASE_DOUBLE] = "double",
    [BASE_ERROR_STATUS] = "error_status_t",
    [BASE_HANDLE] = "handle_t",
};

static const char *const pointer_names[] = {
    [POINTER_REF] = "ref", [POINTER_UNIQUE] = "unique", [POINTER_FULL] = "ptr"};

/* ---- bodies ---- */

static void put_field(struct json_tree *tree, const struct field *field)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", field->name);
    json_tree_attributes(tree, field->attributes);
    json_tree_type(tree, "type", field->type);
    json_tree_expr(tree, "bits", field->bits);
    json_text(json, "doc", field->doc);
    json_tree_location(tree, &field->location);
    json_close(json);
}

void json_tree_fields(struct json_tree *tree, const char *key, const struct field *fields)
{
    if (!fields)
        return;
    json_open_list(&tree->json, key);
    for (const struct field *f = fields; f; f = f->next)
        put_field(tree, f);
    json_close_list(&tree->json);
}

static void put_record(struct json_tree *tree, const struct record *record)
{
    struct json *json = &tree->json;

    json_open(json, "definition");
    json_tree_attributes(tree, record->attributes);
    if (record->pack)
        json_number(json, "pack", record->pack, true);
    json_text(json, "union_name", record->union_name);
    if (record->discriminant) {
        json_open_list(json, "discriminant");
        put_field(tree, record->discriminant);
        json_close_list(json);
    }
    json_tree_fields(tree, "fields", record->fields);
    json_tree_location(tree, &record->location);
    json_close(json);
}

static void put_enumerator(struct json_tree *tree, const struct enumerator *enumerator)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", enumerator->name);
    json_number(json, "number", enumerator->number, false);
    json_tree_expr(tree, "value", enumerator->value);
    json_tree_attributes(tree, enumerator->attributes);
    json_text(json, "doc", enumerator->doc);
    json_tree_location(tree, &enumerator->location);
    json_close(json);
}

static void put_enumeration(struct json_tree *tree, const struct enumeration *enumeration)
{
    struct json *json = &tree->json;

    json_open(json, "definition");
    json_tree_attributes(tree, enumeration->attributes);
    json_open_list(json, "enumerators");
    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next)
        put_enumerator(tree, e);
    json_close_list(json);
    json_tree_location(tree, &enumeration->location);
    json_close(json);
}

/* ---- types ---- */

static void put_tagged(struct json_tree *tree, const struct type *type, const char *kind)
{
    const struct record *record = type->record;
    const struct enumeration *enumeration = type->enumeration;
    bool is_enum = type->kind == TYPE_ENUM;
    const void *node = is_enum ? (const void *)enumeration : (const void *)record;
    bool is_complete = is_enum ? enumeration->is_complete : record->is_complete;

    json_text(&tree->json, "kind", kind);
    json_number(&tree->json, "id", (int64_t)numbering_of(&tree->types, node, NULL), true);
    json_text(&tree->json, "tag", is_enum ? enumeration->tag : record->tag);
    json_flag(&tree->json, "incomplete", !is_complete);
    json_tree_winrt_name(tree, is_enum ? enumeration->winrt : record->winrt);
    if (!type->is_definition)
        return;
    if (is_enum)
        put_enumeration(tree, enumeration);
    else
        put_record(tree, record);
}

/* A typedef of a pointer can have another kind here than where it was declared. */
static void put_alias(struct json_tree *tree, const struct type *type)
{
    const struct type *resolved = type_resolve(type);

    json_text(&tree->json, "kind", "alias");
    json_text(&tree->json, "name", type->alias->name);
    if (resolved && resolved->kind == TYPE_POINTER)
        json_text(&tree->json, "pointer", pointer_names[resolved->pointer]);
}

static void put_pointer(struct json_tree *tree, const struct type *type)
{
    json_text(&tree->json, "kind", "pointer");
    json_text(&tree->json, "pointer", pointer_names[type->pointer]);
    json_tree_type(tree, "of", type->target);
}

static void put_array(struct json_tree *tree, const struct type *type)
{
    json_text(&tree->json, "kind", "array");
    json_tree_expr(tree, "length", type->length);
    json_tree_type(tree, "of", type->target);
}

static void put_kind(struct json_tree *tree, const struct type *type)
{
    struct json *json = &tree->json;

    switch (type->kind) {
    case TYPE_VOID:
        json_text(json, "kind", "void");
        break;
    case TYPE_BASE:
        json_text(json, "kind", "base");
        json_text(json, "name", base_names[type->base]);
        break;
    case TYPE_POINTER:
        put_pointer(tree, type);
        break;
    case TYPE_ARRAY:
        put_array(tree, type);
        break;
    case TYPE_STRUCT:
        put_tagged(tree, type, "struct");
        break;
    case TYPE_UNION:
        put_tagged(tree, type, "union");
        break;
    case TYPE_ENUM:
        put_tagged(tree, type, "enum");
        break;
    case TYPE_ALIAS:
        put_alias(tree, type);
        break;
    case TYPE_INTERFACE:
        json_text(json, "kind", type->interface->coclass ? "coclass" : "interface");
        json_text(json, "name", type->interface->name);
        if (type->runtime_class)
            json_text(json, "runtimeclass", type->runtime_class->name->full);
        break;
    case TYPE_PARAMETER: /* only in definitions with parameters, which are no declarations */
        break;
    case TYPE_FUNCTION:
        json_text(json, "kind", "function");
        json_tree_type(tree, "of", type->target);
        json_tree_parameters(tree, type->parameters);
        json_flag(json, "stdcall", type->is_stdcall);
        break;
    case TYPE_SAFEARRAY:
        json_text(json, "kind", "safearray");
        json_tree_type(tree, "of", type->target);
        break;
    }
}

void json_tree_type(struct json_tree *tree, const char *key, const struct type *type)
{
    if (!type)
        return;
    json_open(&tree->json, key);
    put_kind(tree, type);
    json_flag(&tree->json, "const", type->is_const);
    json_flag(&tree->json, "volatile", type->is_volatile);
    json_close(&tree->json);
}
