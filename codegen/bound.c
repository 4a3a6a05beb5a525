/*
 * bound.c -- size_is and its kin as C that is evaluated on a frame.
 *
 * Every operation goes through uvcom_bound, which cannot overflow: a client must not be able to
 * make a small block out of a large product. What C itself compares or combines is LONGLONG on both
 * sides: no operand changes its sign, and no compiler warns.
 */
#include <string.h>

#include "codegen/emit.h"
#include "idl/operator.h"

static const struct carried *carried_of(const struct plan *plan, const struct parameter *parameter)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->parameters[i].parameter == parameter)
            return &plan->parameters[i];
    return NULL;
}

static bool is_wide_unsigned(const struct type *type)
{
    type = type_resolve(type);
    return type->kind == TYPE_BASE &&
           (type->base == BASE_UNSIGNED_HYPER || type->base == BASE_UNSIGNED_INT3264);
}

/* A parameter by value, or what a pointer to a number points to: both are in the frame. */
static const char *name_text(struct pool *pool, const struct carried_method *method,
                             const struct parameter *parameter, bool is_operand)
{
    const struct carried *carried = carried_of(method->plan, parameter);
    bool is_wide = carried && carried->element && is_wide_unsigned(carried->element);
    bool is_pointer = carried && carried->carry == CARRY_POINTED && carried->is_optional;
    const char *template = is_pointer ? "(${frame}->${name} ? ${cast}*${frame}->${name} : 0)"
                                      : "${cast}${frame}->${name}";

    return TEXT(pool, template, {"frame", method->frame}, {"name", parameter->name},
                {"cast", is_wide || is_operand ? "(LONGLONG)" : ""});
}

/*
 * is_operand: C compares it or combines it with another one. Elsewhere the parameter of a function
 * converts it.
 */
static const char *expr_bound(struct pool *pool, const struct carried_method *method,
                              const struct expr *expr, bool is_operand);

static const char *operation(struct pool *pool, const struct carried_method *method,
                             const char *left, char op, const char *right)
{
    char letter[2] = {op, '\0'};

    return TEXT(pool, "uvcom_bound(${left}, '${op}', ${right}, &${hr})", {"left", left},
                {"op", letter}, {"right", right}, {"hr", method->hr});
}

static const char *binary(struct pool *pool, const struct carried_method *method,
                          const struct expr *expr)
{
    static const char letters[] = "+-*/%<>";
    bool is_call = expr->op >= OP_ADD && expr->op <= OP_SHIFT_RIGHT;
    bool is_mixed = !is_call && expr->op != OP_AND && expr->op != OP_OR;
    const char *left = expr_bound(pool, method, expr->left, is_mixed);
    const char *right = expr_bound(pool, method, expr->right, is_mixed);

    if (is_call)
        return operation(pool, method, left, letters[expr->op - OP_ADD], right);
    return TEXT(pool, "(${left} ${op} ${right})", {"left", left}, {"op", operator_text(expr->op)},
                {"right", right});
}

static const char *unary(struct pool *pool, const struct carried_method *method,
                         const struct expr *expr, bool is_operand)
{
    const char *left = expr_bound(pool, method, expr->left, is_operand || expr->op == '~');
    char sign[2] = {(char)expr->op, '\0'};

    if (expr->op == '*' || expr->op == '+')
        return left;
    if (expr->op == '-')
        return operation(pool, method, "0", '-', left);
    return TEXT(pool, "(${op}${left})", {"op", sign}, {"left", left});
}

/* A constant may be of any integer type, and so may a number with a suffix. */
static const char *constant_text(struct pool *pool, const struct expr *expr, bool is_operand)
{
    const char *text = expr_text(pool, expr);
    bool is_plain = expr->kind == EXPR_INTEGER && !expr->is_unsigned;

    return is_operand && !is_plain ? TEXT(pool, "(LONGLONG)${text}", {"text", text}) : text;
}

static const char *expr_bound(struct pool *pool, const struct carried_method *method,
                              const struct expr *expr, bool is_operand)
{
    switch (expr->kind) {
    case EXPR_NAME:
        return expr->parameter ? name_text(pool, method, expr->parameter, is_operand)
                               : constant_text(pool, expr, is_operand);
    case EXPR_INTEGER:
        return constant_text(pool, expr, is_operand);
    case EXPR_UNARY:
        return unary(pool, method, expr, is_operand);
    case EXPR_BINARY:
        return binary(pool, method, expr);
    case EXPR_CONDITIONAL:
        return TEXT(pool, "(${left} ? ${right} : ${third})",
                    {"left", expr_bound(pool, method, expr->left, false)},
                    {"right", expr_bound(pool, method, expr->right, true)},
                    {"third", expr_bound(pool, method, expr->third, true)});
    case EXPR_CAST: /* to an integer; plan.c refuses others. It may make the value smaller. */
        return TEXT(pool, "(LONGLONG)((${type})(${left}))",
                    {"type", type_declare_copy(pool, expr->type, "")},
                    {"left", expr_bound(pool, method, expr->left, false)});
    case EXPR_SIZEOF:
        return TEXT(pool, "(LONGLONG)${text}", {"text", expr_text(pool, expr)});
    default:
        return expr_text(pool, expr);
    }
}

const char *bound_text(struct pool *pool, const struct carried_method *method,
                       const struct bound *bound)
{
    const char *text = expr_bound(pool, method, bound->expr, false);

    return bound->plus_one ? operation(pool, method, text, '+', "1") : text;
}
