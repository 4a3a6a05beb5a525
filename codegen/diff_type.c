/*
 * diff_type.c -- whether two types, expressions or lists of attributes mean the same.
 */
#include <string.h>

#include "codegen/diff.h"
#include "codegen/types.h"
#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/type.h"

/* ---- expressions ---- */

static bool same_text(const char *old, const char *new)
{
    return old == new || (old && new &&strcmp(old, new) == 0);
}

/* From 1; 0: it is not in the list. */
static size_t parameter_place(const struct parameter *list, const struct parameter *wanted)
{
    for (size_t place = 1; list; list = list->next, place++)
        if (list == wanted)
            return place;
    return 0;
}

static size_t field_place(const struct field *list, const struct field *wanted)
{
    for (size_t place = 1; list; list = list->next, place++)
        if (list == wanted)
            return place;
    return 0;
}

/* A parameter may have another name now: it is known by its place. */
static bool same_name(struct diff *diff, const struct expr *old, const struct expr *new)
{
    if (old->parameter && new->parameter)
        return parameter_place(diff->old_parameters, old->parameter) ==
               parameter_place(diff->new_parameters, new->parameter);
    if (old->field && new->field)
        return field_place(diff->old_fields, old->field) ==
               field_place(diff->new_fields, new->field);
    return !old->parameter == !new->parameter &&
           !old->field == !new->field &&same_text(old->text, new->text);
}

/* As deep as the front end lets an expression be. */
bool diff_same_expr(struct diff *diff, const struct expr *old, const struct expr *new)
{
    if (!old || !new)
        return old == new;
    if (old->is_constant && new->is_constant)
        return old->value == new->value;
    if (old->kind != new->kind || old->op != new->op)
        return false;
    if (old->kind == EXPR_NAME)
        return same_name(diff, old, new);
    if (!old->left && !old->type)
        return same_text(old->text, new->text);
    if (!old->type != !new->type || (old->type && !diff_same_type(diff, old->type, new->type)))
        return false;
    return diff_same_expr(diff, old->left, new->left) &&
           diff_same_expr(diff, old->right, new->right) &&
           diff_same_expr(diff, old->third, new->third);
}

/* ---- attributes ---- */

/* Those that change what a proxy carries, or how somebody calls who has no header. */
static const char *const promises[] = {
    "call_as",     "case",    "context_handle", "default",      "first_is",     "id",
    "iid_is",      "last_is", "lcid",           "length_is",    "local",        "max_is",
    "min_is",      "range",   "size_is",        "string",       "switch_is",    "switch_type",
    "transmit_as", "v1_enum", "vararg",         "wire_marshal", "user_marshal", "represent_as",
};

static bool same_attribute(struct diff *diff, const struct attribute *old,
                           const struct attribute *new)
{
    if (!old || !new)
        return old == new;
    if (old->arg_count != new->arg_count || !same_text(old->text, new->text))
        return false;
    if (!old->type != !new->type || (old->type && !diff_same_type(diff, old->type, new->type)))
        return false;
    for (size_t i = 0; i < old->arg_count; i++)
        if (!diff_same_expr(diff, old->args[i], new->args[i]))
            return false;
    return true;
}

const char *diff_attribute(struct diff *diff, const struct attribute *old,
                           const struct attribute *new)
{
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
        if (!same_attribute(diff, attribute_find(old, promises[i]),
                            attribute_find(new, promises[i])))
            return promises[i];
    return NULL;
}

/* ---- types ---- */

/* Types of IDL that are one type in C. */
static enum base_type machine_type(enum base_type base)
{
    switch (base) {
    case BASE_INT:
        return BASE_LONG;
    case BASE_UNSIGNED_INT:
    case BASE_ERROR_STATUS:
        return BASE_UNSIGNED_LONG;
    case BASE_BOOLEAN:
    case BASE_UNSIGNED_SMALL:
        return BASE_BYTE;
    default:
        return base;
    }
}

struct qualifiers {
    bool is_const, is_volatile;
};

/* The type behind its typedefs, and what all of them together say. */
static const struct type *see_through(const struct type *type, struct qualifiers *qualifiers)
{
    *qualifiers = (struct qualifiers){false, false};
    for (;; type = type->target) {
        qualifiers->is_const = qualifiers->is_const || type->is_const;
        qualifiers->is_volatile = qualifiers->is_volatile || type->is_volatile;
        if (type->kind != TYPE_ALIAS)
            return type;
    }
}

static bool same_body(struct diff *diff, const struct record *old, const struct record *new)
{
    const struct field *o = old->fields, *n = new->fields;

    if (old->is_union != new->is_union || old->pack != new->pack ||
        !old->discriminant != !new->discriminant || old->is_complete != new->is_complete)
        return false;
    if (old->discriminant &&
        !diff_same_type(diff, old->discriminant->type, new->discriminant->type))
        return false;
    for (; o && n; o = o->next, n = n->next)
        if (!diff_same_type(diff, o->type, n->type) || !diff_same_expr(diff, o->bits, n->bits))
            return false;
    return !o && !n;
}

static struct diff_pair *pair_of(struct diff *diff, const struct record *old)
{
    size_t number = numbering_of(&diff->records, old, NULL);
    size_t count = diff->pair_count ? diff->pair_count : 64;
    struct diff_pair *grown;

    while (count <= number)
        count *= 2;
    if (count != diff->pair_count) {
        grown = pool_alloc(diff->pool, count * sizeof *grown);
        if (!grown)
            return NULL;
        if (diff->pair_count > 0)
            memcpy(grown, diff->pairs, diff->pair_count * sizeof *grown);
        diff->pairs = grown;
        diff->pair_count = count;
    }
    return &diff->pairs[number];
}

/* Records of one name are compared where they are declared. */
static bool same_record(struct diff *diff, const struct record *old, const struct record *new)
{
    struct diff_pair *pair;
    bool is_same;

    if (old->tag && new->tag && strcmp(old->tag, new->tag) == 0)
        return old->is_union == new->is_union;
    pair = pair_of(diff, old);
    if (!pair || pair->with == new)
        return !pair || pair->is_same;
    *pair = (struct diff_pair){new, true};
    is_same = same_body(diff, old, new);
    pair = pair_of(diff, old);
    if (pair)
        *pair = (struct diff_pair){new, is_same};
    return is_same;
}

static bool same_interface(const struct interface *old, const struct interface *new)
{
    if (old->has_uuid && new->has_uuid)
        return memcmp(&old->uuid, &new->uuid, sizeof old->uuid) == 0;
    return strcmp(old->name, new->name) == 0;
}

static bool same_parameters(struct diff *diff, const struct type *old, const struct type *new)
{
    const struct parameter *o = old->parameters, *n = new->parameters;

    for (; o && n; o = o->next, n = n->next)
        if (!diff_same_type(diff, o->type, n->type))
            return false;
    return !o && !n;
}

static bool same_kind(struct diff *diff, const struct type *old, const struct type *new)
{
    switch (old->kind) {
    case TYPE_BASE:
        return machine_type(old->base) == machine_type(new->base);
    case TYPE_ARRAY:
        return diff_same_expr(diff, old->length, new->length);
    case TYPE_STRUCT:
    case TYPE_UNION:
        return same_record(diff, old->record, new->record);
    case TYPE_INTERFACE:
        return same_interface(old->interface, new->interface);
    case TYPE_FUNCTION:
        return same_parameters(diff, old, new);
    default:
        return true; /* enums have 32 bits; what enumerators are worth is compared by name */
    }
}

bool diff_same_type(struct diff *diff, const struct type *old, const struct type *new)
{
    struct qualifiers of_old, of_new;

    if (type_is_hresult(old) != type_is_hresult(new) || type_is_bstr(old) != type_is_bstr(new))
        return false;
    old = see_through(old, &of_old);
    new = see_through(new, &of_new);
    if (old->kind != new->kind || of_old.is_const != of_new.is_const ||
        of_old.is_volatile != of_new.is_volatile || !same_kind(diff, old, new))
        return false;
    return !old->target || !new->target || diff_same_type(diff, old->target, new->target);
}

bool diff_same_pointers(const struct type *old, const struct type *new)
{
    old = type_resolve(old);
    new = type_resolve(new);
    for (; old && new && old->kind == new->kind;
         old = type_resolve(old->target), new = type_resolve(new->target)) {
        if (old->kind == TYPE_POINTER && old->pointer != new->pointer)
            return false;
        if (old->kind != TYPE_POINTER && old->kind != TYPE_ARRAY)
            return true;
    }
    return true;
}

/* ---- records ---- */

static void diff_field(struct diff *diff, const char *name, const struct field *old,
                       const struct field *new)
{
    const char *attribute = diff_attribute(diff, old->attributes, new->attributes);
    const char *field = new->name ? new->name : "without a name";

    if (!diff_same_type(diff, old->type, new->type) || !diff_same_expr(diff, old->bits, new->bits))
        DIFF(diff, DIFF_BREAKING, &new->location,
             "${name}: field '${field}' has another type: '${new}', it was '${old}'",
             {"name", name}, {"field", field}, {"new", type_declare(diff->pool, new->type, "")},
             {"old", type_declare(diff->pool, old->type, "")});
    else if (attribute || !diff_same_pointers(old->type, new->type))
        DIFF(diff, DIFF_BREAKING, &new->location,
             "${name}: [${attribute}] of field '${field}' is another one", {"name", name},
             {"attribute", attribute ? attribute : "ref, unique, ptr"}, {"field", field});
    if (!same_text(old->name, new->name) && old->name && new->name)
        DIFF(diff, DIFF_NOTE, &new->location,
             "${name}: field '${new}' was called '${old}'; sources must follow", {"name", name},
             {"new", new->name}, {"old", old->name});
}

void diff_records(struct diff *diff, const char *name, const struct record *old,
                  const struct record *new)
{
    const struct field *o = old->fields, *n = new->fields;

    diff->old_fields = o;
    diff->new_fields = n;
    if (old->pack != new->pack)
        DIFF(diff, DIFF_BREAKING, &new->location, "${name}: #pragma pack is another one",
             {"name", name});
    if (!old->discriminant != !new->discriminant ||
        (old->discriminant &&
         !diff_same_type(diff, old->discriminant->type, new->discriminant->type)))
        DIFF(diff, DIFF_BREAKING, &new->location, "${name}: the tag of the union is another one",
             {"name", name});
    for (; o && n; o = o->next, n = n->next)
        diff_field(diff, name, o, n);
    if (n)
        DIFF(diff, DIFF_BREAKING, &n->location, "${name}: field '${field}' is new", {"name", name},
             {"field", n->name ? n->name : "without a name"});
    if (o)
        DIFF(diff, DIFF_BREAKING, &new->location, "${name}: field '${field}' is gone",
             {"name", name}, {"field", o->name ? o->name : "without a name"});
    diff->old_fields = diff->new_fields = NULL;
}
