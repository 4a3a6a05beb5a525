/*
 * idl/operator.c -- see operator.h.
 */
#include "idl/operator.h"

#include <string.h>

static const struct operator_row {
    enum token_kind token;
    int op;
    int precedence;
    const char *text;
} operators[] = {
    {TOKEN_OR, OP_OR, 1, "||"},
    {TOKEN_AND, OP_AND, 2, "&&"},
    {TOKEN_BAR, OP_BIT_OR, 3, "|"},
    {TOKEN_CARET, OP_BIT_XOR, 4, "^"},
    {TOKEN_AMPERSAND, OP_BIT_AND, 5, "&"},
    {TOKEN_EQUAL, OP_EQUAL, 6, "=="},
    {TOKEN_NOT_EQUAL, OP_NOT_EQUAL, 6, "!="},
    {TOKEN_LESS, OP_LESS, 7, "<"},
    {TOKEN_LESS_EQUAL, OP_LESS_EQUAL, 7, "<="},
    {TOKEN_GREATER, OP_GREATER, 7, ">"},
    {TOKEN_GREATER_EQUAL, OP_GREATER_EQUAL, 7, ">="},
    {TOKEN_SHIFT_LEFT, OP_SHIFT_LEFT, 8, "<<"},
    {TOKEN_SHIFT_RIGHT, OP_SHIFT_RIGHT, 8, ">>"},
    {TOKEN_PLUS, OP_ADD, 9, "+"},
    {TOKEN_MINUS, OP_SUBTRACT, 9, "-"},
    {TOKEN_STAR, OP_MULTIPLY, OPERATOR_HIGHEST, "*"},
    {TOKEN_SLASH, OP_DIVIDE, OPERATOR_HIGHEST, "/"},
    {TOKEN_PERCENT, OP_REMAINDER, OPERATOR_HIGHEST, "%"},
};

int operator_of(enum token_kind kind, int *precedence)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (operators[i].token == kind) {
            *precedence = operators[i].precedence;
            return operators[i].op;
        }
    }
    *precedence = 0;
    return 0;
}

const char *operator_text(int op)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (operators[i].op == op)
            return operators[i].text;
    }
    return "?";
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (unsigned)((c | 0x20) - 'a') + 10;
    return 99;
}

/* u, l, ll, and Microsoft's i64: in any case and order that C allows. */
static bool read_suffix(const char *text, size_t length, bool *is_unsigned)
{
    size_t i = 0;

    if (i < length && (text[i] | 0x20) == 'u') {
        *is_unsigned = true;
        i++;
    }
    if (length - i >= 2 && (text[i] | 0x20) == 'i' && digit_value(text[i + 1]) <= 9) {
        const char *bits = text + i + 1;
        size_t count = length - i - 1;

        return (count == 2 && (memcmp(bits, "64", 2) == 0 || memcmp(bits, "32", 2) == 0 ||
                               memcmp(bits, "16", 2) == 0)) ||
               (count == 1 && bits[0] == '8');
    }
    for (unsigned longs = 0; i < length && longs < 2 && (text[i] | 0x20) == 'l'; longs++)
        i++;
    if (i < length && !*is_unsigned && (text[i] | 0x20) == 'u') {
        *is_unsigned = true;
        i++;
    }
    return i == length;
}

static size_t skip_digits(const char *text, size_t length, size_t from)
{
    while (from < length && digit_value(text[from]) <= 9)
        from++;
    return from;
}

/* digits [ "." digits ] [ "e" [ sign ] digits ] [ f | l ], with a dot or an exponent. */
static bool is_float(const char *text, size_t length)
{
    size_t at = skip_digits(text, length, 0), digits = at, begin;
    bool is_integer = true;

    if (at < length && text[at] == '.') {
        begin = at + 1;
        at = skip_digits(text, length, begin);
        digits += at - begin;
        is_integer = false;
    }
    if (digits > 0 && at < length && (text[at] | 0x20) == 'e') {
        at++;
        if (at < length && (text[at] == '+' || text[at] == '-'))
            at++;
        begin = at;
        at = skip_digits(text, length, begin);
        if (at == begin)
            return false;
        is_integer = false;
    }
    if (at < length && ((text[at] | 0x20) == 'f' || (text[at] | 0x20) == 'l'))
        at++;
    return !is_integer && digits > 0 && at == length;
}

enum number_status number_read(const char *text, size_t length, struct number *number)
{
    unsigned base = 10;
    size_t at = 0, begin;
    bool overflow = false;

    *number = (struct number){0, false};
    if (is_float(text, length))
        return NUMBER_FLOAT;
    if (length > 1 && text[0] == '0') {
        char c = (char)(text[1] | 0x20);

        base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
        at = base == 8 ? 1 : 2;
    }
    for (begin = at; at < length && digit_value(text[at]) < base; at++) {
        unsigned digit = digit_value(text[at]);

        overflow = overflow || number->bits > (UINT64_MAX - digit) / base;
        number->bits = number->bits * base + digit;
    }
    if ((at == begin && base != 8) || !read_suffix(text + at, length - at, &number->is_unsigned))
        return NUMBER_BAD;
    if (number->bits > INT64_MAX)
        number->is_unsigned = true;
    return overflow ? NUMBER_OUT_OF_RANGE : NUMBER_OK;
}

static uint32_t read_escape(const char **text, const char *end)
{
    static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    char c = *(*text)++;
    const char *found = c ? strchr(letters, c) : NULL;
    uint32_t value = 0;

    if (found)
        return (uint32_t)values[found - letters];
    if (c == 'x') {
        for (int i = 0; i < 8 && *text < end && digit_value(**text) < 16; i++)
            value = value * 16 + digit_value(*(*text)++);
        return value;
    }
    if (digit_value(c) < 8) {
        value = digit_value(c);
        for (int i = 0; i < 2 && *text < end && digit_value(**text) < 8; i++)
            value = value * 8 + digit_value(*(*text)++);
        return value;
    }
    return (unsigned char)c;
}

uint32_t character_next(const char **text, const char *end)
{
    char c = *(*text)++;

    if (c == '\\' && *text < end)
        return read_escape(text, end);
    return (unsigned char)c;
}

/* A character outside ASCII is its bytes, big end first, as gcc has it: only the single one
 * matters. */
bool number_read_character(const char *text, size_t length, struct number *number)
{
    const char *end = text + length;

    *number = (struct number){0, false};
    text += *text == 'L' ? 2 : 1;
    if (end - text < 2 || end[-1] != '\'')
        return false;
    end--;
    number->bits = character_next(&text, end);
    while (text < end && ((unsigned char)*text & 0xC0) == 0x80)
        number->bits = number->bits << 8 | character_next(&text, end);
    return text == end;
}

static bool less(struct number left, struct number right, bool is_unsigned)
{
    return is_unsigned ? left.bits < right.bits : (int64_t)left.bits < (int64_t)right.bits;
}

static uint64_t shift(int op, struct number left, uint64_t by)
{
    bool is_negative = !left.is_unsigned && (int64_t)left.bits < 0;

    if (by >= 64)
        return op == OP_SHIFT_RIGHT && is_negative ? UINT64_MAX : 0;
    if (op == OP_SHIFT_LEFT)
        return left.bits << by;
    return is_negative && by > 0 ? left.bits >> by | ~(UINT64_MAX >> by) : left.bits >> by;
}

/* By magnitude, because INT64_MIN / -1 is undefined in C. */
static uint64_t divide(int op, struct number left, struct number right, bool is_unsigned)
{
    bool left_negative = !is_unsigned && (int64_t)left.bits < 0;
    bool right_negative = !is_unsigned && (int64_t)right.bits < 0;
    uint64_t dividend = left_negative ? 0 - left.bits : left.bits;
    uint64_t divisor = right_negative ? 0 - right.bits : right.bits;

    if (op == OP_REMAINDER)
        return left_negative ? 0 - dividend % divisor : dividend % divisor;
    return left_negative != right_negative ? 0 - dividend / divisor : dividend / divisor;
}

static bool compare(int op, struct number left, struct number right, bool is_unsigned)
{
    switch (op) {
    case OP_LESS:
        return less(left, right, is_unsigned);
    case OP_LESS_EQUAL:
        return !less(right, left, is_unsigned);
    case OP_GREATER:
        return less(right, left, is_unsigned);
    case OP_GREATER_EQUAL:
        return !less(left, right, is_unsigned);
    case OP_EQUAL:
        return left.bits == right.bits;
    case OP_NOT_EQUAL:
        return left.bits != right.bits;
    case OP_AND:
        return left.bits && right.bits;
    default:
        return left.bits || right.bits;
    }
}

bool operator_binary(int op, struct number left, struct number right, struct number *result)
{
    bool is_unsigned = left.is_unsigned || right.is_unsigned;

    *result = (struct number){0, is_unsigned};
    switch (op) {
    case OP_ADD:
        result->bits = left.bits + right.bits;
        return true;
    case OP_SUBTRACT:
        result->bits = left.bits - right.bits;
        return true;
    case OP_MULTIPLY:
        result->bits = left.bits * right.bits;
        return true;
    case OP_DIVIDE:
    case OP_REMAINDER:
        if (right.bits == 0)
            return false;
        result->bits = divide(op, left, right, is_unsigned);
        return true;
    case OP_SHIFT_LEFT:
    case OP_SHIFT_RIGHT:
        *result = (struct number){shift(op, left, right.bits), left.is_unsigned};
        return true;
    case OP_BIT_AND:
        result->bits = left.bits & right.bits;
        return true;
    case OP_BIT_OR:
        result->bits = left.bits | right.bits;
        return true;
    case OP_BIT_XOR:
        result->bits = left.bits ^ right.bits;
        return true;
    default:
        *result = (struct number){compare(op, left, right, is_unsigned), false};
        return true;
    }
}

struct number operator_unary(int op, struct number operand)
{
    switch (op) {
    case '-':
        return (struct number){0 - operand.bits, operand.is_unsigned};
    case '~':
        return (struct number){~operand.bits, operand.is_unsigned};
    case '!':
        return (struct number){!operand.bits, false};
    default:
        return operand;
    }
}
