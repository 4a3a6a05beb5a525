/*
 * main.c -- the client: three calls that wait for a price, one of them cancelled, and a plain call.
 *
 * Nothing in it says that the server works asynchronously.
 */
#include <stdio.h>

#include <uvcom/uvcom.h>

#include "board.h"
#include "market.h"
#include "prices.h"

/* One call that waits. */
struct wish {
    const char *coffee;
    LONG limit;
    AsyncIPriceBoard *call;
};

static HRESULT begin(IPriceBoard *board, struct wish *wish)
{
    HRESULT hr = uvcom_create_call(board, &IID_AsyncIPriceBoard, (void **)&wish->call);

    if (FAILED(hr))
        return hr;
    return AsyncIPriceBoard_Begin_AwaitPrice(wish->call, wish->coffee, wish->limit);
}

static void finish(const struct wish *wish)
{
    LONG cents;
    HRESULT hr = AsyncIPriceBoard_Finish_AwaitPrice(wish->call, &cents);

    printf("%s for %d or less: %s, %d\n", wish->coffee, wish->limit, uvcom_hresult_describe(hr),
           cents);
}

static HRESULT cancel(const struct wish *wish)
{
    ICancelMethodCalls *cancel;
    HRESULT hr =
        AsyncIPriceBoard_QueryInterface(wish->call, &IID_ICancelMethodCalls, (void **)&cancel);

    if (FAILED(hr))
        return hr;
    hr = ICancelMethodCalls_Cancel(cancel, 0);
    ICancelMethodCalls_Release(cancel);
    return hr;
}

static HRESULT show_count(IPriceBoard *board)
{
    ULONG waiting, served, given_up;
    HRESULT hr = IPriceBoard_Count(board, &waiting, &served, &given_up);

    printf("calls of AwaitPrice: %u waiting, %u served, %u given up\n", waiting, served, given_up);
    return hr;
}

/* The object has one thread, and it is free although three calls wait. */
static HRESULT ask_meanwhile(IPriceBoard *board)
{
    LONG cents;
    HRESULT hr = IPriceBoard_GetPrice(board, "arabica", &cents);

    printf("GetPrice meanwhile: %s, %d\n", uvcom_hresult_describe(hr), cents);
    return SUCCEEDED(hr) ? show_count(board) : hr;
}

/* A plain call blocks its client, but not the server. */
static HRESULT call_plainly(IPriceBoard *board)
{
    LONG cents;
    HRESULT hr = IPriceBoard_AwaitPrice(board, "excelsa", 500, &cents);

    printf("a plain call, excelsa for 500 or less: %s, %d\n", uvcom_hresult_describe(hr), cents);
    return hr;
}

static HRESULT spend_a_day(IPriceBoard *board, struct wish *wishes)
{
    HRESULT hr = S_OK;

    for (int i = 0; SUCCEEDED(hr) && i < 3; i++)
        hr = begin(board, &wishes[i]);
    if (SUCCEEDED(hr))
        hr = ask_meanwhile(board);
    if (SUCCEEDED(hr))
        hr = cancel(&wishes[2]);
    if (FAILED(hr))
        return hr;
    finish(&wishes[2]);
    if (market_open() != 0)
        return RPC_E_OUT_OF_RESOURCES;
    finish(&wishes[0]);
    finish(&wishes[1]);
    hr = call_plainly(board);
    market_close();
    return SUCCEEDED(hr) ? show_count(board) : hr;
}

static HRESULT run(void)
{
    struct wish wishes[] = {{"arabica", 700, NULL}, {"robusta", 300, NULL}, {"liberica", 1, NULL}};
    IPriceBoard *board;
    HRESULT hr = uvcom_register_class(&CLSID_PriceBoard, board_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_PriceBoard, NULL, CLSCTX_INPROC_SERVER, &IID_IPriceBoard,
                              (void **)&board);
    if (FAILED(hr))
        return hr;
    hr = spend_a_day(board, wishes);
    for (int i = 0; i < 3; i++)
        if (wishes[i].call)
            AsyncIPriceBoard_Release(wishes[i].call);
    IPriceBoard_Release(board);
    return hr;
}

int main(void)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return 1;
    hr = run();
    CoUninitialize();
    return FAILED(hr);
}
