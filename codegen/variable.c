/*
 * variable.c -- takes a parameter or a field apart, level by level.
 *
 * What the records in it are made of is kept by survey.c.
 */
#include "codegen/variable.h"

#include <string.h>

#include "codegen/out.h"
#include "codegen/survey.h"
#include "codegen/types.h"
#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/type.h"

/* Nobody reads it: the pool has failed, and no file is written. */
#define NO_MEMORY "no memory"

/* A list of attributes, and the level that its first argument is about: 0 for those of the variable
 * itself, more for those of a typedef behind some pointers. */
struct source {
    const struct source *next;
    const struct attribute *attributes;
    size_t base;
};

struct taking {
    struct survey *survey;
    struct variable *variable;
    const struct source *sources; /* the outermost first */
    const struct source **end;
    bool is_parameter;
};

/* ---- attributes ---- */

static void add_source(struct taking *taking, const struct attribute *attributes)
{
    struct source *source;

    if (!attributes)
        return;
    source = pool_alloc(taking->survey->pool, sizeof *source);
    if (!source)
        return;
    *source = (struct source){NULL, attributes, taking->variable->level_count};
    *taking->end = source;
    taking->end = &source->next;
}

static const struct attribute *find_source(const struct taking *taking, const char *name)
{
    const struct attribute *found = NULL;

    for (const struct source *s = taking->sources; s && !found; s = s->next)
        found = attribute_find(s->attributes, name);
    return found;
}

/* The argument of size_is and the like that is about a level; what stands further out wins. */
static const struct expr *find_argument(const struct taking *taking, const char *name, size_t level)
{
    for (const struct source *s = taking->sources; s; s = s->next) {
        const struct attribute *found = attribute_find(s->attributes, name);

        if (found && level >= s->base && level - s->base < found->arg_count &&
            found->args[level - s->base])
            return found->args[level - s->base];
    }
    return NULL;
}

static struct bound find_bound(const struct taking *taking, const char *count, const char *last,
                               size_t level)
{
    const struct expr *expr = find_argument(taking, count, level);

    if (expr)
        return (struct bound){expr, false};
    return (struct bound){find_argument(taking, last, level), true};
}

/* The words for what no call can carry whatever the type. */
static const char *attribute_obstacle(const struct attribute *attributes)
{
    static const struct {
        const char *name, *why;
    } rows[] = {
        {"context_handle", "a context handle (an interface pointer serves for it)"},
        {"context_handle_noserialize", "a context handle (an interface pointer serves for it)"},
        {"context_handle_serialize", "a context handle (an interface pointer serves for it)"},
        {"handle", "a type with its own binding (handle)"},
        {"ignore", "a pointer that is not to be looked at (ignore)"},
        {"partial_ignore", "a pointer that is not to be looked at (partial_ignore)"},
        {"represent_as", "a type with its own marshaling (represent_as)"},
        {"system_handle", "a handle of the system"},
        {"transmit_as", "a type with its own marshaling (transmit_as)"},
        {"user_marshal", "a type with its own marshaling (user_marshal)"},
        {"wire_marshal", "a type with its own marshaling (wire_marshal)"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (attribute_find(attributes, rows[i].name))
            return rows[i].why;
    return NULL;
}

/* ---- levels ---- */

/*
 * A BSTR keeps its length in front of its text, which the type, a pointer to one character, does
 * not say. So it is told by its name.
 */
static bool is_bstr(const struct type *type)
{
    return type->kind == TYPE_ALIAS && strcmp(type->alias->name, "BSTR") == 0;
}

static bool is_const(const struct type *type)
{
    for (; type->kind == TYPE_ALIAS; type = type->target)
        if (type->is_const)
            return true;
    return type->is_const;
}

/* How many levels a type has at most. */
static size_t count_levels(const struct type *type)
{
    size_t count = 0;

    while (type->kind == TYPE_ALIAS || type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) {
        count += type->kind != TYPE_ALIAS;
        type = type->target;
    }
    return count;
}

static void add_level(struct taking *taking, const struct type *type)
{
    struct variable *variable = taking->variable;

    variable->levels[variable->level_count++] = (struct level){
        .type = type,
        .element = type->target,
        .is_array = type->kind == TYPE_ARRAY,
        .pointer = type->kind == TYPE_ARRAY ? POINTER_REF : type->pointer,
        .is_const = is_const(type->target),
    };
}

static const char *void_obstacle(const struct taking *taking)
{
    const struct type *type = taking->variable->type;

    for (; type; type = type->target)
        if (type->kind == TYPE_ALIAS && strcmp(type->alias->name, "HANDLE") == 0)
            return "a HANDLE, a pointer to void without iid_is (pass it as a ULONG_PTR)";
    if (find_source(taking, "size_is") || find_source(taking, "max_is"))
        return "a pointer to void with a size (write BYTE *)";
    return "a pointer to void without iid_is";
}

/* A pointer that is a leaf, or no pointer that could be followed: true, with leaf or obstacle. */
static bool take_last_pointer(struct taking *taking, const struct type *type)
{
    const struct type *target = type_resolve(type->target);
    struct variable *variable = taking->variable;

    switch (target->kind) {
    case TYPE_INTERFACE:
        variable->leaf = LEAF_INTERFACE;
        variable->interface = target->interface;
        return true;
    case TYPE_VOID:
        variable->leaf = LEAF_INTERFACE;
        if (!find_source(taking, "iid_is"))
            variable->obstacle = void_obstacle(taking);
        return true;
    case TYPE_FUNCTION:
        variable->obstacle = "a pointer to a function (an interface pointer serves for it)";
        return true;
    default:
        return false;
    }
}

/* Through typedefs, pointers and arrays to the leaf. */
static void take_levels(struct taking *taking, const struct type *type)
{
    struct variable *variable = taking->variable;

    for (;; type = type->target) {
        variable->leaf_type = type;
        if (is_bstr(type)) {
            variable->leaf = LEAF_BSTR;
            return;
        }
        if (type->kind == TYPE_ALIAS) {
            variable->obstacle = attribute_obstacle(type->alias->attributes);
            add_source(taking, type->alias->attributes);
        } else if (type->kind == TYPE_POINTER && take_last_pointer(taking, type)) {
            return;
        } else if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) {
            add_level(taking, type);
        } else {
            return;
        }
        if (variable->obstacle)
            return;
    }
}

static bool is_bounded(const struct level *level)
{
    return level->size.expr || level->type->length;
}

static const char *level_obstacle(const struct taking *taking, size_t index)
{
    const struct variable *variable = taking->variable;
    const struct level *level = &variable->levels[index];
    bool is_first = taking->is_parameter && index == 0;
    const char *why = bound_obstacle(level->size.expr);

    if (!why)
        why = bound_obstacle(level->first.expr);
    if (!why)
        why = bound_obstacle(level->length.expr);
    if (why)
        return TEXT(taking->survey->pool, "a size with ${why}", {"why", why});
    if (level->is_array && !level->type->length && index > 0)
        return "an array of open length inside another";
    if (level->is_array && !is_bounded(level) && !(is_first && level->is_string))
        return "an array of open length without size_is";
    if (level->type->length && level->size.expr && !is_first)
        return "a size for an array of fixed length";
    if (level_is_varying(level) && !is_bounded(level))
        return "a length_is or first_is without size_is";
    if (level_is_varying(level) && level->is_string)
        return "a [string] with length_is or first_is";
    return NULL;
}

static void bind_levels(struct taking *taking)
{
    struct variable *variable = taking->variable;

    for (size_t i = 0; i < variable->level_count; i++) {
        struct level *level = &variable->levels[i];

        level->size = find_bound(taking, "size_is", "max_is", i);
        level->length = find_bound(taking, "length_is", "last_is", i);
        level->first.expr = find_argument(taking, "first_is", i);
        if (find_argument(taking, "min_is", i))
            variable->obstacle = "an array that does not begin at 0 (min_is)";
    }
}

/* size_is(, n) of something with one level only. */
static bool is_beyond(const struct variable *variable)
{
    static const char *const names[] = {"size_is", "max_is", "length_is", "last_is", "first_is"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct attribute *found = attribute_find(variable->attributes, names[i]);

        for (size_t k = variable->level_count; found && k < found->arg_count; k++)
            if (found->args[k])
                return true;
    }
    return false;
}

/* ---- leaves ---- */

static bool is_character(const struct type *type)
{
    bool is_unsigned;

    type = type_resolve(type);
    return type->kind == TYPE_BASE && type_bits(type, &is_unsigned) > 0 &&
           type_bits(type, &is_unsigned) <= 32;
}

static void take_string(struct taking *taking)
{
    struct variable *variable = taking->variable;

    if (!find_source(taking, "string"))
        return;
    if (variable->leaf == LEAF_PLAIN && variable->level_count > 0 &&
        is_character(variable->leaf_type))
        variable->levels[variable->level_count - 1].is_string = true;
    else
        variable->obstacle = "a [string] of what is no character";
}

static void take_range(struct taking *taking)
{
    const struct attribute *range = find_source(taking, "range");
    struct variable *variable = taking->variable;
    const struct type *type = type_resolve(variable->leaf_type);

    if (!range || range->arg_count != 2)
        return;
    if (!type_is_integer(type)) {
        variable->obstacle = "a [range] of what is no integer";
        return;
    }
    variable->low = range->args[0];
    variable->high = range->args[1];
    if (variable->leaf == LEAF_PLAIN)
        variable->leaf = LEAF_NUMBER;
}

static bool has_cases(const struct record *record)
{
    for (const struct field *field = record->fields; field; field = field->next)
        if (attribute_find(field->attributes, "case") ||
            attribute_find(field->attributes, "default"))
            return true;
    return false;
}

static void take_union(struct taking *taking)
{
    const struct attribute *tag = find_source(taking, "switch_is");
    struct variable *variable = taking->variable;
    const struct type *type = type_resolve(variable->leaf_type);
    const char *why;

    variable->leaf = LEAF_UNION;
    if (!tag || tag->arg_count < 1) {
        variable->obstacle =
            has_cases(type->record)
                ? "a union without switch_is"
                : "a union of which nothing says what is in it (give its arms [case(...)], and it "
                  "[switch_is(...)])";
        return;
    }
    variable->tag = tag->args[0];
    why = bound_obstacle(variable->tag);
    if (why)
        variable->obstacle = TEXT(taking->survey->pool, "a switch_is with ${why}", {"why", why});
}

/* A struct that ends with T data[] is as long as it says: only a pointer to one can be carried. */
static const char *open_obstacle(const struct variable *variable)
{
    const struct level *last;

    if (!variable->is_conformant)
        return NULL;
    if (variable->level_count == 0)
        return "a struct that ends with an open array, and not a pointer to it";
    last = &variable->levels[variable->level_count - 1];
    if (last->is_array || last->size.expr)
        return "an array of structs that end with an open array";
    return NULL;
}

/* A struct that C has no name for is visited where it stands, and cannot be pointed to. */
static const char *nameless_obstacle(const struct variable *variable)
{
    if (!variable->record || variable->record->type)
        return NULL;
    for (size_t i = 0; i < variable->level_count; i++)
        if (!variable->levels[i].is_array || !variable->levels[i].type->length ||
            level_is_varying(&variable->levels[i]))
            return "a pointer to a struct without a name";
    return NULL;
}

static void take_record(struct taking *taking)
{
    struct variable *variable = taking->variable;
    const struct type *type = type_resolve(variable->leaf_type);

    variable->leaf = LEAF_RECORD;
    if (type->kind == TYPE_UNION && !type->record->discriminant)
        take_union(taking);
    variable->record = survey_record(taking->survey, type);
    if (variable->record)
        variable->is_conformant = variable->record->is_conformant;
    if (!variable->obstacle)
        variable->obstacle = open_obstacle(variable);
    if (!variable->obstacle)
        variable->obstacle = nameless_obstacle(variable);
}

static void take_enum(struct taking *taking)
{
    const struct type *type = type_resolve(taking->variable->leaf_type);

    if (!find_source(taking, "v1_enum") &&
        !attribute_find(type->enumeration->attributes, "v1_enum"))
        taking->variable->leaf = LEAF_ENUM;
}

static void take_interface(struct taking *taking)
{
    const struct attribute *iid = find_source(taking, "iid_is");
    struct variable *variable = taking->variable;
    const struct interface *interface = variable->interface;

    variable->iid = iid && iid->arg_count > 0 ? iid->args[0] : NULL;
    if (variable->iid)
        return;
    if (!interface || !interface->is_complete || !interface->is_object || !interface->has_uuid)
        variable->obstacle = TEXT(taking->survey->pool, "a pointer to ${name}, which has no uuid",
                                  {"name", interface ? interface->name : "void"});
}

static void take_leaf(struct taking *taking)
{
    struct variable *variable = taking->variable;
    const struct type *type = type_resolve(variable->leaf_type);

    if (variable->leaf == LEAF_INTERFACE) {
        take_interface(taking);
        return;
    }
    if (variable->leaf == LEAF_BSTR)
        return;
    switch (type->kind) {
    case TYPE_BASE:
        if (type->base == BASE_HANDLE)
            variable->obstacle = "a binding handle (handle_t)";
        break;
    case TYPE_ENUM:
        take_enum(taking);
        break;
    case TYPE_STRUCT:
    case TYPE_UNION:
        take_record(taking);
        break;
    case TYPE_VOID: /* an arm of a union with nothing in it; elsewhere the front end refuses it */
        break;
    case TYPE_SAFEARRAY:
        variable->obstacle =
            "a SAFEARRAY, which this version does not carry (use an array with size_is)";
        break;
    default:
        variable->obstacle = "a type that is no data";
        break;
    }
}

/* ---- variables ---- */

static struct variable take(struct survey *survey, const struct variable *named, bool is_parameter)
{
    struct variable variable = *named;
    struct taking taking = {.survey = survey, .variable = &variable, .is_parameter = is_parameter};
    size_t count = count_levels(variable.type);

    taking.end = &taking.sources;
    variable.leaf_type = variable.type;
    variable.levels = pool_alloc(survey->pool, (count + 1) * sizeof *variable.levels);
    if (!variable.levels) {
        variable.obstacle = NO_MEMORY;
        return variable;
    }
    add_source(&taking, variable.attributes);
    variable.obstacle = attribute_obstacle(variable.attributes);
    if (!variable.obstacle)
        take_levels(&taking, variable.type);
    if (!variable.obstacle)
        bind_levels(&taking);
    if (!variable.obstacle)
        take_leaf(&taking);
    if (!variable.obstacle)
        take_string(&taking);
    if (!variable.obstacle)
        take_range(&taking);
    if (!variable.obstacle && is_beyond(&variable))
        variable.obstacle = "a size for more pointers than there are";
    for (size_t i = 0; i < variable.level_count && !variable.obstacle; i++)
        variable.obstacle = level_obstacle(&taking, i);
    return variable;
}

struct variable variable_of_field(struct survey *survey, const struct field *field)
{
    const struct variable named = {
        .name = field->name, .type = field->type, .attributes = field->attributes};

    return take(survey, &named, false);
}

struct variable variable_of_parameter(struct survey *survey, const struct parameter *parameter)
{
    const struct variable named = {
        .name = parameter->name, .type = parameter->type, .attributes = parameter->attributes};
    struct variable variable = named;

    variable.obstacle = NO_MEMORY;
    if (!survey)
        return variable;
    variable = take(survey, &named, true);
    survey_finish(survey);
    if (!variable.obstacle && variable.record)
        variable.obstacle = variable.record->obstacle;
    return variable;
}

bool variable_is_open(const struct variable *variable)
{
    return variable->level_count > 0 && variable->levels[0].is_array &&
           !variable->levels[0].type->length;
}

static bool names_field(const struct expr *expr)
{
    return expr && (expr->field || names_field(expr->left) || names_field(expr->right) ||
                    names_field(expr->third));
}

bool variable_names_field(const struct variable *variable)
{
    for (size_t i = 0; i < variable->level_count; i++) {
        const struct level *level = &variable->levels[i];

        if (names_field(level->size.expr) || names_field(level->first.expr) ||
            names_field(level->length.expr))
            return true;
    }
    return names_field(variable->tag) || names_field(variable->iid);
}
