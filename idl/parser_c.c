/*
 * idl/parser_c.c -- see parser.h; headers of C that an IDL imports.
 *
 * MIDL reads them for their types: `import "basetsd.h";`. What is no IDL in them, functions and
 * whatever compilers have of their own, is skipped without a word; an unknown name is told where
 * the IDL uses it.
 */
#include <string.h>
#include <strings.h>

#include "idl/parser.h"

bool parser_is_c_header(const char *name)
{
    static const char *const suffixes[] = {".h", ".hxx", ".hpp", ".hh"};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcasecmp(dot, suffixes[i]) == 0)
            return true;
    return false;
}

/* Behind "extern": the end of a declaration, or of `"C"` with the brace that opens a block of them.
 */
static void skip_extern(struct parser *parser)
{
    parser_advance(parser);
    if (!parser_is(parser, TOKEN_STRING))
        parser_recover(parser);
    else
        while (parser_is(parser, TOKEN_STRING) || parser_is(parser, TOKEN_LEFT_BRACE))
            parser_advance(parser);
}

/* declaration of C = ";" | "}" | extern | typedef | const | record | enum | anything */
void parse_c_declaration(struct parser *parser, const struct declaration ***tail)
{
    struct head head = parse_head(parser);

    if (parser_take(parser, TOKEN_SEMICOLON) || parser_take(parser, TOKEN_RIGHT_BRACE))
        return; /* the brace: of extern "C" */
    if (parser_is(parser, TOKEN_KEY_EXTERN)) {
        skip_extern(parser);
        return;
    }
    if (parse_common_declaration(parser, &head, tail))
        return;
    switch (parser->token.kind) {
    case TOKEN_KEY_CONST:
    case TOKEN_KEY_STRUCT:
    case TOKEN_KEY_UNION:
    case TOKEN_KEY_ENUM:
        parse_typed(parser, &head, tail);
        break;
    default:
        parser->is_panicking = true; /* skipped */
        break;
    }
}
