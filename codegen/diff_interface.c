/*
 * diff_interface.c -- compares two interfaces of one id: base, methods, parameters, the twin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/diff.h"
#include "codegen/types.h"
#include "idl/idl.h"

/* The two interfaces, while they are compared. */
struct sides {
    struct diff *diff;
    const struct interface *old, *new;
    size_t breaking_before;
};

#define SIDES(sides, location, template, ...)                                                      \
    DIFF((sides)->diff, DIFF_BREAKING, location, "${interface}" template,                          \
         {"interface", (sides)->new->name}, __VA_ARGS__)

/* ---- methods ---- */

static const char *direction(const struct parameter *parameter)
{
    if (parameter->is_in)
        return parameter->is_out ? "[in, out]" : "[in]";
    return "[out]";
}

static void diff_parameter(struct sides *sides, const struct method *method,
                           const struct parameter *old, const struct parameter *new)
{
    struct diff *diff = sides->diff;
    struct pool *pool = diff->pool;
    const char *attribute = diff_attribute(diff, old->attributes, new->attributes);

    if (!diff_same_type(diff, old->type, new->type))
        SIDES(sides, &new->location,
              "::${method}: parameter '${name}' has another type: '${new}', it was '${old}'",
              {"method", method->name}, {"name", new->idl_name},
              {"new", type_declare(pool, new->type, "")},
              {"old", type_declare(pool, old->type, "")});
    else if (!attribute && !diff_same_pointers(old->type, new->type))
        attribute = "ref, unique, ptr";
    if (old->is_in != new->is_in || old->is_out != new->is_out)
        SIDES(sides, &new->location, "::${method}: parameter '${name}' is ${new}, it was ${old}",
              {"method", method->name}, {"name", new->idl_name}, {"new", direction(new)},
              {"old", direction(old)});
    else if (attribute)
        SIDES(sides, &new->location,
              "::${method}: [${attribute}] of parameter '${name}' is another one",
              {"method", method->name}, {"attribute", attribute}, {"name", new->idl_name});
    if (strcmp(old->idl_name, new->idl_name) != 0)
        DIFF(diff, DIFF_NOTE, &new->location,
             "${interface}::${method}: parameter '${new}' was called '${old}'",
             {"interface", sides->new->name}, {"method", method->name}, {"new", new->idl_name},
             {"old", old->idl_name});
}

static bool is_called(const struct parameter *parameter, const char *name)
{
    return parameter && strcmp(parameter->idl_name, name) == 0;
}

/* One that was put between two others, or taken out, is told by the name of the one behind it. */
static void diff_parameters(struct sides *sides, const struct method *old, const struct method *new)
{
    const struct parameter *o = old->parameters, *n = new->parameters;

    while (o || n) {
        bool is_new = !o || (n && is_called(n->next, o->idl_name) && !is_called(n, o->idl_name));
        bool is_gone = !n || (o && is_called(o->next, n->idl_name) && !is_called(o, n->idl_name));

        if (is_new != is_gone)
            SIDES(sides, is_new ? &n->location : &new->location,
                  "::${method}: parameter '${name}' is ${what}", {"method", new->name},
                  {"name", is_new ? n->idl_name : o->idl_name}, {"what", is_new ? "new" : "gone"});
        else
            diff_parameter(sides, new, o, n);
        o = is_new && !is_gone ? o : o->next;
        n = is_gone && !is_new ? n : n->next;
    }
}

static void diff_method(struct sides *sides, const struct method *old, const struct method *new)
{
    struct diff *diff = sides->diff;
    struct pool *pool = diff->pool;
    const char *attribute;

    diff->old_parameters = old->parameters;
    diff->new_parameters = new->parameters;
    attribute = diff_attribute(diff, old->attributes, new->attributes);
    if (!diff_same_type(diff, old->return_type, new->return_type))
        SIDES(sides, &new->location, "::${method} returns '${new}', it was '${old}'",
              {"method", new->name}, {"new", type_declare(pool, new->return_type, "")},
              {"old", type_declare(pool, old->return_type, "")});
    if (attribute)
        SIDES(sides, &new->location, "::${method}: [${attribute}] is another one",
              {"method", new->name}, {"attribute", attribute});
    diff_parameters(sides, old, new);
    diff->old_parameters = diff->new_parameters = NULL;
}

/* ---- the list of methods ---- */

struct at {
    const struct method *method;
    size_t at; /* among the own methods */
};

struct places {
    struct at *list; /* by name */
    size_t count;
};

static int compare_places(const void *left, const void *right)
{
    const struct at *l = left, *r = right;
    int order = strcmp(l->method->name, r->method->name);

    return order != 0 ? order : (l->at > r->at) - (l->at < r->at);
}

static struct places places_of(struct pool *pool, const struct interface *interface)
{
    struct places places = {NULL, 0};
    size_t count = 0;

    for (const struct method *m = interface->methods; m; m = m->next)
        count++;
    places.list = pool_alloc(pool, (count + 1) * sizeof *places.list);
    if (!places.list)
        return places;
    for (const struct method *m = interface->methods; m; m = m->next, places.count++)
        places.list[places.count] = (struct at){m, places.count};
    qsort(places.list, places.count, sizeof *places.list, compare_places);
    return places;
}

static const struct at *place_of(const struct places *places, const char *name)
{
    size_t low = 0, high = places->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, places->list[middle].method->name);

        if (order == 0)
            return &places->list[middle];
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void diff_gone_and_new(struct sides *sides, const struct places *old,
                              const struct places *new)
{
    for (const struct method *m = sides->old->methods; m; m = m->next)
        if (!place_of(new, m->name))
            SIDES(sides, &sides->new->location, "::${method} is gone", {"method", m->name});
    for (const struct method *m = sides->new->methods; m; m = m->next)
        if (!place_of(old, m->name))
            SIDES(sides, &m->location, "::${method} is new", {"method", m->name});
}

/* Methods that are in both, in the order of the new one: each is compared with itself. */
static void diff_methods(struct sides *sides)
{
    struct places old = places_of(sides->diff->pool, sides->old);
    struct places new = places_of(sides->diff->pool, sides->new);
    size_t last = 0;
    bool is_moved = false;

    diff_gone_and_new(sides, &old, &new);
    for (const struct method *m = sides->new->methods; m; m = m->next) {
        const struct at *before = place_of(&old, m->name);

        if (!before)
            continue;
        if (before->at < last && !is_moved) {
            SIDES(sides, &m->location, "::${method} stands at another place among the methods",
                  {"method", m->name});
            is_moved = true;
        }
        last = before->at > last ? before->at : last;
        diff_method(sides, before->method, m);
    }
}

/* ---- the interface ---- */

static const char *base_name(const struct interface *interface)
{
    return interface->base ? interface->base->name : "nothing";
}

static void diff_base(struct sides *sides)
{
    const struct interface *old = sides->old->base, *new = sides->new->base;
    bool have_ids = old && new && old->has_uuid &&new->has_uuid;

    if (have_ids && memcmp(&old->uuid, &new->uuid, sizeof old->uuid) == 0)
        return;
    if (!have_ids && !old == !new && (!old || strcmp(old->name, new->name) == 0))
        return;
    SIDES(sides, &sides->new->location, " derives from ${new}, it was ${old}",
          {"new", base_name(sides->new)}, {"old", base_name(sides->old)});
}

static void diff_twin(struct sides *sides)
{
    const struct interface *old = sides->old, *new = sides->new;

    if (old->has_async_uuid != new->has_async_uuid)
        SIDES(sides, &new->location, "${what}",
              {"what", new->has_async_uuid ? " has an async_uuid, and had none"
                                           : " has no async_uuid any more"});
    else if (old->has_async_uuid &&
             memcmp(&old->async_uuid, &new->async_uuid, sizeof old->async_uuid) != 0)
        SIDES(sides, &new->location, "${what}", {"what", " has another async_uuid"});
}

static void diff_kind(struct sides *sides)
{
    const struct interface *old = sides->old, *new = sides->new;

    if (old->is_object != new->is_object || old->is_dispatch != new->is_dispatch)
        SIDES(sides, &new->location, "${what}", {"what", " is another kind of interface"});
    if (old->is_local != new->is_local)
        SIDES(sides, &new->location, "${what}",
              {"what", new->is_local ? " is [local], and was not" : " is not [local] any more"});
}

static void diff_properties(struct sides *sides)
{
    const struct field *o = sides->old->properties, *n = sides->new->properties;

    for (; o && n; o = o->next, n = n->next)
        if (strcmp(o->name, n->name) != 0 || !diff_same_type(sides->diff, o->type, n->type) ||
            diff_attribute(sides->diff, o->attributes, n->attributes))
            SIDES(sides, &n->location, ": property '${name}' is another one", {"name", n->name});
    if (o || n)
        SIDES(sides, n ? &n->location : &sides->new->location, ": property '${name}' is ${what}",
              {"name", n ? n->name : o->name}, {"what", n ? "new" : "gone"});
}

/* "IFoo" to "IFoo2", "IFoo2" to "IFoo3". */
static const char *next_name(struct pool *pool, const char *name)
{
    size_t length = strlen(name), stem = length;
    char *text = pool_alloc(pool, length + 16);
    unsigned long number;

    while (stem > 0 && name[stem - 1] >= '0' && name[stem - 1] <= '9' && length - stem < 6)
        stem--;
    number = stem < length ? strtoul(name + stem, NULL, 10) : 1;
    if (!text)
        return "";
    snprintf(text, length + 16, "%.*s%lu", (int)stem, name, number + 1);
    return text;
}

void diff_interfaces(struct diff *diff, const struct interface *old, const struct interface *new)
{
    struct sides sides = {diff, old, new, diff->breaking};

    diff_kind(&sides);
    diff_base(&sides);
    diff_twin(&sides);
    diff_methods(&sides);
    diff_properties(&sides);
    if (strcmp(old->name, new->name) != 0)
        DIFF(diff, DIFF_NOTE, &new->location, "${new} was called ${old}; sources must follow",
             {"new", new->name}, {"old", old->name});
    if (diff->breaking > sides.breaking_before && new->has_uuid)
        DIFF(diff, DIFF_ADVICE, &new->location,
             "interface ${name} changed but kept its uuid: leave it as it was and add ${next}",
             {"name", new->name}, {"next", next_name(diff->pool, new->name)});
}
