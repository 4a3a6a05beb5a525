/*
 * cargo_say.c -- see cargo.h: values in words, and the end of what they own.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uvcom/oleauto.h>

#include "cargo.h"

/* ---- words ---- */

void cargo_say(struct cargo_text *text, const char *format, ...)
{
    const size_t room = sizeof text->bytes - text->length;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text->bytes + text->length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        abort(); /* values are small */
    text->length += (size_t)length;
}

static void say_bytes(struct cargo_text *text, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cargo_say(text, "%02x", ((const unsigned char *)bytes)[i]);
    cargo_say(text, " ");
}

void cargo_say_longs(struct cargo_text *text, const LONG *values, size_t count)
{
    cargo_say(text, "[");
    for (size_t i = 0; i < count; i++)
        cargo_say(text, "%d ", values[i]);
    cargo_say(text, "]");
}

void cargo_say_shorts(struct cargo_text *text, const SHORT *values, size_t count)
{
    cargo_say(text, "[");
    for (size_t i = 0; i < count; i++)
        cargo_say(text, "%d ", values[i]);
    cargo_say(text, "]");
}

void cargo_say_points(struct cargo_text *text, const point *values, size_t count)
{
    cargo_say(text, "[");
    for (size_t i = 0; i < count && values; i++)
        cargo_say(text, "(%d %d) ", values[i].x, values[i].y);
    cargo_say(text, values ? "]" : "no points]");
}

void cargo_say_numbers(struct cargo_text *text, const numbers *value)
{
    if (!value) {
        cargo_say(text, "no numbers ");
        return;
    }
    cargo_say(text, "{%u %u %d %d %u %d %u %d %u ", value->flag, value->raw, value->tiny,
              value->letter, value->wide, value->brief, value->port, value->count, value->bits);
    cargo_say(text, "%lld %llu ", (long long)value->distance, (unsigned long long)value->big);
    say_bytes(text, &value->ratio, sizeof value->ratio);
    say_bytes(text, &value->exact, sizeof value->exact);
    say_bytes(text, &value->id, sizeof value->id);
    cargo_say(text, "%d %d %d %d} ", (int)value->feeling, (int)value->colour, value->month,
              value->step);
}

void cargo_say_string(struct cargo_text *text, const void *string, size_t unit)
{
    uint16_t wide;

    if (!string) {
        cargo_say(text, "no text ");
        return;
    }
    if (unit == 1) {
        cargo_say(text, "\"%s\" ", (const char *)string);
        return;
    }
    cargo_say(text, "u\"");
    for (const char *at = string; memcpy(&wide, at, sizeof wide), wide != 0; at += unit)
        cargo_say(text, "%04x", wide);
    cargo_say(text, "\" ");
}

void cargo_say_bstr(struct cargo_text *text, BSTR value)
{
    if (!value) {
        cargo_say(text, "no bstr ");
        return;
    }
    cargo_say(text, "bstr ");
    say_bytes(text, value, SysStringByteLen(value) + sizeof *value);
}

void cargo_say_record(struct cargo_text *text, const record *value, bool with_note)
{
    cargo_say(text, "record ");
    cargo_say_string(text, value->name, 1);
    cargo_say_string(text, value->title, sizeof *value->title);
    cargo_say(text, "%u", value->count);
    cargo_say_points(text, value->points, value->count);
    cargo_say_points(text, value->home, 1);
    cargo_say(text, value->maybe ? "maybe %d " : "maybe not ", value->maybe ? *value->maybe : 0);
    cargo_say_bstr(text, value->label);
    cargo_say(text, "%d %d %d ", (int)value->inner.feeling, (int)value->feelings[0],
              (int)value->feelings[1]);
    if (with_note)
        cargo_say_string(text, value->inner.note, 1);
}

void cargo_say_list(struct cargo_text *text, const node *value)
{
    cargo_say(text, "list ");
    for (; value; value = value->next) {
        cargo_say(text, "%d ", value->value);
        cargo_say_string(text, value->name, 1);
    }
}

/* ---- graphs ---- */

enum { KNOTS = 16 };

static size_t find_knot(knot **knots, size_t count, const knot *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (knots[i] == wanted)
            return i;
    return count;
}

/* All knots that can be reached, each once. */
static size_t collect_knots(knot *first, knot **knots)
{
    size_t count = first != NULL;

    knots[0] = first;
    for (size_t i = 0; i < count; i++) {
        knot *next[] = {knots[i]->left, knots[i]->right};

        for (size_t k = 0; k < 2; k++) {
            if (!next[k] || find_knot(knots, count, next[k]) < count)
                continue;
            if (count == KNOTS)
                abort(); /* nobody makes as many: one was copied twice */
            knots[count++] = next[k];
        }
    }
    return count;
}

static int knot_index(knot **knots, size_t count, const knot *wanted)
{
    return wanted ? (int)find_knot(knots, count, wanted) : -1;
}

void cargo_say_graph(struct cargo_text *text, const knot *value)
{
    knot *knots[KNOTS], *first;
    size_t count;

    memcpy(&first, &value, sizeof first); /* it is only looked at */
    count = collect_knots(first, knots);
    cargo_say(text, "graph ");
    for (size_t i = 0; i < count; i++)
        cargo_say(text, "(%d %d %d) ", knots[i]->value, knot_index(knots, count, knots[i]->left),
                  knot_index(knots, count, knots[i]->right));
}

void cargo_free_graph(knot *value)
{
    knot *knots[KNOTS];
    const size_t count = collect_knots(value, knots);

    for (size_t i = 0; i < count; i++)
        CoTaskMemFree(knots[i]);
}

/* ---- the others ---- */

void cargo_say_packet(struct cargo_text *text, const packet *value)
{
    cargo_say(text, "packet ");
    if (value)
        say_bytes(text, value->bytes, value->count);
}

void cargo_say_object(struct cargo_text *text, void *object)
{
    IUnknown *unknown = object;
    IWitness *witness;
    LONG number = -1;
    HRESULT hr;

    if (!object) {
        cargo_say(text, "nobody ");
        return;
    }
    hr = unknown->lpVtbl->QueryInterface(unknown, &IID_IWitness, (void **)&witness);
    if (SUCCEEDED(hr)) {
        hr = IWitness_Number(witness, &number);
        IWitness_Release(witness);
    }
    cargo_say(text, "witness %d ", FAILED(hr) ? (int)hr : number);
}

void cargo_say_choice(struct cargo_text *text, LONG kind, const choice *value)
{
    cargo_say(text, "choice %d ", kind);
    if (kind == 1)
        cargo_say(text, "%d ", value->number);
    else if (kind == 2 || kind == 3)
        cargo_say_string(text, value->text, 1);
    else if (kind == 4)
        cargo_say_points(text, value->where, 1);
    else if (kind == 5)
        cargo_say_object(text, value->object);
}

void cargo_say_any(struct cargo_text *text, const any *value)
{
    cargo_say(text, "any %d ", value->kind);
    if (value->kind == 1)
        cargo_say(text, "%f ", value->content.real);
    else if (value->kind == 2)
        cargo_say_list(text, value->content.list);
    else if (value->kind == 3)
        cargo_say(text, "%d ", (int)value->content.feeling);
}

/* ---- the end ---- */

void cargo_free_object(void *object)
{
    IUnknown *unknown = object;

    if (unknown)
        unknown->lpVtbl->Release(unknown);
}

void cargo_free_record(record *value, bool with_note)
{
    char *note;

    memcpy(&note, &value->inner.note, sizeof note);
    CoTaskMemFree(value->name);
    CoTaskMemFree(value->title);
    CoTaskMemFree(value->points);
    CoTaskMemFree(value->home);
    CoTaskMemFree(value->maybe);
    SysFreeString(value->label);
    if (with_note)
        CoTaskMemFree(note);
}

void cargo_free_list(node *value)
{
    node *next;

    for (; value; value = next) {
        next = value->next;
        CoTaskMemFree(value->name);
        CoTaskMemFree(value);
    }
}

void cargo_free_choice(LONG kind, choice *value)
{
    if (kind == 2 || kind == 3)
        CoTaskMemFree(value->text);
    else if (kind == 4)
        CoTaskMemFree(value->where);
    else if (kind == 5)
        cargo_free_object(value->object);
}

void cargo_free_any(any *value)
{
    if (value->kind == 2)
        cargo_free_list(value->content.list);
}
