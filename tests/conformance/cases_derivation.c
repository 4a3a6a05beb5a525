/*
 * cases_derivation.c -- conformance cases for DER: what the compiler makes of an interface.
 *
 * Some look at desk.idl, which was compiled with this program; others run uvidl on a few lines.
 */
#include "tests/conformance/compiler.h"
#include "tests/conformance/conformance.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The attributes of an interface, with the last digit of its ids. */
#define OBJECT(digit)                                                                              \
    "[object, uuid(5b1f0c10-0000-4000-8000-00000000000" digit "), pointer_default(unique)]"
#define ASYNC(digit)                                                                               \
    "[object, uuid(5b1f0c10-0000-4000-8000-00000000000" digit "), "                                \
    "async_uuid(5b1f0c11-0000-4000-8000-00000000000" digit "), pointer_default(unique)]"
#define MIX(methods) ASYNC("1") "interface IMix : IUnknown { " methods " }"

/* The place of a function in a vtable. */
#define SLOT(interface_, method_) (offsetof(interface_##Vtbl, method_) / sizeof(void *))

CASE(DER_01_async_uuid_makes_a_second_interface_with_that_id)
{
    static const IID first = {
        0x9d1e5b10, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};
    static const IID second = {
        0x9d1e5b11, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};

    ck_assert(IsEqualIID(&IID_IDesk, &first));
    ck_assert(IsEqualIID(&IID_AsyncIDesk, &second));
}

CASE(DER_01_the_first_interface_stays_as_it_is)
{
    struct compiled with = compile_idl(ASYNC("1") "interface IMix : IUnknown { HRESULT M(); }");
    struct compiled without = compile_idl(OBJECT("1") "interface IMix : IUnknown { HRESULT M(); }");
    const char *const words = "typedef struct IMixVtbl { BEGIN_INTERFACE";
    const char *const end = "} IMixVtbl;";
    const char *one = strstr(with.header, words), *other = strstr(without.header, words);

    ck_assert(one && other);
    ck_assert_int_eq(strncmp(one, other, (size_t)(strstr(other, end) - other)), 0);
    ck_assert_ptr_nonnull(strstr(with.header, "AsyncIMixVtbl"));
    ck_assert_ptr_null(strstr(without.header, "AsyncIMix"));
    compiled_free(&with);
    compiled_free(&without);
}

CASE(DER_02_each_method_becomes_a_pair_in_order)
{
    ck_assert_uint_eq(SLOT(AsyncIDesk, QueryInterface), 0);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Begin_Echo), 3);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Finish_Echo), 4);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Begin_Hold), 5);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Finish_Hold), 6);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Begin_Run), 17);
    ck_assert_uint_eq(SLOT(AsyncIDesk, Finish_Run), 18);
    ck_assert_uint_eq(sizeof(AsyncIDeskVtbl), 19 * sizeof(void *));
}

CASE(DER_03_parameters_go_to_the_half_of_their_direction)
{
    const char *const text =
        MIX("HRESULT M([out] LONG *a, [in] LONG b, [in, out] LONG *c, [in, string] const char *d,"
            " [out, string] char **e);");

    check_header(text, "*Begin_M)(AsyncIMix *This, LONG b, LONG *c, const char *d)");
    check_header(text, "*Finish_M)(AsyncIMix *This, LONG *a, LONG *c, char **e)");
}

CASE(DER_04_a_parameter_without_a_direction_goes_in)
{
    const char *const text = MIX("HRESULT M(LONG a, [out] LONG *b);");

    check_header(text, "*Begin_M)(AsyncIMix *This, LONG a)");
    check_header(text, "*Finish_M)(AsyncIMix *This, LONG *b)");
}

CASE(DER_05_retval_is_a_parameter_of_finish)
{
    const char *const text = MIX("HRESULT Sum([in] LONG a, [in] LONG b, [out, retval] LONG *sum);");

    check_header(text, "*Begin_Sum)(AsyncIMix *This, LONG a, LONG b)");
    check_header(text, "HRESULT(STDMETHODCALLTYPE *Finish_Sum)(AsyncIMix *This, LONG *sum)");
}

CASE(DER_06_both_halves_return_what_the_method_returns)
{
    struct compiled compiled = compile_idl(MIX("void M([in] LONG a);"));

    ck_assert_int_eq(compiled.status, 0);
    ck_assert_ptr_nonnull(strstr(compiled.messages, "warning: Begin_M returns void"));
    ck_assert_ptr_nonnull(strstr(compiled.header, "void(STDMETHODCALLTYPE *Begin_M)"));
    ck_assert_ptr_nonnull(strstr(compiled.header, "void(STDMETHODCALLTYPE *Finish_M)"));
    compiled_free(&compiled);
    check_header(MIX("HRESULT M([in] LONG a);"), "HRESULT(STDMETHODCALLTYPE *Begin_M)");
}

CASE(DER_06_any_other_type_is_refused)
{
    check_refused(MIX("LONG M([in] LONG a);"), "a method returns HRESULT");
    check_refused(MIX("ULONG M();"), "a method returns HRESULT");
}

/* ISO C's _Generic is what compares the types of functions here. */
#define HAS_TYPE(interface_, method_, ...)                                                         \
    _Generic(((interface_##Vtbl *)0)->method_, __VA_ARGS__ : 1, default : 0)

CASE(DER_07_asynciunknown_has_the_types_that_are_written_by_hand)
{
    static const IID id = {0x000e0000, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};

    ck_assert(IsEqualIID(&IID_AsyncIUnknown, &id));
    ck_assert_int_eq(HAS_TYPE(AsyncIUnknown, Begin_AddRef, HRESULT(*)(AsyncIUnknown *)), 1);
    ck_assert_int_eq(HAS_TYPE(AsyncIUnknown, Finish_AddRef, ULONG(*)(AsyncIUnknown *)), 1);
    ck_assert_int_eq(HAS_TYPE(AsyncIUnknown, Begin_Release, HRESULT(*)(AsyncIUnknown *)), 1);
    ck_assert_int_eq(HAS_TYPE(AsyncIUnknown, Finish_Release, ULONG(*)(AsyncIUnknown *)), 1);
    ck_assert_int_eq(
        HAS_TYPE(AsyncIUnknown, Begin_QueryInterface, HRESULT(*)(AsyncIUnknown *, REFIID)), 1);
    ck_assert_int_eq(
        HAS_TYPE(AsyncIUnknown, Finish_QueryInterface, HRESULT(*)(AsyncIUnknown *, void **)), 1);
    ck_assert_uint_eq(SLOT(AsyncIUnknown, Begin_QueryInterface), 3);
    ck_assert_uint_eq(SLOT(AsyncIUnknown, Finish_Release), 8);
}

/* Room for so many bytes, right before a page that nobody may touch. */
static void *guarded(size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert(pages != MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    return pages + page - size;
}

static void guarded_free(void *room, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);

    munmap((char *)room + size - page, 2 * page);
}

CASE(DER_08_finish_writes_no_more_than_begin_was_told)
{
    LONG *values = guarded(3 * sizeof *values);
    BYTE *bytes = guarded(8);
    AsyncISide *side;
    ULONG written;

    ck_assert_hr(uvcom_create_call(scene.server, &IID_AsyncISide, (void **)&side), S_OK);
    ck_assert_hr(AsyncISide_Begin_Spread(side, 8, 3), S_OK);
    ck_assert_hr(AsyncISide_Finish_Spread(side, values), S_OK);
    ck_assert(values[0] == 8 && values[1] == 8 && values[2] == 8);
    release(side);

    memset(bytes, 0, 8);
    ck_assert_hr(AsyncIDesk_Begin_Fill(scene.call, 8), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Fill(scene.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 4);
    ck_assert(bytes[3] == 0xA5 && bytes[4] == 0);
    guarded_free(values, 3 * sizeof *values);
    guarded_free(bytes, 8);
}

CASE(DER_08_the_size_stays_with_begin)
{
    const char *const text = MIX("HRESULT Pull([out, size_is(room), length_is(*count)] BYTE *bytes,"
                                 " [in] ULONG room, [out] ULONG *count);");

    check_header(text, "*Begin_Pull)(AsyncIMix *This, ULONG room)");
    check_header(text, "*Finish_Pull)(AsyncIMix *This, BYTE *bytes, ULONG *count)");
}

CASE(DER_09_an_asynchronous_interface_derives_from_that_of_its_base)
{
    ck_assert_uint_eq(SLOT(AsyncIDeskMore, Begin_Echo), SLOT(AsyncIDesk, Begin_Echo));
    ck_assert_uint_eq(SLOT(AsyncIDeskMore, Finish_Run), SLOT(AsyncIDesk, Finish_Run));
    ck_assert_uint_eq(SLOT(AsyncIDeskMore, Begin_Count), 19);
    check_header(ASYNC("1") "interface IBase : IUnknown { HRESULT A(); }" ASYNC(
                     "2") "interface IMore : IBase { HRESULT B(); }",
                 "AsyncIMore : public AsyncIBase");
}

CASE(DER_09_a_base_without_asynchronous_form_is_refused)
{
    check_refused(OBJECT("1") "interface IBase : IUnknown { HRESULT A(); }" ASYNC(
                      "2") "interface IMore : IBase { HRESULT B(); }",
                  "has no async_uuid");
}

CASE(DER_10_nothing_derives_from_an_asynchronous_interface_by_hand)
{
    check_refused(MIX("HRESULT A();") OBJECT("2") "interface IMore : AsyncIMix { HRESULT B(); }",
                  "derive from an asynchronous one");
    check_refused(OBJECT("2") "interface IMore : AsyncIUnknown { HRESULT B(); }",
                  "derive from an asynchronous one");
}

#define DISPATCH                                                                                   \
    "[object, uuid(00020400-0000-0000-C000-000000000046), pointer_default(unique)]"                \
    " interface IDispatch : IUnknown { HRESULT A(); } "

CASE(DER_11_dispatch_interfaces_have_no_asynchronous_form)
{
    check_refused(DISPATCH ASYNC("1") "interface IMix : IDispatch { HRESULT B(); }",
                  "IDispatch or derived from it");
    check_refused(DISPATCH OBJECT("1") "interface IMix : IDispatch { HRESULT B(); }" ASYNC(
                      "2") "interface IMore : IMix { HRESULT C(); }",
                  "IDispatch or derived from it");
}

CASE(DER_11_dual_excludes_async_uuid)
{
    struct compiled compiled =
        compile_idl(DISPATCH "[object, dual, uuid(5b1f0c10-0000-4000-8000-000000000001), "
                             "async_uuid(5b1f0c11-0000-4000-8000-000000000001)]"
                             " interface IMix : IDispatch { HRESULT B(); }");

    ck_assert_int_eq(compiled.status, 1);
    ck_assert_ptr_null(strstr(compiled.header, "AsyncIMix"));
    compiled_free(&compiled);
}

CASE(DER_12_the_local_form_is_split_and_the_call_as_form_left_out)
{
    const char *const text = MIX(
        "[local] HRESULT Next([in] ULONG count, [out] ULONG *got);"
        "[call_as(Next)] HRESULT RemoteNext([in] ULONG count, [in] LONG more, [out] ULONG *g);");
    struct compiled compiled = compile_idl(text);

    ck_assert_msg(compiled.status == 0, "%s", compiled.messages);
    ck_assert_ptr_nonnull(strstr(compiled.header, "*Begin_Next)(AsyncIMix *This, ULONG count)"));
    ck_assert_ptr_nonnull(strstr(compiled.header, "*Finish_Next)(AsyncIMix *This, ULONG *got)"));
    ck_assert_ptr_null(strstr(compiled.header, "Begin_RemoteNext"));
    compiled_free(&compiled);
}

CASE(DER_13_any_mix_will_do_if_begin_can_tell_the_sizes)
{
    check_header(MIX("HRESULT M([in] LONG a, [out] LONG *b, [in] LONG c, [in, out] LONG *d,"
                     " [out, size_is(4)] LONG *e, [out, size_is(a + c)] LONG *f);"),
                 "*Begin_M)(AsyncIMix *This, LONG a, LONG c, LONG *d)");
    check_refused(MIX("HRESULT M([out] ULONG *count, [out, size_is(*count)] BYTE *bytes);"),
                  "Begin_M could not know the size of 'bytes'");
}

/* The ids go with the code: nothing is registered, and the server's own file knows nothing of it.
 */
CASE(DER_14_the_generated_code_tells_which_interface_belongs_to_which)
{
    struct compiled compiled = compile_idl(MIX("HRESULT M();"));
    AsyncIDesk *call = new_call();

    ck_assert_ptr_nonnull(strstr(compiled.ids, "IID_AsyncIMix"));
    ck_assert_ptr_nonnull(strstr(compiled.code, "&IID_AsyncIMix"));
    ck_assert_hr(AsyncIDesk_Begin_Run(call, 1), S_OK);
    ck_assert_hr(AsyncIDesk_Finish_Run(call), E_NOTIMPL);
    release(call);
    compiled_free(&compiled);
}

CASE(DER_15_properties_are_split_under_their_names_in_c)
{
    const char *const text = MIX("[propget] HRESULT Size([out, retval] LONG *size);"
                                 "[propput] HRESULT Size([in] LONG size);"
                                 "[propputref] HRESULT Owner([in] IUnknown *owner);");

    check_header(text, "*Begin_get_Size)(AsyncIMix *This)");
    check_header(text, "*Finish_get_Size)(AsyncIMix *This, LONG *size)");
    check_header(text, "*Begin_put_Size)(AsyncIMix *This, LONG size)");
    check_header(text, "*Finish_put_Size)(AsyncIMix *This)");
    check_header(text, "*Begin_putref_Owner)(AsyncIMix *This, IUnknown *owner)");
}

const struct conformance_case cases_derivation[] = {
    {&DER_01_async_uuid_makes_a_second_interface_with_that_id, SETTING_BARE},
    {&DER_01_the_first_interface_stays_as_it_is, SETTING_BARE},
    {&DER_02_each_method_becomes_a_pair_in_order, SETTING_BARE},
    {&DER_03_parameters_go_to_the_half_of_their_direction, SETTING_BARE},
    {&DER_04_a_parameter_without_a_direction_goes_in, SETTING_BARE},
    {&DER_05_retval_is_a_parameter_of_finish, SETTING_BARE},
    {&DER_06_both_halves_return_what_the_method_returns, SETTING_BARE},
    {&DER_06_any_other_type_is_refused, SETTING_BARE},
    {&DER_07_asynciunknown_has_the_types_that_are_written_by_hand, SETTING_BARE},
    {&DER_08_finish_writes_no_more_than_begin_was_told, EVERYWHERE},
    {&DER_08_the_size_stays_with_begin, SETTING_BARE},
    {&DER_09_an_asynchronous_interface_derives_from_that_of_its_base, SETTING_BARE},
    {&DER_09_a_base_without_asynchronous_form_is_refused, SETTING_BARE},
    {&DER_10_nothing_derives_from_an_asynchronous_interface_by_hand, SETTING_BARE},
    {&DER_11_dispatch_interfaces_have_no_asynchronous_form, SETTING_BARE},
    {&DER_11_dual_excludes_async_uuid, SETTING_BARE},
    {&DER_12_the_local_form_is_split_and_the_call_as_form_left_out, SETTING_BARE},
    {&DER_13_any_mix_will_do_if_begin_can_tell_the_sizes, SETTING_BARE},
    {&DER_14_the_generated_code_tells_which_interface_belongs_to_which, USUAL},
    {&DER_15_properties_are_split_under_their_names_in_c, SETTING_BARE},
    {0},
};
