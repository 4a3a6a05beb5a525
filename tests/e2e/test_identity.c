/*
 * test_identity.c -- QueryInterface of proxies, objects and call objects: COM-01, 02, 04 and 05,
 * and in whose apartment an object is asked.
 */
#include "client.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const IID *const server_has[] = {&IID_IUnknown, &IID_IGated, &IID_IGatedMore,
                                        &IID_ISide,    &IID_IPlain, &IID_ICallFactory};
static const IID *const server_lacks[] = {&IID_IAbsent, &IID_AsyncIGated, &IID_AsyncIGatedMore,
                                          &IID_ISynchronize, &IID_IClassFactory};
static const IID *const call_has[] = {&IID_IUnknown, &IID_AsyncIGatedMore, &IID_AsyncIGated,
                                      &IID_ISynchronize};
static const IID *const call_lacks[] = {&IID_IGated,       &IID_IGatedMore,   &IID_AsyncISide,
                                        &IID_AsyncIAbsent, &IID_ICallFactory, &IID_ISide};

/* What must hold for any object, asked through the pointer that `from` names. */
static void check_row(IUnknown *pointer, IUnknown *identity, const IID *const *has, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        IUnknown *found = client_query(pointer, has[i]);
        IUnknown *again = client_query(found, &IID_IUnknown);

        ck_assert_ptr_eq(again, identity);
        client_release(again);
        client_release(found);
    }
}

static void check_lacks(IUnknown *pointer, const IID *const *lacks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *found = (void *)-1;

        ck_assert_hr(IUnknown_QueryInterface(pointer, lacks[i], &found), E_NOINTERFACE);
        ck_assert_ptr_null(found);
    }
}

/* Each interface leads to each other one, and all to one IUnknown. */
static void check_matrix(void *object, const IID *const *has, size_t count)
{
    IUnknown *identity = client_query(object, &IID_IUnknown);

    for (size_t i = 0; i < count; i++) {
        IUnknown *pointer = client_query(object, has[i]);

        check_row(pointer, identity, has, count);
        client_release(pointer);
    }
    client_release(identity);
}

static AsyncIGatedMore *new_derived_call(void)
{
    AsyncIGatedMore *call;

    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncIGatedMore, (void **)&call), S_OK);
    return call;
}

START_TEST(com_01_the_servers_identity_is_one_pointer)
{
    check_matrix(client.server, server_has, COUNT(server_has));
    check_matrix(client.server, server_has, COUNT(server_has));
}
END_TEST

START_TEST(com_01_a_call_objects_identity_is_one_pointer)
{
    AsyncIGatedMore *call = new_derived_call();

    check_matrix(call, call_has, COUNT(call_has));
    client_release(call);
}
END_TEST

START_TEST(com_02_what_the_server_lacks_it_lacks_on_every_pointer)
{
    for (size_t i = 0; i < COUNT(server_has); i++) {
        IUnknown *pointer = client_query(client.server, server_has[i]);

        check_lacks(pointer, server_lacks, COUNT(server_lacks));
        client_release(pointer);
    }
}
END_TEST

START_TEST(com_02_what_a_call_object_lacks_it_lacks_on_every_pointer)
{
    AsyncIGatedMore *call = new_derived_call();

    for (size_t i = 0; i < COUNT(call_has); i++) {
        IUnknown *pointer = client_query(call, call_has[i]);

        check_lacks(pointer, call_lacks, COUNT(call_lacks));
        client_release(pointer);
    }
    client_release(call);
}
END_TEST

/* The set does not depend on what the call object is doing. */
START_TEST(com_02_the_set_is_the_same_while_a_call_runs)
{
    AsyncIGatedMore *call = new_derived_call();
    LONG result;

    ck_assert_hr(AsyncIGatedMore_Begin_Enter(call, 1), S_OK);
    check_matrix(call, call_has, COUNT(call_has));
    check_lacks((IUnknown *)call, call_lacks, COUNT(call_lacks));
    gate_open(&gated.gate);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    check_matrix(call, call_has, COUNT(call_has));
    ck_assert_hr(AsyncIGatedMore_Finish_Enter(call, &result), S_OK);
    client_release(call);
}
END_TEST

START_TEST(query_interface_with_null)
{
    void *found = (void *)-1;

    ck_assert_hr(IGated_QueryInterface(client.server, &IID_IGated, NULL), E_POINTER);
    ck_assert_hr(AsyncIGated_QueryInterface(client.call, &IID_AsyncIGated, NULL), E_POINTER);
    ck_assert_hr(ISynchronize_QueryInterface(client.sync, &IID_AsyncIGated, NULL), E_POINTER);
    ck_assert_hr(AsyncIGated_QueryInterface(client.call, NULL, &found), E_INVALIDARG);
    ck_assert_ptr_null(found);
    found = (void *)-1;
    ck_assert_hr(IGated_QueryInterface(client.server, NULL, &found), E_INVALIDARG);
    ck_assert_ptr_null(found);
}
END_TEST

/* And works as one: the base's pointer and the derived one are the same call. */
START_TEST(com_04_a_derived_call_object_answers_its_base)
{
    AsyncIGatedMore *derived = new_derived_call();
    AsyncIGated *base = client_query(derived, &IID_AsyncIGated);
    LONG value = -1;

    ck_assert_hr(AsyncIGated_Begin_Add(base, 20, 22), S_OK);
    ck_assert_hr(AsyncIGatedMore_Begin_Count(derived), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGatedMore_Finish_Count(derived, &value), E_UNEXPECTED);
    ck_assert_hr(AsyncIGatedMore_Finish_Add(derived, &value), S_OK);
    ck_assert_int_eq(value, 42);
    ck_assert_hr(AsyncIGatedMore_Begin_Count(derived), S_OK);
    ck_assert_hr(AsyncIGatedMore_Finish_Count(derived, &value), S_OK);
    ck_assert_int_eq(value, 2);
    client_release(base);
    client_release(derived);
}
END_TEST

START_TEST(com_05_call_object_and_server_are_two_objects)
{
    IUnknown *server = client_query(client.server, &IID_IUnknown);
    IUnknown *call = client_query(client.call, &IID_IUnknown);
    AsyncIGated *other = client_new_call();
    IUnknown *other_identity = client_query(other, &IID_IUnknown);
    void *found;

    ck_assert_ptr_ne(server, call);
    ck_assert_ptr_ne(other_identity, call);
    ck_assert_hr(IUnknown_QueryInterface(call, &IID_IGated, &found), E_NOINTERFACE);
    ck_assert_hr(IUnknown_QueryInterface(server, &IID_AsyncIGated, &found), E_NOINTERFACE);
    client_release(server);
    client_release(call);
    client_release(other);
    client_release(other_identity);
}
END_TEST

START_TEST(plain_methods_of_every_interface_reach_the_server)
{
    IGatedMore *more = client_query(client.server, &IID_IGatedMore);
    ISide *side = client_query(more, &IID_ISide);
    IPlain *plain = client_query(side, &IID_IPlain);
    LONG value = 0;

    ck_assert_hr(IGated_Add(client.server, 2, 3, &value), S_OK);
    ck_assert_int_eq(value, 5);
    ck_assert_hr(IGatedMore_Add(more, 3, 4, &value), S_OK);
    ck_assert_int_eq(value, 7);
    ck_assert_hr(IGatedMore_Count(more, &value), S_OK);
    ck_assert_int_eq(value, 3);
    ck_assert_hr(ISide_Negate(side, 3, &value), S_OK);
    ck_assert_int_eq(value, -3);
    ck_assert_hr(IPlain_Answer(plain, &value), S_OK);
    ck_assert_int_eq(value, 42);
    client_release(plain);
    client_release(side);
    client_release(more);
}
END_TEST

/* Asked once, in its own apartment; afterwards the proxy knows. */
START_TEST(com_02_a_proxy_asks_the_object_at_home)
{
    LONG sum;
    int queries;
    IGatedMore *more;

    ck_assert_hr(IGated_Add(client.server, 1, 1, &sum), S_OK);
    queries = atomic_load(&gated.queries);
    more = client_query(client.server, &IID_IGatedMore);
    ck_assert_int_eq(atomic_load(&gated.queries), queries + 1);
    ck_assert(atomic_load(&gated.query_thread) == atomic_load(&gated.thread));
    ck_assert(atomic_load(&gated.query_thread) != gated_this_thread());
    client_release(more);
    queries = atomic_load(&gated.queries);
    more = client_query(client.server, &IID_IGatedMore);
    client_release(more);
    ck_assert_int_eq(atomic_load(&gated.queries), queries);
}
END_TEST

/* A facet that is met later must not take over what an earlier one answers. */
START_TEST(com_01_a_base_stays_the_same_pointer_when_the_derived_one_is_met)
{
    IGated *before = client_query(client.server, &IID_IGated);
    IGatedMore *more = client_query(client.server, &IID_IGatedMore);
    IGated *after = client_query(client.server, &IID_IGated);
    IGated *from_more = client_query(more, &IID_IGated);
    IGatedMore *again = client_query(after, &IID_IGatedMore);

    ck_assert_ptr_eq(before, client.server);
    ck_assert_ptr_eq(after, before);
    ck_assert_ptr_eq(from_more, before);
    ck_assert_ptr_eq(again, more);
    client_release(before);
    client_release(more);
    client_release(after);
    client_release(from_more);
    client_release(again);
}
END_TEST

/* Here the derived interface is met first, and the base is asked for before and after. */
START_TEST(com_01_a_base_answered_by_the_derived_pointer_stays_that_pointer)
{
    IUnknown *proxy;
    IGatedMore *more;
    IGated *base, *again;

    ck_assert_hr(
        CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&proxy),
        S_OK);
    more = client_query(proxy, &IID_IGatedMore);
    base = client_query(proxy, &IID_IGated);
    client_release(client_query(proxy, &IID_ISide));
    again = client_query(proxy, &IID_IGated);
    ck_assert_ptr_eq(again, base);
    client_release(again);
    client_release(base);
    client_release(more);
    client_release(proxy);
}
END_TEST

/* An object that says S_OK and gives nothing. */
START_TEST(query_interface_of_an_object_that_lies_is_unexpected)
{
    void *found = (void *)-1;
    AsyncISide *call = (AsyncISide *)-1;

    atomic_store(&gated.lies, true);
    ck_assert_hr(IGated_QueryInterface(client.server, &IID_ISide, &found), E_UNEXPECTED);
    ck_assert_ptr_null(found);
    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncISide, (void **)&call), E_UNEXPECTED);
    ck_assert_ptr_null(call);
    atomic_store(&gated.lies, false);
    client_release(client_query(client.server, &IID_ISide));
}
END_TEST

static void identities(TCase *tcase)
{
    tcase_add_test(tcase, com_01_the_servers_identity_is_one_pointer);
    tcase_add_test(tcase, com_01_a_call_objects_identity_is_one_pointer);
    tcase_add_test(tcase, com_02_what_the_server_lacks_it_lacks_on_every_pointer);
    tcase_add_test(tcase, com_02_what_a_call_object_lacks_it_lacks_on_every_pointer);
    tcase_add_test(tcase, com_02_the_set_is_the_same_while_a_call_runs);
    tcase_add_test(tcase, query_interface_with_null);
    tcase_add_test(tcase, com_04_a_derived_call_object_answers_its_base);
    tcase_add_test(tcase, com_05_call_object_and_server_are_two_objects);
    tcase_add_test(tcase, plain_methods_of_every_interface_reach_the_server);
    tcase_add_test(tcase, com_01_a_base_stays_the_same_pointer_when_the_derived_one_is_met);
    tcase_add_test(tcase, com_01_a_base_answered_by_the_derived_pointer_stays_that_pointer);
}

static void proxies(TCase *tcase)
{
    tcase_add_test(tcase, com_02_a_proxy_asks_the_object_at_home);
    tcase_add_test(tcase, query_interface_of_an_object_that_lies_is_unexpected);
}

static Suite *identity_suite(void)
{
    Suite *suite = suite_create("identity");

    client_add_cases(suite, CLIENT_ANY, identities);
    client_add_cases(suite, CLIENT_TO_OWN, proxies);
    return suite;
}

UVCOM_TEST_MAIN(identity_suite)
