/*
 * incoming_call.h -- a call that arrives at a server with call objects of its own.
 */
#ifndef RUNTIME_INCOMING_CALL_H
#define RUNTIME_INCOMING_CALL_H

#include <stdbool.h>

#include <uvcom/unknwn.h>

struct operation;
struct uvcom_operation;

/**
 * Has the server's own call object serve the operation, if it makes one for the interface. In the
 * server's apartment; never waits for the call's end.
 *
 * @return true: the operation is consumed, and the call ends when the server says so; false: the
 *         server has no call object for this, and its method is to be run (AUTO-02, AUTO-07)
 */
bool uvcom__incoming_call_serve(struct operation *operation);

/**
 * The client's call for which a server makes a call object with this outer object; so that the
 * server's hold on its own call is one on the client's.
 *
 * @param outer  borrowed: pCtrlUnk of CreateCall, or NULL
 *
 * @return borrowed from the outer object; NULL: that is not the runtime's
 */
struct uvcom_operation *uvcom__incoming_call_ticket(IUnknown *outer);

#endif
