/*
 * json.c -- writes JSON: brackets, commas, lines, and text that is UTF-8 whatever came in.
 */
#include "codegen/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codegen/utf8.h"

/* ---- items ---- */

static void begin_line(struct json *json)
{
    out_put(json->out, "\n");
    for (unsigned i = 0; i < json->lists; i++)
        out_put(json->out, " ");
}

static void put_character(struct json *json, const char *character)
{
    char piece[8];
    unsigned char first = (unsigned char)*character;

    if (first == '"' || first == '\\')
        snprintf(piece, sizeof piece, "\\%c", first);
    else if (first == '\n')
        snprintf(piece, sizeof piece, "\\n");
    else if (first < ' ' || first == 0x7f)
        snprintf(piece, sizeof piece, "\\u%04x", first);
    else
        snprintf(piece, sizeof piece, "%s", character);
    out_put(json->out, piece);
}

static bool is_plain(const char *text)
{
    while (*text >= ' ' && *text < 0x7f && *text != '"' && *text != '\\')
        text++;
    return *text == '\0';
}

static void put_string(struct json *json, const char *text)
{
    char character[UTF8_MOST + 1];
    size_t length;

    out_put(json->out, "\"");
    if (is_plain(text)) {
        out_put(json->out, text);
        text += strlen(text);
    }
    for (; (length = utf8_character(text, character)) > 0; text += length)
        put_character(json, character);
    out_put(json->out, "\"");
}

static void begin_item(struct json *json, const char *key)
{
    if (json->is_comma_due)
        out_put(json->out, json->is_line_due ? "," : ", ");
    if (json->is_line_due)
        begin_line(json);
    json->is_line_due = false;
    json->is_comma_due = true;
    if (!key)
        return;
    put_string(json, key);
    out_put(json->out, ": ");
}

/* ---- brackets ---- */

static void open(struct json *json, const char *key, const char *bracket)
{
    begin_item(json, key);
    out_put(json->out, bracket);
    json->is_comma_due = false;
}

static void close(struct json *json, const char *bracket)
{
    out_put(json->out, bracket);
    json->is_comma_due = true;
    json->is_line_due = false;
}

void json_open(struct json *json, const char *key)
{
    open(json, key, "{");
}

void json_close(struct json *json)
{
    close(json, "}");
}

void json_open_array(struct json *json, const char *key)
{
    open(json, key, "[");
}

void json_close_array(struct json *json)
{
    close(json, "]");
}

void json_open_list(struct json *json, const char *key)
{
    open(json, key, "[");
    json->lists++;
}

void json_close_list(struct json *json)
{
    bool is_empty = !json->is_comma_due;

    json->lists--;
    if (!is_empty)
        begin_line(json);
    close(json, "]");
}

void json_line(struct json *json)
{
    json->is_line_due = true;
}

/* ---- values ---- */

void json_text(struct json *json, const char *key, const char *text)
{
    if (!text)
        return;
    begin_item(json, key);
    put_string(json, text);
}

void json_flag(struct json *json, const char *key, bool value)
{
    if (!value)
        return;
    begin_item(json, key);
    out_put(json->out, "true");
}

void json_null(struct json *json, const char *key)
{
    begin_item(json, key);
    out_put(json->out, "null");
}

void json_number(struct json *json, const char *key, int64_t value, bool is_unsigned)
{
    const int64_t most = INT64_C(1) << 53;
    bool is_exact = value <= most && (value >= -most && (value >= 0 || !is_unsigned));
    const char *quote = is_exact ? "" : "\"";
    char digits[32];

    if (is_unsigned)
        snprintf(digits, sizeof digits, "%s%" PRIu64 "%s", quote, (uint64_t)value, quote);
    else
        snprintf(digits, sizeof digits, "%s%" PRId64 "%s", quote, value, quote);
    begin_item(json, key);
    out_put(json->out, digits);
}
