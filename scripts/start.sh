#!/usr/bin/env bash
# The first command: everything that is missing is made, then the house opens.
set -euo pipefail
cd "$(dirname "$0")/.."
since=$(date +%s.%N)
scripts/install.sh requirements.lock
exec .venv/bin/python manage.py start --since "$since" "$@"
