/*
 * test_streams.c -- CoMarshalInterThreadInterfaceInStream, CoGetInterfaceAndReleaseStream and
 * RoGetAgileReference: a pointer handed to another thread by the program itself.
 */
#include <string.h>

#include "exchange.h"

static struct apartment *third;
static IStream *stream;
static IAgileReference *reference;

static void start_third(void)
{
    ck_assert_hr(uvcom__apartment_start(&third), S_OK);
}

static void stop_third(void)
{
    uvcom__apartment_stop(third);
    uvcom__apartment_release(third);
}

static HRESULT pack(void *object, REFIID iid)
{
    return CoMarshalInterThreadInterfaceInStream(iid, object, &stream);
}

static HRESULT unpack(REFIID iid, void *found)
{
    return CoGetInterfaceAndReleaseStream(stream, iid, found);
}

/* ---- streams ---- */

static void unpack_and_use(void *arg)
{
    IListener *found;
    LONG sum;

    ck_assert_hr(unpack(&IID_IListener, &found), S_OK);
    ck_assert_ptr_ne(found, arg);
    ck_assert_hr(IListener_Tell(found, 8, &sum), S_OK);
    ck_assert_int_eq(sum, 8);
    ck_assert_uint_ne(notes.told_on, this_thread());
    ck_assert_uint_eq(drop(found), 0);
}

START_TEST(a_stream_carries_a_pointer_to_another_apartment)
{
    start_third();
    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    run_in(third, unpack_and_use, market.listener);
    stop_third();
}
END_TEST

START_TEST(at_home_a_stream_gives_the_pointer_itself)
{
    IListener *found;

    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(unpack(&IID_IListener, &found), S_OK);
    ck_assert_ptr_eq(found, market.listener);
    drop(found);
    ck_assert_hr(pack(market.listener, &IID_IUnknown), S_OK);
    ck_assert_hr(unpack(&IID_IListener, &found), S_OK);
    ck_assert_ptr_eq(found, market.listener);
    drop(found);
}
END_TEST

START_TEST(a_stream_keeps_its_object_and_unused_gives_it_back)
{
    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    drop(market.listener);
    market.listener = NULL;
    ck_assert_int_eq(notes.listeners, 1);
    ck_assert_uint_eq(drop(stream), 0);
    await_ends(1);
}
END_TEST

START_TEST(a_stream_is_good_for_one_use)
{
    void *found;

    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    IStream_AddRef(stream);
    IStream_AddRef(stream);
    ck_assert_hr(unpack(&IID_IExchange, &found), E_NOINTERFACE);
    ck_assert_ptr_null(found);
    ck_assert_hr(unpack(&IID_IListener, &found), CO_E_OBJNOTCONNECTED);
    ck_assert_ptr_null(found);
    ck_assert_uint_eq(drop(stream), 0);
}
END_TEST

START_TEST(streams_refuse_what_is_wrong)
{
    void *found = market.listener;

    ck_assert_hr(
        CoMarshalInterThreadInterfaceInStream(&IID_IListener, (IUnknown *)market.listener, NULL),
        E_POINTER);
    ck_assert_hr(pack(NULL, &IID_IListener), E_INVALIDARG);
    ck_assert_ptr_null(stream);
    ck_assert_hr(pack(market.listener, NULL), E_INVALIDARG);
    ck_assert_hr(pack(market.listener, &IID_IExchange), E_NOINTERFACE);
    ck_assert_ptr_null(stream);
    ck_assert_hr(unpack(&IID_IListener, &found), E_INVALIDARG);
    ck_assert_ptr_null(found);
    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(unpack(NULL, &found), E_INVALIDARG);
    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(unpack(&IID_IListener, NULL), E_INVALIDARG);
}
END_TEST

static void pack_new(void *arg)
{
    IListener *made = listener_create();

    (void)arg;
    ck_assert_hr(pack(made, &IID_IListener), S_OK);
    drop(made);
}

START_TEST(a_stream_outlives_the_objects_apartment)
{
    void *found;

    start_third();
    run_in(third, pack_new, NULL);
    stop_third();
    ck_assert_uint_eq(notes.ended.arrived, 1);
    ck_assert_hr(unpack(&IID_IListener, &found), RPC_E_DISCONNECTED);
    ck_assert_ptr_null(found);
}
END_TEST

/* ---- as a stream ---- */

static void check_bytes(void)
{
    char bytes[4] = "abc";
    ULONG count = 7;
    ULARGE_INTEGER size = {.QuadPart = 7}, written = {.QuadPart = 7};
    STATSTG stat;

    ck_assert_hr(IStream_Read(stream, bytes, sizeof bytes, &count), S_FALSE);
    ck_assert_uint_eq(count, 0);
    ck_assert_hr(IStream_Read(stream, bytes, 0, NULL), S_OK);
    count = 7;
    ck_assert_hr(IStream_Write(stream, bytes, 1, &count), STG_E_ACCESSDENIED);
    ck_assert_uint_eq(count, 0);
    ck_assert_hr(IStream_Write(stream, bytes, 0, NULL), S_OK);
    ck_assert_hr(IStream_CopyTo(stream, stream, size, &size, &written), S_OK);
    ck_assert_uint_eq(size.QuadPart + written.QuadPart, 0);
    ck_assert_hr(IStream_CopyTo(stream, NULL, size, NULL, NULL), E_POINTER);
    ck_assert_hr(IStream_SetSize(stream, size), S_OK);
    size.QuadPart = 1;
    ck_assert_hr(IStream_SetSize(stream, size), STG_E_ACCESSDENIED);
    memset(&stat, 0xA5, sizeof stat);
    ck_assert_hr(IStream_Stat(stream, &stat, STATFLAG_DEFAULT), S_OK);
    ck_assert_uint_eq(stat.type, STGTY_STREAM);
    ck_assert_uint_eq(stat.cbSize.QuadPart, 0);
    ck_assert_ptr_null(stat.pwcsName);
    ck_assert_hr(IStream_Stat(stream, NULL, STATFLAG_DEFAULT), E_POINTER);
}

START_TEST(as_a_stream_it_has_no_bytes)
{
    LARGE_INTEGER move = {.QuadPart = 0};
    ULARGE_INTEGER position = {.QuadPart = 7}, none = {.QuadPart = 0};
    IStream *clone = stream;

    ck_assert_hr(pack(market.listener, &IID_IListener), S_OK);
    check_bytes();
    ck_assert_hr(IStream_Seek(stream, move, STREAM_SEEK_END, &position), S_OK);
    ck_assert_uint_eq(position.QuadPart, 0);
    ck_assert_hr(IStream_Seek(stream, move, 3, NULL), STG_E_INVALIDFUNCTION);
    move.QuadPart = 1;
    ck_assert_hr(IStream_Seek(stream, move, STREAM_SEEK_SET, NULL), STG_E_INVALIDFUNCTION);
    ck_assert_hr(IStream_Commit(stream, STGC_DEFAULT), S_OK);
    ck_assert_hr(IStream_Revert(stream), S_OK);
    ck_assert_hr(IStream_LockRegion(stream, none, none, 0), STG_E_INVALIDFUNCTION);
    ck_assert_hr(IStream_UnlockRegion(stream, none, none, 0), STG_E_INVALIDFUNCTION);
    ck_assert_hr(IStream_Clone(stream, &clone), E_NOTIMPL);
    ck_assert_ptr_null(clone);
    drop(query(stream, &IID_ISequentialStream));
    drop(query(stream, &IID_IAgileObject));
    ck_assert_uint_eq(drop(stream), 0);
}
END_TEST

/* ---- agile references ---- */

static void resolve_and_use(void *arg)
{
    IListener *found;
    LONG sum;

    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IListener, (void **)&found), S_OK);
    ck_assert_ptr_ne(found, arg);
    ck_assert_hr(IListener_Tell(found, 8, &sum), S_OK);
    ck_assert_uint_ne(notes.told_on, this_thread());
    ck_assert_uint_eq(drop(found), 0);
}

static HRESULT refer(void *object, REFIID iid)
{
    return RoGetAgileReference(AGILEREFERENCE_DEFAULT, iid, object, &reference);
}

START_TEST(an_agile_reference_gives_each_apartment_its_pointer)
{
    IListener *found;

    start_third();
    ck_assert_hr(refer(market.listener, &IID_IListener), S_OK);
    for (int i = 0; i < 3; i++) {
        run_in(third, resolve_and_use, market.listener);
        ck_assert_hr(IAgileReference_Resolve(reference, &IID_IListener, (void **)&found), S_OK);
        ck_assert_ptr_eq(found, market.listener);
        drop(found);
    }
    ck_assert_uint_eq(drop(reference), 0);
    stop_third();
}
END_TEST

START_TEST(agile_references_refuse_what_is_wrong)
{
    void *found = market.listener;

    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IListener,
                                     (IUnknown *)market.listener, NULL),
                 E_POINTER);
    ck_assert_hr(refer(NULL, &IID_IListener), E_INVALIDARG);
    ck_assert_hr(refer(market.listener, NULL), E_INVALIDARG);
    ck_assert_hr(refer(market.listener, &IID_IExchange), E_NOINTERFACE);
    ck_assert_ptr_null(reference);
    ck_assert_hr(RoGetAgileReference((AgileReferenceOptions)9, &IID_IListener,
                                     (IUnknown *)market.listener, &reference),
                 E_INVALIDARG);
    ck_assert_hr(refer(market.listener, &IID_IListener), S_OK);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IListener, NULL), E_POINTER);
    ck_assert_hr(IAgileReference_Resolve(reference, NULL, &found), E_INVALIDARG);
    ck_assert_ptr_null(found);
    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IExchange, &found), E_NOINTERFACE);
    drop(query(reference, &IID_IAgileObject));
    drop(reference);
}
END_TEST

static void *resolve_bare(void *arg)
{
    void *found = arg;

    ck_assert_hr(IAgileReference_Resolve(reference, &IID_IListener, &found), CO_E_NOTINITIALIZED);
    ck_assert_ptr_null(found);
    return NULL;
}

START_TEST(a_thread_without_an_apartment_gets_nothing)
{
    pthread_t thread;

    ck_assert_hr(refer(market.listener, &IID_IListener), S_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, resolve_bare, market.listener), 0);
    pthread_join(thread, NULL);
    drop(reference);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, a_stream_carries_a_pointer_to_another_apartment);
    tcase_add_test(tcase, at_home_a_stream_gives_the_pointer_itself);
    tcase_add_test(tcase, a_stream_keeps_its_object_and_unused_gives_it_back);
    tcase_add_test(tcase, a_stream_is_good_for_one_use);
    tcase_add_test(tcase, streams_refuse_what_is_wrong);
    tcase_add_test(tcase, a_stream_outlives_the_objects_apartment);
    tcase_add_test(tcase, as_a_stream_it_has_no_bytes);
    tcase_add_test(tcase, an_agile_reference_gives_each_apartment_its_pointer);
    tcase_add_test(tcase, agile_references_refuse_what_is_wrong);
    tcase_add_test(tcase, a_thread_without_an_apartment_gets_nothing);
}

static Suite *streams_suite(void)
{
    Suite *suite = suite_create("streams");

    market_add_cases(suite, fill);
    return suite;
}

UVCOM_TEST_MAIN(streams_suite)
