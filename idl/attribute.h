/*
 * idl/attribute.h -- the table of all attributes: name, shape of the arguments, where allowed.
 */
#ifndef IDL_ATTRIBUTE_H
#define IDL_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "idl/ast.h"

/* The attributes that a rule of this front end asks for; the others are only carried. */
enum attribute_id {
    ATTRIBUTE_OTHER,
    ATTRIBUTE_ASYNC_UUID,
    ATTRIBUTE_CALLBACK,
    ATTRIBUTE_CALL_AS,
    ATTRIBUTE_CASE,
    ATTRIBUTE_CONTRACT,
    ATTRIBUTE_CONTRACTVERSION,
    ATTRIBUTE_DEFAULT,
    ATTRIBUTE_DEFAULTVALUE,
    ATTRIBUTE_DUAL,
    ATTRIBUTE_EVENTADD,
    ATTRIBUTE_EVENTREMOVE,
    ATTRIBUTE_FIRST_IS,
    ATTRIBUTE_IID_IS,
    ATTRIBUTE_IN,
    ATTRIBUTE_LAST_IS,
    ATTRIBUTE_LENGTH_IS,
    ATTRIBUTE_LOCAL,
    ATTRIBUTE_MAX_IS,
    ATTRIBUTE_MIN_IS,
    ATTRIBUTE_OBJECT,
    ATTRIBUTE_ODL,
    ATTRIBUTE_OUT,
    ATTRIBUTE_POINTER_DEFAULT,
    ATTRIBUTE_PROPGET,
    ATTRIBUTE_PROPPUT,
    ATTRIBUTE_PROPPUTREF,
    ATTRIBUTE_PTR,
    ATTRIBUTE_RANGE,
    ATTRIBUTE_REF,
    ATTRIBUTE_RETVAL,
    ATTRIBUTE_SIZE_IS,
    ATTRIBUTE_STRING,
    ATTRIBUTE_SWITCH_IS,
    ATTRIBUTE_SWITCH_TYPE,
    ATTRIBUTE_UNIQUE,
    ATTRIBUTE_UUID,
    ATTRIBUTE_UVCOM_BORROWED
};

enum attribute_shape {
    SHAPE_NONE,        /* in */
    SHAPE_UUID,        /* uuid(6a1d7c02-...) */
    SHAPE_STRING,      /* helpstring("...") */
    SHAPE_CONSTANT,    /* id(1) */
    SHAPE_CONSTANTS,   /* case(1, 2) */
    SHAPE_EXPRESSION,  /* iid_is(riid) */
    SHAPE_EXPRESSIONS, /* size_is(n, ) */
    SHAPE_TYPE,        /* switch_type(long) */
    SHAPE_NAME,        /* call_as(Read) */
    SHAPE_VERSION,     /* version(1.2): its text */
    SHAPE_VARIABLE,    /* implicit_handle(handle_t h): type, and the name as text */
    SHAPE_CONTRACT,    /* contract(Windows.Foundation.FoundationContract, 1.0) */
    SHAPE_ANY          /* nothing, or anything between parentheses: carried as it is, not read */
};

/* Where an attribute may stand. */
enum {
    ON_INTERFACE = 1,
    ON_METHOD = 2,
    ON_PARAMETER = 4,
    ON_FIELD = 8,
    ON_TYPEDEF = 16,
    ON_TYPE = 32, /* struct, union, enum */
    ON_ENUMERATOR = 64,
    ON_CONST = 128,
    ON_LIBRARY = 256,
    ON_COCLASS = 512,
    ON_MODULE = 1024,
    ON_MEMBER = 2048, /* an interface of a coclass */
    ON_OTHER = ON_LIBRARY | ON_COCLASS | ON_MODULE | ON_MEMBER,
    ON_ANY = 4095
};

struct attribute_info {
    const char *name;
    enum attribute_shape shape;
    unsigned allowed_on;
    enum attribute_id id;
};

/** The table, sorted by name. */
const struct attribute_info *attribute_table(size_t *count);

/** NULL: there is no such attribute. */
const struct attribute_info *attribute_lookup(const char *name);

/** The first of this id in a list; NULL: none. */
const struct attribute *attribute_with(const struct attribute *list, enum attribute_id id);

#endif
