/*
 * uvcom/library.h -- server libraries: classes in shared libraries that are loaded when a client
 * asks for one.
 *
 * The library exports DllGetClassObject and, to be unloaded again, DllCanUnloadNow, as in COM.
 * UVCOM_SERVER_LIBRARY writes both. In shop.c of the README at the top of the project, at the end:
 *
 *     #include <uvcom/library.h>
 *
 *     static const CLSID CLSID_Shop = {
 *         0x0d7e6a44, 0x1c2b, 0x4f3d, {0x8e, 0x5a, 0x10, 0x22, 0x9b, 0x7c, 0x64, 0xe1}};
 *     static const uvcom_library_class shop_classes[] = {{&CLSID_Shop, shop_create}};
 *     UVCOM_SERVER_LIBRARY(shop_classes)
 *
 * Beside it a manifest, shop.manifest, which says what is in the library:
 *
 *     uvcom-manifest 1
 *     library shop.so
 *     class 0d7e6a44-1c2b-4f3d-8e5a-10229b7c64e1 Both
 *
 * The library is compiled with
 *
 *     uvidl price.idl
 *     cc -shared -fPIC -Wl,-z,defs -o shop.so shop.c price_i.c price_p.c \
 *         $(pkg-config --cflags --libs uvcom)
 *
 * where -z defs makes a function that is missing the linker's error; else it ends the program that
 * calls it. Build systems write libshop.so unless they are told: with meson it is
 * shared_module('shop', ..., name_prefix: '', link_args: '-Wl,-z,defs'), with CMake
 * add_library(shop MODULE ...) and set_target_properties(shop PROPERTIES PREFIX ""). A client finds
 * the class without registering anything when its environment says where to look,
 * UVCOM_COMPONENT_PATH=/the/folder/of/both, or when both files are in the folder that
 * `pkg-config --variable=componentdir uvcom` names.
 *
 * Threading models. The class says which threads its objects can stand; the client's apartment
 * then decides where an object lives, and so whether the client has it directly or by proxy:
 *
 *     model        client's apartment is single-threaded   client's is the multithreaded one
 *     (none)       main apartment, proxy                   main apartment, proxy
 *     Apartment    the client's, direct                    host apartment, proxy
 *     Free         the multithreaded one, proxy            the multithreaded one, direct
 *     Both         the client's, direct                    the multithreaded one, direct
 *     Neutral      none, direct                            none, direct
 *
 * The main and the host apartment are one thread each, with a loop, that the runtime starts for the
 * first object and that ends with the last CoUninitialize. (In COM the main apartment is the first
 * single-threaded one of the program. Here it never is, since a thread of the program's own need
 * not ever serve.) An object in one of them that creates others of the same model gets them
 * directly. Neutral objects are those of UVCOM_APARTMENT_NEUTRAL; see uvcom/class.h. Who has an
 * object directly calls it without a call context (the head of uvcom/context.h).
 *
 * Server libraries are trusted as the program itself is: their code runs in it.
 */
#ifndef UVCOM_LIBRARY_H
#define UVCOM_LIBRARY_H

#include <stddef.h>

#include <uvcom/base.h>
#include <uvcom/class.h>
#include <uvcom/hresult.h>

#ifdef __cplusplus
extern "C" {
#endif

/** COM's threading models. */
typedef enum uvcom_threading_model {
    UVCOM_THREADING_MAIN = 1, /* none: all objects of all such classes on one thread */
    UVCOM_THREADING_APARTMENT = 2,
    UVCOM_THREADING_FREE = 3,
    UVCOM_THREADING_BOTH = 4,
    UVCOM_THREADING_NEUTRAL = 5
} uvcom_threading_model;

/* ---- the client's side ----------------------------------------------------------------------- */

/**
 * Puts one class of a library on the process's table of classes. The library is not touched before
 * a client asks for the class.
 *
 * @param path   of the library, absolute and without a '$', at most 4095 bytes; copied
 * @param clsid  the class; copied
 *
 * Any thread, before or after CoInitializeEx; the registration outlives every CoUninitialize, and
 * uvcom_unregister_class ends it. On failure nothing has changed.
 *
 * CoGetClassObject and CoCreateInstance then answer, beside their own codes,
 *
 *     CO_E_DLLNOTFOUND    there is no such file
 *     CO_E_ERRORINDLL     it cannot be loaded, or exports no DllGetClassObject
 *     CO_E_NOT_SUPPORTED  the model is Neutral and the new object is not agile, or the class object
 *                         is not, of which another interface than IClassFactory was asked for
 *     RPC_E_OUT_OF_RESOURCES  no file descriptor is left to open it
 *
 * and whatever DllGetClassObject answered, unchanged.
 *
 * @return S_OK
 *         E_INVALIDARG         such a path is refused, clsid is NULL, or there is no such model
 *         CO_E_OBJISREG        the class is registered already, in whatever way
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT uvcom_register_library(const char *path, REFCLSID clsid,
                                         uvcom_threading_model model);

/** What is wrong with a manifest. */
typedef struct uvcom_manifest_problem {
    ULONG line;       /* counted from 1; 0: nothing, or the file as a whole */
    const char *text; /* constant English text, never freed; NULL: nothing is wrong */
} uvcom_manifest_problem;

/**
 * Puts all classes of a manifest on the table, as uvcom_register_library does, or none.
 *
 * A manifest is a text file of at most 64 KiB. Its lines, ended by LF or CR LF, are
 *
 *     uvcom-manifest 1          the first one
 *     library FILE              absolute, or relative to the folder of the manifest (as its path
 *                               names it: symbolic links are not resolved); it goes to the end of
 *                               the line and may have blanks in it, but no '$'
 *     class ID MODEL            of the library above it, any number; the id is 32 hexadecimal
 *                               digits in five groups, in braces or not; the model is Apartment,
 *                               Free, Both, Neutral or left out
 *     # text                    not read, as are empty lines
 *
 * Blanks and tabs at the ends of a line and between words do not count. Anything else is refused:
 * other words, a class twice, control bytes, a library without a file, a file that is no regular
 * one.
 *
 * @param path     of the manifest, as a library's path
 * @param problem  [out] NULL is allowed
 *
 * Any thread, as uvcom_register_library. On failure none of its classes is registered.
 *
 * @return S_OK
 *         E_INVALIDARG         such a path is refused
 *         CO_E_DLLNOTFOUND     there is no such file
 *         E_ACCESSDENIED       it may not be read
 *         RPC_E_INVALID_DATA   it is not a manifest; `problem` says why
 *         CO_E_OBJISREG        the class in line problem->line is registered already
 *         RPC_E_OUT_OF_RESOURCES  no file descriptor is left
 *         CO_E_NOTINITIALIZED  the process is a child made by fork after the runtime was used
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT uvcom_register_manifest(const char *path, uvcom_manifest_problem *problem);

/*
 * Without any registration: a class that is on no table is looked for in the files *.manifest of
 * the folders of UVCOM_COMPONENT_PATH (separated by colons), and then of the folder in which
 * components are installed, in the order of their names; the first that has it is taken. Only
 * absolute folders count, and never the current one. The variable is copied when the program starts
 * (without the memory for that every search answers E_OUTOFMEMORY); a program that was started with
 * rights which its caller does not have (set-user-id and the like) ignores it. A manifest that is
 * wrong is passed over. What is not: when there is no memory or no descriptor to look with, that is
 * the answer, E_OUTOFMEMORY or RPC_E_OUT_OF_RESOURCES. What was found is remembered until the last
 * CoUninitialize; a class that was not found is looked for again each time. With UVCOM_DEBUG it
 * says on standard error what it passed over, did not find, or could not load.
 */

/**
 * Unloads the libraries that nobody has used for a while.
 *
 * A library is unloaded if all of this is true: the runtime knows of nothing of it (a class object
 * or object of uvcom_object, an object that others hold proxies to, a call to one, a class that the
 * library has registered, a lock of IClassFactory::LockServer); its DllCanUnloadNow answers S_OK;
 * and that has been so since an earlier call, `delay` ago. One that exports no DllCanUnloadNow
 * stays. The delay is there because a thread that has just released the last object may still be
 * on its way out of the library's code; COM has it for the same reason. The last CoUninitialize
 * does the same with a delay of 0. What is in use then stays loaded.
 *
 * Unloaded is not always unmapped. Once a proxy or a call object was made by generated code
 * (foo_p.c) that is in the library, its code stays in memory until the process ends, and its static
 * variables keep their values if it is loaded again. The oldest copy is the one that is used: if
 * the client's program has foo_p.c too, the library can go completely.
 *
 * What the runtime cannot see is the library's own business: DllCanUnloadNow must answer S_FALSE
 * while it has threads, callbacks that it asked for, thread-specific keys with destructors, or
 * objects that are not of uvcom_object. Destructors of thread_local variables of C++ keep the
 * library mapped by themselves.
 *
 * On a thread that has an apartment; elsewhere it does nothing. DllCanUnloadNow and the library's
 * destructors run on this thread.
 *
 * @param dwUnloadDelay  milliseconds; 0: now, if the caller knows that no other thread is in
 *                       such a library; INFINITE: ten minutes
 * @param dwReserved     0
 */
UVCOM_API void CoFreeUnusedLibrariesEx(DWORD dwUnloadDelay, DWORD dwReserved);

/** CoFreeUnusedLibrariesEx with the delay of ten minutes. */
UVCOM_API void CoFreeUnusedLibraries(void);

/* ---- the library's side ---------------------------------------------------------------------- */

/**
 * What every server library exports.
 *
 * @param clsid  the class
 * @param riid   the interface of its class object, usually IID_IClassFactory
 * @param ppv    [out] transfer; NULL on failure
 *
 * Called in the apartment in which the objects will live, by several threads at a time if that is
 * the multithreaded one.
 *
 * @return S_OK, CLASS_E_CLASSNOTAVAILABLE (no such class here), E_NOINTERFACE, E_OUTOFMEMORY, or a
 *         code of the library's own
 */
UVCOM_API HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID riid, void **ppv);

/** @return S_OK: the library may be unloaded; S_FALSE: it is in use. Any thread. */
UVCOM_API HRESULT STDMETHODCALLTYPE DllCanUnloadNow(void);

/** One class of a server library. */
typedef struct uvcom_library_class {
    const CLSID *clsid;
    uvcom_create_fn create; /* as for uvcom_register_class */
} uvcom_library_class;

/**
 * DllGetClassObject for a table of create functions: makes a class object that has IClassFactory.
 * Its LockServer locks the library that `classes` is in. `classes` must stay as long as that.
 *
 * @return S_OK, CLASS_E_CLASSNOTAVAILABLE (none of these), E_NOINTERFACE, E_OUTOFMEMORY, E_POINTER
 *         (ppv is NULL), E_INVALIDARG (another NULL), CO_E_NOTINITIALIZED (a forked child)
 */
UVCOM_API HRESULT uvcom_library_class_object(const uvcom_library_class *classes, size_t count,
                                             REFCLSID clsid, REFIID riid, void **ppv);

/*
 * Both exports, for an array of uvcom_library_class, without a semicolon after it (-Wpedantic). A
 * library that has what the runtime cannot see, as above, writes DllCanUnloadNow itself.
 */
#define UVCOM_SERVER_LIBRARY(classes_)                                                             \
    HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID riid, void **ppv)           \
    {                                                                                              \
        return uvcom_library_class_object(classes_, sizeof(classes_) / sizeof(classes_)[0], clsid, \
                                          riid, ppv);                                              \
    }                                                                                              \
                                                                                                   \
    HRESULT STDMETHODCALLTYPE DllCanUnloadNow(void)                                                \
    {                                                                                              \
        return S_OK;                                                                               \
    }

#ifdef __cplusplus
}
#endif

#endif
