/*
 * uvcom/compat/pshpack8.h -- from here to <poppack.h> members of structs stand at multiples of 8.
 *
 * Meant to be included more than once.
 */
#pragma pack(push, 8)
