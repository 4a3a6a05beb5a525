/*
 * viewer.c -- see viewer.h.
 */
#include "viewer.h"

#include <string.h>

static const CLSID CLSID_Far = {
    0x3c0f5a04, 0x7d5b, 0x4d6e, {0x9c, 0x11, 0x20, 0xa4, 0xb6, 0xf0, 0xd1, 0x01}};

struct viewer viewer;
struct person alice, bob;

/* ---- principals ------------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE person_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IAgileObject))
        return E_NOINTERFACE;
    IUnknown_AddRef(This);
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE person_AddRef(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct person *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE person_Release(IUnknown *This)
{
    return (ULONG)atomic_fetch_sub(&((struct person *)This)->references, 1) - 1;
}

static const IUnknownVtbl person_vtbl = {person_QueryInterface, person_AddRef, person_Release};

/* ---- around a test --------------------------------------------------------------------------- */

void viewer_open(void)
{
    memset(&viewer, 0, sizeof viewer);
    alice = bob = (struct person){.unknown.lpVtbl = &person_vtbl, .references = 1};
    ck_assert_hr(uvcom_register_class(&CLSID_Far, gated_create, UVCOM_APARTMENT_OWN), S_OK);
    gate_open(&gated.gate);
}

void viewer_close(void)
{
    ck_assert_hr(uvcom_unregister_class(&CLSID_Far), S_OK);
    client_release(viewer.kept);
    ck_assert_int_eq(atomic_load(&alice.references), 1);
    ck_assert_int_eq(atomic_load(&bob.references), 1);
}

void viewer_run(HRESULT (*hook)(LONG number), LONG number)
{
    gated.hook = hook;
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, number), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
}

/* ---- inside methods -------------------------------------------------------------------------- */

IUvcomCallContext *viewer_current(void)
{
    void *context = NULL;

    return SUCCEEDED(CoGetCallContext(&IID_IUvcomCallContext, &context)) ? context : NULL;
}

static void look_at(IUvcomCallContext *context, struct view *view)
{
    IUnknown *principal = NULL;

    view->context = context;
    IUvcomCallContext_GetCausalityId(context, &view->id);
    view->remained = IUvcomCallContext_GetRemainingTime(context, &view->remaining);
    view->tested = IUvcomCallContext_TestCancel(context);
    view->asked = IUvcomCallContext_GetPrincipal(context, &IID_IUnknown, (void **)&principal);
    view->principal = principal;
    client_release(principal);
}

void viewer_look(struct view *view)
{
    void *context = NULL;

    *view = (struct view){0};
    view->got = CoGetCallContext(&IID_IUvcomCallContext, &context);
    if (SUCCEEDED(view->got))
        look_at(context, view);
    client_release(context);
}

HRESULT viewer_look_at_it(LONG number)
{
    viewer_look(&viewer.seen[number]);
    return S_OK;
}

HRESULT viewer_look_and_keep(LONG number)
{
    viewer_look(&viewer.seen[number]);
    viewer.kept = viewer_current();
    return S_OK;
}

HRESULT viewer_wait_and_look(LONG number)
{
    gate_wait(&gated.gate);
    viewer_look(&viewer.seen[number]);
    return S_OK;
}

IGated *viewer_far(void)
{
    IGated *made = NULL;

    CoCreateInstance(&CLSID_Far, NULL, CLSCTX_INPROC_SERVER, &IID_IGated, (void **)&made);
    return made;
}
