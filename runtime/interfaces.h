/*
 * interfaces.h -- which interfaces the generated code of this process can carry.
 */
#ifndef RUNTIME_INTERFACES_H
#define RUNTIME_INTERFACES_H

#include <stdbool.h>

#include <uvcom/proxy.h>

/*
 * The description of an interface by its id, or by the id of its asynchronous twin; NULL: no loaded
 * foo_p.c knows it. IUnknown, IClassFactory and ICallFactory are built in. The description is
 * constant and stays valid as long as the process lives, because its module is kept in memory; one
 * that cannot be kept counts as not loaded. Any thread, under no lock: the first use of a module
 * asks the loader.
 */
const struct uvcom_interface *uvcom__interface_find(REFIID iid);
const struct uvcom_interface *uvcom__interface_find_async(REFIID async_iid);

/* True if the interface is the one with this id or derives from it. */
bool uvcom__interface_answers(const struct uvcom_interface *interface, REFIID iid);

/* The same for the asynchronous twins. */
bool uvcom__interface_answers_async(const struct uvcom_interface *interface, REFIID async_iid);

/* Bytes of the largest frame of its methods. */
size_t uvcom__interface_frame_size(const struct uvcom_interface *interface);

#endif
