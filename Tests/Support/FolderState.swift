import Foundation

/// Everything that a guest could change in a folder: names, kinds, sizes, times and bytes.
package struct FolderState: Equatable {
    package struct Entry: Equatable {
        let mode: UInt32
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
        let content: Data
    }

    /// By path below the folder; its own is empty.
    package private(set) var entries: [String: Entry] = [:]

    package init(_ folder: String) {
        for path in (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []) + [""] {
            var information = stat()
            guard lstat(folder + "/" + path, &information) == 0 else { continue }
            let isFile = information.st_mode & S_IFMT == S_IFREG
            self.entries[path] = Entry(
                mode: information.st_mode, inode: UInt64(information.st_ino),
                seconds: information.st_mtim.tv_sec, nanoseconds: information.st_mtim.tv_nsec,
                content: isFile ? FileManager.default.contents(atPath: folder + "/" + path) ?? Data() : Data())
        }
    }
}
