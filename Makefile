# Makefile -- the front door: `make demo` and `make check`; `make check-full` before a release. The
# build itself is meson's (README.md).

# A folder that is configured already may have been so before the bootstrap installed something.
reconfigure = $(if $(wildcard build/build.ninja),--reconfigure)

demo:
	@.ci/bootstrap demo
	meson setup $(reconfigure) --wrap-mode=nofallback build
	meson compile -C build demo

check:
	@.ci/bootstrap check
	@.ci/check

check-full:
	@.ci/bootstrap check-full
	@.ci/check-full

.PHONY: demo check check-full
