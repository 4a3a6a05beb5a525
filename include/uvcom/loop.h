/*
 * uvcom/loop.h -- a libuv loop that the application runs, as an apartment of COM.
 *
 * The one public header that names <uv.h>; who has no loop of his own does not need it. It is not
 * part of uvcom/uvcom.h. (<uv.h> of libuv 1.44 wants gnu11, not strict C11.)
 *
 * A server that answers by timers or descriptors of its own makes its object on the loop's thread.
 * Here it is an object of uvcom/object.h with a Start_ function (uvcom/operation.h), a uv_timer_t,
 * and one call at a time:
 *
 *     static void ripe(uv_timer_t *timer)
 *     {
 *         struct shop *shop = timer->data;
 *
 *         *shop->price = 9.5;
 *         uvcom_operation_complete(shop->operation, S_OK);
 *         uvcom_operation_release(shop->operation);
 *     }
 *
 *     static HRESULT start_GetPrice(IPriceSource *This, uvcom_operation *operation,
 *                                   const char *coffee, double *price)
 *     {
 *         struct shop *shop = shop_from_IPriceSource(This);
 *
 *         shop->operation = operation;
 *         shop->price = price;
 *         uvcom_operation_completes_on_loop(operation);
 *         uv_timer_start(&shop->timer, ripe, 20, 0);
 *         return S_OK;
 *     }
 *
 *     uvcom_loop_adopt(&loop, &apartment);
 *     uvcom_object_init(&shop.object, &shop_class);
 *     shop.timer.data = &shop;
 *     uv_timer_init(&loop, &shop.timer);
 *     RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IPriceSource,
 *                         (IUnknown *)&shop.IPriceSource_iface, &reference);
 *     uv_run(&loop, UV_RUN_DEFAULT);
 *
 * Other threads get their proxies by Resolve of the reference, or by the global interface table.
 * Proxies keep uv_run going, and so does a call object for the server. A Finish_ on the loop's own
 * thread before the timer has come cannot wait for it: it answers
 * HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK), and works once uv_run has run the timer.
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
