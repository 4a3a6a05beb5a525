/*
 * emit_functions.c -- sets of functions in the header: modules, and interfaces that are no objects.
 */
#include "codegen/emit.h"

static const char *function_parameters(struct pool *pool, const struct method *method)
{
    struct out list = {.is_plain = true};

    for (const struct parameter *p = method->parameters; p; p = p->next)
        OUT(&list, "${comma}${parameter}", {"comma", list.length ? ", " : ""},
            {"parameter", type_declare(pool, p->type, p->name)});
    return list.length ? out_keep(&list, pool) : "void";
}

static void emit_functions(struct emitter *emitter, const struct interface *interface)
{
    struct pool *pool = emitter->pool;

    for (const struct method *m = interface->methods; m; m = m->next) {
        out_put(emitter->out, "\n");
        out_comment(emitter->out, 0, "/**", m->doc);
        OUT(emitter->out, "${head}(${parameters});\n",
            {"head", type_declare(pool, m->return_type, m->name)},
            {"parameters", function_parameters(pool, m)});
    }
}

static void emit_guarded(struct emitter *emitter, const struct interface *interface,
                         const char *what)
{
    struct out *out = emitter->out;

    OUT(out,
        "#ifndef __${name}_${what}_DEFINED__\n"
        "#define __${name}_${what}_DEFINED__\n",
        {"name", interface->name}, {"what", what});
    if (interface->doc) {
        out_put(out, "\n");
        out_comment(out, 0, "/*",
                    TEXT(emitter->pool, "${name}: ${doc}", {"name", interface->name},
                         {"doc", interface->doc}));
    }
    emit_declarations(emitter, interface->declarations);
    emit_functions(emitter, interface);
}

static void emit_end(struct emitter *emitter, const struct interface *interface, const char *what)
{
    OUT(emitter->out, "\n#endif /* __${name}_${what}_DEFINED__ */\n", {"name", interface->name},
        {"what", what});
}

void emit_function_module(struct emitter *emitter, const struct interface *module)
{
    emit_guarded(emitter, module, "MODULE");
    emit_end(emitter, module, "MODULE");
}

/* "1_2" of version(1.2); "0_0" without one. */
static const char *version_text(struct pool *pool, const struct interface *interface)
{
    const struct attribute *version = attribute_find(interface->attributes, "version");
    const char *text = version && version->text ? version->text : "0";
    struct out out = {.is_plain = true};
    bool has_dot = false;

    for (; *text; text++) {
        char digit[] = {*text, '\0'};

        has_dot = has_dot || *text == '.';
        out_put(&out, *text == '.' ? "_" : digit);
    }
    out_put(&out, has_dot ? "" : "_0");
    return out_keep(&out, pool);
}

/* What a program needs to bind to a server, or to be one: the stubs of another compiler have it. */
static void emit_handles(struct emitter *emitter, const struct interface *interface)
{
    const struct attribute *handle = attribute_find(interface->attributes, "implicit_handle");
    struct pool *pool = emitter->pool;
    const char *version = version_text(pool, interface);

    if (handle && handle->type && handle->text)
        OUT(emitter->out, "\nextern ${variable};\n",
            {"variable", type_declare(pool, handle->type, handle->text)});
    OUT(emitter->out,
        "\n"
        "extern RPC_IF_HANDLE ${name}_v${version}_c_ifspec;\n"
        "extern RPC_IF_HANDLE ${name}_v${version}_s_ifspec;\n",
        {"name", interface->name}, {"version", version});
}

void emit_function_interface(struct emitter *emitter, const struct interface *interface)
{
    emit_guarded(emitter, interface, "INTERFACE");
    emit_handles(emitter, interface);
    emit_end(emitter, interface, "INTERFACE");
}

/* ---- what other code must bring along ---- */

/* The typedef behind a parameter that makes it a handle; NULL: it is none. */
static const struct declaration *handle_type(const struct type *type, const char *attribute)
{
    while (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY || type->kind == TYPE_ALIAS) {
        if (type->kind == TYPE_ALIAS && attribute_find(type->alias->attributes, attribute))
            return type->alias;
        type = type->target;
    }
    return NULL;
}

static void emit_rundown(struct emitter *emitter, const struct type *type)
{
    const struct declaration *context = handle_type(type, "context_handle");
    const struct declaration *handle = handle_type(type, "handle");

    if (context && emit_first_time(emitter, context))
        OUT(emitter->out, "\nvoid __RPC_USER ${name}_rundown(${name});\n", {"name", context->name});
    else if (!context && handle && emit_first_time(emitter, handle))
        OUT(emitter->out,
            "\n"
            "handle_t __RPC_USER ${name}_bind(${name});\n"
            "void __RPC_USER ${name}_unbind(${name}, handle_t);\n",
            {"name", handle->name});
}

void emit_rundowns(struct emitter *emitter, const struct declaration *list)
{
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        if (d->kind != DECL_INTERFACE || d->interface->is_object || d->interface->is_local)
            continue;
        for (const struct method *m = d->interface->methods; m; m = m->next)
            for (const struct parameter *p = m->parameters; p && !m->is_local; p = p->next)
                emit_rundown(emitter, p->type);
    }
}
