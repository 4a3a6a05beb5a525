/*
 * out.h -- text in memory: what an emitter writes to.
 *
 * Emitters say what they mean with named templates; an unknown name is an assertion. Lines that are
 * too long are wrapped here (see wrap.h), so that no emitter counts columns.
 */
#ifndef CODEGEN_OUT_H
#define CODEGEN_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "codegen/pool.h"

enum { OUT_COLUMNS = 100 };

struct out {
    char *data;              /* NUL-terminated, NULL while empty */
    size_t length, capacity; /* bytes */
    size_t line;             /* where the line that is being written begins */
    bool is_plain;           /* lines are left as they are */
    bool failed;             /* out of memory: what follows is dropped */
};

/* One ${key} of a template. A list of them ends with a NULL key. */
struct out_name {
    const char *key;
    const char *value;
};

/** Frees the text; the struct may be used again. */
void out_fini(struct out *out);

/** Appends text as it is, wrapping each line that it completes. */
void out_put(struct out *out, const char *text);

/** Appends a template, with each ${key} replaced. */
void out_text(struct out *out, const char *template, const struct out_name *names);

/* The same with the names in place: OUT(out, "int ${name};\n", {"name", name}). */
#define OUT(out, template, ...)                                                                    \
    out_text(out, template, (const struct out_name[]){__VA_ARGS__, {NULL, NULL}})

/**
 * Appends a comment, wrapped, whose lines begin at `indent` columns; nothing for NULL or "".
 *
 * A line that fits stays as it is. One that does not is broken at spaces: running text goes on with
 * the paragraph's next line, what is left of a line of a list or of @return goes below its text.
 *
 * @param open  "/" followed by one or two stars
 */
void out_comment(struct out *out, size_t indent, const char *open, const char *text);

/**
 * The text as a string of the pool, "" when there is no memory; frees the text.
 *
 * For lists whose length is the user's: TEXT of what is there already and one more, again and
 * again, would keep every stage of it.
 */
const char *out_keep(struct out *out, struct pool *pool);

/** A template made into a string of the pool; "" when there is no memory. */
const char *pool_text(struct pool *pool, const char *template, const struct out_name *names);

#define TEXT(pool, template, ...)                                                                  \
    pool_text(pool, template, (const struct out_name[]){__VA_ARGS__, {NULL, NULL}})

#endif
