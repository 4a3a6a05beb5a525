# Makefile -- the front door: `make demo` and `make check`; `make check-full` before a release,
# `make bench` for the speed. The build itself is meson's (README.md).

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

# The compiler is measured as users have it: optimized, without assertions.
bench:
	@.ci/bootstrap check
	meson setup --wrap-mode=nofallback -Dbuildtype=release -Dtests=disabled \
		$(if $(wildcard build-bench/build.ninja),--reconfigure) build-bench
	meson compile -C build-bench uvidl
	@tests/bench/uvidl_bench.py build-bench/codegen/uvidl

# libFuzzer and AFL++ on the compiler; FUZZ_SECONDS for each target.
fuzz:
	@.ci/bootstrap fuzz
	tests/fuzz/fuzz.py --seconds $(or $(FUZZ_SECONDS),300)

.PHONY: demo check check-full bench fuzz
