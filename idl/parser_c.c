/*
 * idl/parser_c.c -- see parser.h; what C defines elsewhere, and headers of C that an IDL imports.
 *
 * MIDL reads such headers for their types: `import "basetsd.h";`. What is no IDL in them, functions
 * and whatever compilers have of their own, is skipped without a word; an unknown name is told
 * where the IDL uses it.
 */
#include <string.h>

#include "idl/parser.h"

void parse_extern(struct parser *parser, const struct head *head, const struct declaration ***tail)
{
    static const struct pointer_rules rules = {.fallback = POINTER_UNIQUE};
    struct declaration *declaration = declaration_new(parser, DECL_EXTERN, head);
    struct declarator declarator;

    parser_take(parser, TOKEN_KEY_EXTERN);
    if (!parse_declarator(parser, parse_specifiers(parser), &declarator))
        return;
    if (!declarator.name) {
        parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "the name of a variable or function");
        return;
    }
    symbol_check_name(parser->session, declarator.name, &declarator.location);
    declaration->name = declarator.name;
    declaration->location = declarator.location;
    declaration->type = type_resolve_pointers(parser->arena, declarator.type, &rules);
    if (parser_expect(parser, TOKEN_SEMICOLON, "after the declaration"))
        parser_take_trailing(parser, &declaration->doc);
    declare_new_tags(parser, tail);
    declaration_add(tail, declaration);
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

void parser_note_quote(struct parser *parser, const char *text)
{
    size_t length;

    text += strspn(text, " \t#");
    if (strncmp(text, "include", 7) != 0)
        return;
    text += 7 + strspn(text + 7, " \t");
    length = strcspn(text + (*text != 0), ">\"");
    if (length > 0)
        map_put(&parser->session->quoted, arena_copy(parser->arena, text + 1, length), length)
            ->value = parser;
}

bool parse_quoted_header(struct parser *parser)
{
    const struct idl_source *source = parser->token.location.source;
    const struct declaration *nowhere = NULL, **tail = &nowhere;
    bool was_quiet = parser->diag->is_quiet;

    if (source == parser->pp->base->lexer.source || !session_is_quoted(parser->session, source))
        return false;
    parser->diag->is_quiet = true;
    while (parser->token.location.source == source && !parser_is(parser, TOKEN_END)) {
        parse_c_declaration(parser, &tail);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser->diag->is_quiet = was_quiet && !parser->session->is_stopped;
    return true;
}

/* "interface" name ";": anything more is what a compiler has made of one */
static void parse_c_interface(struct parser *parser)
{
    struct location location;
    struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    name = parser_name(parser, "the name of an interface", &location);
    symbol = name && parser_is(parser, TOKEN_SEMICOLON)
                 ? symbol_interface(parser->session, name, &location)
                 : NULL;
    if (symbol)
        symbol->is_declared = true;
    else
        parser->is_panicking = true;
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
    case TOKEN_KEY_INTERFACE:
        parse_c_interface(parser);
        break;
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
