/*
 * idl/diag.c -- see diag.h; the list of messages, and the picture of the line with its caret.
 */
#include "idl/diag.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/source.h"
#include "idl/text.h"

#define MESSAGE_LIMIT 100 /* more help nobody, and a file of random bytes has millions */
#define SHOWN_BEFORE 160  /* bytes of a long line that are shown before the caret, */
#define SHOWN_AFTER 80    /* and after it */

struct message {
    struct message *next;
    struct location location;
    const char *severity;
    const char *kind;
    const char *text;
    size_t number; /* keeps messages of one place in the order in which they were found */
};

void diag_init(struct diag *diag, struct arena *arena)
{
    *diag = (struct diag){.arena = arena};
}

const char *diag_kind_name(enum diag_kind kind)
{
    static const char *const names[] = {
#define DIAG_NAME(name, text) text,
        DIAG_KINDS(DIAG_NAME)
#undef DIAG_NAME
    };

    return names[kind];
}

static void add(struct diag *diag, const struct location *location, bool is_error, const char *kind,
                const char *text)
{
    struct message *message;

    diag->errors += is_error;
    if (diag->shown >= MESSAGE_LIMIT) {
        diag->omitted += is_error;
        return;
    }
    message = ARENA_NEW(diag->arena, struct message);
    message->location = *location;
    message->severity = is_error ? "error" : "warning";
    message->kind = arena_copy(diag->arena, kind, strlen(kind));
    message->text = arena_copy(diag->arena, text, strlen(text));
    message->number = diag->shown++;
    if (diag->last)
        diag->last->next = message;
    else
        diag->first = message;
    diag->last = message;
}

/* A name of a megabyte is cut: the buffer's size bounds what a message says. */
static void add_formatted(struct diag *diag, const struct location *location, bool is_error,
                          enum diag_kind kind, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));

static void add_formatted(struct diag *diag, const struct location *location, bool is_error,
                          enum diag_kind kind, const char *format, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, format, args);
    add(diag, location, is_error, diag_kind_name(kind), text);
}

void diag_error(struct diag *diag, const struct location *location, enum diag_kind kind,
                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_formatted(diag, location, true, kind, format, args);
    va_end(args);
}

void diag_warning(struct diag *diag, const struct location *location, enum diag_kind kind,
                  const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_formatted(diag, location, false, kind, format, args);
    va_end(args);
}

void diag_report(struct diag *diag, const struct location *location, bool is_error,
                 const char *kind, const char *text)
{
    add(diag, location, is_error, kind, text);
}

/* Columns are characters, not bytes: the bytes that continue a UTF-8 sequence do not count. */
static size_t columns(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* Control characters would do to the reader's terminal whatever the file's author likes. */
static void render_visible(struct text *out, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)line[i];

        text_char(out, (byte < ' ' && byte != '\t') || byte == 0x7F ? '?' : line[i]);
    }
}

static bool continues_character(const char *byte)
{
    return ((unsigned char)*byte & 0xC0) == 0x80;
}

static void render_line(struct text *out, const struct idl_source *source, size_t line,
                        const struct location *location)
{
    size_t start = source_line_begin(source, line);
    size_t end = line < source->line_count ? source->lines[line] - 1 : source->length;
    size_t at = location->offset < end ? location->offset : end;
    size_t mark = location->length;

    if (end > start && source->text[end - 1] == '\r')
        end -= end > at;
    if (at - start > SHOWN_BEFORE) {
        start = at - SHOWN_BEFORE;
        while (start < at && continues_character(&source->text[start]))
            start++;
    }
    if (end - at > SHOWN_AFTER)
        end = at + SHOWN_AFTER;
    while (end > at && end < source->length && continues_character(&source->text[end]))
        end--;
    render_visible(out, source->text + start, end - start);
    text_char(out, '\n');
    for (size_t i = start; i < at; i++) {
        if (!continues_character(&source->text[i]))
            text_char(out, source->text[i] == '\t' ? '\t' : ' ');
    }
    text_char(out, '^');
    if (mark > end - at)
        mark = end - at;
    for (size_t i = columns(source->text + at, mark); i > 1; i--)
        text_char(out, '~');
    text_char(out, '\n');
}

static void render_message(struct text *out, const struct message *message)
{
    const struct idl_source *source = message->location.source;
    size_t line, column, begin;

    if (!source) {
        text_format(out, "%s: %s [%s]\n", message->severity, message->text, message->kind);
        return;
    }
    line = source_line(source, message->location.offset);
    begin = source_line_begin(source, line);
    column = 1 + columns(source->text + begin, message->location.offset - begin);
    text_format(out, "%s:%zu:%zu: ", source->path, line, column);
    text_format(out, "%s: %s [%s]\n", message->severity, message->text, message->kind);
    render_line(out, source, line, &message->location);
}

static int compare(const void *left, const void *right)
{
    const struct message *a = *(const struct message *const *)left;
    const struct message *b = *(const struct message *const *)right;
    unsigned a_order = a->location.source ? a->location.source->order : 0;
    unsigned b_order = b->location.source ? b->location.source->order : 0;

    if (a_order != b_order)
        return a_order < b_order ? -1 : 1;
    if (a->location.offset != b->location.offset)
        return a->location.offset < b->location.offset ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

const char *diag_render(const struct diag *diag)
{
    const struct message *sorted[MESSAGE_LIMIT];
    size_t count = 0;
    struct text out;

    for (const struct message *message = diag->first; message; message = message->next)
        sorted[count++] = message;
    qsort(sorted, count, sizeof *sorted, compare);
    text_init(&out, diag->arena);
    for (size_t i = 0; i < count; i++)
        render_message(&out, sorted[i]);
    if (diag->omitted)
        text_format(&out, "%zu more errors are not shown\n", diag->omitted);
    return text_end(&out);
}
