/*
 * few_descriptors.h -- lets file descriptors run out: no more can be had until they are given back.
 */
#ifndef TESTS_SUPPORT_FEW_DESCRIPTORS_H
#define TESTS_SUPPORT_FEW_DESCRIPTORS_H

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/** From now on `left` more can be opened. Returns what few_descriptors_end needs. */
static inline struct rlimit few_descriptors_begin(int left)
{
    struct rlimit before, lowered;
    const int lowest = fcntl(0, F_DUPFD, 0);

    close(lowest);
    getrlimit(RLIMIT_NOFILE, &before);
    lowered = before;
    lowered.rlim_cur = (rlim_t)(lowest + left);
    setrlimit(RLIMIT_NOFILE, &lowered);
    return before;
}

static inline void few_descriptors_end(struct rlimit before)
{
    setrlimit(RLIMIT_NOFILE, &before);
}

#endif
