/*
 * idl/directive.c -- see preprocess.h; one function for each directive.
 *
 * A directive reads its line from the file on top of the stack. It leaves the rest of the line
 * alone: directive_run skips it, which is also how text behind #else and #endif is accepted.
 */
#include <string.h>

#include "idl/operator.h"
#include "idl/preprocess.h"
#include "idl/text.h"

static bool word_is(const struct token *token, const char *word)
{
    return token_is_name(token) && strcmp(token->text, word) == 0;
}

bool directive_next(struct preprocess *pp, struct token *token)
{
    struct lexer *lexer = &pp->top->lexer;

    if (lexer_line_ends(lexer))
        return false;
    *token = lexer_next(lexer);
    return token->kind != TOKEN_END;
}

struct token_row *directive_rest(struct preprocess *pp)
{
    struct token_row *row = row_new(pp);
    struct token token;

    while (directive_next(pp, &token))
        row_add(pp, row, &token);
    return row;
}

/* By tokens and not by bytes: a comment may begin on this line and end on another. */
static void skip_rest(struct lexer *lexer)
{
    bool was_quiet = lexer->is_quiet;

    lexer->is_quiet = true;
    while (!lexer_line_ends(lexer))
        lexer_next(lexer);
    lexer->is_quiet = was_quiet;
}

/* What a macro behind #include comes to: "file", or < and > with anything between them. */
static bool name_from_macros(struct preprocess *pp, const struct token *directive,
                             struct token *name, bool *is_angled)
{
    struct token_row *line = directive_rest(pp), *full = row_new(pp);
    struct text text;
    size_t at = 0;

    text_init(&text, pp->session->arena);
    preprocess_row(pp, line->tokens, line->count, directive, full);
    *name = full->count ? full->tokens[0] : *directive;
    *is_angled = full->count && name->kind == TOKEN_LESS;
    if (full->count && name->kind == TOKEN_STRING)
        text_bytes(&text, name->text + 1, name->length - 1);
    for (at = 1; *is_angled && at < full->count && full->tokens[at].kind != TOKEN_GREATER; at++) {
        if (full->tokens[at].has_space && at > 1)
            text_char(&text, ' ');
        text_bytes(&text, full->tokens[at].text, full->tokens[at].length);
    }
    *is_angled = *is_angled && at < full->count;
    name->text = text_end(&text);
    name->length = text.length;
    row_drop(pp, line);
    row_drop(pp, full);
    return name->length > 0 && (*is_angled || name->kind == TOKEN_STRING);
}

static void run_include(struct preprocess *pp, const struct token *directive)
{
    struct session *session = pp->session;
    const struct idl_source *source;
    struct token name;
    struct text text;
    bool is_angled;

    if (lexer_file_name(&pp->top->lexer, &name)) {
        is_angled = name.text[-1] == '<';
    } else if (!name_from_macros(pp, directive, &name, &is_angled)) {
        diag_error(&session->diag, &directive->location, DIAG_EXPECTED_STRING,
                   "#include needs \"file\" or <file>");
        return;
    }
    text_init(&text, session->arena);
    file_name_text(&text, name.text, name.length);
    session_work(session, 64, &name.location);
    source = session_find(session, &name.location, text_end(&text),
                          is_angled ? SEARCH_FOLDERS_ONLY : SEARCH_BESIDE_FIRST);
    if (!source || pragma_was_once(pp, source))
        return;
    if (pp->include_depth > SESSION_MAX_FILE_DEPTH) {
        session_stop(session, &name.location, DIAG_INCLUDE_DEPTH,
                     "files include each other more than 32 deep");
        return;
    }
    preprocess_push_file(pp, source,
                         origin_of_file(session->arena, ORIGIN_INCLUDE, &name.location));
}

/* "# 7 "file"" and "#line 7 "file"": what follows comes from there. `number` is the first token. */
static void mark_line(struct preprocess *pp, const struct token *number, const struct token *file)
{
    struct lexer *lexer = &pp->file->lexer;
    const struct origin *outer = lexer->origin;
    const char *path = NULL;
    struct number value;

    if (number_read(number->text, number->length, &value) != NUMBER_OK || value.bits > INT32_MAX) {
        diag_error(&pp->session->diag, &number->location, DIAG_BAD_NUMBER,
                   "this is not the number of a line");
        return;
    }
    if (outer && outer->kind == ORIGIN_LINE) {
        path = outer->name;
        outer = outer->outer;
    }
    if (file) {
        struct text text;

        text_init(&text, pp->session->arena);
        file_name_text(&text, file->text + 1, file->length - 1);
        path = text_end(&text);
    }
    lexer->origin =
        origin_of_line(pp->session->arena, &number->location, (size_t)value.bits, path, outer);
}

static void run_line(struct preprocess *pp, const struct token *directive)
{
    struct token_row *line = directive_rest(pp), *full = row_new(pp);
    const struct token *tokens;

    preprocess_row(pp, line->tokens, line->count, directive, full);
    tokens = full->tokens;
    if (full->count == 0 || tokens[0].kind != TOKEN_NUMBER)
        diag_error(&pp->session->diag, &directive->location, DIAG_BAD_NUMBER,
                   "#line needs the number of a line");
    else
        mark_line(pp, &tokens[0],
                  full->count > 1 && tokens[1].kind == TOKEN_STRING ? &tokens[1] : NULL);
    row_drop(pp, line);
    row_drop(pp, full);
}

/* What a preprocessor that ran before us leaves. */
static void run_marker(struct preprocess *pp, const struct token *number)
{
    struct token file;
    bool has_file = directive_next(pp, &file) && file.kind == TOKEN_STRING;

    mark_line(pp, number, has_file ? &file : NULL);
}

static void run_error(struct preprocess *pp, const struct token *directive)
{
    struct lexer *lexer = &pp->top->lexer;
    uint32_t begin, length;

    lexer_skip_line(lexer, &begin);
    length = lexer->at - begin;
    while (length > 0 && (unsigned char)lexer->source->text[begin + length - 1] <= ' ')
        length--;
    if (word_is(directive, "error"))
        diag_error(&pp->session->diag, &directive->location, DIAG_PP_ERROR_DIRECTIVE,
                   "#error%s%.*s", length ? " " : "", (int)length, lexer->source->text + begin);
    else
        diag_warning(&pp->session->diag, &directive->location, DIAG_PP_ERROR_DIRECTIVE,
                     "#warning%s%.*s", length ? " " : "", (int)length, lexer->source->text + begin);
}

/* A directive for other programs. */
static void run_nothing(struct preprocess *pp, const struct token *directive)
{
    (void)pp;
    (void)directive;
}

static struct condition *current_condition(const struct preprocess *pp)
{
    return pp->conditions && pp->conditions->frame == pp->top ? pp->conditions : NULL;
}

/* False, and a message, if there is no #if for it, or its #else has been. */
static bool may_continue(struct preprocess *pp, const struct token *directive)
{
    const struct condition *condition = current_condition(pp);

    if (condition && !condition->has_else)
        return true;
    diag_error(&pp->session->diag, &directive->location, DIAG_PP_UNBALANCED,
               condition ? "#%s after #else" : "#%s without #if", directive->text);
    return false;
}

static void end_condition(struct preprocess *pp)
{
    pp->conditions = pp->conditions->outer;
}

/* A directive inside a group that is not read. True: the group ends here. */
static bool skipped_directive(struct preprocess *pp, const struct token *directive, unsigned *depth)
{
    struct condition *condition = pp->conditions;

    if (word_is(directive, "if") || word_is(directive, "ifdef") || word_is(directive, "ifndef")) {
        ++*depth;
    } else if (word_is(directive, "endif")) {
        if (*depth == 0)
            end_condition(pp);
        return (*depth)-- == 0;
    } else if (*depth == 0 && (word_is(directive, "else") || word_is(directive, "elif"))) {
        bool is_else = word_is(directive, "else");

        if (!may_continue(pp, directive))
            return false;
        condition->has_else = is_else;
        if (condition->is_taken)
            return false;
        pp->top->lexer.is_quiet = false;
        condition->is_taken = is_else || condition_value(pp, directive);
        pp->top->lexer.is_quiet = true;
        return condition->is_taken;
    }
    return false;
}

/* Reads on to the next group of this #if that counts, or behind its #endif. */
static void skip_group(struct preprocess *pp)
{
    struct lexer *lexer = &pp->top->lexer;
    struct token token;
    unsigned depth = 0;
    bool ends = false;

    lexer->is_quiet = true;
    do {
        skip_rest(lexer);
        token = lexer_next(lexer);
        if (token.kind == TOKEN_END)
            ends = true;
        else if (token.kind == TOKEN_HASH && token.starts_line && directive_next(pp, &token))
            ends = skipped_directive(pp, &token, &depth);
    } while (!ends);
    lexer->is_quiet = false;
}

static void run_if(struct preprocess *pp, const struct token *directive)
{
    struct condition *condition = ARENA_NEW(pp->session->arena, struct condition);
    struct token name;

    if (word_is(directive, "if"))
        condition->is_taken = condition_value(pp, directive);
    else if (macro_name(pp, directive, &name))
        condition->is_taken = (macro_of(pp, &name) != NULL) == word_is(directive, "ifdef");
    condition->outer = pp->conditions;
    condition->frame = pp->top;
    condition->location = directive->location;
    pp->conditions = condition;
    if (!condition->is_taken)
        skip_group(pp);
}

/* The group before was read, so all further groups are not. */
static void run_else(struct preprocess *pp, const struct token *directive)
{
    if (!may_continue(pp, directive))
        return;
    pp->conditions->has_else = word_is(directive, "else");
    skip_group(pp);
}

static void run_endif(struct preprocess *pp, const struct token *directive)
{
    if (current_condition(pp))
        end_condition(pp);
    else
        diag_error(&pp->session->diag, &directive->location, DIAG_PP_UNBALANCED,
                   "#endif without #if");
}

static void run_word(struct preprocess *pp, const struct token *directive)
{
    static const struct {
        const char *name;
        void (*run)(struct preprocess *pp, const struct token *directive);
    } directives[] = {
        {"define", macro_define}, {"undef", macro_undefine}, {"include", run_include},
        {"if", run_if},           {"ifdef", run_if},         {"ifndef", run_if},
        {"elif", run_else},       {"else", run_else},        {"endif", run_endif},
        {"error", run_error},     {"warning", run_error},    {"line", run_line},
        {"pragma", pragma_run},   {"ident", run_nothing},
    };

    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (word_is(directive, directives[i].name)) {
            directives[i].run(pp, directive);
            return;
        }
    }
    if (directive->kind == TOKEN_NUMBER)
        run_marker(pp, directive);
    else
        diag_error(&pp->session->diag, &directive->location, DIAG_PP_UNKNOWN_DIRECTIVE,
                   "there is no directive '#%.*s'",
                   (int)(directive->length < 60 ? directive->length : 60), directive->text);
}

void directive_run(struct preprocess *pp)
{
    struct frame *file = pp->top;
    struct token directive;

    if (directive_next(pp, &directive))
        run_word(pp, &directive);
    skip_rest(&file->lexer);
}
