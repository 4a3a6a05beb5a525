/*
 * idl/type.c -- see type.h.
 */
#include "idl/type.h"

#include <string.h>

#include "idl/attribute.h"
#include "idl/idl.h"

struct type *type_new(struct arena *arena, enum type_kind kind, const struct type *target)
{
    struct type *type = ARENA_NEW(arena, struct type);

    type->kind = kind;
    type->target = target;
    type->pointer = POINTER_UNIQUE;
    return type;
}

struct type *type_base(struct arena *arena, enum base_type base)
{
    struct type *type = type_new(arena, TYPE_BASE, NULL);

    type->base = base;
    return type;
}

const struct type *type_resolve(const struct type *type)
{
    while (type && type->kind == TYPE_ALIAS)
        type = type->target;
    return type;
}

bool type_is_void(const struct type *type)
{
    type = type_resolve(type);
    return type && type->kind == TYPE_VOID;
}

bool type_is_interface_pointer(const struct type *type)
{
    const struct type *target;

    type = type_resolve(type);
    if (!type || type->kind != TYPE_POINTER)
        return false;
    target = type_resolve(type->target);
    return target && target->kind == TYPE_INTERFACE;
}

bool type_is_hresult(const struct type *type)
{
    while (type && type->kind == TYPE_ALIAS) {
        if (strcmp(type->alias->name, "HRESULT") == 0 || strcmp(type->alias->name, "SCODE") == 0)
            return true;
        type = type->target;
    }
    return false;
}

bool type_is_bstr(const struct type *type)
{
    for (; type && type->kind == TYPE_ALIAS; type = type->target)
        if (strcmp(type->alias->name, "BSTR") == 0)
            return true;
    return false;
}

unsigned type_bits(const struct type *type, bool *is_unsigned)
{
    static const struct {
        unsigned bits;
        bool is_unsigned;
    } sizes[] = {
        [BASE_BOOLEAN] = {8, true},       [BASE_BYTE] = {8, true},
        [BASE_CHAR] = {8, false},         [BASE_WCHAR] = {16, true},
        [BASE_SMALL] = {8, false},        [BASE_UNSIGNED_SMALL] = {8, true},
        [BASE_SHORT] = {16, false},       [BASE_UNSIGNED_SHORT] = {16, true},
        [BASE_LONG] = {32, false},        [BASE_UNSIGNED_LONG] = {32, true},
        [BASE_INT] = {32, false},         [BASE_UNSIGNED_INT] = {32, true},
        [BASE_HYPER] = {64, false},       [BASE_UNSIGNED_HYPER] = {64, true},
        [BASE_INT3264] = {64, false},     [BASE_UNSIGNED_INT3264] = {64, true},
        [BASE_FLOAT] = {0, false},        [BASE_DOUBLE] = {0, false},
        [BASE_ERROR_STATUS] = {32, true}, [BASE_HANDLE] = {0, false},
    };

    *is_unsigned = false;
    type = type_resolve(type);
    if (!type || (type->kind != TYPE_BASE && type->kind != TYPE_ENUM))
        return 0;
    if (type->kind == TYPE_ENUM)
        return 32;
    *is_unsigned = sizes[type->base].is_unsigned;
    return sizes[type->base].bits;
}

bool type_is_integer(const struct type *type)
{
    bool is_unsigned;

    return type_bits(type, &is_unsigned) != 0;
}

static bool own_pointer_kind(const struct attribute *attributes, enum pointer_kind *kind)
{
    if (attribute_with(attributes, ATTRIBUTE_REF))
        *kind = POINTER_REF;
    else if (attribute_with(attributes, ATTRIBUTE_UNIQUE))
        *kind = POINTER_UNIQUE;
    else if (attribute_with(attributes, ATTRIBUTE_PTR))
        *kind = POINTER_FULL;
    else
        return false;
    return true;
}

/*
 * A copy of the typedefs around a pointer, and of the pointer, with another kind. A typedef that
 * has a kind of its own keeps it, unless the parameter says otherwise.
 */
static const struct type *copy_with_kind(struct arena *arena, const struct type *type,
                                         enum pointer_kind kind, bool is_own)
{
    const struct type *pointer = type_resolve(type);
    struct type *first = NULL, *last = NULL;
    enum pointer_kind named;

    if (pointer->kind != TYPE_POINTER || pointer->pointer == kind)
        return type;
    for (const struct type *at = type; at; at = at->target) {
        struct type *copy = ARENA_NEW(arena, struct type);

        if (!is_own && at->kind == TYPE_ALIAS && own_pointer_kind(at->alias->attributes, &named))
            return type;
        *copy = *at;
        if (last)
            last->target = copy;
        else
            first = copy;
        last = copy;
        if (at == pointer)
            break;
    }
    last->pointer = kind;
    return first;
}

const struct type *type_resolve_pointers(struct arena *arena, struct type *type,
                                         const struct pointer_rules *rules)
{
    enum pointer_kind kind = rules->fallback;
    bool is_own = own_pointer_kind(rules->attributes, &kind);
    struct type *at = type;

    if (!is_own && rules->is_parameter)
        kind = POINTER_REF;
    if (type->kind == TYPE_ALIAS)
        return is_own || rules->is_parameter ? copy_with_kind(arena, type, kind, is_own) : type;
    while (at && (at->kind == TYPE_POINTER || at->kind == TYPE_ARRAY)) {
        if (at->kind == TYPE_POINTER) {
            /* An interface pointer is never ref by default: NULL is a value of its own. */
            at->pointer = kind;
            if (!is_own && type_is_interface_pointer(at))
                at->pointer = POINTER_UNIQUE;
        }
        kind = rules->fallback;
        is_own = false;
        at = (struct type *)(uintptr_t)at->target;
    }
    return type;
}
