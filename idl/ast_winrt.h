/*
 * ast_winrt.h -- the Windows Runtime's part of the tree: namespaces, classes, parameterized types.
 *
 * The tree itself stays flat: a namespace is no node, but part of the names of what stands in it.
 * The `name` of such an interface and the `tag` of such a struct are what C calls them, so that a
 * back end that knows nothing of namespaces is right.
 */
#ifndef IDL_AST_WINRT_H
#define IDL_AST_WINRT_H

#include "idl/ast.h"

enum ns_prefix {
    NS_PREFIX_ALWAYS,   /* __x_ABI_CFoo_CBar and ABI::Foo::Bar */
    NS_PREFIX_OPTIONAL, /* the same, and Foo::Bar, unless MIDL_NS_PREFIX is defined */
    NS_PREFIX_NEVER     /* __x_Foo_CBar and Foo::Bar */
};

/* What a thing in a namespace is called, and since when there is one. */
struct winrt_name {
    const char *full;     /* "Windows.Foundation.IClosable" */
    const char *name;     /* in C++: "IClosable"; of a delegate with the I that IDL leaves out */
    const char *cpp;      /* "ABI::Windows::Foundation::IClosable" */
    const char *space;    /* "ABI::Windows::Foundation" */
    const char *c;        /* "__x_ABI_CWindows_CFoundation_CIClosable" */
    const char *argument; /* "Windows__CFoundation__CIClosable": in names of instances */
    const char *contract; /* "WINDOWS_FOUNDATION_FOUNDATIONCONTRACT_VERSION"; NULL: not known */
    uint32_t version;     /* of the contract: 0x10000 is 1.0 */
    enum ns_prefix prefix;
    const struct idl_file *file;           /* of a struct or enum: where its body is, */
    const struct declaration *declaration; /* and that; NULL: it has none */
};

/* An interface or delegate with parameters: IVector<T>. */
struct winrt_generic {
    const struct winrt_name *name;
    const struct interface *definition; /* its methods have TYPE_PARAMETER in them */
    size_t count;                       /* of parameters */
    bool is_delegate;
    bool is_known; /* the front end's own, not the user's */
};

/* What makes an interface an instance of one: IVector<HSTRING>. */
struct winrt_instance {
    const struct winrt_generic *generic;
    const struct type *const *arguments; /* generic->count of them */
};

/* In the list after requires, or in the body of a class. */
struct winrt_reference {
    const struct winrt_reference *next;
    const struct attribute *attributes;
    const struct type *type; /* TYPE_INTERFACE */
    struct location location;
};

struct winrt_class {
    const struct winrt_name *name;
    const struct type *base; /* NULL: none */
    const struct attribute *attributes;
    const struct winrt_reference *interfaces;
    const struct interface *default_interface; /* NULL: only static members */
    struct location location;
    bool is_complete;
};

struct winrt_contract {
    const struct winrt_name *name;
    const char *macro; /* "WINDOWS_FOUNDATION_FOUNDATIONCONTRACT_VERSION" */
    uint32_t version;  /* 0x40000 is 4.0 */
};

#endif
