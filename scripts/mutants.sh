# Breaks the product on purpose, one small patch at a time, and demands that a check turns red. Sourced, never run; lib.sh first.
# shellcheck shell=bash

mutant_name() { basename "$1" .patch; }

# Only whether every patch of a folder still fits the working tree: a line each, the count last.
check_mutants() { # folder
  local patch said failed=0 fit=0
  for patch in "$root/$1"/*.patch; do
    if said=$(git -C "$root" apply --check "$patch" 2>&1); then
      echo "ok $(mutant_name "$patch")"
      fit=$((fit + 1))
    else
      echo "FAILED $(mutant_name "$patch") does not apply: ${said//$'\n'/ }"
      failed=$((failed + 1))
    fi
  done
  echo "$fit mutants apply, $failed failed"
  [ $failed -eq 0 ] && [ $fit -gt 0 ]
}

# The sources as they lie in the working tree, what is ignored left out.
copy_sources() { # target path...
  local target=$1
  shift
  (cd "$root" && git ls-files -z --cached --others --exclude-standard -- "$@" | xargs -0 sh -c 'for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh \
    | xargs -0 cp --parents -t "$target")
}

# Builds the model with each patch in a copy of the sources and runs it until a promise breaks.
rulebook_mutants() { # only runs seed
  local only=$1 runs=$2 seed=$3 copy patch name log caught=0 missed=0
  copy=$(mktemp -d) || die "no temporary folder"
  # shellcheck disable=SC2064 # The folder of now.
  trap "rm -rf '$copy'" EXIT
  copy_sources "$copy" src/Account.Domain tests/Rulebook.Model Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json .editorconfig
  git -C "$copy" init -q
  for patch in "$root"/tests/Rulebook.Model/Mutants/*.patch; do
    name=$(mutant_name "$patch")
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    log="$copy/$name.log"
    if try_mutant "$copy" "$patch" "$runs" "$seed" >"$log" 2>&1; then
      echo "caught $name after $(sed -nE 's/^([0-9]+) lives in .*/\1/p' "$log" | tail -n 1) runs ($(sed -nE 's/^VIOLATION seed [0-9]+ batch [0-9]+: ([^:]*):.*/\1/p' "$log" | head -n 1))"
      caught=$((caught + 1))
    else
      echo "FAILED $name: $(grep -E '^(error:|NOT CAUGHT|NOT BUILT)' "$log" | head -n 1)"
      missed=$((missed + 1))
    fi
    git -C "$copy" apply -R "$patch" 2>/dev/null || true
  done
  [ $((caught + missed)) -gt 0 ] || die "no mutant is called \"$only\""
  echo "{\"chaos\":\"rulebook-mutants\",\"mutants\":$((caught + missed)),\"caught\":$caught,\"violations\":$missed}"
  [ $missed -eq 0 ]
}

# Succeeds when the patched rulebook breaks a named promise.
try_mutant() { # copy patch runs seed
  git -C "$1" apply "$2" || return 1
  (cd "$1" && dotnet build tests/Rulebook.Model -c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false) \
    || { echo "NOT BUILT"; return 1; }
  "$1/tests/Rulebook.Model/bin/Release/net10.0/Rulebook.Model" chaos --runs "$3" --seed "$4" >"$1/run.log" 2>&1 || true
  cat "$1/run.log"
  grep -qE '^VIOLATION seed' "$1/run.log" || { echo "NOT CAUGHT in $3 runs"; return 1; }
}

# Runs the simulation over every flaw of its database, and over the product with each patch, until a promise breaks.
sim_mutants() { # only seeds seed
  local only=$1 seeds=$2 seed=$3 copy name patch log caught=0 missed=0
  copy=$(mktemp -d) || die "no temporary folder"
  # shellcheck disable=SC2064 # The folder of now.
  trap "rm -rf '$copy'" EXIT
  copy_sources "$copy" src hocon data/market docs/refusals.json tests/Cluster.Simulation tests/Journal.Conformance tests/Drills Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json .editorconfig
  git -C "$copy" init -q
  log="$copy/run.log"
  for name in $("$simulation" flaws); do
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    "$simulation" sim --flaw "$name" --seeds "$seeds" --seed "$seed" >"$log" 2>&1 || true
    if tell_caught "$name" "$log"; then caught=$((caught + 1)); else missed=$((missed + 1)); fi
  done
  for patch in "$root"/tests/Cluster.Simulation/Mutants/*.patch; do
    name=$(mutant_name "$patch")
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    try_sim_mutant "$copy" "$patch" "$seeds" "$seed" >"$log" 2>&1 || true
    if tell_caught "$name" "$log"; then caught=$((caught + 1)); else missed=$((missed + 1)); fi
    git -C "$copy" apply -R "$patch" 2>/dev/null || true
  done
  [ $((caught + missed)) -gt 0 ] || die "no mutant is called \"$only\""
  echo "{\"chaos\":\"sim-mutants\",\"mutants\":$((caught + missed)),\"caught\":$caught,\"violations\":$missed}"
  [ $missed -eq 0 ]
}

# A broken promise has a name; a run that could not be repeated (P8) is a defect of the mutant.
tell_caught() { # name log
  local broken
  broken=$(grep -E '^VIOLATION seed [0-9]+: (P[1-7]|I)' "$2" | head -n 1)
  if [ -n "$broken" ]; then
    echo "caught $1 after $(sed -nE 's/^([0-9]+) clusters in .*/\1/p' "$2" | tail -n 1) clusters (${broken#VIOLATION })" | cut -c 1-200
  else
    echo "FAILED $1: $(grep -E '^(error:|NOT BUILT|VIOLATION|[0-9]+ clusters in)' "$2" | tail -n 1)"
    return 1
  fi
}

try_sim_mutant() { # copy patch seeds seed
  git -C "$1" apply "$2" || return 1
  (cd "$1" && dotnet build tests/Cluster.Simulation -c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false -p:PublishReadyToRun=false) \
    || { echo "NOT BUILT"; return 1; }
  "$1/tests/Cluster.Simulation/bin/Release/net10.0/Cluster.Simulation" sim --seeds "$3" --seed "$4"
}
