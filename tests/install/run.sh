#!/bin/bash
# Installs into a folder of its own and uses what is there as a stranger would: program, presets,
# library (shared and static, through pkg-config), manual and completions; then takes it away again.
#
#     tests/install/run.sh BUILD
set -u
cd "$(dirname "$0")/../.."
build=$1
root=$(mktemp -d)
work=$(mktemp -d)
trap 'rm -rf "$root" "$work"' EXIT
prefix=$root/usr/local # of a DESTDIR; the build knows /usr/local already, so nothing is made anew
make="make -s --no-print-directory BUILD=$build PREFIX=/usr/local DESTDIR=$root"
failed=0

check() {
    local name=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        echo "ok - install: $name"
    else
        sed 's/^/    /' "$work/log"
        echo "not ok - install: $name"
        failed=1
    fi
}

# needs TOOL WHAT: whether it is here; says loudly what is not tested without it.
needs() {
    command -v "$1" > /dev/null || { echo "SKIPPED: no $1: $2 not tested" >&2; return 1; }
}

# ---- installed

check "make install" $make install
listed() {
    (cd "$prefix" && find . -type f -o -type l) | LC_ALL=C sort |
        sed 's|^\./||; /^share\/onnx-winit\/presets\//d; s|so\.[0-9]*\.[0-9]*\.[0-9]*$|so.VERSION|' |
        diff -u tests/install/files.txt -
}
check "the files" listed
check "all presets" diff <(ls presets 2> /dev/null) <(ls "$prefix/share/onnx-winit/presets" 2> /dev/null)
modes() {
    ! find "$root" -type f ! -perm 644 ! -path '*/bin/*' | grep . && test -x "$prefix/bin/onnx-winit"
}
check "modes" modes

# ---- program

fills() {
    "$prefix/bin/onnx-winit" tests/models/mlp_relu.train.onnx -o "$work/filled.onnx" &&
        "$build/onnx-winit" tests/models/mlp_relu.train.onnx -o - | cmp - "$work/filled.onnx"
}
check "the program fills a model" fills
presets_found() {
    local name
    for name in $(ls presets 2> /dev/null | sed 's/\.yaml$//'); do
        "$prefix/bin/onnx-winit" --list-presets | grep "^$name " &&
            "$prefix/bin/onnx-winit" plan tests/models/mlp_relu.train.onnx --preset "$name" --quiet ||
            return 1
    done
}
check "presets are found beside it" presets_found

# ---- library

declared() {
    tr '\n' ' ' < include/onnx_winit.h | grep -o 'OWI_API [^;(]*(' | grep -o 'owi_[a-z_]*($' |
        tr -d '(' | sort
}
exported() {
    nm "$@" | awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort
}
check "the shared library exports what the header declares" \
    diff <(declared) <(exported -D --defined-only "$prefix/lib/libonnxwinit.so")
check "the static library exports what the header declares" \
    diff <(declared) <(exported -g --defined-only "$prefix/lib/libonnxwinit.a")
has_soname() {
    objdump -p "$prefix/lib/libonnxwinit.so" | grep 'SONAME *libonnxwinit\.so\.0$'
}
check "the soname" has_soname

flags() {
    PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --define-variable=prefix="$prefix" "$@" onnx-winit
}
# The program of docs/library.md.
awk '/^```/ { inside = $0 == "```c" && !seen++; next } inside' docs/library.md > "$work/program.c"
runs() {
    cp tests/models/mlp_relu.train.onnx "$work/model.onnx"
    (cd "$work" && rm -f init.onnx && LD_LIBRARY_PATH=$prefix/lib "./$1" &&
        cmp init.onnx <("$prefix/bin/onnx-winit" model.onnx -o - | cat))
}
shared() {
    ${CC:-cc} -Wall -Wextra -Werror -o "$work/shared" "$work/program.c" $(flags --cflags --libs) &&
        ldd "$work/shared" | grep -F 'libonnxwinit.so.0' && runs shared
}
static() {
    ${CC:-cc} -o "$work/static" "$work/program.c" \
        $(flags --cflags --libs --static | sed 's/-lonnxwinit/-l:libonnxwinit.a/') &&
        ! ldd "$work/static" | grep libonnxwinit && runs static
}
check "a program with the shared library" shared
check "a program with the static library" static
as_cpp() {
    echo '#include <onnx_winit.h>
int main() { return owi_version() == nullptr; }' > "$work/program.cc"
    ${CXX:-c++} -Wall -Wextra -Werror -o "$work/cpp" "$work/program.cc" $(flags --cflags --libs) &&
        LD_LIBRARY_PATH=$prefix/lib "$work/cpp"
}
needs "${CXX:-c++}" "the header in C++" && check "a program in C++" as_cpp

# ---- manual

pages_clean() {
    local page complaints
    for page in "$prefix"/share/man/man*/*; do
        complaints=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" 2>&1 > "$work/page")
        [ -z "$complaints" ] && [ "$(wc -l < "$work/page")" -gt 40 ] ||
            { echo "$page: $complaints"; return 1; }
    done
}
needs man "the man pages" && check "man pages render without a warning" pages_clean
all_options() {
    LC_ALL=C.UTF-8 MANWIDTH=200 man -l "$prefix/share/man/man1/onnx-winit.1" > "$work/page" &&
        for option in $("$prefix/bin/onnx-winit" --help-all | grep -oE '^ +(-., )?--[a-z-]+' |
            grep -oE -e '--[a-z-]+'); do
            grep -qE -e "^ +(-., )?$option( |$)" "$work/page" || { echo "$option"; return 1; }
        done
}
needs man "the man pages" && check "the man page has every option" all_options

# ---- completions

# completes LINE: what bash offers for the last word of it.
completes() {
    PATH=$prefix/bin:$PATH bash -c '
        source "$1"
        complete -p onnx-winit > /dev/null || exit 1
        read -ra COMP_WORDS <<< "$2"
        [[ $2 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _onnx_winit
        printf "%s\n" "${COMPREPLY[@]}"' \
        - "$prefix/share/bash-completion/completions/onnx-winit" "$1" | LC_ALL=C sort | xargs
}
offers() {
    local got
    got=$(completes "$1")
    [ "$got" = "$2" ] || { echo "$1: offers \"$got\", expected \"$2\""; return 1; }
}
in_bash() {
    bash -n "$prefix/share/bash-completion/completions/onnx-winit" &&
        offers "onnx-winit pl" plan &&
        offers "onnx-winit --see" --seed &&
        offers "onnx-winit --external " "always auto never" &&
        offers "onnx-winit --external = al" always &&
        offers "onnx-winit m.onnx --profile vis" vision &&
        offers "onnx-winit plan tests/models/mlp" tests/models/mlp_relu.train.onnx &&
        offers "onnx-winit --rules READ" README.md
}
check "completion in bash" in_bash
in_zsh() {
    zsh -n "$prefix/share/zsh/site-functions/_onnx-winit" &&
        zsh -fc "fpath=($prefix/share/zsh/site-functions \$fpath); autoload -Uz compinit &&
            compinit -u -d $work/dump && [[ \$_comps[onnx-winit] == _onnx-winit ]]" &&
        PATH=$prefix/bin:$PATH python3 tests/install/zsh_offers.py \
            "$prefix/share/zsh/site-functions" "onnx-winit --see" --seed
}
needs zsh "its completion" && check "completion in zsh" in_zsh
in_fish() {
    local line
    fish -n "$prefix/share/fish/vendor_completions.d/onnx-winit.fish" &&
        for line in "--see:--seed" "pl:plan" "--external=al:--external=always" \
            "--profile vis:vision"; do
            HOME=$work PATH=$prefix/bin:$PATH fish --no-config -c \
                "source $prefix/share/fish/vendor_completions.d/onnx-winit.fish
                 complete -C 'onnx-winit ${line%%:*}'" | cut -f1 | grep -x -e "${line#*:}" || return 1
        done
}
needs fish "its completion" && check "completion in fish" in_fish

# ---- taken away

check "make uninstall" $make uninstall
nothing_left() {
    ! find "$root" -type f -o -type l -o -name '*winit*' | grep .
}
check "nothing is left" nothing_left
exit $failed
