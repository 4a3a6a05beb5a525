/*
 * emit_types.c -- the declarations of a header that are not interfaces: typedefs, structs, unions,
 * enums, constants, quoted C.
 *
 * They come out in the order of the IDL, each with its comment.
 */
#include <stdint.h>
#include <string.h>

#include "codegen/emit_winrt.h"

static const size_t INDENT = 4;

static void emit_indent(struct out *out, size_t indent)
{
    while (indent-- > 0)
        out_put(out, " ");
}

/* Where the node is, or the free place where it would go. */
static const void **seen_place(const struct seen *seen, const void *node)
{
    size_t at = (size_t)(((uintptr_t)node >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 20);

    for (at %= seen->capacity; seen->nodes[at] && seen->nodes[at] != node;)
        at = (at + 1) % seen->capacity;
    return &seen->nodes[at];
}

static bool seen_grow(struct emitter *emitter)
{
    struct seen *seen = &emitter->seen, old = *seen;
    size_t capacity = old.capacity ? 2 * old.capacity : 64;
    const void **nodes = pool_alloc(emitter->pool, capacity * sizeof *nodes);

    if (!nodes)
        return false;
    *seen = (struct seen){.nodes = nodes, .count = old.count, .capacity = capacity};
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.nodes[i])
            *seen_place(seen, old.nodes[i]) = old.nodes[i];
    }
    return true;
}

bool emit_first_time(struct emitter *emitter, const void *node)
{
    struct seen *seen = &emitter->seen;
    const void **place;

    if (2 * seen->count >= seen->capacity && !seen_grow(emitter))
        return true;
    place = seen_place(seen, node);
    if (*place)
        return false;
    *place = node;
    seen->count++;
    return true;
}

/* ---- bodies ---- */

/* A field or a typedef: the specifier, with its body if it is defined here, and the declarator. */
static void emit_declared(struct emitter *emitter, const struct type *type, const char *name,
                          size_t indent)
{
    struct out *out = emitter->out;
    const struct type *base = NULL;
    const char *inner = type_declarator(emitter->pool, type, name, &base);

    if (!base->is_definition) {
        out_put(out, type_declare(emitter->pool, type, name));
        return;
    }
    out_put(out, tagged_head(emitter->pool, base));
    emit_body(emitter, base, indent);
    if (*inner)
        out_put(out, " ");
    out_put(out, inner);
}

static bool is_anonymous(const struct field *field)
{
    return !field->name && (field->type->kind == TYPE_STRUCT || field->type->kind == TYPE_UNION);
}

/* C++ knows no structs without a name, and none of the two inside of one another. */
static bool is_extension(const struct field *field)
{
    if (!is_anonymous(field))
        return false;
    if (field->type->kind == TYPE_STRUCT)
        return true;
    for (const struct field *f = field->type->record->fields; f; f = f->next)
        if (is_anonymous(f))
            return true;
    return false;
}

static void emit_field(struct emitter *emitter, const struct field *field, size_t indent)
{
    /* An arm of a union with nothing in it. */
    if (type_resolve(field->type)->kind == TYPE_VOID)
        return;
    out_comment(emitter->out, indent, "/*", field->doc);
    emit_indent(emitter->out, indent);
    if (is_extension(field))
        out_put(emitter->out, "__extension__ ");
    if (field->type->kind == TYPE_ARRAY && !field->type->length)
        /* As MIDL has it: C++ knows no array of open length. */
        emit_declared(emitter, field->type->target,
                      TEXT(emitter->pool, "${name}[1]", {"name", field->name ? field->name : ""}),
                      indent);
    else
        emit_declared(emitter, field->type, field->name ? field->name : "", indent);
    if (field->bits)
        OUT(emitter->out, " : ${bits}", {"bits", expr_text(emitter->pool, field->bits)});
    out_put(emitter->out, ";\n");
}

/* union switch (type tag) name: a struct of the tag and the union. */
static void emit_encapsulated(struct emitter *emitter, const struct record *record, size_t indent)
{
    emit_field(emitter, record->discriminant, indent);
    emit_indent(emitter->out, indent);
    out_put(emitter->out, "union {\n");
    for (const struct field *field = record->fields; field; field = field->next)
        emit_field(emitter, field, indent + INDENT);
    emit_indent(emitter->out, indent);
    OUT(emitter->out, "} ${name};\n",
        {"name", record->union_name ? record->union_name : "tagged_union"});
}

static void emit_enumerators(struct emitter *emitter, const struct enumeration *enumeration,
                             size_t indent)
{
    bool is_bits = emitter->pool->in_cpp && winrt_is_flags(enumeration);

    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next) {
        out_comment(emitter->out, indent, "/*", e->doc);
        emit_indent(emitter->out, indent);
        OUT(emitter->out, "${name} = ${value},\n", {"name", e->name},
            {"value", is_bits ? bits_text(emitter->pool, e->number)
                              : number_text(emitter->pool, e->number)});
    }
}

void emit_body(struct emitter *emitter, const struct type *type, size_t indent)
{
    out_put(emitter->out, " {\n");
    if (type->kind == TYPE_ENUM)
        emit_enumerators(emitter, type->enumeration, indent + INDENT);
    else if (type->record->discriminant)
        emit_encapsulated(emitter, type->record, indent + INDENT);
    else
        for (const struct field *field = type->record->fields; field; field = field->next)
            emit_field(emitter, field, indent + INDENT);
    emit_indent(emitter->out, indent);
    out_put(emitter->out, "}");
}

/* ---- declarations ---- */

static const struct type *specified_type(const struct type *type)
{
    while (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY || type->kind == TYPE_FUNCTION)
        type = type->target;
    return type;
}

static bool is_tagged_kind(const struct type *type)
{
    return type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ENUM;
}

static void emit_typedef(struct emitter *emitter, const struct declaration *declaration)
{
    const struct type *base = specified_type(declaration->type);

    /*
     * A typedef's own name serves as the tag that the IDL left out; further declarators need it.
     * C++ has one name for both, so a pointer's name cannot be the tag of what it leads to.
     */
    if (is_tagged_kind(base) && !type_has_tag(emitter->pool, base))
        type_make_tag(emitter->pool, base,
                      base == declaration->type
                          ? declaration->name
                          : TEXT(emitter->pool, "${name}__", {"name", declaration->name}));
    out_put(emitter->out, "typedef ");
    emit_declared(emitter, declaration->type, declaration->name, 0);
    out_put(emitter->out, ";\n");
}

static void emit_constant(struct emitter *emitter, const struct declaration *declaration)
{
    const struct expr *value = declaration->value;
    const char *text = expr_text(emitter->pool, value);
    bool is_text = value->kind == EXPR_STRING;

    OUT(emitter->out, "#define ${name} ${open}${text}${close}\n", {"name", declaration->name},
        {"open", is_text ? "" : "("}, {"text", text}, {"close", is_text ? "" : ")"});
}

/* The block around all declarations is extern "C", in which a variable still needs the word. */
static void emit_extern(struct emitter *emitter, const struct declaration *declaration)
{
    OUT(emitter->out, "${extern}${declaration};\n",
        {"extern", declaration->type->kind == TYPE_FUNCTION ? "" : "EXTERN_C "},
        {"declaration", type_declare(emitter->pool, declaration->type, declaration->name)});
}

static void emit_quoted(struct emitter *emitter, const char *mark, const char *text)
{
    emitter->out->is_plain = true;
    OUT(emitter->out, "${mark}${text}\n", {"mark", mark}, {"text", text});
    emitter->out->is_plain = false;
}

static void emit_declaration(struct emitter *emitter, const struct declaration *declaration,
                             const char *doc)
{
    if (declaration->kind != DECL_INTERFACE && declaration->kind != DECL_MODULE &&
        declaration->kind != DECL_LIBRARY)
        out_comment(emitter->out, 0, "/**", doc);
    switch (declaration->kind) {
    case DECL_CPP_QUOTE:
        emit_quoted(emitter, "", declaration->text);
        break;
    case DECL_PRAGMA:
        emit_quoted(emitter, "#", declaration->text);
        break;
    case DECL_CONST:
        emit_constant(emitter, declaration);
        break;
    case DECL_TYPEDEF:
        emit_typedef(emitter, declaration);
        break;
    case DECL_EXTERN:
        emit_extern(emitter, declaration);
        break;
    case DECL_RUNTIME_CLASS:
        emit_runtime_class(emitter, declaration->runtime_class);
        break;
    case DECL_CONTRACT:
        emit_contract(emitter, declaration->contract);
        break;
    case DECL_TYPE:
        emit_declared(emitter, declaration->type, "", 0);
        out_put(emitter->out, ";\n");
        break;
    case DECL_INTERFACE:
        emit_interface(emitter, declaration->interface);
        break;
    case DECL_COCLASS:
        emit_coclass(emitter, declaration->coclass);
        break;
    case DECL_LIBRARY:
        emit_library(emitter, declaration);
        break;
    case DECL_MODULE:
        emit_function_module(emitter, declaration->interface);
        break;
    case DECL_IMPORT:
    case DECL_IMPORTLIB:
    case DECL_FORWARD:
        break;
    }
}

/* Whether it writes nothing at its place: imports and forward declarations are at the top. */
static bool is_silent(const struct declaration *declaration)
{
    return declaration->kind == DECL_IMPORT || declaration->kind == DECL_FORWARD ||
           declaration->kind == DECL_IMPORTLIB ||
           ((declaration->kind == DECL_COCLASS || declaration->kind == DECL_RUNTIME_CLASS) &&
            !declaration->is_definition);
}

/* Short ones of one kind stand together; anything longer has an empty line round it. */
static bool is_short(const struct declaration *declaration, const char *doc)
{
    const struct type *type = declaration->type;

    switch (declaration->kind) {
    case DECL_INTERFACE:
    case DECL_TYPE:
    case DECL_COCLASS:
    case DECL_LIBRARY:
    case DECL_MODULE:
    case DECL_RUNTIME_CLASS:
    case DECL_CONTRACT:
        return false;
    default:
        break;
    }
    if (doc)
        return false;
    return declaration->kind != DECL_TYPEDEF || !is_tagged_kind(specified_type(type)) ||
           type->kind == TYPE_POINTER;
}

/* Of the struct or union that is defined here; 0: none is, or it is as C lays it out. */
static unsigned pack_of(const struct declaration *declaration)
{
    const struct type *type;

    if (declaration->kind != DECL_TYPEDEF && declaration->kind != DECL_TYPE)
        return 0;
    type = specified_type(declaration->type);
    if (!type->is_definition || (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION))
        return 0;
    return type->record->pack;
}

/* Ends what another #pragma pack says than the next declaration has. */
static void end_pack(struct emitter *emitter, unsigned *pack, unsigned next)
{
    if (*pack == 0 || *pack == next)
        return;
    out_put(emitter->out, "#pragma pack(pop)\n");
    *pack = 0;
}

static void begin_pack(struct emitter *emitter, unsigned *pack, unsigned next)
{
    if (*pack == next)
        return;
    OUT(emitter->out, "#pragma pack(push, ${pack})\n", {"pack", number_text(emitter->pool, next)});
    *pack = next;
}

void emit_declarations(struct emitter *emitter, const struct declaration *list)
{
    const struct declaration *before = NULL;
    const char *doc = NULL, *last_doc = NULL;
    unsigned pack = 0;

    for (const struct declaration *d = list; d; d = d->next) {
        if (is_silent(d))
            continue;
        end_pack(emitter, &pack, pack_of(d));
        if (d->kind == DECL_TYPE && type_winrt_name(d->type)) {
            if (!emit_first_time(emitter, type_winrt_name(d->type)))
                continue;
            out_put(emitter->out, "\n");
            emit_winrt_type(emitter, d);
            before = d;
            continue;
        }
        /* The declarators of one typedef share its comment, which the first of them gets. */
        doc = d->doc && d->doc != last_doc ? d->doc : NULL;
        last_doc = d->doc;
        if (!before || before->kind != d->kind || !is_short(d, doc) || !is_short(before, NULL))
            out_put(emitter->out, "\n");
        begin_pack(emitter, &pack, pack_of(d));
        emit_declaration(emitter, d, doc);
        before = d;
    }
    end_pack(emitter, &pack, 0);
}
