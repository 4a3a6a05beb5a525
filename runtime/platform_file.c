/*
 * platform_file.c -- the files and folders behind platform_library.h.
 *
 * A file may be anything: one that grows while it is read, a FIFO, a device, a folder. None of them
 * makes the reader wait or take more than it was told to.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/platform.h"
#include "runtime/platform_library.h"

static enum uvcom__file_read read_failure(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return UVCOM__FILE_ABSENT;
    case EACCES:
    case EPERM:
        return UVCOM__FILE_DENIED;
    case ENOMEM:
        return UVCOM__FILE_NO_MEMORY;
    case EMFILE:
    case ENFILE:
        return UVCOM__FILE_NO_DESCRIPTOR;
    default:
        return UVCOM__FILE_BAD;
    }
}

/* As many bytes as there are, up to `room`; -1: it cannot be read. */
static ssize_t read_up_to(int file, char *text, size_t room)
{
    size_t size = 0;
    ssize_t count;

    do {
        count = read(file, text + size, room - size);
        if (count > 0)
            size += (size_t)count;
    } while (count > 0 || (count < 0 && errno == EINTR));
    return count < 0 ? -1 : (ssize_t)size;
}

static enum uvcom__file_read read_open(int file, size_t limit, char **text, size_t *size)
{
    struct stat status;
    char *memory;
    ssize_t count;

    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return UVCOM__FILE_BAD;
    if ((uint64_t)status.st_size > limit)
        return UVCOM__FILE_TOO_LARGE;
    memory = uvcom__alloc((size_t)status.st_size + 1);
    if (!memory)
        return UVCOM__FILE_NO_MEMORY;
    /* One more than it has: it may be growing, and then it is being written. */
    count = read_up_to(file, memory, (size_t)status.st_size + 1);
    if (count < 0 || count > status.st_size) {
        uvcom__free(memory);
        return UVCOM__FILE_BAD;
    }
    *text = memory;
    *size = (size_t)count;
    return UVCOM__FILE_READ;
}

enum uvcom__file_read uvcom__file_read(const char *path, size_t limit, char **text, size_t *size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum uvcom__file_read result;

    if (file < 0)
        return read_failure(errno);
    result = read_open(file, limit, text, size);
    close(file);
    return result;
}

static bool ends_with(const char *name, const char *suffix)
{
    const size_t length = strlen(name), end = strlen(suffix);

    return length > end && strcmp(name + length - end, suffix) == 0;
}

/* Between the two. An empty `best` is behind everything. */
static bool is_between(const char *name, const char *after, const char *best)
{
    return strcmp(name, after) > 0 && (best[0] == '\0' || strcmp(name, best) < 0);
}

bool uvcom__folder_is_there(const char *folder)
{
    struct stat status;

    return stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}

enum uvcom__file_read uvcom__folder_next(const char *folder, const char *suffix, char *name)
{
    char best[UVCOM__NAME_ROOM] = "";
    const struct dirent *entry;
    DIR *stream = opendir(folder);
    int error;

    if (!stream)
        return read_failure(errno);
    errno = 0;
    /* One walk for each name that is found, instead of a list: manifests are few. */
    while ((entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] != '.' && ends_with(entry->d_name, suffix) &&
            is_between(entry->d_name, name, best))
            memcpy(best, entry->d_name, strlen(entry->d_name) + 1);
    }
    error = errno;
    closedir(stream);
    if (error != 0)
        return read_failure(error);
    if (best[0] == '\0')
        return UVCOM__FILE_ABSENT;
    memcpy(name, best, sizeof best);
    return UVCOM__FILE_READ;
}
