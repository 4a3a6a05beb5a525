/*
 * emit_fill.c -- the function that copies a client's [in] values into the frame of a call.
 *
 * It looks at what can be told at once (NULL, ranges of single numbers, sizes), and leaves what is
 * inside of values to the visitors of the frame. After the first failure it goes on to the end, so
 * that no slot of the frame keeps a pointer of the client's.
 */
#include "codegen/emit.h"
#include "codegen/frame_text.h"

static void put_require(struct out *out, const struct frame_context *context,
                        const struct carried *carried)
{
    if (!carried->is_optional)
        OUT(out, "    ${hr} = uvcom_require(${name}, ${hr});\n", {"hr", context->method->hr},
            {"name", carried->parameter->name});
}

/* ---- single values ---- */

/* A number of 64 bits without sign is too large for LONGLONG just when it is too large for the
 * range. */
static const char *number_cast(const struct carried *carried)
{
    const struct type *type = type_resolve(carried->variable.leaf_type);
    bool is_wide = type->kind == TYPE_BASE &&
                   (type->base == BASE_UNSIGNED_HYPER || type->base == BASE_UNSIGNED_INT3264);

    return is_wide ? "(LONGLONG)" : "";
}

static void put_number_check(struct out *out, const struct frame_context *context,
                             const struct carried *carried)
{
    const struct variable *variable = &carried->variable;
    const struct type *type = type_resolve(variable->leaf_type);
    struct pool *pool = context->pool;
    const char *template = "    ${hr} = uvcom_require_${what}(${cast}${frame}->${name}, ${low}, "
                           "${high}, ${hr});\n";

    if (variable->leaf == LEAF_ENUM)
        OUT(out, template, {"hr", context->method->hr}, {"what", "enum"}, {"cast", ""},
            {"frame", context->frame}, {"name", carried->parameter->name},
            {"low", enum_lowest(pool, type->enumeration)},
            {"high", enum_highest(pool, type->enumeration)});
    if (variable->low)
        OUT(out, template, {"hr", context->method->hr}, {"what", "range"},
            {"cast", number_cast(carried)}, {"frame", context->frame},
            {"name", carried->parameter->name}, {"low", expr_text(pool, variable->low)},
            {"high", expr_text(pool, variable->high)});
}

static const char *single_template(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_VALUE:
    case CARRY_TREE:
        return "    ${frame}->${name} = ${name};\n";
    case CARRY_PLACE:
        return "    ${hr} = uvcom_frame_take(&${frame}->${name}, ${name}, sizeof "
               "${frame}->${name}, "
               "${hr});\n";
    case CARRY_FIXED:
        return "    ${hr} = uvcom_frame_take(${frame}->${name}, ${name}, sizeof ${frame}->${name}, "
               "${hr});\n";
    default:
        return "    ${frame}->${name} = uvcom_frame_${way}(${frame}, ${name}, 1, sizeof *${name}, "
               "&${hr});\n";
    }
}

/* Whether the server gets the client's memory, if it waits for the call, or always, or a copy. */
static const char *way_of(const struct carried *carried)
{
    if (carried->is_borrowed)
        return "borrow";
    return carried->parameter->is_out || carried_content(carried).owns ? "copy" : "lend";
}

static void put_single(struct out *out, const struct frame_context *context,
                       const struct carried *carried)
{
    if (carried->carry == CARRY_TREE || carried->carry == CARRY_POINTED)
        put_require(out, context, carried);
    OUT(out, single_template(carried), {"frame", context->frame},
        {"name", carried->parameter->name}, {"hr", context->method->hr}, {"way", way_of(carried)});
    if (carried_is_number(carried))
        put_number_check(out, context, carried);
}

/* ---- strings ---- */

static void put_text_room(struct out *out, const struct frame_context *context,
                          const struct carried *carried)
{
    const struct level *level = &carried->variable.levels[0];
    const char *template = carried->is_optional
                               ? "    ${room} = ${name} ? uvcom_text_room(${count}, ${hr}) : 0;\n"
                               : "    ${room} = uvcom_text_room(${count}, ${hr});\n";

    if (carried->room && (level->size.expr || level->is_array))
        OUT(out, template, {"room", frame_room(context, carried)},
            {"name", carried->parameter->name}, {"count", frame_count(context, carried)},
            {"hr", context->hr});
}

static const char *text_template(const struct carried *carried)
{
    if (!carried->parameter->is_in)
        return "    ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof "
               "*${frame}->${name}, ${hr});\n";
    if (carried->parameter->is_out)
        return "    ${frame}->${name} = uvcom_frame_buffer(${frame}, ${name}, sizeof *${name}, "
               "&${room}, ${hr});\n";
    if (carried->is_borrowed)
        return "    ${frame}->${name} = uvcom_frame_borrow(${frame}, ${name}, "
               "uvcom_text_length(${name}, sizeof *${name}, ${room}, ${hr}), sizeof *${name}, "
               "${hr});\n";
    return "    ${frame}->${name} = uvcom_frame_text(${frame}, ${name}, sizeof *${name}, ${room}, "
           "${hr});\n";
}

static void put_text(struct out *out, const struct frame_context *context,
                     const struct carried *carried)
{
    const struct level *level = &carried->variable.levels[0];
    bool has_room = carried->room || level->is_array;

    put_text_room(out, context, carried);
    if (carried->parameter->is_in)
        put_require(out, context, carried);
    OUT(out, text_template(carried), {"frame", context->frame}, {"name", carried->parameter->name},
        {"room", has_room ? frame_room(context, carried) : "0"}, {"hr", context->hr});
}

/* ---- arrays ---- */

/* Room for all of it, but only what counts goes in. */
static void put_part(struct out *out, const struct frame_context *context,
                     const struct carried *carried)
{
    const struct level *level = &carried->variable.levels[0];
    const char *first = level->first.expr ? frame_local(context, carried, "first") : NULL;
    const char *length = frame_local(context, carried, "length");
    const char *name = carried->parameter->name;
    struct pool *pool = context->pool;

    if (first)
        OUT(out, "    ${first} = ${text};\n", {"first", first},
            {"text", frame_first(context, carried)});
    OUT(out, "    ${length} = ${text};\n", {"length", length},
        {"text", frame_length(context, carried, first)});
    OUT(out, frame_part_template(carried),
        {"to", TEXT(pool, "${frame}->${name}", {"frame", context->frame}, {"name", name})},
        {"from", name}, {"way", "copy"}, {"first", first ? first : ""}, {"length", length},
        {"name", name});
}

static const char *array_template(const struct carried *carried)
{
    bool is_part = carried_is_part(carried);

    if (!carried->parameter->is_in)
        return "    ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof "
               "*${frame}->${name}, ${hr});\n";
    if (is_part && carried->is_optional)
        return "    if (${name})\n"
               "        ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof *${name}, "
               "${hr});\n";
    if (is_part)
        return "    ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof *${name}, "
               "${hr});\n";
    return "    ${frame}->${name} = uvcom_frame_${way}(${frame}, ${name}, ${room}, sizeof "
           "*${name}, ${hr});\n";
}

static void put_array(struct out *out, const struct frame_context *context,
                      const struct carried *carried)
{
    bool is_in = carried->parameter->is_in;

    if (carried->room)
        OUT(out, "    ${room} = ${count};\n", {"room", frame_room(context, carried)},
            {"count", frame_count(context, carried)});
    if (is_in)
        put_require(out, context, carried);
    OUT(out, array_template(carried), {"frame", context->frame}, {"name", carried->parameter->name},
        {"room", frame_room(context, carried)}, {"way", way_of(carried)}, {"hr", context->hr});
    if (is_in && carried_is_part(carried))
        put_part(out, context, carried);
}

static void put_fixed_part(struct out *out, const struct frame_context *context,
                           const struct carried *carried)
{
    put_require(out, context, carried);
    put_part(out, context, carried);
}

/* [in, out] of a struct that ends with T data[]. */
static void put_open(struct out *out, const struct frame_context *context,
                     const struct carried *carried)
{
    put_require(out, context, carried);
    OUT(out,
        "    ${room} = ${name} ? ${size} : 0;\n"
        "    ${frame}->${name} = uvcom_frame_copy(${frame}, ${name}, 1, ${room}, ${hr});\n",
        {"room", frame_room(context, carried)}, {"name", carried->parameter->name},
        {"size", frame_open_size(context, carried, carried->parameter->name)},
        {"frame", context->frame}, {"hr", context->hr});
}

/* ---- the function ---- */

/* Its size is read from other parameters, or its part is. */
static bool is_measured(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_ARRAY:
    case CARRY_OPEN:
        return true;
    case CARRY_FIXED:
        return carried_is_part(carried);
    case CARRY_TEXT:
        return carried->room != NULL;
    default:
        return false;
    }
}

static void put_measured(struct out *out, const struct frame_context *context,
                         const struct carried *carried)
{
    if (carried->carry == CARRY_ARRAY)
        put_array(out, context, carried);
    else if (carried->carry == CARRY_OPEN)
        put_open(out, context, carried);
    else if (carried->carry == CARRY_TEXT)
        put_text(out, context, carried);
    else if (carried->parameter->is_in)
        put_fixed_part(out, context, carried);
}

static void put_locals(struct out *out, const struct frame_context *context,
                       const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];

        if (!carried->parameter->is_in || !carried_is_part(carried))
            continue;
        if (carried->variable.levels[0].first.expr)
            OUT(out, "    size_t ${first}, ${length};\n",
                {"first", frame_local(context, carried, "first")},
                {"length", frame_local(context, carried, "length")});
        else
            OUT(out, "    size_t ${length};\n",
                {"length", frame_local(context, carried, "length")});
    }
}

/* Both visits, whatever came before: after a failure they only take the client's pointers out. */
static void put_end(struct emitter *emitter, const struct carried_method *method)
{
    static const char template[] =
        "    ${result} uvcom_frame_visit(${frame}, UVCOM_VISIT_${kind}, ${visitor}, ${frame}, "
        "${hr});\n";
    const struct plan *plan = method->plan;
    struct out *out = emitter->out;
    const char *assign = TEXT(emitter->pool, "${hr} =", {"hr", method->hr});

    if (plan->needs_in)
        OUT(out, template, {"result", plan->needs_in_out ? assign : "return"},
            {"frame", method->frame}, {"kind", "TAKE"}, {"visitor", method->names.in},
            {"hr", method->hr});
    if (plan->needs_in_out)
        OUT(out, template, {"result", "return"}, {"frame", method->frame}, {"kind", "CLONE"},
            {"visitor", method->names.in_out}, {"hr", method->hr});
    if (!plan->needs_in && !plan->needs_in_out)
        OUT(out, "    return ${hr};\n", {"hr", method->hr});
    out_put(out, "}\n");
}

/* Values first: the sizes of arrays are read from them. */
void emit_fill(struct emitter *emitter, const struct carried_method *method)
{
    struct frame_context context = frame_context_of(emitter->pool, method);
    const struct plan *plan = method->plan;
    struct out *out = emitter->out;

    OUT(out,
        "\n"
        "static HRESULT ${fill}(struct ${struct} *${frame}${parameters})\n"
        "{\n"
        "    HRESULT ${hr} = S_OK;\n",
        {"fill", method->names.fill}, {"struct", method->names.frame}, {"frame", method->frame},
        {"parameters", carried_parameters(emitter->pool, plan, false)}, {"hr", method->hr});
    put_locals(out, &context, plan);
    out_put(out, "\n");
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];

        if (!carried->parameter->is_in || is_measured(carried))
            continue;
        if (carried->carry == CARRY_TEXT)
            put_text(out, &context, carried);
        else
            put_single(out, &context, carried);
    }
    for (size_t i = 0; i < plan->count; i++)
        if (is_measured(&plan->parameters[i]))
            put_measured(out, &context, &plan->parameters[i]);
    put_end(emitter, method);
}
