import Foundation
import TestSupport
import Testing

@testable import OperatingSystem

@Suite("Folders")
struct FoldersTests {
    static func mode(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    /// What a call throws.
    static func failure(_ body: () throws(SystemError) -> Void) -> SystemError? {
        do throws(SystemError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "folders above are made too, with the same mode; spelling does not matter",
        arguments: ["a/b/c", "a//b/./c", "a/b/../b/c/", "./a/b/c"])
    func make(place: String) throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Folders.make("\(root)/\(place)", mode: 0o700)
        for path in ["a", "a/b", "a/b/c"] { #expect(Self.mode("\(root)/\(path)") == 0o700) }
        // What is there already keeps its mode.
        try Folders.make("\(root)/\(place)", mode: 0o750)
        #expect(Self.mode("\(root)/a/b/c") == 0o700)
        try Folders.make("\(root)/plain/inner")
        #expect(Self.mode("\(root)/plain/inner") == Self.mode("\(root)/plain"))
        #expect(try #require(Self.mode("\(root)/plain")) & 0o700 == 0o700)
    }

    @Test("a link to a folder is a folder; a file, a dangling link and a missing name are told apart")
    func taken() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Folders.make(root + "/real")
        symlink("real", root + "/link")
        symlink("nowhere", root + "/dangling")
        try FileOutput.put([], at: root + "/file")
        try Folders.make(root + "/link", mode: 0o700)
        try Folders.make(root + "/link/in", mode: 0o700)
        #expect(Self.mode(root + "/real/in") == 0o700)
        #expect(Self.failure { () throws(SystemError) in try Folders.make(root + "/file") }?.code == EEXIST)
        #expect(Self.failure { () throws(SystemError) in try Folders.make(root + "/dangling") }?.code == EEXIST)
        #expect(Self.failure { () throws(SystemError) in try Folders.make(root + "/file/x") }?.code == ENOTDIR)
        #expect(Self.failure { () throws(SystemError) in try Folders.makeNew(root + "/real") }?.code == EEXIST)
        #expect(Self.failure { () throws(SystemError) in try Folders.makeNew(root + "/dangling") }?.code == EEXIST)
        #expect(Self.failure { () throws(SystemError) in try Folders.makeNew(root + "/no/x") }?.code == ENOENT)
        #expect(Self.failure { () throws(SystemError) in try Folders.make("") }?.code == ENOENT)
        let error = Self.failure { () throws(SystemError) in try Folders.make("/proc/none/x") }
        #expect(error == SystemError(path: "/proc/none", code: ENOENT))
        #expect(error?.description == "/proc/none: no such file or folder")
    }

    @Test("names of every kind are listed, and a folder that cannot be read is none")
    func names() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(Folders.names(in: root) == [])
        let long = String(repeating: "n", count: 255)
        for name in ["a", ".b", "...", "é 中", long] { try FileOutput.put([], at: "\(root)/\(name)") }
        try Folders.make(root + "/folder")
        #expect(Folders.names(in: root).map { Set($0) } == ["a", ".b", "...", "é 中", long, "folder"])
        #expect(Folders.names(in: root + "/a") == nil)
        #expect(Folders.names(in: root + "/none") == nil)
    }

    @Test("the temporary folder is absolute, without a slash at its end")
    func temporary() {
        let before = getenv("TMPDIR").map { String(cString: $0) }
        defer { if let before { setenv("TMPDIR", before, 1) } else { unsetenv("TMPDIR") } }
        for (named, path) in [
            ("/somewhere", "/somewhere"), ("/somewhere//", "/somewhere"), ("/", "/"), ("", "/tmp"),
            ("below/x/", Folders.current + "/below/x"),
        ] {
            setenv("TMPDIR", named, 1)
            #expect(Folders.temporary == path)
        }
        unsetenv("TMPDIR")
        #expect(Folders.temporary == "/tmp")
        #expect(Folders.current == FileManager.default.currentDirectoryPath)
    }
}
