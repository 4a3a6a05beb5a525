/*
 * target.c -- the reference that call objects and proxies hold on a server.
 *
 * Two counts for an exported object. `users` (in its identity) are the call objects, proxies and
 * pointers in flight: when the last one goes the server is released. `owners` keep the memory: all
 * users together are one, the apartment's list of exports is another. The list can disconnect an
 * object on the apartment's thread while its last user leaves on another; whoever takes the object
 * off the list is the one that releases the server, so it is released exactly once.
 *
 * While its last user leaves, an object may be exported again: that is a new export, with
 * references of its own, and the old one is not found any more.
 */
#include "runtime/target.h"

#include <stddef.h>

#include <uvcom/hresult.h>
#include <uvcom/unknwn.h>

#include "runtime/apartment.h"
#include "runtime/count.h"
#include "runtime/identity.h"
#include "runtime/interfaces.h"
#include "runtime/library.h"
#include "runtime/object.h"
#include "runtime/platform.h"

struct exported;

struct target {
    struct exported *exported;
    IID iid;
    IUnknown *iface;             /* one reference; used at home only */
    uvcom__atomic_ptr interface; /* its generated code, once somebody has looked for it */
    struct target *next;         /* of the same object */
};

/* An object that others hold pointers to. */
struct exported {
    struct identity identity;       /* (home, its IUnknown); counts the users */
    struct apartment_export export; /* in the list of home */
    struct inbox_item leaving;      /* carries the last release home */
    uvcom__atomic32 owners;
    uvcom__atomic32 gone;        /* not 0: the apartment has closed */
    uvcom__atomic32 first_taken; /* not 0: `first` is in use */
    uvcom__atomic32 no_factory;  /* not 0: the object has no ICallFactory that counts */
    struct apartment *home;      /* one reference */
    const void *in_library;      /* its code, in a library that is held; NULL: in none */
    struct uvcom__lock lock;     /* guards the list of targets, which only grows */
    struct target unknown;       /* begins the list */
    struct target first;         /* the first that is asked for: mostly the only one */
};

static struct identity_table exports;

/* ---- the end ---- */

static void disown(struct exported *exported)
{
    struct target *target, *next;

    if (uvcom__count_down(&exported->owners) != 0)
        return;
    for (target = exported->unknown.next; target; target = next) {
        next = target->next;
        if (target != &exported->first)
            uvcom__free(target);
    }
    uvcom__apartment_release(exported->home);
    uvcom__library_drop_of(exported->in_library);
    uvcom__free(exported);
}

static void release_server(struct exported *exported)
{
    for (struct target *target = &exported->unknown; target; target = target->next)
        target->iface->lpVtbl->Release(target->iface);
}

/* The apartment closes: on its own thread. */
static void disconnect(struct apartment_export *export)
{
    struct exported *exported =
        (struct exported *)((char *)export - offsetof(struct exported, export));

    uvcom__store32(&exported->gone, 1, UVCOM__RELAXED);
    release_server(exported);
    disown(exported);
}

static struct exported *exported_from_leaving(struct inbox_item *item)
{
    return (struct exported *)((char *)item - offsetof(struct exported, leaving));
}

/*
 * The last user's share of the memory travels here. The object stays on the list until now, so an
 * adopted loop is kept alive until the server has been released.
 */
static void leave(struct inbox_item *item)
{
    struct exported *exported = exported_from_leaving(item);

    if (uvcom__apartment_detach(exported->home, &exported->export)) {
        release_server(exported);
        disown(exported);
    }
    disown(exported);
}

/* The apartment is closing: its list, on which the object still is, releases the server. */
static void leave_to_list(struct inbox_item *item)
{
    disown(exported_from_leaving(item));
}

static const struct inbox_item_class leaving_class = {.run = leave, .refuse = leave_to_list};

/* ---- the beginning ---- */

static void target_init(struct target *target, struct exported *exported, IUnknown *iface,
                        REFIID iid)
{
    target->exported = exported;
    target->iid = *iid;
    target->iface = iface;
    iface->lpVtbl->AddRef(iface);
}

static HRESULT export_create(IUnknown *unknown, struct apartment *home, struct exported **exported)
{
    struct exported *made = uvcom__alloc(sizeof *made);
    HRESULT hr;

    if (!made)
        return E_OUTOFMEMORY;
    made->identity.place = home;
    made->identity.object = unknown;
    uvcom__store32(&made->identity.references, 1, UVCOM__RELAXED);
    made->export.disconnect = disconnect;
    made->leaving.class = &leaving_class;
    made->home = home;
    made->in_library = uvcom__library_hold_of(unknown->lpVtbl);
    uvcom__store32(&made->owners, 2, UVCOM__RELAXED);
    target_init(&made->unknown, made, unknown, &IID_IUnknown);
    uvcom__apartment_add_ref(home);
    hr = uvcom__apartment_attach(home, &made->export);
    if (SUCCEEDED(hr)) {
        *exported = made;
        return S_OK;
    }
    release_server(made);
    disown(made);
    disown(made);
    return hr;
}

static struct exported *exported_from_identity(struct identity *identity)
{
    return (struct exported *)((char *)identity - offsetof(struct exported, identity));
}

/* The object's export, with a reference. */
static HRESULT find_or_export(IUnknown *unknown, struct apartment *home, struct exported **exported)
{
    struct identity *found = uvcom__identity_find(&exports, home, unknown);
    struct exported *made;
    HRESULT hr;

    if (!found) {
        hr = export_create(unknown, home, &made);
        if (FAILED(hr))
            return hr;
        found = uvcom__identity_keep(&exports, &made->identity);
        if (found != &made->identity)
            leave(&made->leaving);
    }
    *exported = exported_from_identity(found);
    return S_OK;
}

/* ---- its interfaces ---- */

static struct target *find_locked(struct exported *exported, REFIID iid)
{
    struct target *target = &exported->unknown;

    while (target && !IsEqualGUID(&target->iid, iid))
        target = target->next;
    return target;
}

struct target *uvcom__target_find(struct target *target, REFIID iid)
{
    struct exported *exported = target->exported;
    struct target *found;

    uvcom__lock_acquire(&exported->lock);
    found = find_locked(exported, iid);
    uvcom__lock_release(&exported->lock);
    return found;
}

/* Behind the first one nothing in the list changes any more, so it is read without the lock. */
struct target *uvcom__target_answering(struct target *target, REFIID iid)
{
    struct exported *exported = target->exported;
    struct target *found, *next;

    uvcom__lock_acquire(&exported->lock);
    found = find_locked(exported, iid);
    next = exported->unknown.next;
    uvcom__lock_release(&exported->lock);
    if (found)
        return found;
    for (; next; next = next->next) {
        const struct uvcom_interface *interface = uvcom__target_interface(next);

        if (interface && uvcom__interface_answers(interface, iid))
            found = next; /* the last one in the list is the oldest */
    }
    return found;
}

static struct target *alloc_target(struct exported *exported)
{
    uint32_t no = 0;

    if (uvcom__cas32(&exported->first_taken, &no, 1, UVCOM__ACQUIRE))
        return &exported->first;
    return uvcom__alloc(sizeof(struct target));
}

static void free_target(struct exported *exported, struct target *target)
{
    target->iface->lpVtbl->Release(target->iface);
    if (target != &exported->first)
        uvcom__free(target);
    else
        uvcom__store32(&exported->first_taken, 0, UVCOM__RELEASE);
}

/* Another interface of an exported object, unless another thread was faster. NULL: out of memory.
 */
static struct target *add(struct exported *exported, IUnknown *iface, REFIID iid)
{
    struct target *made = alloc_target(exported), *there;

    if (!made)
        return NULL;
    target_init(made, exported, iface, iid);
    uvcom__lock_acquire(&exported->lock);
    there = find_locked(exported, iid);
    if (!there) {
        /* Second in the list: behind the IUnknown, which all others are found by. */
        made->next = exported->unknown.next;
        exported->unknown.next = made;
    }
    uvcom__lock_release(&exported->lock);
    if (there)
        free_target(exported, made);
    return there ? there : made;
}

HRESULT uvcom__target_create(void *iface, REFIID iid, struct apartment *home,
                             struct target **target)
{
    IUnknown *server = iface, *unknown = NULL;
    struct exported *exported;
    HRESULT hr = uvcom__apartment_ready(home);

    *target = NULL;
    if (FAILED(hr))
        return hr;
    hr = server->lpVtbl->QueryInterface(server, &IID_IUnknown, (void **)&unknown);
    if (FAILED(hr))
        return hr;
    if (!unknown)
        return E_UNEXPECTED; /* a server that says S_OK and gives nothing */
    hr = find_or_export(unknown, home, &exported);
    unknown->lpVtbl->Release(unknown);
    if (FAILED(hr))
        return hr;
    if (uvcom__target_is_gone(&exported->unknown)) {
        hr = RPC_E_DISCONNECTED;
    } else {
        *target = uvcom__target_find(&exported->unknown, iid);
        if (!*target)
            *target = add(exported, server, iid);
        hr = *target ? S_OK : E_OUTOFMEMORY;
    }
    if (FAILED(hr))
        uvcom__target_release(&exported->unknown);
    return hr;
}

HRESULT uvcom__target_ask(struct target *target, REFIID iid, struct target **asked)
{
    struct exported *exported = target->exported;
    IUnknown *server, *iface = NULL;
    HRESULT hr;

    *asked = uvcom__target_find(target, iid);
    if (*asked)
        return S_OK;
    server = uvcom__target_server(target);
    if (!server)
        return RPC_E_DISCONNECTED;
    hr = server->lpVtbl->QueryInterface(server, iid, (void **)&iface);
    if (FAILED(hr))
        return hr;
    if (!iface)
        return E_UNEXPECTED; /* as above */
    *asked = add(exported, iface, iid);
    iface->lpVtbl->Release(iface);
    return *asked ? S_OK : E_OUTOFMEMORY;
}

/* ---- its ICallFactory ---- */

/* Whether any call can go through it. */
static bool is_of_use(ICallFactory *factory)
{
    return !uvcom__object_is_factory(factory) || uvcom__object_is_asynchronous(factory);
}

/* The first time. Nothing is kept of an object that has none: that is most of them. */
static HRESULT ask_for_factory(struct target *target, struct target **found)
{
    IUnknown *server = uvcom__target_server(target);
    ICallFactory *factory = NULL;
    bool is_none = true;
    HRESULT hr;

    *found = NULL;
    hr = server->lpVtbl->QueryInterface(server, &IID_ICallFactory, (void **)&factory);
    if (hr == E_OUTOFMEMORY)
        return hr;
    if (SUCCEEDED(hr) && factory) {
        is_none = !is_of_use(factory);
        factory->lpVtbl->Release(factory);
    }
    if (!is_none)
        return uvcom__target_ask(target, &IID_ICallFactory, found);
    uvcom__store32(&target->exported->no_factory, 1, UVCOM__RELAXED);
    return S_OK;
}

HRESULT uvcom__target_call_factory(struct target *target, const struct uvcom_interface *interface,
                                   ICallFactory **factory)
{
    struct target *found;
    HRESULT hr;

    *factory = NULL;
    if (uvcom__load32(&target->exported->no_factory, UVCOM__RELAXED) != 0)
        return S_OK;
    found = uvcom__target_find(target, &IID_ICallFactory);
    if (!found) {
        hr = ask_for_factory(target, &found);
        if (FAILED(hr) || !found)
            return hr;
    }
    *factory = (ICallFactory *)found->iface;
    if (uvcom__object_is_factory(*factory) && !uvcom__object_starts(*factory, interface))
        *factory = NULL;
    return S_OK;
}

/* ---- what others ask ---- */

void uvcom__target_add_ref(struct target *target)
{
    uvcom__count_up(&target->exported->identity.references);
}

/* Once the release is in its queue the apartment may end with it, before the post has returned. */
static void leave_from_anywhere(struct exported *exported)
{
    struct apartment *home = exported->home;

    if (uvcom__apartment_is_here(home)) {
        leave(&exported->leaving);
        return;
    }
    uvcom__apartment_add_ref(home);
    if (FAILED(uvcom__apartment_post(home, &exported->leaving)))
        leave_to_list(&exported->leaving);
    uvcom__apartment_release(home);
}

void uvcom__target_release(struct target *target)
{
    struct exported *exported = target->exported;

    if (uvcom__count_down(&exported->identity.references) != 0)
        return;
    uvcom__identity_forget(&exports, &exported->identity);
    leave_from_anywhere(exported);
}

struct apartment *uvcom__target_home(const struct target *target)
{
    return target->exported->home;
}

bool uvcom__target_is_gone(const struct target *target)
{
    return uvcom__load32(&target->exported->gone, UVCOM__RELAXED) != 0;
}

void *uvcom__target_server(struct target *target)
{
    return uvcom__target_is_gone(target) ? NULL : target->iface;
}

struct target *uvcom__target_identity(struct target *target)
{
    return &target->exported->unknown;
}

bool uvcom__target_is_of(const struct target *target, REFIID iid)
{
    return IsEqualGUID(&target->iid, iid);
}

const struct uvcom_interface *uvcom__target_interface(struct target *target)
{
    /* Descriptions are constant and never go: looked for once, and anybody may note it down. */
    const struct uvcom_interface *interface = uvcom__load_ptr(&target->interface, UVCOM__ACQUIRE);

    if (interface)
        return interface;
    interface = uvcom__interface_find(&target->iid);
    uvcom__store_ptr(&target->interface, (void *)(uintptr_t)interface, UVCOM__RELEASE);
    return interface;
}
