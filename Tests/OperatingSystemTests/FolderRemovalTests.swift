import Foundation
import TestSupport
import Testing

@testable import OperatingSystem

@Suite("Removing folders")
struct FolderRemovalTests {
    private static func isThere(_ path: String) -> Bool { FoldersTests.mode(path) != nil }

    @Test("links are removed and never followed, wherever they are")
    func links() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Folders.make(root + "/outside/deep")
        try FileOutput.put([1], at: root + "/outside/deep/kept")
        try Folders.make(root + "/tree/a/b")
        for (name, target) in [
            ("tree/up", ".."), ("tree/a/out", root + "/outside"), ("tree/a/b/file", root + "/outside/deep/kept"),
            ("tree/a/b/self", "self"), ("tree/a/b/dangling", "nowhere"), ("top", "outside"),
        ] { symlink(target, "\(root)/\(name)") }
        mkfifo(root + "/tree/a/pipe", 0o600)
        try FileOutput.put([2], at: root + "/tree/a/b/x")
        try Folders.remove(root + "/tree/")
        #expect(!Self.isThere(root + "/tree"))
        // With a slash behind it, it is still the link that goes.
        try Folders.remove(root + "/top/")
        #expect(!Self.isThere(root + "/top"))
        #expect(Self.isThere(root + "/outside/deep/kept"))
        try Folders.remove(root + "/outside/deep/kept")
        #expect(Folders.names(in: root + "/outside/deep") == [])
    }

    @Test("names that are not UTF-8, and what is not there")
    func names() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Folders.make(root + "/tree")
        let name = Array("\(root)/tree/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
        close(open(name, O_WRONLY | O_CREAT, 0o600))
        try Folders.remove(root + "/tree")
        #expect(!Self.isThere(root + "/tree"))
        let missing = FoldersTests.failure { () throws(SystemError) in try Folders.remove(root + "/tree") }
        #expect(missing == SystemError(path: root + "/tree", code: ENOENT))
    }

    @Test("folders that nobody may write to end as they do for Foundation")
    func readOnly() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        for tree in ["ours", "theirs"] {
            try Folders.make("\(root)/\(tree)/empty")
            try Folders.make("\(root)/\(tree)/full")
            try FileOutput.put([], at: "\(root)/\(tree)/full/file")
            for folder in ["empty", "full"] { chmod("\(root)/\(tree)/\(folder)", 0o555) }
        }
        defer { for tree in ["ours", "theirs"] { chmod("\(root)/\(tree)/full", 0o755) } }
        let failure = FoldersTests.failure { () throws(SystemError) in try Folders.remove(root + "/ours") }
        try? FileManager.default.removeItem(atPath: root + "/theirs")
        for path in ["", "/full", "/full/file"] {
            #expect(Self.isThere(root + "/ours" + path) == Self.isThere(root + "/theirs" + path))
        }
        // Root may do everything.
        #expect(failure == (geteuid() == 0 ? nil : SystemError(path: root + "/ours/full/file", code: EACCES)))
    }

    /// Such a tree has no path that the system takes, and more levels than descriptors may be open.
    @Test("a tree of any depth goes", arguments: [1, 24, 25, 26, 51, 300])
    func deep(levels: Int) throws {
        let root = try temporaryFolder()
        try Folders.make(root + "/tree")
        var folder = open(root + "/tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for level in 0..<levels {
            // Names like those under which the deeper ones are moved up, or too long together for a path.
            let name = levels < 100 ? "\(level % 3)" : String(repeating: "n", count: 60)
            #expect(mkdirat(folder, name, 0o700) == 0)
            for file in ["file", "7"] { close(openat(folder, file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)) }
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(folder)
            folder = next
        }
        close(folder)
        try Folders.remove(root)
        #expect(!Self.isThere(root))
    }
}
