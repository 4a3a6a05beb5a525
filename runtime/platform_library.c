/*
 * platform_library.c -- the loader behind platform_library.h.
 *
 * Libraries are opened and closed by libuv, which asks the loader for lazy binding and local
 * symbols. It keeps a text for each failure, which is given back at once. What it has no function
 * for, where a library is in memory, the C library is asked.
 */
#include "runtime/platform_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#ifndef UVCOM_COMPONENT_FOLDER
#error "the build says where components are installed"
#endif

/* ---- where a library is ---------------------------------------------------------------------- */

struct range {
    uintptr_t address;
    uintptr_t low, high; /* 0: not found */
};

/* The whole span from the first to the last loaded segment: nothing else can be in its gaps. */
static int look_at(struct dl_phdr_info *object, size_t size, void *context)
{
    struct range *range = context;
    uintptr_t low = UINTPTR_MAX, high = 0;
    bool holds = false;

    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const uintptr_t begin = object->dlpi_addr + segment->p_vaddr;

        if (segment->p_type != PT_LOAD)
            continue;
        if (begin < low)
            low = begin;
        if (begin + segment->p_memsz > high)
            high = begin + segment->p_memsz;
        holds = holds || range->address - begin < segment->p_memsz;
    }
    if (holds) {
        range->low = low;
        range->high = high;
    }
    return holds;
}

bool uvcom__module_range(uintptr_t address, uintptr_t *low, uintptr_t *high)
{
    struct range range = {address, 0, 0};

    if (!dl_iterate_phdr(look_at, &range))
        return false;
    *low = range.low;
    *high = range.high;
    return true;
}

/* ---- open and close -------------------------------------------------------------------------- */

/* Opening a FIFO would wait for somebody who writes into it. */
static bool is_regular(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* What the loader says, without the path if it begins with that. */
static void copy_message(const uv_lib_t *library, const char *path, char *text)
{
    const size_t length = strlen(path);
    const char *message = uv_dlerror(library);

    if (strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        message += length + 2;
    snprintf(text, UVCOM__LOADER_TEXT_ROOM, "%s", message);
}

/* What the loader says has no number. It had no descriptor for the library if we get none now. */
static bool is_without_descriptors(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (file < 0)
        return errno == EMFILE || errno == ENFILE;
    close(file);
    return false;
}

/* Gives back the text that libuv keeps of a failure, and nothing else. */
static void forget_message(uv_lib_t *library)
{
    uv_lib_t message = {.errmsg = library->errmsg};

    uv_dlclose(&message);
    library->errmsg = NULL;
}

/*
 * An address inside of the library: that of its dynamic section. 0: the loader does not say. It was
 * written under a lock of the loader's, which ThreadSanitizer does not see, perhaps on another
 * thread that opened the same library.
 */
__attribute__((noinline, no_sanitize("thread"))) static uintptr_t address_inside(void *handle)
{
    struct link_map *map = NULL;

    if (dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) != 0)
        return 0;
    return (uintptr_t)map->l_ld;
}

static bool find_range(struct uvcom__module *module)
{
    const uintptr_t inside = address_inside(module->handle);

    return inside != 0 && uvcom__module_range(inside, &module->low, &module->high);
}

enum uvcom__module_opened uvcom__module_open(const char *path, struct uvcom__module *module,
                                             char *text)
{
    uv_lib_t library = {0};

    if (!is_regular(path))
        return UVCOM__MODULE_ABSENT;
    if (uv_dlopen(path, &library) != 0) {
        copy_message(&library, path, text);
        forget_message(&library);
        return is_without_descriptors(path) ? UVCOM__MODULE_NO_DESCRIPTOR : UVCOM__MODULE_BROKEN;
    }
    module->handle = library.handle;
    if (find_range(module))
        return UVCOM__MODULE_OPENED;
    uvcom__module_close(module);
    snprintf(text, UVCOM__LOADER_TEXT_ROOM, "the loader does not say where it is in memory");
    return UVCOM__MODULE_BROKEN;
}

void uvcom__module_close(struct uvcom__module *module)
{
    uv_lib_t library = {.handle = module->handle};

    module->handle = NULL;
    uv_dlclose(&library);
}

uvcom__function uvcom__module_function(const struct uvcom__module *module, const char *name)
{
    uv_lib_t library = {.handle = module->handle};
    void *address = NULL;

    if (uv_dlsym(&library, name, &address) != 0)
        forget_message(&library);
    /* The loader looks into the libraries that this one needs as well. */
    if ((uintptr_t)address < module->low || (uintptr_t)address >= module->high)
        return NULL;
    return (uvcom__function)(uintptr_t)address;
}

/* ---- where components are -------------------------------------------------------------------- */

/*
 * Read once: getenv must not meet a setenv of the application's. And copied: a program may write
 * over the block that its environment came in, to change what `ps` shows of it. The copy is never
 * freed, since threads may search until the process ends.
 */
static const char *component_path;
static bool component_path_lost;

__attribute__((constructor)) static void read_environment(void)
{
    const char *text = secure_getenv("UVCOM_COMPONENT_PATH");

    if (!text)
        return;
    component_path = strdup(text);
    component_path_lost = !component_path;
}

const char *uvcom__component_path(void)
{
    return component_path;
}

bool uvcom__component_path_is_lost(void)
{
    return component_path_lost;
}

const char *uvcom__component_folder(void)
{
    return UVCOM_COMPONENT_FOLDER;
}
