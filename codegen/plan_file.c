/*
 * plan_file.c -- plans every interface of a file and says what cannot be carried.
 */
#include "codegen/plan_file.h"

#include <string.h>

#include "codegen/out.h"
#include "codegen/survey.h"
#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/type.h"

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
                {"parameter", plan->obstacle->parameter->idl_name}, {"method", plan->method->name},
                {"why", plan->obstacle->obstacle});
}

static void carrier_plan(struct pool *pool, struct survey *survey, struct carrier *carrier)
{
    struct view *view = &carrier->view;

    *view = view_make(pool, carrier->interface, false);
    carrier->first = root_slot_count(carrier->interface);
    carrier->plans = pool_alloc(pool, (view->slot_count + 1) * sizeof *carrier->plans);
    for (size_t i = carrier->first; i < view->slot_count && carrier->plans; i++) {
        struct plan *plan = &carrier->plans[carrier->plan_count++];

        *plan = plan_make(pool, survey, view->slots[i].method);
        if (plan->obstacle && !carrier->obstacle)
            carrier->obstacle = obstacle_text(pool, plan);
    }
    if (carrier->interface->async)
        carrier->twin = view_make(pool, carrier->interface, true);
}

struct file_plan file_plan_make(struct pool *pool, const struct idl_file *file)
{
    struct survey *survey = survey_new(pool, file);
    struct file_plan plan = {.survey = survey};
    size_t count = 0;

    for (const struct declaration *d = file->declarations; d; d = declaration_after(d))
        count++;
    plan.carriers = pool_alloc(pool, (count + 1) * sizeof *plan.carriers);
    for (const struct declaration *d = file->declarations; d && plan.carriers && survey;
         d = declaration_after(d)) {
        struct carrier *carrier = &plan.carriers[plan.count];

        if (d->kind != DECL_INTERFACE || !d->interface->is_object || !d->interface->is_complete ||
            d->interface->is_dispatch) /* IDispatch's own proxy serves it */
            continue;
        carrier->interface = d->interface;
        carrier->obstacle =
            d->interface->base ? interface_obstacle(d->interface) : "every proxy has it anyway";
        carrier->is_declared_only = carrier->obstacle != NULL;
        if (!carrier->obstacle)
            carrier_plan(pool, survey, carrier);
        plan.count++;
    }
    return plan;
}

/* Without [async_uuid] the interface may be meant for one apartment only, and one reason why it is
 * so is enough. */
static void report_method(struct pool *pool, const struct carrier *carrier, const struct plan *plan,
                          struct idl *idl, bool *is_told)
{
    bool is_error = carrier->interface->async != NULL;

    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        const char *text;

        if (carried->carry != CARRY_NOT || (*is_told && !is_error))
            continue;
        *is_told = true;
        text = TEXT(pool,
                    "no ${what} can carry parameter '${parameter}' of ${interface}::${method}: "
                    "${why}",
                    {"what", is_error ? "call object" : "proxy"},
                    {"parameter", carried->parameter->idl_name},
                    {"interface", carrier->interface->name}, {"method", plan->method->name},
                    {"why", carried->obstacle});
        if (is_error)
            idl_report(idl, &carried->parameter->location, "cannot-carry", text);
        else
            idl_warn(idl, &carried->parameter->location, "no-proxy", text);
    }
}

/* ---- what is carried, but less than was meant ---- */

/* Its last pointer leads to a single element. */
static bool is_single(const struct variable *variable)
{
    const struct level *last;

    if (variable->obstacle || variable->level_count == 0 || variable->leaf != LEAF_PLAIN)
        return false;
    last = &variable->levels[variable->level_count - 1];
    return !last->is_array && !last->is_string && !last->size.expr;
}

/* A pointer to one character: nearly always a string that lost its attribute. */
static bool is_lone_character(const struct variable *variable)
{
    const struct type *element = type_resolve(variable->leaf_type);

    return is_single(variable) && element->kind == TYPE_BASE &&
           (element->base == BASE_CHAR || element->base == BASE_WCHAR);
}

static void warn_character(struct pool *pool, const char *name, const struct location *location,
                           struct idl *idl)
{
    idl_warn(idl, location, "one-character",
             TEXT(pool, "'${name}' carries one char; write [string], or [size_is(...)] for more",
                  {"name", name}));
}

static bool expr_names(const struct expr *expr, const struct parameter *parameter)
{
    return expr && (expr->parameter == parameter || expr_names(expr->left, parameter) ||
                    expr_names(expr->right, parameter) || expr_names(expr->third, parameter));
}

/* An attribute of some parameter speaks of this one. */
static bool plan_names(const struct plan *plan, const struct parameter *parameter)
{
    for (size_t i = 0; i < plan->count; i++)
        for (const struct attribute *a = plan->parameters[i].parameter->attributes; a; a = a->next)
            for (size_t k = 0; k < a->arg_count; k++)
                if (expr_names(a->args[k], parameter))
                    return true;
    return false;
}

/* A number of elements, as it looks: an integer of some size that goes in by value. */
static bool is_count(const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);
    bool is_unsigned;

    for (const struct type *t = parameter->type; t->kind == TYPE_ALIAS; t = t->target)
        if (strcmp(t->alias->name, "BOOL") == 0 || strcmp(t->alias->name, "HRESULT") == 0)
            return false;
    return parameter->is_in && type->kind == TYPE_BASE && type_bits(type, &is_unsigned) >= 16 &&
           type->base != BASE_WCHAR;
}

/* A pointer to one byte that goes in, and a number just before or behind it that no attribute of
 * the method names: nobody passes a single byte by its address. */
static const struct parameter *count_beside(const struct plan *plan, size_t index)
{
    const struct carried *carried = &plan->parameters[index];
    const struct type *element = type_resolve(carried->variable.leaf_type);

    if (!is_single(&carried->variable) || carried->variable.level_count != 1 ||
        carried->parameter->is_out || element->kind != TYPE_BASE ||
        (element->base != BASE_BYTE && element->base != BASE_UNSIGNED_SMALL))
        return NULL;
    for (size_t i = index > 0 ? index - 1 : index + 1; i <= index + 1 && i < plan->count; i += 2)
        if (is_count(plan->parameters[i].parameter) &&
            !plan_names(plan, plan->parameters[i].parameter))
            return plan->parameters[i].parameter;
    return NULL;
}

static void warn_method(struct pool *pool, const struct plan *plan, struct idl *idl)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct variable *variable = &plan->parameters[i].variable;
        const struct parameter *parameter = plan->parameters[i].parameter, *count;

        if (is_lone_character(variable) && (parameter->is_in || variable->level_count > 1))
            warn_character(pool, parameter->idl_name, &parameter->location, idl);
        count = count_beside(plan, i);
        if (count)
            idl_warn(idl, &parameter->location, "one-element",
                     TEXT(pool, "'${name}' carries one byte; write [size_is(${count})] for more",
                          {"name", parameter->idl_name}, {"count", count->idl_name}));
    }
}

/* Those of the structs that methods carry. */
static void warn_fields(struct pool *pool, const struct survey *survey, struct idl *idl)
{
    for (const struct facts *facts = survey->first; facts; facts = facts->next) {
        const struct variable *variable = facts->variables + (facts->record->discriminant != NULL);
        const struct field *field = facts->record->fields;

        for (; facts->variables && field; field = field->next, variable++)
            if (is_lone_character(variable))
                warn_character(pool, field->name, &field->location, idl);
    }
}

/* Inherited methods are reported where they are written, not once more for each heir. */
void file_plan_report(struct pool *pool, const struct file_plan *plan, struct idl *idl)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct carrier *carrier = &plan->carriers[i];
        bool is_told = false;

        for (size_t k = 0; k < carrier->plan_count; k++) {
            if (carrier->plans[k].method->owner != carrier->interface)
                continue;
            report_method(pool, carrier, &carrier->plans[k], idl, &is_told);
            if (carrier->interface->async || !carrier->obstacle)
                warn_method(pool, &carrier->plans[k], idl);
        }
    }
    if (plan->survey && !pool->failed)
        warn_fields(pool, plan->survey, idl);
}

const char *file_plan_anchor(struct pool *pool, const struct file_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->carriers[i].obstacle)
            return TEXT(pool, "uvcom__anchor_${name}", {"name", plan->carriers[i].interface->name});
    return NULL;
}
