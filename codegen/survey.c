/*
 * survey.c -- the facts of records: see survey.h.
 *
 * What a single field is made of is the business of variable.c.
 */
#include "codegen/survey.h"

#include <stdint.h>
#include <string.h>

#include "codegen/out.h"
#include "codegen/types.h"
#include "idl/idl.h"

/* ---- a map from nodes of the tree ---- */

struct map_slot {
    const void *key; /* NULL: free */
    void *value;
};

static size_t slot_of(const struct map_slot *slots, size_t capacity, const void *key)
{
    size_t slot = (size_t)(((uintptr_t)key >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % capacity;

    while (slots[slot].key && slots[slot].key != key)
        slot = (slot + 1) % capacity;
    return slot;
}

static bool map_reserve(struct survey *survey)
{
    size_t capacity = survey->capacity ? survey->capacity * 2 : 64;
    struct map_slot *slots;

    if (survey->count * 2 < survey->capacity)
        return true;
    slots = pool_alloc(survey->pool, capacity * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < survey->capacity; i++)
        if (survey->slots[i].key)
            slots[slot_of(slots, capacity, survey->slots[i].key)] = survey->slots[i];
    survey->slots = slots;
    survey->capacity = capacity;
    return true;
}

/* The place of a key's value, which is NULL if the key is new; NULL: no memory. */
static void **survey_place(struct survey *survey, const void *key)
{
    struct map_slot *slot;

    if (!map_reserve(survey))
        return NULL;
    slot = &survey->slots[slot_of(survey->slots, survey->capacity, key)];
    if (!slot->key) {
        slot->key = key;
        survey->count++;
    }
    return &slot->value;
}

/* ---- names ---- */

static bool is_record_type(const struct type *type)
{
    return type && (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION);
}

static struct facts *facts_of(struct survey *survey, const struct record *record)
{
    void **place = survey_place(survey, record);
    struct facts *facts;

    if (!place)
        return NULL;
    if (*place)
        return *place;
    facts = pool_alloc(survey->pool, sizeof *facts);
    if (!facts)
        return NULL;
    facts->record = record;
    facts->name = record->tag;
    *place = facts;
    return facts;
}

/* A record is called what the first typedef calls it, which C users do as well. */
static void name_record(struct survey *survey, const struct declaration *declaration)
{
    const struct type *type = declaration->type;
    struct facts *facts;
    struct type *alias;

    if (!is_record_type(type) || type->is_const || type->is_volatile)
        return;
    facts = facts_of(survey, type->record);
    if (!facts || facts->type)
        return;
    alias = pool_alloc(survey->pool, sizeof *alias);
    if (!alias)
        return;
    *alias = (struct type){.kind = TYPE_ALIAS, .target = type, .alias = declaration};
    facts->type = alias;
    facts->name = declaration->name;
}

/* A file that is imported by several is read once; imports end somewhere, but may be deep. */
static void name_records(struct survey *survey, const struct declaration *list)
{
    void **seen;

    for (const struct declaration *d = list; d && !survey->pool->failed; d = declaration_after(d)) {
        if (d->kind == DECL_TYPEDEF)
            name_record(survey, d);
        if (d->kind == DECL_INTERFACE || d->kind == DECL_MODULE)
            name_records(survey, d->interface->declarations);
        if (d->kind != DECL_IMPORT || !d->imported)
            continue;
        seen = survey_place(survey, d->imported);
        if (seen && !*seen) {
            *seen = survey;
            name_records(survey, d->imported->declarations);
        }
    }
}

struct survey *survey_new(struct pool *pool, const struct idl_file *file)
{
    struct survey *survey = pool_alloc(pool, sizeof *survey);

    if (!survey)
        return NULL;
    survey->pool = pool;
    survey->end = &survey->first;
    name_records(survey, file->declarations);
    return survey;
}

/* ---- records ---- */

static bool ends_open(const struct record *record)
{
    const struct field *last = record->fields;
    const struct type *type;

    if (!last || record->is_union || record->discriminant)
        return false;
    while (last->next)
        last = last->next;
    type = type_resolve(last->type);
    return type->kind == TYPE_ARRAY && !type->length;
}

struct facts *survey_record(struct survey *survey, const struct type *type)
{
    struct facts *facts = facts_of(survey, type->record);
    struct type *plain;

    if (!facts || facts->next || survey->end == &facts->next)
        return facts;
    *survey->end = facts;
    survey->end = &facts->next;
    if (!survey->unseen)
        survey->unseen = facts;
    facts->is_conformant = ends_open(facts->record);
    if (!facts->type && type_has_tag(survey->pool, type)) {
        plain = pool_alloc(survey->pool, sizeof *plain);
        if (plain)
            *plain = (struct type){.kind = type->kind, .record = type->record};
        facts->type = plain;
    }
    return facts;
}

/* ---- facts that spread ---- */

static void survey_wait(struct survey *survey, struct facts *facts)
{
    if (facts->is_waiting)
        return;
    facts->is_waiting = true;
    facts->waiting = NULL;
    if (survey->last_waiting)
        survey->last_waiting->waiting = facts;
    else
        survey->waiting = facts;
    survey->last_waiting = facts;
}

/* Beyond 8 no type of IDL's is aligned. */
static bool is_packed(const struct record *record)
{
    return record->pack != 0 && record->pack < 8;
}

static void learn(struct survey *survey, struct facts *facts, struct content content,
                  const char *obstacle)
{
    bool is_news;

    /* A visitor takes the addresses of fields, which C does not allow where they are not aligned.
     */
    if (!obstacle && is_packed(facts->record) && (content.owns || content.looks))
        obstacle = "a packed struct with pointers, enums or unions in it";
    is_news = (content.owns && !facts->content.owns) || (content.looks && !facts->content.looks) ||
              (obstacle && !facts->obstacle);

    if (!is_news)
        return;
    facts->content.owns = facts->content.owns || content.owns;
    facts->content.looks = facts->content.looks || content.looks;
    if (!facts->obstacle)
        facts->obstacle = obstacle;
    survey_wait(survey, facts);
}

/* What is behind a pointer is not inside; but it has to be carried too. */
static void hear(struct survey *survey, const struct use *use, const struct facts *facts)
{
    static const struct content nothing;

    learn(survey, use->user, use->is_inside ? facts->content : nothing, facts->obstacle);
}

static void tell_users(struct survey *survey, const struct facts *facts)
{
    for (const struct use *use = facts->users; use; use = use->next)
        hear(survey, use, facts);
}

static bool has_pointer(const struct variable *variable)
{
    for (size_t i = 0; i < variable->level_count; i++)
        if (!variable->levels[i].is_array)
            return true;
    return false;
}

static void add_use(struct survey *survey, struct facts *user, const struct variable *variable)
{
    struct use *use = pool_alloc(survey->pool, sizeof *use);

    if (!use)
        return;
    *use = (struct use){variable->record->users, user, !has_pointer(variable)};
    variable->record->users = use;
    hear(survey, use, variable->record);
}

/* ---- what is inside ---- */

static const char *name_in_message(const struct facts *facts)
{
    return facts->name ? facts->name : facts->record->is_union ? "a union" : "a struct";
}

static void look_at_field(struct survey *survey, struct facts *facts, const struct field *field)
{
    struct variable *variable = &facts->variables[facts->variable_count++];
    const char *why = NULL;

    *variable = variable_of_field(survey, field);
    if (variable->obstacle)
        why = variable->obstacle;
    else if (facts->record->is_union && variable_names_field(variable))
        why = "a size that is another arm of the union";
    else if (variable_is_open(variable) && (!facts->is_conformant || field->next))
        why = "an array of open length that is not the last field";
    else if (variable_is_open(variable) && bound_reads_pointer(variable->levels[0].size.expr))
        why = "an array of open length whose size is behind a pointer";
    if (why)
        why = TEXT(survey->pool, "${why} in field '${field}' of ${record}, ${file}:${line}",
                   {"why", why}, {"file", location_file(&field->location)},
                   {"line", number_text(survey->pool, location_line(&field->location))},
                   {"field", field->name ? field->name : "(unnamed)"},
                   {"record", name_in_message(facts)});
    learn(survey, facts, variable_content(variable, 0), why);
    if (variable->record)
        add_use(survey, facts, variable);
}

static void look_at_record(struct survey *survey, struct facts *facts)
{
    const struct record *record = facts->record;
    static const struct content nothing, looks = {.looks = true};
    size_t count = 1;

    for (const struct field *field = record->fields; field; field = field->next)
        count++;
    facts->variables = pool_alloc(survey->pool, count * sizeof *facts->variables);
    if (!facts->variables)
        return;
    if (!record->is_complete)
        learn(survey, facts, nothing,
              TEXT(survey->pool, "${name}, whose fields are not known",
                   {"name", name_in_message(facts)}));
    if (record->is_union || record->discriminant)
        learn(survey, facts, looks, NULL);
    if (record->discriminant)
        look_at_field(survey, facts, record->discriminant);
    for (const struct field *field = record->fields; field && !survey->pool->failed;
         field = field->next)
        look_at_field(survey, facts, field);
}

void survey_finish(struct survey *survey)
{
    while (survey->unseen && !survey->pool->failed) {
        struct facts *facts = survey->unseen;

        survey->unseen = facts->next;
        look_at_record(survey, facts);
    }
    while (survey->waiting) {
        struct facts *facts = survey->waiting;

        survey->waiting = facts->waiting;
        if (!survey->waiting)
            survey->last_waiting = NULL;
        facts->is_waiting = false;
        tell_users(survey, facts);
    }
}
