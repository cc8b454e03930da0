# SPDX-License-Identifier: Apache-2.0
# Starts things; the work is done by CMake, Ninja and the Python drivers in tests/ and bench/.
#
#   make build        build/gotgand and build/gotgan (release)
#   make run          the server with sample data on 127.0.0.1:5433
#   make test         what must hold before a change is committed (15 minutes on 2 cores)
#   make test-all     the other flavours and compilers (45 minutes)
#   make test-scale   tables larger than memory, 50 million rows, 100 connections ... in full size
#   make bench        TPC-H scale 1 beside DuckDB and PostgreSQL; BENCH='--scale 0.01' is a quick look
#   make answers      rewrites the expected answers from a PostgreSQL 15

PORT ?= 5433
DATA ?= ./gotgan-data
JOBS ?= $(shell nproc)
WERROR ?= OFF
FORMATTED = $(shell git ls-files '*.c' '*.h')

.PHONY: build run test test-all test-scale format tidy bench demo check-fresh answers clean

# Installs the missing Debian packages of a section of packages.txt.
packages-%:
	@missing=$$(awk -v section='[$*]' '/^\[/ { on = $$0 == section; next } on && /^[a-z]/' packages.txt \
	  | while read -r name; do \
	      dpkg-query -W -f='$${Status}' "$$name" 2>/dev/null | grep -q 'ok installed' || echo "$$name"; \
	    done); \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  become=; [ "$$(id -u)" = 0 ] || become=sudo; \
	  $$become apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$become apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

build: packages-build
	@cmake -S . -B build/release -G Ninja -DGOTGAN_FLAVOUR=release -DGOTGAN_WERROR=$(WERROR) >/dev/null
	@ninja -j$(JOBS) -C build/release --quiet gotgand gotgan
	@for program in server/gotgand client/gotgan; do \
	  if [ -x build/release/$$program ]; then \
	    ln -sfn release/$$program build/$${program##*/}; echo "build/$${program##*/}"; fi; \
	done

run: build
	@echo 'psql -h 127.0.0.1 -p $(PORT) -U gotgan gotgan'
	@exec build/gotgand --sample --data $(DATA) --port $(PORT)

test: packages-build packages-test
	@python3 tests/run_all.py test --jobs $(JOBS)

test-all: packages-build packages-test packages-bench
	@python3 tests/run_all.py all --jobs $(JOBS)

test-scale: build packages-test
	@python3 tests/scale.py --server build/gotgand

tidy: packages-test
	@python3 tests/tidy/tidy.py

format: packages-test
	@clang-format -i $(FORMATTED)

bench: packages-bench build
	@python3 bench/bench.py --server build/gotgand $(BENCH)

demo: build packages-test
	@python3 docs/demo.py build/gotgand

check-fresh: packages-fresh
	@python3 tests/check_fresh.py
	@python3 tests/check_dockerfile.py

# PEER=host:port:user:database; without it a scratch cluster is made and removed.
answers: packages-answers packages-bench
	@python3 tests/answers.py $(if $(PEER),--connect $(PEER))

clean:
	rm -rf build
