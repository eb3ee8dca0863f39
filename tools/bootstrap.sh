#!/usr/bin/env bash
# Make a small virtual environment with one pinned tool in it: bootstrap.sh FOLDER PACKAGE==VERSION
set -euo pipefail
folder=$1 package=$2

fail() {
  printf '%s\n  where: %s\n  next:  %s\n' "$1" "$2" "$3" >&2
  exit 1
}

recent='import sys; sys.exit(sys.version_info < (3, 11))'
python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  if command -v "$candidate" >/dev/null && "$candidate" -c "$recent" 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  found=$(python3 --version 2>/dev/null || echo "no python3")
  fail "Python 3.11 or newer is needed, found: $found" "PATH=$PATH" \
    "install Python 3.11+, or name one: make PYTHON=/path/to/python3.12"
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  fail "this Python cannot make virtual environments" "$(command -v "$python")" \
    "install its venv package (Debian, Ubuntu: apt-get install python3-venv)"

echo "Preparing $folder with $package ..."
# Safe: what is deleted is an environment, or holds no file; whatever else was named stays.
if [ -e "$folder" ] && [ ! -f "$folder/pyvenv.cfg" ] && [ -n "$(find "$folder" ! -type d -print -quit)" ]; then
  fail "the folder is no virtual environment, and not empty" "$folder" "move it away: the tools are installed there"
fi
rm -rf "$folder"
"$python" -m venv "$folder"
# Not bin/pip: a program's first line cannot hold every path.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$package" ||
  fail "$package could not be installed" "$folder" "check the network and pip's index settings, then run make again"
