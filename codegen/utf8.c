/*
 * utf8.c -- text of unknown origin made into UTF-8, character by character.
 */
#include "codegen/utf8.h"

#include <string.h>

/* Bytes of the character that begins here; 0: it is not UTF-8. */
static size_t length_of(const unsigned char *text)
{
    static const struct {
        unsigned char first, last, low, high; /* of the first byte; of the second one */
        size_t length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (*text < forms[i].first || *text > forms[i].last)
            continue;
        if (forms[i].length > 1 && (text[1] < forms[i].low || text[1] > forms[i].high))
            return 0;
        for (size_t at = 2; at < forms[i].length; at++)
            if ((text[at] & 0xc0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

size_t utf8_character(const char *text, char character[UTF8_MOST + 1])
{
    unsigned char byte = (unsigned char)*text;
    size_t length = length_of((const unsigned char *)text);

    memset(character, 0, UTF8_MOST + 1);
    memcpy(character, text, length);
    if (length > 0 || byte == '\0')
        return length;
    character[0] = (char)(0xc0 | byte >> 6);
    character[1] = (char)(0x80 | (byte & 0x3f));
    return 1;
}
