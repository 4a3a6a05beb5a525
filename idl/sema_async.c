/*
 * idl/sema_async.c -- see sema.h; what [async_uuid] asks of an interface (DER-06, 08, 09, 11, 13).
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/sema.h"

static bool fail(struct session *session, const struct location *location, enum diag_kind kind,
                 const char *name, const char *text)
{
    diag_error(&session->diag, location, kind, "'%s' %s", name, text);
    return false;
}

/* DER-09, DER-11 */
static bool check_base(struct session *session, const struct symbol *symbol)
{
    const struct interface *interface = symbol->interface;
    const struct interface *base = interface->base;
    const struct location *location = symbol->base ? &symbol->base_location : &interface->location;

    if (!base)
        return false; /* missing or incomplete: told elsewhere */
    if (symbol->has_dispatch)
        return fail(session, location, DIAG_ASYNC_BASE, base->name,
                    "is IDispatch or derived from it, which async_uuid cannot have");
    if (symbol->base->is_async_twin)
        return false;
    if (strcmp(base->name, "IUnknown") != 0 && !base->async)
        return fail(session, location, DIAG_ASYNC_BASE, base->name,
                    "has no async_uuid; the base must be IUnknown or have one");
    return true;
}

/* The first parameter in an expression that Begin_ does not have; NULL: Begin_ has them all. */
static const struct expr *only_out(const struct expr *expr)
{
    const struct expr *found;

    if (!expr)
        return NULL;
    if (expr->kind == EXPR_NAME)
        return expr->parameter && !expr->parameter->is_in ? expr : NULL;
    found = only_out(expr->left);
    if (!found)
        found = only_out(expr->right);
    return found ? found : only_out(expr->third);
}

/*
 * DER-08, DER-13: room that the caller gives has its size from what Begin_ was told, or from a
 * constant. Inner levels, as in size_is(, *count), are the server's to allocate.
 */
static void check_sizes(struct session *session, const struct method *method)
{
    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next) {
        const struct attribute *size = attribute_with(parameter->attributes, ATTRIBUTE_SIZE_IS);
        const struct expr *unknown;

        if (!size)
            size = attribute_with(parameter->attributes, ATTRIBUTE_MAX_IS);
        unknown = size && size->arg_count > 0 ? only_out(size->args[0]) : NULL;
        if (unknown)
            diag_error(&session->diag, &unknown->location, DIAG_ASYNC_SIZE,
                       "'%s' is [out] only, so Begin_%s could not know the size of '%s'",
                       unknown->text, method->name, parameter->name);
    }
}

bool sema_check_async(struct session *session, const struct symbol *symbol)
{
    const struct interface *interface = symbol->interface;

    if (!attribute_with(interface->attributes, ATTRIBUTE_OBJECT))
        return fail(session, &interface->location, DIAG_ASYNC_NOT_OBJECT, interface->name,
                    "has async_uuid, so it must be an [object] interface");
    if (!check_base(session, symbol))
        return false;
    for (const struct method *method = interface->methods; method; method = method->next)
        check_sizes(session, method);
    return true;
}
