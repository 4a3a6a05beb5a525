/*
 * thread_faults.h -- lets threads run out: pthread_create fails after as many as a test allows.
 *
 * For programs that are linked with -Wl,--wrap=pthread_create; it reaches the program and the
 * static libraries in it.
 */
#ifndef TESTS_SUPPORT_THREAD_FAULTS_H
#define TESTS_SUPPORT_THREAD_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#define THREAD_FAULTS_NONE SIZE_MAX

/** From now on `count` more threads can be had. THREAD_FAULTS_NONE: as many as the system has. */
void thread_faults_allow(size_t count);

#endif
