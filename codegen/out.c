/*
 * out.c -- text in memory: templates, comments, and the wrapping of what became too long.
 *
 * It knows nothing of IDL and nothing of files.
 */
#include "codegen/out.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/wrap.h"

static bool out_grow(struct out *out, size_t more)
{
    size_t wanted = out->capacity ? out->capacity : 1024;
    char *data;

    if (out->failed)
        return false;
    while (wanted <= out->length + more) {
        if (wanted > SIZE_MAX / 2) {
            out->failed = true;
            return false;
        }
        wanted *= 2;
    }
    data = realloc(out->data, wanted);
    if (!data) {
        out->failed = true;
        return false;
    }
    out->data = data;
    out->capacity = wanted;
    return true;
}

static void out_append(struct out *out, const char *text, size_t length)
{
    if ((out->failed || length >= out->capacity - out->length) && !out_grow(out, length))
        return;
    memcpy(out->data + out->length, text, length);
    out->length += length;
    out->data[out->length] = '\0';
}

void out_fini(struct out *out)
{
    free(out->data);
    *out = (struct out){0};
}

/* The line since out->line is complete, without its newline: wraps it if it is too long. */
static void out_end_line(struct out *out)
{
    size_t length = out->length - out->line;
    struct out wrapped = {.is_plain = true};

    if (out->failed || out->is_plain || length <= OUT_COLUMNS)
        return;
    wrap_line(&wrapped, out->data + out->line, length);
    out->failed = wrapped.failed;
    out->length = out->line;
    if (wrapped.length)
        out_append(out, wrapped.data, wrapped.length);
    out_fini(&wrapped);
}

static void out_piece(struct out *out, const char *text, size_t length)
{
    const char *end;

    while (length > 0 && (end = memchr(text, '\n', length))) {
        out_append(out, text, (size_t)(end - text));
        out_end_line(out);
        out_append(out, "\n", 1);
        out->line = out->length;
        length -= (size_t)(end + 1 - text);
        text = end + 1;
    }
    out_append(out, text, length);
}

void out_put(struct out *out, const char *text)
{
    out_piece(out, text, strlen(text));
}

static const char *name_value(const struct out_name *names, const char *key, size_t length)
{
    for (; names->key; names++)
        if (strncmp(names->key, key, length) == 0 && names->key[length] == '\0')
            return names->value;
    assert(false && "a template names a key that it was not given");
    return "";
}

void out_text(struct out *out, const char *template, const struct out_name *names)
{
    const char *start = template;

    while ((start = strchr(start, '$'))) {
        const char *end = start[1] == '{' ? strchr(start, '}') : NULL;

        if (!end) {
            start++;
            continue;
        }
        out_piece(out, template, (size_t)(start - template));
        out_put(out, name_value(names, start + 2, (size_t)(end - start - 2)));
        template = start = end + 1;
    }
    out_put(out, template);
}

const char *out_keep(struct out *out, struct pool *pool)
{
    const char *result;

    if (out->failed)
        pool->failed = true;
    result = out->failed || !out->data ? "" : pool_string(pool, out->data);
    out_fini(out);
    return result;
}

const char *pool_text(struct pool *pool, const char *template, const struct out_name *names)
{
    struct out text = {.is_plain = true};

    out_text(&text, template, names);
    return out_keep(&text, pool);
}

/* ---- comments ---- */

/* Appends a line of a comment, with what would end or nest the comment taken apart. */
static void out_comment_words(struct out *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool is_mark = i > 0 && ((text[i - 1] == '*' && text[i] == '/') ||
                                 (text[i - 1] == '/' && text[i] == '*'));

        if (is_mark)
            out_append(out, " ", 1);
        out_append(out, text + i, 1);
    }
}

/* How much of a line of text fits into `room` columns, at a space; a long word is left whole. */
static size_t fitting(const char *text, size_t length, size_t room)
{
    size_t end = room;

    if (length <= room)
        return length;
    while (end > 0 && text[end] != ' ')
        end--;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    if (end > 0)
        return end;
    while (end < length && text[end] == ' ')
        end++;
    while (end < length && text[end] != ' ')
        end++;
    return end;
}

static void out_indent(struct out *out, size_t indent)
{
    while (indent-- > 0)
        out_append(out, " ", 1);
}

/* A comment of several lines, on its way out. */
struct comment {
    struct out *out;
    size_t indent;
    size_t room; /* columns for text */
    size_t used; /* those of a line that is still open; 0: none is */
};

static void comment_part(struct comment *comment, size_t hang, const char *text, size_t length)
{
    if (comment->used > 0) {
        out_append(comment->out, " ", 1);
        comment->used++;
    } else {
        out_indent(comment->out, comment->indent);
        out_append(comment->out, length ? " * " : " *", length ? 3 : 2);
        out_indent(comment->out, hang);
        comment->used = hang;
    }
    out_comment_words(comment->out, text, length);
    comment->used += length;
}

static void comment_end_line(struct comment *comment)
{
    out_append(comment->out, "\n", 1);
    comment->used = 0;
}

/* A line of running text, unlike one of a list, a table or a command such as @return. */
static bool is_prose(const char *text, size_t length)
{
    return length > 0 && !strchr(" \t@-*", text[0]);
}

/* Where the rest of a line goes that was too long: below its text. */
static size_t hang_of(const char *text, size_t length, size_t room)
{
    size_t hang = 0;

    while (hang < length && text[hang] == ' ')
        hang++;
    if (hang == 0 && length > 0 && text[0] == '@')
        hang = strlen("@return ");
    return hang < room / 2 ? hang : 0;
}

/*
 * A line that is too long is broken, and if it is prose, what is left of it is filled up with the
 * next line, and so on: the paragraph stays one. What fits is left as its author had it.
 */
static void comment_line(struct comment *comment, const char *text, size_t length)
{
    const size_t hang = hang_of(text, length, comment->room);
    const bool is_filled = is_prose(text, length);
    bool is_broken = false;
    size_t word = 0, start = 0;

    while (word < length && text[word] != ' ')
        word++;
    if (comment->used > 0 && (!is_filled || comment->used + 1 + word > comment->room))
        comment_end_line(comment);
    for (;;) {
        size_t lead = start > 0 ? hang : 0;
        size_t taken = comment->used > 0 ? comment->used + 1 : lead;
        size_t part = fitting(text + start, length - start, comment->room - taken);

        comment_part(comment, lead, text + start, part);
        start += part;
        while (start < length && text[start] == ' ')
            start++;
        if (start == length)
            break;
        comment_end_line(comment);
        is_broken = true;
    }
    if (!is_filled || !is_broken)
        comment_end_line(comment);
}

static size_t line_length(const char *text)
{
    size_t length = strcspn(text, "\n");

    while (length > 0 && strchr(" \t\r", text[length - 1]))
        length--;
    return length;
}

static void out_comment_lines(struct out *out, size_t indent, const char *text)
{
    struct comment comment = {.out = out, .indent = indent};

    comment.room = OUT_COLUMNS - 8 > indent + 3 ? OUT_COLUMNS - indent - 3 : 8;
    for (;;) {
        comment_line(&comment, text, line_length(text));
        text += strcspn(text, "\n");
        if (!*text)
            break;
        text++;
    }
    if (comment.used > 0)
        comment_end_line(&comment);
}

void out_comment(struct out *out, size_t indent, const char *open, const char *text)
{
    if (!text || !*text)
        return;
    out_indent(out, indent);
    out_put(out, open);
    if (!strchr(text, '\n') && indent + strlen(open) + line_length(text) + 4 <= OUT_COLUMNS) {
        out_append(out, " ", 1);
        out_comment_words(out, text, line_length(text));
    } else {
        out_append(out, "\n", 1);
        out_comment_lines(out, indent, text);
        out_indent(out, indent);
    }
    out_put(out, " */");
    out_append(out, "\n", 1);
    out->line = out->length;
}
