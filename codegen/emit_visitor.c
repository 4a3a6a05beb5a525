/*
 * emit_visitor.c -- one function for each record that is more than its bytes, each after those that
 * it calls; where records point to each other, a prototype comes first.
 */
#include "codegen/emit_visitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "idl/attribute.h"
#include "idl/type.h"

/* ---- members ---- */

/* The fields of a record, in an order that lets each be read when it is needed. */
struct field_order {
    struct visit_body *body;
    const struct facts *facts;
    const struct visit_place *place;
    bool *is_done;
};

static void visit_field(const struct field_order *order, size_t index);

/* The pointers that an expression follows are looked at before: what they lead to must be there
   when sizes, tags and ids are read, also when only half of a value has been copied. */
static void visit_sources(const struct field_order *order, const struct expr *expr)
{
    size_t index = 0;

    if (!expr)
        return;
    visit_sources(order, expr->left);
    visit_sources(order, expr->right);
    visit_sources(order, expr->third);
    if (!expr->field || !type_element(expr->field->type))
        return;
    for (const struct field *f = order->facts->record->fields; f; f = f->next, index++)
        if (f == expr->field)
            visit_field(order, index);
}

static void visit_field(const struct field_order *order, size_t index)
{
    const struct variable *variable = &order->facts->variables[index];

    if (order->is_done[index] || !variable_is_deep(variable, 0))
        return;
    order->is_done[index] = true;
    for (size_t i = 0; i < variable->level_count; i++) {
        visit_sources(order, variable->levels[i].size.expr);
        visit_sources(order, variable->levels[i].first.expr);
        visit_sources(order, variable->levels[i].length.expr);
    }
    visit_sources(order, variable->tag);
    visit_sources(order, variable->iid);
    visit_variable(order->body, variable, order->place);
}

static void visit_fields(struct visit_body *body, const struct facts *facts,
                         const struct visit_place *place)
{
    const struct field_order order = {body, facts, place,
                                      pool_alloc(body->pool, facts->variable_count * sizeof(bool))};

    for (size_t i = 0; order.is_done && i < facts->variable_count; i++)
        visit_field(&order, i);
}

void visit_members(struct visit_body *body, struct facts *facts, const char *prefix)
{
    const struct record *record = facts->record;
    const struct visit_place place = {.prefix = prefix};

    if (body->pool->failed)
        return; /* some of the fields may not have been looked at */
    if (record->discriminant) {
        const char *tag = TEXT(body->pool, "${prefix}${name}", {"prefix", prefix},
                               {"name", record->discriminant->name});

        visit_variable(body, &facts->variables[0], &place);
        visit_switch(
            body, facts,
            TEXT(body->pool, "${prefix}${name}.", {"prefix", prefix}, {"name", record->union_name}),
            tag, NULL);
        return;
    }
    visit_fields(body, facts, &place);
}

/* ---- unions ---- */

/* What the labels of a union are converted to; NULL: the LONGLONG that its tag comes as. */
static const struct type *tag_type(const struct facts *facts, const struct expr *expr)
{
    const struct attribute *attribute = attribute_find(facts->record->attributes, "switch_type");
    const struct type *type = facts->type;
    bool is_unsigned;

    if (facts->record->discriminant)
        return facts->record->discriminant->type;
    for (; type && !attribute && type->kind == TYPE_ALIAS; type = type->target)
        attribute = attribute_find(type->alias->attributes, "switch_type");
    type = attribute ? attribute->type : NULL;
    if (expr && expr->kind == EXPR_NAME && expr->field)
        type = expr->field->type;
    return type && type_bits(type, &is_unsigned) < 64 ? type : NULL;
}

static int64_t as_type(const struct expr *label, unsigned bits, bool is_unsigned)
{
    uint64_t value = (uint64_t)label->value, sign;

    if (bits == 0 || bits >= 64)
        return label->value;
    sign = UINT64_C(1) << (bits - 1);
    value &= 2 * sign - 1;
    if (!is_unsigned)
        value = (value ^ sign) - sign;
    return (int64_t)value;
}

/* A label in the type of the tag, as MIDL reads it: case(0xffffffff) of a long is -1. */
static const char *label_text(struct pool *pool, const struct expr *label, const struct type *type)
{
    bool is_unsigned = false;
    unsigned bits = type ? type_bits(type, &is_unsigned) : 0;
    int64_t value = as_type(label, bits, is_unsigned);
    char text[40];

    if (value == label->value && (value >= 0 || (!label->is_unsigned && !is_unsigned)))
        return expr_text(pool, label);
    if (is_unsigned)
        snprintf(text, sizeof text, "%" PRIu64 "u", (uint64_t)value);
    else if (value == INT64_MIN)
        snprintf(text, sizeof text, "INT64_MIN");
    else
        snprintf(text, sizeof text, "%" PRId64, value);
    return pool_string(pool, text);
}

static bool has_enumerator(const struct enumeration *enumeration, int64_t value)
{
    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next)
        if (e->number == value)
            return true;
    return false;
}

/* A label that its enum does not have would be a warning. */
static bool has_foreign_label(const struct facts *facts, const struct type *type)
{
    type = type ? type_resolve(type) : NULL;
    if (!type || type->kind != TYPE_ENUM)
        return false;
    for (const struct field *field = facts->record->fields; field; field = field->next)
        for (const struct attribute *a = field->attributes; a; a = a->next)
            for (size_t i = 0; strcmp(a->info->name, "case") == 0 && i < a->arg_count; i++)
                if (!has_enumerator(type->enumeration, a->args[i]->value))
                    return true;
    return false;
}

static bool write_labels(struct visit_body *body, const struct field *field,
                         const struct type *type)
{
    bool is_default = attribute_find(field->attributes, "default") != NULL;

    for (const struct attribute *a = field->attributes; a; a = a->next)
        for (size_t i = 0; strcmp(a->info->name, "case") == 0 && i < a->arg_count; i++)
            body_line(body, TEXT(body->pool, "case ${label}:",
                                 {"label", label_text(body->pool, a->args[i], type)}));
    if (is_default)
        body_line(body, "default:");
    return is_default;
}

static bool has_label(const struct field *field)
{
    return attribute_find(field->attributes, "default") ||
           attribute_find(field->attributes, "case");
}

/* Neighbours that need nothing share one break. */
static bool write_arms(struct visit_body *body, struct facts *facts, const char *prefix,
                       const struct type *type)
{
    const struct visit_place place = {.prefix = prefix};
    const struct variable *variable = facts->variables + (facts->record->discriminant != NULL);
    bool has_default = false;

    for (const struct field *f = facts->record->fields; f; f = f->next, variable++) {
        bool is_deep = variable_is_deep(variable, 0);
        bool is_shared =
            !is_deep && f->next && has_label(f->next) && !variable_is_deep(variable + 1, 0);

        if (!has_label(f))
            continue;
        has_default = write_labels(body, f, type) || has_default;
        body->depth++;
        if (is_deep)
            visit_variable(body, variable, &place);
        if (!is_shared)
            body_line(body, "break;");
        body->depth--;
    }
    return has_default;
}

void visit_switch(struct visit_body *body, struct facts *facts, const char *prefix, const char *tag,
                  const struct expr *expr)
{
    const struct type *type = tag_type(facts, expr);
    bool is_foreign = (facts->record->discriminant || expr) && has_foreign_label(facts, type);

    if (body->pool->failed)
        return;
    STATEMENT(body, "switch (${cast}${tag}) {", {"cast", is_foreign ? "(LONGLONG)" : ""},
              {"tag", tag});
    if (!write_arms(body, facts, prefix, type)) {
        body_line(body, "default:");
        body->depth++;
        body_line(body, TEXT(body->pool, "uvcom_visit_no_such_case(${visit});",
                             {"visit", body->names->local.visit}));
        body_line(body, "break;");
        body->depth--;
    }
    body_line(body, "}");
    body->statements++; /* more than one line: a loop round it has braces */
}

/* ---- the order ---- */

static bool is_outer_union(const struct facts *facts)
{
    return facts->record->is_union && !facts->record->discriminant;
}

static bool is_needed(const struct facts *facts)
{
    return facts->content.owns || facts->content.looks || facts->is_conformant;
}

/* The next record that is met in this one, or NULL. */
static struct facts *next_inside(struct facts *facts)
{
    while (facts->looked < facts->variable_count) {
        struct facts *found = facts->variables[facts->looked++].record;

        if (found && !found->is_ordered && is_needed(found))
            return found;
    }
    return NULL;
}

/* Those that are met from `first` on, what is called before who calls it. */
static struct facts *order_records(struct facts *first)
{
    struct facts *list = NULL, **end = &list, *at = first, *found;

    first->is_ordered = true;
    while (at) {
        found = next_inside(at);
        if (found) {
            found->is_ordered = true;
            found->outer = at;
            at = found;
        } else {
            *end = at;
            end = &at->later;
            at = at->outer;
        }
    }
    return list;
}

/* ---- functions ---- */

static const char *claim(struct emitter *emitter, const char *verb, const struct facts *facts)
{
    const char *name = facts->name;

    while (*name == '_' && name[1])
        name++;
    return names_claim(emitter->names, TEXT(emitter->pool, "${verb}_${name}", {"verb", verb},
                                            {"name", snake_case(emitter->pool, name)}));
}

/*
 * A struct that ends with T data[]: its last field says how much of it there is. What the client or
 * the server has is not one byte more: C's sizeof counts padding and, as MIDL has it, one element.
 */
static void emit_size(struct emitter *emitter, const struct facts *facts)
{
    struct pool *pool = emitter->pool;
    const struct variable *last = &facts->variables[facts->variable_count - 1];
    const char *value = emitter->names->local.value;
    const struct local_names *local = &emitter->names->local;
    const struct bound_scope scope = {.prefix = TEXT(pool, "${value}->", {"value", value}),
                                      .hr = local->hr};

    OUT(emitter->out,
        "\n"
        "static size_t ${function}(const ${type}, HRESULT *${hr})\n"
        "{\n"
        "    LONGLONG ${bytes};\n"
        "    size_t ${size};\n"
        "\n"
        "    if (!${value})\n"
        "        return offsetof(${name}, ${last});\n"
        "    ${size} = ${room};\n"
        "    ${bytes} = uvcom_bound((LONGLONG)${size}, '*', (LONGLONG)sizeof *${value}->${last}, "
        "${hr});\n"
        "    ${bytes} = uvcom_bound(${bytes}, '+', (LONGLONG)offsetof(${name}, ${last}), ${hr});\n"
        "    ${size} = uvcom_size(${bytes}, ${hr});\n"
        "    return ${size} > offsetof(${name}, ${last}) ? ${size} : offsetof(${name}, ${last});\n"
        "}\n",
        {"function", facts->size}, {"value", value}, {"last", last->name}, {"hr", local->hr},
        {"bytes", local->bytes}, {"size", local->size},
        {"room", level_room(pool, &last->levels[0], &scope)},
        {"name", type_declare(pool, facts->type, "")},
        {"type", type_declare(pool, facts->type, TEXT(pool, "*${value}", {"value", value}))});
}

static const char *visitor_head(struct emitter *emitter, const struct facts *facts,
                                const char *value)
{
    const struct local_names *local = &emitter->names->local;
    struct pool *pool = emitter->pool;

    if (!is_outer_union(facts))
        return TEXT(pool, "static void ${visitor}(struct uvcom_visit *${visit}, void *${data})",
                    {"visitor", facts->visitor}, {"visit", local->visit}, {"data", local->data});
    return TEXT(pool,
                "static void ${visitor}(struct uvcom_visit *${visit}, ${value}, LONGLONG ${tag})",
                {"visitor", facts->visitor}, {"visit", local->visit}, {"tag", local->tag},
                {"value", type_declare(pool, facts->type, TEXT(pool, "*${v}", {"v", value}))});
}

static void emit_prototype(struct emitter *emitter, struct facts *facts)
{
    if (facts->is_out || facts->is_declared || !facts->visitor)
        return;
    facts->is_declared = true;
    OUT(emitter->out, "\n${head};\n",
        {"head", visitor_head(emitter, facts, emitter->names->local.value)});
}

/* Records that this one calls and that come later, also from within structs without a name. */
static void emit_prototypes(struct emitter *emitter, const struct facts *facts)
{
    for (size_t i = 0; i < facts->variable_count; i++) {
        struct facts *inner = facts->variables[i].record;

        if (inner && inner->type)
            emit_prototype(emitter, inner);
        else if (inner)
            emit_prototypes(emitter, inner);
    }
}

static void emit_visitor(struct emitter *emitter, struct facts *facts)
{
    struct pool *pool = emitter->pool;
    const char *value = emitter->names->local.value;
    const char *prefix = TEXT(pool, "${value}->", {"value", value});
    struct visit_body body;
    bool is_used; /* only the tag of a union of plain arms is looked at */

    facts->is_out = true;
    emit_prototypes(emitter, facts);
    visit_begin(&body, emitter, value);
    body.is_record = true;
    if (is_outer_union(facts)) {
        visit_switch(&body, facts, prefix, emitter->names->local.tag, NULL);
        is_used = body.text.data && strstr(body.text.data, prefix);
        body_end(&body, emitter,
                 TEXT(pool, "${head}\n{\n${unused}", {"head", visitor_head(emitter, facts, value)},
                      {"unused", is_used ? "" : TEXT(pool, "    (void)${v};\n\n", {"v", value})}));
    } else {
        visit_members(&body, facts, prefix);
        visit_end(&body, emitter, facts->visitor, type_declare(pool, facts->type, ""));
    }
}

void emit_visitors(struct emitter *emitter, const struct variable *variable)
{
    struct facts *list;

    if (!variable->record || variable->record->is_ordered || !is_needed(variable->record) ||
        emitter->pool->failed)
        return;
    list = order_records(variable->record);
    for (struct facts *f = list; f; f = f->later) {
        if (f->type && (f->content.owns || f->content.looks))
            f->visitor = claim(emitter, "visit", f);
        if (f->type && f->is_conformant)
            f->size = claim(emitter, "size_of", f);
    }
    for (const struct facts *f = list; f; f = f->later)
        if (f->size && !emitter->pool->failed)
            emit_size(emitter, f);
    for (struct facts *f = list; f; f = f->later)
        if (f->visitor)
            emit_visitor(emitter, f);
}
