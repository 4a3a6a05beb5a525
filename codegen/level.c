/*
 * level.c -- what a variable that was taken apart is asked: what is inside, and its numbers as C.
 */
#include "codegen/out.h"
#include "codegen/survey.h"
#include "codegen/types.h"

/* ---- questions ---- */

bool level_is_varying(const struct level *level)
{
    return level->first.expr || level->length.expr;
}

static struct content leaf_content(const struct variable *variable)
{
    struct content content = {false, false};

    switch (variable->leaf) {
    case LEAF_PLAIN:
        break;
    case LEAF_NUMBER:
    case LEAF_ENUM:
        content.looks = true;
        break;
    case LEAF_RECORD:
    case LEAF_UNION:
        if (variable->record)
            content = variable->record->content;
        break;
    case LEAF_INTERFACE:
    case LEAF_BSTR:
        content.owns = true;
        break;
    }
    return content;
}

struct content variable_content(const struct variable *variable, size_t outer)
{
    struct content content = {false, false}, leaf = leaf_content(variable);

    for (size_t i = outer; i < variable->level_count; i++) {
        const struct level *level = &variable->levels[i];

        if (!level->is_array) {
            content.owns = true;
            return content;
        }
        content.looks = content.looks || level->is_string || level_is_varying(level);
    }
    content.owns = leaf.owns;
    content.looks = content.looks || leaf.looks;
    return content;
}

bool variable_is_deep(const struct variable *variable, size_t outer)
{
    struct content content = variable_content(variable, outer);

    return content.owns || content.looks;
}

/* ---- numbers of a level ---- */

const char *level_room(struct pool *pool, const struct level *level,
                       const struct bound_scope *scope)
{
    const struct bound *size = &level->size;

    if (!size->expr)
        return level->type->length ? expr_text(pool, level->type->length) : "1";
    if (bound_is_count(size))
        return bound_write(pool, scope, size);
    return TEXT(pool, "uvcom_size(${bound}, ${hr})", {"bound", bound_write(pool, scope, size)},
                {"hr", scope->hr});
}

const char *level_first(struct pool *pool, const struct level *level,
                        const struct bound_scope *scope)
{
    if (!level->first.expr)
        return "0";
    if (bound_is_count(&level->first))
        return bound_write(pool, scope, &level->first);
    return TEXT(pool, "uvcom_size(${bound}, ${hr})",
                {"bound", bound_write(pool, scope, &level->first)}, {"hr", scope->hr});
}

/* last_is is an index from the beginning of the array; what counts begins at first_is. */
const char *level_length(struct pool *pool, const struct level *level,
                         const struct bound_scope *scope, const char *room)
{
    const char *end, *first;

    if (!level_is_varying(level))
        return room;
    if (bound_is_count(&level->length))
        return bound_write(pool, scope, &level->length);
    end = level->length.expr ? bound_write(pool, scope, &level->length)
                             : TEXT(pool, "(LONGLONG)${room}", {"room", room});
    if (level->first.expr && (level->length.plus_one || !level->length.expr)) {
        first = bound_write(pool, scope, &level->first);
        end = TEXT(pool, "uvcom_bound(${end}, '-', ${first}, ${hr})", {"end", end},
                   {"first", first}, {"hr", scope->hr});
    }
    return TEXT(pool, "uvcom_size(${end}, ${hr})", {"end", end}, {"hr", scope->hr});
}

const char *variable_element_size(struct pool *pool, const struct variable *variable, size_t level,
                                  const char *pointer, const char *hr)
{
    bool is_open = variable->is_conformant && level + 1 == variable->level_count;

    if (is_open && variable->record && variable->record->size)
        return TEXT(pool, "${size}(${pointer}, ${hr})", {"size", variable->record->size},
                    {"pointer", pointer}, {"hr", hr});
    return TEXT(pool, "sizeof *${pointer}", {"pointer", pointer});
}
