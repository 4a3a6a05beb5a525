/*
 * emit_run.c -- how the server's method is called on the frame of one call: run, and for a server
 * that works asynchronously begin, finish and start.
 *
 * What is in the frame is decided elsewhere (emit_frame.c); these functions only pass it on.
 */
#include "codegen/emit.h"
#include "codegen/frame_text.h"

/* ---- arguments ---- */

/* The elements of a parameter are arrays, and const at some depth. */
static bool leads_to_const_arrays(const struct carried *carried)
{
    const struct level *levels = carried->variable.levels;
    size_t count = carried->variable.level_count, i = 0;

    if (count < 2 || !levels[1].is_array || carried->carry == CARRY_TREE)
        return false;
    while (!levels[i].is_const && i + 1 < count && levels[i + 1].is_array)
        i++;
    return levels[i].is_const;
}

/* C before 2023 has no way from an array of numbers to one of const numbers, but by a cast. */
static const char *place_cast(struct pool *pool, const struct carried *carried)
{
    const struct type *element, *base;
    struct type pointer = {.kind = TYPE_POINTER};
    const char *declarator;

    if (!leads_to_const_arrays(carried))
        return "";
    element = carried->variable.levels[0].element;
    pointer.target = element;
    declarator = type_declarator(pool, &pointer, "", &base);
    return TEXT(pool, "(${base}${space}${declarator})", {"base", type_declare(pool, base, "")},
                {"space", element->kind == TYPE_ARRAY ? "" : " "}, {"declarator", declarator});
}

static bool is_passed(const struct parameter *parameter, enum half half)
{
    if (half == HALF_WHOLE)
        return true;
    return half == HALF_BEGIN ? parameter->is_in : parameter->is_out;
}

/* Each with ", " before it: ", frame->cb, frame->pv, &frame->pcbRead". */
static const char *places(struct pool *pool, const struct carried_method *method, enum half half)
{
    const struct plan *plan = method->plan;
    struct out list = {.is_plain = true};

    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];

        if (is_passed(carried->parameter, half))
            OUT(&list, ", ${cast}${address}${frame}->${name}",
                {"frame", method->file_names->local.frame}, {"cast", place_cast(pool, carried)},
                {"address", carried->carry == CARRY_PLACE ? "&" : ""},
                {"name", carried->parameter->name});
    }
    return out_keep(&list, pool);
}

/* ---- [in, out] before Finish_ ---- */

/* Finish_ takes the place of an [in, out] value for empty, so it must not own anything. */
static bool is_emptied(const struct carried *carried)
{
    return carried->parameter->is_in && carried->parameter->is_out && carried_content(carried).owns;
}

static const char *clear_template(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_PLACE:
        return "    uvcom_clear(&${frame}->${name}, 1, sizeof ${frame}->${name});\n";
    case CARRY_FIXED:
        return "    uvcom_clear(${frame}->${name}, 1, sizeof ${frame}->${name});\n";
    case CARRY_OPEN:
        return "    uvcom_clear(${frame}->${name}, 1, ${room});\n";
    case CARRY_ARRAY:
        return "    uvcom_clear(${frame}->${name}, ${room}, sizeof *${frame}->${name});\n";
    default:
        return "    uvcom_clear(${frame}->${name}, 1, sizeof *${frame}->${name});\n";
    }
}

static bool has_room(const struct carried *carried)
{
    return carried->carry == CARRY_ARRAY || carried->carry == CARRY_OPEN;
}

/* All are freed before the first is cleared: sizes are read from one another. */
static void put_emptying(struct emitter *emitter, const struct carried_method *method)
{
    struct frame_context context = frame_context_of_visitor(emitter->pool, method);
    bool is_freed = false;

    for (size_t i = 0; i < method->plan->count; i++) {
        const struct carried *carried = &method->plan->parameters[i];

        if (!is_emptied(carried))
            continue;
        if (!is_freed)
            OUT(emitter->out,
                "    uvcom_frame_visit(${frame}, UVCOM_VISIT_FREE, ${visitor}, ${frame}, S_OK);\n",
                {"frame", context.frame}, {"visitor", method->names.in_out});
        is_freed = true;
        OUT(emitter->out, clear_template(carried), {"frame", context.frame},
            {"name", carried->parameter->name},
            {"room", has_room(carried) ? frame_room(&context, carried) : ""});
    }
}

/* ---- run, begin, finish ---- */

/* The local that is the frame, if there is something in it for this half of the method. */
static void put_frame(struct emitter *emitter, const struct carried_method *method, enum half half)
{
    const struct local_names *local = &emitter->names->local;
    bool is_used = *places(emitter->pool, method, half);

    OUT(emitter->out,
        is_used ? "    struct ${struct} *${frame} = ${data};\n\n" : "\n    (void)${data};\n",
        {"struct", method->names.frame}, {"frame", local->frame}, {"data", local->data});
}

/*
 * What a failing method left in an [out] value all the same is freed by a visit of the results, as
 * RPC's own stubs do: the client sees zeroes, and nothing leaks.
 */
static void put_call(struct emitter *emitter, const struct carried_method *method,
                     const struct slot *slot, const char *name)
{
    const struct local_names *local = &emitter->names->local;
    bool is_void = method->plan->returns_void, is_whole = slot->half == HALF_WHOLE;
    const struct carrier *carrier = method->carrier;

    OUT(emitter->out,
        "\n"
        "static HRESULT ${name}(void *${object}, void *${data})\n"
        "{\n"
        "    ${interface} *${target} = ${object};\n",
        {"name", name}, {"object", is_whole ? local->server : local->call}, {"data", local->data},
        {"interface", is_whole ? carrier->view.name : carrier->twin.name},
        {"target", local->target});
    put_frame(emitter, method, slot->half);
    if (slot->half == HALF_FINISH)
        put_emptying(emitter, method);
    OUT(emitter->out,
        "    ${return}${target}->lpVtbl->${slot}(${target}${arguments});\n"
        "${last}"
        "}\n",
        {"return", is_void ? "" : "return "}, {"target", local->target}, {"slot", slot->name},
        {"arguments", places(emitter->pool, method, slot->half)},
        {"last", is_void ? "    return S_OK;\n" : ""});
}

static const struct slot *twin_slot(const struct carried_method *method, enum half half)
{
    const struct view *twin = &method->carrier->twin;

    for (size_t i = 0; i < twin->slot_count; i++)
        if (twin->slots[i].method == method->slot->method && twin->slots[i].half == half)
            return &twin->slots[i];
    return method->slot; /* no memory */
}

/* ---- a server that starts and completes ---- */

static void put_start(struct emitter *emitter, const struct carried_method *method)
{
    const struct local_names *local = &emitter->names->local;
    struct out *out = emitter->out;

    OUT(out,
        "\n"
        "static HRESULT ${name}(const void *${starts}, void *${server}, "
        "uvcom_operation *${operation}, void *${data})\n"
        "{\n"
        "    const ${twin}Server *${table} = ${starts};\n",
        {"name", method->names.serve_start}, {"starts", local->starts}, {"server", local->server},
        {"operation", local->operation}, {"data", local->data},
        {"twin", method->carrier->twin.name}, {"table", local->table});
    OUT(out, method->plan->has_frame ? "    struct ${struct} *${frame} = ${data};\n\n" : "\n",
        {"struct", method->names.frame}, {"frame", local->frame}, {"data", local->data});
    OUT(out,
        "    if (!${table}->Start_${slot})\n"
        "        return uvcom_operation_end(${operation}, ${run}(${server}, ${data}));\n"
        "    return ${table}->Start_${slot}(${server}, ${operation}${places});\n"
        "}\n",
        {"table", local->table}, {"slot", method->slot->name}, {"operation", local->operation},
        {"run", method->names.run}, {"server", local->server}, {"data", local->data},
        {"places", places(emitter->pool, method, HALF_WHOLE)});
}

void emit_run(struct emitter *emitter, const struct carried_method *method)
{
    put_call(emitter, method, method->slot, method->names.run);
    if (!method->carrier->interface->async)
        return;
    put_call(emitter, method, twin_slot(method, HALF_BEGIN), method->names.serve_begin);
    put_call(emitter, method, twin_slot(method, HALF_FINISH), method->names.serve_finish);
    put_start(emitter, method);
}
