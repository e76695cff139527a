import Glibc
import SQLite
import WorkerDomain

/// Looks around a binding's place for what was stored under other names, in other layouts and in other folders.
struct StateSurvey: Sendable {
    let state: MiniflareState
    let kind: MiniflareIdentity.Kind
    /// Names that the binding's file may have been made from, in wrangler's order.
    let candidates: [String]
    /// Such names of every binding of this kind: their files are not strangers.
    let known: [String]
    /// The project's folder.
    let project: String

    /// Entries of a folder that are looked at.
    private static let breadth = 400
    /// Findings of one kind that are told.
    private static let count = 3
    /// Folders above the project in which state is looked for.
    private static let height = 3

    func findings() -> [StoreFinding] {
        guard let location = self.state.locate(self.kind, candidates: self.candidates),
            let current = self.candidates.first
        else { return [] }
        if location.exists {
            return location.name.hasSameBytes(as: current) ? [] : [.oldName(stored: location.name, current: current)]
        }
        let places = self.elsewhere()
        return places + self.strangers() + (places.isEmpty ? self.layouts() : [])
    }

    // MARK: In the same folder

    /// Databases of this kind that no binding of the project names.
    private func strangers() -> [StoreFinding] {
        let folder = self.state.folder(self.kind)
        let own = Set(self.known.map { "\(MiniflareIdentity.identifier(self.kind, name: $0)).sqlite" })
        let files = Self.databases(in: folder).filter { !own.contains($0) }
        // Buckets and namespaces have a folder that is named as they are.
        var names: [String: String] = [:]
        if self.kind != .d1 {
            for name in Self.entries(of: "\(self.state.root)/\(self.kind.rawValue)") {
                names["\(MiniflareIdentity.identifier(self.kind, name: name)).sqlite"] = name
            }
        }
        return files.prefix(Self.count).map { file in
            names[file].map { .otherName($0) } ?? .otherFile(self.shown("\(folder)/\(file)"))
        }
    }

    // MARK: Other layouts

    private func layouts() -> [StoreFinding] {
        let kinds = ["d1", "r2", "kv"]
        var found: [String] = []
        let above = Self.parent(of: self.state.root)
        for name in Self.entries(of: above) where Self.isFolder("\(above)/\(name)") {
            let path = "\(above)/\(name)"
            if name.hasSameBytes(as: self.kind.rawValue) {
                // wrangler 2 kept its kinds side by side, without a version above them.
                found.append(path)
            } else if Self.isVersion(name), !path.hasSameBytes(as: self.state.root) {
                let inside = Self.entries(of: path)
                let isOurs = inside.contains { $0.hasSameBytes(as: self.kind.rawValue) }
                if isOurs || !inside.contains(where: { name in kinds.contains { name.hasSameBytes(as: $0) } }) {
                    found.append(path)
                }
            }
        }
        // Before 2023 a database had a folder of its own.
        let folder = "\(self.state.root)/\(self.kind.rawValue)"
        for name in Self.entries(of: folder) where Self.isFile("\(folder)/\(name)/db.sqlite") {
            found.append("\(folder)/\(name)/db.sqlite")
        }
        return found.prefix(Self.count).map { .otherLayout(self.shown($0)) }
    }

    /// `v1`, `v2` …
    private static func isVersion(_ name: String) -> Bool {
        let bytes = name.utf8
        return bytes.first == UInt8(ascii: "v") && bytes.count > 1 && bytes.dropFirst().allSatisfy { 0x30...0x39 ~= $0 }
    }

    // MARK: Other folders

    /// Folders that may have been given to `--persist-to` and hold the binding's own file; without one, such that hold
    /// any of its kind.
    private func elsewhere() -> [StoreFinding] {
        var exact: [String] = []
        var similar: [String] = []
        for path in self.folders() {
            let other = MiniflareState(persistTo: path)
            guard !other.root.hasSameBytes(as: self.state.root) else { continue }
            if self.candidates.contains(where: { Self.isFile(other.database(self.kind, name: $0)) }) {
                exact.append(path)
            } else if !Self.databases(in: other.folder(self.kind)).isEmpty {
                similar.append(path)
            }
        }
        return (exact.isEmpty ? similar : exact).prefix(Self.count).map { .elsewhere(self.shown($0)) }
    }

    private func folders() -> [String] {
        var folders = ["\(self.project)/.wrangler/state"]
        // `path` itself may name the folder that holds the kinds.
        folders.append(Self.parent(of: Self.parent(of: self.state.root)))
        for name in Self.entries(of: self.project) where !name.hasSameBytes(as: "node_modules") {
            folders += ["\(self.project)/\(name)", "\(self.project)/\(name)/.wrangler/state"]
        }
        var above = self.project
        for _ in 0..<Self.height where above.utf8.count > 1 {
            above = Self.parent(of: above)
            folders.append("\(above)/.wrangler/state")
        }
        folders += ScriptedFolders.persistTo(inPackageOf: self.project)
        var seen: Set<ByteString> = []
        return folders.filter { seen.insert(ByteString($0)).inserted }
    }

    // MARK: Files

    /// Relative to the project where it lies below it.
    private func shown(_ path: String) -> String { Self.shown(path, below: self.project) }

    static func shown(_ path: String, below folder: String) -> String {
        let prefix = Array("\(folder)/".utf8)
        guard path.utf8.starts(with: prefix) else { return path }
        return String(decoding: path.utf8.dropFirst(prefix.count), as: UTF8.self)
    }

    /// Files of databases, without the one that holds alarms.
    private static func databases(in folder: String) -> [String] {
        self.entries(of: folder).filter { $0.hasSuffix(".sqlite") && !$0.hasSameBytes(as: "metadata.sqlite") }
    }

    /// Names in a folder in byte order; none when it cannot be read.
    static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < self.breadth, let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasSameBytes(as: "."), !name.hasSameBytes(as: "..") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func isFile(_ path: String) -> Bool { self.mode(of: path) == S_IFREG }

    private static func isFolder(_ path: String) -> Bool { self.mode(of: path) == S_IFDIR }

    private static func mode(of path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & S_IFMT : nil
    }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
    }
}

/// The folders that a project's scripts give to `wrangler dev --persist-to`.
enum ScriptedFolders {
    /// Bytes of package.json that are looked through.
    private static let limit = 256 << 10

    static func persistTo(inPackageOf project: String) -> [String] {
        let file = open("\(project)/package.json", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var information = stat()
        guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: self.limit) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return self.words(after: Array("--persist-to".utf8), in: bytes).map { word in
            if word.utf8.first == UInt8(ascii: "/") { return word }
            return Self.joined(project, word)
        }
    }

    /// The words that follow an option, as `--option word` or `--option=word`.
    private static func words(after option: [UInt8], in bytes: [UInt8]) -> [String] {
        bytes.ranges(of: option).prefix(16).compactMap { range in
            let rest = bytes[range.upperBound...]
            guard let first = rest.first, first == UInt8(ascii: "=") || first == UInt8(ascii: " ") else { return nil }
            let ends = Array(" \"'\\;&|\n".utf8)
            let word = rest.dropFirst().drop { $0 == UInt8(ascii: " ") }.prefix { !ends.contains($0) }
            return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
        }
    }

    /// A relative path below a folder, `.` and `..` resolved.
    private static func joined(_ folder: String, _ path: String) -> String {
        var parts = folder.utf8.split(separator: UInt8(ascii: "/"))
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual("..".utf8) {
                if !parts.isEmpty { parts.removeLast() }
            } else if !part.elementsEqual(".".utf8) {
                parts.append(part)
            }
        }
        return parts.map { "/" + String(decoding: $0, as: UTF8.self) }.joined()
    }
}
