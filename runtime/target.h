/*
 * target.h -- one interface pointer of a server object, and the apartment in which it may be used.
 *
 * What every call object and proxy refers to instead of the server itself. It keeps the server
 * alive (FAC-11), hands its last reference back in the apartment where the object lives, and
 * outlives that apartment as an empty shell, so that calls begun later get RPC_E_DISCONNECTED.
 *
 * An object is exported once: all targets of its interfaces belong to one export, are counted
 * together and end together. So whoever has a target may use the others of the same object too, and
 * the target of its IUnknown stands for the object itself (COM-01).
 */
#ifndef RUNTIME_TARGET_H
#define RUNTIME_TARGET_H

#include <stdbool.h>

#include <uvcom/base.h>
#include <uvcom/objidl.h>

struct apartment;
struct target;
struct uvcom_interface;

/**
 * The target of an interface pointer: the one that there is, or a new one.
 *
 * @param iface   borrowed; the target adds references of its own
 * @param iid     its interface
 * @param home    borrowed: the apartment of the object
 * @param target  [out] transfer, one reference
 *
 * On a thread of `home`, or for an object that may be used on any thread. Asks the object for its
 * IUnknown.
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED (home has closed), or what the object answered
 */
HRESULT uvcom__target_create(void *iface, REFIID iid, struct apartment *home,
                             struct target **target);

void uvcom__target_add_ref(struct target *target);

/** Any thread. The object's own Release happens at home, at once or through its queue. */
void uvcom__target_release(struct target *target);

/** Borrowed from the target. */
struct apartment *uvcom__target_home(const struct target *target);

/** The apartment has closed: no call will arrive any more. Any thread. */
bool uvcom__target_is_gone(const struct target *target);

/** The interface pointer; NULL once the apartment has closed. Only at home. */
void *uvcom__target_server(struct target *target);

/* ---- the object behind it ---- */

/** That of the object's IUnknown: the same for all its targets. Borrowed. Any thread. */
struct target *uvcom__target_identity(struct target *target);

/** That of another interface, which somebody has asked for before. Borrowed; NULL: nobody has. Any
 * thread. */
struct target *uvcom__target_find(struct target *target, REFIID iid);

/** The same; or, if nobody has asked for it itself, the oldest one of an interface that derives
 * from it, whose generated code is loaded. */
struct target *uvcom__target_answering(struct target *target, REFIID iid);

/**
 * That of another interface; the object is asked if nobody has before. Only at home.
 *
 * @param asked  [out] borrowed; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED, or what the object answered (E_UNEXPECTED for
 *         S_OK and no pointer)
 */
HRESULT uvcom__target_ask(struct target *target, REFIID iid, struct target **asked);

/**
 * The object's own ICallFactory, if calls of this interface are to go through it: the object is
 * asked once. The one that every uvcom_object has by itself counts only if the object's class works
 * asynchronously. Only at home.
 *
 * @param factory  [out] borrowed; NULL: calls run the methods themselves
 *
 * @return S_OK, E_OUTOFMEMORY
 */
HRESULT uvcom__target_call_factory(struct target *target, const struct uvcom_interface *interface,
                                   ICallFactory **factory);

/** The generated code for it; NULL: none is loaded. Any thread, as uvcom__interface_find. */
const struct uvcom_interface *uvcom__target_interface(struct target *target);

/** Whether it is of this interface. */
bool uvcom__target_is_of(const struct target *target, REFIID iid);

#endif
