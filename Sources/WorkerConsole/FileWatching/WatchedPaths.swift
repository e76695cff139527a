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
    /// Names that are passed on the way to one path, those of links included; the kernel takes no path that is longer.
    private static let stepLimit = Int(PATH_MAX)

    var paths: [String]
    /// Folders whose names matter, whatever they are.
    var listings: [String] = []
    private let descriptor: Int32
    private let kind: Kind
    private var watches: [Int32: Names] = [:]

    // While ``arm()`` runs.
    private var places: [[UInt8]: Place] = [:]
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
        for path in self.paths { self.walk(to: Array(path.utf8), isFolder: false) }
        for path in self.listings {
            guard let folder = self.walk(to: Array(path.utf8), isFolder: true) else { continue }
            self.watch(folder, writes: false) { $0.isListed = true }
        }
        self.places = [:]
        self.known = [:]
        for watch in before.subtracting(self.watches.keys) { inotify_rm_watch(self.descriptor, watch) }
        return self.problem
    }

    /// Nothing is watched at all.
    var isEmpty: Bool { self.watches.isEmpty }

    // MARK: Walking

    /// What stands at a path, looked at once for all the paths that lead over it.
    private enum Place {
        case folder
        /// What a symbolic link leads to.
        case link([UInt8])
        case other
    }

    /// Watches the way to a path, and what stands at its end unless that is to be a folder.
    ///
    /// Front to back in a loop, because whoever writes the project's files says how long a way is.
    /// - Returns: The folder at the end, without symbolic links; `nil` when the way does not lead to one.
    @discardableResult
    private mutating func walk(to path: [UInt8], isFolder: Bool) -> [UInt8]? {
        var folder = [Self.slash]
        // The next name last.
        var names = Self.names(of: path)
        var (links, steps) = (0, 0)
        while let name = names.popLast() {
            steps += 1
            guard steps <= Self.stepLimit else { return nil }
            if name == Array("..".utf8) {
                folder = Self.above(folder)
                continue
            }
            let isEnd = names.isEmpty && !isFolder
            if isEnd {
                let ends = self.kind.suffixes.map { name + $0 }
                self.watch(folder, writes: true) { $0.ends.formUnion(ends) }
            } else {
                self.watch(folder, writes: false) { $0.ways.insert(name) }
            }
            let full = Self.join(folder, name)
            switch self.place(at: full) {
            case .link(let target):
                links += 1
                guard links < Self.linkLimit else { return nil }
                if target.first == Self.slash { folder = [Self.slash] }
                names += Self.names(of: target)
            case .folder where !isEnd: folder = full
            case .folder, .other:
                if isEnd, self.kind == .files { self.watchFile(full) }
                return nil
            }
        }
        return folder
    }

    private mutating func place(at path: [UInt8]) -> Place {
        if let known = self.places[path] { return known }
        let place: Place =
            if let target = Self.link(at: path) { .link(target) } else { Self.isFolder(path) ? .folder : .other }
        self.places[path] = place
        return place
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

    /// The names of a path, the last one first; `.` is none.
    private static func names(of path: [UInt8]) -> [[UInt8]] {
        path.split(separator: self.slash).filter { !$0.elementsEqual(".".utf8) }.reversed().map { Array($0) }
    }

    /// The folder above one.
    private static func above(_ folder: [UInt8]) -> [UInt8] {
        guard let slash = folder.lastIndex(of: self.slash), slash > 0 else { return [self.slash] }
        return Array(folder[..<slash])
    }

    private static func join(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] {
        folder.last == self.slash ? folder + name : folder + [self.slash] + name
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
