/*
 * uvcom/windef.h -- the types of the Windows API that IDL names and takes for known.
 *
 * Handles, points and messages are not declared in any IDL: MIDL's headers have them from
 * <windows.h>. A header that uvidl made of an IDL with `import "basetsd.h";`, as the SDK's wtypes
 * begins, includes this file in its place. There are only types, nothing can be done with them
 * here; names, members and sizes are the Windows SDK's. A foreign COM base has what it needs of
 * them.
 */
#ifndef UVCOM_WINDEF_H
#define UVCOM_WINDEF_H

#include <uvcom/base.h>
#include <uvcom/winwords.h>

#ifndef UVCOM_BASE_IS_FOREIGN

/* IDL that has some of these types for itself asks for this. */
#define _WINDEF_

typedef signed char *PINT8;
typedef int16_t *PINT16;
typedef int32_t LONG32, *PINT32, *PLONG32;
typedef int64_t *PINT64, *PLONG64;
typedef uint8_t *PUINT8;
typedef uint16_t *PUINT16;
typedef uint32_t ULONG32, DWORD32, *PUINT32, *PULONG32, *PDWORD32;
typedef uint64_t DWORDLONG, *PDWORDLONG, *PUINT64, *PULONG64, *PDWORD64, *PULONGLONG;
typedef intptr_t *PINT_PTR, *PLONG_PTR, SSIZE_T, *PSSIZE_T;
typedef uintptr_t *PUINT_PTR, *PULONG_PTR, *PDWORD_PTR;
typedef size_t *PSIZE_T;
typedef int32_t *PINT, *LPINT;
typedef uint32_t *PUINT;
typedef float *PFLOAT;
typedef char *PCHAR, CCHAR, *LPCH, *PCH;
typedef WCHAR *LPWCH, *PWCH, *PZZWSTR;
typedef BOOLEAN *PBOOLEAN;

typedef DWORD LCID, *PLCID, LCTYPE, COLORREF, *LPCOLORREF, ACCESS_MASK, *PACCESS_MASK;
typedef DWORD EXECUTION_STATE;
typedef WORD LANGID, ATOM;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;
typedef BYTE FCHAR;
typedef WORD FSHORT;
typedef DWORD FLONG;
typedef DWORD SECURITY_INFORMATION, *PSECURITY_INFORMATION;
typedef WORD SECURITY_DESCRIPTOR_CONTROL, *PSECURITY_DESCRIPTOR_CONTROL;
typedef PVOID PSECURITY_DESCRIPTOR, PSID;

typedef INT_PTR (*FARPROC)(void);
typedef void (*PAPCFUNC)(ULONG_PTR parameter);
typedef DWORD (*LPTHREAD_START_ROUTINE)(LPVOID parameter);

/* ---- handles: pointers to something that nobody has, so that they are not mixed up ---- */

#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name)                                                                       \
    struct name##__ {                                                                              \
        int unused;                                                                                \
    };                                                                                             \
    typedef struct name##__ *name
#endif

typedef HANDLE HGLOBAL, HLOCAL, GLOBALHANDLE, LOCALHANDLE, HDWP;
typedef void *HGDIOBJ;
typedef int HFILE;
typedef HANDLE *SPHANDLE;

DECLARE_HANDLE(HACCEL);
DECLARE_HANDLE(HBITMAP);
DECLARE_HANDLE(HBRUSH);
DECLARE_HANDLE(HCOLORSPACE);
DECLARE_HANDLE(HDC);
DECLARE_HANDLE(HDESK);
DECLARE_HANDLE(HENHMETAFILE);
DECLARE_HANDLE(HFONT);
DECLARE_HANDLE(HGLRC);
DECLARE_HANDLE(HHOOK);
DECLARE_HANDLE(HICON);
DECLARE_HANDLE(HINSTANCE);
DECLARE_HANDLE(HKEY);
DECLARE_HANDLE(HKL);
DECLARE_HANDLE(HMENU);
DECLARE_HANDLE(HMETAFILE);
DECLARE_HANDLE(HMONITOR);
DECLARE_HANDLE(HPALETTE);
DECLARE_HANDLE(HPEN);
DECLARE_HANDLE(HRGN);
DECLARE_HANDLE(HRSRC);
DECLARE_HANDLE(HSTR);
DECLARE_HANDLE(HTASK);
DECLARE_HANDLE(HUMPD);
DECLARE_HANDLE(HWINEVENTHOOK);
DECLARE_HANDLE(HWINSTA);
DECLARE_HANDLE(HWND);

typedef HINSTANCE HMODULE;
typedef HICON HCURSOR;
typedef HKEY *PHKEY;

typedef INT_PTR SHANDLE_PTR;
typedef UINT_PTR HANDLE_PTR;

/* ---- places on a screen, and messages ---- */

typedef struct tagPOINT {
    LONG x, y;
} POINT, *PPOINT, *NPPOINT, *LPPOINT;

typedef struct _POINTL {
    LONG x, y;
} POINTL, *PPOINTL;

typedef struct tagPOINTS {
    SHORT x, y;
} POINTS, *PPOINTS, *LPPOINTS;

typedef struct tagSIZE {
    LONG cx, cy;
} SIZE, *PSIZE, *LPSIZE, SIZEL, *PSIZEL, *LPSIZEL;

typedef struct tagRECT {
    LONG left, top, right, bottom;
} RECT, *PRECT, *NPRECT, *LPRECT;

typedef struct _RECTL {
    LONG left, top, right, bottom;
} RECTL, *PRECTL, *LPRECTL;

typedef const RECT *LPCRECT;
typedef const RECTL *LPCRECTL;

typedef struct tagMSG {
    HWND hwnd;
    UINT message;
    WPARAM wParam;
    LPARAM lParam;
    DWORD time;
    POINT pt;
} MSG, *PMSG, *NPMSG, *LPMSG;

typedef INT_PTR (*DLGPROC)(HWND window, UINT message, WPARAM wParam, LPARAM lParam);
typedef LRESULT (*WNDPROC)(HWND window, UINT message, WPARAM wParam, LPARAM lParam);

typedef struct tagNMHDR {
    HWND hwndFrom;
    UINT_PTR idFrom;
    UINT code;
} NMHDR, *LPNMHDR;

/* ---- time, identity and rights ---- */

#define _SYSTEMTIME_
typedef struct _SYSTEMTIME {
    WORD wYear, wMonth, wDayOfWeek, wDay, wHour, wMinute, wSecond, wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _SID_IDENTIFIER_AUTHORITY {
    BYTE Value[6];
} SID_IDENTIFIER_AUTHORITY, *PSID_IDENTIFIER_AUTHORITY, *LPSID_IDENTIFIER_AUTHORITY;

typedef struct _SID {
    BYTE Revision, SubAuthorityCount;
    SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
    DWORD SubAuthority[1];
} SID;

typedef struct _ACL {
    BYTE AclRevision, Sbz1;
    WORD AclSize, AceCount, Sbz2;
} ACL, *PACL;

typedef struct _SECURITY_DESCRIPTOR {
    BYTE Revision, Sbz1;
    SECURITY_DESCRIPTOR_CONTROL Control;
    PSID Owner, Group;
    PACL Sacl, Dacl;
} SECURITY_DESCRIPTOR;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* ---- processes, which debuggers' interfaces speak of ---- */

typedef struct _STARTUPINFOW {
    DWORD cb;
    LPWSTR lpReserved, lpDesktop, lpTitle;
    DWORD dwX, dwY, dwXSize, dwYSize, dwXCountChars, dwYCountChars, dwFillAttribute, dwFlags;
    WORD wShowWindow, cbReserved2;
    BYTE *lpReserved2;
    HANDLE hStdInput, hStdOutput, hStdError;
} STARTUPINFOW, *LPSTARTUPINFOW;

typedef struct _PROCESS_INFORMATION {
    HANDLE hProcess, hThread;
    DWORD dwProcessId, dwThreadId;
} PROCESS_INFORMATION, *PPROCESS_INFORMATION, *LPPROCESS_INFORMATION;

typedef struct _DEBUG_EVENT DEBUG_EVENT, *LPDEBUG_EVENT;

typedef struct _IMAGE_DEBUG_DIRECTORY {
    DWORD Characteristics, TimeDateStamp;
    WORD MajorVersion, MinorVersion;
    DWORD Type, SizeOfData, AddressOfRawData, PointerToRawData;
} IMAGE_DEBUG_DIRECTORY, *PIMAGE_DEBUG_DIRECTORY;

typedef struct _WIN32_FIND_DATAA {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime, ftLastAccessTime, ftLastWriteTime;
    DWORD nFileSizeHigh, nFileSizeLow, dwReserved0, dwReserved1;
    CHAR cFileName[260];
    CHAR cAlternateFileName[14];
} WIN32_FIND_DATAA, *PWIN32_FIND_DATAA, *LPWIN32_FIND_DATAA;

typedef struct _WIN32_FIND_DATAW {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime, ftLastAccessTime, ftLastWriteTime;
    DWORD nFileSizeHigh, nFileSizeLow, dwReserved0, dwReserved1;
    WCHAR cFileName[260];
    WCHAR cAlternateFileName[14];
} WIN32_FIND_DATAW, *PWIN32_FIND_DATAW, *LPWIN32_FIND_DATAW;

#ifndef MAX_PATH
#define MAX_PATH 260
#endif

#endif /* UVCOM_BASE_IS_FOREIGN */

#include <uvcom/wingdi.h>

#endif
