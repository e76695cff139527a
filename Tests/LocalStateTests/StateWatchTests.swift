import FileWatching
import Foundation
import SQLite
import TestSupport
import Testing
import WorkerDomain

@testable import LocalState

/// Every wait here ends by an event of the kernel.
@Suite("Watching the state", .timeLimit(.minutes(2)))
struct StateWatchTests {
    private static func watch(_ state: MiniflareState, _ candidates: [String] = ["DB"]) throws -> any ChangeWatch {
        try #require(state.changes(.d1, candidates: candidates).watch())
    }

    @Test("a committed row is told, whether it stands in the main file or in the write-ahead log")
    func rows() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        let watch = try Self.watch(writer.state)
        let owner = try DatabaseOwner(DatabaseOwner.obedient, [writer.state.database(.d1, name: "DB")])
        for index in 0..<3 {
            owner.ask("INSERT INTO t VALUES (\(index))")
            #expect(await watch.next(pause: .zero))
        }
        owner.end()
    }

    @Test("a database that is made in folders that are not there yet is told, and so is one that is made anew")
    func appearing() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let watch = try Self.watch(MiniflareState(projectFolder: folder))
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        #expect(await watch.next(pause: .zero))
        try FileManager.default.removeItem(atPath: folder + "/.wrangler")
        #expect(await watch.next(pause: .zero))
        try MiniflareStateWriter(projectFolder: folder).run(["CREATE TABLE t (x)"], inDatabase: "DB")
        #expect(await watch.next(pause: .zero))
        try writer.run(["INSERT INTO t VALUES (1)"], inDatabase: "DB")
        #expect(await watch.next(pause: .zero))
    }

    @Test("only the databases of the binding count, not those beside them, and reading changes nothing")
    func others() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        let watch = try #require(PathWatch(databases: [writer.state.database(.d1, name: "DB")]))
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "OTHER")
        try Data().write(to: URL(fileURLWithPath: folder + "/notes.txt"))
        _ = try await MiniflareD1(state: writer.state, candidates: ["DB"]).overview()
        #expect(!watch.takeChange())
        try writer.run(["INSERT INTO t VALUES (1)"], inDatabase: "DB")
        #expect(watch.takeChange())
        try FileManager.default.moveItem(atPath: folder + "/.wrangler", toPath: folder + "/away")
        #expect(watch.takeChange())
        #expect(!watch.takeChange())
    }

    @Test("a database behind a symbolic link is watched where it is")
    func links() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let elsewhere = try MiniflareStateWriter(projectFolder: folder + "/elsewhere")
        try elsewhere.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        let state = MiniflareState(projectFolder: folder + "/project")
        try FileManager.default.createDirectory(atPath: state.folder(.d1), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: state.database(.d1, name: "DB"), withDestinationPath: elsewhere.state.database(.d1, name: "DB"))
        let watch = try Self.watch(state)
        try elsewhere.run(["INSERT INTO t VALUES (1)"], inDatabase: "DB")
        #expect(await watch.next(pause: .zero))
    }

    @Test("a wait that is cancelled ends")
    func cancelling() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let watch = try Self.watch(MiniflareState(projectFolder: folder))
        let waiting = Task { await watch.next(pause: .zero) }
        waiting.cancel()
        #expect(await waiting.value == false)
        let pausing = Task { await watch.next(pause: .seconds(3_600)) }
        pausing.cancel()
        #expect(await pausing.value == false)
    }
}
