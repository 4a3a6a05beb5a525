/*
 * market.h -- where the prices come from: a market with a thread of its own, which calls them out.
 *
 * It has no apartment and knows nothing of COM but uvcom_operation. Any thread may call these
 * functions.
 */
#ifndef SAMPLES_ASYNC_SERVER_MARKET_H
#define SAMPLES_ASYNC_SERVER_MARKET_H

#include <uvcom/operation.h>

struct market_count {
    ULONG waiting;  /* nobody has called out their price yet */
    ULONG served;   /* somebody has */
    ULONG given_up; /* their clients did not want to wait any more */
};

/* Starts the day, and waits for its end. */
int market_open(void);
void market_close(void);

/* The last price; 0: there was none. */
LONG market_price(const char *coffee);

/**
 * Completes the operation when a price is not above the limit; perhaps before this returns.
 *
 * @param operation  its reference is the market's if this succeeds, as with a Start_ function
 * @param coffee     borrowed until then, and so is cents
 *
 * @return S_OK, E_OUTOFMEMORY
 */
HRESULT market_await(uvcom_operation *operation, const char *coffee, LONG limit, LONG *cents);

struct market_count market_count(void);

#endif
