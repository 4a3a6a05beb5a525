/*
 * runtime/platform_module.c -- keeps a shared library in memory that holds a given address.
 *
 * Through the C library's loader and not libuv's: uv_dlopen offers no flags. Normal build only.
 * Which modules deserve it is said in interfaces.c.
 */
#include "runtime/platform.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <string.h>

/* What holds an address. */
struct holder {
    uintptr_t address;
    bool is_found;
    bool is_whole; /* the name fitted */
    char name[PATH_MAX];
};

static bool holds(const struct dl_phdr_info *object, uintptr_t address)
{
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

        if (segment->p_type == PT_LOAD &&
            address - (object->dlpi_addr + segment->p_vaddr) < segment->p_memsz)
            return true;
    }
    return false;
}

static int look_at(struct dl_phdr_info *object, size_t size, void *context)
{
    struct holder *holder = context;
    size_t length;

    (void)size;
    if (!holds(object, holder->address))
        return 0;
    length = strlen(object->dlpi_name);
    holder->is_found = true;
    holder->is_whole = length < sizeof holder->name;
    if (holder->is_whole)
        memcpy(holder->name, object->dlpi_name, length + 1);
    return 1;
}

/* The walk and not dladdr, which gives the main program a name by which it cannot be opened. */
static bool find_holder(struct holder *holder, const void *address)
{
    holder->address = (uintptr_t)address;
    holder->is_found = false;
    dl_iterate_phdr(look_at, holder);
    return holder->is_found && holder->is_whole;
}

bool uvcom__module_pin(const void *address)
{
    struct holder before, after;

    if (!find_holder(&before, address))
        return false;
    /* The program itself, which is never unloaded; a static one has nothing else. */
    if (before.name[0] == '\0')
        return true;
    if (!dlopen(before.name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE))
        return false;
    /* Between the two it may have been unloaded and another put in its place. */
    return find_holder(&after, address) && strcmp(before.name, after.name) == 0;
}
