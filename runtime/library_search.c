/*
 * library_search.c -- see library_search.h.
 *
 * What is found is kept in a list of its own and not in the class table, so that a search never
 * makes a later registration of the same class fail. Every name in here is absolute: nothing is
 * ever looked for in the current folder.
 */
#include "runtime/library_search.h"

#include <limits.h>
#include <string.h>

#include "runtime/class_table.h"
#include "runtime/complaint.h"
#include "runtime/manifest.h"
#include "runtime/platform_library.h"

static struct {
    struct uvcom__lock lock;
    struct class_entry *first; /* one reference each */
} found;

/* ---- what was found ---- */

static struct class_entry *find_locked(REFCLSID clsid)
{
    struct class_entry *entry = found.first;

    while (entry && !IsEqualCLSID(&entry->clsid, clsid))
        entry = entry->next;
    if (entry)
        uvcom__class_entry_add_ref(entry);
    return entry;
}

static struct class_entry *find(REFCLSID clsid)
{
    struct class_entry *entry;

    uvcom__lock_acquire(&found.lock);
    entry = find_locked(clsid);
    uvcom__lock_release(&found.lock);
    return entry;
}

/* Unless another thread was faster: then its entry is what both use. */
static struct class_entry *keep(struct class_entry *entry)
{
    struct class_entry *there;

    uvcom__lock_acquire(&found.lock);
    there = find_locked(&entry->clsid);
    if (!there) {
        entry->next = found.first;
        found.first = entry;
        uvcom__class_entry_add_ref(entry);
    }
    uvcom__lock_release(&found.lock);
    if (!there)
        return entry;
    uvcom__class_entry_release(entry);
    return there;
}

void uvcom__library_search_forget(void)
{
    struct class_entry *entry, *next;

    uvcom__lock_acquire(&found.lock);
    entry = found.first;
    found.first = NULL;
    uvcom__lock_release(&found.lock);
    for (; entry; entry = next) {
        next = entry->next;
        uvcom__class_entry_release(entry);
    }
}

/* ---- the search ---- */

struct search {
    const CLSID *clsid;
    struct class_entry **entry; /* [out] */
    char folder[PATH_MAX];
    char path[PATH_MAX + UVCOM__NAME_ROOM]; /* of the manifest */
};

/* Then nobody knows whether the class is there, and a later folder must not take its place. */
static bool is_lack(HRESULT hr)
{
    return hr == E_OUTOFMEMORY || hr == RPC_E_OUT_OF_RESOURCES;
}

static HRESULT search_manifest(struct search *search)
{
    uvcom_manifest_problem problem;
    struct manifest manifest;
    HRESULT hr = uvcom__manifest_read(search->path, &manifest, &problem);

    if (FAILED(hr)) {
        uvcom__complain_of_file(search->path, problem.line, problem.text);
        return is_lack(hr) ? hr : REGDB_E_CLASSNOTREG;
    }
    hr = REGDB_E_CLASSNOTREG;
    for (size_t i = 0; i < manifest.class_count; i++) {
        const struct manifest_class *class_ = &manifest.classes[i];

        if (IsEqualCLSID(&class_->clsid, search->clsid))
            hr = uvcom__library_entry(class_->library->path, search->clsid, class_->model,
                                      search->entry);
    }
    uvcom__manifest_free(&manifest);
    return hr;
}

static HRESULT search_folder(struct search *search)
{
    const size_t length = strlen(search->folder);
    enum uvcom__file_read read = UVCOM__FILE_READ;
    char name[UVCOM__NAME_ROOM] = "";
    HRESULT hr = REGDB_E_CLASSNOTREG;

    while (hr == REGDB_E_CLASSNOTREG && read == UVCOM__FILE_READ) {
        read = uvcom__folder_next(search->folder, ".manifest", name);
        if (read != UVCOM__FILE_READ)
            break;
        memcpy(search->path, search->folder, length);
        search->path[length] = '/';
        memcpy(search->path + length + 1, name, sizeof name);
        hr = search_manifest(search);
    }
    if (read == UVCOM__FILE_NO_MEMORY)
        return E_OUTOFMEMORY;
    return read == UVCOM__FILE_NO_DESCRIPTOR ? RPC_E_OUT_OF_RESOURCES : hr;
}

/* The next folder of a list; what is not absolute, and what is too long, is passed over. */
static bool take_folder(const char **list, char folder[PATH_MAX])
{
    while (*list && **list) {
        const size_t length = strcspn(*list, ":");
        const char *begin = *list;

        *list += length + (begin[length] == ':');
        if (begin[0] == '/' && length < PATH_MAX) {
            memcpy(folder, begin, length);
            folder[length] = '\0';
            return true;
        }
    }
    return false;
}

static HRESULT search_list(struct search *search, const char *list)
{
    HRESULT hr = REGDB_E_CLASSNOTREG;

    while (hr == REGDB_E_CLASSNOTREG && take_folder(&list, search->folder))
        hr = search_folder(search);
    return hr;
}

/* ---- what is said about it, on request ---- */

/* The folders of the variable that are of no use. It never changes, so that once is enough. */
static void complain_of_folders(const char *list)
{
    static uvcom__atomic32 was_done;
    char folder[PATH_MAX];
    uint32_t seen = 0;

    if (!uvcom__cas32(&was_done, &seen, 1, UVCOM__RELAXED))
        return;
    while (list && *list) {
        const size_t length = strcspn(list, ":");

        if (length >= PATH_MAX) {
            uvcom__complain_of_folder(list, 32, "... is too long, ignored");
        } else if (length > 0 && list[0] != '/') {
            uvcom__complain_of_folder(list, length, "is not absolute, ignored");
        } else if (length > 0) {
            memcpy(folder, list, length);
            folder[length] = '\0';
            if (!uvcom__folder_is_there(folder))
                uvcom__complain_of_folder(list, length, "is no folder");
        }
        list += length + (list[length] == ':');
    }
}

static void complain_of_class(REFCLSID clsid)
{
    uvcom__complain_of_class(clsid, uvcom__component_path(), uvcom__component_folder());
}

/* ---- the whole ---- */

HRESULT uvcom__library_search(REFCLSID clsid, struct class_entry **entry)
{
    struct search search = {.clsid = clsid, .entry = entry};
    HRESULT hr;

    *entry = find(clsid);
    if (*entry)
        return S_OK;
    if (uvcom__component_path_is_lost())
        return E_OUTOFMEMORY;
    complain_of_folders(uvcom__component_path());
    hr = search_list(&search, uvcom__component_path());
    if (hr == REGDB_E_CLASSNOTREG)
        hr = search_list(&search, uvcom__component_folder());
    if (hr == REGDB_E_CLASSNOTREG)
        complain_of_class(clsid);
    if (FAILED(hr))
        return hr;
    *entry = keep(*entry);
    return S_OK;
}
