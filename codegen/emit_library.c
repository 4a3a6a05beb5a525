/*
 * emit_library.c -- libraries and classes in the header.
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
