# SPDX-License-Identifier: AGPL-3.0-or-later
# Reads the tables of docs/ARCHITECTURE.md, then (mode=rooms, libraries) lines "FILE:LINE:#include …", and prints
# what does not agree. mode=table checks the tables alone. The caller gives the map first, then "-".

function words(cell, into,    n, parts, i, w) {
	n = split(cell, parts, "`")
	w = 0
	for (i = 2; i <= n; i += 2)
		into[++w] = parts[i]
	return w
}

FNR == 1 { part++ }

# --- the map ---
part == 1 && /^\| room \| may use rooms \| may use libraries \|/ { table = "rooms"; next }
part == 1 && /^\| library \| headers \|/ { table = "libraries"; next }
part == 1 && !/^\|/ { table = ""; next }
part == 1 && table == "rooms" && /^\| `/ {
	split($0, cell, "|")
	delete w
	words(cell[2], w)
	room = w[1]
	rooms[room] = ++room_count
	delete w
	n = words(cell[3], w)
	for (i = 1; i <= n; i++) {
		arrow[room, w[i]] = 1
		if (mode == "table" && !(w[i] in rooms))
			printf "line %d: %s may use %s, which does not stand above it\n", FNR, room, w[i]
		if (mode == "table" && w[i] == room)
			printf "line %d: %s names itself\n", FNR, room
	}
	delete w
	n = words(cell[4], w)
	for (i = 1; i <= n; i++) {
		may[room, w[i]] = 1
		named[w[i]] = FNR
	}
	next
}
part == 1 && table == "libraries" && /^\| `/ {
	split($0, cell, "|")
	delete w
	words(cell[2], w)
	library = w[1]
	libraries[library] = 1
	delete w
	n = words(cell[3], w)
	for (i = 1; i <= n; i++)
		owner[w[i]] = library
	next
}

# --- the includes ---
part == 2 {
	split($0, at, ":")
	file = at[1]
	split(file, path, "/")
	room = path[2]
	where = file ":" at[2]
}
part == 2 && mode == "rooms" && /include[ \t]*"/ {
	split($0, quoted, "\"")
	n = split(quoted[2], path, "/")
	if (n < 2 || path[1] == ".." || path[1] == ".")
		printf "%s: \"%s\" is not written \"room/header.h\"\n", where, quoted[2]
	else if (path[1] != room && !((room, path[1]) in arrow))
		printf "%s: %s may not use %s (\"%s\")\n", where, room, path[1], quoted[2]
}
part == 2 && mode == "libraries" && /include[ \t]*</ {
	split($0, angle, /[<>]/)
	header = angle[2]
	library = ""
	if (header in owner)
		library = owner[header]
	else {
		slash = index(header, "/")
		if (slash && (substr(header, 1, slash) in owner))
			library = owner[substr(header, 1, slash)]
	}
	if (library == "") {
		if (!is_libc(header))
			printf "%s: <%s> belongs to no library of the map\n", where, header
	} else if (!((room, library) in may))
		printf "%s: %s may not use %s (<%s>)\n", where, room, library, header
}

END {
	if (mode == "table") {
		if (!room_count)
			print "no table headed | room | may use rooms | may use libraries |"
		for (library in named)
			if (!(library in libraries))
				printf "line %d: no headers are given for %s\n", named[library], library
	}
}

function is_libc(header) {
	return header ~ /^(assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|tgmath|time|uchar|wchar|wctype)\.h$/ ||
		header ~ /^(dirent|fcntl|fnmatch|ftw|getopt|glob|grp|iconv|langinfo|libgen|poll|pwd|regex|sched|spawn|syslog|termios|ucontext|unistd|utime|execinfo|malloc|alloca|endian|byteswap|sysexits|link|features)\.h$/ ||
		header ~ /^sys\/(epoll|eventfd|file|inotify|ioctl|mman|param|prctl|random|resource|select|sendfile|signalfd|stat|statvfs|sysinfo|time|timerfd|times|timex|types|uio|utsname|vfs|wait|queue|cdefs)\.h$/ ||
		header ~ /^linux\// || header ~ /^(emm|xmm|imm|pmm|smm|tmm|nmm|amm|x86)intrin\.h$/ || header ~ /^arm_neon\.h$/
}
