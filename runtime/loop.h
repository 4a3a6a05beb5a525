/*
 * loop.h -- the tie between a libuv loop and the apartments that it serves.
 *
 * A port is one uv_async_t on one loop. Its callback serves the thread's single-threaded apartment,
 * if the thread has one, and the apartment of completion callbacks that every port has.
 */
#ifndef RUNTIME_LOOP_H
#define RUNTIME_LOOP_H

#include <stdbool.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

struct apartment;
struct loop_port;
struct uv_loop_s;

/* How many items one callback of the loop runs at most: then the loop's other handles have a turn.
 */
enum { LOOP_BATCH = 256 };

/**
 * Opens a port on a loop that the calling thread runs, or will run.
 *
 * @param loop   borrowed until the port is closed
 * @param calls  the apartment whose items the loop is to run too, referenced by the port; NULL:
 * none
 * @param port   [out] transfer to uvcom__port_close or _abandon; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_OUT_OF_RESOURCES
 */
HRESULT uvcom__port_open(struct uv_loop_s *loop, struct apartment *calls, struct loop_port **port);

/**
 * Closes the port and its apartment of completion callbacks, refusing what is queued there. On the
 * loop's thread. Outside the runtime's own callbacks it runs the loop until the handle is closed.
 */
void uvcom__port_close(struct loop_port *port);

/** The same when the thread ends: the loop is not touched, and the handle's memory stays for ever.
 */
void uvcom__port_abandon(struct loop_port *port);

/** Makes a loop of the port's own, with a port that keeps it running. As uvcom__port_open. */
HRESULT uvcom__port_open_own(struct apartment *calls, struct loop_port **port);

/** Runs such a loop until the apartment is told to end. On the thread that serves it. */
void uvcom__port_run_own(struct loop_port *port);

/** Wakes the loop of the apartment, if it has one. Any thread. */
void uvcom__port_send(struct apartment *apartment);

/** Tells libuv anew whether the port keeps the loop alive. On the loop's thread. */
void uvcom__port_update(struct loop_port *port);

/** Borrowed. */
struct apartment *uvcom__port_deliveries(const struct loop_port *port);

#endif
