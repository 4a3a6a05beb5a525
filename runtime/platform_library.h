/*
 * platform_library.h -- what the runtime asks of the machine for server libraries: loading them,
 * reading manifests, and where both are looked for.
 *
 * A part of runtime/platform.h, of the normal build only. It has no policy: which files are asked
 * for is said in library*.c. No function here looks a name up in a search path of the system's or
 * in the current folder: all of them take absolute paths.
 */
#ifndef RUNTIME_PLATFORM_LIBRARY_H
#define RUNTIME_PLATFORM_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- libraries ------------------------------------------------------------------------------- */

/* A shared library that is open; it stays in memory until it is closed as often as it was opened.
 */
struct uvcom__module {
    void *handle;   /* dlopen's */
    uintptr_t low;  /* where it is in memory */
    uintptr_t high; /* and the first address behind it */
};

enum uvcom__module_opened {
    UVCOM__MODULE_OPENED,
    UVCOM__MODULE_ABSENT, /* no such file, or it is no regular one */
    UVCOM__MODULE_BROKEN, /* the loader does not take it, for lack of memory too */
    UVCOM__MODULE_NO_DESCRIPTOR
};

/* Room for what the loader says; longer texts are cut. */
enum { UVCOM__LOADER_TEXT_ROOM = 512 };

/**
 * Opens a library, its own symbols only for itself. Its constructors run on this thread if nobody
 * has it open; never under a lock.
 *
 * @param path    absolute, and without a '$', to which the loader gives a meaning
 * @param module  [out] transfer; not set on failure
 * @param text    [out] UVCOM__LOADER_TEXT_ROOM bytes: why it is broken; else not set
 */
enum uvcom__module_opened uvcom__module_open(const char *path, struct uvcom__module *module,
                                             char *text);

/** Any thread, under no lock: destructors may run. */
void uvcom__module_close(struct uvcom__module *module);

typedef void (*uvcom__function)(void);

/** A function that this library itself has, and not one that it was linked with. NULL: none. */
uvcom__function uvcom__module_function(const struct uvcom__module *module, const char *name);

/** The library in memory, whoever loaded it, that holds an address. False: none does. */
bool uvcom__module_range(uintptr_t address, uintptr_t *low, uintptr_t *high);

/* ---- files ----------------------------------------------------------------------------------- */

enum uvcom__file_read {
    UVCOM__FILE_READ,
    UVCOM__FILE_ABSENT, /* it, or a folder above it */
    UVCOM__FILE_DENIED, /* it may not be read */
    UVCOM__FILE_NO_MEMORY,
    UVCOM__FILE_NO_DESCRIPTOR, /* the process or the system has no more */
    UVCOM__FILE_TOO_LARGE,
    UVCOM__FILE_BAD /* no regular file, or it cannot be read */
};

/**
 * Reads a whole file. Follows symbolic links; never waits at a FIFO or a device.
 *
 * @param limit  the most bytes that it may have
 * @param text   [out] transfer, for uvcom__free; not set on failure. It has no terminator.
 */
enum uvcom__file_read uvcom__file_read(const char *path, size_t limit, char **text, size_t *size);

/* Room for the name of a file in a folder. */
enum { UVCOM__NAME_ROOM = 256 };

/**
 * The file of a folder that comes after `name` in the order of bytes, among those whose names end
 * with the suffix and do not begin with a dot.
 *
 * @param name  [in, out] UVCOM__NAME_ROOM bytes; "" for the first
 *
 * @return UVCOM__FILE_READ; UVCOM__FILE_ABSENT: there is none, or no such folder; or why the folder
 *         cannot be read
 */
enum uvcom__file_read uvcom__folder_next(const char *folder, const char *suffix, char *name);

/** Whether there is such a folder. */
bool uvcom__folder_is_there(const char *folder);

/* ---- where ----------------------------------------------------------------------------------- */

/** UVCOM_COMPONENT_PATH as it was when the program started; NULL: not set, or the program has
 * rights that its caller does not have, or it is lost. */
const char *uvcom__component_path(void);

/** Whether it was set but there was no memory to keep it. */
bool uvcom__component_path_is_lost(void);

/** The folder in which installed manifests are. Absolute. */
const char *uvcom__component_folder(void);

#endif
