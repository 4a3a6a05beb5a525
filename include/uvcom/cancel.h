/*
 * uvcom/cancel.h -- cancelling synchronous calls: COM's functions that address a thread.
 *
 * A plain method of a proxy blocks its thread until the server has answered, unless another thread
 * cancels the call: CoCancelCall(id of the blocked thread, seconds). The blocked method then
 * returns RPC_E_CALL_CANCELED with its [out] values zeroed, and the server may still be at work.
 * The thread must have allowed that before it called (CoEnableCallCancellation), because such a
 * call copies all its [in] values, [uvcom_borrowed] ones too, where another one lends them.
 *
 * A call of a call object is none of these functions' business (CAN-11): its client has
 * ICancelMethodCalls (<uvcom/objidl.h>), which needs no enabling (CAN-16).
 */
#ifndef UVCOM_CANCEL_H
#define UVCOM_CANCEL_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The number by which these functions know the calling thread: the kernel's (gettid). Never 0. Any
 * thread, also one without an apartment. */
UVCOM_API DWORD uvcom_thread_id(void);

/**
 * Allows that plain calls which this thread makes from now on are cancelled. Off at first. Counted;
 * the count is lost when the thread leaves its apartment (its last CoUninitialize). (CAN-12)
 *
 * @param pReserved  NULL
 *
 * A call that is under way keeps what was set when it began.
 *
 * @return S_OK, E_INVALIDARG, CO_E_NOTINITIALIZED (this thread has not called CoInitializeEx)
 */
UVCOM_API HRESULT CoEnableCallCancellation(LPVOID pReserved);

/**
 * Undoes one CoEnableCallCancellation of this thread.
 *
 * @param pReserved  NULL
 *
 * @return S_OK                  cancellation is off now
 *         CO_E_CANCEL_DISABLED  it was undone, and cancellation is still on because it was enabled
 *                               more often (CAN-13); or there was nothing to undo
 *         E_INVALIDARG, CO_E_NOTINITIALIZED
 */
UVCOM_API HRESULT CoDisableCallCancellation(LPVOID pReserved);

/**
 * What cancels the innermost plain call that a thread is blocked in, or what that thread has put in
 * its place (CoSetCancelObject). (CAN-14)
 *
 * @param dwThreadId  of uvcom_thread_id; 0: the calling thread
 * @param iid         IID_ICancelMethodCalls, usually
 * @param ppUnk       [out] transfer; NULL on failure. It is for that one call: later it answers
 *                    RPC_E_CALL_COMPLETE, and never reaches the thread's next call. Any thread
 *
 * Any thread.
 *
 * @return S_OK
 *         E_NOINTERFACE         the thread is in no such call, or the object has no such interface
 *         CO_E_CANCEL_DISABLED  it is, and had not enabled cancellation before
 *         E_POINTER, E_OUTOFMEMORY
 *         E_INVALIDARG          iid is NULL
 *         CO_E_NOTINITIALIZED   the process is a child made by fork after the runtime was used
 */
UVCOM_API HRESULT CoGetCancelObject(DWORD dwThreadId, REFIID iid, void **ppUnk);

/**
 * Makes an object of the program's the one that CoGetCancelObject finds for this thread; or takes
 * the latest of them off again. For code that blocks in something which the runtime does not know.
 * (CAN-15)
 *
 * @param pUnk  a reference is held until it is taken off, at the latest when the thread leaves its
 *              apartment. It must have ICancelMethodCalls, and be usable on any thread. NULL: takes
 *              one off
 *
 * What the object is for must be enabled when it is set: CoGetCancelObject answers
 * CO_E_CANCEL_DISABLED otherwise.
 *
 * @return S_OK
 *         E_NOINTERFACE   pUnk has no ICancelMethodCalls
 *         E_ACCESSDENIED  there is none to be taken off: the innermost is a call that is under way,
 *                         or there is nothing at all
 *         CO_E_NOTINITIALIZED, E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoSetCancelObject(IUnknown *pUnk);

/**
 * Cancels the innermost plain call of a thread: CoGetCancelObject, ICancelMethodCalls::Cancel,
 * Release.
 *
 * @param dwThreadId  of uvcom_thread_id; 0: the calling thread
 * @param ulTimeout   seconds that the server is given, as of ICancelMethodCalls::Cancel
 *
 * @return S_OK, RPC_E_CALL_COMPLETE, RPC_E_CALL_CANCELED
 *                              as ICancelMethodCalls::Cancel
 *         E_NOINTERFACE, CO_E_CANCEL_DISABLED, E_OUTOFMEMORY, CO_E_NOTINITIALIZED
 *                              as CoGetCancelObject. A thread that has an asynchronous call under
 *                              way, and no other, is in no such call (CAN-11)
 */
UVCOM_API HRESULT CoCancelCall(DWORD dwThreadId, ULONG ulTimeout);

/**
 * Asked by a server in the middle of a method: whether its client wants the call to end. It makes
 * no difference whether the client has called the plain or the asynchronous method. (CAN-10)
 *
 * @return RPC_S_CALLPENDING    no: go on
 *         RPC_E_CALL_CANCELED  yes, or nobody waits for the result any more
 *         RPC_E_NO_CONTEXT     this thread is not running a call
 */
UVCOM_API HRESULT CoTestCancel(void);

#ifdef __cplusplus
}
#endif

#endif
