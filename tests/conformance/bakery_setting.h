/*
 * bakery_setting.h -- what the cases of SRV and AUTO have instead of a scene: a server that works
 * asynchronously, of any style (tests/e2e/ovens.h), and one call object.
 *
 * For SETTING_BARE: a case opens and closes it itself.
 */
#ifndef TESTS_CONFORMANCE_BAKERY_SETTING_H
#define TESTS_CONFORMANCE_BAKERY_SETTING_H

#include <uvcom/uvcom.h>

#include "tests/e2e/ovens.h"

struct shop {
    IBakery *server;
    AsyncIBakery *call;
};

extern struct shop shop;

/* A client in the multithreaded apartment. `is_near`: the object is there too, and called
   directly; else it has an apartment of its own. */
void shop_open(enum bakery_style style, bool is_near);
void shop_close(void);

AsyncIBakery *shop_call(void);
/* Finish_Bake with what it must come to. */
void shop_finish(AsyncIBakery *call, HRESULT hr, LONG bread);
/* Bake, from Begin_ to Finish_; the job is done on this thread if it comes to one. */
void shop_bake(void);
/* Waits until so many call objects by hand have ended. */
void shop_await_ends(int count);

/* A thread without an apartment does the jobs, with this result, until it is told to stop. */
void shop_hire(HRESULT hr);
void shop_fire(void);

#endif
