/*
 * host.c -- the server of unions and rings. What it gives out are whole blocks of CoTaskMemAlloc,
 * and a tag says what is in its union. A method that fails leaves the rest to the runtime.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "party.h"

const CLSID CLSID_Host = {
    0x5d90b302, 0x84c2, 0x4e0f, {0xa1, 0xb6, 0x27, 0xf3, 0xc8, 0xd0, 0x5e, 0x01}};

struct host {
    uvcom_object object;
    IParty IParty_iface;
};

UVCOM_OBJECT_IUNKNOWN(host, IParty)

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = CoTaskMemAlloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

/* Only the arm that the tag names is there; the others must not be looked at. */
static HRESULT STDMETHODCALLTYPE host_Invite(IParty *iface, const contact *whom, reply *answer)
{
    (void)iface;
    answer->kind = whom->kind;
    switch (whom->kind) {
    case CONTACT_PHONE:
        answer->what.minutes = whom->where.phone % 10;
        return S_OK;
    case CONTACT_MAIL:
        if (!whom->where.mail) /* nothing in the IDL forbids it */
            return E_INVALIDARG;
        answer->what.text = copy_text(whom->where.mail);
        return answer->what.text ? S_OK : E_OUTOFMEMORY;
    default:
        return S_FALSE;
    }
}

/* A [ptr] may be NULL, and what a client sends need not be a ring. If each guest is the left one of
   the one to the right, the walk must come back to the first. */
static HRESULT count_guests(const guest *first, ULONG *count)
{
    const guest *one = first;

    for (*count = 0; one && (*count == 0 || one != first); one = one->right) {
        if (!one->left || !one->right || one->right->left != one)
            return E_INVALIDARG;
        ++*count;
    }
    return S_OK;
}

/* Puts a copy of one guest to the left of the first, which is the end of the ring. */
static HRESULT seat(guest **first, const guest *original)
{
    guest *one = CoTaskMemAlloc(sizeof *one);

    if (!one)
        return E_OUTOFMEMORY;
    *one = (guest){.left = one, .right = one};
    if (*first) {
        one->right = *first;
        one->left = (*first)->left;
        one->left->right = one;
        one->right->left = one;
    } else {
        *first = one;
    }
    one->name = copy_text(original->name ? original->name : "");
    return one->name ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE host_Turn(IParty *iface, guest *first, ULONG *count,
                                           guest **turned)
{
    const guest *one = first;
    HRESULT hr = count_guests(first, count);

    (void)iface;
    *turned = NULL;
    for (ULONG i = 0; i < *count && SUCCEEDED(hr); i++) {
        one = one->left;
        hr = seat(turned, one);
    }
    return hr;
}

/* ---- the object ---- */

static const IPartyVtbl party_vtable = {
    .QueryInterface = host_IParty_QueryInterface,
    .AddRef = host_IParty_AddRef,
    .Release = host_IParty_Release,
    .Invite = host_Invite,
    .Turn = host_Turn,
};
static const uvcom_interface_entry host_interfaces[] = {UVCOM_OBJECT_ENTRY(host, IParty)};

static void host_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct host */
}

static const uvcom_class host_class = {
    .interfaces = host_interfaces,
    .interface_count = 1,
    .destroy = host_destroy,
};

HRESULT host_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct host *host = outer ? NULL : calloc(1, sizeof *host);
    HRESULT hr;

    *ppv = NULL;
    if (!host)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&host->object, &host_class);
    host->IParty_iface.lpVtbl = &party_vtable;
    hr = uvcom_object_QueryInterface(&host->object, riid, ppv);
    uvcom_object_Release(&host->object);
    return hr;
}
