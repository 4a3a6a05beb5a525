/*
 * idl/preprocess.c -- see preprocess.h; the stack of frames that tokens come from.
 *
 * A macro is expanded by putting what it becomes on the stack, so a chain of 100,000 macros is as
 * deep in memory as it likes but never in our own calls. Only arguments are expanded by a call.
 * What a macro unfolds to is counted by session_work.
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

static void pop_file(struct preprocess *pp)
{
    struct frame *below = pp->top->below;

    if (!pp->session->is_stopped)
        pp->session->diag.is_quoted = pp->top->was_quiet;
    /* Its frame is not used again: conditions are told apart by its address. */
    pp->top = below;
    while (below && !below->is_file)
        below = below->below;
    pp->file = below;
    pp->include_depth--;
}

void preprocess_pop(struct preprocess *pp)
{
    struct frame *frame = pp->top;

    if (frame->is_file) {
        pop_file(pp);
        return;
    }
    pp->top = frame->below;
    if (frame->macro)
        frame->macro->is_active = false;
    if (frame->row)
        row_drop(pp, frame->row);
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
    pp->top = pp->file = frame;
    frame->was_quiet = pp->session->diag.is_quoted;
    if (session_is_quoted(pp->session, source))
        pp->session->diag.is_quoted = true;
    pp->include_depth++;
}

static void read_definitions(struct preprocess *pp, const struct idl_source *source)
{
    preprocess_push_file(pp, source, NULL);
    while (preprocess_next(pp).kind != TOKEN_END)
        continue; /* a define with a newline in it: what follows is nobody's */
    pp->top = pp->file = NULL;
    pp->include_depth = 0;
}

void preprocess_init(struct preprocess *pp, struct session *session,
                     const struct idl_source *source, const struct origin *origin)
{
    *pp = (struct preprocess){.session = session};
    read_definitions(pp, session->predefined);
    if (session->command_line)
        read_definitions(pp, session->command_line);
    preprocess_push_file(pp, source, origin);
    pp->base = pp->top;
}

void preprocess_finish(struct preprocess *pp)
{
    for (struct macro *macro = pp->defined; macro; macro = macro->next_defined) {
        while (macro->name->macro && macro->name->macro->owner == pp)
            macro->name->macro = macro->name->macro->shadowed;
    }
    pp->defined = NULL;
}

/* True: the token was a macro, and what it becomes is on top. */
static bool expand(struct preprocess *pp, const struct token *token)
{
    struct macro *macro = macro_of(pp, token);
    struct token use = *token;
    struct token_row *row = NULL;
    struct frame *frame;

    if (!macro || macro->is_active || token->is_painted)
        return false;
    if (macro->has_parameters && !preprocess_at_paren(pp))
        return false;
    session_work(pp->session, 1, &token->location);
    use.location.origin =
        origin_of_macro(pp->session->arena, macro->text, &macro->location, token->location.origin);
    if (macro->location.source == pp->session->predefined && macro_is_place(macro)) {
        row = macro_place(pp, macro, &use);
    } else if (macro->has_parameters || macro->has_paste) {
        row = macro_substitute(pp, macro, &use);
        if (!row)
            return true;
    }
    frame = preprocess_push(pp);
    frame->macro = macro;
    frame->row = row;
    frame->tokens = row ? row->tokens : macro->body;
    frame->count = row ? row->count : macro->count;
    frame->use = use;
    macro->is_active = true;
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

/* A name that comes out of its own macro stays as it is for good, wherever it is put. */
static void paint(const struct preprocess *pp, struct token *token)
{
    const struct macro *macro = token_is_name(token) ? macro_of(pp, token) : NULL;

    if (macro && macro->is_active)
        token->is_painted = true;
}

static struct token next_of_row(struct preprocess *pp, struct frame *frame)
{
    struct token token = frame->tokens[frame->next++];

    if (frame->macro && !frame->row)
        token.location = frame->use.location;
    if (frame->macro) {
        token.trail_begin = token.trail_end = 0;
        token.doc_begin = frame->next == 1 ? frame->use.doc_begin : 0;
        token.doc_end = frame->next == 1 ? frame->use.doc_end : 0;
        token.has_space = frame->next == 1 ? frame->use.has_space : token.has_space;
        session_work(pp->session, 1, &frame->use.location);
    }
    token.starts_line = false;
    paint(pp, &token);
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

/* False: the file that ends is not one to go on behind. */
static bool leave_file(struct preprocess *pp, struct frame *frame)
{
    if (frame == pp->caller)
        return false;
    close_conditions(pp, frame);
    if (!frame->below)
        return false;
    preprocess_pop(pp);
    return true;
}

struct token preprocess_raw(struct preprocess *pp)
{
    struct token token;

    for (;;) {
        struct frame *frame = pp->top;

        if (!frame->is_file && frame->next < frame->count)
            return next_of_row(pp, frame);
        if (!frame->is_file && frame == pp->barrier)
            return (struct token){.kind = TOKEN_END, .location = frame->use.location};
        if (!frame->is_file) {
            preprocess_pop(pp);
            continue;
        }
        token = lexer_next(&frame->lexer);
        if (token.kind == TOKEN_HASH && token.starts_line) {
            directive_run(pp);
            pass_trailing(pp, &token);
        } else if (token.kind != TOKEN_END || !leave_file(pp, frame)) {
            return token;
        }
        if (pp->session->is_stopped)
            return (struct token){.kind = TOKEN_END, .location = token.location};
    }
}

bool preprocess_at_paren(const struct preprocess *pp)
{
    const struct frame *frame = pp->top;

    for (; !frame->is_file; frame = frame->below) {
        if (frame->next < frame->count)
            return frame->tokens[frame->next].kind == TOKEN_LEFT_PAREN;
        if (frame == pp->barrier)
            return false;
    }
    return lexer_at_paren(&frame->lexer);
}

struct token preprocess_next(struct preprocess *pp)
{
    struct token token;

    for (;;) {
        token = preprocess_raw(pp);
        if (pp->session->is_stopped)
            token.kind = TOKEN_END;
        if (!token_is_name(&token) || !token.name->macro || !expand(pp, &token))
            break;
        pass_trailing(pp, &token);
    }
    take_passed(pp, &token);
    return token;
}

void preprocess_row(struct preprocess *pp, const struct token *tokens, size_t count,
                    const struct token *use, struct token_row *out)
{
    const struct frame *outer = pp->barrier;
    struct frame *frame = preprocess_push(pp);
    struct token token;

    frame->tokens = tokens;
    frame->count = count;
    frame->use = *use;
    pp->barrier = frame;
    while ((token = preprocess_next(pp)).kind != TOKEN_END) {
        row_add(pp, out, &token);
        session_work(pp->session, 1, &use->location);
    }
    while (pp->top != frame)
        preprocess_pop(pp);
    preprocess_pop(pp);
    pp->barrier = outer;
}
