/*
 * docs.c -- what is on the page of the reference: an index, then everything in the order of the
 * IDL.
 */
#include "codegen/docs.h"

#include <stdio.h>
#include <string.h>

#include "codegen/types.h"
#include "idl/idl.h"

/* ---- interfaces ---- */

static void put_parameters(struct docs *docs, const struct method *method)
{
    static const char *const titles[] = {"parameter", ""};
    bool have_docs = false;

    for (const struct parameter *p = method->parameters; p; p = p->next)
        have_docs = have_docs || p->doc;
    if (!have_docs)
        return;
    docs_table(docs, titles, 2);
    for (const struct parameter *p = method->parameters; p; p = p->next) {
        docs_row(docs);
        docs_code_cell(docs, p->idl_name);
        docs_cell(docs, p->doc);
    }
    docs_table_end(docs);
}

/* "HRESULT Read([in] ULONG cb,\n             [out] BYTE *pv);" */
static const char *signature(struct docs *docs, const struct method *method)
{
    struct pool *pool = docs->pool;
    struct out out = {.is_plain = true};
    size_t indent;

    out_put(&out, type_declare(pool, method->return_type, method->name));
    out_put(&out, "(");
    indent = out.length;
    for (const struct parameter *p = method->parameters; p; p = p->next) {
        const char *attributes = docs_attributes(docs, p->attributes);

        OUT(&out, "${attributes}${blank}${parameter}", {"attributes", attributes},
            {"blank", *attributes ? " " : ""}, {"parameter", type_declare(pool, p->type, p->name)});
        if (!p->next)
            break;
        out_put(&out, ",\n");
        for (size_t i = 0; i < indent; i++)
            out_put(&out, " ");
    }
    out_put(&out, ");");
    return out_keep(&out, pool);
}

static void put_method(struct docs *docs, const struct interface *interface,
                       const struct method *method)
{
    const char *attributes = docs_attributes(docs, method->attributes);

    docs_heading(docs, 4, method->name,
                 TEXT(docs->pool, "${interface}.${method}", {"interface", interface->name},
                      {"method", method->name}));
    docs_code(docs,
              TEXT(docs->pool, "${attributes}${line}${signature}", {"attributes", attributes},
                   {"line", *attributes ? "\n" : ""}, {"signature", signature(docs, method)}));
    docs_text(docs, method->doc);
    put_parameters(docs, method);
}

static const char *names_of(struct pool *pool, const struct parameter *const *list, size_t count)
{
    struct out out = {.is_plain = true};

    for (size_t i = 0; i < count; i++)
        OUT(&out, "${comma}${name}", {"comma", i > 0 ? ", " : ""}, {"name", list[i]->idl_name});
    return out_keep(&out, pool);
}

static void put_twin(struct docs *docs, const struct interface *interface)
{
    static const char *const titles[] = {"method", "Begin_", "Finish_"};
    const struct async_interface *twin = interface->async;

    docs_heading(docs, 4, twin->name, twin->name);
    docs_code(docs,
              TEXT(docs->pool, "[object, uuid(${uuid})]\ninterface ${name} : ${base}",
                   {"uuid", guid_text(docs->pool, &interface->async_uuid)}, {"name", twin->name},
                   {"base", twin->base ? twin->base->name : "IUnknown"}));
    docs_text(docs, "The asynchronous twin: Begin_ takes what goes in, Finish_ what comes out.");
    docs_table(docs, titles, 3);
    for (const struct async_method *m = twin->methods; m; m = m->next) {
        docs_row(docs);
        docs_code_cell(docs, m->method->name);
        docs_code_cell(docs, names_of(docs->pool, m->begin, m->begin_count));
        docs_code_cell(docs, names_of(docs->pool, m->finish, m->finish_count));
    }
    docs_table_end(docs);
}

static void put_properties(struct docs *docs, const struct field *properties)
{
    static const char *const titles[] = {"property", "type", "attributes", ""};

    if (!properties)
        return;
    docs_table(docs, titles, 4);
    for (const struct field *p = properties; p; p = p->next) {
        docs_row(docs);
        docs_code_cell(docs, p->name);
        docs_code_cell(docs, type_declare(docs->pool, p->type, ""));
        docs_code_cell(docs, docs_attributes(docs, p->attributes));
        docs_cell(docs, p->doc);
    }
    docs_table_end(docs);
}

static const char *interface_kind(const struct declaration *d)
{
    if (d->kind == DECL_MODULE)
        return "module";
    return d->interface->is_dispatch ? "dispinterface" : "interface";
}

static const char *uuid_line(struct docs *docs, const struct interface *interface)
{
    if (!interface->has_uuid)
        return "";
    return TEXT(docs->pool, "[uuid(${uuid})]\n", {"uuid", guid_text(docs->pool, &interface->uuid)});
}

static void put_declarations(struct docs *docs, const struct declaration *list);

static void put_interface(struct docs *docs, const struct declaration *d)
{
    const struct interface *interface = d->interface;
    const char *kind = interface_kind(d);

    docs_heading(docs, 2, TEXT(docs->pool, "${kind} ${name}", {"kind", kind}, {"name", d->name}),
                 d->name);
    docs_code(docs, TEXT(docs->pool, "${uuid}${kind} ${name}${colon}${base}",
                         {"uuid", uuid_line(docs, interface)}, {"kind", kind}, {"name", d->name},
                         {"colon", interface->base ? " : " : ""},
                         {"base", interface->base ? interface->base->name : ""}));
    docs_text(docs, d->doc);
    put_declarations(docs, interface->declarations);
    put_properties(docs, interface->properties);
    for (const struct method *m = interface->methods; m; m = m->next)
        put_method(docs, interface, m);
    if (interface->async)
        put_twin(docs, interface);
}

/* ---- classes and libraries ---- */

static void put_coclass(struct docs *docs, const struct declaration *d)
{
    static const char *const titles[] = {"interface", "attributes", ""};
    const struct coclass *coclass = d->coclass;

    docs_heading(docs, 2, TEXT(docs->pool, "coclass ${name}", {"name", d->name}), d->name);
    if (coclass->has_uuid)
        docs_code(docs, TEXT(docs->pool, "CLSID ${uuid}",
                             {"uuid", guid_text(docs->pool, &coclass->uuid)}));
    docs_text(docs, d->doc);
    if (!coclass->members)
        return;
    docs_table(docs, titles, 3);
    for (const struct coclass_member *m = coclass->members; m; m = m->next) {
        docs_row(docs);
        docs_code_cell(docs, m->interface->name);
        docs_code_cell(docs, docs_attributes(docs, m->attributes));
        docs_cell(docs, m->doc);
    }
    docs_table_end(docs);
}

static void put_library(struct docs *docs, const struct declaration *d)
{
    const struct attribute *uuid = attribute_find(d->attributes, "uuid");

    docs_heading(docs, 2, TEXT(docs->pool, "library ${name}", {"name", d->name}), d->name);
    if (uuid)
        docs_code(docs,
                  TEXT(docs->pool, "LIBID ${uuid}", {"uuid", guid_text(docs->pool, &uuid->guid)}));
    docs_text(docs, d->doc);
}

/* ---- the page ---- */

/* Also in libraries: what follows a library is found behind its last declaration. */
static void put_declarations(struct docs *docs, const struct declaration *list)
{
    for (const struct declaration *d = list; d; d = declaration_after(d)) {
        if (d->kind == DECL_INTERFACE || d->kind == DECL_MODULE)
            put_interface(docs, d);
        else if (d->kind == DECL_COCLASS && d->is_definition)
            put_coclass(docs, d);
        else if (d->kind == DECL_LIBRARY)
            put_library(docs, d);
        else
            docs_type(docs, d);
    }
}

static bool is_in_index(const struct declaration *d)
{
    return d->kind == DECL_INTERFACE || d->kind == DECL_MODULE || d->kind == DECL_LIBRARY ||
           (d->kind == DECL_COCLASS && d->is_definition);
}

/* The first sentence, or the first line if it has none. */
static const char *summary(struct pool *pool, const char *doc)
{
    const char *end = doc ? strstr(doc, ". ") : NULL;
    size_t line = doc ? strcspn(doc, "\n") : 0;
    size_t length = end && (size_t)(end - doc) < line ? (size_t)(end - doc) + 1 : line;
    char *copy = pool_alloc(pool, length + 1);

    return copy && doc ? memcpy(copy, doc, length) : "";
}

static void put_index(struct docs *docs, const struct idl_file *file)
{
    static const char *const titles[] = {"name", "line", ""};
    const struct declaration *d = file->declarations;
    char line[32];

    while (d && !is_in_index(d))
        d = declaration_after(d);
    if (!d)
        return;
    docs_table(docs, titles, 3);
    for (; d; d = declaration_after(d)) {
        if (!is_in_index(d))
            continue;
        snprintf(line, sizeof line, "%u", location_line(&d->location));
        docs_row(docs);
        docs_link_cell(docs, d->name, d->name);
        docs_cell(docs, line);
        docs_cell(docs, summary(docs->pool, d->doc));
    }
    docs_table_end(docs);
}

void docs_page(struct docs *docs, const struct idl_file *file)
{
    docs_begin(docs, file->name);
    docs_text(docs, file->doc);
    put_index(docs, file);
    put_declarations(docs, file->declarations);
    docs_end(docs);
}
