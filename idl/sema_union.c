/*
 * idl/sema_union.c -- see sema.h; the arms of unions, and the tags that choose one.
 *
 * Whether a call can carry the union is the back end's question.
 */
#include <inttypes.h>
#include <stdio.h>

#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/type.h"

/* ---- labels ---- */

static void check_case(struct session *session, const struct expr *label, struct map *cases)
{
    char key[32];
    int length = snprintf(key, sizeof key, "%" PRId64, label->value);
    struct map_entry *entry = map_put(cases, key, (size_t)length);
    const struct expr *first = entry->value;

    if (!first) {
        entry->value = (void *)(uintptr_t)label;
        return;
    }
    diag_error(&session->diag, &label->location, DIAG_DUPLICATE_CASE,
               "the union has this case already");
    diag_note(&session->diag, &first->location, "the first one is here");
}

static void check_labels(struct session *session, const struct field *field, struct map *cases)
{
    for (const struct attribute *a = field->attributes; a; a = a->next)
        for (size_t i = 0; a->info->id == ATTRIBUTE_CASE && i < a->arg_count; i++)
            if (a->args[i]->is_constant)
                check_case(session, a->args[i], cases);
}

static bool has_label(const struct field *field)
{
    return attribute_with(field->attributes, ATTRIBUTE_CASE) ||
           attribute_with(field->attributes, ATTRIBUTE_DEFAULT);
}

static bool has_labels(const struct record *record)
{
    const struct field *field = record->fields;

    while (field && !has_label(field))
        field = field->next;
    return field != NULL;
}

/* A plain union of C has none at all; some and not others is a slip. */
static void check_bare_arms(struct session *session, const struct record *record)
{
    if (!has_labels(record))
        return;
    for (const struct field *field = record->fields; field; field = field->next)
        if (!has_label(field))
            diag_error(&session->diag, &field->location, DIAG_MISSING_CASE,
                       "no tag chooses this arm; write [case(...)] or [default], as other arms "
                       "have");
}

/* Two that differ as they are written may be one number to the tag: -1 and 0xffffffff. */
static void check_label(struct session *session, const struct expr *label, unsigned bits,
                        struct map *cases)
{
    uint64_t value = (uint64_t)label->value;
    struct map_entry *entry;
    char key[32];

    if (!expr_fits(label, bits)) {
        diag_error(&session->diag, &label->location, DIAG_NUMBER_OUT_OF_RANGE,
                   "the case does not fit in the %u bits of the union's tag", bits);
        return;
    }
    if (bits < 64)
        value &= (UINT64_C(1) << bits) - 1;
    entry = map_put(cases, key, (size_t)snprintf(key, sizeof key, "%" PRIu64, value));
    if (!entry->value)
        entry->value = (void *)(uintptr_t)label;
    else if (((const struct expr *)entry->value)->value != label->value) {
        diag_error(&session->diag, &label->location, DIAG_DUPLICATE_CASE,
                   "in the %u bits of the union's tag this case is one that it has already", bits);
        diag_note(&session->diag, &((const struct expr *)entry->value)->location,
                  "the first one is here");
    }
}

void sema_check_labels(struct session *session, const struct record *record, const struct type *tag)
{
    bool is_unsigned;
    unsigned bits = type_bits(tag, &is_unsigned);
    struct map cases;

    if (bits == 0)
        return; /* told already */
    map_init(&cases, session->arena);
    for (const struct field *field = record->fields; field; field = field->next)
        for (const struct attribute *a = field->attributes; a; a = a->next)
            for (size_t i = 0; a->info->id == ATTRIBUTE_CASE && i < a->arg_count; i++)
                if (a->args[i]->is_constant)
                    check_label(session, a->args[i], bits, &cases);
}

void sema_check_cases(struct session *session, const struct record *record)
{
    const struct field *first_default = NULL;
    struct map cases;

    if (!record->is_union)
        return;
    map_init(&cases, session->arena);
    for (const struct field *field = record->fields; field; field = field->next) {
        if (attribute_with(field->attributes, ATTRIBUTE_DEFAULT)) {
            if (first_default) {
                diag_error(&session->diag, &field->location, DIAG_DUPLICATE_CASE,
                           "the union has a default already");
                diag_note(&session->diag, &first_default->location, "the first one is here");
            }
            first_default = field;
        }
        check_labels(session, field, &cases);
    }
    check_bare_arms(session, record);
    if (record->discriminant)
        sema_check_labels(session, record, record->discriminant->type);
}

/* ---- tags that stand outside ---- */

/* The union that a parameter or field leads to; NULL: none whose arms are known. */
static const struct record *union_of(const struct type *type)
{
    type = type_resolve(type);
    while (type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type_resolve(type->target);
    return type && type->kind == TYPE_UNION && type->record->is_complete ? type->record : NULL;
}

/* Its own, or that of the typedefs on the way; NULL: none. */
static const struct type *switch_type(const struct attribute *list, const struct type *type)
{
    const struct attribute *found = attribute_with(list, ATTRIBUTE_SWITCH_TYPE);

    for (; type && !found; type = type->target) {
        if (type->kind == TYPE_ALIAS)
            found = attribute_with(type->alias->attributes, ATTRIBUTE_SWITCH_TYPE);
        if (type->kind == TYPE_UNION)
            found = attribute_with(type->record->attributes, ATTRIBUTE_SWITCH_TYPE);
    }
    return found ? found->type : NULL;
}

/* The tag is read as a number of 64 bits, so nothing is lost; but one of the two is not meant. */
static void check_tag_type(struct session *session, const struct expr *tag, const struct type *type)
{
    const struct type *own = type_resolve(expr_type(tag));
    bool is_unsigned, is_own_unsigned;
    unsigned bits = type_bits(type, &is_unsigned), own_bits = type_bits(own, &is_own_unsigned);

    if (own && own->kind == TYPE_POINTER) /* the star may be left out */
        own_bits = type_bits(own->target, &is_own_unsigned);
    if (bits == 0 || own_bits == 0 || type_resolve(type)->kind == TYPE_ENUM ||
        own->kind == TYPE_ENUM || (bits == own_bits && is_unsigned == is_own_unsigned))
        return;
    diag_warning(&session->diag, &tag->location, DIAG_TAG_TYPE,
                 "the tag has %u bits%s, but the union's switch_type has %u%s", own_bits,
                 is_own_unsigned ? " without sign" : "", bits, is_unsigned ? " without sign" : "");
}

void sema_check_tag(struct session *session, const struct attribute *list, const struct type *type)
{
    const struct attribute *is = attribute_with(list, ATTRIBUTE_SWITCH_IS);
    const struct record *record = union_of(type);
    const struct type *wanted;

    if (!is || is->arg_count == 0 || !record)
        return;
    if (record->discriminant)
        diag_error(&session->diag, &is->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "this union has its tag inside, '%s', so 'switch_is' is not for it",
                   record->discriminant->name ? record->discriminant->name : "");
    else if (!has_labels(record))
        diag_error(&session->diag, &is->location, DIAG_MISSING_CASE,
                   "'switch_is' chooses an arm by its [case(...)], and this union has none");
    wanted = switch_type(list, type);
    if (wanted && !record->discriminant)
        check_tag_type(session, is->args[0], wanted);
    /* Labels are those of the field then. */
    if (!wanted && !record->discriminant && is->args[0]->kind == EXPR_NAME && is->args[0]->field)
        sema_check_labels(session, record, is->args[0]->field->type);
}
