#define F(x) x
const long LAST = F
