/*
 * object.c -- uvcom_object: the reference count, the interface table and the ICallFactory of a
 * server object written in C.
 *
 * The object knows the apartment that it was made in. That is all it takes for an ordinary
 * synchronous object to be callable asynchronously: the factory that it answers makes call objects
 * whose calls run at home, in the queue of a single-threaded apartment or on a worker of the
 * multithreaded one. An object made on a thread without an apartment, and one that is agile,
 * belongs to none and is called on the multithreaded apartment that is there when the call object
 * is made. An interface whose entry has a table of Start_ functions is different: its call objects
 * call those, where they are begun.
 *
 * Set of interfaces (COM-02): the class's table, then ICallFactory unless the table has its own or
 * the class declines, then IAgileObject if the class says so. Every interface pointer reaches the
 * same table, so QueryInterface is reflexive, symmetric and transitive however it is entered. The
 * first table entry is also the IUnknown, the object's identity (COM-01).
 *
 * Not here: what a call object is (call.c), and how a class is found (class_table.c).
 */
#include <uvcom/object.h>

#include <stdint.h>

#include "runtime/apartment.h"
#include "runtime/factory.h"
#include "runtime/fatal.h"
#include "runtime/interfaces.h"
#include "runtime/library.h"
#include "runtime/neutral.h"
#include "runtime/object.h"
#include "runtime/platform.h"

/*
 * The public struct may not say _Atomic (it is read by C++ too), so the count is a LONG there and
 * is only ever touched through this type here.
 */
_Static_assert(sizeof(uvcom__atomic32) == sizeof(((uvcom_object *)0)->refs),
               "the count of uvcom_object is one 32-bit atomic");
_Static_assert(_Alignof(uvcom__atomic32) <= _Alignof(uvcom_object),
               "the count of uvcom_object is aligned for an atomic");

/* Above this an AddRef aborts; the other half of the range is room for threads that race to here.
 */
#define REFS_LIMIT 0x7FFFFFFFu

/*
 * What the count stands at while destroy runs: destroy may hand out the object once more (to remove
 * it from a list, say), and the Release that follows must not start a second destruction.
 */
#define REFS_DESTROYING 0x40000000u

/* What an object remembers of its beginning. */
enum {
    MARK_NEUTRAL = 1, /* a neutral class made it: it answers IAgileObject */
    MARK_LIBRARY = 2  /* it holds the server library that its class is in */
};

static uvcom__atomic32 *object_refs(uvcom_object *object)
{
    return (uvcom__atomic32 *)(void *)&object->refs;
}

/*
 * The address is computed as an integer: the offset is a difference that wraps when the interface
 * stands before the uvcom_object in the struct, which is allowed.
 */
static IUnknown *object_interface(uvcom_object *object, const uvcom_interface_entry *entry)
{
    return (IUnknown *)((uintptr_t)object + (uintptr_t)entry->offset);
}

static IUnknown *object_identity(uvcom_object *object)
{
    if (object->class_->interface_count == 0)
        return (IUnknown *)&object->factory;
    return object_interface(object, &object->class_->interfaces[0]);
}

static bool object_is_agile(const uvcom_object *object)
{
    return object->class_->flags & UVCOM_CLASS_AGILE || object->marks & MARK_NEUTRAL;
}

/* Borrowed; NULL: the object has no such interface. */
static IUnknown *object_find(uvcom_object *object, REFIID riid)
{
    const uvcom_class *class_ = object->class_;

    if (IsEqualIID(riid, &IID_IUnknown))
        return object_identity(object);
    for (size_t i = 0; i < class_->interface_count; i++) {
        if (IsEqualIID(riid, class_->interfaces[i].iid))
            return object_interface(object, &class_->interfaces[i]);
    }
    if (IsEqualIID(riid, &IID_ICallFactory) && !(class_->flags & UVCOM_CLASS_NO_CALL_FACTORY))
        return (IUnknown *)&object->factory;
    if (IsEqualIID(riid, &IID_IAgileObject) && object_is_agile(object))
        return object_identity(object); /* it has no methods but those of IUnknown */
    return NULL;
}

/* ---- the ICallFactory inside the object ---- */

static uvcom_object *object_from_factory(ICallFactory *iface)
{
    return (uvcom_object *)((char *)iface - offsetof(uvcom_object, factory));
}

static HRESULT STDMETHODCALLTYPE object_factory_QueryInterface(ICallFactory *This, REFIID riid,
                                                               void **ppv)
{
    return uvcom_object_QueryInterface(object_from_factory(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE object_factory_AddRef(ICallFactory *This)
{
    return uvcom_object_AddRef(object_from_factory(This));
}

static ULONG STDMETHODCALLTYPE object_factory_Release(ICallFactory *This)
{
    return uvcom_object_Release(object_from_factory(This));
}

static bool is_asynchronous(const uvcom_class *class_)
{
    for (size_t i = 0; i < class_->interface_count; i++)
        if (class_->interfaces[i].starts)
            return true;
    return false;
}

static const uvcom_interface_entry *entry_of(const uvcom_class *class_, REFIID iid)
{
    for (size_t i = 0; i < class_->interface_count; i++)
        if (IsEqualIID(iid, class_->interfaces[i].iid))
            return &class_->interfaces[i];
    return NULL;
}

/*
 * The interface's own table of Start_ functions; or that of one that derives from it, for which the
 * object gives the same pointer: inherited functions come first in a table, as in a vtable.
 */
static const void *starts_of(const uvcom_class *class_, const struct uvcom_interface *interface)
{
    const uvcom_interface_entry *own = entry_of(class_, interface->id.iid);

    if (!own || own->starts)
        return own ? own->starts : NULL;
    for (size_t i = 0; i < class_->interface_count; i++) {
        const uvcom_interface_entry *entry = &class_->interfaces[i];
        const struct uvcom_interface *other = NULL;

        if (entry->starts && entry->offset == own->offset)
            other = uvcom__interface_find(entry->iid);
        if (other && uvcom__interface_answers(other, interface->id.iid))
            return entry->starts;
    }
    return NULL;
}

static HRESULT STDMETHODCALLTYPE object_factory_CreateCall(ICallFactory *This, REFIID riid,
                                                           IUnknown *pCtrlUnk, REFIID riid2,
                                                           IUnknown **ppv)
{
    const struct uvcom_interface *interface = NULL;
    uvcom_object *object = object_from_factory(This);
    struct create_call request = {riid, pCtrlUnk, riid2, ppv, NULL};

    if (riid && is_asynchronous(object->class_))
        interface = uvcom__interface_find_async(riid);
    if (interface)
        request.starts = starts_of(object->class_, interface);
    return uvcom__factory_create_call(object_identity(object), object->apartment, &request);
}

static const ICallFactoryVtbl object_factory_vtbl = {
    object_factory_QueryInterface,
    object_factory_AddRef,
    object_factory_Release,
    object_factory_CreateCall,
};

bool uvcom__object_is_factory(const ICallFactory *factory)
{
    return factory->lpVtbl == &object_factory_vtbl;
}

bool uvcom__object_is_asynchronous(ICallFactory *factory)
{
    return is_asynchronous(object_from_factory(factory)->class_);
}

const void *uvcom__object_starts(ICallFactory *factory, const struct uvcom_interface *interface)
{
    return starts_of(object_from_factory(factory)->class_, interface);
}

/* ---- the object ---- */

void uvcom_object_init(uvcom_object *object, const uvcom_class *class_)
{
    struct apartment *apartment;

    object->class_ = class_;
    object->marks = uvcom__neutral_is_set() ? MARK_NEUTRAL : 0;
    if (uvcom__library_hold_of(class_))
        object->marks |= MARK_LIBRARY;
    apartment = object_is_agile(object) ? NULL : uvcom__apartment_current();
    object->factory.lpVtbl = &object_factory_vtbl;
    object->apartment = apartment;
    if (apartment)
        uvcom__apartment_add_ref(apartment);
    uvcom__store32(object_refs(object), 1, UVCOM__RELAXED);
}

HRESULT uvcom_object_QueryInterface(uvcom_object *object, REFIID riid, void **ppv)
{
    IUnknown *iface;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    iface = object_find(object, riid);
    if (!iface)
        return E_NOINTERFACE;
    uvcom_object_AddRef(object);
    *ppv = iface;
    return S_OK;
}

ULONG uvcom_object_AddRef(uvcom_object *object)
{
    uint32_t before = uvcom__add32(object_refs(object), 1, UVCOM__RELAXED);

    if (before == 0)
        uvcom__fatal("AddRef of an object that was not initialised");
    if (before >= REFS_LIMIT)
        uvcom__fatal("an object has too many references");
    return before + 1;
}

ULONG uvcom_object_Release(uvcom_object *object)
{
    uint32_t before = uvcom__add32(object_refs(object), -1, UVCOM__ACQ_REL);
    const uvcom_class *class_;
    struct apartment *apartment;
    bool holds_library;

    if (before == 0)
        uvcom__fatal("Release of an object that has no reference left");
    if (before != 1)
        return before - 1;

    class_ = object->class_;
    apartment = object->apartment;
    holds_library = object->marks & MARK_LIBRARY;
    uvcom__store32(object_refs(object), REFS_DESTROYING, UVCOM__RELAXED);
    if (class_->destroy)
        class_->destroy(object);
    /* Last: destroy may still give back things that belong to the apartment. `object` is gone now.
     */
    if (apartment)
        uvcom__apartment_release(apartment);
    if (holds_library)
        uvcom__library_drop_of(class_);
    return 0;
}
