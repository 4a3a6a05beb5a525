/*
 * options.h -- the command line of uvidl.
 */
#ifndef CODEGEN_OPTIONS_H
#define CODEGEN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "codegen/pool.h"
#include "idl/idl.h"

struct options {
    const char *folder;         /* -o; NULL: the current folder */
    const char **includes;      /* -I, NULL-terminated */
    struct idl_define *defines; /* -D and -U in order */
    const char **files;
    size_t include_count, define_count, file_count;
    const char *depfile; /* NULL: none */
    bool header_only, check_only, help, version;
    const char *problem; /* what is wrong with the command line; NULL: nothing */
};

/** Reads the arguments. Strings are borrowed from argv, lists belong to the pool. False: no memory.
 */
bool options_parse(struct options *options, struct pool *pool, int argc, char **argv);

/** What --help prints. */
const char *options_help(void);

#endif
