/*
 * uvcom/compat/pshpack1.h -- from here to <poppack.h> members of structs stand at multiples of 1.
 *
 * Meant to be included more than once.
 */
#pragma pack(push, 1)
