/*
 * idl/reader.c -- see reader.h; also which files are the runtime's own.
 */
#include "idl/reader.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader_file {
    struct idl_source *source;
    enum source_status status;
};

void reader_init(struct reader *reader, struct arena *arena, const char *system_folder)
{
    *reader = (struct reader){.arena = arena, .system_folder = system_folder};
    map_init(&reader->files, arena);
    map_init(&reader->folders, arena);
}

static struct source_identity identify_in(const char *folder, const char *name)
{
    char path[PATH_MAX];
    int needed = snprintf(path, sizeof path, "%s/%s", folder, name);

    if (needed < 0 || (size_t)needed >= sizeof path)
        return (struct source_identity){0};
    return source_identify(path);
}

/*
 * The runtime's own files: those of the system folder, and those of a folder named uvcom that holds
 * the base interfaces. The second is what a build of uvcom itself has, before anything is
 * installed; the name is the very one that the generated #include <uvcom/foo.h> will have.
 */
static bool is_system_folder(const struct reader *reader, const char *folder)
{
    const char *system = reader->system_folder;
    char real[PATH_MAX];
    const char *slash;

    if (system && source_same(identify_in(folder, "."), identify_in(system, ".")))
        return true;
    if (!identify_in(folder, "unknwn.idl").is_known || !realpath(folder, real))
        return false;
    slash = strrchr(real, '/');
    return slash && strcmp(slash + 1, "uvcom") == 0;
}

/* Asked once for each folder: it costs several calls of the system. */
static bool is_in_system_folder(struct reader *reader, const struct idl_source *source)
{
    static const bool answers[] = {false, true};
    size_t length = (size_t)(source->name - source->path);
    struct map_entry *entry = map_put(&reader->folders, source->path, length);

    if (!entry->value) {
        const char *folder = length == 0 ? "." : entry->key;

        entry->value = (void *)(uintptr_t)&answers[is_system_folder(reader, folder)];
    }
    return *(const bool *)entry->value;
}

enum source_status reader_open(struct reader *reader, const char *path, struct idl_source **source)
{
    struct map_entry *entry = map_put(&reader->files, path, strlen(path));
    struct reader_file *file = entry->value;

    if (!file) {
        file = ARENA_NEW(reader->arena, struct reader_file);
        file->status = source_read(reader->arena, path, &file->source);
        if (file->status == SOURCE_OK)
            file->source->is_system = is_in_system_folder(reader, file->source);
        if (file->status != SOURCE_NO_MEMORY)
            entry->value = file;
    }
    *source = file->source;
    return file->status;
}
