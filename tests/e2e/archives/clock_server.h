/*
 * clock_server.h -- a clock that stands at noon, and a client of it; each is in an archive or a
 * module of its own.
 */
#ifndef TESTS_E2E_ARCHIVES_CLOCK_SERVER_H
#define TESTS_E2E_ARCHIVES_CLOCK_SERVER_H

#include <uvcom/uvcom.h>

/* A uvcom_create_fn. */
HRESULT clock_create(IUnknown *outer, REFIID riid, void **ppv);

/* How many clocks there are. */
int clock_live(void);

/* Asks a clock of its own for the hour, by Begin_ and Finish_ and plainly, between the first
   CoInitializeEx and the last CoUninitialize; E_FAIL if the answers differ from what they should
   be. */
HRESULT clock_ask(REFCLSID clsid, LONG zone);

/* A clock, an IClock *, and a call object for it, an AsyncIClock *; both are the caller's. */
HRESULT clock_open(REFCLSID clsid, void **clock, void **call);

#endif
