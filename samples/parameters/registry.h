/*
 * registry.h -- the server of the sample: sorts a list of people.
 */
#ifndef SAMPLES_PARAMETERS_REGISTRY_H
#define SAMPLES_PARAMETERS_REGISTRY_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_Registry;

/* Makes one; given to uvcom_register_class, which calls it in the class's apartment. */
HRESULT registry_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
