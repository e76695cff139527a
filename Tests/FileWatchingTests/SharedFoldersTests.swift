import Foundation
import TestSupport
import Testing

@testable import FileWatching

@Suite("Folders that others write to")
struct SharedFoldersTests {
    @Test(
        "a folder counts by the file system that it is on, also before it is there",
        arguments: [
            ("nfs4", true), ("cifs", true), ("9p", true), ("fuse.sshfs", true), ("ext4", false), ("tmpfs", false),
            ("overlay", false),
        ])
    func kinds(_ kind: String, _ isShared: Bool) async throws {
        let folder = try temporaryFolder()
        defer { rmdir(folder) }
        // Not from the mounts of this process: in a changed root they do not name it.
        let outcome = try await SpawnedProgram.run(["stat", "-c", "%Hd:%Ld", folder])
        let device = String(decoding: outcome.output, as: UTF8.self).filter { !$0.isNewline }
        try #require(device.contains(":"))
        let mounts =
            "22 1 0:5 / /proc rw - proc proc rw\n36 35 \(device) / \(folder) rw,noatime shared:1 - \(kind) src rw\nbroken line\n"
        let folders = SharedFolders(mounts: mounts)
        #expect(folders.contain(anyOf: [folder]) == isShared)
        #expect(folders.contain(anyOf: [folder + "/not/yet/there"]) == isShared)
        #expect(!folders.contain(anyOf: ["/proc"]))
    }
}
