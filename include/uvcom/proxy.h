/*
 * uvcom/proxy.h -- what the code that uvidl writes (foo_p.c) asks of the runtime.
 *
 * A program that uses call objects does not need this header; it is public because generated code
 * is compiled into the user's program. Everything that does not depend on one method is behind
 * these functions; what a generated file adds is the copying of that method's parameters.
 *
 * The parameters of one Begin_ live in a *frame*: a struct that uvidl declares for the method, in
 * memory that belongs to the operation (one Begin_, one epoch) and never to the reusable call
 * object. A frame starts zeroed. Begin_ fills the [in] half; the server's method is run on it in
 * the server's apartment and leaves its results in the [out] half; Finish_ moves those out.
 * Whatever the frame still owns when the operation ends is freed by visiting the method's
 * `results`.
 */
#ifndef UVCOM_PROXY_H
#define UVCOM_PROXY_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/module.h>
#include <uvcom/operation.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The three IUnknown methods of every call object and of every proxy; they fill the vtables. */
UVCOM_API HRESULT uvcom_call_QueryInterface(void *call, REFIID riid, void **ppv);
UVCOM_API ULONG uvcom_call_AddRef(void *call);
UVCOM_API ULONG uvcom_call_Release(void *call);
UVCOM_API HRESULT uvcom_proxy_QueryInterface(void *proxy, REFIID riid, void **ppv);
UVCOM_API ULONG uvcom_proxy_AddRef(void *proxy);
UVCOM_API ULONG uvcom_proxy_Release(void *proxy);

/**
 * Gives Begin_ a zeroed frame to fill. The call object is not claimed yet.
 *
 * @param call    borrowed: the AsyncIFoo that Begin_ was called on
 * @param method  the method's number, 1 for the first
 * @param hr      [out] why there is no frame
 *
 * Any thread. On failure NULL is returned and nothing has changed.
 *
 * @return the frame, which uvcom_call_start must be given; NULL with *hr =
 *         RPC_E_CALL_PENDING   a call is outstanding on this object (CALL-01, CALL-02)
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx
 *         E_UNEXPECTED         the interface has no method of that number
 *         E_OUTOFMEMORY        no memory for the operation
 */
UVCOM_API void *uvcom_call_prepare(void *call, unsigned method, HRESULT *hr);

/**
 * Claims the call object for a filled frame and hands the operation to the server: the end of
 * Begin_.
 *
 * @param frame  transfer: from uvcom_call_prepare, consumed whatever happens
 * @param hr     what filling the frame came to; a failure is returned, and no call starts (CALL-06)
 *
 * Any thread. Never waits for the server. On failure the call object is as it was, except that
 * after RPC_E_DISCONNECTED its event is set: the claim had cleared it already, and who waited
 * meanwhile must not sleep for ever.
 *
 * @return S_OK
 *         hr                  if that is a failure
 *         RPC_E_CALL_PENDING  another Begin_ was faster
 *         RPC_E_DISCONNECTED  the server's apartment has closed
 */
UVCOM_API HRESULT uvcom_call_start(void *call, void *frame, HRESULT hr);

/**
 * Waits for the call's completion and claims its result: the first half of Finish_.
 *
 * @param hr  [out] the method's own HRESULT, or why there is none
 *
 * Any thread. Blocks while the call runs (CALL-08). On an apartment's thread it serves that
 * apartment's incoming calls meanwhile.
 *
 * @return the frame with its results, borrowed until uvcom_call_retire, exactly when
 *         SUCCEEDED(*hr); else NULL with *hr =
 *         RPC_E_CALL_COMPLETE  no call in progress, or another Finish_ was faster (CALL-07)
 *         E_UNEXPECTED         another method is in progress; it is unharmed (CALL-12)
 *         RPC_E_CALL_CANCELED, RPC_E_DISCONNECTED, RPC_E_SERVERFAULT, RPC_E_TIMEOUT
 *                              how the call ended without a result
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used, or
 *                              this thread is in no apartment and the results carry interface
 *                              pointers that need one; the call is unharmed
 *         HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)
 *                              the call runs further up this stack; it is unharmed
 *         E_OUTOFMEMORY, E_NOINTERFACE, RPC_E_DISCONNECTED, or what else the object answers
 *                              an interface pointer among the results cannot be had in this
 *                              apartment: no memory for its proxy, no generated code or no such
 *                              interface, its object's apartment has closed. The results are freed,
 *                              and the call is over
 *         or the failure that the method itself returned
 */
UVCOM_API void *uvcom_call_collect(void *call, unsigned method, HRESULT *hr);

/**
 * Gives the frame back, freeing what is left in it, and makes the call object idle: the end of
 * Finish_. "In progress" is cleared here, last, after the results were copied (RACE-03). Cannot
 * fail.
 */
UVCOM_API void uvcom_call_retire(void *call, void *frame);

/**
 * The same three steps for a plain method called through a proxy: prepare, call and wait, end.
 *
 * @param proxy  borrowed: the IFoo that the method was called on
 * @param frame  transfer: consumed by uvcom_proxy_call when it returns NULL, else by
 *               uvcom_proxy_end
 * @param hr     [in, out] of uvcom_proxy_call: what filling the frame came to (a failure is kept
 *               and nothing is called), then the method's own HRESULT or why there is none
 *
 * Only in the apartment that the proxy belongs to. On an apartment's thread uvcom_proxy_call serves
 * that apartment's incoming calls while it waits (APT-01).
 *
 * @return the frame: filled with results by uvcom_proxy_call exactly when SUCCEEDED(*hr); else NULL
 *         with *hr as uvcom_call_prepare, _start and _collect give it, or
 *         RPC_E_WRONG_THREAD  this thread is in another apartment
 */
UVCOM_API void *uvcom_proxy_prepare(void *proxy, unsigned method, HRESULT *hr);
UVCOM_API void *uvcom_proxy_call(void *proxy, void *frame, HRESULT *hr);
UVCOM_API void uvcom_proxy_end(void *proxy, void *frame);

/**
 * What Start_ does for a method that has no such function: the method has been run, and the
 * operation is over. @return S_OK
 */
static inline HRESULT uvcom_operation_end(uvcom_operation *operation, HRESULT hr)
{
    uvcom_operation_complete(operation, hr);
    uvcom_operation_release(operation);
    return S_OK;
}

/**
 * Memory that lives as long as the frame: `count` elements of `size` bytes, zeroed, or copied from
 * `data`. Nothing frees it one by one.
 *
 * @param hr  [in, out] if it is a failure already, nothing is done; so a sequence needs one check
 *
 * @return the memory; NULL if `data` is NULL, or with *hr set to E_OUTOFMEMORY or
 *         HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND) (count * size does not fit, or is more than the
 *         limit of uvcom_set_limits)
 */
UVCOM_API void *uvcom_frame_room(void *frame, size_t count, size_t size, HRESULT *hr);
UVCOM_API void *uvcom_frame_copy(void *frame, const void *data, size_t count, size_t size,
                                 HRESULT *hr);

/**
 * The same for an [in] value that is nothing but its bytes. In a plain call through a proxy, whose
 * caller waits for the method anyway, it is the caller's own memory; else, and on a thread whose
 * calls can be cancelled (CoEnableCallCancellation), a copy.
 */
UVCOM_API void *uvcom_frame_lend(void *frame, const void *data, size_t count, size_t size,
                                 HRESULT *hr);

/** The same for a [uvcom_borrowed] value: the caller's own memory, except in a plain call that can
 * be cancelled. Bounds are checked. */
UVCOM_API void *uvcom_frame_borrow(void *frame, const void *data, size_t count, size_t size,
                                   HRESULT *hr);

/**
 * An [in] string whose characters are `unit` bytes wide: 1, 2 or 4. Their width is the business of
 * the file that was compiled, not of the library: on a foreign COM base a WCHAR is 32 bit. Lent or
 * copied as uvcom_frame_lend does.
 *
 * @param room  elements within which it must end; 0: no size was given
 *
 * @return the string; NULL for a NULL, or with *hr = E_OUTOFMEMORY or
 *         HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND) (it does not end within its room, or within the
 *         limit of uvcom_set_limits)
 */
UVCOM_API void *uvcom_frame_text(void *frame, const void *text, size_t unit, size_t room,
                                 HRESULT *hr);

/**
 * An [in, out] string in a copy that the server may write to.
 *
 * @param room  [in, out] elements of the copy; 0: no size was given, and becomes the length of the
 *              text with its end
 */
UVCOM_API void *uvcom_frame_buffer(void *frame, const void *text, size_t unit, size_t *room,
                                   HRESULT *hr);

/**
 * The number of elements of a string up to and with its end; 0 for a NULL.
 *
 * @param room  elements that may be looked at; 0: the limit of uvcom_set_limits
 * @param hr    [in, out] set to HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND), with 0 returned, if there
 *              is no end. Any earlier failure is kept, and does not change the result
 */
UVCOM_API size_t uvcom_text_length(const void *text, size_t unit, size_t room, HRESULT *hr);

/** The same for a result, which has been copied already: only `room` counts, whatever the limit. 0
 * if there is no end. */
UVCOM_API size_t uvcom_text_within(const void *text, size_t unit, size_t room);

#ifdef __cplusplus
}
#endif

#include <uvcom/frame.h>
#include <uvcom/visit.h>

#endif
