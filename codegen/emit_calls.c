/*
 * emit_calls.c -- foo_p.c: for each interface its methods, its vtables, and the tables that the
 * runtime reads; and how the file makes itself known.
 */
#include <stdio.h>
#include <string.h>

#include "codegen/emit.h"
#include "codegen/emit_visit.h"

/* ---- one interface ---- */

static void emit_numbers(struct emitter *emitter, const struct carried_method *methods,
                         size_t count)
{
    out_put(emitter->out, "\n/* From 1, so that a forgotten number names no method. */\nenum {\n");
    for (size_t i = 0; i < count; i++)
        OUT(emitter->out, "    ${number}${one},\n", {"number", methods[i].names.number},
            {"one", i == 0 ? " = 1" : ""});
    out_put(emitter->out, "};\n");
}

static void emit_method(struct emitter *emitter, const struct carried_method *method)
{
    const struct method *of = method->slot->method;
    char line[16];

    snprintf(line, sizeof line, "%u", location_line(&of->location));
    OUT(emitter->out, "\n/* ${owner}::${method}, ${file}:${line} */\n",
        {"owner", method->slot->owner}, {"method", of->name}, {"file", emitter->names->file->name},
        {"line", line});
    emit_frame(emitter, method);
    emit_pair(emitter, method);
}

/* The three methods of IUnknown, typed for one vtable; `side` is "proxy" or "call". */
static void emit_unknown(struct emitter *emitter, const char *prefix, const char *side,
                         const char *interface)
{
    OUT(emitter->out,
        "\n"
        "static HRESULT STDMETHODCALLTYPE ${prefix}_QueryInterface(${interface} *This, REFIID "
        "${riid}, void **${ppv})\n"
        "{\n"
        "    return uvcom_${side}_QueryInterface(This, ${riid}, ${ppv});\n"
        "}\n"
        "\n"
        "static ULONG STDMETHODCALLTYPE ${prefix}_AddRef(${interface} *This)\n"
        "{\n"
        "    return uvcom_${side}_AddRef(This);\n"
        "}\n"
        "\n"
        "static ULONG STDMETHODCALLTYPE ${prefix}_Release(${interface} *This)\n"
        "{\n"
        "    return uvcom_${side}_Release(This);\n"
        "}\n",
        {"prefix", prefix}, {"side", side}, {"interface", interface},
        {"riid", emitter->names->local.riid}, {"ppv", emitter->names->local.ppv});
}

static void emit_entry(struct emitter *emitter, const char *slot, const char *function)
{
    OUT(emitter->out, "    .${slot} = ${function},\n", {"slot", slot}, {"function", function});
}

static const char *entry_of(const struct view *view, const struct slot *slot,
                            const struct carried_method *methods, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (methods[i].slot->method != slot->method)
            continue;
        if (!view->is_async)
            return methods[i].names.frame;
        return slot->half == HALF_BEGIN ? methods[i].names.begin : methods[i].names.finish;
    }
    return "NULL";
}

static const char *emit_vtable(struct emitter *emitter, const struct view *view, size_t first,
                               const char *prefix, const struct carried_method *methods,
                               size_t count)
{
    struct pool *pool = emitter->pool;
    const char *name =
        names_claim(emitter->names, TEXT(pool, "${prefix}_vtable", {"prefix", prefix}));

    OUT(emitter->out, "\nstatic const ${view}Vtbl ${name} = {\n", {"view", view->name},
        {"name", name});
    for (size_t i = 0; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];

        emit_entry(emitter, slot->name,
                   i < first
                       ? TEXT(pool, "${prefix}_${slot}", {"prefix", prefix}, {"slot", slot->name})
                       : entry_of(view, slot, methods, count));
    }
    out_put(emitter->out, "};\n");
    return name;
}

static void emit_method_entry(struct emitter *emitter, const struct carried_method *method)
{
    const struct plan *plan = method->plan;
    struct out *out = emitter->out;

    OUT(out,
        "    {\n"
        "        .name = \"${method}\",\n",
        {"method", method->slot->method->name});
    if (plan->has_frame)
        OUT(out, "        .frame_size = sizeof(struct ${frame}),\n",
            {"frame", method->names.frame});
    if (plan->needs_results)
        OUT(out, "        .results = ${results},\n", {"results", method->names.results});
    OUT(out, "        .run = ${run},\n", {"run", method->names.run});
    if (method->carrier->interface->async)
        OUT(out,
            "        .begin = ${begin},\n"
            "        .finish = ${finish},\n"
            "        .start = ${start},\n",
            {"begin", method->names.serve_begin}, {"finish", method->names.serve_finish},
            {"start", method->names.serve_start});
    out_put(out, "    },\n");
}

static void emit_method_table(struct emitter *emitter, const char *name,
                              const struct carried_method *methods, size_t count)
{
    OUT(emitter->out, "\nstatic const struct uvcom_method ${name}[] = {\n", {"name", name});
    for (size_t i = 0; i < count; i++)
        emit_method_entry(emitter, &methods[i]);
    out_put(emitter->out, "};\n");
}

static const char *id_pair(struct pool *pool, const struct interface *interface)
{
    const char *twin =
        interface->async ? TEXT(pool, "&IID_${twin}", {"twin", interface->async->name}) : "NULL";

    return TEXT(pool, "{&IID_${name}, ${twin}}", {"name", interface->name}, {"twin", twin});
}

/* The interfaces between this one and IUnknown: an object that has this one has them too. */
static size_t emit_bases(struct emitter *emitter, const char *name,
                         const struct interface *interface)
{
    size_t count = 0;

    for (const struct interface *b = interface->base; b && b->base; b = b->base) {
        if (count++ == 0)
            OUT(emitter->out, "\nstatic const struct uvcom_interface_id ${name}[] = {\n",
                {"name", name});
        OUT(emitter->out, "    ${pair},\n", {"pair", id_pair(emitter->pool, b)});
    }
    if (count > 0)
        out_put(emitter->out, "};\n");
    return count;
}

static const char *count_of(struct pool *pool, const char *table, bool is_there)
{
    return is_there ? TEXT(pool, "sizeof ${table} / sizeof *${table}", {"table", table}) : "0";
}

/* Everything that the runtime knows of the interface; returns the name of the table. */
static const char *emit_tables(struct emitter *emitter, const struct carrier *carrier,
                               const struct interface_names *names,
                               const struct carried_method *methods)
{
    struct pool *pool = emitter->pool;
    const char *prefix = names->prefix;
    const char *bases = names_claim(emitter->names, TEXT(pool, "${p}_bases", {"p", prefix}));
    const char *table = names_claim(emitter->names, TEXT(pool, "${p}_methods", {"p", prefix}));
    const char *name = names_claim(emitter->names, TEXT(pool, "${p}_interface", {"p", prefix}));
    const char *proxy, *call = NULL;
    size_t count = carrier->plan_count;
    bool has_bases;

    emit_unknown(emitter, names->proxy, "proxy", carrier->view.name);
    proxy = emit_vtable(emitter, &carrier->view, carrier->first, names->proxy, methods, count);
    if (carrier->interface->async) {
        emit_unknown(emitter, names->call, "call", carrier->twin.name);
        call = emit_vtable(emitter, &carrier->twin, carrier->first, names->call, methods, count);
    }
    has_bases = emit_bases(emitter, bases, carrier->interface) > 0;
    if (count > 0)
        emit_method_table(emitter, table, methods, count);
    OUT(emitter->out,
        "\n"
        "static const struct uvcom_interface ${name} = {\n"
        "    .name = \"${interface}\",\n"
        "    .id = ${id},\n"
        "    .bases = ${bases},\n"
        "    .base_count = ${base_count},\n"
        "    .proxy_vtable = &${proxy},\n"
        "    .call_vtable = ${and}${call},\n"
        "    .methods = ${methods},\n"
        "    .method_count = ${method_count},\n"
        "};\n",
        {"name", name}, {"interface", carrier->view.name},
        {"id", id_pair(pool, carrier->interface)}, {"bases", has_bases ? bases : "NULL"},
        {"base_count", count_of(pool, bases, has_bases)}, {"proxy", proxy},
        {"and", call ? "&" : ""}, {"call", call ? call : "NULL"},
        {"methods", count > 0 ? table : "NULL"},
        {"method_count", count_of(pool, table, count > 0)});
    return name;
}

static const char *emit_carrier(struct emitter *emitter, const struct carrier *carrier)
{
    struct interface_names names = names_of_interface(emitter->names, carrier->interface);
    struct pool *pool = emitter->pool;
    struct carried_method *methods = pool_alloc(pool, (carrier->plan_count + 1) * sizeof *methods);

    OUT(emitter->out, "\n/* ---- ${name} ---- */\n", {"name", carrier->view.name});
    for (size_t i = 0; i < carrier->plan_count && methods; i++) {
        const struct slot *slot = &carrier->view.slots[carrier->first + i];

        methods[i].carrier = carrier;
        methods[i].slot = slot;
        methods[i].plan = &carrier->plans[i];
        methods[i].names = names_of_method(emitter->names, &names, slot->name);
        if (methods[i].plan->shares_visitor)
            methods[i].names.in_out = methods[i].names.results;
        methods[i].file_names = emitter->names;
        methods[i].frame = carried_local(&methods[i], emitter->names->local.frame);
        methods[i].hr = carried_local(&methods[i], emitter->names->local.hr);
    }
    if (!methods)
        return "";
    if (carrier->plan_count > 0)
        emit_numbers(emitter, methods, carrier->plan_count);
    for (size_t i = 0; i < carrier->plan_count; i++)
        emit_method(emitter, &methods[i]);
    return emit_tables(emitter, carrier, &names, methods);
}

/* ---- the file ---- */

/* Each with a comment behind it, all in one column: without one clang-format would pack them. */
static void emit_table_list(struct emitter *emitter, const char *const *tables, size_t count)
{
    size_t width = 0;

    for (size_t i = 0; i < count; i++)
        width = strlen(tables[i]) > width ? strlen(tables[i]) : width;
    for (size_t i = 0; i < count; i++) {
        OUT(emitter->out, "    &${table},", {"table", tables[i]});
        for (size_t column = strlen(tables[i]); column < width; column++)
            out_put(emitter->out, " ");
        OUT(emitter->out, " /* ${number} */\n", {"number", number_text(emitter->pool, (int64_t)i)});
    }
}

static void emit_module(struct emitter *emitter, const char *const *tables, size_t count,
                        const char *anchor)
{
    OUT(emitter->out,
        "\n"
        "/* ---- how ${file} is found ---- */\n"
        "\n"
        "static const struct uvcom_interface *const uvcom__interfaces[] = {\n",
        {"file", emitter->names->calls});
    emit_table_list(emitter, tables, count);
    out_put(emitter->out,
            "};\n"
            "\n"
            "static struct uvcom_module uvcom__module = {\n"
            "    .interfaces = uvcom__interfaces,\n"
            "    .interface_count = sizeof uvcom__interfaces / sizeof *uvcom__interfaces,\n"
            "};\n"
            "\n"
            "__attribute__((constructor)) static void uvcom__module_add(void)\n"
            "{\n"
            "    uvcom_module_add(&uvcom__module);\n"
            "}\n"
            "\n"
            "__attribute__((destructor)) static void uvcom__module_remove(void)\n"
            "{\n"
            "    uvcom_module_remove(&uvcom__module);\n"
            "}\n"
            "\n");
    out_comment(
        emitter->out, 0, "/*",
        TEXT(emitter->pool,
             "${ids} refers to it, so that the linker takes this file out of an archive when "
             "it takes the ids.",
             {"ids", emitter->names->ids}));
    OUT(emitter->out,
        "extern __attribute__((visibility(\"hidden\"))) const char ${anchor};\n"
        "const char ${anchor} = 0;\n",
        {"anchor", anchor});
}

/* What the reader should know of those that have no code here. */
static void emit_obstacles(struct emitter *emitter)
{
    for (size_t i = 0; i < emitter->plan->count; i++) {
        const struct carrier *carrier = &emitter->plan->carriers[i];

        if (!carrier->obstacle)
            continue;
        out_put(emitter->out, "\n");
        out_comment(emitter->out, 0, "/*",
                    TEXT(emitter->pool, "${name} has no code here: ${why}.",
                         {"name", carrier->interface->name}, {"why", carrier->obstacle}));
    }
}

/* The functions that look into structs and unions, before all methods that carry some. */
static void emit_inside(struct emitter *emitter)
{
    for (size_t i = 0; i < emitter->plan->count; i++) {
        const struct carrier *carrier = &emitter->plan->carriers[i];

        for (size_t k = 0; !carrier->obstacle && k < carrier->plan_count; k++)
            for (size_t p = 0; p < carrier->plans[k].count; p++)
                emit_visitors(emitter, &carrier->plans[k].parameters[p].variable);
    }
}

static const char *about_text(struct emitter *emitter)
{
    struct out list = {.is_plain = true};
    const char *names;

    for (size_t i = 0; i < emitter->plan->count; i++)
        if (!emitter->plan->carriers[i].obstacle)
            OUT(&list, "${comma}${name}", {"comma", list.length ? ", " : ""},
                {"name", emitter->plan->carriers[i].interface->name});
    names = out_keep(&list, emitter->pool);
    if (!*names)
        return "\nIt has no interface that can cross an apartment, so there is nothing here.";
    return TEXT(emitter->pool, "\nThe call objects and proxies of ${list}.", {"list", names});
}

void emit_calls(struct emitter *emitter)
{
    const struct file_plan *plan = emitter->plan;
    const char *anchor = file_plan_anchor(emitter->pool, plan);
    const char **tables = pool_alloc(emitter->pool, (plan->count + 1) * sizeof *tables);
    size_t count = 0;

    emit_banner(emitter, emitter->names->calls, about_text(emitter));
    /* First: a type of the IDL may have the name of a parameter of its inline functions. */
    if (anchor)
        out_put(emitter->out, "#include <uvcom/proxy.h>\n\n");
    OUT(emitter->out, "#include ${header}\n", {"header", emitter->names->include});
    emit_obstacles(emitter);
    emit_inside(emitter);
    for (size_t i = 0; i < plan->count && tables; i++)
        if (!plan->carriers[i].obstacle)
            tables[count++] = emit_carrier(emitter, &plan->carriers[i]);
    if (count > 0)
        emit_module(emitter, tables, count, anchor);
}
