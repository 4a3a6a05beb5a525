/*
 * board.c -- the server: an object with one method that works asynchronously, and two that do not.
 *
 * Its apartment has one thread. A plain method that waited for a price would keep it, and nobody
 * could ask for anything meanwhile. Start_AwaitPrice gives the operation to the market and returns.
 */
#include "board.h"

#include <stdlib.h>

#include "market.h"
#include "prices.h"

const CLSID CLSID_PriceBoard = {
    0xb1f60a01, 0x94d7, 0x4c53, {0x9b, 0x0e, 0x2d, 0x7f, 0x3c, 0x58, 0xe6, 0x01}};

struct board {
    uvcom_object object;
    IPriceBoard IPriceBoard_iface;
};

UVCOM_OBJECT_IUNKNOWN(board, IPriceBoard)

/* ---- asynchronous ---- */

/* `coffee` may be read and `cents` may be written to until the operation is completed. */
static HRESULT board_start_AwaitPrice(IPriceBoard *This, uvcom_operation *operation,
                                      const char *coffee, LONG limit, LONG *cents)
{
    (void)This;
    return market_await(operation, coffee, limit, cents);
}

/* What is not here is synchronous: the method itself is called. */
static const AsyncIPriceBoardServer board_starts = {
    .Start_AwaitPrice = board_start_AwaitPrice,
};

/* ---- synchronous ---- */

static HRESULT STDMETHODCALLTYPE board_GetPrice(IPriceBoard *This, const char *coffee, LONG *cents)
{
    (void)This;
    *cents = market_price(coffee);
    return *cents ? S_OK : S_FALSE;
}

/* Only who lives in the object's own apartment calls this: everybody else's calls are started. */
static HRESULT STDMETHODCALLTYPE board_AwaitPrice(IPriceBoard *This, const char *coffee, LONG limit,
                                                  LONG *cents)
{
    AsyncIPriceBoard *call;
    HRESULT hr = uvcom_create_call(This, &IID_AsyncIPriceBoard, (void **)&call);

    *cents = 0;
    if (FAILED(hr))
        return hr;
    hr = AsyncIPriceBoard_Begin_AwaitPrice(call, coffee, limit);
    if (SUCCEEDED(hr))
        hr = AsyncIPriceBoard_Finish_AwaitPrice(call, cents);
    AsyncIPriceBoard_Release(call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE board_Count(IPriceBoard *This, ULONG *waiting, ULONG *served,
                                             ULONG *given_up)
{
    const struct market_count count = market_count();

    (void)This;
    *waiting = count.waiting;
    *served = count.served;
    *given_up = count.given_up;
    return S_OK;
}

/* ---- the object ---- */

static const IPriceBoardVtbl board_vtable = {
    .QueryInterface = board_IPriceBoard_QueryInterface,
    .AddRef = board_IPriceBoard_AddRef,
    .Release = board_IPriceBoard_Release,
    .GetPrice = board_GetPrice,
    .AwaitPrice = board_AwaitPrice,
    .Count = board_Count,
};

static const uvcom_interface_entry board_interfaces[] = {
    UVCOM_OBJECT_ASYNC_ENTRY(board, IPriceBoard, &board_starts),
};

static void board_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct board */
}

static const uvcom_class board_class = {
    .interfaces = board_interfaces,
    .interface_count = 1,
    .destroy = board_destroy,
};

HRESULT board_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct board *board = outer ? NULL : calloc(1, sizeof *board);
    HRESULT hr;

    *ppv = NULL;
    if (!board)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&board->object, &board_class);
    board->IPriceBoard_iface.lpVtbl = &board_vtable;
    hr = uvcom_object_QueryInterface(&board->object, riid, ppv);
    uvcom_object_Release(&board->object);
    return hr;
}
