/*
 * idl/source.h -- the text of one file, and the way from an offset to line and column.
 *
 * It does not search folders (session.c does) and does not look into the text.
 */
#ifndef IDL_SOURCE_H
#define IDL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/arena.h"
#include "idl/ast.h"

#define SOURCE_MAX_SIZE ((size_t)64 * 1024 * 1024)

struct source_identity {
    bool is_known; /* false: text in memory */
    uint64_t device;
    uint64_t file;
};

struct idl_source {
    const char *path; /* as it was opened: for messages */
    const char *name; /* base name */
    const char *text; /* length bytes and a NUL; NULs inside are possible. UTF-8, if it is Unicode;
                         lines that are continued behind a backslash are joined */
    size_t length;
    const uint32_t *lines; /* offset of each line's first byte */
    size_t line_count;
    unsigned order; /* of first reading; messages are sorted by it */
    struct source_identity identity;
    bool is_system;
};

enum origin_kind { ORIGIN_IMPORT, ORIGIN_INCLUDE, ORIGIN_MACRO, ORIGIN_LINE };

/* How text came to be read: one for each import, #include, use of a macro, and "#line". */
struct origin {
    enum origin_kind kind;
    const char *name;           /* of the macro; the file that "#line" names, or NULL */
    size_t said_line;           /* what "#line" says of the line below it */
    struct location location;   /* the name of the file behind import or #include; a macro: its own
                                   name in the #define; a "#line": itself */
    const struct origin *outer; /* of the text that has the import, the #include or the macro */
};

enum source_status {
    SOURCE_OK,
    SOURCE_NOT_FOUND,
    SOURCE_UNREADABLE,
    SOURCE_TOO_BIG,
    SOURCE_NO_MEMORY
};

/** Reads a regular file; anything else (a folder, a device, a pipe) is SOURCE_UNREADABLE. */
enum source_status source_read(struct arena *arena, const char *path, struct idl_source **source);

/** A source from a copy of the text. NULL: too big. */
struct idl_source *source_from_text(struct arena *arena, const char *path, const char *text,
                                    size_t length);

/** Identity of the file that a path names; is_known is false if there is none. */
struct source_identity source_identify(const char *path);
bool source_same(struct source_identity left, struct source_identity right);

/** For text that comes by an import or #include whose file name is at this place. */
const struct origin *origin_of_file(struct arena *arena, enum origin_kind kind,
                                    const struct location *name);

/** For text that comes out of a macro; `outer` is the origin of the place where it is used. */
const struct origin *origin_of_macro(struct arena *arena, const char *name,
                                     const struct location *defined, const struct origin *outer);

/** For the text below a "#line": line `line` of the file is line `said_line` of `path`. */
const struct origin *origin_of_line(struct arena *arena, const struct location *directive,
                                    size_t said_line, const char *path, const struct origin *outer);

/** Line and path of a location, by "#line" if there was one. */
size_t origin_line(const struct location *location, const char **path);

/** Bytes of memory that it takes. */
size_t source_size(const struct idl_source *source);

/** The text of a source, and its lines, from bytes that are the arena's and may be changed. */
void source_set_text(struct arena *arena, struct idl_source *source, char *bytes, size_t length);

/** Line from 1. The offset may be that of the end. */
size_t source_line(const struct idl_source *source, uint32_t offset);

/** Offsets of a line's first character, and of its line end. */
size_t source_line_begin(const struct idl_source *source, size_t line);
size_t source_line_end(const struct idl_source *source, size_t line);

#endif
