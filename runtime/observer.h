/*
 * observer.h -- who wants to know that an event has been set: threads of apartments that wait for
 * it, containers that it is in, the descriptor that shows it.
 *
 * Knows nothing of the event itself, which is a call's (call_wait.c) or stands alone (event.c). All
 * functions are called with the owner's lock held. While the list is not empty the owner has a bit
 * in its word that says so, and whoever sets or clears the event then takes the lock and passes it
 * on. The bit is set before somebody looks whether the event is set for the observer that is being
 * added; so either the step that sets it sees the bit, or that look sees the event (RACE-04).
 */
#ifndef RUNTIME_OBSERVER_H
#define RUNTIME_OBSERVER_H

#include <stdbool.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

struct apartment;

/* On the stack of a thread that waits, or in a container's member. */
struct observer {
    struct observer *prev; /* the list's */
    struct observer *next;
    /* The event has been set. Under the list's lock: it may wake somebody or link itself into a
       list of its owner's; it never calls out, and leaves this list as it is. It may come several
       times, and when the event has been cleared again. */
    void (*notify)(struct observer *observer);
};

/* Zeroed memory is an empty list without a descriptor. */
struct observers {
    struct observer *first;
    int descriptor;               /* plus 1, so that 0 is none; owned */
    bool is_shown;                /* the descriptor is readable */
    struct observers *next_owner; /* of those that have one; observer.c's */
};

/* A thread of an apartment that is in uvcom__apartment_wait: it is made to look again. */
struct apartment_observer {
    struct observer observer;
    struct apartment *apartment; /* borrowed: the thread is in it */
};

void uvcom__apartment_observer_init(struct apartment_observer *observer,
                                    struct apartment *apartment);

void uvcom__observers_add(struct observers *observers, struct observer *observer);
void uvcom__observers_remove(struct observers *observers, struct observer *observer);

/** Nobody observes, and there is no descriptor to be kept in step. */
bool uvcom__observers_are_none(const struct observers *observers);

void uvcom__observers_notify(const struct observers *observers);

/**
 * The descriptor, made on the first request. It does not show the event before
 * uvcom__observers_show.
 *
 * @return S_OK, RPC_E_OUT_OF_RESOURCES
 */
HRESULT uvcom__observers_descriptor(struct observers *observers, int *descriptor);

/** Makes the descriptor, if there is one, readable or not. No system call if it is so already. */
void uvcom__observers_show(struct observers *observers, bool is_set);

/** Makes it unreadable, also where something else than uvcom__observers_show has made it readable.
 */
void uvcom__observers_clear(struct observers *observers);

/** True: this is the descriptor of a call or an event. Any thread, no lock needed. */
bool uvcom__observers_own(int descriptor);

/** Closes the descriptor. Nobody observes any more. */
void uvcom__observers_end(struct observers *observers);

#endif
