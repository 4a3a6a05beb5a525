/*
 * idl/parser_leading.c -- see parser.h; a look at what a file imports at its beginning.
 *
 * It reads no further than the imports and what may stand between them without any meaning for
 * them: cpp_quote and midl_pragma. What it allocates and says is the caller's to take back.
 */
#include "idl/parser.h"

static void skip_arguments(struct parser *parser)
{
    size_t depth = 0;

    do {
        if (parser_is(parser, TOKEN_LEFT_PAREN))
            depth++;
        if (parser_is(parser, TOKEN_RIGHT_PAREN))
            depth -= depth > 0;
        parser_advance(parser);
    } while (depth > 0 && !parser_is(parser, TOKEN_END));
}

/* import = "import" string { "," string } ";"; false: there is something wrong. */
static bool read_import(struct parser *parser,
                        void (*add)(void *context, const struct idl_source *source), void *context)
{
    do {
        const struct idl_source *source;
        struct location location;
        const char *name;

        parser_advance(parser);
        location = parser->token.location;
        name = parser_string(parser);
        if (!name)
            return false;
        source = session_find_import(parser->session, &location, name);
        if (!source)
            return false;
        add(context, source);
    } while (parser_is(parser, TOKEN_COMMA));
    return parser_take(parser, TOKEN_SEMICOLON);
}

void parse_leading_imports(struct session *session, const struct idl_source *source,
                           void (*add)(void *context, const struct idl_source *source),
                           void *context)
{
    struct preprocess *pp = ARENA_NEW(session->arena, struct preprocess);
    struct parser parser = {
        .session = session, .arena = session->arena, .diag = &session->diag, .pp = pp};

    preprocess_init(pp, session, source, NULL);
    parser_advance(&parser);
    for (;;) {
        if (parser_is(&parser, TOKEN_KEY_IMPORT)) {
            if (!read_import(&parser, add, context))
                return;
        } else if (parser_is(&parser, TOKEN_KEY_CPP_QUOTE) ||
                   parser_is(&parser, TOKEN_KEY_MIDL_PRAGMA)) {
            parser_advance(&parser);
            skip_arguments(&parser);
        } else if (!parser_take(&parser, TOKEN_SEMICOLON)) {
            return;
        }
    }
}
