/*
 * library_search.h -- classes that nobody has registered: found by the manifests in the folders of
 * components.
 */
#ifndef RUNTIME_LIBRARY_SEARCH_H
#define RUNTIME_LIBRARY_SEARCH_H

#include <uvcom/library.h>

struct class_entry;

/**
 * Looks for a class in the manifests, in the order that uvcom/library.h tells.
 *
 * Any thread, under no lock: reads files. What was found is remembered.
 *
 * @param entry  [out] transfer, one reference; NULL on failure
 *
 * @return S_OK, REGDB_E_CLASSNOTREG (no manifest has it); E_OUTOFMEMORY (also: there was none when
 * the program started, so that nobody knows the folders), RPC_E_OUT_OF_RESOURCES (no descriptor for
 * a folder or a manifest)
 */
HRESULT uvcom__library_search(REFCLSID clsid, struct class_entry **entry);

/** The end of a process's runtime: forgets what was found. */
void uvcom__library_search_forget(void);

/** An entry of the class table for a class of a library, not added to it. One reference, the
 * caller's. In library_register.c. @return S_OK, E_OUTOFMEMORY */
HRESULT uvcom__library_entry(const char *path, REFCLSID clsid, uvcom_threading_model model,
                             struct class_entry **entry);

#endif
