/*
 * idl/parser_interface.c -- see parser.h; interfaces, methods and parameters.
 */
#include <stdio.h>
#include <string.h>

#include "idl/parser.h"
#include "idl/text.h"
#include "idl/winrt.h"

static void set_directions(struct parameter *parameter)
{
    parameter->is_in = attribute_with(parameter->attributes, ATTRIBUTE_IN) != NULL;
    parameter->is_out = attribute_with(parameter->attributes, ATTRIBUTE_OUT) != NULL;
    parameter->is_retval = attribute_with(parameter->attributes, ATTRIBUTE_RETVAL) != NULL;
    if (!parameter->is_in && !parameter->is_out)
        parameter->is_in = true; /* DER-04 */
}

static const char *unnamed(struct parser *parser, size_t number)
{
    char name[32];
    int length = snprintf(name, sizeof name, "arg%zu", number);

    return arena_copy(parser->arena, name, (size_t)length);
}

/* parameter = attributes specifiers declarator */
static struct parameter *parse_parameter(struct parser *parser, size_t number, bool is_method)
{
    struct parameter *parameter = ARENA_NEW(parser->arena, struct parameter);
    struct pointer_rules rules = {.fallback = parser->pointer_default, .is_parameter = is_method};
    const struct attribute *value;
    struct declarator declarator;

    parameter->doc = parser_doc(parser, &parser->token);
    parameter->attributes = parse_attributes(parser);
    sema_check_attributes(parser->session, parameter->attributes, ON_PARAMETER);
    if (!parse_declarator(parser, parse_specifiers(parser), &declarator))
        return NULL;
    parameter->idl_name = declarator.name ? declarator.name : unnamed(parser, number);
    parameter->name = parameter->idl_name;
    parameter->location = declarator.location;
    rules.attributes = parameter->attributes;
    parameter->type = type_resolve_pointers(parser->arena, declarator.type, &rules);
    set_directions(parameter);
    value = attribute_with(parameter->attributes, ATTRIBUTE_DEFAULTVALUE);
    if (value && value->arg_count > 0)
        parameter->default_value = value->args[0];
    if (declarator.name)
        symbol_check_variable(parser->session, declarator.name, &parameter->location);
    return parameter;
}

static void parameter_twice(struct parser *parser, const struct parameter *parameter,
                            const struct parameter *first)
{
    diag_error(parser->diag, &parameter->location, DIAG_DUPLICATE_PARAMETER,
               "there is a parameter '%s' already", parameter->name);
    diag_note(parser->diag, &first->location, "the first '%s' is here", parameter->name);
}

/* parameters = "void" | [ parameter { "," parameter } ]; up to, not including, the ")" */
const struct parameter *parse_parameters(struct parser *parser, bool is_method)
{
    const struct parameter *list = NULL, **tail = &list;
    struct late_argument *outer = parser->late;
    struct map names;
    struct scope scope = {.parameters = &names};
    size_t number = 1;

    map_init(&names, parser->arena);
    parser_take_trailing(parser, NULL);
    parser->parameter_depth++;
    while (parser_goes_on(parser, TOKEN_RIGHT_PAREN)) {
        struct parameter *parameter = parse_parameter(parser, number, is_method);
        struct map_entry *entry;
        bool goes_on;

        if (!parameter)
            break;
        if (number == 1 && parameter->type->kind == TYPE_VOID &&
            parser_is(parser, TOKEN_RIGHT_PAREN) && strcmp(parameter->name, "arg1") == 0)
            break; /* (void) */
        entry = map_put(&names, parameter->name, strlen(parameter->name));
        if (entry->value)
            parameter_twice(parser, parameter, entry->value);
        else
            entry->value = parameter;
        sema_check_object(parser->session, &parameter->location, parameter->type, "a parameter");
        *tail = parameter;
        tail = &parameter->next;
        number++;
        goes_on = parser_take(parser, TOKEN_COMMA);
        parser_take_trailing(parser, &parameter->doc);
        if (!goes_on)
            break;
    }
    parser->parameter_depth--;
    bind_late_arguments(parser, outer, &scope);
    sema_note_parameters(parser->session, list);
    return list;
}

static const char *method_name(struct parser *parser, const struct method *method)
{
    const char *prefix = "";
    struct text text;

    if (attribute_with(method->attributes, ATTRIBUTE_EVENTADD))
        prefix = "add_";
    else if (attribute_with(method->attributes, ATTRIBUTE_EVENTREMOVE))
        prefix = "remove_";
    else if (attribute_with(method->attributes, ATTRIBUTE_PROPGET))
        prefix = "get_";
    else if (attribute_with(method->attributes, ATTRIBUTE_PROPPUT))
        prefix = "put_";
    else if (attribute_with(method->attributes, ATTRIBUTE_PROPPUTREF))
        prefix = "putref_";
    if (!*prefix)
        return method->idl_name;
    text_init(&text, parser->arena);
    text_format(&text, "%s%s", prefix, method->idl_name);
    return text_end(&text);
}

/* method = attributes specifiers pointers name "(" parameters ")" ";" from the "(" on */
struct method *parse_method(struct parser *parser, const struct head *head,
                            const struct declarator *declarator)
{
    static const struct pointer_rules rules = {.fallback = POINTER_UNIQUE};
    struct method *method = ARENA_NEW(parser->arena, struct method);

    sema_check_attributes(parser->session, head->attributes, ON_METHOD);
    symbol_check_name(parser->session, declarator->name, &declarator->location);
    method->location = declarator->location;
    method->attributes = head->attributes;
    method->doc = head->doc;
    method->idl_name = declarator->name;
    method->name = method_name(parser, method);
    method->return_type = type_resolve_pointers(parser->arena, declarator->type, &rules);
    method->owner = parser->interface->interface;
    method->is_local =
        attribute_with(head->attributes, ATTRIBUTE_LOCAL) != NULL || method->owner->is_local;
    parser_expect(parser, TOKEN_LEFT_PAREN, "after the method's name");
    method->parameters = parse_parameters(parser, true);
    if (!parser_take(parser, TOKEN_RIGHT_PAREN))
        parser_expected(parser, DIAG_EXPECTED_TOKEN, "',' or ')' after the parameter");
    if (parser_expect(parser, TOKEN_SEMICOLON, "after the method"))
        parser_take_trailing(parser, &method->doc);
    return parser->is_panicking ? NULL : method;
}

/* One thing in the body: a declaration as outside of it, or a method. */
static void parse_member(struct parser *parser, const struct method ***methods,
                         const struct declaration ***declarations)
{
    struct late_argument *outer = parser->late;
    struct head head;
    struct method *method;

    if (parser_take(parser, TOKEN_SEMICOLON))
        return;
    head = parse_head(parser);
    if (parse_common_declaration(parser, &head, declarations))
        return;
    method = parse_typed(parser, &head, declarations);
    parser->late = outer;
    if (!method)
        return;
    sema_check_method(parser->session, method);
    **methods = method;
    *methods = &method->next;
}

void parse_interface_body(struct parser *parser, struct interface *interface)
{
    const struct method **methods = &interface->methods;
    const struct declaration **declarations = &interface->declarations;
    const struct declaration *outer = parser->container;

    parser->container = NULL;
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        parse_member(parser, &methods, &declarations);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser->container = outer;
}

static enum pointer_kind pointer_default(struct parser *parser, const struct attribute *attributes)
{
    const struct attribute *attribute = attribute_with(attributes, ATTRIBUTE_POINTER_DEFAULT);

    if (!attribute || !attribute->text || strcmp(attribute->text, "unique") == 0)
        return POINTER_UNIQUE;
    if (strcmp(attribute->text, "ptr") == 0)
        return POINTER_FULL;
    if (strcmp(attribute->text, "ref") != 0)
        diag_error(parser->diag, &attribute->location, DIAG_ATTRIBUTE_CONFLICT,
                   "pointer_default is ref, unique or ptr");
    return POINTER_REF;
}

/* Known before the body is read: methods ask for it. */
void interface_take_attributes(struct interface *interface, const struct head *head)
{
    const struct attribute *uuid = attribute_with(head->attributes, ATTRIBUTE_UUID);
    const struct attribute *async = attribute_with(head->attributes, ATTRIBUTE_ASYNC_UUID);

    interface->doc = head->doc;
    interface->attributes = head->attributes;
    interface->is_object = attribute_with(head->attributes, ATTRIBUTE_OBJECT) ||
                           attribute_with(head->attributes, ATTRIBUTE_ODL);
    interface->is_local = attribute_with(head->attributes, ATTRIBUTE_LOCAL) != NULL;
    interface->has_uuid = uuid != NULL;
    interface->has_async_uuid = async != NULL;
    if (uuid)
        interface->uuid = uuid->guid;
    if (async)
        interface->async_uuid = async->guid;
}

/* base = ":" name */
static void parse_base(struct parser *parser, struct symbol *symbol)
{
    struct interface *interface = symbol->interface;
    struct symbol *base;

    if (!parser_take(parser, TOKEN_COLON))
        return;
    base = parse_interface_name(parser, "the base interface", &symbol->base_location);
    if (!base) {
        symbol->is_reported = true;
        return;
    }
    symbol->base = base;
    interface->is_object = true;
    if (base->is_defined && base->interface->is_complete) {
        interface->base = base->interface;
        symbol->has_dispatch = symbol->has_dispatch || base->has_dispatch;
    } else {
        symbol_late(parser->session, symbol); /* too early, or in a circle: told at the end */
    }
}

struct symbol *declare_interface(struct parser *parser, const char *name,
                                 const struct location *location)
{
    const char *full = winrt_whole(parser, name);
    struct symbol *symbol = winrt_interface(parser, full, "", location);

    if (!symbol || symbol->coclass) {
        symbol_add(parser->session, SYMBOL_INTERFACE, full, location); /* for its message */
        return NULL;
    }
    if (!symbol->is_declared && !parser->space)
        symbol_check_name(parser->session, name, location);
    symbol->is_declared = true;
    return symbol;
}

/* widl's files say by #pragma winrt that [object] alone is a table of functions and no more. */
static bool is_plain_table(const struct parser *parser, const struct interface *interface)
{
    return parser->pp->winrt != PRAGMA_WINRT_NONE && interface->is_object && !interface->has_uuid &&
           !parser_is(parser, TOKEN_COLON);
}

void parse_interface_definition(struct parser *parser, struct symbol *symbol,
                                const struct head *head)
{
    struct symbol *outer = parser->interface;
    enum pointer_kind outer_default = parser->pointer_default;
    struct interface *interface = symbol->interface;

    symbol->is_defined = true;
    symbol->has_dispatch = strcmp(interface->name, "IDispatch") == 0;
    interface_take_attributes(interface, head);
    symbol->is_plain_table = is_plain_table(parser, interface);
    if (interface->winrt)
        winrt_name_contract(parser, interface->winrt, head->attributes);
    parse_base(parser, symbol);
    parse_requires(parser, interface);
    parser->interface = symbol;
    parser->pointer_default = pointer_default(parser, head->attributes);
    if (parser_expect(parser, TOKEN_LEFT_BRACE, "before the interface's methods") &&
        parser_enter(parser)) {
        parse_interface_body(parser, interface);
        parser_leave(parser);
        parser_expect(parser, TOKEN_RIGHT_BRACE, "after the interface's methods");
        parser_take(parser, TOKEN_SEMICOLON);
    }
    parser->interface = outer;
    parser->pointer_default = outer_default;
    interface->is_complete = true;
    sema_check_interface(parser->session, symbol);
}

/* A second body: read for its own mistakes, and then forgotten. */
static struct symbol *throw_away(struct parser *parser, const struct symbol *symbol)
{
    struct symbol *copy = ARENA_NEW(parser->arena, struct symbol);
    struct interface *interface = ARENA_NEW(parser->arena, struct interface);

    interface->name = symbol->name;
    copy->name = symbol->name;
    copy->interface = interface;
    copy->is_declared = true;
    copy->is_reported = true;
    return copy;
}

struct symbol *interface_begin(struct parser *parser, struct symbol *symbol,
                               struct declaration *declaration, const char *name)
{
    const struct location *location = &declaration->location;

    if (symbol->is_defined) {
        diag_error(parser->diag, location, DIAG_REDEFINITION, "'%s' is defined already", name);
        diag_note(parser->diag, &symbol->interface->location, "the first '%s' is here", name);
        symbol = throw_away(parser, symbol);
    }
    declaration->kind = DECL_INTERFACE;
    declaration->interface = symbol->interface;
    symbol->interface->location = *location;
    return symbol;
}

/* interface = attributes "interface" name ( ";" | [ base ] "{" { member } "}" [ ";" ] ) */
void parse_interface(struct parser *parser, const struct head *head,
                     const struct declaration ***tail)
{
    struct head own = *head;
    struct declaration *declaration;
    struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    name = parser_name(parser, "the name of the interface", &own.location);
    if (!name)
        return;
    sema_check_attributes(parser->session, head->attributes, ON_INTERFACE);
    if (parser->space && parser_is(parser, TOKEN_LESS)) {
        parse_generic_interface(parser, &own, name);
        return;
    }
    symbol = declare_interface(parser, name, &own.location);
    if (!symbol) {
        parser->is_panicking = true;
        return;
    }
    declaration = declaration_new(parser, DECL_FORWARD, &own);
    declaration->name = symbol->interface->name;
    declaration->interface = symbol->interface;
    if (parser_take(parser, TOKEN_SEMICOLON)) {
        declaration_add(tail, declaration);
        return;
    }
    symbol = interface_begin(parser, symbol, declaration, name);
    parse_interface_definition(parser, symbol, head);
    declare_new_tags(parser, tail);
    declaration_add(tail, declaration);
}
