/*
 * object.h -- what the runtime asks the ICallFactory that every uvcom_object has by itself.
 */
#ifndef RUNTIME_OBJECT_H
#define RUNTIME_OBJECT_H

#include <stdbool.h>

#include <uvcom/objidl.h>
#include <uvcom/proxy.h>

/** Whether it is one. Any pointer to an ICallFactory. */
bool uvcom__object_is_factory(const ICallFactory *factory);

/** Whether its object's class has a table of Start_ functions for any interface. */
bool uvcom__object_is_asynchronous(ICallFactory *factory);

/** The table of Start_ functions for an interface, NULL if there is none. */
const void *uvcom__object_starts(ICallFactory *factory, const struct uvcom_interface *interface);

#endif
