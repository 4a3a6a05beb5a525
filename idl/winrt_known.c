/*
 * idl/winrt_known.c -- see winrt.h; IVector<T> and its kin, which no IDL has to define.
 *
 * Microsoft's compiler takes them out of Windows' metadata. Ours are in a file of the system
 * folder, which is read when the first of them is named. It imports nothing: what it needs is
 * imported as if the user's file had done so, so that the user's own files are found first.
 */
#include <string.h>

#include "idl/winrt.h"

#define KNOWN_FILE "parameterized.idl"

/* What the file needs, and who has it. */
static const struct {
    const char *name, *file;
} needs[] = {
    {"IInspectable", "inspectable.idl"},
    {"IAsyncInfo", "asyncinfo.idl"},
    {"EventRegistrationToken", "eventtoken.idl"},
    {"Windows.Foundation.Collections.IVectorChangedEventArgs", "ivectorchangedeventargs.idl"},
};

static bool is_there(struct session *session, const char *name)
{
    const struct symbol *symbol = symbol_find(session, name);

    if (!symbol)
        return map_get(&session->tags, name) != NULL;
    return symbol->kind != SYMBOL_INTERFACE || symbol->is_defined;
}

static void read_file(struct session *session, const struct idl_source *source,
                      const struct location *location)
{
    struct unit *unit = session_add_unit(session, source);

    unit->origin = origin_of_file(session->arena, ORIGIN_IMPORT, location);
    session_note_import(session, unit, location);
    parse_imported(session, unit);
}

void winrt_read_known(struct parser *parser, const struct location *location)
{
    struct session *session = parser->session;
    struct winrt *winrt = winrt_state(session);
    const struct declaration **tail = &winrt->known_imports;
    const struct idl_source *source;

    if (winrt->has_known)
        return;
    winrt->has_known = true;
    source = session_find_system(session, location, KNOWN_FILE);
    if (!source || session_unit(session, source))
        return;
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (!is_there(session, needs[i].name))
            parse_as_import(parser, needs[i].file, location, &tail);
    winrt->is_reading_known = true;
    read_file(session, source, location);
    winrt->is_reading_known = false;
}

/* ---- the header of a file that uses them includes what they need ---- */

static bool uses_known(const struct winrt *winrt, const struct idl_file *file)
{
    for (const struct instance *i = winrt->first_instance; i; i = i->next)
        if (i->origin.file == file && i->node.generic->is_known && !i->is_open)
            return true;
    return false;
}

static bool imports(const struct idl_file *file, const struct idl_file *other)
{
    for (const struct declaration *d = file->declarations; d; d = d->next)
        if (d->kind == DECL_IMPORT && d->imported == other)
            return true;
    return false;
}

void winrt_import_known(struct parser *parser)
{
    const struct winrt *winrt = parser->session->winrt;
    struct idl_file *file = parser->file;
    const struct declaration *list = NULL, **tail = &list;

    if (!winrt || !winrt->known_imports || !uses_known(winrt, file))
        return;
    for (const struct declaration *d = winrt->known_imports; d; d = d->next) {
        struct declaration *copy;

        if (imports(file, d->imported))
            continue;
        copy = ARENA_NEW(parser->arena, struct declaration);
        *copy = *d;
        copy->next = NULL;
        declaration_add(&tail, copy);
    }
    *tail = file->declarations;
    file->declarations = list;
}
