/*
 * test_event_handle.c -- the event's descriptor: made on request, in step with the event (SYN-12),
 * replaced (SYN-13); and the event objects' interfaces round it (SYN-01, SYN-14).
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <uvcom/combase.h>
#include <uvcom/synchronize.h>

#include "runtime/event.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/note.h"
#include "tests/support/runner.h"
#include "tests/support/sta_thread.h"

static struct event event;

static void open_kind(bool is_manual)
{
    faults_reset();
    event = (struct event){.is_manual = false};
    uvcom__event_init(&event, is_manual);
}

static void open_manual(void)
{
    open_kind(true);
}

static void open_auto(void)
{
    open_kind(false);
}

static void close_event(void)
{
    uvcom__event_end(&event);
    ck_assert_uint_eq(faults_live(), 0);
}

static bool is_readable(int descriptor)
{
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};

    ck_assert_int_ge(poll(&entry, 1, 0), 0);
    ck_assert_int_eq(entry.revents & POLLNVAL, 0);
    return entry.revents & POLLIN;
}

static bool is_open(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

static int descriptor_of_event(void)
{
    int descriptor = -1;

    ck_assert_hr(uvcom__event_descriptor(&event, &descriptor), S_OK);
    ck_assert_int_gt(descriptor, STDERR_FILENO);
    return descriptor;
}

static HRESULT poll_event(void)
{
    return uvcom__event_wait(&event, COWAIT_DEFAULT, 0);
}

/* ---- SYN-12: the event's own ---- */

START_TEST(syn_12_it_is_readable_exactly_while_the_event_is_set)
{
    const int descriptor = descriptor_of_event();

    ck_assert(!is_readable(descriptor));
    for (int i = 0; i < 3; i++) {
        ck_assert_hr(uvcom__event_signal(&event), S_OK);
        ck_assert(is_readable(descriptor));
        ck_assert_hr(uvcom__event_signal(&event), S_OK);
        ck_assert(is_readable(descriptor));
        ck_assert_hr(uvcom__event_reset(&event), S_OK);
        ck_assert(!is_readable(descriptor));
    }
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    ck_assert_int_eq(is_readable(descriptor), event.is_manual);
    ck_assert_int_eq(descriptor_of_event(), descriptor);
}
END_TEST

START_TEST(syn_12_one_that_is_asked_for_late_shows_the_event_as_it_is)
{
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(is_readable(descriptor_of_event()));
}
END_TEST

START_TEST(syn_12_it_closes_with_the_event_and_costs_no_memory)
{
    const int descriptor = descriptor_of_event();

    ck_assert(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    ck_assert_uint_eq(faults_seen(), 0);
    uvcom__event_end(&event);
    ck_assert(!is_open(descriptor));
    event = (struct event){.is_manual = event.is_manual};
}
END_TEST

START_TEST(syn_12_its_number_is_never_one_of_a_standard_streams)
{
    /* This process is the test's own. */
    close(0);
    close(2);
    descriptor_of_event();
    ck_assert(!is_open(0) && !is_open(2));
}
END_TEST

START_TEST(without_descriptors_the_event_goes_on_without)
{
    struct rlimit before = few_descriptors_begin(0);
    int descriptor;
    HRESULT hr = uvcom__event_descriptor(&event, &descriptor);

    few_descriptors_end(before);
    ck_assert_hr(hr, RPC_E_OUT_OF_RESOURCES);
    ck_assert_uint_eq(uvcom__load32(&event.word, UVCOM__RELAXED), 0);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    descriptor_of_event();
}
END_TEST

START_TEST(a_readable_descriptor_is_taken_with_its_event)
{
    const int descriptor = descriptor_of_event();

    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(uvcom__event_take_by_descriptor(descriptor));
    ck_assert_int_eq(is_readable(descriptor), event.is_manual);
    if (!event.is_manual)
        ck_assert(!uvcom__event_take_by_descriptor(descriptor));
    uvcom__event_give_by_descriptor(descriptor);
    ck_assert(is_readable(descriptor));
    /* Of a stranger's nothing is known: it is as readable as poll has said. */
    ck_assert(uvcom__event_take_by_descriptor(descriptor + 1));
    ck_assert(uvcom__event_take_by_descriptor(descriptor + 1024));
}
END_TEST

/* ---- SYN-13: somebody else's ---- */

static int borrow(unsigned initial)
{
    const int descriptor = eventfd(initial, EFD_CLOEXEC);

    ck_assert_int_gt(descriptor, 0);
    ck_assert_hr(uvcom__event_borrow(&event, descriptor), S_OK);
    return descriptor;
}

START_TEST(syn_13_the_event_is_the_handle_that_was_set)
{
    const int own = descriptor_of_event();
    int descriptor;

    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    descriptor = borrow(0);
    ck_assert_int_eq(descriptor_of_event(), descriptor);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, 1), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(is_readable(descriptor) && !is_readable(own));
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_int_eq(is_readable(descriptor), event.is_manual);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    uvcom__event_end(&event);
    ck_assert(is_open(descriptor) && !is_open(own));
    close(descriptor);
    event = (struct event){.is_manual = event.is_manual};
}
END_TEST

START_TEST(syn_13_a_handle_that_is_set_makes_the_event_set)
{
    const int descriptor = borrow(3);
    const uint64_t one = 1;

    ck_assert_hr(poll_event(), S_OK);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert_int_eq(write(descriptor, &one, sizeof one), sizeof one);
    ck_assert_hr(poll_event(), S_OK);
    ck_assert_hr(poll_event(), event.is_manual ? S_OK : RPC_E_TIMEOUT);
    close(descriptor);
}
END_TEST

/* A counter that gives one at a time does not outlive a Reset. */
START_TEST(syn_13_a_handle_that_counts_is_cleared_all_the_same)
{
    const int descriptor = eventfd(5, EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK);

    ck_assert_hr(uvcom__event_borrow(&event, descriptor), S_OK);
    ck_assert_hr(uvcom__event_reset(&event), S_OK);
    ck_assert(!is_readable(descriptor));
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    close(descriptor);
}
END_TEST

START_TEST(syn_13_the_first_handle_set_again_makes_it_an_event_of_its_own)
{
    const int own = descriptor_of_event();
    const int descriptor = borrow(1);

    ck_assert_hr(uvcom__event_borrow(&event, own), S_OK);
    close(descriptor);
    ck_assert_hr(poll_event(), RPC_E_TIMEOUT);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert(is_readable(own));
    ck_assert(uvcom__event_take_by_descriptor(own));
    ck_assert_int_eq(is_readable(own), event.is_manual);
}
END_TEST

START_TEST(syn_13_what_is_no_handle_is_refused)
{
    const int closed = eventfd(0, EFD_CLOEXEC);
    int pipes[2];

    close(closed);
    ck_assert_hr(uvcom__event_borrow(&event, closed), E_HANDLE);
    ck_assert_hr(uvcom__event_borrow(&event, 0), E_HANDLE);
    ck_assert_hr(uvcom__event_borrow(&event, -1), E_HANDLE);
    ck_assert_hr(uvcom__event_signal(&event), S_OK);
    ck_assert_hr(poll_event(), S_OK);
    /* The end of a pipe that cannot be written to is found out by the first Signal. */
    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert_hr(uvcom__event_borrow(&event, pipes[0]), S_OK);
    ck_assert_hr(uvcom__event_signal(&event), E_HANDLE);
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

static void signal_it(struct note *note)
{
    (void)note;
    uvcom__event_signal(&event);
}

START_TEST(syn_13_an_apartments_thread_serves_while_it_waits_for_a_handle)
{
    struct note_log log = NOTE_LOG_INITIALIZER;
    struct note note = note_make(&log, 1);
    int descriptor;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    descriptor = borrow(0);
    note.act = signal_it;
    uvcom__apartment_post(uvcom__apartment_current(), &note.item);
    ck_assert_hr(uvcom__event_wait(&event, COWAIT_DEFAULT, INFINITE), S_OK);
    ck_assert_uint_eq(note_log_run(&log), 1);
    CoUninitialize();
    close(descriptor);
}
END_TEST

/* ---- the objects ---- */

static ISynchronizeEvent *handle_of(IUnknown *object)
{
    ISynchronizeEvent *handle;

    ck_assert_hr(IUnknown_QueryInterface(object, &IID_ISynchronizeEvent, (void **)&handle), S_OK);
    return handle;
}

static void check_object(const CLSID *clsid, HRESULT second_wait)
{
    ISynchronize *synchronize;
    ISynchronizeEvent *handle;
    ISynchronizeHandle *same;
    HANDLE given;

    ck_assert_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize,
                                  (void **)&synchronize),
                 S_OK);
    ck_assert_hr(ISynchronize_Wait(synchronize, COWAIT_DEFAULT, 0), RPC_E_TIMEOUT);
    ck_assert_hr(ISynchronize_Signal(synchronize), S_OK);
    ck_assert_hr(ISynchronize_Wait(synchronize, COWAIT_DEFAULT, 0), S_OK);
    ck_assert_hr(ISynchronize_Wait(synchronize, COWAIT_DEFAULT, 0), second_wait);
    ck_assert_hr(ISynchronize_Reset(synchronize), S_OK);
    handle = handle_of((IUnknown *)synchronize);
    ck_assert_hr(ISynchronizeEvent_GetHandle(handle, NULL), E_POINTER);
    ck_assert_hr(ISynchronizeEvent_GetHandle(handle, &given), S_OK);
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(handle, NULL), E_POINTER);
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(handle, &given), S_OK);
    given = NULL;
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(handle, &given), E_HANDLE);
    given = (HANDLE)((intptr_t)1 << 40);
    ck_assert_hr(ISynchronizeEvent_SetEventHandle(handle, &given), E_HANDLE);
    ck_assert_hr(ISynchronize_QueryInterface(synchronize, &IID_ISynchronizeHandle, (void **)&same),
                 S_OK);
    ck_assert_ptr_eq((void *)same, (void *)handle);
    ISynchronizeHandle_Release(same);
    ISynchronize_Release(synchronize);
    ISynchronizeEvent_Release(handle);
}

static void check_objects(DWORD model)
{
    faults_reset();
    CoInitializeEx(NULL, model);
    check_object(&CLSID_StdEvent, RPC_E_TIMEOUT);
    check_object(&CLSID_ManualResetEvent, S_OK);
    CoUninitialize();
    ck_assert_uint_eq(faults_live(), 0);
}

START_TEST(syn_07_both_classes_in_the_multithreaded_apartment)
{
    check_objects(COINIT_MULTITHREADED);
}
END_TEST

START_TEST(syn_07_both_classes_in_a_single_threaded_apartment)
{
    check_objects(COINIT_APARTMENTTHREADED);
}
END_TEST

START_TEST(a_thread_without_an_apartment_cannot_make_one)
{
    void *made = &event;

    ck_assert_hr(
        CoCreateInstance(&CLSID_StdEvent, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize, &made),
        CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(made);
}
END_TEST

/* The object is agile: other apartments use it directly. */
START_TEST(an_event_object_is_the_same_in_every_apartment)
{
    ISynchronize *made, *there;
    IAgileObject *agile;
    IStream *stream;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ck_assert_hr(CoCreateInstance(&CLSID_StdEvent, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize,
                                  (void **)&made),
                 S_OK);
    ck_assert_hr(ISynchronize_QueryInterface(made, &IID_IAgileObject, (void **)&agile), S_OK);
    IAgileObject_Release(agile);
    ck_assert_hr(
        CoMarshalInterThreadInterfaceInStream(&IID_ISynchronize, (IUnknown *)made, &stream), S_OK);
    CoUninitialize();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ck_assert_hr(CoGetInterfaceAndReleaseStream(stream, &IID_ISynchronize, (void **)&there), S_OK);
    ck_assert_ptr_eq(there, made);
    ISynchronize_Release(there);
    ISynchronize_Release(made);
    CoUninitialize();
}
END_TEST

START_TEST(every_allocation_that_fails_is_reported)
{
    ISynchronize *made = NULL;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    faults_fail_at(1);
    ck_assert_hr(CoCreateInstance(&CLSID_StdEvent, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize,
                                  (void **)&made),
                 E_OUTOFMEMORY);
    ck_assert_ptr_null(made);
    faults_fail_at(2);
    ck_assert_hr(CoCreateInstance(&CLSID_StdEvent, NULL, CLSCTX_INPROC_SERVER, &IID_ISynchronize,
                                  (void **)&made),
                 S_OK);
    ck_assert(!faults_hit());
    ISynchronize_Release(made);
    ck_assert_uint_eq(faults_live(), 0);
    faults_reset();
    CoUninitialize();
}
END_TEST

static void add_common(TCase *tcase)
{
    tcase_add_test(tcase, syn_12_it_is_readable_exactly_while_the_event_is_set);
    tcase_add_test(tcase, syn_12_one_that_is_asked_for_late_shows_the_event_as_it_is);
    tcase_add_test(tcase, syn_12_it_closes_with_the_event_and_costs_no_memory);
    tcase_add_test(tcase, syn_12_its_number_is_never_one_of_a_standard_streams);
    tcase_add_test(tcase, without_descriptors_the_event_goes_on_without);
    tcase_add_test(tcase, a_readable_descriptor_is_taken_with_its_event);
    tcase_add_test(tcase, syn_13_the_event_is_the_handle_that_was_set);
    tcase_add_test(tcase, syn_13_a_handle_that_is_set_makes_the_event_set);
    tcase_add_test(tcase, syn_13_a_handle_that_counts_is_cleared_all_the_same);
    tcase_add_test(tcase, syn_13_the_first_handle_set_again_makes_it_an_event_of_its_own);
    tcase_add_test(tcase, syn_13_what_is_no_handle_is_refused);
    tcase_add_test(tcase, syn_13_an_apartments_thread_serves_while_it_waits_for_a_handle);
}

static Suite *event_handle_suite(void)
{
    Suite *suite = suite_create("event_handle");
    TCase *manual = tcase_create("manual");
    TCase *automatic = tcase_create("auto-reset");
    TCase *objects = tcase_create("objects");

    tcase_add_checked_fixture(manual, open_manual, close_event);
    add_common(manual);
    suite_add_tcase(suite, manual);
    tcase_add_checked_fixture(automatic, open_auto, close_event);
    add_common(automatic);
    suite_add_tcase(suite, automatic);
    tcase_add_test(objects, syn_07_both_classes_in_the_multithreaded_apartment);
    tcase_add_test(objects, syn_07_both_classes_in_a_single_threaded_apartment);
    tcase_add_test(objects, a_thread_without_an_apartment_cannot_make_one);
    tcase_add_test(objects, an_event_object_is_the_same_in_every_apartment);
    tcase_add_test(objects, every_allocation_that_fails_is_reported);
    suite_add_tcase(suite, objects);
    return suite;
}

UVCOM_TEST_MAIN(event_handle_suite)
