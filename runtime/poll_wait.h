/*
 * poll_wait.h -- waiting for descriptors, on any thread: an apartment's thread serves its incoming
 * calls meanwhile, a worker makes room for another one.
 */
#ifndef RUNTIME_POLL_WAIT_H
#define RUNTIME_POLL_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#include "runtime/platform.h"

enum { POLL_WAIT_SPARE = 1 }; /* entries after the last, for the apartment's bell */

struct poll_wait {
    uvcom__pollable *entries; /* room for `count` and POLL_WAIT_SPARE more */
    size_t count;
    bool was_interrupted; /* a signal's handler has ended the latest sleep */
};

/**
 * Waits until is_done(arg), which is asked before anything is dispatched, and whenever one of the
 * entries has become ready. It may change which descriptors the entries have.
 *
 * @param deadline_ns  as for uvcom__apartment_wait
 *
 * @return S_OK, RPC_E_TIMEOUT
 *         RPC_E_OUT_OF_RESOURCES  no descriptor for the apartment's bell, or the kernel cannot wait
 *                                 for so many
 */
HRESULT uvcom__poll_wait(struct poll_wait *wait, bool (*is_done)(void *arg), void *arg,
                         uint64_t deadline_ns);

#endif
