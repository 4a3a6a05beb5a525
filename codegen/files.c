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

enum { MOST_ATTEMPTS = 100 }; /* at a temporary name that nobody has */

const char *files_path(struct files *files, const char *folder, const char *name)
{
    size_t length = folder ? strlen(folder) : 0;

    if (length == 0)
        return pool_string(&files->pool, name);
    return TEXT(&files->pool, "${folder}${slash}${name}", {"folder", folder},
                {"slash", folder[length - 1] == '/' ? "" : "/"}, {"name", name});
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static const char *folder_of(struct files *files, const char *path)
{
    size_t length = (size_t)(name_of(path) - path);
    char *copy = pool_alloc(&files->pool, length + 1);

    return copy ? memcpy(copy, path, length) : "";
}

static struct identity identify(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return (struct identity){.is_there = false};
    return (struct identity){true, status.st_dev, status.st_ino};
}

static bool is_same(const struct identity *a, const struct identity *b)
{
    return a->is_there && b->is_there && a->device == b->device && a->inode == b->inode;
}

bool files_protect(struct files *files, const char *path)
{
    struct source *source = pool_alloc(&files->pool, sizeof *source);

    if (!source)
        return false;
    source->identity = identify(path);
    source->next = files->sources;
    files->sources = source;
    return true;
}

bool files_add(struct files *files, const char *path, const char *data, size_t length,
               bool *is_twice)
{
    const char *folder = folder_of(files, path), *name = name_of(path);
    struct identity place = identify(*folder ? folder : ".");
    struct file *file, **end = &files->first;

    *is_twice = false;
    for (; *end; end = &(*end)->next)
        *is_twice = *is_twice || strcmp((*end)->path, path) == 0 ||
                    (is_same(&(*end)->folder, &place) && strcmp(name_of((*end)->path), name) == 0);
    if (*is_twice)
        return false;
    file = pool_alloc(&files->pool, sizeof *file);
    if (!file)
        return false;
    file->path = pool_string(&files->pool, path);
    file->folder = place;
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

static bool refuse(struct files *files, const char *path, const char *problem)
{
    files->problem = problem;
    return fail(files, path, EINVAL);
}

/* Renaming would put a file in the place of a device or of a link, and lose what was meant. */
static bool may_replace(struct files *files, const char *path)
{
    struct identity target = identify(path);
    struct stat there;

    for (const struct source *source = files->sources; source; source = source->next)
        if (is_same(&source->identity, &target))
            return refuse(files, path, "it is one of the files that were read");
    if (lstat(path, &there) != 0 || S_ISREG(there.st_mode))
        return true;
    if (S_ISDIR(there.st_mode))
        return fail(files, path, EISDIR);
    if (S_ISLNK(there.st_mode))
        return refuse(files, path, "it is a symbolic link");
    return refuse(files, path, "it is not a regular file");
}

/*
 * "DIR/.foo.h.1234.1.tmp": in the same folder, so that renaming is atomic. A file that has the name
 * already may be anybody's, so it stays.
 */
static int open_new(struct files *files, struct file *file)
{
    const char *folder = folder_of(files, file->path);
    char number[48];
    int fd = -1;

    errno = EEXIST;
    for (int i = 1; fd < 0 && errno == EEXIST && i <= MOST_ATTEMPTS; i++) {
        snprintf(number, sizeof number, "%ld.%d", (long)getpid(), i);
        file->temporary = TEXT(&files->pool, "${folder}.${name}.${number}.tmp", {"folder", folder},
                               {"name", name_of(file->path)}, {"number", number});
        errno = 0; /* no memory: no error of a file */
        if (!files->pool.failed)
            fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
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
    bool is_whole;
    int fd, error;

    fd = open_new(files, file);
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
        is_good = may_replace(files, file->path);
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
