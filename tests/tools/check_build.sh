#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Makefile itself: a build with nothing to do does nothing, `make deps` likewise, every target of
# the help exists, and a conflict in the grammar stops the build.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

step() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        echo "FAIL $name"
        failed=$((failed + 1))
    fi
}

nothing_to_do() { make --no-print-directory -q all; }
# make_grammar RULES: makes a parser of these rules with the Makefile.
make_grammar() {
    printf '%%token_prefix T_\n%s\n' "$1" >"$tmp/grammar.y"
    make GRAMMAR="$tmp/grammar.y" GEN="$tmp/gen" "$tmp/gen/grammar.c" >/dev/null 2>&1
}
sound_grammar_passes() { make_grammar 's ::= e. e ::= e A B. e ::= B.'; }
conflict_stops() { ! make_grammar 's ::= e. e ::= e A e. e ::= B.' && [[ ! -e $tmp/gen/grammar.c ]]; }
bad_variant_is_refused() { make VARIANT=relaese -n all 2>&1 | grep -q 'it is one of release'; }
# With tools that fail in the place of those that would install.
deps_are_there() {
    mkdir -p "$tmp/bin"
    printf '#!/bin/sh\nexit 1\n' | tee "$tmp/bin/apt-get" >"$tmp/bin/sudo"
    chmod +x "$tmp/bin/apt-get" "$tmp/bin/sudo"
    [[ -z $(PATH=$tmp/bin:$PATH make --no-print-directory deps 2>&1) ]]
}
help_names_targets() {
    local target
    for target in $(make help | awk '/^  make/ {print $2}'); do
        make -n --no-print-directory -o deps "$target" >/dev/null 2>"$tmp/err" ||
            { cat "$tmp/err"; return 1; }
    done
}

step "a second build does nothing" nothing_to_do
step "make deps installs nothing when all is there" deps_are_there
step "a grammar without a conflict is made" sound_grammar_passes
step "a grammar with a conflict stops the build" conflict_stops
step "a misspelt VARIANT is refused" bad_variant_is_refused
step "every target that the help lists can be made" help_names_targets
echo "$passed passed, $failed failed"
((failed == 0))
