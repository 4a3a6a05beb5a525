/*
 * kept_server.h -- the server of test_kept_values.c: it gives back what it is given, but for one
 * number.
 */
#ifndef TESTS_E2E_KEPT_SERVER_H
#define TESTS_E2E_KEPT_SERVER_H

#include "kept.h"

/* No pointer of anybody's. */
#define KEPT_NUMBER 0x4141414141414140

struct kept_server {
    HRESULT hr;
    LONG number; /* that it puts in the place of what a test is about; 0: mostly it changes nothing
                  */
};

extern struct kept_server kept_server;

HRESULT kept_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
