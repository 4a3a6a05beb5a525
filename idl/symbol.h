/*
 * idl/symbol.h -- names: what each one stands for, and the names that are used before their time.
 *
 * One space for interfaces, typedefs, constants and enumerators, one for tags, as in C, because all
 * of them end in one C header. Imported files share both.
 */
#ifndef IDL_SYMBOL_H
#define IDL_SYMBOL_H

#include "idl/ast.h"
#include "idl/ast_winrt.h"
#include "idl/hint.h"
#include "idl/session.h"

enum symbol_kind {
    SYMBOL_INTERFACE,
    SYMBOL_TYPEDEF,
    SYMBOL_CONST,
    SYMBOL_ENUMERATOR,
    /* only in namespaces: */
    SYMBOL_TAG,     /* a struct or enum, whose name needs no word before it */
    SYMBOL_CLASS,   /* runtimeclass */
    SYMBOL_GENERIC, /* IVector<T>; its name ends with '<' */
    SYMBOL_CONTRACT
};

struct symbol {
    enum symbol_kind kind;
    const char *name;
    struct location location; /* of the declaration, or of the first use */
    const struct declaration *declaration;
    const struct enumerator *enumerator;
    unsigned alias_depth; /* typedefs of typedefs */
    const struct tag *tag;
    struct winrt_class *runtime_class;
    struct winrt_generic *generic;
    struct winrt_contract *contract;

    /* interfaces */
    struct interface *interface;
    bool is_declared; /* false: a name was used as a type, and will be an interface or a mistake */
    bool is_defined;  /* its body has begun */
    bool is_reported; /* there is a message already */
    bool is_member;   /* first met as a member of a coclass, which names and needs no more */
    bool is_of_c;     /* first met in an imported header of C, which may name what it likes */
    bool is_async_twin;      /* AsyncIFoo, which the compiler makes */
    bool is_plain_table;     /* no COM: nobody asks for it, so it has neither base nor id */
    struct coclass *coclass; /* NULL, or: this is no interface but a coclass */
    bool has_dispatch;       /* IDispatch, or derived from it */
    struct symbol *base;     /* also one that is not defined yet */
    struct location base_location;
    unsigned mark; /* of the search for cycles */
    bool is_late;  /* in the list of what symbol_check_late looks at */
    struct symbol *next_late;
    bool is_ahead;                                    /* order.c: further down in the list */
    const struct declaration *waiting, *waiting_last; /* order.c: derived, and written above it */
};

struct tag {
    enum type_kind kind;
    struct record *record;
    struct enumeration *enumeration;
    struct location location;
};

/** NULL: there is none. Names in namespaces are whole: "Windows.Foundation.IClosable". */
struct symbol *symbol_find(const struct session *session, const char *name);

/** That of an interface, which in a namespace is not called as it is in C. */
struct symbol *symbol_of_interface(const struct session *session,
                                   const struct interface *interface);

/** A new symbol; NULL, and a message, if the name is taken. */
struct symbol *symbol_add(struct session *session, enum symbol_kind kind, const char *name,
                          const struct location *location);

/** The interface of this name, made as a promise if the name is not known; whether C takes the name
 * is asked by who declares it. NULL: it is no interface. */
struct symbol *symbol_interface(struct session *session, const char *name,
                                const struct location *location);

/** The tag's entry, made if there is none. NULL, and a message: it is one of another kind. */
struct tag *symbol_tag(struct session *session, enum type_kind kind, const char *name,
                       const struct location *location);

/** hint.c: the message for a name that is no type, with advice; once for each name. */
void symbol_unknown(struct session *session, struct symbol *symbol);

/** Has symbol_check_late look at this one. */
void symbol_late(struct session *session, struct symbol *symbol);

/** Bases that came later find their place; messages for names and bases that never came. */
void symbol_check_late(struct session *session);

/** order.c: puts interfaces behind their bases, where they are written the other way round. */
void symbol_order(struct session *session, const struct declaration **list);

/** A message if C or C++ would not take the name. */
void symbol_check_name(struct session *session, const char *name, const struct location *location);

/** The same for a parameter, whose name nobody but its method sees: it can be called otherwise. */
void symbol_check_variable(struct session *session, const char *name,
                           const struct location *location);

/** Whether a parameter in C must have another name: a type, a word of C or C++, or This. */
bool symbol_is_taken(const struct session *session, const char *name);

/** hint.c: a name of wtypes.idl or unknwn.idl. */
bool symbol_is_base(const char *name);

#endif
