/*
 * idl/diag_json.c -- messages as JSON lines, for editors and other programs. README.md has the
 * schema.
 */
#include <string.h>

#include "idl/diag.h"
#include "idl/diag_place.h"
#include "idl/source.h"
#include "idl/text.h"
#include "idl/utf8.h"

static void json_bytes(struct text *out, const char *bytes, size_t length)
{
    size_t step;

    text_char(out, '"');
    for (size_t i = 0; i < length; i += step) {
        bool is_valid;

        step = utf8_length(bytes + i, length - i, &is_valid);
        if (!is_valid)
            text_bytes(out, "\xEF\xBF\xBD", 3); /* U+FFFD: JSON is always UTF-8 */
        else if (bytes[i] == '"' || bytes[i] == '\\')
            text_format(out, "\\%c", bytes[i]);
        else if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F)
            text_format(out, "\\u%04x", (unsigned)bytes[i]);
        else
            text_bytes(out, bytes + i, step);
    }
    text_char(out, '"');
}

static void json_text(struct text *out, const char *name, const char *value)
{
    text_format(out, "\"%s\":", name);
    json_bytes(out, value, strlen(value));
}

/* Offsets are bytes of the file, so that programs can count in what they like. */
static void json_place(struct text *out, const struct location *location)
{
    struct place place = place_of(location);

    json_text(out, "file", place.path);
    text_format(out, ",\"line\":%zu,\"column\":%zu,\"characters\":%zu", place.line, place.column,
                place.characters ? place.characters : 1);
    text_format(out, ",\"offset\":%zu,\"bytes\":%zu", place.at, place.mark);
}

#define LEVELS 8 /* of macros in each other, and of files */

/* Closed by the caller, who may have more to say. */
static void begin_note(struct text *out, bool *is_first, const struct location *location)
{
    text_bytes(out, *is_first ? "{" : ",{", *is_first ? 1 : 2);
    *is_first = false;
    json_place(out, location);
}

static void json_notes(struct text *out, const struct message *message)
{
    const struct origin *origin = message->location.origin;
    bool is_first = true;

    text_format(out, ",\"notes\":[");
    for (size_t i = 0; i < LEVELS && origin && origin->kind == ORIGIN_MACRO; i++) {
        begin_note(out, &is_first, &origin->location);
        text_char(out, ',');
        json_text(out, "macro", origin->name);
        text_char(out, '}');
        origin = origin->outer;
    }
    for (const struct note *note = message->notes; note; note = note->next) {
        begin_note(out, &is_first, &note->location);
        text_char(out, ',');
        json_text(out, "message", note->text);
        text_char(out, '}');
    }
    text_char(out, ']');
}

static void json_files(struct text *out, const struct message *message)
{
    const struct origin *origin = place_file_origin(&message->location);
    bool is_first = true;

    text_format(out, ",\"files\":[");
    for (size_t i = 0; i < LEVELS && origin; i++) {
        begin_note(out, &is_first, &origin->location);
        text_format(out, ",\"by\":\"%s\"}", origin->kind == ORIGIN_IMPORT ? "import" : "include");
        origin = place_file_origin(&origin->location);
    }
    text_char(out, ']');
}

static void json_message(struct text *out, const struct message *message)
{
    bool is_error = message->severity == DIAG_IS_ERROR;

    text_char(out, '{');
    if (message->location.source) {
        json_place(out, &message->location);
        text_char(out, ',');
    }
    text_format(out, "\"severity\":\"%s\",", is_error ? "error" : "warning");
    json_text(out, "kind", message->kind);
    text_char(out, ',');
    json_text(out, "message", message->text);
    if (message->location.source) {
        json_files(out, message);
        json_notes(out, message);
    }
    text_bytes(out, "}\n", 2);
}

const char *diag_render_json(const struct diag *diag)
{
    size_t errors = diag->tallies[DIAG_IS_ERROR].omitted;
    size_t warnings = diag->tallies[DIAG_IS_WARNING].omitted;
    struct text out;
    size_t count;
    const struct message **sorted = diag_sorted(diag, &count);

    text_init(&out, diag->arena);
    for (size_t i = 0; i < count; i++)
        json_message(&out, sorted[i]);
    if (errors || warnings)
        text_format(&out,
                    "{\"severity\":\"note\",\"errors_not_shown\":%zu,\"warnings_not_shown\":%zu}\n",
                    errors, warnings);
    return text_end(&out);
}
