# uvidl.mk -- rules for make: foo.h, foo_i.c and foo_p.c come from foo.idl.
#
#     include $(shell pkg-config --variable=uvidl_mk uvcom)
#     prices: main.o shop.o price_i.o price_p.o
#     main.o shop.o: price.h
#
# UVIDLFLAGS is for options. The files that an IDL imports are remembered in foo.idl.d.

UVIDL ?= $(shell pkg-config --variable=uvidl uvcom)

%.h %_i.c %_p.c: %.idl
	$(UVIDL) $(UVIDLFLAGS) --depfile $<.d -o $(@D) $<

.PRECIOUS: %.h %_i.c %_p.c

# What these files begin with must not become the first target of the makefile.
uvidl_goal := $(.DEFAULT_GOAL)
-include $(wildcard *.idl.d)
.DEFAULT_GOAL := $(uvidl_goal)
