/*
 * idl/ast_expr.h -- the smaller half of the tree: places, ids, expressions and attributes.
 *
 * Included by ast.h, which is what everybody names.
 */
#ifndef IDL_AST_EXPR_H
#define IDL_AST_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idl_source;
struct origin;

/* Where a node begins: for messages, and for the "file.idl:line" that generated code carries. What
 * came out of a macro stands where the macro was used. */
struct location {
    const struct idl_source *source;
    uint32_t offset;             /* bytes from the start of the source */
    uint32_t length;             /* bytes that a message underlines; at least 1 */
    const struct origin *origin; /* NULL: the main file's own text */
};

struct guid {
    uint32_t data1;
    uint16_t data2;
    uint16_t data3;
    uint8_t data4[8];
};

/* ---- expressions: values of const and enum, and of size_is and its kin ---- */

enum expr_kind {
    EXPR_INTEGER,     /* value; spelled as in text */
    EXPR_FLOAT,       /* text */
    EXPR_CHARACTER,   /* text, value */
    EXPR_STRING,      /* text with its quotes */
    EXPR_NAME,        /* a constant, an enumerator, or a parameter or field */
    EXPR_UNARY,       /* op left; op is '-' '+' '~' '!' '*' '&' */
    EXPR_BINARY,      /* left op right; op is an operator_kind */
    EXPR_CONDITIONAL, /* left ? right : third */
    EXPR_CAST,        /* (type) left */
    EXPR_SIZEOF       /* sizeof(type) */
};

enum operator_kind {
    OP_ADD = 256,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_SHIFT_LEFT,
    OP_SHIFT_RIGHT,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_BIT_AND,
    OP_BIT_XOR,
    OP_BIT_OR,
    OP_AND,
    OP_OR
};

struct expr {
    enum expr_kind kind;
    struct location location;
    int op;
    const char *text;
    const struct expr *left, *right, *third;
    const struct type *type;             /* of a cast or sizeof */
    const struct declaration *constant;  /* EXPR_NAME of a const */
    const struct enumerator *enumerator; /* EXPR_NAME of an enumerator */
    const struct parameter *parameter;   /* EXPR_NAME inside size_is etc. of a parameter */
    const struct field *field;           /* EXPR_NAME inside size_is etc. of a field */
    bool is_constant;                    /* value is known */
    bool is_unsigned;                    /* of a constant: value is to be read as uint64_t */
    bool is_wide;                        /* of a constant: its type in C has 64 bits, not 32 */
    unsigned depth;                      /* levels below; bounded, so that walks may recurse */
    int64_t value;
};

/* ---- attributes: [name], [name(arguments)] ---- */

struct attribute {
    const struct attribute *next;
    const struct attribute_info *info; /* its row in the table of attributes (attribute.h) */
    struct location location;
    const struct expr *const *args; /* an argument left out, as in size_is(, n), is NULL */
    size_t arg_count;
    struct guid guid;        /* uuid, async_uuid */
    const struct type *type; /* switch_type(T), wire_marshal(T), ... */
    const char *text;        /* string argument, unescaped; the name of a contract */
    uint32_t version;        /* contract, contractversion: 0x10002 is 1.2 */
};

#endif
