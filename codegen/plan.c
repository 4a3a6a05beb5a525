/*
 * plan.c -- decides for each parameter how it is carried, or why it cannot be.
 *
 * What a parameter is made of is known already (variable.c). It writes no text of generated code;
 * emit_frame.c and its siblings do.
 */
#include "codegen/plan.h"

#include <string.h>

#include "codegen/out.h"
#include "codegen/types.h"
#include "codegen/view.h"
#include "idl/idl.h"
#include "idl/type.h"

static struct carried refuse(struct carried carried, const char *why)
{
    carried.carry = CARRY_NOT;
    carried.obstacle = why;
    return carried;
}

static const struct level *outermost(const struct carried *carried)
{
    return carried->variable.level_count > 0 ? &carried->variable.levels[0] : NULL;
}

/* ---- what bounds name (DER-08, DER-13) ---- */

/* A parameter that is several numbers, of which a bound would take none in particular. */
static const struct expr *crowded_name(struct survey *survey, const struct expr *expr)
{
    const struct expr *found;

    if (!expr)
        return NULL;
    if (expr->kind == EXPR_NAME && expr->parameter) {
        struct variable variable = variable_of_parameter(survey, expr->parameter);
        const struct level *level = variable.level_count > 0 ? &variable.levels[0] : NULL;

        if (variable.level_count > 1 ||
            (level && (level->is_array || level->is_string || level->size.expr)))
            return expr;
    }
    found = crowded_name(survey, expr->left);
    if (!found)
        found = crowded_name(survey, expr->right);
    return found ? found : crowded_name(survey, expr->third);
}

struct reason {
    struct pool *pool;
    struct survey *survey;
    const char *why; /* NULL: nothing is in the way yet */
};

static void look_at(struct reason *reason, const struct expr *expr, const char *what, bool is_early)
{
    const struct expr *late = is_early ? expr_late_name(expr) : NULL;
    const struct expr *crowded = crowded_name(reason->survey, expr);

    if (reason->why)
        return;
    if (late)
        reason->why = TEXT(reason->pool, "its ${what} is the [out] parameter '${name}'",
                           {"what", what}, {"name", late->text});
    else if (crowded)
        reason->why = TEXT(reason->pool, "its ${what} is '${name}', which is not one number",
                           {"what", what}, {"name", crowded->text});
}

/*
 * For an asynchronous interface the front end has refused what comes too late, with its position;
 * a plain one is not carried then.
 */
static const char *bounds_obstacle(struct pool *pool, struct survey *survey,
                                   const struct carried *carried)
{
    const struct variable *variable = &carried->variable;
    struct reason reason = {pool, survey, NULL};
    bool is_in = carried->parameter->is_in;

    for (size_t i = 0; i < variable->level_count; i++) {
        look_at(&reason, variable->levels[i].size.expr, "size", is_in || i == 0);
        look_at(&reason, variable->levels[i].first.expr, "first element", is_in);
        look_at(&reason, variable->levels[i].length.expr, "length", is_in);
    }
    look_at(&reason, variable->tag, "case", is_in);
    if (expr_late_name(variable->iid))
        look_at(&reason, variable->iid, "interface", true);
    return reason.why;
}

bool bound_is_fixed(const struct bound *size)
{
    const struct expr *expr = size->expr;
    bool is_unsigned;

    if (!expr || size->plus_one)
        return false;
    if (expr->kind == EXPR_INTEGER)
        return true;
    return expr->kind == EXPR_NAME && expr->parameter &&
           type_resolve(expr->parameter->type)->kind == TYPE_BASE &&
           type_bits(expr->parameter->type, &is_unsigned) > 0 && is_unsigned;
}

/* ---- the kinds of parameter ---- */

static const char *room_name(struct pool *pool, const struct method *method,
                             const struct carried *carried)
{
    return method_local(pool, method,
                        TEXT(pool, "${name}_room", {"name", carried->parameter->name}));
}

static struct carried plan_text(struct pool *pool, const struct method *method,
                                struct carried carried)
{
    const struct level *level = outermost(&carried);

    if (!carried.parameter->is_in && !level->size.expr && !level->is_array)
        return refuse(carried, "an [out] string needs size_is");
    if (level->first.expr || level->length.expr)
        return refuse(carried, "it is a [string], which ends where it ends, with a length");
    carried.carry = CARRY_TEXT;
    if (level->size.expr || carried.parameter->is_out)
        carried.room = room_name(pool, method, &carried);
    return carried;
}

static struct carried plan_array(struct pool *pool, const struct method *method,
                                 struct carried carried)
{
    const struct level *level = outermost(&carried);

    if (level->size.expr) {
        carried.carry = CARRY_ARRAY;
        if (!bound_is_fixed(&level->size))
            carried.room = room_name(pool, method, &carried);
        return carried;
    }
    carried.carry = CARRY_FIXED;
    return carried;
}

/* A struct that ends with an array of open length: its size is known when it is there. */
static struct carried plan_open(struct pool *pool, const struct method *method,
                                struct carried carried)
{
    carried.carry = CARRY_TREE;
    if (!carried.parameter->is_out)
        return carried;
    if (!carried.parameter->is_in)
        return refuse(carried, "it is room for a struct that ends with an array of open length, "
                               "and nothing says how much; let the server allocate it");
    carried.carry = CARRY_OPEN;
    carried.room =
        method_local(pool, method, TEXT(pool, "${name}_size", {"name", carried.parameter->name}));
    return carried;
}

static struct carried plan_pointer(struct pool *pool, const struct method *method,
                                   struct carried carried)
{
    const struct level *level = outermost(&carried);
    bool is_shared = level->pointer == POINTER_FULL && !carried.is_borrowed;
    bool is_tree =
        !carried.parameter->is_out &&
        (is_shared || (carried.is_optional && variable_content(&carried.variable, 1).owns));

    if (level->is_string)
        return plan_text(pool, method, carried);
    if (is_tree && !level->is_array && !level->first.expr && !level->length.expr) {
        carried.carry = CARRY_TREE;
        return carried;
    }
    if (level->is_array || level->size.expr || level->first.expr || level->length.expr)
        return plan_array(pool, method, carried);
    if (carried.variable.is_conformant && carried.variable.level_count == 1)
        return plan_open(pool, method, carried);
    carried.carry = parameter_stays_pointer(carried.parameter) ? CARRY_POINTED : CARRY_PLACE;
    return carried;
}

static struct carried plan_parameter(struct pool *pool, struct survey *survey,
                                     const struct method *method, const struct parameter *parameter)
{
    struct carried carried = {.parameter = parameter,
                              .variable = variable_of_parameter(survey, parameter)};
    const struct level *level;
    const char *why;

    if (carried.variable.obstacle)
        return refuse(carried, TEXT(pool, "it has ${why}", {"why", carried.variable.obstacle}));
    why = bounds_obstacle(pool, survey, &carried);
    if (why)
        return refuse(carried, why);
    level = outermost(&carried);
    carried.is_borrowed = attribute_find(parameter->attributes, "uvcom_borrowed") != NULL;
    carried.carry = CARRY_VALUE;
    if (!level && parameter->is_out)
        return refuse(carried, "it is [out], so it must be a pointer to one");
    if (carried.is_borrowed && variable_content(&carried.variable, level ? 1 : 0).owns)
        return refuse(carried, "only plain data can be borrowed, and this has pointers in it");
    if (!level)
        return carried;
    carried.is_optional = parameter->is_in && !level->is_array && level->pointer != POINTER_REF;
    carried = plan_pointer(pool, method, carried);
    if (carried.is_borrowed && (carried.carry == CARRY_TREE || carried.carry == CARRY_FIXED))
        return refuse(carried, "only a pointer to plain data of known size can be borrowed");
    if (carried.is_borrowed && carried_is_part(&carried))
        return refuse(carried, "what is borrowed is borrowed as a whole, and this has a length");
    return carried;
}

const struct level *carried_level(const struct carried *carried)
{
    switch (carried->carry) {
    case CARRY_ARRAY:
    case CARRY_FIXED:
    case CARRY_TEXT:
        return outermost(carried);
    default:
        return NULL;
    }
}

bool carried_is_part(const struct carried *carried)
{
    const struct level *level = carried_level(carried);

    return level && (level->first.expr || level->length.expr);
}

struct content carried_content(const struct carried *carried)
{
    bool is_whole = carried->carry == CARRY_VALUE || carried->carry == CARRY_TREE;

    if (carried->carry == CARRY_TEXT || carried->carry == CARRY_NOT)
        return (struct content){false, false};
    return variable_content(&carried->variable, is_whole ? 0 : 1);
}

bool carried_is_number(const struct carried *carried)
{
    const struct variable *variable = &carried->variable;

    return (variable->leaf == LEAF_NUMBER || variable->leaf == LEAF_ENUM) &&
           ((carried->carry == CARRY_VALUE && variable->level_count == 0) ||
            (carried->carry == CARRY_PLACE && variable->level_count == 1));
}

/* ---- methods and interfaces ---- */

/* What the server makes is looked at also where there is only a length, or an end of a string. */
static bool needs_results(const struct carried *carried)
{
    struct content content = carried_content(carried);

    return content.owns || content.looks || carried_is_part(carried) ||
           carried->carry == CARRY_TEXT || carried->carry == CARRY_OPEN;
}

/* The visit that looks at the results says the same of the [in, out] values on their way in. */
static bool is_same_both_ways(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct carried *carried = &plan->parameters[i];
        struct content content = carried_content(carried);

        if (!carried->parameter->is_out || !needs_results(carried))
            continue;
        if (!carried->parameter->is_in || carried->carry == CARRY_TEXT ||
            carried->carry == CARRY_OPEN || carried_is_number(carried) ||
            (!content.owns && !content.looks))
            return false;
    }
    return true;
}

static void plan_sum(struct plan *plan, const struct carried *carried)
{
    bool is_in = carried->parameter->is_in, is_out = carried->parameter->is_out;
    struct content content = carried_content(carried);
    bool is_deep = content.owns || (content.looks && !carried_is_number(carried));

    plan->has_frame = true;
    plan->needs_fill =
        plan->needs_fill || is_in || carried->carry == CARRY_ARRAY || carried->carry == CARRY_TEXT;
    plan->needs_ready = plan->needs_ready || is_out;
    plan->needs_deliver = plan->needs_deliver || is_out;
    plan->needs_in = plan->needs_in || (is_in && !is_out && is_deep);
    plan->needs_in_out = plan->needs_in_out || (is_in && is_out && is_deep);
    plan->needs_results = plan->needs_results || (is_out && needs_results(carried));
    if (carried->carry == CARRY_NOT && !plan->obstacle)
        plan->obstacle = carried;
}

struct plan plan_make(struct pool *pool, struct survey *survey, const struct method *method)
{
    struct plan plan = {.method = method};
    size_t count = 0;

    plan.returns_void = type_resolve(method->return_type)->kind == TYPE_VOID;
    for (const struct parameter *p = method->parameters; p; p = p->next)
        count++;
    plan.parameters = pool_alloc(pool, (count + 1) * sizeof *plan.parameters);
    for (const struct parameter *p = method->parameters; p && plan.parameters; p = p->next) {
        plan.parameters[plan.count] = plan_parameter(pool, survey, method, p);
        plan_sum(&plan, &plan.parameters[plan.count]);
        plan.count++;
    }
    plan.shares_visitor = plan.needs_in_out && is_same_both_ways(&plan);
    return plan;
}

static bool is_status(const struct type *type)
{
    const struct type *plain = type_resolve(type);

    if (plain->kind == TYPE_VOID)
        return true;
    for (; type->kind == TYPE_ALIAS; type = type->target)
        if (strcmp(type->alias->name, "HRESULT") == 0)
            return true;
    return false;
}

const char *interface_obstacle(const struct interface *interface)
{
    if (!interface->is_object || interface->is_dispatch || !interface->has_uuid)
        return "it is no [object] with a uuid";
    for (; interface->base; interface = interface->base) {
        if (interface->is_local)
            return "it is [local]";
        for (const struct method *m = interface->methods; m; m = m->next) {
            if (m->is_local || m->call_as)
                return "it has a [local] method";
            if (attribute_find(m->attributes, "callback"))
                return "it has a [callback] method, for which COM passes an interface pointer";
            if (!is_status(m->return_type))
                return "it has a method that returns neither HRESULT nor void";
        }
    }
    return NULL;
}
