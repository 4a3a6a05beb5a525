/*
 * emit_ids.c -- foo_i.c: the ids of the interfaces, and the thread by which the linker finds
 * foo_p.o.
 */
#include <string.h>

#include "codegen/emit.h"

/*
 * On one line if it fits, like the project's clang-format. Weak, so that a program may have the
 * same id from two of its modules, or from a foreign library that has it too.
 */
static void emit_id(struct emitter *emitter, const char *type, const char *name,
                    const struct guid *guid)
{
    const char *fields = guid_fields(emitter->pool, guid);
    size_t width =
        strlen("UVCOM_SELECTANY const   = {};") + strlen(type) + strlen(name) + strlen(fields);
    bool is_short = width <= OUT_COLUMNS;

    OUT(emitter->out,
        "\n"
        "EXTERN_C const ${type} ${name};\n"
        "UVCOM_SELECTANY const ${type} ${name} = {${break}${fields}};\n",
        {"type", type}, {"name", name}, {"break", is_short ? "" : "\n    "}, {"fields", fields});
}

static void emit_interface_ids(struct emitter *emitter, const struct interface *interface)
{
    struct pool *pool = emitter->pool;

    if (!interface->is_object || !interface->has_uuid)
        return;
    emit_id(emitter, "IID", interface_id(pool, interface), &interface->uuid);
    if (interface->async)
        emit_id(emitter, "IID", TEXT(pool, "IID_${name}", {"name", interface->async->name}),
                &interface->async_uuid);
}

/* Ids of libraries and classes are those of what has them, and interfaces come in their order. */
static void emit_declaration_ids(struct emitter *emitter, const struct declaration *d)
{
    const struct attribute *uuid = attribute_find(d->attributes, "uuid");

    if (d->kind == DECL_INTERFACE)
        emit_interface_ids(emitter, d->interface);
    else if (d->kind == DECL_LIBRARY && uuid)
        emit_id(emitter, "IID", TEXT(emitter->pool, "LIBID_${name}", {"name", d->name}),
                &uuid->guid);
    else if (d->kind == DECL_COCLASS && d->is_definition && d->coclass->has_uuid)
        emit_id(emitter, "CLSID", TEXT(emitter->pool, "CLSID_${name}", {"name", d->name}),
                &d->coclass->uuid);
}

static void emit_anchor(struct emitter *emitter, const char *anchor)
{
    size_t width = strlen("__attribute__((used)) static const char *const uvcom__anchor = &;");
    bool is_short = width + strlen(anchor) <= OUT_COLUMNS;

    out_put(emitter->out, "\n");
    out_comment(
        emitter->out, 0, "/*",
        TEXT(emitter->pool,
             "Whoever uses an id gets the code behind it: the linker takes ${stem}_p.o out of "
             "an archive only if something refers to it. If it says that ${anchor} is undefined, "
             "${stem}_p.c was forgotten. -DUVCOM_IDS_ONLY is for a program that has ids and makes "
             "no calls.",
             {"stem", emitter->names->stem}, {"anchor", anchor}));
    OUT(emitter->out,
        "#ifndef UVCOM_IDS_ONLY\n"
        "extern __attribute__((visibility(\"hidden\"))) const char ${anchor};\n"
        "__attribute__((used)) static const char *const uvcom__anchor =${space}&${anchor};\n"
        "#endif\n",
        {"anchor", anchor}, {"space", is_short ? " " : "\n    "});
}

void emit_ids(struct emitter *emitter)
{
    const struct names *names = emitter->names;
    const char *anchor = file_plan_anchor(emitter->pool, emitter->plan);

    emit_banner(emitter, names->ids, "\nThe ids of its interfaces.");
    out_put(emitter->out, "#include <uvcom/base.h>\n");
    for (const struct declaration *d = names->file->declarations; d; d = declaration_after(d))
        emit_declaration_ids(emitter, d);
    if (anchor)
        emit_anchor(emitter, anchor);
}
