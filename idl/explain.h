/*
 * idl/explain.h -- what a kind of messages means, with an example and the cure.
 *
 * A test compiles all of them: an example gives messages of its kind and no other, its cure none.
 */
#ifndef IDL_EXPLAIN_H
#define IDL_EXPLAIN_H

#include "idl/diag_kind.h"

struct explanation {
    enum diag_kind kind;
    const char *text;    /* some sentences; lines end where they should */
    const char *example; /* a whole file, "example.idl" */
    const char *cure;    /* the file, put right */
};

/** NULL: there is no such kind. */
const struct explanation *explain(enum diag_kind kind);

/* The tables, each in a file of its own; they end with a NULL text. */
extern const struct explanation explain_of_text[];    /* characters, tokens, the preprocessor */
extern const struct explanation explain_of_meaning[]; /* names, types, values */
extern const struct explanation explain_of_calls[];   /* interfaces, methods, parameters */

/* Beginnings of examples. */
#define EXPLAIN_IMPORT "import \"unknwn.idl\";\n\n"
#define EXPLAIN_OBJECT                                                                             \
    EXPLAIN_IMPORT "[object, uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b01)]\n"                        \
                   "interface IStore : IUnknown\n{\n"
#define EXPLAIN_ASYNC                                                                              \
    EXPLAIN_IMPORT "[object, uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b01),\n"                        \
                   " async_uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b02)]\n"                          \
                   "interface IStore : IUnknown\n{\n"

#endif
