/*
 * uvcom/class.h -- registering a class by a function that makes its objects.
 *
 * The short form of CoRegisterClassObject: no class object has to be written, and the runtime keeps
 * the apartment in which the objects live. Clients find the class with CoCreateInstance and
 * CoGetClassObject as any other (uvcom/combase.h).
 */
#ifndef UVCOM_CLASS_H
#define UVCOM_CLASS_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/unknwn.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes one object of a class: what IClassFactory::CreateInstance does.
 *
 * @param outer  the controlling IUnknown of an aggregate, borrowed; NULL: the object stands alone
 * @param riid   the interface to return
 * @param ppv    [out] transfer; must be NULL on failure
 *
 * Called in the apartment in which the object will live: for UVCOM_APARTMENT_MULTITHREADED by
 * several threads at a time.
 *
 * @return S_OK, E_NOINTERFACE, E_OUTOFMEMORY, CLASS_E_NOAGGREGATION, or a code of the class's own,
 *         which the client receives unchanged
 */
typedef HRESULT (*uvcom_create_fn)(IUnknown *outer, REFIID riid, void **ppv);

/** Where the objects of a class live, and so which threads call their methods. */
typedef enum uvcom_apartment_kind {
    /* A thread with a loop that the runtime keeps, one for the class; its first client starts it.
       That loop is not handed out: a server that answers by timers or descriptors of its own adopts
       a loop and makes its object on that thread, as the head of uvcom/loop.h shows. */
    UVCOM_APARTMENT_OWN = 1,
    /* The multithreaded apartment: worker threads, many calls at a time. At most 64 methods run;
       one that waits for another call makes room for one more, up to 512 threads in all; further
       calls stay queued. When there is no thread to be had, a method's unlimited wait may run
       queued calls, so do not hold a lock while waiting that other methods want. 8 idle threads
       stay. */
    UVCOM_APARTMENT_MULTITHREADED = 2,
    /* The apartment of the thread that asks for the object, which gets a direct pointer. */
    UVCOM_APARTMENT_CALLER = 3,
    /* None: an object is made on the thread that asks for it and called on the thread of whoever
       calls it, several at a time, from every apartment directly (APT-11). It must be agile. A
       uvcom_object that is made by the create function is, and belongs to no apartment; one that
       it makes later, in its methods, is if its class has UVCOM_CLASS_AGILE. If the new object does
       not answer IAgileObject the client gets CO_E_NOT_SUPPORTED; with an outer object
       CLASS_E_NOAGGREGATION, which has an apartment where this has none. */
    UVCOM_APARTMENT_NEUTRAL = 4
} uvcom_apartment_kind;

/**
 * Puts a class on the process's table of classes.
 *
 * @param clsid   the class; copied
 * @param create  makes an object; must stay callable until uvcom_unregister_class
 *
 * Any thread, before or after CoInitializeEx; the registration outlives every CoUninitialize. On
 * failure nothing has changed.
 *
 * @return S_OK
 *         E_INVALIDARG         clsid or create is NULL, or there is no such kind
 *         CO_E_OBJISREG        the class is registered already, in either way
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT uvcom_register_class(REFCLSID clsid, uvcom_create_fn create,
                                       uvcom_apartment_kind kind);

/**
 * Takes a class of uvcom_register_class or uvcom_register_library off the table. Objects that exist
 * live on, and so does the apartment of their own, until the last CoUninitialize of the process.
 *
 * Any thread. A library stays loaded: see CoFreeUnusedLibraries. `create` may still be running, for
 * a client that asked before.
 *
 * @return S_OK
 *         E_INVALIDARG         clsid is NULL
 *         REGDB_E_CLASSNOTREG  no such class, or it was registered by CoRegisterClassObject
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 */
UVCOM_API HRESULT uvcom_unregister_class(REFCLSID clsid);

#ifdef __cplusplus
}
#endif

#endif
