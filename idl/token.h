/*
 * idl/token.h -- the kinds of token, and a token.
 *
 * Attribute names, and words such as library or coclass, are plain names here: only the parser
 * knows where they mean something.
 */
#ifndef IDL_TOKEN_H
#define IDL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/ast.h"

#define TOKEN_PUNCTUATORS(TOKEN)                                                                   \
    TOKEN(LEFT_PAREN, "(")                                                                         \
    TOKEN(RIGHT_PAREN, ")")                                                                        \
    TOKEN(LEFT_BRACKET, "[")                                                                       \
    TOKEN(RIGHT_BRACKET, "]")                                                                      \
    TOKEN(LEFT_BRACE, "{")                                                                         \
    TOKEN(RIGHT_BRACE, "}")                                                                        \
    TOKEN(COMMA, ",")                                                                              \
    TOKEN(SEMICOLON, ";")                                                                          \
    TOKEN(COLON, ":")                                                                              \
    TOKEN(DOT, ".")                                                                                \
    TOKEN(ELLIPSIS, "...")                                                                         \
    TOKEN(ASSIGN, "=")                                                                             \
    TOKEN(EQUAL, "==")                                                                             \
    TOKEN(NOT_EQUAL, "!=")                                                                         \
    TOKEN(LESS, "<")                                                                               \
    TOKEN(LESS_EQUAL, "<=")                                                                        \
    TOKEN(SHIFT_LEFT, "<<")                                                                        \
    TOKEN(GREATER, ">")                                                                            \
    TOKEN(GREATER_EQUAL, ">=")                                                                     \
    TOKEN(SHIFT_RIGHT, ">>")                                                                       \
    TOKEN(PLUS, "+")                                                                               \
    TOKEN(MINUS, "-")                                                                              \
    TOKEN(STAR, "*")                                                                               \
    TOKEN(SLASH, "/")                                                                              \
    TOKEN(PERCENT, "%")                                                                            \
    TOKEN(AMPERSAND, "&")                                                                          \
    TOKEN(AND, "&&")                                                                               \
    TOKEN(BAR, "|")                                                                                \
    TOKEN(OR, "||")                                                                                \
    TOKEN(CARET, "^")                                                                              \
    TOKEN(TILDE, "~")                                                                              \
    TOKEN(NOT, "!")                                                                                \
    TOKEN(QUESTION, "?")                                                                           \
    TOKEN(HASH, "#")                                                                               \
    TOKEN(HASH_HASH, "##")                                                                         \
    TOKEN(OTHER, "\\")

#define TOKEN_KEYWORDS(TOKEN)                                                                      \
    TOKEN(BOOLEAN, "boolean")                                                                      \
    TOKEN(BYTE, "byte")                                                                            \
    TOKEN(CHAR, "char")                                                                            \
    TOKEN(WCHAR, "wchar_t")                                                                        \
    TOKEN(SMALL, "small")                                                                          \
    TOKEN(SHORT, "short")                                                                          \
    TOKEN(LONG, "long")                                                                            \
    TOKEN(INT, "int")                                                                              \
    TOKEN(HYPER, "hyper")                                                                          \
    TOKEN(INT8, "__int8")                                                                          \
    TOKEN(INT16, "__int16")                                                                        \
    TOKEN(INT32, "__int32")                                                                        \
    TOKEN(INT64, "__int64")                                                                        \
    TOKEN(INT3264, "__int3264")                                                                    \
    TOKEN(FLOAT, "float")                                                                          \
    TOKEN(DOUBLE, "double")                                                                        \
    TOKEN(VOID, "void")                                                                            \
    TOKEN(ERROR_STATUS, "error_status_t")                                                          \
    TOKEN(HANDLE, "handle_t")                                                                      \
    TOKEN(SIGNED, "signed")                                                                        \
    TOKEN(UNSIGNED, "unsigned")                                                                    \
    TOKEN(CONST, "const")                                                                          \
    TOKEN(VOLATILE, "volatile")                                                                    \
    TOKEN(STRUCT, "struct")                                                                        \
    TOKEN(UNION, "union")                                                                          \
    TOKEN(ENUM, "enum")                                                                            \
    TOKEN(SAFEARRAY, "SAFEARRAY")                                                                  \
    TOKEN(TYPEDEF, "typedef")                                                                      \
    TOKEN(EXTERN, "extern")                                                                        \
    TOKEN(STATIC, "static")                                                                        \
    TOKEN(INTERFACE, "interface")                                                                  \
    TOKEN(IMPORT, "import")                                                                        \
    TOKEN(CPP_QUOTE, "cpp_quote")                                                                  \
    TOKEN(MIDL_PRAGMA, "midl_pragma")                                                              \
    TOKEN(SWITCH, "switch")                                                                        \
    TOKEN(CASE, "case")                                                                            \
    TOKEN(DEFAULT, "default")                                                                      \
    TOKEN(SIZEOF, "sizeof")                                                                        \
    TOKEN(STDCALL, "__stdcall")                                                                    \
    TOKEN(CDECL, "__cdecl")                                                                        \
    TOKEN(PLAIN_STDCALL, "_stdcall")                                                               \
    TOKEN(PLAIN_CDECL, "_cdecl")                                                                   \
    TOKEN(UNALIGNED, "__unaligned")

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,    /* as written; what it is worth is asked later */
    TOKEN_STRING,    /* "..." or L"...", with its quotes */
    TOKEN_CHARACTER, /* '...' or L'...' */
    TOKEN_UUID,      /* 8-4-4-4-12 hexadecimal digits */
#define TOKEN_ENUM(name, text) TOKEN_##name,
    TOKEN_PUNCTUATORS(TOKEN_ENUM)
#undef TOKEN_ENUM
        TOKEN_NAME, /* from here on: what the preprocessor takes for a name */
#define TOKEN_ENUM(name, text) TOKEN_KEY_##name,
    TOKEN_KEYWORDS(TOKEN_ENUM)
#undef TOKEN_ENUM
};

struct macro;

/* A word, once for each session: what is asked of every word is found without a look into a table.
 */
struct name {
    enum token_kind kind; /* TOKEN_NAME, or that of a keyword */
    unsigned parameter;   /* while a macro is defined: 1 + its place in the list of parameters */
    struct macro *macro;  /* the newest of the name; NULL: there was none. See macro_of */
};

struct token {
    enum token_kind kind;
    bool starts_line;
    bool has_space;    /* something blank, or a new line, is before it */
    bool is_painted;   /* the name of a macro that stays as it is, because it came out of itself */
    const char *text;  /* names: NUL-terminated in the arena; others: in the source */
    struct name *name; /* of a name or keyword; else NULL */
    size_t length;
    struct location location;        /* of a token from a macro: where the macro was used */
    uint32_t doc_begin, doc_end;     /* the doc comment just above it; equal: none */
    uint32_t trail_begin, trail_end; /* the one before it with a '<', of what ended; equal: none */
};

static inline bool token_is_name(const struct token *token)
{
    return token->kind >= TOKEN_NAME;
}

#endif
