/*
 * test_guid.c -- ids: comparison, DEFINE_GUID, and the ids that the library itself carries.
 */
#define INITGUID

#include <string.h>

#include <check.h>

#include <uvcom/uvcom.h>

#include "tests/support/runner.h"

DEFINE_GUID(CLSID_Shop, 0x12345678, 0x9abc, 0xdef0, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef);

/* Wide ids are compared as a whole: a comparison that stops at some field would pass for a while.
 */
START_TEST(ids_differ_if_any_byte_does)
{
    GUID other;

    for (size_t i = 0; i < sizeof other; i++) {
        memcpy(&other, &CLSID_Shop, sizeof other);
        ck_assert(IsEqualGUID(&other, &CLSID_Shop));
        ((unsigned char *)&other)[i] ^= 0x80;
        ck_assert(!IsEqualGUID(&other, &CLSID_Shop));
        ck_assert(!IsEqualIID(&CLSID_Shop, &other));
        ck_assert(!IsEqualCLSID(&other, &CLSID_Shop));
    }
}
END_TEST

START_TEST(define_guid_fills_the_fields_in_order)
{
    const GUID by_hand = {
        0x12345678, 0x9abc, 0xdef0, {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}};

    ck_assert_mem_eq(&by_hand, &CLSID_Shop, sizeof by_hand);
}
END_TEST

struct known {
    const char *name;
    const IID *iid;
    uint32_t data1;
};

/* All but ICallFactory: 0000xxxx-0000-0000-C000-000000000046. */
static const struct known known[] = {
    {"IUnknown", &IID_IUnknown, 0x00000000},
    {"AsyncIUnknown", &IID_AsyncIUnknown, 0x000e0000},
    {"IClassFactory", &IID_IClassFactory, 0x00000001},
    {"ISynchronize", &IID_ISynchronize, 0x00000030},
    {"ISynchronizeHandle", &IID_ISynchronizeHandle, 0x00000031},
    {"ISynchronizeEvent", &IID_ISynchronizeEvent, 0x00000032},
    {"ISynchronizeContainer", &IID_ISynchronizeContainer, 0x00000033},
    {"ISynchronizeMutex", &IID_ISynchronizeMutex, 0x00000025},
    {"ICancelMethodCalls", &IID_ICancelMethodCalls, 0x00000029},
};

START_TEST(library_carries_the_id_of_the_sdk)
{
    const struct known *row = &known[_i];
    const IID expected = {row->data1, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};

    ck_assert_msg(IsEqualIID(row->iid, &expected), "IID_%s", row->name);
}
END_TEST

START_TEST(library_carries_the_id_of_call_factory)
{
    const IID expected = {
        0x1c733a30, 0x2a1c, 0x11ce, {0xad, 0xe5, 0x00, 0xaa, 0x00, 0x44, 0x77, 0x3d}};

    ck_assert(IsEqualIID(&IID_ICallFactory, &expected));
}
END_TEST

/* Slots that other headers, and binaries, agree with: the order of methods is the interface. */
START_TEST(slots_are_those_of_the_sdk)
{
    const size_t slot = sizeof(void *);

    ck_assert_uint_eq(offsetof(IUnknownVtbl, Release), 2 * slot);
    ck_assert_uint_eq(offsetof(AsyncIUnknownVtbl, Finish_Release), 8 * slot);
    ck_assert_uint_eq(offsetof(IClassFactoryVtbl, LockServer), 4 * slot);
    ck_assert_uint_eq(offsetof(ICallFactoryVtbl, CreateCall), 3 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeVtbl, Wait), 3 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeVtbl, Signal), 4 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeVtbl, Reset), 5 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeEventVtbl, SetEventHandle), 4 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeContainerVtbl, WaitMultiple), 4 * slot);
    ck_assert_uint_eq(offsetof(ISynchronizeMutexVtbl, ReleaseMutex), 6 * slot);
    ck_assert_uint_eq(offsetof(ICancelMethodCallsVtbl, TestCancel), 4 * slot);
    ck_assert_uint_eq(sizeof(ICancelMethodCallsVtbl), 5 * slot);
}
END_TEST

static Suite *guid_suite(void)
{
    Suite *suite = suite_create("guid");
    TCase *guids = tcase_create("guids");
    TCase *interfaces = tcase_create("interfaces");

    tcase_add_test(guids, ids_differ_if_any_byte_does);
    tcase_add_test(guids, define_guid_fills_the_fields_in_order);
    tcase_add_loop_test(interfaces, library_carries_the_id_of_the_sdk, 0,
                        (int)(sizeof known / sizeof *known));
    tcase_add_test(interfaces, library_carries_the_id_of_call_factory);
    tcase_add_test(interfaces, slots_are_those_of_the_sdk);
    suite_add_tcase(suite, guids);
    suite_add_tcase(suite, interfaces);
    return suite;
}

UVCOM_TEST_MAIN(guid_suite)
