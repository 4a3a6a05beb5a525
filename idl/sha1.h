/*
 * idl/sha1.h -- the SHA-1 of a text: ids of parameterized interfaces are made from one.
 */
#ifndef IDL_SHA1_H
#define IDL_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_BYTES 20

struct sha1 {
    uint32_t state[5];
    uint64_t length; /* in bytes */
    uint8_t block[64];
};

void sha1_init(struct sha1 *sha1);
void sha1_add(struct sha1 *sha1, const void *bytes, size_t length);
void sha1_end(struct sha1 *sha1, uint8_t digest[SHA1_BYTES]);

#endif
