import Foundation
import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("CheckSentences")
struct CheckSentencesTests {
    @Test(
        "what varies stays, what is fixed is Chinese",
        arguments: [
            ("wrangler.toml parses", "wrangler.toml 可以解析"), ("set it in wrangler.toml", "在 wrangler.toml 中设置"),
            (
                "keep fetch as it is and add a class Default that calls it to worker.py",
                "保留 fetch 不变，并在 worker.py 中添加调用它的 Default 类"
            ),
            ("blue does not answer: connection refused", "blue 没有响应：connection refused"),
            (
                "Cloudflare cannot reach 127.0.0.1:9000: the machine itself (loopback)",
                "Cloudflare 访问不到 127.0.0.1:9000：本机（回环地址）"
            ),
        ])
    func patterns(english: String, chinese: String) { #expect(CheckSentences.chinese(english) == chinese) }

    @Test("values and words of other programs stay as they are", arguments: ["2025-12-23", "", "set it in ", "x"])
    func others(text: String) { #expect(CheckSentences.chinese(text) == nil) }

    @Test("every sentence of the table is one that a check says")
    func sources() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/WorkerConsole/WorkerProject").standardizedFileURL
        var text = ""
        for name in ["Checks", "Source"] {
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)
            where file.hasSuffix(".swift") && file != "CheckSentences.swift" {
                text += try String(contentsOf: folder.appendingPathComponent("\(name)/\(file)"), encoding: .utf8)
            }
        }
        text += try String(
            contentsOf: folder.appendingPathComponent("../WorkerDomain/Backends/LocalHost.swift"), encoding: .utf8)
        let source = text.replacing(/"\s*\+ "/, with: "").replacing("\\\"", with: "\"")
        for entry in CheckSentences.table {
            for piece in CheckSentences.pieces(of: entry.english) {
                let words = piece.trimmingCharacters(in: CharacterSet(charactersIn: " ()"))
                let isSaid = words.isEmpty || source.contains(words)
                #expect(isSaid, "nothing says: \(words)")
            }
            let marks = { (text: String) in ["%1", "%2", "%3"].filter { text.contains($0) } }
            #expect(marks(entry.english) == marks(entry.chinese), "\(entry.english)")
        }
    }

    @Test("a check's result brings its Chinese title and sentences")
    func results() {
        let result = NameCheck().result(.fail, "name is not set", fix: "set name in wrangler.toml")
        #expect(result.chinese?.title == NameCheck.chineseTitle)
        #expect(result.chinese?.summary == "没有设置 name")
        #expect(result.chinese?.fix == "在 wrangler.toml 中设置 name")
    }

    @Test("a finding about wrangler's own redirect names its folder")
    func redirect() {
        let finding = ConfigurationFinding(.warning, file: "/home/me/site/.wrangler/deploy/config.json", message: "x")
        #expect(finding.place == ".wrangler/deploy/config.json")
        #expect(ConfigurationFinding(.error, file: "/a/wrangler.toml", message: "x").place == "wrangler.toml")
    }
}
