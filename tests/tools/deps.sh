#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing; silent and quick when all are there.
# `deps.sh fuzz` adds those that only `make fuzz` needs.
set -u
packages="gcc libc6-dev binutils re2c lemon pkg-config python3 libgmp-dev libjson-c-dev
libutf8proc-dev zlib1g-dev libzstd-dev nettle-dev libzip-dev libexpat1-dev libedit-dev libcmocka-dev libcsv-dev zstd gzip
diffutils patch"
[ "${1-}" = fuzz ] && packages="$packages clang libclang-rt-14-dev"

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system, so nothing is installed. Bandstand needs what these Debian"
    echo "packages hold:" $packages
    exit 0
fi

# A package counts as there when it is installed or another that is installed provides it.
present=$(dpkg-query -W -f '${db:Status-Status} ${Package},${Provides}\n' |
    sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//')
missing=
for package in $packages; do
    printf '%s\n' "$present" | grep -qxF -- "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "These packages are missing; ask an administrator to run:" >&2
        echo "    apt-get install$missing" >&2
        exit 1
    fi
    root=sudo
fi
echo "Installing the missing packages:$missing"
$root apt-get update -q ||
    echo "The package lists could not be renewed; going on with those that are there." >&2
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
