/*
 * press.c -- the server: an ordinary COM object. It prints nothing really, and knows nothing of
 * asynchrony.
 */
#include "press.h"

#include <stdlib.h>

#include "printer.h"

const CLSID CLSID_Press = {
    0x2c6fd0b4, 0x8e15, 0x4a9c, {0xb1, 0x07, 0x5d, 0xe2, 0x43, 0x98, 0x6f, 0x01}};

struct press {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    IPrinter IPrinter_iface;
    LONG pages;
};

UVCOM_OBJECT_IUNKNOWN(press, IPrinter)

static HRESULT STDMETHODCALLTYPE press_Print(IPrinter *iface, const char *text, LONG *page)
{
    if (text[0] == 0)
        return E_INVALIDARG;
    *page = ++press_from_IPrinter(iface)->pages;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE press_CountPages(IPrinter *iface, LONG *pages)
{
    *pages = press_from_IPrinter(iface)->pages;
    return S_OK;
}

static const IPrinterVtbl press_vtable = {
    .QueryInterface = press_IPrinter_QueryInterface,
    .AddRef = press_IPrinter_AddRef,
    .Release = press_IPrinter_Release,
    .Print = press_Print,
    .CountPages = press_CountPages,
};

static const uvcom_interface_entry press_interfaces[] = {UVCOM_OBJECT_ENTRY(press, IPrinter)};

static void press_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct press */
}

static const uvcom_class press_class = {
    .interfaces = press_interfaces,
    .interface_count = 1,
    .destroy = press_destroy,
};

HRESULT press_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct press *press;
    HRESULT hr;

    *ppv = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    press = calloc(1, sizeof *press);
    if (!press)
        return E_OUTOFMEMORY;
    uvcom_object_init(&press->object, &press_class);
    press->IPrinter_iface.lpVtbl = &press_vtable;
    hr = uvcom_object_QueryInterface(&press->object, riid, ppv);
    uvcom_object_Release(&press->object);
    return hr;
}
