# Every command of this house; `make help` lists them.
SHELL := /bin/bash
PY := .venv/bin/python
export PORT
.DEFAULT_GOAL := help
.PHONY: help start demo test test-browser test-services test-slow services lint model lock messages dev

help:            ## this list
	@grep -hE '^[a-z-]+: +.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

start:           ## run the house: READY http://127.0.0.1:8000/ (PORT= for another port)
	@scripts/start.sh
