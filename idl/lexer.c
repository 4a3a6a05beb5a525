/*
 * idl/lexer.c -- see lexer.h.
 */
#include "idl/lexer.h"

#include <stdio.h>
#include <string.h>

enum { CLASS_START = 1, CLASS_DIGIT = 2, CLASS_HEX = 4, CLASS_BLANK = 8 };

/* What each byte may be; those from 0x80 on are none of these. */
/* clang-format off */
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 8, 8, 8, 0, 0, /* 0x00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x10 */
    8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x20 */
    6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0, 0, /* 0x30 */
    0, 5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x40 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, /* 0x50 */
    0, 5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x60 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, /* 0x70 */
};
/* clang-format on */

static bool is_of(char c, unsigned wanted)
{
    return classes[(unsigned char)c] & wanted;
}

static bool is_name_part(char c)
{
    return is_of(c, CLASS_START | CLASS_DIGIT);
}

void lexer_add_keywords(struct map *names)
{
    static const char *const texts[] = {
#define KEYWORD_TEXT(name, text) text,
        TOKEN_KEYWORDS(KEYWORD_TEXT)
#undef KEYWORD_TEXT
    };
    static const enum token_kind kinds[] = {
#define KEYWORD_KIND(name, text) TOKEN_KEY_##name,
        TOKEN_KEYWORDS(KEYWORD_KIND)
#undef KEYWORD_KIND
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct name *name = ARENA_NEW(names->arena, struct name);

        name->kind = kinds[i];
        map_put(names, texts[i], strlen(texts[i]))->value = name;
    }
}

void lexer_init(struct lexer *lexer, const struct idl_source *source, struct diag *diag,
                struct map *names)
{
    *lexer = (struct lexer){.source = source, .diag = diag, .names = names, .line_start = true};
}

/* The text ends with a NUL, so looking one or two bytes ahead is safe after a look at the first. */
static char peek(const struct lexer *lexer, uint32_t ahead)
{
    return lexer->at + ahead < lexer->source->length ? lexer->source->text[lexer->at + ahead]
                                                     : '\0';
}

static bool at_end(const struct lexer *lexer)
{
    return lexer->at >= lexer->source->length;
}

static void error_at(struct lexer *lexer, uint32_t begin, uint32_t length, enum diag_kind kind,
                     const char *text)
{
    struct location location = {lexer->source, begin, length, lexer->origin};

    if (!lexer->is_quiet)
        diag_error(lexer->diag, &location, kind, "%s", text);
}

/* Comments of // that stand on adjacent lines are one: `end` is where the earlier one ended. */
static bool follows_directly(const struct lexer *lexer, uint32_t end, uint32_t begin)
{
    const char *text = lexer->source->text;
    unsigned newlines = 0;

    for (uint32_t i = end; i < begin; i++) {
        if (text[i] == '\n')
            newlines++;
        else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    }
    return newlines <= 1;
}

/* Puts the comment that ends here behind those from *first on, or in their place. */
static void add_comment(const struct lexer *lexer, uint32_t begin, bool is_line, uint32_t *first,
                        uint32_t *end)
{
    if (!is_line || *first == *end || lexer->source->text[*first + 1] != '/' ||
        !follows_directly(lexer, *end, begin))
        *first = begin;
    *end = lexer->at;
}

static void note_comment(struct lexer *lexer, uint32_t begin, bool is_line)
{
    const char *text = lexer->source->text + begin;
    uint32_t length = lexer->at - begin;
    bool is_doc = is_line ? length > 2 && text[2] == '/' && !(length > 3 && text[3] == '/')
                          : length > 4 && text[2] == '*' && text[3] != '*';

    if (!lexer->had_token) {
        if (lexer->head_begin == lexer->head_end) {
            lexer->head_begin = begin;
            lexer->head_end = lexer->at;
        } else if (is_line && lexer->source->text[lexer->head_begin + 1] == '/' &&
                   follows_directly(lexer, lexer->head_end, begin)) {
            lexer->head_end = lexer->at;
        }
    }
    if (is_doc && text[3] == '<')
        add_comment(lexer, begin, is_line, &lexer->trail_begin, &lexer->trail_end);
    else if (is_doc)
        add_comment(lexer, begin, is_line, &lexer->doc_begin, &lexer->doc_end);
}

static void skip_line_comment(struct lexer *lexer)
{
    uint32_t begin = lexer->at;
    const char *text = lexer->source->text;
    const char *newline = memchr(text + begin, '\n', lexer->source->length - begin);

    lexer->at = newline ? (uint32_t)(newline - text) : (uint32_t)lexer->source->length;
    if (lexer->at > begin && text[lexer->at - 1] == '\r')
        lexer->at--;
    note_comment(lexer, begin, true);
}

static void skip_block_comment(struct lexer *lexer)
{
    uint32_t begin = lexer->at;
    const char *text = lexer->source->text;
    const char *end = text + lexer->source->length;
    const char *at = text + begin + 2;

    while ((at = memchr(at, '*', (size_t)(end - at))) != NULL && at + 1 < end && at[1] != '/')
        at++;
    if (!at || at + 1 >= end) {
        lexer->at = (uint32_t)lexer->source->length;
        error_at(lexer, begin, 2, DIAG_UNTERMINATED_COMMENT, "this comment has no end");
        return;
    }
    lexer->at = (uint32_t)(at + 2 - text);
    note_comment(lexer, begin, false);
}

/* Blanks and comments; not the end of a line. */
static void skip_blanks(struct lexer *lexer)
{
    for (;;) {
        char c = peek(lexer, 0);

        if (is_of(c, CLASS_BLANK))
            lexer->at++;
        else if (c == '/' && peek(lexer, 1) == '/')
            skip_line_comment(lexer);
        else if (c == '/' && peek(lexer, 1) == '*')
            skip_block_comment(lexer);
        else
            return;
    }
}

bool lexer_line_ends(struct lexer *lexer)
{
    skip_blanks(lexer);
    return at_end(lexer) || peek(lexer, 0) == '\n';
}

void lexer_skip_line(struct lexer *lexer, uint32_t *begin)
{
    const char *text = lexer->source->text;

    skip_blanks(lexer);
    *begin = lexer->at;
    while (!at_end(lexer) && text[lexer->at] != '\n')
        lexer->at++;
}

static void skip_space(struct lexer *lexer)
{
    while (lexer_line_ends(lexer) && !at_end(lexer)) {
        lexer->at++;
        lexer->line_start = true;
    }
    /* A doc comment belongs to what stands directly below it. */
    if (lexer->doc_begin != lexer->doc_end && !follows_directly(lexer, lexer->doc_end, lexer->at))
        lexer->doc_begin = lexer->doc_end = 0;
}

static bool is_uuid(const struct lexer *lexer)
{
    static const char shape[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

    if (peek(lexer, 8) != '-')
        return false;
    for (uint32_t i = 0; i < sizeof shape - 1; i++) {
        char c = peek(lexer, i);

        if (shape[i] == '-' ? c != '-' : !is_of(c, CLASS_HEX))
            return false;
    }
    return !is_name_part(peek(lexer, sizeof shape - 1));
}

static enum token_kind lex_quoted(struct lexer *lexer, uint32_t prefix)
{
    uint32_t begin = lexer->at;
    char quote = peek(lexer, prefix);
    bool is_string = quote == '"';

    lexer->at += prefix + 1;
    while (!at_end(lexer) && peek(lexer, 0) != quote && peek(lexer, 0) != '\n') {
        if (peek(lexer, 0) == '\\' && peek(lexer, 1) != '\n' &&
            lexer->at + 1 < lexer->source->length)
            lexer->at++;
        lexer->at++;
    }
    if (peek(lexer, 0) == quote && !at_end(lexer))
        lexer->at++;
    else
        error_at(lexer, begin, prefix + 1,
                 is_string ? DIAG_UNTERMINATED_STRING : DIAG_UNTERMINATED_CHAR,
                 is_string ? "this string has no end on its line"
                           : "this character has no end on its line");
    return is_string ? TOKEN_STRING : TOKEN_CHARACTER;
}

/* As in C, a number takes every letter, digit and dot, and a sign behind e; what it means comes
 * later. */
static void lex_number(struct lexer *lexer)
{
    bool is_hexadecimal = peek(lexer, 0) == '0' && (peek(lexer, 1) | 0x20) == 'x';

    for (;;) {
        char c = peek(lexer, 0);

        if (!is_hexadecimal && (c | 0x20) == 'e' &&
            (peek(lexer, 1) == '+' || peek(lexer, 1) == '-'))
            lexer->at += 2;
        else if (is_name_part(c) || (c == '.' && peek(lexer, 1) != '.'))
            lexer->at++;
        else
            return;
    }
}

/* Of the punctuators that begin with one character: that alone, and those of two. */
struct punctuators {
    enum token_kind one;
    char second;
    enum token_kind two;
    char other_second;
    enum token_kind other_two;
};

static enum token_kind lex_punctuator(struct lexer *lexer)
{
    static const struct punctuators table[128] = {
        ['('] = {.one = TOKEN_LEFT_PAREN},
        [')'] = {.one = TOKEN_RIGHT_PAREN},
        ['['] = {.one = TOKEN_LEFT_BRACKET},
        [']'] = {.one = TOKEN_RIGHT_BRACKET},
        ['{'] = {.one = TOKEN_LEFT_BRACE},
        ['}'] = {.one = TOKEN_RIGHT_BRACE},
        [','] = {.one = TOKEN_COMMA},
        [';'] = {.one = TOKEN_SEMICOLON},
        [':'] = {.one = TOKEN_COLON},
        ['.'] = {.one = TOKEN_DOT},
        ['='] = {TOKEN_ASSIGN, '=', TOKEN_EQUAL, 0, 0},
        ['<'] = {TOKEN_LESS, '=', TOKEN_LESS_EQUAL, '<', TOKEN_SHIFT_LEFT},
        ['>'] = {TOKEN_GREATER, '=', TOKEN_GREATER_EQUAL, '>', TOKEN_SHIFT_RIGHT},
        ['+'] = {.one = TOKEN_PLUS},
        ['-'] = {.one = TOKEN_MINUS},
        ['*'] = {.one = TOKEN_STAR},
        ['/'] = {.one = TOKEN_SLASH},
        ['%'] = {.one = TOKEN_PERCENT},
        ['&'] = {TOKEN_AMPERSAND, '&', TOKEN_AND, 0, 0},
        ['|'] = {TOKEN_BAR, '|', TOKEN_OR, 0, 0},
        ['^'] = {.one = TOKEN_CARET},
        ['~'] = {.one = TOKEN_TILDE},
        ['!'] = {TOKEN_NOT, '=', TOKEN_NOT_EQUAL, 0, 0},
        ['?'] = {.one = TOKEN_QUESTION},
        ['#'] = {TOKEN_HASH, '#', TOKEN_HASH_HASH, 0, 0},
        ['\\'] = {.one = TOKEN_OTHER},
    };
    unsigned char first = (unsigned char)peek(lexer, 0);
    char second = peek(lexer, 1);
    struct punctuators row = table[first < 128 ? first : 0];

    if (first == '.' && second == '.' && peek(lexer, 2) == '.') {
        lexer->at += 3;
        return TOKEN_ELLIPSIS;
    }
    if (row.second && row.second == second)
        row.one = row.two;
    else if (row.other_second && row.other_second == second)
        row.one = row.other_two;
    else
        second = '\0';
    lexer->at += (row.one == TOKEN_END ? 0U : 1U) + (second == '\0' ? 0U : 1U);
    return row.one;
}

/* One message for a run of such bytes. */
static void skip_bad_characters(struct lexer *lexer)
{
    uint32_t begin = lexer->at;
    unsigned char first = (unsigned char)lexer->source->text[begin];
    char text[64];

    while (!at_end(lexer)) {
        unsigned char byte = (unsigned char)lexer->source->text[lexer->at];

        if (byte < 0x80 && byte > ' ' && byte != 0x7F && !strchr("$@`", byte))
            break;
        if (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r')
            break;
        lexer->at++;
    }
    if (lexer->at == begin)
        lexer->at++; /* a control character that the loop took for a blank cannot stop us */
    snprintf(text, sizeof text, "byte 0x%02X is not part of the language", first);
    error_at(lexer, begin, lexer->at - begin, DIAG_BAD_CHARACTER, text);
}

/* A name that is too long is cut, so that it costs nobody anything from here on. */
static void finish_name(struct lexer *lexer, struct token *token)
{
    struct map_entry *entry;

    if (token->length > LEXER_MAX_NAME) {
        error_at(lexer, token->location.offset, LEXER_MAX_NAME, DIAG_TOO_BIG,
                 "a name of more than 2047 characters is refused");
        token->length = token->location.length = LEXER_MAX_NAME;
    }
    entry = map_put(lexer->names, token->text, token->length);
    if (!entry->value) {
        struct name *name = ARENA_NEW(lexer->names->arena, struct name);

        name->kind = TOKEN_NAME;
        entry->value = name;
    }
    token->text = entry->key;
    token->name = entry->value;
    token->kind = token->name->kind;
}

struct token lexer_name(struct lexer *lexer, const char *text, size_t length)
{
    struct token token = {.text = text, .length = length};

    finish_name(lexer, &token);
    return token;
}

static enum token_kind lex_kind(struct lexer *lexer)
{
    char c = peek(lexer, 0);

    if (is_of(c, CLASS_HEX) && is_uuid(lexer)) {
        lexer->at += 36;
        return TOKEN_UUID;
    }
    if (c == '"' || c == '\'')
        return lex_quoted(lexer, 0);
    if (c == 'L' && (peek(lexer, 1) == '"' || peek(lexer, 1) == '\''))
        return lex_quoted(lexer, 1);
    if (is_of(c, CLASS_START)) {
        const char *text = lexer->source->text; /* which ends with a NUL */

        while (is_name_part(text[lexer->at]))
            lexer->at++;
        return TOKEN_NAME;
    }
    if (is_of(c, CLASS_DIGIT) || (c == '.' && is_of(peek(lexer, 1), CLASS_DIGIT))) {
        lex_number(lexer);
        return TOKEN_NUMBER;
    }
    return lex_punctuator(lexer);
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token = {.kind = TOKEN_END};
    uint32_t begin;

    lexer->doc_begin = lexer->doc_end = 0;
    lexer->trail_begin = lexer->trail_end = 0;
    do {
        skip_space(lexer);
        begin = lexer->at;
        if (at_end(lexer))
            break;
        token.kind = lex_kind(lexer);
        if (token.kind == TOKEN_END)
            skip_bad_characters(lexer);
    } while (token.kind == TOKEN_END);
    token.starts_line = lexer->line_start;
    token.has_space = lexer->line_start || begin != lexer->last_end;
    token.text = lexer->source->text + begin;
    token.length = lexer->at - begin;
    token.location = (struct location){lexer->source, begin, token.length ? lexer->at - begin : 1,
                                       lexer->origin};
    token.doc_begin = lexer->doc_begin;
    token.doc_end = lexer->doc_end;
    token.trail_begin = lexer->trail_begin;
    token.trail_end = lexer->trail_end;
    lexer->line_start = false;
    lexer->had_token = true;
    lexer->last_end = lexer->at;
    if (token.kind == TOKEN_NAME)
        finish_name(lexer, &token);
    return token;
}

bool lexer_at_paren(const struct lexer *lexer)
{
    struct lexer ahead = *lexer;

    ahead.is_quiet = true;
    skip_space(&ahead);
    return peek(&ahead, 0) == '(';
}

bool lexer_file_name(struct lexer *lexer, struct token *token)
{
    const char *text = lexer->source->text;
    uint32_t begin, end;
    char close;

    if (lexer_line_ends(lexer) || (peek(lexer, 0) != '<' && peek(lexer, 0) != '"'))
        return false;
    close = peek(lexer, 0) == '<' ? '>' : '"';
    begin = end = lexer->at + 1;
    while (end < lexer->source->length && text[end] != close && text[end] != '\n')
        end++;
    if (end >= lexer->source->length || text[end] != close)
        return false;
    *token = (struct token){.kind = TOKEN_STRING, .text = text + begin, .length = end - begin};
    token->location = (struct location){lexer->source, begin - 1, end + 2 - begin, lexer->origin};
    lexer->at = end + 1;
    return true;
}
