/*
 * revision.h -- the IDL of an older revision, taken out of git into a folder of its own.
 */
#ifndef CODEGEN_REVISION_H
#define CODEGEN_REVISION_H

#include "codegen/pool.h"

struct revision {
    struct pool *pool;
    const char *root;    /* "/tmp/uvidl-abc123/"; NULL: there is none */
    const char *folder;  /* "/tmp/uvidl-abc123/HEAD~1": holds what the repository had */
    const char *top;     /* the repository */
    const char *problem; /* what went wrong; NULL: nothing */
};

/**
 * Takes the IDL files and headers of a revision out of the repository in which a file is. The
 * repository, its index and its files stay as they are. False: see the problem, or no memory.
 */
bool revision_open(struct revision *revision, struct pool *pool, const char *name,
                   const char *file);

/** Where a file or folder of the repository is in the revision; other paths stay as they are. */
const char *revision_path(const struct revision *revision, const char *path);

/** Removes the folder. */
void revision_close(struct revision *revision);

#endif
