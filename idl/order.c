/*
 * idl/order.c -- see symbol.h; bases that are defined behind the interfaces derived from them.
 *
 * IDL takes an interface whose base comes later, C++ does not. Such an interface moves down in the
 * list of declarations to where its base is complete; everything else stays where it was. What
 * stands between the two knows the interface by its name, and the header says all names first.
 */
#include <string.h>

#include "idl/symbol.h"

/* A list of declarations that is being put together again. */
struct queue {
    const struct declaration **tail;
};

static struct declaration *own(const struct declaration *declaration)
{
    return (struct declaration *)(uintptr_t)declaration;
}

static struct symbol *symbol_of(struct session *session, const struct declaration *declaration)
{
    return declaration->kind == DECL_INTERFACE
               ? symbol_of_interface(session, declaration->interface)
               : NULL;
}

/* The base, if it stands further down in this list. */
static struct symbol *base_ahead(const struct symbol *symbol)
{
    struct symbol *base = symbol ? symbol->base : NULL;

    return base && base->is_ahead ? base : NULL;
}

/* Appends one, and those that have waited for it; a stack of them instead of a recursion. */
static void append(struct session *session, struct queue *queue, struct declaration *declaration)
{
    const struct declaration *stack = declaration;

    declaration->next = NULL;
    while (stack) {
        struct declaration *at = own(stack);
        struct symbol *symbol = symbol_of(session, at);

        stack = at->next;
        at->next = NULL;
        *queue->tail = at;
        queue->tail = &at->next;
        if (!symbol)
            continue;
        symbol->is_ahead = false;
        if (symbol->waiting) {
            own(symbol->waiting_last)->next = stack;
            stack = symbol->waiting;
            symbol->waiting = NULL;
        }
    }
}

static void wait_for(struct symbol *base, struct declaration *declaration)
{
    declaration->next = NULL;
    if (base->waiting)
        own(base->waiting_last)->next = declaration;
    else
        base->waiting = declaration;
    base->waiting_last = declaration;
}

void symbol_order(struct session *session, const struct declaration **list)
{
    const struct declaration *rest = *list;
    struct queue queue = {list};

    for (const struct declaration *d = rest; d; d = d->next) {
        struct symbol *symbol = symbol_of(session, d);

        if (symbol)
            symbol->is_ahead = true;
    }
    while (rest) {
        struct declaration *declaration = own(rest);
        struct symbol *base = base_ahead(symbol_of(session, declaration));

        rest = declaration->next;
        if (base)
            wait_for(base, declaration);
        else
            append(session, &queue, declaration);
    }
    *queue.tail = NULL;
    for (const struct declaration *d = *list; d; d = d->next)
        if (d->kind == DECL_LIBRARY)
            symbol_order(session, &own(d)->declarations);
}
