/*
 * plan.c -- decides for each parameter how it is carried, or why it cannot be.
 *
 * It writes no text of generated code; emit_calls.c and its siblings do.
 */
#include "codegen/plan.h"

#include <string.h>

#include "codegen/out.h"
#include "codegen/types.h"
#include "codegen/view.h"
#include "idl/idl.h"

enum { MOST_NESTED = 64 }; /* structs within structs; the language has no recursion by value */

/* ---- which types are flat ---- */

/* A record that was found flat: the search ends at the first that is not. */
struct flat {
    const struct flat *next;
    const struct record *record;
};

/* Each record is looked into once: structs of two equal structs would double the work per level. */
struct flat_search {
    struct pool *pool;
    const struct flat *known;
    const char *why;
};

static bool is_flat_at(struct flat_search *search, const struct type *type, int depth);

/*
 * A BSTR keeps its length in front of its text, which the type, a pointer to one character, does
 * not say. So it is told by its name.
 */
static bool is_bstr(const struct type *alias)
{
    return strcmp(alias->alias->name, "BSTR") == 0;
}

static bool is_known_flat(const struct flat_search *search, const struct record *record)
{
    const struct flat *flat = search->known;

    while (flat && flat->record != record)
        flat = flat->next;
    return flat != NULL;
}

static void remember_flat(struct flat_search *search, const struct record *record)
{
    struct flat *flat = pool_alloc(search->pool, sizeof *flat);

    if (!flat)
        return;
    *flat = (struct flat){search->known, record};
    search->known = flat;
}

static bool is_flat_record(struct flat_search *search, const struct record *record, int depth)
{
    if (record->is_union || record->discriminant) {
        search->why = "a union";
        return false;
    }
    if (!record->is_complete) {
        search->why = "a struct that is not defined";
        return false;
    }
    if (is_known_flat(search, record))
        return true;
    for (const struct field *field = record->fields; field && !search->pool->failed;
         field = field->next) {
        if (!is_flat_at(search, field->type, depth + 1)) {
            search->why = TEXT(search->pool, "${why} in field '${field}'", {"why", search->why},
                               {"field", field->name ? field->name : "(unnamed)"});
            return false;
        }
    }
    remember_flat(search, record);
    return true;
}

static bool is_flat_at(struct flat_search *search, const struct type *type, int depth)
{
    for (; type->kind == TYPE_ALIAS; type = type->target) {
        const struct attribute *list = type->alias->attributes;

        if (attribute_find(list, "wire_marshal") || attribute_find(list, "transmit_as") ||
            attribute_find(list, "context_handle") || attribute_find(list, "represent_as")) {
            search->why = "a type with its own marshaling";
            return false;
        }
        if (is_bstr(type)) {
            search->why = "a BSTR";
            return false;
        }
    }
    search->why = "nesting that is too deep";
    if (depth > MOST_NESTED)
        return false;
    switch (type->kind) {
    case TYPE_BASE:
        search->why = "a handle";
        return type->base != BASE_HANDLE;
    case TYPE_ENUM:
        return true;
    case TYPE_STRUCT:
    case TYPE_UNION:
        return is_flat_record(search, type->record, depth);
    case TYPE_ARRAY:
        search->why = "an array of open length";
        return type->length && is_flat_at(search, type->target, depth + 1);
    case TYPE_POINTER:
        search->why =
            type_is_interface_pointer(type) ? "an interface pointer" : "an embedded pointer";
        return false;
    case TYPE_VOID:
        search->why = "memory of unknown type";
        return false;
    default:
        search->why = "a type that is not plain data";
        return false;
    }
}

bool type_is_flat(struct pool *pool, const struct type *type, const char **why)
{
    struct flat_search search = {.pool = pool};
    bool is_flat = is_flat_at(&search, type, 0);

    *why = search.why;
    return is_flat;
}

/* ---- attributes of a parameter ---- */

/* The attribute of a parameter, or of the typedefs that its type goes through. */
static const struct attribute *find_through(const struct parameter *parameter, const char *name)
{
    const struct attribute *found = attribute_find(parameter->attributes, name);

    for (const struct type *t = parameter->type; !found && t->kind == TYPE_ALIAS; t = t->target)
        found = attribute_find(t->alias->attributes, name);
    return found;
}

static const struct expr *argument(const struct attribute *attribute, size_t index)
{
    return attribute && index < attribute->arg_count ? attribute->args[index] : NULL;
}

static struct bound find_bound(const struct parameter *parameter, const char *count,
                               const char *last, size_t index)
{
    const struct expr *expr = argument(attribute_find(parameter->attributes, count), index);

    if (expr)
        return (struct bound){expr, false};
    return (struct bound){argument(attribute_find(parameter->attributes, last), index), true};
}

/* The front end has decided the kind of every pointer, also of one that a typedef hides. */
static bool is_ref(const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);

    return type->kind == TYPE_ARRAY || type->pointer == POINTER_REF;
}

static struct carried refuse(struct carried carried, const char *why)
{
    carried.carry = CARRY_NOT;
    carried.obstacle = why;
    return carried;
}

/* ---- bounds ---- */

/*
 * A parameter in a bound that Begin_ does not have: an [out] parameter, whose value comes too late
 * (DER-08, DER-13). Pointers are read only where the bound says so.
 */
static const struct expr *late_name(const struct expr *expr)
{
    const struct expr *found;

    if (!expr)
        return NULL;
    if (expr->kind == EXPR_NAME && expr->parameter && !expr->parameter->is_in)
        return expr;
    found = late_name(expr->left);
    if (!found)
        found = late_name(expr->right);
    return found ? found : late_name(expr->third);
}

/* A cast is carried out where the bound is evaluated, in integers. */
static bool has_other_cast(const struct expr *expr)
{
    const struct type *type;

    if (!expr)
        return false;
    if (expr->kind == EXPR_CAST) {
        type = type_resolve(expr->type);
        if (type->kind != TYPE_BASE || type->base == BASE_FLOAT || type->base == BASE_DOUBLE ||
            type->base == BASE_HANDLE)
            return true;
    }
    return has_other_cast(expr->left) || has_other_cast(expr->right) || has_other_cast(expr->third);
}

/* What is in the way of evaluating the bounds; NULL: nothing. */
static const char *bounds_obstacle(const struct carried *carried)
{
    if (attribute_find(carried->parameter->attributes, "first_is"))
        return "it has first_is, which this version does not carry";
    if (has_other_cast(carried->size.expr))
        return "its size has a cast to a type that is no integer";
    if (has_other_cast(carried->length.expr))
        return "its length has a cast to a type that is no integer";
    return NULL;
}

/* Whether the size is one unsigned [in] parameter by value: nobody changes it between the halves.
 */
static bool is_fixed_for_the_call(const struct bound *size)
{
    const struct type *type;

    if (size->plus_one || size->expr->kind != EXPR_NAME || !size->expr->parameter)
        return false;
    type = type_resolve(size->expr->parameter->type);
    if (type->kind != TYPE_BASE)
        return false;
    switch (type->base) {
    case BASE_BYTE:
    case BASE_UNSIGNED_SMALL:
    case BASE_UNSIGNED_SHORT:
    case BASE_UNSIGNED_LONG:
    case BASE_UNSIGNED_INT:
    case BASE_UNSIGNED_HYPER:
    case BASE_UNSIGNED_INT3264:
        return true;
    default:
        return false;
    }
}

static struct carried plan_array(struct pool *pool, const struct method *method,
                                 struct carried carried)
{
    const struct parameter *parameter = carried.parameter;
    const struct expr *late = late_name(carried.size.expr);
    const char *why;

    /* For an asynchronous interface the front end has refused it, with the position. */
    if (late)
        return refuse(
            carried, TEXT(pool, "its size is the [out] parameter '${name}'", {"name", late->text}));
    late = parameter->is_out ? NULL : late_name(carried.length.expr);
    if (late)
        return refuse(carried, "its length is an [out] parameter");
    if (!type_is_flat(pool, carried.element, &why))
        return refuse(carried, TEXT(pool, "its elements have ${why}", {"why", why}));
    carried.carry = CARRY_ARRAY;
    if (!is_fixed_for_the_call(&carried.size))
        carried.room =
            method_local(pool, method, TEXT(pool, "${name}_room", {"name", parameter->name}));
    return carried;
}

/* ---- the kinds of parameter ---- */

static bool is_string(const struct parameter *parameter)
{
    const struct type *element = type_element(parameter->type);

    if (!find_through(parameter, "string") || !element)
        return false;
    element = type_resolve(element);
    return element->kind == TYPE_BASE;
}

/* void **ppv with iid_is, IFoo **ppFoo: a place for an interface pointer. */
static bool is_object_place(const struct parameter *parameter)
{
    const struct type *element = type_element(parameter->type);

    if (!element)
        return false;
    if (type_is_interface_pointer(element))
        return true;
    element = type_element(element);
    return element && type_resolve(element)->kind == TYPE_VOID &&
           attribute_find(parameter->attributes, "iid_is");
}

static bool is_object(const struct parameter *parameter)
{
    const struct type *element = type_element(parameter->type);

    if (type_is_interface_pointer(parameter->type))
        return true;
    return element && type_resolve(element)->kind == TYPE_VOID &&
           attribute_find(parameter->attributes, "iid_is");
}

/* [out] T **: the server allocates, with CoTaskMemAlloc, and Finish_ hands over. */
static struct carried plan_memory(struct pool *pool, struct carried carried)
{
    const char *why;

    carried.element = type_element(type_element(carried.parameter->type));
    if (!type_is_flat(pool, carried.element, &why))
        return refuse(carried, TEXT(pool, "what it points to has ${why}", {"why", why}));
    carried.carry = CARRY_MEMORY;
    return carried;
}

static struct carried plan_pointer(struct pool *pool, const struct method *method,
                                   struct carried carried)
{
    const struct parameter *parameter = carried.parameter;
    const struct type *element = carried.element;
    const char *why;

    if (type_resolve(element)->kind == TYPE_POINTER) {
        if (!parameter->is_in)
            return plan_memory(pool, carried);
        return refuse(carried, "it is a pointer to a pointer");
    }
    if (carried.size.expr && type_resolve(element)->kind == TYPE_ARRAY)
        return refuse(carried, "it has a size and its elements are arrays, which this version does "
                               "not carry");
    if (is_string(parameter) && !parameter->is_out) {
        if (type_resolve(parameter->type)->kind == TYPE_ARRAY &&
            type_resolve(parameter->type)->length)
            return refuse(carried, "it is a [string] in an array of fixed length, which this "
                                   "version does not carry");
        /* Its end would be looked for beyond what the client has. */
        if (carried.size.expr)
            return refuse(carried, "it is a [string] with a size, which this version does not "
                                   "carry");
        if (carried.length.expr)
            return refuse(carried, "it is a [string] with a length, which this version does not "
                                   "carry");
        carried.carry = CARRY_STRING;
        return carried;
    }
    if (carried.size.expr)
        return plan_array(pool, method, carried);
    if (is_string(parameter))
        return refuse(carried, "an [out] string needs size_is");
    if (type_resolve(parameter->type)->kind == TYPE_ARRAY && !type_resolve(parameter->type)->length)
        return refuse(carried, "an array of open length needs size_is");
    if (carried.length.expr && type_resolve(parameter->type)->kind == TYPE_POINTER)
        return refuse(carried, "length_is needs size_is");
    if (!type_is_flat(pool, element, &why))
        return refuse(carried, TEXT(pool, "it has ${why}", {"why", why}));
    carried.carry = type_resolve(parameter->type)->kind == TYPE_ARRAY ? CARRY_FIXED : CARRY_POINTED;
    return carried;
}

/* A BSTR, or pointers to one. */
static bool holds_bstr(const struct type *type)
{
    while (type->kind == TYPE_ALIAS || type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) {
        if (type->kind == TYPE_ALIAS && is_bstr(type))
            return true;
        type = type->target;
    }
    return false;
}

static struct carried plan_parameter(struct pool *pool, const struct method *method,
                                     const struct parameter *parameter)
{
    struct carried carried = {.parameter = parameter, .element = type_element(parameter->type)};
    const char *why;

    if (find_through(parameter, "wire_marshal") || find_through(parameter, "transmit_as") ||
        find_through(parameter, "context_handle"))
        return refuse(carried, "its type has its own marshaling");
    if (holds_bstr(parameter->type))
        return refuse(carried, "it is a BSTR, which this version does not carry");
    if (parameter->is_out && is_object_place(parameter)) {
        if (parameter->is_in)
            return refuse(carried, "it is an [in, out] interface pointer");
        carried.carry = CARRY_OBJECT;
        return carried;
    }
    if (!parameter->is_out && is_object(parameter)) {
        carried.carry = CARRY_OBJECT;
        carried.is_optional = true;
        return carried;
    }
    if (carried.element) {
        carried.is_optional = parameter->is_in && !is_ref(parameter);
        carried.size = find_bound(parameter, "size_is", "max_is", 0);
        carried.length = find_bound(parameter, "length_is", "last_is", 0);
        why = bounds_obstacle(&carried);
        if (why)
            return refuse(carried, why);
        return plan_pointer(pool, method, carried);
    }
    carried.element = parameter->type;
    if (!type_is_flat(pool, parameter->type, &why))
        return refuse(carried, TEXT(pool, "it is ${why}", {"why", why}));
    carried.carry = CARRY_VALUE;
    return carried;
}

/* ---- methods and interfaces ---- */

static void plan_sum(struct plan *plan, const struct carried *carried)
{
    bool is_in = carried->parameter->is_in, is_out = carried->parameter->is_out;
    bool is_owned = carried->carry == CARRY_OBJECT || carried->carry == CARRY_MEMORY;

    plan->has_frame = true;
    plan->needs_fill = plan->needs_fill || is_in || carried->carry == CARRY_ARRAY;
    plan->needs_ready = plan->needs_ready || is_out;
    plan->needs_deliver = plan->needs_deliver || is_out;
    plan->needs_clear = plan->needs_clear || is_owned;
    if (carried->carry == CARRY_NOT && !plan->obstacle)
        plan->obstacle = carried;
}

struct plan plan_make(struct pool *pool, const struct method *method)
{
    struct plan plan = {.method = method};
    size_t count = 0;

    plan.returns_void = type_resolve(method->return_type)->kind == TYPE_VOID;
    for (const struct parameter *p = method->parameters; p; p = p->next)
        count++;
    plan.parameters = pool_alloc(pool, (count + 1) * sizeof *plan.parameters);
    for (const struct parameter *p = method->parameters; p && plan.parameters; p = p->next) {
        plan.parameters[plan.count] = plan_parameter(pool, method, p);
        plan_sum(&plan, &plan.parameters[plan.count]);
        plan.count++;
    }
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
            if (!is_status(m->return_type))
                return "it has a method that returns neither HRESULT nor void";
        }
    }
    return NULL;
}
