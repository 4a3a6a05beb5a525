/*
 * files.c -- writing the outputs: all of them, or none.
 *
 * Renaming is the one step that can stop half way (a folder that somebody changes at that moment);
 * each file is then still whole, old or new.
 */
#include "codegen/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codegen/out.h"

const char *files_path(struct files *files, const char *folder, const char *name)
{
    size_t length = folder ? strlen(folder) : 0;

    if (length == 0)
        return pool_string(&files->pool, name);
    return TEXT(&files->pool, "${folder}${slash}${name}", {"folder", folder},
                {"slash", folder[length - 1] == '/' ? "" : "/"}, {"name", name});
}

/* "DIR/.foo.h.1234.tmp": in the same folder, so that renaming is atomic. */
static const char *temporary_path(struct files *files, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash + 1 - path) : 0;
    char *copy = pool_alloc(&files->pool, folder + 1);
    char number[32];

    if (!copy)
        return "";
    memcpy(copy, path, folder);
    snprintf(number, sizeof number, "%ld", (long)getpid());
    return TEXT(&files->pool, "${folder}.${name}.${number}.tmp", {"folder", copy},
                {"name", path + folder}, {"number", number});
}

bool files_add(struct files *files, const char *path, const char *data, size_t length,
               bool *is_twice)
{
    struct file *file, **end = &files->first;

    *is_twice = false;
    for (; *end; end = &(*end)->next)
        *is_twice = *is_twice || strcmp((*end)->path, path) == 0;
    if (*is_twice)
        return false;
    file = pool_alloc(&files->pool, sizeof *file);
    if (!file)
        return false;
    file->path = pool_string(&files->pool, path);
    file->temporary = temporary_path(files, path);
    file->data = data;
    file->length = length;
    *end = file;
    return !files->pool.failed;
}

static bool fail(struct files *files, const char *path, int error)
{
    files->failed_path = path;
    files->error = error;
    return false;
}

static int open_new(const char *path)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(path, flags, 0666);

    /* Left behind by a process that had our number and was killed. */
    if (fd < 0 && errno == EEXIST && unlink(path) == 0)
        fd = open(path, flags, 0666);
    return fd;
}

static bool write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_temporary(struct files *files, struct file *file)
{
    struct stat there;
    bool is_whole;
    int fd, error;

    if (stat(file->path, &there) == 0 && S_ISDIR(there.st_mode))
        return fail(files, file->path, EISDIR);
    fd = open_new(file->temporary);
    if (fd < 0)
        return fail(files, file->path, errno);
    file->is_written = true;
    is_whole = write_all(fd, file->data, file->length);
    error = errno;
    if (close(fd) != 0 && is_whole) {
        is_whole = false;
        error = errno;
    }
    return is_whole || fail(files, file->path, error);
}

static void remove_temporaries(struct files *files)
{
    for (struct file *file = files->first; file; file = file->next)
        if (file->is_written)
            unlink(file->temporary);
}

bool files_commit(struct files *files)
{
    bool is_good = !files->pool.failed;

    for (struct file *file = files->first; file && is_good; file = file->next)
        is_good = write_temporary(files, file);
    for (struct file *file = files->first; file && is_good; file = file->next) {
        if (rename(file->temporary, file->path) != 0)
            is_good = fail(files, file->path, errno);
        else
            file->is_written = false;
    }
    if (!is_good)
        remove_temporaries(files);
    return is_good;
}

void files_fini(struct files *files)
{
    pool_fini(&files->pool);
    *files = (struct files){.first = NULL};
}
