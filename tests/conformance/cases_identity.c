/*
 * cases_identity.c -- conformance cases for COM: the rules of IUnknown. Aggregates are in
 * cases_aggregation.c.
 */
#include "tests/conformance/conformance.h"

/* The object's IUnknown, without a reference; the object lives. */
static IUnknown *identity(void *object)
{
    IUnknown *unknown = query(object, &IID_IUnknown);

    release(unknown);
    return unknown;
}

static const IID *const of_server[] = {&IID_IUnknown, &IID_IDesk,  &IID_IDeskMore,
                                       &IID_ISide,    &IID_IPlain, &IID_ICallFactory};
static const IID *const of_call[] = {&IID_IUnknown, &IID_AsyncIDesk, &IID_ISynchronize};

/* From each of its interfaces to each: the answer is yes, and the identity is one. */
static void check_matrix(void *object, const IID *const *ids, size_t count)
{
    IUnknown *self = identity(object);

    for (size_t from = 0; from < count; from++) {
        IUnknown *start = query(object, ids[from]);

        for (size_t to = 0; to < count; to++) {
            IUnknown *end = query(start, ids[to]);

            ck_assert_ptr_eq(identity(end), self);
            release(end);
        }
        release(start);
    }
}

CASE(COM_01_an_object_has_one_iunknown)
{
    IUnknown *of_desk = identity(scene.server), *of_the_call = identity(scene.call);

    for (int round = 0; round < 3; round++) {
        ck_assert_ptr_eq(identity(scene.server), of_desk);
        ck_assert_ptr_eq(identity(scene.call), of_the_call);
        ck_assert_ptr_eq(identity(scene.sync), of_the_call);
    }
}

/* A proxy that is come by on another way is the same object to its client. */
CASE(COM_01_a_proxy_that_comes_back_is_the_same_object)
{
    IUnknown *same = NULL;

    gate_open(&desk.gate);
    ck_assert_hr(IDesk_Pass(scene.server, (IUnknown *)scene.server, &same), S_OK);
    ck_assert_ptr_eq(identity(same), identity(scene.server));
    release(same);
}

CASE(COM_02_each_interface_leads_to_each)
{
    check_matrix(scene.server, of_server, sizeof of_server / sizeof *of_server);
    check_matrix(scene.call, of_call, sizeof of_call / sizeof *of_call);
}

CASE(COM_02_an_interface_that_was_refused_is_refused_again)
{
    for (int round = 0; round < 3; round++) {
        ck_assert_hr(answer(scene.server, &IID_IAbsent), E_NOINTERFACE);
        ck_assert_hr(answer(scene.call, &IID_AsyncIAbsent), E_NOINTERFACE);
        ck_assert_hr(answer(scene.sync, &IID_AsyncISide), E_NOINTERFACE);
        ck_assert_hr(answer(scene.server, &IID_ISide), S_OK);
    }
}

/* In whatever state the call is. */
CASE(COM_02_a_call_does_not_change_what_is_answered)
{
    begin_hold(scene.call, 1);
    check_matrix(scene.call, of_call, sizeof of_call / sizeof *of_call);
    ck_assert_hr(answer(scene.call, &IID_AsyncISide), E_NOINTERFACE);
    gate_open(&desk.gate);
    ck_assert_hr(uvcom_wait(scene.call, INFINITE), S_OK);
    check_matrix(scene.call, of_call, sizeof of_call / sizeof *of_call);
}

CASE(COM_04_a_call_object_answers_the_base_too)
{
    AsyncIDeskMore *more;
    AsyncIDesk *base;
    LONG result = 0;

    ck_assert_hr(uvcom_create_call(scene.server, &IID_AsyncIDeskMore, (void **)&more), S_OK);
    base = query(more, &IID_AsyncIDesk);
    ck_assert_ptr_eq(identity(base), identity(more));
    ck_assert_hr(answer(base, &IID_AsyncIDeskMore), S_OK);
    ck_assert_hr(AsyncIDesk_Begin_Echo(base, 4), S_OK);
    ck_assert_hr(AsyncIDeskMore_Finish_Echo(more, &result), S_OK);
    ck_assert_int_eq(result, 4);
    ck_assert_hr(AsyncIDeskMore_Begin_Count(more), S_OK);
    ck_assert_hr(AsyncIDeskMore_Finish_Count(more, &result), S_OK);
    ck_assert_int_eq(result, 2);
    release(base);
    release(more);
}

CASE(COM_05_a_call_object_is_not_its_server)
{
    ck_assert_ptr_ne(identity(scene.call), identity(scene.server));
    ck_assert_hr(answer(scene.call, &IID_IDesk), E_NOINTERFACE);
    ck_assert_hr(answer(scene.call, &IID_IDeskMore), E_NOINTERFACE);
    ck_assert_hr(answer(scene.call, &IID_ISide), E_NOINTERFACE);
    ck_assert_hr(answer(scene.sync, &IID_IDesk), E_NOINTERFACE);
}

CASE(COM_06_nothing_offered_implements_the_asynchronous_interface_on_the_server)
{
    ck_assert_hr(answer(scene.server, &IID_AsyncIDesk), E_NOINTERFACE);
    ck_assert_hr(answer(scene.server, &IID_AsyncISide), E_NOINTERFACE);
    ck_assert_hr(answer(scene.server, &IID_ISynchronize), E_NOINTERFACE);
}

const struct conformance_case cases_identity[] = {
    {&COM_01_an_object_has_one_iunknown, EVERYWHERE},
    {&COM_01_a_proxy_that_comes_back_is_the_same_object, EVERYWHERE},
    {&COM_02_each_interface_leads_to_each, EVERYWHERE},
    {&COM_02_an_interface_that_was_refused_is_refused_again, EVERYWHERE},
    {&COM_02_a_call_does_not_change_what_is_answered, ELSEWHERE},
    {&COM_04_a_call_object_answers_the_base_too, EVERYWHERE},
    {&COM_05_a_call_object_is_not_its_server, EVERYWHERE},
    {&COM_06_nothing_offered_implements_the_asynchronous_interface_on_the_server, EVERYWHERE},
    {0},
};
