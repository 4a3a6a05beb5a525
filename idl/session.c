/*
 * idl/session.c -- see session.h; the search for files, and the limits.
 */
#include "idl/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "idl/file_case.h"
#include "idl/lexer.h"
#include "idl/text.h"

#define MAX_CASE_SEARCHES 1000 /* of files that are not there: each reads folders */

static void set_messages(struct diag *diag, const struct idl_options *options)
{
    diag->warnings_are_errors = options->warnings_are_errors;
    if (options->shows_all)
        diag->limit = SIZE_MAX;
    else if (options->max_errors)
        diag->limit = options->max_errors;
    for (size_t i = 0; i < options->warning_count; i++)
        diag->switches[options->warnings[i].kind] = options->warnings[i].as;
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

static void copy_options(struct session *session, const struct idl_options *options)
{
    struct idl_define *defines;
    const char **folders;
    size_t count = 0;

    session->options = *options;
    while (options->folders && options->folders[count])
        count++;
    folders = arena_alloc(session->arena, (count + 1) * sizeof *folders);
    for (size_t i = 0; i < count; i++)
        folders[i] = copy_text(session->arena, options->folders[i]);
    defines = arena_alloc(session->arena, options->define_count * sizeof *defines);
    for (size_t i = 0; i < options->define_count; i++) {
        defines[i] = options->defines[i];
        defines[i].name = copy_text(session->arena, options->defines[i].name);
    }
    session->options.folders = folders;
    session->options.defines = defines;
    session->options.system_folder = copy_text(session->arena, options->system_folder);
}

/* -D N=V is the directive #define N V in a file of its own, so that one code reads both. */
static void make_command_line(struct session *session)
{
    struct text text;

    if (session->options.define_count == 0)
        return;
    text_init(&text, session->arena);
    for (size_t i = 0; i < session->options.define_count; i++) {
        const struct idl_define *define = &session->options.defines[i];
        size_t length = strcspn(define->name, "=");

        if (define->undefine)
            text_format(&text, "#undef %s\n", define->name);
        else if (define->name[length] == '=')
            text_format(&text, "#define %.*s %s\n", (int)length, define->name,
                        define->name + length + 1);
        else
            text_format(&text, "#define %s 1\n", define->name);
    }
    session->command_line =
        source_from_text(session->arena, "<command line>", text_end(&text), text.length);
}

/*
 * What MIDL and the C preprocessor that it runs define, as far as it does not name a processor: the
 * header that is made from the IDL is the same for all of them. Both of our machines have pointers
 * of 64 bits. __WIDL__ is widl's: under it stands what a compiler needs that has no metadata of
 * Windows to read, and neither have we.
 */
static void make_predefined(struct session *session)
{
    static const char text[] = "#define __midl 801\n"
                               "#define __WIDL__ 0x800\n"
                               "#define _WIN32 1\n"
                               "#define _WIN64 1\n"
                               "#define _MSC_VER 1900\n"
                               "#define _INTEGRAL_MAX_BITS 64\n"
                               "#define __LINE__ 0\n"
                               "#define __FILE__ \"\"\n";

    session->predefined = source_from_text(session->arena, "<predefined>", text, sizeof text - 1);
}

void session_init(struct session *session, struct arena *arena, struct reader *reader,
                  const struct idl_options *options)
{
    *session = (struct session){.arena = arena, .reader = reader};
    diag_init(&session->diag, arena);
    set_messages(&session->diag, options);
    session->diag.is_lenient = options->is_header_only;
    map_init(&session->names, arena);
    map_init(&session->sources, arena);
    map_init(&session->units, arena);
    map_init(&session->symbols, arena);
    map_init(&session->tags, arena);
    map_init(&session->quoted, arena);
    map_init(&session->uuids, arena);
    lexer_add_keywords(&session->names);
    copy_options(session, options);
    make_predefined(session);
    make_command_line(session);
}

void session_add_source(struct session *session, struct idl_source *source)
{
    if (session->dependency_count == session->dependency_capacity) {
        size_t capacity = session->dependency_capacity ? session->dependency_capacity * 2 : 8;
        const struct idl_source **grown = arena_alloc(session->arena, capacity * sizeof *grown);

        if (session->dependency_count)
            memcpy(grown, session->dependencies, session->dependency_count * sizeof *grown);
        session->dependencies = grown;
        session->dependency_capacity = capacity;
    }
    source->order = (unsigned)session->dependency_count;
    session->dependencies[session->dependency_count++] = source;
}

/* ---- units ---- */

/* Two paths may lead to one file. Text in memory is itself only. */
static size_t unit_key(const struct idl_source *source, uint64_t key[2])
{
    key[0] = source->identity.is_known ? source->identity.device : 0;
    key[1] = source->identity.is_known ? source->identity.file : (uint64_t)(uintptr_t)source;
    return 2 * sizeof *key;
}

struct unit *session_add_unit(struct session *session, const struct idl_source *source)
{
    struct unit *unit = ARENA_NEW(session->arena, struct unit);
    uint64_t key[2];
    size_t length = unit_key(source, key);

    unit->source = source;
    map_put(&session->units, (const char *)key, length)->value = unit;
    return unit;
}

struct unit *session_unit(const struct session *session, const struct idl_source *source)
{
    uint64_t key[2];
    size_t length = unit_key(source, key);
    const struct map_entry *entry = map_find(&session->units, (const char *)key, length);

    return entry ? entry->value : NULL;
}

static void note_opening(struct session *session, const struct idl_source *source,
                         struct unit *import)
{
    struct unit *unit = session->unit;
    struct opening *opening;

    if (!unit)
        return;
    opening = ARENA_NEW(session->arena, struct opening);
    opening->source = source;
    opening->import = import;
    if (unit->last_opening)
        unit->last_opening->next = opening;
    else
        unit->openings = opening;
    unit->last_opening = opening;
}

void session_note_import(struct session *session, struct unit *import,
                         const struct location *location)
{
    struct origin *origin = (struct origin *)(uintptr_t)import->origin;

    if (origin && !origin->location.source) {
        origin->location = *location;
        origin->outer = location->origin;
    }
    note_opening(session, import->source, import);
}

static void order_file(struct session *session, const struct idl_source *source)
{
    struct idl_source *own = (struct idl_source *)(uintptr_t)source;

    if (own->order < session->dependency_count && session->dependencies[own->order] == own)
        return;
    own->order = (unsigned)session->dependency_count;
    session->dependencies[session->dependency_count++] = own;
}

/* As deep as imports stand in each other, which is bounded. */
static void order_unit(struct session *session, struct unit *unit)
{
    order_file(session, unit->source);
    unit->is_ordered = true;
    for (const struct opening *opening = unit->openings; opening; opening = opening->next) {
        order_file(session, opening->source);
        if (opening->import && !opening->import->is_ordered)
            order_unit(session, opening->import);
    }
}

void session_order_files(struct session *session)
{
    if (!session->main || session->main->is_ordered)
        return;
    session->dependency_count = 0;
    order_unit(session, session->main);
}

/* ---- files ---- */

enum source_status session_open(struct session *session, const char *path,
                                const struct idl_source **source)
{
    struct map_entry *entry = map_find(&session->sources, path, strlen(path));
    struct idl_source *read = NULL;
    enum source_status status;

    if (entry) {
        *source = entry->value;
        return SOURCE_OK;
    }
    status = reader_open(session->reader, path, &read);
    if (status == SOURCE_OK) {
        arena_charge(session->arena, source_size(read));
        session_add_source(session, read);
        map_put(&session->sources, path, strlen(path))->value = read;
    }
    *source = read;
    return status;
}

static enum source_status open_in(struct session *session, const char *folder, size_t length,
                                  const char *name, const struct idl_source **source)
{
    struct text path;

    text_init(&path, session->arena);
    text_bytes(&path, folder, length);
    if (length > 0 && folder[length - 1] != '/')
        text_char(&path, '/');
    text_bytes(&path, name, strlen(name));
    return session_open(session, text_end(&path), source);
}

/*
 * The first place that has the file decides, even if it cannot be read there. A system file leaves
 * the first word to -I: who has an SDK there must not get half of ours.
 */
static enum source_status search_for(struct session *session, const struct idl_source *from,
                                     const char *name, enum session_search search,
                                     const struct idl_source **source)
{
    enum source_status status = SOURCE_NOT_FOUND;
    const char *system = session->options.system_folder;

    if (name[0] == '/')
        return session_open(session, name, source);
    if (search == SEARCH_BESIDE_FIRST && !from->is_system)
        status = open_in(session, from->path, (size_t)(from->name - from->path), name, source);
    for (size_t i = 0; status == SOURCE_NOT_FOUND && session->options.folders[i]; i++) {
        const char *folder = session->options.folders[i];

        status = open_in(session, folder, strlen(folder), name, source);
    }
    if (status == SOURCE_NOT_FOUND && search == SEARCH_BESIDE_FIRST && from->is_system)
        status = open_in(session, from->path, (size_t)(from->name - from->path), name, source);
    if (status == SOURCE_NOT_FOUND && system)
        status = open_in(session, system, strlen(system), name, source);
    return status;
}

static enum source_status open_in_any_case(struct session *session, const char *folder,
                                           size_t length, const char *name,
                                           const struct idl_source **source)
{
    char found[PATH_MAX];

    return find_in_any_case(folder, length, name, found) ? session_open(session, found, source)
                                                         : SOURCE_NOT_FOUND;
}

/* Windows does not tell OAIdl.idl from oaidl.idl, so real IDL has both. */
static enum source_status search_any_case(struct session *session, const struct location *location,
                                          const char *name, enum session_search search,
                                          const struct idl_source **source)
{
    const struct idl_source *from = location->source;
    const char *system = session->options.system_folder;
    enum source_status status = SOURCE_NOT_FOUND;

    if (name[0] == '/' || ++session->case_searches > MAX_CASE_SEARCHES)
        return SOURCE_NOT_FOUND;
    if (search == SEARCH_BESIDE_FIRST)
        status =
            open_in_any_case(session, from->path, (size_t)(from->name - from->path), name, source);
    for (size_t i = 0; status == SOURCE_NOT_FOUND && session->options.folders[i]; i++) {
        const char *folder = session->options.folders[i];

        status = open_in_any_case(session, folder, strlen(folder), name, source);
    }
    if (status == SOURCE_NOT_FOUND && system)
        status = open_in_any_case(session, system, strlen(system), name, source);
    if (status == SOURCE_OK)
        diag_warning(&session->diag, location, DIAG_FILE_NAME_CASE,
                     "the file is named '%s': elsewhere its name has only this case",
                     (*source)->name);
    return status;
}

const struct idl_source *session_find(struct session *session, const struct location *location,
                                      const char *name, enum session_search search)
{
    const struct idl_source *source = NULL;
    enum source_status status = search_for(session, location->source, name, search, &source);

    if (status == SOURCE_NOT_FOUND)
        status = search_any_case(session, location, name, search, &source);
    switch (status) {
    case SOURCE_OK:
        note_opening(session, source, NULL);
        return source;
    case SOURCE_NOT_FOUND:
        session->lacks_file =
            session->lacks_file || !(session->diag.is_quiet || session->diag.is_quoted);
        diag_error(&session->diag, location, DIAG_FILE_NOT_FOUND, "'%s' is in none of the folders",
                   name);
        return NULL;
    case SOURCE_UNREADABLE:
        session->lacks_file =
            session->lacks_file || !(session->diag.is_quiet || session->diag.is_quoted);
        diag_error(&session->diag, location, DIAG_FILE_NOT_FOUND, "'%s' cannot be read", name);
        return NULL;
    case SOURCE_TOO_BIG:
        session_stop(session, location, DIAG_TOO_BIG, "a file of more than 64 MiB is refused");
        return NULL;
    case SOURCE_NO_MEMORY:
    default:
        arena_give_up(session->arena);
    }
}

const struct idl_source *session_find_system(struct session *session, const struct location *from,
                                             const char *name)
{
    const char *system = session->options.system_folder;
    const struct idl_source *source = NULL;

    if (from->source->is_system)
        open_in(session, from->source->path, (size_t)(from->source->name - from->source->path),
                name, &source);
    if (!source && system)
        open_in(session, system, strlen(system), name, &source);
    for (size_t i = 0; !source && session->options.folders[i]; i++) {
        const char *folder = session->options.folders[i];

        open_in(session, folder, strlen(folder), name, &source);
        if (source && !source->is_system)
            source = NULL;
    }
    return source;
}

bool session_is_quoted(const struct session *session, const struct idl_source *source)
{
    return session_is_c_header(source->name) && map_get(&session->quoted, source->name);
}

bool session_is_c_header(const char *name)
{
    static const char *const suffixes[] = {".h", ".hxx", ".hpp", ".hh"};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcasecmp(dot, suffixes[i]) == 0)
            return true;
    return false;
}

static const char *with_idl(struct session *session, const char *name)
{
    size_t length = strlen(name);
    struct text text;

    if (length < 3 || strcmp(name + length - 2, ".h") != 0)
        return name;
    text_init(&text, session->arena);
    text_format(&text, "%.*s.idl", (int)length - 2, name);
    return text_end(&text);
}

/* Headers of C with which IDL of the Windows SDK begins; wtypes.idl has what IDL needs of them. */
static bool is_base_header(const char *name)
{
    static const char *const names[] = {"basetsd.h", "guiddef.h", "windef.h"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

const struct idl_source *session_find_import(struct session *session,
                                             const struct location *location, const char *name)
{
    const char *idl = is_base_header(name) ? "wtypes.idl" : with_idl(session, name);
    const struct idl_source *source = NULL;

    if (idl != name &&
        search_for(session, location->source, name, SEARCH_BESIDE_FIRST, &source) ==
            SOURCE_NOT_FOUND &&
        search_for(session, location->source, idl, SEARCH_BESIDE_FIRST, &source) == SOURCE_OK)
        name = idl;
    return session_find(session, location, name, SEARCH_BESIDE_FIRST);
}

void session_stop(struct session *session, const struct location *location, enum diag_kind kind,
                  const char *text)
{
    session->diag.is_quiet = session->diag.is_quoted = false;
    if (!session->is_stopped)
        diag_error(&session->diag, location, kind, "%s", text);
    session->is_stopped = true;
}

void session_work(struct session *session, size_t amount, const struct location *location)
{
    session->work += amount;
    if (session->work > SESSION_MAX_WORK)
        session_stop(session, location, DIAG_TOO_BIG,
                     "macros and includes unfold to more than 4,194,304 tokens");
}
