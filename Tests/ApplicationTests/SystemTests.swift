import Foundation
import Testing
import WorkerDomain

@testable import Application

@Suite("What the system is asked for")
struct SystemTests {
    @Test(
        "local time follows the zone of the settings, summer time included; an unknown one changes nothing",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")))
    func zones() {
        let before = getenv("TZ").map { String(cString: $0) }
        defer {
            if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
            tzset()
        }
        let winter = WallTime(millisecondsSinceEpoch: 1_766_448_000_000)
        let summer = WallTime(millisecondsSinceEpoch: 1_750_000_000_000)
        LocalTime.use(zone: "Asia/Shanghai")
        #expect(LocalTime.secondsFromUTC(at: winter) == 28_800 && LocalTime.secondsFromUTC(at: summer) == 28_800)
        LocalTime.use(zone: "Europe/Berlin")
        for name in ["local", "Nowhere/Else", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "", "Europe"] {
            LocalTime.use(zone: name)
            #expect(LocalTime.secondsFromUTC(at: winter) == 3_600 && LocalTime.secondsFromUTC(at: summer) == 7_200)
        }
    }

    @Test("a time is written as RFC 3339 says, and now is now")
    func times() {
        #expect(WallTime(millisecondsSinceEpoch: 1_700_000_000_001).rfc3339 == "2023-11-14T22:13:20.001Z")
        #expect(WallTime(millisecondsSinceEpoch: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
        let now = Double(WallTime.now().nanosecondsSinceEpoch) / 1e9
        #expect(abs(now - Date().timeIntervalSince1970) < 10)
    }

    @Test("a line of the log has a time, a constant text and fields")
    func log() {
        let time = WallTime(millisecondsSinceEpoch: 1_700_000_000_001)
        let line = MessageLog.line(
            "serving",
            ["listen": "127.0.0.1:1 [::1]:1", "loops": "2", "name": "", "odd": "=\u{301}", "why": "a \"\u{301} \\"],
            at: time)
        #expect(
            line
                == "2023-11-14T22:13:20.001Z serving listen=\"127.0.0.1:1 [::1]:1\" loops=2 name=\"\" odd=\"=\u{301}\" "
                + "why=\"a \\\"\u{301} \\\\\"")
    }

    @Test(
        "what a terminal would obey is a symbol there, lines and tabs stay",
        arguments: [
            ("a\u{1B}[31mb\n", "a\u{241B}[31mb\n"), ("x\ty\r\nz", "x\ty\nz"),
            ("\u{1B}]52;c;eA==\u{7}", "\u{241B}]52;c;eA==\u{2407}"),
            ("é 上海\n", "é 上海\n"), ("a\u{202E}b", "a\u{2426}b"), ("\u{9B}31m", "\u{FFFD}31m"), ("\r", "\u{240D}"),
            ("", ""),
        ])
    func visible(text: String, shown: String) {
        #expect(String(decoding: StandardOutput.visible(Array(text.utf8)), as: UTF8.self) == shown)
    }

    @Test("a text is written whole, and why not is told")
    func output() throws {
        let pipe = Pipe()
        let text = String(repeating: "é\n", count: 100_000)
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        // Full long before the end, and not blocking: the rest waits for the reader.
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let reader = Thread { [handle = pipe.fileHandleForReading] in
            while handle.availableData.count > 0 {}
        }
        reader.start()
        #expect(DescriptorOutput.write(text, to: descriptor) == nil)
        try pipe.fileHandleForWriting.close()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        #expect(DescriptorOutput.write("x", to: full.fileDescriptor) == ENOSPC)
        #expect(DescriptorOutput.reason(ENOSPC) == "no space left on the disk; free some")
    }

    @Test("the user has a name and a folder, and the process some memory")
    func user() throws {
        #expect(SystemUser.name == NSUserName())
        #expect(SystemUser.home?.hasPrefix("/") == true)
        #expect(try #require(ProcessMemory.residentBytes()) > 1 << 20)
        #expect(ProgramPaths(environment: ["XDG_STATE_HOME": "/s"]).logFile == "/s/worker-console/log")
        #expect(ProgramPaths(environment: ["HOME": "/h"]).auditFile == "/h/.local/state/worker-console/audit.jsonl")
        #expect(
            ProgramPaths(environment: ["HOME": "/h", "XDG_STATE_HOME": "s"]).stateFolder
                == "/h/.local/state/worker-console")
    }

    @Test("standard error goes to the log file and comes back; a file that has grown large gives way")
    func diversion() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/state/log"
        try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
        try Data(repeating: 0x61, count: (4 << 20) + 1).write(to: URL(fileURLWithPath: path))
        let diversion = try #require(LogDestination(divertingTo: path))
        MessageLog.note("sample", ["a": "1"])
        diversion.restore()
        StandardError.say("the test of the log ends here")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("Z sample a=1\n") && text.split(separator: "\n").count == 1)
        let old = try FileManager.default.attributesOfItem(atPath: path + ".1")[.size] as? Int
        #expect(old == (4 << 20) + 1)
    }
}
