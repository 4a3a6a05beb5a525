/*
 * leaf.h -- what client and server agree on: flags of strings and blocks, and the bits of numbers.
 *
 * It holds no rule of what a method returns: that is in server.h and, apart from it, in oracle.py.
 */
#ifndef TESTS_E2E_MATRIX_LEAF_H
#define TESTS_E2E_MATRIX_LEAF_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uvcom/oleauto.h>
#include <uvcom/uvcom.h>

#include "matrix_types.h"

enum {
    WIDE = 1,     /* characters of 16 bits */
    REQUIRED = 2, /* never NULL */
    CONSTANT = 4  /* a pointer to const: in an [in, out] value it stays the client's */
};

/* A code that no header knows. */
#define CUSTOM 0xA0041234U

static inline uint64_t float_bits(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_of(uint64_t leaf)
{
    const uint32_t bits = (uint32_t)leaf;
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t double_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t leaf)
{
    double value;

    memcpy(&value, &leaf, sizeof value);
    return value;
}

static inline size_t unit_of(unsigned flags)
{
    return flags & WIDE ? sizeof(WCHAR) : sizeof(char);
}

/* A character of a string of either width. */
static inline uint64_t character_at(const void *text, size_t i, size_t unit)
{
    return unit == 1 ? ((const unsigned char *)text)[i] : ((const uint16_t *)text)[i];
}

static inline void set_character(void *text, size_t i, size_t unit, uint64_t character)
{
    if (unit == 1)
        ((unsigned char *)text)[i] = (unsigned char)character;
    else
        ((uint16_t *)text)[i] = (uint16_t)character;
}

static inline size_t length_of(const void *text, size_t unit)
{
    size_t length = 0;

    while (character_at(text, length, unit) != 0)
        length++;
    return length;
}

#endif
