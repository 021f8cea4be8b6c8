# Two commands: `make run` and `make test`; `make test-all` also starts the image. One profile and one target folder serve both, so that Slint is built once.

.PHONY: run office-demo test test-all failover-test image-test image-bench check bench tour

CARGO = folder=$$(scripts/setup.sh $(PURPOSE)) && PATH="$$folder:$$PATH" cargo
PURPOSE = run
office-demo: PURPOSE = office
test check bench: PURPOSE = test
failover-test: PURPOSE = test-all
image-test image-bench: PURPOSE = image-test
ARCH = amd64

run: ## Install what is missing, build the kiosk and nothing else, start it on content/
	$(CARGO) build --release --locked --bin kiosk --no-default-features --features kiosk
	scripts/run.sh

office-demo: ## An office with a simulated year, at http://127.0.0.1:8080
	$(CARGO) build --release --locked --bin office --example year
	scripts/office-demo.sh

test: check ## Every check and every test
	$(CARGO) test --release --locked --workspace

test-all: test failover-test image-test ## All that, what takes minutes, and the image on emulated machines
	$(CARGO) test --release --locked --test office -- --ignored --exact paper::every_page_in_the_other_forms_too
	$(CARGO) test --release --locked --test kiosk -- --ignored --exact resident::layout::on_other_screens_too_none_is_a_third_empty_while_more_follow

failover-test: ## The primary of a PostgreSQL with a standby is killed while kiosks send
	$(CARGO) test --release --locked --test office -- --ignored --exact failover::the_primary_is_killed_while_kiosks_send_and_the_books_agree

image-test: ## Builds the image as root (ARCH=arm64 for the other one), starts it on emulated machines, tells their stories
	scripts/setup.sh image-$(ARCH) > /dev/null
	kiosk-image/build.sh --arch $(ARCH) --out target/image/kiosk-$(ARCH).img
	export ARCH=$(ARCH) && $(CARGO) test --release --locked --test image -- --nocapture --test-threads=2

image-bench: ## What that image costs: an hour with nobody, an hour with somebody
	scripts/setup.sh image-$(ARCH) > /dev/null
	kiosk-image/build.sh --arch $(ARCH) --out target/image/kiosk-$(ARCH).img
	export ARCH=$(ARCH) && $(CARGO) test --release --locked --test image -- --ignored --nocapture --test-threads=1

check: ## Format, lints, documentation, the repository's content
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --workspace --all-targets -- --deny warnings
	$(CARGO) clippy --release --locked --test image -- --deny warnings
	$(CARGO) clippy --release --locked --no-default-features --features office --bin office -- --deny warnings
	$(CARGO) clippy --release --locked --no-default-features --features kiosk --bin kiosk -- --deny warnings
	export RUSTDOCFLAGS="--deny warnings" && $(CARGO) doc --release --locked --no-deps --package commune-kiosk --lib
	$(CARGO) run --release --locked --bin office -- check content

bench: ## The budgets of docs/performance.md
	$(CARGO) build --release --locked --bins
	$(CARGO) bench --locked --profile release

tour: ## Pictures of every screen, in target/tour
	$(CARGO) run --release --locked --bin kiosk -- tour --out target/tour
