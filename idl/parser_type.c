/*
 * idl/parser_type.c -- see parser.h; the words that name a type, and enums.
 */
#include <string.h>

#include "idl/winrt.h"

struct words {
    bool is_const, is_volatile, is_signed, is_unsigned, is_short;
    unsigned longs;
    enum token_kind base; /* TOKEN_END: none */
    struct type *type;    /* of what is not made of words */
};

static bool is_base_word(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_KEY_BOOLEAN:
    case TOKEN_KEY_BYTE:
    case TOKEN_KEY_CHAR:
    case TOKEN_KEY_WCHAR:
    case TOKEN_KEY_SMALL:
    case TOKEN_KEY_INT:
    case TOKEN_KEY_HYPER:
    case TOKEN_KEY_INT8:
    case TOKEN_KEY_INT16:
    case TOKEN_KEY_INT32:
    case TOKEN_KEY_INT64:
    case TOKEN_KEY_INT3264:
    case TOKEN_KEY_FLOAT:
    case TOKEN_KEY_DOUBLE:
    case TOKEN_KEY_VOID:
    case TOKEN_KEY_ERROR_STATUS:
    case TOKEN_KEY_HANDLE:
        return true;
    default:
        return false;
    }
}

static bool is_type_word(enum token_kind kind)
{
    return is_base_word(kind) || kind == TOKEN_KEY_SHORT || kind == TOKEN_KEY_LONG ||
           kind == TOKEN_KEY_SIGNED || kind == TOKEN_KEY_UNSIGNED || kind == TOKEN_KEY_CONST ||
           kind == TOKEN_KEY_VOLATILE || kind == TOKEN_KEY_STRUCT || kind == TOKEN_KEY_UNION ||
           kind == TOKEN_KEY_ENUM || kind == TOKEN_KEY_INTERFACE || kind == TOKEN_KEY_SAFEARRAY;
}

bool parser_at_type(const struct parser *parser)
{
    const struct symbol *symbol;

    if (!parser_is(parser, TOKEN_NAME))
        return is_type_word(parser->token.kind);
    symbol = symbol_find(parser->session, parser->token.text);
    return symbol && (symbol->kind == SYMBOL_TYPEDEF || symbol->kind == SYMBOL_INTERFACE);
}

static struct type *interface_type(struct parser *parser, const struct symbol *symbol)
{
    struct type *type = type_new(parser->arena, TYPE_INTERFACE, NULL);

    type->interface = symbol->interface;
    return type;
}

/* "pipe" type without a typedef: read as the type alone once it has its message, so that what uses
 * it gets no other. */
static struct type *parse_pipe(struct parser *parser)
{
    struct type *type;

    diag_error(parser->diag, &parser->token.location, DIAG_UNEXPECTED_TOKEN,
               "a pipe needs a name: 'typedef pipe byte BYTE_PIPE;'");
    parser_advance(parser);
    if (!parser_enter(parser))
        return type_base(parser->arena, BASE_LONG);
    type = parse_specifiers(parser);
    parser_leave(parser);
    return type;
}

/* A name as a type: a typedef, an interface, or a promise that it will be one. */
static struct type *named_type(struct parser *parser, const char *name,
                               const struct location *location)
{
    const struct symbol *symbol = symbol_find(parser->session, name);
    struct type *type;

    if (symbol && symbol->kind == SYMBOL_TYPEDEF) {
        type = type_new(parser->arena, TYPE_ALIAS, symbol->declaration->type);
        type->alias = symbol->declaration;
        return type;
    }
    symbol = symbol_interface(parser->session, name, location);
    if (symbol)
        return interface_type(parser, symbol);
    parser_error(parser, location, DIAG_EXPECTED_TYPE, "'%.60s' is a constant, not a type", name);
    return type_base(parser->arena, BASE_LONG);
}

static struct type *parse_type_by_name(struct parser *parser)
{
    const char *name = parser->token.text;
    struct location location = parser->token.location;
    struct type *type;

    if (parser_at_winrt_name(parser))
        return parse_winrt_type(parser);
    if (parser_is_word(parser, "pipe") && !symbol_find(parser->session, name))
        return parse_pipe(parser);
    type = named_type(parser, name, &location);
    if (!parser->is_panicking)
        parser_advance(parser);
    return type;
}

/* "interface" name */
static struct type *parse_interface_type(struct parser *parser)
{
    struct location location;
    const struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    name = parser_name(parser, "the name of an interface", &location);
    if (!name)
        return type_base(parser->arena, BASE_LONG);
    symbol = symbol_interface(parser->session, name, &location);
    if (symbol)
        return interface_type(parser, symbol);
    diag_error(parser->diag, &location, DIAG_NOT_AN_INTERFACE, "'%s' is no interface", name);
    return type_base(parser->arena, BASE_LONG);
}

/* "SAFEARRAY" [ "(" type ")" ]: without the type it is the struct of oaidl.idl */
static struct type *parse_safearray(struct parser *parser)
{
    struct location location = parser->token.location;
    struct type *type;

    parser_advance(parser);
    if (!parser_take(parser, TOKEN_LEFT_PAREN))
        return named_type(parser, "SAFEARRAY", &location);
    type = type_new(parser->arena, TYPE_SAFEARRAY, NULL);
    type->target = parse_type_name(parser);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the type");
    return type;
}

/* enumerator = attributes name [ "=" constant ] */
static struct enumerator *parse_enumerator(struct parser *parser,
                                           const struct enumeration *enumeration, int64_t next,
                                           const struct location *begin)
{
    struct enumerator *enumerator = ARENA_NEW(parser->arena, struct enumerator);
    const struct symbol *old;
    struct symbol *symbol;
    const char *name;

    enumerator->doc = parser_doc(parser, &parser->token);
    enumerator->attributes = parse_attributes(parser);
    sema_check_attributes(parser->session, enumerator->attributes, ON_ENUMERATOR);
    enumerator->name = parser_name(parser, "an enumerator", &enumerator->location);
    if (!enumerator->name)
        return NULL;
    enumerator->number = next;
    if (parser_take(parser, TOKEN_ASSIGN)) {
        const char *outer = parser->session->open_enum;

        parser->session->open_enum = enumeration->winrt ? enumeration->winrt->full : NULL;
        enumerator->value = parse_constant(parser);
        parser->session->open_enum = outer;
        enumerator->number = enumerator->value->value;
        if (!expr_fits(enumerator->value, 32))
            diag_error(parser->diag, &enumerator->value->location, DIAG_NUMBER_OUT_OF_RANGE,
                       "an enumerator has 32 bits, which this value does not fit in");
    }
    name = enumerator->name;
    if (enumeration->winrt)
        name = winrt_enumerator(parser, enumeration->winrt, enumerator);
    old = symbol_find(parser->session, name);
    if (old && old->kind == SYMBOL_ENUMERATOR && old->location.source == begin->source &&
        old->location.offset > begin->offset) {
        diag_error(parser->diag, &enumerator->location, DIAG_DUPLICATE_MEMBER,
                   "the enum has '%s' already", name);
        diag_note(parser->diag, &old->location, "the first '%s' is here", enumerator->name);
        return enumerator;
    }
    symbol = symbol_add(parser->session, SYMBOL_ENUMERATOR, name, &enumerator->location);
    if (symbol)
        symbol->enumerator = enumerator;
    return enumerator;
}

static void parse_enum_body(struct parser *parser, struct enumeration *enumeration)
{
    const struct enumerator **tail = &enumeration->enumerators;
    struct location begin = parser->token.location;
    int64_t next = 0;

    parser_advance(parser);
    parser_take_trailing(parser, NULL);
    if (parser_is(parser, TOKEN_RIGHT_BRACE))
        diag_error(parser->diag, &parser->token.location, DIAG_EXPECTED_IDENTIFIER,
                   "an enum needs an enumerator");
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        struct enumerator *enumerator = parse_enumerator(parser, enumeration, next, &begin);
        bool goes_on;

        if (!enumerator)
            break;
        *tail = enumerator;
        tail = &enumerator->next;
        next = enumerator->number == INT64_MAX ? 0 : enumerator->number + 1;
        goes_on = parser_take(parser, TOKEN_COMMA);
        parser_take_trailing(parser, &enumerator->doc);
        if (!goes_on)
            break;
    }
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the enumerators");
    enumeration->is_complete = true;
}

/* C has no way to name an enum before its values are known, not even behind a pointer. */
static void check_enum(struct parser *parser, const struct enumeration *enumeration,
                       const struct location *location)
{
    if (enumeration->tag && !enumeration->winrt && !enumeration->is_complete &&
        !parser->session->lacks_file)
        diag_flaw(parser->diag, location, DIAG_INCOMPLETE_TYPE,
                  "the values of 'enum %s' are not known here", enumeration->tag);
}

/* enum = "enum" [ tag ] [ "{" enumerator { "," enumerator } [ "," ] "}" ] */
struct type *parse_enum(struct parser *parser)
{
    struct type *type = type_new(parser->arena, TYPE_ENUM, NULL);
    struct enumeration *enumeration = ARENA_NEW(parser->arena, struct enumeration);
    struct location location;
    const struct tag *tag;

    parser_advance(parser);
    enumeration->location = parser->token.location;
    if (!parser_is(parser, TOKEN_LEFT_BRACE)) {
        const char *name = parser_name(parser, "a tag or '{'", &location);

        tag = name ? parse_tag(parser, TYPE_ENUM, name, &location) : NULL;
        if (tag)
            enumeration = tag->enumeration;
    }
    type->enumeration = enumeration;
    if (!parser_is(parser, TOKEN_LEFT_BRACE) || parser->is_panicking) {
        check_enum(parser, enumeration, &location);
        return type;
    }
    if (enumeration->is_complete) {
        diag_error(parser->diag, &location, DIAG_REDEFINITION, "'enum %s' has its values already",
                   enumeration->tag);
        diag_note(parser->diag, &enumeration->location, "they are here");
        enumeration = ARENA_NEW(parser->arena, struct enumeration);
    }
    parse_enum_body(parser, enumeration);
    type->is_definition = true;
    return type;
}

/* One word, or one type of another kind; false: the specifiers end here. */
static bool parse_word(struct parser *parser, struct words *words)
{
    enum token_kind kind = parser->token.kind;
    bool has_type = words->type || words->base != TOKEN_END;
    bool has_word =
        has_type || words->is_signed || words->is_unsigned || words->is_short || words->longs > 0;

    if (kind == TOKEN_KEY_CONST)
        words->is_const = true;
    else if (kind == TOKEN_KEY_VOLATILE)
        words->is_volatile = true;
    else if (kind == TOKEN_KEY_SIGNED && !words->type)
        words->is_signed = true;
    else if (kind == TOKEN_KEY_UNSIGNED && !words->type)
        words->is_unsigned = true;
    else if (kind == TOKEN_KEY_SHORT && !words->type)
        words->is_short = true;
    else if (kind == TOKEN_KEY_LONG && !words->type && words->longs < 2)
        words->longs++;
    else if (is_base_word(kind) &&
             (!has_type || (words->base == TOKEN_KEY_HYPER && kind == TOKEN_KEY_INT)))
        words->base = has_type ? words->base : kind;
    else if (kind != TOKEN_KEY_EXTERN && kind != TOKEN_KEY_STATIC && kind != TOKEN_KEY_UNALIGNED) {
        if (has_word)
            return false;
        if (kind == TOKEN_KEY_STRUCT || kind == TOKEN_KEY_UNION)
            words->type = parse_record(parser);
        else if (kind == TOKEN_KEY_ENUM)
            words->type = parse_enum(parser);
        else if (kind == TOKEN_KEY_INTERFACE)
            words->type = parse_interface_type(parser);
        else if (kind == TOKEN_KEY_SAFEARRAY)
            words->type = parse_safearray(parser);
        else if (kind == TOKEN_NAME)
            words->type = parse_type_by_name(parser);
        return words->type != NULL;
    }
    parser_advance(parser);
    return true;
}

static bool integer_base(const struct words *words, enum base_type *base)
{
    bool is_unsigned = words->is_unsigned;

    switch (words->base) {
    case TOKEN_KEY_CHAR:
        *base = is_unsigned ? BASE_UNSIGNED_SMALL : words->is_signed ? BASE_SMALL : BASE_CHAR;
        break;
    case TOKEN_KEY_SMALL:
    case TOKEN_KEY_INT8:
        *base = is_unsigned ? BASE_UNSIGNED_SMALL : BASE_SMALL;
        break;
    case TOKEN_KEY_INT16:
        *base = is_unsigned ? BASE_UNSIGNED_SHORT : BASE_SHORT;
        break;
    case TOKEN_KEY_INT32:
        *base = is_unsigned ? BASE_UNSIGNED_INT : BASE_INT;
        break;
    case TOKEN_KEY_HYPER:
    case TOKEN_KEY_INT64:
        *base = is_unsigned ? BASE_UNSIGNED_HYPER : BASE_HYPER;
        break;
    case TOKEN_KEY_INT3264:
        *base = is_unsigned ? BASE_UNSIGNED_INT3264 : BASE_INT3264;
        break;
    case TOKEN_KEY_INT:
    case TOKEN_END:
        if (words->is_short)
            *base = is_unsigned ? BASE_UNSIGNED_SHORT : BASE_SHORT;
        else if (words->longs == 2)
            *base = is_unsigned ? BASE_UNSIGNED_HYPER : BASE_HYPER;
        else if (words->longs == 1)
            *base = is_unsigned ? BASE_UNSIGNED_LONG : BASE_LONG;
        else
            *base = is_unsigned ? BASE_UNSIGNED_INT : BASE_INT;
        return !(words->is_short && words->longs > 0) && !(is_unsigned && words->is_signed);
    default:
        return false;
    }
    return !words->is_short && words->longs == 0 && !(is_unsigned && words->is_signed);
}

static bool plain_base(const struct words *words, enum base_type *base)
{
    static const struct {
        enum token_kind word;
        enum base_type base;
    } rows[] = {
        {TOKEN_KEY_BOOLEAN, BASE_BOOLEAN}, {TOKEN_KEY_BYTE, BASE_BYTE},
        {TOKEN_KEY_WCHAR, BASE_WCHAR},     {TOKEN_KEY_FLOAT, BASE_FLOAT},
        {TOKEN_KEY_DOUBLE, BASE_DOUBLE},   {TOKEN_KEY_ERROR_STATUS, BASE_ERROR_STATUS},
        {TOKEN_KEY_HANDLE, BASE_HANDLE},
    };

    if (words->is_signed || words->is_unsigned || words->is_short || words->longs > 0)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].word == words->base) {
            *base = rows[i].base;
            return true;
        }
    }
    return false;
}

/* specifiers = { const | volatile | word } or one of struct, union, enum, interface, SAFEARRAY,
 * name */
struct type *parse_specifiers(struct parser *parser)
{
    struct location location = parser->token.location;
    struct words words = {.base = TOKEN_END};
    enum base_type base = BASE_LONG;
    bool has_word;

    while (!parser->is_panicking && parse_word(parser, &words))
        continue;
    has_word = words.base != TOKEN_END || words.is_signed || words.is_unsigned || words.is_short ||
               words.longs > 0;
    if (!words.type && words.base == TOKEN_KEY_VOID && !words.is_signed && !words.is_unsigned &&
        !words.is_short && words.longs == 0)
        words.type = type_new(parser->arena, TYPE_VOID, NULL);
    if (!words.type) {
        if (!has_word)
            parser_expected(parser, DIAG_EXPECTED_TYPE, "a type");
        else if (!plain_base(&words, &base) && !integer_base(&words, &base))
            parser_error(parser, &location, DIAG_EXPECTED_TYPE,
                         "these words do not make a type together");
        words.type = type_base(parser->arena, base);
    }
    words.type->is_const = words.type->is_const || words.is_const;
    words.type->is_volatile = words.type->is_volatile || words.is_volatile;
    return words.type;
}

struct type *type_without_definition(struct parser *parser, struct type *type)
{
    struct type *copy;

    if (!type->is_definition)
        return type;
    copy = ARENA_NEW(parser->arena, struct type);
    *copy = *type;
    copy->is_definition = false;
    return copy;
}
