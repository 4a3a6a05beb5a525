/*
 * test_inbox.c -- the queue into an apartment: order, admission, and closing while others push.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "runtime/inbox.h"
#include "tests/support/runner.h"

struct numbered {
    struct inbox_item item;
    int number;
};

static int pop_number(struct inbox_queue *queue)
{
    struct inbox_item *item = uvcom__inbox_queue_pop(queue);

    return item ? ((struct numbered *)item)->number : -1;
}

START_TEST(a_push_tells_whether_the_inbox_was_empty)
{
    struct inbox inbox = {.head = {NULL}};
    struct inbox_queue queue = {0};
    struct numbered items[3] = {0};

    ck_assert(uvcom__inbox_is_empty(&inbox));
    ck_assert_int_eq(uvcom__inbox_push(&inbox, &items[0].item), INBOX_WAS_EMPTY);
    ck_assert_int_eq(uvcom__inbox_push(&inbox, &items[1].item), INBOX_HAD_ITEMS);
    ck_assert(!uvcom__inbox_is_empty(&inbox));
    ck_assert(uvcom__inbox_take(&inbox, &queue));
    ck_assert(!uvcom__inbox_take(&inbox, &queue));
    ck_assert_int_eq(uvcom__inbox_push(&inbox, &items[2].item), INBOX_WAS_EMPTY);
}
END_TEST

START_TEST(items_come_out_in_the_order_of_the_pushes)
{
    struct inbox inbox = {.head = {NULL}};
    struct inbox_queue queue = {0};
    struct numbered items[7];

    for (int i = 0; i < 7; i++)
        items[i].number = i;
    for (int i = 0; i < 4; i++)
        uvcom__inbox_push(&inbox, &items[i].item);
    uvcom__inbox_take(&inbox, &queue);
    ck_assert_int_eq(pop_number(&queue), 0);
    for (int i = 4; i < 6; i++)
        uvcom__inbox_push(&inbox, &items[i].item);
    uvcom__inbox_take(&inbox, &queue); /* behind what is still in the queue */
    uvcom__inbox_queue_append(&queue, &items[6].item);
    for (int i = 1; i < 7; i++)
        ck_assert_int_eq(pop_number(&queue), i);
    ck_assert_int_eq(pop_number(&queue), -1);
    uvcom__inbox_queue_append(&queue, &items[3].item);
    ck_assert_int_eq(pop_number(&queue), 3);
}
END_TEST

START_TEST(a_closed_inbox_hands_over_its_items_and_refuses_others)
{
    struct inbox inbox = {.head = {NULL}};
    struct inbox_queue queue = {0};
    struct numbered items[3] = {{.number = 1}, {.number = 2}, {.number = 3}};

    uvcom__inbox_push(&inbox, &items[0].item);
    uvcom__inbox_push(&inbox, &items[1].item);
    uvcom__inbox_close(&inbox, &queue);
    ck_assert_int_eq(uvcom__inbox_push(&inbox, &items[2].item), INBOX_CLOSED);
    ck_assert(uvcom__inbox_is_empty(&inbox));
    ck_assert(!uvcom__inbox_take(&inbox, &queue));
    uvcom__inbox_close(&inbox, &queue);
    /* Neither the take nor the second close has opened it again. */
    ck_assert_int_eq(uvcom__inbox_push(&inbox, &items[2].item), INBOX_CLOSED);
    ck_assert_int_eq(pop_number(&queue), 1);
    ck_assert_int_eq(pop_number(&queue), 2);
    ck_assert_int_eq(pop_number(&queue), -1);
}
END_TEST

/* ---- races -------------------------------------------------------------------------------------
 */

enum { PUSHERS = 3, PUSHES = 200, ROUNDS = 300 };

struct race {
    struct inbox inbox;
    atomic_int pushers_left;
    struct pusher {
        struct race *race;
        struct numbered items[PUSHES];
        int admitted;
    } pushers[PUSHERS];
};

static void *push_until_closed(void *arg)
{
    struct pusher *pusher = arg;

    for (int i = 0; i < PUSHES; i++) {
        pusher->items[i].number = (int)(pusher - pusher->race->pushers) * PUSHES + i;
        if (uvcom__inbox_push(&pusher->race->inbox, &pusher->items[i].item) == INBOX_CLOSED)
            break;
        pusher->admitted++;
    }
    atomic_fetch_sub(&pusher->race->pushers_left, 1);
    return NULL;
}

/* Each pusher's items must have come in its order, and exactly those that were admitted. */
static void count_in_order(struct inbox_queue *queue, int counts[PUSHERS])
{
    for (int number = pop_number(queue); number >= 0; number = pop_number(queue)) {
        int *count = &counts[number / PUSHES];

        ck_assert_int_eq(number % PUSHES, *count);
        ++*count;
    }
}

static void race_once(int takes_before_close)
{
    static struct race race;
    pthread_t threads[PUSHERS];
    struct inbox_queue queue = {0};
    int counts[PUSHERS] = {0};

    race = (struct race){.inbox = {.head = {NULL}}};
    atomic_store(&race.pushers_left, PUSHERS);
    for (int i = 0; i < PUSHERS; i++) {
        race.pushers[i].race = &race;
        pthread_create(&threads[i], NULL, push_until_closed, &race.pushers[i]);
    }
    while (takes_before_close > 0 && atomic_load(&race.pushers_left) > 0)
        takes_before_close -= uvcom__inbox_take(&race.inbox, &queue);
    uvcom__inbox_close(&race.inbox, &queue);
    for (int i = 0; i < PUSHERS; i++)
        pthread_join(threads[i], NULL);
    count_in_order(&queue, counts);
    for (int i = 0; i < PUSHERS; i++)
        ck_assert_int_eq(counts[i], race.pushers[i].admitted);
}

START_TEST(pushes_racing_with_close_are_taken_or_refused_never_lost)
{
    for (int round = 0; round < ROUNDS; round++)
        race_once(round % 20);
}
END_TEST

static Suite *inbox_suite(void)
{
    Suite *suite = suite_create("inbox");
    TCase *order = tcase_create("order");
    TCase *races = tcase_create("races");

    tcase_add_test(order, a_push_tells_whether_the_inbox_was_empty);
    tcase_add_test(order, items_come_out_in_the_order_of_the_pushes);
    tcase_add_test(order, a_closed_inbox_hands_over_its_items_and_refuses_others);
    suite_add_tcase(suite, order);
    tcase_set_timeout(races, 60);
    tcase_add_test(races, pushes_racing_with_close_are_taken_or_refused_never_lost);
    suite_add_tcase(suite, races);
    return suite;
}

UVCOM_TEST_MAIN(inbox_suite)
