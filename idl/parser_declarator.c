/*
 * idl/parser_declarator.c -- see parser.h; the part of a declaration round its name.
 *
 * A declarator is written inside out: in (*p)[3] the star belongs to the name, the [3] to what it
 * points at. So an inner declarator gets an empty type to build on, which is filled when what
 * follows it has been read.
 */
#include "idl/parser.h"

/*
 * Calling conventions, and words of Microsoft's C about pointers, which have one size here. Of all
 * of them __stdcall reaches the header: another COM base may have two conventions.
 */
static void take_words(struct parser *parser, struct declarator *declarator)
{
    static const char *const words[] = {"__ptr32", "__ptr64",    "__sptr",    "__uptr",
                                        "__w64",   "__fastcall", "_fastcall", "__restrict"};

    for (;;) {
        bool is_word = parser_is(parser, TOKEN_KEY_CDECL) ||
                       parser_is(parser, TOKEN_KEY_PLAIN_CDECL) ||
                       parser_is(parser, TOKEN_KEY_UNALIGNED);
        bool is_stdcall =
            parser_is(parser, TOKEN_KEY_STDCALL) || parser_is(parser, TOKEN_KEY_PLAIN_STDCALL);

        for (size_t i = 0; i < sizeof words / sizeof *words && !is_word; i++)
            is_word = parser_is_word(parser, words[i]);
        if (!is_word && !is_stdcall)
            return;
        declarator->is_stdcall = declarator->is_stdcall || is_stdcall;
        parser_advance(parser);
    }
}

/* The function that the declarator is, or points at. */
static void mark_stdcall(const struct declarator *declarator)
{
    struct type *type = declarator->type;

    while (declarator->is_stdcall && type &&
           (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = (struct type *)(uintptr_t)type->target;
    if (declarator->is_stdcall && type && type->kind == TYPE_FUNCTION)
        type->is_stdcall = true;
}

static struct type *parse_suffixes(struct parser *parser, struct type *base);

/* array = "[" [ "*" | expression ] "]" */
static struct type *parse_array(struct parser *parser, struct type *base)
{
    struct location location = parser->token.location;
    const struct expr *length = NULL;
    struct type *array;

    parser_advance(parser);
    if (parser_is(parser, TOKEN_NAME) && attribute_lookup(parser->token.text) &&
        !symbol_find(parser->session, parser->token.text)) {
        parser_error(parser, &location, DIAG_EXPECTED_TOKEN,
                     "expected ',' before the attribute '%s'", parser->token.text);
        return base;
    }
    if (!parser_take(parser, TOKEN_STAR) && !parser_is(parser, TOKEN_RIGHT_BRACKET)) {
        length = parse_constant(parser);
        if (length->is_constant && (length->value <= 0 || length->value > UINT32_MAX) &&
            !parser->is_panicking)
            diag_error(parser->diag, &length->location, DIAG_BAD_ARRAY_SIZE,
                       "an array needs a length from 1 to 4294967295");
    }
    parser_expect(parser, TOKEN_RIGHT_BRACKET, "after the length");
    array = type_new(parser->arena, TYPE_ARRAY, parse_suffixes(parser, base));
    array->length = length;
    if (array->target->kind == TYPE_ARRAY && !array->target->length)
        diag_error(parser->diag, &location, DIAG_BAD_ARRAY_SIZE,
                   "only the first length of an array may be left out");
    return array;
}

/* suffixes = { array } | "(" parameters ")" */
static struct type *parse_suffixes(struct parser *parser, struct type *base)
{
    struct type *type = base;

    if (parser->is_panicking || !parser_enter(parser))
        return base;
    if (parser_is(parser, TOKEN_LEFT_BRACKET)) {
        type = parse_array(parser, base);
    } else if (parser_is(parser, TOKEN_LEFT_PAREN)) {
        parser_advance(parser);
        type = type_new(parser->arena, TYPE_FUNCTION, base);
        type->parameters = parse_parameters(parser, false);
        parser_expect(parser, TOKEN_RIGHT_PAREN, "after the parameters");
    }
    parser_leave(parser);
    return type;
}

/* { "*" [ const | volatile ] } */
static struct type *parse_pointers(struct parser *parser, struct type *base,
                                   struct declarator *declarator)
{
    struct type *type = base;
    unsigned levels = 0;

    take_words(parser, declarator);
    while (parser_take(parser, TOKEN_STAR)) {
        if (++levels > SESSION_MAX_DEPTH) {
            parser_error(parser, &parser->token.location, DIAG_NESTING_DEPTH,
                         "more than %d pointers in a row", SESSION_MAX_DEPTH);
            break;
        }
        type = type_new(parser->arena, TYPE_POINTER, type);
        for (;;) {
            if (parser_take(parser, TOKEN_KEY_CONST))
                type->is_const = true;
            else if (parser_take(parser, TOKEN_KEY_VOLATILE))
                type->is_volatile = true;
            else
                break;
        }
        take_words(parser, declarator);
    }
    return type;
}

/* Behind a "(": does it enclose a declarator, or begin the parameters of a nameless function? */
static bool at_grouped(const struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_STAR:
    case TOKEN_LEFT_PAREN:
    case TOKEN_KEY_STDCALL:
    case TOKEN_KEY_CDECL:
    case TOKEN_KEY_PLAIN_STDCALL:
    case TOKEN_KEY_PLAIN_CDECL:
        return true;
    case TOKEN_NAME:
        return !parser_at_type(parser);
    default:
        return false;
    }
}

/* declarator = pointers [ name | "(" declarator ")" ] suffixes */
bool parse_declarator(struct parser *parser, struct type *base, struct declarator *declarator)
{
    struct type *type;

    *declarator = (struct declarator){.location = parser->token.location, .type = base};
    if (!parser_enter(parser))
        return false;
    type = parse_pointers(parser, base, declarator);
    declarator->location = parser->token.location;
    if (parser_at_name(parser)) {
        declarator->name = parser->token.text;
        parser_advance(parser);
        declarator->type = parse_suffixes(parser, type);
    } else if (parser_take(parser, TOKEN_LEFT_PAREN)) {
        struct type *outer = type_new(parser->arena, TYPE_VOID, NULL);

        if (at_grouped(parser)) {
            parse_declarator(parser, outer, declarator);
            parser_expect(parser, TOKEN_RIGHT_PAREN, "after the declarator");
            *outer = *parse_suffixes(parser, type);
        } else {
            declarator->type = type_new(parser->arena, TYPE_FUNCTION, type);
            declarator->type->parameters = parse_parameters(parser, false);
            parser_expect(parser, TOKEN_RIGHT_PAREN, "after the parameters");
        }
    } else {
        declarator->type = parse_suffixes(parser, type);
    }
    mark_stdcall(declarator);
    parser_leave(parser);
    return !parser->is_panicking;
}

bool parse_plain_declarator(struct parser *parser, struct type *base, struct declarator *declarator)
{
    *declarator = (struct declarator){.location = parser->token.location, .type = base};
    declarator->type = parse_pointers(parser, base, declarator);
    declarator->name = parser_name(parser, "a name", &declarator->location);
    return declarator->name != NULL;
}

void parse_declarator_rest(struct parser *parser, struct declarator *declarator)
{
    declarator->type = parse_suffixes(parser, declarator->type);
}

struct type *parse_type_name(struct parser *parser)
{
    static const struct pointer_rules rules = {.fallback = POINTER_UNIQUE};
    struct declarator declarator;
    struct type *type;
    bool is_whole;

    if (!parser_enter(parser)) /* a type name can contain others: SAFEARRAY(SAFEARRAY(long)) */
        return type_base(parser->arena, BASE_LONG);
    type = parse_specifiers(parser);
    is_whole = parse_declarator(parser, type, &declarator);
    parser_leave(parser);
    if (!is_whole)
        return type;
    if (declarator.name)
        parser_error(parser, &declarator.location, DIAG_UNEXPECTED_TOKEN,
                     "a type without a name is wanted here");
    type_resolve_pointers(parser->arena, declarator.type, &rules);
    return declarator.type;
}
