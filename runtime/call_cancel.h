/*
 * call_cancel.h -- ICancelMethodCalls of call objects, and the same for the call of one epoch.
 */
#ifndef RUNTIME_CALL_CANCEL_H
#define RUNTIME_CALL_CANCEL_H

#include <stdint.h>

#include <uvcom/objidl.h>

struct call;

extern const ICancelMethodCallsVtbl uvcom__call_cancel_vtable;

/**
 * ICancelMethodCalls::Cancel.
 *
 * @param call   the caller's own reference or pin keeps it
 * @param epoch  of the call that is meant; UVCOM__CALL_ANY_EPOCH: whichever is in progress
 */
HRESULT uvcom__call_cancel(struct call *call, uint64_t epoch, ULONG seconds);

/** ICancelMethodCalls::TestCancel, likewise. */
HRESULT uvcom__call_test_cancel(struct call *call, uint64_t epoch);

#endif
