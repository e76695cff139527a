import Digests
import Foundation

/// Everything that a guest could change in a folder: names, kinds, sizes, times and bytes.
struct FolderState: Equatable {
    struct Entry: Equatable {
        let size: Int64
        let mode: UInt32
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
        let digest: String
    }

    private(set) var entries: [String: Entry] = [:]

    init(_ folder: String, without isLeftOut: (String) -> Bool = { _ in false }) {
        for path in (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []) + [""] {
            guard !isLeftOut(path) else { continue }
            var information = stat()
            guard lstat(folder + "/" + path, &information) == 0 else { continue }
            let isFile = information.st_mode & S_IFMT == S_IFREG
            let data = isFile ? FileManager.default.contents(atPath: folder + "/" + path) ?? Data() : Data()
            self.entries[path] = Entry(
                size: Int64(information.st_size), mode: information.st_mode, inode: UInt64(information.st_ino),
                seconds: information.st_mtim.tv_sec, nanoseconds: information.st_mtim.tv_nsec,
                digest: Digest.sha256.hash([UInt8](data)).map { String(format: "%02x", $0) }.joined())
        }
    }
}
