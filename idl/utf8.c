/*
 * idl/utf8.c -- see utf8.h.
 */
#include "idl/utf8.h"

static unsigned value_of(const char *bytes, size_t length)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned value = (unsigned char)bytes[0] & masks[length];

    for (size_t i = 1; i < length; i++)
        value = value << 6 | ((unsigned char)bytes[i] & 0x3F);
    return value;
}

size_t utf8_length(const char *bytes, size_t length, bool *is_valid)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)bytes[0];
    size_t wanted = first < 0x80   ? 1
                    : first < 0xC0 ? 0
                    : first < 0xE0 ? 2
                    : first < 0xF0 ? 3
                    : first < 0xF8 ? 4
                                   : 0;
    unsigned value;

    *is_valid = false;
    if (wanted == 0 || wanted > length)
        return 1;
    for (size_t i = 1; i < wanted; i++)
        if (((unsigned char)bytes[i] & 0xC0) != 0x80)
            return 1;
    value = value_of(bytes, wanted);
    if (value < least[wanted] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *is_valid = true;
    return wanted;
}

size_t utf8_count(const char *bytes, size_t length)
{
    size_t count = 0;
    bool is_valid;

    for (size_t i = 0; i < length; count++)
        i += utf8_length(bytes + i, length - i, &is_valid);
    return count;
}

/* The rest would do to the reader's terminal, or to his eyes, whatever the file's author likes. */
static bool is_harmless(unsigned value)
{
    if (value < ' ')
        return value == '\t';
    return !(value >= 0x7F && value <= 0x9F) && !(value >= 0x202A && value <= 0x202E) &&
           !(value >= 0x2066 && value <= 0x2069) && value != 0x2028 && value != 0x2029;
}

void text_visible(struct text *text, const char *bytes, size_t length)
{
    size_t step;

    for (size_t i = 0; i < length; i += step) {
        bool is_valid;

        step = utf8_length(bytes + i, length - i, &is_valid);
        if (is_valid && is_harmless(value_of(bytes + i, step)))
            text_bytes(text, bytes + i, step);
        else
            text_char(text, '?');
    }
}
