/*
 * idl/winrt_name.c -- see winrt.h; what C and C++ call a thing in a namespace.
 */
#include <ctype.h>
#include <string.h>

#include "idl/text.h"
#include "idl/winrt.h"

/* A part of a name between two dots; MIDL tells its underscores from those that join parts. */
static void add_part(struct text *text, const char *part, size_t length, bool is_short)
{
    for (size_t i = 0; i < length; i++) {
        if (part[i] == '_' && !is_short)
            text_bytes(text, "__z", 3);
        else
            text_char(text, part[i]);
    }
}

/* "A.B.Name" with `joint` for each dot, and `prefix` before the last part. */
static void add_joined(struct text *text, const char *full, const char *joint, const char *prefix,
                       bool is_short)
{
    const char *dot;

    for (; (dot = strchr(full, '.')) != NULL; full = dot + 1) {
        add_part(text, full, (size_t)(dot - full), is_short);
        text_format(text, "%s", joint);
    }
    text_format(text, "%s", prefix);
    add_part(text, full, strlen(full), is_short);
}

/* The parts of the namespace, with colons. */
static const char *cpp_space(struct arena *arena, const char *full, enum ns_prefix prefix)
{
    const char *end = strrchr(full, '.');
    struct text text;

    text_init(&text, arena);
    text_format(&text, "%s", prefix == NS_PREFIX_NEVER ? "" : end ? "ABI::" : "ABI");
    for (; end && full < end; full++) {
        if (*full == '.')
            text_bytes(&text, "::", 2);
        else
            text_char(&text, *full);
    }
    return text_end(&text);
}

static enum ns_prefix prefix_of_file(const struct parser *parser)
{
    switch (parser->pp->winrt) {
    case PRAGMA_WINRT_PREFIX:
        return NS_PREFIX_ALWAYS;
    case PRAGMA_WINRT_PLAIN:
        return NS_PREFIX_NEVER;
    case PRAGMA_WINRT_NONE:
    default:
        return parser->session->options.ns_prefix;
    }
}

struct winrt_name *winrt_name_make(struct parser *parser, const char *full, const char *prefix)
{
    struct winrt_name *name = ARENA_NEW(parser->arena, struct winrt_name);
    bool is_short = parser->pp->winrt != PRAGMA_WINRT_NONE;
    const char *last = strrchr(full, '.');
    struct text text;

    name->prefix = prefix_of_file(parser);
    name->full = full;
    text_init(&text, parser->arena);
    text_format(&text, "%s%s", prefix, last ? last + 1 : full);
    name->name = text_end(&text);
    name->space = cpp_space(parser->arena, full, name->prefix);
    text_init(&text, parser->arena);
    text_format(&text, "%s%s%s", name->space, *name->space ? "::" : "", name->name);
    name->cpp = text_end(&text);
    text_init(&text, parser->arena);
    text_format(&text, "%s", name->prefix == NS_PREFIX_NEVER ? "__x_" : "__x_ABI_C");
    add_joined(&text, full, "_C", prefix, is_short);
    name->c = text_end(&text);
    text_init(&text, parser->arena);
    add_joined(&text, full, "__C", prefix, is_short);
    name->argument = text_end(&text);
    return name;
}

const char *winrt_contract_macro(struct arena *arena, const char *full)
{
    struct text text;

    text_init(&text, arena);
    for (; *full; full++)
        text_char(&text, *full == '.' ? '_' : (char)toupper((unsigned char)*full));
    text_format(&text, "_VERSION");
    return text_end(&text);
}

void winrt_name_contract(struct parser *parser, const struct winrt_name *name,
                         const struct attribute *attributes)
{
    const struct attribute *attribute = attribute_with(attributes, ATTRIBUTE_CONTRACT);
    struct winrt_name *own = (struct winrt_name *)(uintptr_t)name;
    const struct symbol *symbol;

    if (!attribute || !attribute->text)
        return;
    symbol = winrt_find(parser, attribute->text, "");
    if (!symbol || symbol->kind != SYMBOL_CONTRACT)
        return; /* one that this compilation does not see cannot be asked for its version */
    own->contract = symbol->contract->macro;
    own->version = attribute->version;
}

const char *winrt_enumerator(struct parser *parser, const struct winrt_name *name,
                             struct enumerator *enumerator)
{
    struct text whole, own;

    text_init(&whole, parser->arena);
    text_format(&whole, "%s.%s", name->full, enumerator->name);
    text_init(&own, parser->arena);
    text_format(&own, "%s_%s", name->name, enumerator->name);
    enumerator->name = text_end(&own);
    return text_end(&whole);
}

static const struct winrt_name *name_of(const struct type *type)
{
    if (type->kind == TYPE_ENUM)
        return type->enumeration->winrt;
    return type->kind == TYPE_STRUCT ? type->record->winrt : NULL;
}

bool winrt_is_own_name(const struct type *type, const char *name)
{
    const struct winrt_name *own = name_of(type);

    return own && strcmp(own->name, name) == 0;
}

void winrt_note_type(struct parser *parser, const struct type *type,
                     const struct declaration *declaration)
{
    struct winrt_name *own = (struct winrt_name *)(uintptr_t)name_of(type);

    if (!own || !type->is_definition)
        return;
    own->file = parser->file;
    own->declaration = declaration;
    winrt_name_contract(parser, own, declaration->attributes);
}

/* ---- instances ---- */

/* What MIDL calls the types that WinRT has of its own. */
static const char *const base_names[] = {
    [BASE_BOOLEAN] = "boolean",
    [BASE_BYTE] = "byte",
    [BASE_CHAR] = "char",
    [BASE_WCHAR] = "wchar__zt",
    [BASE_SMALL] = "INT8",
    [BASE_UNSIGNED_SMALL] = "byte",
    [BASE_SHORT] = "short",
    [BASE_UNSIGNED_SHORT] = "UINT16",
    [BASE_LONG] = "int",
    [BASE_UNSIGNED_LONG] = "UINT32",
    [BASE_INT] = "int",
    [BASE_UNSIGNED_INT] = "UINT32",
    [BASE_HYPER] = "__z__zint64",
    [BASE_UNSIGNED_HYPER] = "UINT64",
    [BASE_INT3264] = "INT_PTR",
    [BASE_UNSIGNED_INT3264] = "UINT_PTR",
    [BASE_FLOAT] = "float",
    [BASE_DOUBLE] = "double",
    [BASE_ERROR_STATUS] = "UINT32",
    [BASE_HANDLE] = "handle",
};

static const char *interface_argument(const struct type *type)
{
    const struct interface *interface = type->interface;

    if (type->runtime_class)
        return type->runtime_class->name->argument;
    return interface->winrt && !interface->instance ? interface->winrt->argument : interface->name;
}

static const char *tagged_argument(const struct type *type, bool is_short)
{
    const struct winrt_name *name =
        type->kind == TYPE_ENUM ? type->enumeration->winrt : type->record->winrt;
    const char *tag = type->kind == TYPE_ENUM ? type->enumeration->tag : type->record->tag;

    if (name)
        return is_short ? name->name : name->argument;
    return tag ? tag : "";
}

static void add_argument(struct text *text, const struct type *type, bool is_short)
{
    while (type->kind == TYPE_POINTER || type->kind == TYPE_ALIAS) {
        bool is_number = type->kind == TYPE_ALIAS && type_resolve(type)->kind == TYPE_BASE;

        /* MIDL sees through INT32 to int, and widl does not; HSTRING has no other name. */
        if (type->kind == TYPE_ALIAS && !(is_number && !is_short)) {
            text_format(text, "%s", type->alias->name);
            return;
        }
        type = type->target;
    }
    switch (type->kind) {
    case TYPE_BASE:
        text_format(text, "%s", base_names[type->base]);
        break;
    case TYPE_INTERFACE:
        text_format(text, "%s", interface_argument(type));
        break;
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_ENUM:
        text_format(text, "%s", tagged_argument(type, is_short));
        break;
    case TYPE_PARAMETER:
        text_format(text, "!%u", type->position);
        break;
    default:
        break;
    }
}

const char *winrt_instance_name(struct arena *arena, const struct winrt_instance *instance,
                                bool is_short)
{
    const struct winrt_generic *generic = instance->generic;
    struct text text;

    text_init(&text, arena);
    text_format(&text, "__F%s_%zu", generic->name->name, generic->count);
    for (size_t i = 0; i < generic->count; i++) {
        text_char(&text, '_');
        add_argument(&text, instance->arguments[i], is_short);
    }
    return text_end(&text);
}

const char *winrt_instance_key(struct arena *arena, const struct winrt_instance *instance)
{
    const struct winrt_generic *generic = instance->generic;
    struct text text;

    text_init(&text, arena);
    text_format(&text, "%s", generic->name->full);
    for (size_t i = 0; i < generic->count; i++) {
        text_char(&text, i > 0 ? ',' : '<');
        add_argument(&text, instance->arguments[i], false);
    }
    return text_end(&text);
}
