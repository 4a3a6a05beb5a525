/*
 * listener.h -- the client's own object: prints what the server tells it.
 */
#ifndef SAMPLES_PARAMETERS_LISTENER_H
#define SAMPLES_PARAMETERS_LISTENER_H

#include <uvcom/uvcom.h>

#include "people.h"

/* One reference, the caller's. NULL: no memory. */
IProgress *listener_create(void);

#endif
