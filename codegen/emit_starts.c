/*
 * emit_starts.c -- the server's half of the header: the table of Start_ functions of an interface
 * with [async_uuid], and the function that makes a call object over one.
 *
 * How they are called is in foo_p.c (emit_run.c). An interface whose call objects are written by
 * hand ([local] methods), or that has nothing to start, has neither.
 */
#include <string.h>

#include "codegen/emit.h"

const struct carrier *starts_carrier(const struct emitter *emitter,
                                     const struct interface *interface)
{
    for (size_t i = 0; i < emitter->plan->count; i++) {
        const struct carrier *carrier = &emitter->plan->carriers[i];

        if (carrier->interface == interface)
            return interface->async && carrier->plan_count > 0 ? carrier : NULL;
    }
    return NULL;
}

static void emit_start(struct emitter *emitter, const struct carrier *carrier,
                       const struct slot *slot)
{
    struct pool *pool = emitter->pool;

    OUT(emitter->out,
        "    HRESULT(STDMETHODCALLTYPE *Start_${slot})(${interface} *This, uvcom_operation "
        "*${operation}${comma}${parameters});\n",
        {"slot", slot->name}, {"interface", carrier->view.name},
        {"operation", names_local_of(emitter->names, slot->method, "operation")},
        {"comma", slot->parameter_count > 0 ? ", " : ""},
        {"parameters", parameters_text(pool, slot->parameters, slot->parameter_count)});
}

static void emit_struct(struct emitter *emitter, const struct carrier *carrier)
{
    const struct view *view = &carrier->view;
    const char *twin = carrier->twin.name, *owner = "";

    out_comment(
        emitter->out, 0, "/**",
        TEXT(emitter->pool,
             "${twin}Server: the methods of an ${interface} that works asynchronously.\n"
             "\n"
             "Each starts the work of one method and returns; the operation is completed "
             "when the work is done, by any thread (<uvcom/operation.h>). Where one is NULL "
             "the method itself is run.",
             {"twin", twin}, {"interface", view->name}));
    OUT(emitter->out, "typedef struct ${twin}Server {\n", {"twin", twin});
    for (size_t i = carrier->first; i < view->slot_count; i++) {
        const struct slot *slot = &view->slots[i];

        if (view->own > carrier->first && strcmp(owner, slot->owner) != 0)
            OUT(emitter->out, "${gap}    /* ${owner} */\n", {"gap", *owner ? "\n" : ""},
                {"owner", slot->owner});
        owner = slot->owner;
        emit_start(emitter, carrier, slot);
    }
    OUT(emitter->out, "} ${twin}Server;\n\n", {"twin", twin});
}

static void emit_create_call(struct emitter *emitter, const struct carrier *carrier)
{
    const struct local_names *local = &emitter->names->local;

    out_comment(emitter->out, 0, "/**",
                "A call object over these functions: what CreateCall of ICallFactory returns for "
                "This (uvcom_create_server_call).");
    OUT(emitter->out,
        "static inline HRESULT ${twin}_CreateCall(const ${twin}Server *${starts}, "
        "${interface} *This, IUnknown *${outer}, REFIID ${riid}, IUnknown **${ppv})\n"
        "{\n"
        "    return uvcom_create_server_call(&IID_${twin}, ${starts}, This, ${outer}, ${riid}, "
        "${ppv});\n"
        "}\n",
        {"twin", carrier->twin.name}, {"starts", local->starts}, {"interface", carrier->view.name},
        {"outer", local->outer}, {"riid", local->riid}, {"ppv", local->ppv});
}

void emit_starts(struct emitter *emitter, const struct interface *interface)
{
    const struct carrier *carrier = starts_carrier(emitter, interface);

    if (!carrier)
        return;
    OUT(emitter->out,
        "\n"
        "#ifndef __${twin}Server_DEFINED__\n"
        "#define __${twin}Server_DEFINED__\n"
        "\n",
        {"twin", carrier->twin.name});
    emit_struct(emitter, carrier);
    emit_create_call(emitter, carrier);
    OUT(emitter->out, "\n#endif /* __${twin}Server_DEFINED__ */\n", {"twin", carrier->twin.name});
}
