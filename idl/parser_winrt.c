/*
 * idl/parser_winrt.c -- see parser.h; namespaces, and the declarations that only they have.
 */
#include <stdlib.h>
#include <string.h>

#include "idl/text.h"
#include "idl/winrt.h"

/* ---- interfaces ---- */

/* "<" name { "," name } ">" behind the name of what is being defined */
static bool parse_parameter_names(struct parser *parser, struct winrt_parameters *parameters)
{
    size_t capacity = 0;

    parser_advance(parser);
    do {
        const char *name = parser_name(parser, "the name of a parameter", NULL);

        if (!name)
            return false;
        if (parameters->count == capacity) {
            const char **grown;

            capacity = capacity ? 2 * capacity : 2;
            grown = arena_alloc(parser->arena, capacity * sizeof *grown);
            if (parameters->count)
                memcpy(grown, parameters->names, parameters->count * sizeof *grown);
            parameters->names = grown;
        }
        parameters->names[parameters->count++] = name;
    } while (parser_take(parser, TOKEN_COMMA));
    return parser_expect(parser, TOKEN_GREATER, "after the parameters");
}

/* The symbol of a definition with parameters; NULL, and a message: it has other ones already. */
static struct symbol *declare_generic(struct parser *parser, const char *name,
                                      const struct winrt_parameters *parameters, const char *prefix,
                                      const struct location *location)
{
    const char *full = winrt_whole(parser, name);
    struct symbol *symbol;
    struct text key;

    text_init(&key, parser->arena);
    text_format(&key, "%s<", full);
    symbol = symbol_find(parser->session, text_end(&key));
    if (symbol && symbol->generic->count == parameters->count) {
        if (!symbol->is_defined && winrt_state(parser->session)->is_reading_known)
            symbol->generic->is_known = true;
        return symbol;
    }
    symbol = symbol_add(parser->session, SYMBOL_GENERIC, text_end(&key), location);
    if (!symbol)
        return NULL;
    symbol->interface = ARENA_NEW(parser->arena, struct interface);
    symbol->generic = ARENA_NEW(parser->arena, struct winrt_generic);
    symbol->generic->name = winrt_name_make(parser, full, prefix);
    symbol->generic->count = parameters->count;
    symbol->generic->is_known = winrt_state(parser->session)->is_reading_known;
    symbol->generic->is_delegate = *prefix != '\0';
    symbol->generic->definition = symbol->interface;
    symbol->interface->name = symbol->generic->name->full;
    symbol->interface->winrt = symbol->generic->name;
    symbol->interface->location = *location;
    symbol->is_declared = true;
    return symbol;
}

static bool is_second(struct parser *parser, const struct symbol *symbol,
                      const struct location *location)
{
    if (!symbol->is_defined)
        return false;
    parser_error(parser, location, DIAG_REDEFINITION, "'%.100s' is defined already",
                 symbol->interface->winrt ? symbol->interface->winrt->full : symbol->name);
    return true;
}

/* To behind the next ";" or closed "{}". */
static void skip_body(struct parser *parser)
{
    size_t depth = 0;

    while (parser_goes_on(parser, TOKEN_END)) {
        bool is_end = parser_is(parser, TOKEN_RIGHT_BRACE);

        if (is_end && depth == 0)
            break; /* of what is around it */
        depth += parser_is(parser, TOKEN_LEFT_BRACE);
        depth -= is_end;
        is_end = is_end || parser_is(parser, TOKEN_SEMICOLON);
        parser_advance(parser);
        if (is_end && depth == 0) {
            parser_take(parser, TOKEN_SEMICOLON);
            return;
        }
    }
    parser_expect(parser, TOKEN_SEMICOLON, "at the end");
}

/* Of two definitions of which one is the front end's own, the first holds: they are the same. */
static bool skip_known(struct parser *parser, const struct symbol *symbol)
{
    const struct winrt_generic *generic = symbol->generic;

    if (!generic || !symbol->is_defined ||
        !(generic->is_known || winrt_state(parser->session)->is_reading_known))
        return false;
    skip_body(parser);
    return true;
}

void parse_generic_interface(struct parser *parser, const struct head *head, const char *name)
{
    struct winrt_parameters parameters = {NULL, 0};
    struct symbol *symbol;

    winrt_state(parser->session);
    if (!parse_parameter_names(parser, &parameters))
        return;
    symbol = declare_generic(parser, name, &parameters, "", &head->location);
    if (!symbol) {
        parser->is_panicking = true;
        return;
    }
    if (parser_take(parser, TOKEN_SEMICOLON) || skip_known(parser, symbol) ||
        is_second(parser, symbol, &head->location))
        return;
    parser->generic = &parameters;
    parse_interface_definition(parser, symbol, head);
    parser->generic = NULL;
}

/* requires = "requires" name { "," name } */
void parse_requires(struct parser *parser, struct interface *interface)
{
    const struct winrt_reference **tail = &interface->required;

    if (!parser_is_word(parser, "requires"))
        return;
    parser_advance(parser);
    do {
        struct winrt_reference *reference = ARENA_NEW(parser->arena, struct winrt_reference);

        reference->location = parser->token.location;
        reference->type = parse_winrt_mention(parser);
        if (!parser->is_panicking && reference->type->kind != TYPE_INTERFACE)
            diag_error(parser->diag, &reference->location, DIAG_NOT_AN_INTERFACE,
                       "only interfaces can be required");
        *tail = reference;
        tail = &reference->next;
    } while (parser_take(parser, TOKEN_COMMA));
}

/* ---- delegates ---- */

/* The interface of a delegate has one method, and IDL does not write it down as such. */
static void fill_delegate(struct parser *parser, struct symbol *symbol, const struct head *head,
                          const struct declarator *result)
{
    struct interface *interface = symbol->interface;
    const struct attribute *uuid = attribute_with(head->attributes, ATTRIBUTE_UUID);
    struct head own = {.location = head->location};
    struct declarator invoke = {.name = "Invoke", .location = head->location, .type = result->type};
    struct symbol *outer = parser->interface;

    symbol->is_defined = true;
    symbol->is_declared = true;
    symbol->base = symbol_interface(parser->session, "IUnknown", &head->location);
    symbol->base_location = head->location;
    interface->doc = head->doc;
    interface->attributes = head->attributes;
    interface->is_object = true;
    interface->is_delegate = true;
    interface->has_uuid = uuid != NULL;
    if (uuid)
        interface->uuid = uuid->guid;
    else
        diag_error(parser->diag, &head->location, DIAG_MISSING_UUID,
                   "a delegate needs an id: uuid(...)");
    if (symbol->base && symbol->base->is_defined)
        interface->base = symbol->base->interface;
    else if (symbol->base)
        symbol_late(parser->session, symbol);
    winrt_name_contract(parser, interface->winrt, head->attributes);
    parser->interface = symbol;
    interface->methods = parse_method(parser, &own, &invoke);
    parser->interface = outer;
    interface->is_complete = true;
    if (interface->methods)
        sema_check_method(parser->session, interface->methods);
    sema_check_interface(parser->session, symbol);
}

static void add_interface(struct parser *parser, const struct head *head, struct symbol *symbol,
                          const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_FORWARD, head);

    if (symbol->is_defined)
        declaration->kind = DECL_INTERFACE;
    declaration->name = symbol->interface->name;
    declaration->interface = symbol->interface;
    declaration_add(tail, declaration);
}

/* delegate = "delegate" ( name ";" | specifiers plain [ parameters ] "(" parameters ")" ";" ) */
static void parse_delegate(struct parser *parser, struct head *head,
                           const struct declaration ***tail)
{
    struct winrt_parameters parameters = {NULL, 0};
    struct declarator result;
    struct symbol *symbol;
    struct type *type;

    parser_advance(parser);
    sema_check_attributes(parser->session, head->attributes, ON_INTERFACE);
    type = parse_specifiers(parser);
    if (parser_is(parser, TOKEN_SEMICOLON) && type->kind == TYPE_INTERFACE) {
        parser_advance(parser); /* a name that was a promise until now */
        if (type->interface->winrt)
            symbol = winrt_interface(parser, type->interface->winrt->full, "I", &head->location);
        else
            symbol = NULL;
        if (symbol) {
            symbol->is_declared = true;
            add_interface(parser, head, symbol, tail);
        }
        return;
    }
    if (!parse_plain_declarator(parser, type, &result))
        return;
    head->location = result.location;
    if (parser_is(parser, TOKEN_LESS)) {
        if (!parse_parameter_names(parser, &parameters))
            return;
        symbol = declare_generic(parser, result.name, &parameters, "I", &result.location);
        parser->generic = &parameters;
    } else {
        symbol = winrt_interface(parser, winrt_whole(parser, result.name), "I", &result.location);
        if (!symbol)
            symbol_add(parser->session, SYMBOL_INTERFACE, winrt_whole(parser, result.name),
                       &result.location); /* for its message */
    }
    if (!symbol)
        parser->is_panicking = true;
    else if (!skip_known(parser, symbol) && !is_second(parser, symbol, &result.location))
        fill_delegate(parser, symbol, head, &result);
    if (symbol && !parser->generic && !parser->is_panicking)
        add_interface(parser, head, symbol, tail);
    parser->generic = NULL;
}

/* ---- classes ---- */

/* [attributes] "interface" name ";" */
static struct winrt_reference *parse_class_member(struct parser *parser)
{
    struct winrt_reference *reference = ARENA_NEW(parser->arena, struct winrt_reference);

    reference->attributes = parse_attributes(parser);
    sema_check_attributes(parser->session, reference->attributes, ON_OTHER);
    if (!parser_expect(parser, TOKEN_KEY_INTERFACE, "and a name: a class is made of interfaces"))
        return NULL;
    reference->location = parser->token.location;
    reference->type = parse_winrt_mention(parser);
    if (!parser->is_panicking && reference->type->kind != TYPE_INTERFACE)
        diag_error(parser->diag, &reference->location, DIAG_NOT_AN_INTERFACE,
                   "a class is made of interfaces, and this is none");
    parser_expect(parser, TOKEN_SEMICOLON, "after the interface");
    return parser->is_panicking ? NULL : reference;
}

/* What was only mentioned turns out to be needed: it must be known at the end. */
static const struct interface *promised(struct parser *parser, const struct interface *interface,
                                        const struct location *location)
{
    return winrt_interface(parser, interface->winrt->full, "", location)->interface;
}

/* The one with [default], else the first. */
static const struct interface *default_interface(struct parser *parser,
                                                 const struct winrt_reference *list)
{
    const struct winrt_reference *chosen = NULL;
    const struct interface *interface;

    for (const struct winrt_reference *r = list; r; r = r->next) {
        if (!attribute_with(r->attributes, ATTRIBUTE_DEFAULT))
            continue;
        if (chosen)
            diag_error(parser->diag, &r->location, DIAG_DUPLICATE_ATTRIBUTE,
                       "a class has one default interface");
        chosen = chosen ? chosen : r;
    }
    chosen = chosen ? chosen : list;
    if (!chosen || chosen->type->kind != TYPE_INTERFACE)
        return NULL;
    interface = chosen->type->interface;
    if (interface->winrt && !interface->instance &&
        !symbol_of_interface(parser->session, interface))
        interface = promised(parser, interface, &chosen->location);
    return interface;
}

static void parse_class_body(struct parser *parser, struct winrt_class *runtime_class)
{
    const struct winrt_reference **tail = &runtime_class->interfaces;

    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        struct winrt_reference *reference = NULL;

        if (parser_take(parser, TOKEN_SEMICOLON))
            continue;
        reference = parse_class_member(parser);
        if (parser->is_panicking)
            parser_recover(parser);
        if (!reference)
            continue;
        *tail = reference;
        tail = &reference->next;
    }
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the interfaces of the class");
    parser_take(parser, TOKEN_SEMICOLON);
    runtime_class->default_interface = default_interface(parser, runtime_class->interfaces);
    runtime_class->is_complete = true;
}

static void parse_class_base(struct parser *parser, struct winrt_class *runtime_class)
{
    struct location location = parser->token.location;
    const struct type *type = parse_winrt_mention(parser);

    if (type->kind == TYPE_INTERFACE)
        runtime_class->base = type;
    else if (!parser->is_panicking)
        diag_error(parser->diag, &location, DIAG_NOT_AN_INTERFACE,
                   "the base of a class is a class");
}

static struct symbol *declare_class(struct parser *parser, const char *name,
                                    const struct location *location)
{
    const char *full = winrt_whole(parser, name);
    struct symbol *symbol = symbol_find(parser->session, full);

    if (symbol && symbol->kind == SYMBOL_CLASS)
        return symbol;
    symbol = symbol_add(parser->session, SYMBOL_CLASS, full, location);
    if (!symbol)
        return NULL;
    symbol->runtime_class = ARENA_NEW(parser->arena, struct winrt_class);
    symbol->runtime_class->name = winrt_name_make(parser, full, "");
    symbol->runtime_class->location = *location;
    return symbol;
}

/* class = "runtimeclass" name ( ";" | [ ":" name ] "{" { member } "}" [ ";" ] ) */
static void parse_class(struct parser *parser, struct head *head, const struct declaration ***tail)
{
    struct declaration *declaration;
    struct winrt_class *runtime_class;
    struct symbol *symbol;
    const char *name;

    parser_advance(parser);
    sema_check_attributes(parser->session, head->attributes, ON_OTHER);
    name = parser_name(parser, "the name of the class", &head->location);
    symbol = name ? declare_class(parser, name, &head->location) : NULL;
    if (!symbol) {
        parser->is_panicking = true;
        return;
    }
    runtime_class = symbol->runtime_class;
    declaration = declaration_new(parser, DECL_RUNTIME_CLASS, head);
    declaration->name = runtime_class->name->c;
    declaration->runtime_class = runtime_class;
    declaration_add(tail, declaration);
    if (parser_take(parser, TOKEN_SEMICOLON))
        return;
    if (runtime_class->is_complete) {
        parser_error(parser, &head->location, DIAG_REDEFINITION, "'%.100s' is defined already",
                     runtime_class->name->full);
        return;
    }
    declaration->is_definition = true;
    runtime_class->location = head->location;
    runtime_class->attributes = head->attributes;
    winrt_name_contract(parser, runtime_class->name, head->attributes);
    if (parser_take(parser, TOKEN_COLON))
        parse_class_base(parser, runtime_class);
    if (parser_expect(parser, TOKEN_LEFT_BRACE, "before the interfaces of the class"))
        parse_class_body(parser, runtime_class);
}

/* ---- contracts ---- */

/* "1", "1.0" or "0x10000" as the number that C compares. */
static uint32_t read_version(const struct token *token)
{
    uint32_t parts[2] = {0, 0};
    unsigned part = 0;

    if (token->length > 2 && (token->text[1] | 0x20) == 'x')
        return (uint32_t)strtoul(token->text, NULL, 16);
    for (size_t i = 0; i < token->length && part < 2; i++) {
        if (token->text[i] == '.')
            part++;
        else if (token->text[i] >= '0' && token->text[i] <= '9' && parts[part] < 0x10000)
            parts[part] = parts[part] * 10 + (uint32_t)(token->text[i] - '0');
    }
    return (parts[0] & 0xffff) << 16 | (parts[1] & 0xffff);
}

void parse_contract_version(struct parser *parser, struct attribute *attribute)
{
    if (parser_is(parser, TOKEN_NAME)) {
        attribute->text = parse_dotted(parser, "a contract", NULL);
        if (!parser_expect(parser, TOKEN_COMMA, "and a version after the contract"))
            return;
    }
    if (!parser_is(parser, TOKEN_NUMBER)) {
        parser_expected(parser, DIAG_BAD_NUMBER, "a version");
        return;
    }
    attribute->version = read_version(&parser->token);
    parser_advance(parser);
}

/* contract = "apicontract" name ( ";" | "{" "}" [ ";" ] ) */
static void parse_contract(struct parser *parser, struct head *head,
                           const struct declaration ***tail)
{
    const struct attribute *version = attribute_with(head->attributes, ATTRIBUTE_CONTRACTVERSION);
    struct winrt_contract *contract;
    struct declaration *declaration;
    struct symbol *symbol;
    const char *name, *full;

    parser_advance(parser);
    name = parser_name(parser, "the name of the contract", &head->location);
    if (!name)
        return;
    if (parser_take(parser, TOKEN_SEMICOLON))
        return; /* its version is not known yet, so nothing can be said of it */
    parser_expect(parser, TOKEN_LEFT_BRACE, "after the name of the contract");
    parser_expect(parser, TOKEN_RIGHT_BRACE, "because contracts are empty");
    parser_take(parser, TOKEN_SEMICOLON);
    full = winrt_whole(parser, name);
    symbol = symbol_add(parser->session, SYMBOL_CONTRACT, full, &head->location);
    if (!symbol)
        return;
    contract = ARENA_NEW(parser->arena, struct winrt_contract);
    contract->name = winrt_name_make(parser, full, "");
    contract->macro = winrt_contract_macro(parser->arena, full);
    contract->version = version ? version->version : 0x10000;
    symbol->contract = contract;
    declaration = declaration_new(parser, DECL_CONTRACT, head);
    declaration->name = contract->macro;
    declaration->contract = contract;
    declaration_add(tail, declaration);
}

/* ---- instances ---- */

/* "interface" name "<" types ">" ";" */
static void parse_declared(struct parser *parser, const struct declaration ***tail)
{
    struct head head = {.location = parser->token.location};
    struct declaration *declaration;
    const struct type *type;

    if (!parser_expect(parser, TOKEN_KEY_INTERFACE, "and a name with arguments"))
        return;
    head.location = parser->token.location;
    type = parse_winrt_type(parser);
    parser_expect(parser, TOKEN_SEMICOLON, "after the interface");
    if (parser->is_panicking)
        return;
    if (type->kind != TYPE_INTERFACE || !type->interface->instance) {
        diag_error(parser->diag, &head.location, DIAG_UNEXPECTED_TOKEN,
                   "only parameterized interfaces with arguments are declared so");
        return;
    }
    ((struct instance *)(uintptr_t)type->interface->instance)->is_declared = true;
    declaration = declaration_new(parser, DECL_INTERFACE, &head);
    declaration->name = type->interface->name;
    declaration->interface = type->interface;
    declaration_add(tail, declaration);
}

/* declare = "declare" "{" { declared } "}" [ ";" ] */
static void parse_declare(struct parser *parser, const struct declaration ***tail)
{
    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_BRACE, "after declare");
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        parse_declared(parser, tail);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the interfaces");
    parser_take(parser, TOKEN_SEMICOLON);
}

/* ---- namespaces ---- */

/* namespace = "namespace" name "{" { declaration } "}" [ ";" ] */
static void parse_namespace(struct parser *parser, const struct declaration ***tail)
{
    struct winrt_space space = {.outer = parser->space};
    struct location location;
    const char *name, *root;

    parser_advance(parser);
    name = parse_dotted(parser, "the name of the namespace", &location);
    if (!name || !parser_expect(parser, TOKEN_LEFT_BRACE, "after the name of the namespace"))
        return;
    space.full = winrt_whole(parser, name);
    root = arena_copy(parser->arena, space.full, strcspn(space.full, "."));
    map_put(&winrt_state(parser->session)->roots, root, strlen(root))->value = parser->session;
    if (!parser_enter(parser))
        return;
    parser->space = &space;
    while (parser_goes_on(parser, TOKEN_RIGHT_BRACE)) {
        parse_declaration(parser, tail);
        if (parser->is_panicking)
            parser_recover(parser);
    }
    parser->space = space.outer;
    parser_leave(parser);
    parser_expect(parser, TOKEN_RIGHT_BRACE, "after the declarations of the namespace");
    parser_take(parser, TOKEN_SEMICOLON);
}

bool parse_winrt_declaration(struct parser *parser, struct head *head,
                             const struct declaration ***tail)
{
    if (parser_is_word(parser, "namespace")) {
        parse_namespace(parser, tail);
        return true;
    }
    if (!parser->space)
        return false;
    if (parser_is_word(parser, "runtimeclass"))
        parse_class(parser, head, tail);
    else if (parser_is_word(parser, "delegate"))
        parse_delegate(parser, head, tail);
    else if (parser_is_word(parser, "apicontract"))
        parse_contract(parser, head, tail);
    else if (parser_is_word(parser, "declare"))
        parse_declare(parser, tail);
    else if (parser_is_word(parser, "attribute"))
        skip_body(parser); /* of metadata, which a header has not */
    else
        return false;
    return true;
}
