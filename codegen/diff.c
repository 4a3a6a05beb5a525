/*
 * diff.c -- pairs what is in two versions of an IDL file, by id or by name, and writes the report.
 */
#include "codegen/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/types.h"
#include "idl/idl.h"
#include "idl/source.h"

/* ---- the report ---- */

void diff_report(struct diff *diff, enum diff_level level, const struct location *location,
                 const char *text)
{
    static const char *const words[] = {[DIFF_BREAKING] = "breaking",
                                        [DIFF_ADVICE] = "advice",
                                        [DIFF_NOTE] = "note",
                                        [DIFF_ADDED] = "added"};
    const char *path = location->source->path;
    size_t strip = diff->old_strip ? strlen(diff->old_strip) : 0;
    char place[64];

    if (strip > 0 && strncmp(path, diff->old_strip, strip) == 0)
        path += strip;
    place_find(&diff->place, location);
    snprintf(place, sizeof place, ":%zu:%u: ", diff->place.line, diff->place.column);
    OUT(diff->out, "${path}${place}${word}: ${text}\n", {"path", path}, {"place", place},
        {"word", words[level]}, {"text", text});
    diff->breaking += level == DIFF_BREAKING;
    diff->others += level != DIFF_BREAKING && level != DIFF_ADVICE;
}

/* ---- the index: everything that has a name ---- */

struct item {
    const char *key; /* "interface IFoo" */
    const char *name;
    const struct declaration *declaration;
    const struct record *record;
    const struct enumerator *enumerator;
    struct location location;
    bool is_imported;
};

struct diff_index {
    struct pool *pool;
    struct item *items;   /* in the order of the text */
    struct item **sorted; /* by key */
    size_t count, capacity;
    struct numbering files;
    bool is_imported; /* what is being added */
};

static void add_item(struct diff_index *index, const char *kind, const char *name,
                     const struct item *item)
{
    if (index->count == index->capacity) {
        size_t capacity = index->capacity ? index->capacity * 2 : 64;
        struct item *grown = pool_alloc(index->pool, capacity * sizeof *grown);

        if (!grown)
            return;
        if (index->count > 0)
            memcpy(grown, index->items, index->count * sizeof *grown);
        index->items = grown;
        index->capacity = capacity;
    }
    index->items[index->count] = *item;
    index->items[index->count].key =
        TEXT(index->pool, "${kind} ${name}", {"kind", kind}, {"name", name});
    index->items[index->count].name = name;
    index->items[index->count].is_imported = index->is_imported;
    index->count++;
}

static void add_enumerators(struct diff_index *index, const struct enumeration *enumeration)
{
    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next)
        add_item(index, "enumerator", e->name,
                 &(struct item){.enumerator = e, .location = e->location});
}

/* The bodies that stand in a type: as deep as the front end lets it be. */
static void add_bodies(struct diff_index *index, const struct type *type)
{
    while (type && !type->is_definition && type->kind != TYPE_ALIAS)
        type = type->target;
    if (!type || !type->is_definition)
        return;
    if (type->kind == TYPE_ENUM) {
        add_enumerators(index, type->enumeration);
        return;
    }
    if (type->record->tag)
        add_item(index, type->kind == TYPE_UNION ? "union" : "struct", type->record->tag,
                 &(struct item){.record = type->record, .location = type->record->location});
    for (const struct field *f = type->record->fields; f; f = f->next)
        add_bodies(index, f->type);
}

/* How the report calls a declaration; NULL: it has no name that anybody could miss. */
static const char *kind_of(const struct declaration *d)
{
    switch (d->kind) {
    case DECL_CONST:
        return "constant";
    case DECL_TYPEDEF:
        return "typedef";
    case DECL_INTERFACE:
        return d->interface->is_dispatch ? "dispinterface" : "interface";
    case DECL_MODULE:
        return "module";
    case DECL_COCLASS:
        return d->is_definition ? "coclass" : NULL;
    case DECL_LIBRARY:
        return "library";
    case DECL_RUNTIME_CLASS:
        return d->is_definition ? "runtimeclass" : NULL;
    case DECL_CONTRACT:
        return "apicontract";
    case DECL_EXTERN:
        return "extern";
    default:
        return NULL;
    }
}

static void add_file(struct diff_index *index, const struct idl_file *file);

static void add_declarations(struct diff_index *index, const struct declaration *list)
{
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        const char *kind = kind_of(d);
        bool is_new = false, was_imported = index->is_imported;

        if (kind)
            add_item(index, kind, d->name,
                     &(struct item){.declaration = d, .location = d->location});
        if (d->type)
            add_bodies(index, d->type);
        if (d->interface && (d->kind == DECL_INTERFACE || d->kind == DECL_MODULE))
            add_declarations(index, d->interface->declarations);
        if (d->imported)
            numbering_of(&index->files, d->imported, &is_new);
        if (!is_new)
            continue;
        index->is_imported = true;
        add_file(index, d->imported);
        index->is_imported = was_imported;
    }
}

static void add_file(struct diff_index *index, const struct idl_file *file)
{
    numbering_of(&index->files, file, NULL);
    add_declarations(index, file->declarations);
}

static int compare_items(const void *left, const void *right)
{
    return strcmp((*(struct item *const *)left)->key, (*(struct item *const *)right)->key);
}

static struct diff_index index_of(struct pool *pool, const struct idl_file *file)
{
    struct diff_index index = {.pool = pool, .files = {.pool = pool}};

    add_file(&index, file);
    index.sorted = pool_alloc(pool, (index.count + 1) * sizeof *index.sorted);
    if (pool->failed) {
        index.count = 0;
        return index;
    }
    for (size_t i = 0; i < index.count; i++)
        index.sorted[i] = &index.items[i];
    qsort(index.sorted, index.count, sizeof *index.sorted, compare_items);
    return index;
}

static const struct item *find(const struct diff_index *index, const char *key)
{
    const struct item wanted = {.key = key}, *pointer = &wanted;
    struct item *const *found;

    if (index->count == 0)
        return NULL;
    found = bsearch(&pointer, index->sorted, index->count, sizeof *index->sorted, compare_items);
    return found ? *found : NULL;
}

/* ---- interfaces are paired by id ---- */

struct by_id {
    const struct interface **list;
    size_t count;
};

static int compare_ids(const void *left, const void *right)
{
    const struct interface *const *l = left, *const *r = right;

    return memcmp(&(*l)->uuid, &(*r)->uuid, sizeof(struct guid));
}

static struct by_id ids_of(struct pool *pool, const struct diff_index *index)
{
    struct by_id ids = {pool_alloc(pool, (index->count + 1) * sizeof *ids.list), 0};

    for (size_t i = 0; ids.list && i < index->count; i++) {
        const struct declaration *d = index->items[i].declaration;

        if (d && d->kind == DECL_INTERFACE && d->interface->has_uuid)
            ids.list[ids.count++] = d->interface;
    }
    if (ids.count > 0)
        qsort(ids.list, ids.count, sizeof *ids.list, compare_ids);
    return ids;
}

static const struct interface *find_id(const struct by_id *ids, const struct interface *wanted)
{
    const struct interface *const *found = NULL;

    if (ids->count > 0 && wanted->has_uuid)
        found = bsearch(&wanted, ids->list, ids->count, sizeof *ids->list, compare_ids);
    return found ? *found : NULL;
}

/* ---- comparing ---- */

static void diff_typedef(struct diff *diff, const struct declaration *old,
                         const struct declaration *new)
{
    const char *attribute = diff_attribute(diff, old->attributes, new->attributes);
    const struct type *o = old->type, *n = new->type;

    if ((o->kind == TYPE_STRUCT || o->kind == TYPE_UNION) && o->kind == n->kind &&
        !o->record->tag && !n->record->tag)
        diff_records(diff, new->name, o->record, n->record);
    else if (!diff_same_type(diff, o, n))
        DIFF(diff, DIFF_BREAKING, &new->location,
             "typedef ${name} is another type: '${new}', it was '${old}'", {"name", new->name},
             {"new", type_declare(diff->pool, n, "")}, {"old", type_declare(diff->pool, o, "")});
    else if (attribute)
        DIFF(diff, DIFF_BREAKING, &new->location, "typedef ${name}: [${attribute}] is another one",
             {"name", new->name}, {"attribute", attribute});
}

static void diff_constant(struct diff *diff, const struct declaration *old,
                          const struct declaration *new)
{
    if (!diff_same_expr(diff, old->value, new->value))
        DIFF(diff, DIFF_BREAKING, &new->location, "constant ${name} has another value",
             {"name", new->name});
    if (!diff_same_type(diff, old->type, new->type))
        DIFF(diff, DIFF_BREAKING, &new->location, "constant ${name} has another type",
             {"name", new->name});
}

/* ---- classes ---- */

static int compare_members(const void *left, const void *right)
{
    const struct coclass_member *const *l = left, *const *r = right;
    int order = strcmp((*l)->interface->name, (*r)->interface->name);

    return order != 0 ? order
                      : !attribute_find((*l)->attributes, "source") -
                            !attribute_find((*r)->attributes, "source");
}

/* By name, those that the class calls first. */
static const struct coclass_member **members_of(struct pool *pool, const struct coclass *coclass,
                                                size_t *count)
{
    const struct coclass_member **list;
    size_t length = 0;

    for (const struct coclass_member *m = coclass->members; m; m = m->next)
        length++;
    list = pool_alloc(pool, (length + 1) * sizeof *list);
    *count = 0;
    for (const struct coclass_member *m = coclass->members; list && m; m = m->next)
        list[(*count)++] = m;
    if (*count > 0)
        qsort(list, *count, sizeof *list, compare_members);
    return list;
}

static void diff_members(struct diff *diff, const struct coclass *old, const struct coclass *new)
{
    size_t count;
    const struct coclass_member **list = members_of(diff->pool, new, &count);

    for (const struct coclass_member *m = old->members; m; m = m->next) {
        const struct coclass_member *const *now =
            count > 0 ? bsearch(&m, list, count, sizeof *list, compare_members) : NULL;
        bool was_default = attribute_find(m->attributes, "default");

        if (!now || (was_default && !attribute_find((*now)->attributes, "default")))
            DIFF(diff, DIFF_BREAKING, &new->location,
                 "coclass ${name} has no ${interface} any more, or not as its default",
                 {"name", new->name}, {"interface", m->interface->name});
    }
}

static void diff_coclass(struct diff *diff, const struct coclass *old, const struct coclass *new)
{
    if (old->has_uuid != new->has_uuid || memcmp(&old->uuid, &new->uuid, sizeof old->uuid) != 0)
        DIFF(diff, DIFF_BREAKING, &new->location, "coclass ${name} has another uuid",
             {"name", new->name});
    diff_members(diff, old, new);
}

/* ---- declarations ---- */

static void diff_library(struct diff *diff, const struct declaration *old,
                         const struct declaration *new)
{
    const struct attribute *o = attribute_find(old->attributes, "uuid");
    const struct attribute *n = attribute_find(new->attributes, "uuid");

    if (!o != !n || (o && memcmp(&o->guid, &n->guid, sizeof o->guid) != 0))
        DIFF(diff, DIFF_BREAKING, &new->location, "library ${name} has another uuid",
             {"name", new->name});
}

/* One of the same kind and name. */
static void diff_declaration(struct diff *diff, const struct declaration *old,
                             const struct declaration *new)
{
    switch (old->kind) {
    case DECL_CONST:
        diff_constant(diff, old, new);
        break;
    case DECL_EXTERN:
    case DECL_TYPEDEF:
        diff_typedef(diff, old, new);
        break;
    case DECL_INTERFACE:
        if (old->interface->has_uuid)
            DIFF(diff, DIFF_BREAKING, &new->location,
                 "${name} has another uuid: who asks for the old one gets nothing; keep it and "
                 "give the new one another name",
                 {"name", new->name});
        else
            diff_interfaces(diff, old->interface, new->interface);
        break;
    case DECL_MODULE:
        diff_interfaces(diff, old->interface, new->interface);
        break;
    case DECL_COCLASS:
        diff_coclass(diff, old->coclass, new->coclass);
        break;
    case DECL_LIBRARY:
        diff_library(diff, old, new);
        break;
    default:
        break;
    }
}

static void diff_item(struct diff *diff, const struct item *old, const struct item *new)
{
    if (old->record)
        diff_records(diff, old->key, old->record, new->record);
    else if (old->enumerator && old->enumerator->number != new->enumerator->number)
        DIFF(diff, DIFF_BREAKING, &new->location, "${key} has another value", {"key", old->key});
    else if (old->declaration)
        diff_declaration(diff, old->declaration, new->declaration);
}

static bool has_same_id(const struct declaration *old, const struct declaration *new)
{
    return old->interface->has_uuid &&
           new->interface->has_uuid &&memcmp(&old->interface->uuid, &new->interface->uuid,
                                             sizeof(struct guid)) == 0;
}

/* What an old file only imported may be gone because nobody needs it: it is the other file's. */
static void diff_old(struct diff *diff, const struct item *old, const struct diff_index *index,
                     const struct by_id *ids)
{
    const struct declaration *d = old->declaration;
    const struct interface *same_id = NULL;
    const struct item *new = find(index, old->key);

    /* Careless IDL gives one uuid to two interfaces: then the name decides. */
    if (d && d->kind == DECL_INTERFACE && new &&has_same_id(d, new->declaration))
        same_id = new->declaration->interface;
    else if (d && d->kind == DECL_INTERFACE)
        same_id = find_id(ids, d->interface);
    if (same_id)
        diff_interfaces(diff, d->interface, same_id);
    else if (new)
        diff_item(diff, old, new);
    else if (!old->is_imported)
        DIFF(diff, DIFF_BREAKING, &old->location, "${key} is gone", {"key", old->key});
}

static void diff_added(struct diff *diff, const struct item *new, const struct diff_index *index,
                       const struct by_id *ids)
{
    const struct declaration *d = new->declaration;

    if (new->is_imported || find(index, new->key))
        return;
    if (d && d->kind == DECL_INTERFACE && find_id(ids, d->interface))
        return; /* it had another name */
    DIFF(diff, DIFF_ADDED, &new->location, "${key}", {"key", new->key});
}

void diff_files(struct diff *diff, const struct idl_file *old, const struct idl_file *new)
{
    struct diff_index before = index_of(diff->pool, old), after = index_of(diff->pool, new);
    struct by_id old_ids = ids_of(diff->pool, &before), new_ids = ids_of(diff->pool, &after);

    diff->records = (struct numbering){.pool = diff->pool};
    for (size_t i = 0; i < before.count; i++)
        diff_old(diff, &before.items[i], &after, &new_ids);
    for (size_t i = 0; i < after.count; i++)
        diff_added(diff, &after.items[i], &before, &old_ids);
}
