/*
 * idl/type_size.c -- see type.h; how large a type is in C, where that is the same everywhere.
 */
#include <string.h>

#include "idl/idl.h"
#include "idl/type.h"

/* Structs in each other, and types in one of them; what has more is left to C. */
#define MAX_DEPTH 16
#define MAX_TYPES 10000

struct measure {
    unsigned depth;
    unsigned types;
};

struct extent {
    uint64_t size;  /* 0: not known */
    uint64_t align; /* 1, 2, 4 or 8 */
};

static struct extent extent_of(const struct type *type, struct measure *measure);

static uint64_t round_up(uint64_t size, uint64_t align)
{
    return (size + align - 1) / align * align;
}

static struct extent extent_of_record(const struct record *record, struct measure *measure)
{
    struct extent whole = {0, 1}, nothing = {0, 1};

    if (!record->is_complete || record->discriminant)
        return nothing;
    for (const struct field *field = record->fields; field; field = field->next) {
        struct extent one = extent_of(field->type, measure);

        if (field->bits || one.size == 0)
            return nothing;
        if (record->pack != 0 && one.align > record->pack)
            one.align = record->pack;
        if (one.align > whole.align)
            whole.align = one.align;
        if (!record->is_union)
            whole.size = round_up(whole.size, one.align) + one.size;
        else if (one.size > whole.size)
            whole.size = one.size;
    }
    whole.size = round_up(whole.size, whole.align);
    return whole;
}

static struct extent extent_of_base(const struct type *type)
{
    bool is_unsigned;
    uint64_t size = type_bits(type, &is_unsigned) / 8;

    if (type->kind == TYPE_BASE && type->base == BASE_FLOAT)
        size = 4;
    if (type->kind == TYPE_BASE && type->base == BASE_DOUBLE)
        size = 8;
    if (type->kind == TYPE_BASE &&
        (type->base == BASE_INT3264 || type->base == BASE_UNSIGNED_INT3264))
        size = 0;
    return (struct extent){size, size ? size : 1};
}

static struct extent extent_of_array(const struct type *type, struct measure *measure)
{
    struct extent extent = extent_of(type->target, measure);
    const struct expr *length = type->length;

    if (!length || !length->is_constant || length->value <= 0 ||
        (extent.size != 0 && (uint64_t)length->value > UINT32_MAX / extent.size))
        extent.size = 0;
    else
        extent.size *= (uint64_t)length->value;
    return extent;
}

static struct extent extent_of(const struct type *type, struct measure *measure)
{
    struct extent extent = {0, 1}; /* pointers above all, which machines have of two sizes */

    type = type_resolve(type);
    if (!type || measure->depth == MAX_DEPTH || ++measure->types > MAX_TYPES)
        return extent;
    measure->depth++;
    if (type->kind == TYPE_BASE || type->kind == TYPE_ENUM)
        extent = extent_of_base(type);
    else if (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION)
        extent = extent_of_record(type->record, measure);
    else if (type->kind == TYPE_ARRAY)
        extent = extent_of_array(type, measure);
    measure->depth--;
    return extent;
}

uint64_t type_size(const struct type *type)
{
    struct measure measure = {0};

    return extent_of(type, &measure).size;
}
