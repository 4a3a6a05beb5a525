/*
 * kept_server.c -- see kept_server.h.
 */
#include "kept_server.h"

#include <stdlib.h>
#include <string.h>

#include <uvcom/oleauto.h>
#include <uvcom/uvcom.h>

struct kept_server kept_server;

struct kept {
    uvcom_object object;
    IKept IKept_iface;
};

UVCOM_OBJECT_IUNKNOWN(kept, IKept)

static BSTR text_of_two(void)
{
    return SysAllocString(u"ab");
}

static HRESULT STDMETHODCALLTYPE kept_Names(IKept *This, kept_names *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Objects(IKept *This, kept_objects *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Choice(IKept *This, kept_choice *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Numbers(IKept *This, kept_numbers *a)
{
    (void)This;
    a->n = kept_server.number ? (ULONG)kept_server.number : a->n;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Counted(IKept *This, counted *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Counts(IKept *This, shared_count *a)
{
    LONG *count = CoTaskMemAlloc(sizeof *count);

    (void)This;
    *count = 1;
    for (int i = 0; i < 2; i++) {
        a[i].count = count;
        a[i].data = CoTaskMemAlloc(sizeof *a[i].data);
        a[i].data[0] = text_of_two();
    }
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Kinds(IKept *This, shared_kind *a)
{
    (void)This;
    for (int i = 0; i < 2 && kept_server.number; i++)
        *a[i].kind = kept_server.number;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_LateCount(IKept *This, late_count *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_LateKind(IKept *This, late_kind *a)
{
    (void)This;
    (void)a;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Wide(IKept *This, ULONGLONG *tag, wide_arm *a)
{
    (void)This;
    *tag = 0x8000000000000005 + (ULONGLONG)kept_server.number;
    if (kept_server.number == 0)
        a->text = text_of_two();
    else
        a->number = KEPT_NUMBER;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Sum(IKept *This, LONG *tag, kept_arm *a)
{
    (void)This;
    *tag = kept_server.number;
    a->number = KEPT_NUMBER;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Length(IKept *This, ULONG n, LONG *length, element *a)
{
    (void)This;
    (void)n;
    (void)a;
    *length = kept_server.number;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_First(IKept *This, ULONG n, ULONG *first, element *a)
{
    (void)This;
    (void)n;
    (void)a;
    *first = (ULONG)kept_server.number;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Open(IKept *This, open_end *a)
{
    (void)This;
    a->n = (ULONG)kept_server.number;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Text(IKept *This, ULONG n, char *text)
{
    (void)This;
    memset(text, 'x', n - 1);
    text[n - 1] = 0;
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Parts(IKept *This, part *a, part *b, LONG *sum)
{
    (void)This;
    *sum = a->data == b->data ? 1 : 0;
    for (ULONG i = 0; i < b->n; i++)
        *sum += b->data[i];
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Matrices(IKept *This, matrix *a, matrix *b, LONG *sum)
{
    (void)This;
    (void)a;
    *sum = 0;
    for (ULONG i = 0; i < b->n; i++)
        *sum += b->rows[0][i];
    return kept_server.hr;
}

static HRESULT STDMETHODCALLTYPE kept_Loops(IKept *This, ULONG n, BSTR **i, BSTR **j)
{
    (void)This;
    return SysStringLen(i[n - 1][n - 1]) == 2 && SysStringLen(j[n - 1][n - 1]) == 2 ? S_OK : E_FAIL;
}

static const IKeptVtbl vtbl = {
    .QueryInterface = kept_IKept_QueryInterface,
    .AddRef = kept_IKept_AddRef,
    .Release = kept_IKept_Release,
    .Names = kept_Names,
    .Objects = kept_Objects,
    .Choice = kept_Choice,
    .Numbers = kept_Numbers,
    .Counted = kept_Counted,
    .OneOfThem = kept_Counted,
    .Counts = kept_Counts,
    .Kinds = kept_Kinds,
    .LateCount = kept_LateCount,
    .LateKind = kept_LateKind,
    .Wide = kept_Wide,
    .Sum = kept_Sum,
    .Length = kept_Length,
    .First = kept_First,
    .Open = kept_Open,
    .Text = kept_Text,
    .Parts = kept_Parts,
    .Matrices = kept_Matrices,
    .Loops = kept_Loops,
};

static void kept_destroy(uvcom_object *object)
{
    free(object); /* the first member */
}

HRESULT kept_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(kept, IKept)};
    static const uvcom_class class_ = {interfaces, 1, kept_destroy, 0};
    struct kept *object = calloc(1, sizeof *object);
    HRESULT hr;

    (void)outer;
    *ppv = NULL;
    if (!object)
        return E_OUTOFMEMORY;
    uvcom_object_init(&object->object, &class_);
    object->IKept_iface.lpVtbl = &vtbl;
    hr = uvcom_object_QueryInterface(&object->object, riid, ppv);
    uvcom_object_Release(&object->object);
    return hr;
}
