/*
 * idl/file_case.h -- files whose names are written in another case than they have.
 */
#ifndef IDL_FILE_CASE_H
#define IDL_FILE_CASE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Looks for a file by a name whose case does not count; each folder of the name may differ as well.
 * `found` becomes its path. Of several the first by strcmp is taken, in whatever order a folder has
 * them.
 */
bool find_in_any_case(const char *folder, size_t length, const char *name, char found[PATH_MAX]);

#endif
