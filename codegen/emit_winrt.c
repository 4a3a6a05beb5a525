/*
 * emit_winrt.c -- namespaces in a header: what C calls by one long name, C++ has in a namespace.
 *
 * C's names are there in C++ too, as typedefs. With CINTERFACE C++ sees what C sees.
 */
#include "codegen/emit_winrt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CPP_VIEW "#if defined(__cplusplus) && !defined(CINTERFACE)\n"

/* The part of a name between colons that begins at `at`; *next: the one behind it, or the end. */
static const char *space_part(struct pool *pool, const char *at, const char **next)
{
    const char *end = strstr(at, "::");
    size_t length = end ? (size_t)(end - at) : strlen(at);
    char *part = pool_alloc(pool, length + 1);

    *next = end ? end + 2 : at + length;
    if (part)
        memcpy(part, at, length);
    return part ? part : "";
}

/* C++11 cannot open two at once. */
void winrt_open_space(struct emitter *emitter, const struct winrt_name *name)
{
    const char *at = name->space;

    if (name->prefix == NS_PREFIX_OPTIONAL)
        out_put(emitter->out, "#ifndef MIDL_NS_PREFIX\n"
                              "inline\n"
                              "#endif\n");
    while (*at)
        OUT(emitter->out, "namespace ${part}\n{\n", {"part", space_part(emitter->pool, at, &at)});
}

static void close_spaces(struct emitter *emitter, const char *at)
{
    const char *part;

    if (!*at)
        return;
    part = space_part(emitter->pool, at, &at);
    close_spaces(emitter, at);
    OUT(emitter->out, "} // namespace ${part}\n", {"part", part});
}

void winrt_close_space(struct emitter *emitter, const struct winrt_name *name)
{
    close_spaces(emitter, name->space);
}

void winrt_open_contract(struct emitter *emitter, const struct winrt_name *name)
{
    char version[16];

    if (!name->contract)
        return;
    snprintf(version, sizeof version, "0x%" PRIx32, name->version);
    OUT(emitter->out, "#if ${contract} >= ${version}\n", {"contract", name->contract},
        {"version", version});
}

void winrt_close_contract(struct emitter *emitter, const struct winrt_name *name)
{
    if (name->contract)
        OUT(emitter->out, "#endif /* ${contract} */\n", {"contract", name->contract});
}

/* ---- names, at the top ---- */

static void open_forward(struct emitter *emitter, const char *name)
{
    OUT(emitter->out,
        "#ifndef __${name}_FWD_DEFINED__\n"
        "#define __${name}_FWD_DEFINED__\n" CPP_VIEW,
        {"name", name});
}

static void emit_typedef(struct emitter *emitter, const char *what, const char *name)
{
    bool is_short = strlen("typedef  ;") + strlen(what) + strlen(name) <= OUT_COLUMNS;

    OUT(emitter->out, "typedef ${what}${space}${name};\n", {"what", what},
        {"space", is_short ? " " : "\n    "}, {"name", name});
}

static void close_forward(struct emitter *emitter, const char *cpp, const char *c)
{
    emit_typedef(emitter, cpp, c);
    out_put(emitter->out, "#else\n");
    emit_typedef(emitter, TEXT(emitter->pool, "struct ${c}", {"c", c}), c);
    out_put(emitter->out, "#endif\n#endif\n");
}

/* `word` is "struct" or "class", by which C++ knows it. */
static void emit_forward(struct emitter *emitter, const struct winrt_name *name, const char *word)
{
    out_put(emitter->out, "\n");
    open_forward(emitter, name->c);
    winrt_open_space(emitter, name);
    OUT(emitter->out, "${word} ${name};\n", {"word", word}, {"name", name->name});
    winrt_close_space(emitter, name);
    close_forward(emitter, name->cpp, name->c);
}

/* enum and struct: only arguments of templates need them before their bodies */
static void emit_tag_forward(struct emitter *emitter, const struct type *type)
{
    const char *base = type->kind != TYPE_ENUM             ? ""
                       : winrt_is_flags(type->enumeration) ? " : unsigned int"
                                                           : " : int";

    OUT(emitter->out, "${word} ${name}${base};\n",
        {"word", type->kind == TYPE_ENUM ? "enum" : "struct"},
        {"name", type_winrt_name(type)->name}, {"base", base});
}

static void emit_tag_forwards(struct emitter *emitter, const struct declaration *list)
{
    const struct winrt_name *open = NULL;

    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        const struct winrt_name *name = d->kind == DECL_TYPE ? type_winrt_name(d->type) : NULL;

        if (!name)
            continue;
        if (open && strcmp(open->space, name->space) != 0)
            winrt_close_space(emitter, open);
        if (!open)
            out_put(emitter->out, "\n" CPP_VIEW);
        if (!open || strcmp(open->space, name->space) != 0)
            winrt_open_space(emitter, name);
        open = name;
        emit_tag_forward(emitter, d->type);
    }
    if (open) {
        winrt_close_space(emitter, open);
        out_put(emitter->out, "#endif\n");
    }
}

static void emit_plain_forwards(struct emitter *emitter, const struct declaration *list)
{
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        const struct interface *interface = d->interface;
        bool is_named = d->kind == DECL_INTERFACE || d->kind == DECL_FORWARD;

        if (is_named && interface && interface->winrt && !interface->instance &&
            emit_first_time(emitter, interface))
            emit_forward(emitter, interface->winrt, "struct");
        else if (d->kind == DECL_RUNTIME_CLASS && emit_first_time(emitter, d->runtime_class))
            emit_forward(emitter, d->runtime_class->name, "class");
    }
}

/* template <class T0, class T1> struct IMap; */
static void emit_template(struct emitter *emitter, const struct winrt_generic *generic)
{
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < generic->count; i++) {
        char parameter[40];

        snprintf(parameter, sizeof parameter, "%sclass T%zu", i > 0 ? ", " : "", i);
        out_put(&list, parameter);
    }
    out_put(emitter->out, "\n" CPP_VIEW);
    winrt_open_space(emitter, generic->name);
    OUT(emitter->out, "template <${parameters}> struct ${name};\n",
        {"parameters", out_keep(&list, emitter->pool)}, {"name", generic->name->name});
    winrt_close_space(emitter, generic->name);
    out_put(emitter->out, "#endif\n");
}

static const struct winrt_instance *instance_of(const struct declaration *declaration)
{
    bool is_named = declaration->kind == DECL_INTERFACE || declaration->kind == DECL_FORWARD;

    return is_named && declaration->interface ? declaration->interface->instance : NULL;
}

static void emit_instance_forward(struct emitter *emitter, const struct interface *interface)
{
    open_forward(emitter, interface->name);
    emitter->pool->in_cpp = true;
    close_forward(emitter, type_interface_name(emitter->pool, interface), interface->name);
    emitter->pool->in_cpp = false;
    out_put(emitter->out, "\n");
}

void emit_winrt_forwards(struct emitter *emitter, const struct declaration *list)
{
    emit_plain_forwards(emitter, list);
    emit_tag_forwards(emitter, list);
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        const struct winrt_instance *instance = instance_of(d);

        if (instance && emit_first_time(emitter, instance->generic))
            emit_template(emitter, instance->generic);
    }
}

static bool is_of_instance(const struct type *type)
{
    while (type->target && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type->target;
    return type->kind == TYPE_INTERFACE && type->interface->instance;
}

static bool has_instance(const struct interface *interface)
{
    for (const struct method *m = interface->methods; m; m = m->next)
        for (const struct parameter *p = m->parameters; p; p = p->next)
            if (is_of_instance(p->type))
                return true;
    return false;
}

void emit_winrt_instances(struct emitter *emitter, const struct interface *before)
{
    const struct declaration *list = emitter->names->file->declarations;

    if (emitter->has_instances || (before && !before->winrt && !has_instance(before)))
        return;
    emitter->has_instances = true;
    for (const struct declaration *d = list; d; d = declaration_after(d))
        if (instance_of(d) && emit_first_time(emitter, d->interface))
            emit_instance_forward(emitter, d->interface);
}

/* ---- structs and enums ---- */

bool winrt_is_flags(const struct enumeration *enumeration)
{
    return attribute_find(enumeration->attributes, "flags") != NULL;
}

/* Those that must be complete before this one: of its fields. */
static void emit_needed_fields(struct emitter *emitter, const struct type *type)
{
    if (type->kind != TYPE_STRUCT)
        return;
    for (const struct field *field = type->record->fields; field; field = field->next)
        emit_winrt_needed(emitter, field->type);
}

static void emit_both_bodies(struct emitter *emitter, const struct type *type)
{
    const struct winrt_name *name = type_winrt_name(type);
    const char *word = type->kind == TYPE_ENUM ? "enum" : "struct";
    const char *base = "";

    if (type->kind == TYPE_ENUM)
        base = winrt_is_flags(type->enumeration) ? " : unsigned int" : " : int";
    out_put(emitter->out, CPP_VIEW);
    winrt_open_space(emitter, name);
    OUT(emitter->out, "${word} ${name}${base}", {"word", word}, {"name", name->name},
        {"base", base});
    emitter->pool->in_cpp = true;
    emit_body(emitter, type, 0);
    emitter->pool->in_cpp = false;
    out_put(emitter->out, ";\n");
    winrt_close_space(emitter, name);
    emit_typedef(emitter, name->cpp, name->c);
    OUT(emitter->out, "#else\ntypedef ${word} ${c}", {"c", name->c}, {"word", word});
    emit_body(emitter, type, 0);
    OUT(emitter->out, " ${c};\n#endif\n", {"c", name->c});
}

void emit_winrt_type(struct emitter *emitter, const struct declaration *declaration)
{
    const struct type *type = declaration->type;
    const struct winrt_name *name = type_winrt_name(type);

    if (type->kind == TYPE_STRUCT)
        emit_winrt_instances(emitter, NULL);
    emit_needed_fields(emitter, type);
    out_comment(emitter->out, 0, "/**", declaration->doc);
    winrt_open_contract(emitter, name);
    emit_both_bodies(emitter, type);
    winrt_close_contract(emitter, name);
}

void emit_winrt_needed(struct emitter *emitter, const struct type *type)
{
    const struct winrt_name *name;

    while (type->target &&
           (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY || type->kind == TYPE_ALIAS))
        type = type->target;
    name = type_winrt_name(type);
    if (!name || !name->declaration || name->file != emitter->names->file ||
        !emit_first_time(emitter, name))
        return;
    emit_winrt_type(emitter, name->declaration);
    out_put(emitter->out, "\n");
}

void emit_winrt_needed_by(struct emitter *emitter, const struct interface *interface)
{
    for (const struct method *m = interface->methods; m; m = m->next) {
        emit_winrt_needed(emitter, m->return_type);
        for (const struct parameter *p = m->parameters; p; p = p->next)
            emit_winrt_needed(emitter, p->type);
    }
}

/* ---- classes ---- */

/* "A.B" as "A_B" */
static const char *word_of(struct pool *pool, const char *full)
{
    char *word = pool_alloc(pool, strlen(full) + 1);

    for (size_t i = 0; word && full[i]; i++)
        word[i] = (char)(full[i] == '.' ? '_' : full[i]);
    return word ? word : "";
}

/* A whole name as a constant, which MIDL calls `prefix` and the name. */
static void emit_name_text(struct emitter *emitter, const char *prefix, const char *full)
{
    const char *head =
        TEXT(emitter->pool, "__attribute__((unused)) static const OLECHAR ${prefix}${word}[] =",
             {"prefix", prefix}, {"word", word_of(emitter->pool, full)});
    bool is_short = strlen(head) + strlen(" OLESTR(\"\");") + strlen(full) <= OUT_COLUMNS;

    OUT(emitter->out, "${head}${space}OLESTR(\"${full}\");\n", {"head", head}, {"full", full},
        {"space", is_short ? " " : "\n    "});
}

void emit_runtime_class(struct emitter *emitter, const struct winrt_class *runtime_class)
{
    const struct winrt_name *name = runtime_class->name;
    const char *word = word_of(emitter->pool, name->full);

    winrt_open_contract(emitter, name);
    OUT(emitter->out,
        "#ifndef RUNTIMECLASS_${word}_DEFINED\n"
        "#define RUNTIMECLASS_${word}_DEFINED\n",
        {"word", word});
    emit_name_text(emitter, "RuntimeClass_", name->full);
    out_put(emitter->out, "#endif\n");
    winrt_close_contract(emitter, name);
}

/* ---- interfaces ---- */

static bool has_own_name(const struct interface *interface)
{
    return interface->winrt && !interface->instance;
}

void emit_winrt_interface_name(struct emitter *emitter, const struct interface *interface)
{
    if (has_own_name(interface) && !interface->is_delegate)
        emit_name_text(emitter, "InterfaceName_", interface->winrt->full);
}

void emit_winrt_id(struct emitter *emitter, const struct interface *interface)
{
    const char *name, *head;
    bool is_short;

    if (!has_own_name(interface) || !interface->has_uuid)
        return;
    name = interface->winrt->name;
    head = TEXT(emitter->pool,
                "__attribute__((unused)) static const IID &IID_${name} =", {"name", name});
    is_short = strlen(head) + strlen(" __uuidof();") + strlen(name) <= OUT_COLUMNS;
    winrt_open_space(emitter, interface->winrt);
    OUT(emitter->out, "${head}${space}__uuidof(${name});\n", {"head", head}, {"name", name},
        {"space", is_short ? " " : "\n    "});
    winrt_close_space(emitter, interface->winrt);
}

/* ---- contracts ---- */

void emit_contract(struct emitter *emitter, const struct winrt_contract *contract)
{
    char version[16];

    snprintf(version, sizeof version, "0x%" PRIx32, contract->version);
    OUT(emitter->out,
        "#if !defined(${macro})\n"
        "#define ${macro} ${version}\n"
        "#endif\n",
        {"macro", contract->macro}, {"version", version});
}
