/*
 * idl/ast_type.h -- the types of the tree: pointers, arrays, structs, unions, enums.
 *
 * Included by ast.h, which is what everybody names.
 */
#ifndef IDL_AST_TYPE_H
#define IDL_AST_TYPE_H

#include "idl/ast_expr.h"

/* ---- types ---- */

enum type_kind {
    TYPE_VOID,
    TYPE_BASE,    /* base */
    TYPE_POINTER, /* target, pointer */
    TYPE_ARRAY,   /* target, length (NULL: T a[] or T a[*]) */
    TYPE_STRUCT,
    TYPE_UNION,     /* record */
    TYPE_ENUM,      /* enumeration */
    TYPE_ALIAS,     /* a typedef name: alias, and target is what it stands for */
    TYPE_INTERFACE, /* interface */
    TYPE_FUNCTION,  /* target is the return type, parameters */
    TYPE_SAFEARRAY, /* target */
    TYPE_PARAMETER  /* position: the T of IVector<T>; only inside of such a definition */
};

enum base_type {
    BASE_BOOLEAN,
    BASE_BYTE,
    BASE_CHAR,
    BASE_WCHAR,
    BASE_SMALL,
    BASE_UNSIGNED_SMALL, /* 8 bit */
    BASE_SHORT,
    BASE_UNSIGNED_SHORT, /* 16 */
    BASE_LONG,
    BASE_UNSIGNED_LONG, /* 32, never C's long */
    BASE_INT,
    BASE_UNSIGNED_INT, /* 32 */
    BASE_HYPER,
    BASE_UNSIGNED_HYPER, /* 64 */
    BASE_INT3264,
    BASE_UNSIGNED_INT3264, /* as wide as a pointer */
    BASE_FLOAT,
    BASE_DOUBLE,
    BASE_ERROR_STATUS,
    BASE_HANDLE
};

enum pointer_kind { POINTER_REF, POINTER_UNIQUE, POINTER_FULL };

struct type {
    enum type_kind kind;
    bool is_const;
    bool is_volatile;
    enum base_type base;
    enum pointer_kind
        pointer; /* resolved: own attribute, else pointer_default, else as MIDL has it */
    const struct type *target;
    const struct expr *length;
    const struct record *record;
    const struct enumeration *enumeration;
    const struct declaration *alias;
    const struct interface *interface;
    const struct parameter *parameters;
    bool is_stdcall;                         /* FUNCTION: __stdcall */
    const struct winrt_class *runtime_class; /* INTERFACE: named by the class whose default it is */
    unsigned position;
    bool is_definition; /* struct, union, enum: its body stood here and nowhere else */
};

struct field {
    const struct field *next;
    const char *name; /* NULL: anonymous struct or union */
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct type *type;
    const struct expr *bits; /* width of a bit-field, or NULL */
};

struct record {
    const char *tag; /* NULL: none was given */
    bool is_union;
    bool is_complete;
    const struct field *fields;
    const struct attribute *attributes;
    struct location location;
    /* union switch (type name) tag: an encapsulated union */
    const struct field *discriminant;
    const char *union_name;
    unsigned pack;                  /* #pragma pack in force; 0: natural */
    const struct winrt_name *winrt; /* in a namespace; NULL: not in one */
};

struct enumerator {
    const struct enumerator *next;
    const char *name;
    const char *doc;
    struct location location;
    const struct attribute *attributes;
    const struct expr *value; /* NULL: one more than the one before */
    int64_t number;
};

struct enumeration {
    const char *tag;
    const struct enumerator *enumerators;
    const struct attribute *attributes;
    struct location location;
    bool is_complete;
    const struct winrt_name *winrt; /* in a namespace; NULL: not in one */
};

#endif
