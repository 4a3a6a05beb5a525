/*
 * uvcom/oleauto.h -- BSTR: a string that knows its length and is owned by whoever has it.
 *
 * A BSTR points to 16-bit characters; in front of them stand 4 bytes with their length in bytes,
 * behind them a zero that is not counted. So it may hold zeroes, or bytes that are no text at all.
 * NULL is the empty string. Names and rules are the Windows SDK's; the type is in uvcom/base.h.
 *
 * Who owns one: an [in] BSTR stays the caller's; an [out] one becomes the caller's; an [in, out]
 * one is freed and replaced by the callee. Any thread, with or without CoInitializeEx.
 *
 * The functions are inline over four that count bytes, since the width of a character is the
 * business of the file that is compiled and not of the library. Functions for VARIANT and
 * SAFEARRAY (uvcom/oaidl.h), which the SDK has in its oleauto.h too, are not here.
 */
#ifndef UVCOM_OLEAUTO_H
#define UVCOM_OLEAUTO_H

#include <uvcom/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a BSTR of `bytes` bytes.
 *
 * @param data  copied; NULL: the BSTR is zeroes
 *
 * @return transfer: uvcom_bstr_free frees it; NULL: out of memory, or the length does not fit into
 *         the 4 bytes
 */
UVCOM_API void *uvcom_bstr_create(const void *data, size_t bytes);

/**
 * Puts a new BSTR in the place of an old one, which is freed.
 *
 * @param slot  [in, out] the address of a BSTR, which may be NULL
 * @param data  copied, and may be a part of the old one; NULL: as much of the old one as fits is
 *              kept, and zeroes follow
 *
 * @return TRUE; FALSE: slot is NULL, or there is no memory, and the old BSTR is as it was
 */
UVCOM_API INT uvcom_bstr_replace(void *slot, const void *data, size_t bytes);

/** Frees a BSTR; NULL is allowed. Anything else that is no BSTR ends the program. */
UVCOM_API void uvcom_bstr_free(void *bstr);

/** The length in bytes; 0 for a NULL. */
UVCOM_API UINT uvcom_bstr_bytes(const void *bstr);

/* Wine's and mingw's oleauto.h have the rest. */
#if !defined(_OLEAUTO_H_) && !defined(__WINE_OLEAUTO_H)

/* The characters in front of a text's zero. */
static inline size_t uvcom_olechar_count(const OLECHAR *text)
{
    size_t count = 0;

    while (text[count] != 0)
        count++;
    return count;
}

/** A BSTR with the characters of `psz` up to its zero; NULL for a NULL, or: out of memory. */
static inline BSTR SysAllocString(const OLECHAR *psz)
{
    return psz ? (BSTR)uvcom_bstr_create(psz, uvcom_olechar_count(psz) * sizeof *psz) : NULL;
}

/** A BSTR of `ui` characters, zeroes among them too; of zeroes for a NULL. NULL: out of memory. */
static inline BSTR SysAllocStringLen(const OLECHAR *strIn, UINT ui)
{
    return (BSTR)uvcom_bstr_create(strIn, (size_t)ui * sizeof *strIn);
}

/** A BSTR of `len` bytes, which need not be an even number; of zeroes for a NULL. */
static inline BSTR SysAllocStringByteLen(const char *psz, UINT len)
{
    return (BSTR)uvcom_bstr_create(psz, len);
}

/**
 * Replaces a BSTR by one with the characters of `psz`, or by NULL for a NULL.
 *
 * @return TRUE; FALSE: pbstr is NULL, or there is no memory, and *pbstr is as it was
 */
static inline INT SysReAllocString(BSTR *pbstr, const OLECHAR *psz)
{
    if (!pbstr)
        return FALSE;
    if (psz)
        return uvcom_bstr_replace(pbstr, psz, uvcom_olechar_count(psz) * sizeof *psz);
    uvcom_bstr_free(*pbstr);
    *pbstr = NULL;
    return TRUE;
}

/** Replaces a BSTR by one of `len` characters: those of `psz`, or for a NULL its own, and zeroes.
 * TRUE or FALSE as above. */
static inline INT SysReAllocStringLen(BSTR *pbstr, const OLECHAR *psz, UINT len)
{
    return uvcom_bstr_replace(pbstr, psz, (size_t)len * sizeof *psz);
}

/** Frees a BSTR; NULL is allowed. */
static inline void SysFreeString(BSTR bstrString)
{
    uvcom_bstr_free(bstrString);
}

/** The length in characters; 0 for a NULL. */
static inline UINT SysStringLen(BSTR pbstr)
{
    return uvcom_bstr_bytes(pbstr) / (UINT)sizeof *pbstr;
}

/** The length in bytes; 0 for a NULL. */
static inline UINT SysStringByteLen(BSTR bstr)
{
    return uvcom_bstr_bytes(bstr);
}

#endif

#ifdef __cplusplus
}
#endif

#endif
