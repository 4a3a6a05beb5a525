/*
 * idl/parser_attribute.c -- see parser.h; lists of attributes and their arguments.
 */
#include <string.h>

#include "idl/text.h"
#include "idl/winrt.h"

static unsigned hex_digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool read_uuid(const char *text, size_t length, struct guid *guid)
{
    uint8_t bytes[16];
    size_t count = 0;

    if (length != 36)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-')
                return false;
            continue;
        }
        if (!is_hex(text[i]) || !is_hex(text[i + 1]))
            return false;
        bytes[count++] = (uint8_t)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1]));
        i++;
    }
    guid->data1 =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    guid->data2 = (uint16_t)(bytes[4] << 8 | bytes[5]);
    guid->data3 = (uint16_t)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->data4, bytes + 8, 8);
    return true;
}

/* Up to the ")" that closes what has been opened before, or to where the list cannot go on. */
static void skip_arguments(struct parser *parser)
{
    size_t depth = 0;

    while (!parser->is_panicking && !parser_is(parser, TOKEN_END) &&
           !parser_is(parser, TOKEN_SEMICOLON) && !parser_is(parser, TOKEN_LEFT_BRACE)) {
        if (parser_is(parser, TOKEN_RIGHT_PAREN) && depth-- == 0)
            return;
        if (parser_is(parser, TOKEN_LEFT_PAREN))
            depth++;
        parser_advance(parser);
    }
}

void parse_uuid(struct parser *parser, struct guid *guid)
{
    const struct token *token = &parser->token;
    const char *text = token->text;
    size_t length = token->length;

    if (token->kind == TOKEN_STRING && length > 2) {
        text++;
        length -= 2;
    }
    if ((token->kind == TOKEN_UUID || token->kind == TOKEN_STRING) &&
        read_uuid(text, length, guid)) {
        parser_advance(parser);
        return;
    }
    diag_error(parser->diag, &token->location, DIAG_BAD_UUID,
               "an id has 8-4-4-4-12 hexadecimal digits");
    skip_arguments(parser);
}

static void add_late(struct parser *parser, const struct attribute *attribute,
                     const struct expr *expr)
{
    struct late_argument *late = ARENA_NEW(parser->arena, struct late_argument);

    *late = (struct late_argument){parser->late, expr, attribute};
    parser->late = late;
}

/* One argument, with its names looked up now or later, as the attribute wants it. */
static const struct expr *parse_argument(struct parser *parser, struct attribute *attribute)
{
    enum attribute_shape shape = attribute->info->shape;
    struct expr *expr;

    if (shape == SHAPE_CONSTANTS ||
        (shape == SHAPE_CONSTANT && attribute->info->id != ATTRIBUTE_DEFAULTVALUE))
        return parse_constant(parser);
    expr = parse_expression(parser);
    if (parser_is(parser, TOKEN_DOT))
        refuse_member(parser, &parser->token.location);
    if (shape == SHAPE_CONSTANT && expr->kind == EXPR_NAME)
        expr_bind_constant(parser->session, expr); /* a default may be a name that only C knows */
    else if (shape != SHAPE_CONSTANT && !parser->is_panicking)
        add_late(parser, attribute, expr);
    return expr;
}

/* arguments = [ expression ] { "," [ expression ] } */
static void parse_arguments(struct parser *parser, struct attribute *attribute)
{
    bool is_single =
        attribute->info->shape == SHAPE_EXPRESSION || attribute->info->shape == SHAPE_CONSTANT;
    const struct expr **args = NULL;
    size_t count = 0, capacity = 0;

    do {
        if (count == capacity) {
            const struct expr **grown;

            capacity = capacity ? capacity * 2 : 2;
            grown = arena_alloc(parser->arena, capacity * sizeof *grown);
            if (count)
                memcpy(grown, args, count * sizeof *grown);
            args = grown;
        }
        args[count] = NULL;
        if (attribute->info->shape != SHAPE_EXPRESSIONS ||
            (!parser_is(parser, TOKEN_COMMA) && !parser_is(parser, TOKEN_RIGHT_PAREN)))
            args[count] = parse_argument(parser, attribute);
        count++;
    } while (!is_single && parser_take(parser, TOKEN_COMMA));
    attribute->args = args;
    attribute->arg_count = count;
}

static void parse_any(struct parser *parser, struct attribute *attribute)
{
    if (parser_is(parser, TOKEN_STRING))
        attribute->text = parser_string(parser);
    skip_arguments(parser);
}

/* It becomes a part of names in C. */
static bool is_version(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *end = text + digits;

    return digits > 0 && (*end == '\0' || (*end == '.' && end[1] != '\0' &&
                                           strspn(end + 1, "0123456789") == strlen(end + 1)));
}

/* version = number [ "." number ]; "1.2" is one token, but a macro may stand for either half */
static void parse_version(struct parser *parser, struct attribute *attribute)
{
    const struct location location = parser->token.location;
    struct text text;

    if (parser->space) { /* there it is the version of Windows: 0x06020000, NTDDI_WIN8 */
        skip_arguments(parser);
        return;
    }
    text_init(&text, parser->arena);
    while (parser_is(parser, TOKEN_NUMBER) || (text.length > 0 && parser_is(parser, TOKEN_DOT))) {
        text_bytes(&text, parser->token.text, parser->token.length);
        parser_advance(parser);
    }
    attribute->text = text_end(&text);
    if (!is_version(attribute->text))
        parser_error(parser, &location, DIAG_BAD_NUMBER, "a version is a number such as 1.0");
}

/* variable = specifiers declarator */
static void parse_variable(struct parser *parser, struct attribute *attribute)
{
    struct declarator declarator;

    if (!parse_declarator(parser, parse_specifiers(parser), &declarator))
        return;
    if (!declarator.name)
        parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "the name of a variable");
    attribute->text = declarator.name;
    attribute->type = declarator.type;
}

static void parse_shape(struct parser *parser, struct attribute *attribute)
{
    switch (attribute->info->shape) {
    case SHAPE_UUID:
        parse_uuid(parser, &attribute->guid);
        break;
    case SHAPE_STRING:
        attribute->text = parser_string(parser);
        break;
    case SHAPE_TYPE:
        attribute->type = parse_type_name(parser);
        break;
    case SHAPE_NAME:
        attribute->text = parser->token.text;
        if (token_is_name(&parser->token))
            parser_advance(parser);
        else
            parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "a name");
        break;
    case SHAPE_VERSION:
        parse_version(parser, attribute);
        break;
    case SHAPE_VARIABLE:
        parse_variable(parser, attribute);
        break;
    case SHAPE_CONTRACT:
        parse_contract_version(parser, attribute);
        break;
    case SHAPE_ANY:
        parse_any(parser, attribute);
        break;
    case SHAPE_CONSTANT:
    case SHAPE_CONSTANTS:
    case SHAPE_EXPRESSION:
    case SHAPE_EXPRESSIONS:
        parse_arguments(parser, attribute);
        break;
    case SHAPE_NONE:
    default:
        parser_error(parser, &parser->token.location, DIAG_UNEXPECTED_TOKEN,
                     "'%s' takes no arguments", attribute->info->name);
        break;
    }
}

/* attribute = name [ "(" arguments ")" ]; NULL: an unknown one, which is skipped */
static struct attribute *parse_attribute(struct parser *parser)
{
    struct token name = parser->token;
    const struct attribute_info *info;
    struct attribute *attribute = NULL;

    if (!token_is_name(&name)) {
        parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "an attribute");
        return NULL;
    }
    info = attribute_lookup(name.text);
    parser_advance(parser);
    if (info) {
        attribute = ARENA_NEW(parser->arena, struct attribute);
        attribute->info = info;
        attribute->location = name.location;
    } else {
        const char *hint = hint_of_attribute(name.text);

        diag_error(parser->diag, &name.location, DIAG_UNKNOWN_ATTRIBUTE,
                   "there is no attribute '%.60s'%s%s%s", name.text, hint ? "; did you mean '" : "",
                   hint ? hint : "", hint ? "'?" : "");
    }
    if (parser_take(parser, TOKEN_LEFT_PAREN)) {
        if (attribute)
            parse_shape(parser, attribute);
        else
            skip_arguments(parser);
        parser_expect(parser, TOKEN_RIGHT_PAREN, "after the arguments of the attribute");
    } else if (info && info->shape != SHAPE_NONE && info->shape != SHAPE_ANY) {
        parser_expect(parser, TOKEN_LEFT_PAREN, "and arguments for the attribute");
    }
    return attribute;
}

/* attributes = { "[" [ attribute ] { "," [ attribute ] } "]" } */
const struct attribute *parse_attributes(struct parser *parser)
{
    const struct attribute *list = NULL;
    const struct attribute **tail = &list;

    while (parser_take(parser, TOKEN_LEFT_BRACKET)) {
        do {
            struct attribute *attribute;

            if (parser_is(parser, TOKEN_RIGHT_BRACKET) || parser_is(parser, TOKEN_COMMA))
                continue; /* #if inside a list, and empty macros, leave a comma too many */
            attribute = parse_attribute(parser);
            if (attribute) {
                *tail = attribute;
                tail = &attribute->next;
            }
        } while (parser_take(parser, TOKEN_COMMA));
        parser_expect(parser, TOKEN_RIGHT_BRACKET, "after the attributes");
    }
    return list;
}

const struct attribute *join_attributes(struct parser *parser, const struct attribute *first,
                                        const struct attribute *second)
{
    const struct attribute *list = second;
    const struct attribute **tail = &list;

    if (!second)
        return first;
    for (; first; first = first->next) {
        struct attribute *copy = ARENA_NEW(parser->arena, struct attribute);

        *copy = *first;
        copy->next = second;
        *tail = copy;
        tail = &copy->next;
    }
    return list;
}

void bind_late_arguments(struct parser *parser, struct late_argument *end,
                         const struct scope *scope)
{
    for (; parser->late != end; parser->late = parser->late->next) {
        size_t errors = parser->diag->errors;

        expr_bind(parser->session, parser->late->expr, scope);
        if (parser->diag->errors == errors)
            sema_check_argument(parser->session, parser->late->attribute, parser->late->expr);
    }
}
