/*
 * plan_file.h -- which interfaces of a file can cross an apartment, and what stands in the way of
 * others.
 */
#ifndef CODEGEN_PLAN_FILE_H
#define CODEGEN_PLAN_FILE_H

#include "codegen/plan.h"
#include "codegen/view.h"

struct idl;

/* One interface of the file. */
struct carrier {
    const struct interface *interface;
    const char *obstacle;  /* NULL: it is carried; else the reason, for a comment */
    bool is_declared_only; /* the obstacle is no mistake: [local] and the like */
    struct view view;      /* of the plain interface */
    struct view twin;      /* without slots if there is no [async_uuid] */
    size_t first;          /* the first slot that is not IUnknown's */
    struct plan *plans;    /* one for each slot from `first` on */
    size_t plan_count;
};

struct file_plan {
    struct carrier *carriers;
    size_t count;
    const struct survey *survey; /* of the records in them; NULL: no memory */
};

/** One carrier for each object interface that the file itself defines. */
struct file_plan file_plan_make(struct pool *pool, const struct idl_file *file);

/** Reports, with position, each parameter that keeps an interface with [async_uuid] from being
 * carried, and warns of those of which less is carried than was meant. */
void file_plan_report(struct pool *pool, const struct file_plan *plan, struct idl *idl);

/** The symbol by which foo_i.c draws foo_p.o out of an archive; NULL: nothing is carried. */
const char *file_plan_anchor(struct pool *pool, const struct file_plan *plan);

#endif
