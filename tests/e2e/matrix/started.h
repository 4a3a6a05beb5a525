/*
 * started.h -- the methods of the matrix as Start_ functions: the same work, at another time and by
 * another thread.
 *
 * generate.py writes for each method a struct that begins with a `struct started` and goes on with
 * the parameters, a function that serves them, and the Start_ function, which fills one in.
 */
#ifndef TESTS_E2E_MATRIX_STARTED_H
#define TESTS_E2E_MATRIX_STARTED_H

#include <uvcom/operation.h>

enum started_when {
    AT_ONCE,   /* served and completed inside of Start_ */
    ELSEWHERE, /* served inside of Start_, completed by a thread that is in no apartment */
    LATER      /* served and completed by a thread of the multithreaded apartment */
};

struct started {
    struct started *next;
    uvcom_operation *operation;
    HRESULT (*serve)(struct started *started);
    HRESULT hr;
};

/* Zeroed; NULL: no memory. */
void *started_new(size_t size, uvcom_operation *operation,
                  HRESULT (*serve)(struct started *started));

/* Takes it. @return what Start_ returns */
HRESULT started_go(struct started *started);

/* How it is done from now on, with a thread if one is needed; and the end of that thread, when it
   has completed everything. */
void started_open(enum started_when when);
void started_close(void);

/* How many there were since started_open: a method that was called itself is none. */
size_t started_count(void);

#endif
