/*
 * idl/diag_kind.h -- the kinds of messages.
 *
 * Their names are promised to users: scripts, -Wno-KIND and --explain rely on them. A new kind
 * needs a row here, sorted by its name, and an explanation (explain.h), which a test asks for.
 */
#ifndef IDL_DIAG_KIND_H
#define IDL_DIAG_KIND_H

/* Every kind of message: its name here, and the stable name that is printed in brackets. */
#define DIAG_KINDS(KIND)                                                                           \
    KIND(ASYNC_BASE, "async-base")                                                                 \
    KIND(ASYNC_NOT_OBJECT, "async-not-object")                                                     \
    KIND(ASYNC_SIZE, "async-size")                                                                 \
    KIND(ATTRIBUTE_CONFLICT, "attribute-conflict")                                                 \
    KIND(BAD_ARRAY_SIZE, "bad-array-size")                                                         \
    KIND(BAD_BITFIELD, "bad-bitfield")                                                             \
    KIND(BAD_CHARACTER, "bad-character")                                                           \
    KIND(BAD_NUMBER, "bad-number")                                                                 \
    KIND(BAD_RETURN_TYPE, "bad-return-type")                                                       \
    KIND(BAD_UUID, "bad-uuid")                                                                     \
    KIND(BASE_CYCLE, "base-cycle")                                                                 \
    KIND(CALL_AS_NOT_LOCAL, "call-as-not-local")                                                   \
    KIND(CANNOT_CARRY, "cannot-carry")                                                             \
    KIND(DIVISION_BY_ZERO, "division-by-zero")                                                     \
    KIND(DUPLICATE_ATTRIBUTE, "duplicate-attribute")                                               \
    KIND(DUPLICATE_CASE, "duplicate-case")                                                         \
    KIND(DUPLICATE_MEMBER, "duplicate-member")                                                     \
    KIND(DUPLICATE_METHOD, "duplicate-method")                                                     \
    KIND(DUPLICATE_PARAMETER, "duplicate-parameter")                                               \
    KIND(DUPLICATE_UUID, "duplicate-uuid")                                                         \
    KIND(EXPECTED_IDENTIFIER, "expected-identifier")                                               \
    KIND(EXPECTED_STRING, "expected-string")                                                       \
    KIND(EXPECTED_TOKEN, "expected-token")                                                         \
    KIND(EXPECTED_TYPE, "expected-type")                                                           \
    KIND(FILE_NAME_CASE, "file-name-case")                                                         \
    KIND(FILE_NOT_FOUND, "file-not-found")                                                         \
    KIND(INAPPLICABLE_ATTRIBUTE, "inapplicable-attribute")                                         \
    KIND(INCLUDE_DEPTH, "include-depth")                                                           \
    KIND(INCOMPLETE_BASE, "incomplete-base")                                                       \
    KIND(INCOMPLETE_TYPE, "incomplete-type")                                                       \
    KIND(INTERFACE_BY_VALUE, "interface-by-value")                                                 \
    KIND(MISSING_BASE, "missing-base")                                                             \
    KIND(MISSING_CASE, "missing-case")                                                             \
    KIND(MISSING_UUID, "missing-uuid")                                                             \
    KIND(NESTING_DEPTH, "nesting-depth")                                                           \
    KIND(NO_PROXY, "no-proxy")                                                                     \
    KIND(NOT_AN_INTERFACE, "not-an-interface")                                                     \
    KIND(NOT_CONSTANT, "not-constant")                                                             \
    KIND(NUMBER_OUT_OF_RANGE, "number-out-of-range")                                               \
    KIND(ONE_CHARACTER, "one-character")                                                           \
    KIND(ONE_ELEMENT, "one-element")                                                               \
    KIND(OUT_CONST, "out-const")                                                                   \
    KIND(OUT_NOT_POINTER, "out-not-pointer")                                                       \
    KIND(PP_BAD_EXPRESSION, "pp-bad-expression")                                                   \
    KIND(PP_ERROR_DIRECTIVE, "pp-error-directive")                                                 \
    KIND(PP_MACRO_ARGUMENTS, "pp-macro-arguments")                                                 \
    KIND(PP_PASTE, "pp-paste")                                                                     \
    KIND(PP_PRAGMA, "pp-pragma")                                                                   \
    KIND(PP_REDEFINITION, "pp-redefinition")                                                       \
    KIND(PP_UNBALANCED, "pp-unbalanced")                                                           \
    KIND(PP_UNKNOWN_DIRECTIVE, "pp-unknown-directive")                                             \
    KIND(PP_UNTERMINATED_IF, "pp-unterminated-if")                                                 \
    KIND(PROPGET_MISUSED, "propget-misused")                                                       \
    KIND(REDEFINITION, "redefinition")                                                             \
    KIND(RESERVED_NAME, "reserved-name")                                                           \
    KIND(RETVAL_MISUSED, "retval-misused")                                                         \
    KIND(SIZE_IS_NOT_INTEGER, "size-is-not-integer")                                               \
    KIND(TAG_MISMATCH, "tag-mismatch")                                                             \
    KIND(TAG_TYPE, "tag-type")                                                                     \
    KIND(TOO_BIG, "too-big")                                                                       \
    KIND(UNEXPECTED_EOF, "unexpected-eof")                                                         \
    KIND(UNEXPECTED_TOKEN, "unexpected-token")                                                     \
    KIND(UNKNOWN_ATTRIBUTE, "unknown-attribute")                                                   \
    KIND(UNKNOWN_NAME, "unknown-name")                                                             \
    KIND(UNKNOWN_TYPE, "unknown-type")                                                             \
    KIND(UNTERMINATED_CHAR, "unterminated-char")                                                   \
    KIND(UNTERMINATED_COMMENT, "unterminated-comment")                                             \
    KIND(UNTERMINATED_STRING, "unterminated-string")                                               \
    KIND(VOID_OBJECT, "void-object")

enum diag_kind {
#define DIAG_ENUM(name, text) DIAG_##name,
    DIAG_KINDS(DIAG_ENUM)
#undef DIAG_ENUM
        DIAG_KIND_COUNT
};

/* What -W of the command line says of the warnings of one kind. Its errors are not touched. */
enum diag_switch { DIAG_ON, DIAG_OFF, DIAG_ALWAYS_ERROR, DIAG_NEVER_ERROR };

const char *diag_kind_name(enum diag_kind kind);

/** DIAG_KIND_COUNT: there is no such kind. */
enum diag_kind diag_kind_find(const char *name);

#endif
