/*
 * carrier.c -- see carrier.h.
 */
#include "carrier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct carrier carrier;

static const CLSID CLSID_Carrier = {
    0x3c0f5b01, 0x7d5b, 0x4d6e, {0x9c, 0x11, 0x20, 0xa4, 0xb6, 0xf0, 0xd1, 0x01}};

/* ---- the server ---- */

HRESULT cargo_serve(const struct cargo_row *row, void *args)
{
    HRESULT hr;

    gate_wait(&carrier.gate);
    if (carrier.act) {
        carrier.act(args);
    } else {
        row->say_given(&carrier.seen, args);
        row->act(&carrier.maker, args);
        if (!carrier.maker.faults && SUCCEEDED(carrier.hr))
            row->say_got(&carrier.made, args);
    }
    hr = carrier.hr;
    gate_wait(&carrier.left);
    return hr;
}

struct carrier_object {
    uvcom_object object;
    ICarried ICarried_iface;
};

UVCOM_OBJECT_IUNKNOWN(carrier_object, ICarried)

static void carrier_destroy(uvcom_object *object)
{
    free(object); /* the first member */
}

static HRESULT STDMETHODCALLTYPE carrier_Borrowed(ICarried *This, ULONG n, const BYTE *in,
                                                  const char *text, ULONG *sum)
{
    (void)This;
    gate_wait(&carrier.gate);
    *sum = (ULONG)strlen(text);
    for (ULONG i = 0; i < n; i++)
        *sum += in[i];
    gate_wait(&carrier.left);
    return carrier.hr;
}

static HRESULT STDMETHODCALLTYPE carrier_Huge(ICarried *This, ULONGLONG n, const LONG *in,
                                              LONGLONG m, const LONG *odd, LONG *sum)
{
    (void)This;
    *sum = 0;
    for (ULONGLONG i = 0; i < n; i++)
        *sum += in[i];
    for (LONGLONG i = 0; i < 2 * m + 1; i++)
        *sum += odd[i];
    return carrier.hr;
}

static ICarriedVtbl vtbl = {
    .QueryInterface = carrier_object_ICarried_QueryInterface,
    .AddRef = carrier_object_ICarried_AddRef,
    .Release = carrier_object_ICarried_Release,
    .Huge = carrier_Huge,
    .Borrowed = carrier_Borrowed,
};

HRESULT carrier_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(carrier_object, ICarried)};
    static const uvcom_class class_ = {interfaces, 1, carrier_destroy, 0};
    struct carrier_object *object = outer ? NULL : calloc(1, sizeof *object);
    HRESULT hr;

    *ppv = NULL;
    if (!object)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&object->object, &class_);
    object->ICarried_iface.lpVtbl = &vtbl;
    hr = uvcom_object_QueryInterface(&object->object, riid, ppv);
    uvcom_object_Release(&object->object);
    return hr;
}

/* ---- the client ---- */

/* Not an assertion of Check's: the fuzzer runs without it. */
static void must(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "carrier: %s\n", what);
    abort();
}

void carrier_open(void)
{
    cargo_serve_flat(&vtbl);
    cargo_serve_deep(&vtbl);
    cargo_serve_texts(&vtbl);
    cargo_serve_objects(&vtbl);
    cargo_serve_nest(&vtbl);
    memset(&carrier, 0, sizeof carrier);
    gate_init(&carrier.gate);
    gate_init(&carrier.left);
    gate_open(&carrier.gate);
    gate_open(&carrier.left);
    must(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK, "there is an apartment already");
    must(uvcom_register_class(&CLSID_Carrier, carrier_create, UVCOM_APARTMENT_OWN) == S_OK,
         "the class cannot be registered");
    must(CoCreateInstance(&CLSID_Carrier, NULL, CLSCTX_INPROC_SERVER, &IID_ICarried,
                          (void **)&carrier.server) == S_OK,
         "no server");
    must(uvcom_create_call(carrier.server, &IID_AsyncICarried, (void **)&carrier.call) == S_OK,
         "no call object");
    carrier_reset(NULL, 0, false);
}

void carrier_close(void)
{
    gate_open(&carrier.gate);
    AsyncICarried_Release(carrier.call);
    ICarried_Release(carrier.server);
    CoUninitialize();
    must(uvcom_unregister_class(&CLSID_Carrier) == S_OK, "the class is in use");
    must(cargo_witnesses() == 0, "somebody keeps a witness");
    gate_fini(&carrier.gate);
    gate_fini(&carrier.left);
}

void carrier_reset(const unsigned char *data, size_t size, bool may_err)
{
    carrier.maker = (struct cargo_maker){
        .data = data,
        .size = size,
        .memory = CARGO_TASK,
        .outer = CARGO_TASK,
        .inner = CARGO_TASK,
        .is_server = true,
        .may_err = may_err,
    };
    carrier.left_before = carrier.left.arrived;
    carrier.act = NULL;
    carrier.hr = S_OK;
    carrier.seen.length = 0;
    carrier.seen.bytes[0] = 0;
    carrier.made.length = 0;
    carrier.made.bytes[0] = 0;
}

/* The server has one thread. A method that asks a witness lets others in meanwhile, so it must be
   over; then calls are taken in their order. */
void carrier_settle(void)
{
    ULONG sum;

    gate_await_arrived(&carrier.left, carrier.left_before + 1);
    (void)ICarried_Borrowed(carrier.server, 0, (const BYTE *)"", "", &sum);
}

/* ---- makers ---- */

struct cargo_maker carrier_client(enum cargo_memory outer, enum cargo_memory inner,
                                  const unsigned char *data, size_t size)
{
    return (struct cargo_maker){
        .data = data, .size = size, .memory = outer, .outer = outer, .inner = inner};
}
