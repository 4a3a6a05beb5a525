/*
 * idl/parser.c -- see parser.h; tokens, messages and recovery.
 */
#include "idl/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/doc.h"
#include "idl/operator.h"
#include "idl/text.h"

void parser_advance(struct parser *parser)
{
    const struct token *token = &parser->token;

    parser->token = preprocess_next(parser->pp);
    if (token->trail_begin != token->trail_end)
        parser->trailing =
            doc_text(parser->arena, token->location.source, token->trail_begin, token->trail_end);
}

void parser_take_trailing(struct parser *parser, const char **doc)
{
    if (doc && !*doc)
        *doc = parser->trailing;
    parser->trailing = NULL;
}

bool parser_is(const struct parser *parser, enum token_kind kind)
{
    return parser->token.kind == kind;
}

bool parser_is_word(const struct parser *parser, const char *word)
{
    return token_is_name(&parser->token) && strcmp(parser->token.text, word) == 0;
}

bool parser_take(struct parser *parser, enum token_kind kind)
{
    if (parser->is_panicking || parser->token.kind != kind)
        return false;
    parser_advance(parser);
    return true;
}

/* The condition of every loop over a list: nothing has gone wrong, and its end is not here. */
bool parser_goes_on(const struct parser *parser, enum token_kind end)
{
    return !parser->is_panicking && parser->token.kind != end && parser->token.kind != TOKEN_END;
}

/* What is missing just behind a token that could not be read is no second mistake. */
static bool follows_bad_token(const struct parser *parser, const struct location *location)
{
    const struct location *bad = &parser->diag->bad_token;

    return bad->source && bad->source == location->source && bad->offset <= location->offset &&
           source_line(location->source, location->offset) <=
               source_line(bad->source, bad->offset) + 1;
}

void parser_error(struct parser *parser, const struct location *location, enum diag_kind kind,
                  const char *format, ...)
{
    char text[256];
    va_list args;

    if (parser->is_panicking)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* Once stopped, the end is not the file's own. */
    if (!parser->session->is_stopped && !follows_bad_token(parser, location))
        diag_error(parser->diag, location, kind, "%s", text);
    parser->is_panicking = true;
}

static const char *token_text(enum token_kind kind)
{
    switch (kind) {
#define TOKEN_CASE(name, text)                                                                     \
    case TOKEN_##name:                                                                             \
        return text;
        TOKEN_PUNCTUATORS(TOKEN_CASE)
#undef TOKEN_CASE
#define TOKEN_CASE(name, text)                                                                     \
    case TOKEN_KEY_##name:                                                                         \
        return text;
        TOKEN_KEYWORDS(TOKEN_CASE)
#undef TOKEN_CASE
    default:
        return "a name";
    }
}

void parser_expected(struct parser *parser, enum diag_kind kind, const char *what)
{
    const struct token *token = &parser->token;
    int length = token->length < 40 ? (int)token->length : 40;

    if (token->kind == TOKEN_END)
        parser_error(parser, &token->location, DIAG_UNEXPECTED_EOF, "expected %s but the file ends",
                     what);
    else if (token->kind == TOKEN_STRING || token->kind == TOKEN_CHARACTER)
        parser_error(parser, &token->location, kind, "expected %s but found a %s", what,
                     token->kind == TOKEN_STRING ? "string" : "character");
    else
        parser_error(parser, &token->location, kind, "expected %s but found '%.*s'", what, length,
                     token->text);
}

bool parser_expect(struct parser *parser, enum token_kind kind, const char *where)
{
    char what[80];

    if (parser_take(parser, kind))
        return true;
    snprintf(what, sizeof what, "'%s' %s", token_text(kind), where);
    parser_expected(parser, DIAG_EXPECTED_TOKEN, what);
    return false;
}

bool parser_at_name(const struct parser *parser)
{
    return !parser->is_panicking &&
           (parser->token.kind == TOKEN_NAME || parser->token.kind == TOKEN_KEY_SAFEARRAY);
}

const char *parser_name(struct parser *parser, const char *what, struct location *location)
{
    const char *name = parser->token.text;

    if (location)
        *location = parser->token.location;
    if (parser_at_name(parser)) {
        parser_advance(parser);
        return name;
    }
    parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, what);
    return NULL;
}

static void unescape(struct text *text, const struct token *token)
{
    const char *at = token->text + (token->text[0] == 'L' ? 2 : 1);
    const char *end = token->text + token->length;

    if (end > at && end[-1] == '"')
        end--;
    while (at < end)
        text_char(text, (char)character_next(&at, end));
}

const char *parser_string(struct parser *parser)
{
    struct text text;

    if (!parser_is(parser, TOKEN_STRING)) {
        parser_expected(parser, DIAG_EXPECTED_STRING, "a string");
        return NULL;
    }
    text_init(&text, parser->arena);
    while (parser_is(parser, TOKEN_STRING)) {
        unescape(&text, &parser->token);
        parser_advance(parser);
    }
    return text_end(&text);
}

bool parser_enter(struct parser *parser)
{
    if (parser->depth >= SESSION_MAX_DEPTH) {
        /* The end of it all: what is nested ten thousand deep would have as many messages. */
        session_stop(parser->session, &parser->token.location, DIAG_NESTING_DEPTH,
                     "nested more than 64 deep");
        parser->is_panicking = true;
        return false;
    }
    parser->depth++;
    return true;
}

void parser_leave(struct parser *parser)
{
    parser->depth--;
}

void parser_recover(struct parser *parser)
{
    size_t depth = 0;

    while (parser->token.kind != TOKEN_END) {
        if (parser->token.kind == TOKEN_RIGHT_BRACE && depth == 0)
            break;
        if (parser->token.kind == TOKEN_LEFT_BRACE)
            depth++;
        if (parser->token.kind == TOKEN_RIGHT_BRACE && --depth == 0) {
            parser_advance(parser);
            parser->is_panicking = false;
            parser_take(parser, TOKEN_SEMICOLON);
            break;
        }
        if (parser->token.kind == TOKEN_SEMICOLON && depth == 0) {
            parser_advance(parser);
            break;
        }
        parser_advance(parser);
    }
    parser->is_panicking = false;
}

const char *parser_doc(struct parser *parser, const struct token *token)
{
    if (token->doc_begin == token->doc_end)
        return NULL;
    return doc_text(parser->arena, token->location.source, token->doc_begin, token->doc_end);
}
