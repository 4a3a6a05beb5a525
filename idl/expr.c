/*
 * idl/expr.c -- see expr.h.
 *
 * Recursion here is bounded: the parser makes no tree deeper than EXPR_MAX_DEPTH.
 */
#include "idl/expr.h"

#include <string.h>

#include "idl/idl.h"
#include "idl/operator.h"
#include "idl/symbol.h"
#include "idl/text.h"
#include "idl/type.h"

struct expr *expr_new(struct arena *arena, enum expr_kind kind, const struct location *location)
{
    struct expr *expr = ARENA_NEW(arena, struct expr);

    expr->kind = kind;
    expr->location = *location;
    return expr;
}

/* Arithmetic is done in 64 bits; a result of 32 wraps as C's does. */
static void set_value(struct expr *expr, struct number number, bool is_wide)
{
    if (!is_wide) {
        number.bits &= UINT32_MAX;
        if (!number.is_unsigned && number.bits >> 31 != 0)
            number.bits |= ~(uint64_t)UINT32_MAX;
    }
    expr->is_constant = true;
    expr->is_wide = is_wide;
    expr->is_unsigned = number.is_unsigned;
    memcpy(&expr->value, &number.bits, sizeof expr->value);
}

static struct number value_of(const struct expr *expr)
{
    return (struct number){(uint64_t)expr->value, expr->is_unsigned};
}

static bool is_constant(const struct expr *expr)
{
    return expr && expr->is_constant;
}

/* An integer type cuts the value, and gives it the sign, that it has. */
static void set_typed(struct expr *expr, struct number number, const struct type *type)
{
    bool is_unsigned;
    unsigned bits = type_bits(type, &is_unsigned);

    if (bits == 0)
        return;
    if (bits < 64) {
        uint64_t mask = (UINT64_C(1) << bits) - 1;

        number.bits &= mask;
        if (!is_unsigned && number.bits >> (bits - 1) != 0)
            number.bits |= ~mask;
    }
    number.is_unsigned = is_unsigned && bits >= 32; /* shorter ones become an int */
    set_value(expr, number, bits == 64);
}

/*
 * What && || and the comparisons give is an int; a shift has the type of what it shifts, unless
 * that would shift everything out: then 64 bits were meant.
 */
static bool is_wide_result(const struct expr *expr)
{
    switch (expr->op) {
    case OP_SHIFT_LEFT:
    case OP_SHIFT_RIGHT:
        return expr->left->is_wide || expr->right->value >= 32;
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL:
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_AND:
    case OP_OR:
        return false;
    default:
        return expr->left->is_wide || expr->right->is_wide;
    }
}

/* An operand beside one of 64 bits: 32 unsigned ones fit into that with a sign. */
static struct number operand(const struct expr *expr, const struct expr *other)
{
    struct number number = value_of(expr);

    if (other->is_wide && !expr->is_wide)
        number.is_unsigned = false;
    return number;
}

static void fold_binary(struct session *session, struct expr *expr)
{
    struct number result;

    if (!is_constant(expr->right) || !is_constant(expr->left)) {
        /* What && and || do not reach need not have a value. */
        if (is_constant(expr->left) && ((expr->op == OP_AND && !expr->left->value) ||
                                        (expr->op == OP_OR && expr->left->value)))
            set_value(expr, (struct number){expr->op == OP_OR, false}, false);
        return;
    }
    if (operator_binary(expr->op, operand(expr->left, expr->right),
                        operand(expr->right, expr->left), &result))
        set_value(expr, result, is_wide_result(expr));
    else
        diag_error(&session->diag, &expr->location, DIAG_DIVISION_BY_ZERO,
                   "the expression divides by zero");
}

static unsigned deeper(unsigned depth, const struct expr *expr)
{
    return expr && expr->depth + 1 > depth ? expr->depth + 1 : depth;
}

void expr_fold(struct session *session, struct expr *expr)
{
    expr->depth = deeper(deeper(deeper(0, expr->left), expr->right), expr->third);
    switch (expr->kind) {
    case EXPR_UNARY:
        if (is_constant(expr->left) && expr->op != '*' && expr->op != '&')
            set_value(expr, operator_unary(expr->op, value_of(expr->left)),
                      expr->left->is_wide && expr->op != '!');
        break;
    case EXPR_BINARY:
        fold_binary(session, expr);
        break;
    case EXPR_CONDITIONAL:
        if (is_constant(expr->left)) {
            const struct expr *chosen = expr->left->value ? expr->right : expr->third;

            if (is_constant(chosen))
                set_value(expr, value_of(chosen), chosen->is_wide);
        }
        break;
    case EXPR_CAST:
        if (is_constant(expr->left))
            set_typed(expr, value_of(expr->left), expr->type);
        break;
    case EXPR_SIZEOF:
        if (type_size(expr->type) != 0)
            set_value(expr, (struct number){type_size(expr->type), true}, true);
        break;
    default:
        break;
    }
}

/* The constants that the language has without a declaration; C has them too. */
static bool bind_word(struct expr *name)
{
    bool is_true = strcmp(name->text, "TRUE") == 0;

    if (!is_true && strcmp(name->text, "FALSE") != 0 && strcmp(name->text, "NULL") != 0)
        return false;
    set_value(name, (struct number){is_true, false}, false);
    return true;
}

/* In its own enum an enumerator of a namespace is called by its last part. */
static const struct symbol *find_constant(struct session *session, const char *name)
{
    const struct symbol *symbol = NULL;
    struct text whole;

    if (session->open_enum) {
        text_init(&whole, session->arena);
        text_format(&whole, "%s.%s", session->open_enum, name);
        symbol = symbol_find(session, text_end(&whole));
    }
    return symbol ? symbol : symbol_find(session, name);
}

bool expr_bind_constant(struct session *session, struct expr *name)
{
    const struct symbol *symbol = find_constant(session, name->text);

    if (symbol && symbol->kind == SYMBOL_ENUMERATOR) {
        name->enumerator = symbol->enumerator;
        set_value(name,
                  (struct number){(uint64_t)symbol->enumerator->number,
                                  symbol->enumerator->number > INT32_MAX},
                  false);
        return true;
    }
    if (symbol && symbol->kind == SYMBOL_CONST) {
        const struct expr *value = symbol->declaration->value;

        name->constant = symbol->declaration;
        if (is_constant(value))
            set_typed(name, value_of(value), symbol->declaration->type);
        return true;
    }
    return !symbol && bind_word(name);
}

static void bind_name(struct session *session, struct expr *name, const struct scope *scope)
{
    void (*report)(struct diag *, const struct location *, enum diag_kind, const char *, ...);
    const char *hint = NULL;

    if (scope->parameters)
        name->parameter = map_get(scope->parameters, name->text);
    if (scope->fields && !name->parameter)
        name->field = map_get(scope->fields, name->text);
    if (name->parameter || name->field || expr_bind_constant(session, name))
        return;
    if (session->hints++ < SESSION_MAX_HINTS)
        hint = hint_of_map(scope->parameters ? scope->parameters : scope->fields, name->text);
    report = scope->parameters || scope->fields ? diag_flaw : diag_error;
    report(&session->diag, &name->location, DIAG_UNKNOWN_NAME, "there is no %s '%s'%s%s%s",
           scope->parameters ? "parameter or constant"
           : scope->fields   ? "field or constant"
                             : "constant",
           name->text, hint ? "; did you mean '" : "", hint ? hint : "", hint ? "'?" : "");
}

void expr_bind(struct session *session, const struct expr *expr, const struct scope *scope)
{
    /* Every node was made by us, and is handed out as constant only when all of this is over. */
    struct expr *own = (struct expr *)(uintptr_t)expr;
    bool is_done;

    if (!expr)
        return;
    if (expr->kind == EXPR_NAME) {
        bind_name(session, own, scope);
        return;
    }
    /* Folded when it was made: a division by zero has had its message. */
    is_done = is_constant(expr->left) && (!expr->right || is_constant(expr->right));
    expr_bind(session, expr->left, scope);
    expr_bind(session, expr->right, scope);
    expr_bind(session, expr->third, scope);
    if (!expr->is_constant && !is_done)
        expr_fold(session, own);
}

bool expr_is_for_c(const struct expr *expr)
{
    if (!expr || expr->is_constant)
        return false;
    return expr->kind == EXPR_SIZEOF || expr_is_for_c(expr->left) || expr_is_for_c(expr->right);
}

const struct type *expr_type(const struct expr *expr)
{
    const struct type *type;

    switch (expr->kind) {
    case EXPR_NAME:
        if (expr->parameter)
            return expr->parameter->type;
        if (expr->field)
            return expr->field->type;
        return expr->constant ? expr->constant->type : NULL;
    case EXPR_UNARY:
        type = expr->op == '*' ? type_resolve(expr_type(expr->left)) : NULL;
        return type && type->kind == TYPE_POINTER ? type->target : NULL;
    case EXPR_CAST:
        return expr->type;
    default:
        return NULL;
    }
}

/* Nobody knows it, which has been told. */
static bool is_unknown(const struct expr *expr)
{
    return expr->kind == EXPR_NAME && !expr->enumerator && !expr->constant && !expr->parameter &&
           !expr->field;
}

bool expr_is_integer(const struct expr *expr)
{
    const struct type *type;

    switch (expr->kind) {
    case EXPR_INTEGER:
    case EXPR_CHARACTER:
    case EXPR_SIZEOF:
        return true;
    case EXPR_FLOAT:
    case EXPR_STRING:
        return false;
    case EXPR_UNARY:
        if (expr->op != '*' && expr->op != '&')
            return expr_is_integer(expr->left);
        if (is_unknown(expr->left))
            return true;
        break;
    case EXPR_BINARY:
        return expr_is_integer(expr->left) && expr_is_integer(expr->right);
    case EXPR_CONDITIONAL:
        return expr_is_integer(expr->right) && expr_is_integer(expr->third);
    case EXPR_NAME:
        if (expr->enumerator || is_unknown(expr))
            return true;
        break;
    default:
        break;
    }
    type = expr_type(expr);
    return type && type_is_integer(type);
}

bool expr_fits(const struct expr *expr, unsigned bits)
{
    int64_t most;

    if (bits >= 64)
        return true;
    if (expr->is_unsigned && expr->value < 0)
        return false;
    most = (int64_t)((UINT64_C(1) << bits) - 1);
    return expr->value <= most && expr->value >= -(most / 2) - 1;
}
