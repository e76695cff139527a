import CommandLineArguments
import Foundation
import TestSupport
import Testing
import TextOutput
import TextSafety
import WorkerDomain
import WorkerProject

@testable import Application

/// The same secrets in what leaves without a screen: lines, configuration, checks and refusals.
@Suite("seeded secrets in messages", .timeLimit(.minutes(2)))
struct SeededMessagesTests {
    private static let secrets = SeededSecrets(seed: 20_260_917, count: 200).secrets

    private func expectNone(in text: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = text.lowercased()
        for secret in Self.secrets where text.contains(secret.piece.lowercased()) {
            Issue.record("\(what): \(secret.place) \(secret.name)=\(secret.value)", sourceLocation: sourceLocation)
        }
    }

    private static func line(_ exchange: Exchange, _ redaction: Redaction) -> String {
        var line = JSONLine()
        ExchangeLine.append(exchange, redaction: redaction, to: &line)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    @Test("lines of serve")
    func lines() {
        for secret in Self.secrets {
            self.expectNone(in: Self.line(secret.exchange, .standard), "line")
        }
        let all = Self.secrets.map { Self.line($0.exchange, .off) }.joined()
        #expect(Self.secrets.count { all.contains($0.piece) } > 20)
    }

    /// A project whose every value is a secret: variables by name and by content, `.dev.vars`, a backend with a password.
    private func project(_ folder: String) throws -> ProjectConfiguration {
        var vars = ""
        var own = ""
        var dev = ""
        var backends = ""
        for (index, secret) in Self.secrets.enumerated() {
            let name = secret.name.replacing("-", with: "_") + "_\(index)"
            switch index % 6 {
            case 0: vars += "\(name) = \"\(secret.value)\"\n"
            case 1: vars += "PLAIN_\(index) = \"postgres://app:\(secret.value)@db/x\"\n"
            case 2: vars += "OBJECT_\(index) = { \(name) = [\"\(secret.value)\"] }\n"
            case 3: own += "\"\(name)\" = \"\(secret.value)\"\n"
            case 4: dev += "ANY_\(index)=\(secret.value)\n"
            default: backends += "[backends.b\(index)]\nurl = \"http://u:\(secret.value)@127.0.0.1:9000\"\n"
            }
        }
        let wrangler = """
            name = "x"
            main = "worker.py"
            compatibility_date = "2025-12-23"
            compatibility_flags = ["python_workers"]
            [define]
            \(own)
            [vars]
            \(vars)
            """
        let source = """
            from workers import WorkerEntrypoint
            API_KEY = "\(Self.secrets[0].value)"
            class Default(WorkerEntrypoint):
                async def fetch(self, request)
                    return 1
            """
        for (name, text) in [
            ("wrangler.toml", wrangler), (".dev.vars", dev), ("worker-console.toml", backends), ("worker.py", source),
        ] {
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        return ProjectConfiguration.load(startingAt: folder)
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seeded-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("configuration as text and as JSON, with its findings; --reveal shows it")
    func configuration() async throws {
        try await self.withFolder { folder in
            let project = try self.project(folder)
            #expect(project.findings.count >= 30)
            self.expectNone(in: project.lines(reveal: false).joined(separator: "\n"), "config")
            let json = project.json(reveal: false)
            self.expectNone(in: json, "config --json")
            self.expectNone(
                in: project.findings.map { Redaction.standard.message($0.description) }.joined(separator: "\n"),
                "findings")
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect((object?["vars"] as? [String: Any])?.isEmpty == false)
            let revealed = project.json(reveal: true)
            // A refused URL keeps its password to itself: that is a message.
            for (index, secret) in Self.secrets.enumerated() where index % 6 != 5 {
                #expect(revealed.contains(secret.piece), "\(index)")
            }
        }
    }

    @Test("the report of the checks, as text and as JSON")
    func checks() async throws {
        try await self.withFolder { folder in
            _ = try self.project(folder)
            let report = await ProjectChecks.runner(folder: folder, environment: nil) { [] }.run()
            self.expectNone(in: CheckReportText.json(report), "check --json")
            self.expectNone(in: CheckReportText.render(report, color: false), "check")
        }
    }

    @Test("refusals of the command line, and URLs that are none")
    func refusals() {
        for secret in Self.secrets {
            let long = String(repeating: "x", count: 90)
            for argument in [
                "--backend=http://u:\(secret.value)@127.0.0.1:1", "--backend=u:\(secret.value)@h",
                "--\(secret.name)=\(secret.value)",
                "--backend=http://u:\(secret.value)\(long)@h", "--backend=blue=http://\(secret.value)@h",
                "--listen=http://a b:\(secret.value)@h",
            ] {
                guard case .refuse(let lines) = Commands.program.request(["serve", argument]) else { continue }
                self.expectNone(in: lines.joined(separator: "\n"), argument)
            }
            for url in ["http://u:\(secret.value)@h", "ftp://u:\(secret.value)@h", "http://u:p \(secret.value)@h"] {
                let error = #expect(throws: BackendURLError.self) { try BackendURL(parsing: url) }
                self.expectNone(in: error?.description ?? "", url)
            }
        }
    }
}
