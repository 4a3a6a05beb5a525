/*
 * diff.h -- what has changed between two versions of an IDL file, and what of it breaks programs.
 *
 * The rule is COM's: an id is a promise. The same id means the same base, the same methods in the
 * same order, the same types and directions, the same async_uuid; anything else is breaking. What
 * is new breaks nothing.
 *
 * diff.c pairs what is in both, diff_interface.c compares interfaces and methods, diff_type.c types
 * and what is said about them.
 */
#ifndef CODEGEN_DIFF_H
#define CODEGEN_DIFF_H

#include "codegen/numbering.h"
#include "codegen/out.h"
#include "codegen/place.h"
#include "idl/ast.h"

/* Two record bodies that are, or are being, compared: circles end at the second meeting. */
struct diff_pair {
    const void *with;
    bool is_same;
};

struct diff {
    struct pool *pool;
    struct out *out;         /* the report */
    const char *old_strip;   /* what the old paths begin with and the report leaves out; NULL */
    struct place place;      /* of the last line */
    size_t breaking, others; /* lines of the report */
    struct numbering records;
    struct diff_pair *pairs; /* by number of the old record */
    size_t pair_count;
    /* whose names an expression may have: a method's, or a struct's */
    const struct parameter *old_parameters, *new_parameters;
    const struct field *old_fields, *new_fields;
};

/** Compares two trees and writes the report; diff->breaking counts. */
void diff_files(struct diff *diff, const struct idl_file *old, const struct idl_file *new);

/* ---- the report: "file:line:column: breaking: text" ---- */

enum diff_level { DIFF_BREAKING, DIFF_ADVICE, DIFF_NOTE, DIFF_ADDED };

void diff_report(struct diff *diff, enum diff_level level, const struct location *location,
                 const char *text);

/* The same with a template: DIFF(diff, DIFF_NOTE, &location, "${name} is new", {"name", name}). */
#define DIFF(diff, level, location, template, ...)                                                 \
    diff_report(diff, level, location, TEXT((diff)->pool, template, __VA_ARGS__))

/* ---- interfaces ---- */

/** Of one id, or of one name where there is no id. */
void diff_interfaces(struct diff *diff, const struct interface *old, const struct interface *new);

/* ---- types ---- */

/** The same for machines: sizes, signs, levels of pointers, constness. Names of typedefs do not
 * count. */
bool diff_same_type(struct diff *diff, const struct type *old, const struct type *new);

/** Whether the pointers of two types that are the same may be NULL alike. */
bool diff_same_pointers(const struct type *old, const struct type *new);

/** The same value, or the same names and operators. */
bool diff_same_expr(struct diff *diff, const struct expr *old, const struct expr *new);

/** The first attribute that proxies or scripts depend on and that is not the same in both lists;
 * NULL: there is none. */
const char *diff_attribute(struct diff *diff, const struct attribute *old,
                           const struct attribute *new);

/** Reports what is not the same in two structs, unions or enums of one name. */
void diff_records(struct diff *diff, const char *name, const struct record *old,
                  const struct record *new);

#endif
