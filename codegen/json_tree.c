/*
 * json_tree.c -- files, declarations and interfaces as JSON.
 */
#include "codegen/json_winrt.h"

#include "codegen/view.h"
#include "idl/source.h"

static void put_declarations(struct json_tree *tree, const struct declaration *declarations);

/* ---- interfaces ---- */

static void put_parameter(struct json_tree *tree, const struct parameter *parameter)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", parameter->name);
    json_text(json, "idl_name", parameter->idl_name);
    json_flag(json, "in", parameter->is_in);
    json_flag(json, "out", parameter->is_out);
    json_flag(json, "retval", parameter->is_retval);
    json_tree_attributes(tree, parameter->attributes);
    json_tree_type(tree, "type", parameter->type);
    json_tree_expr(tree, "default", parameter->default_value);
    json_text(json, "doc", parameter->doc);
    json_tree_location(tree, &parameter->location);
    json_close(json);
}

void json_tree_parameters(struct json_tree *tree, const struct parameter *parameters)
{
    json_open_list(&tree->json, "parameters");
    for (const struct parameter *p = parameters; p; p = p->next)
        put_parameter(tree, p);
    json_close_list(&tree->json);
}

/* Where the method stands in the vtable; a remote form stands in none. */
static void put_slot(struct json_tree *tree, const struct view *view, size_t slot)
{
    if (!view || slot >= view->slot_count)
        return;
    json_number(&tree->json, "slot", (int64_t)slot, true);
    json_text(&tree->json, "member", view->slots[slot].name);
}

static void put_method(struct json_tree *tree, const struct method *method, const struct view *view,
                       size_t slot)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", method->name);
    json_text(json, "idl_name", method->idl_name);
    if (method->call_as)
        json_text(json, "call_as", method->call_as->name);
    else
        put_slot(tree, view, slot);
    json_flag(json, "local", method->is_local);
    json_tree_attributes(tree, method->attributes);
    json_tree_type(tree, "returns", method->return_type);
    json_text(json, "doc", method->doc);
    json_tree_location(tree, &method->location);
    json_tree_parameters(tree, method->parameters);
    json_close(json);
}

static void put_methods(struct json_tree *tree, const struct interface *interface)
{
    struct view view = {.name = NULL};
    size_t slot;

    if (interface->is_object)
        view = view_make(tree->pool, interface, false);
    slot = view.own;
    json_open_list(&tree->json, "methods");
    for (const struct method *m = interface->methods; m; m = m->next) {
        put_method(tree, m, interface->is_object ? &view : NULL, slot);
        slot += m->call_as ? 0 : 1;
    }
    json_close_list(&tree->json);
}

static void put_half(struct json_tree *tree, const char *key, const struct slot *slot,
                     size_t number)
{
    struct json *json = &tree->json;

    json_open(json, key);
    json_number(json, "slot", (int64_t)number, true);
    json_text(json, "member", slot->name);
    json_open_array(json, "parameters");
    for (size_t i = 0; i < slot->parameter_count; i++)
        json_text(json, NULL, slot->parameters[i]->name);
    json_close_array(json);
    json_close(json);
}

static void put_async(struct json_tree *tree, const struct interface *interface)
{
    struct json *json = &tree->json;
    struct view view = view_make(tree->pool, interface, true);

    json_open(json, "async");
    json_text(json, "name", view.name);
    json_tree_guid(tree, "uuid", &interface->async_uuid);
    json_text(json, "base", view.base);
    json_open_list(json, "methods");
    for (size_t i = view.own; i + 1 < view.slot_count; i += 2) {
        json_line(json);
        json_open(json, NULL);
        json_text(json, "method", view.slots[i].method->name);
        put_half(tree, "begin", &view.slots[i], i);
        put_half(tree, "finish", &view.slots[i + 1], i + 1);
        json_close(json);
    }
    json_close_list(json);
    json_close(json);
}

/* Its attributes, doc and location are those of the declaration. */
static void put_interface(struct json_tree *tree, const struct interface *interface)
{
    struct json *json = &tree->json;

    json_open(json, "interface");
    json_text(json, "name", interface->name);
    if (interface->has_uuid)
        json_tree_guid(tree, "uuid", &interface->uuid);
    if (interface->base)
        json_text(json, "base", interface->base->name);
    json_flag(json, "object", interface->is_object);
    json_flag(json, "local", interface->is_local);
    json_flag(json, "dispatch", interface->is_dispatch);
    if (interface->dispatch_of)
        json_text(json, "dispatch_of", interface->dispatch_of->name);
    json_tree_winrt_interface(tree, interface);
    put_declarations(tree, interface->declarations);
    json_tree_fields(tree, "properties", interface->properties);
    put_methods(tree, interface);
    if (interface->async)
        put_async(tree, interface);
    json_close(json);
}

/* ---- classes ---- */

static void put_member(struct json_tree *tree, const struct coclass_member *member)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", member->interface->name);
    json_tree_attributes(tree, member->attributes);
    json_text(json, "doc", member->doc);
    json_tree_location(tree, &member->location);
    json_close(json);
}

/* Its members stand where its body stands. */
static void put_coclass(struct json_tree *tree, const struct coclass *coclass, bool is_definition)
{
    struct json *json = &tree->json;

    json_open(json, "coclass");
    json_text(json, "name", coclass->name);
    if (coclass->has_uuid)
        json_tree_guid(tree, "uuid", &coclass->uuid);
    json_flag(json, "incomplete", !coclass->is_complete);
    if (is_definition) {
        json_open_list(json, "members");
        for (const struct coclass_member *m = coclass->members; m; m = m->next)
            put_member(tree, m);
        json_close_list(json);
    }
    json_close(json);
}

/* ---- declarations ---- */

static const char *kind_name(enum declaration_kind kind)
{
    switch (kind) {
    case DECL_IMPORT:
        return "import";
    case DECL_CPP_QUOTE:
        return "cpp_quote";
    case DECL_PRAGMA:
        return "pragma";
    case DECL_CONST:
        return "const";
    case DECL_TYPEDEF:
        return "typedef";
    case DECL_EXTERN:
        return "extern";
    case DECL_TYPE:
        return "type";
    case DECL_FORWARD:
        return "forward";
    case DECL_INTERFACE:
        return "interface";
    case DECL_COCLASS:
        return "coclass";
    case DECL_LIBRARY:
        return "library";
    case DECL_IMPORTLIB:
        return "importlib";
    case DECL_MODULE:
        return "module";
    case DECL_RUNTIME_CLASS:
        return "runtimeclass";
    case DECL_CONTRACT:
        return "apicontract";
    }
    return NULL;
}

static void put_declaration(struct json_tree *tree, const struct declaration *declaration)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "kind", kind_name(declaration->kind));
    json_text(json, "name", declaration->name);
    json_text(json, "text", declaration->text);
    if (declaration->imported)
        json_number(json, "file", (int64_t)numbering_of(&tree->files, declaration->imported, NULL),
                    true);
    json_flag(json, "continues", declaration->continues);
    json_text(json, "doc", declaration->doc);
    json_tree_attributes(tree, declaration->attributes);
    json_tree_type(tree, "type", declaration->type);
    json_tree_expr(tree, "value", declaration->value);
    json_tree_location(tree, &declaration->location);
    if (declaration->coclass)
        put_coclass(tree, declaration->coclass, declaration->is_definition);
    json_tree_runtime_class(tree, declaration);
    json_tree_contract(tree, declaration->contract);
    if (declaration->kind == DECL_INTERFACE || declaration->kind == DECL_MODULE)
        put_interface(tree, declaration->interface);
    else if (declaration->interface)
        json_text(json, "of", declaration->interface->name);
    put_declarations(tree, declaration->declarations);
    json_close(json);
}

static void put_declarations(struct json_tree *tree, const struct declaration *declarations)
{
    if (!declarations)
        return;
    json_open_list(&tree->json, "declarations");
    for (const struct declaration *d = declarations; d; d = d->next)
        put_declaration(tree, d);
    json_close_list(&tree->json);
}

/* ---- files ---- */

struct visit {
    struct numbering seen;
    struct json_tree *tree;
};

/* Imports are numbered first, so that a reader knows a name when it is used. */
static void number_files(struct visit *visit, const struct idl_file *file,
                         const struct declaration *declarations)
{
    for (const struct declaration *d = declarations; d; d = d->next) {
        bool is_new = false;

        if (d->imported)
            numbering_of(&visit->seen, d->imported, &is_new);
        if (is_new)
            number_files(visit, d->imported, d->imported->declarations);
        number_files(visit, NULL, d->declarations);
        if (d->kind == DECL_INTERFACE)
            number_files(visit, NULL, d->interface->declarations);
    }
    if (file)
        numbering_of(&visit->tree->files, file, NULL);
}

static void put_file(struct json_tree *tree, const struct idl_file *file)
{
    struct json *json = &tree->json;

    json_line(json);
    json_open(json, NULL);
    json_text(json, "name", file->name);
    json_flag(json, "system", file->is_system);
    json_text(json, "doc", file->doc);
    put_declarations(tree, file->declarations);
    json_close(json);
}

static void put_sources(struct json_tree *tree)
{
    json_open_array(&tree->json, "sources");
    for (size_t i = 0; i < tree->sources.count; i++)
        json_text(&tree->json, NULL, ((const struct idl_source *)tree->sources.items[i])->name);
    json_close_array(&tree->json);
}

void json_tree_unit(struct json_tree *tree, const struct idl_file *file)
{
    struct visit visit = {{.pool = tree->pool}, tree};
    struct json *json = &tree->json;

    tree->files = tree->sources = tree->types = (struct numbering){.pool = tree->pool};
    tree->last = (struct place){.source = NULL};
    numbering_of(&visit.seen, file, NULL);
    number_files(&visit, file, file->declarations);
    json_line(json);
    json_open(json, NULL);
    json_text(json, "main", file->name);
    json_open_list(json, "files");
    for (size_t i = 0; i < tree->files.count; i++)
        put_file(tree, tree->files.items[i]);
    json_close_list(json);
    put_sources(tree);
    json_close(json);
}
