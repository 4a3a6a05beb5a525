/*
 * interfaces.c -- the list of loaded modules of generated code.
 *
 * Every foo_p.c adds its one module before main, or when its shared library is loaded, and removes
 * it when that is unloaded; there is no registration by the user and no table on disk (DER-14). A
 * process has a few dozen interfaces and looks one up when a call object or a proxy is made, never
 * when a call is: a list under a lock of a few instructions is enough.
 *
 * Call objects and proxies refer to a module's tables and functions, and nothing counts them. So
 * the library of a module stays in memory from the first use of one of its interfaces on.
 */
#include "runtime/interfaces.h"

#include <uvcom/objidl.h>
#include <uvcom/unknwn.h>

#include "runtime/class_proxy.h"
#include "runtime/platform.h"
#include "runtime/proxy.h"

static struct uvcom__lock modules_lock;
static struct uvcom_module *modules;

void uvcom_module_add(struct uvcom_module *module)
{
    uvcom__lock_acquire(&modules_lock);
    module->next = modules;
    modules = module;
    uvcom__lock_release(&modules_lock);
}

void uvcom_module_remove(struct uvcom_module *module)
{
    struct uvcom_module **link = &modules;

    uvcom__lock_acquire(&modules_lock);
    while (*link && *link != module)
        link = &(*link)->next;
    if (*link)
        *link = module->next;
    uvcom__lock_release(&modules_lock);
}

static bool is_named(const struct uvcom_interface *interface, REFIID iid, bool async)
{
    const IID *id = async ? interface->id.async_iid : interface->id.iid;

    return id && IsEqualGUID(id, iid);
}

static const struct uvcom_interface *find_in_module(const struct uvcom_module *module, REFIID iid,
                                                    bool async)
{
    for (size_t i = 0; i < module->interface_count; i++)
        if (is_named(module->interfaces[i], iid, async))
            return module->interfaces[i];
    return NULL;
}

/* An interface, and the module that it was found in. */
struct found {
    const struct uvcom_interface *interface;
    struct uvcom_module *module;
};

/*
 * One that is pinned before all others, so that no more are pinned than are needed; else the
 * oldest, which is mostly the program's own: a library that came later can be unloaded again.
 */
static struct found find_locked(REFIID iid, bool async)
{
    struct found found = {NULL, NULL};

    for (struct uvcom_module *module = modules; module; module = module->next) {
        const struct uvcom_interface *interface = find_in_module(module, iid, async);

        if (interface)
            found = (struct found){interface, module};
        if (interface && module->is_pinned)
            break;
    }
    return found;
}

static bool is_listed_locked(const struct uvcom_module *wanted)
{
    for (const struct uvcom_module *module = modules; module; module = module->next)
        if (module == wanted)
            return true;
    return false;
}

/*
 * Keeps the module in memory. Not under the lock: the loader's lock comes first, since it is held
 * round uvcom_module_add and _remove. So the module may have gone meanwhile, and is looked for
 * again. `again`: it has gone, and another one may carry the interface.
 */
static bool pin(struct uvcom_module *module, bool *again)
{
    const bool is_kept = uvcom__module_pin(module);
    bool is_listed;

    uvcom__lock_acquire(&modules_lock);
    is_listed = is_listed_locked(module);
    if (is_listed && is_kept)
        module->is_pinned = true;
    uvcom__lock_release(&modules_lock);
    *again = !is_listed;
    return is_listed && is_kept;
}

/* Whoever gets an interface keeps pointers to it and to its tables for as long as he likes. */
static const struct uvcom_interface *find(REFIID iid, bool async)
{
    bool again = true;

    while (again) {
        struct found found;
        bool is_pinned;

        uvcom__lock_acquire(&modules_lock);
        found = find_locked(iid, async);
        is_pinned = found.module && found.module->is_pinned;
        uvcom__lock_release(&modules_lock);
        if (is_pinned || !found.module || pin(found.module, &again))
            return found.interface;
    }
    return NULL;
}

const struct uvcom_interface *uvcom__interface_find(REFIID iid)
{
    if (IsEqualGUID(iid, &IID_IUnknown))
        return &uvcom__unknown_interface;
    if (IsEqualGUID(iid, &IID_IClassFactory))
        return &uvcom__class_factory_interface;
    if (IsEqualGUID(iid, &IID_ICallFactory))
        return &uvcom__call_factory_interface;
    return find(iid, false);
}

const struct uvcom_interface *uvcom__interface_find_async(REFIID async_iid)
{
    return find(async_iid, true);
}

static bool answers(const struct uvcom_interface *interface, REFIID iid, bool async)
{
    if (is_named(interface, iid, async))
        return true;
    for (size_t i = 0; i < interface->base_count; i++) {
        const struct uvcom_interface_id *base = &interface->bases[i];
        const IID *id = async ? base->async_iid : base->iid;

        if (id && IsEqualGUID(id, iid))
            return true;
    }
    return false;
}

bool uvcom__interface_answers(const struct uvcom_interface *interface, REFIID iid)
{
    return answers(interface, iid, false);
}

bool uvcom__interface_answers_async(const struct uvcom_interface *interface, REFIID async_iid)
{
    return answers(interface, async_iid, true);
}

size_t uvcom__interface_frame_size(const struct uvcom_interface *interface)
{
    size_t size = 0;

    for (size_t i = 0; i < interface->method_count; i++)
        if (interface->methods[i].frame_size > size)
            size = interface->methods[i].frame_size;
    return size;
}
