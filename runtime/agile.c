/*
 * agile.c -- see agile.h.
 *
 * Asks an object three things: whether it is one of our proxies (then the object behind it is
 * meant, never a proxy of a proxy), whether it may be used on any thread (IAgileObject), and for
 * the interface. No lock is held meanwhile.
 */
#include "runtime/agile.h"

#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#include "runtime/apartment.h"
#include "runtime/interfaces.h"
#include "runtime/proxy.h"
#include "runtime/target.h"

/* QueryInterface of an object that may break its own rules: a pointer exactly if it succeeds. */
static HRESULT ask(IUnknown *object, REFIID iid, IUnknown **iface)
{
    HRESULT hr;

    *iface = NULL;
    hr = object->lpVtbl->QueryInterface(object, iid, (void **)iface);
    if (SUCCEEDED(hr))
        return *iface ? hr : E_UNEXPECTED;
    *iface = NULL;
    return hr;
}

bool uvcom__is_agile(IUnknown *object)
{
    IUnknown *answer;

    if (FAILED(ask(object, &IID_IAgileObject, &answer)))
        return false;
    answer->lpVtbl->Release(answer);
    return true;
}

/* Of the interface or one that derives from it, if somebody has asked the object for that, else the
 * object itself. */
static struct target *best_target(struct target *object, REFIID iid)
{
    struct target *best = uvcom__target_answering(object, iid);

    return best ? best : object;
}

static HRESULT pack_own(IUnknown *iface, REFIID iid, struct target **target)
{
    struct apartment *home = uvcom__apartment_current();
    HRESULT hr;

    if (!home)
        return CO_E_NOTINITIALIZED;
    uvcom__apartment_add_ref(home); /* the object is asked, and may make this thread leave it */
    hr = uvcom__target_create(iface, iid, home, target);
    uvcom__apartment_release(home);
    return hr;
}

/* A proxy, as the object behind it. Takes over the reference. */
static HRESULT pack_proxy(struct target *object, REFIID iid, struct agile_pointer *packed)
{
    if (uvcom__target_is_gone(object)) {
        uvcom__target_release(object);
        return RPC_E_DISCONNECTED;
    }
    packed->target = best_target(object, iid); /* the reference is the object's */
    return S_OK;
}

HRESULT uvcom__agile_pack(IUnknown *pointer, REFIID iid, struct agile_pointer *packed)
{
    struct target *object;
    IUnknown *iface;
    HRESULT hr = uvcom__proxy_object(pointer, &object);

    *packed = (struct agile_pointer){NULL, NULL};
    if (FAILED(hr))
        return hr;
    if (object)
        return pack_proxy(object, iid, packed);
    hr = ask(pointer, iid, &iface);
    if (FAILED(hr))
        return hr;
    /* An object may answer with another's interface; that may be a proxy after all. */
    if (iface != pointer)
        hr = uvcom__proxy_object(iface, &object);
    if (SUCCEEDED(hr) && !object && uvcom__is_agile(iface)) {
        packed->direct = iface;
        return S_OK;
    }
    if (SUCCEEDED(hr))
        hr = object ? pack_proxy(object, iid, packed) : pack_own(iface, iid, &packed->target);
    iface->lpVtbl->Release(iface);
    return FAILED(hr) ? hr : S_OK;
}

/* That of the target if it will do: the one that it is of may not be loaded by itself. */
static const struct uvcom_interface *interface_of(struct target *target, REFIID iid)
{
    const struct uvcom_interface *own = uvcom__target_interface(target);

    return own && uvcom__interface_answers(own, iid) ? own : uvcom__interface_find(iid);
}

bool uvcom__agile_can_arrive(const struct agile_pointer *packed, REFIID iid,
                             const struct apartment *apartment)
{
    return packed->direct || uvcom__target_home(packed->target) == apartment ||
           interface_of(packed->target, iid);
}

static HRESULT unpack_at_home(struct target *target, REFIID iid, void **ppv)
{
    IUnknown *server = uvcom__target_server(target), *iface;
    HRESULT hr;

    if (!server)
        return RPC_E_DISCONNECTED;
    if (uvcom__target_is_of(target, iid)) {
        server->lpVtbl->AddRef(server);
        *ppv = server;
        return S_OK;
    }
    hr = ask(server, iid, &iface);
    *ppv = iface;
    return FAILED(hr) ? hr : S_OK;
}

static HRESULT unpack_proxy(struct target *target, REFIID iid, void **ppv)
{
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (uvcom__target_is_gone(target))
        return RPC_E_DISCONNECTED;
    hr = uvcom__proxy_get(target, iid, ppv);
    return FAILED(hr) ? hr : S_OK;
}

HRESULT uvcom__agile_unpack(const struct agile_pointer *packed, REFIID iid, void **ppv)
{
    IUnknown *iface;
    HRESULT hr;

    *ppv = NULL;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (packed->direct) {
        hr = ask(packed->direct, iid, &iface);
        *ppv = iface;
        return FAILED(hr) ? hr : S_OK;
    }
    if (uvcom__apartment_is_here(uvcom__target_home(packed->target)))
        return unpack_at_home(packed->target, iid, ppv);
    return unpack_proxy(packed->target, iid, ppv);
}

void uvcom__agile_drop(struct agile_pointer *packed)
{
    struct agile_pointer dropped = *packed;

    *packed = (struct agile_pointer){NULL, NULL};
    if (dropped.target)
        uvcom__target_release(dropped.target);
    if (dropped.direct)
        dropped.direct->lpVtbl->Release(dropped.direct);
}
