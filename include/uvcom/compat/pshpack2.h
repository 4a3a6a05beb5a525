/*
 * uvcom/compat/pshpack2.h -- from here to <poppack.h> members of structs stand at multiples of 2.
 *
 * Meant to be included more than once.
 */
#pragma pack(push, 2)
