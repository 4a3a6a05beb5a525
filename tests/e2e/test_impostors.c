/*
 * test_impostors.c -- objects that hand on what they do not know to a proxy or to a call object,
 * and objects that break the rules of QueryInterface. COM-02.
 */
#include <string.h>

#include <uv.h>

#include <uvcom/loop.h>

#include "garden.h"

/* An object with an identity of its own, on the test's stack: it is not counted. */
struct impostor {
    IRoot root;
    HRESULT (*other)(struct impostor *impostor, REFIID riid, void **ppv);
    IUnknown *inner; /* borrowed */
    unsigned leaves; /* calls of CoUninitialize at the question for IUnknown */
};

static HRESULT STDMETHODCALLTYPE impostor_QueryInterface(IRoot *This, REFIID riid, void **ppv)
{
    struct impostor *impostor = (struct impostor *)This;

    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IRoot)) {
        *ppv = This;
        for (; IsEqualIID(riid, &IID_IUnknown) && impostor->leaves > 0; impostor->leaves--)
            CoUninitialize();
        return S_OK;
    }
    return impostor->other(impostor, riid, ppv);
}

static ULONG STDMETHODCALLTYPE impostor_count(IRoot *This)
{
    (void)This;
    return 1;
}

static HRESULT STDMETHODCALLTYPE impostor_Number(IRoot *This, LONG *number)
{
    (void)This;
    *number = 42;
    return S_OK;
}

static IRootVtbl impostor_vtbl = {impostor_QueryInterface, impostor_count, impostor_count,
                                  impostor_Number};

static HRESULT hand_on(struct impostor *impostor, REFIID riid, void **ppv)
{
    return IUnknown_QueryInterface(impostor->inner, riid, ppv);
}

/* Says yes and writes nothing. */
static HRESULT say_yes(struct impostor *impostor, REFIID riid, void **ppv)
{
    (void)impostor;
    (void)riid;
    (void)ppv;
    return S_OK;
}

static HRESULT refuse(struct impostor *impostor, REFIID riid, void **ppv)
{
    (void)impostor;
    (void)riid;
    *ppv = NULL;
    return E_NOINTERFACE;
}

static IAgileReference *refer(void *object, REFIID iid)
{
    IAgileReference *reference;

    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, iid, object, &reference), S_OK);
    return reference;
}

START_TEST(com_02_an_object_in_front_of_a_proxy_is_not_taken_for_it)
{
    struct impostor impostor = {{&impostor_vtbl}, hand_on, (IUnknown *)garden.grown, 0};
    IAgileReference *reference = refer(&impostor, &IID_IRoot);
    IRoot *found;
    IGrown *grown;

    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IRoot, (void **)&found), S_OK);
    ck_assert_ptr_eq(found, &impostor.root);
    garden_drop(reference);
    /* What it does not answer itself is the proxy's, and packed as such. */
    reference = refer(&impostor, &IID_IGrown);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IGrown, (void **)&grown), S_OK);
    ck_assert_ptr_eq(grown, garden.grown);
    garden_drop(grown);
    garden_drop(reference);
}
END_TEST

static void never(void *call, void *context)
{
    (void)call;
    (void)context;
    ck_abort_msg("called back");
}

static void listen_through_impostor(void)
{
    AsyncITaker *call;
    uvcom_apartment *apartment;
    ITaker *taker;
    uv_loop_t loop;
    struct impostor impostor = {{&impostor_vtbl}, hand_on, NULL, 0};

    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_hr(uvcom_loop_adopt(&loop, &apartment), S_OK);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Taker, NULL, CLSCTX_INPROC_SERVER, &IID_ITaker, (void **)&taker),
        S_OK);
    ck_assert_hr(uvcom_create_call(taker, &IID_AsyncITaker, (void **)&call), S_OK);
    impostor.inner = (IUnknown *)call;
    ck_assert_hr(uvcom_on_complete(&impostor, never, NULL), E_NOINTERFACE);
    garden_drop(call);
    garden_drop(taker);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}

START_TEST(an_object_in_front_of_a_call_object_is_not_taken_for_it)
{
    garden_run_nowhere(listen_through_impostor);
}
END_TEST

/* What is left on the stack is no pointer. */
static __attribute__((noinline)) void dirty_the_stack(void)
{
    volatile unsigned char rubbish[8192];

    for (size_t i = 0; i < sizeof rubbish; i++)
        rubbish[i] = 0x5a;
}

START_TEST(objects_that_say_yes_and_give_nothing_are_not_believed)
{
    struct impostor impostor = {{&impostor_vtbl}, say_yes, NULL, 0};
    IAgileReference *reference = NULL;
    void *call = NULL;

    dirty_the_stack();
    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IGrown, (IUnknown *)&impostor, &reference),
        E_UNEXPECTED);
    dirty_the_stack();
    ck_assert_hr(uvcom_create_call(&impostor, &IID_AsyncIRoot, &call), E_UNEXPECTED);
    dirty_the_stack();
    ck_assert_hr(uvcom_wait(&impostor, 0), E_UNEXPECTED);
    dirty_the_stack();
    reference = refer(&impostor, &IID_IRoot);
    garden_drop(reference);
}
END_TEST

static const CLSID clsid_yes = {
    0x5b7e2b0f, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};

START_TEST(a_class_object_that_says_yes_and_gives_nothing_is_not_believed)
{
    struct impostor impostor = {{&impostor_vtbl}, say_yes, NULL, 0};
    void *found = &found;
    DWORD cookie;

    ck_assert_hr(CoRegisterClassObject(&clsid_yes, (IUnknown *)&impostor, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, &cookie),
                 S_OK);
    ck_assert_hr(CoGetClassObject(&clsid_yes, CLSCTX_INPROC_SERVER, NULL, &IID_IGrown, &found),
                 E_UNEXPECTED);
    ck_assert_ptr_null(found);
    ck_assert_hr(CoCreateInstance(&clsid_yes, NULL, CLSCTX_INPROC_SERVER, &IID_IGrown, &found),
                 E_UNEXPECTED);
    ck_assert_hr(CoRevokeClassObject(cookie), S_OK);
}
END_TEST

/* The apartment closes while its object is being asked: AddressSanitizer sees whether it is used
   after that. */
static void pack_and_leave(void)
{
    struct impostor impostor = {{&impostor_vtbl}, refuse, NULL, 1};
    IAgileReference *reference = NULL;

    ck_assert_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    ck_assert_hr(
        RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IRoot, (IUnknown *)&impostor, &reference),
        RPC_E_DISCONNECTED);
    ck_assert_ptr_null(reference);
}

START_TEST(an_object_that_leaves_its_apartment_while_it_is_packed_is_disconnected)
{
    garden_run_nowhere(pack_and_leave);
}
END_TEST

static Suite *impostors_suite(void)
{
    Suite *suite = suite_create("impostors");
    TCase *tcase = tcase_create("multithreaded to own");

    tcase_add_checked_fixture(tcase, garden_begin, garden_end);
    tcase_add_test(tcase, com_02_an_object_in_front_of_a_proxy_is_not_taken_for_it);
    tcase_add_test(tcase, an_object_in_front_of_a_call_object_is_not_taken_for_it);
    tcase_add_test(tcase, objects_that_say_yes_and_give_nothing_are_not_believed);
    tcase_add_test(tcase, a_class_object_that_says_yes_and_gives_nothing_is_not_believed);
    tcase_add_test(tcase, an_object_that_leaves_its_apartment_while_it_is_packed_is_disconnected);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(impostors_suite)
