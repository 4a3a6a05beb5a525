/*
 * idl/explain.c -- see explain.h.
 */
#include "idl/explain.h"

#include <stddef.h>

const struct explanation *explain(enum diag_kind kind)
{
    static const struct explanation *const tables[] = {explain_of_text, explain_of_meaning,
                                                       explain_of_calls};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct explanation *row = tables[i]; row->text; row++)
            if (row->kind == kind)
                return row;
    return NULL;
}
