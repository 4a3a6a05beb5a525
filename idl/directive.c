/*
 * idl/directive.c -- see preprocess.h; one function for each directive.
 *
 * A directive reads its line from the file on top of the stack. It leaves the rest of the line
 * alone: directive_run skips it, which is also how text behind #else and #endif is accepted.
 */
#include <string.h>

#include "idl/preprocess.h"

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

static void run_include(struct preprocess *pp, const struct token *directive)
{
    struct session *session = pp->session;
    enum session_search search = SEARCH_FOLDERS_ONLY;
    const struct idl_source *source;
    struct token name;
    uint32_t rest;
    const char *text;

    if (!lexer_angled_name(&pp->top->lexer, &name)) {
        search = SEARCH_BESIDE_FIRST;
        if (!directive_next(pp, &name) || name.kind != TOKEN_STRING || name.text[0] != '"' ||
            name.length < 2) {
            diag_error(&session->diag, &directive->location, DIAG_EXPECTED_STRING,
                       "#include needs \"file\" or <file>");
            return;
        }
        name.text++;
        name.length -= name.length >= 2 && name.text[name.length - 2] == '"' ? 2 : 1;
    }
    lexer_skip_line(&pp->top->lexer, &rest);
    text = arena_copy(session->arena, name.text, name.length);
    session_work(session, 64, &name.location);
    source = session_find(session, &name.location, text, search);
    if (!source)
        return;
    if (pp->include_depth > SESSION_MAX_FILE_DEPTH) {
        session_stop(session, &name.location, DIAG_INCLUDE_DEPTH,
                     "files include each other more than 32 deep");
        return;
    }
    preprocess_push_file(pp, source,
                         origin_of_file(session->arena, ORIGIN_INCLUDE, &name.location));
}

static void run_error(struct preprocess *pp, const struct token *directive)
{
    struct lexer *lexer = &pp->top->lexer;
    uint32_t begin, length;

    lexer_skip_line(lexer, &begin);
    length = lexer->at - begin;
    while (length > 0 && (unsigned char)lexer->source->text[begin + length - 1] <= ' ')
        length--;
    diag_error(&pp->session->diag, &directive->location, DIAG_PP_ERROR_DIRECTIVE, "#error %.*s",
               (int)length, lexer->source->text + begin);
}

/* pack(n)  pack()  pack(push)  pack(push, n)  pack(pop) */
static void run_pack(struct preprocess *pp)
{
    struct token token;
    struct {
        bool push, pop, number;
        unsigned value;
    } seen = {0};

    if (!directive_next(pp, &token) || token.kind != TOKEN_LEFT_PAREN)
        return;
    while (directive_next(pp, &token) && token.kind != TOKEN_RIGHT_PAREN) {
        if (word_is(&token, "push"))
            seen.push = true;
        else if (word_is(&token, "pop"))
            seen.pop = true;
        else if (token.kind == TOKEN_NUMBER && token.length < 3)
            seen.number = true, seen.value = (unsigned)(token.text[0] - '0');
        if (token.kind == TOKEN_NUMBER && token.length == 2)
            seen.value = seen.value * 10 + (unsigned)(token.text[1] - '0');
    }
    if (seen.push) {
        struct pack_level *level = ARENA_NEW(pp->session->arena, struct pack_level);

        *level = (struct pack_level){pp->packs, pp->pack};
        pp->packs = level;
    }
    if (seen.pop && pp->packs) {
        pp->pack = pp->packs->pack;
        pp->packs = pp->packs->outer;
    }
    if (seen.number)
        pp->pack = seen.value;
    else if (!seen.push && !seen.pop)
        pp->pack = 0;
}

static void run_pragma(struct preprocess *pp)
{
    struct token token;

    if (directive_next(pp, &token) && word_is(&token, "pack"))
        run_pack(pp);
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

/* By tokens and not by bytes: a comment may begin on this line and end on another. */
static void skip_rest(struct lexer *lexer)
{
    bool was_quiet = lexer->is_quiet;

    lexer->is_quiet = true;
    while (!lexer_line_ends(lexer))
        lexer_next(lexer);
    lexer->is_quiet = was_quiet;
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
        {"error", run_error},
    };

    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (word_is(directive, directives[i].name)) {
            directives[i].run(pp, directive);
            return;
        }
    }
    if (word_is(directive, "pragma"))
        run_pragma(pp);
    else if (directive->kind != TOKEN_NUMBER && !word_is(directive, "line"))
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
