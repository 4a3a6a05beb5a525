/*
 * emit_forwards.c -- the names of interfaces and classes, all at the top of a header.
 */
#include "codegen/emit_winrt.h"

static void emit_forward(struct emitter *emitter, const char *name)
{
    OUT(emitter->out,
        "\n"
        "#ifndef __${name}_FWD_DEFINED__\n"
        "#define __${name}_FWD_DEFINED__\n"
        "typedef struct ${name} ${name};\n"
        "#endif\n",
        {"name", name});
}

/* In C++ a class carries its id, so that __uuidof finds it. */
static void emit_class(struct emitter *emitter, const char *name)
{
    OUT(emitter->out,
        "\n"
        "#ifndef __${name}_FWD_DEFINED__\n"
        "#define __${name}_FWD_DEFINED__\n"
        "#ifdef __cplusplus\n"
        "typedef class ${name} ${name};\n"
        "#else\n"
        "typedef struct ${name} ${name};\n"
        "#endif\n"
        "#endif\n",
        {"name", name});
}

static void emit_interface_names(struct emitter *emitter, const struct interface *interface)
{
    if (interface->is_complete && !interface->is_object && !interface->is_dispatch)
        return;
    emit_forward(emitter, interface->name);
    if (interface->async)
        emit_forward(emitter, interface->async->name);
}

void emit_forwards(struct emitter *emitter, const struct declaration *list)
{
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        bool is_named = d->kind == DECL_INTERFACE || d->kind == DECL_FORWARD;

        if (d->kind == DECL_COCLASS && emit_first_time(emitter, d->coclass))
            emit_class(emitter, d->coclass->name);
        else if (is_named && d->interface && !d->interface->winrt &&
                 emit_first_time(emitter, d->interface))
            emit_interface_names(emitter, d->interface);
    }
    emit_winrt_forwards(emitter, list);
}
