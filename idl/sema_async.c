/*
 * idl/sema_async.c -- see sema.h; what [async_uuid] asks of an interface (DER-06, 08, 09, 11, 13).
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/text.h"

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

const struct expr *expr_late_name(const struct expr *expr)
{
    const struct expr *found;

    if (!expr)
        return NULL;
    if (expr->kind == EXPR_NAME)
        return expr->parameter && !expr->parameter->is_in ? expr : NULL;
    found = expr_late_name(expr->left);
    if (!found)
        found = expr_late_name(expr->right);
    return found ? found : expr_late_name(expr->third);
}

/*
 * What of a parameter an attribute tells; NULL: nothing that a call asks for. Behind the first
 * `*early` arguments an [out] parameter leaves the answer to the server.
 */
static const char *meaning_of(const struct attribute *attribute, bool is_in, size_t *early)
{
    *early = is_in ? attribute->arg_count : 0;
    switch (attribute->info->id) {
    case ATTRIBUTE_SIZE_IS:
    case ATTRIBUTE_MAX_IS:
        *early = is_in ? attribute->arg_count : 1;
        return "size";
    case ATTRIBUTE_IID_IS:
        *early = 1;
        return "interface";
    case ATTRIBUTE_LENGTH_IS:
    case ATTRIBUTE_LAST_IS:
        return "length";
    case ATTRIBUTE_FIRST_IS:
    case ATTRIBUTE_MIN_IS:
        return "first element";
    case ATTRIBUTE_SWITCH_IS:
        return "case";
    default:
        return NULL;
    }
}

/* Room that the server is to fill: either it allocates it, or the caller says how much there is. */
static const char *advice_of(struct session *session, const struct attribute *attribute,
                             const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);
    const struct expr *size = attribute->args[0];
    const char *name = "...";
    struct text text;

    if (parameter->is_in || attribute->info->id != ATTRIBUTE_SIZE_IS || attribute->arg_count != 1 ||
        type->kind != TYPE_POINTER)
        return "";
    text_init(&text, session->arena);
    if (size->kind == EXPR_UNARY && size->op == '*' && size->left->kind == EXPR_NAME) {
        text_format(&text, "*%s", size->left->text);
        name = text_end(&text);
    }
    text_init(&text, session->arena);
    if (type_resolve(type->target)->kind == TYPE_POINTER)
        text_format(&text, "; write size_is(, %s) if the server allocates it", name);
    else
        text_format(&text,
                    "; say how much room there is with an [in] parameter, and how much was "
                    "written with length_is(%s)",
                    name);
    return text_end(&text);
}

/*
 * DER-08, DER-13: what Begin_ copies, the room that the caller gives, and the interface that the
 * server is asked for are described by what Begin_ was told, or by constants. Inner levels of what
 * comes out, as in size_is(, *count), and its lengths are the server's.
 */
static void check_parameter(struct session *session, const struct method *method,
                            const struct parameter *parameter)
{
    for (const struct attribute *attribute = parameter->attributes; attribute;
         attribute = attribute->next) {
        size_t early;
        const char *meaning = meaning_of(attribute, parameter->is_in, &early);

        for (size_t i = 0; meaning && i < early && i < attribute->arg_count; i++) {
            const struct expr *unknown = expr_late_name(attribute->args[i]);

            if (!unknown ||
                (attribute->info->id != ATTRIBUTE_IID_IS && !expr_is_integer(attribute->args[i])))
                continue; /* known, or told already */
            diag_error(&session->diag, &unknown->location, DIAG_ASYNC_SIZE,
                       "'%s' is [out] only, so Begin_%s could not know the %s of '%s'%s",
                       unknown->text, method->name, meaning, parameter->name,
                       advice_of(session, attribute, parameter));
        }
    }
}

/* MIDL's RPC lets a server call back into the client's code; COM passes an interface pointer. */
static void check_callback(struct session *session, const struct method *method)
{
    const struct attribute *callback = attribute_with(method->attributes, ATTRIBUTE_CALLBACK);

    if (callback)
        diag_error(&session->diag, &callback->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                   "no call object can call back through '%s'; pass a pointer to an interface of "
                   "the client's",
                   method->name);
}

/* Where the mistake may be instead. */
static void note_base(struct session *session, const struct symbol *symbol)
{
    const struct interface *base = symbol->interface->base;

    if (base && !symbol->has_dispatch && !symbol->base->is_async_twin)
        diag_note(&session->diag, &base->location, "'%s' is here; give it an async_uuid, too",
                  base->name);
}

bool sema_check_async(struct session *session, const struct symbol *symbol)
{
    const struct interface *interface = symbol->interface;

    if (interface->is_dispatch)
        return fail(session, &interface->location, DIAG_ASYNC_NOT_OBJECT, interface->name,
                    "is a dispinterface, and those have no asynchronous form");
    if (!attribute_with(interface->attributes, ATTRIBUTE_OBJECT) &&
        !attribute_with(interface->attributes, ATTRIBUTE_ODL))
        return fail(session, &interface->location, DIAG_ASYNC_NOT_OBJECT, interface->name,
                    "has async_uuid, so it must be an [object] interface");
    if (!check_base(session, symbol)) {
        note_base(session, symbol);
        return false;
    }
    for (const struct method *method = interface->methods; method; method = method->next) {
        check_callback(session, method);
        for (const struct parameter *p = method->parameters; p; p = p->next)
            check_parameter(session, method, p);
    }
    return true;
}
