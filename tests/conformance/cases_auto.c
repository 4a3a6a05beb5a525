/*
 * cases_auto.c -- conformance cases for AUTO: what the runtime calls on someone's behalf.
 */
#include "tests/conformance/conformance.h"

#include <stdio.h>
#include <string.h>

#include "tests/conformance/bakery_setting.h"

/* ---- every method, by both kinds of clients ---- */

/* What a client sees of the four methods. */
struct seen {
    HRESULT hr[4];
    LONG bread, count;
    char label[16], text[16];
    bool is_same; /* the object that came back */
};

static void see_text(char *place, size_t room, char *text)
{
    snprintf(place, room, "%s", text ? text : "NULL");
    CoTaskMemFree(text);
}

static char *new_text(const char *text)
{
    char *copy = CoTaskMemAlloc(strlen(text) + 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, strlen(text) + 1);
    return copy;
}

static void see_object(struct seen *seen, IUnknown *object, struct witness *witness)
{
    seen->is_same = object == &witness->unknown;
    release(object);
    witness_await(witness, 1);
}

static void call_plainly(struct seen *seen)
{
    char *label = NULL, *text = new_text("oat");
    IUnknown *object = NULL;
    struct witness witness;

    *seen = (struct seen){.count = 41};
    witness_init(&witness);
    seen->hr[0] = IBakery_Bake(shop.server, 21, &seen->bread);
    seen->hr[1] = IBakery_Label(shop.server, "rye", &label);
    seen->hr[2] = IBakery_Wrap(shop.server, &witness.unknown, &object);
    seen->hr[3] = IBakery_Change(shop.server, &seen->count, &text);
    see_text(seen->label, sizeof seen->label, label);
    see_text(seen->text, sizeof seen->text, text);
    see_object(seen, object, &witness);
}

static void call_in_halves(struct seen *seen)
{
    char *label = NULL, *text = new_text("oat"), *changed = NULL;
    IUnknown *object = NULL;
    struct witness witness;
    LONG count = 41;

    *seen = (struct seen){0};
    witness_init(&witness);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 21), S_OK);
    seen->hr[0] = AsyncIBakery_Finish_Bake(shop.call, &seen->bread);
    ck_assert_hr(AsyncIBakery_Begin_Label(shop.call, "rye"), S_OK);
    seen->hr[1] = AsyncIBakery_Finish_Label(shop.call, &label);
    ck_assert_hr(AsyncIBakery_Begin_Wrap(shop.call, &witness.unknown), S_OK);
    seen->hr[2] = AsyncIBakery_Finish_Wrap(shop.call, &object);
    ck_assert_hr(AsyncIBakery_Begin_Change(shop.call, &count, &text), S_OK);
    CoTaskMemFree(text);
    seen->hr[3] = AsyncIBakery_Finish_Change(shop.call, &seen->count, &changed);
    see_text(seen->label, sizeof seen->label, label);
    see_text(seen->text, sizeof seen->text, changed);
    see_object(seen, object, &witness);
}

static void check_all(const struct seen *seen)
{
    for (int i = 0; i < 4; i++)
        ck_assert_hr(seen->hr[i], S_OK);
    ck_assert_int_eq(seen->bread, 42);
    ck_assert_int_eq(seen->count, 42);
    ck_assert_str_eq(seen->label, "(rye)");
    ck_assert_str_eq(seen->text, "(oat)");
    ck_assert(seen->is_same);
}

/* ---- the four pairs ---- */

static void check_pair(enum bakery_style style, void (*call)(struct seen *), bool is_synchronous)
{
    struct seen seen;

    shop_open(style, false);
    if (is_synchronous)
        bakery.create_hr = E_NOINTERFACE;
    shop_hire(S_OK);
    call(&seen);
    shop_fire();
    check_all(&seen);
    ck_assert_int_eq(atomic_load(&bakery.runs), is_synchronous ? 4 : 0);
    ck_assert_int_eq(atomic_load(&bakery.begins), is_synchronous ? 0 : 4);
    shop_close();
}

CASE(AUTO_01_asynchronous_client_and_server_both_run_as_written)
{
    for (unsigned style = 0; style < BAKERY_STYLES; style++)
        check_pair((enum bakery_style)style, call_in_halves, false);
}

CASE(AUTO_02_an_asynchronous_client_of_a_synchronous_server)
{
    check_pair(BAKERY_OUTER, call_in_halves, true);
}

CASE(AUTO_03_a_plain_call_to_an_asynchronous_server_never_runs_the_method)
{
    for (unsigned style = 0; style < BAKERY_STYLES; style++)
        check_pair((enum bakery_style)style, call_plainly, false);
}

CASE(AUTO_04_a_plain_call_to_a_synchronous_server)
{
    check_pair(BAKERY_OUTER, call_plainly, true);
}

/* In one apartment nothing is converted, in either direction. */
CASE(AUTO_05_in_one_apartment_exactly_what_was_called_is_run)
{
    struct seen seen;

    for (unsigned style = 0; style < BAKERY_STYLES; style++) {
        shop_open((enum bakery_style)style, true);
        shop_hire(S_OK);
        call_plainly(&seen);
        check_all(&seen);
        ck_assert_int_eq(atomic_load(&bakery.runs), 4);
        ck_assert_int_eq(atomic_load(&bakery.begins), 0);
        call_in_halves(&seen);
        check_all(&seen);
        ck_assert_int_eq(atomic_load(&bakery.runs), 4);
        ck_assert_int_eq(atomic_load(&bakery.begins), 4);
        ck_assert(atomic_load(&bakery.begin_thread) == this_thread());
        shop_fire();
        shop_close();
    }
}

/* ---- the sequence ---- */

static void check_sequence(int calls)
{
    ck_assert_int_eq(atomic_load(&bakery.creates), calls);
    ck_assert_int_eq(atomic_load(&bakery.outers), calls);
    ck_assert_int_eq(atomic_load(&bakery.begins), calls);
    ck_assert_int_eq(atomic_load(&bakery.signals), calls);
    ck_assert_int_eq(atomic_load(&bakery.finishes), calls);
    ck_assert_int_eq(atomic_load(&bakery.ends), calls);
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
}

CASE(AUTO_06_each_step_once)
{
    for (unsigned style = BAKERY_EVENT; style < BAKERY_STYLES; style++) {
        shop_open((enum bakery_style)style, false);
        for (int i = 1; i <= 3; i++) {
            shop_bake();
            shop_await_ends(i);
            check_sequence(i);
        }
        shop_close();
    }
}

CASE(AUTO_06_finish_is_called_although_the_client_has_gone)
{
    shop_open(BAKERY_EVENT, false);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    release(shop.call);
    shop.call = NULL;
    bakery_end(bakery_take(), S_OK);
    shop_await_ends(1);
    check_sequence(1);
    shop_close();
}

CASE(AUTO_06_finish_is_called_although_the_client_has_cancelled)
{
    ICancelMethodCalls *cancel;

    shop_open(BAKERY_EVENT, false);
    cancel = query(shop.call, &IID_ICancelMethodCalls);
    ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
    ck_assert_hr(ICancelMethodCalls_Cancel(cancel, 0), S_OK);
    bakery_end(bakery_take(), S_OK);
    shop_await_ends(1);
    check_sequence(1);
    shop_finish(shop.call, RPC_E_CALL_CANCELED, 0);
    release(cancel);
    shop_close();
}

CASE(AUTO_07_a_refusal_makes_the_runtime_use_the_method)
{
    const HRESULT codes[] = {E_NOINTERFACE, E_INVALIDARG, CLASS_E_NOAGGREGATION};

    shop_open(BAKERY_OUTER, false);
    for (int i = 0; i < 3; i++) {
        bakery.create_hr = codes[i];
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        shop_finish(shop.call, S_OK, 6);
        ck_assert_int_eq(atomic_load(&bakery.runs), i + 1);
    }
    shop_close();
}

CASE(AUTO_07_any_other_failure_is_the_result)
{
    const HRESULT codes[] = {E_OUTOFMEMORY, E_FAIL, E_UNEXPECTED};

    shop_open(BAKERY_OUTER, false);
    for (int i = 0; i < 3; i++) {
        bakery.create_hr = codes[i];
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        shop_finish(shop.call, codes[i], 0);
    }
    ck_assert_int_eq(atomic_load(&bakery.runs), 0);
    shop_close();
}

static struct {
    HRESULT synchronize, cancel, through_cancel;
    bool is_one;
} asked;

static void ask_identity(void)
{
    void *unknown = NULL, *synchronize = NULL, *cancel = NULL;

    asked.synchronize = IUnknown_QueryInterface(bakery.identity, &IID_ISynchronize, &synchronize);
    asked.cancel = IUnknown_QueryInterface(bakery.identity, &IID_ICancelMethodCalls, &cancel);
    asked.through_cancel =
        cancel ? answer(cancel, &IID_AsyncIBakery) : E_NOINTERFACE; /* the call object inside */
    if (cancel)
        IUnknown_QueryInterface((IUnknown *)cancel, &IID_IUnknown, &unknown);
    asked.is_one = unknown == (void *)bakery.identity;
    release(unknown);
    release(synchronize);
    release(cancel);
}

CASE(AUTO_08_the_outer_has_both_interfaces_and_is_one_with_the_inner)
{
    memset(&asked, 0, sizeof asked);
    shop_open(BAKERY_OUTER, false);
    bakery.hook = ask_identity;
    shop_bake();
    ck_assert_hr(asked.synchronize, S_OK);
    ck_assert_hr(asked.cancel, S_OK);
    ck_assert_hr(asked.through_cancel, S_OK);
    ck_assert(asked.is_one);
    shop_close();
}

/* Whatever the other one chose, each sees the same, codes of success and failure too. */
CASE(AUTO_09_nobody_can_tell_what_the_other_one_chose)
{
    const HRESULT codes[] = {S_FALSE, E_ACCESSDENIED};

    for (int i = 0; i < 2; i++) {
        LONG bread = 4711, in_halves = 4711;
        const LONG wanted = SUCCEEDED(codes[i]) ? 6 : 0;

        shop_open(BAKERY_STARTS, false);
        ck_assert_hr(AsyncIBakery_Begin_Bake(shop.call, 3), S_OK);
        bakery_end(bakery_take(), codes[i]);
        ck_assert_hr(AsyncIBakery_Finish_Bake(shop.call, &in_halves), codes[i]);
        shop_hire(codes[i]);
        ck_assert_hr(IBakery_Bake(shop.server, 3, &bread), codes[i]);
        shop_fire();
        ck_assert_int_eq(in_halves, wanted);
        ck_assert_int_eq(bread, wanted);
        shop_close();
    }
}

const struct conformance_case cases_auto[] = {
    {&AUTO_01_asynchronous_client_and_server_both_run_as_written, SETTING_BARE},
    {&AUTO_02_an_asynchronous_client_of_a_synchronous_server, SETTING_BARE},
    {&AUTO_03_a_plain_call_to_an_asynchronous_server_never_runs_the_method, SETTING_BARE},
    {&AUTO_04_a_plain_call_to_a_synchronous_server, SETTING_BARE},
    {&AUTO_05_in_one_apartment_exactly_what_was_called_is_run, SETTING_BARE},
    {&AUTO_06_each_step_once, SETTING_BARE},
    {&AUTO_06_finish_is_called_although_the_client_has_gone, SETTING_BARE},
    {&AUTO_06_finish_is_called_although_the_client_has_cancelled, SETTING_BARE},
    {&AUTO_07_a_refusal_makes_the_runtime_use_the_method, SETTING_BARE},
    {&AUTO_07_any_other_failure_is_the_result, SETTING_BARE},
    {&AUTO_08_the_outer_has_both_interfaces_and_is_one_with_the_inner, SETTING_BARE},
    {&AUTO_09_nobody_can_tell_what_the_other_one_chose, SETTING_BARE},
    {0},
};
