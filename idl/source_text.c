/*
 * idl/source_text.c -- see source.h; bytes as they are in a file -> text, and its lines.
 *
 * What only editors and file systems care about ends here: byte order marks, UTF-16, the Ctrl-Z of
 * DOS, and line ends behind a backslash. The last are taken out, as C does it first of all; the
 * table of lines still has the lines of the file.
 */
#include <string.h>

#include "idl/source.h"

static size_t put_utf8(char *out, uint32_t value)
{
    if (value < 0x80) {
        out[0] = (char)value;
        return 1;
    }
    if (value < 0x800) {
        out[0] = (char)(0xC0 | value >> 6);
        out[1] = (char)(0x80 | (value & 0x3F));
        return 2;
    }
    if (value < 0x10000) {
        out[0] = (char)(0xE0 | value >> 12);
        out[1] = (char)(0x80 | (value >> 6 & 0x3F));
        out[2] = (char)(0x80 | (value & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | value >> 18);
    out[1] = (char)(0x80 | (value >> 12 & 0x3F));
    out[2] = (char)(0x80 | (value >> 6 & 0x3F));
    out[3] = (char)(0x80 | (value & 0x3F));
    return 4;
}

static uint32_t unit_at(const char *bytes, bool is_big)
{
    unsigned char first = (unsigned char)bytes[0], second = (unsigned char)bytes[1];

    return is_big ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

/* Half of a pair, and half of a unit at the end, become the character that stands for nonsense. */
static char *from_utf16(struct arena *arena, const char *bytes, size_t *length, bool is_big)
{
    char *out = arena_alloc(arena, *length / 2 * 3 + 4);
    size_t end = *length - *length % 2, put = 0;

    for (size_t i = 2; i < end; i += 2) {
        uint32_t value = unit_at(bytes + i, is_big);
        uint32_t next = i + 2 < end ? unit_at(bytes + i + 2, is_big) : 0;

        if (value >= 0xD800 && value < 0xDC00 && next >= 0xDC00 && next < 0xE000) {
            value = 0x10000 + ((value - 0xD800) << 10) + (next - 0xDC00);
            i += 2;
        } else if (value >= 0xD800 && value < 0xE000) {
            value = 0xFFFD;
        }
        put += put_utf8(out + put, value);
    }
    if (*length % 2)
        put += put_utf8(out + put, 0xFFFD);
    out[put] = '\0';
    *length = put;
    return out;
}

/* A Ctrl-Z is the end where nothing but filling is behind it. */
static size_t length_without_filling(const char *text, size_t length)
{
    size_t end = length;

    while (end > 0 && (text[end - 1] == '\x1A' || text[end - 1] == '\0' || text[end - 1] == '\n' ||
                       text[end - 1] == '\r'))
        end--;
    while (end < length && text[end] != '\x1A')
        end++;
    return end;
}

/* The length of the backslash and the line end at `at`; 0: there is none. */
static size_t continuation(const char *text, size_t length, size_t at)
{
    if (text[at] != '\\' || at + 1 >= length)
        return 0;
    if (text[at + 1] == '\n')
        return 2;
    return text[at + 1] == '\r' && at + 2 < length && text[at + 2] == '\n' ? 3 : 0;
}

/* Takes the continuations out of the text, and notes where lines begin. */
static size_t join_lines(char *text, size_t length, uint32_t *lines)
{
    size_t put = 0, count = 1;

    for (size_t from = 0, to = 0; from < length; from = to) {
        size_t gap = 0;
        const char *newline = memchr(text + from, '\n', length - from);

        to = newline ? (size_t)(newline - text) + 1 : length;
        if (newline && to >= 2 && to - 2 >= from)
            gap = continuation(text, length, to - 2);
        if (newline && !gap && to >= 3 && to - 3 >= from)
            gap = continuation(text, length, to - 3);
        if (put != from)
            memmove(text + put, text + from, to - from);
        put += to - from - gap;
        if (newline)
            lines[count++] = (uint32_t)put;
    }
    text[put] = '\0';
    return put;
}

static size_t count_lines(const char *text, size_t length)
{
    const char *end = text + length;
    size_t count = 1;

    for (const char *at = text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    return count;
}

void source_set_text(struct arena *arena, struct idl_source *source, char *bytes, size_t length)
{
    uint32_t *lines;

    if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        bytes = from_utf16(arena, bytes, &length, bytes[0] == '\xFE');
    } else if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    length = length_without_filling(bytes, length);
    source->line_count = count_lines(bytes, length);
    lines = arena_alloc(arena, source->line_count * sizeof *lines);
    source->length = join_lines(bytes, length, lines);
    source->lines = lines;
    source->text = bytes;
}

size_t source_line(const struct idl_source *source, uint32_t offset)
{
    size_t low = 0, high = source->line_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

size_t source_line_begin(const struct idl_source *source, size_t line)
{
    return source->lines[line - 1];
}

size_t source_line_end(const struct idl_source *source, size_t line)
{
    size_t begin = source->lines[line - 1];
    size_t end = line < source->line_count ? source->lines[line] : source->length;

    return line < source->line_count && end > begin && source->text[end - 1] == '\n' ? end - 1
                                                                                     : end;
}
