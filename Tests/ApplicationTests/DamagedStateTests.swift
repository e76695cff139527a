import Foundation
import TestSupport
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

/// The checks of local state on what the real wrangler left, after something has happened to it.
@Suite("Checks of damaged state", .timeLimit(.minutes(2)))
struct DamagedStateTests {
    /// What happens to a file.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case truncated, shorn, header, pages, empty, folder, pipe, circle, unreadable

        var testDescription: String { self.rawValue }

        /// Leaves the schema, so that only reading rows finds it.
        private static let page = 4_096

        func apply(to path: String) throws {
            let files = FileManager.default
            var bytes = [UInt8](try #require(files.contents(atPath: path)))
            switch self {
            case .truncated: bytes.removeLast(bytes.count / 2)
            case .shorn: bytes.removeLast(bytes.count - 50)
            case .header: for index in 0..<100 { bytes[index] = 0xA5 }
            case .pages: for index in Self.page..<bytes.count { bytes[index] = 0xA5 }
            case .empty: bytes = []
            case .unreadable:
                try files.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
                return
            case .folder, .pipe, .circle:
                try files.removeItem(atPath: path)
                switch self {
                case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: false)
                case .pipe: try #require(mkfifo(path, 0o600) == 0)
                default: try files.createSymbolicLink(atPath: path, withDestinationPath: path)
                }
                return
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
    }

    /// A project with the state of wrangler 4.164.0, which is removed when the test ends.
    private final class Project {
        let folder: String
        private static let toml = """
            name = "site"
            main = "worker.py"
            compatibility_date = "2025-12-23"
            compatibility_flags = ["python_workers"]
            [[d1_databases]]
            binding = "DB"
            database_name = "site"
            database_id = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1"
            [[r2_buckets]]
            binding = "FILES"
            bucket_name = "resume-exports"

            """

        init() throws {
            self.folder = try temporaryFolder()
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let archive = tests.appendingPathComponent("LocalStateTests/Fixtures/state-wrangler-4.164.0.tar.gz").path
            let tar = Process()
            tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            tar.arguments = ["tar", "-xzf", archive, "-C", self.folder]
            try tar.run()
            tar.waitUntilExit()
            try #require(tar.terminationStatus == 0)
            try Self.toml.write(toFile: self.folder + "/wrangler.toml", atomically: false, encoding: .utf8)
            try FileManager.default.createDirectory(
                atPath: self.folder + "/migrations", withIntermediateDirectories: false)
            try "CREATE TABLE a (x);".write(
                toFile: self.folder + "/migrations/0009_later.sql", atomically: false, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: self.folder) }

        /// The one file of a kind that is of the binding.
        func database(_ kind: String) throws -> String {
            let name =
                kind == "d1"
                ? "d1/miniflare-D1DatabaseObject/0a3225a2bd16fc06695ba80baaf74d4116959604cf07439ddd4d2d7ad8c9da55"
                : "r2/miniflare-R2BucketObject/3215ed81c799c7f88e6398c96f00f2dd1b4fcc1e9b0056e9a192092fe8bd1b69"
            let path = "\(self.folder)/.wrangler/state/v3/\(name).sqlite"
            try #require(FileManager.default.fileExists(atPath: path))
            return path
        }

        func results() async throws -> [String: CheckResult] {
            let checks = try #require(DeployChecks.named("bindings"))
            let report = await ProjectChecks.runner(folder: self.folder, environment: nil, checks: checks) { [] }.run()
            return Dictionary(uniqueKeysWithValues: report.results.map { ($0.id, $0) })
        }

        /// Every path below the state's folder, with its size.
        func listing() throws -> [String] {
            let root = self.folder + "/.wrangler"
            return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().map { path in
                let size = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")[.size] as? Int
                return "\(path) \(size ?? 0)"
            }
        }
    }

    /// What failed, on what, why, and what to do, in both languages.
    private func expectWarning(_ result: CheckResult?, _ words: String, of name: String, file: String? = nil) throws {
        let result = try #require(result)
        #expect(result.outcome == .warn, "\(result)")
        #expect(result.summary.hasPrefix("\(name): ") && result.summary.contains(words), "\(result.summary)")
        #expect(result.fix != nil && result.chinese?.summary != nil && result.chinese?.fix != nil, "\(result)")
        if let file {
            let line = "\(name): its file is .wrangler/state/v3/\(file)"
            #expect(result.evidence.contains { $0.hasPrefix(line) }, "\(result.evidence)")
        }
    }

    @Test("state that is whole passes")
    func whole() async throws {
        let results = try await Project().results()
        #expect(results["bindings.d1"]?.outcome == .pass, "\(results)")
        #expect(results["bindings.r2"]?.summary == "FILES: 5 objects read")
        #expect(results["bindings.local"]?.outcome == .pass)
        // Those of the fixture are not in the folder, and the one that is there was not applied.
        #expect(results["bindings.migrations"]?.outcome == .warn)
    }

    private static let isRoot = geteuid() == 0

    @Test("a damaged D1 database is named with its file, the reason and what to do", arguments: Damage.allCases)
    func database(damage: Damage) async throws {
        guard damage != .unreadable || !Self.isRoot else { return }
        let project = try Project()
        try damage.apply(to: try project.database("d1"))
        let before = try project.listing()
        let start = ContinuousClock.now
        let results = try await project.results()
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try project.listing() == before)
        let words =
            switch damage {
            case .truncated, .pages, .shorn, .header: "the database is damaged: "
            case .empty: "the file of the database is empty (0 bytes)"
            case .folder, .pipe: "the database is damaged: not a file: "
            case .circle: "the database"
            case .unreadable: "no permission to read the database: "
            }
        try self.expectWarning(results["bindings.d1"], words, of: "DB", file: "d1/")
        let migrations = try #require(results["bindings.migrations"])
        #expect(migrations.outcome != .pass && migrations.summary.hasPrefix("DB: "), "\(migrations)")
        #expect(migrations.chinese?.summary != nil, "\(migrations.summary)")
        #expect(results["bindings.r2"]?.outcome == .pass)
    }

    @Test("a damaged bucket is named with its file, the reason and what to do", arguments: Damage.allCases)
    func bucket(damage: Damage) async throws {
        guard damage != .unreadable || !Self.isRoot else { return }
        let project = try Project()
        try damage.apply(to: try project.database("r2"))
        let before = try project.listing()
        let results = try await project.results()
        #expect(try project.listing() == before)
        let words =
            switch damage {
            case .truncated, .pages, .shorn, .header: "the bucket's database is damaged: "
            case .empty: "the file of the bucket's database is empty (0 bytes)"
            case .folder, .pipe: "the bucket's database is damaged: not a file: "
            case .circle: "the bucket's database"
            case .unreadable: "no permission to read the bucket's database: "
            }
        try self.expectWarning(results["bindings.r2"], words, of: "FILES", file: "r2/")
        #expect(results["bindings.d1"]?.outcome == .pass)
    }

    @Test("an object whose content is gone, cut, or no file is named", arguments: ["gone", "cut", "folder"])
    func blob(damage: String) async throws {
        let project = try Project()
        let folder = project.folder + "/.wrangler/state/v3/r2/resume-exports/blobs"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)"
            if damage == "cut" {
                try Data().write(to: URL(fileURLWithPath: path))
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
            if damage == "folder" {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
        }
        let result = try await project.results()["bindings.r2"]
        try self.expectWarning(result, "cannot be read: ", of: "FILES")
    }

    @Test("a folder of migrations that is none, and a migration that cannot be read, are said")
    func migrations() async throws {
        let project = try Project()
        try FileManager.default.removeItem(atPath: project.folder + "/migrations")
        try "".write(toFile: project.folder + "/migrations", atomically: false, encoding: .utf8)
        var result = try #require(try await project.results()["bindings.migrations"])
        #expect(result.outcome == .warn && result.summary.contains("not in the folder of migrations"), "\(result)")
        try FileManager.default.removeItem(atPath: project.folder + "/migrations")
        try FileManager.default.createSymbolicLink(
            atPath: project.folder + "/migrations", withDestinationPath: project.folder + "/migrations")
        result = try #require(try await project.results()["bindings.migrations"])
        try self.expectWarning(result, "the database or its migrations cannot be read: ", of: "DB", file: "d1/")
    }
}
