/*
 * uvcom/loop.h -- a libuv loop that the application runs, as an apartment of COM.
 *
 * The one public header that names <uv.h>; who has no loop of his own does not need it. It is not
 * part of uvcom/uvcom.h. (<uv.h> of libuv 1.44 wants gnu11, not strict C11.)
 */
#ifndef UVCOM_LOOP_H
#define UVCOM_LOOP_H

#include <uv.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The tie between a loop and its apartment. Opaque. */
typedef struct uvcom_apartment uvcom_apartment;

/**
 * Lets a loop serve this thread's apartment.
 *
 * On a thread without an apartment, or with a single-threaded one (COINIT_APARTMENTTHREADED): from
 * now on the loop delivers incoming calls to the apartment's objects, and completions. A thread
 * that had no apartment is initialised by it, until uvcom_loop_release. On a thread of the
 * multithreaded apartment the loop delivers completions only.
 *
 * The runtime keeps one uv_async_t on the loop. It holds uv_run in UV_RUN_DEFAULT only while a
 * callback of uvcom_on_complete is outstanding or the apartment has objects that others can reach.
 *
 * @param loop       borrowed until uvcom_loop_release; run by this thread and no other
 * @param apartment  [out] transfer: to be given to uvcom_loop_release; NULL on failure
 *
 * On the thread that runs the loop. On failure nothing has changed.
 *
 * @return S_OK
 *         E_POINTER            loop or apartment is NULL
 *         RPC_E_CHANGED_MODE   this thread has a loop already
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         E_OUTOFMEMORY, RPC_E_OUT_OF_RESOURCES  memory or file descriptors are used up
 */
UVCOM_API HRESULT uvcom_loop_adopt(uv_loop_t *loop, uvcom_apartment **apartment);

/**
 * Gives the loop back. Callbacks of uvcom_on_complete that have not come are dropped.
 *
 * Outside uv_run it runs the loop (UV_RUN_NOWAIT) until its handle is closed, so that uv_loop_close
 * returns 0 right after if the application has closed its own handles. Inside a callback of
 * uvcom_on_complete or a method that the loop serves, the loop closes the handle as it goes on. So
 * it is in a method that a blocking wait serves, which cannot know whether uv_run is on the stack:
 * if it is not, one uv_run (UV_RUN_NOWAIT) has to come before uv_loop_close. Not
 * to be called inside a callback of the application's own handles: libuv's loops cannot be run
 * inside themselves, and offer no way to tell. A uv_stop before it is lost: the uv_run in here
 * takes it for its own.
 *
 * If uvcom_loop_adopt initialised the thread, its apartment closes as with CoUninitialize, which
 * waits for methods that run if it is the last of the process.
 *
 * @param apartment  transfer: from uvcom_loop_adopt; not to be used again when this succeeded
 *
 * On the loop's thread.
 *
 * @return S_OK
 *         E_POINTER           apartment is NULL
 *         RPC_E_WRONG_THREAD  not the loop's thread; nothing has changed
 */
UVCOM_API HRESULT uvcom_loop_release(uvcom_apartment *apartment);

#ifdef __cplusplus
}
#endif

#endif
