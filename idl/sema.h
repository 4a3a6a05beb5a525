/*
 * idl/sema.h -- the rules of meaning: each function checks one finished piece of the tree.
 *
 * They add messages and, where noted, fill in what only the whole piece can tell.
 */
#ifndef IDL_SEMA_H
#define IDL_SEMA_H

#include "idl/ast.h"
#include "idl/session.h"
#include "idl/symbol.h"

/** sema_attribute.c: duplicates, conflicts, and whether each may stand here (ON_...). */
void sema_check_attributes(struct session *session, const struct attribute *list, unsigned target);

/** sema_attribute.c: an argument of size_is and its kin, whose names are bound. */
void sema_check_argument(struct session *session, const struct attribute *attribute,
                         const struct expr *argument);

/** sema_type.c: something of this type can exist. `what` is "a field", "a parameter". */
void sema_check_object(struct session *session, const struct location *location,
                       const struct type *type, const char *what);
void sema_check_field(struct session *session, const struct field *field);
void sema_check_cases(struct session *session, const struct record *record);
void sema_check_const(struct session *session, const struct declaration *declaration);

/** sema_method.c: directions, retval, property forms, return type. */
void sema_check_method(struct session *session, const struct method *method);

/** sema_interface.c: ids, base, methods as a whole; makes the asynchronous twin. */
void sema_check_interface(struct session *session, struct symbol *symbol);

/** sema_async.c: whether the interface may have an asynchronous twin. */
bool sema_check_async(struct session *session, const struct symbol *symbol);

#endif
