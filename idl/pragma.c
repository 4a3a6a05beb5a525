/*
 * idl/pragma.c -- see preprocess.h; the pragmas that mean something in IDL. Others are ignored.
 */
#include <string.h>

#include "idl/operator.h"
#include "idl/preprocess.h"

#define MAX_PACK_DEPTH 100 /* a pop may look for its name through all of them */

static bool word_is(const struct token *token, const char *word)
{
    return token_is_name(token) && strcmp(token->text, word) == 0;
}

static void warn(struct preprocess *pp, const struct token *at, const char *text)
{
    diag_warning(&pp->session->diag, &at->location, DIAG_PP_PRAGMA, "%s", text);
}

static void push_pack(struct preprocess *pp, const struct token *at, const char *name)
{
    struct pack_level *level = ARENA_NEW(pp->session->arena, struct pack_level);

    *level = (struct pack_level){pp->packs, pp->pack, name};
    pp->packs = level;
    if (++pp->pack_depth > MAX_PACK_DEPTH)
        session_stop(pp->session, &at->location, DIAG_NESTING_DEPTH,
                     "there are more than 100 of #pragma pack(push) in each other");
}

/* With a name: back to before the push of that name. */
static void pop_pack(struct preprocess *pp, const struct token *at, const char *name)
{
    struct pack_level *level = pp->packs;

    unsigned above = 1;

    for (; level && name && level->name != name; above++)
        level = level->outer;
    if (!level) {
        warn(pp, at, name ? "no pack(push) has this name" : "there was no pack(push) before");
        return;
    }
    pp->pack = level->pack;
    pp->packs = level->outer;
    pp->pack_depth -= above;
}

static bool read_pack(const struct token *token, unsigned *pack)
{
    struct number number;

    if (token->kind != TOKEN_NUMBER ||
        number_read(token->text, token->length, &number) != NUMBER_OK || number.bits > 16 ||
        number.bits & (number.bits - 1))
        return false;
    *pack = (unsigned)number.bits;
    return true;
}

/* pack = "(" [ "push" | "pop" ] [ "," name ] [ "," number ] ")" | "(" "show" ")" */
static void set_pack(struct preprocess *pp, const struct token_row *row)
{
    const struct token *tokens = row->tokens, *name = NULL, *number = NULL;
    const struct token *order = row->count > 1 && token_is_name(&tokens[1]) ? &tokens[1] : NULL;
    unsigned pack = 0;
    size_t at = order ? 2 : 1;

    for (; at + 1 < row->count; at++) {
        if (token_is_name(&tokens[at]))
            name = &tokens[at];
        else if (tokens[at].kind != TOKEN_COMMA)
            number = &tokens[at];
    }
    if (row->count < 2 || tokens[0].kind != TOKEN_LEFT_PAREN ||
        tokens[row->count - 1].kind != TOKEN_RIGHT_PAREN || (number && !read_pack(number, &pack)) ||
        (order && !word_is(order, "push") && !word_is(order, "pop") && !word_is(order, "show"))) {
        warn(pp, number ? number : &tokens[0],
             "pack takes push or pop, a name, and one of 1, 2, 4, 8 and 16; nothing is changed");
        return;
    }
    if (order && word_is(order, "push"))
        push_pack(pp, order, name ? name->text : NULL);
    else if (order && word_is(order, "pop"))
        pop_pack(pp, order, name ? name->text : NULL);
    if (number || !order)
        pp->pack = pack;
}

static void run_pack(struct preprocess *pp, const struct token *use)
{
    struct token_row *line = directive_rest(pp), *full = row_new(pp);

    preprocess_row(pp, line->tokens, line->count, use, full);
    if (full->count)
        set_pack(pp, full);
    else
        warn(pp, use, "pack needs something in parentheses; nothing is changed");
    row_drop(pp, line);
    row_drop(pp, full);
}

struct once_key {
    uint64_t device, file;
};

static struct once_key key_of(const struct idl_source *source)
{
    return source->identity.is_known
               ? (struct once_key){source->identity.device, source->identity.file}
               : (struct once_key){0, (uint64_t)(uintptr_t)source};
}

bool pragma_was_once(const struct preprocess *pp, const struct idl_source *source)
{
    struct once_key key = key_of(source);

    return pp->once.capacity && map_find(&pp->once, (const char *)&key, sizeof key);
}

static void run_once(struct preprocess *pp)
{
    struct once_key key = key_of(pp->file->lexer.source);

    if (!pp->once.capacity)
        map_init(&pp->once, pp->session->arena);
    map_put(&pp->once, (const char *)&key, sizeof key);
}

static void add_word(struct preprocess *pp, struct token_row *row, enum token_kind kind,
                     const char *text, const struct token *use)
{
    struct token token = {.kind = kind, .text = text, .length = strlen(text)};

    if (kind >= TOKEN_NAME)
        token = lexer_name(&pp->file->lexer, text, strlen(text));
    token.location = use->location;
    row_add(pp, row, &token);
}

/* midl_echo("text") is cpp_quote("text"); the parentheses may be left out. */
static void run_echo(struct preprocess *pp, const struct token *use)
{
    struct token_row *line = directive_rest(pp), *row = row_new(pp);
    struct frame *frame;

    add_word(pp, row, TOKEN_KEY_CPP_QUOTE, "cpp_quote", use);
    add_word(pp, row, TOKEN_LEFT_PAREN, "(", use);
    for (size_t i = 0; i < line->count; i++) {
        if (line->tokens[i].kind == TOKEN_STRING)
            row_add(pp, row, &line->tokens[i]);
    }
    add_word(pp, row, TOKEN_RIGHT_PAREN, ")", use);
    if (row->count == 3) {
        warn(pp, use, "midl_echo needs a string");
        row_drop(pp, row);
    } else {
        frame = preprocess_push(pp);
        frame->row = row;
        frame->tokens = row->tokens;
        frame->count = row->count;
        frame->use = *use;
    }
    row_drop(pp, line);
}

/* winrt [ ns_prefix ] */
static void run_winrt(struct preprocess *pp)
{
    struct token word;
    bool has_prefix = directive_next(pp, &word) && word_is(&word, "ns_prefix");

    pp->winrt = has_prefix ? PRAGMA_WINRT_PREFIX : PRAGMA_WINRT_PLAIN;
}

void pragma_run(struct preprocess *pp, const struct token *directive)
{
    struct token word;

    (void)directive;
    if (!directive_next(pp, &word))
        return;
    if (word_is(&word, "pack"))
        run_pack(pp, &word);
    else if (word_is(&word, "once"))
        run_once(pp);
    else if (word_is(&word, "midl_echo"))
        run_echo(pp, &word);
    else if (word_is(&word, "winrt"))
        run_winrt(pp);
}
