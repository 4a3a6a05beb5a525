/*
 * runtime/platform_explore.h -- the exploring build's half of runtime/platform.h.
 *
 * The same names with the same meaning as in the normal build; each is a function of the
 * deterministic scheduler in runtime/check/, which decides there who runs next and keeps account
 * of what orders what. Nothing here is atomic for the machine: all fibers run on one thread. Not
 * included by anybody but runtime/platform.h.
 *
 * Left out until the whole runtime runs under the scheduler: uvcom__async_send, for which a virtual
 * loop is needed first, uvcom__module_pin, and descriptors.
 */
#ifndef RUNTIME_PLATFORM_EXPLORE_H
#define RUNTIME_PLATFORM_EXPLORE_H

typedef struct uvcom__atomic32 {
    uint32_t value;
} uvcom__atomic32;

typedef struct uvcom__atomic64 {
    uint64_t value;
} uvcom__atomic64;

typedef struct uvcom__atomic_ptr {
    void *value;
} uvcom__atomic_ptr;

uint32_t uvcom__load32(const uvcom__atomic32 *atomic, enum uvcom__order order);
void uvcom__store32(uvcom__atomic32 *atomic, uint32_t value, enum uvcom__order order);
uint32_t uvcom__exchange32(uvcom__atomic32 *atomic, uint32_t value, enum uvcom__order order);
uint32_t uvcom__add32(uvcom__atomic32 *atomic, int32_t delta, enum uvcom__order order);
uint32_t uvcom__or32(uvcom__atomic32 *atomic, uint32_t bits, enum uvcom__order order);
uint32_t uvcom__and32(uvcom__atomic32 *atomic, uint32_t bits, enum uvcom__order order);
bool uvcom__cas32(uvcom__atomic32 *atomic, uint32_t *expected, uint32_t desired,
                  enum uvcom__order order);

uint64_t uvcom__load64(const uvcom__atomic64 *atomic, enum uvcom__order order);
void uvcom__store64(uvcom__atomic64 *atomic, uint64_t value, enum uvcom__order order);
uint64_t uvcom__exchange64(uvcom__atomic64 *atomic, uint64_t value, enum uvcom__order order);
uint64_t uvcom__add64(uvcom__atomic64 *atomic, int64_t delta, enum uvcom__order order);
uint64_t uvcom__or64(uvcom__atomic64 *atomic, uint64_t bits, enum uvcom__order order);
uint64_t uvcom__and64(uvcom__atomic64 *atomic, uint64_t bits, enum uvcom__order order);
bool uvcom__cas64(uvcom__atomic64 *atomic, uint64_t *expected, uint64_t desired,
                  enum uvcom__order order);

void *uvcom__load_ptr(const uvcom__atomic_ptr *atomic, enum uvcom__order order);
void uvcom__store_ptr(uvcom__atomic_ptr *atomic, void *value, enum uvcom__order order);
void *uvcom__exchange_ptr(uvcom__atomic_ptr *atomic, void *value, enum uvcom__order order);
bool uvcom__cas_ptr(uvcom__atomic_ptr *atomic, void **expected, void *desired,
                    enum uvcom__order order);

/* Lets another fiber run, since the one that spins waits for somebody. */
void uvcom__pause(void);
void uvcom__fence(enum uvcom__order order);

void uvcom__futex_wait(uvcom__atomic32 *atomic, uint32_t expected, uint64_t deadline_ns);
void uvcom__futex_wake(uvcom__atomic32 *atomic);
void uvcom__futex_wait_low(uvcom__atomic64 *atomic, uint32_t expected_low, uint64_t deadline_ns);
void uvcom__futex_wake_low(uvcom__atomic64 *atomic);

/* Time stands still while anybody can run, unless the schedule says that a deadline comes first. */
uint64_t uvcom__now_ns(void);

/* Each fiber has its own: the scheduler exchanges the contents of this section as it switches. */
#define UVCOM__THREAD_LOCAL __attribute__((section("uvcom_thread_local")))

typedef struct uvcom__thread {
    uint32_t fiber;
} uvcom__thread;

bool uvcom__thread_start(uvcom__thread *thread, void (*run)(void *argument), void *argument);
void uvcom__thread_join(uvcom__thread *thread);
uint64_t uvcom__thread_id(void);
bool uvcom__process_forked(void);

/* Kept in a ledger: what is not freed when a schedule ends is reported, and so is a second free. */
void *uvcom__alloc(size_t size);
void *uvcom__realloc(void *memory, size_t size);
void uvcom__free(void *memory);

void uvcom__cell_access(const void *address, bool is_write, const char *file, int line);
#define UVCOM__CELL_READ(address) uvcom__cell_access(address, false, __FILE__, __LINE__)
#define UVCOM__CELL_WRITE(address) uvcom__cell_access(address, true, __FILE__, __LINE__)

#endif
