/*
 * call_program.c -- see call_program.h. Fiber 0 sets up, starts the actors, and looks at what is
 * left.
 *
 * What is checked, in the words of the project's proof of the protocol:
 *   - each call has exactly one outcome: completed or cancelled;
 *   - a result is delivered once, to one Finish_, and is that of its own call;
 *   - an operation has one owner at a time: it is freed once, and nobody touches it afterwards;
 *   - no two calls are outstanding; nobody sleeps once what it waits for is there;
 *   - at rest nothing is left.
 * The explorer itself adds races, deadlock, leaks and use after free. Its fibers run on one thread,
 * so the accounts that the checks need are ordinary variables.
 */
#include "tests/explore/call_program.h"

#include "runtime/check/explore.h"

#define EPOCHS_MAX 8
#define ACTORS_MAX 8

const struct design sound_design = {
    .apply = uvcom__call_word_apply,
    .wait = uvcom__call_word_wait,
    .wait_completed = uvcom__call_word_wait_completed,
};

/* One Begin_ and its results; in the product it has the parameters as well. */
struct operation {
    struct object *object;
    uint64_t epoch;
    int result;
};

struct object {
    const struct design *design;
    uvcom__atomic64 word;
    struct operation *operation; /* the call that is outstanding; belongs to Begin_ and Finish_ */
    int note;                    /* what a canceller or a stranger leaves for others to read */
    uvcom__thread actors[ACTORS_MAX];
    unsigned actor_count;
    /* Accounts, by epoch. */
    unsigned begun[EPOCHS_MAX];
    unsigned completed[EPOCHS_MAX];
    unsigned cancelled[EPOCHS_MAX];
    HRESULT ended_as[EPOCHS_MAX];      /* the verdict of whoever ended it without its server */
    HRESULT finished_with[EPOCHS_MAX]; /* what the Finish_ of such a call has answered */
    unsigned delivered[EPOCHS_MAX];
    unsigned outstanding;
    bool has_timer; /* there is more than one who may end a call */
};

static struct call_step raise_event(struct object *object, enum call_event event, uint64_t epoch)
{
    const struct call_event_args args = {.epoch = epoch, .method = 1};

    return object->design->apply(&object->word, event, &args);
}

static void start_actor(struct object *object, void (*run)(void *argument), void *argument)
{
    uvcom__thread *thread = &object->actors[object->actor_count++];

    explore_check(object->actor_count <= ACTORS_MAX, "too many actors");
    explore_check(uvcom__thread_start(thread, run, argument), "too many fibers");
}

/* ---- actors --------------------------------------------------------------------------------- */

static void write_result(struct operation *operation)
{
    UVCOM__CELL_WRITE(&operation->result);
    operation->result = 100 + (int)operation->epoch;
}

static void server(void *argument)
{
    struct operation *operation = argument;
    struct object *object = operation->object;
    const uint64_t epoch = operation->epoch;
    struct call_step step;

    if (!object->design->result_after_completion)
        write_result(operation);
    step = raise_event(object, UVCOM__ON_COMPLETE, epoch);
    if (object->design->result_after_completion)
        write_result(operation);
    if (step.hr == S_OK) {
        object->completed[epoch]++;
    } else {
        explore_check(step.hr == RPC_E_CALL_COMPLETE, "a refused completion has another code");
        uvcom__free(operation);
    }
}

/* Begin_ up to the hand-over. @return NULL: refused */
static struct operation *claim(struct object *object)
{
    struct operation *operation = uvcom__alloc(sizeof *operation);
    struct call_step step;

    explore_check(operation != NULL, "out of memory");
    step = raise_event(object, UVCOM__ON_BEGIN, 0);
    if (step.hr != S_OK) {
        explore_check(step.hr == RPC_S_CALLPENDING, "a refused Begin_ has another code");
        uvcom__free(operation);
        return NULL;
    }
    explore_check(++object->outstanding == 1, "two calls are outstanding");
    operation->object = object;
    operation->epoch = uvcom__call_state_epoch(step.after);
    explore_check(++object->begun[operation->epoch] == 1, "two calls have the same epoch");
    UVCOM__CELL_WRITE(&object->operation);
    object->operation = operation;
    return operation;
}

static bool begin(struct object *object)
{
    struct operation *operation = claim(object);
    uint64_t epoch;

    if (operation == NULL)
        return false;
    epoch = operation->epoch;
    start_actor(object, server, operation);
    explore_check(raise_event(object, UVCOM__ON_STARTED, epoch).hr == S_OK, "STARTED was refused");
    return true;
}

static void copy_result(struct object *object, uint64_t epoch)
{
    struct operation *operation;

    UVCOM__CELL_READ(&object->operation);
    operation = object->operation;
    explore_check(operation != NULL, "there is no operation to finish");
    UVCOM__CELL_READ(&operation->result);
    explore_check(operation->epoch == epoch, "the result of another call");
    explore_check(operation->result == 100 + (int)epoch, "not what the server wrote");
    explore_check(++object->delivered[epoch] == 1, "one result was delivered twice");
    uvcom__free(operation);
}

static void retire(struct object *object)
{
    UVCOM__CELL_WRITE(&object->operation);
    object->operation = NULL;
    object->outstanding--;
    explore_check(raise_event(object, UVCOM__ON_RETIRE, 0).hr == S_OK, "RETIRE was refused");
}

static HRESULT finish(struct object *object)
{
    struct call_step step = raise_event(object, UVCOM__ON_FINISH, UVCOM__CALL_ANY_EPOCH);
    uint64_t waited_for = UVCOM__CALL_ANY_EPOCH;
    uint64_t epoch;

    while (step.wait) {
        waited_for = uvcom__call_state_epoch(step.before);
        object->design->wait_completed(&object->word, waited_for, UVCOM__FOREVER);
        step = raise_event(object, UVCOM__ON_FINISH,
                           object->design->finish_any_call ? UVCOM__CALL_ANY_EPOCH : waited_for);
    }
    epoch = uvcom__call_state_epoch(step.after);
    if (step.moved && waited_for != UVCOM__CALL_ANY_EPOCH)
        explore_check(epoch == waited_for, "Finish_ took the next call");
    if (step.hr == S_OK) {
        if (object->design->retire_before_copying)
            retire(object);
        copy_result(object, epoch);
        if (!object->design->retire_before_copying)
            retire(object);
    } else if (step.moved) {
        object->finished_with[epoch] = step.hr;
        if (step.hr == RPC_E_CALL_CANCELED) {
            UVCOM__CELL_READ(&object->note);
            explore_check(object->note == 1, "what the canceller wrote is missing");
        }
        retire(object);
    } else {
        explore_check(step.hr == RPC_E_CALL_COMPLETE, "a refused Finish_ has another code");
    }
    return step.hr;
}

static void client(void *argument)
{
    if (begin(argument))
        finish(argument);
}

static void patient_client(void *argument)
{
    while (!begin(argument))
        uvcom__pause();
    finish(argument);
}

static void client_of_two_calls(void *argument)
{
    patient_client(argument);
    patient_client(argument);
}

static void finisher(void *argument)
{
    finish(argument);
}

static void note_ended(struct object *object, const struct call_step *step, HRESULT verdict)
{
    const uint64_t epoch = uvcom__call_state_epoch(step->before);

    object->cancelled[epoch]++;
    object->ended_as[epoch] = verdict;
}

static void canceller(void *argument)
{
    struct object *object = argument;
    struct call_step step;

    UVCOM__CELL_WRITE(&object->note);
    object->note = 1;
    step = raise_event(object, UVCOM__ON_CANCEL, UVCOM__CALL_ANY_EPOCH);
    if (step.hr == S_OK)
        note_ended(object, &step, RPC_E_CALL_CANCELED);
    else
        explore_check(step.hr == RPC_E_CALL_COMPLETE ||
                          (object->has_timer && step.hr == RPC_E_CALL_CANCELED),
                      "a refused cancel has another code");
}

/* As Cancel(seconds) does it: asks, waits for a while, ends what still runs; all of one call. */
static void polite_canceller(void *argument)
{
    struct object *object = argument;
    struct call_step step = raise_event(object, UVCOM__ON_ASK, UVCOM__CALL_ANY_EPOCH);
    const uint64_t epoch = uvcom__call_state_epoch(step.after);

    if (step.hr != S_OK) {
        explore_check(step.hr == RPC_E_CALL_COMPLETE, "a refused request has another code");
        return;
    }
    if (object->design->wait_completed(&object->word, epoch, uvcom__deadline_ns(1)) == S_OK)
        return;
    UVCOM__CELL_WRITE(&object->note);
    object->note = 1;
    step = raise_event(object, UVCOM__ON_CANCEL,
                       object->design->cancel_any_call ? UVCOM__CALL_ANY_EPOCH : epoch);
    if (step.hr != S_OK)
        return;
    explore_check(epoch == uvcom__call_state_epoch(step.before), "another call was cancelled");
    note_ended(object, &step, RPC_E_CALL_CANCELED);
}

/* A deadline: it names its call, and has a verdict of its own. */
static void timer(void *argument)
{
    struct object *object = argument;
    const struct call_event_args args = {.epoch = 1, .verdict = UVCOM__VERDICT_DEADLINE};
    const struct call_step step = object->design->apply(&object->word, UVCOM__ON_CANCEL, &args);

    if (step.hr == S_OK)
        note_ended(object, &step, RPC_E_TIMEOUT);
}

/* As ISynchronize::Wait does it: bound to the call that runs when the wait begins. */
static HRESULT wait_for_event(struct object *object, uint64_t deadline_ns)
{
    const uint64_t word = uvcom__load64(&object->word, UVCOM__ACQUIRE);

    return object->design->wait(&object->word, uvcom__call_state_pin(word), deadline_ns);
}

static void waiter(void *argument)
{
    struct object *object = argument;

    explore_check(wait_for_event(object, UVCOM__FOREVER) == S_OK,
                  "a Wait without limit has ended by itself");
}

static void impatient_waiter(void *argument)
{
    struct object *object = argument;
    const uint64_t deadline = uvcom__deadline_ns(1);
    const HRESULT hr = wait_for_event(object, deadline);

    explore_check(hr == S_OK || hr == RPC_E_TIMEOUT, "a Wait has another code");
    explore_check(hr == S_OK || uvcom__now_ns() >= deadline, "a Wait has ended too early");
}

/* What was written before Signal is visible after Wait (SYN-17). */
static void stranger(void *argument)
{
    struct object *object = argument;

    UVCOM__CELL_WRITE(&object->note);
    object->note = 1;
    explore_check(raise_event(object, UVCOM__ON_SIGNAL, 0).hr == S_OK, "Signal was refused");
}

static void reader_of_note(void *argument)
{
    struct object *object = argument;

    waiter(object);
    UVCOM__CELL_READ(&object->note);
    explore_check(object->note == 1, "what was written before Signal is missing");
}

/* Who takes the event away may go on as after a Wait. */
static void resetter(void *argument)
{
    struct object *object = argument;

    if (raise_event(object, UVCOM__ON_RESET, 0).moved) {
        UVCOM__CELL_READ(&object->note);
        explore_check(object->note == 1, "what was written before Signal is missing");
    }
}

/* ---- programs ------------------------------------------------------------------------------- */

static struct object *set_up(const void *design)
{
    struct object *object = uvcom__alloc(sizeof *object);

    explore_check(object != NULL, "out of memory");
    object->design = design;
    return object;
}

/* Actors may start servers, so their number grows while we wait. */
static void wait_for_actors(struct object *object)
{
    for (unsigned i = 0; i < object->actor_count; i++)
        uvcom__thread_join(&object->actors[i]);
}

static void tear_down(struct object *object)
{
    wait_for_actors(object);
    explore_check(uvcom__call_state_of(uvcom__load64(&object->word, UVCOM__ACQUIRE)) ==
                      UVCOM__CALL_IDLE,
                  "a call is left");
    UVCOM__CELL_READ(&object->operation);
    explore_check(object->operation == NULL && object->outstanding == 0, "an operation is left");
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        explore_check(object->completed[i] + object->cancelled[i] == object->begun[i],
                      "a call has not had exactly one outcome");
        explore_check(object->delivered[i] == object->completed[i],
                      "a result has not been delivered exactly once");
        explore_check(object->finished_with[i] == object->ended_as[i],
                      "Finish_ has not answered the verdict");
    }
    uvcom__free(object);
}

void program_begin_begin(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, client, object);
    start_actor(object, client, object);
    wait_for_actors(object);
    explore_check(object->begun[1] == 1, "no Begin_ was accepted");
    tear_down(object);
}

void program_finish_finish(void *design)
{
    struct object *object = set_up(design);

    begin(object);
    start_actor(object, finisher, object);
    start_actor(object, finisher, object);
    tear_down(object);
}

void program_finish_begin(void *design)
{
    struct object *object = set_up(design);

    begin(object);
    start_actor(object, finisher, object);
    start_actor(object, patient_client, object);
    tear_down(object);
}

void program_finish_late(void *design)
{
    struct object *object = set_up(design);

    begin(object);
    start_actor(object, finisher, object);
    finish(object);
    begin(object);
    finish(object);
    tear_down(object);
}

void program_signal_wait(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, stranger, object);
    start_actor(object, reader_of_note, object);
    start_actor(object, waiter, object);
    start_actor(object, impatient_waiter, object);
    tear_down(object);
}

void program_signal_reset(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, stranger, object);
    start_actor(object, resetter, object);
    start_actor(object, resetter, object);
    tear_down(object);
}

void program_complete_cancel(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, canceller, object);
    start_actor(object, client, object);
    start_actor(object, finisher, object);
    tear_down(object);
}

void program_late_completion(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, canceller, object);
    start_actor(object, client_of_two_calls, object);
    start_actor(object, waiter, object);
    tear_down(object);
}

void program_ask(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, polite_canceller, object);
    start_actor(object, client, object);
    start_actor(object, finisher, object);
    tear_down(object);
}

void program_ask_late(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, polite_canceller, object);
    start_actor(object, client_of_two_calls, object);
    tear_down(object);
}

void program_deadline(void *design)
{
    struct object *object = set_up(design);

    object->has_timer = true;
    start_actor(object, canceller, object);
    start_actor(object, timer, object);
    start_actor(object, client_of_two_calls, object);
    tear_down(object);
}

static void unlucky_client(void *argument)
{
    struct object *object = argument;
    struct operation *operation = claim(object);

    if (operation == NULL)
        return;
    object->begun[operation->epoch]--;
    UVCOM__CELL_WRITE(&object->operation);
    object->operation = NULL;
    object->outstanding--;
    explore_check(raise_event(object, UVCOM__ON_START_FAILED, operation->epoch).hr == S_OK,
                  "START_FAILED was refused");
    uvcom__free(operation);
}

void program_failed_start(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, unlucky_client, object);
    start_actor(object, finisher, object);
    start_actor(object, patient_client, object);
    tear_down(object);
}

void program_all(void *design)
{
    struct object *object = set_up(design);

    start_actor(object, client_of_two_calls, object);
    start_actor(object, client, object);
    start_actor(object, canceller, object);
    start_actor(object, waiter, object);
    tear_down(object);
}
