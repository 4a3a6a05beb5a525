/*
 * idl/doc.c -- see doc.h.
 */
#include "idl/doc.h"

#include <stdbool.h>
#include <string.h>

#include "idl/text.h"

struct line {
    const char *begin, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void trim(struct line *line)
{
    while (line->begin < line->end && is_blank(*line->begin))
        line->begin++;
    while (line->end > line->begin && is_blank(line->end[-1]))
        line->end--;
}

static void strip_prefix(struct line *line, const char *mark)
{
    size_t length = strlen(mark);

    if ((size_t)(line->end - line->begin) >= length && memcmp(line->begin, mark, length) == 0)
        line->begin += length;
}

/* A row of '*', '-' or '=' is decoration. */
static bool is_rule(const struct line *line)
{
    size_t count = 0;

    for (const char *at = line->begin; at < line->end; at++, count++) {
        if (!strchr("*-=/ ", *at) || !*at)
            return false;
    }
    return count > 0;
}

static void strip_line(struct line *line, bool is_block, bool is_first, bool is_trailing)
{
    trim(line);
    if (!is_block) {
        while (line->begin < line->end && *line->begin == '/')
            line->begin++;
    } else if (is_first) {
        strip_prefix(line, "/*");
        while (line->begin < line->end && *line->begin == '*')
            line->begin++;
    } else {
        while (line->begin < line->end && *line->begin == '*')
            line->begin++;
    }
    if (is_trailing && (!is_block || is_first))
        strip_prefix(line, "<");
    /* One blank only: what is indented further is meant to be. */
    if (line->begin < line->end && *line->begin == ' ')
        line->begin++;
    while (line->end > line->begin && is_blank(line->end[-1]))
        line->end--;
}

/* Also control characters, which no header should have; blanks take their place. */
static void add_line(struct text *text, const struct line *line)
{
    for (const char *at = line->begin; at < line->end; at++) {
        bool pairs = at + 1 < line->end &&
                     ((at[0] == '*' && at[1] == '/') || (at[0] == '/' && at[1] == '*'));

        text_char(text, (unsigned char)*at < ' ' || *at == 0x7F ? ' ' : *at);
        if (pairs)
            text_char(text, ' ');
    }
}

const char *doc_text(struct arena *arena, const struct idl_source *source, uint32_t begin,
                     uint32_t end)
{
    const char *at = source->text + begin, *stop = source->text + end;
    bool is_block = end - begin >= 4 && at[1] == '*', is_first = true;
    bool is_trailing = end - begin >= 4 && (at[2] == '/' || at[2] == '*') && at[3] == '<';
    size_t empty = 0;
    struct text text;

    text_init(&text, arena);
    if (is_block)
        stop -= 2;
    while (at < stop) {
        const char *newline = memchr(at, '\n', (size_t)(stop - at));
        struct line line = {at, newline ? newline : stop};

        at = newline ? newline + 1 : stop;
        strip_line(&line, is_block, is_first, is_trailing);
        is_first = false;
        if (line.begin == line.end || is_rule(&line)) {
            empty++;
            continue;
        }
        /* Empty lines stay between the others, and go at both ends. */
        for (; text.length > 0 && empty + 1 > 0; empty--) {
            text_char(&text, '\n');
            if (empty == 0)
                break;
        }
        empty = 0;
        add_line(&text, &line);
    }
    return text.length > 0 ? text_end(&text) : NULL;
}
