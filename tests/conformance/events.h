/*
 * events.h -- event objects and handles, for the cases that need some.
 */
#ifndef TESTS_CONFORMANCE_EVENTS_H
#define TESTS_CONFORMANCE_EVENTS_H

#include "tests/conformance/conformance.h"

/* CLSID_StdEvent or CLSID_ManualResetEvent; one reference. */
static inline ISynchronize *make_event(REFCLSID clsid)
{
    ISynchronize *event;

    ck_assert_hr(
        CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize, (void **)&event),
        S_OK);
    return event;
}

/* What GetHandle of a call object or an event gives. */
static inline HANDLE handle_of(void *object)
{
    ISynchronizeHandle *interface = query(object, &IID_ISynchronizeHandle);
    HANDLE handle = NULL;

    ck_assert_hr(ISynchronizeHandle_GetHandle(interface, &handle), S_OK);
    release(interface);
    ck_assert_int_gt((intptr_t)handle, 0);
    return handle;
}

#endif
