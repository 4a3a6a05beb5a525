/*
 * idl/lexer.h -- text -> tokens, one at a time; keeps comments for the file and the next
 * declaration.
 *
 * It knows nothing of macros and directives; it only marks the first token of each line.
 */
#ifndef IDL_LEXER_H
#define IDL_LEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "idl/diag.h"
#include "idl/map.h"
#include "idl/source.h"
#include "idl/token.h"

#define LEXER_MAX_NAME 2047 /* characters; as Microsoft's C */

struct lexer {
    const struct idl_source *source;
    const struct origin *origin; /* of the whole text: set after lexer_init; NULL: the main file */
    struct diag *diag;
    struct map *names; /* struct name; see lexer_add_keywords */
    uint32_t at;
    uint32_t last_end; /* of the last token */
    bool is_quiet;     /* text between #if 0 and #endif need not be well formed */
    bool line_start;   /* nothing but blanks and comments since the last newline */
    bool had_token;
    uint32_t head_begin, head_end;   /* the first comment, if no token was before it */
    uint32_t doc_begin, doc_end;     /* the last doc comment since the last token */
    uint32_t trail_begin, trail_end; /* the same of those with a '<', which look back */
};

void lexer_init(struct lexer *lexer, const struct idl_source *source, struct diag *diag,
                struct map *names);

/** Puts the keywords into the table of names. Once for each table. */
void lexer_add_keywords(struct map *names);

/** A token for a word that is not in the text. */
struct token lexer_name(struct lexer *lexer, const char *text, size_t length);

/** The next token; TOKEN_END at the end, as often as asked. */
struct token lexer_next(struct lexer *lexer);

/** Skips blanks and comments; whether the line, or the text, ends here. */
bool lexer_line_ends(struct lexer *lexer);

/** Whether the next token, maybe on another line, is a left parenthesis. */
bool lexer_at_paren(const struct lexer *lexer);

/**
 * Reads the name in <> or "" of an #include, as it is written; the token has no <> or "" around it.
 * False: the line has no such thing here.
 */
bool lexer_file_name(struct lexer *lexer, struct token *token);

/** Skips to the end of the line, comments or not. The text skipped is from *begin to lexer->at. */
void lexer_skip_line(struct lexer *lexer, uint32_t *begin);

#endif
