/*
 * idl/split.h -- a method into the parameters of its Begin_ and of its Finish_. Pure.
 */
#ifndef IDL_SPLIT_H
#define IDL_SPLIT_H

#include "idl/arena.h"
#include "idl/ast.h"

/** The asynchronous twin of an interface whose base is complete; `name` is that of the twin. */
struct async_interface *split_interface(struct arena *arena, const struct interface *interface,
                                        const char *name);

/** Begin_ and Finish_ of one method. */
struct async_method *split_method(struct arena *arena, const struct method *method);

#endif
