/*
 * uvcom/synchronize.h -- events, and waiting for several things at once.
 *
 * The interfaces are in uvcom/objidl.h: ISynchronize, ISynchronizeHandle, ISynchronizeEvent,
 * ISynchronizeContainer. Every call object has the first two. Here are the classes of objects that
 * have nothing to do with a call, and what waits for many.
 *
 * Three ways to wait for one of many:
 *
 *     uvcom_create_container           thousands of call objects and events, at a cost that does
 *                                      not depend on how many there are
 *     CLSID_SynchronizeContainer       the same with COM's limit of 63
 *     CoWaitForMultipleHandles         file descriptors of any kind, also those of GetHandle
 */
#ifndef UVCOM_SYNCHRONIZE_H
#define UVCOM_SYNCHRONIZE_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Events, for CoCreateInstance in any apartment; nobody registers them. New ones are clear
 * (SYN-10). They answer ISynchronize, ISynchronizeHandle, ISynchronizeEvent and IAgileObject, may
 * be used on any thread, and can be a part of an outer object, as in a server's call object written
 * by hand (SYN-01, SYN-14); the outer object may ask for IID_IUnknown only, or gets E_INVALIDARG
 * (AGG-02).
 *
 * CLSID_StdEvent: a Wait that succeeds clears it, so each Signal releases one waiter.
 * CLSID_ManualResetEvent: it stays set until Reset. (SYN-07)
 *
 * A call object whose ISynchronize is a StdEvent must not be waited for before Finish_: the Wait
 * would take what Finish_ waits for.
 */
UVCOM_API extern const CLSID CLSID_StdEvent;
UVCOM_API extern const CLSID CLSID_ManualResetEvent;

/*
 * ISynchronizeContainer with COM's limit of 63 members (CON-01), for CoCreateInstance. It may be
 * used on any thread, and be a part of an outer object. What it does: see uvcom_create_container.
 */
UVCOM_API extern const CLSID CLSID_SynchronizeContainer;

/**
 * Makes a container without a limit on its members.
 *
 * AddSynchronize takes the ISynchronize of call objects of the runtime's and of the two event
 * classes, also where those are a part of another object, and holds a reference to it. An
 * ISynchronize that somebody else wrote, or a proxy, is refused: E_NOINTERFACE (CON-07).
 *
 * WaitMultiple returns one member that is set, the one that was first, takes it out and hands over
 * its reference (CON-02, CON-06). A StdEvent is cleared by that. A member that was cleared again
 * before WaitMultiple has looked is not returned. A call object that was returned may be begun
 * again and added again, which allocates nothing.
 *
 * Any number of threads may use one container; each member that is set goes to one of them. A
 * signal, AddSynchronize and WaitMultiple cost the same for ten members and for ten thousand. On an
 * apartment's thread WaitMultiple serves that apartment's incoming calls while it waits, but not if
 * a member is set already.
 *
 * @param container  [out] transfer; NULL on failure
 *
 * Any thread.
 *
 * @return S_OK, E_OUTOFMEMORY, E_POINTER (container is NULL), CO_E_NOTINITIALIZED (a child made by
 *         fork)
 */
UVCOM_API HRESULT uvcom_create_container(ISynchronizeContainer **container);

/* The index that CoWaitForMultipleHandles gives when a signal handler has ended an alertable wait.
 */
#ifndef WAIT_IO_COMPLETION
#define WAIT_IO_COMPLETION 0x000000C0L
#endif

/**
 * Waits until one of several handles is signaled: until a file descriptor is readable, has reached
 * its end, or has failed.
 *
 * A handle is a file descriptor cast to HANDLE: that of a call object or an event (GetHandle of
 * ISynchronizeHandle), or any other that poll(2) takes, a pipe or a socket say; there may be any
 * number of them. They must stay open meanwhile. Of a StdEvent that has ended the wait the event is
 * taken, as by its Wait; by a duplicate of its descriptor it is not. Nothing is ever read from a
 * descriptor that is not the runtime's.
 *
 * On an apartment's thread it serves that apartment's incoming calls meanwhile; if something is
 * signaled already it returns without serving any (CON-09).
 *
 * @param dwFlags    COWAIT_ values or-ed together. COWAIT_WAITALL: all at the same time (CON-11);
 *                   a handle that is given twice counts once. COWAIT_ALERTABLE: a signal handler
 *                   that runs on this thread meanwhile may end the wait with S_OK and the index
 *                   WAIT_IO_COMPLETION (CON-10). The others mean nothing here and are accepted
 *                   (CON-12)
 * @param dwTimeout  milliseconds; 0: only look; INFINITE: without limit
 * @param cHandles   the number of handles
 * @param pHandles   borrowed
 * @param lpdwindex  [out] which one; with COWAIT_WAITALL and on failure 0
 *
 * Any thread, with or without CoInitializeEx.
 *
 * @return S_OK
 *         RPC_S_CALLPENDING       the time is over (CON-08)
 *         E_INVALIDARG            pHandles or lpdwindex is NULL, or a flag is unknown
 *         RPC_E_NO_SYNC           cHandles is 0
 *         E_HANDLE                one of them is no open file descriptor, or 0
 *         E_OUTOFMEMORY
 *         RPC_E_OUT_OF_RESOURCES  the apartment has no descriptor for its own needs, or there are
 *                                 more handles than the process may have descriptors
 *         CO_E_NOTINITIALIZED     the process is a child made by fork after the runtime was used
 */
UVCOM_API HRESULT CoWaitForMultipleHandles(DWORD dwFlags, DWORD dwTimeout, ULONG cHandles,
                                           LPHANDLE pHandles, LPDWORD lpdwindex);

#ifdef __cplusplus
}
#endif

#endif
