/*
 * idl/diag_text.c -- messages as people read them: the files that led there, the message, the line
 * with its caret, and the other places that it speaks of.
 */
#include <string.h>

#include "idl/diag.h"
#include "idl/diag_place.h"
#include "idl/source.h"
#include "idl/text.h"
#include "idl/utf8.h"

#define SHOWN_BEFORE 160 /* bytes of a long line that are shown before the caret, */
#define SHOWN_AFTER 80   /* and after it */
#define SHOWN_LEVELS 8   /* of files in each other */
#define SHOWN_MACROS 3   /* of macros in each other: the innermost, where the mistake is */

#define COLOR_ERROR "\033[1;31m"
#define COLOR_WARNING "\033[1;35m"
#define COLOR_NOTE "\033[1;36m"
#define COLOR_PLACE "\033[1m"
#define COLOR_CARET "\033[1;32m"
#define COLOR_END "\033[0m"

struct renderer {
    struct text out;
    bool color;
    const struct origin *shown; /* the files of the message before: told once */
};

static void begin_color(struct renderer *renderer, const char *color)
{
    if (renderer->color)
        text_bytes(&renderer->out, color, strlen(color));
}

static void colored(struct renderer *renderer, const char *color, const char *text)
{
    begin_color(renderer, color);
    text_visible(&renderer->out, text, strlen(text));
    begin_color(renderer, COLOR_END);
}

static void render_place(struct renderer *renderer, const struct place *place)
{
    begin_color(renderer, COLOR_PLACE);
    text_visible(&renderer->out, place->path, strlen(place->path));
    text_format(&renderer->out, ":%zu:%zu:", place->line, place->column);
    begin_color(renderer, COLOR_END);
}

/* ---- the line and its caret ---- */

/* A part of a long line must not begin or end within a character. */
static bool continues_character(const char *byte)
{
    return ((unsigned char)*byte & 0xC0) == 0x80;
}

/* The caret stands below its character if both lines have as many characters and tabs before it. */
static void render_blanks(struct text *out, const char *line, size_t length)
{
    bool is_valid;

    for (size_t i = 0; i < length; i += utf8_length(line + i, length - i, &is_valid))
        text_char(out, line[i] == '\t' ? '\t' : ' ');
}

static void render_line(struct renderer *renderer, const struct location *location,
                        struct place place)
{
    const char *source = location->source->text;
    size_t begin = place.begin, end = place.end;
    struct text *out = &renderer->out;

    if (place.at - begin > SHOWN_BEFORE) {
        begin = place.at - SHOWN_BEFORE;
        while (begin < place.at && continues_character(source + begin))
            begin++;
        text_bytes(out, "...", 3);
    }
    if (end - place.at > SHOWN_AFTER) {
        end = place.at + SHOWN_AFTER;
        while (end > place.at + 1 && continues_character(source + end))
            end--;
    }
    text_visible(out, source + begin, end - begin);
    text_bytes(out, "...", end < place.end ? 3 : 0);
    text_char(out, '\n');
    if (begin > place.begin)
        text_bytes(out, "   ", 3);
    render_blanks(out, source + begin, place.at - begin);
    begin_color(renderer, COLOR_CARET);
    text_char(out, '^');
    if (place.mark > end - place.at)
        place.characters = utf8_count(source + place.at, end - place.at);
    for (size_t i = 1; i < place.characters; i++)
        text_char(out, '~');
    begin_color(renderer, COLOR_END);
    text_char(out, '\n');
}

/* ---- how the reader got there ---- */

static void render_files(struct renderer *renderer, const struct location *location)
{
    const struct origin *origin = place_file_origin(location);
    const char *words = "In file ";
    size_t level = 0;

    if (origin == renderer->shown)
        return;
    renderer->shown = origin;
    for (; origin && level < SHOWN_LEVELS; origin = place_file_origin(&origin->location), level++) {
        struct place place = place_of(&origin->location);

        text_format(&renderer->out, "%s%s ", words,
                    origin->kind == ORIGIN_IMPORT ? "imported by" : "included from");
        render_place(renderer, &place);
        text_char(&renderer->out, '\n');
        words = "        ";
    }
    if (origin)
        text_format(&renderer->out, "        and so on\n");
}

static void render_note(struct renderer *renderer, const struct location *location,
                        const char *text)
{
    struct place place = place_of(location);

    render_place(renderer, &place);
    text_char(&renderer->out, ' ');
    colored(renderer, COLOR_NOTE, "note:");
    text_char(&renderer->out, ' ');
    text_visible(&renderer->out, text, strlen(text));
    text_char(&renderer->out, '\n');
    render_line(renderer, location, place);
}

static void render_macros(struct renderer *renderer, const struct location *location)
{
    const struct origin *origin = location->origin;
    size_t level = 0;

    for (; origin && origin->kind == ORIGIN_MACRO && level < SHOWN_MACROS;
         origin = origin->outer, level++) {
        struct text text;

        text_init(&text, renderer->out.arena);
        text_format(&text, "this comes out of the macro '%.200s', which is defined here",
                    origin->name);
        render_note(renderer, &origin->location, text_end(&text));
    }
}

/* ---- a message ---- */

static void render_head(struct renderer *renderer, const struct message *message)
{
    bool is_error = message->severity == DIAG_IS_ERROR;

    colored(renderer, is_error ? COLOR_ERROR : COLOR_WARNING, is_error ? "error:" : "warning:");
    text_char(&renderer->out, ' ');
    text_visible(&renderer->out, message->text, strlen(message->text));
    text_format(&renderer->out, " [%s]\n", message->kind);
}

static void render_message(struct renderer *renderer, const struct message *message)
{
    struct place place;

    if (!message->location.source) {
        render_head(renderer, message);
        return;
    }
    place = place_of(&message->location);
    render_files(renderer, &message->location);
    render_place(renderer, &place);
    text_char(&renderer->out, ' ');
    render_head(renderer, message);
    render_line(renderer, &message->location, place);
    render_macros(renderer, &message->location);
    for (const struct note *note = message->notes; note; note = note->next)
        render_note(renderer, &note->location, note->text);
}

static void render_omitted(struct renderer *renderer, size_t count, const char *what)
{
    if (count)
        text_format(&renderer->out, "%zu more %s%s not shown\n", count, what,
                    count == 1 ? " is" : "s are");
}

const char *diag_render(const struct diag *diag, bool color)
{
    struct renderer renderer = {.color = color};
    size_t count;
    const struct message **sorted = diag_sorted(diag, &count);

    text_init(&renderer.out, diag->arena);
    for (size_t i = 0; i < count; i++)
        render_message(&renderer, sorted[i]);
    render_omitted(&renderer, diag->tallies[DIAG_IS_ERROR].omitted, "error");
    render_omitted(&renderer, diag->tallies[DIAG_IS_WARNING].omitted, "warning");
    return text_end(&renderer.out);
}
