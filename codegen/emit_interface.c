/*
 * emit_interface.c -- an interface in the header: C++ struct, C vtable, typed functions or macros.
 *
 * The twin of [async_uuid] is written by the same functions: it is only another view.
 */
#include <string.h>

#include "codegen/emit_winrt.h"

/* "This, a, b": the arguments with which a slot is called. */
static const char *arguments_text(struct pool *pool, const struct slot *slot)
{
    struct out list = {.is_plain = true};

    out_put(&list, "This");
    for (size_t i = 0; i < slot->parameter_count; i++)
        OUT(&list, ", ${name}", {"name", slot->parameters[i]->name});
    return out_keep(&list, pool);
}

/* "IFoo *This, ULONG a": the parameters of a slot in C. */
static const char *c_parameters(struct pool *pool, const struct view *view, const struct slot *slot)
{
    return TEXT(pool, "${name} *This${comma}${parameters}", {"name", view->name},
                {"comma", slot->parameter_count > 0 ? ", " : ""},
                {"parameters", parameters_text(pool, slot->parameters, slot->parameter_count)});
}

/* ---- comments ---- */

static const char *begin_comment(struct pool *pool, const struct slot *slot)
{
    return TEXT(pool,
                "Starts ${method}.  @return S_OK, or a code of the call object (<uvcom/call.h>)",
                {"method", slot->method->name});
}

/* What a reader must know of a sized array: its room was named when the call began. */
static const char *array_comment(struct pool *pool, const struct parameter *parameter,
                                 const char *method)
{
    const struct attribute *size = attribute_find(parameter->attributes, "size_is");

    if (!size || size->arg_count != 1 || !size->args[0])
        return "";
    return TEXT(
        pool, "@param ${name}  [out] room for the ${size} elements that Begin_${method} named\n",
        {"name", parameter->name}, {"size", expr_text(pool, size->args[0])}, {"method", method});
}

const char *finish_comment(struct pool *pool, const struct slot *slot, const char *interface)
{
    const char *method = slot->method->name, *arrays;
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < slot->parameter_count; i++)
        out_put(&list, array_comment(pool, slot->parameters[i], method));
    arrays = out_keep(&list, pool);
    return TEXT(
        pool,
        "Ends ${method} and returns what ${interface}::${method} returned; waits if it is "
        "still running.\n"
        "\n"
        "${arrays}${empty}"
        "@return also the codes of the call object (<uvcom/call.h>), as RPC_E_CALL_COMPLETE",
        {"method", method}, {"interface", interface}, {"arrays", arrays},
        {"empty", *arrays ? "\n" : ""});
}

static void emit_slot_comment(struct emitter *emitter, const struct slot *slot, size_t indent)
{
    const char *text = slot->method->doc;
    const struct interface *owner = slot->method->owner;

    if (slot->half == HALF_BEGIN)
        text = begin_comment(emitter->pool, slot);
    else if (slot->half == HALF_FINISH)
        text = finish_comment(emitter->pool, slot, owner ? owner->name : slot->owner);
    out_comment(emitter->out, indent, "/**", text);
}

/* ---- C++ ---- */

/* An instance is a template's, which cannot be in extern "C". */
static void open_cpp_space(struct emitter *emitter, const struct interface *interface)
{
    if (interface->instance)
        out_put(emitter->out, "extern \"C++\" {\n");
    winrt_open_space(emitter, interface->winrt);
    if (interface->instance)
        out_put(emitter->out, "template <>\n");
    emitter->pool->in_cpp = true;
}

static void close_cpp_space(struct emitter *emitter, const struct interface *interface)
{
    emitter->pool->in_cpp = false;
    winrt_close_space(emitter, interface->winrt);
    if (interface->instance)
        out_put(emitter->out, "}\n");
}

/* What it is called inside of its namespace. */
static const char *short_name(struct pool *pool, const struct interface *interface)
{
    const char *space = interface->winrt->space;
    const char *name = type_interface_name(pool, interface);

    return name + (*space ? strlen(space) + 2 : 0);
}

static const char *struct_head(struct pool *pool, const struct view *view)
{
    const char *name = view->interface->winrt ? short_name(pool, view->interface) : view->name;
    const char *head = TEXT(pool, "struct DECLSPEC_UUID(\"${guid}\")",
                            {"guid", view->guid ? guid_text(pool, view->guid) : ""});
    bool is_short = strlen(head) + strlen(name) < OUT_COLUMNS - 2;

    return TEXT(pool, "${head}${space}${name}", {"head", head},
                {"space", is_short ? " " : "\n    "}, {"name", name});
}

static void emit_cpp(struct emitter *emitter, const struct view *view)
{
    struct out *out = emitter->out;
    struct pool *pool = emitter->pool;
    const struct winrt_name *winrt = view->interface->winrt;
    const char *head, *base, *line;
    bool is_short;

    if (winrt)
        open_cpp_space(emitter, view->interface);
    head = struct_head(pool, view);
    base = view->base ? TEXT(pool, ": public ${base}", {"base", view->base}) : "";
    line = strrchr(head, '\n');
    is_short = strlen(line ? line + 1 : head) + strlen(base) + 3 <= OUT_COLUMNS;
    OUT(out, "${head}${space}${base} {\n", {"head", head},
        {"space", !*base     ? ""
                  : is_short ? " "
                             : "\n    "},
        {"base", base});
    for (size_t i = view->own; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];
        const char *name = slot->half == HALF_WHOLE ? slot->method->name : slot->name;

        if (i > view->own)
            out_put(out, "\n");
        emit_slot_comment(emitter, slot, 4);
        OUT(out, "    virtual ${head}(${parameters}) = 0;\n",
            {"head", type_declare(pool, slot->method->return_type,
                                  TEXT(pool, "STDMETHODCALLTYPE ${name}", {"name", name}))},
            {"parameters", parameters_text(pool, slot->parameters, slot->parameter_count)});
    }
    out_put(out, "};\n");
    if (winrt)
        close_cpp_space(emitter, view->interface);
    if (view->guid)
        OUT(out, "__CRT_UUID_DECL(${name}, ${guid})\n", {"name", view->name},
            {"guid", guid_arguments(pool, view->guid)});
    if (!view->is_async)
        emit_winrt_id(emitter, view->interface);
}

/* ---- C ---- */

static void emit_vtable(struct emitter *emitter, const struct view *view)
{
    struct out *out = emitter->out;
    struct pool *pool = emitter->pool;
    const char *owner = "";

    OUT(out, "typedef struct ${name}Vtbl {\n    BEGIN_INTERFACE\n", {"name", view->name});
    for (size_t i = 0; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];

        if (strcmp(owner, slot->owner) != 0)
            OUT(out, "\n    /* ${owner} */\n", {"owner", slot->owner});
        owner = slot->owner;
        OUT(out, "    ${type}(STDMETHODCALLTYPE *${name})(${parameters});\n",
            {"type", type_declare(pool, slot->method->return_type, "")}, {"name", slot->name},
            {"parameters", c_parameters(pool, view, slot)});
    }
    OUT(out,
        "\n"
        "    END_INTERFACE\n"
        "} ${name}Vtbl;\n"
        "\n"
        "struct ${name} {\n"
        "    CONST_VTBL ${name}Vtbl *lpVtbl;\n"
        "};\n",
        {"name", view->name});
}

static void emit_macros(struct emitter *emitter, const struct view *view)
{
    for (size_t i = 0; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];

        OUT(emitter->out,
            "#define ${name}_${slot}(${arguments}) ((This)->lpVtbl->${slot}(${arguments}))\n",
            {"name", view->name}, {"slot", slot->name},
            {"arguments", arguments_text(emitter->pool, slot)});
    }
}

static void emit_functions(struct emitter *emitter, const struct view *view)
{
    struct pool *pool = emitter->pool;

    for (size_t i = 0; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];
        const char *name =
            TEXT(pool, "${view}_${slot}", {"view", view->name}, {"slot", slot->name});
        const char *type = type_declare(pool, slot->method->return_type, "");

        out_put(emitter->out, "\n");
        if (i >= view->own)
            emit_slot_comment(emitter, slot, 0);
        OUT(emitter->out,
            "static inline ${head}(${parameters})\n"
            "{\n"
            "    ${return}This->lpVtbl->${slot}(${arguments});\n"
            "}\n",
            {"head", type_declare(pool, slot->method->return_type, name)},
            {"parameters", c_parameters(pool, view, slot)},
            {"return", strcmp(type, "void") == 0 ? "" : "return "}, {"slot", slot->name},
            {"arguments", arguments_text(pool, slot)});
    }
}

static void emit_view(struct emitter *emitter, const struct view *view)
{
    struct out *out = emitter->out;

    if (view->guid)
        OUT(out, "EXTERN_C const IID ${id};\n\n",
            {"id", view->is_async ? TEXT(emitter->pool, "IID_${name}", {"name", view->name})
                                  : interface_id(emitter->pool, view->interface)});
    out_put(out, "#if defined(__cplusplus) && !defined(CINTERFACE)\n\n");
    emit_cpp(emitter, view);
    out_put(out, "\n#else\n\n");
    emit_vtable(emitter, view);
    out_put(out, "\n#ifdef COBJMACROS\n\n");
    emit_macros(emitter, view);
    out_put(out, "\n#else\n");
    emit_functions(emitter, view);
    out_put(out, "\n#endif /* COBJMACROS */\n#endif /* C view */\n");
}

/* ---- the whole ---- */

static void emit_guarded(struct emitter *emitter, const struct view *view, const char *about)
{
    const char *what = view->interface->is_dispatch ? "DISPINTERFACE" : "INTERFACE";
    struct out *out = emitter->out;

    OUT(out,
        "#ifndef __${name}_${what}_DEFINED__\n"
        "#define __${name}_${what}_DEFINED__\n",
        {"name", view->name}, {"what", what});
    if (!view->is_async) {
        emit_winrt_interface_name(emitter, view->interface);
        emit_declarations(emitter, view->interface->declarations);
    }
    out_put(out, "\n");
    out_comment(out, 0, "/*", about);
    if (*about)
        out_put(out, "\n");
    emit_view(emitter, view);
    OUT(out, "#endif /* __${name}_${what}_DEFINED__ */\n", {"name", view->name}, {"what", what});
}

void emit_interface(struct emitter *emitter, const struct interface *interface)
{
    struct pool *pool = emitter->pool;
    const char *doc = interface->doc;
    struct view view;

    if (!interface->is_complete)
        return;
    if (!interface->is_object) {
        emit_function_interface(emitter, interface);
        return;
    }
    emit_winrt_instances(emitter, interface);
    if (interface->winrt) {
        emit_winrt_needed_by(emitter, interface);
        winrt_open_contract(emitter, interface->winrt);
    }
    view = view_make(pool, interface, false);
    emit_guarded(emitter, &view,
                 doc ? TEXT(pool, "${name}: ${doc}",
                            {"name", interface->winrt ? interface->winrt->name : view.name},
                            {"doc", doc})
                     : "");
    if (interface->winrt)
        winrt_close_contract(emitter, interface->winrt);
    if (!interface->async)
        return;
    out_put(emitter->out, "\n");
    view = view_make(pool, interface, true);
    emit_guarded(emitter, &view,
                 TEXT(pool, "${twin}: ${name}, each method in two halves.", {"twin", view.name},
                      {"name", interface->name}));
    emit_starts(emitter, interface);
}
