/*
 * idl/file_case.c -- see file_case.h.
 *
 * Nothing here takes memory from an arena: a folder is open meanwhile.
 */
#include "idl/file_case.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Puts the name of the entry of a folder over `name`, which has the same length. */
static bool find_entry(const char *folder, char *name)
{
    DIR *entries = opendir(folder);
    size_t length = strlen(name);
    const struct dirent *entry;
    char best[NAME_MAX + 1] = "";

    if (!entries)
        return false;
    while ((entry = readdir(entries)) != NULL) {
        if (strcasecmp(entry->d_name, name) == 0 &&
            (best[0] == '\0' || strcmp(entry->d_name, best) < 0))
            snprintf(best, sizeof best, "%s", entry->d_name);
    }
    closedir(entries);
    if (strlen(best) != length)
        return false;
    memcpy(name, best, length);
    return true;
}

/* One part of the path after the other; what is there as written is not looked for. */
static bool correct(char *path, char *at)
{
    for (;;) {
        char *slash = strchr(at, '/');
        struct stat status;
        bool is_there;

        if (slash)
            *slash = '\0';
        is_there = stat(path, &status) == 0;
        if (!is_there) {
            at[-1] = '\0';
            is_there = find_entry(path[0] ? path : "/", at);
            at[-1] = '/';
        }
        if (slash)
            *slash = '/';
        if (!is_there || !slash)
            return is_there;
        at = slash + 1;
    }
}

bool find_in_any_case(const char *folder, size_t length, const char *name, char found[PATH_MAX])
{
    bool is_here = length == 0;
    int needed;

    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (length == 1 && folder[0] == '/')
        length = 0;
    needed = snprintf(found, PATH_MAX, "%.*s/%s", is_here ? 1 : (int)length, is_here ? "." : folder,
                      name);
    if (needed < 0 || needed >= PATH_MAX || name[0] == '\0' || name[0] == '/')
        return false;
    if (!correct(found, found + (is_here ? 1 : length) + 1))
        return false;
    if (is_here)
        memmove(found, found + 2, strlen(found + 2) + 1);
    return true;
}
