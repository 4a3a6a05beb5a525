/*
 * idl/idl.c -- see idl.h; the front door, and the only place that the arena's longjmp comes back
 * to.
 *
 * Between setjmp and its return no local of these functions is changed, so none is lost by the
 * jump.
 */
#include "idl/idl.h"

#include <string.h>

#include "idl/cache.h"
#include "idl/parser.h"
#include "idl/sema.h"
#include "idl/session.h"
#include "idl/winrt.h"

struct idl {
    struct arena *keep;  /* holds this struct, and what outlasts a compilation */
    struct arena *arena; /* of one compilation */
    struct session *session;
    struct reader reader;
    struct cache cache;
    const struct idl_file *main_file;
    const char *messages; /* NULL: not rendered since the last one was added */
    bool is_used;
};

/* NULL: nothing to come back to. */
static void set_escape(const struct idl *idl, jmp_buf *escape)
{
    idl->keep->escape = escape;
    idl->arena->escape = escape;
}

static struct idl *create(struct arena *keep, struct arena *arena,
                          const struct idl_options *options)
{
    struct idl *idl = ARENA_NEW(keep, struct idl);

    idl->keep = keep;
    idl->arena = arena;
    idl->session = ARENA_NEW(arena, struct session);
    session_init(idl->session, arena, &idl->reader, options);
    reader_init(&idl->reader, keep, idl->session->options.system_folder);
    if (options->is_for_many)
        cache_init(&idl->cache, keep, idl->session);
    return idl;
}

struct idl *idl_create(const struct idl_options *options)
{
    static const struct idl_options none = {0};
    struct arena *keep = arena_create(SIZE_MAX);
    struct arena *arena = arena_create(SESSION_MAX_MEMORY);
    struct idl *idl;
    jmp_buf escape;

    if (!keep || !arena || setjmp(escape) != 0) {
        arena_destroy(keep);
        arena_destroy(arena);
        return NULL;
    }
    keep->escape = arena->escape = &escape;
    idl = create(keep, arena, options ? options : &none);
    set_escape(idl, NULL);
    return idl;
}

void idl_destroy(struct idl *idl)
{
    struct arena *keep = idl ? idl->keep : NULL;

    arena_destroy(idl ? idl->arena : NULL);
    arena_destroy(keep);
}

static void parse(struct session *session, const struct idl_source *source)
{
    session->main = session_add_unit(session, source);
    parse_file(session, session->main);
    winrt_finish(session);
    symbol_check_late(session);
    symbol_order(session, &session->main->file->declarations);
}

static enum idl_status finish(struct idl *idl)
{
    struct session *session = idl->session;

    if (session->diag.errors > session->diag.promoted)
        return IDL_ERRORS;
    sema_name_parameters(session);
    idl->main_file = session->main->file;
    return IDL_OK;
}

static enum idl_status refuse(struct idl *idl, const char *path, enum source_status status)
{
    struct location nowhere = {0};
    struct diag *diag = &idl->session->diag;

    switch (status) {
    case SOURCE_NOT_FOUND:
        diag_error(diag, &nowhere, DIAG_FILE_NOT_FOUND, "there is no file '%s'", path);
        return IDL_CANNOT_READ;
    case SOURCE_TOO_BIG:
        diag_error(diag, &nowhere, DIAG_TOO_BIG, "'%s' has more than 64 MiB and is refused", path);
        return IDL_ERRORS;
    case SOURCE_NO_MEMORY:
        arena_give_up(idl->arena);
    default:
        diag_error(diag, &nowhere, DIAG_FILE_NOT_FOUND, "'%s' cannot be read", path);
        return IDL_CANNOT_READ;
    }
}

static enum idl_status compile_path(struct idl *idl, const char *path)
{
    struct session *session = idl->session;
    const struct idl_source *source;
    enum source_status status = session_open(session, path, &source);

    if (status != SOURCE_OK)
        return refuse(idl, path, status);
    cache_enter(&idl->cache, source);
    session_open(session, path, &source);
    parse(session, source);
    if (!cache_was_right(&idl->cache)) {
        cache_reset(&idl->cache);
        session_open(session, path, &source);
        parse(session, source);
    }
    return finish(idl);
}

static enum idl_status compile_text(struct idl *idl, const char *name, const char *text,
                                    size_t length)
{
    struct idl_source *source = source_from_text(idl->arena, name, text, length);

    if (!source)
        return refuse(idl, name, SOURCE_TOO_BIG);
    session_add_source(idl->session, source);
    parse(idl->session, source);
    return finish(idl);
}

/* The arena was left in the middle of anything: what is whole are the lists of messages and files.
 */
static enum idl_status after_escape(struct idl *idl, int failure)
{
    struct arena *arena = idl->arena;
    struct location nowhere = {0};
    jmp_buf escape;

    idl->main_file = NULL;
    idl->session->diag.is_quiet = idl->session->diag.is_quoted = false;
    set_escape(idl, NULL);
    if (failure != ARENA_TOO_BIG)
        return IDL_NO_MEMORY;
    arena->limit += (size_t)1 << 20; /* room to say so */
    if (setjmp(escape) != 0) {
        arena->escape = NULL;
        return IDL_NO_MEMORY;
    }
    arena->escape = &escape;
    diag_error(&idl->session->diag, &nowhere, DIAG_TOO_BIG,
               "the IDL asks for more than 1 GB of work and is refused");
    arena->escape = NULL;
    return IDL_ERRORS;
}

/* The one place to which running out of memory leads. `text` NULL: `name` is a file to be read. */
static enum idl_status compile_guarded(struct idl *idl, const char *name, const char *text,
                                       size_t length)
{
    enum idl_status status;
    jmp_buf escape;
    int failure;

    idl->main_file = NULL;
    idl->messages = NULL;
    if (idl->is_used)
        cache_reset(&idl->cache);
    idl->is_used = true;
    failure = setjmp(escape);
    if (failure != 0)
        return after_escape(idl, failure);
    set_escape(idl, &escape);
    status = text ? compile_text(idl, name, text, length) : compile_path(idl, name);
    set_escape(idl, NULL);
    return status;
}

enum idl_status idl_compile(struct idl *idl, const char *path)
{
    return compile_guarded(idl, path, NULL, 0);
}

enum idl_status idl_compile_text(struct idl *idl, const char *name, const char *text, size_t length)
{
    /* No text at all is an empty one, not a file. */
    return compile_guarded(idl, name, text ? text : "", text ? length : 0);
}

const struct idl_file *idl_main_file(const struct idl *idl)
{
    return idl->main_file;
}

size_t idl_dependency_count(const struct idl *idl)
{
    session_order_files(idl->session);
    return idl->session->dependency_count;
}

const char *idl_dependency(const struct idl *idl, size_t index)
{
    session_order_files(idl->session);
    return idl->session->dependencies[index]->path;
}

const char *idl_messages_as(const struct idl *idl, enum idl_form form)
{
    struct arena *arena = idl->arena;
    const char *text;
    jmp_buf escape;

    if (setjmp(escape) != 0) {
        arena->escape = NULL;
        return NULL;
    }
    arena->escape = &escape;
    session_order_files(idl->session);
    text = form == IDL_JSON ? diag_render_json(&idl->session->diag)
                            : diag_render(&idl->session->diag, form == IDL_COLORED);
    arena->escape = NULL;
    return text;
}

const char *idl_messages(const struct idl *idl)
{
    struct idl *own = (struct idl *)(uintptr_t)idl; /* the rendered text is kept, nothing else */

    if (!idl->messages)
        own->messages = idl_messages_as(idl, IDL_PLAIN);
    return idl->messages;
}

size_t idl_error_count(const struct idl *idl)
{
    return idl->session->diag.errors;
}

const char *location_file(const struct location *location)
{
    const char *path, *slash;

    if (!location->source)
        return "";
    origin_line(location, &path);
    slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

unsigned location_line(const struct location *location)
{
    const char *path;

    return location->source ? (unsigned)origin_line(location, &path) : 0;
}

static void report(struct idl *idl, const struct location *location, bool is_error,
                   const char *kind, const char *text)
{
    struct arena *arena = idl->arena;
    jmp_buf escape;

    /* Counted in any case: without memory for the text an error must still be a failure. */
    idl->messages = NULL;
    if (setjmp(escape) != 0) {
        arena->escape = NULL;
        return;
    }
    arena->escape = &escape;
    diag_report(&idl->session->diag, location, is_error, kind, text);
    arena->escape = NULL;
}

void idl_report(struct idl *idl, const struct location *location, const char *kind,
                const char *text)
{
    report(idl, location, true, kind, text);
}

void idl_warn(struct idl *idl, const struct location *location, const char *kind, const char *text)
{
    report(idl, location, false, kind, text);
}
