/*
 * two_handles.h -- two events with their descriptors, as fixtures for the tests of
 * CoWaitForMultipleHandles.
 */
#ifndef TESTS_RUNTIME_TWO_HANDLES_H
#define TESTS_RUNTIME_TWO_HANDLES_H

#include <uvcom/combase.h>
#include <uvcom/synchronize.h>

#include "runtime/event.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"

/* Two events with descriptors; each fixture makes other ones. */
static struct event events[2];
static HANDLE handles[2];

static inline HANDLE handle_of(int descriptor)
{
    return (HANDLE)(intptr_t)descriptor;
}

static inline void open_events(DWORD model, bool is_manual)
{
    int descriptor;

    faults_reset();
    ck_assert_hr(CoInitializeEx(NULL, model), S_OK);
    for (int i = 0; i < 2; i++) {
        events[i] = (struct event){.is_manual = false};
        uvcom__event_init(&events[i], is_manual);
        ck_assert_hr(uvcom__event_descriptor(&events[i], &descriptor), S_OK);
        handles[i] = handle_of(descriptor);
    }
}

static inline void open_single(void)
{
    open_events(COINIT_APARTMENTTHREADED, false);
}

static inline void open_multi(void)
{
    open_events(COINIT_MULTITHREADED, false);
}

static inline void close_events(void)
{
    for (int i = 0; i < 2; i++)
        uvcom__event_end(&events[i]);
    CoUninitialize();
    ck_assert_uint_eq(faults_live(), 0);
}

/* The code, and in `index` what was given. */
static inline HRESULT wait_for(DWORD flags, DWORD milliseconds, DWORD *index)
{
    *index = 77;
    return CoWaitForMultipleHandles(flags, milliseconds, 2, handles, index);
}

static inline void expect(DWORD flags, DWORD milliseconds, HRESULT hr, DWORD index)
{
    DWORD found;

    ck_assert_hr(wait_for(flags, milliseconds, &found), hr);
    ck_assert_uint_eq(found, index);
}

static inline HRESULT poll_event(int i)
{
    return uvcom__event_wait(&events[i], COWAIT_DEFAULT, 0);
}
#endif
