/*
 * uvcom/combase.h -- COM's own free functions: apartments, class objects, task memory.
 *
 * Names, parameters and values are those of the Windows SDK. Included from here is uvcom/marshal.h,
 * pointers for other apartments. What COM does not have is in uvcom/class.h, uvcom/call.h and
 * uvcom/loop.h. Everything here is for one process: there is no registry, and no other process is
 * ever asked.
 */
#ifndef UVCOM_COMBASE_H
#define UVCOM_COMBASE_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/marshal.h>
#include <uvcom/unknwn.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tagCOINIT {
    COINIT_MULTITHREADED = 0x0,
    COINIT_APARTMENTTHREADED = 0x2,
    COINIT_DISABLE_OLE1DDE = 0x4,  /* accepted, means nothing here */
    COINIT_SPEED_OVER_MEMORY = 0x8 /* accepted, means nothing here */
} COINIT;

#ifndef CLSCTX_INPROC
#define CLSCTX_INPROC (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)
#endif
#ifndef CLSCTX_SERVER
#define CLSCTX_SERVER (CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER)
#endif
#ifndef CLSCTX_ALL
#define CLSCTX_ALL (CLSCTX_INPROC_HANDLER | CLSCTX_SERVER)
#endif

typedef enum tagREGCLS {
    REGCLS_SINGLEUSE = 0,   /* the first CoGetClassObject takes it off the table */
    REGCLS_MULTIPLEUSE = 1, /* any number of CoGetClassObject */
    REGCLS_MULTI_SEPARATE = 2,
    REGCLS_SUSPENDED = 4,
    REGCLS_SURROGATE = 8
} REGCLS;

/**
 * Gives the calling thread an apartment: CoInitializeEx(pvReserved, COINIT_APARTMENTTHREADED).
 */
UVCOM_API HRESULT CoInitialize(void *pvReserved);

/**
 * Gives the calling thread an apartment, which every other function here needs.
 *
 * COINIT_APARTMENTTHREADED makes an apartment of its own for the thread: its objects are called on
 * this thread only, while it waits for something of the runtime's or, once uvcom_loop_adopt was
 * called, by its loop. COINIT_MULTITHREADED joins the process's one apartment of all other threads,
 * whose objects are called on worker threads of the runtime, many at a time. (APT-05, APT-06)
 *
 * @param pvReserved  NULL
 * @param dwCoInit    COINIT_ values or-ed together
 *
 * Any thread. Each success (S_OK and S_FALSE alike) needs one CoUninitialize on the same thread. On
 * failure nothing has changed.
 *
 * @return S_OK                 the thread has an apartment now
 *         S_FALSE              it had this kind of apartment already; counted
 *         RPC_E_CHANGED_MODE   it has the other kind; not counted
 *         E_INVALIDARG         pvReserved is not NULL, or a bit is unknown
 *         E_OUTOFMEMORY        no memory for the apartment
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 */
UVCOM_API HRESULT CoInitializeEx(void *pvReserved, DWORD dwCoInit);

/**
 * Undoes one successful CoInitialize or CoInitializeEx of this thread.
 *
 * The last one of a thread closes a single-threaded apartment: calls that wait in its queue end
 * with RPC_E_DISCONNECTED, and so does every later call to its objects. The last one of the process
 * drops what the global interface table still holds, ends the worker threads (it waits for them)
 * and frees everything. Without a CoInitializeEx to
 * undo it does nothing.
 *
 * Inside a call that this thread's single-threaded apartment serves, the last one is deferred until
 * that call has returned: who waits for it is still to be answered.
 */
UVCOM_API void CoUninitialize(void);

/**
 * Puts a class object on the process's table of classes.
 *
 * The class object lives in the calling thread's apartment: clients of other apartments reach it,
 * and the objects that it makes, through proxies.
 *
 * @param rclsid        the class
 * @param pUnk          the class object; a reference is added and held until it is revoked
 * @param dwClsContext  CLSCTX_INPROC_SERVER or CLSCTX_LOCAL_SERVER, or both
 * @param flags         REGCLS_MULTIPLEUSE (it serves in-process clients then in either context),
 *                      REGCLS_MULTI_SEPARATE, or REGCLS_SINGLEUSE (CLSCTX_LOCAL_SERVER alone)
 * @param lpdwRegister  [out] the cookie for CoRevokeClassObject, never 0; 0 on failure
 *
 * Any thread that has an apartment. When that apartment closes first, the class object is revoked.
 *
 * @return S_OK
 *         E_INVALIDARG         a NULL pointer, or a flag or context that cannot be served here
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx
 *         CO_E_OBJISREG        the class is registered already, in this apartment or with
 *                              uvcom_register_class
 *         RPC_E_DISCONNECTED   the apartment is closing
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoRegisterClassObject(REFCLSID rclsid, IUnknown *pUnk, DWORD dwClsContext,
                                        DWORD flags, DWORD *lpdwRegister);

/**
 * Takes a class object off the table and gives its reference back. Objects that it made live on.
 *
 * @param dwRegister  the cookie of CoRegisterClassObject
 *
 * Only in the apartment that registered it.
 *
 * @return S_OK
 *         E_INVALIDARG         no such cookie, or revoked already
 *         RPC_E_WRONG_THREAD   another apartment registered it; it stays
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx
 */
UVCOM_API HRESULT CoRevokeClassObject(DWORD dwRegister);

/**
 * Finds the class object of a class: a direct pointer if it lives in this apartment, else a proxy.
 *
 * @param rclsid        the class
 * @param dwClsContext  which kinds of server will do; CLSCTX_INPROC_SERVER must be one of them,
 *                      since there is no other process
 * @param pvReserved    NULL
 * @param riid          usually IID_IClassFactory
 * @param ppv           [out] transfer: the caller releases it; NULL on failure
 *
 * Any thread that has an apartment. Waits for the class's apartment to answer; an apartment's
 * thread serves its own calls meanwhile.
 *
 * @return S_OK
 *         REGDB_E_CLASSNOTREG  nobody has registered the class for one of these contexts
 *         E_NOINTERFACE        the class object has no such interface
 *         E_POINTER            ppv is NULL
 *         E_INVALIDARG         rclsid or riid is NULL, or pvReserved is not
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx
 *         RPC_E_DISCONNECTED   the class's apartment closed meanwhile
 *         E_OUTOFMEMORY, RPC_E_OUT_OF_RESOURCES
 *                              memory, or threads or file descriptors for the class's apartment
 *                              (UVCOM_APARTMENT_OWN), are used up
 */
UVCOM_API HRESULT CoGetClassObject(REFCLSID rclsid, DWORD dwClsContext, void *pvReserved,
                                   REFIID riid, void **ppv);

/**
 * Makes one object of a class: CoGetClassObject, CreateInstance, Release in one.
 *
 * @param pUnkOuter  the controlling IUnknown of an aggregate; NULL: the object stands alone
 * @param ppv        [out] transfer: a direct pointer if the object lives in this apartment, else a
 *                   proxy; NULL on failure
 *
 * Any thread that has an apartment; waits as CoGetClassObject does.
 *
 * @return S_OK, what CoGetClassObject or the class's own creation returned, or
 *         CLASS_E_NOAGGREGATION  pUnkOuter is not NULL and the object would live in another
 *                                apartment, or its class cannot be aggregated
 */
UVCOM_API HRESULT CoCreateInstance(REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext,
                                   REFIID riid, void **ppv);

/**
 * Memory that one side of an interface allocates and the other frees: strings and arrays that are
 * [out]. Uninitialised. Any thread, with or without CoInitializeEx.
 *
 * @return the memory, also for 0 bytes; NULL: out of memory
 */
UVCOM_API void *CoTaskMemAlloc(size_t cb);

/**
 * Makes such memory larger or smaller. NULL is allocated; a cb of 0 frees it and returns NULL.
 *
 * @return the memory, perhaps elsewhere; NULL: out of memory, and the old memory is as it was
 */
UVCOM_API void *CoTaskMemRealloc(void *pv, size_t cb);

/** Frees such memory; NULL is allowed. */
UVCOM_API void CoTaskMemFree(void *pv);

/**
 * Makes ISynchronize::Wait answer a time-out on this thread with RPC_S_CALLPENDING, as existing
 * Windows code tests for, instead of RPC_E_TIMEOUT. (SYN-02)
 *
 * CoInitializeEx of uvcom/compat/objbase.h calls it; nobody else needs to. It holds as long as the
 * thread lives. Cannot fail.
 */
UVCOM_API void uvcom_compat_mark_thread(void);

#ifdef __cplusplus
}
#endif

#endif
