/*
 * main.c -- five calls that take too long, and five ways to end them.
 */
#include <pthread.h>
#include <stdio.h>

#include <uvcom/cancel.h>
#include <uvcom/context.h>
#include <uvcom/uvcom.h>

#include "bakery.h"
#include "oven.h"

/* What every scene has: a call object, and its ICancelMethodCalls. */
struct scene {
    IOven *oven;
    AsyncIOven *call;
    ICancelMethodCalls *cancel;
};

static HRESULT scene_open(struct scene *scene, IOven *oven)
{
    HRESULT hr = uvcom_create_call(oven, &IID_AsyncIOven, (void **)&scene->call);

    scene->oven = oven;
    if (FAILED(hr))
        return hr;
    hr = AsyncIOven_QueryInterface(scene->call, &IID_ICancelMethodCalls, (void **)&scene->cancel);
    if (FAILED(hr))
        AsyncIOven_Release(scene->call);
    return hr;
}

static void scene_close(struct scene *scene)
{
    ICancelMethodCalls_Release(scene->cancel);
    AsyncIOven_Release(scene->call);
}

static void show(const char *what, HRESULT hr)
{
    printf("  %s: %s\n", what, uvcom_hresult_describe(hr));
}

/* When this returns the server is at work. */
static void begin(struct scene *scene, BOOL listens)
{
    show("Begin_Bake", AsyncIOven_Begin_Bake(scene->call, listens));
    oven_await_start();
}

/* Finish_ comes after every Begin_, also after one that was cancelled. */
static void finish(struct scene *scene)
{
    LONG loaves;
    HRESULT hr = AsyncIOven_Finish_Bake(scene->call, &loaves);

    printf("  Finish_Bake: %s, %d loaves\n", uvcom_hresult_describe(hr), loaves);
}

/* The client does not wait. The server goes on, and its result is thrown away. */
static void cancel_at_once(struct scene *scene)
{
    puts("Cancel(0):");
    begin(scene, FALSE);
    show("Cancel", ICancelMethodCalls_Cancel(scene->cancel, 0));
    finish(scene);
    oven_open_door(); /* now it ends for the server too, and the next can begin */
    begin(scene, FALSE);
    oven_open_door();
    finish(scene);
}

/* The server is asked, and answers in time: its result stands. */
static void cancel_and_be_heard(struct scene *scene)
{
    puts("Cancel(10), and the server listens:");
    begin(scene, TRUE);
    show("Cancel", ICancelMethodCalls_Cancel(scene->cancel, 10));
    finish(scene);
}

/* The server is asked, and does not listen: after a second the client has waited long enough. */
static void cancel_and_lose_patience(struct scene *scene)
{
    puts("Cancel(1), and it does not:");
    begin(scene, FALSE);
    show("Cancel", ICancelMethodCalls_Cancel(scene->cancel, 1));
    finish(scene);
    oven_open_door();
}

/* The call object has been told how long a call may take. */
static void run_out_of_time(struct scene *scene)
{
    puts("a deadline, 50 milliseconds from now:");
    show("uvcom_call_set_timeout", uvcom_call_set_timeout(scene->call, 50));
    begin(scene, FALSE);
    finish(scene);
    oven_open_door();
}

/* ---- a plain call ---- */

struct baker {
    IOven *oven;
    DWORD thread;
    HRESULT hr;
    LONG loaves;
};

static void *bake_plainly(void *arg)
{
    struct baker *baker = arg;

    baker->hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (FAILED(baker->hr))
        return NULL;
    baker->thread = uvcom_thread_id();
    baker->hr = CoEnableCallCancellation(NULL);
    if (SUCCEEDED(baker->hr))
        baker->hr = IOven_Bake(baker->oven, FALSE, &baker->loaves);
    CoUninitialize();
    return NULL;
}

/* Somebody else's thread is blocked in a plain call, and has allowed that it is cancelled. */
static void cancel_a_thread(IOven *oven)
{
    struct baker baker = {.oven = oven, .loaves = -1};
    pthread_t thread;

    puts("CoCancelCall of a plain call:");
    if (pthread_create(&thread, NULL, bake_plainly, &baker) != 0)
        return;
    oven_await_start(); /* the server is in the method, so the client is in the call */
    show("CoCancelCall", CoCancelCall(baker.thread, 0));
    pthread_join(thread, NULL);
    printf("  Bake: %s, %d loaves\n", uvcom_hresult_describe(baker.hr), baker.loaves);
    oven_open_door();
}

static HRESULT run(void)
{
    static void (*const scenes[])(struct scene *) = {cancel_at_once, cancel_and_be_heard,
                                                     cancel_and_lose_patience, run_out_of_time};
    struct scene scene;
    IOven *oven;
    HRESULT hr = uvcom_register_class(&CLSID_Oven, oven_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_Oven, NULL, CLSCTX_INPROC_SERVER, &IID_IOven, (void **)&oven);
    if (FAILED(hr))
        return hr;
    for (size_t i = 0; SUCCEEDED(hr) && i < sizeof scenes / sizeof *scenes; i++) {
        hr = scene_open(&scene, oven);
        if (SUCCEEDED(hr)) {
            scenes[i](&scene);
            scene_close(&scene);
        }
    }
    if (SUCCEEDED(hr))
        cancel_a_thread(oven);
    IOven_Release(oven);
    return hr;
}

int main(void)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return 1;
    hr = run();
    CoUninitialize();
    return FAILED(hr);
}
