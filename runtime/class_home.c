/*
 * class_home.c -- in which apartment the objects of a class are made.
 *
 * A class object says so by the apartment that registered it, a create function by its kind. For
 * server libraries it is COM's table: the threading model of the class against the apartment of the
 * client. Two apartments are kept for them, started by the first object that needs one, each on a
 * thread with a loop: the main one, for classes that know nothing of threads, and the host, for
 * objects of the model Apartment whose client is in the multithreaded apartment.
 */
#include "runtime/class_home.h"

#include "runtime/apartment.h"
#include "runtime/class_table.h"

static struct uvcom__lock lock; /* guards the apartment of every class_home */
static struct class_home main_home, host_home;

/* ---- an apartment that is started on demand ---- */

/* Referenced; NULL: there is none at the moment. */
static struct apartment *current(struct class_home *home)
{
    struct apartment *apartment;

    uvcom__lock_acquire(&lock);
    apartment = home->apartment;
    if (apartment)
        uvcom__apartment_add_ref(apartment);
    uvcom__lock_release(&lock);
    return apartment;
}

/* On the one thread that holds `starting`. */
static HRESULT start(struct class_home *home, struct apartment **apartment)
{
    HRESULT hr;

    *apartment = current(home); /* the one before us may have started it */
    if (*apartment)
        return S_OK;
    hr = uvcom__apartment_start(apartment);
    if (FAILED(hr))
        return hr;
    uvcom__apartment_add_ref(*apartment);
    uvcom__lock_acquire(&lock);
    home->apartment = *apartment;
    uvcom__lock_release(&lock);
    return S_OK;
}

static HRESULT get(struct class_home *home, struct apartment **apartment)
{
    uint32_t expected = 0;
    HRESULT hr;

    *apartment = current(home);
    while (!*apartment && !uvcom__cas32(&home->starting, &expected, 1, UVCOM__ACQUIRE)) {
        /* Starting a thread ends in bounded time and calls nobody, so an apartment may sleep. */
        uvcom__futex_wait(&home->starting, 1, UVCOM__FOREVER);
        *apartment = current(home);
        expected = 0;
    }
    if (*apartment)
        return S_OK;
    hr = start(home, apartment);
    uvcom__store32(&home->starting, 0, UVCOM__RELEASE);
    uvcom__futex_wake(&home->starting);
    return hr;
}

/* Another client may have noticed first, and started the next one already. */
static void forget(struct class_home *home, const struct apartment *gone)
{
    struct apartment *dropped = NULL;

    uvcom__lock_acquire(&lock);
    if (home->apartment == gone) {
        dropped = home->apartment;
        home->apartment = NULL;
    }
    uvcom__lock_release(&lock);
    if (dropped)
        uvcom__apartment_release(dropped);
}

void uvcom__class_home_drop(struct class_home *home)
{
    if (home->apartment)
        uvcom__apartment_release(home->apartment);
    home->apartment = NULL;
}

static void drop_if_closed(struct class_home *home)
{
    struct apartment *apartment = current(home);

    if (!apartment)
        return;
    if (uvcom__apartment_is_closed(apartment))
        forget(home, apartment);
    uvcom__apartment_release(apartment);
}

void uvcom__class_hosts_drop(void)
{
    drop_if_closed(&main_home);
    drop_if_closed(&host_home);
}

/* ---- of a class ---- */

/* The one that is started for the class; NULL: none is. */
static struct class_home *started_for(struct class_entry *entry, const struct apartment *client)
{
    if (entry->create && entry->kind == UVCOM_APARTMENT_OWN)
        return &entry->own;
    if (entry->library && entry->model == UVCOM_THREADING_MAIN)
        return &main_home;
    if (entry->library && entry->model == UVCOM_THREADING_APARTMENT &&
        uvcom__apartment_is_multithreaded(client))
        return &host_home;
    return NULL;
}

static bool is_multithreaded(const struct class_entry *entry)
{
    return (entry->create && entry->kind == UVCOM_APARTMENT_MULTITHREADED) ||
           (entry->library && entry->model == UVCOM_THREADING_FREE);
}

HRESULT uvcom__class_entry_home(struct class_entry *entry, struct apartment *client,
                                struct apartment **home)
{
    struct class_home *started = started_for(entry, client);

    *home = NULL;
    if (started)
        return get(started, home);
    if (is_multithreaded(entry))
        return uvcom__apartment_multithreaded(home);
    *home = entry->home ? entry->home : client;
    uvcom__apartment_add_ref(*home);
    return S_OK;
}

void uvcom__class_entry_forget(struct class_entry *entry, const struct apartment *gone)
{
    if (entry->library) {
        forget(&main_home, gone);
        forget(&host_home, gone);
    } else {
        forget(&entry->own, gone);
    }
}

bool uvcom__class_entry_is_neutral(const struct class_entry *entry)
{
    return (entry->create && entry->kind == UVCOM_APARTMENT_NEUTRAL) ||
           (entry->library && entry->model == UVCOM_THREADING_NEUTRAL);
}
