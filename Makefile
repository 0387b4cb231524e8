# backbutton: `make demo` shows it at work, `make page` in a browser, `make test` tests it. All set up .venv first.
PYTHON ?= python3
VENV := .venv

.PHONY: help demo page test test-kill test-kill-page test-kernel search search-proofs search-lags rules bench deb lint types check docs sessions page-pictures clean FORCE

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## play a landscape session on the virtual bench
	$(VENV)/bin/backbutton simulate --camera nikon-mc-dc2 --body bbf --fast --script docs/landscape.session

page: $(VENV)/.page ## play with a virtual box in a browser, as on a phone; prints the link
	$(VENV)/bin/backbutton simulate --page

# Many tests wait for a process or a browser: half as many workers again as there are processors keep these busy.
test: $(VENV)/.test ## run the tests on all processors, then those that need the machine for themselves
	$(VENV)/bin/python -m pytest -n $$(($$(nproc) * 3 / 2)) --dist loadfile --no-loadscope-reorder -m "not alone"
	$(VENV)/bin/python -m pytest -m alone

test-kill: $(VENV)/.test ## kill the daemon KILLS times during runs, and compare its journal with what was fired (200 take ten minutes)
	BACKBUTTON_KILLS=$(or $(KILLS),200) $(VENV)/bin/python -m pytest -s tests/system/test_kill.py

test-kill-page: $(VENV)/.test ## kill the page's server KILLS times while a phone fires, focuses and cuts (100 take five minutes)
	BACKBUTTON_PAGE_KILLS=$(or $(KILLS),100) $(VENV)/bin/python -m pytest -s tests/page/test_kill_page.py

test-kernel: ## run the scenarios on a real kernel, in a virtual machine (builds it; root on Debian 12; minutes)
	tests/kernel/run

search: $(VENV)/.test ## play FIRST to LAST of the random sessions, and print those that break a promise (5,000: minutes)
	PYTHONPATH=.:tests $(VENV)/bin/python -m random_sessions $(or $(FIRST),0) $(or $(LAST),5000)

search-proofs: $(VENV)/.test ## prove the random bodies FIRST to LAST with the shares WRONG and UNKNOWN of such answers, and play them (10,000: half an hour)
	PYTHONPATH=.:tests $(VENV)/bin/python -m random_proofs $(or $(FIRST),0) $(or $(LAST),10000) $(or $(WRONG),0) $(UNKNOWN)

search-lags: $(VENV)/.test ## compare rules of the lag watch on SEEDS random bodies of each kind (150: half a minute)
	PYTHONPATH=.:tests $(VENV)/bin/python -m random_lags $(or $(SEEDS),150)

rules: $(VENV)/.test ## remove each rule of a release in turn, and show which tests fail
	$(VENV)/bin/python tests/box/rules_removed.py

bench: $(VENV)/.bench ## measure everything on this machine and update docs/benchmarks.md (a quarter of an hour; bench-NAME: one part)
	$(VENV)/bin/python -m benchmarks

bench-%: $(VENV)/.bench
	$(VENV)/bin/python -m benchmarks $*

deb: ## build the Debian packages of the box and of its page, dist/backbutton*_VERSION_all.deb (on Debian 12 or 13)
	@command -v dpkg-buildpackage >/dev/null && command -v dh >/dev/null && command -v dh_python3 >/dev/null || \
	    { echo "to build the packages, run: sudo apt install debhelper dh-python dpkg-dev" >&2; exit 1; }
	debian/build-deb dist

lint: $(VENV)/.check ## check style and layout (ruff)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.check ## check types (mypy, strict)
	$(VENV)/bin/mypy

check: test lint types ## test, lint and types

docs: $(VENV)/.test ## update the generated documents
	$(VENV)/bin/python -m docs.generate

sessions: $(VENV)/.test ## play the sessions at the console, and update their texts and pictures
	$(VENV)/bin/python -m docs.sessions

page-pictures: $(VENV)/.test ## take the pictures of the page (with Debian's chromium)
	$(VENV)/bin/python -m docs.page_pictures

clean: ## delete the environment, the caches and what was built
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache *.egg-info

# `.ci/venv` decides what is missing, by contents and not by dates.
$(VENV)/.run $(VENV)/.page $(VENV)/.test $(VENV)/.check $(VENV)/.bench: FORCE
	@PYTHON='$(PYTHON)' VENV='$(VENV)' .ci/venv $(@:$(VENV)/.%=%)

FORCE:
