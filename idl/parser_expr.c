/*
 * idl/parser_expr.c -- see parser.h; expressions, evaluated as they are read.
 *
 * A name stays without meaning here: inside attributes it may be a parameter that comes later.
 * parse_constant looks it up.
 */
#include <string.h>

#include "idl/operator.h"
#include "idl/parser.h"
#include "idl/text.h"

void refuse_member(struct parser *parser, const struct location *location)
{
    parser_error(parser, location, DIAG_UNEXPECTED_TOKEN,
                 "an attribute names a parameter or a field, and nothing inside of one");
}

static struct expr *make(struct parser *parser, enum expr_kind kind)
{
    struct expr *expr = expr_new(parser->arena, kind, &parser->token.location);

    expr->text = arena_copy(parser->arena, parser->token.text, parser->token.length);
    return expr;
}

/* ll and i64; L is 32 bits in IDL, as it is in Microsoft's C. */
static bool has_wide_suffix(const char *text, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (((text[i] | 0x20) == 'l' && (text[i + 1] | 0x20) == 'l') ||
            ((text[i] | 0x20) == 'i' && text[i + 1] == '6'))
            return true;
    return false;
}

/* C's rule: a decimal number too big for an int gets more bits, any other one loses its sign first.
 */
static void set_number(struct expr *expr, struct number number)
{
    bool is_decimal = expr->text[0] >= '1' && expr->text[0] <= '9';

    expr->is_constant = true;
    expr->is_wide = number.bits > (is_decimal && !number.is_unsigned ? INT32_MAX : UINT32_MAX) ||
                    has_wide_suffix(expr->text, strlen(expr->text));
    expr->is_unsigned = number.is_unsigned || (!expr->is_wide && number.bits > INT32_MAX);
    expr->value = (int64_t)number.bits;
}

static struct expr *parse_number(struct parser *parser)
{
    struct expr *expr = make(parser, EXPR_INTEGER);
    struct number number;

    switch (number_read(parser->token.text, parser->token.length, &number)) {
    case NUMBER_OK:
        set_number(expr, number);
        break;
    case NUMBER_FLOAT:
        expr->kind = EXPR_FLOAT;
        break;
    case NUMBER_OUT_OF_RANGE:
        diag_error(parser->diag, &expr->location, DIAG_NUMBER_OUT_OF_RANGE,
                   "the number does not fit in 64 bits");
        set_number(expr, number);
        break;
    case NUMBER_BAD:
    default:
        diag_error(parser->diag, &expr->location, DIAG_BAD_NUMBER, "'%.40s' is not a number",
                   expr->text);
        set_number(expr, number);
        break;
    }
    parser_advance(parser);
    return expr;
}

static struct expr *parse_character(struct parser *parser)
{
    struct expr *expr = make(parser, EXPR_CHARACTER);
    struct number number;

    if (!number_read_character(parser->token.text, parser->token.length, &number) &&
        parser->token.text[parser->token.length - 1] == '\'')
        diag_error(parser->diag, &expr->location, DIAG_BAD_CHARACTER, "this is not one character");
    set_number(expr, number);
    parser_advance(parser);
    return expr;
}

/* string = "..." { "..." }: kept as written, one behind the other, which C joins as well */
static struct expr *parse_string(struct parser *parser)
{
    struct expr *expr = expr_new(parser->arena, EXPR_STRING, &parser->token.location);
    bool is_wide = false;
    struct text text;

    text_init(&text, parser->arena);
    text_char(&text, 'L'); /* of all, if one of them has it */
    while (parser_is(parser, TOKEN_STRING)) {
        size_t prefix = parser->token.text[0] == 'L';

        is_wide = is_wide || prefix;
        if (text.length > 1)
            text_char(&text, ' ');
        text_bytes(&text, parser->token.text + prefix, parser->token.length - prefix);
        parser_advance(parser);
    }
    expr->text = text_end(&text) + (is_wide ? 0 : 1);
    return expr;
}

/* sizeof = "sizeof" "(" type ")" */
static struct expr *parse_sizeof(struct parser *parser)
{
    struct expr *expr = make(parser, EXPR_SIZEOF);

    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN, "after sizeof");
    expr->type = parse_type_name(parser);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the type");
    if (!parser->is_panicking)
        expr_fold(parser->session, expr);
    return expr;
}

static struct expr *parse_unary(struct parser *parser);

/* parens = "(" expression ")" | "(" type ")" unary */
static struct expr *parse_parens(struct parser *parser)
{
    struct expr *expr = make(parser, EXPR_CAST);

    parser_advance(parser);
    if (parser_at_type(parser)) {
        expr->type = parse_type_name(parser);
        parser_expect(parser, TOKEN_RIGHT_PAREN, "after the type");
        expr->left = parse_unary(parser);
        expr_fold(parser->session, expr);
        return expr;
    }
    expr = parse_expression(parser);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the expression");
    return expr;
}

/* primary = number | character | string | name | sizeof | parens */
static struct expr *parse_primary(struct parser *parser)
{
    struct expr *expr;

    switch (parser->token.kind) {
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_CHARACTER:
        return parse_character(parser);
    case TOKEN_STRING:
        return parse_string(parser);
    case TOKEN_KEY_SIZEOF:
        return parse_sizeof(parser);
    case TOKEN_LEFT_PAREN:
        return parse_parens(parser);
    case TOKEN_NAME:
        expr = make(parser, EXPR_NAME);
        parser_advance(parser);
        return expr;
    default:
        expr = make(parser, EXPR_INTEGER);
        parser_expected(parser, DIAG_EXPECTED_TOKEN, "an expression");
        return expr;
    }
}

/* unary = ( "-" | "+" | "~" | "!" | "*" | "&" ) unary | primary */
static struct expr *parse_unary(struct parser *parser)
{
    static const struct {
        enum token_kind token;
        int op;
    } signs[] = {{TOKEN_MINUS, '-'}, {TOKEN_PLUS, '+'}, {TOKEN_TILDE, '~'},
                 {TOKEN_NOT, '!'},   {TOKEN_STAR, '*'}, {TOKEN_AMPERSAND, '&'}};
    struct expr *expr = NULL;

    if (!parser_enter(parser))
        return make(parser, EXPR_INTEGER);
    for (size_t i = 0; i < sizeof signs / sizeof *signs && !expr; i++) {
        if (parser_is(parser, signs[i].token)) {
            expr = make(parser, EXPR_UNARY);
            expr->op = signs[i].op;
            parser_advance(parser);
            expr->left = parse_unary(parser);
            expr_fold(parser->session, expr);
        }
    }
    if (!expr)
        expr = parse_primary(parser);
    parser_leave(parser);
    return expr;
}

/* binary = unary { operator unary }, by precedence */
static struct expr *parse_binary(struct parser *parser, int lowest)
{
    struct expr *left = parse_unary(parser);
    int precedence;

    for (;;) {
        int op = operator_of(parser->token.kind, &precedence);
        struct expr *expr;

        if (!op || precedence < lowest || parser->is_panicking)
            return left;
        expr = make(parser, EXPR_BINARY);
        expr->op = op;
        parser_advance(parser);
        if (op == OP_SUBTRACT && parser_is(parser, TOKEN_GREATER))
            refuse_member(parser, &expr->location);
        expr->left = left;
        expr->right = parse_binary(parser, precedence + 1);
        expr_fold(parser->session, expr);
        if (expr->depth > EXPR_MAX_DEPTH)
            parser_error(parser, &expr->location, DIAG_NESTING_DEPTH,
                         "an expression of more than %d levels", EXPR_MAX_DEPTH);
        left = expr;
    }
}

/* expression = binary [ "?" expression ":" expression ] */
struct expr *parse_expression(struct parser *parser)
{
    struct expr *expr, *condition;

    if (!parser_enter(parser))
        return make(parser, EXPR_INTEGER);
    expr = parse_binary(parser, 1);
    if (parser_is(parser, TOKEN_QUESTION) && !parser->is_panicking) {
        condition = expr;
        expr = make(parser, EXPR_CONDITIONAL);
        parser_advance(parser);
        expr->left = condition;
        expr->right = parse_expression(parser);
        parser_expect(parser, TOKEN_COLON, "in the expression");
        expr->third = parse_expression(parser);
        expr_fold(parser->session, expr);
    }
    parser_leave(parser);
    return expr;
}

struct expr *parse_constant(struct parser *parser)
{
    static const struct scope nothing = {0};
    size_t errors = parser->diag->errors;
    struct expr *expr = parse_expression(parser);

    expr_bind(parser->session, expr, &nothing);
    if (!expr->is_constant && parser->diag->errors == errors && !expr_is_for_c(expr))
        diag_error(parser->diag, &expr->location, DIAG_NOT_CONSTANT,
                   "the value must be an integer constant");
    return expr;
}
