/*
 * idl/sema_type.c -- see sema.h; fields, constants, and whether things of a type can exist.
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/type.h"

static void check_interface_value(struct session *session, const struct location *location,
                                  const struct interface *interface, const char *what)
{
    struct symbol *symbol = symbol_of_interface(session, interface);

    if (!symbol || symbol->is_declared) {
        diag_error(&session->diag, location, DIAG_INTERFACE_BY_VALUE,
                   "%s cannot be an interface, only a pointer to one", what);
    } else {
        symbol_unknown(session, symbol); /* an interface that comes later would be no better */
    }
}

void sema_check_object(struct session *session, const struct location *location,
                       const struct type *type, const char *what)
{
    type = type_resolve(type);
    while (type && type->kind == TYPE_ARRAY)
        type = type_resolve(type->target);
    if (!type)
        return;
    if (type->kind == TYPE_VOID)
        diag_error(&session->diag, location, DIAG_VOID_OBJECT, "%s cannot be void", what);
    else if (type->kind == TYPE_INTERFACE)
        check_interface_value(session, location, type->interface, what);
    else if (type->kind == TYPE_FUNCTION)
        diag_error(&session->diag, location, DIAG_UNEXPECTED_TOKEN,
                   "%s cannot be a function, only a pointer to one", what);
    else if ((type->kind == TYPE_STRUCT || type->kind == TYPE_UNION) &&
             !type->record->is_complete && !type->record->winrt &&
             !(type->record->tag && strcmp(type->record->tag, "_GUID") == 0)) /* C has it */
        diag_error(&session->diag, location, DIAG_INCOMPLETE_TYPE,
                   "%s of a type whose fields are not known%s%s", what,
                   type->record->tag ? ": " : "", type->record->tag ? type->record->tag : "");
}

static void check_bits(struct session *session, const struct field *field)
{
    bool is_unsigned;
    unsigned most = type_bits(field->type, &is_unsigned);

    if (type_resolve(field->type)->kind == TYPE_INTERFACE)
        return; /* told already */
    if (most == 0)
        diag_error(&session->diag, &field->location, DIAG_BAD_BITFIELD,
                   "a bit-field is an integer");
    else if (field->bits->is_constant &&
             (field->bits->value < (field->name ? 1 : 0) || field->bits->value > most))
        diag_error(&session->diag, &field->bits->location, DIAG_BAD_BITFIELD,
                   "a bit-field of this type has 1 to %u bits", most);
}

void sema_check_field(struct session *session, const struct field *field)
{
    sema_check_object(session, &field->location, field->type, "a field");
    sema_check_variable(session, field->attributes, field->type);
    if (field->bits)
        check_bits(session, field);
}

static bool is_text(const struct type *type)
{
    type = type_resolve(type);
    return type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY);
}

static bool is_float_value(const struct expr *value)
{
    if (value->kind == EXPR_UNARY)
        return is_float_value(value->left);
    if (value->kind == EXPR_BINARY)
        return is_float_value(value->left) || is_float_value(value->right);
    return value->kind == EXPR_FLOAT || (value->constant && !value->is_constant);
}

/* (T *)-1: an address that stands for something else. */
static bool is_address(const struct expr *value)
{
    const struct type *type = value->kind == EXPR_CAST ? type_resolve(value->type) : NULL;

    return type && type->kind == TYPE_POINTER &&
           (value->left->is_constant || is_address(value->left));
}

void sema_check_const(struct session *session, const struct declaration *declaration)
{
    const struct expr *value = declaration->value;
    const struct type *type = type_resolve(declaration->type);
    bool is_unsigned;
    unsigned bits = type_bits(type, &is_unsigned);

    if (value->kind == EXPR_STRING ? !is_text(type)
                                   : !value->is_constant && !is_float_value(value) &&
                                         !expr_is_for_c(value) && !is_address(value))
        diag_error(&session->diag, &value->location, DIAG_NOT_CONSTANT,
                   "this is no constant of the type of '%s'", declaration->name);
    else if (bits != 0 && value->is_constant && !expr_fits(value, bits))
        diag_error(&session->diag, &value->location, DIAG_NUMBER_OUT_OF_RANGE,
                   "the value does not fit in the %u bits of '%s'", bits, declaration->name);
    else if (!type || type->kind == TYPE_VOID || type->kind == TYPE_INTERFACE)
        sema_check_object(session, &declaration->location, type, "a constant");
}
