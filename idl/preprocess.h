/*
 * idl/preprocess.h -- directives, macros and #include: the tokens that the parser sees.
 *
 * One struct preprocess for one file with all that it includes; an import is another one, because
 * macros do not pass an import in either direction. Macros with parameters can be defined but not
 * used.
 */
#ifndef IDL_PREPROCESS_H
#define IDL_PREPROCESS_H

#include <stdbool.h>

#include "idl/lexer.h"
#include "idl/session.h"
#include "idl/token.h"

struct macro {
    const char *name;
    struct location location; /* of the name in its #define */
    const struct token *body;
    size_t count;
    bool has_parameters;
    bool is_active; /* being expanded: its name inside stays as it is */
};

/* Where tokens come from: a file, or a row of tokens. */
struct frame {
    struct frame *below;
    bool is_file;
    struct lexer lexer;  /* of a file */
    struct macro *macro; /* of a row; NULL: the operands of #if */
    const struct token *tokens;
    size_t count, next;
    struct location use; /* where the macro was used, with this use as its origin */
};

/* An #if that is not closed yet and of which a group is being read. */
struct condition {
    struct condition *outer;
    const struct frame *frame; /* the file that opened it must close it */
    struct location location;
    bool is_taken; /* one of its groups has been read */
    bool has_else;
};

struct pack_level {
    struct pack_level *outer;
    unsigned pack;
};

struct preprocess {
    struct session *session;
    struct map macros; /* struct macro; a NULL value: not defined (any more) */
    struct frame *top;
    struct frame *spare;         /* frames of finished macros */
    struct frame *base;          /* the main file's */
    const struct frame *barrier; /* the operands of #if: nobody reads past their end */
    struct condition *conditions;
    struct token passed; /* a '#' or a macro that took a comment which looks back; else empty */
    unsigned include_depth;
    unsigned pack; /* #pragma pack; 0: natural */
    struct pack_level *packs;
};

void preprocess_init(struct preprocess *pp, struct session *session,
                     const struct idl_source *source, const struct origin *origin);

/** The next token for the parser; TOKEN_END at the end of the file, as often as asked. */
struct token preprocess_next(struct preprocess *pp);

/* Between the files of the preprocessor. */

struct frame *preprocess_push(struct preprocess *pp);
void preprocess_pop(struct preprocess *pp);
void preprocess_push_file(struct preprocess *pp, const struct idl_source *source,
                          const struct origin *origin);
struct macro *preprocess_macro(const struct preprocess *pp, const struct token *name);

/** directive.c: does what stands behind the "#" that was just read from the file on top. */
void directive_run(struct preprocess *pp);

/** condition.c: the value of the expression on the rest of the line. */
bool condition_value(struct preprocess *pp, const struct token *directive);

/** condition.c: the rest of the line as tokens. */
const struct token *directive_tokens(struct preprocess *pp, size_t *count);

#endif
