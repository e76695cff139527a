import Foundation
import TestSupport
import Testing

@testable import OperatingSystem

@Suite("Writing files")
struct FileOutputTests {
    @Test("a file has the bytes and no others; a new one takes no name that is taken")
    func put() throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = root + "/file"
        try FileOutput.put(Array(repeating: 7, count: 1 << 20), at: path)
        try FileOutput.put([1, 2, 3], at: path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
        symlink("file", root + "/link")
        symlink("nowhere", root + "/dangling")
        try FileOutput.put([], at: root + "/link")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
        for name in ["file", "link", "dangling"] {
            let failure = FoldersTests.failure { () throws(SystemError) in
                try FileOutput.put([9], at: "\(root)/\(name)", isNew: true)
            }
            #expect(failure == SystemError(path: "\(root)/\(name)", code: EEXIST))
        }
        #expect(FoldersTests.mode(root + "/nowhere") == nil)
        try FileOutput.put([9], at: root + "/new", isNew: true)
        let folder = FoldersTests.failure { () throws(SystemError) in try FileOutput.put([9], at: root) }
        #expect(folder?.code == EISDIR)
    }

    @Test("a full disk is told, and a full pipe is waited for")
    func descriptors() async throws {
        let failure = FoldersTests.failure { () throws(SystemError) in try FileOutput.put([9], at: "/dev/full") }
        #expect(failure == SystemError(path: "/dev/full", code: ENOSPC))
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let reading = Thread.detached(reader, count: bytes.count)
        #expect(FileOutput.write(bytes[...], to: writer) == nil)
        close(writer)
        #expect(await reading.value == bytes)
        #expect(FileOutput.write([1], to: writer) == EBADF)
    }
}

extension Thread {
    /// Reads up to the end in a thread that may wait.
    fileprivate static func detached(_ descriptor: Int32, count: Int) -> Task<[UInt8], Never> {
        Task.detached {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let data = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readDataToEndOfFile()
                    continuation.resume(returning: [UInt8](data))
                }
            }
        }
    }
}
