/*
 * idl/preprocess.h -- directives, macros and #include: the tokens that the parser sees.
 *
 * One struct preprocess for one file with all that it includes; an import is another one, because
 * macros do not pass an import in either direction.
 */
#ifndef IDL_PREPROCESS_H
#define IDL_PREPROCESS_H

#include <stdbool.h>

#include "idl/lexer.h"
#include "idl/macro.h"
#include "idl/session.h"
#include "idl/token.h"

/* Where tokens come from: a file, or a row of tokens. */
struct frame {
    struct frame *below;
    bool is_file;
    bool was_quiet;        /* of a file: what messages were before it */
    struct lexer lexer;    /* of a file */
    struct macro *macro;   /* of a row; NULL: the operands of #if, or an argument */
    struct token_row *row; /* what the macro made; NULL: the tokens are others' */
    const struct token *tokens;
    size_t count, next;
    struct token use; /* the name of the macro, where it was used, with this use as its origin */
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
    const char *name; /* of the push, or NULL */
};

/* widl's #pragma winrt: how names in namespaces begin. */
enum pragma_winrt {
    PRAGMA_WINRT_NONE,  /* not seen, so MIDL's names: as the command line says */
    PRAGMA_WINRT_PLAIN, /* winrt: widl's, without ABI */
    PRAGMA_WINRT_PREFIX /* winrt ns_prefix: widl's, with ABI */
};

struct preprocess {
    struct session *session;
    struct macro *defined; /* by this file, the newest first */
    struct frame *top;
    struct frame *file;          /* the topmost that is one */
    struct frame *spare;         /* frames of finished macros */
    struct token_row *spare_row; /* and what they stood on */
    struct row_buffer *spare_buffers[ROW_SIZES];
    struct frame *base;          /* the main file's */
    const struct frame *barrier; /* the operands of #if, an argument: nobody reads past their end */
    const struct frame *caller;  /* the file in which arguments are read: they end in it */
    struct condition *conditions;
    struct token passed; /* a '#' or a macro that took a comment which looks back; else empty */
    unsigned include_depth;
    unsigned call_depth; /* arguments that are being expanded, in each other */
    unsigned pack;       /* #pragma pack; 0: natural */
    unsigned pack_depth; /* of packs */
    struct pack_level *packs;
    struct map once; /* of files that are not to be included again, by their identity */
    enum pragma_winrt winrt;
};

void preprocess_init(struct preprocess *pp, struct session *session,
                     const struct idl_source *source, const struct origin *origin);

/** After the last token: the macros of other files are as they were. */
void preprocess_finish(struct preprocess *pp);

/** The next token for the parser; TOKEN_END at the end of the file, as often as asked. */
struct token preprocess_next(struct preprocess *pp);

/* Between the files of the preprocessor. */

/** The next token before macros; directives are done on the way. */
struct token preprocess_raw(struct preprocess *pp);

/** Whether a left parenthesis comes next. It is not looked for behind the end of a file. */
bool preprocess_at_paren(const struct preprocess *pp);

struct frame *preprocess_push(struct preprocess *pp);
void preprocess_pop(struct preprocess *pp);
void preprocess_push_file(struct preprocess *pp, const struct idl_source *source,
                          const struct origin *origin);

/** What all tokens of this row come to, put behind those of `out`. */
void preprocess_row(struct preprocess *pp, const struct token *tokens, size_t count,
                    const struct token *use, struct token_row *out);

/** directive.c: does what stands behind the "#" that was just read from the file on top. */
void directive_run(struct preprocess *pp);

/** directive.c: the next token of the directive's line; false at its end. */
bool directive_next(struct preprocess *pp, struct token *token);

/** directive.c: the rest of the line. */
struct token_row *directive_rest(struct preprocess *pp);

/** pragma.c: does what stands behind "#pragma". */
void pragma_run(struct preprocess *pp, const struct token *directive);

/** pragma.c: whether this file, by whatever path, has said #pragma once. */
bool pragma_was_once(const struct preprocess *pp, const struct idl_source *source);

/** condition.c: the value of the expression on the rest of the line. */
bool condition_value(struct preprocess *pp, const struct token *directive);

#endif
