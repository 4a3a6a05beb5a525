/*
 * idl/session.h -- what all passes of one compilation share: memory, messages, names, files.
 */
#ifndef IDL_SESSION_H
#define IDL_SESSION_H

#include "idl/arena.h"
#include "idl/diag.h"
#include "idl/idl.h"
#include "idl/map.h"
#include "idl/reader.h"
#include "idl/source.h"

/* A chain of macros can ask for more tokens than there are atoms. Each counts one, an #include 64.
 */
#ifndef SESSION_MAX_WORK /* a fuzzer has less patience */
#define SESSION_MAX_WORK ((size_t)1 << 22)
#endif
#define SESSION_MAX_MEMORY ((size_t)960 * 1024 * 1024) /* the process stays below 1 GB */
#define SESSION_MAX_FILE_DEPTH 32 /* of imports, and of #includes, in each other */
#define SESSION_MAX_HINTS 200     /* each looks at all names of a list */
#define SESSION_MAX_DEPTH 64      /* of types, expressions, declarations and #if expressions */

struct unit;

/* A unit names a file: one to #include, or one to import. */
struct opening {
    struct opening *next;
    const struct idl_source *source;
    struct unit *import; /* NULL: it is not imported */
};

/* A file that was imported, or the main one. */
struct unit {
    const struct idl_source *source;
    const struct origin *origin; /* of the first import; NULL: the main file */
    struct idl_file *file;
    struct opening *openings, *last_opening; /* in the order of the text */
    bool is_ordered;                         /* see session_order_files */
    bool is_open;                            /* being read: importing it now is a cycle */
};

struct parameter_list;

struct session {
    struct arena *arena;
    struct idl_options options; /* a copy of our own */
    struct diag diag;
    struct map names;   /* lexer: every name once */
    struct map sources; /* by path: an #include of many times is read once */
    unsigned case_searches;
    struct map symbols; /* symbol.h: interfaces, typedefs, constants, enumerators */
    struct map tags;    /* symbol.h: struct, union and enum tags */
    struct parameter_list *parameter_lists;  /* sema_method.c */
    struct map quoted;                       /* headers of C that a cpp_quote includes */
    const struct interface *without_hresult; /* the last one that was warned of */
    struct map uuids; /* text of an interface id -> struct symbol of its interface */
    struct symbol *late_first, *late_last; /* symbol.h: names used before they are declared */
    struct winrt *winrt;                   /* winrt.h; NULL: no namespace has been seen */
    const char *open_enum; /* the whole name of one in a namespace that is being read; or NULL */
    struct reader *reader; /* outlasts this session */
    struct map units;      /* by identity of the file: struct unit */
    struct unit *main;     /* NULL: not yet */
    struct unit *unit;     /* whose text is being read */
    const struct idl_source **dependencies;
    size_t dependency_count, dependency_capacity;
    const struct idl_source *predefined;   /* the macros that every file has */
    const struct idl_source *command_line; /* -D and -U as directives; NULL: none */
    unsigned import_depth;
    size_t work;
    size_t hints;       /* that were looked for */
    size_t name_number; /* the last in a name that was made up */
    bool is_stopped;    /* a limit was hit: the input ends here */
    bool lacks_file;    /* one could not be found or read, so names of it are not known */
};

void session_init(struct session *session, struct arena *arena, struct reader *reader,
                  const struct idl_options *options);

enum session_search { SEARCH_BESIDE_FIRST, SEARCH_FOLDERS_ONLY };

/**
 * The source of a file that another one names. On failure there is a message at `location` and
 * NULL.
 */
const struct idl_source *session_find(struct session *session, const struct location *location,
                                      const char *name, enum session_search search);

/**
 * The same for an import: a header that is not there yet, because an IDL of that name will become
 * it, is read from that IDL.
 */
const struct idl_source *session_find_import(struct session *session,
                                             const struct location *location, const char *name);

/** A file of the system's own; NULL, and no message: it is not there. */
const struct idl_source *session_find_system(struct session *session, const struct location *from,
                                             const char *name);

/** A header of C, by its name; and one that a cpp_quote before it includes, so that C has it. */
bool session_is_c_header(const char *name);
bool session_is_quoted(const struct session *session, const struct idl_source *source);

/** The main file: no search, and no message, because no IDL names it. */
enum source_status session_open(struct session *session, const char *path,
                                const struct idl_source **source);

/** A new unit; its source was none before. */
struct unit *session_add_unit(struct session *session, const struct idl_source *source);

/** The unit of this file, by whatever name; NULL: none. */
struct unit *session_unit(const struct session *session, const struct idl_source *source);

/** Notes that the unit being read imports this one here: its origin, if it has none yet. */
void session_note_import(struct session *session, struct unit *import,
                         const struct location *location);

/**
 * Puts the files that were read into the order of the text, from the main one. That is the order in
 * which they are read, but for imports that an earlier compilation read (cache.h).
 */
void session_order_files(struct session *session);

/** Counts a source among the files that were read. */
void session_add_source(struct session *session, struct idl_source *source);

/** Adds work; at the limit a message, and the input ends. */
void session_work(struct session *session, size_t amount, const struct location *location);

/** Adds the message for a limit, after which the input ends. */
void session_stop(struct session *session, const struct location *location, enum diag_kind kind,
                  const char *text);

#endif
