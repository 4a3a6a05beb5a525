/*
 * class_builtin.c -- the table of the classes that the runtime itself makes objects of.
 *
 * They are always there, without registration, and a class that was registered under one of these
 * ids comes first (activation.c). Their objects may be made and used in any apartment: the client
 * gets what the create function answers, on its own thread. The objects themselves are elsewhere.
 *
 * To add a class, add a row: the id, and a function as uvcom_register_class takes it. The function
 * is called on a thread that has an apartment, with ppv set to NULL.
 */
#include "runtime/class_builtin.h"

#include <uvcom/synchronize.h>

#include "runtime/class_table.h"
#include "runtime/container.h"
#include "runtime/event_object.h"
#include "runtime/interface_table.h"

/* The entry is static, so it has a reference of its own that is never given back. */
#define BUILTIN(clsid_, create_)                                                                   \
    {                                                                                              \
        &(clsid_),                                                                                 \
        {                                                                                          \
            .refs = {1}, .create = (create_), .kind = UVCOM_APARTMENT_CALLER                       \
        }                                                                                          \
    }

static struct {
    const CLSID *clsid;
    struct class_entry entry;
} builtin[] = {
    BUILTIN(CLSID_StdGlobalInterfaceTable, uvcom__interface_table_create),
    BUILTIN(CLSID_StdEvent, uvcom__std_event_create),
    BUILTIN(CLSID_ManualResetEvent, uvcom__manual_event_create),
    BUILTIN(CLSID_SynchronizeContainer, uvcom__container_create),
};

struct class_entry *uvcom__class_builtin(REFCLSID clsid)
{
    for (size_t i = 0; i < sizeof builtin / sizeof builtin[0]; i++) {
        if (IsEqualCLSID(clsid, builtin[i].clsid)) {
            uvcom__class_entry_add_ref(&builtin[i].entry);
            return &builtin[i].entry;
        }
    }
    return NULL;
}
