/*
 * docs_types.c -- structs, unions, enums, typedefs and constants in the reference.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codegen/docs.h"
#include "codegen/types.h"
#include "idl/attribute.h"
#include "idl/idl.h"

/* ---- attributes ---- */

/* Those that the page says in other places, or that tell a reader nothing. */
static bool is_left_out(const struct attribute *attribute)
{
    static const char *const names[] = {"uuid",        "async_uuid", "object", "helpstring",
                                        "helpcontext", "propget",    "propput"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(attribute->info->name, names[i]) == 0)
            return true;
    return false;
}

static void put_arguments(struct docs *docs, struct out *out, const struct attribute *attribute)
{
    for (size_t i = 0; i < attribute->arg_count; i++)
        OUT(out, "${comma}${value}", {"comma", i > 0 ? ", " : ""},
            {"value", attribute->args[i] ? expr_text(docs->pool, attribute->args[i]) : ""});
    if (attribute->type)
        out_put(out, type_declare(docs->pool, attribute->type, ""));
    if (attribute->text)
        out_put(out, attribute->text);
}

const char *docs_attributes(struct docs *docs, const struct attribute *attributes)
{
    struct out out = {.is_plain = true};
    size_t count = 0;

    for (const struct attribute *a = attributes; a; a = a->next) {
        bool has_arguments = a->arg_count > 0 || a->type || a->text;

        if (is_left_out(a))
            continue;
        OUT(&out, "${before}${name}${open}", {"before", count++ > 0 ? ", " : "["},
            {"name", a->info->name}, {"open", has_arguments ? "(" : ""});
        put_arguments(docs, &out, a);
        out_put(&out, has_arguments ? ")" : "");
    }
    out_put(&out, count > 0 ? "]" : "");
    return out_keep(&out, docs->pool);
}

/* ---- bodies ---- */

static const char *field_type(struct docs *docs, const struct field *field)
{
    const char *bits = field->bits ? expr_text(docs->pool, field->bits) : "";

    return TEXT(docs->pool, "${type}${colon}${bits}",
                {"type", type_declare(docs->pool, field->type, "")},
                {"colon", field->bits ? " : " : ""}, {"bits", bits});
}

/* The fields of a body inside, too, with the name of where they are: "inner.x". */
static void put_fields(struct docs *docs, const struct field *fields, const char *inside)
{
    for (const struct field *f = fields; f; f = f->next) {
        bool has_body =
            f->type->is_definition && (f->type->kind == TYPE_STRUCT || f->type->kind == TYPE_UNION);
        const char *name = TEXT(docs->pool, "${inside}${name}", {"inside", inside},
                                {"name", f->name ? f->name : ""});

        if (has_body && strlen(inside) < 200) {
            put_fields(
                docs, f->type->record->fields,
                TEXT(docs->pool, "${name}${dot}", {"name", name}, {"dot", f->name ? "." : ""}));
            continue;
        }
        docs_row(docs);
        docs_code_cell(docs, name);
        docs_code_cell(docs, field_type(docs, f));
        docs_code_cell(docs, docs_attributes(docs, f->attributes));
        docs_cell(docs, f->doc);
    }
}

static void put_record(struct docs *docs, const struct record *record)
{
    static const char *const titles[] = {"field", "type", "attributes", ""};

    if (!record->fields)
        return;
    docs_table(docs, titles, 4);
    if (record->discriminant)
        put_fields(docs, record->discriminant, "");
    put_fields(docs, record->fields, "");
    docs_table_end(docs);
}

static void put_enumeration(struct docs *docs, const struct enumeration *enumeration)
{
    static const char *const titles[] = {"value", "number", ""};
    char number[32];

    docs_table(docs, titles, 3);
    for (const struct enumerator *e = enumeration->enumerators; e; e = e->next) {
        snprintf(number, sizeof number, "%" PRId64, e->number);
        docs_row(docs);
        docs_code_cell(docs, e->name);
        docs_cell(docs, number);
        docs_cell(docs, e->doc);
    }
    docs_table_end(docs);
}

/* ---- declarations ---- */

static const char *tag_of(const struct type *type)
{
    return type->kind == TYPE_ENUM ? type->enumeration->tag : type->record->tag;
}

static void put_body(struct docs *docs, const struct type *type)
{
    if (type->kind == TYPE_ENUM)
        put_enumeration(docs, type->enumeration);
    else
        put_record(docs, type->record);
}

static bool is_body(const struct type *type)
{
    return type->is_definition &&
           (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ENUM);
}

static const char *kind_word(const struct type *type)
{
    if (type->kind == TYPE_ENUM)
        return "enum";
    return type->kind == TYPE_UNION ? "union" : "struct";
}

static void put_head(struct docs *docs, const char *kind, const char *name)
{
    docs_heading(docs, 3, TEXT(docs->pool, "${kind} ${name}", {"kind", kind}, {"name", name}),
                 name);
}

static void put_constant(struct docs *docs, const struct declaration *d)
{
    put_head(docs, "constant", d->name);
    docs_code(docs, TEXT(docs->pool, "${declaration} = ${value};",
                         {"declaration", type_declare(docs->pool, d->type, d->name)},
                         {"value", expr_text(docs->pool, d->value)}));
    docs_text(docs, d->doc);
}

void docs_type(struct docs *docs, const struct declaration *d)
{
    const char *name = d->name;

    if (d->kind == DECL_CONST && d->value) {
        put_constant(docs, d);
        return;
    }
    if (!d->type || (d->kind != DECL_TYPEDEF && d->kind != DECL_TYPE))
        return;
    if (is_body(d->type)) {
        if (name && !tag_of(d->type))
            type_make_tag(docs->pool, d->type, name); /* for other types that are made of it */
        name = name ? name : tag_of(d->type);
        put_head(docs, kind_word(d->type), name ? name : "without a name");
        docs_text(docs, d->doc);
        put_body(docs, d->type);
    } else if (d->kind == DECL_TYPEDEF) {
        put_head(docs, "typedef", name);
        docs_code(docs, TEXT(docs->pool, "typedef ${declaration};",
                             {"declaration", type_declare(docs->pool, d->type, name)}));
        docs_text(docs, d->doc);
    }
}
