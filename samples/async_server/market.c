/*
 * market.c -- see market.h: a list of those who wait, and a thread that calls out prices.
 */
#include "market.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct quote {
    const char *coffee;
    LONG cents;
};

/* All that is called out on this day. */
static const struct quote day[] = {
    {"arabica", 910}, {"robusta", 410}, {"excelsa", 640}, {"arabica", 820},
    {"robusta", 350}, {"excelsa", 495}, {"robusta", 290}, {"arabica", 690},
};
enum { QUOTES = sizeof day / sizeof *day };

/* One call that waits. What `coffee` and `cents` point to is good until it has been completed. */
struct order {
    struct order *next;
    uvcom_operation *operation;
    const char *coffee;
    LONG limit;
    LONG *cents;
    HRESULT hr; /* how it ended */
};

static struct {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the rest */
    size_t quoted;         /* of day */
    struct order *orders;
    struct market_count count;
} market = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* With the mutex held. */
static LONG last_price(const char *coffee)
{
    for (size_t i = market.quoted; i > 0; i--)
        if (strcmp(day[i - 1].coffee, coffee) == 0)
            return day[i - 1].cents;
    return 0;
}

LONG market_price(const char *coffee)
{
    LONG cents;

    pthread_mutex_lock(&market.mutex);
    cents = last_price(coffee);
    pthread_mutex_unlock(&market.mutex);
    return cents;
}

struct market_count market_count(void)
{
    struct market_count count;

    pthread_mutex_lock(&market.mutex);
    count = market.count;
    pthread_mutex_unlock(&market.mutex);
    return count;
}

/* It is served if the price is low enough now, and given up if its client has given it up. With the
   mutex held. */
static BOOL is_over(struct order *order)
{
    const LONG cents = last_price(order->coffee);

    if (uvcom_operation_is_cancelled(order->operation)) {
        order->hr = RPC_E_CALL_CANCELED;
        market.count.given_up++;
        return TRUE;
    }
    if (cents == 0 || cents > order->limit)
        return FALSE;
    *order->cents = cents;
    market.count.served++;
    return TRUE;
}

/* Takes those that are over off the list. With the mutex held. */
static struct order *take_over(void)
{
    struct order **place = &market.orders, *taken = NULL;

    while (*place) {
        struct order *order = *place;

        if (!is_over(order)) {
            place = &order->next;
            continue;
        }
        *place = order->next;
        order->next = taken;
        taken = order;
        market.count.waiting--;
    }
    return taken;
}

/* Without the mutex: completing may call out to whoever waits for it. */
static void complete_all(struct order *orders)
{
    while (orders) {
        struct order *order = orders;

        orders = order->next;
        uvcom_operation_complete(order->operation, order->hr);
        uvcom_operation_release(order->operation);
        free(order);
    }
}

HRESULT market_await(uvcom_operation *operation, const char *coffee, LONG limit, LONG *cents)
{
    struct order *order = malloc(sizeof *order), *over;

    if (!order)
        return E_OUTOFMEMORY;
    *order = (struct order){NULL, operation, coffee, limit, cents, S_OK};
    pthread_mutex_lock(&market.mutex);
    order->next = market.orders;
    market.orders = order;
    market.count.waiting++;
    over = take_over();
    pthread_mutex_unlock(&market.mutex);
    complete_all(over);
    return S_OK;
}

static void *run_day(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < QUOTES; i++) {
        struct order *over;

        pthread_mutex_lock(&market.mutex);
        market.quoted++;
        over = take_over();
        pthread_mutex_unlock(&market.mutex);
        complete_all(over);
    }
    return NULL;
}

int market_open(void)
{
    return pthread_create(&market.thread, NULL, run_day, NULL);
}

void market_close(void)
{
    pthread_join(market.thread, NULL);
}
