/*
 * emit_frame.c -- the frame of one method, and what is done with it.
 *
 * fill copies the client's [in] values into it, run calls the server's method on it, ready looks at
 * the client's [out] pointers, deliver moves the results out, clear frees what nobody collected.
 * What each parameter needs is in its plan.
 */
#include <string.h>

#include "codegen/emit.h"

/* ---- lists of parameters ---- */

static bool has_direction(const struct carried *carried, bool is_out)
{
    return is_out ? carried->parameter->is_out : carried->parameter->is_in;
}

const char *carried_parameters(struct pool *pool, const struct plan *plan, bool is_out)
{
    const char *list = "";

    for (size_t i = 0; i < plan->count; i++) {
        const struct parameter *parameter = plan->parameters[i].parameter;

        if (has_direction(&plan->parameters[i], is_out))
            list = TEXT(pool, "${list}, ${next}", {"list", list},
                        {"next", type_declare(pool, parameter->type, parameter->name)});
    }
    return list;
}

const char *carried_arguments(struct pool *pool, const struct plan *plan, bool is_out)
{
    const char *list = "";

    for (size_t i = 0; i < plan->count; i++)
        if (has_direction(&plan->parameters[i], is_out))
            list = TEXT(pool, "${list}, ${next}", {"list", list},
                        {"next", plan->parameters[i].parameter->name});
    return list;
}

/* ---- the struct ---- */

static const struct type *owned_type(const struct carried *carried)
{
    const struct type *type = carried->parameter->type;

    return carried->parameter->is_out ? type_element(type) : type;
}

static const char *field_text(struct pool *pool, const struct carried *carried)
{
    const char *name = carried->parameter->name;
    bool is_place = carried->carry == CARRY_POINTED && !carried->is_optional;

    if (carried->carry == CARRY_OBJECT || carried->carry == CARRY_MEMORY)
        return type_declare_copy(pool, owned_type(carried), name);
    if (carried->carry == CARRY_FIXED)
        return type_declare_copy(pool, type_resolve(carried->parameter->type), name);
    if (carried->carry == CARRY_VALUE || is_place)
        return type_declare_copy(pool, carried->element, name);
    return type_declare_copy(pool, carried->element, TEXT(pool, "*${name}", {"name", name}));
}

static const char *field_comment(struct pool *pool, const struct carried *carried)
{
    const struct parameter *parameter = carried->parameter;
    const char *direction = parameter->is_in ? parameter->is_out ? "[in, out]" : "[in]" : "[out]";

    if (carried->carry != CARRY_ARRAY)
        return direction;
    return TEXT(pool,
                parameter->is_in ? "${direction} ${size}${more} of them"
                                 : "${direction} room for ${size}${more}",
                {"direction", direction}, {"size", expr_text(pool, carried->size.expr)},
                {"more", carried->size.plus_one ? " + 1" : ""});
}

static const char *padded(struct pool *pool, const char *text, size_t width)
{
    char *copy = pool_alloc(pool, width + 1);

    if (!copy || strlen(text) > width)
        return text;
    memset(copy, ' ', width);
    return memcpy(copy, text, strlen(text));
}

/* The comments stand in one column, as clang-format has them; too far right they are left out. */
static size_t comment_column(struct pool *pool, const struct plan *plan)
{
    size_t column = 0, longest = 0;

    for (size_t i = 0; i < plan->count; i++) {
        size_t width = strlen(field_text(pool, &plan->parameters[i]));
        size_t comment = strlen(field_comment(pool, &plan->parameters[i]));

        column = width > column ? width : column;
        longest = comment > longest ? comment : longest;
        if (plan->parameters[i].room && strlen(plan->parameters[i].room) + 7 > column)
            column = strlen(plan->parameters[i].room) + 7;
    }
    return 4 + column + 2 + longest + 6 <= OUT_COLUMNS ? column + 1 : 0;
}

static void emit_field(struct emitter *emitter, const char *field, const char *comment,
                       size_t column)
{
    const char *text = TEXT(emitter->pool, "${field};", {"field", field});

    if (column == 0)
        OUT(emitter->out, "    ${text}\n", {"text", text});
    else
        OUT(emitter->out, "    ${text} /* ${comment} */\n",
            {"text", padded(emitter->pool, text, column)}, {"comment", comment});
}

static void emit_struct(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    struct pool *pool = emitter->pool;
    size_t column = comment_column(pool, plan);

    OUT(emitter->out, "\nstruct ${frame} {\n", {"frame", method->names.frame});
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];

        emit_field(emitter, field_text(pool, carried), field_comment(pool, carried), column);
        if (carried->room)
            emit_field(emitter, TEXT(pool, "size_t ${room}", {"room", carried->room}),
                       TEXT(pool, "elements of ${name}", {"name", carried->parameter->name}),
                       column);
    }
    out_put(emitter->out, "};\n");
}

/* ---- fill ---- */

/* How many elements there is room for, as the frame knows it. */
static const char *room_text(struct pool *pool, const struct carried_method *method,
                             const struct carried *carried)
{
    const char *field = carried->room ? carried->room : carried->size.expr->text;

    return TEXT(pool, "${frame}->${field}", {"frame", method->frame}, {"field", field});
}

/* The local variable that holds an evaluated length_is. */
static const char *length_name(struct pool *pool, const struct carried_method *method,
                               const struct carried *carried)
{
    return method_local(pool, method->slot->method,
                        TEXT(pool, "${name}_length", {"name", carried->parameter->name}));
}

/* Room for all of the array, but only the first elements of it go in. */
static bool fills_part(const struct carried *carried)
{
    return carried->carry == CARRY_ARRAY && carried->length.expr && carried->parameter->is_in &&
           !carried->parameter->is_out;
}

static const char *fill_array_template(const struct carried *carried)
{
    if (!carried->parameter->is_in)
        return "    ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof "
               "*${frame}->${name}, &${hr});\n";
    if (!fills_part(carried))
        return "    ${frame}->${name} = uvcom_frame_copy(${frame}, ${name}, ${room}, sizeof "
               "*${name}, "
               "&${hr});\n";
    return "    ${frame}->${name} = uvcom_frame_room(${frame}, ${room}, sizeof *${name}, &${hr});\n"
           "    ${length} = uvcom_length(${bound}, ${room}, &${hr});\n"
           "    uvcom_copy(${frame}->${name}, ${name}, ${length}, sizeof *${name});\n";
}

static void emit_fill_array(struct emitter *emitter, const struct carried_method *method,
                            const struct carried *carried)
{
    struct pool *pool = emitter->pool;
    bool has_length = fills_part(carried);

    if (carried->room)
        OUT(emitter->out, "    ${room} = uvcom_size(${size}, &${hr});\n",
            {"room", room_text(pool, method, carried)},
            {"size", bound_text(pool, method, &carried->size)}, {"hr", method->hr});
    if (carried->parameter->is_in && !carried->is_optional)
        OUT(emitter->out, "    ${hr} = uvcom_require(${name}, ${hr});\n", {"hr", method->hr},
            {"name", carried->parameter->name});
    OUT(emitter->out, fill_array_template(carried), {"frame", method->frame}, {"hr", method->hr},
        {"name", carried->parameter->name}, {"room", room_text(pool, method, carried)},
        {"length", has_length ? length_name(pool, method, carried) : ""},
        {"bound", has_length ? bound_text(pool, method, &carried->length) : ""});
}

static const char *fill_template(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_VALUE:
        return "    ${frame}->${name} = ${name};\n";
    case CARRY_POINTED:
        return carried->is_optional
                   ? "    ${frame}->${name} = uvcom_frame_copy(${frame}, ${name}, 1, sizeof "
                     "*${name}, "
                     "&${hr});\n"
                   : "    ${hr} = uvcom_frame_take(&${frame}->${name}, ${name}, sizeof "
                     "${frame}->${name}, ${hr});\n";
    case CARRY_FIXED:
        return "    ${hr} = uvcom_frame_take(${frame}->${name}, ${name}, sizeof ${frame}->${name}, "
               "${hr});\n";
    case CARRY_STRING:
        return carried->is_optional
                   ? "    ${frame}->${name} = uvcom_frame_text(${frame}, ${name}, sizeof *${name}, "
                     "&${hr});\n"
                   : "    ${hr} = uvcom_require(${name}, ${hr});\n"
                     "    ${frame}->${name} = uvcom_frame_text(${frame}, ${name}, sizeof *${name}, "
                     "&${hr});\n";
    case CARRY_OBJECT:
        return "    ${frame}->${name} = uvcom_frame_hold(${frame}, ${name}, &${hr});\n";
    default:
        return "";
    }
}

/* Values first: the sizes of arrays are read from them. */
static void emit_fill(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;

    OUT(emitter->out,
        "\n"
        "static HRESULT ${fill}(struct ${struct} *${frame}${parameters})\n"
        "{\n"
        "    HRESULT ${hr} = S_OK;\n",
        {"fill", method->names.fill}, {"struct", method->names.frame}, {"frame", method->frame},
        {"parameters", carried_parameters(emitter->pool, plan, false)}, {"hr", method->hr});
    for (size_t i = 0; i < plan->count; i++)
        if (fills_part(&plan->parameters[i]))
            OUT(emitter->out, "    size_t ${length};\n",
                {"length", length_name(emitter->pool, method, &plan->parameters[i])});
    out_put(emitter->out, "\n");
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];

        if (carried->parameter->is_in)
            OUT(emitter->out, fill_template(carried), {"frame", method->frame},
                {"name", carried->parameter->name}, {"hr", method->hr});
    }
    for (size_t i = 0; i < plan->count; i++)
        if (plan->parameters[i].carry == CARRY_ARRAY)
            emit_fill_array(emitter, method, &plan->parameters[i]);
    OUT(emitter->out, "    return ${hr};\n}\n", {"hr", method->hr});
}

/* ---- run and clear ---- */

static bool is_address(const struct carried *carried)
{
    if (carried->carry == CARRY_OBJECT || carried->carry == CARRY_MEMORY)
        return carried->parameter->is_out;
    return carried->carry == CARRY_POINTED && !carried->is_optional;
}

static const char *run_arguments(struct pool *pool, const struct plan *plan)
{
    const char *list = "";

    for (size_t i = 0; i < plan->count; i++)
        list = TEXT(pool, "${list}, ${address}frame->${name}", {"list", list},
                    {"address", is_address(&plan->parameters[i]) ? "&" : ""},
                    {"name", plan->parameters[i].parameter->name});
    return list;
}

/*
 * What a failing method left in an [out] value all the same is freed by `clear` with the rest, as
 * RPC's own stubs do: the client sees zeroes, and nothing leaks.
 */
static void emit_run(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;

    OUT(emitter->out,
        "\n"
        "static HRESULT ${run}(void *server, void *data)\n"
        "{\n"
        "    ${interface} *target = server;\n",
        {"run", method->names.run}, {"interface", method->carrier->interface->name});
    if (plan->has_frame)
        OUT(emitter->out, "    struct ${frame} *frame = data;\n", {"frame", method->names.frame});
    out_put(emitter->out, plan->has_frame ? "\n" : "\n    (void)data;\n");
    OUT(emitter->out, "    ${return}target->lpVtbl->${slot}(target${arguments});\n",
        {"return", plan->returns_void ? "" : "return "}, {"slot", method->slot->name},
        {"arguments", run_arguments(emitter->pool, plan)});
    if (plan->returns_void)
        out_put(emitter->out, "    return S_OK;\n");
    out_put(emitter->out, "}\n");
}

static void emit_clear(struct emitter *emitter, const struct carried_method *method)
{
    OUT(emitter->out,
        "\n"
        "static void ${clear}(void *data)\n"
        "{\n"
        "    struct ${frame} *frame = data;\n"
        "\n",
        {"clear", method->names.clear}, {"frame", method->names.frame});
    for (size_t i = 0; i < method->plan->count; i++) {
        const struct carried *carried = &method->plan->parameters[i];
        bool is_constant = carried->element && carried->element->is_const;

        if (carried->carry == CARRY_OBJECT)
            OUT(emitter->out, "    uvcom_frame_release(frame->${name});\n",
                {"name", carried->parameter->name});
        if (carried->carry == CARRY_MEMORY)
            OUT(emitter->out, "    CoTaskMemFree(${cast}frame->${name});\n",
                {"cast", is_constant ? "(void *)" : ""}, {"name", carried->parameter->name});
    }
    out_put(emitter->out, "}\n");
}

/* ---- ready and deliver ---- */

static const char *ready_template(const struct carried *carried)
{
    if (carried->is_optional)
        return "    (void)${name};\n";
    if (carried->parameter->is_in || carried->carry == CARRY_ARRAY || carried->carry == CARRY_FIXED)
        return "    ${hr} = uvcom_require(${name}, ${hr});\n";
    return "    ${hr} = uvcom_require_out(${name}, sizeof *${name}, ${hr});\n";
}

static void emit_ready(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    const char *parameters = carried_parameters(emitter->pool, plan, true);

    OUT(emitter->out,
        "\n"
        "static HRESULT ${ready}(${parameters})\n"
        "{\n"
        "    HRESULT ${hr} = S_OK;\n"
        "\n",
        {"ready", method->names.ready}, {"hr", method->hr},
        {"parameters", parameters[0] ? parameters + 2 : "void"});
    for (size_t i = 0; i < plan->count; i++)
        if (plan->parameters[i].parameter->is_out)
            OUT(emitter->out, ready_template(&plan->parameters[i]), {"hr", method->hr},
                {"name", plan->parameters[i].parameter->name});
    OUT(emitter->out, "    return ${hr};\n}\n", {"hr", method->hr});
}

static bool has_length(const struct carried *carried)
{
    return carried->parameter->is_out && carried->carry == CARRY_ARRAY && carried->length.expr;
}

static const char *deliver_template(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_POINTED:
        return carried->is_optional
                   ? "    uvcom_copy(${name}, ${frame}->${name}, 1, sizeof *${name});\n"
                   : "    *${name} = ${frame}->${name};\n";
    case CARRY_FIXED:
        return "    uvcom_copy(${name}, ${frame}->${name}, 1, sizeof ${frame}->${name});\n";
    case CARRY_ARRAY:
        return "    uvcom_copy(${name}, ${frame}->${name}, ${count}, sizeof *${name});\n";
    case CARRY_OBJECT:
    case CARRY_MEMORY:
        return "    *${name} = ${frame}->${name};\n"
               "    ${frame}->${name} = NULL;\n";
    default:
        return "";
    }
}

static void emit_lengths(struct emitter *emitter, const struct carried_method *method)
{
    struct pool *pool = emitter->pool;
    bool any = false;

    for (size_t i = 0; i < method->plan->count; i++) {
        const struct carried *carried = &method->plan->parameters[i];

        if (!has_length(carried))
            continue;
        any = true;
        OUT(emitter->out, "    size_t ${length} = uvcom_length(${bound}, ${room}, &${hr});\n",
            {"length", length_name(pool, method, carried)},
            {"bound", bound_text(pool, method, &carried->length)},
            {"room", room_text(pool, method, carried)}, {"hr", method->hr});
    }
    if (any)
        OUT(emitter->out,
            "\n"
            "    if (FAILED(${hr}))\n"
            "        return ${hr};\n",
            {"hr", method->hr});
}

/* Lengths are checked before anything is copied: a failure leaves the client's arrays as they were.
 */
static void emit_deliver(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    struct pool *pool = emitter->pool;

    OUT(emitter->out,
        "\n"
        "static HRESULT ${deliver}(struct ${struct} *${frame}, HRESULT ${hr}${parameters})\n"
        "{\n",
        {"deliver", method->names.deliver}, {"struct", method->names.frame},
        {"frame", method->frame}, {"hr", method->hr},
        {"parameters", carried_parameters(pool, plan, true)});
    emit_lengths(emitter, method);
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        const char *count = "";

        if (!carried->parameter->is_out)
            continue;
        if (carried->carry == CARRY_ARRAY)
            count = has_length(carried) ? length_name(pool, method, carried)
                                        : room_text(pool, method, carried);
        OUT(emitter->out, deliver_template(carried), {"name", carried->parameter->name},
            {"frame", method->frame}, {"count", count});
    }
    OUT(emitter->out, "    return ${hr};\n}\n", {"hr", method->hr});
}

void emit_frame(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;

    if (plan->has_frame)
        emit_struct(emitter, method);
    if (plan->needs_fill)
        emit_fill(emitter, method);
    emit_run(emitter, method);
    if (plan->needs_ready)
        emit_ready(emitter, method);
    if (plan->needs_deliver)
        emit_deliver(emitter, method);
    if (plan->needs_clear)
        emit_clear(emitter, method);
}
