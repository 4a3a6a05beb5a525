/*
 * setting.h -- the settings that a case is run in: how its client and its server stand.
 *
 * A setting clears journal and desk, initialises the thread, makes a server and one call object,
 * and checks at the end that nothing is left: no object, no block of memory, nobody inside a
 * method. In SETTING_BARE a case does all that itself, CoInitializeEx included; journal and desk
 * are cleared, and checked, there too.
 */
#ifndef TESTS_CONFORMANCE_SETTING_H
#define TESTS_CONFORMANCE_SETTING_H

#include <check.h>

#include <uvcom/uvcom.h>

#include "desk.h"

enum {
    SETTING_BARE = 1 << 0,         /* nothing is made */
    SETTING_MTA_TO_OWN = 1 << 1,   /* client: multithreaded; server: an apartment of its own */
    SETTING_MTA_TO_MTA = 1 << 2,   /* both there: the client has the object itself */
    SETTING_STA_TO_OWN = 1 << 3,   /* client: single-threaded; server: an apartment of its own */
    SETTING_STA_TO_MTA = 1 << 4,   /* client: single-threaded; server: on worker threads */
    SETTING_STA_TO_SAME = 1 << 5,  /* the server lives on the client's own thread */
    SETTING_MTA_TO_PLAIN = 1 << 6, /* as MTA_TO_OWN; the object is written without uvcom_object */
    SETTING_COUNT = 7
};

/* The usual one; all in which a server that waits at a gate does not stop its client (it runs on
   another thread); and all in which there is a proxy. */
#define USUAL SETTING_MTA_TO_OWN
#define THROUGH_A_PROXY                                                                            \
    (SETTING_MTA_TO_OWN | SETTING_STA_TO_OWN | SETTING_STA_TO_MTA | SETTING_MTA_TO_PLAIN)
#define ELSEWHERE (THROUGH_A_PROXY | SETTING_MTA_TO_MTA)
#define EVERYWHERE (ELSEWHERE | SETTING_STA_TO_SAME)

/* What the setting made. A case may release any of it and put NULL in its place. */
struct scene {
    IDesk *server;      /* a proxy or the object itself */
    AsyncIDesk *call;   /* idle */
    ISynchronize *sync; /* of the call object */
};

extern struct scene scene;

/* "MTA to OWN" */
const char *setting_name(unsigned setting);
/* The checked fixture of one setting, for one case. */
void setting_add(unsigned setting, TCase *tcase);

#endif
