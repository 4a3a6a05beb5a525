/*
 * library_register.c -- the public functions of uvcom/library.h.
 *
 * A class of a library is an entry of the class table like any other; that it is one of a manifest
 * is forgotten once it is there.
 */
#include <uvcom/combase.h>

#include "runtime/class_table.h"
#include "runtime/complaint.h"
#include "runtime/library.h"
#include "runtime/library_search.h"
#include "runtime/manifest.h"
#include "runtime/neutral.h"

/* Ten minutes, as in COM. */
#define DEFAULT_DELAY_MS (10u * 60 * 1000)

/* ---- registering ---- */

HRESULT uvcom__library_entry(const char *path, REFCLSID clsid, uvcom_threading_model model,
                             struct class_entry **entry)
{
    HRESULT hr;

    *entry = uvcom__class_entry_alloc(clsid);
    if (!*entry)
        return E_OUTOFMEMORY;
    (*entry)->context = CLSCTX_INPROC_SERVER;
    (*entry)->model = model;
    hr = uvcom__library_get(path, &(*entry)->library);
    if (FAILED(hr)) {
        uvcom__class_entry_release(*entry);
        *entry = NULL;
    }
    return hr;
}

static HRESULT add_entry(const char *path, REFCLSID clsid, uvcom_threading_model model,
                         struct class_entry **entry)
{
    HRESULT hr = uvcom__library_entry(path, clsid, model, entry);

    if (FAILED(hr))
        return hr;
    hr = uvcom__class_table_add(*entry);
    if (SUCCEEDED(hr))
        return S_OK;
    uvcom__class_entry_release(*entry);
    *entry = NULL;
    return hr;
}

HRESULT uvcom_register_library(const char *path, REFCLSID clsid, uvcom_threading_model model)
{
    struct class_entry *entry;
    HRESULT hr;

    if (!uvcom__library_is_path(path) || !clsid || model < UVCOM_THREADING_MAIN ||
        model > UVCOM_THREADING_NEUTRAL)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    hr = add_entry(path, clsid, model, &entry);
    if (SUCCEEDED(hr))
        uvcom__class_entry_release(entry);
    return hr;
}

/* Takes off the table again what this very call has put there. */
static void take_back(struct class_entry **entries, size_t count)
{
    while (count-- > 0) {
        if (uvcom__class_table_remove(entries[count]))
            uvcom__class_entry_release(entries[count]);
    }
}

static HRESULT add_all(const struct manifest *manifest, struct class_entry **entries,
                       uvcom_manifest_problem *problem)
{
    HRESULT hr = S_OK;
    size_t count = 0;

    while (SUCCEEDED(hr) && count < manifest->class_count) {
        const struct manifest_class *class_ = &manifest->classes[count];

        hr = add_entry(class_->library->path, &class_->clsid, class_->model, &entries[count]);
        if (hr == CO_E_OBJISREG)
            *problem = (uvcom_manifest_problem){class_->line, "the class is registered already"};
        count += SUCCEEDED(hr);
    }
    if (hr == E_OUTOFMEMORY)
        problem->text = "out of memory";
    if (FAILED(hr))
        take_back(entries, count);
    while (count-- > 0)
        uvcom__class_entry_release(entries[count]);
    return hr;
}

static HRESULT register_manifest(const char *path, uvcom_manifest_problem *problem)
{
    struct class_entry **entries;
    struct manifest manifest;
    HRESULT hr = uvcom__manifest_read(path, &manifest, problem);

    if (FAILED(hr))
        return hr;
    entries = uvcom__alloc(manifest.class_count * sizeof(struct class_entry *));
    if (entries) {
        hr = add_all(&manifest, entries, problem);
    } else {
        problem->text = "out of memory";
        hr = E_OUTOFMEMORY;
    }
    uvcom__free(entries);
    uvcom__manifest_free(&manifest);
    return hr;
}

HRESULT uvcom_register_manifest(const char *path, uvcom_manifest_problem *problem)
{
    uvcom_manifest_problem ignored;
    HRESULT hr;

    if (!problem)
        problem = &ignored;
    *problem = (uvcom_manifest_problem){0, NULL};
    if (!uvcom__library_is_path(path)) {
        problem->text = "the path must be absolute, and without a $";
        return E_INVALIDARG;
    }
    if (uvcom__process_forked()) {
        problem->text = "the process is a forked child";
        return CO_E_NOTINITIALIZED;
    }
    hr = register_manifest(path, problem);
    if (FAILED(hr))
        uvcom__complain_of_file(path, problem->line, problem->text);
    return hr;
}

/* ---- unloading ---- */

void CoFreeUnusedLibrariesEx(DWORD dwUnloadDelay, DWORD dwReserved)
{
    const DWORD delay_ms = dwUnloadDelay == INFINITE ? DEFAULT_DELAY_MS : dwUnloadDelay;

    (void)dwReserved;
    if (uvcom__apartment_current())
        uvcom__library_free_unused((uint64_t)delay_ms * 1000000);
}

void CoFreeUnusedLibraries(void)
{
    CoFreeUnusedLibrariesEx(INFINITE, 0);
}

/* ---- the library's side ---- */

/* An entry of no table, for the class object alone. */
static HRESULT class_object(const uvcom_library_class *class_, REFIID riid, void **ppv)
{
    struct class_entry *entry = uvcom__class_entry_alloc(class_->clsid);
    HRESULT hr;

    if (!entry)
        return E_OUTOFMEMORY;
    entry->create = class_->create;
    entry->kind = uvcom__neutral_is_set() ? UVCOM_APARTMENT_NEUTRAL : UVCOM_APARTMENT_CALLER;
    entry->keeper = uvcom__library_hold_of(class_);
    hr = uvcom__class_entry_get_object(entry, riid, ppv);
    uvcom__class_entry_release(entry);
    return hr;
}

HRESULT uvcom_library_class_object(const uvcom_library_class *classes, size_t count, REFCLSID clsid,
                                   REFIID riid, void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!classes || !clsid || !riid)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    for (size_t i = 0; i < count; i++) {
        if (IsEqualCLSID(classes[i].clsid, clsid))
            return classes[i].create ? class_object(&classes[i], riid, ppv) : E_INVALIDARG;
    }
    return CLASS_E_CLASSNOTAVAILABLE;
}
