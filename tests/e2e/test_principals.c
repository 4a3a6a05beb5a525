/*
 * test_principals.c -- on whose behalf calls are made: principals of threads and of call objects,
 * and servers that act for their clients.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "viewer.h"

/* ---- whose calls they are -------------------------------------------------------------------- */

START_TEST(sec_01_a_thread_has_a_principal)
{
    viewer_open();
    ck_assert_hr(uvcom_set_principal(&alice.unknown), S_OK);
    viewer_run(viewer_look_at_it, 0);
    ck_assert_hr(viewer.seen[0].asked, S_OK);
    ck_assert_ptr_eq(viewer.seen[0].principal, &alice);
    ck_assert_hr(uvcom_set_principal(&bob.unknown), S_OK);
    ck_assert_hr(IGated_Run(client.server, 1), S_OK);
    ck_assert_ptr_eq(viewer.seen[1].principal, &bob);
    ck_assert_hr(uvcom_set_principal(NULL), S_OK);
    viewer_run(viewer_look_at_it, 2);
    ck_assert_hr(viewer.seen[2].asked, S_FALSE);
    ck_assert_ptr_null(viewer.seen[2].principal);
    viewer_close();
}
END_TEST

START_TEST(sec_01_a_call_object_has_a_principal)
{
    viewer_open();
    ck_assert_hr(uvcom_set_principal(&alice.unknown), S_OK);
    ck_assert_hr(uvcom_call_set_principal(client.call, &bob.unknown), S_OK);
    viewer_run(viewer_look_at_it, 0);
    ck_assert_ptr_eq(viewer.seen[0].principal, &bob);
    ck_assert_hr(uvcom_call_set_principal(client.sync, NULL), S_OK);
    viewer_run(viewer_look_at_it, 1);
    ck_assert_ptr_eq(viewer.seen[1].principal, &alice);
    ck_assert_hr(uvcom_set_principal(NULL), S_OK);
    viewer_close();
}
END_TEST

START_TEST(sec_01_a_call_that_runs_keeps_its_principal)
{
    viewer_open();
    gate_close(&gated.gate);
    gated.hook = viewer_wait_and_look;
    ck_assert_hr(uvcom_call_set_principal(client.call, &alice.unknown), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Run(client.call, 0), S_OK);
    ck_assert_hr(uvcom_call_set_principal(client.call, &bob.unknown), S_OK);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Finish_Run(client.call), S_OK);
    ck_assert_ptr_eq(viewer.seen[0].principal, &alice);
    ck_assert_hr(uvcom_call_set_principal(client.call, NULL), S_OK);
    viewer_close();
}
END_TEST

/* With the leaving of the apartment, too, and with the last release of the call object. */
static void leave_a_principal(void *arg)
{
    *(HRESULT *)arg = uvcom_set_principal(&alice.unknown);
}

START_TEST(sec_01_principals_are_released)
{
    AsyncIGated *call = client_new_call();
    HRESULT hr = E_FAIL;

    viewer_open();
    helper_run(leave_a_principal, &hr);
    ck_assert_hr(hr, S_OK);
    ck_assert_int_eq(atomic_load(&alice.references), 1);
    ck_assert_hr(uvcom_call_set_principal(call, &bob.unknown), S_OK);
    ck_assert_int_eq(atomic_load(&bob.references), 2);
    client_release(call);
    ck_assert_int_eq(atomic_load(&bob.references), 1);
    viewer_close();
}
END_TEST

START_TEST(sec_01_arguments_of_principals)
{
    struct witness bound;
    HRESULT hr = S_OK;

    viewer_open();
    witness_init(&bound);
    ck_assert_hr(uvcom_set_principal(&bound.unknown), E_INVALIDARG);
    ck_assert_hr(uvcom_call_set_principal(client.call, &bound.unknown), E_INVALIDARG);
    ck_assert_hr(uvcom_call_set_principal(NULL, &alice.unknown), E_POINTER);
    ck_assert_hr(uvcom_call_set_principal(client.server, &alice.unknown), E_NOINTERFACE);
    helper_run_bare(leave_a_principal, &hr);
    ck_assert_hr(hr, CO_E_NOTINITIALIZED);
    faults_fail_at(1);
    ck_assert_hr(uvcom_set_principal(&alice.unknown), E_OUTOFMEMORY);
    faults_fail_at(1);
    ck_assert_hr(uvcom_call_set_principal(client.call, &alice.unknown), E_OUTOFMEMORY);
    faults_reset();
    ck_assert_int_eq(witness_references(&bound), 1);
    viewer_close();
}
END_TEST

START_TEST(sec_01_no_client_security)
{
    void *found = (void *)-1;
    const IID IID_IClientSecurity = {0x0000013d, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

    viewer_open();
    ck_assert_hr(AsyncIGated_QueryInterface(client.call, &IID_IClientSecurity, &found),
                 E_NOINTERFACE);
    ck_assert_ptr_null(found);
    viewer_close();
}
END_TEST

/* 0 calls 1 to 5 far away; what they see is whom 0 calls for. */
static HRESULT impersonate(LONG number)
{
    IGated *next;

    viewer_look(&viewer.seen[number]);
    if (number != 0)
        return S_OK;
    next = viewer_far();
    IGated_Run(next, 1);
    viewer.codes[0] = CoImpersonateClient();
    IGated_Run(next, 2);
    viewer.codes[1] = CoImpersonateClient();
    viewer.codes[2] = CoImpersonateClient();
    viewer.codes[3] = CoRevertToSelf();
    IGated_Run(next, 3);
    viewer.codes[4] = CoImpersonateClient();
    client_release(next);
    return S_OK;
}

static HRESULT only_call(LONG number)
{
    IGated *next;

    viewer_look(&viewer.seen[number]);
    if (number != 5)
        return S_OK;
    next = viewer_far();
    IGated_Run(next, 6);
    client_release(next);
    return S_OK;
}

START_TEST(sec_04_a_server_acts_for_its_client)
{
    viewer_open();
    ck_assert_hr(uvcom_call_set_principal(client.call, &alice.unknown), S_OK);
    viewer_run(impersonate, 0);
    for (int i = 0; i < 5; i++)
        ck_assert_hr(viewer.codes[i], S_OK);
    ck_assert_ptr_null(viewer.seen[1].principal);
    ck_assert_ptr_eq(viewer.seen[2].principal, &alice);
    ck_assert_ptr_null(viewer.seen[3].principal);
    /* It was still impersonating when it returned. */
    ck_assert_hr(uvcom_call_set_principal(client.call, &bob.unknown), S_OK);
    viewer_run(only_call, 5);
    ck_assert_ptr_eq(viewer.seen[5].principal, &bob);
    ck_assert_ptr_null(viewer.seen[6].principal);
    ck_assert_hr(uvcom_call_set_principal(client.call, NULL), S_OK);
    viewer_close();
}
END_TEST

/* Whoever has none makes the server's calls nobody's, although it is somebody itself. */
static HRESULT be_bob_for_nobody(LONG number)
{
    IGated *next;

    viewer_look(&viewer.seen[number]);
    if (number != 0)
        return S_OK;
    next = viewer_far();
    viewer.codes[0] = uvcom_set_principal(&bob.unknown);
    IGated_Run(next, 1);
    viewer.codes[1] = CoImpersonateClient();
    IGated_Run(next, 2);
    CoRevertToSelf();
    IGated_Run(next, 3);
    client_release(next);
    return S_OK;
}

START_TEST(sec_04_a_client_that_is_nobody)
{
    viewer_open();
    viewer_run(be_bob_for_nobody, 0);
    ck_assert_hr(viewer.codes[0], S_OK);
    ck_assert_hr(viewer.codes[1], S_OK);
    ck_assert_ptr_eq(viewer.seen[1].principal, &bob);
    ck_assert_hr(viewer.seen[2].asked, S_FALSE);
    ck_assert_ptr_eq(viewer.seen[3].principal, &bob);
    /* What the method set ended with it. */
    viewer_run(only_call, 5);
    ck_assert_hr(viewer.seen[6].asked, S_FALSE);
    viewer_close();
}
END_TEST

/* A server's function that runs on the client's thread, which is alice's. */
static HRESULT be_nobody(IGated *This, uvcom_operation *operation, LONG number)
{
    IGated *far_one = viewer_far();

    (void)This;
    viewer.codes[0] = uvcom_set_principal(NULL);
    IGated_Run(far_one, number);
    client_release(far_one);
    uvcom_operation_complete(operation, S_OK);
    uvcom_operation_release(operation);
    return S_OK;
}

START_TEST(sec_01_a_method_makes_its_own_calls_nobodys)
{
    static const AsyncIGatedServer starts = {.Start_Run = be_nobody};
    IGated *near_one, *far_one;
    AsyncIGated *call;

    viewer_open();
    gated.hook = viewer_look_at_it;
    ck_assert_hr(uvcom_set_principal(&alice.unknown), S_OK);
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&near_one), S_OK);
    ck_assert_hr(uvcom_create_server_call(&IID_AsyncIGated, &starts, near_one, NULL,
                                          &IID_AsyncIGated, (IUnknown **)&call),
                 S_OK);
    ck_assert_hr(AsyncIGated_Begin_Run(call, 1), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Run(call), S_OK);
    ck_assert_hr(viewer.codes[0], S_OK);
    ck_assert_hr(viewer.seen[1].asked, S_FALSE);
    far_one = viewer_far();
    ck_assert_hr(IGated_Run(far_one, 2), S_OK);
    ck_assert_ptr_eq(viewer.seen[2].principal, &alice);
    client_release(far_one);
    client_release(call);
    client_release(near_one);
    ck_assert_hr(uvcom_set_principal(NULL), S_OK);
    viewer_close();
}
END_TEST

START_TEST(sec_01_a_forked_child_sets_no_principal)
{
    int status = -1;
    pid_t child;

    viewer_open();
    child = fork();
    if (child == 0)
        _exit(uvcom_call_set_principal(client.call, &alice.unknown) == CO_E_NOTINITIALIZED &&
                      uvcom_call_set_principal(client.call, NULL) == CO_E_NOTINITIALIZED &&
                      uvcom_set_principal(&alice.unknown) == CO_E_NOTINITIALIZED
                  ? 0
                  : 1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    viewer_close();
}
END_TEST

/* On a thread that runs no call an impersonation lasts until it is ended. */
static void impersonate_on_a_thread(void *arg)
{
    IGated *far_one = viewer_far();
    IUnknown *old;

    CoSwitchCallContext(arg, &old);
    viewer.codes[1] = CoImpersonateClient();
    CoSwitchCallContext(old, &old);
    IGated_Run(far_one, 1);
    viewer.codes[2] = CoRevertToSelf();
    IGated_Run(far_one, 2);
    client_release(far_one);
}

static HRESULT hand_on_and_impersonate(LONG number)
{
    IUvcomCallContext *context;

    viewer_look(&viewer.seen[number]);
    if (number != 0)
        return S_OK;
    context = viewer_current();
    helper_run(impersonate_on_a_thread, context);
    client_release(context);
    return S_OK;
}

START_TEST(sec_03_a_thread_of_the_servers_own_acts_for_the_client)
{
    viewer_open();
    ck_assert_hr(uvcom_call_set_principal(client.call, &alice.unknown), S_OK);
    viewer_run(hand_on_and_impersonate, 0);
    ck_assert_hr(viewer.codes[1], S_OK);
    ck_assert_hr(viewer.codes[2], S_OK);
    ck_assert_ptr_eq(viewer.seen[1].principal, &alice);
    ck_assert_hr(viewer.seen[2].asked, S_FALSE);
    ck_assert_hr(uvcom_call_set_principal(client.call, NULL), S_OK);
    viewer_close();
}
END_TEST

static void principals(TCase *tcase)
{
    tcase_add_test(tcase, sec_01_a_call_object_has_a_principal);
    tcase_add_test(tcase, sec_01_a_call_that_runs_keeps_its_principal);
    tcase_add_test(tcase, sec_01_principals_are_released);
    tcase_add_test(tcase, sec_01_arguments_of_principals);
    tcase_add_test(tcase, sec_01_no_client_security);
    tcase_add_test(tcase, sec_04_a_server_acts_for_its_client);
    tcase_add_test(tcase, sec_04_a_client_that_is_nobody);
}

static void principals_to_own(TCase *tcase)
{
    tcase_add_test(tcase, sec_01_a_thread_has_a_principal);
    tcase_add_test(tcase, sec_01_a_method_makes_its_own_calls_nobodys);
    tcase_add_test(tcase, sec_01_a_forked_child_sets_no_principal);
    tcase_add_test(tcase, sec_03_a_thread_of_the_servers_own_acts_for_the_client);
}

static Suite *principals_suite(void)
{
    Suite *suite = suite_create("principals");

    client_add_cases(suite, CLIENT_ANY, principals);
    client_add_cases(suite, CLIENT_TO_OWN, principals_to_own);
    return suite;
}

UVCOM_TEST_MAIN(principals_suite)
