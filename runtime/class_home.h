/*
 * class_home.h -- an apartment that the runtime starts when the first object is to live in it.
 */
#ifndef RUNTIME_CLASS_HOME_H
#define RUNTIME_CLASS_HOME_H

#include "runtime/platform.h"

struct apartment;

/* Zeroes: not started. Its functions are in class_home.c, as are those of class_table.h that say
 * where the objects of a class live. */
struct class_home {
    struct apartment *apartment; /* one reference; NULL: not started, or gone; guarded by a lock */
    uvcom__atomic32 starting;    /* 1 while a thread starts it; the others sleep on it */
};

/** Gives the reference back. The apartment's thread may be in the middle of objects' calls. */
void uvcom__class_home_drop(struct class_home *home);

/** The end of a process's runtime: forgets the apartments for server libraries that have closed. */
void uvcom__class_hosts_drop(void);

#endif
