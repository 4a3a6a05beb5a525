/*
 * test_hung_servers.c -- APT-10: a server whose methods do not return keeps nobody from beginning
 * calls, from letting go of what he has, and from making more call objects.
 */
#include "client.h"

enum { HANGING = 70 }; /* more than the multithreaded apartment has threads for */

/* Each of these comes back although no method does; else Check's time limit says so. */
START_TEST(apt_10_a_hung_server_blocks_no_begin_no_release_and_no_createcall)
{
    AsyncIGated *hanging[HANGING], *call;
    ICallFactory *factory;
    IGated *same;

    for (int i = 0; i < HANGING; i++) {
        hanging[i] = client_new_call();
        ck_assert_hr(AsyncIGated_Begin_Enter(hanging[i], i), S_OK);
    }
    gate_await_waiters(&gated.gate, 1);
    for (int i = 0; i < 200; i++) {
        factory = client_query(client.server, &IID_ICallFactory);
        ck_assert_hr(ICallFactory_CreateCall(factory, &IID_AsyncIGated, NULL, &IID_AsyncIGated,
                                             (IUnknown **)&call),
                     S_OK);
        client_release(factory);
        same = client_query(client.server, &IID_IGated);
        client_release(same);
        ck_assert_hr(AsyncIGated_Begin_Add(call, i, 1), S_OK);
        ck_assert_hr(uvcom_call_set_timeout(call, INFINITE), S_OK);
        client_release(call);
    }
    for (int i = 0; i < HANGING; i++)
        client_release(hanging[i]);
    /* The last release of the proxy, too. */
    client_release(client.sync);
    client_release(client.call);
    client_release(client.server);
    client = (struct client){0};
    ck_assert_int_eq(atomic_load(&gated.live), 1);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, HANGING + 200);
}
END_TEST

START_TEST(apt_10_calls_to_a_hung_server_can_be_cancelled_and_time_out)
{
    ICancelMethodCalls *cancel = client_query(client.call, &IID_ICancelMethodCalls);
    AsyncIGated *call = client_new_call();
    LONG result;

    client_begin_enter(client.call, 1);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(client.call, &result), RPC_E_CALL_CANCELED);
    ck_assert_hr(uvcom_call_set_timeout(call, 2), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Enter(call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Enter(call, &result), RPC_E_TIMEOUT);
    client_release(call);
    client_release(cancel);
}
END_TEST

static void hung(TCase *tcase)
{
    tcase_add_test(tcase, apt_10_a_hung_server_blocks_no_begin_no_release_and_no_createcall);
    tcase_add_test(tcase, apt_10_calls_to_a_hung_server_can_be_cancelled_and_time_out);
}

static Suite *hung_servers_suite(void)
{
    Suite *suite = suite_create("hung servers");

    client_add_cases(suite, CLIENT_ANY, hung);
    return suite;
}

UVCOM_TEST_MAIN(hung_servers_suite)
