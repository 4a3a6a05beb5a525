/*
 * agile.h -- an interface pointer while it belongs to no apartment.
 *
 * What parcels, streams, the global table and agile references hold: either a target, from which
 * each apartment gets the pointer that is good in it, or the pointer itself, for an object that may
 * be used on any thread.
 */
#ifndef RUNTIME_AGILE_H
#define RUNTIME_AGILE_H

#include <stdbool.h>

#include <uvcom/unknwn.h>

struct apartment;
struct target;

/* Zeroes are none. Exactly one of the two is set. */
struct agile_pointer {
    struct target *target; /* one reference */
    IUnknown *direct;      /* one reference; may be used and released on any thread */
};

/** Whether an object says that it may be used on any thread: it answers IAgileObject. */
bool uvcom__is_agile(IUnknown *object);

/**
 * @param pointer  borrowed, good on this thread: of this apartment, one of its proxies, or agile
 * @param iid      the interface to be had in the end
 * @param packed   [out] transfer; zeroes on failure
 *
 * An agile object may be packed on any thread. Never waits for another apartment: so whether an
 * object behind a proxy has an interface that its client has not asked for is seen only in
 * uvcom__agile_unpack.
 *
 * @return S_OK, E_NOINTERFACE or what else the object answers, E_UNEXPECTED (it says S_OK and gives
 *         no pointer), E_OUTOFMEMORY, CO_E_NOTINITIALIZED (no apartment, and the object not agile;
 *         a forked child, any object), RPC_E_DISCONNECTED (this apartment, or the object's, is
 *         closing), RPC_E_WRONG_THREAD (a proxy of another apartment)
 */
HRESULT uvcom__agile_pack(IUnknown *pointer, REFIID iid, struct agile_pointer *packed);

/** Whether `apartment` gets a pointer: a direct one needs no generated code, a proxy does. */
bool uvcom__agile_can_arrive(const struct agile_pointer *packed, REFIID iid,
                             const struct apartment *apartment);

/**
 * The pointer for this apartment: the object's own at its home, else this apartment's proxy. May be
 * called any number of times.
 *
 * @param ppv  [out] transfer; NULL on failure
 *
 * May wait for the object's apartment, if nobody has asked it for the interface before.
 *
 * @return S_OK, E_NOINTERFACE (also: a proxy, and no generated code), E_OUTOFMEMORY,
 *         CO_E_NOTINITIALIZED, RPC_E_DISCONNECTED (the object's apartment has closed), or what the
 *         object answered
 */
HRESULT uvcom__agile_unpack(const struct agile_pointer *packed, REFIID iid, void **ppv);

/** Gives its reference back; zeroes stay. Any thread. */
void uvcom__agile_drop(struct agile_pointer *packed);

#endif
