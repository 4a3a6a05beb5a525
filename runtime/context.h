/*
 * context.h -- what a call carries besides its parameters: causality, deadline, principal.
 *
 * Begin_ notes them down in the operation (context.c); a ticket has a copy, which outlives the
 * operation. What the calling thread adds, by running a call, by a principal of its own, by
 * impersonating, by a context that was switched in, is thread_context.c's.
 */
#ifndef RUNTIME_CONTEXT_H
#define RUNTIME_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <uvcom/base.h>
#include <uvcom/callcontext.h>

struct call;
struct operation;
struct uvcom_operation;

/* A principal of the application's, counted by us: so it can be passed on under a lock, where no
   AddRef may be called. The last holder releases the object, on its own thread. */
struct principal;

/* Captured by Begin_ (SEC-05). Zeroed memory may be dropped. */
struct call_values {
    GUID causality;
    uint64_t deadline_ns;        /* UVCOM__FOREVER: none */
    struct principal *principal; /* one reference; NULL: none */
};

/**
 * @param object  borrowed
 *
 * @return with one reference in *principal; NULL for NULL.
 *         S_OK, E_INVALIDARG (the object is not agile), E_OUTOFMEMORY
 */
HRESULT uvcom__principal_create(IUnknown *object, struct principal **principal);
/** NULL is allowed. */
struct principal *uvcom__principal_add_ref(struct principal *principal);
/** NULL is allowed. May call out: no lock may be held. */
void uvcom__principal_release(struct principal *principal);

/**
 * Fills the operation's values, just before its claim. What they were before has been dropped.
 *
 * @return S_OK; E_OUTOFMEMORY, RPC_E_OUT_OF_RESOURCES (the call has a deadline, and there is no
 *         thread to watch over it): nothing has been captured
 */
HRESULT uvcom__context_capture(struct call *call, struct operation *operation);

/** `to` is overwritten and gets a reference of its own on the principal. */
void uvcom__values_copy(struct call_values *to, const struct call_values *from);
/** Gives back what they hold; they are empty then, and may be dropped again. */
void uvcom__values_drop(struct call_values *values);

/** Milliseconds, rounded up; INFINITE for UVCOM__FOREVER, and never for anything else. */
DWORD uvcom__remaining_ms(uint64_t deadline_ns);

/** The facet of every ticket. */
extern const IUvcomCallContextVtbl uvcom__context_vtable;

/* ---- thread_context.c ---- */

/* What a thread has added since it began to run a call, or since it is there. Zeroes: nothing. */
struct context_scope {
    IUnknown *switched; /* by CoSwitchCallContext: borrowed, as COM has it */
    bool is_switched;
    bool is_impersonating;
    bool has_own;             /* `own` was set here, to NULL perhaps */
    struct principal *client; /* of the impersonation; one reference; NULL: the client had none */
    struct principal *own;    /* of uvcom_set_principal; one reference; NULL: none */
};

/** Ends an impersonation and forgets the rest. May call out. */
void uvcom__scope_end(struct context_scope *scope);

/** The calling thread leaves its apartment: what uvcom_set_principal gave it goes. */
void uvcom__context_thread_end(void);

/** What a call that this thread begins now is a part of. False: of nothing. */
bool uvcom__context_causality(GUID *id);

/** Whom a call that this thread begins now is made for. With a reference; NULL: nobody. */
struct principal *uvcom__context_principal(void);

#endif
