/*
 * options.h -- the command line of uvidl.
 */
#ifndef CODEGEN_OPTIONS_H
#define CODEGEN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "codegen/options_messages.h"
#include "codegen/pool.h"
#include "idl/idl.h"

/* What is asked for: the word after "uvidl"; without one, to compile. */
enum subcommand {
    COMMAND_COMPILE,
    COMMAND_DIFF,
    COMMAND_DOCS,
    COMMAND_LAYOUT,
    COMMAND_GRAPH,
    COMMAND_COUNT
};

struct options {
    enum subcommand command;
    const char *subcommand;     /* its name; NULL for COMMAND_COMPILE */
    const char *folder;         /* -o; NULL: the current folder */
    const char **includes;      /* -I, NULL-terminated */
    struct idl_define *defines; /* -D and -U in order */
    const char **files;
    size_t include_count, define_count, file_count;
    const char *depfile;     /* NULL: none */
    const char *against_git; /* a revision; NULL: none */
    enum ns_prefix ns_prefix;
    bool header_only, check_only, print_outputs, json, new_uuid, help, version;
    const char *explain; /* --explain: a kind; NULL: compile */
    struct message_options messages;
    const char *problem; /* what is wrong with the command line; NULL: nothing */
};

/** Reads the arguments. Strings are borrowed from argv, lists belong to the pool. False: no memory.
 */
bool options_parse(struct options *options, struct pool *pool, int argc, char **argv);

/** What --help prints, in the pool. */
const char *options_help(struct pool *pool, enum subcommand command);

#endif
