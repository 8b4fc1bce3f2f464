# Sourced by the commands beside it. Makes sure that Python packages and Debian packages are there;
# sets nothing but the working folder, which is the clone. Everything it says goes to stderr.
#
# WANTED: more Debian packages than what the app itself needs.

set -eu
cd -- "$(dirname -- "$0")/.."
export UV_COMPILE_BYTECODE=1 UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME

say() { printf '%s\n' "$*" >&2; }

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Install those of the named Debian packages that are missing, or say how.
debian() {
    command -v dpkg-query >/dev/null || return 0  # another system: its packages are its owner's
    missing=
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        if ! sudo -n true 2>/dev/null; then
            say "Debian packages are missing. Run this, then start again:"
            say "  sudo apt-get update && sudo apt-get install -y$missing"
            exit 1
        fi
    fi
    say "Installing Debian packages:$missing"
    apt="env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"
    # shellcheck disable=SC2086  # words on purpose
    {
        $sudo $apt update || say "apt-get update failed; going on with the lists there are."
        $sudo $apt install -y --no-install-recommends $missing
    } </dev/null >/dev/null  # what goes wrong is on stderr
}

# Print the path of a Python that is new enough, by asking each: a pyenv shim may be there and fail.
find_python() {
    for candidate in python3.13 python3.12 python3.14 /usr/bin/python3 python3; do
        "$candidate" -c 'import sys; sys.version_info >= (3, 12) or sys.exit(1); print(sys.executable)' \
            2>/dev/null && return
    done
    return 1
}

find_any_python() {
    find_python && return
    for candidate in /usr/bin/python3 python3; do
        "$candidate" -c 'import sys; print(sys.executable)' 2>/dev/null && return
    done
    return 1
}

find_uv() {
    if [ -x .tools/bin/uv ] && .tools/bin/uv --version >/dev/null 2>&1; then
        echo .tools/bin/uv
    elif command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        command -v uv
    else
        return 1
    fi
}

make_uv() {
    base=$(find_any_python) || { debian python3; base=/usr/bin/python3; }
    say "Installing uv with $base"
    rm -rf .tools
    # Debian's Python comes without venv.
    "$base" -m venv .tools >/dev/null 2>&1 || {
        debian python3-venv
        rm -rf .tools
        "$base" -m venv .tools >&2
    }
    .tools/bin/python -m pip install --quiet --require-hashes -r requirements/tools.txt >&2
}

python_packages() {
    wanted=$(cksum <requirements/dev.txt)
    if [ "$(cat .venv/installed 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    uv=$(find_uv) || { make_uv; uv=.tools/bin/uv; }
    if ! .venv/bin/python -c '' 2>/dev/null; then
        # Without a Python of our own liking, uv downloads one (.python-version).
        python=$(find_python) || python=$(cat .python-version)
        "$uv" venv --quiet --clear --python "$python" .venv >&2 || {
            say "Python 3.12 or newer is needed. Install one, then start again."
            exit 1
        }
    fi
    say "Installing Python packages"
    "$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt >&2
    printf '%s\n' "$wanted" >.venv/installed
}

started=$(date +%s)
mkdir -p var
exec 9>var/setup.lock
if command -v flock >/dev/null; then flock 9; fi  # two commands on a bare machine at once
# WeasyPrint's libraries, Finnish word forms, translations.
# shellcheck disable=SC2086
debian libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core libvoikko1 voikko-fi gettext ${WANTED:-}
python_packages
exec 9>&-
say "$(printf '%5s s  %s' "$(($(date +%s) - started))" packages)"
