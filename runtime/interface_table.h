/*
 * interface_table.h -- the global interface table: what activation and the end of the process need
 * of it.
 */
#ifndef RUNTIME_INTERFACE_TABLE_H
#define RUNTIME_INTERFACE_TABLE_H

#include <uvcom/base.h>

struct apartment;
struct class_entry;

/** The class of the table, referenced, if that is meant; else NULL. It is never registered. */
struct class_entry *uvcom__interface_table_class(REFCLSID clsid);

/** The end of a process's runtime: drops what was registered while this was its multithreaded
 * apartment. Once that has closed nothing more can be registered. */
void uvcom__interface_table_drop(const struct apartment *multithreaded);

#endif
