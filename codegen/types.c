/*
 * types.c -- the C spelling of types, expressions and ids.
 *
 * It writes no declarations: a struct is named here, its body is the work of emit_types.c.
 */
#include "codegen/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codegen/out.h"
#include "idl/ast_winrt.h"
#include "idl/idl.h"
#include "idl/operator.h"

/*
 * IDL's long is 32 bit everywhere, C's is not; so is wchar_t 16 bit. Names that every COM base has
 * are used, never names that only MIDL's rpcndr.h has (byte, hyper, boolean).
 */
static const char *const base_names[] = {
    [BASE_BOOLEAN] = "BOOLEAN",
    [BASE_BYTE] = "BYTE",
    [BASE_CHAR] = "char",
    [BASE_WCHAR] = "WCHAR",
    [BASE_SMALL] = "signed char",
    [BASE_UNSIGNED_SMALL] = "unsigned char",
    [BASE_SHORT] = "short",
    [BASE_UNSIGNED_SHORT] = "unsigned short",
    [BASE_LONG] = "LONG",
    [BASE_UNSIGNED_LONG] = "ULONG",
    [BASE_INT] = "int",
    [BASE_UNSIGNED_INT] = "unsigned int",
    [BASE_HYPER] = "LONGLONG",
    [BASE_UNSIGNED_HYPER] = "ULONGLONG",
    [BASE_INT3264] = "INT_PTR",
    [BASE_UNSIGNED_INT3264] = "UINT_PTR",
    [BASE_FLOAT] = "float",
    [BASE_DOUBLE] = "double",
    [BASE_ERROR_STATUS] = "ULONG",
    [BASE_HANDLE] = "handle_t",
};

/* ---- tags ---- */

struct made_tag {
    const struct made_tag *next;
    const void *node; /* a record or an enumeration */
    const char *tag;
};

static const void *tagged_node(const struct type *type, const char **tag)
{
    *tag = type->kind == TYPE_ENUM ? type->enumeration->tag : type->record->tag;
    return type->kind == TYPE_ENUM ? (const void *)type->enumeration : (const void *)type->record;
}

static const char *type_tag(const struct pool *pool, const struct type *type)
{
    const char *tag;
    const void *node = tagged_node(type, &tag);

    for (const struct made_tag *made = pool->tags; made && !tag; made = made->next)
        if (made->node == node)
            tag = made->tag;
    return tag;
}

bool type_has_tag(const struct pool *pool, const struct type *type)
{
    return type_tag(pool, type) != NULL;
}

void type_make_tag(struct pool *pool, const struct type *type, const char *tag)
{
    struct made_tag *made = pool_alloc(pool, sizeof *made);
    const char *own;

    if (!made)
        return;
    *made = (struct made_tag){pool->tags, tagged_node(type, &own), tag};
    pool->tags = made;
}

const char *tagged_head(struct pool *pool, const struct type *type)
{
    const char *word = type->kind == TYPE_ENUM ? "enum" : "struct";
    const char *tag = type_tag(pool, type);

    /* One with a switch is, in C, a struct of the tag and the union. */
    if (type->kind == TYPE_UNION && !(type->record && type->record->discriminant))
        word = "union";
    return TEXT(pool, "${const}${volatile}${word}${space}${tag}",
                {"const", type->is_const ? "const " : ""},
                {"volatile", type->is_volatile ? "volatile " : ""}, {"word", word},
                {"space", tag ? " " : ""}, {"tag", tag ? tag : ""});
}

/* ---- names in namespaces ---- */

const struct winrt_name *type_winrt_name(const struct type *type)
{
    if (type->kind == TYPE_ENUM)
        return type->enumeration->winrt;
    return type->kind == TYPE_STRUCT || type->kind == TYPE_UNION ? type->record->winrt : NULL;
}

/* An argument of a template. To C++ boolean and BYTE are one type; WinRT tells them apart. */
static const char *argument_text(struct pool *pool, const struct type *type)
{
    if (type->kind == TYPE_BASE && type->base == BASE_BOOLEAN)
        return "bool";
    if (type->kind == TYPE_POINTER && type->target->runtime_class)
        return TEXT(pool, "${class} *", {"class", type->target->runtime_class->name->cpp});
    return type_declare(pool, type, "");
}

const char *type_interface_name(struct pool *pool, const struct interface *interface)
{
    const struct winrt_instance *instance = interface->instance;
    struct out list = {.is_plain = true};

    if (!pool->in_cpp || !interface->winrt)
        return interface->name;
    if (!instance)
        return interface->winrt->cpp;
    for (size_t i = 0; i < instance->generic->count; i++)
        OUT(&list, "${comma}${argument}", {"comma", i > 0 ? ", " : ""},
            {"argument", argument_text(pool, instance->arguments[i])});
    return TEXT(pool, "${name}<${arguments}>", {"name", interface->winrt->cpp},
                {"arguments", out_keep(&list, pool)});
}

static const char *tagged_name(struct pool *pool, const struct type *type)
{
    const struct winrt_name *name = type_winrt_name(type);

    return name && pool->in_cpp ? name->cpp : name ? name->c : NULL;
}

/* ---- declarators ---- */

/* The words before a declarator: "const struct point". */
static const char *specifier(struct pool *pool, const struct type *type)
{
    const char *name = "void";

    switch (type->kind) {
    case TYPE_BASE:
        name = base_names[type->base];
        break;
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_ENUM:
        name = tagged_name(pool, type);
        if (!name)
            return tagged_head(pool, type);
        break;
    case TYPE_ALIAS:
        name = type->alias->name;
        break;
    case TYPE_INTERFACE:
        name = type_interface_name(pool, type->interface);
        break;
    case TYPE_SAFEARRAY:
        name = "SAFEARRAY *";
        break;
    default:
        break;
    }
    return TEXT(pool, "${const}${volatile}${name}", {"const", type->is_const ? "const " : ""},
                {"volatile", type->is_volatile ? "volatile " : ""}, {"name", name});
}

static const char *function_parameters(struct pool *pool, const struct type *type)
{
    struct out list = {.is_plain = true};
    const char *text;

    for (const struct parameter *p = type->parameters; p; p = p->next)
        OUT(&list, "${comma}${parameter}", {"comma", list.length ? ", " : ""},
            {"parameter", type_declare(pool, p->type, p->name ? p->name : "")});
    text = out_keep(&list, pool);
    return *text ? text : "void";
}

static const char *convention(const struct type *type)
{
    return type->is_stdcall ? "STDMETHODCALLTYPE " : "";
}

/* From the inside out: `inner` is the declarator so far, "*name" or "name[4]". */
const char *type_declarator(struct pool *pool, const struct type *type, const char *inner,
                            const struct type **base)
{
    const char *length;

    switch (type->kind) {
    case TYPE_POINTER:
        inner =
            TEXT(pool, "*${const}${volatile}${inner}", {"const", type->is_const ? "const " : ""},
                 {"volatile", type->is_volatile ? "volatile " : ""}, {"inner", inner});
        if (type->target->kind == TYPE_ARRAY || type->target->kind == TYPE_FUNCTION)
            inner = TEXT(pool, "(${convention}${inner})", {"convention", convention(type->target)},
                         {"inner", inner});
        return type_declarator(pool, type->target, inner, base);
    case TYPE_ARRAY:
        length = type->length ? expr_text(pool, type->length) : "";
        inner = TEXT(pool, "${inner}[${length}]", {"inner", inner}, {"length", length});
        return type_declarator(pool, type->target, inner, base);
    case TYPE_FUNCTION:
        inner = TEXT(pool, "${convention}${inner}(${parameters})",
                     {"convention", *inner == '(' ? "" : convention(type)}, {"inner", inner},
                     {"parameters", function_parameters(pool, type)});
        return type_declarator(pool, type->target, inner, base);
    default:
        *base = type;
        return inner;
    }
}

const char *type_declare(struct pool *pool, const struct type *type, const char *name)
{
    const struct type *base;
    const char *inner = type_declarator(pool, type, name, &base);
    const char *first = specifier(pool, base);
    bool is_apart = *inner && *first && first[strlen(first) - 1] != '*';

    return TEXT(pool, "${first}${space}${inner}", {"first", first}, {"space", is_apart ? " " : ""},
                {"inner", inner});
}

/* Whether a typedef on the way adds a qualifier that the spelling would drag in. */
static bool alias_is_qualified(const struct type *type)
{
    for (; type->kind == TYPE_ALIAS; type = type->target)
        if (type->target->is_const || type->target->is_volatile)
            return true;
    return false;
}

const struct type *type_unqualified(struct pool *pool, const struct type *type)
{
    struct type *copy;

    if (alias_is_qualified(type))
        type = type_resolve(type);
    if (!type->is_const && !type->is_volatile)
        return type;
    copy = pool_alloc(pool, sizeof *copy);
    if (!copy)
        return type;
    *copy = *type;
    copy->is_const = copy->is_volatile = false;
    return copy;
}

const char *type_declare_copy(struct pool *pool, const struct type *type, const char *name)
{
    if (type->kind == TYPE_ARRAY) {
        const char *length = type->length ? expr_text(pool, type->length) : "";

        return type_declare_copy(
            pool, type->target,
            TEXT(pool, "${name}[${length}]", {"name", name}, {"length", length}));
    }
    return type_declare(pool, type_unqualified(pool, type), name);
}

const struct type *type_element(const struct type *type)
{
    type = type_resolve(type);
    return type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY ? type->target : NULL;
}

const char *parameters_text(struct pool *pool, const struct parameter *const *parameters,
                            size_t count)
{
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < count; i++)
        OUT(&list, "${comma}${parameter}", {"comma", i > 0 ? ", " : ""},
            {"parameter", type_declare(pool, parameters[i]->type, parameters[i]->name)});
    return out_keep(&list, pool);
}

/* ---- expressions ---- */

static const char *tree_text(struct pool *pool, const struct expr *expr);

static const char *operand_text(struct pool *pool, const struct expr *expr)
{
    const char *text = tree_text(pool, expr);
    bool is_compound = expr->kind == EXPR_BINARY || expr->kind == EXPR_CONDITIONAL ||
                       expr->kind == EXPR_UNARY || expr->kind == EXPR_CAST;

    return is_compound ? TEXT(pool, "(${text})", {"text", text}) : text;
}

/* No three characters of a literal may be a trigraph: C would read another character. */
static const char *without_trigraphs(struct pool *pool, const char *text)
{
    char *copy = pool_alloc(pool, 2 * strlen(text) + 1);
    size_t length = 0;

    for (; copy && *text; text++) {
        if (text[0] == '?' && text[1] == '?' && text[2] && strchr("=/'()!<>-", text[2])) {
            copy[length++] = *text++;
            copy[length++] = '\\';
        }
        copy[length++] = *text;
    }
    return copy ? copy : "";
}

/* Wide literals are 16 bit in IDL, L"..." is not: OLESTR is right on every base. */
static const char *literal_text(struct pool *pool, const char *text)
{
    text = without_trigraphs(pool, text);
    if (text[0] == 'L' && (text[1] == '"' || text[1] == '\''))
        return TEXT(pool, "OLESTR(${text})", {"text", text + 1});
    return text;
}

static const char *tree_text(struct pool *pool, const struct expr *expr)
{
    char sign[2] = {0};

    switch (expr->kind) {
    case EXPR_INTEGER:
    case EXPR_FLOAT:
        return expr->text;
    case EXPR_NAME:
        return expr->parameter ? expr->parameter->name : expr->text;
    case EXPR_CHARACTER:
    case EXPR_STRING:
        return literal_text(pool, expr->text);
    case EXPR_UNARY:
        sign[0] = (char)expr->op;
        return TEXT(pool, "${op}${left}", {"op", sign}, {"left", operand_text(pool, expr->left)});
    case EXPR_BINARY:
        return TEXT(pool, "${left} ${op} ${right}", {"left", operand_text(pool, expr->left)},
                    {"op", operator_text(expr->op)}, {"right", operand_text(pool, expr->right)});
    case EXPR_CONDITIONAL:
        return TEXT(pool, "${left} ? ${right} : ${third}", {"left", operand_text(pool, expr->left)},
                    {"right", operand_text(pool, expr->right)},
                    {"third", operand_text(pool, expr->third)});
    case EXPR_CAST:
        return TEXT(pool, "(${type})${left}", {"type", type_declare(pool, expr->type, "")},
                    {"left", operand_text(pool, expr->left)});
    case EXPR_SIZEOF:
        return TEXT(pool, "sizeof(${type})", {"type", type_declare(pool, expr->type, "")});
    }
    return "";
}

/* The text of each operand is in that of the whole: only the whole is kept. */
const char *expr_text(struct pool *pool, const struct expr *expr)
{
    struct pool scratch = {.tags = pool->tags, .in_cpp = pool->in_cpp};
    const char *text;

    if (!expr->left)
        return tree_text(pool, expr);
    text = pool_string(pool, tree_text(&scratch, expr));
    pool->failed = pool->failed || scratch.failed;
    pool_fini(&scratch);
    return text;
}

const char *number_text(struct pool *pool, int64_t value)
{
    char text[32];

    if (value == INT32_MIN)
        return "(-2147483647 - 1)";
    if (value > INT32_MAX && value <= UINT32_MAX)
        snprintf(text, sizeof text, "(int)0x%" PRIx32, (uint32_t)value);
    else
        snprintf(text, sizeof text, "%" PRId64, value);
    return pool_string(pool, text);
}

const char *bits_text(struct pool *pool, int64_t value)
{
    char text[16];

    snprintf(text, sizeof text, "0x%" PRIx32, (uint32_t)value);
    return pool_string(pool, text);
}

/* An int of C has the sign that IDL's unsigned enumerators lose. */
static int64_t enumerator_value(const struct enumerator *enumerator)
{
    int64_t number = enumerator->number;

    return number > INT32_MAX && number <= UINT32_MAX ? number - UINT32_MAX - 1 : number;
}

static const char *plain_number(struct pool *pool, int64_t value)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, value);
    return pool_string(pool, text);
}

const char *enum_lowest(struct pool *pool, const struct enumeration *enumeration)
{
    int64_t low = 0;

    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next)
        low = enumerator_value(e) < low ? enumerator_value(e) : low;
    return plain_number(pool, low);
}

const char *enum_highest(struct pool *pool, const struct enumeration *enumeration)
{
    int64_t high = INT16_MAX;

    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next)
        high = enumerator_value(e) > high ? enumerator_value(e) : high;
    return plain_number(pool, high);
}

/* ---- ids ---- */

const char *interface_id(struct pool *pool, const struct interface *interface)
{
    return TEXT(pool, "${d}IID_${name}", {"d", interface->is_dispatch ? "D" : ""},
                {"name", interface->name});
}

const char *guid_text(struct pool *pool, const struct guid *guid)
{
    const uint8_t *d = guid->data4;
    char text[40];

    snprintf(text, sizeof text, "%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             guid->data1, guid->data2, guid->data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
    return pool_string(pool, text);
}

const char *guid_fields(struct pool *pool, const struct guid *guid)
{
    const uint8_t *d = guid->data4;
    char text[100];

    snprintf(text, sizeof text,
             "0x%08" PRIx32 ", 0x%04x, 0x%04x, "
             "{0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x}",
             guid->data1, guid->data2, guid->data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
    return pool_string(pool, text);
}

const char *guid_arguments(struct pool *pool, const struct guid *guid)
{
    const char *fields = guid_fields(pool, guid);
    char *flat = pool_alloc(pool, strlen(fields) + 1);
    size_t length = 0;

    for (size_t i = 0; flat && fields[i]; i++)
        if (fields[i] != '{' && fields[i] != '}')
            flat[length++] = fields[i];
    return flat ? flat : "";
}
