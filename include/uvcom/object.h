/*
 * uvcom/object.h -- a server object in C: reference count, interface table, a place in an
 * apartment.
 *
 *     struct shop {
 *         uvcom_object object;
 *         IPriceSource IPriceSource_iface;
 *         double base;
 *     };
 *     UVCOM_OBJECT_IUNKNOWN(shop, IPriceSource)
 *
 *     static const IPriceSourceVtbl shop_vtbl = {
 *         shop_IPriceSource_QueryInterface, shop_IPriceSource_AddRef, shop_IPriceSource_Release,
 *         shop_GetPrice};
 *     static const uvcom_interface_entry shop_interfaces[] = {
 *         UVCOM_OBJECT_ENTRY(shop, IPriceSource)};
 *     static const uvcom_class shop_class = {shop_interfaces, 1, shop_destroy, 0};
 *
 * The object then answers ICallFactory too, so that it can be called asynchronously although it
 * knows nothing of that. It is for C; a C++ class implements its abstract interfaces by itself.
 * Aggregation is not here: an object that is part of another counts references on its own.
 */
#ifndef UVCOM_OBJECT_H
#define UVCOM_OBJECT_H

#include <stddef.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct uvcom_object uvcom_object;

/** One interface of a class: its id, and where its vtable pointer stands in the object's struct. */
typedef struct uvcom_interface_entry {
    const IID *iid;
    size_t offset;      /* bytes from the uvcom_object; wraps round for an interface before it */
    const void *starts; /* an AsyncIFooServer: see UVCOM_OBJECT_ASYNC_ENTRY; NULL: none */
} uvcom_interface_entry;

/* uvcom_class.flags: the object answers ICallFactory only if its own table has it. */
#define UVCOM_CLASS_NO_CALL_FACTORY 0x1u
/* The object answers IAgileObject: other apartments get a direct pointer to it and no proxy, so its
   methods, and its end, may come on any thread, several at a time. It belongs to no apartment;
   asynchronous calls to it run in the multithreaded one. */
#define UVCOM_CLASS_AGILE 0x2u

/** What all objects of a class have in common. Constant. */
typedef struct uvcom_class {
    const uvcom_interface_entry *interfaces; /* the first one is also the object's IUnknown */
    size_t interface_count;
    /*
     * Ends the object, with the last Release, on that thread: frees what it owns and the struct
     * around it. NULL: nothing is freed (an object in static memory).
     */
    void (*destroy)(uvcom_object *object);
    unsigned flags; /* UVCOM_CLASS_ */
} uvcom_class;

/** A member of the server object's struct. Only the functions below touch its fields. */
struct uvcom_object {
    const uvcom_class *class_;
#if !defined(__cplusplus) || defined(CINTERFACE)
    ICallFactory factory; /* what QueryInterface(IID_ICallFactory) answers */
#else
    const void *factory; /* the same: an abstract class cannot be a member */
#endif
    void *apartment; /* the runtime's */
    LONG refs;
    ULONG marks; /* the runtime's */
};

/**
 * Begins an object's life with one reference, the caller's, in the apartment of this thread.
 *
 * Calls that the runtime delivers to it come in that apartment. On a thread without one (a unit
 * test of the object alone, say) it belongs to none, and asynchronous calls run in the
 * multithreaded apartment; an object of UVCOM_CLASS_AGILE never belongs to one.
 *
 * The lpVtbl of each interface is the class's own to set. Cannot fail.
 *
 * @param class_  borrowed as long as the object lives
 */
UVCOM_API void uvcom_object_init(uvcom_object *object, const uvcom_class *class_);

/**
 * Answers IUnknown (always with the first entry of the table: COM-01), each interface of the table,
 * ICallFactory unless UVCOM_CLASS_NO_CALL_FACTORY is set, and IAgileObject if UVCOM_CLASS_AGILE is.
 *
 * @param ppv  [out] transfer: one reference; NULL on failure
 *
 * Any thread that may use the object.
 *
 * @return S_OK, E_NOINTERFACE, E_POINTER (ppv is NULL), E_INVALIDARG (riid is NULL)
 */
UVCOM_API HRESULT uvcom_object_QueryInterface(uvcom_object *object, REFIID riid, void **ppv);

/**
 * Adds a reference. Any thread. A count out of its range ends the program: the memory is about to
 * be used after its end.
 *
 * @return the count, for diagnostics only (COM-03)
 */
UVCOM_API ULONG uvcom_object_AddRef(uvcom_object *object);

/**
 * Gives a reference back; the last one calls the class's destroy, on this thread. Any thread.
 *
 * @return the count, for diagnostics only; 0: the object is gone
 */
UVCOM_API ULONG uvcom_object_Release(uvcom_object *object);

/* A row of the interface table: the interface's own id, or that of one it inherits from. */
#define UVCOM_OBJECT_ENTRY(class_, interface_) UVCOM_OBJECT_ENTRY_AS(class_, interface_, interface_)
#define UVCOM_OBJECT_ENTRY_AS(class_, interface_, base_)                                           \
    {                                                                                              \
        &IID_##base_,                                                                              \
            offsetof(struct class_, interface_##_iface) - offsetof(struct class_, object), NULL    \
    }

/*
 * The same for an interface whose calls the object serves asynchronously: `starts_` points to its
 * AsyncIFooServer, which lives as long as the class (<uvcom/operation.h>). Call objects for the
 * interface then call the Start_ functions: for a client of the object's own apartment inside its
 * Begin_ and on its thread, for all others in the object's apartment. The methods themselves are
 * called by clients of the same apartment that make a plain call, and in the place of Start_
 * functions that are NULL. (AUTO-03, AUTO-05)
 *
 * An entry for a base of this interface need not repeat that: UVCOM_OBJECT_ENTRY_AS(shop,
 * IPriceSource2, IPriceSource) beside UVCOM_OBJECT_ASYNC_ENTRY(shop, IPriceSource2, &starts) has
 * the inherited part of `starts`.
 */
#define UVCOM_OBJECT_ASYNC_ENTRY(class_, interface_, starts_)                                      \
    {                                                                                              \
        &IID_##interface_,                                                                         \
            offsetof(struct class_, interface_##_iface) - offsetof(struct class_, object), starts_ \
    }

/*
 * For `struct shop` with the members `object` and `IPriceSource_iface`: defines
 * shop_from_IPriceSource(IPriceSource *), and the first three functions of the vtable,
 * shop_IPriceSource_QueryInterface, shop_IPriceSource_AddRef, shop_IPriceSource_Release.
 * No semicolon after it: ISO C has none outside of a function (-Wpedantic).
 */
#define UVCOM_OBJECT_IUNKNOWN(class_, interface_)                                                  \
    static inline struct class_ *class_##_from_##interface_(interface_ *iface)                     \
    {                                                                                              \
        return (struct class_ *)(void *)((char *)iface -                                           \
                                         offsetof(struct class_, interface_##_iface));             \
    }                                                                                              \
                                                                                                   \
    static inline HRESULT STDMETHODCALLTYPE class_##_##interface_##_QueryInterface(                \
        interface_ *iface, REFIID riid, void **ppv)                                                \
    {                                                                                              \
        return uvcom_object_QueryInterface(&class_##_from_##interface_(iface)->object, riid, ppv); \
    }                                                                                              \
                                                                                                   \
    static inline ULONG STDMETHODCALLTYPE class_##_##interface_##_AddRef(interface_ *iface)        \
    {                                                                                              \
        return uvcom_object_AddRef(&class_##_from_##interface_(iface)->object);                    \
    }                                                                                              \
                                                                                                   \
    static inline ULONG STDMETHODCALLTYPE class_##_##interface_##_Release(interface_ *iface)       \
    {                                                                                              \
        return uvcom_object_Release(&class_##_from_##interface_(iface)->object);                   \
    }

#ifdef __cplusplus
}
#endif

#endif
