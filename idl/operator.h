/*
 * idl/operator.h -- numbers: how they are written, and what operators make of them.
 *
 * Used for #if and for the constants of the language. Arithmetic is that of C's 64-bit types and
 * wraps; a division by zero is the caller's to report.
 */
#ifndef IDL_OPERATOR_H
#define IDL_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/ast.h"
#include "idl/token.h"

struct number {
    uint64_t bits;
    bool is_unsigned;
};

enum number_status { NUMBER_OK, NUMBER_FLOAT, NUMBER_BAD, NUMBER_OUT_OF_RANGE };

enum { OPERATOR_HIGHEST = 10 }; /* precedence of * / % */

/** Reads an integer; NUMBER_FLOAT: it is a valid floating one, and has no value here. */
enum number_status number_read(const char *text, size_t length, struct number *number);

/** Reads '...' or L'...' with its quotes. False: there is not exactly one character. */
bool number_read_character(const char *text, size_t length, struct number *number);

/** Takes the first character of *text, escapes and all, and moves on. */
uint32_t character_next(const char **text, const char *end);

/** The operator of a token and its precedence (1 is ||); 0 if it is none. */
int operator_of(enum token_kind kind, int *precedence);
const char *operator_text(int op);

/** False: a division by zero. */
bool operator_binary(int op, struct number left, struct number right, struct number *result);

/** op is '-' '+' '~' or '!'. */
struct number operator_unary(int op, struct number operand);

#endif
