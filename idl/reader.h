/*
 * idl/reader.h -- the files that were read, each once for as long as a struct idl lives.
 *
 * What is here outlasts a compilation: several files that are compiled one after the other share
 * the texts of what they import. It does not search folders (session.c does).
 */
#ifndef IDL_READER_H
#define IDL_READER_H

#include "idl/map.h"
#include "idl/source.h"

struct reader {
    struct arena *arena;
    const char *system_folder; /* borrowed; NULL: none */
    struct map files;          /* by path, as it was asked for: struct reader_file */
    struct map folders;        /* by path: whether they are the runtime's own */
};

void reader_init(struct reader *reader, struct arena *arena, const char *system_folder);

/** The file's text, from memory when this path was asked for before, also if it was not there. */
enum source_status reader_open(struct reader *reader, const char *path, struct idl_source **source);

#endif
