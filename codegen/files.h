/*
 * files.h -- writing the outputs: all of them, or none.
 */
#ifndef CODEGEN_FILES_H
#define CODEGEN_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "codegen/pool.h"

/* What a file is, however its path is spelled. */
struct identity {
    bool is_there;
    dev_t device;
    ino_t inode;
};

struct source {
    struct source *next;
    struct identity identity;
};

struct file {
    struct file *next;
    const char *path;       /* where it goes in the end */
    struct identity folder; /* of that path */
    const char *temporary;  /* beside it; where it is written first */
    const char *data;       /* borrowed */
    size_t length;
    bool is_written; /* the temporary one exists */
};

struct files {
    struct pool pool;
    struct file *first;
    struct source *sources;  /* what no output may replace */
    const char *problem;     /* why files_commit refused; NULL: error says it */
    const char *failed_path; /* set when files_commit fails */
    int error;               /* errno of that; 0: no memory */
};

/** "DIR/name", or the name alone for NULL. Belongs to the set. */
const char *files_path(struct files *files, const char *folder, const char *name);

/** Remembers a file that was read: no output may replace it. False: no memory. */
bool files_protect(struct files *files, const char *path);

/** False: no memory, or another output is this file already, however it is spelled (*is_twice). */
bool files_add(struct files *files, const char *path, const char *data, size_t length,
               bool *is_twice);

/**
 * Writes every file under a temporary name in its folder, and renames them when all are written. On
 * failure nothing is left of them, and what was there before is untouched. Only a regular file is
 * replaced, and none that was read.
 */
bool files_commit(struct files *files);

void files_fini(struct files *files);

#endif
