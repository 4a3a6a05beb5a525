/*
 * emit_frame.c -- the frame of one method, and what is done with it.
 *
 * fill copies the client's [in] values into it (emit_fill.c), its visitors look into values that
 * are more than their bytes, run and its kin call the server on it (emit_run.c), ready looks at the
 * client's [out] pointers, deliver moves the results out. What each parameter needs is in its plan.
 */
#include <string.h>

#include "codegen/emit.h"
#include "codegen/emit_visit.h"
#include "codegen/emit_visitor.h"
#include "codegen/frame_text.h"

/* ---- lists of parameters ---- */

static bool has_direction(const struct carried *carried, bool is_out)
{
    return is_out ? carried->parameter->is_out : carried->parameter->is_in;
}

const char *carried_parameters(struct pool *pool, const struct plan *plan, bool is_out)
{
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < plan->count; i++) {
        const struct parameter *parameter = plan->parameters[i].parameter;

        if (has_direction(&plan->parameters[i], is_out))
            OUT(&list, ", ${next}", {"next", type_declare(pool, parameter->type, parameter->name)});
    }
    return out_keep(&list, pool);
}

const char *carried_arguments(struct pool *pool, const struct plan *plan, bool is_out)
{
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < plan->count; i++)
        if (has_direction(&plan->parameters[i], is_out))
            OUT(&list, ", ${next}", {"next", plan->parameters[i].parameter->name});
    return out_keep(&list, pool);
}

/* ---- the struct ---- */

static const char *field_comment(struct pool *pool, const struct carried *carried)
{
    const struct parameter *parameter = carried->parameter;
    const char *direction = parameter->is_in ? parameter->is_out ? "[in, out]" : "[in]" : "[out]";
    const struct level *level = carried_level(carried);

    if (!level || !level->size.expr)
        return direction;
    return TEXT(pool,
                parameter->is_in && carried->carry != CARRY_TEXT
                    ? "${direction} ${size}${more} of them"
                    : "${direction} room for ${size}${more}",
                {"direction", direction}, {"size", expr_text(pool, level->size.expr)},
                {"more", level->size.plus_one ? " + 1" : ""});
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
        size_t width = strlen(frame_field(pool, &plan->parameters[i]));
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

        emit_field(emitter, frame_field(pool, carried), field_comment(pool, carried), column);
        if (carried->room)
            emit_field(emitter, TEXT(pool, "size_t ${room}", {"room", carried->room}),
                       TEXT(pool, "${unit} of ${name}",
                            {"unit", carried->carry == CARRY_OPEN ? "bytes" : "elements"},
                            {"name", carried->parameter->name}),
                       column);
    }
    out_put(emitter->out, "};\n");
}

/* ---- the visitors ---- */

enum direction { GOES_IN, GOES_BOTH, COMES_OUT };

static bool has_direction_of(const struct carried *carried, enum direction direction)
{
    bool is_in = carried->parameter->is_in, is_out = carried->parameter->is_out;

    if (direction == COMES_OUT)
        return is_out;
    return is_in && is_out == (direction == GOES_BOTH);
}

static enum visit_form form_of(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_PLACE:
        return VISIT_TARGET;
    case CARRY_POINTED:
    case CARRY_ARRAY:
    case CARRY_OPEN:
        return VISIT_ROOM;
    default:
        return VISIT_VARIABLE;
    }
}

static void put_visit(struct visit_body *body, const struct frame_context *context,
                      const struct carried *carried)
{
    const char *room = carried->carry == CARRY_ARRAY ? frame_room(context, carried) : NULL;
    const struct visit_place place = {TEXT(body->pool, "${frame}->", {"frame", context->frame}),
                                      form_of(carried), room};

    visit_variable(body, &carried->variable, &place);
}

/* The length of a part of flat elements, which nobody visits: it is looked at all the same. */
static void put_part_check(struct visit_body *body, const struct frame_context *context,
                           const struct carried *carried)
{
    const struct level *level = &carried->variable.levels[0];
    const char *first = level->first.expr ? frame_local(context, carried, "first") : NULL;
    const char *text;

    if (first && level->length.expr)
        OUT(&body->locals, "    size_t ${first} = ${text};\n", {"first", first},
            {"text", frame_first(context, carried)});
    text = first && !level->length.expr ? frame_first(context, carried)
                                        : frame_length(context, carried, first);
    STATEMENT(body, "${text};", {"text", text});
}

/* The server may have made it larger than what there is room for: then it is only freed. */
static void put_open_check(struct visit_body *body, const struct frame_context *context,
                           const struct carried *carried)
{
    struct content content = carried_content(carried);
    const char *field = TEXT(body->pool, "${frame}->${name}", {"frame", context->frame},
                             {"name", carried->parameter->name});
    const char *local = frame_local(context, carried, "length");
    bool is_visited = content.owns || content.looks;
    struct nest nest;

    nest = body_open(body);
    STATEMENT(body, "${assign}uvcom_length((LONGLONG)${size}, ${room}, ${hr});",
              {"assign", is_visited ? TEXT(body->pool, "${local} = ", {"local", local}) : ""},
              {"size", frame_open_size(context, carried, field)},
              {"room", frame_room(context, carried)}, {"hr", context->hr});
    body_close(body, nest, TEXT(body->pool, "if (${field})", {"field", field}));
    if (!is_visited)
        return;
    OUT(&body->locals, "    size_t ${local} = 0;\n", {"local", local});
    nest = body_open(body);
    put_visit(body, context, carried);
    body_close(body, nest,
               TEXT(body->pool, "if (uvcom_visit_open(${visit}, ${field}, ${room}, ${local}))",
                    {"visit", body->names->local.visit}, {"field", field},
                    {"room", frame_room(context, carried)}, {"local", local}));
}

/* A string that the server wrote into room of the frame ends there, or the call has failed. */
static void put_text_check(struct visit_body *body, const struct frame_context *context,
                           const struct carried *carried)
{
    STATEMENT(body,
              "uvcom_visit_ended(${visit}, ${frame}->${name}, sizeof *${frame}->${name}, ${room});",
              {"frame", context->frame}, {"name", carried->parameter->name},
              {"room", frame_room(context, carried)});
}

static void put_result_visit(struct visit_body *body, const struct frame_context *context,
                             const struct carried *carried)
{
    struct content content = carried_content(carried);

    if (carried->carry == CARRY_TEXT)
        put_text_check(body, context, carried);
    else if (carried->carry == CARRY_OPEN)
        put_open_check(body, context, carried);
    else if (content.owns || content.looks)
        put_visit(body, context, carried);
    else if (carried_is_part(carried))
        put_part_check(body, context, carried);
}

static void emit_visitor(struct emitter *emitter, const struct carried_method *method,
                         const char *name, enum direction direction)
{
    struct frame_context context = frame_context_of_visitor(emitter->pool, method);
    const char *type = TEXT(emitter->pool, "struct ${frame}", {"frame", method->names.frame});
    struct visit_body body;

    visit_begin(&body, emitter, context.frame);
    for (size_t i = 0; i < method->plan->count; i++) {
        const struct carried *carried = &method->plan->parameters[i];
        struct content content = carried_content(carried);

        if (!has_direction_of(carried, direction))
            continue;
        if (direction == COMES_OUT)
            put_result_visit(&body, &context, carried);
        else if (content.owns || (content.looks && !carried_is_number(carried)))
            put_visit(&body, &context, carried);
    }
    visit_end(&body, emitter, name, type);
}

static void emit_frame_visitors(struct emitter *emitter, const struct carried_method *method)
{
    if (method->plan->needs_in)
        emit_visitor(emitter, method, method->names.in, GOES_IN);
    if (method->plan->needs_in_out && !method->plan->shares_visitor)
        emit_visitor(emitter, method, method->names.in_out, GOES_BOTH);
    if (method->plan->needs_results)
        emit_visitor(emitter, method, method->names.results, COMES_OUT);
}

/* ---- ready and deliver ---- */

static const char *ready_template(const struct carried *carried)
{
    if (carried->is_optional)
        return "    (void)${name};\n";
    if (carried->parameter->is_in || carried->carry != CARRY_PLACE)
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

/* A pointer is handed over: the frame forgets it. */
static bool is_slot(const struct carried *carried)
{
    const struct variable *variable = &carried->variable;

    if (variable->level_count > 1)
        return !variable->levels[1].is_array;
    return variable->leaf == LEAF_INTERFACE || variable->leaf == LEAF_BSTR;
}

static const char *place_template(const struct carried *carried)
{
    bool is_array = carried->variable.level_count > 1 && carried->variable.levels[1].is_array;

    if (is_slot(carried))
        return "    *${name} = ${frame}->${name};\n"
               "    ${frame}->${name} = NULL;\n";
    if (carried_content(carried).owns)
        return "    uvcom_move(${name}, &${frame}->${name}, 1, sizeof *${name});\n";
    if (is_array)
        return "    uvcom_copy(${name}, &${frame}->${name}, 1, sizeof *${name});\n";
    return "    *${name} = ${frame}->${name};\n";
}

static const char *deliver_template(const struct carried *carried)
{
    if (carried_is_part(carried))
        return frame_part_template(carried);
    switch (carried->carry) {
    case CARRY_PLACE:
        return place_template(carried);
    case CARRY_POINTED:
        return "    uvcom_${way}(${name}, ${frame}->${name}, 1, sizeof *${name});\n";
    case CARRY_FIXED:
        return "    uvcom_${way}(${name}, ${frame}->${name}, 1, sizeof ${frame}->${name});\n";
    case CARRY_ARRAY:
        return "    uvcom_${way}(${name}, ${frame}->${name}, ${room}, sizeof *${name});\n";
    case CARRY_TEXT:
        return "    uvcom_copy(${name}, ${frame}->${name}, ${length}, sizeof *${name});\n";
    case CARRY_OPEN:
        return "    uvcom_${way}(${name}, ${frame}->${name}, 1, ${length});\n";
    default:
        return "";
    }
}

/* The local of deliver that says how much of it is there; "": all of it. */
static const char *deliver_length(const struct frame_context *context,
                                  const struct carried *carried, const char *first)
{
    struct pool *pool = context->pool;
    const char *field = TEXT(pool, "${frame}->${name}", {"frame", context->frame},
                             {"name", carried->parameter->name});

    if (carried_is_part(carried))
        return frame_length(context, carried, first);
    if (carried->carry == CARRY_TEXT)
        return TEXT(pool, "uvcom_text_within(${field}, sizeof *${field}, ${room})",
                    {"field", field}, {"room", frame_room(context, carried)});
    if (carried->carry == CARRY_OPEN)
        return TEXT(pool, "uvcom_length((LONGLONG)${size}, ${room}, ${hr})", {"field", field},
                    {"size", frame_open_size(context, carried, field)},
                    {"room", frame_room(context, carried)}, {"hr", context->hr});
    return "";
}

static bool has_deliver_length(const struct carried *carried)
{
    return carried->parameter->is_out &&
           (carried_is_part(carried) || carried->carry == CARRY_TEXT ||
            carried->carry == CARRY_OPEN);
}

/* They were good when the call completed; if the server has changed them since, they are 0. */
static void emit_lengths(struct emitter *emitter, const struct frame_context *context)
{
    const struct plan *plan = context->method->plan;
    bool any = false, is_checked = false;

    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        const char *first = NULL;

        if (!has_deliver_length(carried))
            continue;
        if (!is_checked && carried->carry != CARRY_TEXT)
            OUT(emitter->out, "    HRESULT ${hr} = S_OK;\n", {"hr", context->method->hr});
        is_checked = is_checked || carried->carry != CARRY_TEXT;
        any = true;
        if (carried_is_part(carried) && carried->variable.levels[0].first.expr) {
            first = frame_local(context, carried, "first");
            OUT(emitter->out, "    size_t ${first} = ${text};\n", {"first", first},
                {"text", frame_first(context, carried)});
        }
        OUT(emitter->out, "    size_t ${length} = ${text};\n",
            {"length", frame_local(context, carried, "length")},
            {"text", deliver_length(context, carried, first)});
    }
    if (any)
        out_put(emitter->out, "\n");
}

/* Everything has been looked at when the call completed, so nothing fails here. */
static void emit_deliver(struct emitter *emitter, const struct carried_method *method)
{
    struct frame_context context = frame_context_of(emitter->pool, method);
    const struct plan *plan = method->plan;

    OUT(emitter->out,
        "\n"
        "static void ${deliver}(struct ${struct} *${frame}${parameters})\n"
        "{\n",
        {"deliver", method->names.deliver}, {"struct", method->names.frame},
        {"frame", method->frame}, {"parameters", carried_parameters(emitter->pool, plan, true)});
    emit_lengths(emitter, &context);
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        bool has_length = has_deliver_length(carried);

        if (!carried->parameter->is_out)
            continue;
        OUT(emitter->out, deliver_template(carried), {"name", carried->parameter->name},
            {"to", carried->parameter->name},
            {"from", TEXT(emitter->pool, "${frame}->${name}", {"frame", method->frame},
                          {"name", carried->parameter->name})},
            {"frame", method->frame}, {"way", carried_content(carried).owns ? "move" : "copy"},
            {"first", has_length ? frame_local(&context, carried, "first") : ""},
            {"length", has_length ? frame_local(&context, carried, "length") : ""},
            {"room", carried->carry == CARRY_ARRAY ? frame_room(&context, carried) : ""});
    }
    out_put(emitter->out, "}\n");
}

void emit_frame(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;

    if (plan->has_frame)
        emit_struct(emitter, method);
    emit_frame_visitors(emitter, method);
    if (plan->needs_fill)
        emit_fill(emitter, method);
    emit_run(emitter, method);
    if (plan->needs_ready)
        emit_ready(emitter, method);
    if (plan->needs_deliver)
        emit_deliver(emitter, method);
}
