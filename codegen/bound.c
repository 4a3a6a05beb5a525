/*
 * bound.c -- size_is and its kin as C that is evaluated on a frame.
 *
 * Every operation goes through uvcom_bound, which cannot overflow: a client must not be able to
 * make a small block out of a large product.
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
                             const struct parameter *parameter)
{
    const struct carried *carried = carried_of(method->plan, parameter);
    bool is_wide = carried && carried->element && is_wide_unsigned(carried->element);
    bool is_pointer = carried && carried->carry == CARRY_POINTED && carried->is_optional;
    const char *template = is_pointer ? "(${frame}->${name} ? ${cast}*${frame}->${name} : 0)"
                                      : "${cast}${frame}->${name}";

    return TEXT(pool, template, {"frame", method->frame}, {"name", parameter->name},
                {"cast", is_wide ? "(LONGLONG)" : ""});
}

static const char *expr_bound(struct pool *pool, const struct carried_method *method,
                              const struct expr *expr);

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
    const char *left = expr_bound(pool, method, expr->left);
    const char *right = expr_bound(pool, method, expr->right);

    if (expr->op >= OP_ADD && expr->op <= OP_SHIFT_RIGHT)
        return operation(pool, method, left, letters[expr->op - OP_ADD], right);
    return TEXT(pool, "(${left} ${op} ${right})", {"left", left}, {"op", operator_text(expr->op)},
                {"right", right});
}

static const char *unary(struct pool *pool, const struct carried_method *method,
                         const struct expr *expr)
{
    const char *left = expr_bound(pool, method, expr->left);
    char sign[2] = {(char)expr->op, '\0'};

    if (expr->op == '*' || expr->op == '+')
        return left;
    if (expr->op == '-')
        return operation(pool, method, "0", '-', left);
    return TEXT(pool, "(${op}${left})", {"op", sign}, {"left", left});
}

static const char *expr_bound(struct pool *pool, const struct carried_method *method,
                              const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_NAME:
        return expr->parameter ? name_text(pool, method, expr->parameter) : expr->text;
    case EXPR_UNARY:
        return unary(pool, method, expr);
    case EXPR_BINARY:
        return binary(pool, method, expr);
    case EXPR_CONDITIONAL:
        return TEXT(pool, "(${left} ? ${right} : ${third})",
                    {"left", expr_bound(pool, method, expr->left)},
                    {"right", expr_bound(pool, method, expr->right)},
                    {"third", expr_bound(pool, method, expr->third)});
    case EXPR_CAST:
        return expr_bound(pool, method, expr->left);
    case EXPR_SIZEOF:
        return TEXT(pool, "(LONGLONG)${text}", {"text", expr_text(pool, expr)});
    default:
        return expr_text(pool, expr);
    }
}

const char *bound_text(struct pool *pool, const struct carried_method *method,
                       const struct bound *bound)
{
    const char *text = expr_bound(pool, method, bound->expr);

    return bound->plus_one ? operation(pool, method, text, '+', "1") : text;
}
