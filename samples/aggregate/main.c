/*
 * main.c -- four clients, each with its own idea of what completion means: finish at once on
 * whatever thread it is; tell a loop; wake a thread that waits; or nothing at all.
 */
#include <pthread.h>
#include <stdio.h>

#include <uvcom/loop.h>

#include "job.h"
#include "press.h"

static pthread_t main_thread;

static void show(const char *who, HRESULT hr, LONG page)
{
    printf("%s: %s, page %d, finished on %s\n", who, uvcom_hresult_describe(hr), page,
           pthread_equal(pthread_self(), main_thread) ? "the main thread" : "the printer's thread");
}

/* ---- callback: everything in Signal ---- */

/* Finish_ does not block here: the call is over. A Signal may also come without a call, from
   anybody, or from a Begin_ that has failed half way; then there is nothing to finish. The
   reference is the one that the client has left to the job, and may be the last but Signal's own.
 */
static void finish_in_signal(struct job *job)
{
    LONG page;
    HRESULT hr = AsyncIPrinter_Finish_Print(job->call, &page);

    if (hr == RPC_E_CALL_COMPLETE)
        return;
    show("callback", hr, page);
    uv_sem_post(job->context);
    job_release(job);
}

static HRESULT print_with_callback(IPrinter *printer)
{
    struct job *job;
    uv_sem_t printed;
    HRESULT hr;

    if (uv_sem_init(&printed, 0) != 0)
        return E_OUTOFMEMORY;
    hr = job_create(printer, finish_in_signal, &printed, &job);
    if (SUCCEEDED(hr)) {
        hr = AsyncIPrinter_Begin_Print(job->call, "in the callback");
        if (SUCCEEDED(hr))
            uv_sem_wait(&printed); /* only so that the lines of this program come in order */
        else
            job_release(job); /* no call, so nobody else does it */
    }
    uv_sem_destroy(&printed);
    return hr;
}

/* ---- loop: Signal posts, the loop finishes ---- */

static void tell_loop(struct job *job)
{
    uv_async_send(job->context); /* the one function of libuv that may be called from any thread */
}

static void finish_on_loop(uv_async_t *async)
{
    struct job *job = async->data;
    LONG page;
    HRESULT hr = AsyncIPrinter_Finish_Print(job->call, &page);

    show("loop", hr, page);
    uv_close((uv_handle_t *)async, NULL);
}

static HRESULT print_with_loop(IPrinter *printer)
{
    uv_loop_t *loop = uv_default_loop();
    uv_async_t async;
    struct job *job;
    HRESULT hr;

    if (!loop || uv_async_init(loop, &async, finish_on_loop) != 0)
        return E_OUTOFMEMORY;
    hr = job_create(printer, tell_loop, &async, &job);
    if (SUCCEEDED(hr)) {
        async.data = job;
        hr = AsyncIPrinter_Begin_Print(job->call, "on the loop");
    }
    if (FAILED(hr))
        uv_close((uv_handle_t *)&async, NULL);
    uv_run(loop, UV_RUN_DEFAULT); /* until the handle has been closed */
    if (job)
        job_release(job);
    uv_loop_close(loop);
    return hr;
}

/* ---- waiter: Signal wakes ---- */

static void wake(struct job *job)
{
    uv_sem_post(job->context);
}

static HRESULT print_and_wait(IPrinter *printer)
{
    struct job *job;
    uv_sem_t over;
    LONG page;
    HRESULT hr;

    if (uv_sem_init(&over, 0) != 0)
        return E_OUTOFMEMORY;
    hr = job_create(printer, wake, &over, &job);
    if (SUCCEEDED(hr)) {
        hr = AsyncIPrinter_Begin_Print(job->call, "while somebody waits");
        if (SUCCEEDED(hr)) {
            uv_sem_wait(&over); /* together with whatever else this program waits for */
            hr = AsyncIPrinter_Finish_Print(job->call, &page);
            show("waiter", hr, page);
        }
        job_release(job);
    }
    uv_sem_destroy(&over);
    return hr;
}

/* ---- forget: nobody wants to know ---- */

/* The method runs all the same; what it returns is freed. */
static HRESULT print_and_forget(IPrinter *printer)
{
    struct job *job;
    HRESULT hr = job_create(printer, NULL, NULL, &job);

    if (FAILED(hr))
        return hr;
    hr = AsyncIPrinter_Begin_Print(job->call, "and be gone");
    job_release(job);
    return hr;
}

/* ---- all four ---- */

static HRESULT run(IPrinter *printer)
{
    LONG pages = 0;
    HRESULT hr = print_with_callback(printer);

    if (SUCCEEDED(hr))
        hr = print_with_loop(printer);
    if (SUCCEEDED(hr))
        hr = print_and_wait(printer);
    if (SUCCEEDED(hr))
        hr = print_and_forget(printer);
    /* Comes after the forgotten one: calls of one thread to one apartment keep their order. */
    if (SUCCEEDED(hr))
        hr = IPrinter_CountPages(printer, &pages);
    printf("pages in the tray: %d\n", pages);
    return hr;
}

int main(void)
{
    IPrinter *printer;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    main_thread = pthread_self();
    if (FAILED(hr))
        return 1;
    hr = uvcom_register_class(&CLSID_Press, press_create, UVCOM_APARTMENT_OWN);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_Press, NULL, CLSCTX_INPROC_SERVER, &IID_IPrinter,
                              (void **)&printer);
    if (SUCCEEDED(hr)) {
        hr = run(printer);
        IPrinter_Release(printer);
    }
    CoUninitialize();
    if (FAILED(hr))
        printf("%s\n", uvcom_hresult_describe(hr));
    return FAILED(hr);
}
