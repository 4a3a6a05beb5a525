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
void sema_check_const(struct session *session, const struct declaration *declaration);

/** sema_union.c: the labels of its arms. */
void sema_check_cases(struct session *session, const struct record *record);
/** Each label fits in the type of the tag. */
void sema_check_labels(struct session *session, const struct record *record,
                       const struct type *tag);
/** [switch_is] of a parameter or field, whose names are bound. */
void sema_check_tag(struct session *session, const struct attribute *list, const struct type *type);

/** sema_variable.c: attributes of a parameter, field or typedef that ask something of its type. */
void sema_check_variable(struct session *session, const struct attribute *list,
                         const struct type *type);
/** union switch (type name): the type. */
void sema_check_discriminant(struct session *session, const struct field *field);
/** Whether an argument of iid_is points to an id; its names are bound. */
bool sema_is_iid(const struct expr *expr);

/** sema_method.c: directions, retval, property forms, return type. */
void sema_check_method(struct session *session, const struct method *method);

/** The parameters of one method or type: they get their names in C at the end. */
void sema_note_parameters(struct session *session, const struct parameter *first);
void sema_name_parameters(struct session *session);

/** sema_interface.c: ids, base, methods as a whole; makes the asynchronous twin. */
void sema_check_interface(struct session *session, struct symbol *symbol);

/** sema_async.c: whether the interface may have an asynchronous twin. */
bool sema_check_async(struct session *session, const struct symbol *symbol);

#endif
