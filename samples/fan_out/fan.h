/*
 * fan.h -- a thousand call objects, half of them for each office, and the two ways to hear of their
 * completions.
 */
#ifndef SAMPLES_FAN_OUT_FAN_H
#define SAMPLES_FAN_OUT_FAN_H

#include <uvcom/loop.h>

#include "census.h"

enum { CALLS = 1000 };

/* Call object i is for district i. They are made once and used in every round. */
struct fan {
    AsyncICensus *calls[CALLS];
    unsigned finished; /* of this round */
    LONG people;
    HRESULT hr; /* of the first call that failed, else S_OK */
};

HRESULT fan_open(struct fan *fan);
void fan_close(struct fan *fan);

/* Begins all calls of a round; none has been finished before. */
HRESULT fan_begin(struct fan *fan);

/* Collects one result and adds it up. */
void fan_finish(struct fan *fan, AsyncICensus *call);

/* One round each: on return all calls are finished, or one has failed. */
HRESULT fan_round_with_callbacks(struct fan *fan, uv_loop_t *loop);
HRESULT fan_round_with_container(struct fan *fan, ISynchronizeContainer *container);

#endif
