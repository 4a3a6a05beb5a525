/*
 * platform_descriptor.c -- descriptors that show whether something is so, and sleeping until one of
 * several does.
 *
 * Normal build only. No policy here.
 */
#include "runtime/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

int uvcom__descriptor_create(void)
{
    const int saved_errno = errno;
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int higher;

    /* Where a program has closed its standard streams theirs are the next numbers to be had. As a
       handle 0 is none, and what is printed into 1 or 2 must not set an event. */
    if (descriptor >= 0 && descriptor <= STDERR_FILENO) {
        higher = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(descriptor);
        descriptor = higher;
    }
    errno = saved_errno;
    return descriptor;
}

void uvcom__descriptor_close(int descriptor)
{
    const int saved_errno = errno;

    close(descriptor);
    errno = saved_errno;
}

bool uvcom__descriptor_set(int descriptor)
{
    const int saved_errno = errno;
    const uint64_t one = 1;
    ssize_t written;

    do
        written = write(descriptor, &one, sizeof one);
    while (written < 0 && errno == EINTR);
    /* A counter that is full is readable, too. */
    if (written < 0 && errno == EAGAIN)
        written = sizeof one;
    errno = saved_errno;
    return written == sizeof one;
}

void uvcom__descriptor_clear(int descriptor)
{
    const int saved_errno = errno;
    uint64_t count;

    /* Asked before each read, since one that is not ours may block; and more than once, since it
       may count what was set one by one. */
    while (uvcom__descriptor_is_readable(descriptor) &&
           (read(descriptor, &count, sizeof count) == sizeof count || errno == EINTR))
        continue;
    errno = saved_errno;
}

bool uvcom__descriptor_is_readable(int descriptor)
{
    uvcom__pollable entry = uvcom__pollable_of(descriptor);

    return uvcom__poll(&entry, 1, 0) == UVCOM__POLL_READY && !uvcom__pollable_is_bad(&entry);
}

/* A span and not a point of the clock is what the kernel takes; the caller's loop makes up for
   signals. */
enum uvcom__poll_end uvcom__poll(uvcom__pollable *entries, size_t count, uint64_t deadline_ns)
{
    const int saved_errno = errno;
    enum uvcom__poll_end end = UVCOM__POLL_READY;
    struct timespec span = {0};
    uint64_t now = 0;
    int ready;

    if (deadline_ns != 0 && deadline_ns != UVCOM__FOREVER)
        now = uvcom__now_ns();
    if (deadline_ns > now) {
        span.tv_sec = (time_t)((deadline_ns - now) / NS_PER_S);
        span.tv_nsec = (long)((deadline_ns - now) % NS_PER_S);
    }
    ready = ppoll(entries, count, deadline_ns == UVCOM__FOREVER ? NULL : &span, NULL);
    if (ready == 0)
        end = UVCOM__POLL_LATE;
    else if (ready < 0)
        end = errno == EINTR ? UVCOM__POLL_INTERRUPTED : UVCOM__POLL_FAILED;
    errno = saved_errno;
    return end;
}
