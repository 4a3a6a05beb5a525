/*
 * shop.h -- the two coffee sites: servers that really block in their methods.
 */
#ifndef SAMPLES_COFFEE_SHOP_H
#define SAMPLES_COFFEE_SHOP_H

#include <uvcom/uvcom.h>

#include "coffee.h"

enum site { DOWNFALL, FOURTH, SITE_COUNT };

/* How long a site keeps its clients waiting, in milliseconds. */
struct shop_delays {
    unsigned answer_ms[SITE_COUNT];
    unsigned download_ms;
};

extern const char *const shop_names[SITE_COUNT];

/**
 * Registers one class for each site, `version` times two: every version of the story has servers of
 * its own, so that neither can slow the other down.
 */
HRESULT shop_register_classes(const struct shop_delays *delays);

/** A price source of the site. `version` is 0 or 1. */
HRESULT shop_create(unsigned version, enum site site, IPriceSource **shop);

/** Blocks the calling thread. */
void shop_sleep_ms(unsigned ms);

#endif
