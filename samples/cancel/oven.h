/*
 * oven.h -- the class of the sample's server, and the door of its oven.
 */
#ifndef SAMPLES_CANCEL_OVEN_H
#define SAMPLES_CANCEL_OVEN_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_Oven;

HRESULT oven_create(IUnknown *outer, REFIID riid, void **ppv);

/* Ends the call of Bake that runs, or the next one. */
void oven_open_door(void);

/* Waits until the server has begun to bake, once more for each call of this. */
void oven_await_start(void);

#endif
