/*
 * conformance.h -- what a file of conformance cases includes: how a case is written and listed.
 *
 * A case is a function named after its rule and what it shows. It fails by Check's assertions.
 *
 *     CASE(CALL_07_finish_without_a_call)
 *     {
 *         LONG result;
 *
 *         ck_assert_hr(AsyncIDesk_Finish_Echo(scene.call, &result), RPC_E_CALL_COMPLETE);
 *     }
 *
 *     const struct conformance_case cases_client[] = {
 *         {&CALL_07_finish_without_a_call, EVERYWHERE},
 *         {0},
 *     };
 *
 * The second column says in which settings it is run (setting.h), once in each. A name may hold
 * several numbers of one section: CALL_01_02_... is a case for both rules. README.md says more.
 */
#ifndef TESTS_CONFORMANCE_CONFORMANCE_H
#define TESTS_CONFORMANCE_CONFORMANCE_H

#include <stddef.h>

#include <uvcom/uvcom.h>

#include "desk.h"

#include "tests/conformance/actor.h"
#include "tests/conformance/desk_server.h"
#include "tests/conformance/journal.h"
#include "tests/conformance/outer.h"
#include "tests/conformance/setting.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"

/* The body follows in braces. Check's own TTest: name, function, file and line of one case. */
#define CASE(name_)                                                                                \
    static void name_##_body(int unused);                                                          \
    static const TTest name_ = {#name_, name_##_body, __FILE__, __LINE__};                         \
    static void name_##_body(int unused __attribute__((unused)))

/* A row of a file's table; the last row is all zero. */
struct conformance_case {
    const TTest *test;
    unsigned settings; /* SETTING_ values or-ed together */
};

extern const struct conformance_case cases_derivation[];
extern const struct conformance_case cases_factory[];
extern const struct conformance_case cases_client[];
extern const struct conformance_case cases_synchronize[];
extern const struct conformance_case cases_handle[];
extern const struct conformance_case cases_container[];
extern const struct conformance_case cases_server[];
extern const struct conformance_case cases_auto[];
extern const struct conformance_case cases_lifetime[];
extern const struct conformance_case cases_aggregation[];
extern const struct conformance_case cases_concurrency[];
extern const struct conformance_case cases_cancel[];
extern const struct conformance_case cases_cancel_sync[];
extern const struct conformance_case cases_context[];
extern const struct conformance_case cases_apartment[];
extern const struct conformance_case cases_activation[];
extern const struct conformance_case cases_identity[];
extern const struct conformance_case cases_states[];

/*
 * How often a case about a race repeats itself: UVCOM_CONFORMANCE_REPEAT in the environment, else
 * `few`, which should take about a second.
 */
size_t repetitions(size_t few);

/* ---- what many cases do ---- */

/* Another call object for the scene's server; one reference. */
AsyncIDesk *new_call(void);
/* Any interface of any object; one reference. Fails the case if there is none. */
void *query(void *object, REFIID iid);
/* The answer of QueryInterface; what it gave is released again. */
HRESULT answer(void *object, REFIID iid);
/* NULL is allowed. */
void release(void *object);
/* Begins Hold and waits until the server is inside. */
void begin_hold(AsyncIDesk *call, LONG value);

#endif
