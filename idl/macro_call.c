/*
 * idl/macro_call.c -- see macro.h; a use of a macro: its arguments, and its body with them.
 *
 * As C has it: an argument is expanded by itself before it is put into the body, but as it was
 * written beside "#" and "##".
 */
#include <string.h>

#include "idl/preprocess.h"

#define MAX_CALL_DEPTH 200 /* uses of macros as arguments of each other */

struct argument {
    size_t begin, count;    /* in the row of all arguments */
    struct token_row *full; /* expanded; NULL: not yet */
};

struct call {
    struct preprocess *pp;
    const struct macro *macro;
    const struct token *use;
    struct token_row *raw;
    struct argument *arguments;
    unsigned given;
    struct token_row *out;
    bool is_pasting; /* a "##" was just read */
    bool had_left;   /* and something came out of what was before it */
    bool owes_space; /* an argument that is empty had one before it */
};

/* The next argument begins at the end of the row. Those beyond the last parameter only count. */
static void begin_argument(struct call *call)
{
    if (call->given < call->macro->parameter_count)
        call->arguments[call->given].begin = call->raw->count;
    call->given++;
}

static bool ends_argument(const struct call *call, const struct token *token)
{
    const struct macro *macro = call->macro;

    return token->kind == TOKEN_COMMA &&
           !(macro->is_variadic && call->given == macro->parameter_count);
}

/* arguments = "(" [ argument { "," argument } ] ")" */
static bool read_arguments(struct call *call)
{
    struct preprocess *pp = call->pp;
    size_t depth = 0;
    struct token token = preprocess_raw(pp);

    begin_argument(call);
    for (;;) {
        token = preprocess_raw(pp);
        if (token.kind == TOKEN_END)
            return false;
        if (token.kind == TOKEN_RIGHT_PAREN && depth-- == 0)
            return true;
        if (depth == 0 && ends_argument(call, &token)) {
            begin_argument(call);
            continue;
        }
        depth += token.kind == TOKEN_LEFT_PAREN;
        if (call->given <= call->macro->parameter_count) {
            row_add(pp, call->raw, &token);
            call->arguments[call->given - 1].count++;
        } else if (call->macro->parameter_count == 0) {
            row_add(pp, call->raw, &token);
        }
        session_work(pp->session, 1, &call->use->location);
    }
}

/* With a wrong number the body is still the best guess: what is missing is empty. */
static void check_count(struct call *call)
{
    const struct macro *macro = call->macro;
    unsigned given = call->given;

    if (macro->parameter_count == 0 && given == 1 && call->raw->count == 0)
        return;
    if (given == macro->parameter_count ||
        (macro->is_variadic && given + 1 == macro->parameter_count))
        return;
    diag_error(&call->pp->session->diag, &call->use->location, DIAG_PP_MACRO_ARGUMENTS,
               "the macro '%s' takes %s%u argument%s, and here are %u", macro->text,
               macro->is_variadic ? "at least " : "", macro->parameter_count - macro->is_variadic,
               macro->parameter_count - macro->is_variadic == 1 ? "" : "s", given);
}

static bool take_arguments(struct call *call)
{
    struct preprocess *pp = call->pp;
    const struct frame *outer = pp->caller;
    bool is_whole;

    call->arguments =
        arena_alloc(pp->session->arena, call->macro->parameter_count * sizeof *call->arguments);
    pp->caller = pp->file;
    is_whole = read_arguments(call);
    pp->caller = outer;
    if (is_whole) {
        check_count(call);
        return true;
    }
    if (!pp->session->is_stopped)
        diag_error(&pp->session->diag, &call->use->location, DIAG_PP_MACRO_ARGUMENTS,
                   "the arguments of the macro '%s' have no ')' at their end", call->macro->text);
    return false;
}

static const struct token_row *full_argument(struct call *call, struct argument *argument)
{
    struct preprocess *pp = call->pp;

    if (argument->full)
        return argument->full;
    argument->full = row_new(pp);
    if (++pp->call_depth > MAX_CALL_DEPTH)
        session_stop(pp->session, &call->use->location, DIAG_NESTING_DEPTH,
                     "macros are arguments of each other more than 200 deep");
    else
        preprocess_row(pp, call->raw->tokens + argument->begin, argument->count, call->use,
                       argument->full);
    pp->call_depth--;
    return argument->full;
}

/* Puts tokens at the end, the first of them onto the last one there if "##" was before it. */
static void put(struct call *call, const struct token *tokens, size_t count, bool has_space)
{
    struct token_row *out = call->out;
    size_t first = 0;

    if (call->is_pasting && call->had_left && count > 0) {
        if (macro_paste(call->pp, &out->tokens[out->count - 1], &tokens[0]))
            first = 1;
        else
            diag_warning(&call->pp->session->diag, &call->use->location, DIAG_PP_PASTE,
                         "'%.*s' and '%.*s' do not make one word with '##'; they stay two",
                         (int)out->tokens[out->count - 1].length, out->tokens[out->count - 1].text,
                         (int)tokens[0].length, tokens[0].text);
    }
    for (size_t i = first; i < count; i++) {
        row_add(call->pp, out, &tokens[i]);
        if (i == 0)
            out->tokens[out->count - 1].has_space = has_space || call->owes_space;
        session_work(call->pp->session, 1, &call->use->location);
    }
    call->owes_space = count == 0 && (has_space || call->owes_space);
    call->had_left = count > 0 || (call->is_pasting && call->had_left);
    call->is_pasting = false;
}

static void put_own(struct call *call, struct token token)
{
    token.location = call->use->location;
    put(call, &token, 1, token.has_space);
}

static void put_argument(struct call *call, size_t at)
{
    const struct macro *macro = call->macro;
    struct argument *argument = &call->arguments[macro->places[at] - 1];
    bool is_left = at + 1 < macro->count && macro->body[at + 1].kind == TOKEN_HASH_HASH;
    bool has_space = macro->body[at].has_space;

    if (is_left || call->is_pasting) {
        put(call, call->raw->tokens + argument->begin, argument->count, has_space);
    } else {
        const struct token_row *full = full_argument(call, argument);

        put(call, full->tokens, full->count, has_space);
    }
}

/* "," "##" and the rest of the arguments: without a rest there is no comma either. */
static bool is_comma_before_rest(const struct call *call, size_t at)
{
    const struct macro *macro = call->macro;

    return macro->is_variadic && at + 2 < macro->count && macro->body[at].kind == TOKEN_COMMA &&
           macro->body[at + 1].kind == TOKEN_HASH_HASH &&
           macro->places[at + 2] == macro->parameter_count;
}

static void put_body(struct call *call)
{
    const struct macro *macro = call->macro;

    for (size_t i = 0; i < macro->count; i++) {
        const struct token *token = &macro->body[i];

        if (token->kind == TOKEN_HASH_HASH) {
            call->is_pasting = true;
        } else if (is_comma_before_rest(call, i)) {
            if (call->arguments[macro->parameter_count - 1].count > 0)
                put_own(call, *token);
            else
                i++; /* and the "##": what is empty is put behind whatever was before */
            i++;
        } else if (macro->places && macro->places[i]) {
            put_argument(call, i);
        } else if (token->kind == TOKEN_HASH && macro->has_parameters) {
            const struct argument *argument = &call->arguments[macro->places[++i] - 1];
            struct token string =
                macro_string(call->pp, call->raw->tokens + argument->begin, argument->count);

            string.has_space = token->has_space;
            put_own(call, string);
        } else {
            put_own(call, *token);
        }
    }
}

struct token_row *macro_substitute(struct preprocess *pp, const struct macro *macro,
                                   const struct token *use)
{
    struct call call = {.pp = pp, .macro = macro, .use = use, .raw = row_new(pp)};

    if (!macro->has_parameters || take_arguments(&call)) {
        call.out = row_new(pp);
        put_body(&call);
    }
    for (unsigned i = 0; call.arguments && i < macro->parameter_count; i++) {
        if (call.arguments[i].full)
            row_drop(pp, call.arguments[i].full);
    }
    row_drop(pp, call.raw);
    return call.out;
}
