#!/usr/bin/env bash
# Make or mend the virtual environment .venv and install one lock file into it, with hashes.
#   scripts/install.sh requirements.lock
# Nothing is done when this very lock file is already installed; a half-made .venv is made anew.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
stamp=.venv/.installed-$lock

refuse() { echo "$1" >&2; exit 2; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 ||
  refuse "Thiếu python3. Cài bằng: sudo apt install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "Cần Python 3.11 trở lên, máy này có $("$python" -V 2>&1). Cài bản mới rồi chạy lại với PYTHON=/đường/dẫn/python3.11"

works() { .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
if ! works; then
  "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    refuse "Thiếu mô-đun venv của Python. Cài bằng: sudo apt install python3-venv"
  echo "Tạo môi trường Python trong .venv"
  "$python" -m venv --clear .venv ||
    refuse "Không tạo được .venv. Kiểm tra quyền ghi và chỗ trống của thư mục này rồi chạy lại."
fi

digest=$(sha256sum "$lock" | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$digest" ]; then
  echo "Cài các gói đã khoá phiên bản ($lock)"
  rm -f "$stamp"
  # Python compiles what is used when it is first used; compiling everything ahead takes longer.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile --require-hashes -r "$lock" ||
    refuse "Không cài được các gói. Kiểm tra mạng hoặc kho gói (pip config) rồi chạy lại."
  echo "$digest" >"$stamp"
fi
