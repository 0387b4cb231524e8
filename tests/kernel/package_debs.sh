#!/bin/sh
# package_debs.sh FOLDER: builds the packages of this checkout, and those of a later version with another settings file.
set -eu
cd "$(dirname "$0")/../.."
build() { "$1/debian/build-deb" "$2" > "$2/log" 2>&1 || { cat "$2/log"; exit 1; }; grep ^built "$2/log"; }
build . "$1"
later=$(mktemp -d)
trap 'rm -rf "$later"' EXIT
cp -r build/deb/backbutton/. "$later"
sed -i 's/^__version__ = "\(.*\)"$/__version__ = "\1+later"/' "$later/controller/__init__.py"
sed -i 's/^# Settings of backbutton/# Settings of a later backbutton/' "$later/config/listing.py"
build "$later" "$1"
