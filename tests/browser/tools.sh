# Sourced by run and run-portal: node's packages are there, or it says why not and ends with 77 (skipped). Sets $here.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for tool in node npm chromium; do
  command -v $tool >/dev/null || { echo "skipped: pages were not looked at, there is no $tool here"; exit 77; }
done
if [ ! -e "$here/node_modules/.package-lock.json" ] || [ "$here/package-lock.json" -nt "$here/node_modules/.package-lock.json" ]; then
  PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix "$here" --no-fund --no-audit --silent >/dev/null ||
    { echo "skipped: pages were not looked at, npm could not install tests/browser"; exit 77; }
fi
