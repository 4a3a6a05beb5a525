/*
 * idl/sema_method.c -- see sema.h; the parameters of a method, and what it returns.
 */
#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/type.h"

static void check_out(struct session *session, const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);

    if (type->kind != TYPE_POINTER && type->kind != TYPE_ARRAY) {
        if (type->kind != TYPE_VOID && type->kind != TYPE_INTERFACE) /* told already */
            diag_error(&session->diag, &parameter->location, DIAG_OUT_NOT_POINTER,
                       "'%s' is [out], so it must be a pointer or an array", parameter->name);
    } else if (type->target->is_const) {
        diag_error(&session->diag, &parameter->location, DIAG_OUT_CONST,
                   "'%s' is [out], but what it points at is const", parameter->name);
    }
}

static void check_retval(struct session *session, const struct parameter *parameter,
                         const struct parameter *first)
{
    const struct location *location = &parameter->location;

    if (!parameter->is_out || parameter->is_in)
        diag_error(&session->diag, location, DIAG_RETVAL_MISUSED,
                   "[retval] goes with [out], and not with [in]");
    else if (first)
        diag_error(&session->diag, location, DIAG_RETVAL_MISUSED, "'%s' is the [retval] already",
                   first->name);
    else if (parameter->next)
        diag_error(&session->diag, location, DIAG_RETVAL_MISUSED,
                   "the [retval] must be the last parameter");
}

/* Checks the parameters one by one; the last of them, or NULL. */
static const struct parameter *check_parameters(struct session *session,
                                                const struct method *method)
{
    const struct parameter *retval = NULL, *last = NULL;

    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next) {
        if (parameter->is_out)
            check_out(session, parameter);
        if (parameter->is_retval) {
            check_retval(session, parameter, retval);
            retval = parameter;
        }
        last = parameter;
    }
    return last;
}

static void check_property(struct session *session, const struct method *method,
                           const struct parameter *last)
{
    bool is_get = attribute_with(method->attributes, ATTRIBUTE_PROPGET) != NULL;
    bool is_put = attribute_with(method->attributes, ATTRIBUTE_PROPPUT) ||
                  attribute_with(method->attributes, ATTRIBUTE_PROPPUTREF);

    if (is_get && (!last || !last->is_out))
        diag_error(&session->diag, &method->location, DIAG_PROPGET_MISUSED,
                   "a [propget] needs an [out] parameter, as its last");
    if (is_put && (!last || !last->is_in))
        diag_error(&session->diag, &method->location, DIAG_PROPGET_MISUSED,
                   "a [propput] or [propputref] needs an [in] parameter, as its last");
}

/*
 * DER-06: under async_uuid HRESULT, or void with a warning; a proxy of any other object interface
 * has no way to say that a call failed unless the method returns HRESULT, which deserves a word.
 */
static void check_return_type(struct session *session, const struct method *method)
{
    const struct interface *owner = method->owner;
    const struct type *type = method->return_type;

    if (type_is_hresult(type))
        return;
    /* Most often a name that nobody knows: one message is enough. */
    if (type_resolve(type)->kind == TYPE_INTERFACE) {
        sema_check_object(session, &method->location, type, "a result");
        return;
    }
    if (owner->has_async_uuid && !type_is_void(type))
        diag_error(&session->diag, &method->location, DIAG_BAD_RETURN_TYPE,
                   "under async_uuid a method returns HRESULT; '%s' does not", method->name);
    else if (owner->has_async_uuid)
        diag_warning(&session->diag, &method->location, DIAG_BAD_RETURN_TYPE,
                     "Begin_%s returns void, so it cannot say that it failed", method->name);
    else if (owner->is_object && !method->is_local)
        diag_warning(&session->diag, &method->location, DIAG_BAD_RETURN_TYPE,
                     "'%s' does not return HRESULT, so it cannot say that the call failed",
                     method->name);
    if (!type_is_void(type))
        sema_check_object(session, &method->location, type, "a result");
}

void sema_check_method(struct session *session, const struct method *method)
{
    const struct parameter *last = check_parameters(session, method);

    check_property(session, method, last);
    check_return_type(session, method);
}
