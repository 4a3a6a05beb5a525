/*
 * idl/parser_dispatch.c -- see parser.h; dispinterfaces: names that Invoke of IDispatch answers to.
 */
#include <string.h>

#include "idl/parser.h"

/* property = attributes specifiers declarator ";" */
static struct field *parse_property(struct parser *parser, const struct head *head)
{
    struct pointer_rules rules = {.fallback = POINTER_UNIQUE, .attributes = head->attributes};
    struct field *property = ARENA_NEW(parser->arena, struct field);
    struct declarator declarator;

    sema_check_attributes(parser->session, head->attributes, ON_FIELD);
    if (!parse_declarator(parser, parse_specifiers(parser), &declarator))
        return NULL;
    if (!declarator.name) {
        parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "the name of a property");
        return NULL;
    }
    property->name = declarator.name;
    property->doc = head->doc;
    property->location = declarator.location;
    property->attributes = head->attributes;
    property->type = type_resolve_pointers(parser->arena, declarator.type, &rules);
    sema_check_object(parser->session, &property->location, property->type, "a property");
    if (parser_expect(parser, TOKEN_SEMICOLON, "after the property"))
        parser_take_trailing(parser, &property->doc);
    return property;
}

/* "interface" name ";": the members are those of another interface */
static void parse_source(struct parser *parser, struct interface *interface)
{
    struct location location;
    const struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    name = parser_name(parser, "the name of an interface", &location);
    if (!name)
        return;
    symbol = symbol_interface(parser->session, name, &location);
    if (!symbol || symbol->coclass)
        diag_error(parser->diag, &location, DIAG_NOT_AN_INTERFACE, "'%s' is no interface", name);
    else
        interface->dispatch_of = symbol->interface;
    if (!parser_is(parser, TOKEN_RIGHT_BRACE))
        parser_expect(parser, TOKEN_SEMICOLON, "after the interface");
}

/* section = ( "properties" | "methods" ) ":" */
static bool parse_section(struct parser *parser, bool *are_properties)
{
    if (!parser_is_word(parser, "properties") && !parser_is_word(parser, "methods"))
        return false;
    *are_properties = parser_is_word(parser, "properties");
    parser_advance(parser);
    parser_expect(parser, TOKEN_COLON, *are_properties ? "after properties" : "after methods");
    return true;
}

/* body = "interface" name ";" | "properties" ":" { property } "methods" ":" { method } */
static void parse_body(struct parser *parser, struct interface *interface)
{
    const struct field **properties = &interface->properties;
    const struct method **methods = &interface->methods;
    const struct declaration **declarations = &interface->declarations;
    const struct declaration *container = parser->container;
    struct late_argument *outer = parser->late;
    bool are_properties = false;

    parser->container = NULL;
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        struct method *method = NULL;
        struct field *property = NULL;
        struct head head;

        if (parser_take(parser, TOKEN_SEMICOLON) || parse_section(parser, &are_properties))
            continue;
        head = parse_head(parser);
        if (parser_is(parser, TOKEN_KEY_INTERFACE))
            parse_source(parser, interface);
        else if (are_properties)
            property = parse_property(parser, &head);
        else
            method = parse_typed(parser, &head, &declarations);
        parser->late = outer;
        if (method) {
            sema_check_method(parser->session, method);
            *methods = method;
            methods = &method->next;
        }
        if (property) {
            *properties = property;
            properties = &property->next;
        }
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser->container = container;
}

/* Its base is IDispatch, although nobody writes that. */
static void take_base(struct parser *parser, struct symbol *symbol,
                      const struct declaration ***tail)
{
    struct symbol *dispatch = symbol_find(parser->session, "IDispatch");

    if (!dispatch || !dispatch->is_defined)
        parse_as_import(parser, "oaidl.idl", &symbol->interface->location, tail);
    symbol->base_location = symbol->interface->location;
    dispatch = symbol_interface(parser->session, "IDispatch", &symbol->base_location);
    if (!dispatch)
        return;
    symbol->base = dispatch;
    symbol->has_dispatch = true;
    if (dispatch->is_defined)
        symbol->interface->base = dispatch->interface;
    else
        symbol_late(parser->session, symbol);
}

static void parse_definition(struct parser *parser, struct symbol *symbol, const struct head *head)
{
    struct symbol *outer = parser->interface;
    struct interface *interface = symbol->interface;

    symbol->is_defined = true;
    interface_take_attributes(interface, head);
    interface->is_object = true;
    parser->interface = symbol;
    if (parser_expect(parser, TOKEN_LEFT_BRACE, "before what is in the dispinterface") &&
        parser_enter(parser)) {
        parse_body(parser, interface);
        parser_leave(parser);
        parser_expect(parser, TOKEN_RIGHT_BRACE, "after what is in the dispinterface");
        parser_take(parser, TOKEN_SEMICOLON);
    }
    parser->interface = outer;
    interface->is_complete = true;
    sema_check_interface(parser->session, symbol);
}

/* dispinterface = attributes "dispinterface" name ( ";" | "{" body "}" [ ";" ] ) */
void parse_dispinterface(struct parser *parser, const struct head *head,
                         const struct declaration ***tail)
{
    struct head own = *head;
    struct declaration *declaration;
    struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    name = parser_name(parser, "the name of the dispinterface", &own.location);
    if (!name)
        return;
    sema_check_attributes(parser->session, head->attributes, ON_INTERFACE);
    symbol = declare_interface(parser, name, &own.location);
    if (!symbol) {
        parser->is_panicking = true;
        return;
    }
    declaration = declaration_new(parser, DECL_FORWARD, &own);
    declaration->name = name;
    declaration->interface = symbol->interface;
    if (parser_take(parser, TOKEN_SEMICOLON)) {
        if (!symbol->is_defined)
            symbol->interface->is_dispatch = true;
        declaration_add(tail, declaration);
        return;
    }
    symbol = interface_begin(parser, symbol, declaration, name);
    symbol->interface->is_dispatch = true;
    take_base(parser, symbol, tail);
    parse_definition(parser, symbol, head);
    declaration_add(tail, declaration);
}
