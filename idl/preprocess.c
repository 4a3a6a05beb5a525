/*
 * idl/preprocess.c -- see preprocess.h; the stack of frames that tokens come from.
 *
 * A macro is expanded by putting its body on the stack, so a chain of 100,000 macros is as deep in
 * memory as it likes but never in our own calls. What a macro unfolds to is counted by
 * session_work.
 */
#include "idl/preprocess.h"

struct frame *preprocess_push(struct preprocess *pp)
{
    struct frame *frame = pp->spare;

    if (frame)
        pp->spare = frame->below;
    else
        frame = ARENA_NEW(pp->session->arena, struct frame);
    *frame = (struct frame){.below = pp->top};
    pp->top = frame;
    return frame;
}

void preprocess_pop(struct preprocess *pp)
{
    struct frame *frame = pp->top;

    pp->top = frame->below;
    if (frame->is_file) {
        pp->include_depth--;
        return; /* not to be used again: conditions are told apart by its address */
    }
    if (frame->macro)
        frame->macro->is_active = false;
    frame->below = pp->spare;
    pp->spare = frame;
}

void preprocess_push_file(struct preprocess *pp, const struct idl_source *source,
                          const struct origin *origin)
{
    struct frame *frame = ARENA_NEW(pp->session->arena, struct frame);

    frame->is_file = true;
    frame->below = pp->top;
    lexer_init(&frame->lexer, source, &pp->session->diag, &pp->session->names);
    frame->lexer.origin = origin;
    pp->top = frame;
    pp->include_depth++;
}

void preprocess_init(struct preprocess *pp, struct session *session,
                     const struct idl_source *source, const struct origin *origin)
{
    *pp = (struct preprocess){.session = session};
    map_init(&pp->macros, session->arena);
    if (session->command_line) {
        preprocess_push_file(pp, session->command_line, NULL);
        while (preprocess_next(pp).kind != TOKEN_END)
            continue; /* a define with a newline in it: what follows is nobody's */
        pp->top = NULL;
        pp->include_depth = 0;
    }
    preprocess_push_file(pp, source, origin);
    pp->base = pp->top;
}

struct macro *preprocess_macro(const struct preprocess *pp, const struct token *name)
{
    const struct map_entry *entry = map_find(&pp->macros, name->text, name->length);

    return entry ? entry->value : NULL;
}

/* True: the token was a macro, and its body is now on top. */
static bool expand(struct preprocess *pp, const struct token *token)
{
    struct macro *macro = preprocess_macro(pp, token);
    struct frame *frame;

    if (!macro || macro->is_active)
        return false;
    if (macro->has_parameters) {
        diag_error(&pp->session->diag, &token->location, DIAG_PP_MACRO_ARGUMENTS,
                   "'%s' is a macro with parameters, which are outside the language of this "
                   "version",
                   macro->name);
        return false;
    }
    frame = preprocess_push(pp);
    frame->macro = macro;
    frame->tokens = macro->body;
    frame->count = macro->count;
    frame->use = token->location;
    frame->use.origin =
        origin_of_macro(pp->session->arena, macro->name, &macro->location, token->location.origin);
    macro->is_active = true;
    session_work(pp->session, 1, &token->location);
    return true;
}

static void close_conditions(struct preprocess *pp, const struct frame *frame)
{
    while (pp->conditions && pp->conditions->frame == frame) {
        diag_error(&pp->session->diag, &pp->conditions->location, DIAG_PP_UNTERMINATED_IF,
                   "this condition has no #endif");
        pp->conditions = pp->conditions->outer;
    }
}

static struct token next_of_row(struct preprocess *pp, struct frame *frame)
{
    struct token token = frame->tokens[frame->next++];

    if (frame->macro) {
        token.location = frame->use;
        token.doc_begin = token.doc_end = 0;
        token.trail_begin = token.trail_end = 0;
        session_work(pp->session, 1, &frame->use);
    }
    token.starts_line = false;
    return token;
}

/* The parser does not see this token, but the comment before it is the parser's. */
static void pass_trailing(struct preprocess *pp, const struct token *token)
{
    if (token->trail_begin != token->trail_end)
        pp->passed = *token;
}

static void take_passed(struct preprocess *pp, struct token *token)
{
    const struct token *passed = &pp->passed;

    if (token->trail_begin == token->trail_end &&
        token->location.source == passed->location.source) {
        token->trail_begin = passed->trail_begin;
        token->trail_end = passed->trail_end;
    }
    pp->passed.trail_begin = pp->passed.trail_end = 0;
}

/* The next token before macros; directives are done on the way. */
static struct token next_raw(struct preprocess *pp)
{
    struct token token;

    for (;;) {
        struct frame *frame = pp->top;

        if (!frame->is_file && frame->next < frame->count)
            return next_of_row(pp, frame);
        if (!frame->is_file && frame == pp->barrier)
            return (struct token){.kind = TOKEN_END, .location = frame->use};
        if (!frame->is_file) {
            preprocess_pop(pp);
            continue;
        }
        token = lexer_next(&frame->lexer);
        if (token.kind == TOKEN_HASH && token.starts_line) {
            directive_run(pp);
            pass_trailing(pp, &token);
        } else if (token.kind == TOKEN_END) {
            close_conditions(pp, frame);
            if (!frame->below)
                return token;
            preprocess_pop(pp);
        } else {
            return token;
        }
        if (pp->session->is_stopped)
            return (struct token){.kind = TOKEN_END, .location = token.location};
    }
}

struct token preprocess_next(struct preprocess *pp)
{
    struct token token;

    for (;;) {
        token = next_raw(pp);
        if (pp->session->is_stopped)
            token.kind = TOKEN_END;
        if (!token_is_name(&token) || !expand(pp, &token))
            break;
        pass_trailing(pp, &token);
    }
    take_passed(pp, &token);
    return token;
}
