/*
 * test_kept_values.c -- what stays the client's, and sizes and tags that are read while values are
 * walked through: whatever becomes of a call, each block ends once and none is lost (CALL-14,
 * CALL-15, LIFE-04).
 *
 * Blocks that are freed too often end the program; lost ones are counted.
 */
#include <stdlib.h>
#include <string.h>

#include <uvcom/limits.h>
#include <uvcom/oleauto.h>
#include <uvcom/uvcom.h>

#include "kept_server.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)
#define INVALID_TAG HRESULT_FROM_WIN32(RPC_X_INVALID_TAG)
#define BAD_STUB_DATA HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)
#define NULL_POINTER HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)

static const CLSID CLSID_Kept = {
    0x6b1f0c03, 0x2f5d, 0x4f0e, {0x9a, 0x58, 0x6d, 0x0f, 0x4b, 0xe5, 0x7a, 0x01}};

static BSTR text_of_two(void)
{
    return SysAllocString(u"ab");
}

/* ---- the client ---- */

static IKept *kept;
static AsyncIKept *call;

static void set_up(void)
{
    faults_spare_uv();
    memset(&kept_server, 0, sizeof kept_server);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Kept, kept_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Kept, NULL, CLSCTX_INPROC_SERVER, &IID_IKept, (void **)&kept),
        S_OK);
    ck_assert_hr(uvcom_create_call(kept, &IID_AsyncIKept, (void **)&call), S_OK);
    faults_reset();
}

static void tear_down(void)
{
    AsyncIKept_Release(call);
    IKept_Release(kept);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Kept), S_OK);
}

/* A call that nobody collects: the call object goes, and with it the results. The server is done
   with it when it has served another. */
static void abandon(HRESULT begun)
{
    char text[2];

    ck_assert_hr(begun, S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    AsyncIKept_Release(call);
    ck_assert_hr(IKept_Text(kept, 2, text), FAILED(kept_server.hr) ? kept_server.hr : S_OK);
    ck_assert_hr(uvcom_create_call(kept, &IID_AsyncIKept, (void **)&call), S_OK);
}

/* What lives after the first time, lives after the second: nothing was lost. */
static void twice(void (*scene)(void))
{
    char text[2];
    size_t live;

    scene();
    IKept_Text(kept, 2, text);
    live = faults_live();
    scene();
    IKept_Text(kept, 2, text);
    ck_assert_uint_eq(faults_live(), live);
}

/* ---- below a pointer to const ---- */

START_TEST(call15_an_array_of_const_bstrs_stays_the_clients)
{
    BSTR text = text_of_two();
    kept_names a = {1, &text};

    if (_i == 0) {
        ck_assert_hr(IKept_Names(kept, &a), S_OK);
    } else {
        ck_assert_hr(AsyncIKept_Begin_Names(call, &a), S_OK);
        ck_assert_hr(AsyncIKept_Finish_Names(call, &a), S_OK);
    }
    ck_assert_ptr_eq(a.names, &text);
    ck_assert_uint_eq(SysStringLen(text), 2);
    SysFreeString(text);
}
END_TEST

START_TEST(call15_a_const_union_stays_the_clients)
{
    kept_arm arm = {.text = text_of_two()};
    kept_choice a = {2, &arm};

    if (_i == 0) {
        ck_assert_hr(IKept_Choice(kept, &a), S_OK);
    } else {
        ck_assert_hr(AsyncIKept_Begin_Choice(call, &a), S_OK);
        ck_assert_hr(AsyncIKept_Finish_Choice(call, &a), S_OK);
    }
    ck_assert_ptr_eq(a.arm, &arm);
    ck_assert_uint_eq(SysStringLen(arm.text), 2);
    SysFreeString(arm.text);
}
END_TEST

START_TEST(call15_const_interface_pointers_keep_their_references)
{
    IUnknown *object;
    kept_objects a = {1, &object};
    ULONG before;

    ck_assert_hr(IKept_QueryInterface(kept, &IID_IUnknown, (void **)&object), S_OK);
    IUnknown_AddRef(object);
    before = IUnknown_Release(object);
    if (_i == 0) {
        ck_assert_hr(IKept_Objects(kept, &a), S_OK);
    } else {
        ck_assert_hr(AsyncIKept_Begin_Objects(call, &a), S_OK);
        ck_assert_hr(AsyncIKept_Finish_Objects(call, &a), S_OK);
    }
    IUnknown_AddRef(object);
    ck_assert_uint_eq(IUnknown_Release(object), before);
    IUnknown_Release(object);
}
END_TEST

START_TEST(call15_a_const_array_cannot_become_longer)
{
    LONG data[3] = {1, 2, 3};
    kept_numbers a = {3, data};

    kept_server.number = 4;
    if (_i == 0) {
        ck_assert_hr(IKept_Numbers(kept, &a), INVALID_BOUND);
        return;
    }
    ck_assert_hr(AsyncIKept_Begin_Numbers(call, &a), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Numbers(call, &a), INVALID_BOUND);
    kept_server.number = 2;
    a = (kept_numbers){3, data};
    ck_assert_hr(AsyncIKept_Begin_Numbers(call, &a), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Numbers(call, &a), S_OK);
    ck_assert_ptr_eq(a.data, data);
}
END_TEST

/* ---- a count that is const, and that the client frees after Begin_ ---- */

static HRESULT begin_counted(counted a[2])
{
    LONG *count = malloc(sizeof *count);
    BSTR texts[] = {text_of_two()};
    HRESULT hr;

    *count = 1;
    a[0] = a[1] = (counted){count, texts};
    hr = AsyncIKept_Begin_Counted(call, a);
    SysFreeString(texts[0]);
    free(count);
    return hr;
}

static void free_counted(counted *a)
{
    SysFreeString(a->data[0]);
    CoTaskMemFree(a->data);
}

static void collect_counted(void)
{
    counted a[2], results[2];

    ck_assert_hr(begin_counted(a), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Counted(call, results), S_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_ptr_eq(results[i].count, a[i].count);
        free_counted(&results[i]);
    }
}

static void abandon_counted(void)
{
    counted a[2];

    abandon(begin_counted(a));
}

/* The result is not wanted, so what came back in it is not the client's to free. */
static void want_none(void)
{
    LONG *count = malloc(sizeof *count);
    BSTR texts[] = {text_of_two()};
    counted a = {count, texts};

    *count = 1;
    ck_assert_hr(AsyncIKept_Begin_OneOfThem(call, &a), S_OK);
    free(count);
    SysFreeString(texts[0]);
    ck_assert_hr(AsyncIKept_Finish_OneOfThem(call, NULL), S_OK);
}

START_TEST(call15_a_count_that_is_gone_is_not_read)
{
    void (*const scenes[])(void) = {collect_counted, abandon_counted, want_none};

    twice(scenes[_i]);
}
END_TEST

static bool collect_without_memory(size_t n)
{
    counted a[2], results[2];
    bool was_hit;
    HRESULT hr;

    ck_assert_hr(begin_counted(a), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    faults_fail_at(n);
    hr = AsyncIKept_Finish_Counted(call, results);
    was_hit = faults_hit();
    faults_reset();
    ck_assert_hr(hr, was_hit ? E_OUTOFMEMORY : S_OK);
    for (int i = 0; i < 2 && !was_hit; i++)
        free_counted(&results[i]);
    return was_hit;
}

START_TEST(fac_09_out_of_memory_the_clients_pointers_do_not_come_back)
{
    ck_assert(collect_without_memory(1));
    for (size_t n = 1; collect_without_memory(n); n++)
        ;
}
END_TEST

/* ---- sizes and tags behind pointers ---- */

static void abandon_counts(void)
{
    abandon(AsyncIKept_Begin_Counts(call));
}

static void abandon_kinds(void)
{
    LONG kind = 1;
    shared_kind a[2] = {{&kind, {.number = KEPT_NUMBER}}, {&kind, {.number = KEPT_NUMBER}}};

    abandon(AsyncIKept_Begin_Kinds(call, a));
}

START_TEST(life04_what_a_shared_number_counts_is_freed)
{
    kept_server.hr = _i & 1 ? E_FAIL : S_OK;
    twice(_i & 2 ? abandon_kinds : abandon_counts);
}
END_TEST

START_TEST(a_tag_that_is_nowhere_is_refused)
{
    LONG number = 5;
    shared_kind a[2] = {{NULL, {.pointer = &number}}, {NULL, {.pointer = &number}}};

    ck_assert_hr(AsyncIKept_Begin_Kinds(call, a), NULL_POINTER);
    ck_assert_hr(IKept_Kinds(kept, a), NULL_POINTER);
    ck_assert_ptr_eq(a[0].arm.pointer, &number);
}
END_TEST

static void limited(size_t bytes)
{
    uvcom_limits limits;

    uvcom_get_limits(&limits);
    limits.call_bytes = bytes;
    ck_assert_hr(uvcom_set_limits(&limits), S_OK);
}

static HRESULT begin_late(bool is_count)
{
    LONG one = 1;
    BSTR text = text_of_two();
    late_count count = {&text, &one};
    late_kind kind = {{.number = KEPT_NUMBER}, &one};
    HRESULT hr = is_count ? AsyncIKept_Begin_LateCount(call, &count)
                          : AsyncIKept_Begin_LateKind(call, &kind);

    ck_assert_uint_eq(SysStringLen(text), 2);
    SysFreeString(text);
    return hr;
}

START_TEST(call06_a_begin_that_fails_half_way_frees_nothing_of_the_clients)
{
    uvcom_limits before;
    size_t bytes = 1;

    uvcom_get_limits(&before);
    for (limited(bytes); FAILED(begin_late(_i != 0)); limited(++bytes))
        ck_assert_uint_lt(bytes, 1000);
    ck_assert_uint_gt(bytes, 1);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    uvcom_set_limits(&before);
}
END_TEST

static HRESULT call_wide(LONG number)
{
    ULONGLONG tag = 7;
    wide_arm a = {.number = KEPT_NUMBER};
    HRESULT hr;

    kept_server.number = number;
    hr = IKept_Wide(kept, &tag, &a);
    if (SUCCEEDED(hr) && number == 0) {
        ck_assert_uint_eq(SysStringLen(a.text), 2);
        SysFreeString(a.text);
    }
    return hr;
}

START_TEST(a_tag_of_64_bits_is_itself)
{
    ck_assert_hr(call_wide(0), S_OK);
    ck_assert_hr(call_wide(1), S_OK);
}
END_TEST

START_TEST(a_tag_that_overflows_has_no_arm)
{
    kept_arm a = {.number = KEPT_NUMBER};
    LONG tag = 0x7fffffff;

    ck_assert_hr(IKept_Sum(kept, &tag, &a), INVALID_BOUND);
    tag = 0;
    a.pointer = NULL;
    kept_server.number = 0x7fffffff;
    ck_assert_hr(IKept_Sum(kept, &tag, &a), INVALID_BOUND);
    kept_server.number = 1;
    ck_assert_hr(IKept_Sum(kept, &tag, &a), INVALID_TAG);
}
END_TEST

/* ---- what the server says is more than there is room for ---- */

static element elements[2];

static void make_elements(void)
{
    for (int i = 0; i < 2; i++)
        elements[i].text = strdup("ab");
}

static void free_elements(void)
{
    for (int i = 0; i < 2; i++)
        free(elements[i].text);
}

static void too_long(void)
{
    LONG length = 2;

    make_elements();
    ck_assert_hr(AsyncIKept_Begin_Length(call, 2, &length, elements), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Length(call, &length, elements), INVALID_BOUND);
    free_elements();
}

static void too_far(void)
{
    ULONG first = 0;

    make_elements();
    ck_assert_hr(AsyncIKept_Begin_First(call, 2, &first, elements), S_OK);
    ck_assert_hr(AsyncIKept_Finish_First(call, &first, elements), INVALID_BOUND);
    free_elements();
}

static void too_open(void)
{
    max_align_t memory[4];
    open_end *a = (open_end *)memory;
    BSTR text = text_of_two();

    a->n = 1;
    memcpy(a->data, &text, sizeof text);
    ck_assert_hr(AsyncIKept_Begin_Open(call, a), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Open(call, a), INVALID_BOUND);
    SysFreeString(text);
}

START_TEST(life04_what_is_in_the_frames_own_room_is_freed)
{
    static const struct {
        void (*scene)(void);
        LONG number;
    } cases[] = {{too_long, 3}, {too_long, -1}, {too_far, 3}, {too_open, 2}, {too_open, -1}};

    kept_server.number = cases[_i].number;
    twice(cases[_i].scene);
}
END_TEST

START_TEST(a_result_is_not_measured_with_the_limit)
{
    uvcom_limits before, limits;
    char text[100] = "";

    ck_assert_hr(AsyncIKept_Begin_Text(call, 100), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    uvcom_get_limits(&before);
    limits = before;
    limits.text_bytes = 50;
    uvcom_set_limits(&limits);
    ck_assert_hr(AsyncIKept_Finish_Text(call, text), S_OK);
    ck_assert_uint_eq(strlen(text), 99);
    memset(text, 0, sizeof text);
    ck_assert_hr(IKept_Text(kept, 100, text), S_OK);
    ck_assert_uint_eq(strlen(text), 99);
    uvcom_set_limits(&before);
}
END_TEST

/* ---- [ptr] ---- */

START_TEST(call14_two_parts_of_one_block_are_not_the_same)
{
    LONG data[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, sum = 0;
    part a = {10, data}, b = {10, data};

    ck_assert_hr(AsyncIKept_Begin_Parts(call, &a, &b), S_OK);
    ck_assert_hr(AsyncIKept_Finish_Parts(call, &sum), S_OK);
    ck_assert_int_eq(sum, 11);
    a.n = 1;
    ck_assert_hr(AsyncIKept_Begin_Parts(call, &a, &b), BAD_STUB_DATA);
}
END_TEST

START_TEST(call14_shared_rows_of_two_widths_are_refused)
{
    LONG data[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, *rows[] = {data}, *others[] = {data}, sum = 0;
    matrix a = {1, rows}, b = {10, rows};

    ck_assert_hr(AsyncIKept_Begin_Matrices(call, &a, &b), BAD_STUB_DATA);
    ck_assert_hr(IKept_Matrices(kept, &a, &b, &sum), BAD_STUB_DATA);
    b.rows = others;
    ck_assert_hr(IKept_Matrices(kept, &a, &b, &sum), S_OK);
    ck_assert_int_eq(sum, 10);
}
END_TEST

START_TEST(parameters_may_be_called_like_loops)
{
    BSTR texts[2] = {NULL, text_of_two()}, *rows[2] = {texts, texts};

    ck_assert_hr(IKept_Loops(kept, 2, rows, rows), S_OK);
    SysFreeString(texts[1]);
}
END_TEST

static Suite *kept_values_suite(void)
{
    Suite *suite = suite_create("kept values");
    TCase *tcase = tcase_create("values");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, call15_an_array_of_const_bstrs_stays_the_clients, 0, 2);
    tcase_add_loop_test(tcase, call15_a_const_union_stays_the_clients, 0, 2);
    tcase_add_loop_test(tcase, call15_const_interface_pointers_keep_their_references, 0, 2);
    tcase_add_loop_test(tcase, call15_a_const_array_cannot_become_longer, 0, 2);
    tcase_add_loop_test(tcase, call15_a_count_that_is_gone_is_not_read, 0, 3);
    tcase_add_test(tcase, fac_09_out_of_memory_the_clients_pointers_do_not_come_back);
    tcase_add_loop_test(tcase, life04_what_a_shared_number_counts_is_freed, 0, 4);
    tcase_add_test(tcase, a_tag_that_is_nowhere_is_refused);
    tcase_add_loop_test(tcase, call06_a_begin_that_fails_half_way_frees_nothing_of_the_clients, 0,
                        2);
    tcase_add_test(tcase, a_tag_of_64_bits_is_itself);
    tcase_add_test(tcase, a_tag_that_overflows_has_no_arm);
    tcase_add_loop_test(tcase, life04_what_is_in_the_frames_own_room_is_freed, 0, 5);
    tcase_add_test(tcase, a_result_is_not_measured_with_the_limit);
    tcase_add_test(tcase, call14_two_parts_of_one_block_are_not_the_same);
    tcase_add_test(tcase, call14_shared_rows_of_two_widths_are_refused);
    tcase_add_test(tcase, parameters_may_be_called_like_loops);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(kept_values_suite)
