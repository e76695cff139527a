import Glibc

/// The folders that decide what stands at some paths, watched with inotify, and the names in each that matter.
///
/// A path is walked as the kernel walks it: in every folder on the way the next name is watched, a symbolic link is
/// followed and its own way watched too, and what is not there yet is seen in the last folder that is.
struct WatchedPaths {
    /// What is of interest at the ends of the paths.
    enum Kind: Sendable {
        /// Texts that editors save: each way of writing, and what else may let them be read or not.
        case files
        /// SQLite databases and their write-ahead logs. The shared index (`-shm`) is mapped, not written, and closing
        /// a file says nothing new.
        case databases

        var suffixes: [[UInt8]] { self == .databases ? [[], Array("-wal".utf8)] : [[]] }

        fileprivate var writes: UInt32 {
            self == .databases ? UInt32(IN_MODIFY) : UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB)
        }
    }

    /// The names that matter in one folder.
    private struct Names {
        /// On the way to something else.
        var ways: Set<[UInt8]> = []
        /// At the end of a path.
        var ends: Set<[UInt8]> = []
        /// A file itself is watched: it may be written through another of its names.
        var isFile = false
        /// Every name matters.
        var isListed = false
    }

    private static let ways = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
    private static let ends = UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
    private static let lost = UInt32(IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW)
    /// Symbolic links that are followed for one path, as the kernel does (path_resolution(7)).
    private static let linkLimit = 40

    var paths: [String]
    /// Folders whose names matter, whatever they are.
    var listings: [String] = []
    private let descriptor: Int32
    private let kind: Kind
    private var watches: [Int32: Names] = [:]

    // While ``arm()`` runs.
    private var folders: [[UInt8]: [UInt8]?] = [:]
    private var known: [[UInt8]: Int32] = [:]
    private var problem: Int32?

    init(descriptor: Int32, kind: Kind, paths: [String]) {
        self.descriptor = descriptor
        self.kind = kind
        self.paths = paths
    }

    /// Watches what there is now, from above downwards: what appears meanwhile is seen in the folder above it.
    /// - Returns: `errno` of the first watch that could not be had; `nil` when everything is watched. A folder on the way
    ///   that may not be read is passed over.
    mutating func arm() -> Int32? {
        let before = Set(self.watches.keys)
        self.watches = [:]
        self.problem = nil
        for path in self.paths { self.walk(to: Array(path.utf8), links: 0) }
        for path in self.listings {
            guard let folder = self.folder(Array(path.utf8), links: 0) else { continue }
            self.watch(folder, writes: false) { $0.isListed = true }
        }
        self.folders = [:]
        self.known = [:]
        for watch in before.subtracting(self.watches.keys) { inotify_rm_watch(self.descriptor, watch) }
        return self.problem
    }

    /// Nothing is watched at all.
    var isEmpty: Bool { self.watches.isEmpty }

    // MARK: Walking

    /// Watches the way to a path, and what stands at its end.
    private mutating func walk(to path: [UInt8], links: Int) {
        let (above, name) = Self.split(path)
        guard links < Self.linkLimit, !name.isEmpty, let folder = self.folder(above, links: links) else { return }
        let names = self.kind.suffixes.map { name + $0 }
        self.watch(folder, writes: true) { $0.ends.formUnion(names) }
        let full = Self.join(folder, name)
        guard let target = Self.link(at: full) else {
            if self.kind == .files { self.watchFile(full) }
            return
        }
        self.walk(to: Self.absolute(target, in: folder), links: links + 1)
    }

    /// Watches the way to a folder.
    /// - Returns: Its path without symbolic links; `nil` when it is not there.
    private mutating func folder(_ path: [UInt8], links: Int) -> [UInt8]? {
        if path.isEmpty || path == [Self.slash] { return [Self.slash] }
        if let known = self.folders[path] { return known }
        // A link that leads to itself ends here.
        self.folders[path] = .some(nil)
        let real = self.walk(into: path, links: links)
        self.folders[path] = .some(real)
        return real
    }

    private mutating func walk(into path: [UInt8], links: Int) -> [UInt8]? {
        let (above, name) = Self.split(path)
        guard links < Self.linkLimit, let folder = self.folder(above, links: links) else { return nil }
        if name.isEmpty || name == Array(".".utf8) { return folder }
        if name == Array("..".utf8) {
            let above = Self.split(folder).above
            return above.isEmpty ? [Self.slash] : above
        }
        self.watch(folder, writes: false) { $0.ways.insert(name) }
        let full = Self.join(folder, name)
        if let target = Self.link(at: full) {
            return self.folder(Self.absolute(target, in: folder), links: links + 1)
        }
        return Self.isFolder(full) ? full : nil
    }

    private mutating func watch(_ folder: [UInt8], writes: Bool, _ note: (inout Names) -> Void) {
        if !writes, let watch = self.known[folder] { return note(&self.watches[watch, default: Names()]) }
        let mask = Self.ways | Self.ends | (writes ? self.kind.writes : 0)
        let watch = self.add(folder, mask | UInt32(IN_ONLYDIR))
        guard watch >= 0 else {
            let code = -watch
            // Gone already, which is seen above; on the way it is enough to be able to pass.
            if code == ENOENT || code == ENOTDIR || (code == EACCES && !writes) { return }
            self.problem = self.problem ?? code
            return
        }
        self.known[folder] = watch
        note(&self.watches[watch, default: Names()])
    }

    private mutating func watchFile(_ path: [UInt8]) {
        let watch = self.add(path, self.kind.writes | UInt32(IN_DELETE_SELF | IN_MOVE_SELF))
        guard watch >= 0 else {
            // The folder tells of it all the same, but for what is written through another name.
            if watch == -ENOSPC { self.problem = self.problem ?? ENOSPC }
            return
        }
        self.watches[watch, default: Names()].isFile = true
    }

    /// - Returns: The watch, or `errno` as a negative number.
    private func add(_ path: [UInt8], _ mask: UInt32) -> Int32 {
        let text = path.map { CChar(bitPattern: $0) } + [0]
        let watch = inotify_add_watch(self.descriptor, text, mask | UInt32(IN_MASK_ADD))
        return watch >= 0 ? watch : -errno
    }

    // MARK: Events

    /// Reads what has happened, without waiting.
    /// - Returns: Whether what stands at a path may have changed, and whether the folders must be watched anew.
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
        guard let names = self.watches[watch] else { return (false, false) }
        if mask & (Self.ends | Self.lost) != 0 { return (true, true) }
        if names.isFile, name.isEmpty { return (true, false) }
        if mask & Self.ways != 0, names.ways.contains(name) { return (true, true) }
        // What appears at the end of a path may be a link.
        if names.ends.contains(name) { return (true, mask & Self.ways != 0) }
        return (names.isListed && mask & Self.ways != 0, false)
    }

    // MARK: Paths

    private static let slash = UInt8(ascii: "/")

    private static func split(_ path: [UInt8]) -> (above: [UInt8], name: [UInt8]) {
        var path = path[...]
        while path.count > 1, path.last == self.slash { path.removeLast() }
        guard let slash = path.lastIndex(of: self.slash) else { return ([], Array(path)) }
        return (slash == path.startIndex ? [self.slash] : Array(path[..<slash]), Array(path[(slash + 1)...]))
    }

    private static func join(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] {
        folder.last == self.slash ? folder + name : folder + [self.slash] + name
    }

    private static func absolute(_ path: [UInt8], in folder: [UInt8]) -> [UInt8] {
        path.first == self.slash ? path : self.join(folder, path)
    }

    /// What a symbolic link leads to; `nil` for everything else.
    private static func link(at path: [UInt8]) -> [UInt8]? {
        let text = path.map { CChar(bitPattern: $0) } + [0]
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(text, start, buffer.count)
            return count > 0 ? buffer.prefix(count).map { UInt8(bitPattern: $0) } : nil
        }
    }

    private static func isFolder(_ path: [UInt8]) -> Bool {
        var status = stat()
        return stat(path.map { CChar(bitPattern: $0) } + [0], &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
