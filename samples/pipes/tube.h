/*
 * tube.h -- the server of the sample: what goes into a pipe comes out of it, in the same order.
 */
#ifndef SAMPLES_PIPES_TUBE_H
#define SAMPLES_PIPES_TUBE_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_Tube;

/* Makes one; given to uvcom_register_class, which calls it in the class's apartment. */
HRESULT tube_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
