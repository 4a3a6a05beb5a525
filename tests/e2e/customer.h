/*
 * customer.h -- the client's side of the tests of asynchronous servers: fixtures for each style of
 * server and each way in which client and server can stand to each other.
 */
#ifndef TESTS_E2E_CUSTOMER_H
#define TESTS_E2E_CUSTOMER_H

#include "client.h"
#include "ovens.h"

enum customer_way {
    CUSTOMER_TO_OWN,        /* multithreaded, to an apartment of its own */
    CUSTOMER_SINGLE_TO_OWN, /* single-threaded, to an apartment of its own */
    CUSTOMER_SINGLE_TO_MTA, /* single-threaded, to the multithreaded apartment */
    CUSTOMER_SAME,          /* multithreaded, and the object too: no proxy */
    CUSTOMER_WAYS
};

/* What a fixture made. A test may release any of it and put NULL in its place. */
struct customer {
    enum customer_way way;
    IBakery *server;    /* a proxy or the object itself */
    AsyncIBakery *call; /* idle */
};

extern struct customer customer;

/* Without a fixture. */
void customer_open(enum customer_way way, enum bakery_style style);
void customer_close(void);

/* One TCase for each style, and for each of the ways up to that one, with all tests that `fill`
   adds. */
void customer_add_cases(Suite *suite, enum customer_way last, void (*fill)(TCase *tcase));
/* One TCase. */
void customer_add_case(Suite *suite, enum customer_way way, enum bakery_style style,
                       void (*fill)(TCase *tcase));

AsyncIBakery *customer_new_call(void);

/* A thread that does the jobs until it has been told to stop. */
void customer_hire(void);
void customer_fire(void);

#endif
