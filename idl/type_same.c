/*
 * idl/type_same.c -- see type.h; whether two types are one.
 */
#include <string.h>

#include "idl/idl.h"
#include "idl/session.h"
#include "idl/type.h"

/* What a comparison may cost: structs of structs could be compared for ever. */
struct effort {
    unsigned depth;
    unsigned left;
};

static bool is_same(const struct type *left, const struct type *right, struct effort *effort);

static bool same_text(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static bool same_value(const struct expr *left, const struct expr *right)
{
    if (!left || !right)
        return left == right;
    return left->is_constant && right->is_constant && left->value == right->value;
}

static bool same_record(const struct record *left, const struct record *right,
                        struct effort *effort)
{
    const struct field *a = left->fields, *b = right->fields;

    if (left == right)
        return true;
    if (!left->is_complete || !right->is_complete || left->discriminant || right->discriminant ||
        left->pack != right->pack)
        return false;
    while (a && b && same_text(a->name, b->name) && same_value(a->bits, b->bits) &&
           is_same(a->type, b->type, effort)) {
        a = a->next;
        b = b->next;
    }
    return !a && !b;
}

static bool same_enum(const struct enumeration *left, const struct enumeration *right)
{
    const struct enumerator *a = left->enumerators, *b = right->enumerators;

    if (left == right)
        return true;
    while (a && b && strcmp(a->name, b->name) == 0 && a->number == b->number) {
        a = a->next;
        b = b->next;
    }
    return !a && !b && left->is_complete && right->is_complete;
}

static bool same_base(enum base_type left, enum base_type right)
{
    struct type a = {.kind = TYPE_BASE, .base = left}, b = {.kind = TYPE_BASE, .base = right};
    bool is_unsigned, is_other_unsigned;
    unsigned bits = type_bits(&a, &is_unsigned);

    return left == right || (bits != 0 && bits == type_bits(&b, &is_other_unsigned) &&
                             is_unsigned == is_other_unsigned);
}

static bool same_kind(const struct type *left, const struct type *right, struct effort *effort)
{
    switch (left->kind) {
    case TYPE_VOID:
        return true;
    case TYPE_BASE:
        return same_base(left->base, right->base);
    case TYPE_ARRAY:
        return same_value(left->length, right->length) &&
               is_same(left->target, right->target, effort);
    case TYPE_POINTER:
    case TYPE_SAFEARRAY:
        return is_same(left->target, right->target, effort);
    case TYPE_STRUCT:
    case TYPE_UNION:
        return same_record(left->record, right->record, effort);
    case TYPE_ENUM:
        return same_enum(left->enumeration, right->enumeration);
    case TYPE_INTERFACE:
        return left->interface == right->interface;
    default:
        return false; /* functions: their parameters would have to be compared */
    }
}

static bool is_same(const struct type *left, const struct type *right, struct effort *effort)
{
    bool is;

    left = type_resolve(left);
    right = type_resolve(right);
    if (left == right)
        return true;
    if (!left || !right || left->kind != right->kind || left->is_const != right->is_const ||
        left->is_volatile != right->is_volatile)
        return false;
    if (effort->depth >= SESSION_MAX_DEPTH || effort->left == 0)
        return false;
    effort->left--;
    effort->depth++;
    is = same_kind(left, right, effort);
    effort->depth--;
    return is;
}

bool type_is_same(const struct type *left, const struct type *right)
{
    struct effort effort = {0, 100000};

    return is_same(left, right, &effort);
}
