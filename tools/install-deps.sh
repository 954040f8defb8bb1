#!/bin/sh
# Installs the Debian packages that building and testing need, where they are missing.
# Nothing is done, and no rights are asked for, when all are there.
#
#     tools/install-deps.sh [build]      build: only what `make all` and `make install` need
set -eu

build="
gcc make pkg-config libc6-dev binutils scdoc
protobuf-c-compiler libprotobuf-c-dev libjansson-dev libpcre2-dev libsmartcols-dev libxxhash-dev libyaml-dev
"
# compilers and tools; libraries; what reads the manual and the completions; packaging
tests="
g++ clang git clang-format python3 python3-venv ca-certificates locales
strace valgrind cppcheck clang-tidy gcovr
libcmocka-dev libclang-rt-14-dev openmpi-bin
man-db zsh fish debhelper dpkg-dev lintian
"
packages="$build $tests"
[ "${1-}" != build ] || packages=$build

if ! command -v dpkg-query > /dev/null; then
    echo "install-deps: this is no Debian; the packages are called there:" $packages >&2
    exit 0
fi

missing=
for package in $packages; do
    case $(dpkg-query -W -f '${Status}' "$package" 2> /dev/null) in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

echo "install-deps: installing$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || { echo "install-deps: needs root or sudo" >&2; exit 1; }
    as_root=sudo
fi
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
