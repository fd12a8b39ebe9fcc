# run: install, build, load the demo district and serve it.   test: install and run everything.
# check: format, house rules, warnings as errors, tests.       bench: speed and memory, as ratios.

SWIFT  := swift
CHECKS := --explicit-target-dependency-import-check error
DATA   ?= var
ifdef SHUZHI_DATABASE
export SHUZHI_DATABASE
endif

.PHONY: run build test check bench format screenshots clean

run: build
	@SHUZHI_DATA=$(DATA) .build/release/shuzhi demo --plans
	@SHUZHI_DATA=$(DATA) .build/release/shuzhi serve

build:
	@scripts/install run
	@echo "Building (the first time takes ten to fifteen minutes on two cores)…" >&2
	@$(SWIFT) build -c release $(CHECKS) --product shuzhi

test:
	@scripts/install run test
	@scripts/fetch-axe
	$(SWIFT) build --build-tests $(CHECKS)
	$(SWIFT) test --skip-build $(CHECKS)

check:
	@scripts/install run test
	@scripts/fetch-axe
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	SHUZHI_STRICT=1 $(SWIFT) build --build-tests $(CHECKS)
	SHUZHI_STRICT=1 $(SWIFT) test --skip-build $(CHECKS)

bench:
	@scripts/install run test
	$(SWIFT) build -c release $(CHECKS) --product shuzhi
	$(SWIFT) build -c release $(CHECKS) --product bench
	.build/release/bench

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

screenshots: build
	@scripts/install shots
	scripts/screenshots

clean:
	rm -rf .build
