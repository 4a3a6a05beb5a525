/*
 * idl/source.c -- see source.h.
 */
#include "idl/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct source_identity identity_of(const struct stat *status)
{
    return (struct source_identity){true, (uint64_t)status->st_dev, (uint64_t)status->st_ino};
}

struct source_identity source_identify(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return (struct source_identity){0};
    return identity_of(&status);
}

bool source_same(struct source_identity left, struct source_identity right)
{
    return left.is_known && right.is_known && left.device == right.device &&
           left.file == right.file;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Everything that may leave by longjmp is here, after the file is closed. */
static struct idl_source *make(struct arena *arena, const char *path, char *text, size_t length)
{
    struct idl_source *source = ARENA_NEW(arena, struct idl_source);

    source->path = arena_copy(arena, path, strlen(path));
    source->name = base_name(source->path);
    source_set_text(arena, source, text, length);
    return source;
}

struct idl_source *source_from_text(struct arena *arena, const char *path, const char *text,
                                    size_t length)
{
    if (length > SOURCE_MAX_SIZE)
        return NULL;
    return make(arena, path, arena_copy(arena, text, length), length);
}

/* Reads until the end or until `size` bytes are there: a file that grows meanwhile is cut. */
static bool read_all(int file, char *text, size_t size, size_t *length)
{
    *length = 0;
    while (*length < size) {
        ssize_t got = read(file, text + *length, size - *length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    return true;
}

static enum source_status read_open(struct arena *arena, int file, struct stat *status, char **text,
                                    size_t *length)
{
    if (fstat(file, status) != 0 || !S_ISREG(status->st_mode))
        return SOURCE_UNREADABLE;
    if ((uint64_t)status->st_size > SOURCE_MAX_SIZE)
        return SOURCE_TOO_BIG;
    *text = arena_try_alloc(arena, (size_t)status->st_size + 1);
    if (!*text)
        return SOURCE_NO_MEMORY;
    return read_all(file, *text, (size_t)status->st_size, length) ? SOURCE_OK : SOURCE_UNREADABLE;
}

enum source_status source_read(struct arena *arena, const char *path, struct idl_source **source)
{
    /* O_NONBLOCK: opening a pipe that nobody writes to must not wait for a writer. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum source_status result;
    struct stat status;
    char *text = NULL;
    size_t length = 0;

    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? SOURCE_NOT_FOUND : SOURCE_UNREADABLE;
    result = read_open(arena, file, &status, &text, &length);
    close(file);
    if (result == SOURCE_OK) {
        *source = make(arena, path, text, length);
        (*source)->identity = identity_of(&status);
    }
    return result;
}

const struct origin *origin_of_file(struct arena *arena, enum origin_kind kind,
                                    const struct location *name)
{
    struct origin *origin = ARENA_NEW(arena, struct origin);

    origin->kind = kind;
    origin->location = *name;
    origin->outer = name->origin;
    return origin;
}

const struct origin *origin_of_macro(struct arena *arena, const char *name,
                                     const struct location *defined, const struct origin *outer)
{
    struct origin *origin = ARENA_NEW(arena, struct origin);

    origin->kind = ORIGIN_MACRO;
    origin->name = name;
    origin->location = *defined;
    origin->outer = outer;
    return origin;
}

const struct origin *origin_of_line(struct arena *arena, const struct location *directive,
                                    size_t said_line, const char *path, const struct origin *outer)
{
    struct origin *origin = ARENA_NEW(arena, struct origin);

    origin->kind = ORIGIN_LINE;
    origin->name = path;
    origin->location = *directive;
    origin->said_line = said_line;
    origin->outer = outer;
    return origin;
}

size_t origin_line(const struct location *location, const char **path)
{
    size_t line = source_line(location->source, location->offset);
    const struct origin *origin = location->origin;

    while (origin && origin->kind == ORIGIN_MACRO)
        origin = origin->outer;
    *path = location->source->path;
    if (!origin || origin->kind != ORIGIN_LINE)
        return line;
    if (origin->name)
        *path = origin->name;
    return line - source_line(location->source, origin->location.offset) - 1 + origin->said_line;
}

size_t source_size(const struct idl_source *source)
{
    return source->length + source->line_count * sizeof *source->lines;
}
