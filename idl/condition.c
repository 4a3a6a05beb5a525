/*
 * idl/condition.c -- see preprocess.h; the expressions of #if and #elif.
 *
 * C's integer expressions in 64 bits. What && || ?: do not reach is read but not evaluated, so a
 * division by zero there is no error.
 */
#include <stdio.h>
#include <string.h>

#include "idl/operator.h"
#include "idl/preprocess.h"

struct evaluation {
    struct preprocess *pp;
    struct token token;
    const struct token *directive;
    bool has_failed; /* one message for one line */
    unsigned depth;  /* two for each pair of parentheses */
    unsigned dead;   /* above 0: what is read now is not reached */
};

static struct number conditional(struct evaluation *eval);

static void advance(struct evaluation *eval)
{
    eval->token = preprocess_next(eval->pp);
}

static struct number fail(struct evaluation *eval, enum diag_kind kind, const char *text)
{
    const struct location *location =
        eval->token.kind == TOKEN_END ? &eval->directive->location : &eval->token.location;

    if (!eval->has_failed)
        diag_error(&eval->pp->session->diag, location, kind, "%s", text);
    eval->has_failed = true;
    return (struct number){0, false};
}

/* What C says here, that an operator is missing, has puzzled many. */
static struct number refuse_call(struct evaluation *eval, const struct token *name)
{
    char text[120];

    snprintf(text, sizeof text, "'%.60s' is no macro here, so it cannot have arguments",
             name->text);
    eval->token = *name;
    return fail(eval, DIAG_PP_BAD_EXPRESSION, text);
}

static bool take(struct evaluation *eval, enum token_kind kind)
{
    if (eval->token.kind != kind || eval->has_failed)
        return false;
    advance(eval);
    return true;
}

/* defined = "defined" ( name | "(" name ")" ), whose name is not expanded */
static struct number defined(struct evaluation *eval)
{
    struct preprocess *pp = eval->pp;
    struct token name = preprocess_raw(pp);
    bool has_paren = name.kind == TOKEN_LEFT_PAREN;
    struct number value = {0, false};

    if (has_paren)
        name = preprocess_raw(pp);
    if (!token_is_name(&name)) {
        return fail(eval, DIAG_PP_BAD_EXPRESSION, "'defined' needs a name");
    }
    value.bits = macro_of(pp, &name) != NULL;
    advance(eval);
    if (has_paren && !take(eval, TOKEN_RIGHT_PAREN))
        return fail(eval, DIAG_PP_BAD_EXPRESSION, "')' is missing behind 'defined'");
    return value;
}

/* primary = number | character | name | defined | "(" conditional ")" */
static struct number primary(struct evaluation *eval)
{
    struct token token = eval->token;
    struct number value = {0, false};

    if (take(eval, TOKEN_LEFT_PAREN)) {
        value = conditional(eval);
        if (!take(eval, TOKEN_RIGHT_PAREN))
            fail(eval, DIAG_PP_BAD_EXPRESSION, "')' is missing in the condition");
    } else if (token.kind == TOKEN_NUMBER) {
        enum number_status status = number_read(token.text, token.length, &value);

        if (status == NUMBER_OUT_OF_RANGE)
            return fail(eval, DIAG_NUMBER_OUT_OF_RANGE, "the number does not fit in 64 bits");
        if (status != NUMBER_OK)
            return fail(eval, DIAG_PP_BAD_EXPRESSION, "a condition needs an integer here");
        advance(eval);
    } else if (token.kind == TOKEN_CHARACTER) {
        if (!number_read_character(token.text, token.length, &value))
            return fail(eval, DIAG_BAD_CHARACTER, "this is not one character");
        advance(eval);
    } else if (token_is_name(&token) && strcmp(token.text, "defined") == 0) {
        return defined(eval);
    } else if (token_is_name(&token)) {
        advance(eval); /* a name that is no macro is 0, as in C */
        if (eval->token.kind == TOKEN_LEFT_PAREN)
            return refuse_call(eval, &token);
    } else {
        return fail(eval, DIAG_PP_BAD_EXPRESSION, "a condition needs an integer here");
    }
    return value;
}

/* unary = ( "-" | "+" | "~" | "!" ) unary | primary */
static struct number unary(struct evaluation *eval)
{
    static const struct {
        enum token_kind token;
        int op;
    } signs[] = {{TOKEN_MINUS, '-'}, {TOKEN_PLUS, '+'}, {TOKEN_TILDE, '~'}, {TOKEN_NOT, '!'}};
    struct number value;

    if (++eval->depth > 2 * SESSION_MAX_DEPTH) {
        fail(eval, DIAG_NESTING_DEPTH, "the condition is nested more than 64 deep");
        eval->depth--;
        return (struct number){0, false};
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (take(eval, signs[i].token)) {
            value = operator_unary(signs[i].op, unary(eval));
            eval->depth--;
            return value;
        }
    }
    value = primary(eval);
    eval->depth--;
    return value;
}

/* binary = unary { operator unary }, by precedence */
static struct number binary(struct evaluation *eval, int lowest)
{
    struct number left = unary(eval);
    int precedence;

    for (;;) {
        int op = operator_of(eval->token.kind, &precedence);
        struct token at = eval->token;
        bool is_dead = (op == OP_AND && !left.bits) || (op == OP_OR && left.bits);
        struct number right;

        if (!op || precedence < lowest || eval->has_failed)
            return left;
        advance(eval);
        eval->dead += is_dead;
        right = binary(eval, precedence + 1);
        eval->dead -= is_dead;
        if (!operator_binary(op, left, right, &left) && eval->dead == 0) {
            eval->token = at;
            return fail(eval, DIAG_DIVISION_BY_ZERO, "the condition divides by zero");
        }
    }
}

/* conditional = binary [ "?" conditional ":" conditional ] */
static struct number conditional(struct evaluation *eval)
{
    struct number value, left, right;

    if (++eval->depth > 2 * SESSION_MAX_DEPTH)
        fail(eval, DIAG_NESTING_DEPTH, "the condition is nested more than 64 deep");
    value = eval->has_failed ? (struct number){0, false} : binary(eval, 1);
    if (take(eval, TOKEN_QUESTION)) {
        eval->dead += !value.bits;
        left = conditional(eval);
        eval->dead -= !value.bits;
        if (!take(eval, TOKEN_COLON))
            fail(eval, DIAG_PP_BAD_EXPRESSION, "':' is missing in the condition");
        eval->dead += !!value.bits;
        right = conditional(eval);
        eval->dead -= !!value.bits;
        value = value.bits ? left : right;
    }
    eval->depth--;
    return value;
}

bool condition_value(struct preprocess *pp, const struct token *directive)
{
    struct evaluation eval = {.pp = pp, .directive = directive};
    const struct frame *outer = pp->barrier;
    struct token_row *line = directive_rest(pp);
    struct frame *frame = preprocess_push(pp);
    struct number value;

    frame->tokens = line->tokens;
    frame->count = line->count;
    frame->use = *directive;
    pp->barrier = frame;
    advance(&eval);
    value = conditional(&eval);
    if (eval.token.kind != TOKEN_END && !eval.has_failed)
        fail(&eval, DIAG_PP_BAD_EXPRESSION, "the condition goes on after its end");
    while (pp->top != frame)
        preprocess_pop(pp);
    preprocess_pop(pp);
    pp->barrier = outer;
    row_drop(pp, line);
    return value.bits != 0 && !eval.has_failed;
}
