/*
 * visitor.c -- the client of unions and rings: how it sets a union, reads one, and frees what came
 * out.
 */
#include <stdio.h>

#include "host.h"
#include "party.h"

/* The tag of a reply says which member of `what` there is. */
static void print_reply(const char *title, HRESULT hr, const reply *answer)
{
    printf("%s: %s", title, uvcom_hresult_describe(hr));
    if (SUCCEEDED(hr) && answer->kind == CONTACT_PHONE)
        printf(", %d minutes", answer->what.minutes);
    if (SUCCEEDED(hr) && answer->kind == CONTACT_MAIL)
        printf(", \"%s\"", answer->what.text);
    puts("");
}

static void free_reply(reply *answer)
{
    if (answer->kind == CONTACT_MAIL)
        CoTaskMemFree(answer->what.text);
}

/* The tag first, then the arm that belongs to it. */
static HRESULT invite_by_phone(IParty *party)
{
    contact whom = {.kind = CONTACT_PHONE, .where.phone = 47};
    reply answer;
    HRESULT hr = IParty_Invite(party, &whom, &answer);

    print_reply("Invite by phone", hr, &answer);
    if (SUCCEEDED(hr))
        free_reply(&answer);
    return hr;
}

/* Begin_ has copied the text that the arm points to. */
static HRESULT invite_by_mail(AsyncIParty *call)
{
    char text[] = "come at eight";
    contact whom = {.kind = CONTACT_MAIL, .where.mail = text};
    reply answer = {.kind = CONTACT_NONE};
    HRESULT hr = AsyncIParty_Begin_Invite(call, &whom);

    text[0] = '?';
    whom.kind = CONTACT_NONE;
    if (SUCCEEDED(hr))
        hr = AsyncIParty_Finish_Invite(call, &answer);
    print_reply("Invite by mail", hr, &answer);
    if (SUCCEEDED(hr))
        free_reply(&answer);
    return hr;
}

/* The same guest must not be freed twice: the ring is opened first. */
static void free_ring(guest *first)
{
    guest *one = first;

    if (first)
        first->left->right = NULL;
    while (one) {
        guest *next = one->right;

        CoTaskMemFree(one->name); /* what is inside, then what it was inside of */
        CoTaskMemFree(one);
        one = next;
    }
}

static HRESULT turn_ring(IParty *party)
{
    char ada[] = "Ada", alan[] = "Alan", grace[] = "Grace";
    guest guests[] = {{.name = ada}, {.name = alan}, {.name = grace}};
    guest *turned, *one;
    ULONG count;
    HRESULT hr;

    for (size_t i = 0; i < 3; i++) {
        guests[i].right = &guests[(i + 1) % 3];
        guests[i].left = &guests[(i + 2) % 3];
    }
    hr = IParty_Turn(party, guests, &count, &turned);
    printf("Turn: %s", uvcom_hresult_describe(hr));
    if (FAILED(hr))
        return hr;
    printf(", %u guests:", count);
    one = turned;
    for (ULONG i = 0; i < count; i++, one = one->right)
        printf(" %s", one->name);
    puts(one == turned ? " and round again" : "");
    free_ring(turned);
    return hr;
}

static HRESULT use(IParty *party)
{
    AsyncIParty *call;
    HRESULT hr = uvcom_create_call(party, &IID_AsyncIParty, (void **)&call);

    if (FAILED(hr))
        return hr;
    hr = invite_by_phone(party);
    if (SUCCEEDED(hr))
        hr = invite_by_mail(call);
    if (SUCCEEDED(hr))
        hr = turn_ring(party);
    AsyncIParty_Release(call);
    return hr;
}

HRESULT visit_party(void)
{
    IParty *party;
    HRESULT hr = uvcom_register_class(&CLSID_Host, host_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr =
            CoCreateInstance(&CLSID_Host, NULL, CLSCTX_INPROC_SERVER, &IID_IParty, (void **)&party);
    if (FAILED(hr))
        return hr;
    hr = use(party);
    IParty_Release(party);
    return hr;
}
