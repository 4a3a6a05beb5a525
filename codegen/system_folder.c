/*
 * system_folder.c -- where the runtime's own IDL is: beside the executable, or where it was
 * configured to be.
 */
#include "codegen/system_folder.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/out.h"

#ifndef UVIDL_SYSTEM_FOLDER
#define UVIDL_SYSTEM_FOLDER "/usr/local/include/uvcom"
#endif

static bool has_unknwn(struct pool *pool, const char *folder)
{
    return access(TEXT(pool, "${folder}/unknwn.idl", {"folder", folder}), R_OK) == 0;
}

const char *system_folder_find(struct pool *pool)
{
    static const char *const places[] = {"../include/uvcom", "../../include/uvcom"};
    char own[PATH_MAX], whole[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    char *slash;

    own[length > 0 ? length : 0] = '\0';
    slash = strrchr(own, '/');
    if (!slash)
        return UVIDL_SYSTEM_FOLDER;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *folder = TEXT(pool, "${own}/${place}", {"own", own}, {"place", places[i]});

        if (has_unknwn(pool, folder) && realpath(folder, whole))
            return pool_string(pool, whole);
    }
    return UVIDL_SYSTEM_FOLDER;
}
