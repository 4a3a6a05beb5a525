/*
 * plan_file.c -- plans every interface of a file and says what cannot be carried.
 */
#include "codegen/plan_file.h"

#include "codegen/out.h"
#include "idl/idl.h"

static size_t root_slot_count(const struct interface *interface)
{
    size_t count = 0;

    while (interface->base)
        interface = interface->base;
    for (const struct method *m = interface->methods; m; m = m->next)
        count++;
    return count;
}

static const char *obstacle_text(struct pool *pool, const struct plan *plan)
{
    return TEXT(pool, "parameter '${parameter}' of ${method} cannot be carried: ${why}",
                {"parameter", plan->obstacle->parameter->name}, {"method", plan->method->name},
                {"why", plan->obstacle->obstacle});
}

static void carrier_plan(struct pool *pool, struct carrier *carrier)
{
    struct view *view = &carrier->view;

    *view = view_make(pool, carrier->interface, false);
    carrier->first = root_slot_count(carrier->interface);
    carrier->plans = pool_alloc(pool, (view->slot_count + 1) * sizeof *carrier->plans);
    for (size_t i = carrier->first; i < view->slot_count && carrier->plans; i++) {
        struct plan *plan = &carrier->plans[carrier->plan_count++];

        *plan = plan_make(pool, view->slots[i].method);
        if (plan->obstacle && !carrier->obstacle)
            carrier->obstacle = obstacle_text(pool, plan);
    }
    if (carrier->interface->async)
        carrier->twin = view_make(pool, carrier->interface, true);
}

struct file_plan file_plan_make(struct pool *pool, const struct idl_file *file)
{
    struct file_plan plan = {NULL, 0};
    size_t count = 0;

    for (const struct declaration *d = file->declarations; d; d = d->next)
        count++;
    plan.carriers = pool_alloc(pool, (count + 1) * sizeof *plan.carriers);
    for (const struct declaration *d = file->declarations; d && plan.carriers; d = d->next) {
        struct carrier *carrier = &plan.carriers[plan.count];

        if (d->kind != DECL_INTERFACE || !d->interface->is_object || !d->interface->is_complete)
            continue;
        carrier->interface = d->interface;
        carrier->obstacle =
            d->interface->base ? interface_obstacle(d->interface) : "every proxy has it anyway";
        carrier->is_declared_only = carrier->obstacle != NULL;
        if (!carrier->obstacle)
            carrier_plan(pool, carrier);
        plan.count++;
    }
    return plan;
}

static void report_method(struct pool *pool, const struct carrier *carrier, const struct plan *plan,
                          struct idl *idl)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        const char *text;

        if (carried->carry != CARRY_NOT)
            continue;
        text =
            TEXT(pool,
                 "no call object can carry parameter '${parameter}' of ${interface}::${method}: "
                 "${why}",
                 {"parameter", carried->parameter->name}, {"interface", carrier->interface->name},
                 {"method", plan->method->name}, {"why", carried->obstacle});
        idl_report(idl, &carried->parameter->location, "cannot-carry", text);
    }
}

/* A pointer to one character that goes in: nearly always a string that lost its attribute. */
static bool is_lone_character(const struct carried *carried)
{
    const struct type *element;

    if (carried->carry != CARRY_POINTED || !carried->parameter->is_in)
        return false;
    element = type_resolve(carried->element);
    return element->kind == TYPE_BASE &&
           (element->base == BASE_CHAR || element->base == BASE_WCHAR);
}

static void warn_method(struct pool *pool, const struct plan *plan, struct idl *idl)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct parameter *parameter = plan->parameters[i].parameter;
        const char *text;

        if (!is_lone_character(&plan->parameters[i]))
            continue;
        text = TEXT(pool,
                    "'${parameter}' carries one char; write [string], or [size_is(...)] for more",
                    {"parameter", parameter->name});
        idl_warn(idl, &parameter->location, "one-character", text);
    }
}

/* Inherited methods are reported where they are written, not once more for each heir. */
void file_plan_report(struct pool *pool, const struct file_plan *plan, struct idl *idl)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct carrier *carrier = &plan->carriers[i];

        for (size_t k = 0; k < carrier->plan_count; k++) {
            if (carrier->plans[k].method->owner != carrier->interface)
                continue;
            if (carrier->interface->async)
                report_method(pool, carrier, &carrier->plans[k], idl);
            if (carrier->interface->async || !carrier->obstacle)
                warn_method(pool, &carrier->plans[k], idl);
        }
    }
}

const char *file_plan_anchor(struct pool *pool, const struct file_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->carriers[i].obstacle)
            return TEXT(pool, "uvcom__anchor_${name}", {"name", plan->carriers[i].interface->name});
    return NULL;
}
