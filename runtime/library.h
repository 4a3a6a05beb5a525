/*
 * library.h -- server libraries: the shared libraries that classes are loaded from.
 *
 * A record (struct library) is a path: it is there as long as a class names it, loaded or not. What
 * keeps the library itself in memory are *holds*. Whoever is going to call into it takes one
 * first: an activation on its way, a server object that others hold pointers to, a uvcom_object, a
 * class that the library has registered. What the runtime cannot see (direct pointers to other
 * objects, threads, callbacks) the library itself counts, and says so by DllCanUnloadNow.
 *
 * All functions: any thread, and under no lock of the runtime's, unless it says otherwise.
 */
#ifndef RUNTIME_LIBRARY_H
#define RUNTIME_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uvcom/library.h>

struct library;

/** Whether libraries may be named so: absolute, not too long, without a '$' (which the loader would
 * replace by other things). */
bool uvcom__library_is_path(const char *path);

/**
 * The record of a path: one for all that name it by the same bytes.
 *
 * @param library  [out] transfer, one reference; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY
 */
HRESULT uvcom__library_get(const char *path, struct library **library);

/** NULL is allowed. A library that is loaded stays so. */
void uvcom__library_release(struct library *library);

/* ---- holds ---- */

/**
 * Loads the library if it is not, and holds it.
 *
 * @return S_OK
 *         CO_E_DLLNOTFOUND  there is no such file
 *         CO_E_ERRORINDLL   it cannot be loaded, or has no DllGetClassObject
 *         RPC_E_OUT_OF_RESOURCES  there is no descriptor left to open it
 */
HRESULT uvcom__library_load(struct library *library);

/** Gives a hold back; NULL is allowed. Under any lock: calls nobody. */
void uvcom__library_drop(struct library *library);

/**
 * Holds the loaded library in which an address is. One that is being opened, so that its
 * constructors run, will be held once it is loaded; if there is no memory to remember that, it is
 * held for ever.
 *
 * @return the address, by which the hold is given back; NULL: it is in none, and nothing is held
 */
const void *uvcom__library_hold_of(const void *address);

/** Gives that hold back by the same address; NULL is allowed. Under any lock: calls nobody. */
void uvcom__library_drop_of(const void *address);

/** IClassFactory::LockServer: locks are counted, and keep a loaded library as holds do. */
void uvcom__library_lock(struct library *library, bool lock);

/** The same by an address that is held. */
void uvcom__library_lock_of(const void *address, bool lock);

/** Calls DllGetClassObject. The caller holds the library. */
HRESULT uvcom__library_class_object(struct library *library, REFCLSID clsid, REFIID riid,
                                    void **ppv);

/**
 * Unloads what nobody holds, what says that it can be, and what has not been used for so long since
 * it said so for the first time.
 */
void uvcom__library_free_unused(uint64_t delay_ns);

#endif
