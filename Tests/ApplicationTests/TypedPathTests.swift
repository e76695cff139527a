import Foundation
import TestSupport
import Testing

@testable import Application

@Suite("Paths as they are typed")
struct TypedPathTests {
    @Test("a path becomes absolute as it did by Foundation")
    func foundation() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root + "/real/in", withIntermediateDirectories: true)
        symlink("real/in", root + "/link")
        for typed in [
            ".", "", "..", "/", "//", "///a", "x/", "x/..", "./a/./b//c", "../..", "/..", "/../tmp", "%41", "a b",
            "x?y#z",
            root, root + "/", root + "/link", root + "/link/.", root + "/link/..", root + "/./real//in/",
            root + "/real/none/..", root + "/none/../real",
        ] {
            #expect(TypedPath.absolute(typed) == URL(fileURLWithPath: typed).standardizedFileURL.path, "\(typed)")
        }
        // Where a link leads decides what is above it.
        #expect(TypedPath.absolute(root + "/link/..") == root + "/real")
    }

    @Test("a tilde is the user's own folder, alone or before a slash")
    func tilde() {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        #expect(TypedPath.absolute("~") == home)
        #expect(TypedPath.absolute("~/a/../b") == home + "/b")
        #expect(TypedPath.absolute("~a") == FileManager.default.currentDirectoryPath + "/~a")
    }
}
