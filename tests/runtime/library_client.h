/*
 * library_client.h -- what the tests of server libraries share: the libraries' files, clients of
 * both kinds, and the struct that the libraries write to.
 *
 * Included by one file of each program: the struct is defined here.
 */
#ifndef TESTS_RUNTIME_LIBRARY_CLIENT_H
#define TESTS_RUNTIME_LIBRARY_CLIENT_H

#include <dlfcn.h>
#include <unistd.h>

#include <uvcom/uvcom.h>

#include "libraries/plain_server.h"
#include "place.h"
#include "runtime/platform.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define LIBRARY(name) LIBRARY_FOLDER "/" name ".so"

__attribute__((visibility("default"))) struct plain plain = {.gate = GATE_INITIALIZER,
                                                             .unload_gate = GATE_INITIALIZER};

static const CLSID clsid_place = {0x71e0c101, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};
static const CLSID clsid_other = {0x71e0c102, 0x2d4c, 0x4b7f, {0x80, 1, 1, 1, 1, 1, 1, 1}};

/* Where components are looked for: instead of the environment and the installed folder (--wrap). */
static const char *component_path, *component_folder = "/nowhere";
static bool component_path_is_lost;
const char *__wrap_uvcom__component_path(void);
bool __wrap_uvcom__component_path_is_lost(void);
const char *__wrap_uvcom__component_folder(void);

const char *__wrap_uvcom__component_path(void)
{
    return component_path;
}

bool __wrap_uvcom__component_path_is_lost(void)
{
    return component_path_is_lost;
}

const char *__wrap_uvcom__component_folder(void)
{
    return component_folder;
}

/* The clock, and how far a test has moved it (--wrap). */
static atomic_ullong moved_ns;
uint64_t __real_uvcom__now_ns(void);
uint64_t __wrap_uvcom__now_ns(void);

uint64_t __wrap_uvcom__now_ns(void)
{
    return __real_uvcom__now_ns() + atomic_load(&moved_ns);
}

static inline ULONG client_thread(void)
{
    return (ULONG)uvcom__thread_id();
}

static inline bool is_loaded(const char *path)
{
    void *handle = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);

    if (handle)
        dlclose(handle);
    return handle != NULL;
}

static inline HRESULT create(REFCLSID clsid, IPlace **place)
{
    return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IPlace, (void **)place);
}

static inline IPlace *created(REFCLSID clsid)
{
    IPlace *place;

    ck_assert_hr(create(clsid, &place), S_OK);
    ck_assert_ptr_nonnull(place);
    return place;
}

static inline ULONG thread_of(IPlace *place)
{
    ULONG thread = 0;

    ck_assert_hr(place->lpVtbl->GetThread(place, &thread), S_OK);
    return thread;
}

/* Whether it is the object that was made last, and no proxy. */
static inline bool is_direct(const IPlace *place)
{
    return place == atomic_load(&plain.latest);
}

static inline void in_no_apartment(void)
{
    plain.thread = client_thread;
    gate_open(&plain.unload_gate);
}

static inline void in_single_threaded(void)
{
    in_no_apartment();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
}

static inline void in_multithreaded(void)
{
    in_no_apartment();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

static inline void out_of_it(void)
{
    CoUninitialize();
    uvcom_unregister_class(&clsid_place);
    uvcom_unregister_class(&clsid_other);
    ck_assert_int_eq(atomic_load(&plain.objects), 0);
    ck_assert_int_eq(atomic_load(&plain.class_objects), 0);
    ck_assert_int_eq(atomic_load(&plain.loads), atomic_load(&plain.unloads));
    ck_assert_uint_eq(faults_live(), 0);
}

#endif
