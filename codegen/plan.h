/*
 * plan.h -- what becomes of each parameter of a method that is called across apartments.
 *
 * Pure: tree in, description out. One description serves all functions that are written for the
 * method (fill, visitors, run, ready, deliver), so that what one copies another cannot forget to
 * free.
 */
#ifndef CODEGEN_PLAN_H
#define CODEGEN_PLAN_H

#include "codegen/pool.h"
#include "codegen/variable.h"
#include "idl/ast.h"

/* How a parameter stands in the frame. */
enum carry {
    CARRY_NOT,     /* obstacle says why */
    CARRY_VALUE,   /* as it is: [in] by value, also an interface pointer or a BSTR */
    CARRY_PLACE,   /* [ref] T *: the frame has the T, the server gets its address */
    CARRY_POINTED, /* [unique] T *: a pointer to a copy of one */
    CARRY_ARRAY,   /* [size_is(n)] T *: a pointer to n of them in memory of the frame */
    CARRY_FIXED,   /* T a[4]: the frame has the array */
    CARRY_TEXT,    /* [string] char *: a pointer to a copy that ends */
    CARRY_TREE,    /* [in, unique] T *: the client's pointer, which the visit of the frame replaces
                      by one to a copy of everything below it */
    CARRY_OPEN     /* [in, out] T *, of a struct that ends with T data[]: a pointer to a copy, and
                      its size in bytes */
};

struct carried {
    const struct parameter *parameter;
    enum carry carry;
    struct variable variable;
    bool is_optional;     /* [unique], [ptr]: NULL is a value */
    bool is_borrowed;     /* [uvcom_borrowed]: the client's own memory */
    const char *room;     /* field of the frame that remembers the size; NULL: the size is a
                             constant, or a parameter that nobody can change */
    const char *obstacle; /* CARRY_NOT: "an interface without a uuid in field 'next'" */
};

struct plan {
    const struct method *method;
    struct carried *parameters; /* all of them, in order */
    size_t count;
    bool returns_void;
    bool has_frame; /* there are parameters */
    bool needs_fill, needs_ready, needs_deliver;
    bool needs_in, needs_in_out, needs_results; /* visitors of the frame */
    bool shares_visitor; /* that of the results serves for what goes in and comes out as well */
    const struct carried *obstacle; /* the first one that cannot be carried, or NULL */
};

struct plan plan_make(struct pool *pool, struct survey *survey, const struct method *method);

/** Why an interface as a whole cannot cross an apartment; NULL: it can. Looks at methods, not at
 * plans. */
const char *interface_obstacle(const struct interface *interface);

/** A constant, or an unsigned [in] parameter by value: nobody changes it between the halves. */
bool bound_is_fixed(const struct bound *size);

/** The bounds of an array or a string as a whole; NULL: it has none. */
const struct level *carried_level(const struct carried *carried);

/** Only a part of the array, from first_is on and length_is long, goes in or comes out. */
bool carried_is_part(const struct carried *carried);

/** What the visitors of the frame are asked of its target: see variable_content. */
struct content carried_content(const struct carried *carried);

/** [range] and enums of a single number are looked at by fill, and by no visitor. */
bool carried_is_number(const struct carried *carried);

#endif
