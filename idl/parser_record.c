/*
 * idl/parser_record.c -- see parser.h; structs and unions.
 */
#include <string.h>

#include "idl/parser.h"

struct record_parse {
    struct record *record;
    const struct field **tail;
    struct field *last;
    struct map names;
};

static struct field *add_field(struct parser *parser, struct record_parse *parse,
                               const struct head *head)
{
    struct field *field = ARENA_NEW(parser->arena, struct field);

    field->doc = head->doc;
    field->attributes = head->attributes;
    field->location = head->location;
    *parse->tail = field;
    parse->tail = &field->next;
    parse->last = field;
    return field;
}

static void name_field(struct parser *parser, struct record_parse *parse, struct field *field)
{
    struct map_entry *entry = map_put(&parse->names, field->name, strlen(field->name));
    const struct field *first;
    const struct symbol *symbol;

    symbol_check_name(parser->session, field->name, &field->location);
    symbol = symbol_find(parser->session, field->name);
    if (symbol && symbol->kind == SYMBOL_CONST)
        diag_error(parser->diag, &field->location, DIAG_RESERVED_NAME,
                   "'%s' is a constant, which C replaces by its value wherever it stands",
                   field->name);
    if (!entry->value) {
        entry->value = field;
        return;
    }
    first = entry->value;
    diag_error(parser->diag, &field->location, DIAG_DUPLICATE_MEMBER,
               "there is a field '%s' already", field->name);
    diag_note(parser->diag, &first->location, "the first '%s' is here", field->name);
}

/* declarator [ ":" constant ] */
static void parse_field_declarator(struct parser *parser, struct record_parse *parse,
                                   const struct head *head, struct type *base)
{
    struct pointer_rules rules = {head->attributes, parser->pointer_default, false};
    struct declarator declarator = {.type = base, .location = parser->token.location};
    struct field *field;

    if (!parser_is(parser, TOKEN_COLON) && !parse_declarator(parser, base, &declarator))
        return;
    if (!declarator.name && !parser_is(parser, TOKEN_COLON)) {
        parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "the name of a field");
        return;
    }
    field = add_field(parser, parse, head);
    field->name = declarator.name;
    field->location = declarator.location;
    field->type = type_resolve_pointers(parser->arena, declarator.type, &rules);
    if (parser_take(parser, TOKEN_COLON))
        field->bits = parse_constant(parser);
    if (field->name)
        name_field(parser, parse, field);
    if (!parser->is_panicking)
        sema_check_field(parser->session, field);
}

/* field = attributes specifiers [ declarator { "," declarator } ] ";" | attributes ";" */
static void parse_field(struct parser *parser, struct record_parse *parse,
                        const struct attribute *label)
{
    struct head head = parse_head(parser);
    struct type *base;

    head.attributes = join_attributes(parser, head.attributes, label);
    sema_check_attributes(parser->session, head.attributes, ON_FIELD);
    if (parse->record->is_union && parser_is(parser, TOKEN_SEMICOLON) && head.attributes) {
        struct field *field = add_field(parser, parse, &head); /* an arm with nothing in it */

        field->type = type_new(parser->arena, TYPE_VOID, NULL);
        parser_advance(parser);
        parser_take_trailing(parser, &field->doc);
        return;
    }
    base = parse_specifiers(parser);
    if (parser_is(parser, TOKEN_SEMICOLON) && base->is_definition && base->kind != TYPE_ENUM)
        add_field(parser, parse, &head)->type = base;
    else
        parse_field_declarator(parser, parse, &head, base);
    while (parser_take(parser, TOKEN_COMMA)) {
        parser_take_trailing(parser, parse->last ? &parse->last->doc : NULL);
        parse_field_declarator(parser, parse, &head, type_without_definition(parser, base));
    }
    if (parser_expect(parser, TOKEN_SEMICOLON, "after the field"))
        parser_take_trailing(parser, parse->last ? &parse->last->doc : NULL);
}

static struct attribute *make_label(struct parser *parser, const char *name)
{
    struct attribute *attribute = ARENA_NEW(parser->arena, struct attribute);

    attribute->info = attribute_lookup(name);
    attribute->location = parser->token.location;
    return attribute;
}

/* label = { "case" constant ":" } | "default" ":"; becomes the attribute that a plain union has */
static const struct attribute *parse_labels(struct parser *parser)
{
    struct attribute *label = make_label(parser, "case");
    const struct expr **args = NULL;
    size_t capacity = 0;

    if (parser_is(parser, TOKEN_KEY_DEFAULT)) {
        label = make_label(parser, "default");
        parser_advance(parser);
        parser_expect(parser, TOKEN_COLON, "after default");
        return label;
    }
    while (parser_take(parser, TOKEN_KEY_CASE)) {
        if (label->arg_count == capacity) {
            const struct expr **grown;

            capacity = capacity ? capacity * 2 : 2;
            grown = arena_alloc(parser->arena, capacity * sizeof *grown);
            if (label->arg_count)
                memcpy(grown, args, label->arg_count * sizeof *grown);
            args = grown;
        }
        args[label->arg_count++] = parse_constant(parser);
        parser_expect(parser, TOKEN_COLON, "after the case");
    }
    label->args = args;
    if (label->arg_count == 0)
        parser_expected(parser, DIAG_EXPECTED_TOKEN, "'case' or 'default'");
    return label;
}

static void parse_body(struct parser *parser, struct record *record)
{
    struct record_parse parse = {.record = record, .tail = &record->fields};
    struct late_argument *outer = parser->late;
    struct scope scope = {.fields = &parse.names};

    record->pack = parser->pp->pack;
    map_init(&parse.names, parser->arena);
    parser_expect(parser, TOKEN_LEFT_BRACE, "before the fields");
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        parse_field(parser, &parse, record->discriminant ? parse_labels(parser) : NULL);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the fields");
    bind_late_arguments(parser, outer, &scope);
    for (const struct field *field = record->fields; field; field = field->next)
        sema_check_tag(parser->session, field->attributes, field->type);
    sema_check_cases(parser->session, record);
    record->is_complete = true;
}

/* "switch" "(" specifiers name ")" [ name ] */
static void parse_switch(struct parser *parser, struct record *record)
{
    struct field *discriminant = ARENA_NEW(parser->arena, struct field);

    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN, "after switch");
    discriminant->type = parse_specifiers(parser);
    discriminant->name =
        parser_name(parser, "the name of the discriminant", &discriminant->location);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the discriminant");
    sema_check_discriminant(parser->session, discriminant);
    record->discriminant = discriminant;
    record->union_name = "tagged_union";
    if (parser_is(parser, TOKEN_NAME))
        record->union_name = parser_name(parser, "a name", NULL);
}

static struct record *new_record(struct parser *parser, enum type_kind kind)
{
    struct record *record = ARENA_NEW(parser->arena, struct record);

    record->is_union = kind == TYPE_UNION;
    record->location = parser->token.location;
    return record;
}

static bool location_is_same(const struct location *left, const struct location *right)
{
    return left->source == right->source && left->offset == right->offset &&
           left->origin == right->origin;
}

/* With a type of its own: that in hand may become const. */
static void note_new_tag(struct parser *parser, const struct type *named)
{
    static const struct head head = {0};
    struct declaration *declaration = declaration_new(parser, DECL_TYPE, &head);
    struct type *type = type_new(parser->arena, named->kind, NULL);

    type->record = named->record;
    declaration->location = type->record->location;
    declaration->name = type->record->tag;
    declaration->type = type;
    declaration->next = parser->new_tags;
    parser->new_tags = declaration;
}

void declare_new_tags(struct parser *parser, const struct declaration ***tail)
{
    const struct declaration *forward = NULL;

    while (parser->new_tags) {
        struct declaration *declaration = (struct declaration *)(uintptr_t)parser->new_tags;

        parser->new_tags = declaration->next;
        declaration->next = forward;
        forward = declaration;
    }
    while (forward) {
        struct declaration *declaration = (struct declaration *)(uintptr_t)forward;

        forward = declaration->next;
        declaration->next = NULL;
        declaration_add(tail, declaration);
    }
}

/* record = ( "struct" | "union" ) [ tag ] [ switch ] [ "{" { field } "}" ] */
struct type *parse_record(struct parser *parser)
{
    enum type_kind kind = parser_is(parser, TOKEN_KEY_UNION) ? TYPE_UNION : TYPE_STRUCT;
    struct type *type = type_new(parser->arena, kind, NULL);
    struct record *record = new_record(parser, kind);
    struct location location = parser->token.location;
    const char *name = NULL;
    const struct tag *tag = NULL;

    type->record = record;
    parser_advance(parser);
    if (!parser_enter(parser))
        return type;
    if (!parser_is(parser, TOKEN_LEFT_BRACE) && !parser_is(parser, TOKEN_KEY_SWITCH))
        name = parser_name(parser, "a tag or '{'", &location);
    if (name)
        tag = parse_tag(parser, kind, name, &location);
    if (tag)
        record = tag->record;
    if ((parser_is(parser, TOKEN_LEFT_BRACE) || parser_is(parser, TOKEN_KEY_SWITCH)) &&
        !parser->is_panicking) {
        if (record->is_complete) {
            diag_error(parser->diag, &location, DIAG_REDEFINITION, "'%s' has its fields already",
                       record->tag);
            diag_note(parser->diag, &record->location, "they are here");
            record = new_record(parser, kind);
        }
        if (parser_is(parser, TOKEN_KEY_SWITCH))
            parse_switch(parser, record);
        parse_body(parser, record);
        type->is_definition = true;
    }
    type->record = record;
    if (tag && parser->parameter_depth > 0 && !type->is_definition && !parser->space &&
        location_is_same(&tag->location, &location))
        note_new_tag(parser, type);
    parser_leave(parser);
    return type;
}
