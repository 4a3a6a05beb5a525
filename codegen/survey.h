/*
 * survey.h -- what was found out about each record of a compilation, once.
 *
 * Whether a record owns something depends on the records in it, whether it can be carried also on
 * those that it points to, and these may point back. So facts are kept at each record and handed to
 * those that use it until nothing changes: no recursion, and no record is looked into twice.
 */
#ifndef CODEGEN_SURVEY_H
#define CODEGEN_SURVEY_H

#include "codegen/variable.h"

/* A record that has this one inside, or points to it. */
struct use {
    const struct use *next;
    struct facts *user;
    bool is_inside;
};

struct facts {
    struct facts *next; /* in the order in which they were met */
    const struct record *record;
    const struct type *type; /* how C names it: its typedef, or its tag */
    const char *name;        /* the same in a message and in the names made of it; NULL: none */
    const char *obstacle;
    struct content content;
    bool is_conformant;         /* it ends with T data[] */
    struct variable *variables; /* one for each field; the tag of a union switch is first */
    size_t variable_count;
    const struct use *users;
    struct facts *waiting; /* its users have not heard of its last change */
    bool is_waiting;

    /* Of emit_visit.c. */
    const char *visitor, *size; /* names of functions; NULL: not yet */
    bool is_ordered, is_declared, is_out;
    size_t looked;       /* how many of the variables have been followed */
    struct facts *outer; /* who follows this one */
    struct facts *later; /* written after this one */
};

struct survey {
    struct pool *pool;
    struct map_slot *slots; /* of records and typedefs */
    size_t capacity, count;
    struct facts *first, **end; /* all facts, */
    struct facts *unseen;       /* and the first whose fields have not been looked at */
    struct facts *waiting, *last_waiting;
};

/** The facts of a record, made if there are none yet; NULL: no memory. */
struct facts *survey_record(struct survey *survey, const struct type *type);

/** Looks at everything that has been met, until all facts are final. */
void survey_finish(struct survey *survey);

/* variable.c: a field, as far as it can be told without the records in it. */
struct variable variable_of_field(struct survey *survey, const struct field *field);

/** Whether one of its bounds, its tag or its iid is another field. */
bool variable_names_field(const struct variable *variable);

/** T data[]: an array whose length is no constant. */
bool variable_is_open(const struct variable *variable);

#endif
