/*
 * ast.h -- the checked tree of one IDL file: what the front end makes and every back end reads.
 *
 * Plain data without behaviour. Every node lives in the compilation's arena and is constant once
 * idl_compile has returned. Lists are linked in the order of the IDL. Names are NUL-terminated
 * UTF-8 that passed the identifier check, so a back end may print them as they are.
 */
#ifndef IDL_AST_H
#define IDL_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/ast_type.h"

/* ---- interfaces ---- */

struct parameter {
    const struct parameter *next;
    const char *name;     /* as in C: no other declaration has it; a type `data`: "data_" */
    const char *idl_name; /* given one ("arg1", ...) if the IDL has none */
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct type *type;
    bool is_in, is_out; /* neither given: is_in (DER-04) */
    bool is_retval;
    const struct expr *default_value;
};

struct method {
    const struct method *next;
    const char *name;     /* as in the vtable: propget is get_Name already */
    const char *idl_name; /* as the IDL has it */
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct type *return_type;
    const struct parameter *parameters;
    bool is_local;
    const struct method *call_as; /* the [local] method that this remote form belongs to, or NULL */
    const struct interface *owner;
};

struct interface {
    const char *name;
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct interface *base;           /* NULL: IUnknown itself, or not an object interface */
    const struct method *methods;           /* own ones, in order */
    const struct declaration *declarations; /* typedefs, consts, ... inside the body, in order */
    bool is_object, is_local, is_complete;
    bool is_dispatch; /* a dispinterface */
    bool has_uuid, has_async_uuid;
    struct guid uuid, async_uuid;
    const struct async_interface *async; /* NULL without [async_uuid] */
    bool is_delegate;
    const struct winrt_name *winrt;         /* in a namespace; NULL: not in one */
    const struct winrt_instance *instance;  /* of a parameterized interface; NULL: of none */
    const struct winrt_reference *required; /* interfaces that an object must have beside it */
    /* A dispinterface has the slots of IDispatch, its base, and no others: what is written in it
     * are names for Invoke. */
    const struct field *properties;      /* of its properties: */
    const struct interface *dispatch_of; /* { interface IFoo; }: the members of another one */
    const struct coclass *coclass;       /* NULL, or: the name of a coclass, used as a type */
};

/* An interface that the objects of a class have, or call. */
struct coclass_member {
    const struct coclass_member *next;
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct interface *interface;
};

struct coclass {
    const char *name;
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct coclass_member *members;
    const struct interface *as_type; /* stands for it in types */
    bool is_complete, has_uuid;
    struct guid uuid;
};

/*
 * The asynchronous twin of an interface with [async_uuid]: for every own method M of it a Begin_M
 * and a Finish_M (DER-01 to DER-03). Inherited slots are those of base.
 */
struct async_method {
    const struct async_method *next;
    const struct method *method;
    const char *begin_name;               /* "Begin_M" */
    const char *finish_name;              /* "Finish_M" */
    const struct parameter *const *begin; /* those that are [in] or have no direction, in order */
    size_t begin_count;
    const struct parameter *const *finish; /* those that are [out], in order */
    size_t finish_count;
};

struct async_interface {
    const char *name; /* "AsyncIFoo" */
    const struct interface *of;
    const struct async_interface *base; /* NULL: IUnknown */
    const struct async_method *methods;
};

/* ---- declarations of a file, in the order of the file ---- */

enum declaration_kind {
    DECL_IMPORT,    /* text: "foo.idl" as written; source of it in imported */
    DECL_CPP_QUOTE, /* text, unescaped */
    DECL_PRAGMA,    /* text: a directive that the header must carry, without '#' */
    DECL_CONST,     /* const type name = value */
    DECL_TYPEDEF,   /* name, type: one declaration for each declarator */
    DECL_EXTERN,    /* name, type: a variable or a function that C defines elsewhere */
    DECL_TYPE,      /* a struct, union or enum with a tag and no typedef: type */
    DECL_FORWARD,   /* interface IFoo; */
    DECL_INTERFACE, /* interface */
    DECL_COCLASS,   /* coclass; forward declarations too */
    DECL_LIBRARY,   /* name, declarations */
    DECL_IMPORTLIB, /* text: "stdole2.tlb" */
    DECL_MODULE,    /* name; interface: nobody can name it, it has the functions and constants */
    DECL_RUNTIME_CLASS, /* runtime_class; forward declarations too */
    DECL_CONTRACT       /* contract */
};

struct declaration {
    const struct declaration *next;
    enum declaration_kind kind;
    struct location location;
    const char *name;
    const char *text;
    const char *doc; /* the comment just above it, without its marks; NULL: none */
    const struct attribute *attributes;
    const struct type *type;
    const struct expr *value;
    const struct interface *interface;
    const struct coclass *coclass;
    const struct winrt_class *runtime_class;
    const struct winrt_contract *contract;
    const struct declaration *declarations;
    const struct declaration *parent; /* the library around it; NULL: none, or an interface */
    const struct idl_file *imported;
    bool continues;     /* TYPEDEF: another declarator of the statement before it */
    bool is_definition; /* COCLASS, RUNTIME_CLASS: it has a body */
};

/* One file: the main one, or one that was imported. #include is textual and makes no file of its
 * own. */
struct idl_file {
    const char *name; /* base name: "foo.idl" */
    const char *path; /* as it was opened: for messages and dependency files */
    const char *doc;  /* head comment, without its marks; NULL: none */
    bool is_system;   /* one of the runtime's own: emits #include <uvcom/foo.h> */
    const struct declaration *declarations;
};

#endif
