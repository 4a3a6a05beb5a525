/*
 * frame_text.c -- see frame_text.h.
 */
#include "codegen/frame_text.h"

const char *carried_local(const struct carried_method *method, const char *wanted)
{
    return names_local_of(method->file_names, method->slot->method, wanted);
}

struct frame_context frame_context_of(struct pool *pool, const struct carried_method *method)
{
    return (struct frame_context){pool, method, method->frame,
                                  TEXT(pool, "&${hr}", {"hr", method->hr})};
}

struct frame_context frame_context_of_visitor(struct pool *pool,
                                              const struct carried_method *method)
{
    const struct local_names *local = &method->file_names->local;

    return (struct frame_context){pool, method, local->frame,
                                  TEXT(pool, "&${visit}->hr", {"visit", local->visit})};
}

static struct bound_scope scope_of(const struct frame_context *context)
{
    return (struct bound_scope){
        .prefix = TEXT(context->pool, "${frame}->", {"frame", context->frame}),
        .hr = context->hr,
    };
}

/* A copy needs no const; what is deeper stays as it was declared. */
static const char *pointer_to_copies(struct pool *pool, const struct type *element,
                                     const char *name)
{
    const char *template = element->kind == TYPE_ARRAY ? "(*${name})" : "*${name}";

    return type_declare_copy(pool, element, TEXT(pool, template, {"name", name}));
}

const char *frame_field(struct pool *pool, const struct carried *carried)
{
    const struct type *type = carried->parameter->type;
    const char *name = carried->parameter->name;

    switch (carried->carry) {
    case CARRY_PLACE:
        return type_declare_copy(pool, carried->variable.levels[0].element, name);
    case CARRY_POINTED:
    case CARRY_ARRAY:
    case CARRY_TEXT:
    case CARRY_OPEN:
        return pointer_to_copies(pool, carried->variable.levels[0].element, name);
    case CARRY_FIXED:
        return type_declare_copy(pool, type_resolve(type), name);
    default:
        return type_declare_copy(pool, type, name);
    }
}

const char *frame_count(const struct frame_context *context, const struct carried *carried)
{
    const struct level *level = &carried->variable.levels[0];
    struct bound_scope scope = scope_of(context);

    if (!bound_is_fixed(&level->size))
        return level_room(context->pool, level, &scope);
    if (level->size.expr->kind == EXPR_INTEGER)
        return expr_text(context->pool, level->size.expr);
    return TEXT(context->pool, "${frame}->${name}", {"frame", context->frame},
                {"name", level->size.expr->parameter->name});
}

const char *frame_room(const struct frame_context *context, const struct carried *carried)
{
    if (!carried->room)
        return frame_count(context, carried);
    return TEXT(context->pool, "${frame}->${room}", {"frame", context->frame},
                {"room", carried->room});
}

const char *frame_local(const struct frame_context *context, const struct carried *carried,
                        const char *what)
{
    return carried_local(context->method, TEXT(context->pool, "${name}_${what}",
                                               {"name", carried->parameter->name}, {"what", what}));
}

const char *frame_first(const struct frame_context *context, const struct carried *carried)
{
    struct bound_scope scope = scope_of(context);

    return TEXT(context->pool, "uvcom_length(${first}, ${room}, ${hr})",
                {"first", bound_write(context->pool, &scope, &carried->variable.levels[0].first)},
                {"room", frame_room(context, carried)}, {"hr", context->hr});
}

const char *frame_length(const struct frame_context *context, const struct carried *carried,
                         const char *first)
{
    const struct bound *length = &carried->variable.levels[0].length;
    const char *room = frame_room(context, carried), *text;
    struct bound_scope scope = scope_of(context);
    struct pool *pool = context->pool;

    if (first)
        room = TEXT(pool, "${room} - ${first}", {"room", room}, {"first", first});
    if (!length->expr)
        return room;
    text = bound_write(pool, &scope, length);
    if (first && length->plus_one) {
        struct bound last = {length->expr, false};

        /* An index, counted from the array's own beginning: last - first + 1. */
        text =
            TEXT(pool, "uvcom_bound(${last}, '-', (LONGLONG)${first} - 1, ${hr})",
                 {"last", bound_write(pool, &scope, &last)}, {"first", first}, {"hr", context->hr});
    }
    return TEXT(pool, "uvcom_length(${text}, ${room}, ${hr})", {"text", text}, {"room", room},
                {"hr", context->hr});
}

const char *frame_part_template(const struct carried *carried)
{
    if (!carried->variable.levels[0].first.expr)
        return "    uvcom_${way}(${to}, ${from}, ${length}, sizeof *${name});\n";
    if (carried->carry != CARRY_FIXED)
        return "    if (${to} && ${from})\n"
               "        uvcom_${way}(&${to}[${first}], &${from}[${first}], ${length}, sizeof "
               "*${name});\n";
    return "    if (${name})\n"
           "        uvcom_${way}(&${to}[${first}], &${from}[${first}], ${length}, sizeof "
           "*${name});\n";
}

const char *frame_open_size(const struct frame_context *context, const struct carried *carried,
                            const char *pointer)
{
    return variable_element_size(context->pool, &carried->variable, 0, pointer, context->hr);
}
