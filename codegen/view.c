/*
 * view.c -- an interface as one vtable: inherited slots first, This of the most derived type.
 */
#include "codegen/view.h"

#include <string.h>

#include "codegen/out.h"

bool method_has_parameter(const struct method *method, const char *name)
{
    for (const struct parameter *p = method->parameters; p; p = p->next)
        if (strcmp(p->name, name) == 0)
            return true;
    return false;
}

const char *method_local(struct pool *pool, const struct method *method, const char *wanted)
{
    while (method_has_parameter(method, wanted) && !pool->failed)
        wanted = TEXT(pool, "${wanted}_", {"wanted", wanted});
    return wanted;
}

/* A remote form ([call_as]) has no slot of its own: the [local] method that it belongs to has it.
 */
static size_t own_slot_count(const struct interface *interface, bool is_async)
{
    size_t count = 0;

    if (interface->is_dispatch)
        return 0;
    if (is_async) {
        for (const struct async_method *m = interface->async->methods; m; m = m->next)
            count += 2;
        return count;
    }
    for (const struct method *m = interface->methods; m; m = m->next)
        count += m->call_as ? 0 : 1;
    return count;
}

/* The interface whose slots come just before: for a twin the nearest base that has one, or
 * IUnknown. */
static const struct interface *slots_before(const struct interface *interface, bool *is_async)
{
    if (!*is_async)
        return interface->base;
    if (interface->async->base)
        return interface->async->base->of;
    *is_async = false;
    while (interface->base)
        interface = interface->base;
    return interface;
}

/* A method that hides an inherited one is a second slot, and C wants a second name for it. */
static const char *slot_name(struct pool *pool, const struct view *view, const char *owner,
                             const char *name)
{
    for (size_t i = 0; i < view->slot_count; i++)
        if (strcmp(view->slots[i].name, name) == 0)
            return TEXT(pool, "${owner}_${name}", {"owner", owner}, {"name", name});
    return name;
}

static struct slot *add_slot(struct pool *pool, struct view *view, const char *owner,
                             const char *name)
{
    struct slot *slot = &view->slots[view->slot_count];

    slot->name = slot_name(pool, view, owner, name);
    slot->owner = owner;
    view->slot_count++;
    return slot;
}

static void add_method(struct pool *pool, struct view *view, const struct method *method,
                       const char *owner)
{
    struct slot *slot = add_slot(pool, view, owner, method->name);
    const struct parameter **list;
    size_t count = 0;

    for (const struct parameter *p = method->parameters; p; p = p->next)
        count++;
    list = pool_alloc(pool, (count + 1) * sizeof *list);
    slot->method = method;
    slot->parameters = list;
    for (const struct parameter *p = method->parameters; list && p; p = p->next)
        list[slot->parameter_count++] = p;
}

static void add_pair(struct pool *pool, struct view *view, const struct async_method *pair,
                     const char *owner)
{
    struct slot *begin = add_slot(pool, view, owner, pair->begin_name);
    struct slot *finish = add_slot(pool, view, owner, pair->finish_name);

    begin->method = finish->method = pair->method;
    begin->pair = finish->pair = pair;
    begin->half = HALF_BEGIN;
    finish->half = HALF_FINISH;
    begin->parameters = pair->begin;
    begin->parameter_count = pair->begin_count;
    finish->parameters = pair->finish;
    finish->parameter_count = pair->finish_count;
}

/* The methods of a dispinterface are names for IDispatch::Invoke and have no slots. */
static void add_own(struct pool *pool, struct view *view, const struct interface *interface,
                    bool is_async)
{
    if (interface->is_dispatch)
        return;
    if (is_async) {
        for (const struct async_method *m = interface->async->methods; m; m = m->next)
            add_pair(pool, view, m, interface->async->name);
        return;
    }
    for (const struct method *m = interface->methods; m; m = m->next)
        if (!m->call_as)
            add_method(pool, view, m, interface->name);
}

static void add_slots(struct pool *pool, struct view *view, const struct interface *interface,
                      bool is_async)
{
    bool before_is_async = is_async;
    const struct interface *before = slots_before(interface, &before_is_async);

    if (before && before != interface)
        add_slots(pool, view, before, before_is_async);
    view->own = view->slot_count;
    add_own(pool, view, interface, is_async);
}

static size_t all_slot_count(const struct interface *interface, bool is_async)
{
    size_t count = own_slot_count(interface, is_async);
    bool before_is_async = is_async;
    const struct interface *before = slots_before(interface, &before_is_async);

    return before && before != interface ? count + all_slot_count(before, before_is_async) : count;
}

struct view view_make(struct pool *pool, const struct interface *interface, bool is_async)
{
    struct view view = {.name = interface->name, .interface = interface, .is_async = is_async};

    if (is_async) {
        view.name = interface->async->name;
        view.base = interface->async->base ? interface->async->base->name : "IUnknown";
        view.guid = &interface->async_uuid;
    } else {
        view.base = interface->base ? interface->base->name : NULL;
        view.guid = interface->has_uuid ? &interface->uuid : NULL;
    }
    view.slots = pool_alloc(pool, (all_slot_count(interface, is_async) + 1) * sizeof *view.slots);
    if (view.slots)
        add_slots(pool, &view, interface, is_async);
    return view;
}
