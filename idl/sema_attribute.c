/*
 * idl/sema_attribute.c -- see sema.h; which attributes go together, and where.
 */
#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/idl.h"
#include "idl/sema.h"
#include "idl/type.h"

static const char *target_text(unsigned target)
{
    switch (target) {
    case ON_INTERFACE:
        return "an interface";
    case ON_METHOD:
        return "a method";
    case ON_PARAMETER:
        return "a parameter";
    case ON_FIELD:
        return "a field";
    case ON_TYPEDEF:
        return "a typedef";
    case ON_TYPE:
        return "a struct, union or enum";
    case ON_ENUMERATOR:
        return "an enumerator";
    case ON_LIBRARY:
        return "a library";
    case ON_COCLASS:
        return "a coclass";
    case ON_MODULE:
        return "a module";
    case ON_MEMBER:
        return "an interface of a coclass";
    default:
        return "a constant";
    }
}

/* Of each row only one may be in a list. */
static const enum attribute_id exclusive[][3] = {
    {ATTRIBUTE_REF, ATTRIBUTE_UNIQUE, ATTRIBUTE_PTR},
    {ATTRIBUTE_PROPGET, ATTRIBUTE_PROPPUT, ATTRIBUTE_PROPPUTREF},
    {ATTRIBUTE_SIZE_IS, ATTRIBUTE_MAX_IS, ATTRIBUTE_OTHER},
    {ATTRIBUTE_LENGTH_IS, ATTRIBUTE_LAST_IS, ATTRIBUTE_OTHER},
    {ATTRIBUTE_STRING, ATTRIBUTE_LENGTH_IS, ATTRIBUTE_LAST_IS},
    {ATTRIBUTE_IID_IS, ATTRIBUTE_STRING, ATTRIBUTE_OTHER},
    {ATTRIBUTE_ASYNC_UUID, ATTRIBUTE_DUAL, ATTRIBUTE_OTHER},
    {ATTRIBUTE_LOCAL, ATTRIBUTE_CALL_AS, ATTRIBUTE_OTHER},
    {ATTRIBUTE_CASE, ATTRIBUTE_DEFAULT, ATTRIBUTE_OTHER},
};

static void check_exclusive(struct session *session, const struct attribute *list)
{
    for (size_t row = 0; row < sizeof exclusive / sizeof *exclusive; row++) {
        const struct attribute *first = NULL;

        for (size_t i = 0; i < 3 && exclusive[row][i] != ATTRIBUTE_OTHER; i++) {
            const struct attribute *found = attribute_with(list, exclusive[row][i]);
            const struct attribute *later = found;

            if (!found)
                continue;
            if (!first) {
                first = found;
                continue;
            }
            if (later->location.offset < first->location.offset)
                later = first;
            diag_error(&session->diag, &later->location, DIAG_ATTRIBUTE_CONFLICT,
                       "'%s' and '%s' exclude each other", first->info->name, found->info->name);
        }
    }
}

/* Several of these say several things. */
static bool may_repeat(const struct attribute *attribute)
{
    return attribute->info->shape == SHAPE_ANY || attribute->info->id == ATTRIBUTE_CASE;
}

void sema_check_attributes(struct session *session, const struct attribute *list, unsigned target)
{
    bool seen[256] = {false};
    size_t count;
    const struct attribute_info *table = attribute_table(&count);

    for (const struct attribute *attribute = list; attribute; attribute = attribute->next) {
        size_t index = (size_t)(attribute->info - table);

        if (!(attribute->info->allowed_on & target))
            diag_error(&session->diag, &attribute->location, DIAG_INAPPLICABLE_ATTRIBUTE,
                       "'%s' does not belong to %s", attribute->info->name, target_text(target));
        if (seen[index] && !may_repeat(attribute))
            diag_error(&session->diag, &attribute->location, DIAG_DUPLICATE_ATTRIBUTE,
                       "'%s' stands here twice", attribute->info->name);
        seen[index] = true;
    }
    if (list && list->next)
        check_exclusive(session, list);
}

static bool points_to_integer(const struct expr *name)
{
    const struct type *type = name->kind == EXPR_NAME ? type_resolve(expr_type(name)) : NULL;

    return type && type->kind == TYPE_POINTER && type_is_integer(type->target);
}

/* Tells of a type that nobody knows, if it is not told yet; false: they are all known. */
static bool has_unknown_type(struct session *session, const struct expr *expr)
{
    const struct type *type = expr ? type_resolve(expr_type(expr)) : NULL;
    struct symbol *symbol = NULL;

    if (!expr)
        return false;
    while (type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type_resolve(type->target);
    if (type && type->kind == TYPE_INTERFACE)
        symbol = symbol_of_interface(session, type->interface);
    if (symbol && symbol->kind == SYMBOL_INTERFACE && !symbol->is_declared) {
        symbol_unknown(session, symbol); /* an interface that comes later would be no better */
        return true;
    }
    return has_unknown_type(session, expr->left) || has_unknown_type(session, expr->right) ||
           has_unknown_type(session, expr->third);
}

void sema_check_argument(struct session *session, const struct attribute *attribute,
                         const struct expr *argument)
{
    if (has_unknown_type(session, argument))
        return;
    switch (attribute->info->id) {
    case ATTRIBUTE_SIZE_IS:
    case ATTRIBUTE_MAX_IS:
    case ATTRIBUTE_MIN_IS:
    case ATTRIBUTE_LENGTH_IS:
    case ATTRIBUTE_LAST_IS:
    case ATTRIBUTE_FIRST_IS:
    case ATTRIBUTE_SWITCH_IS:
        break;
    case ATTRIBUTE_IID_IS:
        if (!sema_is_iid(argument))
            diag_flaw(&session->diag, &argument->location, DIAG_ATTRIBUTE_CONFLICT,
                      "'iid_is' needs a pointer to an id, as REFIID is");
        return;
    default:
        return;
    }
    if (points_to_integer(argument))
        diag_error(&session->diag, &argument->location, DIAG_SIZE_IS_NOT_INTEGER,
                   "'%s' needs an integer, and '%s' points to one; did you mean *%s?",
                   attribute->info->name, argument->text, argument->text);
    else if (!expr_is_integer(argument))
        diag_error(&session->diag, &argument->location, DIAG_SIZE_IS_NOT_INTEGER,
                   "'%s' needs an integer, and this is none", attribute->info->name);
    else if (argument->is_constant && !argument->is_unsigned && argument->value < 0)
        diag_error(&session->diag, &argument->location, DIAG_NUMBER_OUT_OF_RANGE,
                   "'%s' cannot be negative", attribute->info->name);
}
