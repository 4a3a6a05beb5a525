/*
 * host.h -- the second server of the sample, and the client's part that uses it.
 */
#ifndef SAMPLES_PARAMETERS_HOST_H
#define SAMPLES_PARAMETERS_HOST_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_Host;

/** Makes one IParty: a uvcom_create_fn. */
HRESULT host_create(IUnknown *outer, REFIID riid, void **ppv);

/** Registers the class, and sends unions and a ring to an object of it. */
HRESULT visit_party(void);

#endif
