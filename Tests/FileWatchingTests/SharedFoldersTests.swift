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
    func kinds(_ kind: String, _ isShared: Bool) throws {
        let folder = try temporaryFolder()
        defer { rmdir(folder) }
        // The mount that the folder is below, as the system names it.
        let lines = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n")
        var (device, longest) = ("", 0)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            let above = fields[4] == "/" ? "/" : fields[4] + "/"
            if folder.hasPrefix(above), above.count >= longest { (device, longest) = (fields[2], above.count) }
        }
        let mounts =
            "22 1 0:5 / /proc rw - proc proc rw\n36 35 \(device) / \(folder) rw,noatime shared:1 - \(kind) src rw\nbroken line\n"
        let folders = SharedFolders(mounts: mounts)
        #expect(folders.contain(anyOf: [folder]) == isShared)
        #expect(folders.contain(anyOf: [folder + "/not/yet/there"]) == isShared)
        #expect(!folders.contain(anyOf: ["/proc"]))
    }
}
