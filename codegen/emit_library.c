/*
 * emit_library.c -- libraries, classes and modules in the header; and interfaces that are no
 * objects, which are sets of functions as modules are.
 */
#include "codegen/emit.h"

void emit_library(struct emitter *emitter, const struct declaration *library)
{
    struct out *out = emitter->out;

    OUT(out,
        "#ifndef __${name}_LIBRARY_DEFINED__\n"
        "#define __${name}_LIBRARY_DEFINED__\n\n",
        {"name", library->name});
    if (library->doc)
        out_comment(
            out, 0, "/*",
            TEXT(emitter->pool, "${name}: ${doc}", {"name", library->name}, {"doc", library->doc}));
    OUT(out, "EXTERN_C const IID LIBID_${name};\n", {"name", library->name});
    emit_declarations(emitter, library->declarations);
    OUT(out, "\n#endif /* __${name}_LIBRARY_DEFINED__ */\n", {"name", library->name});
}

void emit_coclass(struct emitter *emitter, const struct coclass *coclass)
{
    struct pool *pool = emitter->pool;

    OUT(emitter->out,
        "EXTERN_C const CLSID CLSID_${name};\n"
        "\n"
        "#ifdef __cplusplus\n"
        "class DECLSPEC_UUID(\"${guid}\") ${name};\n"
        "__CRT_UUID_DECL(${name}, ${arguments})\n"
        "#endif\n",
        {"name", coclass->name}, {"guid", guid_text(pool, &coclass->uuid)},
        {"arguments", guid_arguments(pool, &coclass->uuid)});
}

/* ---- functions ---- */

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
    OUT(out, "\n#endif /* __${name}_${what}_DEFINED__ */\n", {"name", interface->name},
        {"what", what});
}

void emit_function_module(struct emitter *emitter, const struct interface *module)
{
    emit_guarded(emitter, module, "MODULE");
}

void emit_function_interface(struct emitter *emitter, const struct interface *interface)
{
    emit_guarded(emitter, interface, "INTERFACE");
}
