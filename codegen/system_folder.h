/*
 * system_folder.h -- where the runtime's own IDL is.
 */
#ifndef CODEGEN_SYSTEM_FOLDER_H
#define CODEGEN_SYSTEM_FOLDER_H

#include "codegen/pool.h"

/**
 * Beside an installed uvidl (bin/../include/uvcom), or in the source tree that contains the build
 * folder (build/codegen/../../include/uvcom); else where this uvidl was configured to be installed.
 */
const char *system_folder_find(struct pool *pool);

#endif
