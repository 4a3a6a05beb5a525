/*
 * shop.c -- a coffee site as an ordinary COM object. It knows nothing of asynchrony.
 *
 * Each site of each version of the story is a class of its own in an apartment of its own, that is
 * on a thread of its own, as two servers on the Internet would be.
 */
#include "shop.h"

#include <stdlib.h>
#include <time.h>

struct shop {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    IPriceSource IPriceSource_iface;
    enum site site;
    BOOL answered;
};

const char *const shop_names[SITE_COUNT] = {"Downfall Coffee & Tea", "Fourth Coffee"};

static const double prices[SITE_COUNT] = {8.75, 9.20}; /* dollars a pound */
static struct shop_delays delays;

UVCOM_OBJECT_IUNKNOWN(shop, IPriceSource)

void shop_sleep_ms(unsigned ms)
{
    struct timespec time = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

static HRESULT STDMETHODCALLTYPE shop_SendRequest(IPriceSource *iface)
{
    struct shop *shop = shop_from_IPriceSource(iface);

    shop_sleep_ms(delays.answer_ms[shop->site]);
    shop->answered = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE shop_DownloadPrice(IPriceSource *iface, const char *coffee,
                                                    double *price)
{
    struct shop *shop = shop_from_IPriceSource(iface);

    if (!shop->answered)
        return E_UNEXPECTED;
    shop_sleep_ms(delays.download_ms);
    *price = prices[shop->site] + (coffee[0] == 'a' ? 0.50 : 0.0); /* arabica costs more */
    return S_OK;
}

static const IPriceSourceVtbl shop_vtable = {
    .QueryInterface = shop_IPriceSource_QueryInterface,
    .AddRef = shop_IPriceSource_AddRef,
    .Release = shop_IPriceSource_Release,
    .SendRequest = shop_SendRequest,
    .DownloadPrice = shop_DownloadPrice,
};

static const uvcom_interface_entry shop_interfaces[] = {
    UVCOM_OBJECT_ENTRY(shop, IPriceSource),
};

static void shop_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct shop */
}

static const uvcom_class shop_class = {
    .interfaces = shop_interfaces,
    .interface_count = 1,
    .destroy = shop_destroy,
};

static HRESULT open_shop(enum site site, IUnknown *outer, REFIID riid, void **ppv)
{
    struct shop *shop;
    HRESULT hr;

    if (outer)
        return CLASS_E_NOAGGREGATION;
    shop = calloc(1, sizeof *shop);
    if (!shop)
        return E_OUTOFMEMORY;
    uvcom_object_init(&shop->object, &shop_class);
    shop->IPriceSource_iface.lpVtbl = &shop_vtable;
    shop->site = site;
    hr = uvcom_object_QueryInterface(&shop->object, riid, ppv);
    uvcom_object_Release(&shop->object);
    return hr;
}

static HRESULT open_downfall(IUnknown *outer, REFIID riid, void **ppv)
{
    return open_shop(DOWNFALL, outer, riid, ppv);
}

static HRESULT open_fourth(IUnknown *outer, REFIID riid, void **ppv)
{
    return open_shop(FOURTH, outer, riid, ppv);
}

/* The last byte tells version and site. */
static CLSID class_id(unsigned version, enum site site)
{
    CLSID clsid = {0x51b0c1d0, 0x0d2f, 0x4f6b, {0x9e, 0x44, 0x2a, 0x87, 0x3c, 0x10, 0x5d, 0x00}};

    clsid.Data4[7] = (unsigned char)(version * SITE_COUNT + site);
    return clsid;
}

HRESULT shop_register_classes(const struct shop_delays *chosen)
{
    static const uvcom_create_fn open[SITE_COUNT] = {open_downfall, open_fourth};
    HRESULT hr = S_OK;

    delays = *chosen;
    for (unsigned i = 0; i < 2 * SITE_COUNT && SUCCEEDED(hr); i++) {
        CLSID clsid = class_id(i / SITE_COUNT, i % SITE_COUNT);

        hr = uvcom_register_class(&clsid, open[i % SITE_COUNT], UVCOM_APARTMENT_OWN);
    }
    return hr;
}

HRESULT shop_create(unsigned version, enum site site, IPriceSource **shop)
{
    CLSID clsid = class_id(version, site);

    return CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IPriceSource, (void **)shop);
}
