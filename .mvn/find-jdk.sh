# shellcheck shell=sh
# Finds a JDK of version 25 or newer among the installed ones. Sourced by mvnw and keydb.
#
# find_jdk exports JAVA_HOME and returns 0, or says on standard error what to install and returns 1.
# Order: JAVA_HOME, the java on PATH, then the folders where packages and tools put JDKs.
# KEYDB_JDK_FOLDERS (folders separated by ':', each holding JDKs) replaces the last group.

JDK_MINIMUM=25

# Prints the feature release of the JDK in folder $1; nothing when there is no complete JDK in it.
jdk_release() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1
}

# Takes folder $1 as JAVA_HOME when it holds a JDK that is new enough.
jdk_take() {
  jdk_found=$(jdk_release "$1")
  [ -n "$jdk_found" ] || return 1
  if [ "$jdk_found" -lt "$JDK_MINIMUM" ]; then
    jdk_too_old="$jdk_too_old
  $1 (version $jdk_found)"
    return 1
  fi
  JAVA_HOME=$1
  export JAVA_HOME
}

# Takes the first suitable JDK inside folder $1, as Linux (name) or macOS (name/Contents/Home) lay it out.
jdk_take_inside() {
  for jdk_candidate in "$1"/* "$1"/*/Contents/Home; do
    [ -d "$jdk_candidate" ] || continue
    jdk_take "$jdk_candidate" && return 0
  done
  return 1
}

jdk_folders() {
  printf '%s' "/usr/lib/jvm:/usr/lib64/jvm:/usr/java:/opt:/opt/java:/usr/local:"
  printf '%s' "${HOME:-/nonexistent}/.sdkman/candidates/java:${HOME:-/nonexistent}/.jdks:"
  printf '%s' "/Library/Java/JavaVirtualMachines:${HOME:-/nonexistent}/Library/Java/JavaVirtualMachines:"
  printf '%s' "/opt/homebrew/opt/openjdk/libexec:/usr/local/opt/openjdk/libexec"
}

jdk_missing() {
  {
    echo "No JDK $JDK_MINIMUM or newer was found."
    [ -z "$jdk_too_old" ] || echo "Too old:$jdk_too_old"
    echo "Install one, for example:"
    echo "  Debian, Ubuntu  apt-get install temurin-25-jdk   (repository: https://adoptium.net/installation/linux)"
    echo "                  apt-get install openjdk-25-jdk-headless   (where the release has it)"
    echo "  Fedora          dnf install java-25-openjdk-devel"
    echo "  macOS           brew install openjdk@25"
    echo "  any, SDKMAN     sdk install java 25-tem"
    echo "or set JAVA_HOME to the folder of one."
  } >&2
}

find_jdk() {
  jdk_too_old=
  if [ -n "${JAVA_HOME:-}" ] && jdk_take "$JAVA_HOME"; then return 0; fi
  jdk_on_path=$(command -v java 2>/dev/null) || jdk_on_path=
  if [ -n "$jdk_on_path" ]; then
    jdk_on_path=$(readlink -f "$jdk_on_path" 2>/dev/null) || jdk_on_path=
    case $jdk_on_path in
      */bin/java) if jdk_take "${jdk_on_path%/bin/java}"; then return 0; fi ;;
    esac
  fi
  if [ -z "${KEYDB_JDK_FOLDERS:-}" ] && [ -x /usr/libexec/java_home ]; then
    jdk_candidate=$(/usr/libexec/java_home -F -v "$JDK_MINIMUM+" 2>/dev/null) || jdk_candidate=
    if [ -n "$jdk_candidate" ] && jdk_take "$jdk_candidate"; then return 0; fi
  fi
  jdk_rest=${KEYDB_JDK_FOLDERS:-$(jdk_folders)}:
  while [ -n "$jdk_rest" ]; do
    if jdk_take_inside "${jdk_rest%%:*}"; then return 0; fi
    jdk_rest=${jdk_rest#*:}
  done
  jdk_missing
  return 1
}
