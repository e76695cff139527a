import Synchronization

/// Files that remember what was asked of them, and what they said.
final class RecordedFiles: EntrypointFiles {
    enum Look: Sendable {
        case bytes(String, [UInt8]?)
        case folder(String, Bool)
    }

    private let base: any EntrypointFiles
    private let recorded = Mutex<[Look]>([])

    init(_ base: any EntrypointFiles) { self.base = base }

    /// In the order in which they were asked for.
    var looks: [Look] { self.recorded.withLock { $0 } }

    var memo: SourceMemo? { self.base.memo }

    func bytes(_ path: String) -> [UInt8]? {
        let bytes = self.base.bytes(path)
        self.recorded.withLock { $0.append(.bytes(path, bytes)) }
        return bytes
    }

    func isFolder(_ path: String) -> Bool {
        let isFolder = self.base.isFolder(path)
        self.recorded.withLock { $0.append(.folder(path, isFolder)) }
        return isFolder
    }

    /// The bytes that looks keep in memory.
    static func weight(of looks: [Look]) -> Int {
        looks.reduce(0) { sum, look in
            switch look {
            case .bytes(let path, let bytes): sum + path.utf8.count + (bytes?.count ?? 0)
            case .folder(let path, _): sum + path.utf8.count
            }
        }
    }

    /// True when the files say the same again; every one of them is looked at.
    static func areSame(_ looks: [Look], in files: any EntrypointFiles) -> Bool {
        looks.reduce(true) { isSame, look in
            switch look {
            case .bytes(let path, let bytes): files.bytes(path) == bytes && isSame
            case .folder(let path, let isFolder): files.isFolder(path) == isFolder && isSame
            }
        }
    }
}
