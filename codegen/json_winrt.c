/*
 * json_winrt.c -- namespaces, classes and contracts of the Windows Runtime in the tree as JSON.
 */
#include "codegen/json_winrt.h"

void json_tree_winrt_name(struct json_tree *tree, const struct winrt_name *name)
{
    struct json *json = &tree->json;

    if (!name)
        return;
    json_open(json, "winrt");
    json_text(json, "name", name->full);
    json_text(json, "cpp", name->cpp);
    json_text(json, "contract", name->contract);
    if (name->contract)
        json_number(json, "version", name->version, true);
    json_close(json);
}

static void put_references(struct json_tree *tree, const char *key,
                           const struct winrt_reference *list)
{
    struct json *json = &tree->json;

    if (!list)
        return;
    json_open_list(json, key);
    for (const struct winrt_reference *r = list; r; r = r->next) {
        json_line(json);
        json_open(json, NULL);
        json_text(json, "name", r->type->interface->name);
        json_tree_attributes(tree, r->attributes);
        json_tree_location(tree, &r->location);
        json_close(json);
    }
    json_close_list(json);
}

void json_tree_winrt_interface(struct json_tree *tree, const struct interface *interface)
{
    const struct winrt_instance *instance = interface->instance;
    struct json *json = &tree->json;

    json_tree_winrt_name(tree, interface->winrt);
    json_flag(json, "delegate",
              interface->is_delegate || (instance && instance->generic->is_delegate));
    if (instance) {
        json_open_list(json, "arguments");
        for (size_t i = 0; i < instance->generic->count; i++) {
            json_line(json);
            json_tree_type(tree, NULL, instance->arguments[i]);
        }
        json_close_list(json);
    }
    put_references(tree, "requires", interface->required);
}

static const char *base_name(const struct type *type)
{
    const struct winrt_name *name =
        type->runtime_class ? type->runtime_class->name : type->interface->winrt;

    return name ? name->full : type->interface->name;
}

void json_tree_runtime_class(struct json_tree *tree, const struct declaration *declaration)
{
    const struct winrt_class *runtime_class = declaration->runtime_class;
    struct json *json = &tree->json;

    if (!runtime_class)
        return;
    json_open(json, "runtimeclass");
    json_tree_winrt_name(tree, runtime_class->name);
    json_flag(json, "incomplete", !runtime_class->is_complete);
    if (runtime_class->base)
        json_text(json, "base", base_name(runtime_class->base));
    if (runtime_class->default_interface)
        json_text(json, "default", runtime_class->default_interface->name);
    if (declaration->is_definition)
        put_references(tree, "interfaces", runtime_class->interfaces);
    json_close(json);
}

void json_tree_contract(struct json_tree *tree, const struct winrt_contract *contract)
{
    struct json *json = &tree->json;

    if (!contract)
        return;
    json_open(json, "contract");
    json_tree_winrt_name(tree, contract->name);
    json_number(json, "version", contract->version, true);
    json_close(json);
}
