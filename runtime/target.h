/*
 * target.h -- one interface pointer of a server object, and the apartment in which it may be used.
 *
 * What every call object and proxy refers to instead of the server itself. It keeps the server
 * alive (FAC-11), hands its last reference back in the apartment where the object lives, and
 * outlives that apartment as an empty shell, so that calls begun later get RPC_E_DISCONNECTED.
 */
#ifndef RUNTIME_TARGET_H
#define RUNTIME_TARGET_H

#include <stdbool.h>

#include <uvcom/base.h>

struct apartment;
struct target;

/**
 * @param iface   borrowed; the target adds a reference of its own
 * @param home    borrowed: the apartment of the object
 * @param target  [out] transfer, one reference
 *
 * On a thread of `home`, or for an object whose IUnknown may be used on any thread.
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED (home has closed)
 */
HRESULT uvcom__target_create(void *iface, struct apartment *home, struct target **target);

void uvcom__target_add_ref(struct target *target);

/** Any thread. The object's own Release happens at home, at once or through its queue. */
void uvcom__target_release(struct target *target);

/** Borrowed from the target. */
struct apartment *uvcom__target_home(const struct target *target);

/** The apartment has closed: no call will arrive any more. Any thread. */
bool uvcom__target_is_gone(const struct target *target);

/** The interface pointer; NULL once the apartment has closed. Only at home. */
void *uvcom__target_server(struct target *target);

#endif
