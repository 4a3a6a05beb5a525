/*
 * class_table.h -- who makes the objects of a class: the process's registrations, and their lives.
 *
 * A registration is a struct class_entry. It is a *class object*, which CoRegisterClassObject was
 * given and which belongs to the apartment of the thread that registered it; or a *create function*
 * of uvcom_register_class, or a class of a *server library*, which belong to the process.
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
#include "runtime/class_home.h"
#include "runtime/library.h"
#include "runtime/platform.h"

struct class_entry {
    struct class_entry *next; /* in its bucket; guarded by the table's lock, as is `listed` */
    bool listed;
    bool single_use; /* REGCLS_SINGLEUSE */
    bool taken;      /* and somebody has used it; guarded by the lock */
    CLSID clsid;
    DWORD context; /* CLSCTX_ bits for which it is found */
    DWORD cookie;  /* 0: no class object */
    uvcom__atomic32 refs;

    /* a class object */
    IUnknown *object;               /* one reference, given back with the last hold; NULL: none */
    struct apartment *home;         /* one reference */
    struct apartment_export export; /* in home's list; holds one of refs */
    uvcom__atomic32 holds;

    /* a create function */
    uvcom_create_fn create;
    uvcom_apartment_kind kind;
    struct class_home own; /* UVCOM_APARTMENT_OWN */

    /* a class of a server library */
    struct library *library; /* one reference; NULL: it is none */
    uvcom_threading_model model;

    /* In the library that the class object or create function is in: one hold; NULL: in none */
    const void *keeper;
};

/* ---- the entry ---- */

/** Zeroed but for the id, one reference. NULL: out of memory. */
struct class_entry *uvcom__class_entry_alloc(REFCLSID clsid);
void uvcom__class_entry_add_ref(struct class_entry *entry);
void uvcom__class_entry_release(struct class_entry *entry);

/** The class object, kept until _drop, borrowed; NULL: it has been revoked. Only at home. */
IUnknown *uvcom__class_entry_hold(struct class_entry *entry);
void uvcom__class_entry_drop(struct class_entry *entry);

/* ---- the table ---- */

/**
 * Adds an entry, with a cookie if it has a class object. The table adds a reference of its own.
 *
 * @return S_OK; CO_E_OBJISREG: the class has a registration that belongs to the process, or a
 *         class object in the same apartment; or this one belongs to the process and the class has
 *         anything
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

/** By what registering it returned; by its id, if it belongs to the process. Referenced; NULL:
 * none.
 */
struct class_entry *uvcom__class_table_find_cookie(DWORD cookie);
struct class_entry *uvcom__class_table_find_lasting(REFCLSID clsid);

/* ---- class_home.c ---- */

/**
 * The apartment in which this class's objects are made for a client in `client`.
 *
 * @param home  [out] transfer, one reference. An apartment of the class's own, or one of those for
 * all libraries, is started when this is the first that asks, and once only however many ask at the
 * same time.
 *
 * @return S_OK, E_OUTOFMEMORY or what starting a thread came to, CO_E_NOTINITIALIZED (the class
 * wants the multithreaded apartment and there is none)
 */
HRESULT uvcom__class_entry_home(struct class_entry *entry, struct apartment *client,
                                struct apartment **home);

/** `gone` refused work: if it is an apartment that is started for the class, the next activation
 * starts another. */
void uvcom__class_entry_forget(struct class_entry *entry, const struct apartment *gone);

/** Whether the class belongs to no apartment: made and called on the thread of the client. */
bool uvcom__class_entry_is_neutral(const struct class_entry *entry);

/* ---- class_object.c ---- */

/**
 * The class object of a registration, by one of its interfaces. Only at home.
 *
 * For a create function this is a small IClassFactory around it, made afresh each time; for a class
 * of a library what DllGetClassObject gives, and around that the small IClassFactory if the class
 * is neutral.
 *
 * @return S_OK, E_NOINTERFACE, E_OUTOFMEMORY, REGDB_E_CLASSNOTREG (revoked in the meantime), or of
 *         a library the codes of uvcom__library_load and its own; CO_E_NOT_SUPPORTED (of a neutral
 *         class: an interface of a class object that is not agile)
 */
HRESULT uvcom__class_entry_get_object(struct class_entry *entry, REFIID riid, void **ppv);

/**
 * Makes one object. Only at home. The codes are the class's own, those of a library, or
 * REGDB_E_CLASSNOTREG (revoked), CLASS_E_NOAGGREGATION and CO_E_NOT_SUPPORTED (of a neutral class:
 * an outer object; an object that is not agile).
 */
HRESULT uvcom__class_entry_make(struct class_entry *entry, IUnknown *outer, REFIID riid,
                                void **ppv);

#endif
