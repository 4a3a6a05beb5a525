const long OPEN = F(1
