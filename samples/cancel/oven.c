/*
 * oven.c -- an ordinary COM object. One method of it looks now and then whether its client still
 * wants the result.
 */
#include "oven.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include <uvcom/cancel.h>

#include "bakery.h"

const CLSID CLSID_Oven = {
    0xc7d20a01, 0x1e84, 0x4a6f, {0x8f, 0x51, 0x93, 0xb6, 0x0d, 0x2c, 0x4a, 0x01}};

struct oven {
    uvcom_object object;
    IOven IOven_iface;
};

UVCOM_OBJECT_IUNKNOWN(oven, IOven)

/* ---- the door ---- */

static struct {
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t changed;
    int openings; /* that no call of Bake has used yet */
    int starts;   /* of Bake, that nobody has waited for yet */
} door = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void oven_open_door(void)
{
    pthread_mutex_lock(&door.mutex);
    door.openings++;
    pthread_cond_broadcast(&door.changed);
    pthread_mutex_unlock(&door.mutex);
}

void oven_await_start(void)
{
    pthread_mutex_lock(&door.mutex);
    while (door.starts == 0)
        pthread_cond_wait(&door.changed, &door.mutex);
    door.starts--;
    pthread_mutex_unlock(&door.mutex);
}

static void note_start(void)
{
    pthread_mutex_lock(&door.mutex);
    door.starts++;
    pthread_cond_broadcast(&door.changed);
    pthread_mutex_unlock(&door.mutex);
}

/* Waits a hundredth of a second for the door. */
static BOOL has_opened(void)
{
    struct timespec until;
    BOOL is_open;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 10 * 1000 * 1000;
    if (until.tv_nsec >= 1000 * 1000 * 1000) {
        until.tv_nsec -= 1000 * 1000 * 1000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&door.mutex);
    while (door.openings == 0 && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&door.changed, &door.mutex, &until);
    is_open = door.openings > 0;
    if (is_open)
        door.openings--;
    pthread_mutex_unlock(&door.mutex);
    return is_open;
}

/* ---- the method ---- */

static HRESULT STDMETHODCALLTYPE oven_Bake(IOven *This, BOOL listens, LONG *loaves)
{
    (void)This;
    note_start();
    *loaves = 12;
    while (!has_opened()) {
        if (listens && CoTestCancel() == RPC_E_CALL_CANCELED) {
            *loaves = 3;
            break;
        }
    }
    return S_OK;
}

/* ---- the object ---- */

static const IOvenVtbl oven_vtable = {
    .QueryInterface = oven_IOven_QueryInterface,
    .AddRef = oven_IOven_AddRef,
    .Release = oven_IOven_Release,
    .Bake = oven_Bake,
};

static const uvcom_interface_entry oven_interfaces[] = {
    UVCOM_OBJECT_ENTRY(oven, IOven),
};

static void oven_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct oven */
}

static const uvcom_class oven_class = {
    .interfaces = oven_interfaces,
    .interface_count = 1,
    .destroy = oven_destroy,
};

HRESULT oven_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct oven *oven = outer ? NULL : calloc(1, sizeof *oven);
    HRESULT hr;

    *ppv = NULL;
    if (!oven)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&oven->object, &oven_class);
    oven->IOven_iface.lpVtbl = &oven_vtable;
    hr = uvcom_object_QueryInterface(&oven->object, riid, ppv);
    uvcom_object_Release(&oven->object);
    return hr;
}
