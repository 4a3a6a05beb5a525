/*
 * press.h -- the server's class: a printer, on a thread of its own.
 */
#ifndef SAMPLES_AGGREGATE_PRESS_H
#define SAMPLES_AGGREGATE_PRESS_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_Press; /* answers IPrinter */

HRESULT press_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
