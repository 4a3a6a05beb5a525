/*
 * subcommand.h -- what the sub-commands of uvidl share: the arguments, the streams, the front end.
 *
 * Each sub-command is one function in a file of its own; command.c chooses it.
 */
#ifndef CODEGEN_SUBCOMMAND_H
#define CODEGEN_SUBCOMMAND_H

#include <stdio.h>

#include "codegen/command.h"
#include "codegen/files.h"
#include "codegen/options.h"
#include "codegen/out.h"

struct command {
    struct pool pool;
    struct options options;
    const char *system_folder; /* where the runtime's own IDL is */
    FILE *out, *messages;
};

/* ---- the sub-commands; each returns an exit status ---- */

int compile_run(struct command *command);
int diff_run(struct command *command);
int docs_run(struct command *command);
int layout_run(struct command *command);
int graph_run(struct command *command);
int json_run(struct command *command);
int print_outputs_run(struct command *command);
int new_uuid_run(struct command *command);
int explain_run(struct command *command);

/* ---- reading IDL ---- */

/**
 * Compiles one file and prints its messages. *idl is NULL, or what the last call left there; its
 * tree is gone then. The caller destroys it; it is NULL when there was no memory. EXIT_DONE: there
 * is a tree.
 */
int command_compile(struct command *command, const char *path, struct idl **idl);

/** Prints the messages that have come since, and says with which status to end. */
int command_print_messages(struct command *command, const struct idl *idl);

/* ---- endings: each prints a sentence and returns the exit status ---- */

int command_no_memory(struct command *command);
int command_wrong_usage(struct command *command, const char *problem);

/** Puts a text on standard output, whole. */
int command_print(struct command *command, const struct out *text);

/* ---- writing ---- */

/** Protects files that were read: no output may replace one. */
int command_protect(struct command *command, struct files *files, const char *const *sources,
                    size_t count);

/** Adds an output; the text is borrowed. */
int command_add_file(struct command *command, struct files *files, const char *path,
                     const struct out *text);

/** Refuses a name that would end a comment of a generated file, or a rule of the depfile. */
int command_check_path(struct command *command, const char *path);

/** Writes all outputs, or none. */
int command_commit(struct command *command, struct files *files);

#endif
