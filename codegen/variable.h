/*
 * variable.h -- what a parameter or a field is made of, level by level.
 *
 * `[size_is(n), string] const char **words` is a pointer to n elements, each of which is a pointer
 * to a string. Attributes bind to levels here and nowhere else: size_is(a, b) by position, those of
 * a typedef to the levels that the typedef brings. Pure: tree in, description out.
 */
#ifndef CODEGEN_VARIABLE_H
#define CODEGEN_VARIABLE_H

#include "codegen/bound.h"
#include "codegen/pool.h"
#include "idl/ast.h"

struct survey;
struct facts;

/* One pointer or one array, outermost first. */
struct level {
    const struct type *type;    /* resolved: TYPE_POINTER or TYPE_ARRAY */
    const struct type *element; /* what it points to or is made of, as it was declared */
    bool is_array;              /* T a[4], T a[]: the elements stand here. (Of a parameter the
                                   outermost array is a pointer to C.) */
    enum pointer_kind pointer;  /* of an array POINTER_REF */
    bool is_const;              /* the element is const */
    bool is_string;             /* the elements are characters, up to a zero; only the innermost */
    struct bound size;          /* size_is, max_is; a fixed array has type->length instead */
    struct bound first;         /* first_is */
    struct bound length;        /* length_is, last_is */
};

enum leaf {
    LEAF_PLAIN,     /* nothing but its bytes; also the characters of a string */
    LEAF_NUMBER,    /* an integer with a [range] */
    LEAF_ENUM,      /* an enum that travels as 16 bits: not every value is legal */
    LEAF_RECORD,    /* a struct, or a union with its tag inside; variable_content says if it is more
                       than its bytes */
    LEAF_UNION,     /* a union whose tag stands outside: switch_is */
    LEAF_INTERFACE, /* the pointer IFoo *, or void * with iid_is: no level of its own */
    LEAF_BSTR       /* the same: a pointer to C, but no level */
};

/* What is known of a record or of a variable as a whole. */
struct content {
    bool owns;  /* it has pointers (strings, BSTRs, interface pointers): a copy of the bytes is none
                 */
    bool looks; /* it has values that are to be checked: enums, ranges, tags */
};

struct variable {
    const char *name; /* NULL: an anonymous struct or union */
    const struct type *type;
    const struct attribute *attributes;
    const char *obstacle; /* why it cannot be carried: "a pipe", "an interface without a uuid in
                             field 'next' of node"; NULL: it can be, and the rest is complete */
    struct level *levels; /* outermost first */
    size_t level_count;
    enum leaf leaf;
    const struct type *leaf_type; /* as it was declared, behind all levels */
    struct facts *record;         /* LEAF_RECORD, LEAF_UNION; else NULL */
    const struct expr *tag;       /* LEAF_UNION: switch_is */
    const struct expr *iid;       /* LEAF_INTERFACE: iid_is; NULL: that of interface */
    const struct interface *interface;
    const struct expr *low, *high; /* [range]; NULL: none. An enum may have one as well */
    bool is_conformant;            /* the leaf is a struct that ends with T data[] */
};

/** What was found out about the records of one compilation. Lives in the pool. NULL: no memory. */
struct survey *survey_new(struct pool *pool, const struct idl_file *file);

/**
 * Takes a parameter or a field apart. The time for all variables of a file together is linear in
 * the size of what they are made of; records are remembered in the survey.
 */
struct variable variable_of_parameter(struct survey *survey, const struct parameter *parameter);

/**
 * What is inside a variable, from one level on, up to the first pointer: what that points to is
 * visited anyway.
 *
 * @param outer  levels that are not asked about: 0 for all of the variable, 1 for what is behind
 *               its outermost pointer
 */
struct content variable_content(const struct variable *variable, size_t outer);

/** owns or looks: there is something to visit. */
bool variable_is_deep(const struct variable *variable, size_t outer);

/*
 * The three numbers of a level, as C of type size_t whose failures go to scope->hr: how many
 * elements there is room for (size_is, max_is, the length of a fixed array; "1" for a pointer
 * without any), where those that count begin ("0" without first_is), and how many they are (`room`,
 * which is the text of the first number or of where it is kept, without length_is).
 */
const char *level_room(struct pool *pool, const struct level *level,
                       const struct bound_scope *scope);
const char *level_first(struct pool *pool, const struct level *level,
                        const struct bound_scope *scope);
const char *level_length(struct pool *pool, const struct level *level,
                         const struct bound_scope *scope, const char *room);

/** first_is, length_is or last_is: not all of the room counts. */
bool level_is_varying(const struct level *level);

/**
 * The size of one element of a level, of which `element` is the text of an lvalue: "sizeof *p", or
 * for a struct that ends with T data[] "size_of_blob(p, &hr)" (emit_visitors has written that).
 *
 * @param pointer  text of the pointer to the element: "frame->p", "p"
 * @param hr       address of the HRESULT: "&hr"
 */
const char *variable_element_size(struct pool *pool, const struct variable *variable, size_t level,
                                  const char *pointer, const char *hr);

#endif
