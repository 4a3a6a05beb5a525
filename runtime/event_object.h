/*
 * event_object.h -- the classes CLSID_StdEvent and CLSID_ManualResetEvent.
 */
#ifndef RUNTIME_EVENT_OBJECT_H
#define RUNTIME_EVENT_OBJECT_H

#include <uvcom/objidl.h>

struct event;

/** As uvcom_register_class takes them: an event that one Wait takes (SYN-07), and one that stays
    set. In any apartment; the object is agile. */
HRESULT uvcom__std_event_create(IUnknown *outer, REFIID riid, void **ppv);
HRESULT uvcom__manual_event_create(IUnknown *outer, REFIID riid, void **ppv);

/** The event that this is the own ISynchronize of, borrowed: it lives as long as that. NULL: it is
    something else. */
struct event *uvcom__event_of_synchronize(ISynchronize *synchronize);

#endif
