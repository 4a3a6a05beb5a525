/*
 * idl/expr.h -- making and evaluating expressions, and finding what their names mean.
 */
#ifndef IDL_EXPR_H
#define IDL_EXPR_H

#include "idl/ast.h"
#include "idl/map.h"
#include "idl/session.h"

#define EXPR_MAX_DEPTH 1000 /* of the tree: a + b + c + ... is as deep as it has operators */

/* Where a name in size_is and its kin is looked up before the constants. */
struct scope {
    const struct map *parameters; /* struct parameter; NULL: none */
    const struct map *fields;     /* struct field; NULL: none */
};

struct expr *expr_new(struct arena *arena, enum expr_kind kind, const struct location *location);

/** Works out value and depth from the operands, which are done. Reports a division by zero. */
void expr_fold(struct session *session, struct expr *expr);

/** Gives a name its meaning, if it is a constant or an enumerator. False: it is not. */
bool expr_bind_constant(struct session *session, struct expr *name);

/** Gives all names below their meaning, parameters and fields first; messages for unknown ones. */
void expr_bind(struct session *session, const struct expr *expr, const struct scope *scope);

/** Whether its value is an integer, as far as can be told: names are bound. */
bool expr_is_integer(const struct expr *expr);

/** Whether only C knows its value: it has the sizeof of something that holds a pointer. */
bool expr_is_for_c(const struct expr *expr);

/** The type of a name, of *name or of (type)x; NULL: of nothing that has one. */
const struct type *expr_type(const struct expr *expr);

/** The value must fit in so many bits, read as signed or as unsigned. */
bool expr_fits(const struct expr *expr, unsigned bits);

#endif
