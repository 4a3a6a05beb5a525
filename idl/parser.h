/*
 * idl/parser.h -- what the files of the parser share; else only idl.c and cache.c include it.
 *
 * Recursive descent with one token in hand and no way back. A mistake in the syntax sets
 * is_panicking: no more messages, every loop ends, every production returns, until
 * parser_recover has found the end of the declaration. A mistake in the meaning does not.
 */
#ifndef IDL_PARSER_H
#define IDL_PARSER_H

#include "idl/attribute.h"
#include "idl/expr.h"
#include "idl/preprocess.h"
#include "idl/sema.h"
#include "idl/symbol.h"
#include "idl/type.h"

/* An argument of an attribute whose names are looked up when all parameters or fields are known. */
struct late_argument {
    struct late_argument *next;
    const struct expr *expr;
    const struct attribute *attribute;
};

struct parser {
    struct session *session;
    struct arena *arena;
    struct diag *diag;
    struct preprocess *pp;
    struct token token;
    const char *trailing; /* a comment that looks back, and has not found its piece yet */
    bool is_panicking;
    bool is_c_header; /* nobody is told what is wrong in one */
    unsigned depth;   /* productions that contain each other; at most SESSION_MAX_DEPTH */
    struct idl_file *file;
    struct symbol *interface;               /* whose body is being read; NULL: none */
    const struct winrt_space *space;        /* the innermost open namespace; NULL: none */
    const struct winrt_parameters *generic; /* of the definition that is being read; NULL: none */
    const struct declaration *container;    /* the library that is being read; NULL: none */
    enum pointer_kind pointer_default;
    struct late_argument *late;
    unsigned parameter_depth;           /* lists of parameters that contain the token */
    const struct declaration *new_tags; /* first named in one: C wants them before it; backwards */
};

struct declarator {
    const char *name; /* NULL: none */
    struct location location;
    struct type *type;
    bool is_stdcall;
};

/* What a declaration begins with. */
struct head {
    struct location location;
    const char *doc;
    const struct attribute *attributes;
};

/* parser.c: tokens, messages, recovery */
void parser_advance(struct parser *parser);
bool parser_is(const struct parser *parser, enum token_kind kind);
bool parser_is_word(const struct parser *parser, const char *word);
bool parser_take(struct parser *parser, enum token_kind kind);
bool parser_expect(struct parser *parser, enum token_kind kind, const char *where);
void parser_error(struct parser *parser, const struct location *location, enum diag_kind kind,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/** "expected X but found Y" at the token in hand. */
void parser_expected(struct parser *parser, enum diag_kind kind, const char *what);
/** Whether a name is in hand, or a keyword that only a "(" behind it makes one. */
bool parser_at_name(const struct parser *parser);
/** A name that is no keyword. NULL, and a message: there is none. */
const char *parser_name(struct parser *parser, const char *what, struct location *location);
/** A string without quotes and escapes; adjacent ones are one. NULL, and a message: there is none.
 */
const char *parser_string(struct parser *parser);
/** False, and a message: too deep. With true goes a parser_leave. */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);
/** Skips to behind the next ";" or closed "{}", or to a "}" that is not ours. */
void parser_recover(struct parser *parser);
const char *parser_doc(struct parser *parser, const struct token *token);
/**
 * Gives the comment that looks back to the piece that has just been read, if it has no other. Also
 * called with NULL before a list: what stands there belongs to nobody in it.
 */
void parser_take_trailing(struct parser *parser, const char **doc);
bool parser_goes_on(const struct parser *parser, enum token_kind end);

/* parser_file.c: a file, and what may stand in one */
void parse_file(struct session *session, struct unit *unit);
/** What may stand outside of interfaces: in a file or in a library. */
void parse_declaration(struct parser *parser, const struct declaration ***tail);
/** One that the text does not have, but what stands at `location` needs. */
void parse_as_import(struct parser *parser, const char *name, const struct location *location,
                     const struct declaration ***tail);
void parse_imported(struct session *session, struct unit *unit);
/** cache.c: adds the files that `source` imports before it says anything else; stops at a doubt. */
void parse_leading_imports(struct session *session, const struct idl_source *source,
                           void (*add)(void *context, const struct idl_source *source),
                           void *context);
/** import, cpp_quote, typedef and the like; false: the token begins nothing of these. */
bool parse_common_declaration(struct parser *parser, const struct head *head,
                              const struct declaration ***tail);
/** What begins with a type: a constant, the type alone, or, in an interface, a method, returned. */
struct method *parse_typed(struct parser *parser, const struct head *head,
                           const struct declaration ***tail);
struct declaration *declaration_new(struct parser *parser, enum declaration_kind kind,
                                    const struct head *head);
void declaration_add(const struct declaration ***tail, struct declaration *declaration);
struct head parse_head(struct parser *parser);

/* parser_c.c: what C defines elsewhere; headers of C that are imported for their types */
/** extern = "extern" specifiers declarator ";"; functions also without the word, if [local]. */
void parse_extern(struct parser *parser, const struct head *head, const struct declaration ***tail);
/** Remembers the header of a quoted #include. */
void parser_note_quote(struct parser *parser, const char *text);
/**
 * A declaration of a header that the IDL includes for itself and quotes for C: C has it already.
 * False: the token in hand is not from one.
 */
bool parse_quoted_header(struct parser *parser);
void parse_c_declaration(struct parser *parser, const struct declaration ***tail);

/* parser_attribute.c */
/** { "[" attribute { "," attribute } "]" }; where they may stand is checked by sema.h. */
const struct attribute *parse_attributes(struct parser *parser);

/** An id, bare or in quotes. */
void parse_uuid(struct parser *parser, struct guid *guid);

/** Both lists as one. */
const struct attribute *join_attributes(struct parser *parser, const struct attribute *first,
                                        const struct attribute *second);
/** Looks the names in attribute arguments up, newest first down to `end`, and checks them. */
void bind_late_arguments(struct parser *parser, struct late_argument *end,
                         const struct scope *scope);

/* parser_type.c, parser_record.c, parser_declarator.c */
struct type *parse_specifiers(struct parser *parser);
struct type *parse_record(struct parser *parser);
/** "struct S;" for each tag that was first named in a list of parameters, where it would be lost.
 */
void declare_new_tags(struct parser *parser, const struct declaration ***tail);
/** parser_pipe.c: what "typedef pipe T P;" is in C: a struct of functions for elements of T. */
struct type *parser_pipe_type(struct parser *parser, const struct type *element, const char *name,
                              const struct location *location);
struct type *parse_enum(struct parser *parser);
/** Whether the token in hand can begin a type. */
bool parser_at_type(const struct parser *parser);
bool parse_declarator(struct parser *parser, struct type *base, struct declarator *declarator);
/** Only { "*" } name: what comes next tells a constant from a method. */
bool parse_plain_declarator(struct parser *parser, struct type *base,
                            struct declarator *declarator);
/** The lengths behind the name of a plain declarator. */
void parse_declarator_rest(struct parser *parser, struct declarator *declarator);
/** type = specifiers declarator, without a name: for casts, sizeof and SAFEARRAY. */
struct type *parse_type_name(struct parser *parser);
/** A further declarator of a type: the body, if there was one, belongs to the first. */
struct type *type_without_definition(struct parser *parser, struct type *type);

/* parser_expr.c */
struct expr *parse_expression(struct parser *parser);
/** The same, and it must be an integer constant. */
struct expr *parse_constant(struct parser *parser);
/** The message for s.n and s->n. */
void refuse_member(struct parser *parser, const struct location *location);

/* parser_interface.c */
void parse_interface(struct parser *parser, const struct head *head,
                     const struct declaration ***tail);
struct method *parse_method(struct parser *parser, const struct head *head,
                            const struct declarator *declarator);
const struct parameter *parse_parameters(struct parser *parser, bool is_method);
/** [ ":" base ] [ "requires" list ] "{" { member } "}" [ ";" ] */
void parse_interface_definition(struct parser *parser, struct symbol *symbol,
                                const struct head *head);
/** Methods and declarations up to, not including, the "}". */
void parse_interface_body(struct parser *parser, struct interface *interface);
/** The interface of this name, which is declared here. NULL, and a message: the name is taken. */
struct symbol *declare_interface(struct parser *parser, const char *name,
                                 const struct location *location);
/** What an interface takes from its attributes, before its body is read. */
void interface_take_attributes(struct interface *interface, const struct head *head);
/** The body of `declaration` comes now. A second one is read for its own mistakes, with a symbol
 * of its own, and then forgotten: go on with what is returned. */
struct symbol *interface_begin(struct parser *parser, struct symbol *symbol,
                               struct declaration *declaration, const char *name);

/* parser_library.c: library, importlib, coclass, module */
/** False: the token begins nothing of these. */
bool parse_library_declaration(struct parser *parser, const struct head *head,
                               const struct declaration ***tail);

/* parser_winrt.c, winrt_lookup.c: namespaces; all of them do nothing where there are none */
/** What only namespaces have; false: the token begins nothing of it. */
bool parse_winrt_declaration(struct parser *parser, struct head *head,
                             const struct declaration ***tail);
/** interface name "<" ..., from the "<" on. */
void parse_generic_interface(struct parser *parser, const struct head *head, const char *name);
void parse_requires(struct parser *parser, struct interface *interface);
/** Whether the name in hand is one that namespaces may be asked for. */
bool parser_at_winrt_name(const struct parser *parser);
struct type *parse_winrt_type(struct parser *parser);
/** The symbol of an interface, also of one that is not known yet. NULL, and a message: it is none.
 */
struct symbol *parse_interface_name(struct parser *parser, const char *what,
                                    struct location *location);
/** The entry of the tag that has just been read. NULL, and a message: it is one of another kind. */
struct tag *parse_tag(struct parser *parser, enum type_kind kind, const char *name,
                      const struct location *location);

/* parser_dispatch.c */
void parse_dispinterface(struct parser *parser, const struct head *head,
                         const struct declaration ***tail);

#endif
