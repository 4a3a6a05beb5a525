/*
 * uvcom/operation.h -- servers that work asynchronously: one call in progress, seen from its
 * server.
 *
 * For an interface IFoo with [async_uuid] the header that uvidl writes has a table AsyncIFooServer
 * of functions, one for each method:
 *
 *     HRESULT (*Start_GetPrice)(IPriceSource *This, uvcom_operation *operation,
 *                               const char *coffee, double *price);
 *
 * It takes what the method takes and an operation before that. It starts the work and returns. The
 * [in] values are copies that live, and the [out] places may be written to, until the operation is
 * completed, by any thread; if the client gives up, or the apartment closes, they stay until the
 * server has completed or released the operation all the same. Everything that is easy to get wrong
 * in a call object written by hand is the runtime's: the reference on the object while work is
 * queued, refusing a second Begin_, the event and its reset, results of a call that nobody waits
 * for any more (SRV-02, SRV-10).
 *
 * An agile server's Start_ is called in the apartment of whoever begins the call. If that closes
 * while the server is at work the call goes on; but if it has interface pointers as parameters it
 * ends with RPC_E_DISCONNECTED, since those are good in that apartment only.
 *
 * How an object says that it has such a table: UVCOM_OBJECT_ASYNC_ENTRY in <uvcom/object.h>, or
 * AsyncIFoo_CreateCall in an ICallFactory of its own.
 */
#ifndef UVCOM_OPERATION_H
#define UVCOM_OPERATION_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/unknwn.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One Begin_ of a client, in the hands of its server. Opaque; counted. */
typedef struct uvcom_operation uvcom_operation;

/**
 * Adds a reference, or gives one back. Any thread.
 *
 * A Start_ function that returns S_OK has taken one reference: its server completes the operation
 * and then releases it. One that returns a failure has not. When the last reference goes and the
 * operation was not completed, the call ends with RPC_E_SERVERFAULT. If a Start_ function completes
 * the operation and then returns a failure, the completion counts. In a child after fork they do
 * nothing that matters: the operation is the parent's.
 */
UVCOM_API void uvcom_operation_add_ref(uvcom_operation *operation);
UVCOM_API void uvcom_operation_release(uvcom_operation *operation);

/**
 * Completes the call: what is in the [out] places now are its results, and `hr` is the method's
 * HRESULT. If that is a failure the results are freed.
 *
 * Any thread, also one without an apartment, and before Start_ has returned (SRV-04, SRV-11). Never
 * waits, allocates nothing. The parameters must not be touched afterwards. Interface pointers among
 * the results are pointers of the apartment that Start_ was called in: the call is over as soon as
 * that has given them out. If it has closed they are released here; those of an agile server are
 * then given out in the multithreaded apartment.
 *
 * @return S_OK                 the call is over, or will be when its apartment has its turn
 *         RPC_E_CALL_COMPLETE  it was completed before; nothing has changed
 *         RPC_E_CALL_CANCELED  nobody waits for it any more; the results have been freed
 *         CO_E_NOTINITIALIZED  in a child after fork; nothing has changed
 */
UVCOM_API HRESULT uvcom_operation_complete(uvcom_operation *operation, HRESULT hr);

/**
 * Whether the client has asked for the call's end, or nobody waits for it any more: it was
 * cancelled, its deadline has passed, its server's apartment has closed. An abandoned call is not
 * cancelled (LIFE-02). Any thread, also after completion.
 */
UVCOM_API BOOL uvcom_operation_is_cancelled(uvcom_operation *operation);

/** Milliseconds until the call's deadline, rounded up; INFINITE: it has none. Any thread. */
UVCOM_API DWORD uvcom_operation_remaining_ms(uvcom_operation *operation);

/**
 * The call's context (<uvcom/callcontext.h>), good as long as the call runs. (SEC-05, SEC-06)
 *
 * @param ppv  [out] transfer; NULL on failure
 *
 * @return S_OK, E_NOINTERFACE, E_POINTER, E_INVALIDARG
 */
UVCOM_API HRESULT uvcom_operation_context(uvcom_operation *operation, REFIID riid, void **ppv);

/**
 * Says that only this thread's own loop can complete the operation (by a timer of it, say). A
 * blocking wait for it on this very thread then returns HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)
 * at once, since waits of the runtime's do not run a loop. (APT-04)
 *
 * On the thread of the loop, before the operation is completed.
 *
 * @return S_OK, RPC_E_WRONG_THREAD (this thread has no loop), RPC_E_CALL_COMPLETE
 */
UVCOM_API HRESULT uvcom_operation_completes_on_loop(uvcom_operation *operation);

/**
 * A call object over such a table; what a server's own ICallFactory::CreateCall returns. Its Begin_
 * runs the Start_ function on the caller's thread and returns.
 *
 * @param async_iid  &IID_AsyncIFoo, in C++ too
 * @param starts     borrowed as long as the call object lives: an AsyncIFooServer. A function that
 *                   is NULL: Begin_ runs the synchronous method instead
 * @param server     borrowed: the IFoo of the object; referenced as long as the call object lives
 * @param outer      as pCtrlUnk of ICallFactory::CreateCall
 *
 * In the apartment of the server. Begin_ of the call object answers RPC_E_WRONG_THREAD in any other
 * one, unless the server is agile, and what a Start_ function fails with (SRV-07); after that the
 * call object's event is set.
 *
 * @return as ICallFactory::CreateCall; E_POINTER also if starts or server is NULL,
 *         CO_E_NOTINITIALIZED, E_NOINTERFACE also if the generated code has no Start_ functions for
 *         the interface
 */
UVCOM_API HRESULT uvcom_create_server_call(const IID *async_iid, const void *starts, void *server,
                                           IUnknown *outer, REFIID riid2, IUnknown **ppv);

#ifdef __cplusplus
}
#endif

#endif
