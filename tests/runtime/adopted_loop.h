/*
 * adopted_loop.h -- a loop that the test's thread has adopted, for the tests of loops.
 *
 * `adopt` and `give_back` also serve as a fixture: the second one asserts that nothing is left.
 */
#ifndef TESTS_RUNTIME_ADOPTED_LOOP_H
#define TESTS_RUNTIME_ADOPTED_LOOP_H

#include <uvcom/loop.h>

#include "runtime/apartment.h"
#include "tests/support/assert_hr.h"
#include "tests/support/note.h"

static uv_loop_t loop;
static uvcom_apartment *adopted;

static inline void adopt(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &adopted), S_OK);
}

static inline void give_back(void)
{
    ck_assert_hr(uvcom_loop_release(adopted), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    ck_assert_ptr_null(uvcom__apartment_current());
    ck_assert_ptr_null(uvcom__apartment_of_loop());
}

static inline HRESULT post(struct note *note)
{
    return uvcom__apartment_post(uvcom__apartment_current(), &note->item);
}

static inline HRESULT post_callback(struct note *note)
{
    return uvcom__apartment_post(uvcom__apartment_of_loop(), &note->item);
}

/* One turn of the loop, which libuv only takes if something keeps the loop alive. */
static inline void turn(void)
{
    struct apartment *apartment = uvcom__apartment_of_loop();

    uvcom__apartment_add_ref(apartment);
    uvcom__loop_hold(apartment);
    uv_run(&loop, UV_RUN_NOWAIT);
    uvcom__loop_drop(apartment);
    uvcom__apartment_release(apartment);
}

#endif
