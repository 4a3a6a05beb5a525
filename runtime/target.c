/*
 * target.c -- the reference that call objects and proxies hold on a server.
 *
 * Two counts. `users` are the call objects and proxies: when the last one goes the server is
 * released. `owners` keep the memory: all users together are one, the apartment's list of exports
 * is another. The list can disconnect a target on the apartment's thread while its last user leaves
 * on another; whoever takes the target off the list is the one that releases the server, so it is
 * released exactly once.
 */
#include "runtime/target.h"

#include <stddef.h>

#include <uvcom/hresult.h>
#include <uvcom/unknwn.h>

#include "runtime/apartment.h"
#include "runtime/count.h"
#include "runtime/platform.h"

struct target {
    struct apartment_export export; /* in the list of home */
    struct inbox_item leaving;      /* carries the last release home */
    uvcom__atomic32 users;
    uvcom__atomic32 owners;
    uvcom__atomic32 gone;   /* not 0: the apartment has closed */
    struct apartment *home; /* one reference */
    IUnknown *server;       /* one reference; changed at home only */
};

static void disown(struct target *target)
{
    if (uvcom__count_down(&target->owners) != 0)
        return;
    uvcom__apartment_release(target->home);
    uvcom__free(target);
}

static void release_server(struct target *target)
{
    IUnknown *server = target->server;

    target->server = NULL;
    server->lpVtbl->Release(server);
}

/* The apartment closes: on its own thread. */
static void target_disconnect(struct apartment_export *export)
{
    struct target *target = (struct target *)((char *)export - offsetof(struct target, export));

    uvcom__store32(&target->gone, 1, UVCOM__RELAXED);
    release_server(target);
    disown(target);
}

static struct target *target_from_leaving(struct inbox_item *item)
{
    return (struct target *)((char *)item - offsetof(struct target, leaving));
}

/*
 * The last user's share of the memory travels here. The target stays on the list until now, so an
 * adopted loop is kept alive until the server has been released.
 */
static void leave(struct inbox_item *item)
{
    struct target *target = target_from_leaving(item);

    if (uvcom__apartment_detach(target->home, &target->export)) {
        release_server(target);
        disown(target);
    }
    disown(target);
}

/* The apartment is closing: its list, on which the target still is, releases the server. */
static void leave_to_list(struct inbox_item *item)
{
    disown(target_from_leaving(item));
}

static const struct inbox_item_class leaving_class = {.run = leave, .refuse = leave_to_list};

HRESULT uvcom__target_create(void *iface, struct apartment *home, struct target **target)
{
    struct target *made;
    HRESULT hr = uvcom__apartment_ready(home);

    *target = NULL;
    if (FAILED(hr))
        return hr;
    made = uvcom__alloc(sizeof *made);
    if (!made)
        return E_OUTOFMEMORY;
    made->export.disconnect = target_disconnect;
    made->leaving.class = &leaving_class;
    made->home = home;
    made->server = iface;
    uvcom__store32(&made->users, 1, UVCOM__RELAXED);
    uvcom__store32(&made->owners, 2, UVCOM__RELAXED);
    made->server->lpVtbl->AddRef(made->server);
    uvcom__apartment_add_ref(home);
    hr = uvcom__apartment_attach(home, &made->export);
    if (FAILED(hr)) {
        release_server(made);
        disown(made);
        disown(made);
        return hr;
    }
    *target = made;
    return S_OK;
}

void uvcom__target_add_ref(struct target *target)
{
    uvcom__count_up(&target->users);
}

void uvcom__target_release(struct target *target)
{
    if (uvcom__count_down(&target->users) != 0)
        return;
    if (uvcom__apartment_is_here(target->home))
        leave(&target->leaving);
    else if (FAILED(uvcom__apartment_post(target->home, &target->leaving)))
        leave_to_list(&target->leaving);
}

struct apartment *uvcom__target_home(const struct target *target)
{
    return target->home;
}

bool uvcom__target_is_gone(const struct target *target)
{
    return uvcom__load32(&target->gone, UVCOM__RELAXED) != 0;
}

void *uvcom__target_server(struct target *target)
{
    return target->server;
}
