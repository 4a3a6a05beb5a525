/*
 * interface_table.h -- the global interface table: what activation and the end of the process need
 * of it.
 */
#ifndef RUNTIME_INTERFACE_TABLE_H
#define RUNTIME_INTERFACE_TABLE_H

#include <uvcom/unknwn.h>

struct apartment;

/** The create function of its class (class_builtin.c): hands out the one table that there is. */
HRESULT uvcom__interface_table_create(IUnknown *outer, REFIID riid, void **ppv);

/** The end of a process's runtime: drops what was registered while this was its multithreaded
 * apartment. Once that has closed nothing more can be registered. */
void uvcom__interface_table_drop(const struct apartment *multithreaded);

#endif
