/*
 * ticket.h -- the server's hold on one call: what uvcom_operation and IUvcomCallContext are.
 *
 * Made only when somebody asks for it (a Start_ function, CoGetCallContext), so a call whose server
 * knows nothing of all this costs nothing. It outlives the operation: after the call is over it
 * answers so.
 *
 * Two counts. `references` are the handles of a server that works asynchronously: with the last one
 * goes the only way to complete the call, so that is an end too. `shares` keep the memory: all
 * handles together are one, the operation is one, each pointer to the context is one.
 */
#ifndef RUNTIME_TICKET_H
#define RUNTIME_TICKET_H

#include <stdbool.h>

#include <uvcom/callcontext.h>
#include <uvcom/operation.h>

#include "runtime/apartment.h"
#include "runtime/context.h"
#include "runtime/platform.h"

struct call;
struct operation;

enum ticket_state {
    TICKET_OPEN,     /* the operation is the server's; whoever moves on from here completes it */
    TICKET_LEAVING,  /* its apartment closes: that thread is at the operation just now */
    TICKET_GIVEN_UP, /* the server has completed it meanwhile: that thread ends the operation */
    TICKET_CLAIMED,  /* somebody is completing it */
    TICKET_OVER
};

struct uvcom_operation {
    IUvcomCallContext context; /* its vtable is in context.c */
    uvcom__atomic32 references;
    uvcom__atomic32 shares;
    uvcom__atomic32 state;            /* a ticket_state */
    uvcom__atomic32 was_refused;      /* not 0: the call was over before it was completed */
    struct call *call;                /* pinned */
    uint64_t epoch;                   /* of the call */
    struct operation *operation;      /* not looked at by anybody but the one who has claimed it */
    struct apartment *home;           /* where Start_ was called, one reference; NULL: the method
                                         is run in the usual way */
    struct apartment *keeper;         /* with whose end the call ends: home, or of an agile server
                                         that was given no pointers its target's; borrowed from
                                         either; NULL: no home */
    struct apartment_export export;   /* in the keeper's list */
    struct uvcom_operation *upstream; /* one share: the client's call, when this one is of a call
                                         object that the server made for it; or NULL */
    struct call_values values;        /* a copy (uvcom__values_copy), dropped with the ticket */
};

/**
 * The operation's ticket, made now if there was none. Where the operation is the server's.
 *
 * @return with a share; NULL: out of memory
 */
struct uvcom_operation *uvcom__ticket_of(struct operation *operation);

/**
 * The ticket of an operation whose Start_ function is called next, in this apartment. If that
 * closes while the ticket is open, the call ends with RPC_E_DISCONNECTED. An agile server is at
 * home in the multithreaded one, so there the call lives on, unless it has interface pointers as
 * parameters: those are good in this apartment only.
 *
 * @param ticket  [out] two handles: the caller's and the Start_ function's
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED, CO_E_NOTINITIALIZED (in no apartment)
 */
HRESULT uvcom__ticket_open(struct operation *operation, struct uvcom_operation **ticket);

/**
 * After a Start_ function that has failed: the operation is the caller's again, as it was before
 * uvcom__ticket_open, and no handle reaches it any more.
 *
 * @return false: somebody has completed it
 */
bool uvcom__ticket_take_back(struct uvcom_operation *ticket);

/** Another share of the memory, or one less. Any thread. @return how many there are, for
 * diagnostics only */
uint32_t uvcom__ticket_keep(struct uvcom_operation *ticket);
uint32_t uvcom__ticket_forget(struct uvcom_operation *ticket);

/** The operation is about to be completed: nobody who has its ticket reaches it any more. By
 * whoever may complete it. Does nothing if it has no ticket. */
void uvcom__ticket_close(struct operation *operation);

/** TICKET_OVER: the server has said that the call is over, although it is not completed yet; or
 * TICKET_OPEN again. Of a ticket without handles. Any thread. */
void uvcom__ticket_mark(struct uvcom_operation *ticket, enum ticket_state state);

/** Any thread. */
bool uvcom__ticket_is_over(struct uvcom_operation *ticket);

#endif
