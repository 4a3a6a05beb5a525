/*
 * json.c -- writes JSON: brackets, commas, lines, and text that is UTF-8 whatever came in.
 */
#include "codegen/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- items ---- */

static void begin_line(struct json *json)
{
    out_put(json->out, "\n");
    for (unsigned i = 0; i < json->lists; i++)
        out_put(json->out, " ");
}

/* Bytes of the character that begins here; 0: it is not UTF-8. */
static size_t character_length(const unsigned char *text)
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

/* A byte that is no UTF-8 is what it is in Latin-1, which old IDL is written in. */
static void put_foreign(struct json *json, unsigned char byte)
{
    char character[] = {(char)(0xc0 | byte >> 6), (char)(0x80 | (byte & 0x3f)), '\0'};

    out_put(json->out, character);
}

static void put_character(struct json *json, const unsigned char *text, size_t length)
{
    char piece[8] = {0};

    if (*text == '"' || *text == '\\')
        snprintf(piece, sizeof piece, "\\%c", *text);
    else if (*text == '\n')
        memcpy(piece, "\\n", 3);
    else if (*text < ' ' || *text == 0x7f)
        snprintf(piece, sizeof piece, "\\u%04x", *text);
    else
        memcpy(piece, text, length);
    out_put(json->out, piece);
}

static bool is_plain(const unsigned char *text)
{
    while (*text >= ' ' && *text < 0x7f && *text != '"' && *text != '\\')
        text++;
    return *text == '\0';
}

static void put_string(struct json *json, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    out_put(json->out, "\"");
    if (is_plain(at)) {
        out_put(json->out, text);
        at += strlen(text);
    }
    while (*at) {
        size_t length = character_length(at);

        if (length > 0)
            put_character(json, at, length);
        else
            put_foreign(json, *at);
        at += length > 0 ? length : 1;
    }
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
