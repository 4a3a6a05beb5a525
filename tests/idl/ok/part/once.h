#pragma once
const long ONCE = 1;
