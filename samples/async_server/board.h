/*
 * board.h -- the class of the sample's server.
 */
#ifndef SAMPLES_ASYNC_SERVER_BOARD_H
#define SAMPLES_ASYNC_SERVER_BOARD_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_PriceBoard;

HRESULT board_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
