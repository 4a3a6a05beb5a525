/*
 * idl/parser_file.c -- see parser.h; files, imports, and the declarations that are no interface.
 */
#include <string.h>
#include <strings.h>

#include "idl/doc.h"
#include "idl/text.h"
#include "idl/winrt.h"

struct head parse_head(struct parser *parser)
{
    struct head head = {.location = parser->token.location};

    parser_take_trailing(parser, NULL); /* of what was before, which has no place for it */
    head.doc = parser_doc(parser, &parser->token);
    head.attributes = parse_attributes(parser);
    if (!head.doc)
        head.doc = parser_doc(parser, &parser->token);
    return head;
}

struct declaration *declaration_new(struct parser *parser, enum declaration_kind kind,
                                    const struct head *head)
{
    struct declaration *declaration = ARENA_NEW(parser->arena, struct declaration);

    declaration->kind = kind;
    declaration->parent = parser->container;
    declaration->location = head->location;
    declaration->doc = head->doc;
    declaration->attributes = head->attributes;
    return declaration;
}

void declaration_add(const struct declaration ***tail, struct declaration *declaration)
{
    **tail = declaration;
    *tail = &declaration->next;
}

void parse_imported(struct session *session, struct unit *unit)
{
    struct unit *outer = session->unit;

    session->import_depth++;
    parse_file(session, unit);
    session->import_depth--;
    session->unit = outer;
}

/* The file of an import: read now, unless it has been. NULL, and a message: it cannot be. */
static const struct idl_file *import_file(struct parser *parser, const char *name,
                                          const struct location *location)
{
    struct session *session = parser->session;
    const struct idl_source *source = session_find_import(session, location, name);
    struct unit *unit;

    if (!source)
        return NULL;
    unit = session_unit(session, source);
    if (unit && unit->is_open)
        return NULL; /* as MIDL has it: files may import each other */
    if (unit) {
        session_note_import(session, unit, location);
        return unit->file;
    }
    if (session->import_depth >= SESSION_MAX_FILE_DEPTH) {
        session_stop(session, location, DIAG_INCLUDE_DEPTH,
                     "files import each other more than 32 deep");
        return NULL;
    }
    unit = session_add_unit(session, source);
    unit->origin = origin_of_file(session->arena, ORIGIN_IMPORT, location);
    session_note_import(session, unit, location);
    parse_imported(session, unit);
    return unit->file;
}

void parse_as_import(struct parser *parser, const char *name, const struct location *location,
                     const struct declaration ***tail)
{
    const struct head head = {.location = *location};
    struct declaration *declaration = declaration_new(parser, DECL_IMPORT, &head);

    declaration->text = name;
    declaration->imported = import_file(parser, name, location);
    declaration_add(tail, declaration);
}

/* A name of a file as it is written: a backslash is between folders, as on Windows. */
static const char *parse_file_name(struct parser *parser)
{
    const struct token *token = &parser->token;
    struct text text;

    if (!parser_is(parser, TOKEN_STRING) || token->text[0] != '"')
        return parser_string(parser);
    text_init(&text, parser->arena);
    file_name_text(&text, token->text + 1, token->length - 1);
    parser_advance(parser);
    return text_end(&text);
}

/* The header is where the file is, whatever the case of the name here. */
static const char *with_case_of(struct parser *parser, const char *text,
                                const struct idl_file *file)
{
    size_t length = strlen(text), path_length;
    const char *tail;

    if (!file)
        return text;
    path_length = strlen(file->path);
    if (path_length < length)
        return text;
    tail = file->path + path_length - length;
    return strcasecmp(text, tail) == 0 ? arena_copy(parser->arena, tail, length) : text;
}

/* import = "import" string { "," string } ";" */
static void parse_import(struct parser *parser, const struct head *head,
                         const struct declaration ***tail)
{
    parser_advance(parser);
    do {
        struct declaration *declaration = declaration_new(parser, DECL_IMPORT, head);

        declaration->location = parser->token.location;
        declaration->doc = NULL;
        declaration->text = parse_file_name(parser);
        if (!declaration->text)
            return;
        declaration->imported = import_file(parser, declaration->text, &declaration->location);
        declaration->text = with_case_of(parser, declaration->text, declaration->imported);
        declaration_add(tail, declaration);
    } while (parser_take(parser, TOKEN_COMMA));
    parser_expect(parser, TOKEN_SEMICOLON, "after the import");
}

/* cpp_quote = "cpp_quote" "(" string ")" [ ";" ] */
static void parse_cpp_quote(struct parser *parser, const struct head *head,
                            const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_CPP_QUOTE, head);

    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN, "after cpp_quote");
    if (!parser->is_panicking)
        declaration->text = parser_string(parser);
    if (declaration->text)
        parser_note_quote(parser, declaration->text); /* before a directive behind it is met */
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the string");
    parser_take(parser, TOKEN_SEMICOLON);
    if (declaration->text)
        declaration_add(tail, declaration);
}

/* declare_guid = "declare_guid" "(" name "," id ")" [ ";" ]: quotes what defines the id in C */
static void parse_declare_guid(struct parser *parser, const struct head *head,
                               const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_CPP_QUOTE, head);
    struct location location;
    const char *name;
    struct guid guid = {0};
    struct text text;

    parser_advance(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN, "after declare_guid");
    name = parser_name(parser, "the name of the id", &location);
    if (!name || !parser_expect(parser, TOKEN_COMMA, "after the name"))
        return;
    parse_uuid(parser, &guid);
    parser_expect(parser, TOKEN_RIGHT_PAREN, "after the id");
    parser_take(parser, TOKEN_SEMICOLON);
    text_init(&text, parser->arena);
    text_format(&text, "EXTERN_GUID(%s, 0x%08x, 0x%04x, 0x%04x", name, (unsigned)guid.data1,
                guid.data2, guid.data3);
    for (size_t i = 0; i < sizeof guid.data4; i++)
        text_format(&text, ", 0x%02x", guid.data4[i]);
    text_format(&text, ");");
    declaration->text = text_end(&text);
    declaration_add(tail, declaration);
}

/* midl_pragma = "midl_pragma" name "(" ... ")" [ ";" ]: advice to another compiler */
static void parse_midl_pragma(struct parser *parser)
{
    size_t depth = 0;

    parser_advance(parser);
    while (!parser->is_panicking && !parser_is(parser, TOKEN_END)) {
        if (parser_is(parser, TOKEN_LEFT_PAREN))
            depth++;
        if (parser_is(parser, TOKEN_RIGHT_PAREN) && --depth == 0)
            break;
        if (parser_is(parser, TOKEN_SEMICOLON) && depth == 0)
            break;
        parser_advance(parser);
    }
    parser_take(parser, TOKEN_RIGHT_PAREN);
    parser_take(parser, TOKEN_SEMICOLON);
}

/* constant = "=" expression, behind the name */
static struct declaration *parse_const_value(struct parser *parser, const struct head *head,
                                             struct declarator *declarator,
                                             const struct declaration ***tail)
{
    static const struct scope nothing = {0};
    struct pointer_rules rules = {.fallback = parser->pointer_default};
    struct declaration *declaration = declaration_new(parser, DECL_CONST, head);
    size_t errors = parser->diag->errors;
    struct symbol *symbol;
    struct expr *value;

    parse_declarator_rest(parser, declarator);
    parser_expect(parser, TOKEN_ASSIGN, "after the name of a constant");
    value = parse_expression(parser);
    expr_bind(parser->session, value, &nothing);
    declaration->name = declarator->name;
    declaration->location = declarator->location;
    declaration->type = type_resolve_pointers(parser->arena, declarator->type, &rules);
    declaration->value = value;
    if (parser->is_panicking)
        return NULL;
    if (parser->diag->errors == errors)
        sema_check_const(parser->session, declaration);
    symbol = symbol_add(parser->session, SYMBOL_CONST, declarator->name, &declarator->location);
    if (symbol)
        symbol->declaration = declaration;
    declaration_add(tail, declaration);
    return declaration;
}

/* const = "const" specifiers plain constant { "," plain constant } ";" from the first name on */
static void parse_const(struct parser *parser, const struct head *head, struct type *base,
                        struct declarator *declarator, const struct declaration ***tail)
{
    struct declaration *constant;

    sema_check_attributes(parser->session, head->attributes, ON_CONST);
    while ((constant = parse_const_value(parser, head, declarator, tail)) != NULL) {
        bool goes_on = parser_take(parser, TOKEN_COMMA);

        if (goes_on || parser_expect(parser, TOKEN_SEMICOLON, "after the constant"))
            parser_take_trailing(parser, &constant->doc);
        if (!goes_on)
            return;
        if (!parse_plain_declarator(parser, base, declarator))
            return;
    }
}

static unsigned alias_depth(const struct parser *parser, const struct type *type)
{
    const struct symbol *symbol;

    while (type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type->target;
    if (!type || type->kind != TYPE_ALIAS)
        return 1;
    symbol = symbol_find(parser->session, type->alias->name);
    return symbol ? symbol->alias_depth + 1 : 1;
}

/* A typedef may be said again, in C as well, if it says the same. */
static bool is_typedef_again(const struct parser *parser, const struct declaration *declaration)
{
    const struct symbol *old = symbol_find(parser->session, declaration->name);

    return old && old->kind == SYMBOL_TYPEDEF &&
           type_is_same(old->declaration->type, declaration->type);
}

static void add_typedef(struct parser *parser, struct declaration *declaration,
                        const struct declarator *declarator)
{
    unsigned depth = alias_depth(parser, declaration->type);
    struct symbol *symbol;

    /* As `typedef interface IFoo IFoo;`: the compiler writes that line itself. */
    if (declarator->type->kind == TYPE_INTERFACE &&
        strcmp(declarator->type->interface->name, declarator->name) == 0)
        return;
    if (is_typedef_again(parser, declaration))
        return;
    symbol = symbol_add(parser->session, SYMBOL_TYPEDEF, declarator->name, &declarator->location);
    if (!symbol)
        return;
    symbol->declaration = declaration;
    symbol->alias_depth = depth;
    if (depth > SESSION_MAX_DEPTH)
        parser_error(parser, &declarator->location, DIAG_NESTING_DEPTH,
                     "typedefs of each other more than %d deep", SESSION_MAX_DEPTH);
}

static void add_type(struct parser *parser, const struct head *head, const struct type *type,
                     const struct declaration ***tail)
{
    struct declaration *declaration = declaration_new(parser, DECL_TYPE, head);

    sema_check_attributes(parser->session, head->attributes, ON_TYPE);
    sema_check_variable(parser->session, head->attributes, type);
    declaration->type = type;
    winrt_note_type(parser, type, declaration);
    if (type->kind == TYPE_ENUM) {
        declaration->name = type->enumeration->tag;
        if (type->is_definition)
            ((struct enumeration *)(uintptr_t)type->enumeration)->attributes = head->attributes;
    } else {
        declaration->name = type->record->tag;
        if (type->is_definition)
            ((struct record *)(uintptr_t)type->record)->attributes = head->attributes;
    }
    declare_new_tags(parser, tail);
    declaration_add(tail, declaration);
}

/* "typedef struct Point Point;" in a namespace, where the name alone is the type. */
static void parse_winrt_typedef(struct parser *parser, const struct head *head,
                                const struct type *type, const struct declaration ***tail)
{
    if (type->is_definition)
        add_type(parser, head, type, tail);
    parser_expect(parser, TOKEN_SEMICOLON, "after the typedef");
}

/* The word before a type, unless it is the name of one. */
static bool take_pipe(struct parser *parser)
{
    if (!parser_is_word(parser, "pipe") || symbol_find(parser->session, "pipe"))
        return false;
    parser_advance(parser);
    return true;
}

/* typedef = "typedef" attributes [ "pipe" ] specifiers declarator { "," declarator } ";" */
static void parse_typedef(struct parser *parser, const struct head *head,
                          const struct declaration ***tail)
{
    struct head own = *head;
    struct pointer_rules rules = {.fallback = parser->pointer_default};
    bool is_first = true, is_pipe, goes_on;
    struct type *base;

    parser_advance(parser);
    own.attributes = join_attributes(parser, own.attributes, parse_attributes(parser));
    sema_check_attributes(parser->session, own.attributes, ON_TYPEDEF);
    rules.attributes = own.attributes;
    is_pipe = take_pipe(parser);
    base = parse_specifiers(parser);
    if (is_pipe && base->is_definition) {
        add_type(parser, head, base, tail);
        base = type_without_definition(parser, base);
    }
    do {
        struct declaration *declaration = declaration_new(parser, DECL_TYPEDEF, &own);
        struct declarator declarator;

        if (!parse_declarator(parser, base, &declarator))
            return;
        if (!declarator.name) {
            parser_expected(parser, DIAG_EXPECTED_IDENTIFIER, "the name of a type");
            return;
        }
        if (winrt_is_own_name(declarator.type, declarator.name)) {
            parse_winrt_typedef(parser, &own, base, tail);
            return;
        }
        if (is_pipe)
            declarator.type = parser_pipe_type(parser, base, declarator.name, &declarator.location);
        declaration->name = declarator.name;
        declaration->location = declarator.location;
        declaration->type = type_resolve_pointers(parser->arena, declarator.type, &rules);
        sema_check_variable(parser->session, own.attributes, declaration->type);
        declaration->continues = !is_first && !is_pipe;
        is_first = false;
        base = type_without_definition(parser, base);
        add_typedef(parser, declaration, &declarator);
        if (!declaration->continues)
            declare_new_tags(parser, tail);
        declaration_add(tail, declaration);
        goes_on = parser_take(parser, TOKEN_COMMA);
        if (goes_on || parser_expect(parser, TOKEN_SEMICOLON, "after the typedef"))
            parser_take_trailing(parser, &declaration->doc);
    } while (goes_on);
}

static bool is_tagged(const struct type *type)
{
    return type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ENUM;
}

/* typed = specifiers ( ";" | plain ( constant | "(" parameters ")" ";" ) ) */
struct method *parse_typed(struct parser *parser, const struct head *head,
                           const struct declaration ***tail)
{
    bool is_const = parser_is(parser, TOKEN_KEY_CONST) || parser_is(parser, TOKEN_KEY_STATIC);
    struct type *base = parse_specifiers(parser);
    struct declarator declarator;

    if (parser->is_panicking)
        return NULL;
    if (is_tagged(base) && parser_is(parser, TOKEN_SEMICOLON)) {
        struct head own = *head;

        parser_take_trailing(parser, NULL); /* of a name that the type may have: `struct S ///<` */
        parser_advance(parser);
        parser_take_trailing(parser, &own.doc);
        add_type(parser, &own, base, tail);
        return NULL;
    }
    if (is_tagged(base) && !parser->interface && !is_const) {
        parser_expected(parser, DIAG_EXPECTED_TOKEN, "';' after the type");
        return NULL;
    }
    if (!parse_plain_declarator(parser, base, &declarator))
        return NULL;
    if (is_const && (!parser->interface || !parser_is(parser, TOKEN_LEFT_PAREN)))
        parse_const(parser, head, base, &declarator, tail);
    else
        return parse_method(parser, head, &declarator);
    return NULL;
}

bool parse_common_declaration(struct parser *parser, const struct head *head,
                              const struct declaration ***tail)
{
    struct late_argument *outer = parser->late;
    static const struct scope nothing = {0};

    switch (parser->token.kind) {
    case TOKEN_KEY_IMPORT:
        parse_import(parser, head, tail);
        break;
    case TOKEN_KEY_CPP_QUOTE:
        parse_cpp_quote(parser, head, tail);
        break;
    case TOKEN_KEY_MIDL_PRAGMA:
        parse_midl_pragma(parser);
        break;
    case TOKEN_KEY_TYPEDEF:
        parse_typedef(parser, head, tail);
        break;
    default:
        if (!parser_is_word(parser, "declare_guid"))
            return false;
        parse_declare_guid(parser, head, tail);
        break;
    }
    bind_late_arguments(parser, outer, &nothing);
    return true;
}

/* What later versions will read: told by name, and skipped with its body. */
static bool is_outside(const struct parser *parser)
{
    static const char *const words[] = {"runtimeclass", "delegate", "apicontract", "declare"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (parser_is_word(parser, words[i]))
            return true;
    }
    return false;
}

/* declaration = ";" | attributes ( interface | common | typed | library_declaration ) */
void parse_declaration(struct parser *parser, const struct declaration ***tail)
{
    struct late_argument *outer = parser->late;
    static const struct scope nothing = {0};
    struct head head;

    if (parser_take(parser, TOKEN_SEMICOLON) || parse_quoted_header(parser))
        return;
    head = parse_head(parser);
    if (parser->is_panicking)
        return;
    bind_late_arguments(parser, outer, &nothing);
    if (parse_common_declaration(parser, &head, tail) ||
        parse_winrt_declaration(parser, &head, tail))
        return;
    if (parser_is(parser, TOKEN_KEY_INTERFACE))
        parse_interface(parser, &head, tail);
    else if (parser_is(parser, TOKEN_KEY_CONST) || parser_is(parser, TOKEN_KEY_STATIC) ||
             parser_is(parser, TOKEN_KEY_STRUCT) || parser_is(parser, TOKEN_KEY_UNION) ||
             parser_is(parser, TOKEN_KEY_ENUM))
        parse_typed(parser, &head, tail);
    else if (parser_is(parser, TOKEN_KEY_EXTERN) ||
             attribute_with(head.attributes, ATTRIBUTE_LOCAL))
        parse_extern(parser, &head, tail);
    else if (parse_library_declaration(parser, &head, tail))
        return;
    else if (is_outside(parser))
        parser_error(parser, &parser->token.location, DIAG_UNEXPECTED_TOKEN,
                     "'%s' stands in a namespace", parser->token.text);
    else
        parser_expected(parser, DIAG_UNEXPECTED_TOKEN, "a declaration");
}

/* The first comment is the file's, unless it is the doc comment of what stands below it. */
static void take_head_comment(struct parser *parser)
{
    const struct lexer *lexer = &parser->pp->base->lexer;
    uint32_t begin = lexer->head_begin, end = lexer->head_end;

    if (begin == end)
        return;
    if (parser->token.doc_begin <= begin && parser->token.doc_end >= end &&
        parser->token.doc_begin != parser->token.doc_end &&
        parser->token.location.source == lexer->source && !parser_is(parser, TOKEN_KEY_IMPORT) &&
        !parser_is(parser, TOKEN_KEY_CPP_QUOTE))
        return;
    parser->file->doc = doc_text(parser->arena, lexer->source, begin, end);
}

void parse_file(struct session *session, struct unit *unit)
{
    struct preprocess *pp = ARENA_NEW(session->arena, struct preprocess);
    struct idl_file *file = ARENA_NEW(session->arena, struct idl_file);
    struct parser parser = {.session = session,
                            .arena = session->arena,
                            .diag = &session->diag,
                            .pp = pp,
                            .file = file,
                            .is_c_header = session_is_c_header(unit->source->name) &&
                                           session->import_depth > 0,
                            .pointer_default = POINTER_UNIQUE};
    const struct declaration **tail = &file->declarations;
    bool was_quiet = session->diag.is_quiet, was_import = session->diag.is_import;

    session->diag.is_quiet = was_quiet || parser.is_c_header;
    session->diag.is_import = session->import_depth > 0;
    file->name = unit->source->name;
    file->path = unit->source->path;
    file->is_system = unit->source->is_system;
    unit->file = file;
    unit->is_open = true;
    session->unit = unit;
    preprocess_init(pp, session, unit->source, unit->origin);
    parser_advance(&parser);
    take_head_comment(&parser);
    while (!parser_is(&parser, TOKEN_END)) {
        if (parser.is_c_header)
            parse_c_declaration(&parser, &tail);
        else
            parse_declaration(&parser, &tail);
        if (parser.is_panicking)
            parser_recover(&parser);
        if (parser_is(&parser, TOKEN_RIGHT_BRACE)) {
            parser_expected(&parser, DIAG_UNEXPECTED_TOKEN, "a declaration");
            parser_advance(&parser);
            parser.is_panicking = false;
        }
    }
    winrt_end_of_file(&parser, &tail);
    preprocess_finish(pp);
    unit->is_open = false;
    session->diag.is_quiet = was_quiet && !session->is_stopped;
    session->diag.is_import = was_import;
}
