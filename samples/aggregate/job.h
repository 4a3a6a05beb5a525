/*
 * job.h -- an object of the client's own that a call object is a part of. Its ISynchronize is what
 * the call object resets, waits for and signals; what completion means is decided here.
 */
#ifndef SAMPLES_AGGREGATE_JOB_H
#define SAMPLES_AGGREGATE_JOB_H

#include <stdatomic.h>

#include <uvcom/uvcom.h>

#include "printer.h"

struct job {
    ISynchronize ISynchronize_iface; /* also the whole object's IUnknown */
    atomic_ulong references;
    IUnknown *inner;     /* the call object's own IUnknown: the one counted pointer */
    AsyncIPrinter *call; /* not counted: its references are this object's own */
    void (*completed)(struct job *job); /* on any thread; may finish, and give up references */
    void *context;                      /* of `completed` */
};

/*
 * Makes a job, and a call object inside of it.
 *
 * completed  is called when a call is over, and by whoever else calls Signal; NULL: nobody wants to
 *            know
 * job        [out] one reference
 */
HRESULT job_create(IPrinter *printer, void (*completed)(struct job *job), void *context,
                   struct job **job);

void job_add_ref(struct job *job);
void job_release(struct job *job);

#endif
