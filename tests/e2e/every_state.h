/*
 * every_state.h -- calls in every state, for the tests of who goes meanwhile.
 *
 * A call object for each state, all of one server. Its apartment has one thread to serve with, so
 * what is begun behind a method that waits at the gate is queued. When somebody has gone, each call
 * object answers as its state says. STARTING and FINISHING are short, so for them there are objects
 * of the client's that are called in the middle of Begin_ and of Finish_.
 */
#ifndef TESTS_E2E_EVERY_STATE_H
#define TESTS_E2E_EVERY_STATE_H

#include "client.h"
#include "host.h"

enum state {
    IDLE,
    DONE,      /* and not collected */
    RUNNING,   /* its method waits at the gate */
    QUEUED,    /* behind it */
    CANCELED,  /* while it was queued */
    LATE,      /* its deadline has passed while it was queued */
    WATCHED,   /* queued, with a deadline that is far away */
    ABANDONED, /* queued, and released by its client */
    STATES
};

/* What the client has done with the call whose method is running. */
enum of_running { WAITED_FOR, GIVEN_UP, CALLED_OFF, TOO_LATE, OF_RUNNING };

struct every_state {
    AsyncIGated *calls[STATES];
    enum of_running of_running; /* set before every_state_begin */
    struct host *ending;        /* who goes; NULL: this thread, by CoUninitialize */
};

extern struct every_state every_state;

/* Fixtures, and their end. */
void every_state_open_multithreaded(void);
void every_state_open_single_threaded(void);
void every_state_leave(void);

/* Makes the call objects, and begins what there is to begin. RUNNING asks `ending` to end when the
   gate lets it go on. */
void every_state_begin(IGated *server);

/* Finish_ of one of them, and a second time. */
void every_state_finish(enum state state, HRESULT expected);
void every_state_finish_running(void);
/* Of all. `queued`: what has become of those behind the one that ran. */
void every_state_finish_all(HRESULT queued);
/* Begin_ of each that is left. */
void every_state_begin_again(HRESULT expected);
void every_state_release(void);

/* `ending` goes in the middle of a Begin_, and of a Finish_. `afterwards`: of the next Begin_. */
void every_state_end_while_starting(IGated *server, HRESULT afterwards);
void every_state_end_while_finishing(IGated *server, HRESULT afterwards);

/* A principal, which does something when it is released for the last time. */
struct principal {
    IUnknown unknown;
    atomic_int references;
    bool ends_others;    /* `ending` goes */
    AsyncIGated *begins; /* Add is begun here; NULL: not */
    HRESULT begun;
};

void principal_init(struct principal *principal);
ULONG STDMETHODCALLTYPE principal_release(IUnknown *This);

#endif
