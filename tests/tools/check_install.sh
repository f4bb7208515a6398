#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_install.sh VARIANT
# Installs into a temporary folder, builds a small host program against the shared library and one
# against the archive through pkg-config, runs both and the command, and uninstalls.
set -u
variant=$1
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
passed=0 failed=0

step() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        printf 'FAIL %s\n%s\n' "$name" "$output"
        failed=$((failed + 1))
    fi
}

cat >"$top/host.c" <<'END'
#include <bandstand.h>
#include <stdio.h>
static bool print(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stdout) == len;
}
int main(void) {
    bs_session *s = bs_open();
    bs_sink sink = {print, NULL};
    bs_code code = s ? bs_eval(s, "0.1 + 0.2", 9, false, &sink) : BS_NO_MEMORY;
    bs_close(s);
    return code == BS_OK ? 0 : 1;
}
END

prefix=$top/usr
says_03() { [[ $("$@") == 0.3 ]]; }
only_rules_left() { [[ -z $(find "$prefix" -type f -o -type l) ]]; }
pc() { PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@" bandstand; }
quiet_make() { make --no-print-directory VARIANT="$variant" DESTDIR= PREFIX="$prefix" "$1"; }

step "make install" quiet_make install
step "the pkg-config file names the version" [ "$(pc --modversion)" = \
    "$(sed -n 's/^.define BS_VERSION "\(.*\)"/\1/p' runtime/include/bandstand.h)" ]
# The flags are lists of words.
# shellcheck disable=SC2046
step "a host links the shared library" \
    cc -o "$top/shared" "$top/host.c" $(pc --cflags --libs) "-Wl,-rpath,$prefix/lib"
step "the shared host runs" says_03 "$top/shared"
# shellcheck disable=SC2046
step "a host links the archive" cc -o "$top/static" "$top/host.c" $(pc --cflags) \
    "$prefix/lib/libbandstand.a" $(pc --libs-only-l --static | sed 's/-lbandstand//')
step "the static host runs" says_03 "$top/static"
# shellcheck disable=SC2046
step "the example of a host is built" cc -std=c11 -Wall -Wextra -Werror -o "$top/embed" \
    examples/embed.c $(pc --cflags --libs) "-Wl,-rpath,$prefix/lib"
step "and does what it says" diff -u tests/data/embed.txt <("$top/embed" \
    examples/rereferrals/rereferrals.rag examples/rereferrals/rereferrals.csv \
    re_referral_rate.ofsted.good=21 2>&1)
step "the command runs" "$prefix/bin/bandstand" --version
step "the rules are installed" test -f "$prefix/share/bandstand/rules/scales.rag"
step "make uninstall" quiet_make uninstall
step "nothing is left" only_rules_left
echo "$passed passed, $failed failed"
((failed == 0))
