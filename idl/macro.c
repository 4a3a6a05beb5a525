/*
 * idl/macro.c -- see macro.h; definitions, and rows of tokens.
 *
 * A name knows its newest macro. A file that is imported in the middle of another one hides the
 * other's macros, and gives them back at its end (preprocess_finish).
 */
#include "idl/macro.h"

#include <string.h>

#include "idl/operator.h"
#include "idl/preprocess.h"

/* What rows have outgrown or left, by its size: 16 tokens, 32, 64... The link is in the buffer. */
struct row_buffer {
    struct row_buffer *next;
};

static void give_back(struct preprocess *pp, struct token_row *row)
{
    struct row_buffer *buffer = (struct row_buffer *)(void *)row->tokens;

    if (!buffer)
        return;
    buffer->next = pp->spare_buffers[row->size];
    pp->spare_buffers[row->size] = buffer;
}

static void grow(struct preprocess *pp, struct token_row *row)
{
    unsigned size = row->capacity ? row->size + 1 : 0;
    size_t capacity = ROW_SMALLEST << size;
    struct row_buffer *spare = pp->spare_buffers[size];
    struct token *tokens;

    if (spare) {
        pp->spare_buffers[size] = spare->next;
        tokens = (struct token *)(void *)spare;
    } else {
        tokens = arena_alloc(pp->session->arena, capacity * sizeof *tokens);
    }
    if (row->count)
        memcpy(tokens, row->tokens, row->count * sizeof *tokens);
    give_back(pp, row);
    row->tokens = tokens;
    row->size = size;
    row->capacity = capacity;
}

struct token_row *row_new(struct preprocess *pp)
{
    struct token_row *row = pp->spare_row;

    if (!row)
        return ARENA_NEW(pp->session->arena, struct token_row);
    pp->spare_row = row->spare;
    *row = (struct token_row){0};
    return row;
}

void row_add(struct preprocess *pp, struct token_row *row, const struct token *token)
{
    if (row->count == row->capacity)
        grow(pp, row);
    row->tokens[row->count++] = *token;
}

void row_drop(struct preprocess *pp, struct token_row *row)
{
    give_back(pp, row);
    row->spare = pp->spare_row;
    pp->spare_row = row;
}

struct macro *macro_of(const struct preprocess *pp, const struct token *name)
{
    struct macro *macro = name->name->macro;

    return macro && macro->owner == pp ? macro : NULL;
}

bool macro_name(struct preprocess *pp, const struct token *directive, struct token *name)
{
    if (!directive_next(pp, name)) {
        diag_error(&pp->session->diag, &directive->location, DIAG_EXPECTED_IDENTIFIER,
                   "#%s needs a name", directive->text);
        return false;
    }
    if (!token_is_name(name) || strcmp(name->text, "defined") == 0) {
        diag_error(&pp->session->diag, &name->location, DIAG_EXPECTED_IDENTIFIER,
                   "a macro needs a name, and this is none");
        return false;
    }
    return true;
}

static bool refuse(struct preprocess *pp, const struct token *at, const char *text)
{
    diag_error(&pp->session->diag, &at->location, DIAG_PP_MACRO_ARGUMENTS, "%s", text);
    return false;
}

/* parameters = [ name { "," name } ] [ "," ] [ name ] "..." ")", from behind the "(" on */
static bool read_parameters(struct preprocess *pp, struct macro *macro,
                            const struct token_row *line, size_t *at, struct token_row *names)
{
    const struct token *tokens = line->tokens;
    const struct token *last = &tokens[line->count - 1];

    if (*at < line->count && tokens[*at].kind == TOKEN_RIGHT_PAREN)
        return ++*at;
    for (; *at < line->count; ++*at) {
        struct token token = tokens[*at];

        if (token.kind == TOKEN_ELLIPSIS) {
            static const char rest[] = "__VA_ARGS__";
            struct lexer lexer = pp->file->lexer;

            token = lexer_name(&lexer, rest, sizeof rest - 1);
            macro->is_variadic = true;
        } else if (!token_is_name(&token)) {
            return refuse(pp, &token, "the name of a parameter must stand here");
        }
        if (token.name->parameter)
            return refuse(pp, &tokens[*at], "this parameter is there already");
        row_add(pp, names, &token);
        token.name->parameter = ++macro->parameter_count;
        if (++*at < line->count && tokens[*at].kind == TOKEN_ELLIPSIS && !macro->is_variadic) {
            macro->is_variadic = true;
            ++*at;
        }
        if (*at < line->count && tokens[*at].kind == TOKEN_RIGHT_PAREN)
            return ++*at;
        if (*at >= line->count || tokens[*at].kind != TOKEN_COMMA || macro->is_variadic)
            break;
    }
    return refuse(pp, *at < line->count ? &tokens[*at] : last,
                  "the list of parameters has no ')' here");
}

/* The tokens behind the parameters, which know here which of them are parameters. */
static bool read_body(struct preprocess *pp, struct macro *macro, const struct token *tokens,
                      size_t count)
{
    struct token *body = arena_alloc(pp->session->arena, count * sizeof *body);
    unsigned *places =
        macro->parameter_count ? arena_alloc(pp->session->arena, count * sizeof *places) : NULL;

    if (count)
        memcpy(body, tokens, count * sizeof *body);
    for (size_t i = 0; i < count; i++) {
        bool is_edge = i == 0 || i + 1 == count;

        if (places && token_is_name(&body[i]))
            places[i] = body[i].name->parameter;
        if (body[i].kind == TOKEN_HASH_HASH && is_edge)
            return refuse(pp, &body[i], "'##' needs something on both sides");
        macro->has_paste |= body[i].kind == TOKEN_HASH_HASH;
        if (body[i].kind == TOKEN_HASH && macro->has_parameters &&
            (i + 1 == count || !token_is_name(&body[i + 1]) || !body[i + 1].name->parameter))
            return refuse(pp, &body[i], "'#' needs a parameter behind it");
    }
    macro->body = body;
    macro->places = places;
    macro->count = count;
    return true;
}

static bool read_definition(struct preprocess *pp, struct macro *macro,
                            const struct token_row *line)
{
    struct token_row *names = row_new(pp);
    size_t at = 0;
    bool is_good = true;

    if (line->count > 0 && line->tokens[0].kind == TOKEN_LEFT_PAREN && !line->tokens[0].has_space) {
        at = 1;
        macro->has_parameters = true;
        is_good = read_parameters(pp, macro, line, &at, names);
    }
    if (is_good && line->count > at)
        is_good = read_body(pp, macro, line->tokens + at, line->count - at);
    for (size_t i = 0; i < names->count; i++)
        names->tokens[i].name->parameter = 0;
    row_drop(pp, names);
    return is_good;
}

/* 0x10 and 0x0010: real headers have the same value in several spellings. */
static bool same_number(const struct token *left, const struct token *right)
{
    struct number a, b;

    return left->kind == TOKEN_NUMBER && right->kind == TOKEN_NUMBER &&
           number_read(left->text, left->length, &a) == NUMBER_OK &&
           number_read(right->text, right->length, &b) == NUMBER_OK && a.bits == b.bits &&
           a.is_unsigned == b.is_unsigned;
}

static bool same_macro(const struct macro *left, const struct macro *right)
{
    if (left->count != right->count || left->has_parameters != right->has_parameters ||
        left->parameter_count != right->parameter_count || left->is_variadic != right->is_variadic)
        return false;
    for (size_t i = 0; i < left->count; i++) {
        const struct token *a = &left->body[i], *b = &right->body[i];
        bool same_place = !left->places || left->places[i] == right->places[i];
        bool is_parameter = left->places && left->places[i];

        if (!same_place || a->kind != b->kind)
            return false;
        if (!is_parameter && !same_number(a, b) &&
            (a->length != b->length || memcmp(a->text, b->text, a->length) != 0))
            return false;
    }
    return true;
}

void macro_define(struct preprocess *pp, const struct token *directive)
{
    struct token name;
    struct token_row *line;
    struct macro *macro, *old;
    bool is_good;

    if (!macro_name(pp, directive, &name))
        return;
    macro = ARENA_NEW(pp->session->arena, struct macro);
    macro->text = name.text;
    macro->name = name.name;
    macro->owner = pp;
    macro->location = name.location;
    line = directive_rest(pp);
    is_good = read_definition(pp, macro, line);
    row_drop(pp, line);
    if (!is_good)
        return;
    old = macro_of(pp, &name);
    if (old && old->location.source != pp->session->predefined && !same_macro(old, macro) &&
        !session_is_c_header(name.location.source->name)) {
        diag_warning(&pp->session->diag, &name.location, DIAG_PP_REDEFINITION,
                     "the macro '%s' had another value; it has this one from here on", name.text);
        diag_note(&pp->session->diag, &old->location, "the other value is here");
    }
    macro->shadowed = old ? old->shadowed : name.name->macro;
    name.name->macro = macro;
    macro->next_defined = pp->defined;
    pp->defined = macro;
}

void macro_undefine(struct preprocess *pp, const struct token *directive)
{
    struct token name;
    const struct macro *macro;

    if (!macro_name(pp, directive, &name))
        return;
    macro = macro_of(pp, &name);
    if (macro)
        name.name->macro = macro->shadowed;
}
