/*
 * bound.h -- the expressions of size_is and its kin, of switch_is and of iid_is, as C.
 *
 * The same writer serves a method's frame, where the names are parameters, and a visitor of a
 * record, where they are the fields beside it.
 */
#ifndef CODEGEN_BOUND_H
#define CODEGEN_BOUND_H

#include "codegen/pool.h"
#include "idl/ast.h"

/* size_is, length_is, first_is; or max_is and last_is. */
struct bound {
    const struct expr *expr; /* NULL: not given */
    bool plus_one;           /* max_is, last_is: an index, not a count */
};

/* Where an expression is evaluated. */
struct bound_scope {
    const char *prefix; /* before the name of a parameter or field: "frame->", "value->" */
    const char *hr;     /* address of the HRESULT that takes what is wrong: "&hr", "&visit->hr" */
    const char *visit;  /* inside a visitor "visit": what a pointer field points to is read only if
                           it is there; elsewhere NULL */
    bool is_tag;        /* bound_write_tag's: a NULL does not count as 0, */
    bool is_whole;      /* and the number is the tag, not an operand */
};

/*
 * How a parameter stands in the frame, which is what a name in an expression means there: one that
 * points to a single value is that value; only an [in, unique] or [in, ptr] pointer to one, which
 * may be NULL, stays a pointer (and counts as 0 when it is).
 */
bool parameter_stays_pointer(const struct parameter *parameter);

/**
 * A bound as C, of type LONGLONG or narrower: "frame->n", "uvcom_bound(value->n, '*', 2, &hr)". To
 * be put into uvcom_size or uvcom_length.
 */
const char *bound_write(struct pool *pool, const struct bound_scope *scope,
                        const struct bound *bound);

/** The same for switch_is: a tag may be any number of 64 bits, as a LONGLONG like the labels; and a
 * pointer that leads nowhere gives none, which goes to scope->hr. */
const char *bound_write_tag(struct pool *pool, const struct bound_scope *scope,
                            const struct expr *expr);

/** What must be true before a tag is read that is nothing but a pointer followed:
 * "uvcom_visit_leads(visit, value->kind, sizeof *value->kind)"; NULL if it is more, or no pointer.
 * It is written with tag then: "*value->kind". */
const char *bound_write_lead(struct pool *pool, const struct bound_scope *scope, const char *visit,
                             const struct expr *expr, const char **tag);

/** The expression of an iid_is as a REFIID: "&frame->riid", "value->pIID". */
const char *bound_write_iid(struct pool *pool, const struct bound_scope *scope,
                            const struct expr *expr);

/** True if it needs no uvcom_size: a constant, or an unsigned number of at most 32 bits. */
bool bound_is_count(const struct bound *bound);

/** True if a field that it names is a pointer, which is followed. */
bool bound_reads_pointer(const struct expr *expr);

/** What stands in the way of evaluating an expression ("a cast to a type that is no integer");
 * NULL: nothing. */
const char *bound_obstacle(const struct expr *expr);

#endif
