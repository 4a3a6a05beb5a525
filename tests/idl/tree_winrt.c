/*
 * tests/idl/tree_winrt.c -- see tree_winrt.h.
 */
#include "tests/idl/tree_winrt.h"

#include <inttypes.h>

#include "tests/idl/tree_text.h"

void tree_winrt_name(FILE *out, const struct winrt_name *name)
{
    if (!name)
        return;
    fprintf(out, " = %s", name->cpp);
    if (name->contract)
        fprintf(out, " since %s 0x%" PRIx32, name->contract, name->version);
}

void tree_winrt_interface(FILE *out, const struct interface *interface, int indent)
{
    const struct winrt_instance *instance = interface->instance;
    const uint8_t *d = interface->uuid.data4;

    for (size_t i = 0; instance && i < instance->generic->count; i++) {
        fprintf(out, "%*sargument ", indent, "");
        tree_text_type(out, instance->arguments[i]);
        fprintf(out, "\n");
    }
    if (instance)
        fprintf(out, "%*sid %08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x\n", indent,
                "", interface->uuid.data1, interface->uuid.data2, interface->uuid.data3, d[0], d[1],
                d[2], d[3], d[4], d[5], d[6], d[7]);
    for (const struct winrt_reference *r = interface->required; r; r = r->next)
        fprintf(out, "%*srequires %s\n", indent, "", r->type->interface->name);
}

static void put_class(FILE *out, const struct declaration *declaration, int indent)
{
    const struct winrt_class *runtime_class = declaration->runtime_class;

    fprintf(out, "runtimeclass %s", declaration->is_definition ? "" : "forward ");
    fprintf(out, "%s", declaration->name);
    tree_winrt_name(out, runtime_class->name);
    fprintf(out, "\n");
    if (!declaration->is_definition)
        return;
    for (const struct winrt_reference *r = runtime_class->interfaces; r; r = r->next)
        fprintf(out, "%*sinterface %s%s\n", indent, "", r->type->interface->name,
                r->type->interface == runtime_class->default_interface ? " default" : "");
}

void tree_winrt_declaration(FILE *out, const struct declaration *declaration, int indent)
{
    if (declaration->kind == DECL_RUNTIME_CLASS)
        put_class(out, declaration, indent);
    else
        fprintf(out, "apicontract %s 0x%" PRIx32 "\n", declaration->contract->macro,
                declaration->contract->version);
}
