/*
 * client.h -- the client's side of the call tests: fixtures for each way in which client and server
 * can stand to each other, and threads for the tests that need more than one.
 *
 * A fixture makes the apartment, the server and one call object; its end releases them and asserts
 * that nothing is left: no object, no memory, nobody inside a method. Checked fixtures only: there
 * must be no thread before Check forks.
 */
#ifndef TESTS_E2E_CLIENT_H
#define TESTS_E2E_CLIENT_H

#include <pthread.h>

#include <uvcom/uvcom.h>

#include "gated.h"
#include "gated_server.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

/* What a fixture made. A test may release any of it and put NULL in its place. */
struct client {
    IGated *server;     /* a proxy or the object itself */
    AsyncIGated *call;  /* idle */
    ISynchronize *sync; /* of the call object */
};

extern struct client client;

/* Which of the ways: or-ed together, all of it must be so. */
enum {
    CLIENT_ANY = 0,
    CLIENT_TO_OWN = 1,          /* the server lives in an apartment of its own */
    CLIENT_SINGLE_THREADED = 2, /* the client is in a single-threaded apartment */
    CLIENT_MULTITHREADED = 4    /* it is in the multithreaded one */
};

/* Adds one TCase for each of those ways, with all tests that `fill` adds. */
void client_add_cases(Suite *suite, unsigned which, void (*fill)(TCase *tcase));
/* One TCase: a client in the multithreaded apartment, a server in an apartment of its own. */
void client_add_case(Suite *suite, const char *name, void (*fill)(TCase *tcase));

/* Another call object for the same server; one reference. */
AsyncIGated *client_new_call(void);
/* Its ISynchronize; one reference. */
ISynchronize *client_synchronize(void *call);
/* Any interface of any object; one reference. Fails the test if there is none. */
void *client_query(void *object, REFIID iid);
void client_release(void *object);

/* Begins Enter and waits until the server is inside. */
void client_begin_enter(AsyncIGated *call, LONG value);

/* A factor for the counts of race tests: UVCOM_RACE_FACTOR in the environment, else 1. */
size_t client_race_factor(void);

/* A thread of the test that runs one function, in the multithreaded apartment unless `bare`. */
struct helper {
    pthread_t thread;
    void (*run)(void *arg);
    void *arg;
    bool bare;
};

void helper_start(struct helper *helper, void (*run)(void *arg), void *arg);
/* On a thread that never calls CoInitializeEx. */
void helper_start_bare(struct helper *helper, void (*run)(void *arg), void *arg);
void helper_join(struct helper *helper);
/* Runs it on a bare thread and waits for the end. */
void helper_run_bare(void (*run)(void *arg), void *arg);
void helper_run(void (*run)(void *arg), void *arg);

#endif
