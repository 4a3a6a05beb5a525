/*
 * emit_pair.c -- the functions of a vtable that stand for one method: Begin_, Finish_, and the
 * plain one.
 *
 * They do the same for every method; what depends on its parameters is in the functions on its
 * frame.
 */
#include "codegen/emit.h"

/* The local variable of the frame: a method without parameters has none to look at. */
static const char *frame_type(struct pool *pool, const struct carried_method *method)
{
    if (!method->plan->has_frame)
        return "void ";
    return TEXT(pool, "struct ${frame} ", {"frame", method->names.frame});
}

static const char *fill_call(struct pool *pool, const struct carried_method *method)
{
    if (!method->plan->needs_fill)
        return "";
    return TEXT(pool, "        ${hr} = ${fill}(${frame}${arguments});\n", {"hr", method->hr},
                {"fill", method->names.fill}, {"frame", method->frame},
                {"arguments", carried_arguments(pool, method->plan, false)});
}

/* Without its first characters, if it has any: no memory makes every text empty. */
static const char *after(const char *text, size_t count)
{
    return *text ? text + count : text;
}

static void emit_begin(struct emitter *emitter, const struct carried_method *method)
{
    bool is_void = method->plan->returns_void;
    struct pool *pool = emitter->pool;
    const char *fill = fill_call(pool, method);
    const char *template = is_void ? "    if (${frame}) {\n"
                                     "${fill}"
                                     "        uvcom_call_start(This, ${frame}, ${status});\n"
                                     "    }\n"
                                     "}\n"
                                   : "    if (!${frame})\n"
                                     "        return ${hr};\n"
                                     "${fill}"
                                     "    return uvcom_call_start(This, ${frame}, ${status});\n"
                                     "}\n";

    OUT(emitter->out,
        "\n"
        "static ${type} STDMETHODCALLTYPE ${begin}(${twin} *This${parameters})\n"
        "{\n"
        "    HRESULT ${hr};\n"
        "    ${struct}*${frame} = uvcom_call_prepare(This, ${number}, &${hr});\n"
        "\n",
        {"type", is_void ? "void" : "HRESULT"}, {"begin", method->names.begin},
        {"twin", method->carrier->twin.name}, {"hr", method->hr},
        {"parameters", carried_parameters(pool, method->plan, false)},
        {"struct", frame_type(pool, method)}, {"frame", method->frame},
        {"number", method->names.number});
    OUT(emitter->out, template, {"frame", method->frame}, {"hr", method->hr},
        {"fill", is_void ? fill : after(fill, 4)}, {"status", *fill ? method->hr : "S_OK"});
}

/* Where hr is declared: with the look at the [out] pointers, if there are any. */
static void emit_start_of_wait(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    const char *arguments = carried_arguments(emitter->pool, plan, true);
    const char *result = plan->returns_void ? "" : " ";

    OUT(emitter->out, "    ${struct}*${frame};\n", {"struct", frame_type(emitter->pool, method)},
        {"frame", method->frame});
    if (!plan->needs_ready) {
        OUT(emitter->out, "    HRESULT ${hr};\n\n", {"hr", method->hr});
        return;
    }
    OUT(emitter->out,
        "    HRESULT ${hr} = ${ready}(${arguments});\n"
        "\n"
        "    if (FAILED(${hr}))\n"
        "        return${space}${result};\n",
        {"hr", method->hr}, {"ready", method->names.ready}, {"arguments", after(arguments, 2)},
        {"space", result}, {"result", plan->returns_void ? "" : method->hr});
}

static const char *deliver_call(struct pool *pool, const struct carried_method *method)
{
    if (!method->plan->needs_deliver)
        return "";
    return TEXT(pool, "    ${deliver}(${frame}${arguments});\n", {"deliver", method->names.deliver},
                {"frame", method->frame},
                {"arguments", carried_arguments(pool, method->plan, true)});
}

static void emit_finish(struct emitter *emitter, const struct carried_method *method)
{
    bool is_void = method->plan->returns_void;
    struct pool *pool = emitter->pool;

    OUT(emitter->out,
        "\n"
        "static ${type} STDMETHODCALLTYPE ${finish}(${twin} *This${parameters})\n"
        "{\n",
        {"type", is_void ? "void" : "HRESULT"}, {"finish", method->names.finish},
        {"twin", method->carrier->twin.name},
        {"parameters", carried_parameters(pool, method->plan, true)});
    emit_start_of_wait(emitter, method);
    OUT(emitter->out,
        "    ${frame} = uvcom_call_collect(This, ${number}, &${hr});\n"
        "    if (!${frame})\n"
        "        return${space}${result};\n"
        "${deliver}"
        "    uvcom_call_retire(This, ${frame});\n"
        "${last}"
        "}\n",
        {"frame", method->frame}, {"number", method->names.number}, {"hr", method->hr},
        {"space", is_void ? "" : " "}, {"result", is_void ? "" : method->hr},
        {"deliver", deliver_call(pool, method)},
        {"last", is_void ? "" : TEXT(pool, "    return ${hr};\n", {"hr", method->hr})});
}

static void emit_proxy(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    bool is_void = plan->returns_void;
    struct pool *pool = emitter->pool;
    const char *fill = after(fill_call(pool, method), 4);
    const char *list =
        parameters_text(pool, method->slot->parameters, method->slot->parameter_count);

    OUT(emitter->out,
        "\n"
        "static ${type} STDMETHODCALLTYPE ${name}(${interface} *This${comma}${list})\n"
        "{\n",
        {"type", is_void ? "void" : "HRESULT"}, {"name", method->names.frame},
        {"interface", method->carrier->view.name}, {"comma", *list ? ", " : ""}, {"list", list});
    emit_start_of_wait(emitter, method);
    OUT(emitter->out,
        "    ${frame} = uvcom_proxy_prepare(This, ${number}, &${hr});\n"
        "    if (!${frame})\n"
        "        return${space}${result};\n"
        "${fill}"
        "    ${frame} = uvcom_proxy_call(This, ${frame}, &${hr});\n"
        "    if (!${frame})\n"
        "        return${space}${result};\n"
        "${deliver}"
        "    uvcom_proxy_end(This, ${frame});\n"
        "${last}"
        "}\n",
        {"frame", method->frame}, {"number", method->names.number}, {"hr", method->hr},
        {"space", is_void ? "" : " "}, {"result", is_void ? "" : method->hr},
        {"fill", *fill ? fill : TEXT(pool, "    ${hr} = S_OK;\n", {"hr", method->hr})},
        {"deliver", deliver_call(pool, method)},
        {"last", is_void ? "" : TEXT(pool, "    return ${hr};\n", {"hr", method->hr})});
}

void emit_pair(struct emitter *emitter, const struct carried_method *method)
{
    if (method->carrier->interface->async) {
        emit_begin(emitter, method);
        emit_finish(emitter, method);
    }
    emit_proxy(emitter, method);
}
