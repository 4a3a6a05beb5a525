/*
 * idl/sha1.c -- see sha1.h; FIPS 180-4, section 6.1.
 */
#include "idl/sha1.h"

#include <string.h>

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

/* The function and the constant of one round out of 80. */
static uint32_t mix(unsigned round, const uint32_t v[5])
{
    if (round < 20)
        return ((v[1] & v[2]) | (~v[1] & v[3])) + 0x5a827999;
    if (round < 40)
        return (v[1] ^ v[2] ^ v[3]) + 0x6ed9eba1;
    if (round < 60)
        return ((v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])) + 0x8f1bbcdc;
    return (v[1] ^ v[2] ^ v[3]) + 0xca62c1d6;
}

static void take_block(struct sha1 *sha1)
{
    uint32_t words[80], v[5];

    for (unsigned i = 0; i < 16; i++) {
        const uint8_t *at = sha1->block + 4 * (size_t)i;

        words[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    for (unsigned i = 16; i < 80; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    memcpy(v, sha1->state, sizeof v);
    for (unsigned i = 0; i < 80; i++) {
        uint32_t next = rotate(v[0], 5) + mix(i, v) + v[4] + words[i];

        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotate(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (unsigned i = 0; i < 5; i++)
        sha1->state[i] += v[i];
}

void sha1_init(struct sha1 *sha1)
{
    *sha1 = (struct sha1){{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}, 0, {0}};
}

void sha1_add(struct sha1 *sha1, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;

    while (length-- > 0) {
        sha1->block[sha1->length++ % 64] = *at++;
        if (sha1->length % 64 == 0)
            take_block(sha1);
    }
}

void sha1_end(struct sha1 *sha1, uint8_t digest[SHA1_BYTES])
{
    static const uint8_t one = 0x80, zero = 0;
    uint64_t bits = sha1->length * 8;

    sha1_add(sha1, &one, 1);
    while (sha1->length % 64 != 56)
        sha1_add(sha1, &zero, 1);
    for (unsigned i = 0; i < 8; i++) {
        uint8_t byte = (uint8_t)(bits >> (56 - 8 * i));

        sha1_add(sha1, &byte, 1);
    }
    for (unsigned i = 0; i < SHA1_BYTES; i++)
        digest[i] = (uint8_t)(sha1->state[i / 4] >> (24 - 8 * (i % 4)));
}
