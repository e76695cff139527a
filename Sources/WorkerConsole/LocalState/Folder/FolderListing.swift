import Glibc
import WorkerDomain

/// Lists one page of a folder, in the order in which a bucket would have its keys.
struct FolderListing {
    let tree: FolderTree
    let prefix: [UInt8]
    let delimiter: [UInt8]
    let limit: Int
    private var after: [UInt8]?
    private var page = ObjectPage()
    private var last: [UInt8] = []
    private var isDone = false
    private let operation: String

    init(tree: FolderTree, request: ObjectListRequest, after: [UInt8]?, operation: String) {
        self.tree = tree
        self.prefix = Array(request.prefix.utf8)
        self.delimiter = request.delimiter.map { Array($0.utf8) } ?? []
        self.limit = request.limit
        self.after = after
        self.operation = operation
    }

    mutating func list() throws(StorageError) -> ObjectPage {
        guard let root = try self.tree.open(self.operation) else { return ObjectPage() }
        defer { close(root) }
        try self.walk(root, path: [], depth: 0)
        return self.page
    }

    /// True when an entry of a folder, or a key below it, may be on the page.
    private func isWanted(_ key: [UInt8]) -> Bool {
        let isFolder = key.last == UInt8(ascii: "/")
        guard key.starts(with: self.prefix) || (isFolder && self.prefix.starts(with: key)) else { return false }
        guard let after = self.after else { return true }
        return after.lexicographicallyPrecedes(key) || (isFolder && after.starts(with: key))
    }

    private mutating func walk(_ folder: Int32, path: [UInt8], depth: Int) throws(StorageError) {
        guard depth < FolderTree.depth else { return }
        while !self.isDone {
            let (entries, isWhole) = FolderTree.entries(of: folder) { self.isWanted(path + $0) }
            for entry in entries where !self.isDone {
                let key = path + entry.key
                // What was listed since may have moved the place behind it.
                guard self.isWanted(key) else { continue }
                if entry.isFolder {
                    try self.enter(entry, in: folder, key: key, depth: depth)
                } else {
                    self.take(key, in: folder, name: entry.name)
                }
            }
            // Of a folder with more names the rest is looked for behind what was seen.
            guard !isWhole, let seen = entries.last else { return }
            self.after = KeyCursor.later(self.after, Self.behind(path + seen.key))
        }
    }

    /// The place behind a key, and for a folder behind all that is below it: the byte is in no UTF-8 text.
    private static func behind(_ key: [UInt8]) -> [UInt8] {
        key.last == UInt8(ascii: "/") ? key + [0xFF] : key
    }

    private mutating func enter(
        _ entry: FolderTree.Entry, in folder: Int32, key: [UInt8], depth: Int
    ) throws(StorageError) {
        let inner = FolderTree.withName(entry.name) {
            openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        // It may have gone, or belong to somebody else: what is readable is listed.
        guard inner >= 0 else { return }
        defer { close(inner) }
        if let group = ObjectListing.group(key, self.prefix.count, self.delimiter), key.starts(with: self.prefix) {
            // All that is inside shares the prefix: it is one line, if there is anything behind the cursor.
            guard try self.holdsAny(inner, path: key, depth: depth + 1) else { return }
            self.append(group: group)
            return
        }
        try self.walk(inner, path: key, depth: depth + 1)
    }

    /// True when there is a file at any depth that is behind the cursor.
    private func holdsAny(_ folder: Int32, path: [UInt8], depth: Int) throws(StorageError) -> Bool {
        guard depth < FolderTree.depth else { return false }
        var after = self.after
        while true {
            let (entries, isWhole) = FolderTree.entries(of: folder) { name in
                let key = path + name
                guard let after else { return true }
                return after.lexicographicallyPrecedes(key)
                    || (name.last == UInt8(ascii: "/") && after.starts(with: key))
            }
            if entries.contains(where: { !$0.isFolder }) { return true }
            for entry in entries {
                let inner = FolderTree.withName(entry.name) {
                    openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                }
                guard inner >= 0 else { continue }
                defer { close(inner) }
                if try self.holdsAny(inner, path: path + entry.key, depth: depth + 1) { return true }
            }
            guard !isWhole, let seen = entries.last else { return false }
            after = KeyCursor.later(after, Self.behind(path + seen.key))
        }
    }

    private mutating func take(_ key: [UInt8], in folder: Int32, name: [UInt8]) {
        if let group = ObjectListing.group(key, self.prefix.count, self.delimiter) {
            self.append(group: group)
            return
        }
        guard self.makeRoom() else { return }
        var status = stat()
        let isThere = FolderTree.withName(name) { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        guard isThere, status.st_mode & S_IFMT == S_IFREG else { return }
        self.page.entries.append(.object(FolderBucketStore.object(String(decoding: key, as: UTF8.self), status)))
        self.last = key
    }

    private mutating func append(group: [UInt8]) {
        let text = String(decoding: group, as: UTF8.self)
        if case .prefix(let known)? = self.page.entries.last, known.hasSameBytes(as: text) { return }
        guard self.makeRoom() else { return }
        self.page.entries.append(.prefix(text))
        // Behind everything that begins so; the byte is in no UTF-8 text.
        self.last = group + [0xFF]
        self.after = KeyCursor.later(self.after, self.last)
    }

    /// False ends the page, whose cursor then says where it goes on.
    private mutating func makeRoom() -> Bool {
        guard self.page.entries.count == self.limit else { return true }
        self.page.nextCursor = KeyCursor.encode(self.last)
        self.isDone = true
        return false
    }
}
