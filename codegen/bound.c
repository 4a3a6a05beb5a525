/*
 * bound.c -- size_is and its kin as C that is evaluated on a frame, or beside a field.
 *
 * Every operation goes through uvcom_bound, which cannot overflow: a client must not be able to
 * make a small block out of a large product. What C itself compares or combines is LONGLONG on both
 * sides: no operand changes its sign, and no compiler warns.
 */
#include "codegen/bound.h"

#include <string.h>

#include "codegen/emit.h"
#include "codegen/out.h"
#include "codegen/types.h"
#include "idl/idl.h"
#include "idl/operator.h"
#include "idl/type.h"

/* ---- names ---- */

bool parameter_stays_pointer(const struct parameter *parameter)
{
    const struct type *type = type_resolve(parameter->type);

    return type->kind == TYPE_POINTER && parameter->is_in &&
           (type->pointer != POINTER_REF ||
            attribute_find(parameter->attributes, "uvcom_borrowed"));
}

static bool is_wide_unsigned(const struct type *type)
{
    type = type_resolve(type);
    return type->kind == TYPE_BASE &&
           (type->base == BASE_UNSIGNED_HYPER || type->base == BASE_UNSIGNED_INT3264);
}

/* What a name in an expression stands for: the type is that of what the frame or record has. */
struct place {
    const char *text; /* with prefix */
    const struct type *type;
    bool is_field;
};

static struct place place_of(struct pool *pool, const struct bound_scope *scope,
                             const struct expr *name)
{
    const struct parameter *parameter = name->parameter;
    struct place place = {.is_field = parameter == NULL};
    const struct type *target;

    place.type = parameter ? parameter->type : name->field->type;
    place.text = TEXT(pool, "${prefix}${name}", {"prefix", scope->prefix},
                      {"name", parameter ? parameter->name : name->field->name});
    target = type_element(place.type);
    if (parameter && target && !parameter_stays_pointer(parameter))
        place.type = target;
    return place;
}

/* What a pointer to a number points to; a NULL counts as 0, but is no tag. */
static const char *pointed_text(struct pool *pool, const struct bound_scope *scope,
                                const struct place *place, const char *number)
{
    const char *template = place->is_field && scope->visit
                               ? "(uvcom_visit_holds(${visit}, ${text}, sizeof *${text}) ? "
                                 "${number} : ${none})"
                               : "(${text} ? ${number} : ${none})";
    const char *none = scope->is_tag ? TEXT(pool, "uvcom_no_tag(${hr})", {"hr", scope->hr}) : "0";

    return TEXT(pool, template, {"visit", scope->visit ? scope->visit : ""}, {"text", place->text},
                {"number", number}, {"none", none});
}

/* Half of the values of 64 bits without a sign are too large for what bounds are counted in. */
static const char *wide_text(struct pool *pool, const struct bound_scope *scope, const char *text)
{
    if (scope->is_whole)
        return TEXT(pool, "(LONGLONG)${text}", {"text", text});
    return TEXT(pool, "uvcom_wide(${text}, ${hr})", {"text", text}, {"hr", scope->hr});
}

/* Stars are left out: the type says how often a name is followed. */
static const char *name_text(struct pool *pool, const struct bound_scope *scope,
                             const struct expr *name, bool is_operand)
{
    struct place place = place_of(pool, scope, name);
    const struct type *target = type_element(place.type);
    const char *text =
        TEXT(pool, "${star}${text}", {"star", target ? "*" : ""}, {"text", place.text});

    if (is_wide_unsigned(target ? target : place.type))
        text = wide_text(pool, scope, text);
    else if (is_operand || (scope->is_tag && target))
        text = TEXT(pool, "(LONGLONG)${text}", {"text", text});
    return target ? pointed_text(pool, scope, &place, text) : text;
}

/* ---- expressions ---- */

/*
 * is_operand: C compares it or combines it with another one. Elsewhere the parameter of a function
 * converts it.
 */
static const char *expr_bound(struct pool *pool, const struct bound_scope *scope,
                              const struct expr *expr, bool is_operand);

static const char *operation(struct pool *pool, const struct bound_scope *scope, const char *left,
                             char op, const char *right)
{
    char letter[2] = {op, '\0'};

    return TEXT(pool, "uvcom_bound(${left}, '${op}', ${right}, ${hr})", {"left", left},
                {"op", letter}, {"right", right}, {"hr", scope->hr});
}

static const char *binary(struct pool *pool, const struct bound_scope *scope,
                          const struct expr *expr)
{
    static const char letters[] = "+-*/%<>";
    bool is_call = expr->op >= OP_ADD && expr->op <= OP_SHIFT_RIGHT;
    bool is_mixed = !is_call && expr->op != OP_AND && expr->op != OP_OR;
    const char *left = expr_bound(pool, scope, expr->left, is_mixed);
    const char *right = expr_bound(pool, scope, expr->right, is_mixed);

    if (is_call)
        return operation(pool, scope, left, letters[expr->op - OP_ADD], right);
    return TEXT(pool, "(${left} ${op} ${right})", {"left", left}, {"op", operator_text(expr->op)},
                {"right", right});
}

static const char *unary(struct pool *pool, const struct bound_scope *scope,
                         const struct expr *expr, bool is_operand)
{
    const char *left = expr_bound(pool, scope, expr->left, is_operand || expr->op == '~');
    char sign[2] = {(char)expr->op, '\0'};

    if (expr->op == '*' || expr->op == '+')
        return left;
    if (expr->op == '-')
        return operation(pool, scope, "0", '-', left);
    return TEXT(pool, "(${op}${left})", {"op", sign}, {"left", left});
}

/* A constant may be of any integer type, and so may a number with a suffix. */
static const char *constant_text(struct pool *pool, const struct bound_scope *scope,
                                 const struct expr *expr, bool is_operand)
{
    const char *text = expr_text(pool, expr);
    bool is_plain = expr->kind == EXPR_INTEGER && !expr->is_unsigned;

    if (expr->is_constant && expr->is_unsigned && expr->value < 0)
        return wide_text(pool, scope, text);
    return is_operand && !is_plain ? TEXT(pool, "(LONGLONG)${text}", {"text", text}) : text;
}

/* To an integer; bound_obstacle refuses others. It may make the number smaller. */
static const char *cast_text(struct pool *pool, const struct bound_scope *scope,
                             const struct expr *expr)
{
    struct bound_scope inner = *scope;
    const char *text;

    inner.is_whole = false;
    text = TEXT(pool, "(${type})(${left})", {"type", type_declare_copy(pool, expr->type, "")},
                {"left", expr_bound(pool, &inner, expr->left, false)});
    if (is_wide_unsigned(expr->type))
        return wide_text(pool, scope, text);
    return TEXT(pool, "(LONGLONG)(${text})", {"text", text});
}

static const char *expr_bound(struct pool *pool, const struct bound_scope *scope,
                              const struct expr *expr, bool is_operand)
{
    switch (expr->kind) {
    case EXPR_NAME:
        return expr->parameter || expr->field ? name_text(pool, scope, expr, is_operand)
                                              : constant_text(pool, scope, expr, is_operand);
    case EXPR_INTEGER:
        return constant_text(pool, scope, expr, is_operand);
    case EXPR_UNARY:
        return unary(pool, scope, expr, is_operand);
    case EXPR_BINARY:
        return binary(pool, scope, expr);
    case EXPR_CONDITIONAL:
        return TEXT(pool, "(${left} ? ${right} : ${third})",
                    {"left", expr_bound(pool, scope, expr->left, false)},
                    {"right", expr_bound(pool, scope, expr->right, true)},
                    {"third", expr_bound(pool, scope, expr->third, true)});
    case EXPR_CAST:
        return cast_text(pool, scope, expr);
    case EXPR_SIZEOF:
        return TEXT(pool, "(LONGLONG)${text}", {"text", expr_text(pool, expr)});
    default:
        return expr_text(pool, expr);
    }
}

/* The text of each operand is in that of the whole: only the whole is kept. */
static const char *whole_bound(struct pool *pool, const struct bound_scope *scope,
                               const struct expr *expr)
{
    struct pool scratch = {.tags = pool->tags};
    const char *text;

    if (!expr->left)
        return expr_bound(pool, scope, expr, false);
    text = pool_string(pool, expr_bound(&scratch, scope, expr, false));
    pool->failed = pool->failed || scratch.failed;
    pool_fini(&scratch);
    return text;
}

const char *bound_write(struct pool *pool, const struct bound_scope *scope,
                        const struct bound *bound)
{
    const char *text = whole_bound(pool, scope, bound->expr);

    return bound->plus_one ? operation(pool, scope, text, '+', "1") : text;
}

const char *bound_write_tag(struct pool *pool, const struct bound_scope *scope,
                            const struct expr *expr)
{
    struct bound_scope own = *scope;

    while (expr->kind == EXPR_UNARY && (expr->op == '*' || expr->op == '+'))
        expr = expr->left;
    own.is_tag = true;
    own.is_whole = expr->kind == EXPR_NAME || expr->kind == EXPR_CAST;
    return whole_bound(pool, &own, expr);
}

const char *bound_write_lead(struct pool *pool, const struct bound_scope *scope, const char *visit,
                             const struct expr *expr, const char **tag)
{
    const struct type *target;
    struct place place;

    while (expr->kind == EXPR_UNARY && (expr->op == '*' || expr->op == '+'))
        expr = expr->left;
    if (expr->kind != EXPR_NAME || (!expr->parameter && !expr->field))
        return NULL;
    place = place_of(pool, scope, expr);
    target = type_element(place.type);
    if (!target)
        return NULL;
    *tag = TEXT(pool, "${cast}*${text}", {"cast", is_wide_unsigned(target) ? "(LONGLONG)" : ""},
                {"text", place.text});
    return TEXT(pool,
                place.is_field ? "uvcom_visit_leads(${visit}, ${text}, sizeof *${text})"
                               : "uvcom_visit_knows(${visit}, uvcom_require(${text}, S_OK))",
                {"visit", visit}, {"text", place.text});
}

const char *bound_write_iid(struct pool *pool, const struct bound_scope *scope,
                            const struct expr *expr)
{
    struct place place;

    while (expr->kind == EXPR_UNARY && expr->left)
        expr = expr->left;
    if (expr->kind != EXPR_NAME || (!expr->parameter && !expr->field))
        return "NULL";
    place = place_of(pool, scope, expr);
    if (!type_element(place.type))
        return TEXT(pool, "&${text}", {"text", place.text});
    return place.text;
}

bool bound_is_count(const struct bound *bound)
{
    const struct expr *expr = bound->expr;
    const struct type *type, *target;
    bool is_unsigned;

    if (!expr || bound->plus_one)
        return false;
    if (expr->kind == EXPR_UNARY && expr->op == '*')
        expr = expr->left;
    if (expr->kind == EXPR_INTEGER || (expr->kind == EXPR_NAME && expr->is_constant))
        return true;
    if (expr->kind != EXPR_NAME || (!expr->parameter && !expr->field))
        return false;
    type = expr->parameter ? expr->parameter->type : expr->field->type;
    target = type_element(type);
    type = type_resolve(target ? target : type);
    return type->kind == TYPE_BASE && type_bits(type, &is_unsigned) <= 32 && is_unsigned;
}

bool bound_reads_pointer(const struct expr *expr)
{
    if (!expr)
        return false;
    return (expr->field && type_element(expr->field->type)) || bound_reads_pointer(expr->left) ||
           bound_reads_pointer(expr->right) || bound_reads_pointer(expr->third);
}

/* ---- what cannot be evaluated ---- */

static bool is_other_cast(const struct expr *expr)
{
    const struct type *type;

    if (expr->kind != EXPR_CAST)
        return false;
    type = type_resolve(expr->type);
    return type->kind != TYPE_BASE || type->base == BASE_FLOAT || type->base == BASE_DOUBLE ||
           type->base == BASE_HANDLE;
}

static bool is_deeper(const struct expr *expr)
{
    const struct type *type, *target;

    if (expr->kind != EXPR_NAME || (!expr->parameter && !expr->field))
        return false;
    type = type_resolve(expr->parameter ? expr->parameter->type : expr->field->type);
    target = type_element(type);
    if (target && expr->parameter && !parameter_stays_pointer(expr->parameter))
        target = type_element(target);
    return type->kind == TYPE_ARRAY || (target && type_element(target));
}

const char *bound_obstacle(const struct expr *expr)
{
    const char *why;

    if (!expr)
        return NULL;
    if (is_other_cast(expr))
        return "a cast to a type that is no integer";
    if (expr->kind == EXPR_UNARY && expr->op == '&')
        return "an address";
    if (is_deeper(expr))
        return "a pointer to a pointer";
    why = bound_obstacle(expr->left);
    if (!why)
        why = bound_obstacle(expr->right);
    return why ? why : bound_obstacle(expr->third);
}
