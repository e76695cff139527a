import Foundation
import TestSupport
import Testing

@testable import Application

@Suite("DemoFiles")
struct DemoFilesTests {
    /// What Python's own readers say of a file.
    private func python(_ program: String, _ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program, file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("a Word document is an archive that tests well")
    func docx() throws {
        let program = "import sys,zipfile as z; a=z.ZipFile(sys.argv[1]); print(a.testzip(), len(a.namelist()))"
        #expect(try self.python(program, DemoFiles.docx(lines: ["张三"])) == "None 3")
    }

    @Test("a picture's pixels unpack to its size, over several blocks", arguments: [1, 24, 200])
    func png(side: Int) throws {
        let program = """
            import sys,zlib,struct
            b=open(sys.argv[1],'rb').read(); p=8; d=b''
            while p<len(b):
                n,=struct.unpack('>I',b[p:p+4]); t=b[p+4:p+8+n]
                assert zlib.crc32(t)==struct.unpack('>I',b[p+8+n:p+12+n])[0]
                if t[:4]==b'IDAT': d+=t[4:]
                p+=12+n
            print(len(zlib.decompress(d)))
            """
        #expect(try self.python(program, DemoFiles.png(side: side, tint: 9)) == "\(side * (1 + 3 * side))")
    }

    @Test("the table of a PDF points at its objects")
    func pdf() {
        let text = String(decoding: DemoFiles.pdf(line: "Resume"), as: UTF8.self)
        let entries = text.split(separator: "\n").filter { $0.hasSuffix(" 00000 n ") }
        #expect(entries.count == 5)
        for (index, entry) in entries.enumerated() {
            let offset = Int(entry.prefix(10)) ?? 0
            #expect(text.utf8.dropFirst(offset).starts(with: Array("\(index + 1) 0 obj".utf8)))
        }
    }

    @Test("requests are the same for the same seed")
    func seeded() {
        var first = DemoRandom(state: 1)
        var second = DemoRandom(state: 1)
        for number in 0..<200 {
            let request = DemoRequest.random(using: &first, number: number)
            #expect(request == DemoRequest.random(using: &second, number: number))
        }
    }

    @Test("traffic that is cancelled ends, also before its first request", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let silent = try LoopbackSocket.listening()
        for _ in 0..<20 {
            let traffic = Task { await DemoTraffic(host: "127.0.0.1", port: silent.port).run() }
            traffic.cancel()
            await traffic.value
        }
    }
}
