/*
 * options_table.h -- every option and every sub-command of uvidl, once: what the parser accepts and
 * what --help prints.
 */
#ifndef CODEGEN_OPTIONS_TABLE_H
#define CODEGEN_OPTIONS_TABLE_H

#include <stddef.h>

#include "codegen/options.h"

enum option_id {
    OPTION_FOLDER,
    OPTION_INCLUDE,
    OPTION_DEFINE,
    OPTION_UNDEFINE,
    OPTION_HEADER,
    OPTION_CHECK,
    OPTION_DEPFILE,
    OPTION_PRINT_OUTPUTS,
    OPTION_AGAINST_GIT,
    OPTION_JSON,
    OPTION_NEW_UUID,
    OPTION_NS_PREFIX,
    OPTION_WARNING,
    OPTION_MAX_ERRORS,
    OPTION_DIAGNOSTICS,
    OPTION_EXPLAIN,
    OPTION_HELP,
    OPTION_VERSION
};

struct option_info {
    enum option_id id;
    const char *name;  /* "-o", "--check" */
    const char *value; /* what its value is called in the help; NULL: it has none */
    unsigned allowed;  /* a bit for each sub-command */
    const char *help;
};

struct subcommand_info {
    const char *name;      /* NULL: without a word */
    const char *arguments; /* what is named after the options */
    const char *summary;   /* one line, for the list in 'uvidl --help' */
    const char *help;      /* paragraphs, before the options */
    const char *ending;    /* after them: the exit status */
};

const struct option_info *options_table(size_t *count);
const struct subcommand_info *options_subcommand(enum subcommand command);

#endif
