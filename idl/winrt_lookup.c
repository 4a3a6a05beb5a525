/*
 * idl/winrt_lookup.c -- see winrt.h; dotted names, and what they stand for in the open namespaces.
 */
#include <string.h>

#include "idl/text.h"
#include "idl/winrt.h"

struct winrt *winrt_state(struct session *session)
{
    struct winrt *winrt = session->winrt;

    if (winrt)
        return winrt;
    winrt = ARENA_NEW(session->arena, struct winrt);
    map_init(&winrt->roots, session->arena);
    map_init(&winrt->instances, session->arena);
    map_init(&winrt->tags, session->arena);
    winrt->last_instance = &winrt->first_instance;
    session->winrt = winrt;
    return winrt;
}

static const char *join(struct parser *parser, const char *space, const char *name,
                        const char *suffix)
{
    struct text text;

    text_init(&text, parser->arena);
    text_format(&text, "%s%s%s%s", space ? space : "", space ? "." : "", name, suffix);
    return text_end(&text);
}

const char *winrt_whole(struct parser *parser, const char *name)
{
    return parser->space ? join(parser, parser->space->full, name, "") : name;
}

struct symbol *winrt_find(struct parser *parser, const char *name, const char *suffix)
{
    struct symbol *symbol = NULL;

    for (const struct winrt_space *space = parser->space; space && !symbol; space = space->outer)
        symbol = symbol_find(parser->session, join(parser, space->full, name, suffix));
    if (!symbol)
        symbol = symbol_find(parser->session, *suffix ? join(parser, NULL, name, suffix) : name);
    return symbol;
}

const char *parse_dotted(struct parser *parser, const char *what, struct location *location)
{
    const char *name = parser_name(parser, what, location);
    struct text text;

    if (!name || !parser_is(parser, TOKEN_DOT))
        return name;
    text_init(&text, parser->arena);
    text_format(&text, "%s", name);
    while (parser_take(parser, TOKEN_DOT)) {
        if (!token_is_name(&parser->token)) {
            parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "a name after the '.'");
            return NULL;
        }
        text_format(&text, ".%s", parser->token.text);
        parser_advance(parser);
    }
    return text_end(&text);
}

struct symbol *winrt_interface(struct parser *parser, const char *full, const char *prefix,
                               const struct location *location)
{
    struct symbol *symbol = symbol_interface(parser->session, full, location);
    struct interface *interface;

    if (!symbol || !strchr(full, '.'))
        return symbol;
    interface = symbol->interface;
    if (!interface->winrt || (*prefix && !symbol->is_declared)) {
        interface->winrt = winrt_name_make(parser, full, prefix);
        interface->name = interface->winrt->c;
    }
    return symbol;
}

struct type *winrt_class_type(struct session *session, const struct winrt_class *runtime_class,
                              const struct location *location)
{
    struct winrt *winrt = winrt_state(session);
    struct type *type = type_new(session->arena, TYPE_INTERFACE, NULL);
    struct class_use *use = ARENA_NEW(session->arena, struct class_use);
    struct interface *unknown = ARENA_NEW(session->arena, struct interface);

    unknown->name = runtime_class->name->c; /* until winrt_finish */
    type->interface = unknown;
    type->runtime_class = runtime_class;
    *use = (struct class_use){winrt->class_uses, type, *location};
    winrt->class_uses = use;
    return type;
}

/* ---- types by name ---- */

static void take_greater(struct parser *parser)
{
    if (parser_is(parser, TOKEN_SHIFT_RIGHT)) /* IVector<IReference<INT32>>: one of two */
        parser->token.kind = TOKEN_GREATER;
    else
        parser_expect(parser, TOKEN_GREATER, "after the arguments");
}

static const struct type **parse_arguments(struct parser *parser, size_t count)
{
    const struct type **list = arena_alloc(parser->arena, count * sizeof *list);
    size_t given = 0;

    do {
        struct location location = parser->token.location;
        const struct type *type = parse_type_name(parser);

        if (given < count && !parser->is_panicking)
            list[given] = type;
        else if (given == count)
            parser_error(parser, &location, DIAG_UNEXPECTED_TOKEN,
                         "this takes %zu arguments and no more", count);
        given++;
    } while (parser_take(parser, TOKEN_COMMA));
    if (!parser->is_panicking && given < count)
        parser_error(parser, &parser->token.location, DIAG_EXPECTED_TYPE,
                     "expected %zu arguments and found %zu", count, given);
    return list;
}

/* name "<" type { "," type } ">" from the "<" on */
static struct type *parse_instance(struct parser *parser, const char *name,
                                   const struct location *location)
{
    const struct symbol *symbol = winrt_find(parser, name, "<");
    struct winrt_instance node = {NULL, NULL};
    struct instance_origin origin = {*location, parser->file,
                                     parser->pp->winrt != PRAGMA_WINRT_NONE};
    struct instance *instance;

    if (!symbol) {
        winrt_read_known(parser, location);
        symbol = winrt_find(parser, name, "<");
    }
    if (!symbol) {
        parser_error(parser, location, DIAG_UNKNOWN_TYPE, "there is no '%.100s' with parameters",
                     name);
        return type_base(parser->arena, BASE_LONG);
    }
    parser_advance(parser);
    node.generic = symbol->generic;
    node.arguments = parse_arguments(parser, symbol->generic->count);
    take_greater(parser);
    if (parser->is_panicking)
        return type_base(parser->arena, BASE_LONG);
    instance = winrt_instance(parser->session, &node, &origin);
    instance->is_wanted = instance->is_wanted || !instance->is_open;
    return winrt_instance_type(parser->session, instance);
}

static struct type *parameter_type(struct parser *parser, const char *name)
{
    for (size_t i = 0; parser->generic && i < parser->generic->count; i++) {
        if (strcmp(parser->generic->names[i], name) == 0) {
            struct type *type = type_new(parser->arena, TYPE_PARAMETER, NULL);

            type->position = (unsigned)i;
            return type;
        }
    }
    return NULL;
}

static struct type *tag_type(struct parser *parser, const struct symbol *symbol)
{
    const struct tag *tag = symbol->tag;
    struct type *type = type_new(parser->arena, tag->kind, NULL);
    struct tag_use *use = map_get(&winrt_state(parser->session)->tags, symbol->name);

    type->record = tag->record;
    type->enumeration = tag->enumeration;
    if (use)
        use->is_used = true;
    return type;
}

static struct type *type_of_symbol(struct parser *parser, const struct symbol *symbol,
                                   const struct location *location)
{
    struct type *type;

    switch (symbol->kind) {
    case SYMBOL_INTERFACE:
        type = type_new(parser->arena, TYPE_INTERFACE, NULL);
        type->interface = symbol->interface;
        return type;
    case SYMBOL_TYPEDEF:
        type = type_new(parser->arena, TYPE_ALIAS, symbol->declaration->type);
        type->alias = symbol->declaration;
        return type;
    case SYMBOL_TAG:
        return tag_type(parser, symbol);
    case SYMBOL_CLASS:
        return winrt_class_type(parser->session, symbol->runtime_class, location);
    case SYMBOL_CONST:
    case SYMBOL_ENUMERATOR:
    case SYMBOL_GENERIC:
    case SYMBOL_CONTRACT:
    default:
        parser_error(parser, location, DIAG_EXPECTED_TYPE, "'%.60s' is no type", symbol->name);
        return type_base(parser->arena, BASE_LONG);
    }
}

bool parser_at_winrt_name(const struct parser *parser)
{
    const struct winrt *winrt = parser->session->winrt;
    const struct token *token = &parser->token;

    if (!winrt || token->kind != TOKEN_NAME)
        return false;
    return parser->space || parser->generic ||
           (map_get(&winrt->roots, token->text) && !symbol_find(parser->session, token->text));
}

/* Who only says that an object has it may leave it to a file that is not there. */
static struct type *absent_interface(struct parser *parser, const char *name,
                                     const struct location *location)
{
    struct type *type = type_new(parser->arena, TYPE_INTERFACE, NULL);
    struct interface *interface = ARENA_NEW(parser->arena, struct interface);

    interface->winrt = winrt_name_make(parser, name, "");
    interface->name = interface->winrt->c;
    interface->location = *location;
    type->interface = interface;
    return type;
}

static struct type *parse_type(struct parser *parser, bool may_be_absent)
{
    struct location location = parser->token.location;
    const char *name = parse_dotted(parser, "a type", &location);
    struct symbol *symbol;
    struct type *type;

    if (!name)
        return type_base(parser->arena, BASE_LONG);
    type = parameter_type(parser, name);
    if (type)
        return type;
    if (parser_is(parser, TOKEN_LESS))
        return parse_instance(parser, name, &location);
    symbol = winrt_find(parser, name, "");
    if (!symbol && may_be_absent)
        return absent_interface(parser, strchr(name, '.') ? name : winrt_whole(parser, name),
                                &location);
    if (!symbol) /* an interface that comes later, or a mistake */
        symbol = winrt_interface(parser, strchr(name, '.') ? name : winrt_whole(parser, name), "",
                                 &location);
    return type_of_symbol(parser, symbol, &location);
}

struct type *parse_winrt_type(struct parser *parser)
{
    return parse_type(parser, false);
}

struct type *parse_winrt_mention(struct parser *parser)
{
    return parse_type(parser, true);
}

struct symbol *parse_interface_name(struct parser *parser, const char *what,
                                    struct location *location)
{
    const char *name = parse_dotted(parser, what, location);
    struct symbol *symbol;

    if (!name)
        return NULL;
    symbol = parser->space || strchr(name, '.') ? winrt_find(parser, name, "") : NULL;
    if (!symbol && parser->space && !strchr(name, '.'))
        symbol = winrt_interface(parser, winrt_whole(parser, name), "", location);
    else if (!symbol)
        symbol = winrt_interface(parser, name, "", location);
    if (symbol && symbol->kind == SYMBOL_INTERFACE && !symbol->coclass)
        return symbol;
    diag_error(parser->diag, location, DIAG_NOT_AN_INTERFACE, "'%s' is no interface", name);
    return NULL;
}

/* ---- tags ---- */

static void add_tag(struct parser *parser, struct tag *tag, const char *full,
                    const struct location *location)
{
    struct winrt *winrt = winrt_state(parser->session);
    struct winrt_name *name = winrt_name_make(parser, full, "");
    struct tag_use *use = ARENA_NEW(parser->arena, struct tag_use);
    struct symbol *symbol = symbol_add(parser->session, SYMBOL_TAG, full, location);

    if (symbol)
        symbol->tag = tag;
    *use = (struct tag_use){.next = winrt->tag_uses, .tag = tag, .name = full};
    winrt->tag_uses = use;
    map_put(&winrt->tags, full, strlen(full))->value = use;
    if (tag->kind == TYPE_ENUM) {
        tag->enumeration->tag = name->c;
        tag->enumeration->winrt = name;
    } else {
        tag->record->tag = name->c;
        tag->record->winrt = name;
    }
}

struct tag *parse_tag(struct parser *parser, enum type_kind kind, const char *name,
                      const struct location *location)
{
    const char *full = winrt_whole(parser, name);
    struct symbol *symbol;
    struct tag *tag;

    if (!parser->space)
        return symbol_tag(parser->session, kind, name, location);
    if (!parser_is(parser, TOKEN_LEFT_BRACE)) {
        symbol = winrt_find(parser, name, "");
        if (symbol && symbol->kind == SYMBOL_TAG)
            full = symbol->name;
        else if (map_get(&parser->session->tags, name))
            return symbol_tag(parser->session, kind, name, location);
    }
    tag = symbol_tag(parser->session, kind, full, location);
    if (tag && !(kind == TYPE_ENUM ? (void *)tag->enumeration->winrt : (void *)tag->record->winrt))
        add_tag(parser, tag, full, location);
    return tag;
}
