# FamilyLab: everything that is done often. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help setup assets run federation-demo test test-browser test-ontology test-clients check bench bench-search bench-harvest bench-federation relevance clean

# $(call if-installed,program,command): runs the command, or says that it was skipped; in CI, where
# nothing is to be skipped, fails.
if-installed = @if command -v $(1) >/dev/null; then echo '$(2)'; $(2); \
	else echo 'skipped: $(1) is not installed'; [ "$${FAMILYLAB_TEST_REQUIRED:-}" != 1 ]; fi

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## look for cargo, a C++ compiler and libclang; install them where that is possible
	@bash .ci/setup

assets: web/dist/manifest.json ## styles and scripts of the site, with Node; without it pages are plain

web/dist/manifest.json: web/package-lock.json web/build.mjs $(shell find web/styles web/scripts -type f)
	@if command -v npm >/dev/null && command -v node >/dev/null; then \
		cmp -s web/package-lock.json web/node_modules/.from-lock || { npm ci --prefix web --silent && \
			cp web/package-lock.json web/node_modules/.from-lock; }; \
		node web/build.mjs; \
	else echo 'skipped: Node is not installed, so the site is built without its styles and scripts'; \
		[ "$${FAMILYLAB_TEST_REQUIRED:-}" != 1 ]; fi

run: setup assets ## build and open a node with the demonstration catalogue
	cargo run --release --locked -- serve --demo

federation-demo: setup assets ## build and open five nodes that know each other, with three things to try
	cargo build --release --locked
	@bash .ci/federation-demo "$${CARGO_TARGET_DIR:-target}/release/familylab"

test: setup assets ## all tests; suites without their data (FAMILYLAB_TEST_DATA, ../shared/data) say so
	@bash .ci/postgresql || true
	cargo test --locked --no-fail-fast

test-browser: setup assets ## every page in a browser: journeys, axe, keyboard, scripts off, HTML (Chromium, Java)
	@bash tests/browser/run.sh

test-ontology: ## the ontology in programs that others wrote: rdflib, owlrl, HermiT, pySHACL, Jena (Python, Java)
	@bash tests/ontology/run.sh

test-clients: setup assets ## harvests by clients that others wrote: SHACL, LDES, dumps, feeds (Python, Node)
	@bash tests/clients/run.sh

check: setup assets ## format, lints, documentation, layers, licences, spelling, publiccode.yml
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items
	cargo test --locked --test it layers
	python3 .ci/licences.py
	$(call if-installed,typos,typos)
	python3 .ci/publiccode.py
	$(call if-installed,cargo-deny,cargo deny --locked check bans licenses sources)
	@if ! command -v cargo-deny >/dev/null; then echo 'skipped: advisories need cargo-deny'; \
	elif ! cargo deny fetch db 2>/dev/null; then echo 'skipped: the advisory database cannot be reached'; \
	else cargo deny --locked check advisories; fi

bench: setup ## measure import, queries, pages and the site, beside Oxigraph's server where it does the same
	bash benches/run.sh

bench-search: setup ## measure search on a million records beside PostgreSQL full text
	bash benches/search.sh

bench-harvest: setup assets ## measure full harvests while changes are written, beside static files
	bash benches/harvest.sh

bench-federation: setup ## measure federated queries over 10, 50 and 200 nodes beside a plan by hand and Comunica
	bash benches/federation.sh

relevance: setup ## measure search on judged queries beside BM25 and PostgreSQL
	@bash tests/relevance/run.sh

clean: ## remove what was built of the project; dependencies stay (cargo clean removes all)
	cargo clean -p familylab
	cargo clean -p familylab --release
