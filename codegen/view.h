/*
 * view.h -- an interface as its users see it: one vtable, all slots from the root to the leaf.
 *
 * The asynchronous twin of an interface is a view of its own, so that one emitter writes both.
 */
#ifndef CODEGEN_VIEW_H
#define CODEGEN_VIEW_H

#include "codegen/pool.h"
#include "idl/ast.h"

enum half { HALF_WHOLE, HALF_BEGIN, HALF_FINISH };

struct slot {
    const char *name;  /* of the member; made unique within the vtable */
    const char *owner; /* the interface that brought it in: "IUnknown" */
    const struct method *method;
    const struct async_method *pair; /* NULL for HALF_WHOLE */
    enum half half;
    const struct parameter *const *parameters;
    size_t parameter_count;
};

struct view {
    const char *name;
    const char *base;        /* NULL: a root */
    const struct guid *guid; /* NULL: none was given */
    const struct interface *interface;
    bool is_async;
    struct slot *slots;
    size_t slot_count, own; /* own: index of the first slot that is not inherited */
};

/** The view of an interface, or of its asynchronous twin. Empty when there is no memory. */
struct view view_make(struct pool *pool, const struct interface *interface, bool is_async);

/** Whether `name` is the name of one of the parameters of a method. */
bool method_has_parameter(const struct method *method, const char *name);

/** `wanted`, with underscores appended until no parameter of the method is called so. */
const char *method_local(struct pool *pool, const struct method *method, const char *wanted);

#endif
