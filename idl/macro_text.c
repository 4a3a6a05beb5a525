/*
 * idl/macro_text.c -- see macro.h; tokens back into text: "#" and "##".
 */
#include <string.h>

#include "idl/preprocess.h"
#include "idl/text.h"

static void add_escaped(struct text *text, const struct token *token)
{
    bool is_quoted = token->kind == TOKEN_STRING || token->kind == TOKEN_CHARACTER;

    for (size_t i = 0; i < token->length; i++) {
        char c = token->text[i];

        if (is_quoted && (c == '"' || c == '\\'))
            text_char(text, '\\');
        text_char(text, c);
    }
}

struct token macro_string(struct preprocess *pp, const struct token *tokens, size_t count)
{
    struct token token = {.kind = TOKEN_STRING};
    struct text text;

    text_init(&text, pp->session->arena);
    text_char(&text, '"');
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && tokens[i].has_space)
            text_char(&text, ' ');
        add_escaped(&text, &tokens[i]);
    }
    text_char(&text, '"');
    token.text = text_end(&text);
    token.length = text.length;
    return token;
}

bool macro_paste(struct preprocess *pp, struct token *left, const struct token *right)
{
    struct session *session = pp->session;
    size_t length = left->length + right->length;
    char *text = arena_alloc(session->arena, length + 1);
    struct idl_source source = {.path = "", .name = "", .text = text, .length = length};
    struct lexer lexer;
    struct token token;

    memcpy(text, left->text, left->length);
    memcpy(text + left->length, right->text, right->length);
    lexer_init(&lexer, &source, &session->diag, &session->names);
    lexer.is_quiet = true;
    token = lexer_next(&lexer);
    if (token.kind == TOKEN_END || token.length != length)
        return false;
    token.location = left->location;
    token.has_space = left->has_space;
    token.doc_begin = token.doc_end = token.trail_begin = token.trail_end = 0;
    *left = token;
    return true;
}

bool macro_is_place(const struct macro *macro)
{
    return strcmp(macro->text, "__LINE__") == 0 || strcmp(macro->text, "__FILE__") == 0;
}

struct token_row *macro_place(struct preprocess *pp, const struct macro *macro,
                              const struct token *use)
{
    bool is_line = strcmp(macro->text, "__LINE__") == 0;
    struct token token = {.kind = is_line ? TOKEN_NUMBER : TOKEN_STRING, .location = use->location};
    struct token_row *row = row_new(pp);
    struct text text;
    const char *path;
    size_t line = origin_line(&use->location, &path);

    text_init(&text, pp->session->arena);
    if (is_line) {
        text_format(&text, "%zu", line);
    } else {
        text_char(&text, '"');
        for (; *path; path++) {
            if (*path == '"' || *path == '\\')
                text_char(&text, '\\');
            text_char(&text, *path);
        }
        text_char(&text, '"');
    }
    token.text = text_end(&text);
    token.length = text.length;
    row_add(pp, row, &token);
    return row;
}
