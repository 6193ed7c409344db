# Every command of this house; `make help` lists them.
SHELL := /bin/bash
PY := .venv/bin/python
export PORT
# A machine that forbids it makes every start read and compile all source anew: seconds each time.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help dev start demo lint test fast-tests test-browser test-services one-by-one long-tests test-slow bench-intake bench-guesses bench-crowd bench-speed bench-reading bench-route bench-similar bench-search bench-relevance bench-data bench-desk bench-statistics backup restore services model names messages lock

help:            ## this list
	@grep -hE '^[a-z-]+: +.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

start:           ## run the house; READY http://127.0.0.1:8000/ (PORT= for another port)
	@exec scripts/start.sh

demo:            ## make a living province with its accounts (loopback only; PETITIONS=3000), then run the house
	@exec scripts/start.sh --demo $(PETITIONS)

dev:
	@scripts/install.sh requirements-dev.lock

lint: dev        ## style, templates, layers, types
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports --no-logo
	.venv/bin/mypy .

test: dev        ## everything that needs neither browser nor service (a minute and a half)
	@$(MAKE) --no-print-directory -j2 --output-sync lint fast-tests

fast-tests:
	.venv/bin/pytest -n 2 -m 'not long and not slow and not browser and not house' -p no:playwright -p no:hypothesispytest --ignore=tests/slow --ignore=tests/browser

test-browser: dev ## the pages in Debian's Chromium
	.venv/bin/pytest -n 2 -m browser tests/browser

# What says the same beside every database.
KNOWS_NO_DATABASE := tests/classifier tests/static tests/test_architecture.py tests/publication/test_hiding.py

test-services: dev ## the same tests (but those that know no database) on a private PostgreSQL and Redis, with a real Celery worker; finding on Elasticsearch
	scripts/services.sh .venv/bin/pytest -n 2 --ignore=tests/browser $(KNOWS_NO_DATABASE:%=--ignore=%)
	@$(MAKE) --no-print-directory -j2 --output-sync one-by-one long-tests

# Each of these keeps one core busy at most and waits for processes that start: the long ones take what is left.
one-by-one:
	scripts/services.sh .venv/bin/pytest -m house tests/config
	$(if $(filter off,$(ELASTIC)),@echo 'Elasticsearch: off',scripts/services.sh --elastic .venv/bin/pytest tests/search tests/feedback/test_finding.py -k 'elastic or test_finding')

long-tests:
	nice -n 10 .venv/bin/pytest -n 2 -m 'long and not slow and not browser and not house'

test-slow: dev   ## what takes minutes: the model rebuilt, processes killed, here and under Celery
	.venv/bin/pytest -m slow
	scripts/services.sh .venv/bin/pytest tests/slow/test_kills.py tests/slow/test_eight_processes.py -m slow

bench-intake: dev ## petitions a second, on SQLite and on a private PostgreSQL (two minutes)
	@$(PY) -m bench.intake

bench-guesses: dev ## whether a wrong secret can be told from an unknown code, by status, body or time
	@$(PY) -m bench.guesses

bench-crowd: dev  ## whether 200 people at once break a house, lose what they file or leave it slow (four minutes)
	@$(PY) -m bench.crowd

bench-speed: dev  ## how fast texts are read, what beginning costs, what hostile input does (four minutes)
	@$(PY) -m bench.speed

bench-reading: dev ## how well texts are read, cross-validated and on dev, with the confusions (RECIPES=all for every variant)
	@$(PY) -m bench.reading $(if $(RECIPES),--recipes $(RECIPES))

bench-route: dev  ## how many questions of competence one core answers, and whether any asks the database (two minutes)
	@$(PY) -m bench.route $(if $(LINES),--lines $(LINES))

bench-similar: dev ## whether the same thing told twice is found among 100 thousand, and what that costs (ten minutes; TEXTS=1000000)
	@$(PY) -m bench.similar $(if $(TEXTS),--texts $(TEXTS))

bench-search: dev ## how long finding takes among 200 thousand, and how fast they are indexed (SIZE=20000 ENGINE=elastic)
	@$(PY) -m bench.finding $(if $(SIZE),--size $(SIZE)) $(if $(ENGINE),--engine $(ENGINE))

bench-relevance: dev ## how well what is found is what was meant: judged questions, nDCG@10 by engine (three minutes)
	@$(PY) -m bench.relevance

bench-data: dev  ## fill the empty house of DATABASE_URL and HOIAM_VAR with SIZE=100000 synthetic petitions
	@$(PY) -m bench.data $(if $(SIZE),--size $(SIZE))

bench-statistics: dev ## how long the public figures take among SIZES=10000,100000,1000000 petitions and ROWS=10000000 numbers
	@$(PY) -m bench.figures $(if $(SIZES),--sizes $(SIZES)) $(if $(ROWS),--rows $(ROWS)) $(if $(DATABASE),--database $(DATABASE))

bench-desk: dev  ## how long the officials' pages take among SIZES=10000,100000,1000000 petitions, and how that grows
	@$(PY) -m bench.desk $(if $(SIZES),--sizes $(SIZES)) $(if $(DATABASE),--database $(DATABASE))

backup:          ## keep the house in a file, its keys beside it: make backup FILE=/mnt/usb/house.tar.gz
	@scripts/install.sh requirements.lock && $(PY) manage.py backup $(if $(FILE),"$(FILE)")

restore:         ## bring it back into an empty house: make restore FILE=/mnt/usb/house.tar.gz
	@scripts/install.sh requirements.lock && $(PY) manage.py restore $(if $(FILE),"$(FILE)")

services:        ## a private PostgreSQL, Redis and Elasticsearch to work with, until Ctrl-C
	@exec scripts/services.sh --elastic

names: dev       ## build the shipped tagger of names from its texts
	$(PY) -m classifier.personal.learning

model: dev       ## build the shipped model from its training texts
	$(PY) -m classifier.training

messages: dev    ## collect the Vietnamese sentences and compile the English ones
	$(PY) manage.py makemessages --locale en --no-obsolete --ignore .venv --ignore var
	$(PY) manage.py compilemessages --locale en --locale vi --verbosity 0

lock: dev        ## choose versions anew within pyproject.toml and lock them with their hashes
	$(PY) -m pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --upgrade -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --extra dev -c requirements.lock -o requirements-dev.lock
