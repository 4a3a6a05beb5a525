/*
 * idl/split.c -- see split.h; rules DER-01 to DER-05, DER-08, DER-12, DER-15.
 *
 * Nothing is refused here: sema_async.c has done that.
 */
#include "idl/split.h"

#include <string.h>

static const char *prefixed(struct arena *arena, const char *prefix, const char *name)
{
    size_t prefix_length = strlen(prefix), length = strlen(name);
    char *text = arena_alloc(arena, prefix_length + length + 1);

    memcpy(text, prefix, prefix_length);
    memcpy(text + prefix_length, name, length);
    return text;
}

struct async_method *split_method(struct arena *arena, const struct method *method)
{
    struct async_method *async = ARENA_NEW(arena, struct async_method);
    const struct parameter **begin, **finish;
    size_t count = 0;

    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next)
        count++;
    begin = arena_alloc(arena, count * sizeof *begin);
    finish = arena_alloc(arena, count * sizeof *finish);
    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next) {
        if (parameter->is_in)
            begin[async->begin_count++] = parameter;
        if (parameter->is_out)
            finish[async->finish_count++] = parameter;
    }
    async->method = method;
    async->begin = begin;
    async->finish = finish;
    /* DER-15: a property is split under the name that it has in C, get_X. */
    async->begin_name = prefixed(arena, "Begin_", method->name);
    async->finish_name = prefixed(arena, "Finish_", method->name);
    return async;
}

struct async_interface *split_interface(struct arena *arena, const struct interface *interface,
                                        const char *name)
{
    struct async_interface *async = ARENA_NEW(arena, struct async_interface);
    const struct async_method **tail = &async->methods;

    async->name = name;
    async->of = interface;
    async->base = interface->base ? interface->base->async : NULL;
    for (const struct method *method = interface->methods; method; method = method->next) {
        struct async_method *pair;

        if (method->call_as)
            continue; /* DER-12: its [local] form is split */
        pair = split_method(arena, method);
        *tail = pair;
        tail = &pair->next;
    }
    return async;
}
