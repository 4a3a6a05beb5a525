/*
 * parcel.h -- interface pointers on their way from one apartment to another.
 *
 * An interface pointer is good in one apartment only. While an operation travels, what it carries
 * is a *parcel*: the object, free of any apartment, and the address of the slot in the operation's
 * memory that it belongs into. The slot itself is NULL meanwhile, so whoever frees the operation's
 * memory on the way never meets a pointer of another apartment.
 */
#ifndef RUNTIME_PARCEL_H
#define RUNTIME_PARCEL_H

#include <stdbool.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

struct operation;

enum parcel_way {
    PARCEL_IN,     /* the client keeps its pointer; the server gets one that is released for it when
                      its method has returned */
    PARCEL_IN_OUT, /* the client keeps its pointer; the server owns the one in the slot */
    PARCEL_OUT     /* the server's reference goes with the parcel, and becomes the client's */
};

/**
 * Packs the pointer in a slot, which becomes NULL. Never waits for another apartment. On the thread
 * of Begin_ (IN, IN_OUT) or of the server's method (OUT).
 *
 * @param slot  the address of an interface pointer that is not NULL, in memory that lives until the
 *              parcel has arrived; read and written as bytes
 *
 * @return S_OK; or, with the slot as it was, E_OUTOFMEMORY, E_NOINTERFACE (the object has no such
 *         interface, or it would have to be a proxy and there is no generated code for it) or what
 *         else the object answers, E_UNEXPECTED (it says S_OK and gives no pointer),
 *         RPC_E_DISCONNECTED (this apartment, or the object's, is closing), RPC_E_WRONG_THREAD (a
 *         proxy of another apartment), CO_E_NOTINITIALIZED (this thread is in no apartment, and the
 *         object not agile; a forked child)
 */
HRESULT uvcom__parcel_send(struct operation *operation, void *slot, REFIID iid,
                           enum parcel_way way);

/**
 * Puts what Begin_ has packed into its slots, as pointers for this apartment: the server's.
 *
 * @return S_OK; or the first failure (E_OUTOFMEMORY, E_NOINTERFACE or what else the object answers,
 *         E_UNEXPECTED, RPC_E_DISCONNECTED), and then the method must not be called
 */
HRESULT uvcom__parcels_arrive(struct operation *operation);

/** Releases the pointers that the server had of PARCEL_IN. In the server's apartment, after
 * uvcom__parcels_arrive, whatever that came to. */
void uvcom__parcels_leave(struct operation *operation);

/** The same while the server may still read and write the operation's memory, because its apartment
 * has closed: the slots stay as they are. */
void uvcom__parcels_forsake(struct operation *operation);

/** Whether there are pointers that uvcom__parcels_leave would release. By the owner; any thread. */
bool uvcom__parcels_are_lent(const struct operation *operation);

/**
 * Puts what the server has packed into its slots, as pointers for the apartment of Finish_.
 *
 * @return S_OK; or the first failure, as of uvcom__parcels_arrive; the slots that were filled are
 * freed with the results
 */
HRESULT uvcom__parcels_collect(struct operation *operation);

/** Whether one of those that have not arrived can do so only in an apartment. By the owner. */
bool uvcom__parcels_need_apartment(const struct operation *operation);

/** Drops all parcels that have not arrived. Any thread. */
void uvcom__parcels_drop(struct operation *operation);

#endif
