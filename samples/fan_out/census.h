/*
 * census.h -- two classes of one server: one has a thread of its own, one has many threads.
 */
#ifndef SAMPLES_FAN_OUT_CENSUS_H
#define SAMPLES_FAN_OUT_CENSUS_H

#include <uvcom/uvcom.h>

#include "people.h"

enum office { ONE_THREAD, MANY_THREADS, OFFICE_COUNT };

/* UVCOM_APARTMENT_OWN and UVCOM_APARTMENT_MULTITHREADED. */
HRESULT census_register(void);

/* An object of one of them, IID_ICensus: a proxy, since it lives on other threads. */
HRESULT census_open(enum office office, ICensus **census);

/* How many threads have run a method of that class so far. */
unsigned census_threads(enum office office);

#endif
