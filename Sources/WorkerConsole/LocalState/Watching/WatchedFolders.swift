import Glibc

/// The folders that inotify looks at for the databases of one binding, and what in each of them matters.
///
/// The folder of the databases may not be there yet, and each folder above it may be moved away: all are looked at, as
/// far as they exist. Where a database is a symbolic link, SQLite writes beside what it leads to.
struct WatchedFolders {
    /// What one folder is watched for.
    private enum Interest {
        /// The next folder on the way down.
        case entry([UInt8])
        /// The databases and their write-ahead logs. The shared index (`-shm`) is mapped, not written.
        case databases(Set<[UInt8]>)
    }

    /// Folders above that of the databases which are watched at least.
    private static let levels = 5
    private static let ways = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
    private static let ends = UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
    private static let lost = UInt32(IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW)

    private let descriptor: Int32
    private let folder: String
    private let names: [String]
    private var interests: [Int32: [Interest]] = [:]

    init(descriptor: Int32, folder: String, names: [String]) {
        self.descriptor = descriptor
        self.folder = folder
        self.names = names
    }

    /// Watches what there is now, from above downwards: what appears meanwhile is seen in the folder above it.
    /// - Returns: False when nothing can be watched.
    mutating func arm() -> Bool {
        let before = Set(self.interests.keys)
        self.interests = [:]
        let chain = Self.chain(to: self.folder)
        for (index, path) in chain.enumerated() {
            let isLast = index == chain.count - 1
            let interest: Interest =
                isLast ? .databases(self.files(self.names)) : .entry(Self.name(of: chain[index + 1]))
            let code = self.add(path, interest, writes: isLast)
            // One that is not there yet is seen when it comes. A folder above that may not be read is passed over.
            if code == ENOENT || code == ENOTDIR { break }
            if code != 0, isLast || code != EACCES { return false }
        }
        for name in self.names {
            let path = "\(self.folder)/\(name)"
            guard let real = realpath(path, nil) else { continue }
            defer { free(real) }
            let target = String(cString: real)
            let parent = Self.parent(of: target)
            guard !target.utf8.elementsEqual(path.utf8) else { continue }
            let names = self.files([String(decoding: Self.name(of: target), as: UTF8.self)])
            _ = self.add(parent, .databases(names), writes: true)
        }
        for watch in before.subtracting(self.interests.keys) { inotify_rm_watch(self.descriptor, watch) }
        return !self.interests.isEmpty
    }

    private mutating func add(_ path: String, _ interest: Interest, writes: Bool) -> Int32 {
        let mask = Self.ways | Self.ends | UInt32(IN_MASK_ADD | IN_ONLYDIR) | (writes ? UInt32(IN_MODIFY) : 0)
        let watch = inotify_add_watch(self.descriptor, path, mask)
        guard watch >= 0 else { return errno }
        self.interests[watch, default: []].append(interest)
        return 0
    }

    /// Reads what has happened, without waiting.
    /// - Returns: Whether a database may have changed, and whether the folders must be watched anew.
    func drain() -> (isChanged: Bool, isStale: Bool) {
        var (isChanged, isStale) = (false, false)
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
            while true {
                let count = Glibc.read(self.descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                var offset = 0
                // The layout of `inotify_event`: watch, mask, cookie, length of the name, name (inotify(7)).
                while offset + 16 <= count {
                    let watch = buffer.loadUnaligned(fromByteOffset: offset, as: Int32.self)
                    let mask = buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                    let length = Int(buffer.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                    let name = buffer[(offset + 16)..<min(count, offset + 16 + length)].prefix { $0 != 0 }
                    let effect = self.effect(watch, mask, Array(name))
                    isChanged = isChanged || effect.isChanged
                    isStale = isStale || effect.isStale
                    offset += 16 + length
                }
            }
        }
        return (isChanged, isStale)
    }

    private func effect(_ watch: Int32, _ mask: UInt32, _ name: [UInt8]) -> (isChanged: Bool, isStale: Bool) {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { return (true, true) }
        guard let interests = self.interests[watch] else { return (false, false) }
        if mask & (Self.ends | Self.lost) != 0 { return (true, true) }
        for interest in interests {
            switch interest {
            case .entry(let next) where next == name: return (true, true)
            // A database that appears may be a link.
            case .databases(let names) where names.contains(name): return (true, mask & UInt32(IN_MODIFY) == 0)
            case .entry, .databases: continue
            }
        }
        return (false, false)
    }

    private func files(_ names: [String]) -> Set<[UInt8]> {
        Set(names.flatMap { [Array($0.utf8), Array("\($0)-wal".utf8)] })
    }

    // MARK: Paths

    /// The folders above, the highest first, and the folder itself.
    private static func chain(to folder: String) -> [String] {
        var chain = [folder]
        while let first = chain.first, first.utf8.count > 1 {
            let above = self.parent(of: first)
            if chain.count > self.levels, self.isFolder(first) { break }
            chain.insert(above, at: 0)
        }
        return chain
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
    }

    private static func name(of path: String) -> [UInt8] {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return Array(path.utf8) }
        return Array(path.utf8[path.utf8.index(after: slash)...])
    }
}
