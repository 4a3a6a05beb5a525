/*
 * host.c -- see host.h; only the public interface of the runtime, as an application uses it.
 */
#include "host.h"

#include <uvcom/loop.h>

const CLSID CLSID_Hosted = {
    0x3c0f5a03, 0x7d5b, 0x4d6e, {0x9c, 0x11, 0x20, 0xa4, 0xb6, 0xf0, 0xd1, 0x01}};

static void note(struct host *host, HRESULT hr)
{
    if (FAILED(hr) && SUCCEEDED(host->hr))
        host->hr = hr;
}

static DWORD publish(struct host *host)
{
    IClassFactory *factory = gated_factory();
    DWORD cookie = 0;

    note(host, CoRegisterClassObject(&CLSID_Hosted, (IUnknown *)factory, CLSCTX_INPROC_SERVER,
                                     REGCLS_MULTIPLEUSE, &cookie));
    client_release(factory);
    gate_open(&host->gate);
    return cookie;
}

/* ---- with a loop ---- */

static void end_loop(uv_async_t *end)
{
    uv_close((uv_handle_t *)end, NULL);
    uv_stop(end->loop);
}

static void serve_in_loop(struct host *host)
{
    uv_loop_t loop;
    uvcom_apartment *apartment;
    DWORD cookie;

    uv_loop_init(&loop);
    uv_async_init(&loop, &host->end, end_loop);
    note(host, uvcom_loop_adopt(&loop, &apartment));
    cookie = publish(host);
    uv_run(&loop, UV_RUN_DEFAULT);
    note(host, CoRevokeClassObject(cookie));
    note(host, uvcom_loop_release(apartment));
    uv_run(&loop, UV_RUN_DEFAULT);
    note(host, uv_loop_close(&loop) == 0 ? S_OK : E_FAIL);
}

/* ---- without ---- */

static void serve_in_wait(struct host *host)
{
    IGated *object;
    AsyncIGated *call;
    DWORD cookie;

    note(host, CoInitializeEx(NULL, COINIT_APARTMENTTHREADED));
    note(host, gated_create(NULL, &IID_IGated, (void **)&object));
    note(host, uvcom_create_call(object, &IID_AsyncIGated, (void **)&call));
    host->wait = client_synchronize(call);
    cookie = publish(host);
    note(host, ISynchronize_Wait(host->wait, COWAIT_DEFAULT, INFINITE));
    note(host, CoRevokeClassObject(cookie));
    client_release(host->wait);
    client_release(call);
    client_release(object);
    CoUninitialize();
}

static void *host_main(void *arg)
{
    struct host *host = arg;

    host->number = gated_this_thread();
    if (host->kind == HOST_LOOP)
        serve_in_loop(host);
    else
        serve_in_wait(host);
    return NULL;
}

void host_start(struct host *host, enum host_kind kind)
{
    *host = (struct host){.kind = kind, .hr = S_OK};
    gate_init(&host->gate);
    ck_assert_int_eq(pthread_create(&host->thread, NULL, host_main, host), 0);
    gate_wait(&host->gate);
}

void host_ask_to_end(struct host *host)
{
    if (host->kind == HOST_LOOP)
        uv_async_send(&host->end);
    else
        ISynchronize_Signal(host->wait);
}

void host_join(struct host *host)
{
    pthread_join(host->thread, NULL);
    gate_fini(&host->gate);
    ck_assert_hr(host->hr, S_OK);
}

void host_end(struct host *host)
{
    host_ask_to_end(host);
    host_join(host);
}

IGated *host_object(void)
{
    IGated *object;

    ck_assert_hr(
        CoCreateInstance(&CLSID_Hosted, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&object),
        S_OK);
    return object;
}
