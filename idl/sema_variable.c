/*
 * idl/sema_variable.c -- see sema.h; what attributes say of the type that they stand at.
 *
 * Sizes are counted by any integer and need no rule of their own; whether a call can carry the type
 * is the back end's question.
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/type.h"

/* What is left of a type when pointers and arrays are taken off. */
static const struct type *innermost(const struct type *type)
{
    type = type_resolve(type);
    while (type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type_resolve(type->target);
    return type;
}

/* Of a type that nobody knows there has been a message. */
static bool is_known(const struct type *type)
{
    return type && type->kind != TYPE_INTERFACE;
}

static bool is_beyond_64_bits(const struct expr *bound)
{
    return bound->is_unsigned && bound->value < 0;
}

/* [range(low, high)] */
static void check_range(struct session *session, const struct attribute *range,
                        const struct type *type)
{
    const struct type *element = innermost(type);
    const struct expr *low, *high;
    bool is_unsigned;
    unsigned bits = type_bits(element, &is_unsigned);

    if (range->arg_count != 2) {
        diag_error(&session->diag, &range->location, DIAG_ATTRIBUTE_CONFLICT,
                   "'range' has two values: the smallest and the largest");
        return;
    }
    low = range->args[0];
    high = range->args[1];
    if (!low->is_constant || !high->is_constant)
        return; /* told already */
    if (is_known(element) && bits == 0)
        diag_error(&session->diag, &range->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "'range' belongs to an integer, and this is none");
    else if (is_beyond_64_bits(low) || is_beyond_64_bits(high))
        diag_error(&session->diag, is_beyond_64_bits(low) ? &low->location : &high->location,
                   DIAG_NUMBER_OUT_OF_RANGE, "a bound of 'range' is at most 9223372036854775807");
    else if (low->value > high->value)
        diag_error(&session->diag, &low->location, DIAG_ATTRIBUTE_CONFLICT,
                   "'range' begins above its end, so that no value is in it");
    else if (is_unsigned && low->value < 0)
        diag_error(&session->diag, &low->location, DIAG_NUMBER_OUT_OF_RANGE,
                   "'range' begins below zero, and the type is unsigned");
}

/* [uvcom_borrowed]: the server reads what the client keeps until the call has ended. */
static void check_borrowed(struct session *session, const struct attribute *borrowed,
                           const struct attribute *list, const struct type *type)
{
    if (attribute_with(list, ATTRIBUTE_OUT))
        diag_error(&session->diag, &borrowed->location, DIAG_ATTRIBUTE_CONFLICT,
                   "'uvcom_borrowed' is for what only goes in, and this is [out]");
    else if (is_known(type) && type->kind != TYPE_POINTER && type->kind != TYPE_ARRAY)
        diag_error(&session->diag, &borrowed->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "'uvcom_borrowed' belongs to a pointer or an array");
}

static void check_switch_type(struct session *session, const struct attribute *attribute,
                              const struct type *of)
{
    const struct type *type = type_resolve(attribute->type);

    if (is_known(type) && !type_is_integer(type))
        diag_error(&session->diag, &attribute->location, DIAG_SIZE_IS_NOT_INTEGER,
                   "'switch_type' needs an integer type, and this is none");
    else if (of && of->kind == TYPE_UNION)
        sema_check_labels(session, of->record, type);
}

/* size_is and its kin */
static void check_bound(struct session *session, const struct attribute *bound,
                        const struct type *type)
{
    const struct type *plain = type_resolve(type);

    if (type_is_bstr(type))
        diag_error(&session->diag, &bound->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "a BSTR knows its own length and needs no '%s'", bound->info->name);
    else if (is_known(plain) && plain->kind != TYPE_POINTER && plain->kind != TYPE_ARRAY)
        diag_error(&session->diag, &bound->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "'%s' belongs to a pointer or an array, and this is neither", bound->info->name);
}

/* [string] */
static void check_string(struct session *session, const struct attribute *string,
                         const struct type *type)
{
    const struct type *plain = type_resolve(type), *element = innermost(type);
    bool is_unsigned;

    while (plain && (plain->kind == TYPE_POINTER || plain->kind == TYPE_ARRAY) &&
           !type_is_bstr(type)) {
        type = plain->target;
        plain = type_resolve(type);
    }
    if (type_is_bstr(type))
        diag_warning(&session->diag, &string->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                     "a BSTR knows its own length and needs no 'string'");
    else if (element && element->kind == TYPE_BASE && type_bits(element, &is_unsigned) > 16)
        diag_error(&session->diag, &string->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "'string' belongs to characters, and these have %u bits",
                   type_bits(element, &is_unsigned));
}

/* [iid_is]: levels of pointers and arrays may stand round the pointer to the interface. */
static void check_iid(struct session *session, const struct attribute *iid, const struct type *type)
{
    const struct type *element = innermost(type);

    if (is_known(element) && element->kind != TYPE_VOID)
        diag_error(&session->diag, &iid->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "'iid_is' belongs to a pointer to an interface or to void, as IUnknown * and "
                   "void ** are, and this is none");
}

void sema_check_variable(struct session *session, const struct attribute *list,
                         const struct type *type)
{
    for (const struct attribute *attribute = list; attribute; attribute = attribute->next) {
        switch (attribute->info->id) {
        case ATTRIBUTE_RANGE:
            check_range(session, attribute, type);
            break;
        case ATTRIBUTE_UVCOM_BORROWED:
            check_borrowed(session, attribute, list, type_resolve(type));
            break;
        case ATTRIBUTE_SIZE_IS:
        case ATTRIBUTE_MAX_IS:
        case ATTRIBUTE_LENGTH_IS:
        case ATTRIBUTE_LAST_IS:
        case ATTRIBUTE_FIRST_IS:
        case ATTRIBUTE_MIN_IS:
            check_bound(session, attribute, type);
            break;
        case ATTRIBUTE_STRING:
            check_string(session, attribute, type);
            break;
        case ATTRIBUTE_IID_IS:
            check_iid(session, attribute, type);
            break;
        case ATTRIBUTE_SWITCH_IS:
            if (is_known(innermost(type)) && innermost(type)->kind != TYPE_UNION)
                diag_error(&session->diag, &attribute->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                           "'switch_is' belongs to a union, and this is none");
            break;
        case ATTRIBUTE_SWITCH_TYPE:
            check_switch_type(session, attribute, innermost(type));
            break;
        default:
            break;
        }
    }
}

void sema_check_discriminant(struct session *session, const struct field *field)
{
    const struct type *type = type_resolve(field->type);

    if (is_known(type) && !type_is_integer(type))
        diag_error(&session->diag, &field->location, DIAG_SIZE_IS_NOT_INTEGER,
                   "a union is switched by an integer, and this is none");
}

/* ---- iid_is ---- */

static bool is_guid_name(const char *name)
{
    static const char *const names[] = {"GUID", "IID", "CLSID", "UUID", "_GUID"};

    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Known by its names: C has no type of its own for it. */
static bool is_guid(const struct type *type)
{
    for (; type && type->kind == TYPE_ALIAS; type = type->target)
        if (is_guid_name(type->alias->name))
            return true;
    return type && type->kind == TYPE_STRUCT && is_guid_name(type->record->tag);
}

bool sema_is_iid(const struct expr *expr)
{
    const struct type *type;

    if (expr->kind == EXPR_UNARY && expr->op == '&') {
        type = expr->left->kind == EXPR_NAME ? expr_type(expr->left) : NULL;
        return type && is_guid(type);
    }
    type = type_resolve(expr_type(expr));
    return type && type->kind == TYPE_POINTER && is_guid(type->target);
}
