/*
 * plan.h -- what becomes of each parameter of a method that is called across apartments.
 *
 * Pure: tree in, description out. One description serves all functions that are written for the
 * method (fill, run, ready, deliver, clear), so that what one copies another cannot forget to free.
 */
#ifndef CODEGEN_PLAN_H
#define CODEGEN_PLAN_H

#include "codegen/pool.h"
#include "idl/ast.h"

enum carry {
    CARRY_NOT,     /* obstacle says why */
    CARRY_VALUE,   /* [in] by value */
    CARRY_POINTED, /* T *: one value */
    CARRY_STRING,  /* [in, string] */
    CARRY_ARRAY,   /* [size_is(n)] T * */
    CARRY_FIXED,   /* T a[4] */
    CARRY_OBJECT,  /* an interface pointer: held for [in], handed over for [out] */
    CARRY_MEMORY   /* [out] T **: memory that the server allocates and the client frees */
};

/* size_is, length_is or max_is. */
struct bound {
    const struct expr *expr; /* NULL: not given */
    bool plus_one;           /* max_is, last_is: an index, not a count */
};

struct carried {
    const struct parameter *parameter;
    enum carry carry;
    const struct type *element; /* what is copied; NULL for an object */
    bool is_optional;           /* [unique], [ptr]: NULL is a value */
    struct bound size, length;
    const char *room;     /* field of the frame that remembers the size; NULL: the size is a
                             parameter that nobody can change */
    const char *obstacle; /* CARRY_NOT: "an embedded pointer (field name)" */
};

struct plan {
    const struct method *method;
    struct carried *parameters; /* all of them, in order */
    size_t count;
    bool returns_void;
    bool has_frame; /* there are parameters */
    bool needs_fill, needs_ready, needs_deliver, needs_clear;
    const struct carried *obstacle; /* the first one that cannot be carried, or NULL */
};

struct plan plan_make(struct pool *pool, const struct method *method);

/** Why an interface as a whole cannot cross an apartment; NULL: it can. Looks at methods, not at
 * plans. */
const char *interface_obstacle(const struct interface *interface);

/** True if a copy of the bytes is a copy of the value; else *why names what is in the way. */
bool type_is_flat(struct pool *pool, const struct type *type, const char **why);

#endif
