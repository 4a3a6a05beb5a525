/*
 * manifest.h -- the text file that says which classes a server library has (format:
 * uvcom/library.h).
 *
 * Reading only: who registers them is library_register.c, who looks for one is library_search.c.
 */
#ifndef RUNTIME_MANIFEST_H
#define RUNTIME_MANIFEST_H

#include <stddef.h>

#include <uvcom/library.h>

struct manifest_library {
    struct manifest_library *next;
    char path[]; /* absolute */
};

struct manifest_class {
    CLSID clsid;
    uvcom_threading_model model;
    ULONG line;
    const struct manifest_library *library;
};

struct manifest {
    struct manifest_library *libraries;
    struct manifest_class *classes; /* in the order of the file */
    size_t class_count;
};

/**
 * Reads a manifest, all of it or nothing.
 *
 * @param path      absolute; relative names in it start at its folder
 * @param manifest  [out] transfer: for uvcom__manifest_free; zeroes on failure
 * @param problem   [out] zeroes on success, and what is wrong on failure; its texts are constant
 *
 * Any thread; takes no lock.
 *
 * @return S_OK
 *         CO_E_DLLNOTFOUND    there is no such file
 *         E_ACCESSDENIED      it may not be read
 *         RPC_E_INVALID_DATA  it is no manifest; problem->line says where, 0: the whole file
 *         E_OUTOFMEMORY
 */
HRESULT uvcom__manifest_read(const char *path, struct manifest *manifest,
                             uvcom_manifest_problem *problem);
void uvcom__manifest_free(struct manifest *manifest);

#endif
