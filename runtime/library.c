/*
 * library.c -- see library.h: the records, the holds, loading and unloading.
 *
 * One lock guards all of it and is held for a few instructions; the loader, DllCanUnloadNow and
 * DllGetClassObject are called outside. Two threads that load the same library both open it, which
 * the loader counts, and one of them closes it again.
 *
 * Unloading is a question and a decision. While DllCanUnloadNow is asked the library stays as it
 * is, so that others may go on using it; each new hold counts in `uses`. The answer is good only if
 * `uses` has not changed meanwhile. Then, in one step under the lock, the record forgets the
 * library, and whoever comes later opens it again, perhaps before it is closed: then it stays.
 *
 * While a library is being opened nobody knows yet where it will be, but its constructors, and
 * threads that they start, may ask for holds already. So as long as any library is being opened,
 * a hold that is asked for an address of no loaded library is written down in a note, and whoever
 * installs a library turns the notes about its addresses into holds. A note lasts as long as what
 * it was made for, since nobody can tell which library it will turn out to be about.
 *
 * In a child made by fork the lock may be held for ever: there nothing is counted any more.
 *
 * What this cannot see is a thread that has given back the last object and is still on its way out
 * of the library's code. That is what the delay is for.
 */
#include "runtime/library.h"

#include <limits.h>
#include <string.h>

#include "runtime/complaint.h"
#include "runtime/platform.h"
#include "runtime/platform_library.h"

typedef HRESULT(STDMETHODCALLTYPE *get_class_object_fn)(REFCLSID clsid, REFIID riid, void **ppv);
typedef HRESULT(STDMETHODCALLTYPE *can_unload_now_fn)(void);

/* What a library is while it is loaded. */
struct loaded {
    struct uvcom__module module;
    get_class_object_fn get_class_object; /* NULL: not loaded */
    can_unload_now_fn can_unload_now;     /* NULL: it stays for ever */
};

struct library {
    struct library *next;        /* of all records */
    struct library *next_loaded; /* of those that are loaded, the oldest first */
    size_t references;           /* that it is loaded is one of them */
    struct loaded loaded;
    size_t holds;
    size_t locks;          /* LockServer */
    uint64_t uses;         /* holds that were ever taken */
    uint64_t asked_in;     /* the latest round that asked it */
    bool is_asked;         /* DllCanUnloadNow is running */
    uint64_t idle_uses;    /* `uses` when it first said that it can be unloaded; 0: it did not */
    uint64_t idle_from_ns; /* and when that was */
    char path[];
};

/* Holds that were asked for while a library was being opened, for an address of none. */
struct note {
    struct note *next;
    const void *address;
    size_t holds;
    size_t locks;
};

static struct {
    struct uvcom__lock lock; /* guards the rest, and all records */
    struct library *first;
    struct library *first_loaded;
    struct note *first_note;
    size_t openings;     /* threads that are opening a library */
    uint64_t lost_notes; /* there was no memory for so many */
    uint64_t rounds;     /* of asking */
} libraries;

/* How many are loaded or being opened; changed under the lock, read without it by those who make
   objects. */
static uvcom__atomic32 loaded_count;

/* ---- records ---- */

bool uvcom__library_is_path(const char *path)
{
    return path && path[0] == '/' && strnlen(path, PATH_MAX) < PATH_MAX && !strchr(path, '$');
}

static struct library *find_locked(const char *path)
{
    struct library *library = libraries.first;

    while (library && strcmp(library->path, path) != 0)
        library = library->next;
    if (library)
        library->references++;
    return library;
}

static struct library *find(const char *path)
{
    struct library *library;

    uvcom__lock_acquire(&libraries.lock);
    library = find_locked(path);
    uvcom__lock_release(&libraries.lock);
    return library;
}

static struct library *create(const char *path)
{
    const size_t size = strlen(path) + 1;
    struct library *library = uvcom__alloc(sizeof *library + size);

    if (!library)
        return NULL;
    library->references = 1;
    memcpy(library->path, path, size);
    return library;
}

HRESULT uvcom__library_get(const char *path, struct library **library)
{
    struct library *made;

    *library = find(path);
    if (*library)
        return S_OK;
    made = create(path);
    if (!made)
        return E_OUTOFMEMORY;
    uvcom__lock_acquire(&libraries.lock);
    *library = find_locked(path);
    if (!*library) {
        made->next = libraries.first;
        libraries.first = made;
        *library = made;
    }
    uvcom__lock_release(&libraries.lock);
    if (*library != made)
        uvcom__free(made);
    return S_OK;
}

/* True: it is off the list, and the caller frees it. */
static bool release_locked(struct library *library)
{
    struct library **link = &libraries.first;

    if (--library->references > 0)
        return false;
    while (*link != library)
        link = &(*link)->next;
    *link = library->next;
    return true;
}

void uvcom__library_release(struct library *library)
{
    bool is_last;

    if (!library || uvcom__process_forked())
        return;
    uvcom__lock_acquire(&libraries.lock);
    is_last = release_locked(library);
    uvcom__lock_release(&libraries.lock);
    if (is_last)
        uvcom__free(library);
}

/* ---- notes ---- */

static bool is_inside(const struct uvcom__module *module, const void *address)
{
    return (uintptr_t)address >= module->low && (uintptr_t)address < module->high;
}

/* The link to a note; to NULL: there is none. */
static struct note **find_note_locked(const void *address)
{
    struct note **link = &libraries.first_note;

    while (*link && (*link)->address != address)
        link = &(*link)->next;
    return link;
}

/* Takes a note that says nothing any more off the list. The caller frees it; NULL: it stays. */
static struct note *drop_note_locked(struct note **link)
{
    struct note *note = *link;

    if (note->holds > 0 || note->locks > 0)
        return NULL;
    *link = note->next;
    return note;
}

/* What was noted about the addresses of a library is taken off the list. */
static struct note *take_notes_locked(const struct uvcom__module *module)
{
    struct note **link = &libraries.first_note;
    struct note *taken = NULL;

    while (*link) {
        struct note *note = *link;

        if (is_inside(module, note->address)) {
            *link = note->next;
            note->next = taken;
            taken = note;
        } else {
            link = &note->next;
        }
    }
    return taken;
}

static void free_notes(struct note *note)
{
    while (note) {
        struct note *next = note->next;

        uvcom__free(note);
        note = next;
    }
}

static bool is_noted(const struct uvcom__module *module, uint64_t lost_notes)
{
    const struct note *note;
    bool is;

    uvcom__lock_acquire(&libraries.lock);
    note = libraries.first_note;
    while (note && !is_inside(module, note->address))
        note = note->next;
    is = note || libraries.lost_notes != lost_notes;
    uvcom__lock_release(&libraries.lock);
    return is;
}

/* ---- loading ---- */

/* Returns how many notes have been lost until now. */
static uint64_t begin_opening(void)
{
    uint64_t lost_notes;

    uvcom__lock_acquire(&libraries.lock);
    libraries.openings++;
    uvcom__add32(&loaded_count, 1, UVCOM__RELEASE);
    lost_notes = libraries.lost_notes;
    uvcom__lock_release(&libraries.lock);
    return lost_notes;
}

static void end_opening_locked(void)
{
    libraries.openings--;
    uvcom__add32(&loaded_count, -1, UVCOM__RELEASE);
}

/* Among begin_opening and end_opening_locked. */
static HRESULT open_library(const char *path, uint64_t lost_notes, struct loaded *loaded)
{
    char text[UVCOM__LOADER_TEXT_ROOM];

    switch (uvcom__module_open(path, &loaded->module, text)) {
    case UVCOM__MODULE_ABSENT:
        uvcom__complain_of_file(path, 0, "not found");
        return CO_E_DLLNOTFOUND;
    case UVCOM__MODULE_BROKEN:
        uvcom__complain_of_file(path, 0, text);
        return CO_E_ERRORINDLL;
    case UVCOM__MODULE_NO_DESCRIPTOR:
        return RPC_E_OUT_OF_RESOURCES;
    case UVCOM__MODULE_OPENED:
        break;
    }
    loaded->get_class_object =
        (get_class_object_fn)uvcom__module_function(&loaded->module, "DllGetClassObject");
    loaded->can_unload_now =
        (can_unload_now_fn)uvcom__module_function(&loaded->module, "DllCanUnloadNow");
    if (loaded->get_class_object)
        return S_OK;
    uvcom__complain_of_file(path, 0, "exports no DllGetClassObject");
    /* What it has registered is called: then it must stay in memory, although it is none. */
    if (!is_noted(&loaded->module, lost_notes))
        uvcom__module_close(&loaded->module);
    return CO_E_ERRORINDLL;
}

/* At the end of the list: of two records of one library the same is found as long as it is held. */
static void install_locked(struct library *library, const struct loaded *loaded)
{
    struct library **end = &libraries.first_loaded;

    while (*end)
        end = &(*end)->next_loaded;
    *end = library;
    library->next_loaded = NULL;
    library->loaded = *loaded;
    library->idle_uses = 0;
    library->references++;
    uvcom__add32(&loaded_count, 1, UVCOM__RELEASE);
}

static void hold_locked(struct library *library)
{
    library->holds++;
    library->uses++;
}

static bool hold_if_loaded(struct library *library)
{
    bool is_loaded;

    uvcom__lock_acquire(&libraries.lock);
    is_loaded = library->loaded.get_class_object != NULL;
    if (is_loaded)
        hold_locked(library);
    uvcom__lock_release(&libraries.lock);
    return is_loaded;
}

/* Notes become holds. Of lost ones nobody knows the library, so this one is held for ever. */
static struct note *hold_noted_locked(struct library *library, uint64_t lost_notes)
{
    struct note *notes = take_notes_locked(&library->loaded.module);

    for (const struct note *note = notes; note; note = note->next) {
        library->holds += note->holds;
        library->locks += note->locks;
        library->uses++;
    }
    if (libraries.lost_notes != lost_notes)
        hold_locked(library);
    return notes;
}

HRESULT uvcom__library_load(struct library *library)
{
    struct note *notes = NULL;
    struct loaded opened;
    uint64_t lost_notes;
    bool is_first;
    HRESULT hr;

    if (hold_if_loaded(library))
        return S_OK;
    lost_notes = begin_opening();
    hr = open_library(library->path, lost_notes, &opened);
    uvcom__lock_acquire(&libraries.lock);
    is_first = SUCCEEDED(hr) && !library->loaded.get_class_object;
    if (is_first) {
        install_locked(library, &opened);
        notes = hold_noted_locked(library, lost_notes);
    }
    if (SUCCEEDED(hr))
        hold_locked(library);
    end_opening_locked();
    uvcom__lock_release(&libraries.lock);
    free_notes(notes);
    if (SUCCEEDED(hr) && !is_first)
        uvcom__module_close(&opened.module);
    return hr;
}

HRESULT uvcom__library_class_object(struct library *library, REFCLSID clsid, REFIID riid,
                                    void **ppv)
{
    /* Not changed as long as it is held. */
    return library->loaded.get_class_object(clsid, riid, ppv);
}

/* ---- holds ---- */

void uvcom__library_drop(struct library *library)
{
    if (!library || uvcom__process_forked())
        return;
    uvcom__lock_acquire(&libraries.lock);
    library->holds--;
    uvcom__lock_release(&libraries.lock);
}

static struct library *find_address_locked(const void *address)
{
    struct library *library = libraries.first_loaded;

    while (library && !is_inside(&library->loaded.module, address))
        library = library->next_loaded;
    return library;
}

/* Holds the library, or counts in the note that there is already. False: there is neither. */
static bool hold_address_locked(const void *address)
{
    struct library *library = find_address_locked(address);
    struct note *note;

    if (library) {
        hold_locked(library);
        return true;
    }
    note = *find_note_locked(address);
    if (note)
        note->holds++;
    return note != NULL;
}

/* The same, with a new note if the address may be in a library that is being opened; NULL: there is
   no memory for it. Takes the note if it was used. */
static bool hold_or_note_locked(const void *address, struct note **note)
{
    if (hold_address_locked(address))
        return true;
    if (libraries.openings == 0)
        return false;
    libraries.lost_notes += !*note;
    if (!*note)
        return false;
    **note = (struct note){.next = libraries.first_note, .address = address, .holds = 1};
    libraries.first_note = *note;
    *note = NULL;
    return true;
}

const void *uvcom__library_hold_of(const void *address)
{
    struct note *note;
    bool is_held, is_opening;

    /* Acquire, and nothing to race with: code at an address that is about to be unloaded could not
       have been asked for it. */
    if (uvcom__load32(&loaded_count, UVCOM__ACQUIRE) == 0 || uvcom__process_forked())
        return NULL;
    uvcom__lock_acquire(&libraries.lock);
    is_held = hold_address_locked(address);
    is_opening = libraries.openings > 0;
    uvcom__lock_release(&libraries.lock);
    if (is_held || !is_opening)
        return is_held ? address : NULL;
    note = uvcom__alloc(sizeof *note);
    uvcom__lock_acquire(&libraries.lock);
    is_held = hold_or_note_locked(address, &note);
    uvcom__lock_release(&libraries.lock);
    uvcom__free(note);
    return is_held ? address : NULL;
}

void uvcom__library_drop_of(const void *address)
{
    struct note *unused = NULL;
    struct library *library;
    struct note **link;

    if (!address || uvcom__process_forked())
        return;
    uvcom__lock_acquire(&libraries.lock);
    library = find_address_locked(address);
    if (library) {
        library->holds--;
    } else {
        link = find_note_locked(address);
        (*link)->holds--;
        unused = drop_note_locked(link);
    }
    uvcom__lock_release(&libraries.lock);
    uvcom__free(unused);
}

static void count_lock(size_t *locks, bool lock)
{
    if (lock)
        (*locks)++;
    else if (*locks > 0)
        (*locks)--;
}

void uvcom__library_lock(struct library *library, bool lock)
{
    uvcom__lock_acquire(&libraries.lock);
    count_lock(&library->locks, lock);
    library->uses += lock;
    uvcom__lock_release(&libraries.lock);
}

void uvcom__library_lock_of(const void *address, bool lock)
{
    struct library *library;

    uvcom__lock_acquire(&libraries.lock);
    library = find_address_locked(address);
    if (library) {
        count_lock(&library->locks, lock);
        library->uses += lock;
    } else {
        count_lock(&(*find_note_locked(address))->locks, lock);
    }
    uvcom__lock_release(&libraries.lock);
}

/* ---- unloading ---- */

static bool is_free_locked(const struct library *library)
{
    return library->holds == 0 && library->locks == 0;
}

/* One that this round has not asked yet, marked as being asked; NULL: there is none. A later round
   that has asked it will do. */
static struct library *take_next(uint64_t round, uint64_t *uses)
{
    struct library *library;

    uvcom__lock_acquire(&libraries.lock);
    library = libraries.first_loaded;
    while (library && (library->asked_in >= round || library->is_asked ||
                       !is_free_locked(library) || !library->loaded.can_unload_now))
        library = library->next_loaded;
    if (library) {
        library->asked_in = round;
        library->is_asked = true;
        *uses = library->uses;
    }
    uvcom__lock_release(&libraries.lock);
    return library;
}

static void uninstall_locked(struct library *library)
{
    struct library **link = &libraries.first_loaded;

    while (*link != library)
        link = &(*link)->next_loaded;
    *link = library->next_loaded;
    library->loaded = (struct loaded){0};
    uvcom__add32(&loaded_count, -1, UVCOM__RELEASE);
}

static bool is_idle_locked(struct library *library, uint64_t uses, uint64_t delay_ns)
{
    const uint64_t now = uvcom__now_ns();

    if (library->uses != uses || !is_free_locked(library)) {
        library->idle_uses = 0;
        return false;
    }
    if (library->idle_uses != uses) {
        library->idle_uses = uses;
        library->idle_from_ns = now;
    }
    return now - library->idle_from_ns >= delay_ns;
}

/* The answer is there: takes it out of the record, or leaves it. */
static void decide(struct library *library, bool can_go, uint64_t uses, uint64_t delay_ns)
{
    struct loaded unloaded = {0};
    bool is_last = false;

    uvcom__lock_acquire(&libraries.lock);
    library->is_asked = false;
    if (!can_go) {
        library->idle_uses = 0;
    } else if (is_idle_locked(library, uses, delay_ns)) {
        unloaded = library->loaded;
        uninstall_locked(library);
        is_last = release_locked(library);
    }
    uvcom__lock_release(&libraries.lock);
    if (unloaded.get_class_object)
        uvcom__module_close(&unloaded.module);
    if (is_last)
        uvcom__free(library);
}

void uvcom__library_free_unused(uint64_t delay_ns)
{
    struct library *library;
    uint64_t round, uses;

    uvcom__lock_acquire(&libraries.lock);
    round = ++libraries.rounds;
    uvcom__lock_release(&libraries.lock);
    while ((library = take_next(round, &uses)) != NULL)
        decide(library, library->loaded.can_unload_now() == S_OK, uses, delay_ns);
}
