/*
 * uvcom/context.h -- what a call carries besides its parameters: its context for the server, its
 * deadline, its principal.
 *
 * Begin_, and every plain call through a proxy, notes down
 *
 *   - the causality id: that of the call which this thread is running, so that all calls which are
 *     made on behalf of one first call share one; else a new one (SEC-07);
 *   - the deadline, if uvcom_call_set_timeout gave the call object a time;
 *   - the principal: an object of the application's that says on whose behalf the call is made.
 *
 * The server sees them by IUvcomCallContext while the call is running, and not after it (SEC-05).
 * A method of an object in the client's own apartment is called directly, without a context of its
 * own: there the context is that of the call in which it was made.
 */
#ifndef UVCOM_CONTEXT_H
#define UVCOM_CONTEXT_H

#include <uvcom/base.h>
#include <uvcom/callcontext.h>
#include <uvcom/hresult.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the server's side ----------------------------------------------------------------------- */

/**
 * The context of the call that this thread is running: in a method, a Start_ function, or the
 * Begin_ of a server's own call object. (SEC-06)
 *
 * @param riid  IID_IUvcomCallContext, or what a context that was switched in knows
 * @param ppv   [out] transfer; NULL on failure. It may be kept and used on any thread, and answers
 *              RPC_E_CALL_COMPLETE once the call is over
 *
 * Per thread: a thread of the server's own, to which a method has handed its work, has no context
 * unless one is switched in. While a method waits and its apartment serves another call, that one
 * has a context of its own.
 *
 * @return S_OK
 *         RPC_E_NO_CONTEXT     this thread runs no call
 *         RPC_E_CALL_COMPLETE  the call is over: the operation has been completed, or Signal has
 *                              been called, although the function that began it has not returned
 *                              (SEC-02); so it is in a server's own Finish_
 *         E_NOINTERFACE        the context has no such interface
 *         E_POINTER, E_INVALIDARG
 *                              ppv, riid is NULL
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoGetCallContext(REFIID riid, void **ppv);

/**
 * Puts another context in the place of this thread's, so that work which was handed to this thread
 * runs in the context of its call: uvcom_operation_context gives it. (SEC-06)
 *
 * @param pNewObject   borrowed, and not counted: the caller keeps it until it has switched back;
 *                     NULL: none
 * @param ppOldObject  [out] what was there, borrowed as well; NULL: none
 *
 * Who switches puts the old one back before it returns. What is switched in inside a method ends
 * with the method. Calls that are begun meanwhile carry the causality id of the context, if it is
 * one of the runtime's.
 *
 * @return S_OK, E_POINTER (ppOldObject is NULL), E_OUTOFMEMORY (nothing has changed)
 */
UVCOM_API HRESULT CoSwitchCallContext(IUnknown *pNewObject, IUnknown **ppOldObject);

/**
 * Acts on the client's behalf: calls that this thread begins from now on carry the principal of the
 * call that it is running, or none if that has none. (SEC-04)
 *
 * Ends with CoRevertToSelf, or when the method (the Start_ function, the server's Begin_ or
 * Finish_) returns; not with the call (SEC-03). A call that is served meanwhile has nothing of it.
 * On a thread with a context switched in it ends with CoRevertToSelf only. A call object with a
 * principal of its own (uvcom_call_set_principal) keeps that.
 *
 * @return S_OK
 *         RPC_E_NO_CONTEXT     this thread runs no call
 *         RPC_E_CALL_COMPLETE  the call is over (SEC-02)
 *         E_NOINTERFACE        the context that was switched in is none of the runtime's
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoImpersonateClient(void);

/**
 * Ends what CoImpersonateClient began, however often that was called. (SEC-04)
 *
 * @return S_OK, also if there was nothing to end
 */
UVCOM_API HRESULT CoRevertToSelf(void);

/* ---- the client's side ----------------------------------------------------------------------- */

/**
 * The principal of the calls that this thread begins: any object of the application's that its
 * servers know how to ask. (SEC-01)
 *
 * @param principal  a reference is added; it must answer IAgileObject, since it is asked and
 *                   released on any thread. NULL: none, inside a method too
 *
 * Holds until the thread leaves its apartment, or until it is set again; set inside a method it
 * holds until that returns, and only there. Calls that are under way keep theirs.
 *
 * @return S_OK
 *         E_INVALIDARG         the object is not agile
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx, or a child after fork
 *         E_OUTOFMEMORY        nothing has changed
 */
UVCOM_API HRESULT uvcom_set_principal(IUnknown *principal);

/**
 * The principal of the calls that are begun on one call object, whoever begins them. (SEC-01: what
 * IClientSecurity of a call object would set; within one process there is nothing to encrypt or to
 * prove, so call objects do not have that interface.)
 *
 * @param call       borrowed: an interface pointer of a call object of the runtime's
 * @param principal  as above. NULL: again that of the thread which begins the call
 *
 * Any thread; for every Begin_ from now on. A call that is under way keeps its own.
 *
 * @return S_OK
 *         E_POINTER      call is NULL
 *         E_NOINTERFACE  not a call object of the runtime's
 *         E_INVALIDARG   the principal is not agile
 *         E_OUTOFMEMORY  nothing has changed
 *         CO_E_NOTINITIALIZED
 *                        in a child after fork; nothing has changed
 */
UVCOM_API HRESULT uvcom_call_set_principal(void *call, IUnknown *principal);

/**
 * How long each call that is begun on a call object may take: its deadline is this much later than
 * its Begin_.
 *
 * When the deadline comes first the call is over, as if it had been cancelled: waits return,
 * callbacks come, and Finish_ returns RPC_E_TIMEOUT. The server is not interrupted: it may ask
 * (IUvcomCallContext::GetRemainingTime, TestCancel), its parameters stay good until it returns, and
 * its results are freed. (CAN-06, CAN-09)
 *
 * @param call          borrowed: an interface pointer of a call object of the runtime's
 * @param milliseconds  INFINITE: no deadline, as for a new call object. 0: each call is over as
 *                      soon as it has begun; its server still gets it
 *
 * For every Begin_ from now on; a call that is under way keeps its deadline. A call does not take
 * over the deadline of the call in which it is made: who wants that passes on what
 * GetRemainingTime says.
 *
 * Any thread that is in an apartment. The first deadline of the process starts a thread, which
 * watches over all of them and ends with the last CoUninitialize. An outer object's Signal for a
 * deadline is called on that thread, in the multithreaded apartment: until it returns other
 * deadlines wait. So it must not wait for long; an unlimited wait of the runtime's there (Finish_
 * of a call that is running, Wait, WaitMultiple, CoWaitForMultipleHandles) is
 * HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK) at once, and a plain call waits for its server.
 *
 * @return S_OK
 *         E_POINTER               call is NULL
 *         E_NOINTERFACE           not a call object of the runtime's
 *         CO_E_NOTINITIALIZED     this thread has not called CoInitializeEx
 *         RPC_E_OUT_OF_RESOURCES  the thread could not be started; nothing has changed
 */
UVCOM_API HRESULT uvcom_call_set_timeout(void *call, DWORD milliseconds);

#ifdef __cplusplus
}
#endif

#endif
