/*
 * cmd_graph.c -- uvidl graph: which interface derives from which, and which class has them, for
 * Graphviz.
 *
 * Names passed the identifier check, so nothing needs to be quoted but by quotation marks.
 */
#include "codegen/subcommand.h"
#include "idl/idl.h"

static void put_edge(struct out *out, const char *from, const char *to, const char *style)
{
    OUT(out, "    \"${from}\" -> \"${to}\"${style};\n", {"from", from}, {"to", to},
        {"style", style});
}

static void put_interface(struct out *out, const struct interface *interface)
{
    OUT(out, "    \"${name}\"${style};\n", {"name", interface->name},
        {"style", interface->is_dispatch ? " [style=rounded]" : ""});
    if (interface->base)
        put_edge(out, interface->name, interface->base->name, "");
    if (interface->dispatch_of)
        put_edge(out, interface->name, interface->dispatch_of->name, " [style=dotted]");
    if (!interface->async)
        return;
    OUT(out, "    \"${name}\" [style=dashed];\n", {"name", interface->async->name});
    put_edge(out, interface->async->name,
             interface->async->base ? interface->async->base->name : "IUnknown", "");
    put_edge(out, interface->name, interface->async->name,
             " [style=dashed, dir=none, label=\"async\"]");
}

static void put_coclass(struct out *out, const struct coclass *coclass)
{
    OUT(out, "    \"${name}\" [shape=ellipse];\n", {"name", coclass->name});
    for (const struct coclass_member *m = coclass->members; m; m = m->next)
        put_edge(out, coclass->name, m->interface->name,
                 attribute_find(m->attributes, "source") ? " [style=dotted, label=\"calls\"]"
                                                         : " [style=dashed]");
}

static int put_file(struct command *command, struct out *out, struct idl **idl, const char *path)
{
    int status = command_compile(command, path, idl);

    if (status != EXIT_DONE)
        return status;
    for (const struct declaration *d = idl_main_file(*idl)->declarations; d;
         d = declaration_after(d)) {
        if (d->kind == DECL_INTERFACE && d->interface->is_object)
            put_interface(out, d->interface);
        else if (d->kind == DECL_COCLASS && d->is_definition)
            put_coclass(out, d->coclass);
    }
    return command_print_messages(command, *idl);
}

int graph_run(struct command *command)
{
    struct out out = {.is_plain = true};
    struct idl *idl = NULL;
    int worst = EXIT_DONE;

    out_put(&out, "digraph idl {\n    rankdir=BT;\n    node [shape=box];\n");
    for (size_t i = 0; i < command->options.file_count; i++) {
        int status = put_file(command, &out, &idl, command->options.files[i]);

        worst = status > worst ? status : worst;
    }
    out_put(&out, "}\n");
    if (worst == EXIT_DONE)
        worst = command_print(command, &out);
    idl_destroy(idl);
    out_fini(&out);
    return worst;
}
