/*
 * assert_hr.h -- assertions on an HRESULT that print names and not -2147467261.
 *
 * The expression is evaluated once, into a local: Check would print the macro's whole expansion
 * otherwise, and a message that evaluates Begin_ a second time is worse than none.
 */
#ifndef TESTS_SUPPORT_ASSERT_HR_H
#define TESTS_SUPPORT_ASSERT_HR_H

#include <check.h>

#include <uvcom/hresult.h>

static inline const char *assert_hr_name(HRESULT hr)
{
    const char *name = uvcom_hresult_name(hr);

    return name ? name : "no known code";
}

/* ck_assert_hr(shop->lpVtbl->..., E_POINTER) */
#define ck_assert_hr(expr, expected)                                                               \
    do {                                                                                           \
        const HRESULT ck_actual_hr = (expr);                                                       \
        const HRESULT ck_expected_hr = (expected);                                                 \
                                                                                                   \
        if (ck_actual_hr != ck_expected_hr)                                                        \
            ck_abort_msg("%s is %s (0x%08X), not %s (0x%08X)", #expr,                              \
                         assert_hr_name(ck_actual_hr), (unsigned)ck_actual_hr,                     \
                         assert_hr_name(ck_expected_hr), (unsigned)ck_expected_hr);                \
        mark_point();                                                                              \
    } while (0)

/* For the few places where any success will do; say why beside it. */
#define ck_assert_succeeded(expr)                                                                  \
    do {                                                                                           \
        const HRESULT ck_actual_hr = (expr);                                                       \
                                                                                                   \
        if (FAILED(ck_actual_hr))                                                                  \
            ck_abort_msg("%s failed with %s (0x%08X)", #expr, assert_hr_name(ck_actual_hr),        \
                         (unsigned)ck_actual_hr);                                                  \
        mark_point();                                                                              \
    } while (0)

#endif
