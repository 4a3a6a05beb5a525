/*
 * idl/parser_library.c -- see parser.h; libraries, the classes in them, and modules.
 */
#include <string.h>

#include "idl/parser.h"

/* "stdole32.tlb", "stdole2.tlb", and what was STDOLE_TLB: the types of automation. */
static bool is_automation(const char *library)
{
    const char *slash = strrchr(library, '\\');

    return strncasecmp(slash ? slash + 1 : library, "stdole", 6) == 0;
}

/* importlib = "importlib" "(" string ")" ";": the file itself is not needed */
static void parse_importlib(struct parser *parser, const struct head *head,
                            const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_IMPORTLIB, head);
    const struct symbol *dispatch = symbol_find(parser->session, "IDispatch");

    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN, "after importlib");
    if (!parser->is_panicking)
        declaration->text = parser_string(parser);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the name of the library");
    parser_expect(parser, TOKEN_SEMICOLON, "after importlib");
    if (!declaration->text)
        return;
    declaration_add(tail, declaration);
    if (is_automation(declaration->text) && (!dispatch || !dispatch->is_defined))
        parse_as_import(parser, "ocidl.idl", &declaration->location, tail);
}

/* library = attributes "library" name "{" { declaration } "}" [ ";" ] */
static void parse_library(struct parser *parser, const struct head *head,
                          const struct declaration ***tail)
{
    const struct declaration *outer = parser->container;
    struct declaration *library = declaration_new(parser, DECL_LIBRARY, head);
    const struct declaration **inner = &library->declarations;

    sema_check_attributes(parser->session, head->attributes, ON_LIBRARY);
    parser_advance(parser);
    library->name = parser_name(parser, "the name of the library", &library->location);
    if (!library->name)
        return;
    if (!attribute_with(head->attributes, ATTRIBUTE_UUID))
        diag_error(parser->diag, &library->location, DIAG_MISSING_UUID,
                   "a library needs an id: uuid(...)");
    if (!parser_expect(parser, TOKEN_LEFT_BRACE, "before what is in the library") ||
        !parser_enter(parser))
        return;
    declaration_add(tail, library);
    parser->container = library;
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        parse_declaration(parser, &inner);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser->container = outer;
    parser_leave(parser);
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after what is in the library");
    parser_take(parser, TOKEN_SEMICOLON);
}

/* ---- coclass ---- */

/* The class of this name. A name that was used as a type before turns out to be a class. */
static struct symbol *declare_coclass(struct parser *parser, const char *name,
                                      const struct location *location)
{
    struct symbol *symbol = symbol_interface(parser->session, name, location);
    struct coclass *coclass;

    if (symbol && symbol->coclass)
        return symbol;
    if (!symbol || symbol->is_declared) {
        symbol_add(parser->session, SYMBOL_INTERFACE, name, location); /* for its message */
        return NULL;
    }
    symbol_check_name(parser->session, name, location);
    coclass = ARENA_NEW(parser->arena, struct coclass);
    coclass->name = name;
    coclass->location = *location;
    coclass->as_type = symbol->interface;
    symbol->interface->coclass = coclass;
    symbol->coclass = coclass;
    symbol->is_declared = true;
    return symbol;
}

/* member = attributes ( "interface" | "dispinterface" ) name ";" */
static struct coclass_member *parse_member(struct parser *parser)
{
    struct coclass_member *member = ARENA_NEW(parser->arena, struct coclass_member);
    struct head head = parse_head(parser);
    struct symbol *symbol;
    const char *name;
    bool is_new;

    member->doc = head.doc;
    member->attributes = head.attributes;
    sema_check_attributes(parser->session, head.attributes, ON_MEMBER);
    if (!parser_is(parser, TOKEN_KEY_INTERFACE) && !parser_is_word(parser, "dispinterface")) {
        parser_expected(parser, DIAG_UNEXPECTED_TOKEN, "'interface' or 'dispinterface'");
        return NULL;
    }
    parser_advance(parser);
    name = parser_name(parser, "the name of an interface", &member->location);
    if (!name)
        return NULL;
    is_new = !symbol_find(parser->session, name);
    symbol = symbol_interface(parser->session, name, &member->location);
    if (symbol)
        symbol->is_member = symbol->is_member || is_new;
    if (parser_expect(parser, TOKEN_SEMICOLON, "after the interface of a coclass"))
        parser_take_trailing(parser, &member->doc);
    if (symbol && !symbol->coclass) {
        member->interface = symbol->interface;
        return member;
    }
    diag_error(parser->diag, &member->location, DIAG_NOT_AN_INTERFACE, "'%s' is no interface",
               name);
    return NULL;
}

static void parse_members(struct parser *parser, struct coclass *coclass)
{
    const struct coclass_member **tail = &coclass->members;

    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        struct coclass_member *member;

        if (parser_take(parser, TOKEN_SEMICOLON))
            continue;
        member = parse_member(parser);
        if (parser->is_panicking)
            parser_recover(parser);
        if (!member)
            continue;
        *tail = member;
        tail = &member->next;
    }
}

/* coclass = attributes "coclass" name ( ";" | "{" { member } "}" [ ";" ] ) */
static void parse_coclass(struct parser *parser, const struct head *head,
                          const struct declaration ***tail)
{
    const struct attribute *uuid = attribute_with(head->attributes, ATTRIBUTE_UUID);
    struct declaration *declaration = declaration_new(parser, DECL_COCLASS, head);
    struct symbol *symbol;
    struct coclass *coclass;

    sema_check_attributes(parser->session, head->attributes, ON_COCLASS);
    parser_advance(parser);
    declaration->name = parser_name(parser, "the name of the class", &declaration->location);
    symbol = declaration->name ? declare_coclass(parser, declaration->name, &declaration->location)
                               : NULL;
    if (!symbol) {
        parser->is_panicking = true;
        return;
    }
    coclass = symbol->coclass;
    declaration->coclass = coclass;
    declaration_add(tail, declaration);
    if (parser_take(parser, TOKEN_SEMICOLON))
        return;
    declaration->is_definition = true;
    if (coclass->is_complete) {
        diag_error(parser->diag, &declaration->location, DIAG_REDEFINITION,
                   "'%s' is defined already", coclass->name);
        diag_note(parser->diag, &coclass->location, "the first '%s' is here", coclass->name);
    } else if (!uuid)
        diag_error(parser->diag, &declaration->location, DIAG_MISSING_UUID,
                   "a coclass needs an id: uuid(...)");
    coclass->location = declaration->location;
    coclass->doc = head->doc;
    coclass->attributes = head->attributes;
    coclass->is_complete = true;
    coclass->has_uuid = uuid != NULL;
    if (uuid)
        coclass->uuid = uuid->guid;
    parser_expect(parser, TOKEN_LEFT_BRACE, "before the interfaces of the class");
    parse_members(parser, coclass);
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the interfaces of the class");
    parser_take(parser, TOKEN_SEMICOLON);
}

/* ---- module ---- */

/* module = attributes "module" name "{" { constant | method } "}" [ ";" ] */
static void parse_module(struct parser *parser, const struct head *head,
                         const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_MODULE, head);
    struct interface *interface = ARENA_NEW(parser->arena, struct interface);
    struct symbol symbol = {.kind = SYMBOL_INTERFACE, .interface = interface, .is_declared = true};
    struct symbol *outer = parser->interface;

    sema_check_attributes(parser->session, head->attributes, ON_MODULE);
    parser_advance(parser);
    declaration->name = parser_name(parser, "the name of the module", &declaration->location);
    if (!declaration->name)
        return;
    interface->name = declaration->name;
    interface->doc = head->doc;
    interface->location = declaration->location;
    interface->attributes = head->attributes;
    declaration->interface = interface;
    if (!parser_expect(parser, TOKEN_LEFT_BRACE, "before what is in the module") ||
        !parser_enter(parser))
        return;
    declaration_add(tail, declaration);
    parser->interface = &symbol;
    parse_interface_body(parser, interface);
    parser->interface = outer;
    parser_leave(parser);
    interface->is_complete = true;
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after what is in the module");
    parser_take(parser, TOKEN_SEMICOLON);
}

bool parse_library_declaration(struct parser *parser, const struct head *head,
                               const struct declaration ***tail)
{
    static const struct {
        const char *word;
        void (*parse)(struct parser *parser, const struct head *head,
                      const struct declaration ***tail);
    } rows[] = {
        {"coclass", parse_coclass},     {"dispinterface", parse_dispinterface},
        {"importlib", parse_importlib}, {"library", parse_library},
        {"module", parse_module},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (parser_is_word(parser, rows[i].word)) {
            rows[i].parse(parser, head, tail);
            return true;
        }
    }
    return false;
}
