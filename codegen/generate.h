/*
 * generate.h -- the front door of the back end: a checked tree in, the texts of its files out.
 */
#ifndef CODEGEN_GENERATE_H
#define CODEGEN_GENERATE_H

#include <stdbool.h>

#include "codegen/out.h"

struct idl;
struct idl_file;

enum { GENERATED_COUNT = 3 }; /* header, ids, calls */

struct generated {
    struct pool pool;                   /* of the names */
    const char *names[GENERATED_COUNT]; /* "foo.h", "foo_i.c", "foo_p.c" */
    struct out texts[GENERATED_COUNT];
};

/**
 * Makes the texts of the files. What cannot be generated is reported to `idl`, which may be NULL.
 *
 * @return false: out of memory. Texts are there only if nothing was reported.
 */
bool generate(struct generated *generated, struct idl *idl, const struct idl_file *file);

/** The first text alone. Nothing is reported, because a header has no calls that could fail. */
bool generate_header(struct generated *generated, const struct idl_file *file);

void generated_fini(struct generated *generated);

#endif
