/*
 * idl/diag.c -- see diag.h; the list of messages, and which of them are shown.
 */
#include "idl/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/source.h"

void diag_init(struct diag *diag, struct arena *arena)
{
    *diag = (struct diag){.arena = arena, .limit = DIAG_USUAL_LIMIT};
}

static bool is_error(const struct diag *diag, enum diag_kind kind)
{
    enum diag_switch choice = kind < DIAG_KIND_COUNT ? diag->switches[kind] : DIAG_ON;

    return choice == DIAG_ALWAYS_ERROR || (diag->warnings_are_errors && choice != DIAG_NEVER_ERROR);
}

static void add(struct diag *diag, const struct location *location, enum diag_severity severity,
                const char *kind, const char *text)
{
    struct tally *tally = &diag->tallies[severity];
    struct message *message;

    diag->latest = NULL;
    if (diag->is_quiet || diag->is_quoted)
        return;
    diag->errors += severity == DIAG_IS_ERROR;
    if (tally->shown >= diag->limit) {
        tally->omitted++;
        return;
    }
    message = ARENA_NEW(diag->arena, struct message);
    message->location = *location;
    message->severity = severity;
    message->kind = arena_copy(diag->arena, kind, strlen(kind));
    message->text = arena_copy(diag->arena, text, strlen(text));
    message->number = diag->tallies[DIAG_IS_ERROR].shown + diag->tallies[DIAG_IS_WARNING].shown;
    tally->shown++;
    if (diag->last)
        diag->last->next = message;
    else
        diag->first = message;
    diag->last = diag->latest = message;
}

/* Its warnings are shown when it is compiled itself. */
static bool is_imported(const struct location *location)
{
    const struct origin *origin = location->origin;

    while (origin && origin->kind != ORIGIN_IMPORT)
        origin = origin->outer;
    return origin != NULL;
}

static void add_warning(struct diag *diag, const struct location *location, enum diag_kind kind,
                        const char *name, const char *text)
{
    diag->latest = NULL;
    if ((kind < DIAG_KIND_COUNT && diag->switches[kind] == DIAG_OFF) || is_imported(location))
        return;
    if (!is_error(diag, kind)) {
        add(diag, location, DIAG_IS_WARNING, name, text);
        return;
    }
    diag->promoted += !diag->is_quiet;
    add(diag, location, DIAG_IS_ERROR, name, text);
}

/* A name of a megabyte is cut: the buffer's size bounds what a message says. */
#define TEXT_SIZE 512

static bool spoils_text(enum diag_kind kind)
{
    switch (kind) {
    case DIAG_BAD_CHARACTER:
    case DIAG_PP_MACRO_ARGUMENTS:
    case DIAG_UNTERMINATED_CHAR:
    case DIAG_UNTERMINATED_COMMENT:
    case DIAG_UNTERMINATED_STRING:
        return true;
    default:
        return false;
    }
}

void diag_error(struct diag *diag, const struct location *location, enum diag_kind kind,
                const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add(diag, location, DIAG_IS_ERROR, diag_kind_name(kind), text);
    if (spoils_text(kind))
        diag->bad_token = *location;
}

void diag_flaw(struct diag *diag, const struct location *location, enum diag_kind kind,
               const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;

    if (diag->is_import)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_report(diag, location, !diag->is_lenient, diag_kind_name(kind), text);
}

void diag_warning(struct diag *diag, const struct location *location, enum diag_kind kind,
                  const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add_warning(diag, location, kind, diag_kind_name(kind), text);
}

void diag_note(struct diag *diag, const struct location *location, const char *format, ...)
{
    struct message *message = diag->latest;
    char text[TEXT_SIZE];
    struct note *note;
    va_list args;

    if (!message || !location->source)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    note = ARENA_NEW(diag->arena, struct note);
    note->location = *location;
    note->text = arena_copy(diag->arena, text, strlen(text));
    if (message->last_note)
        message->last_note->next = note;
    else
        message->notes = note;
    message->last_note = note;
}

void diag_report(struct diag *diag, const struct location *location, bool is_an_error,
                 const char *kind, const char *text)
{
    if (is_an_error)
        add(diag, location, DIAG_IS_ERROR, kind, text);
    else
        add_warning(diag, location, diag_kind_find(kind), kind, text);
}

bool diag_is_clean(const struct diag *diag)
{
    return diag->errors == 0 && diag->tallies[DIAG_IS_WARNING].omitted == 0;
}

static int compare_places(const struct message *a, const struct message *b)
{
    unsigned a_order = a->location.source ? a->location.source->order : 0;
    unsigned b_order = b->location.source ? b->location.source->order : 0;

    if (a_order != b_order)
        return a_order < b_order ? -1 : 1;
    if (a->location.offset != b->location.offset)
        return a->location.offset < b->location.offset ? -1 : 1;
    return 0;
}

static int compare(const void *left, const void *right)
{
    const struct message *a = *(const struct message *const *)left;
    const struct message *b = *(const struct message *const *)right;
    int places = compare_places(a, b);

    if (places != 0)
        return places;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* A file that is included twice has its mistakes twice. */
static bool is_same(const struct message *a, const struct message *b)
{
    return compare_places(a, b) == 0 && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->text, b->text) == 0;
}

const struct message **diag_sorted(const struct diag *diag, size_t *count)
{
    size_t all = diag->tallies[DIAG_IS_ERROR].shown + diag->tallies[DIAG_IS_WARNING].shown;
    const struct message **sorted = arena_alloc(diag->arena, (all + 1) * sizeof *sorted);
    size_t kept = 0;

    all = 0;
    for (const struct message *message = diag->first; message; message = message->next)
        sorted[all++] = message;
    qsort(sorted, all, sizeof *sorted, compare);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || !is_same(sorted[kept - 1], sorted[i]))
            sorted[kept++] = sorted[i];
    *count = kept;
    return sorted;
}
