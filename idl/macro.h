/*
 * idl/macro.h -- macros: their definitions, and what a use of one becomes.
 */
#ifndef IDL_MACRO_H
#define IDL_MACRO_H

#include <stdbool.h>

#include "idl/token.h"

struct preprocess;

struct macro {
    const char *text; /* its name */
    struct name *name;
    struct preprocess *owner;
    struct macro *shadowed;     /* of the name, of a file that imports the owner's; or NULL */
    struct macro *next_defined; /* by the same owner */
    struct location location;   /* of the name in the definition */
    const struct token *body;
    const unsigned *places; /* for each token: 1 + the parameter that it is, or 0; NULL: none is */
    size_t count;
    unsigned parameter_count;
    bool has_parameters;
    bool is_variadic; /* the last parameter takes all that is left */
    bool has_paste;   /* "##" */
    bool is_active;   /* being expanded: its name inside stays as it is */
};

/* Tokens that grow. Memory is used again, so a file of a million uses needs that of one. */
struct token_row {
    struct token_row *spare;
    struct token *tokens;
    size_t count, capacity;
    unsigned size; /* the capacity is ROW_SMALLEST << size */
};

#define ROW_SMALLEST ((size_t)16)
#define ROW_SIZES 32 /* more than there are tokens in memory */

struct token_row *row_new(struct preprocess *pp);
void row_add(struct preprocess *pp, struct token_row *row, const struct token *token);
void row_drop(struct preprocess *pp, struct token_row *row);

/** The macro that a name means in this file, or NULL. */
struct macro *macro_of(const struct preprocess *pp, const struct token *name);

/** The directives #define and #undef. */
void macro_define(struct preprocess *pp, const struct token *directive);
void macro_undefine(struct preprocess *pp, const struct token *directive);

/** The name behind #define and the like. False, and a message: there is none. */
bool macro_name(struct preprocess *pp, const struct token *directive, struct token *name);

/**
 * macro_call.c: reads the arguments, if it has parameters, and puts them into its body. NULL, and a
 * message: they do not fit.
 */
struct token_row *macro_substitute(struct preprocess *pp, const struct macro *macro,
                                   const struct token *use);

/** macro_text.c: __LINE__ and __FILE__, which are what the place of their use is. */
bool macro_is_place(const struct macro *macro);
struct token_row *macro_place(struct preprocess *pp, const struct macro *macro,
                              const struct token *use);

/** macro_text.c: "#": the tokens as a string. */
struct token macro_string(struct preprocess *pp, const struct token *tokens, size_t count);

/** macro_text.c: "##": false: the two do not make one token. */
bool macro_paste(struct preprocess *pp, struct token *left, const struct token *right);

#endif
