# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev dist
#:
#: Makes build/dist/portevoix-VERSION.tar.gz (the sources of the current commit) and
#: build/dist/portevoix-VERSION-linux-ARCH.tar.gz (the program, stripped, with licence, readmes, changelog and the
#: systemd unit), and prints their SHA-256.
#:
#: example: ./dev dist && tar -tzf build/dist/portevoix-*-linux-*.tar.gz
. scripts/node.sh
. scripts/meson.sh

[ $# -eq 0 ] || pv_die 2 "dist takes no option: '$1'"
pv_need 'the archives' git=git strip=binutils
version=$(cat VERSION)
arch=$(uname -m)
pv_release
name=portevoix-$version
binary=$name-linux-$arch
rm -rf build/dist
mkdir -p "build/dist/$binary"
git -c safe.directory="$PV_ROOT" archive --format=tar --prefix="$name/" HEAD | gzip -9n >"build/dist/$name.tar.gz"
cp build/release/src/cli/portevoix "build/dist/$binary/portevoix"
strip "build/dist/$binary/portevoix"
for file in LICENSE README.md README.fr.md CHANGELOG.md packaging/portevoix.service docs/DEPENDENCIES.md; do
	[ ! -f "$file" ] || cp "$file" "build/dist/$binary/"
done
# The same tree gives the same archive: owners, times and order are fixed.
tar -C build/dist --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git -c safe.directory="$PV_ROOT" log -1 --format=%ct)" \
	-cf - "$binary" | gzip -9n >"build/dist/$binary.tar.gz"
rm -rf "build/dist/${binary:?}"
(cd build/dist && sha256sum ./*.tar.gz | tee SHA256SUMS)
