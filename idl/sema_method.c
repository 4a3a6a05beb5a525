/*
 * idl/sema_method.c -- see sema.h; the parameters of a method, and what it returns.
 */
#include <string.h>

#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/text.h"
#include "idl/type.h"

/* Not of a name that is unknown so far, and may turn out to be none at all. */
static bool is_interface_pointer(const struct session *session, const struct type *type)
{
    const struct symbol *symbol;

    if (!type_is_interface_pointer(type))
        return false;
    symbol = symbol_find(session, type_resolve(type->target)->interface->name);
    return symbol && symbol->is_declared;
}

static void check_out(struct session *session, const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);

    if (is_interface_pointer(session, type))
        diag_flaw(&session->diag, &parameter->location, DIAG_OUT_NOT_POINTER,
                  "'%s' is [out], so it must be a pointer to the pointer: write %s **",
                  parameter->name, type_resolve(type->target)->interface->name);
    else if (type_is_bstr(parameter->type))
        diag_flaw(&session->diag, &parameter->location, DIAG_OUT_NOT_POINTER,
                  "'%s' is [out], so it must be a pointer to one: write BSTR *", parameter->name);
    else if (type->kind != TYPE_POINTER && type->kind != TYPE_ARRAY) {
        if (type->kind != TYPE_VOID && type->kind != TYPE_INTERFACE) /* told already */
            diag_flaw(&session->diag, &parameter->location, DIAG_OUT_NOT_POINTER,
                      "'%s' is [out], so it must be a pointer or an array", parameter->name);
    } else if (type->target->is_const) {
        diag_flaw(&session->diag, &parameter->location, DIAG_OUT_CONST,
                  "'%s' is [out], but what it points at is const", parameter->name);
    }
}

static void check_retval(struct session *session, const struct parameter *parameter,
                         const struct parameter *first)
{
    const struct location *location = &parameter->location;

    if (!parameter->is_out || parameter->is_in)
        diag_flaw(&session->diag, location, DIAG_RETVAL_MISUSED,
                  "[retval] goes with [out], and not with [in]");
    else if (first)
        diag_flaw(&session->diag, location, DIAG_RETVAL_MISUSED, "'%s' is the [retval] already",
                  first->name);
    else if (parameter->next)
        diag_flaw(&session->diag, location, DIAG_RETVAL_MISUSED,
                  "the [retval] must be the last parameter");
}

/* Checks the parameters one by one; the last of them, or NULL. */
static const struct parameter *check_parameters(struct session *session,
                                                const struct method *method)
{
    const struct parameter *retval = NULL, *last = NULL;

    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next) {
        sema_check_variable(session, parameter->attributes, parameter->type);
        sema_check_tag(session, parameter->attributes, parameter->type);
        if (parameter->is_out && !method->is_local)
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

/* Once for an interface, and only if there will be a proxy. */
static bool deserves_a_word(struct session *session, const struct method *method)
{
    if (!method->owner->is_object || method->is_local || session->diag.is_lenient ||
        session->without_hresult == method->owner)
        return false;
    session->without_hresult = method->owner;
    return true;
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
    if (!owner->has_async_uuid && !deserves_a_word(session, method)) {
        if (!type_is_void(type))
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

    /* A name for Invoke: what it gives back is its result. */
    if (method->owner->is_dispatch) {
        if (!type_is_void(method->return_type))
            sema_check_object(session, &method->location, method->return_type, "a result");
        return;
    }
    check_property(session, method, last);
    check_return_type(session, method);
}

/* ---- the names of parameters in C ---- */

enum { MOST_UNDERSCORES = 8 };

struct parameter_list {
    struct parameter_list *next;
    const struct parameter *first;
};

void sema_note_parameters(struct session *session, const struct parameter *first)
{
    struct parameter_list *list = ARENA_NEW(session->arena, struct parameter_list);

    list->first = first;
    list->next = session->parameter_lists;
    session->parameter_lists = list;
}

static bool is_free(const struct session *session, const struct map *taken, const char *name)
{
    return !symbol_is_taken(session, name) && !map_get(taken, name);
}

/*
 * Underscores; where many have been taken, numbers, which are never tried again: an IDL that takes
 * all the names in our way costs us one look for each.
 */
static const char *free_name(struct session *session, const struct map *taken, const char *name)
{
    struct text text;

    text_init(&text, session->arena);
    text_format(&text, "%s_", name);
    for (int i = 0; i < MOST_UNDERSCORES; i++) {
        if (is_free(session, taken, text_end(&text)))
            return text_end(&text);
        text_format(&text, "_");
    }
    do {
        text_init(&text, session->arena);
        text_format(&text, "%s_%zu", name, ++session->name_number);
    } while (!is_free(session, taken, text_end(&text)));
    return text_end(&text);
}

/*
 * A parameter that is called as a type is would hide it: from the parameters behind it in C and
 * C++, and everywhere from a reader, of which compilers warn. IDL keeps the two apart.
 */
static void name_list(struct session *session, const struct parameter *first)
{
    struct map taken;

    map_init(&taken, session->arena);
    for (const struct parameter *p = first; p; p = p->next)
        map_put(&taken, p->name, strlen(p->name))->value = session;
    for (const struct parameter *p = first; p; p = p->next) {
        const char *name;

        if (!symbol_is_taken(session, p->name))
            continue;
        name = free_name(session, &taken, p->name);
        map_put(&taken, name, strlen(name))->value = session;
        ((struct parameter *)(uintptr_t)p)->name = name;
    }
}

/* At the end: a type may be declared behind the parameter. */
void sema_name_parameters(struct session *session)
{
    for (const struct parameter_list *list = session->parameter_lists; list; list = list->next) {
        const struct parameter *p = list->first;

        while (p && !symbol_is_taken(session, p->name))
            p = p->next;
        if (p)
            name_list(session, list->first);
    }
}
