/*
 * idl/winrt_check.c -- see winrt.h; structs and enums of namespaces, which may come in any order.
 */
#include <string.h>

#include "idl/winrt.h"

static bool is_complete(const struct tag *tag)
{
    return tag->kind == TYPE_ENUM ? tag->enumeration->is_complete : tag->record->is_complete;
}

/* The struct that is in another one as a field; NULL: none that this file looks after. */
static const struct record *inner_record(const struct field *field)
{
    const struct type *type = type_resolve(field->type);

    while (type && type->kind == TYPE_ARRAY)
        type = type_resolve(type->target);
    if (!type || type->kind != TYPE_STRUCT || !type->record->winrt)
        return NULL;
    return type->record;
}

/* Marks: 0 not seen, 1 on the way, 2 done. */
static void check_contents(struct session *session, struct tag_use *use, unsigned depth)
{
    const struct record *record = use->tag->record;

    use->mark = 1;
    for (const struct field *field = record->fields; field; field = field->next) {
        const struct record *inner = inner_record(field);
        struct tag_use *other = inner ? map_get(&session->winrt->tags, inner->winrt->full) : NULL;

        if (!other || other->mark == 2)
            continue;
        if (other->mark == 1)
            diag_error(&session->diag, &field->location, DIAG_INCOMPLETE_TYPE,
                       "'%s' would contain itself", other->name);
        else if (depth >= SESSION_MAX_DEPTH)
            diag_error(&session->diag, &field->location, DIAG_NESTING_DEPTH,
                       "structs in each other more than %d deep", SESSION_MAX_DEPTH);
        else
            check_contents(session, other, depth + 1);
    }
    use->mark = 2;
}

void winrt_check_tags(struct session *session)
{
    for (struct tag_use *use = session->winrt->tag_uses; use; use = use->next) {
        if (use->is_used && !is_complete(use->tag) && !session->lacks_file)
            diag_error(&session->diag, &use->tag->location, DIAG_INCOMPLETE_TYPE,
                       "'%s' is declared but never defined", use->name);
        else if (use->tag->kind == TYPE_STRUCT && use->mark == 0)
            check_contents(session, use, 0);
    }
}
