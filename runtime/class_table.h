/*
 * class_table.h -- who makes the objects of a class: the process's registrations, and their lives.
 *
 * A registration is a struct class_entry. It is either a *class object*, which
 * CoRegisterClassObject was given and which belongs to the apartment of the thread that registered
 * it, or a *create function*, which uvcom_register_class was given and which belongs to the
 * process.
 *
 * The table's lock is held for a few instructions and never across a call out of the runtime, so a
 * class object may register, revoke and activate whatever it likes from within its own methods.
 * What makes that safe are two counts in each entry:
 *
 *   refs   keep the memory. Any thread.
 *   holds  keep the class object. Taken and given back only in its own apartment, so that its last
 *          Release happens there, however late the last activation comes out of it. The
 * registration itself is the first hold; once they are 0 the class object cannot be had again.
 */
#ifndef RUNTIME_CLASS_TABLE_H
#define RUNTIME_CLASS_TABLE_H

#include <stdbool.h>

#include <uvcom/class.h>
#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "runtime/platform.h"

struct class_entry {
    struct class_entry *next; /* in its bucket; guarded by the table's lock, as is `listed` */
    bool listed;
    bool single_use; /* REGCLS_SINGLEUSE */
    bool taken;      /* and somebody has used it; guarded by the lock */
    CLSID clsid;
    DWORD context; /* CLSCTX_ bits for which it is found */
    DWORD cookie;  /* 0: a create function */
    uvcom__atomic32 refs;

    /* a class object */
    IUnknown *object;               /* one reference, given back with the last hold; NULL: none */
    struct apartment *home;         /* one reference */
    struct apartment_export export; /* in home's list; holds one of refs */
    uvcom__atomic32 holds;

    /* a create function */
    uvcom_create_fn create;
    uvcom_apartment_kind kind;
    struct apartment *own;    /* UVCOM_APARTMENT_OWN: one reference; NULL: not started, or
                                 gone; guarded by the lock */
    uvcom__atomic32 starting; /* 1 while a thread starts `own`; the others sleep on it */
};

/* ---- the entry ---- */

/** Zeroed but for the id, one reference. NULL: out of memory. */
struct class_entry *uvcom__class_entry_alloc(REFCLSID clsid);
void uvcom__class_entry_add_ref(struct class_entry *entry);
void uvcom__class_entry_release(struct class_entry *entry);

/** The class object, kept until _drop, borrowed; NULL: it has been revoked. Only at home. */
IUnknown *uvcom__class_entry_hold(struct class_entry *entry);
void uvcom__class_entry_drop(struct class_entry *entry);

/**
 * The apartment in which this class's objects are made for a client in `client`.
 *
 * @param home  [out] transfer, one reference. An apartment of the class's own is started when this
 * is the first that asks, and once only however many ask at the same time.
 *
 * @return S_OK, E_OUTOFMEMORY or what starting a thread came to, CO_E_NOTINITIALIZED (the class
 * wants the multithreaded apartment and there is none)
 */
HRESULT uvcom__class_entry_home(struct class_entry *entry, struct apartment *client,
                                struct apartment **home);

/** `gone` refused work: if it is the class's own apartment, the next activation starts another. */
void uvcom__class_entry_forget(struct class_entry *entry, const struct apartment *gone);

/* ---- the table ---- */

/**
 * Adds an entry, with a cookie if it has a class object. The table adds a reference of its own.
 *
 * @return S_OK; CO_E_OBJISREG: the class has a create function, or a class object in the same
 *         apartment; or this is a create function and the class has anything
 */
HRESULT uvcom__class_table_add(struct class_entry *entry);

/** Takes it off the table. True for the one caller that did it; the table's reference is now his.
 */
bool uvcom__class_table_remove(struct class_entry *entry);

/**
 * The registration that serves a client, referenced; NULL: none.
 *
 * A class object of the client's own apartment comes first, then the oldest. One of a single use is
 * used up by this.
 */
struct class_entry *uvcom__class_table_find(REFCLSID clsid, DWORD context,
                                            const struct apartment *client);

/** By what registering it returned. Referenced; NULL: none. */
struct class_entry *uvcom__class_table_find_cookie(DWORD cookie);
struct class_entry *uvcom__class_table_find_create(REFCLSID clsid);

/* ---- class_object.c ---- */

/**
 * The class object of a registration, by one of its interfaces. Only at home.
 *
 * For a create function this is a small IClassFactory around it, made afresh each time.
 *
 * @return S_OK, E_NOINTERFACE, E_OUTOFMEMORY, REGDB_E_CLASSNOTREG (revoked in the meantime)
 */
HRESULT uvcom__class_entry_get_object(struct class_entry *entry, REFIID riid, void **ppv);

/** Makes one object. Only at home. The codes are the class's own, or REGDB_E_CLASSNOTREG (revoked).
 */
HRESULT uvcom__class_entry_make(struct class_entry *entry, IUnknown *outer, REFIID riid,
                                void **ppv);

#endif
