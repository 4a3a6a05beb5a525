/*
 * uvcom/call.h -- the short way to make a call object, to wait for it, and to be called back.
 *
 * Each function does what its comment spells out in COM's own terms and returns the code that the
 * underlying call returned; none of them hides one. They take interface pointers as void *, so that
 * no cast is needed for an interface of the user's own.
 *
 * The pair Begin_ and Finish_ themselves are in the header that uvidl wrote for the interface. What
 * their parameters can be, and who owns what when, is in the README at the top.
 */
#ifndef UVCOM_CALL_H
#define UVCOM_CALL_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The codes of every call object, beside those of the method itself and of its [in] values:
 *
 * Begin_   S_OK                   the call has started; a Finish_ or the last Release follows
 *          RPC_E_CALL_PENDING     a call is outstanding on this object (CALL-01, CALL-02)
 *          RPC_E_DISCONNECTED     the server's apartment has closed
 *          what an outer object's ISynchronize::Reset returned, if it failed (SYN-11)
 *          CO_E_NOTINITIALIZED    this thread has not called CoInitializeEx
 *          E_OUTOFMEMORY
 *          RPC_E_OUT_OF_RESOURCES no thread to watch over the call's deadline
 *          E_NOINTERFACE          an [in] object has not the interface that it is passed as, or no
 *                                 generated code for it is there
 *          HRESULT_FROM_WIN32 of what is wrong with an [in] value; no call has started (CALL-06):
 *          RPC_X_NULL_REF_POINTER, RPC_X_INVALID_BOUND, RPC_X_INVALID_TAG,
 *          RPC_X_ENUM_VALUE_OUT_OF_RANGE, RPC_X_BAD_STUB_DATA
 *
 * Finish_  the method's own code
 *          RPC_E_CALL_COMPLETE    no call in progress, or another Finish_ was faster (CALL-07)
 *          E_UNEXPECTED           another method was begun; it is unharmed (CALL-12)
 *          RPC_E_CALL_CANCELED    the call was cancelled (CAN-04)
 *          RPC_E_TIMEOUT          its deadline has passed (uvcom_call_set_timeout)
 *          what an outer object's ISynchronize::Wait returned, if it failed; the call is unharmed
 *          RPC_E_DISCONNECTED     the server's apartment closed before the method was run, or that
 *                                 of an [out] object has closed
 *          E_NOINTERFACE          an [out] object, as above
 *          E_OUTOFMEMORY          none for the results, or for the proxy of an [out] object
 *          CO_E_NOTINITIALIZED    this thread is in no apartment, and an [out] object needs one; or
 *                                 the process is a child made by fork. The call is unharmed
 *          HRESULT_FROM_WIN32 of
 *          RPC_X_NULL_REF_POINTER    a bad [out] pointer; the result can still be collected
 *          ERROR_POSSIBLE_DEADLOCK   the call runs further up this very stack
 *          or of what is wrong with what the server returned, which is freed then:
 *          RPC_X_NULL_REF_POINTER    NULL in a place that must not be
 *          RPC_X_INVALID_BOUND       more elements than there is room for, or than its block has;
 *                                    a string without its end; a [range] violated
 *          RPC_X_INVALID_TAG, RPC_X_ENUM_VALUE_OUT_OF_RANGE
 *          RPC_X_BAD_STUB_DATA       two pointers that are not [ptr] to one block
 *
 * QueryInterface(IID_ICancelMethodCalls) of a call object gives what ends a call early: Cancel in
 * <uvcom/objidl.h> says how. A client that only wants no result releases the call object instead.
 *
 * A call object that is made with an outer object (ICallFactory::CreateCall with pCtrlUnk) is a
 * part of it: QueryInterface, AddRef and Release of its interfaces are the outer object's. The
 * runtime then uses the outer object's ISynchronize: Reset in Begin_, Wait in a Finish_ that has to
 * wait, Signal when the call is over, on whatever thread that happens; while a call is under way it
 * holds a reference on the outer object, and gives it back when Signal has returned. What has
 * become of a call does not depend on it: a Signal that fails, comes late or is not forwarded loses
 * no result.
 */

/**
 * Makes a call object for a server: QueryInterface(IID_ICallFactory), CreateCall(async_iid, NULL,
 * async_iid, call), Release of the factory.
 *
 * @param server     borrowed: any interface pointer of the server object or of its proxy. It may be
 *                   released at once; the call object keeps the server. (FAC-11)
 * @param async_iid  the asynchronous interface, IID_AsyncIFoo
 * @param call       [out] transfer: an AsyncIFoo, to be released by the caller; NULL on failure
 *
 * Only in the apartment that `server` belongs to; the call object may then be used on any thread.
 * Any number of call objects may exist for one server, and each carries one call at a time.
 * (FAC-12, CALL-01)
 *
 * @return S_OK
 *         E_NOINTERFACE        the object cannot be called asynchronously (FAC-01), or async_iid is
 *                              not the asynchronous id of one of its interfaces (FAC-03)
 *         E_POINTER            server or call is NULL
 *         E_INVALIDARG         async_iid is NULL
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx
 *         RPC_E_WRONG_THREAD   server belongs to another apartment
 *         RPC_E_DISCONNECTED   the server's apartment has gone
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT uvcom_create_call(void *server, REFIID async_iid, void **call);

/**
 * Waits until the call is over: QueryInterface(IID_ISynchronize), Wait(COWAIT_DEFAULT, timeout_ms),
 * Release.
 *
 * The result stays where it is: Finish_ follows, and does not block any more.
 *
 * @param call        borrowed: any interface pointer of a call object, or of another object that
 *                    has an ISynchronize
 * @param timeout_ms  0: only look; INFINITE: without limit
 *
 * Any thread. On an apartment's thread it serves that apartment's incoming calls meanwhile
 * (APT-04), unless 64 of them are already on the stack, each served by a wait inside the last one:
 * then the others stay queued until one of those 64 has returned.
 *
 * @return S_OK                 the call is over (completed, cancelled, or none was begun since)
 *         RPC_E_TIMEOUT        it is still running, unharmed; RPC_S_CALLPENDING on a thread that
 *                              the compat headers initialised (SYN-02)
 *         E_POINTER            call is NULL
 *         E_NOINTERFACE        the object has no ISynchronize
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)
 *                              only this thread could complete the call, further up its own stack
 *         or what an ISynchronize of the client's own returns
 */
UVCOM_API HRESULT uvcom_wait(void *call, DWORD timeout_ms);

/**
 * Is called once when a call is over.
 *
 * @param call     the pointer that uvcom_on_complete was given, alive during this function
 * @param context  as given
 *
 * On the thread, and from the loop, that asked for it. It may do anything: Finish_, a new Begin_, a
 * new uvcom_on_complete, the last Release of the call object.
 */
typedef void (*uvcom_complete_fn)(void *call, void *context);

/**
 * Asks for one call of `callback` on this thread's loop when the call is over.
 *
 * Counts for one Begin_: the one whose call is outstanding, else the next. If that call has
 * completed already, the callback comes at the loop's next turn, never from inside this function.
 * Callbacks of one loop come in the order in which the calls completed. When the call object is
 * released before, or the loop is given back, the registration is dropped and the callback never
 * comes.
 *
 * @param call     borrowed: an interface pointer of a call object of the runtime's. Of an
 *                 aggregated one, its AsyncIFoo; the outer object is kept until the callback has
 *                 returned, so there the callback also comes when its client has gone
 * @param context  handed to the callback; the runtime never looks at it
 *
 * Only on a thread whose loop the runtime knows: uvcom_loop_adopt was called, or it is the
 * runtime's own thread of a class (UVCOM_APARTMENT_OWN).
 *
 * @return S_OK
 *         RPC_E_WRONG_THREAD   this thread has no such loop
 *         RPC_E_CALL_PENDING   a callback is registered already, and its call is not over
 *         E_POINTER            call or callback is NULL
 *         E_NOINTERFACE        not a call object of the runtime's
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT uvcom_on_complete(void *call, uvcom_complete_fn callback, void *context);

#ifdef __cplusplus
}
#endif

#endif
