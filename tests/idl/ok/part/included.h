#pragma once
#ifndef INCLUDED_VALUE
#define INCLUDED_VALUE 12
typedef long INCLUDED;
#endif
